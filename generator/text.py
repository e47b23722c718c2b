"""Text made fit to be kept and shown: what is dropped from it, folded, or said of several."""

from __future__ import annotations

import re
import unicodedata

# Characters that reorder what a reader sees, or mark it invisibly. The joiners (U+200C, U+200D) and
# the plain direction marks (U+200E, U+200F, U+061C) stay: Persian, Indic scripts, emoji and mixed
# Hebrew or Arabic text need them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_NONCHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")

_SEVERAL = (
    ("it is a short", "they are shorts"),
    ("its title does", "their titles do"),
    ("it is", "they are"),
    ("it was", "they were"),
    ("it has", "they have"),
    ("it", "they"),
    ("its", "their"),
)


def clean(text: str) -> str:
    """Text as one line in Unicode NFC without control, invisible and reordering characters.

    White space of every kind, line ends included, becomes single spaces; none is left at the ends.
    Half a surrogate pair becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():  # as nearly all is that comes here
        return " ".join(text.split()) if "  " in text else text.strip()
    text = _SURROGATE.sub("\ufffd", text)
    text = _NONCHARACTER.sub("", _CONTROL.sub("", _INVISIBLE.sub("", text)))
    return " ".join(unicodedata.normalize("NFC", text).split())


def visible(text: str) -> str:
    """Text of several lines without control, invisible and reordering characters (see `clean`)."""
    if text.isascii() and not _CONTROL.search(text):
        return text
    text = _SURROGATE.sub("\ufffd", text)
    return _NONCHARACTER.sub("", _CONTROL.sub("", _INVISIBLE.sub("", text)))


def said_of(number: int, reason: str) -> str:
    """A reason as it is said of so many: `it is private`, `they are private`."""
    if number == 1:
        return reason
    for single, several in _SEVERAL:
        reason = re.sub(rf"\b{single}\b", several, reason)
    return reason


def printable(text: str) -> str:
    """Text for one line of a terminal: what it would obey or could not show becomes a space."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)


def clip(text: str, limit: int) -> str:
    """Text of at most `limit` characters, cut at a word if there is one, with `…` where cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip() + "…"
