"""What stands within a line of a note: citations, wiki links, code, and the text between them.

All of it is found in time linear in the text, whatever the text is.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from generator.renderer.timestamps import parse_timestamp


class Span(NamedTuple):
    """The characters `start:end` of a note's source."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """Text and what Markdown there is in it besides code, citations and wiki links."""

    span: Span
    source: str


@dataclass(frozen=True, slots=True)
class Code:
    """Code between backticks, these included."""

    span: Span
    source: str


@dataclass(frozen=True, slots=True)
class CitationAnchor:
    """A citation as it stands: `data_t`, `href` and `label` may say anything, or not be there.

    `second` is what `data_t` says, None if it is no `HH:MM:SS`.
    """

    span: Span
    source: str
    data_t: str | None
    label: str
    href: str | None
    data_t_span: Span | None
    label_span: Span
    href_span: Span | None

    @property
    def second(self) -> int | None:
        """The cited second, None where `data-t` is missing or no timestamp."""
        return None if self.data_t is None else parse_timestamp(self.data_t)


@dataclass(frozen=True, slots=True)
class WikiLink:
    """`[[target]]` or `[[target | label]]`; `embed` if an exclamation mark stands before it."""

    span: Span
    source: str
    target: str
    label: str | None
    embed: bool
    target_span: Span

    @property
    def note(self) -> str:
        """The target without the heading or block that it may point at."""
        return self.target.partition("#")[0].strip()

    @property
    def shown(self) -> str:
        """What a reader sees."""
        return self.label if self.label else self.target


Inline = Text | Code | CitationAnchor | WikiLink

_SPECIAL = re.compile(r"[\\`<\[!]")
_LINK = re.compile(r"!?\[\[([^\[\]|\r\n]++)(?:\|([^\[\]\r\n]*+))?\]\]")
_ANCHOR = re.compile(r"<a(?=\s)([^<>]*+)>([^<\r\n]*+)</a\s*+>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([A-Za-z][\w:-]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]++)))?"
)
_TICKS = re.compile(r"`++")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BESIDE = "“"  # what emphasis marks beside a link or code see there: punctuation
# A paragraph has no line that begins with `>`: that is a line of a quote.
_QUOTED_LINE = re.compile(r"[\r\n]++[ \t]*+(?:>[ \t]?+)*+")
_MARKUP = re.compile(
    r"\\[!-/:-@\[-`{-~]|&#?[0-9A-Za-z]{1,40};|\*{1,3}+|_{1,3}+|</?[A-Za-z][^<>]*+>"
    r"|!?\[(?P<label>(?:\\.|[^\[\]\\])*+)\]\([^()\s]*+\)"
)


def scan(source: str, start: int = 0, end: int | None = None) -> tuple[Inline, ...]:
    """The parts of `source[start:end]` in order; together they are that text without a gap."""
    return _Scan(source, start, len(source) if end is None else end).parts()


def plain_text(inlines: Iterable[Inline]) -> str:
    """What a reader sees of inlines but for citations, as one line."""
    parts = list(inlines)
    pieces = []
    for index, part in enumerate(parts):
        if isinstance(part, Text):
            before = " " if index == 0 else _BESIDE
            after = " " if index == len(parts) - 1 else _BESIDE
            pieces.append(_plain(before + part.source + after)[1:-1])
        elif isinstance(part, Code):
            pieces.append(part.source.strip("`"))
        elif isinstance(part, WikiLink):
            pieces.append(part.shown)
    return " ".join("".join(pieces).split())


