"""Makes a plan of a run, by trying it on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import ListNotKept
from generator.models import Video
from generator.pipeline import carried_out, prepared
from generator.planning.amounts import NOTHING, ByPrompt, Range
from generator.planning.asked import AskedFor
from generator.planning.plan import Doing, FileChange, Plan, PlannedFile, PlannedVideo
from generator.planning.trying import Key, Muted, Trial, WouldFetch, trial
from generator.summarizer.completions.collecting import NotAsked
from generator.telling.prices import prices_in
from generator.telling.progress import Progress, Silent
from generator.telling.report import Failure, FileReport, ListReport, Report, VideoReport
from generator.vault.diffs import Diff, diff_of_change, diff_of_left, shown_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.library import Library
    from generator.settings import Settings
    from generator.summarizer.completions.collecting import MissingCall
    from generator.task import Task
    from generator.vault.overlay import Change

LINKS = ("other notes came, went or changed their names",)
PAGES = ("its notes changed",)
NOT_FETCHED = ("it is not fetched yet",)
UNWANTED = ("it is not wanted",)
GONE = ("its topic is gone",)
MISSING = ("it is not there any more",)
NO_NOTES = ("it would list nothing any more",)
CHANNELS = ("channels came or went",)
_INDEX = "index.md"
_OF_PAGES = ("the template channel.md.j2", "the template index.md.j2")


def plan(
    task: Task, settings: Settings, progress: Progress | None = None, *, diffs: bool = False
) -> Plan:
    """What a run of this task would do; nothing is sent, and nothing written.

    Lists are taken as they were when last asked for. With `diffs` the plan has what would change
    in files, those included that are kept for their owners. Raises as `pipeline.generate`, but for
    a vault that another run writes into: what it is about to do counts as not done.
    """
    return asyncio.run(_plan(task, settings, progress or Silent(), diffs=diffs))


async def _plan(task: Task, settings: Settings, progress: Progress, *, diffs: bool) -> Plan:
    async with trial(task, settings) as tried:
        asking = AskedFor(settings)
        before = _files_of(tried.parts.library)
        muted = Muted(progress)
        ready = await prepared(task, settings, muted, tried.parts, ask_lists=False)
        report = await carried_out(ready, settings, muted, tried.parts)
        durations = {id_: video.duration for id_, video in ready.expanded.known.items()}
        missing = _by_video(tried.collecting.missing if tried.collecting else ())
        videos = tuple(
            _planned(video, tried, asking, missing.get(video.id, []), durations.get(video.id))
            for video in report.videos
        )
        files = _Files(settings, report, tried, before, frozenset(task.exclude))
        planned = tuple(files.planned())
        return Plan(
            engine=report.engine,
            videos=tuple(files.with_reasons(videos, planned)),
            files=planned,
            kept=tuple(FileReport(files.shown(of.path), of.reason) for of in tried.overlay.left),
            lists=tuple(_list_told(each, settings) for each in report.lists),
            diffs=tuple(files.diffs()) if diffs else (),
            notices=report.notices,
            prices=prices_in(settings),
            by_batch=settings.batch,
            in_batches=sum(call.in_batch for calls in missing.values() for call in calls),
        )


def _by_video(missing: Iterable[MissingCall]) -> dict[str, list[MissingCall]]:
    found: dict[str, list[MissingCall]] = {}
    for call in missing:
        found.setdefault(call.video_id, []).append(call)
    return found


def _planned(
    report: VideoReport,
    tried: Trial,
    asking: AskedFor,
    missing: Sequence[MissingCall],
    seconds: float | None,
) -> PlannedVideo:
    key = (report.channel, report.id)
    because = tried.making.because.get(key, ())
    cause = report.error.cause if report.error else ""
    doing: Doing
    asked: ByPrompt = {}
    notes, sized = NOTHING, True
    if report.state in ("passed-over", "skipped"):
        doing = "passed-over" if report.state == "passed-over" else "skipped"
        because = (report.reason,)
    elif cause == WouldFetch.cause:
        doing, because = "fetch", NOT_FETCHED
        video = tried.parts.library.video(report.id)
        seconds = seconds or (video.duration if video else None)
        asked, notes, sized = asking.of_unfetched(_as_video(report), seconds)
    elif cause == NotAsked.cause:
        doing = "ask"
        asked, notes = _asked_of(key, tried, asking, missing)
    elif report.error:
        doing = "fail"
    else:
        doing = "write" if report.state == "written" else "nothing"
        notes = Range.exactly(len(report.notes))
    error = report.error if doing in ("fail", "passed-over") else None
    return PlannedVideo(
        report.id, report.title, report.channel, doing, because, asked, notes, sized, error
    )


def _asked_of(
    key: Key, tried: Trial, asking: AskedFor, missing: Sequence[MissingCall]
) -> tuple[ByPrompt, Range]:
    library = tried.parts.library
    video, track = library.video(key[1], key[0]), tried.making.written_from[key]
    transcript = library.transcript(video, track.language, track.generated) if video else None
    if video is None or transcript is None:
        return {}, NOTHING
    return asking.of_missing(video, transcript, missing)


def _list_told(failed: ListReport, settings: Settings) -> ListReport:
    """A list that is only not known yet is no failure of the run that would ask for it."""
    if failed.error.cause != ListNotKept.cause or settings.offline:
        return failed
    happened = f"{failed.name} was never listed for this vault; a run lists it first."
    return ListReport(failed.name, Failure("not-listed", happened))


def _as_video(report: VideoReport) -> Video:
    return Video(report.id, report.title, report.channel)


def _files_of(library: Library) -> dict[str, Key]:
    """Whose the notes' files are, by path in the vault, before the run."""
    return {
        entry.path or f"{entry.channel}/{entry.slug}.md": (entry.channel, entry.video_id)
        for entry in library.index.notes()
    }


