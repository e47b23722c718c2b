"""What a run did, as people read it when it has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from generator.telling.failures import Failed, Group, as_told, grouped
from generator.telling.prices import money
from generator.telling.report import totals
from generator.telling.tables import Table, Told, count
from generator.text import said_of

if TYPE_CHECKING:
    from generator.batchapi.rounds import RoundsReport
    from generator.telling.report import Failure, NoteReport, Report, VideoReport

SEVERAL = 40
"""So many notes have a line each, and so many names are listed; more are counted, unless verbose.
"""

FEW = 10
"""So many that failed in earlier runs are named again for each cause."""


def done(report: Report, *, verbose: bool = False) -> list[Told]:
    """What was done, and what there was no need or no way to do: all but failures."""
    sums = totals(report)
    told: list[Told] = []
    every = len(report.videos) == 1 or sums["notes"] <= SEVERAL or verbose
    for video in report.videos:
        if every or video.counts.kept:
            told.extend(_note_line(n) for n in video.notes if every or n.state == "kept")
    told.extend(f"kept       {file.path}  ({file.reason})" for file in report.kept)
    told.extend(_listed("removed", report.removed, verbose=verbose))
    told.extend(_listed("relinked", report.relinked, verbose=verbose))
    told.extend(_not_done(report.videos, verbose=verbose))
    told.extend(_in_all(report, sums))
    return told


def failures(report: Report) -> list[Group]:
    """What failed, lists first, by cause; not what shares the cause that ended the run early."""
    failed = [Failed(of.name, "", of.error) for of in report.lists]
    failed += [Failed(of.id, of.title, of.error) for of in report.failed if of.error]
    failed += [Failed("", "", error) for error in report.errors]
    return grouped(each for each in failed if not _shares(each.failure, _ended(report)))


def how_to_go_on(report: Report) -> list[str]:
    """The last lines of a run that ended before all was done."""
    ended = _ended(report)
    if ended is None:
        return []
    left = sum(_is_left(video, ended) for video in report.videos)
    return [
        f"ended early: {ended.happened}",
        f"left: {left:,} of {count(len(report.videos), 'video')}",
        f"to go on: {ended.remedy}",
    ]


def _ended(report: Report) -> Failure | None:
    """Why the run ended early, if that is more than the failure of its only video."""
    alone = len(report.videos) == 1 and report.failed
    return None if alone else report.ended


def _is_left(video: VideoReport, ended: Failure) -> bool:
    return video.state == "pending" or (video.state == "failed" and _shares(video.error, ended))


def _shares(failure: Failure | None, ended: Failure | None) -> bool:
    """Whether something failed only for what ended the run: the next one has it to do."""
    return bool(failure and ended and failure.cause == ended.cause)


def _note_line(note: NoteReport) -> str:
    return (
        f"{note.state:9}  {note.path}  ({count(len(note.sections), 'section')},"
        f" {count(note.statements, 'statement')}, {count(note.citations, 'citation')}"
        + (f", {note.dropped} left out" if note.dropped else "")
        + (f", {len(note.doubts)} doubtful" if note.doubts else "")
        + ")"
    )


def _listed(state: str, paths: Sequence[str], *, verbose: bool) -> list[Told]:
    if len(paths) > SEVERAL and not verbose:
        return [f"{state:9}  {len(paths)} files"]
    return [f"{state:9}  {path}" for path in paths]


def _not_done(videos: Iterable[VideoReport], *, verbose: bool) -> list[Told]:
    """Why videos were skipped or passed over, each reason once."""
    told: list[Told] = []
    earlier: list[Failed] = []
    reasons: dict[tuple[str, str], list[str]] = {}
    for video in videos:
        if video.state == "passed-over" and video.error:
            earlier.append(Failed(video.id, video.title, video.error))
        elif video.reason:
            reasons.setdefault((video.state, video.reason), []).append(video.id)
    for (state, reason), ids in reasons.items():
        line = (
            f"{state.replace('-', ' ')}: {count(len(ids), 'video')} ({said_of(len(ids), reason)})"
        )
        if state != "passed-over" or verbose:
            some = ids if verbose or len(ids) <= SEVERAL else [*ids[:SEVERAL], "…"]
            line += f": {' '.join(some)}"
        told.append(line)
    if earlier:
        told.extend(as_told(grouped(earlier), "failed before", most=None if verbose else FEW))
        told.append("--retry-failed tries again what failed before; generate status lists it.")
    return told


def _in_all(report: Report, sums: Mapping[str, int]) -> list[Told]:
    """The counts, or in plain words that there was nothing to do."""
    if not report.videos:
        something = report.ended or report.lists or report.errors or report.removed or report.kept
        return [] if something else ["nothing to do: no video was selected"]
    if sums["passed_over"] + sums["skipped"] == sums["videos"]:
        return [f"nothing to do for {count(sums['videos'], 'video')}: {_by_state(sums)}"]
    return _sums(report, sums) if len(report.videos) > 1 else _sums_of_one(report, sums)


def _by_state(sums: Mapping[str, int]) -> str:
    states = ("written", "unchanged", "passed over", "skipped", "pending", "failed")
    return ", ".join(f"{n:,} {s}" for s in states if (n := sums[s.replace(" ", "_")]))


def _sums_of_one(report: Report, sums: Mapping[str, int]) -> list[Told]:
    told: list[Told] = [
        f"{count(sums['videos'], 'video')} with the {report.engine} engine:"
        f" {sums['written']} written, {sums['unchanged']} unchanged, {sums['failed']} failed"
        + (", 1 pending" if sums["pending"] and report.batches else "")
    ]
    if report.usage:
        used = report.usage
        told.append(
            f"{count(used.requests, 'request')} ({used.retries} of them repeated),"
            f" {used.input_tokens} tokens in ({used.cached_tokens} cached), {used.output_tokens}"
            f" out; {used.from_library} replies from the library"
        )
    if report.cost is not None:
        told.append(f"{money(report.cost)} at most, at the prices that are set")
    if report.batches:
        told.append(f"batches: {_batches(report.batches)}")
    return told


def _sums(report: Report, sums: Mapping[str, int]) -> list[Told]:
    rows = [
        ("videos", f"{sums['videos']:,}", _by_state(sums)),
        (
            "notes",
            f"{sums['notes']:,}",
            _some((sums["notes_written"], "written"), (sums["notes_kept"], "kept")),
        ),
        (
            "statements",
            f"{sums['statements']:,}",
            f"{count(sums['citations'], 'citation')}, {sums['dropped']} left out,"
            f" {sums['repaired']} repaired, {sums['doubtful']} doubtful",
        ),
    ]
    if report.usage:
        used = report.usage
        rows += [
            (
                "requests",
                f"{used.requests:,}",
                f"{used.retries} repeated; {used.from_library} replies from the library",
            ),
            (
                "tokens",
                f"{used.tokens:,}",
                f"{used.input_tokens:,} in ({used.cached_tokens:,} cached),"
                f" {used.output_tokens:,} out",
            ),
        ]
    if report.cost is not None:
        rows.append(("cost", money(report.cost), "at most, at the prices that are set"))
    if report.batches:
        rows.append(("batches", f"{report.batches.submitted:,}", _batches(report.batches)))
    rows.append(("engine", "", report.engine))
    return [Table(("", "", ""), tuple(rows), numbers=frozenset({1}))]


def _batches(of: RoundsReport) -> str:
    """What a run had to do with batches."""
    told = f"{count(of.requests, 'request')} submitted, {of.replies:,} replies taken"
    if of.failed:
        told += f", {of.failed:,} without one"
    if of.open:
        told += f"; {of.waiting:,} under way in {of.open:,}"
    return told


def _some(*counts: tuple[int, str]) -> str:
    return ", ".join(f"{number:,} {what}" for number, what in counts if number)
