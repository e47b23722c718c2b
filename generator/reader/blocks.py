"""What a note is built of: headings, paragraphs, lists, and blocks that are kept as they are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.reader.frontmatter import BOM
from generator.reader.inlines import Inline, Span, Text, plain_text, scan

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LINE_END = re.compile(r"\r\n?|\n")
_HEADING_MARKER = re.compile(r"[ \t]*#{1,6}(?:[ \t]+|\Z)")
_QUOTE_MARKER = re.compile(r"(?:[ \t]*+>)++[ \t]*+")
_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})
_WITHOUT_INLINES = frozenset({"fence", "code_block", "hr"})


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of any level, 1 to 6."""

    span: Span
    source: str
    level: int
    inlines: tuple[Inline, ...]

    @property
    def text(self) -> str:
        """The heading as a reader sees it, without citations."""
        return plain_text(self.inlines)


@dataclass(frozen=True, slots=True)
class ParsedParagraph:
    """A paragraph; `leads_in` says that a list follows on the next line."""

    span: Span
    source: str
    inlines: tuple[Inline, ...]
    leads_in: bool = False


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """A list item without the items below it, which follow it with a greater `depth` (from 1).

    `inlines` are those of all its paragraphs. `raw` are other blocks in it. `leads_in` says that a
    list of its own follows its text.
    """

    span: Span
    source: str
    depth: int
    ordered: bool
    inlines: tuple[Inline, ...] = ()
    raw: tuple[RawBlock, ...] = ()
    leads_in: bool = False


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A list, bulleted or numbered, with the items of all depths in reading order."""

    span: Span
    source: str
    items: tuple[ParsedItem, ...]


@dataclass(frozen=True, slots=True)
class RawBlock:
    """Any other block, kept as it is: `kind` is markdown-it's name for it, or `unknown`.

    `inlines` are what stands in a quote, a table or HTML; code has none.
    """

    span: Span
    source: str
    kind: str
    inlines: tuple[Inline, ...] = ()


ParsedBlock = Heading | ParsedParagraph | ParsedList | RawBlock


class Lines:
    """The lines of a text, as Markdown counts them: ended by `\\n`, `\\r\\n` or `\\r`."""

    def __init__(self, text: str) -> None:
        self.text = text
        ends = [match.span() for match in _LINE_END.finditer(text)]
        self.starts = [len(BOM) if text.startswith(BOM) else 0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def line_of(self, offset: int) -> int:
        """The line that holds a character, from 0."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def end(self, line: int) -> int:
        """Where a line's text ends, before its line end."""
        return self._ends[line]

    def span(self, first: int, after: int) -> Span:
        """The lines `first` to `after` - 1 without white space before and behind them."""
        start, end = self.starts[first], self._ends[max(first, after - 1)]
        text = self.text[start:end]
        return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


def parse_blocks(lines: Lines, start: int) -> list[ParsedBlock]:
    """The blocks of a text from the line that begins at offset `start`."""
    return _Walk(lines, start).blocks()


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"maxNesting": 60}).enable("table")
    return reader.disable(["inline", "text_join"])