@dataclass(frozen=True, slots=True)
class _Files:
    """The Markdown files that a trial would have changed, and why."""

    settings: Settings
    report: Report
    tried: Trial
    before: Mapping[str, Key]
    excluded: frozenset[str]

    def planned(self) -> Iterator[PlannedFile]:
        notes = {
            note.path: (video.channel, video.id)
            for video in self.report.videos
            for note in video.notes
        }
        for change in self.tried.overlay.changes:
            path = self.shown(change.path)
            if not self._is_note_or_page(change.path):
                continue
            if change.after is None:
                yield PlannedFile(path, "removed", self._why_gone(change.path))
                continue
            kind: FileChange = "new" if change.before is None else "changed"
            yield PlannedFile(path, kind, self._why(change, notes.get(path)))

    def with_reasons(
        self, videos: Iterable[PlannedVideo], planned: Iterable[PlannedFile]
    ) -> Iterator[PlannedVideo]:
        """The videos; what is made of the same as before is written for what its files say."""
        why = {file.path: file.because for file in planned}
        for video, report in zip(videos, self.report.videos, strict=True):
            if video.doing == "write" and not video.because:
                found = [clause for note in report.notes for clause in why.get(note.path, ())]
                yield replace(video, because=tuple(dict.fromkeys(found)))
            else:
                yield video

    def diffs(self) -> Iterator[Diff]:
        for left in self.tried.overlay.left:
            yield diff_of_left(left, self.shown(left.path))
        for change in self.tried.overlay.changes:
            if self._is_note_or_page(change.path):
                yield diff_of_change(change, self.shown(change.path))

    def shown(self, path: Path) -> str:
        """A file's path as the user knows the vault."""
        return shown_in(path, self.settings.output)

    def _inside(self, path: Path) -> Path:
        return Path(self.shown(path)).relative_to(self.settings.output)

    def _is_note_or_page(self, path: Path) -> bool:
        parts = self._inside(path).parts
        return path.suffix == ".md" and not any(part.startswith(".") for part in parts)

    def _why(self, change: Change, key: Key | None) -> tuple[str, ...]:
        because = self.tried.making.because
        path, inside = change.path, self._inside(change.path)
        if reason := self.tried.overlay.taken.get(path):
            return (f"{reason}, and --overwrite takes ours",)
        if key is None and self._is_page(inside):
            of_index = inside.name == _INDEX
            told = {clause for clauses in because.values() for clause in clauses}
            template = tuple(c for c in told if c.startswith(_OF_PAGES[of_index]))
            return template or (CHANNELS if of_index else PAGES)
        clauses = because.get(key, ()) if key else ()
        of_note = tuple(clause for clause in clauses if not clause.startswith(_OF_PAGES))
        if change.before is None and inside.as_posix() in self.before:
            return (*of_note, *MISSING)
        return of_note or LINKS

    def _why_gone(self, path: Path) -> tuple[str, ...]:
        inside = self._inside(path)
        key = self.before.get(inside.as_posix())
        if key is None and self._is_page(inside):
            return NO_NOTES
        if key and key[1] in self.excluded:
            return UNWANTED
        return (*GONE, *(self.tried.making.because.get(key, ()) if key else ()))

    def _is_page(self, inside: Path) -> bool:
        return inside.stem == inside.parent.name or inside == Path(_INDEX)
