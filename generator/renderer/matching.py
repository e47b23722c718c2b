"""Tells how well two names name one concept: inflected, or with their words in another order.

Likeness of characters alone takes “World War I” for “World War II” and “Time travel” for “Travel
time”. So two names are one only if each word of either is a form of a word of the other, and if
the words stand to each other as they do there; likeness has the last say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from generator.renderer.inflection import are_forms, is_cyrillic
from generator.renderer.words import Word, is_unspaced, tokens_of, words_of

THRESHOLD = 65.0
"""Of 100: the likeness (rapidfuzz's `ratio` of the words, in one order) from which on two names
with the same words in other forms are one. `benchmarks/links.py` measures it."""

MOST_WORDS = 24
"""A name of more words is itself, and no other form of anything."""

_ENOUGH_JOINED = 5

_ARTICLES = frozenset(("a", "an", "the", "il", "gli", "les"))
_AND = frozenset(("and", "und", "et", "и", "та", "і", "й"))

# Words that tie those after them to those before. Where both names have one of them, it ties the
# same words in both; where only one has it, it may go: “peace negotiations with Ukraine” are
# “Ukraine peace negotiations”. What is firm may go only if it leaves three words: “Men in Black”.
_GENITIVE = "of de del di da della delle dei du des der dem den"
_LOOSE = "for on about with between against für mit sobre con о об с для между"
_FIRM = """in at by from into to as or via per within near after before during under over im am auf
    von zu aus bei nach über vor gegen oder dans sur pour par avec en ou por para в во на по из за
    от до у к ко при над под со или про з із до від або"""
_GENITIVES = frozenset(_GENITIVE.split())
_FIRMEST = frozenset(_FIRM.split())
_TIES = _GENITIVES | frozenset(_LOOSE.split()) | _FIRMEST
LITTLE = _ARTICLES | _AND | _TIES
"""Words that carry no sense, in most places."""

_HYPHENS = frozenset("-‐‑–")


@dataclass(frozen=True)
class Name:
    """A name taken apart.

    `words` are those that carry its sense, folded, in order; a run of characters of a script
    without spaces is one of them. `ties` says for each what ties it to those before, empty for
    nothing. `joints` are the places of words that an “and” or a hyphen sets beside the one before.
    `capitals` are acronyms. `has_comma` tells of an inversion: “Harmonics, spherical”.
    """

    words: tuple[str, ...]
    ties: tuple[str, ...]
    joints: frozenset[int]
    capitals: frozenset[str]
    has_and: bool
    has_comma: bool

    @property
    def links(self) -> frozenset[str]:
        """All that ties words of the name together."""
        return frozenset(filter(None, self.ties)) | ({"and"} if self.has_and else set())


@lru_cache(maxsize=4096)
def read_name(text: str) -> Name:
    """A title, an alias or a concept as a name; one that is too long has no words."""
    units = _units(text)
    if len(units) > MOST_WORDS:
        units = []
    words: list[_Unit] = []
    ties: list[str] = []
    joints: set[int] = set()
    tie, has_and = "", False
    for index, unit in enumerate(units):
        word = unit.folded
        # The last word always says something, and so does a capital: “Vitamin A”, “OR gates”.
        is_capital = index > 0 and unit.raw.isupper() and not text.isupper()
        is_small = index < len(units) - 1 and not is_capital
        if is_small and (word in _ARTICLES or (not words and word in _GENITIVES)):
            continue
        if is_small and words and word in _AND:
            has_and = True
            joints.add(len(words))
        elif is_small and words and word in _TIES:
            tie = word
        else:
            if unit.is_hyphened and len(units) > 2:
                joints.add(len(words))
            words.append(unit)
            ties.append(tie)
    return Name(
        words=tuple(unit.folded for unit in words),
        ties=tuple(ties),
        joints=frozenset(joints),
        capitals=_capitals(text, words),
        has_and=has_and,
        has_comma="," in text,
    )


def telling(tokens: Sequence[str]) -> list[str]:
    """The words of a name, folded, that carry its sense wherever they stand; all, if none does."""
    return [word for word in tokens if word not in LITTLE] or list(tokens)


def joined(tokens: Sequence[str]) -> str:
    """A name's folded words as one: “post-war” is “postwar”. Empty where that says too little.

    So it is for short words, for names with little words, of which “the rapist” would be another,
    and where digits would make another number together.
    """
    if len(tokens) > MOST_WORDS:
        return ""
    together = "".join(tokens)
    if len(tokens) > 1:
        if len(together) < _ENOUGH_JOINED and any(len(word) > 1 for word in tokens):
            return ""
        if not LITTLE.isdisjoint(tokens):
            return ""
        if together.isascii() and together.isalpha():  # as nearly all are
            return together
        if all(map(is_unspaced, tokens)):
            return ""
        if any(a[-1].isdigit() and b[0].isdigit() for a, b in pairwise(tokens)):
            return ""
    return together


def likeness(one: str, other: str, language: str = "") -> float:
    """How like two names of one concept are, of 100; 0 where they name two.

    `language` is as `language_of` says; endings of that language count, too.
    """
    from rapidfuzz import fuzz

    ours, theirs = read_name(one), read_name(other)
    places = _places(ours, theirs, language)
    if places is None or not _stand_alike(ours, theirs, places):
        return 0.0
    in_order = [theirs.words[place] for place in places]
    score = fuzz.ratio(" ".join(ours.words), " ".join(in_order))
    return score if score >= THRESHOLD else 0.0


def are_one(one: str, other: str, language: str = "") -> bool:
    """Whether two names name one concept."""
    if one == other:
        return True
    ours, theirs = tokens_of(one), tokens_of(other)
    if ours == theirs or (joined(ours) and joined(ours) == joined(theirs)):
        return True
    return likeness(one, other, language) > 0


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word folded and as it is, or a run of characters that are words in one."""

    folded: str
    raw: str
    is_hyphened: bool  # to the one before


def _units(text: str) -> list[_Unit]:
    units: list[_Unit] = []
    last: Word | None = None
    for word in words_of(text):
        raw = text[word.start : word.end]
        gap = text[last.end : word.start] if last else " "
        unit = _Unit(word.folded, raw, gap.strip() in _HYPHENS)
        if last and not gap and is_unspaced(last.folded) and is_unspaced(word.folded):
            before = units.pop()
            folded = before.folded + word.folded
            unit = _Unit(folded, before.raw + raw, before.is_hyphened)
        units.append(unit)
        last = word
    return units


def _capitals(text: str, units: Sequence[_Unit]) -> frozenset[str]:
    if text.isupper() and len(units) > 1:
        return frozenset()
    return frozenset(
        unit.folded for unit in units if len(unit.raw) > 1 and unit.raw.removesuffix("s").isupper()
    )


def _places(ours: Name, theirs: Name, language: str) -> list[int] | None:
    """For each word of a name the place of the other's that is a form of it, if all are."""

    def is_same(left: int, right: int) -> bool:
        one, other = ours.words[left], theirs.words[right]
        if one != other and (one in ours.capitals) != (other in theirs.capitals):
            return False  # “AIDS” is no plural
        return are_forms(one, other, language)

    count = len(ours.words)
    if not count or count != len(theirs.words):
        return None
    if all(is_same(place, place) for place in range(count)):
        return list(range(count))
    left = list(range(count))
    places = []
    for at in range(count):
        equal = (place for place in left if ours.words[at] == theirs.words[place])
        alike = (place for place in left if is_same(at, place))
        place = next(equal, next(alike, None))
        if place is None:
            return None
        left.remove(place)
        places.append(place)
    return places


def _stand_alike(ours: Name, theirs: Name, places: list[int]) -> bool:
    """Whether words that are the same also stand to each other in the same way."""
    mine, others = ours.links, theirs.links
    if mine - others and others - mine:
        return False  # “travel to Russia”, “travel from Russia”
    common = mine & others
    own, own_gone = _parts(ours, common)
    their, their_gone = _parts(theirs, common)
    if own != [their[place] for place in places] or not _have_same_heads(ours, theirs, places):
        return False
    is_equal = sorted(ours.words) == sorted(theirs.words)
    for part in set(own):
        inside = [at for at in range(len(places)) if own[at] == part]
        order = [places[at] for at in inside]
        if order == sorted(order) or (ours.has_comma or theirs.has_comma):
            continue
        gone = [tie for of, tie in {*own_gone, *their_gone} if of == part]
        if len(gone) == 1 and (len(order) > 2 or gone[0] not in _FIRMEST):
            continue  # “impact of sanctions”, “sanctions impact”
        if is_equal and (is_cyrillic(ours.words[0]) or _is_turned(order)):
            continue
        joints = [t for t, at in enumerate(inside) if t and at in ours.joints]
        if theirs.joints and any(_is_swapped(order, joint) for joint in joints):
            continue
        return False  # “time travel”, “travel time”
    return True


def _have_same_heads(ours: Name, theirs: Name, places: list[int]) -> bool:
    """Whether genitives of both depend on the same words: “role in the history of Russia” is none
    of Russia's.
    """
    for at, place in enumerate(places):
        tie = ours.ties[at]
        if tie in _GENITIVES and tie == theirs.ties[place]:
            heads = _head(ours, at), _head(theirs, place)
            if places[heads[0]] != heads[1]:
                return False
    return True


def _head(name: Name, at: int) -> int:
    """The place of the word that a tied one depends on: the last one before its tie."""
    while at and name.ties[at - 1] == name.ties[at]:
        at -= 1
    return max(0, at - 1)


def _parts(name: Name, common: frozenset[str]) -> tuple[list[str], set[tuple[str, str]]]:
    """The part of the name that each word is in: after which tie that both names have.

    Also the ties that only this name has, each with the part that it is in.
    """
    parts: list[str] = []
    gone: set[tuple[str, str]] = set()
    part = ""
    for tie in name.ties:
        if tie in common:
            part = tie
        elif tie:
            gone.add((part, tie))
        parts.append(part)
    return parts, gone


def _is_turned(order: list[int]) -> bool:
    """Whether three words or more stand as before but for where they begin."""
    cut = order.index(min(order))
    return len(order) > 2 and order[cut:] + order[:cut] == sorted(order)


def _is_swapped(order: list[int], joint: int) -> bool:
    """Whether only what is on both sides of an “and” changed places: all of it, or a word each."""
    words = order.copy()
    words[joint - 1], words[joint] = words[joint], words[joint - 1]
    return sorted(order) in (words, order[joint:] + order[:joint])
