"""Parts speech without punctuation into runs of whole cues, and enormous cues into pieces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.summarizer.extractive.marks import begins_clause

if TYPE_CHECKING:
    from generator.summarizer.extractive.sentences import Speech

MAX_CHARACTERS = 700
"""A longer sentence is one that lacks its punctuation: it is taken as runs of whole cues."""

RUN_CHARACTERS = 400
"""Such a run is no longer than this, save where a single cue is."""

RUN_SECONDS = 12.0
"""About how long a run of cues without punctuation is."""

MAX_RUN_SECONDS = 20.0
"""Longer only where a single cue is."""

# What `folding.is_unspaced` says of one character.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


def count_unspaced(text: str) -> int:
    """How many characters of a text are of scripts that put no spaces between words."""
    return 0 if text.isascii() else len(_UNSPACED.findall(text))


def cue_runs(speech: Speech, first: int, last: int) -> list[tuple[int, int]]:
    """Cues `first` to `last` in runs of about `RUN_SECONDS` that end where a breath is likely.

    The best of all divisions, by dynamic programming: pauses and commas draw a boundary, a
    short word at a cue's end (an article, a preposition) pushes it off.
    """
    count = last - first + 1
    best = [0.0] + [float("inf")] * count
    back = [0] * (count + 1)
    for stop in range(1, count + 1):
        end = speech.cues[first + stop - 1].start + speech.lengths[first + stop - 1]
        price = _price(speech, first + stop) if stop < count else 0.0
        for begin in range(stop - 1, -1, -1):
            lasts = end - speech.cues[first + begin].start
            size = speech.starts[first + stop - 1] - speech.starts[first + begin]
            over = lasts > MAX_RUN_SECONDS or size > RUN_CHARACTERS
            if over and begin < stop - 1:
                break
            cost = best[begin] + abs(lasts - RUN_SECONDS) / RUN_SECONDS + price
            if cost < best[stop]:
                best[stop], back[stop] = cost, begin
    runs = []
    stop = count
    while stop > 0:
        begin = back[stop]
        open_at = speech.starts[first + begin]
        shut_at = speech.starts[first + stop - 1] + len(speech.cues[first + stop - 1].text)
        runs.append((open_at, shut_at))
        stop = begin
    return runs[::-1]


def _price(speech: Speech, cue: int) -> float:
    """What a boundary before this cue costs."""
    before = speech.cues[cue - 1].text.rstrip()
    price = -min(1.5, speech.pauses[cue])
    if before.endswith((",", ";", ":", "，", "、")):
        price -= 0.4
    if before.endswith(tuple(".!?…。！？")):
        price -= 0.8
    word = before.rsplit(" ", 1)[-1]
    if word.isalpha() and len(word) <= 3 and not count_unspaced(word):
        price += 0.4
    following = speech.cues[cue].text.split(maxsplit=1)
    if following and begins_clause(following[0].casefold(), speech.language):
        price -= 0.35
    return price


_CLAUSE = re.compile(r"[,;:—–、，；]\s*|\s")


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A cue longer than `MAX_CHARACTERS`, parted at its commas, else its spaces."""
    found = []
    while end - start > MAX_CHARACTERS:
        window = text[start : start + RUN_CHARACTERS]
        cuts = [m.end() for m in _CLAUSE.finditer(window) if m.end() > RUN_CHARACTERS // 3]
        commas = [cut for cut in cuts if window[cut - 1 : cut + 1].strip() in ",;:—–、，；"]
        if commas or cuts:
            cut = start + (commas or cuts)[-1]
        elif count_unspaced(window):
            cut = start + RUN_CHARACTERS // 3
        else:
            # One word without end: it is kept whole.
            space = re.compile(r"\s").search(text, start, end)
            if space is None:
                break
            cut = space.end()
        found.append((start, cut))
        start = cut
    return [*found, (start, end)]
