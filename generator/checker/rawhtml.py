"""Rules of HTML in notes: none is needed but citations, and some of it is dangerous."""

from __future__ import annotations

import html
import re

from generator.checker.findings import Findings
from generator.checker.notefile import NoteFile
from generator.checker.pieces import Piece
from generator.text import clip, printable

_TAG = re.compile(r"<(?:[!?]|/?[A-Za-z])[^<>]*+>?")
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)")
_ACTIVE = frozenset(
    {"applet", "base", "embed", "form", "frame", "frameset", "iframe", "link", "meta", "object"}
    | {"portal", "script"}
)
_HANDLER = re.compile(r"[\s\"'/](on[a-z]{3,30})\s*=", re.IGNORECASE)
_IN_ATTRIBUTE = re.compile(
    r"\b(?:href|src|action|formaction|data|poster|xlink:href|srcdoc|background)\s*=\s*"
    r"(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)",
    re.IGNORECASE,
)
_IN_MARKDOWN = re.compile(
    r"\]\(\s*<?([^\s<>()]{1,200})|\]:\s*<?([^\s<>]{1,200})|<([^\s<>]{1,200})>"
)
_RUNS = re.compile(r"(?:javascript|vbscript|livescript):|data:text/html", re.IGNORECASE)
_IGNORED = re.compile("[\x00-\x20\u200b-\u200f\u2028\u2029\ufeff]")


def check_html(note: NoteFile, found: Findings) -> None:
    """The rules of HTML, scripts, event handlers and links that run scripts."""
    if not found.wants("H401", "H402", "H403", "H404"):
        return
    if note.from_line is not None:
        _check_attributes(note.text[slice(*note.from_line.span)], note.from_line.span.start, found)
    for piece in note.odd:
        for citation in piece.citations:
            _check_attributes(citation.source, citation.span.start, found)
        words = _without_comments(_unclaimed(piece, note), piece.start, found)
        for tag in _TAG.finditer(words):
            _check_tag(tag[0], piece.start + tag.start(), found)
        _check_markdown(words, piece.start, found)


def _without_comments(words: str, place: int, found: Findings) -> str:
    """Reports comments of HTML, and leaves spaces where they stood."""
    pieces, at = [], 0
    while (start := words.find("<!--", at)) >= 0 and (end := words.find("-->", start + 4)) >= 0:
        found.add("H401", place + start, f"{_shown(words[start : end + 3])} does not show")
        pieces += [words[at:start], " " * (end + 3 - start)]
        at = end + 3
    return "".join([*pieces, words[at:]])


def _check_tag(tag: str, place: int, found: Findings) -> None:
    name = _NAME.match(tag)
    if name is None or (not tag.endswith(">") and not _is_dangerous(tag)):
        if tag.startswith(("<!", "<?")) and tag.endswith(">"):
            found.add("H401", place, f"{_shown(tag)} is raw HTML")
        return
    if name[1].lower() in _ACTIVE:
        found.add("H402", place, f"{_shown(tag)} runs or embeds something")
    elif not _is_autolink(tag):
        found.add("H401", place, f"{_shown(tag)} is raw HTML; readers show it or drop it")
    _check_attributes(tag, place, found)


def _check_attributes(tag: str, place: int, found: Findings) -> None:
    for handler in _HANDLER.finditer(tag):
        said = f"{handler[1]} runs a script when something happens to {_shown(tag)}"
        found.add("H403", place + handler.start(1), said)
    for attribute in _IN_ATTRIBUTE.finditer(tag):
        if _runs_script(attribute[1].strip("\"'")):
            found.add("H404", place + attribute.start(1), f"{_shown(attribute[1])} runs a script")


def _check_markdown(words: str, place: int, found: Findings) -> None:
    """Links of Markdown, their definitions and addresses in angle brackets."""
    for link in _IN_MARKDOWN.finditer(words):
        group = link.lastindex or 0
        if _runs_script(link[group]):
            found.add("H404", place + link.start(group), f"{_shown(link[group])} runs a script")


def _is_dangerous(tag: str) -> bool:
    name = _NAME.match(tag)
    return bool(name and name[1].lower() in _ACTIVE) or bool(_HANDLER.search(tag))


def _is_autolink(tag: str) -> bool:
    """Whether it is an address in angle brackets, such as `<https://…>`."""
    return bool(re.match(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:|<[^\s<>/@]+@", tag))


def _runs_script(address: str) -> bool:
    """Whether a browser would run an address; it passes over what is hidden in it."""
    return bool(_RUNS.match(_IGNORED.sub("", html.unescape(address))))


def _unclaimed(piece: Piece, note: NoteFile) -> str:
    words = piece.words
    for start, end in note.claimed:
        if piece.start <= start < piece.end:
            at, after = start - piece.start, end - piece.start
            words = words[:at] + " " * (after - at) + words[after:]
    return words


def _shown(source: str) -> str:
    return f"“{printable(clip(' '.join(source.split()), 60))}”"