class _Scan:
    """One pass over a stretch of text."""

    def __init__(self, source: str, start: int, end: int) -> None:
        self._source, self._start, self._end = source, start, end
        self._found: list[Inline] = []
        self._text_from = start
        self._no_comment_end = False
        self._ticks: dict[int, list[int]] = defaultdict(list)
        for run in _TICKS.finditer(source, start, end):
            self._ticks[run.end() - run.start()].append(run.start())

    def parts(self) -> tuple[Inline, ...]:
        at = self._start
        while special := _SPECIAL.search(self._source, at, self._end):
            at = self._after(special.start())
        self._take_text(self._end)
        return tuple(self._found)

    def _after(self, at: int) -> int:
        """Takes what begins at a special character, if anything does; where to go on."""
        match self._source[at]:
            case "\\":
                return at + 2 if _ESCAPE.match(self._source, at, self._end) else at + 1
            case "`":
                return self._take_code(at)
            case "<":
                return self._take_anchor(at)
            case _:
                return self._take_link(at)

    def _take_code(self, at: int) -> int:
        run = _TICKS.match(self._source, at, self._end)
        length = run.end() - at if run else 1
        starts = self._ticks[length]
        closing = bisect_left(starts, at + length)
        if closing == len(starts):
            return at + length
        span = Span(at, starts[closing] + length)
        self._take(Code(span, self._source[slice(*span)]))
        return span.end

    def _take_anchor(self, at: int) -> int:
        if self._source.startswith("<!--", at, self._end) and not self._no_comment_end:
            closing = self._source.find("-->", at + 4, self._end)
            self._no_comment_end = closing < 0
            return closing + 3 if closing >= 0 else at + 1
        match = _ANCHOR.match(self._source, at, self._end)
        attributes = _attributes(self._source, *match.span(1)) if match else {}
        classes = self._text_of(attributes.get("class")) or ""
        if match is None or not ("yt-timestamp" in classes.split() or "data-t" in attributes):
            return at + 1
        data_t, href = attributes.get("data-t"), attributes.get("href")
        span = Span(*match.span())
        self._take(
            CitationAnchor(
                span=span,
                source=match[0],
                data_t=self._text_of(data_t),
                label=match[2],
                href=self._text_of(href),
                data_t_span=data_t,
                label_span=Span(*match.span(2)),
                href_span=href,
            )
        )
        return span.end

    def _take_link(self, at: int) -> int:
        match = _LINK.match(self._source, at, self._end)
        if match is None:
            return at + 1
        target = match[1].removesuffix("\\").strip()  # in a table the bar is escaped
        start = match.start(1) + len(match[1]) - len(match[1].lstrip())
        self._take(
            WikiLink(
                span=Span(*match.span()),
                source=match[0],
                target=target,
                label=None if match[2] is None else match[2].strip(),
                embed=match[0].startswith("!"),
                target_span=Span(start, start + len(target)),
            )
        )
        return match.end()

    def _take(self, inline: Code | CitationAnchor | WikiLink) -> None:
        self._take_text(inline.span.start)
        self._found.append(inline)
        self._text_from = inline.span.end

    def _take_text(self, end: int) -> None:
        if end > self._text_from:
            span = Span(self._text_from, end)
            self._found.append(Text(span, self._source[slice(*span)]))
        self._text_from = end

    def _text_of(self, span: Span | None) -> str | None:
        return None if span is None else html.unescape(self._source[slice(*span)])


def _attributes(source: str, start: int, end: int) -> dict[str, Span]:
    """The places of a tag's attribute values by their names; of a name twice, the first counts."""
    found: dict[str, Span] = {}
    for match in _ATTRIBUTE.finditer(source, start, end):
        group = next((index for index in (2, 3, 4) if match[index] is not None), None)
        span = Span(*match.span(group)) if group else Span(match.end(), match.end())
        found.setdefault(match[1].lower(), span)
    return found


def _plain(source: str) -> str:
    """Markdown text as it shows: without tags, emphasis marks, addresses and escapes."""
    return _MARKUP.sub(_shown, _QUOTED_LINE.sub(" ", _without_comments(source)))


def _shown(match: re.Match[str]) -> str:
    """What a reader sees of a piece of markup."""
    piece = match[0]
    if piece[0] == "\\":
        return piece[1]
    if piece[0] == "&":
        return html.unescape(piece)
    if piece[0] in "*_":
        before, after = match.string[match.start() - 1], match.string[match.end()]
        inside_a_word = piece[0] == "_" and before.isalnum() and after.isalnum()
        return piece if inside_a_word or before == after == " " else ""
    return "" if match["label"] is None else _plain(f" {match['label']} ")[1:-1]


def _without_comments(source: str) -> str:
    pieces, at = [], 0
    while (start := source.find("<!--", at)) >= 0 and (end := source.find("-->", start + 4)) >= 0:
        pieces.append(source[at:start])
        at = end + 3
    return "".join([*pieces, source[at:]]) if pieces else source
