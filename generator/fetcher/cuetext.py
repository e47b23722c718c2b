"""What a caption says without how it is shown: tags, entities and speaker marks taken away."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from html.entities import html5

from generator.text import clean

# Tags that subtitle formats have; all but the last two take classes or attributes only.
_CUE_TAGS = {"c", "i", "b", "u", "s", "ruby", "rt", "font", "br", "v", "lang"}
_ANNOTATED = {"v", "lang"}

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:\.[^\s<>]*)?)([^<>]*)>")
_COMMENT = re.compile(r"<!--[^<>]*-->")
_WORD_TIME = re.compile(r"<(?:\d{1,3}:)?\d{1,3}:\d{1,2}\.\d{1,3}>")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
# Only whole entities, with their semicolon: `R&D` and `?a=1&copy=2` are text.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_ARROWS = re.compile(r"^(?:>|＞){2,}\s*")
_ARROWS_INSIDE = re.compile(r"(?<=[.?!…\])♪]) (?:>|＞){2,}(?=\s|$)")
_ARROWS_ANYWHERE = re.compile(r"(?:^|(?<=\s))(?:>|＞){2,}(?=\s|$)")
_DASH = re.compile(r"^[-‐‑–—]\s*(?=[^\W\d]|[\"'“«„‘¿¡…(\[♪])")
_DASH_INSIDE = re.compile(r"(?<=[.?!…\])♪]) [-‐‑–—] ?(?=[^\W\d_]|[\"'“«„‘¿¡…(\[♪])")


def plain(line: str) -> str:
    """One line of a caption as characters: without tags, and with its entities decoded once.

    What is an entity in the file (`&lt;b&gt;`) is a character afterwards and never a tag; a `<`
    that begins no tag (`a < b`, `x<y`) is kept.
    """
    if "<" in line:
        line = _TAG.sub(_without_tag, _COMMENT.sub("", _WORD_TIME.sub("", line)))
    if "{\\" in line:
        line = _OVERRIDE.sub("", line)
    if "&" in line:
        line = _ENTITY.sub(_decoded, line)
    return line


def has_word_times(line: str) -> bool:
    """Whether times stand between a line's words, as WebVTT writes them."""
    return "<" in line and _WORD_TIME.search(line) is not None


def spoken(lines: Sequence[str], *, generated: bool = False) -> str:
    """Lines of a caption as one clean line without the marks of who speaks.

    The marks are `>>` at a line's start or after a sentence (anywhere in generated captions, which
    never mean a comparison by it), and the dash ahead of each of two speakers' lines.
    """
    kept = [cleaned for line in lines if (cleaned := clean(line))]
    kept = [_ARROWS.sub("", line) for line in kept]
    kept = _without_dashes(kept)
    text = " ".join(kept)
    if ">>" in text or "＞＞" in text:
        text = (_ARROWS_ANYWHERE if generated else _ARROWS_INSIDE).sub("", text)
    return clean(text)


def _decoded(match: re.Match[str]) -> str:
    entity = match[0]
    # html.unescape would also find the `&not` in `&nothing;`.
    known = entity[1] == "#" or entity[1:] in html5
    return html.unescape(entity) if known else entity


def _without_tag(match: re.Match[str]) -> str:
    closing, name, classes, rest = match.groups()
    is_tag = (
        bool(closing and not rest.strip())
        or not rest.strip(" \t/")
        or name.lower() in _ANNOTATED
        or ("=" in rest and rest[0].isspace())
    )
    if not is_tag or (classes and name.lower() not in _CUE_TAGS):
        return match[0]
    return " " if name.lower() in {"br", "p", "div"} else ""


def _without_dashes(lines: list[str]) -> list[str]:
    dashed = [bool(_DASH.match(line)) for line in lines]
    if sum(dashed) >= 2:
        return [_DASH.sub("", line) for line in lines]
    if lines and dashed[0] and _begins_speech(lines[0]):
        return [_DASH_INSIDE.sub(" ", _DASH.sub("", lines[0])), *lines[1:]]
    return lines


def _begins_speech(line: str) -> bool:
    """Whether a dash opens what somebody says; ahead of a small letter it goes on a sentence."""
    after = _DASH.sub("", line)
    return bool(after) and not after[0].islower()
