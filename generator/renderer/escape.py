"""Text written so that Markdown shows it as the very characters that it is.

Meant for CommonMark, GFM and Obsidian at once. Where a construct could begin, its first character
is escaped; where none could (`snake_case`, `3 * 4`, `AT&T`), the text stays as people type it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_SPECIAL = re.compile(r"[\\`~=%|<&\[\]#^$/@.!(]")
_MAY_BE_SPECIAL = re.compile(r"[>\\`~=%|<&\[\]#^$/@!(*_]")
_MARKUP = re.compile(r"[*`$]")
_ALWAYS = frozenset("\\`[]|$")
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,40};")
_NUMBERED = re.compile(r"[0-9]{1,9}([.)])(?= |\Z)")
_MARKER = re.compile(r"[>#=|]|(?:[-+]|[*_]+)(?= |\Z)|--|:[: ]|:\Z")
_CODE_OR_MATH = re.compile(
    r"(?<!`)`(?!`)(?P<code>[^`]+)(?<!`)`(?!`)"
    r"|(?<!\$)\$(?![\s$])(?P<math>[^$`]*)(?<![\s\\])\$(?![0-9$])"
)
_NOT_IN_MATH = re.compile(r"%%|\[\[|\]\]|\]\(|//")
_STARS = re.compile(r"\*+")
_EMPHASIS = re.compile(r"\*+|_+")
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")


def escape(
    text: str, *, block_start: bool = False, markup: bool = False, math: bool = False
) -> str:
    """One line of text as Markdown that shows it.

    `block_start` says that it begins a paragraph, a list item or a heading. With `markup`,
    `**bold**`, `*italic*` and `` `code` `` in well-formed pairs keep their meaning, and `$math$`
    does with `math` as well.
    """
    return "".join(
        escaped_characters(text, block_start=block_start, markup=markup, math=math and markup)
    )


def escaped_characters(
    text: str,
    *,
    block_start: bool = False,
    markup: bool = False,
    math: bool = False,
    edges: Collection[int] = (),
) -> list[str]:
    """What to write for each character of a line of text, in their order.

    `edges` are the offsets where a wiki link will begin or end: brackets stand there.
    """
    written = list(text)
    meant = _meant(text, math, edges) if markup and _MARKUP.search(text) else {}
    for match in _SPECIAL.finditer(text):
        at = match.start()
        written[at] = meant[at] if at in meant else _written(text, at, edges)
    for run in _EMPHASIS.finditer(text):
        start, end = run.span()
        if start not in meant and not _is_plain_run(text, start, end, edges):
            written[start:end] = ["\\" + run[0][0]] * (end - start)
    if block_start:
        _escape_marker(text, written, meant)
    return written


def is_plain(text: str, *, block_start: bool = False) -> bool:
    """Whether `escaped_characters` changes nothing in a line of text, wherever links begin."""
    # One pattern for all would take four times as long.
    if _MAY_BE_SPECIAL.search(text) or "w." in text or "W." in text:
        return False
    return not (block_start and (_NUMBERED.match(text) or _MARKER.match(text)))


def literal_spans(text: str, *, math: bool = False) -> list[tuple[int, int]]:
    """Where in a statement with markup code stands, and with `math` formulas; in order."""
    spans: list[tuple[int, int]] = []
    for match in _CODE_OR_MATH.finditer(text):
        code = match["code"]
        if code is not None and code.strip() and "%%" not in code:
            spans.append(match.span())
        if code is None and math and not _NOT_IN_MATH.search(match["math"]):
            spans.append(match.span())
    return spans


def wiki_label(text: str) -> str:
    """Text as the label of a wiki link, which knows no escapes: what could end it is replaced."""
    label = text.translate(str.maketrans("[]|<>\\`", "()/‹›∖'"))
    return re.sub(r"%(?=%)", "% ", label).strip()


def _written(text: str, at: int, edges: Collection[int]) -> str:
    char = text[at]
    if char in _ALWAYS:
        return "\\" + char
    if char == "<":
        return "&lt;"
    if char == "&":
        return "&amp;" if _ENTITY.match(text, at) else char
    return "\\" + char if _begins_something(text, at, edges) else char


def _begins_something(text: str, at: int, edges: Collection[int]) -> bool:
    """Whether the character there, unescaped, would be read as more than itself."""
    char = text[at]
    before, after = _neighbours(text, at, at + 1, edges)
    match char:
        case "~":
            return not (before == " " and (after == " " or after.isdigit()))
        case "=" | "%":
            return before == char
        case "#":
            return not _is_word(before) and (after != " " or at + 1 == len(text))
        case "^":
            return before == " " and after != " "
        case "/":
            return text[at + 1 : at + 2] == "/" and text[at + 2 : at + 3] not in {"", " "}
        case "@":
            return (_is_word(before) or before in "._+-") and _is_word(after)
        case ".":
            www = text[max(0, at - 3) : at].lower() == "www"
            return www and not (at > 3 and text[at - 4].isalnum())
        case "!":
            return at + 1 in edges
        case _:
            return at in edges


def _is_plain_run(text: str, start: int, end: int, edges: Collection[int]) -> bool:
    """Whether a run of `*` or `_` can neither open nor close emphasis where it stands."""
    before, after = _neighbours(text, start, end, edges)
    inside_a_word = text[start] == "_" and _is_word(before) and _is_word(after)
    return inside_a_word or before == after == " "


def _escape_marker(text: str, written: list[str], meant: dict[int, str]) -> None:
    """Escapes what would make a heading, list, quote, rule or fence of the block's first word."""
    numbered = _NUMBERED.match(text)
    if numbered:
        written[numbered.start(1)] = "\\" + numbered[1]
    elif _MARKER.match(text) and written[0] == text[0] and 0 not in meant:
        written[0] = "\\" + text[0]


