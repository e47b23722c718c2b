"""A note as the rules see it: headings, paragraphs and list items, and what stands in them.

Most lines of most notes are a heading, a paragraph or a list item of one line each, with nothing in
them that a rule could mind. They are told by their first characters and by one pattern; a text with
a line of any other kind is taken apart by the reader as a whole. What comes out is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, cast

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
from generator.reader.inlines import CitationAnchor, Inline, Span, Text, WikiLink, scan
from generator.reader.notes import FromLine, take_from_line

Kind = Literal["heading", "paragraph", "item", "raw"]

_STAMP = r"[0-9]{2}:[0-5][0-9]:[0-5][0-9]"
_CITATION = rf'<a class="yt-timestamp" data-t="({_STAMP})">\[\1\]</a>'
_LINK = r"\[\[[^\[\]|\r\n\\`]++(?:\|[^\[\]\r\n\\`]*+)?\]\]"
# Text that no rule minds: characters that mean nothing, whole links and whole citations.
_PLAIN = re.compile(rf"(?:[^<>\[\]`\\]++|{_CITATION}|{_LINK})*+")
_TARGET = re.compile(r"\[\[([^\[\]|]++)")
_DATA_T = re.compile(rf'<a class="yt-timestamp" data-t="({_STAMP})">')
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")

# How a line begins that is a paragraph, whatever stands above and below it.
_WORDS = (
    r"(?:[^\s#>*+\-=_~`|<\[\]\\:0-9]|\[\[|\*{1,2}[^*\s]|_{1,2}[^_\s]|`(?!`)"
    r"|[0-9]++(?![.)](?:\s|\Z))|\\(?=[^\s\\]))"
)
_LINE = re.compile(
    rf"(?P<blank>[ \t]*+\r?\Z)|(?P<heading>\#{{1,6}} (?=[^\s#]))"
    rf"|(?P<item>[*+-] {{1,4}}(?={_WORDS}))|(?P<paragraph>(?={_WORDS}))"
)

# Where a section begins, and what can hold such a line without ending there: code and HTML.
_SECTION = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_OPEN_ENDED = re.compile(r"```|~~~|^[^\w\n]*<", re.MULTILINE)


class Piece:
    """A heading, a paragraph, a list item without those below it, or a block of another kind.

    `start:end` of the text is what stands in it, without its marker. `level` is a heading's.
    `leads_in` says that a list follows. `raw` is the reader's name for a block of another kind.
    `plain` says that there are only words, whole citations of the usual form, and whole links.
    """

    __slots__ = ("_inlines", "end", "kind", "leads_in", "level", "plain", "raw", "start", "text")

    def __init__(
        self,
        kind: Kind,
        text: str,
        span: tuple[int, int],
        *,
        level: int = 0,
        leads_in: bool = False,
        raw: str = "",
        inlines: tuple[Inline, ...] | None = None,
    ) -> None:
        self.kind: Kind = kind
        self.text = text
        self.start, self.end = span
        self.level = level
        self.leads_in = leads_in
        self.raw = raw
        self._inlines = inlines
        found = None if raw else _PLAIN.match(text, self.start, self.end)
        self.plain = found is not None and found.end() == self.end

    @property
    def inlines(self) -> tuple[Inline, ...]:
        """Its citations, links, code and text, as the reader takes them apart."""
        if self._inlines is None:
            self._inlines = scan(self.text, self.start, self.end)
        return self._inlines

    @property
    def citations(self) -> tuple[CitationAnchor, ...]:
        """Its citations in order."""
        return tuple(part for part in self.inlines if isinstance(part, CitationAnchor))

    @property
    def links(self) -> tuple[WikiLink, ...]:
        """Its wiki links in order."""
        if self.plain and self.text.find("[[", self.start, self.end) < 0:
            return ()
        return tuple(part for part in self.inlines if isinstance(part, WikiLink))

    @property
    def targets(self) -> list[str]:
        """What its links have in their brackets before the bar, in order."""
        if self.plain:
            if self.text.find("[[", self.start, self.end) < 0:
                return []
            return targets_in(self.text, self.start, self.end)
        return [link.target for link in self.links]

    @property
    def stamps(self) -> list[str | None]:
        """What `data-t` of each citation says, in order."""
        if self.plain:
            return stamps_in(self.text, self.start, self.end)
        return [citation.data_t for citation in self.citations]

    @property
    def words(self) -> str:
        """`start:end` with spaces in place of citations, links, code and escaped characters."""
        text, at = [], self.start
        for part in self.inlines:
            shown = _ESCAPE.sub("  ", part.source) if isinstance(part, Text) else ""
            text += [" " * (part.span.start - at), shown.ljust(len(part.source))]
            at = part.span.end
        return "".join(text)


def pieces_of(text: str, start: int) -> tuple[FromLine | None, list[Piece]]:
    """The `From:` line of a note, if it has one, and the pieces of its text from `start` on."""
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return read(text, start)
    whole = skim(text, start, len(text))
    if whole is not None:
        return _without_from_line(text, whole)
    headings = (found.start() for found in _SECTION.finditer(text, start))
    bounds = [start, *(at for at in headings if at > start), len(text)]
    from_line: FromLine | None = None
    pieces: list[Piece] = []
    for first, after in pairwise(bounds):
        section = skim(text, first, after)
        if section is None:
            if _OPEN_ENDED.search(text, first, after):
                return read(text, start)  # a heading may not be one
            found, section = read(text, first, after)
            from_line = from_line or found
        elif first == start:
            from_line, section = _without_from_line(text, section)
        pieces += section
    return from_line, pieces


def _without_from_line(text: str, lead: list[Piece]) -> tuple[FromLine | None, list[Piece]]:
    if not lead or lead[0].kind != "paragraph" or not text.startswith("From:", lead[0].start):
        return None, lead
    span = Span(lead[0].start, lead[0].end)
    paragraph = ParsedParagraph(span, text[slice(*span)], ())
    from_line, rest = take_from_line(text, Lines(text[: span.end]), [paragraph])
    return from_line, lead if rest else lead[1:]


def skim(text: str, start: int, after: int) -> list[Piece] | None:
    """The pieces of one section that has only lines of the usual kinds; None for any other."""
    pieces: list[Piece] = []
    before: str = "blank"
    at = start
    for line in text[start:after].split("\n"):
        if line:
            kind, marker = ("paragraph", 0) if line[0].isalpha() else _kind(line)
            # A line that goes on with what stands above is the reader's.
            if not kind or (kind == "paragraph" and before in {"paragraph", "item"}):
                return None
            if kind == "item" and before == "paragraph":
                pieces[-1].leads_in = True
            if kind != "blank":
                level = marker - 1 if kind == "heading" else 0
                span = (at + marker, at + len(line.rstrip()))
                pieces.append(Piece(cast("Kind", kind), text, span, level=level))
            before = kind
        else:
            before = "blank"
        at += len(line) + 1
    return pieces


def _kind(line: str) -> tuple[str, int]:
    """What a line is, and the length of its marker; nothing where the reader has to be asked."""
    if line.startswith("*   ") and line[4:5].isalpha():
        return "item", 4
    found = _LINE.match(line)
    if found is None or (found.lastgroup == "heading" and line.rstrip().endswith("#")):
        return "", 0
    return found.lastgroup or "", found.end()


def targets_in(text: str, start: int, end: int) -> list[str]:
    """What the links of text that is plain have in their brackets before the bar, in order."""
    return list(map(str.strip, _TARGET.findall(text, start, end)))


def stamps_in(text: str, start: int, end: int) -> list[str | None]:
    """What `data-t` of each citation in text that is plain says, in order."""
    return list(_DATA_T.findall(text, start, end))


def read(text: str, start: int, after: int | None = None) -> tuple[FromLine | None, list[Piece]]:
    """As `pieces_of`, of any text up to `after`, by the reader alone."""
    lines = Lines(text if after is None else text[:after])
    blocks = parse_blocks(lines, start)
    first = next((i for i, block in enumerate(blocks) if isinstance(block, Heading)), len(blocks))
    from_line, lead = take_from_line(text, lines, blocks[:first])
    found = [piece for block in (*lead, *blocks[first:]) for piece in _pieces(text, block)]
    return from_line, found


def _pieces(text: str, block: ParsedBlock) -> Iterator[Piece]:
    if isinstance(block, Heading):
        yield Piece("heading", text, _span(block), level=block.level, inlines=block.inlines)
    elif isinstance(block, ParsedParagraph):
        span = _span(block)
        yield Piece("paragraph", text, span, leads_in=block.leads_in, inlines=block.inlines)
    elif isinstance(block, ParsedList):
        for item in block.items:
            span = _span(item)
            yield Piece("item", text, span, leads_in=item.leads_in, inlines=item.inlines)
            yield from (_raw(text, raw) for raw in item.raw)
    else:
        yield _raw(text, block)


def _raw(text: str, block: RawBlock) -> Piece:
    return Piece("raw", text, _span(block), raw=block.kind, inlines=block.inlines)


def _span(block: Heading | ParsedParagraph | ParsedItem | RawBlock) -> tuple[int, int]:
    """What stands in a block, without its marker."""
    if not block.inlines:
        return block.span.end, block.span.end
    return block.inlines[0].span.start, block.inlines[-1].span.end


def headings_with_content(pieces: Sequence[Piece]) -> list[tuple[Piece, bool]]:
    """Each heading, and whether anything stands under it, a lower heading included."""
    found = []
    for index, piece in enumerate(pieces):
        if piece.kind == "heading":
            below = pieces[index + 1] if index + 1 < len(pieces) else None
            filled = below is not None and (below.kind != "heading" or below.level > piece.level)
            found.append((piece, filled))
    return found
