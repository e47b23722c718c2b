"""Talks by the number, made by rule: what batches are tested and measured with."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tests.standins.talk import CaptionTrack, Cue, Talk

HANDLE, CHANNEL, CHANNEL_ID = "@many_talks", "Many Talks", "UCmanyTalks-_01234567abc"
_NOUNS = (
    "harbour lighthouse compass anchor current sediment granite glacier meadow orchard thermal"
    " turbine bearing lattice polymer enzyme pigment resonance membrane crystal barometer sextant"
    " meridian isotope aquifer estuary canopy pollen mycelium tectonics"
)
_VERBS = "carries holds slows measures changes feeds moves covers follows shapes"
_THINGS, _DEEDS = _NOUNS.split(), _VERBS.split()
_MANNERS = ("slowly", "evenly", "every winter", "at low tide", "under pressure", "by night")


def many_talks(
    number: int, *, first: int = 0, lines: int = 48, minutes: float = 12.0
) -> list[Talk]:
    """So many talks of one channel, the newest first; the same ones every time.

    Each has one track of `lines` sentences over `minutes`. Talks three apart are on the same
    things, so that their notes have much the same names and mention each other.
    """
    return [_talk(at, lines, minutes) for at in range(first, first + number)]


def _talk(at: int, lines: int, minutes: float) -> Talk:
    draw = random.Random(at)
    step = 60 * minutes / lines
    subjects = random.Random(at % 3).sample(_THINGS, 8)
    cues = tuple(
        Cue(round(step * n, 3), round(step, 3), _sentence(draw, subjects[8 * n // lines]))
        for n in range(lines)
    )
    return Talk(
        id=f"many{at:07d}",
        title=f"Talk {at + 1} on the {subjects[0]} and the {subjects[1]}",
        handle=HANDLE,
        channel=CHANNEL,
        channel_id=CHANNEL_ID,
        published=date(2026, 1, 1) - timedelta(days=at),
        duration=int(60 * minutes),
        description=f"About the {subjects[0]}.",
        tags=(subjects[0],),
        chapters=(),
        tracks=(CaptionTrack("en", "English", False, cues),),
    )


def _sentence(draw: random.Random, subject: str) -> str:
    other, third = draw.sample(_THINGS, 2)
    return (
        f"The {subject} {draw.choice(_DEEDS)} the {other} {draw.choice(_MANNERS)} and so the"
        f" {third} of the {subject} {draw.choice(_DEEDS)} number {draw.randrange(100, 1000)}."
    )
