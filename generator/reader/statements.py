"""The statements of a note that others wrote: text up to and with the citations behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from generator.reader.inlines import CitationAnchor, Inline, Span, Text, WikiLink, plain_text

JOINER = re.compile(r"[\s,;]*\Z")
"""What stands between two citations of one statement."""

ENDING = re.compile(r"\s*([.,;:!?…。．！？；：，।॥؟۔؛،]*+[\"”’»)\]]*+)")
"""The punctuation behind a citation, which still is its statement's."""


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """What one group of citations supports, as a reader sees it, and where that stands.

    `text` is without markup and citations and has the punctuation behind them. `section` is the
    heading above it, empty in the lead. `leads_in` says that a list follows at once, and that
    therefore no citation need be there.
    """

    span: Span
    text: str
    citations: tuple[CitationAnchor, ...]
    links: tuple[WikiLink, ...]
    section: str
    leads_in: bool = False


def statements_of(
    inlines: Sequence[Inline], section: str, *, leads_in: bool = False
) -> list[ParsedStatement]:
    """The statements of one paragraph or list item, in order; with `leads_in` the last does."""
    found: list[ParsedStatement] = []
    words: list[Inline] = []
    citations: list[CitationAnchor] = []
    for index, inline in enumerate(inlines):
        if isinstance(inline, CitationAnchor):
            citations.append(inline)
            continue
        following = inlines[index + 1] if index + 1 < len(inlines) else None
        if citations and not _joins(inline, following):
            ending, rest = _cut(inline)
            found.extend(_statement(words, citations, ending, section))
            words, citations = [rest] if rest else [], []
        elif not citations:
            words.append(inline)
    last = _statement(words, citations, None, section)
    if last and leads_in and not citations:
        said = last[0]
        last = [ParsedStatement(said.span, said.text, (), said.links, section, leads_in=True)]
    return found + last


def _joins(inline: Inline, following: Inline | None) -> bool:
    """Whether text is nothing but what stands between two citations of one statement."""
    return (
        isinstance(inline, Text)
        and isinstance(following, CitationAnchor)
        and bool(JOINER.match(inline.source))
    )


def _cut(inline: Inline) -> tuple[Text | None, Inline | None]:
    """The punctuation with which a part begins, and what follows it."""
    match = ENDING.match(inline.source) if isinstance(inline, Text) else None
    if match is None or not match[1]:
        return None, inline
    middle = inline.span.start + match.end()
    ending = Text(Span(inline.span.start + match.start(1), middle), match[1])
    if middle == inline.span.end:
        return ending, None
    return ending, Text(Span(middle, inline.span.end), inline.source[match.end() :])


def _statement(
    words: list[Inline], citations: list[CitationAnchor], ending: Text | None, section: str
) -> list[ParsedStatement]:
    """The statement that these parts are; none, if they are white space."""
    text = plain_text(words)
    if not text and not citations:
        return []
    parts = [*words, *citations, *([ending] if ending else [])]
    first, last = parts[0], max(parts, key=lambda part: part.span.end)
    span = Span(
        first.span.start + len(first.source) - len(first.source.lstrip()),
        last.span.end - (len(last.source) - len(last.source.rstrip())),
    )
    links = tuple(part for part in words if isinstance(part, WikiLink))
    shown = text + (ending.source if ending else "")
    return [ParsedStatement(span, shown, tuple(citations), links, section)]
