"""Takes the quotation marks from what a statement quotes and nobody said word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from generator.models import Line, Link, Mention, Statement, Transcript
from generator.summarizer.folding import Folded, fold
from generator.summarizer.places import cited_lines, text_of

# What may close a quotation that a mark opens; some close in one language what they open in the
# other.
_CLOSING = {
    '"': '"',
    "\u201c": "\u201d",  # “English”
    "\u201e": "\u201c\u201d",  # „German“, „Polish”
    "\u201d": "\u201d",  # ”Swedish”
    "\u201f": "\u201d",
    "«": "»",
    "»": "«»",  # »Danish«, »Finnish»
    "‹": "›",
    "›": "‹›",
    "「": "」",
    "『": "』",
    "〝": "〞〟",
    "＂": "＂",
}
_MARK = re.compile("[" + "".join(sorted({*_CLOSING, *"".join(_CLOSING.values())})) + "]")
_EITHER_WAY = '"＂\u201d»›'
"""Marks that open only where a word begins: elsewhere they are inches, or have nothing to close."""

_CODE = re.compile(r"`[^`]*`")
_LEFT_OUT = re.compile(r"\[?(?:\u2026|\.\s?\.\s?\.)\]?")
_MAX_OPEN = 100

_Span = TypeVar("_Span", Mention, Link)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A pair of quotation marks: the places of both in a text."""

    start: int
    end: int


def quotations_in(text: str) -> list[Quotation]:
    """The pairs of quotation marks in a text, an inner one after the one that it is in.

    A mark that has no partner is none; nor is an apostrophe, or a single quotation mark, which
    cannot be told from one.
    """
    found: list[Quotation] = []
    opened: list[tuple[str, int]] = []
    for match in _MARK.finditer(text):
        mark, at = match[0], match.start()
        partner = next(
            (i for i in reversed(range(len(opened))) if mark in _CLOSING[opened[i][0]]), None
        )
        if partner is not None and _may_close(text, at):
            found.append(Quotation(opened[partner][1], at))
            del opened[partner:]
        elif mark in _CLOSING and _may_open(text, at, mark):
            opened = [*opened[-_MAX_OPEN:], (mark, at)]
    return sorted(found, key=lambda quotation: quotation.start)


def without_false_quotations(
    statement: Statement, transcript: Transcript, lines: tuple[Line, ...]
) -> Statement:
    """The statement in which what stands in quotation marks is said in the cited lines.

    It has to be there word for word, but for case, punctuation and spacing; where an ellipsis
    leaves something out, each part in its order. Else the marks go, and the words stay, as do the
    mentions and links on them. It is for a note in the language of its talk: what was translated is
    nowhere word for word. In a statement with markup, code keeps its marks.
    """
    false = []
    said = [fold(text_of(run)) for run in cited_lines(statement.citations, transcript, lines)]
    code = list(_CODE.finditer(statement.text)) if statement.markup else []
    for quotation in quotations_in(statement.text):
        if any(span.start() < quotation.end and quotation.start < span.end() for span in code):
            continue
        if not _is_said(statement.text[quotation.start + 1 : quotation.end], said):
            false.append(quotation)
    return _without(statement, false) if false else statement


def share_language(note: str, talk: str) -> bool:
    """Whether two BCP 47 tags are of one language; an unknown one (`und`) may be."""
    languages = {tag.replace("_", "-").partition("-")[0].casefold() for tag in (note, talk)}
    return len(languages - {"und", ""}) < 2


def _may_open(text: str, at: int, mark: str) -> bool:
    if mark not in _EITHER_WAY:
        return True
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not before.isalnum() and bool(after) and not after.isspace()


def _may_close(text: str, at: int) -> bool:
    """A mark between a space and a word opens: “so-called “war””."""
    return not (text[at + 1 : at + 2].isalnum() and text[at - 1 : at].isspace())


def _is_said(quoted: str, said: list[Folded]) -> bool:
    """Whether some run of lines has all parts of a quotation, in order; one of no words is."""
    parts = [part for part in (fold(part).text for part in _LEFT_OUT.split(quoted)) if part]
    return not parts or any(_has_in_order(parts, run) for run in said)


def _has_in_order(parts: list[str], run: Folded) -> bool:
    text, at = f" {run.text} ", 0
    for part in parts:
        at = text.find(f" {part} ", at)
        if at < 0:
            return False
        at += len(part) + 1
    return True


def _without(statement: Statement, false: list[Quotation]) -> Statement:
    text = statement.text
    gone = sorted({place for quotation in false for place in _places(text, quotation)})
    kept = []
    at = 0
    for place in gone:
        kept.append(text[at:place])
        at = place + 1
    new_place = [0] * (len(text) + 1)
    shift = 0
    out = set(gone)
    for index in range(len(text)):
        new_place[index] = index - shift
        shift += index in out
    new_place[len(text)] = len(text) - shift
    return replace(
        statement,
        text="".join((*kept, text[at:])),
        mentions=tuple(_shifted(statement.mentions, new_place)),
        links=tuple(_shifted(statement.links, new_place)),
    )


def _places(text: str, quotation: Quotation) -> Iterator[int]:
    """The marks' places, and those of spaces inside, as French has, that would be double."""
    start, end = quotation.start, quotation.end
    yield from (start, end)
    before, after = text[max(0, start - 1) : start], text[end + 1 : end + 2]
    if text[start + 1].isspace() and (not before or before.isspace()):
        yield start + 1
    if text[end - 1].isspace() and not after.isalnum():
        yield end - 1


def _shifted(spans: tuple[_Span, ...], new_place: list[int]) -> Iterator[_Span]:
    """The spans at their new places; what had no more than marks in it is gone."""
    last = len(new_place) - 1
    for span in spans:
        start, end = (new_place[min(max(0, place), last)] for place in (span.start, span.end))
        if start < end:
            yield replace(span, start=start, end=end)
