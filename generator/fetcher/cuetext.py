"""What a caption says without how it is shown: tags, entities and speaker marks taken away."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from html.entities import html5

from generator.fetcher.timedtext import Piece, TimedText, joined, timed_text
from generator.text import clean

# Tags that subtitle formats have; all but the last two take classes or attributes only.
_CUE_TAGS = {"c", "i", "b", "u", "s", "ruby", "rt", "font", "br", "v", "lang"}
_ANNOTATED = {"v", "lang"}

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:\.[^\s<>]*)?)([^<>]*)>")
_COMMENT = re.compile(r"<!--[^<>]*-->")
_WORD_TIME = re.compile(r"<((?:\d{1,3}:)?\d{1,3}:\d{1,2}\.\d{1,3})>")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>")
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


def read_lines(lines: Sequence[str], start: float) -> tuple[TimedText, ...]:
    """Read the lines of a WebVTT or SubRip caption that starts at a second; empty ones are dropped.

    As in WebVTT, a time among the words (`<00:00:01.319>`) holds up to the next one, and `start` up
    to the first. Lines before the first such time have no times: rolling captions show there what
    was said before.
    """
    read: list[TimedText] = []
    said: float | None = None
    for line in lines:
        first, *timed = _WORD_TIME.split(line)
        pieces: list[Piece] = [(plain(first), start if timed and said is None else said)]
        for stamp, text in zip(timed[::2], timed[1::2], strict=True):
            said = _seconds(stamp)
            pieces.append((plain(text), said))
        read.append(timed_text(pieces))
    return tuple(line for line in read if line.text)


def speaker_of(lines: Sequence[str]) -> str:
    """Return whom the voice tags of a WebVTT caption name; empty unless they name one person."""
    names = {clean(_ENTITY.sub(_decoded, name)) for line in lines for name in _VOICE.findall(line)}
    return names.pop() if len(names) == 1 else ""


def spoken(lines: Sequence[TimedText], *, generated: bool = False) -> TimedText:
    """Lines of a caption as one clean line without the marks of who speaks.

    The marks are `>>` at a line's start or after a sentence (anywhere in generated captions, which
    never mean a comparison by it), and the dash ahead of each of two speakers' lines.
    """
    kept = [line.sub(_ARROWS) for line in lines]
    kept = _without_dashes(kept)
    said = joined(line for line in kept if line.text)
    if ">>" in said.text or "＞＞" in said.text:
        said = said.sub(_ARROWS_ANYWHERE if generated else _ARROWS_INSIDE)
    return said.stripped()


def _seconds(stamp: str) -> float:
    """`[hours:]minutes:seconds.fraction` as seconds, to the millisecond."""
    clock, fraction = stamp.split(".")
    whole = 0
    for part in clock.split(":"):
        whole = whole * 60 + int(part)
    return (whole * 1000 + int(fraction.ljust(3, "0"))) / 1000


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


def _without_dashes(lines: list[TimedText]) -> list[TimedText]:
    dashed = [bool(_DASH.match(line.text)) for line in lines]
    if sum(dashed) >= 2:
        return [line.sub(_DASH) for line in lines]
    if lines and dashed[0] and _begins_speech(lines[0].text):
        return [lines[0].sub(_DASH).sub(_DASH_INSIDE, " "), *lines[1:]]
    return lines


def _begins_speech(line: str) -> bool:
    """Whether a dash opens what somebody says; ahead of a small letter it goes on a sentence."""
    after = _DASH.sub("", line)
    return bool(after) and not after[0].islower()
