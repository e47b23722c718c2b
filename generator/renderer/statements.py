"""Statements as Markdown: words, links, and the citations ahead of what ends them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from generator.models import Citation, Link, Statement
from generator.renderer.escape import escaped_characters, is_plain
from generator.renderer.timestamps import citation_anchor
from generator.text import clean

COLONS = (":", "：")
_ENDS = ".,;:!?…。．！？；：，、।॥؟۔؛،"
_STOP_IN_QUOTES = re.compile(r"(?<![.,])[.,](?=[\"”’»'」』]+\Z)")
_UNFIT_FOR_TARGET = re.compile(r"[\[\]|#^\\<>`\x00-\x1f\x7f]|%%")


def split_ending(text: str) -> tuple[str, str]:
    """A statement's words, and the punctuation that ends them and stands after the citations.

    A full stop or comma inside closing quotation marks moves out of them (`… world."` gives
    `… world"` and `.`); question and exclamation marks there stay.
    """
    words = text.rstrip(_ENDS).rstrip()
    if words and len(words) < len(text):
        return words, text[len(words) :].lstrip()
    stop = _STOP_IN_QUOTES.search(text)
    if stop and stop.start() > 0:
        return text[: stop.start()] + text[stop.end() :], stop[0]
    return text, ""


def write_cited(
    statement: Statement, *, block_start: bool, math: bool, link_video_id: str | None
) -> str:
    """A statement with its citations, one space ahead, before the punctuation that ends it.

    Its citations link to the video with `link_video_id`, if that is given. Raises ValueError for a
    statement without text or citations.
    """
    text, ending = _text_and_ending(statement)
    if not statement.citations:
        raise ValueError(f"a statement without citations: {text[:80]}")
    words = _linked_words(statement, text, block_start=block_start, math=math)
    return f"{words} {_anchors(statement.citations, link_video_id)}{ending}"


def write_lead_in(statement: Statement, *, block_start: bool, math: bool) -> str:
    """What leads into a list: it shows no citation, and ends with a colon.

    Raises ValueError for a statement without text.
    """
    text, ending = _text_and_ending(statement)
    if not ending.endswith(COLONS):
        ending = ending.rstrip(".,;…。，；") + ":"
    return _linked_words(statement, text, block_start=block_start, math=math) + ending


def _text_and_ending(statement: Statement) -> tuple[str, str]:
    text, ending = split_ending(clean(statement.text))
    if not text:
        raise ValueError("a statement without text")
    return text, ending


def _anchors(citations: Sequence[Citation], link_video_id: str | None) -> str:
    if len(citations) == 1:  # as nearly all have
        return citation_anchor(citations[0].second, link_video_id=link_video_id)
    seconds = dict.fromkeys(citation.second for citation in citations)
    return ", ".join(citation_anchor(second, link_video_id=link_video_id) for second in seconds)


def _linked_words(statement: Statement, words: str, *, block_start: bool, math: bool) -> str:
    """The words of a statement with its links. A link that cannot be written safely is left out."""
    links = _fitting(statement, words)
    if is_plain(words, block_start=block_start):
        return _with_links(words, words, links) if links else words
    while True:
        edges = {edge for link in links for edge in (link.start, link.end)}
        written = escaped_characters(
            words,
            block_start=block_start,
            markup=statement.markup,
            math=math and statement.markup,
            edges=edges,
        )
        # Wiki links know no escapes: a label must need none, markup included.
        safe = [link for link in links if _needs_no_escape(words, written, link)]
        if len(safe) == len(links):
            break
        links = safe
    return _with_links(words, written, links)


def _with_links(words: str, written: Sequence[str], links: Iterable[Link]) -> str:
    """What is written for each character of some words, with links around some of them."""
    parts: list[str] = []
    at = 0
    for link in links:
        parts.extend(written[at : link.start])
        parts.append(f"[[{link.target} | {words[link.start : link.end]}]]")
        at = link.end
    parts.extend(written[at:])
    return "".join(parts)


def _fitting(statement: Statement, words: str) -> list[Link]:
    """The links that lie within the words, do not overlap, and have a target to be written."""
    text = statement.text
    if not statement.links:
        return []
    if clean(text) != text:  # then the spans are of another text than the one written
        return []
    fitting: list[Link] = []
    at = 0
    for link in sorted(statement.links, key=lambda link: (link.start, -link.end)):
        label = text[max(0, link.start) : link.end]
        if (
            at <= link.start < link.end <= len(words)
            and label.strip() == words[link.start : link.end]
            and link.target.strip()
            and not _UNFIT_FOR_TARGET.search(link.target)
        ):
            fitting.append(link)
            at = link.end
    return fitting


def _needs_no_escape(words: str, written: list[str], link: Link) -> bool:
    label = words[link.start : link.end]
    plain = label == "".join(written[link.start : link.end])
    return plain and not any(char in label for char in "*`[]|<>")