class _Walk:
    """One pass over the tokens of a text."""

    def __init__(self, lines: Lines, start: int) -> None:
        self._lines = lines
        self._first = bisect_left(lines.starts, start)
        self._tokens = _markdown().parse(lines.text[start:])

    def blocks(self) -> list[ParsedBlock]:
        found: list[ParsedBlock] = []
        done = self._first
        for tokens in _top_level(self._tokens):
            first, after = self._place(tokens[0])
            found.extend(self._uncovered(done, first))
            found.append(self._block(tokens))
            done = max(done, after)
        found.extend(self._uncovered(done, len(self._lines.starts)))
        return [self._leading(block, found[i + 1 : i + 2]) for i, block in enumerate(found)]

    def _leading(self, block: ParsedBlock, following: Sequence[ParsedBlock]) -> ParsedBlock:
        if not (isinstance(block, ParsedParagraph) and following):
            return block
        last = self._lines.line_of(block.span.end - 1)
        next_line = self._lines.line_of(following[0].span.start)
        leads_in = isinstance(following[0], ParsedList) and next_line == last + 1
        return replace(block, leads_in=leads_in)

    def _place(self, token: Token) -> tuple[int, int]:
        first, after = token.map or (0, 0)
        last = len(self._lines.starts)
        return min(self._first + first, last - 1), min(self._first + after, last)

    def _uncovered(self, first: int, after: int) -> Iterator[RawBlock]:
        """Lines that Markdown shows nothing of (definitions of links), as one block."""
        if first < after:
            span = self._lines.span(first, after)
            if span.start < span.end:
                yield self._raw("unknown", span)

    def _block(self, tokens: Sequence[Token]) -> ParsedBlock:
        opening = tokens[0]
        span = self._lines.span(*self._place(opening))
        source = self._lines.text[slice(*span)]
        if opening.type == "heading_open":
            return Heading(span, source, int(opening.tag[1:]), self._inlines(tokens[1]))
        if opening.type == "paragraph_open":
            inlines = self._inlines(tokens[1])
            return ParsedParagraph(span, source, inlines)
        if opening.type in _LISTS:
            return ParsedList(span, source, self._items(tokens))
        return self._raw(opening.type.removesuffix("_open"), span)

    def _raw(self, kind: str, span: Span) -> RawBlock:
        if kind in _WITHOUT_INLINES:
            return RawBlock(span, self._lines.text[slice(*span)], kind)
        marker = _QUOTE_MARKER.match(self._lines.text, *span) if kind == "blockquote" else None
        inlines = scan(self._lines.text, marker.end() if marker else span.start, span.end)
        return RawBlock(span, self._lines.text[slice(*span)], kind, inlines)

    def _items(self, tokens: Sequence[Token]) -> tuple[ParsedItem, ...]:
        """The items of a list and of the lists in it, in the order in which they begin."""
        items: list[_Item] = []
        open_items: list[int] = []
        ordered: list[bool] = []
        skipped_to = -1
        for token in tokens:
            if skipped_to >= 0:
                skipped_to = -1 if token.nesting < 0 and token.level == skipped_to else skipped_to
            elif token.type in _LISTS:
                ordered.append(token.type == "ordered_list_open")
                if open_items:
                    items[open_items[-1]].leads_in = True
            elif token.type in {"bullet_list_close", "ordered_list_close"}:
                ordered.pop()
            elif token.type == "list_item_open":
                start = self._lines.span(*self._place(token)).start
                open_items.append(len(items))
                items.append(_Item(start, len(open_items), ordered[-1]))
            elif token.type == "list_item_close":
                open_items.pop()
            elif token.type == "inline":
                items[open_items[-1]].add_text(self._inlines(token), self._lines.text)
            elif token.type not in {"paragraph_open", "paragraph_close"}:
                span = self._lines.span(*self._place(token))
                items[open_items[-1]].add_raw(self._raw(token.type.removesuffix("_open"), span))
                skipped_to = token.level if token.nesting > 0 else -1
        return tuple(item.done(self._lines.text) for item in items)

    def _inlines(self, token: Token) -> tuple[Inline, ...]:
        """The parts of an inline token, which is its lines but for what indents or marks them."""
        first, after = self._place(token)
        start, end = self._lines.starts[first], self._lines.end(first)
        line = self._lines.text[start:end]
        content = token.content.partition("\n")[0].rstrip()
        marker = _HEADING_MARKER.match(line) if token.level == 1 else None
        if marker and line.startswith(content, marker.end()):
            start += marker.end()
            return scan(self._lines.text, start, start + len(content))
        start += max(0, len(line.rstrip()) - len(content))
        return scan(self._lines.text, start, max(start, self._lines.span(first, after).end))


@dataclass
class _Item:
    """A list item while its parts come in."""

    start: int
    depth: int
    ordered: bool
    inlines: list[Inline] = field(default_factory=list)
    raw: list[RawBlock] = field(default_factory=list)
    leads_in: bool = False

    def add_text(self, inlines: Sequence[Inline], source: str) -> None:
        """One more paragraph, and the white space that parts it from the one before."""
        if self.inlines and inlines:
            gap = Span(self.inlines[-1].span.end, inlines[0].span.start)
            between = source[slice(*gap)]
            self.inlines.extend([Text(gap, between)] if between.isspace() else [])
        self.inlines.extend(inlines)

    def add_raw(self, block: RawBlock) -> None:
        self.raw.append(block)

    def done(self, source: str) -> ParsedItem:
        ends = [part.span.end for part in (*self.inlines[-1:], *self.raw[-1:])]
        span = Span(self.start, max([self.start, *ends]))
        return ParsedItem(
            span,
            source[slice(*span)],
            self.depth,
            self.ordered,
            tuple(self.inlines),
            tuple(self.raw),
            self.leads_in,
        )


def _top_level(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each outermost block."""
    start = 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : index + 1]
            start = index + 1
