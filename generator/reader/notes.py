"""A note that others wrote, taken apart so that it can be checked, mended and written back.

A parsed note is its source and where things stand in it. Writing it back gives the source to the
byte; a change replaces spans of the source and leaves all else as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from generator.reader.blocks import (
    Heading,
    Lines,
    ParsedBlock,
    ParsedItem,
    ParsedList,
    ParsedParagraph,
    RawBlock,
    parse_blocks,
)
from generator.reader.frontmatter import BOM, FrontMatter, read_front_matter
from generator.reader.inlines import CitationAnchor, Inline, Span, WikiLink, scan
from generator.reader.statements import ParsedStatement, statements_of
from generator.renderer.timestamps import citation_anchor, format_timestamp

_FROM = re.compile(r"From:[ \t]*+(?=\[\[)")
_SECOND_IN_ADDRESS = re.compile(r"(?<=[?&#]t=)[0-9]+")


class Position(NamedTuple):
    """A place in a text as editors count: the first line is 1, its first character column 1."""

    line: int
    column: int


class Edit(NamedTuple):
    """The new text for the characters of a span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class FromLine:
    """The line that says whose video a note is from."""

    span: Span
    source: str
    link: WikiLink


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A heading and the blocks up to the next heading of any level."""

    heading: Heading
    blocks: tuple[ParsedBlock, ...]


@dataclass(frozen=True)
class ParsedNote:
    """A note as it was read; all spans are offsets into `source`."""

    source: str
    front_matter: FrontMatter
    from_line: FromLine | None
    lead: tuple[ParsedBlock, ...]
    sections: tuple[ParsedSection, ...]
    _lines: Lines = field(repr=False, compare=False)

    @property
    def title(self) -> str:
        """The title in the front matter; empty if there is none."""
        return self._key("title")

    @property
    def video_id(self) -> str:
        """The video's id in the front matter; empty if there is none."""
        return self._key("videoId")

    def _key(self, name: str) -> str:
        if self.front_matter.error is None:
            return self.front_matter.text(name)
        # What YAML cannot read, a person still can.
        found = re.search(rf"^{name}:[ \t]*+(.*)$", self.front_matter.block, re.MULTILINE)
        return found[1].strip() if found else ""

    @property
    def channel(self) -> str:
        """What the `From:` line links to; empty without one."""
        return self.from_line.link.target if self.from_line else ""

    @property
    def blocks(self) -> tuple[ParsedBlock, ...]:
        """All blocks, headings included, in the order of the note."""
        under = [(section.heading, *section.blocks) for section in self.sections]
        return tuple(chain(self.lead, *under))

    @property
    def inlines(self) -> tuple[Inline, ...]:
        """All that stands within blocks, in the order of the note; not the `From:` line."""
        return tuple(part for block in self.blocks for of in _parts(block) for part in of.inlines)

    def citations(self) -> tuple[CitationAnchor, ...]:
        """All citations, those in headings, quotes and tables too."""
        return tuple(part for part in self.inlines if isinstance(part, CitationAnchor))

    def links(self) -> tuple[WikiLink, ...]:
        """All wiki links but that of the `From:` line."""
        return tuple(part for part in self.inlines if isinstance(part, WikiLink))

    def statements(self) -> tuple[ParsedStatement, ...]:
        """The statements of paragraphs, lists and quotes in the order of the note."""
        found = _statements(self.lead, "")
        for section in self.sections:
            found += _statements(section.blocks, section.heading.text)
        return tuple(found)

    def position(self, offset: int) -> Position:
        """The line and column of a character of the source."""
        line = self._lines.line_of(offset)
        return Position(line + 1, max(1, offset - self._lines.starts[line] + 1))

    def edited(self, edits: Iterable[Edit]) -> ParsedNote:
        """The note with spans of its source replaced, all given as they are now.

        Raises ValueError if two of them overlap or one lies outside the source.
        """
        pieces: list[str] = []
        at = 0
        for (start, end), text in sorted(edits):
            if not at <= start <= end <= len(self.source):
                raise ValueError(f"the characters {start} to {end} cannot be replaced")
            pieces += [self.source[at:start], text]
            at = end
        return parse_note("".join([*pieces, self.source[at:]]))

    def with_second(self, citation: CitationAnchor, second: int) -> ParsedNote:
        """The note with one citation moved to another second; see second_edits."""
        return self.edited(second_edits(citation, second))


