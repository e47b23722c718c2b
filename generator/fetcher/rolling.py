"""Rolling captions folded: each line that the next captions show again is kept once.

YouTube's generated captions, as yt-dlp writes them, show two lines of which the upper one is what
was said before, and between two such captions one of 10 ms that only moves the text up. Converters
strip the times of the words (`<00:00:01.319><c> word</c>`) and may join the lines, but keep what is
shown twice. Where the times are there, they stay with the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.fetcher.timedtext import TimedText, joined

# Captions that only move the text up last 10 ms; nothing can be read in less than 50.
_UNREADABLE = 0.05
_GAP = 0.5
# Captions show two lines, some broadcasters' three.
_WINDOW = 8


@dataclass(frozen=True, slots=True)
class ReadCue:
    """A caption as its file has it.

    `number` counts from 1. `start` and `end` in seconds, `end` None where the file does not tell.
    `lines` are clean, without tags and entities, and not empty. `speaker` is whom the file names.
    """

    number: int
    start: float
    end: float | None
    lines: tuple[TimedText, ...]
    speaker: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines without the times of their words."""
        return tuple(line.text for line in self.lines)

    @property
    def text(self) -> str:
        """All lines as one."""
        return " ".join(self.texts)


@dataclass(frozen=True, slots=True)
class Folded:
    """Captions, and what they were: rolling, timed by the word."""

    cues: tuple[ReadCue, ...]
    rolling: bool
    timed: bool


def fold(cues: Sequence[ReadCue]) -> Folded:
    """Captions with every word once, each in the caption that was the first to show it.

    A caption keeps its start and end (in seconds) whatever times its words have. Captions that do
    not roll keep their repetitions, too.
    """
    timed = any(line.words for cue in cues for line in cue.lines)
    seen = [cue for cue in cues if cue.lines]
    for new_lines in (_new_lines, _new_words):
        found = new_lines(seen)
        if _rolls(seen, found, timed=timed):
            folded = [replace(cue, lines=new) for cue, new in zip(seen, found, strict=True) if new]
            return Folded(tuple(folded), True, timed)
    return Folded(tuple(cues), False, timed)


def _new_lines(shown: Sequence[ReadCue]) -> list[tuple[TimedText, ...]]:
    """For each caption its lines that the one before did not show."""
    return [
        now.lines[_carried(before, now) if before else 0 :]
        for before, now in zip([None, *shown], shown, strict=False)
    ]


def _carried(before: ReadCue, now: ReadCue) -> int:
    """How many of a caption's first lines are the last ones of the caption before."""
    # A line whose words are timed is being said.
    most = next((at for at, line in enumerate(now.lines) if line.words), len(now.lines))
    for count in range(min(most, len(before.lines), _WINDOW), 0, -1):
        if before.texts[-count:] != now.texts[:count]:
            continue
        if count < len(now.lines) or _passes(now):
            return count
        if count > 1 and len(set(now.texts)) == 1:
            return count - 1  # "no", "no" moved up by one more "no"
        if now.start - (before.end or before.start) <= _GAP:
            return count
    return 0


def _new_words(shown: Sequence[ReadCue]) -> list[tuple[TimedText, ...]]:
    """For each caption the words after those that repeat the one before, lines joined."""
    found: list[tuple[TimedText, ...]] = []
    before, unit = "", ""
    for now in shown:
        new = whole = joined(now.lines)
        for said in (before, unit) if not now.lines[0].words else ():
            if said and whole.text == said:
                new = TimedText("")
                break
            if said and whole.text.startswith(said + " "):
                new = whole.after(len(said) + 1)
                break
        found.append((new,) if new.text else ())
        before, unit = whole.text, new.text or unit
    return found


def _rolls(shown: Sequence[ReadCue], new: Sequence[tuple[TimedText, ...]], *, timed: bool) -> bool:
    """Whether so many captions begin with what the one before showed that it is no accident."""
    moved, grown, judged = 0, set(), 0
    for before, now, lines in zip(shown, shown[1:], new[1:], strict=False):
        fresh = tuple(line.text for line in lines)
        if not fresh:
            moved += _passes(now)
            judged += _passes(now)
            continue
        judged += 1
        if len(" ".join(fresh)) < len(now.text) and not set(fresh) & set(before.texts):
            grown.add((before.texts[-1], fresh))
    carried = {line for line, _ in grown}
    score = moved + len(grown)
    if timed:
        return score >= 1 and score >= 0.3 * judged
    return score >= 2 and score >= 0.5 * judged and (moved > 0 or len(carried) > 1)


def _passes(cue: ReadCue) -> bool:
    """Whether a caption goes before anybody could read it."""
    return cue.end is not None and 0 <= cue.end - cue.start <= _UNREADABLE
