"""What a run did, as data; `telling/` makes lines, tables and JSON of it."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, overload

from generator.errors import GenerateError

if TYPE_CHECKING:
    from generator.batchapi.rounds import RoundsReport
    from generator.models import VideoState as KnownState
    from generator.summarizer.completions.usage import Usage
    from generator.summarizer.doubts import Doubt
    from generator.telling.prices import Prices

NoteState = Literal["written", "unchanged", "kept"]
VideoState = Literal["written", "unchanged", "passed-over", "skipped", "pending", "failed"]
VIDEO_STATES: tuple[VideoState, ...] = (
    "written", "unchanged", "passed-over", "skipped", "pending", "failed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something was not done: an error without what it holds on to in memory.

    `cause` is its stable word, `happened` and `remedy` are its sentences, and `passing` says
    whether the same command may succeed later without any change.
    """

    cause: str
    happened: str
    remedy: str = ""
    passing: bool = False

    @property
    def message(self) -> str:
        """The whole text for a user, in one line."""
        return f"{self.happened} {self.remedy}".strip()

    @classmethod
    def of(cls, error: GenerateError | KnownState) -> Failure:
        """What an error says, or what the library keeps of one."""
        return cls(error.cause, error.happened, error.remedy, error.passing)


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
class Counts:
    """Sums over notes; `written` and `kept` are notes of that state."""

    notes: int = 0
    written: int = 0
    kept: int = 0
    statements: int = 0
    citations: int = 0
    dropped: int = 0
    repaired: int = 0
    doubtful: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )

    @classmethod
    def of(cls, note: NoteReport) -> Counts:
        """Those of one note."""
        return cls(
            notes=1,
            written=int(note.state == "written"),
            kept=int(note.state == "kept"),
            statements=note.statements,
            citations=note.citations,
            dropped=note.dropped,
            repaired=note.repaired,
            doubtful=len(note.doubts),
        )


class PackedNotes(Sequence[NoteReport]):
    """The reports of a video's notes in a tenth of their memory: a run may be of thousands.

    `counts` can be asked without unpacking them.
    """

    __slots__ = ("_packed", "counts")

    def __init__(self, notes: Iterable[NoteReport]) -> None:
        notes = list(notes)
        self.counts = sum(map(Counts.of, notes), Counts())
        packed = json.dumps([_values_of(note) for note in notes])
        self._packed = zlib.compress(packed.encode(), level=1)

    def __len__(self) -> int:
        return self.counts.notes

    @overload
    def __getitem__(self, at: int) -> NoteReport: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[NoteReport]: ...
    def __getitem__(self, at: int | slice) -> NoteReport | Sequence[NoteReport]:
        return tuple(self)[at]

    def __iter__(self) -> Iterator[NoteReport]:
        yield from map(_note_of, json.loads(zlib.decompress(self._packed)))


def _values_of(note: NoteReport) -> dict[str, Any]:
    """A note's report as JSON has it; `asdict` would copy all of it, which takes ten times."""
    values = {each.name: getattr(note, each.name) for each in fields(note)}
    sections = [{"heading": s.heading, "start": s.start, "end": s.end} for s in note.sections]
    doubts = [{"statement": d.statement, "kind": d.kind, "text": d.text} for d in note.doubts]
    return {**values, "found": dict(note.found), "sections": sections, "doubts": doubts}


def _note_of(values: dict[str, Any]) -> NoteReport:
    from generator.summarizer.doubts import Doubt, DoubtKind

    sections = tuple(SectionReport(**section) for section in values.pop("sections"))
    doubts = tuple(
        Doubt(doubt["statement"], DoubtKind(doubt["kind"]), doubt["text"])
        for doubt in values.pop("doubts")
    )
    return NoteReport(**values, sections=sections, doubts=doubts)


@dataclass(frozen=True, slots=True)
class VideoReport:
    """What became of one video.

    `written` and `unchanged` say whether any of its files changed. A `failed` one has an `error`,
    and no notes. What the run had no need or no way to try has none either: `passed-over` had come
    to its end in an earlier run (with an `error`, if that end was a failure), or is not wanted;
    `skipped` cannot be taken or was not selected after all; `pending` was not reached. `reason`
    says why, in words that follow “because”.
    """

    id: str
    title: str
    channel: str
    state: VideoState
    notes: Sequence[NoteReport] = ()
    notices: tuple[str, ...] = ()
    error: Failure | None = None
    usage: Usage | None = None
    reason: str = ""

    @property
    def counts(self) -> Counts:
        """Sums over its notes."""
        if isinstance(self.notes, PackedNotes):
            return self.notes.counts
        return sum(map(Counts.of, self.notes), Counts())


@dataclass(frozen=True, slots=True)
class ListReport:
    """A channel, playlist or file of videos that could not be listed, or a line of such a file."""

    name: str
    error: Failure


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file of the vault that is kept as its owner left it, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a run's videos, in the order they were asked for.

    `usage` is what the engine's requests took, or None for an engine that makes none. `lists` are
    those that failed, and `errors` are what else could not be done. `relinked` are the paths of
    notes, not counted with a video, that gained or lost links; `removed` those of files that went;
    `kept` are files that should have changed or gone, besides the videos' own notes. `ended` is why
    the run ended before all was done, if so. `batches` is what it had to do with batches, if any.
    """

    engine: str
    videos: tuple[VideoReport, ...]
    usage: Usage | None = None
    lists: tuple[ListReport, ...] = ()
    errors: tuple[Failure, ...] = ()
    relinked: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[FileReport, ...] = ()
    notices: tuple[str, ...] = ()
    ended: Failure | None = None
    prices: Prices | None = None
    batches: RoundsReport | None = None

    @property
    def failed(self) -> tuple[VideoReport, ...]:
        """The videos that failed."""
        return tuple(video for video in self.videos if video.state == "failed")

    @property
    def cost(self) -> float | None:
        """What the requests cost at most, where prices are set and the engine makes requests."""
        if self.prices is None or self.usage is None:
            return None
        whole = self.prices.of(self.usage.input_tokens, self.usage.output_tokens)
        by_batch = self.batches
        if by_batch is None:
            return whole
        return whole - self.prices.saved(by_batch.input_tokens, by_batch.output_tokens)


def totals(report: Report) -> dict[str, int]:
    """Counts over a whole run."""
    states = Counter(video.state for video in report.videos)
    sums = sum((video.counts for video in report.videos), Counts())
    return {
        "videos": len(report.videos),
        **{state.replace("-", "_"): states[state] for state in VIDEO_STATES},
        "notes": sums.notes,
        "notes_written": sums.written,
        "notes_kept": sums.kept,
        "statements": sums.statements,
        "citations": sums.citations,
        "dropped": sums.dropped,
        "repaired": sums.repaired,
        "doubtful": sums.doubtful,
        "relinked": len(report.relinked),
        "removed": len(report.removed),
    }
