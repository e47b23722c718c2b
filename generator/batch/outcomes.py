"""What became of one video, in the words of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.batch.due import is_of_the_run
from generator.models import Found, Video, statements_in
from generator.telling.report import Failure, NoteReport, PackedNotes, SectionReport, VideoReport

if TYPE_CHECKING:
    from generator.batch.work import Work
    from generator.errors import GenerateError
    from generator.publishing.publisher import Published
    from generator.summarizer.completions.usage import UsageBook
    from generator.writing import WrittenNote


def published_report(
    work: Work,
    video: Video,
    notes: Sequence[WrittenNote],
    published: Sequence[Published],
    usage: UsageBook | None,
) -> VideoReport:
    """What is told of a video whose notes are in the vault."""
    changed = any(each.state == "written" for each in published)
    return VideoReport(
        id=video.id,
        title=video.title,
        channel=video.channel,
        state="written" if changed else "unchanged",
        notes=PackedNotes(map(_note, notes, published)),
        usage=usage.of(video.id) if usage else None,
        notices=tuple(work.notices),
    )


def other_report(work: Work, video: Video | None, usage: UsageBook | None) -> VideoReport:
    """What is told of a video that failed, was passed over, or was not reached."""
    shown = work.shown
    told = VideoReport(
        id=video.id if video else work.name,
        title=video.title if video else shown.title if shown else "",
        channel=video.channel if video else shown.handle if shown else "",
        state="failed" if work.tried else "pending",
        error=Failure.of(work.error) if work.error else None,
        usage=usage.of(video.id) if usage and video else None,
        notices=tuple(work.notices),
    )
    if work.passed:
        passed = work.passed
        return replace(told, state=passed.state, reason=passed.reason, error=passed.error)
    return told


def left_pending(report: VideoReport, end: GenerateError | None) -> VideoReport:
    """The report; a video that met what ended the run is one that the next run has to do."""
    if end is None or not is_of_the_run(end) or report.state != "failed" or report.error is None:
        return report
    return replace(report, state="pending") if report.error.cause == end.cause else report


def restated(report: VideoReport, again: Mapping[str, Published]) -> VideoReport:
    """The report, where files of its notes changed when the vault was settled; by their paths."""
    if report.state != "unchanged" or not any(note.path in again for note in report.notes):
        return report
    notes = (
        replace(note, state=again[note.path].state) if note.path in again else note
        for note in report.notes
    )
    return replace(report, state="written", notes=PackedNotes(notes))


def _note(written: WrittenNote, published: Published) -> NoteReport:
    note = written.note
    statements = statements_in(note)
    found = Counter(of.found for statement in statements for of in statement.citations)
    return NoteReport(
        path=published.path,
        title=note.title,
        slug=published.slug,
        state=published.state,
        statements=len(statements),
        citations=found.total(),
        dropped=len(written.dropped),
        sections=tuple(
            SectionReport(section.heading, section.start, section.end) for section in note.sections
        ),
        found={how.value: found[how] for how in Found},
        repaired=written.repaired,
        doubts=written.doubts,
    )
