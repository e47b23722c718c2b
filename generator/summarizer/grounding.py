"""Turns evidence into citations, or refuses it: the one place where a timestamp is made."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

from generator.models import (
    Citation,
    Draft,
    Evidence,
    Found,
    Line,
    Note,
    Statement,
    Transcript,
    Video,
)
from generator.summarizer.folding import Folded, fold, is_enough
from generator.summarizer.passages import Passages
from generator.summarizer.shaping import reshape
from generator.text import clean

MAX_QUOTE_CHARACTERS = 1000
"""A longer quote is not looked for: it is not a few words."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A statement that is left out, and the reason, as the end of a sentence."""

    statement: Statement
    reason: str


@dataclass(frozen=True, slots=True)
class Grounded:
    """A note whose statements all have citations, and what was left out to make it so."""

    note: Note
    dropped: tuple[Dropped, ...]


class Grounding:
    """Finds quotes in one transcript.

    `duration` is the video's, in seconds: what would be cited at or after it is not found, since
    then the captions are not this video's.
    """

    def __init__(
        self, transcript: Transcript, lines: tuple[Line, ...], duration: float | None = None
    ) -> None:
        self._transcript = transcript
        self._lines = lines
        self._end = duration if duration else math.inf
        self._folded: dict[int, Folded] = {}
        self._passages = Passages(lines, transcript.language, lambda: self._known)

    def ground(self, draft: Draft, video: Video, slug: str) -> Grounded:
        """The draft as a note with citations.

        A statement none of whose evidence is found is dropped; so is a section, a paragraph or a
        list that has no statement left. A list whose lead-in is dropped keeps its items.
        """
        dropped: list[Dropped] = []

        def cited(statement: Statement) -> Statement | None:
            if not any(char.isalnum() for char in clean(statement.text)):
                dropped.append(Dropped(statement, "it has no words"))
                return None
            citations = self._citations(statement)
            if not citations:
                dropped.append(Dropped(statement, "its evidence is not in the transcript"))
                return None
            return replace(statement, citations=citations)

        def orphaned(lead_in: Statement) -> None:
            dropped.append(Dropped(lead_in, "the list it leads into is gone"))

        shaped = reshape(draft, cited, orphaned)
        note = Note(
            title=draft.title,
            aliases=draft.aliases,
            slug=slug,
            video=video,
            lead=shaped.lead,
            sections=shaped.sections,
            language=self._transcript.language,
            generated=self._transcript.generated,
        )
        return Grounded(note=note, dropped=tuple(dropped))

    def cite(self, evidence: Evidence) -> Citation | None:
        """Where the quote is said, or None where it is not found.

        Case, punctuation and white space do not count. In this order, it is found

        - in its line, or beginning there and running on into the next ones, as it is (exact);
        - beginning there or up to `NEAR_LINES` lines away, as it is but for how numbers are
          written, else approximately (near): the likeliest passage, of equals the one nearest the
          line, of those the first;
        - anywhere as it is, if just once (moved).

        Where it occurs more than once as it is, the first place in its line is taken. The citation
        keeps the words as the transcript has them.
        """
        if len(evidence.quote) > MAX_QUOTE_CHARACTERS:
            return None
        source = clean(evidence.quote)
        quote = fold(source)
        if not quote.text:
            return None
        named = 1 <= evidence.line <= len(self._lines)
        found = self._exact(evidence.line, quote) if named else None
        if found or not is_enough(quote):
            return found
        return self._near(evidence.line, source) or self._moved(quote)

    def _exact(self, number: int, quote: Folded) -> Citation | None:
        line = self._lines[number - 1]
        there = self._fold(line)
        place = there.find(quote.text)
        if place is not None and (is_enough(quote) or quote.text == there.text):
            return self._citation(line.first, place, Found.EXACT)
        if not is_enough(quote) or quote.text.split(" ", 1)[0] not in there.text:
            return None
        there = fold(self._text_from(number, 2 * len(quote.source)))
        place = there.find(quote.text, before=len(line.text))
        return None if place is None else self._citation(line.first, place, Found.EXACT)

    def _near(self, number: int, quote: str) -> Citation | None:
        near = self._passages.nearest(number, quote)
        if near is None:
            return None
        first = self._lines[near.line - 1].first
        return self._citation(first, (near.start, near.end), Found.NEAR)

    def _moved(self, quote: Folded) -> Citation | None:
        place = self._whole.find_once(quote.text)
        return None if place is None else self._citation(0, place, Found.MOVED)

    def _text_from(self, number: int, characters: int) -> str:
        """A line and as much of the next ones as `characters` take, in whole lines."""
        texts = [self._lines[number - 1].text]
        for line in self._lines[number:]:
            if characters <= 0:
                break
            texts.append(line.text)
            characters -= len(line.text) + 1
        return " ".join(texts)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._whole.text.split())

    @cached_property
    def _whole(self) -> Folded:
        return fold(" ".join(cue.text for cue in self._transcript.cues))

    def _fold(self, line: Line) -> Folded:
        if line.number not in self._folded:
            self._folded[line.number] = fold(line.text)
        return self._folded[line.number]

    def _citation(self, first: int, place: tuple[int, int], found: Found) -> Citation | None:
        """The citation of the characters `place` of the cues from `first` on, joined by spaces."""
        cues = self._transcript.cues
        start, end = place
        while start > len(cues[first].text):
            start -= len(cues[first].text) + 1
            end -= len(cues[first].text) + 1
            first += 1
        said_at = cues[first].time_of(start)
        second = math.floor(said_at)
        if second < 0 or said_at >= self._end:
            return None
        said, last = cues[first].text, first
        while len(said) < end:
            last += 1
            said += " " + cues[last].text
        return Citation(second=second, cue=first, offset=start, quote=said[start:end], found=found)

    def _citations(self, statement: Statement) -> tuple[Citation, ...]:
        """In the order of the video, one a second."""
        found: dict[int, Citation] = {}
        for evidence in statement.evidence:
            citation = self.cite(evidence)
            if citation:
                found.setdefault(citation.second, citation)
        return tuple(found[second] for second in sorted(found))
