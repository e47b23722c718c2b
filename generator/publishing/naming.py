"""Which slugs a video's notes get: those they had, else such that no other note has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from generator.models import Note, statements_in
from generator.renderer.slugs import slug_key, slugify, unique_slug

SPAN = 20
"""Seconds: cited seconds in one such part of a video count as the same place. About a line."""

SAME_PLACES = 0.5
"""Notes that share so much of all the places that either cites are one topic, whatever their
titles. The topics of a video share the talk among them, so no two others come near it."""

OTHER_PLACES = 0.1
"""Notes that share less than this treat something else, even where no others are left."""


@dataclass(frozen=True, slots=True)
class Former:
    """A note that a video had until now.

    `names` are its title and aliases. `is_ours` says that this program wrote it.
    """

    slug: str
    names: tuple[str, ...]
    is_ours: bool


def places_of(note: Note) -> frozenset[int]:
    """The parts of a video, `SPAN` seconds each and counted from 0, that a note cites."""
    return frozenset(
        citation.second // SPAN
        for statement in statements_in(note)
        for citation in statement.citations
    )


def known_again(
    notes: Sequence[Note], former: Sequence[Former], texts: Callable[[], Mapping[str, Note]]
) -> dict[int, Former]:
    """Which notes were there before, by their index.

    A note is known again by its title, as it is or nearly so, among the names of former ones; else
    by the places of the video that both cite; and where one of ours is left over, and one note,
    they are the same under a new title, unless they treat other places. `texts` gives the former
    notes that are in the library by slug; it is called only if needed.
    """
    known, left = _by_name(notes, former)
    unknown = [index for index in range(len(notes)) if index not in known]
    ours = {each.slug: each for each in left if each.is_ours}
    if not unknown or not ours:
        return known
    theirs = {slug: places_of(note) for slug, note in texts().items() if slug in ours}
    places = {index: places_of(notes[index]) for index in unknown}
    alike = sorted(
        (-_shared(places[index], cited), index, slug)
        for index in unknown
        for slug, cited in theirs.items()
    )
    for score, index, slug in alike:
        if -score >= SAME_PLACES and index not in known and slug in ours:
            known[index] = ours.pop(slug)
    unknown = [index for index in unknown if index not in known]
    if len(unknown) == len(ours) == 1:
        (slug,) = ours
        if slug not in theirs or _shared(places[unknown[0]], theirs[slug]) >= OTHER_PLACES:
            known[unknown[0]] = ours[slug]
    return known


def _by_name(
    notes: Sequence[Note], former: Sequence[Former]
) -> tuple[dict[int, Former], list[Former]]:
    """The notes that are known again by their names, by index, and the former ones left over."""
    from generator.summarizer.openai.topics import same_name

    left, known = list(former), dict[int, Former]()
    for is_same in (str.__eq__, same_name):
        for count in (1, None):  # titles before aliases
            for index, note in enumerate(notes):
                if index in known:
                    continue
                for each in left:
                    if any(is_same(note.title, name) for name in each.names[:count]):
                        known[index] = each
                        left.remove(each)
                        break
    return known, left


def slugs_for(
    notes: Sequence[Note], known: Mapping[int, Former], is_taken: Callable[[str], bool]
) -> list[str]:
    """A slug for each note of a video, those that are known again keeping theirs.

    `is_taken` tells of the slugs of the channel, those of the video's notes until now included.
    """
    chosen: list[str] = []
    keys = {slug_key(each.slug) for each in known.values()}
    for index, note in enumerate(notes):
        if index in known:
            chosen.append(known[index].slug)
            continue
        wanted = slugify(note.title, video_id=note.video.id, channel=note.video.channel)
        slug = unique_slug(wanted, lambda name: slug_key(name) in keys or is_taken(name))
        chosen.append(slug)
        keys.add(slug_key(slug))
    return chosen


def _shared(some: frozenset[int], others: frozenset[int]) -> float:
    """How much of all the places in either is in both, from 0 to 1."""
    return len(some & others) / len(some | others) if some or others else 0.0