def parse_note(text: str) -> ParsedNote:
    """A note, or any other text, as its parts with their places. Nothing is refused.

    `render_note` of the result is `text` to the byte.
    """
    front = read_front_matter(text)
    start = len(front.block) or (len(BOM) if text.startswith(BOM) else 0)
    lines = Lines(text)
    lead: list[ParsedBlock] = []
    sections: list[tuple[Heading, list[ParsedBlock]]] = []
    for block in parse_blocks(lines, start):
        if isinstance(block, Heading):
            sections.append((block, []))
        else:
            (sections[-1][1] if sections else lead).append(block)
    from_line, rest = take_from_line(text, lines, lead)
    return ParsedNote(
        source=text,
        front_matter=front,
        from_line=from_line,
        lead=tuple(rest),
        sections=tuple(ParsedSection(heading, tuple(blocks)) for heading, blocks in sections),
        _lines=lines,
    )


def second_edits(citation: CitationAnchor, second: int) -> list[Edit]:
    """What moves a citation to another second: `data-t`, the label, and `t=` of the address.

    Raises ValueError for a second that has no timestamp.
    """
    stamp = format_timestamp(second)
    if citation.data_t_span is None:
        return [Edit(citation.span, citation_anchor(second))]
    edits = [Edit(citation.data_t_span, stamp), Edit(citation.label_span, f"[{stamp}]")]
    if citation.href_span is not None and citation.href is not None:
        href = _SECOND_IN_ADDRESS.sub(str(second), citation.href, count=1)
        if href != citation.href:
            edits.append(
                Edit(citation.href_span, href.replace("&", "&amp;").replace('"', "&quot;"))
            )
    return edits


def take_from_line(
    text: str, lines: Lines, lead: Sequence[ParsedBlock]
) -> tuple[FromLine | None, list[ParsedBlock]]:
    """The `From:` line of a lead, if it begins with one, and the blocks after it."""
    first = lead[0] if lead else None
    found = _FROM.match(text, first.span.start) if isinstance(first, ParsedParagraph) else None
    if first is None or found is None:
        return None, list(lead)
    line = lines.line_of(first.span.start)
    end = min(first.span.end, lines.end(line))
    inlines = scan(text, found.end(), end)
    if not (inlines and isinstance(inlines[0], WikiLink)):
        return None, list(lead)
    span = Span(first.span.start, end)
    rest = list(lead[1:])
    if first.span.end > end and isinstance(first, ParsedParagraph):
        after = lines.span(line + 1, lines.line_of(first.span.end - 1) + 1)
        source, parts = text[slice(*after)], scan(text, *after)
        rest.insert(0, ParsedParagraph(after, source, parts, first.leads_in))
    return FromLine(span, text[slice(*span)], inlines[0]), rest


def _parts(block: ParsedBlock) -> Iterator[Heading | ParsedParagraph | ParsedItem | RawBlock]:
    """A block, or the items of a list and what is in them."""
    if not isinstance(block, ParsedList):
        yield block
        return
    for item in block.items:
        yield item
        yield from item.raw


def _statements(blocks: Iterable[ParsedBlock], section: str) -> list[ParsedStatement]:
    found: list[ParsedStatement] = []
    for block in blocks:
        for part in _parts(block):
            leads_in = isinstance(part, ParsedParagraph | ParsedItem) and part.leads_in
            found += statements_of(part.inlines, section, leads_in=leads_in)
    return found