def _meant(text: str, math: bool, edges: Collection[int]) -> dict[int, str]:
    """The characters that belong to markup, by their offset, as they are to be written."""
    meant: dict[int, str] = {}
    for start, end in literal_spans(text, math=math):
        meant.update(zip(range(start, end), text[start:end], strict=True))
        if text[start] == "$":
            # Where no one knows math, a formula must still not become HTML.
            meant.update(dict.fromkeys(_tag_starts(text, start, end), "< "))
    openers: list[tuple[int, int]] = []
    last_closed = -1
    for match in _STARS.finditer(text):
        start, end = match.span()
        if start in meant or end - start > 3:
            continue
        opener = _opener_for(text, start, end, openers, edges)
        # Three stars around others can be paired in more than one way.
        if opener is not None and not (end - start == 3 and last_closed > opener[0]):
            last_closed = start
            meant.update(dict.fromkeys((*range(*opener), *range(start, end)), "*"))
        elif _can_open(*_neighbours(text, start, end, edges)):
            openers.append((start, end))
    return meant


def _opener_for(
    text: str, start: int, end: int, openers: list[tuple[int, int]], edges: Collection[int]
) -> tuple[int, int] | None:
    """The run of stars that this one closes, if any; those between the two mean nothing."""
    before, after = _neighbours(text, start, end, edges)
    if not _can_open(after, before):  # closing is opening seen from the other side
        return None
    for index in range(len(openers) - 1, max(-1, len(openers) - 50), -1):
        if openers[index][1] - openers[index][0] == end - start:
            found = openers[index]
            del openers[index:]
            return found
    return None


def _can_open(outside: str, inside: str) -> bool:
    """Whether stars between two characters can open emphasis (CommonMark 6.2, read strictly)."""
    if inside == " ":
        return False
    return _is_word(inside) or outside == " " or unicodedata.category(outside)[0] == "P"


def _tag_starts(text: str, start: int, end: int) -> list[int]:
    return [match.start() for match in _TAG_START.finditer(text, start, end)]


def _neighbours(text: str, start: int, end: int, edges: Collection[int]) -> tuple[str, str]:
    """The characters around `start:end` as they will stand in the note; a space at the ends."""
    before = "]" if start in edges else text[start - 1] if start else " "
    after = "[" if end in edges else text[end] if end < len(text) else " "
    return before, after


def _is_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"
