"""The lines of each video as pages load them: all of a transcript, or those that notes cite."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from generator.errors import LibraryError
from generator.library.viewing import HeldVideo, View, viewing
from generator.site.digests import digest_of
from generator.site.files import Part, Planned, Task, unique_place
from generator.site.places import TRANSCRIPTS, Places, address
from generator.site.rendering import compact_json
from generator.site.state import State
from generator.site.touching import Touched
from generator.site.wiki import Kind, Page

ShownLine = tuple[float, float, str]
"""Start and end in seconds, and the words."""


class Transcripts:
    """The transcripts of all videos of which anything is known.

    `library` is the file that `held` came from, None where there is none.
    """

    def __init__(
        self,
        pages: Sequence[Page],
        places: Places,
        state: State,
        library: Path | None,
        held: Mapping[str, HeldVideo],
    ) -> None:
        self._places = places
        self._state = state
        self._library = library
        self._held = held
        self._open = ExitStack()
        self._view: View | None = None
        by_video: dict[str, list[Page]] = defaultdict(list)
        for page in pages:
            if page.kind is Kind.NOTE:
                by_video[page.video_id].append(page)
        taken: set[str] = set()
        self._notes = {
            video_id: notes
            for video_id, notes in sorted(by_video.items())
            if self._digest(video_id) or any(note.has_evidence for note in notes)
        }
        self._of_video = {
            video_id: unique_place(f"{TRANSCRIPTS}/{video_id}", ".json", taken)
            for video_id in self._notes
        }

    def place(self, video_id: str) -> str:
        """Where the lines of a video are; empty where none are known."""
        return self._of_video.get(video_id, "")

    def planned(self, touched: Touched) -> Iterator[Planned]:
        """The files of all videos."""
        for video_id, notes in self._notes.items():
            made_of = self._made_of(video_id, notes) if video_id in touched.videos else None
            task = Task(Part.TRANSCRIPT, video_id)
            yield Planned(self._of_video[video_id], made_of, partial(self.make, video_id), task)

    def _made_of(self, video_id: str, notes: Sequence[Page]) -> str:
        seen = [(self._places.of(note.path), note.title, note.digest) for note in notes]
        held = self._held.get(video_id)
        told = (held.language, held.generated, held.digest) if held else ()
        return digest_of(told, seen)

    def close(self) -> None:
        """Closes the library, if it was opened."""
        self._open.close()
        self._view = None

    def _digest(self, video_id: str) -> str:
        held = self._held.get(video_id)
        return held.digest if held else ""

    def make(self, video_id: str) -> bytes:
        """The lines of a video, and which notes cite them."""
        notes = self._notes[video_id]
        whole = self._whole(video_id)
        held = self._held.get(video_id)
        evidence = {note.path: self._evidence(note) for note in notes}
        cited = sorted(
            (second, address(self._places.of(note.path)), index, note.title, start)
            for note in notes
            for index, (second, start) in enumerate(
                zip(self._state.seconds(note.path), _line_starts(evidence[note.path]), strict=False)
            )
        )
        value = {
            "video": video_id,
            "language": held.language if held else "",
            "generated": held.generated if held else False,
            "whole": whole is not None,
            "lines": _known(evidence.values()) if whole is None else whole,
            "cited": cited,
        }
        return compact_json(value).encode("utf-8", "replace") + b"\n"

    def _whole(self, video_id: str) -> list[ShownLine] | None:
        """All lines of the library's transcript; None where it has none."""
        from generator.summarizer.lines import make_lines

        held = self._held.get(video_id)
        if held is None or not held.digest or self._library is None:
            return None
        try:
            if self._view is None:
                self._view = self._open.enter_context(viewing(self._library))
            transcript = self._view.transcript(held)
        except LibraryError:  # it could be read a moment ago
            return None
        if transcript is None:
            return None
        return [
            (round(line.start, 3), round(line.end, 3), line.text) for line in make_lines(transcript)
        ]

    def _evidence(self, note: Page) -> dict[str, Any]:
        """The evidence of a note's citations, as its page has it."""
        text = self._state.details(note.path).evidence if note.has_evidence else ""
        return json.loads(text) if text else {"lines": [], "citations": []}


def _known(evidence: Iterable[dict[str, Any]]) -> list[ShownLine]:
    """The lines that the evidence of notes has, in the order of the talk."""
    lines = (line for each in evidence for line in each["lines"])
    return sorted({(line["start"], line["end"], line["text"]) for line in lines})


def _line_starts(evidence: dict[str, Any]) -> Iterator[float | None]:
    """For each citation of a note the start of the line in which its quote begins.

    It is None where that is unknown. The second alone may be that of two lines: the last word of
    one may be said in the second in which the next one starts.
    """
    lines = evidence["lines"]
    known = (
        lines[citation["lines"][0]]["start"] if citation else None
        for citation in evidence["citations"]
    )
    return chain(known, repeat(None))
