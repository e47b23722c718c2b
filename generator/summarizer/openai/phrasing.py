"""Cleans what a model wrote: titles, headings and statements without marks that are not theirs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from generator.summarizer.folding import is_unspaced
from generator.text import clean

MAX_NAME_CHARACTERS = 100
"""A title or heading is no longer than this."""

MAX_TEXT_CHARACTERS = 2000
"""A statement longer than this is no statement."""

_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?\s*([^\[\]|]*?)\s*\]\]")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_TIMES = re.compile(r"\s*[\[(]\d{1,2}:\d{2}(?::\d{2})?[\])]")
_LINE_NOTE = re.compile(r"\s*[\[(](?:lines?\s+)?(\d{1,9}(?:\s*[-–,]\s*\d{1,9})*)[\])]", re.I)
_BULLET = re.compile(r"^(?:[-*•–—]\s+|\d{1,2}[.)]\s+|#+\s+)+")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s+[a-z-]+=[^<>]*)?\s*/?>|<!--.*?-->", re.IGNORECASE)
_STRONG = re.compile(r"(\*\*|__|`)(.+?)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(\S(?:[^*]*\S)?)\*(?![\w*])")
_NUMBER = re.compile(r"\d+")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’", "「": "」"}
_STOPPED = ("LATIN", "CYRILLIC", "GREEK", "DIGIT", "ARMENIAN", "HEBREW", "GEORGIAN")
_ENDS = ".,;:!?…。！？；：，、।॥؟۔؛،։"


def name(text: str) -> str:
    """A title, heading or concept as a model gave it, without markup; empty if it names nothing."""
    text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", _TAG.sub(" ", _unlinked(text))))
    text = " ".join(text.split())
    text = _BULLET.sub("", text).lstrip("#*•> ").rstrip("*:： ")
    while len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        text = text[1:-1].strip()
    if text.endswith(".") and not text.endswith("..") and text.count(".") == 1:
        text = text[:-1].rstrip()
    if len(text) > MAX_NAME_CHARACTERS:
        cut = text[: MAX_NAME_CHARACTERS + 1].rpartition(" ")[0]
        text = (cut or text[:MAX_NAME_CHARACTERS]).rstrip(" ,;:-–—")
    return text if any(char.isalnum() for char in text) else ""


def sentence(text: str, lines: Collection[int] = ()) -> str:
    """A statement's text in one line, without bullets, links, times and notes of line numbers.

    `lines` are those that its evidence names: `(line 12)` goes where 12 is one of them. Empty
    where nothing is said.
    """
    text = _BULLET.sub("", _unlinked(text))
    text = _LINE_NOTE.sub(lambda match: "" if _are_lines(match[1], lines) else match[0], text)
    text = text.strip()
    if len(text) > MAX_TEXT_CHARACTERS or not any(char.isalnum() for char in text):
        return ""
    return text


def ended(text: str, following: str = "") -> str:
    """A statement of a paragraph that ends as one: with a comma where `following` goes on in the
    same sentence, else with a full stop."""
    if text[-1] in ":：":
        text = text[:-1].rstrip()
    if not text or text.rstrip("\"'”’»)]*`」』")[-1:] in _ENDS:
        return text
    last = next((char for char in reversed(text) if char.isalnum()), "")
    if is_unspaced(last):
        return text + "。" if "\u3040" <= last <= "\u9fff" else text
    if not unicodedata.name(last, "").startswith(_STOPPED):
        return text
    return text + ("," if following[:1].islower() else ".")


def leading_in(text: str) -> str:
    """The text of a list's lead-in, which ends with a colon."""
    return text.rstrip(" .,;:…。：") + ":"


def _unlinked(text: str) -> str:
    text = clean(text[: 2 * MAX_TEXT_CHARACTERS])
    return clean(_TIMES.sub("", _LINK.sub(r"\1", _WIKI_LINK.sub(r"\1", text))))


def _are_lines(numbers: str, lines: Collection[int]) -> bool:
    return any(int(number) in lines for number in _NUMBER.findall(numbers))
