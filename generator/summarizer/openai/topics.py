"""Makes topics of what a model says of them: ranges mended, titles distinct, near-copies joined."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from generator.models import Line, Topic
from generator.summarizer.openai.phrasing import name
from generator.summarizer.openai.replies import MergeReply, OutlineReply, RangeReply

MINUTES_A_TOPIC = 3
"""A talk has at most one topic for so many minutes …"""

LINES_A_TOPIC = 6
"""… and for so many lines."""

MAX_ALIASES = 6

SAME_WORD = 80
"""Two words of rapidfuzz's `ratio` from here on that begin with one letter are the same word,
inflected or misspelt: `negotiation` and `negotiations` 96, `Kremlin` and `Kremlins` 93; but `pre`
and `post` 57, the `I` and `II` of two wars 67. With digits they are the same or not."""

CLOSE_NAME = 70
"""Titles whose sorted words have rapidfuzz's `ratio` from here on are one topic where, besides,
half of the lines of the smaller one are the other's too."""

SHARED_LINES = 0.5
SAME_LINES = 0.8
"""Topics are the same, whatever their titles, if they share so much of the lines of both."""

_WORD = re.compile(r"[\w+#]+")
_LITTLE = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to")
)


def topic_count(lines: tuple[Line, ...], wanted: int) -> int:
    """How many topics a talk is to have: `wanted` at most, and fewer for a short one."""
    if not lines:
        return 1
    minutes = (lines[-1].end - lines[0].start) / 60
    return max(1, min(wanted, int(minutes // MINUTES_A_TOPIC), len(lines) // LINES_A_TOPIC))


def topics_of(reply: OutlineReply, lines: tuple[Line, ...]) -> tuple[Topic, ...]:
    """The topics of a reply that have a title and at least one of these lines."""
    found = []
    for given in reply.topics:
        title, aliases = _names(given.title, given.aliases)
        numbers = _numbers(given.ranges, lines)
        if title and numbers:
            found.append(Topic(title, aliases, numbers))
    return tuple(found)


def first_named(reply: OutlineReply) -> tuple[str, tuple[str, ...]]:
    """The title and the aliases of a reply's first topic that has a title; empty without one."""
    for given in reply.topics:
        title, aliases = _names(given.title, given.aliases)
        if title:
            return title, aliases
    return "", ()


def join_copies(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Topics without near-copies, in the order of their first lines; so all titles differ.

    Of two near-copies the one with more lines gives the title, and the other's is an alias.
    """
    kept: list[Topic] = []
    for topic in sorted(topics, key=lambda t: (t.lines[0], -len(t.lines), t.title)):
        joined = topic
        while twin := next((other for other in kept if are_copies(other, joined)), None):
            kept.remove(twin)
            joined = _joined(twin, joined)
        kept.append(joined)
    return tuple(sorted(kept, key=lambda t: t.lines[0]))


def are_copies(one: Topic, other: Topic) -> bool:
    """Whether two topics would make the same note: by their names, their lines, or both."""
    from rapidfuzz import fuzz

    if any(same_name(one.title, each) for each in (other.title, *other.aliases)):
        return True
    if any(same_name(other.title, each) for each in one.aliases):
        return True
    shared = len(set(one.lines) & set(other.lines))
    if shared >= SAME_LINES * len(set(one.lines) | set(other.lines)):
        return True
    if shared < SHARED_LINES * min(len(one.lines), len(other.lines)):
        return False
    words = (" ".join(sorted(_words(topic.title))) for topic in (one, other))
    return fuzz.ratio(*words) >= CLOSE_NAME


def same_name(one: str, other: str) -> bool:
    """Whether two names have the same words, inflections and little words aside, in any order."""
    ours, theirs = _words(one), _words(other)
    if not ours or not theirs:
        return _folded(one) == _folded(other)
    return _are_in(ours, theirs) and _are_in(theirs, ours)


def without_overlap(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Topics of which each line has one at most: the shortest of those that claim it.

    A general topic gives the lines of a special one away, and not the other way round.
    """
    topics = tuple(topics)
    owner: dict[int, int] = {}
    for index in sorted(range(len(topics)), key=lambda i: len(topics[i].lines)):
        for number in topics[index].lines:
            owner.setdefault(number, index)
    left = [
        replace(topic, lines=tuple(n for n in topic.lines if owner[n] == index))
        for index, topic in enumerate(topics)
    ]
    return tuple(sorted((topic for topic in left if topic.lines), key=lambda t: t.lines[0]))


def largest(topics: Iterable[Topic], count: int) -> tuple[Topic, ...]:
    """The `count` topics with the most lines, in the order of their first lines."""
    chosen = sorted(topics, key=lambda t: (-len(t.lines), t.lines[0]))[:count]
    return tuple(sorted(chosen, key=lambda t: t.lines[0]))


def joined_by(reply: MergeReply, topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """The topics that a reply makes of these; each of these goes into one at most."""
    left = dict(enumerate(topics, start=1))
    found = []
    for given in reply.topics:
        parts = [left.pop(number) for number in dict.fromkeys(given.parts) if number in left]
        if not parts:
            continue
        biggest = max(parts, key=lambda topic: len(topic.lines))
        title, aliases = _names(given.title or biggest.title, given.aliases)
        numbers = sorted({number for part in parts for number in part.lines})
        found.append(Topic(title or biggest.title, aliases, tuple(numbers)))
    return tuple(found)


def _names(title: str, aliases: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """A title and the aliases that differ from it; the first alias in place of no title."""
    names = [cleaned for each in (title, *aliases) if (cleaned := name(each))]
    if not names:
        return "", ()
    return names[0], _aliases(names[0], names[1:])


def _aliases(title: str, names: Iterable[str]) -> tuple[str, ...]:
    found = {title.casefold(): title}
    for each in names:
        found.setdefault(each.casefold(), each)
    return tuple(found.values())[1 : MAX_ALIASES + 1]


def _numbers(ranges: Iterable[RangeReply], lines: tuple[Line, ...]) -> tuple[int, ...]:
    """The numbers of these lines that lie in the ranges; a reversed range is turned round."""
    found: set[int] = set()
    first, last = lines[0].number, lines[-1].number
    for given in ranges:
        low, high = sorted((given.first, given.last))
        found.update(range(max(low, first), min(high, last) + 1))
    return tuple(sorted(found))


def _joined(one: Topic, other: Topic) -> Topic:
    more, less = (one, other) if len(one.lines) >= len(other.lines) else (other, one)
    aliases = _aliases(more.title, (*more.aliases, less.title, *less.aliases))
    return Topic(more.title, aliases, tuple(sorted({*one.lines, *other.lines})))


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(_folded(text)) if word not in _LITTLE]


def _folded(text: str) -> str:
    return re.sub("['’ʼ]", "", text.casefold())


def _are_in(words: list[str], others: list[str]) -> bool:
    return all(any(_is_same_word(word, other) for other in others) for word in words)


def _is_same_word(word: str, other: str) -> bool:
    from rapidfuzz import fuzz

    if word[0] != other[0] or any(char.isdigit() for char in word + other):
        return word == other
    return fuzz.ratio(word, other) >= SAME_WORD
