"""Turns evidence into citations, or refuses it: the one place where a timestamp is made."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from generator.models import (
    Block,
    BulletList,
    Citation,
    Draft,
    Evidence,
    Found,
    Line,
    Note,
    Paragraph,
    Section,
    Statement,
    Transcript,
    Video,
)
from generator.summarizer.folding import Folded, fold, is_enough
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
        self._whole: Folded | None = None

    def ground(self, draft: Draft, video: Video, slug: str) -> Grounded:
        """The draft as a note with citations.

        A statement none of whose evidence is found is dropped; so is a section, a paragraph or a
        list that has no statement left. A list whose lead-in is dropped keeps its items.
        """
        dropped: list[Dropped] = []
        lead = self._blocks(draft.lead, dropped)
        sections = [
            replace(section, blocks=self._blocks(section.blocks, dropped))
            for section in draft.sections
        ]
        note = Note(
            title=draft.title,
            aliases=draft.aliases,
            slug=slug,
            video=video,
            lead=lead,
            sections=_without_empty(sections),
            language=self._transcript.language,
            generated=self._transcript.generated,
        )
        return Grounded(note=note, dropped=tuple(dropped))

    def cite(self, evidence: Evidence) -> Citation | None:
        """Where the quote is said, or None where it is not found.

        It is looked for in its line (exact), then in the whole transcript, where it has to occur
        just once (moved); case, punctuation and white space do not count. Where it occurs in its
        line more than once, the first place is taken.
        """
        if len(evidence.quote) > MAX_QUOTE_CHARACTERS:
            return None
        quote = fold(clean(evidence.quote))
        if not quote.text:
            return None
        if 1 <= evidence.line <= len(self._lines):
            line = self._lines[evidence.line - 1]
            there = self._fold(line)
            place = there.find(quote.text)
            if place is not None and (is_enough(quote) or quote.text == there.text):
                return self._citation(line.first, there, place, Found.EXACT)
        if not is_enough(quote):
            return None
        if self._whole is None:
            self._whole = fold(" ".join(cue.text for cue in self._transcript.cues))
        place = self._whole.find_once(quote.text)
        return None if place is None else self._citation(0, self._whole, place, Found.MOVED)

    def _fold(self, line: Line) -> Folded:
        if line.number not in self._folded:
            self._folded[line.number] = fold(line.text)
        return self._folded[line.number]

    def _citation(
        self, first: int, there: Folded, place: tuple[int, int], found: Found
    ) -> Citation | None:
        """The citation of the characters `place` of the cues from `first` on, joined by spaces."""
        start, end = place
        index, offset = first, start
        while offset > len(self._transcript.cues[index].text):
            offset -= len(self._transcript.cues[index].text) + 1
            index += 1
        cue = self._transcript.cues[index]
        second = math.floor(cue.start)
        if second < 0 or cue.start >= self._end:
            return None
        return Citation(
            second=second, cue=index, offset=offset, quote=there.source[start:end], found=found
        )

    def _blocks(self, blocks: tuple[Block, ...], dropped: list[Dropped]) -> tuple[Block, ...]:
        kept: list[Block] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                statements = self._statements(block.statements, dropped)
                if statements:
                    kept.append(Paragraph(statements))
                continue
            items = self._statements(block.items, dropped)
            if items:
                lead_in = self._statements((block.lead_in,) if block.lead_in else (), dropped)
                kept.append(BulletList(items, lead_in[0] if lead_in else None))
            elif block.lead_in:
                dropped.append(Dropped(block.lead_in, "the list it leads into is gone"))
        return tuple(kept)

    def _statements(
        self, statements: tuple[Statement, ...], dropped: list[Dropped]
    ) -> tuple[Statement, ...]:
        kept = []
        for statement in statements:
            if not any(char.isalnum() for char in clean(statement.text)):
                dropped.append(Dropped(statement, "it has no words"))
                continue
            citations = self._citations(statement)
            if citations:
                kept.append(replace(statement, citations=citations))
            else:
                dropped.append(Dropped(statement, "its evidence is not in the transcript"))
        return tuple(kept)

    def _citations(self, statement: Statement) -> tuple[Citation, ...]:
        """In the order of the video, one a second."""
        found: dict[int, Citation] = {}
        for evidence in statement.evidence:
            citation = self.cite(evidence)
            if citation:
                found.setdefault(citation.second, citation)
        return tuple(found[second] for second in sorted(found))


def _without_empty(sections: list[Section]) -> tuple[Section, ...]:
    """The sections that say something; one whose subsections do stays as their heading."""
    kept: list[Section] = []
    for index, section in enumerate(sections):
        following = sections[index + 1 :]
        subsections = following[: next((i for i, s in enumerate(following) if s.level == 2), None)]
        if section.blocks or (section.level == 2 and any(s.blocks for s in subsections)):
            kept.append(section if kept else replace(section, level=2))
    return tuple(kept)
