"""What a run did, as data: for people one line a note, for programs one JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal

from generator.errors import GenerateError
from generator.text import printable

if TYPE_CHECKING:
    from generator.summarizer.completions.usage import Usage
    from generator.summarizer.doubts import Doubt

NoteState = Literal["written", "unchanged", "kept"]
VideoState = Literal["written", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class SectionReport:
    """A section's heading, and the part of the video that it treats, in seconds."""

    heading: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class NoteReport:
    """One note. `path` is where it is; `kept` means that its owner's edited text stands there.

    `statements`, `citations`, `dropped` and `repaired` are counts; what was dropped is not in the
    note. `found` counts the citations by how their quotes were found.
    """

    path: str
    title: str
    slug: str
    state: NoteState
    statements: int
    citations: int
    dropped: int
    sections: tuple[SectionReport, ...]
    found: Mapping[str, int] = field(default_factory=dict)
    repaired: int = 0
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoReport:
    """What became of one video. A failed one has an `error`, and no notes."""

    id: str
    title: str
    channel: str
    state: VideoState
    notes: tuple[NoteReport, ...] = ()
    notices: tuple[str, ...] = ()
    error: GenerateError | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a run's videos, in the order they were asked for.

    `usage` is what the engine's requests took, or None for an engine that makes none.
    """

    engine: str
    videos: tuple[VideoReport, ...]
    usage: Usage | None = None

    @property
    def failed(self) -> tuple[VideoReport, ...]:
        """The videos that failed."""
        return tuple(video for video in self.videos if video.state == "failed")


def as_json(report: Report) -> dict[str, object]:
    """The object that `--json` prints."""
    return {
        "engine": report.engine,
        "videos": [_video(video) for video in report.videos],
        "totals": totals(report),
        **_usage(report.usage),
    }


def totals(report: Report) -> dict[str, int]:
    """Counts over a whole run."""
    notes = [note for video in report.videos for note in video.notes]
    states = [video.state for video in report.videos]
    return {
        "videos": len(states),
        "written": states.count("written"),
        "unchanged": states.count("unchanged"),
        "failed": states.count("failed"),
        "notes": len(notes),
        "statements": sum(note.statements for note in notes),
        "citations": sum(note.citations for note in notes),
        "dropped": sum(note.dropped for note in notes),
        "repaired": sum(note.repaired for note in notes),
        "doubtful": sum(len(note.doubts) for note in notes),
    }


def as_lines(report: Report) -> list[str]:
    """A line for each note, and one for the whole; failures are not among them."""
    lines = [
        f"{note.state:9}  {printable(note.path)}  ({_count(len(note.sections), 'section')},"
        f" {_count(note.statements, 'statement')}, {_count(note.citations, 'citation')}"
        + (f", {note.dropped} left out" if note.dropped else "")
        + (f", {len(note.doubts)} doubtful" if note.doubts else "")
        + ")"
        for video in report.videos
        for note in video.notes
    ]
    sums = totals(report)
    lines.append(
        f"{_count(sums['videos'], 'video')} with the {report.engine} engine:"
        f" {sums['written']} written, {sums['unchanged']} unchanged, {sums['failed']} failed"
    )
    if report.usage:
        used = report.usage
        lines.append(
            f"{_count(used.requests, 'request')} ({used.retries} of them repeated),"
            f" {used.input_tokens} tokens in ({used.cached_tokens} cached), {used.output_tokens}"
            f" out; {used.from_library} replies from the library"
        )
    return lines


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _video(video: VideoReport) -> dict[str, object]:
    return {
        "id": video.id,
        "title": video.title,
        "channel": video.channel,
        "state": video.state,
        "error": video.error.message if video.error else None,
        "cause": video.error.cause if video.error else None,
        "notices": list(video.notices),
        "notes": [_note(note) for note in video.notes],
        **_usage(video.usage),
    }


def _usage(usage: Usage | None) -> dict[str, object]:
    return {"usage": asdict(usage)} if usage else {}


def _note(note: NoteReport) -> dict[str, object]:
    return {
        "path": note.path,
        "title": note.title,
        "slug": note.slug,
        "state": note.state,
        "statements": note.statements,
        "citations": note.citations,
        "dropped": note.dropped,
        "found": dict(note.found),
        "repaired": note.repaired,
        "doubtful": [
            {"statement": doubt.statement, "kind": doubt.kind, "text": doubt.text}
            for doubt in note.doubts
        ],
        "sections": [
            {"heading": section.heading, "start": section.start, "end": section.end}
            for section in note.sections
        ],
    }
