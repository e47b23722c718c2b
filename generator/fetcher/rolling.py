"""Rolling captions folded: each line that the next captions show again is kept once.

YouTube's generated captions, as yt-dlp writes them, show two lines of which the upper one is what
was said before, and between two such captions one of 10 ms that only moves the text up. Converters
strip the times of the words (`<00:00:01.319><c> word</c>`) and may join the lines, but keep what is
shown twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.fetcher.cuetext import has_word_times, plain
from generator.text import clean

# Captions that only move the text up last 10 ms; nothing can be read in less than 50.
_UNREADABLE = 0.05
_GAP = 0.5
# Captions show two lines, some broadcasters' three.
_WINDOW = 8


@dataclass(frozen=True, slots=True)
class ReadCue:
    """A caption as its file has it.

    `number` counts from 1. `start` and `end` in seconds, `end` None where the file does not tell.
    `lines` may hold tags and entities.
    """

    number: int
    start: float
    end: float | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """Captions whose lines are plain characters, and what they were: rolling, timed by the word."""

    cues: tuple[ReadCue, ...]
    rolling: bool
    timed: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a caption shows: its lines that are not empty, plain, and which of them are timed."""

    cue: ReadCue
    lines: tuple[str, ...]
    timed: tuple[bool, ...]


def fold(cues: Sequence[ReadCue]) -> Folded:
    """Captions with every word once, each in the caption that was the first to show it.

    A caption keeps its start and end (in seconds) whatever times stand between its words: its start
    is what is cited. Captions that do not roll keep their repetitions, too.
    """
    shown = [_shown(cue) for cue in cues]
    timed = any(any(cue.timed) for cue in shown)
    seen = [cue for cue in shown if cue.lines]
    for new_lines in (_new_lines, _new_words):
        found = new_lines(seen)
        if _rolls(seen, found, timed=timed):
            folded = [
                replace(cue.cue, lines=new) for cue, new in zip(seen, found, strict=True) if new
            ]
            return Folded(tuple(folded), True, timed)
    return Folded(tuple(replace(cue.cue, lines=cue.lines) for cue in shown), False, timed)


def _shown(cue: ReadCue) -> _Shown:
    lines, timed = [], []
    for line in cue.lines:
        if text := clean(plain(line)):
            lines.append(text)
            timed.append(has_word_times(line))
    return _Shown(cue, tuple(lines), tuple(timed))


def _new_lines(shown: Sequence[_Shown]) -> list[tuple[str, ...]]:
    """For each caption its lines that the one before did not show."""
    return [
        now.lines[_carried(before, now) if before else 0 :]
        for before, now in zip([None, *shown], shown, strict=False)
    ]


def _carried(before: _Shown, now: _Shown) -> int:
    """How many of a caption's first lines are the last ones of the caption before."""
    # A line whose words are timed is being said.
    most = now.timed.index(True) if any(now.timed) else len(now.lines)
    for count in range(min(most, len(before.lines), _WINDOW), 0, -1):
        if before.lines[-count:] != now.lines[:count]:
            continue
        if count < len(now.lines) or _passes(now.cue):
            return count
        if count > 1 and len(set(now.lines)) == 1:
            return count - 1  # "no", "no" moved up by one more "no"
        if now.cue.start - (before.cue.end or before.cue.start) <= _GAP:
            return count
    return 0


def _new_words(shown: Sequence[_Shown]) -> list[tuple[str, ...]]:
    """For each caption the words after those that repeat the one before, lines joined."""
    found: list[tuple[str, ...]] = []
    before, unit = "", ""
    for now in shown:
        text = " ".join(now.lines)
        new = text
        for said in (before, unit):
            if said and text == said:
                new = ""
                break
            if said and text.startswith(said + " "):
                new = text[len(said) + 1 :]
                break
        found.append((new,) if new else ())
        before, unit = text, new or unit
    return found


def _rolls(shown: Sequence[_Shown], new: Sequence[tuple[str, ...]], *, timed: bool) -> bool:
    """Whether so many captions begin with what the one before showed that it is no accident."""
    moved, grown, judged = 0, set(), 0
    for before, now, fresh in zip(shown, shown[1:], new[1:], strict=False):
        text, kept = " ".join(now.lines), " ".join(fresh)
        if not fresh:
            moved += _passes(now.cue)
            judged += _passes(now.cue)
            continue
        judged += 1
        if len(kept) < len(text) and not set(fresh) & set(before.lines):
            grown.add((before.lines[-1], fresh))
    carried = {line for line, _ in grown}
    score = moved + len(grown)
    if timed:
        return score >= 1 and score >= 0.3 * judged
    return score >= 2 and score >= 0.5 * judged and (moved > 0 or len(carried) > 1)


def _passes(cue: ReadCue) -> bool:
    """Whether a caption goes before anybody could read it."""
    return cue.end is not None and 0 <= cue.end - cue.start <= _UNREADABLE
