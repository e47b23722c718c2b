"""A transcript as one text: what of it was spoken, in which words, and when."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import cached_property

from generator.models import Transcript
from generator.summarizer.extractive.function_words import primary
from generator.summarizer.extractive.spoken import blank, speaker_marks, unspoken

MAX_UNSPACED = 40
"""A longer run of a script without spaces is taken as several words, in characters."""

# What `folding.is_unspaced` says of one character.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
_TOKEN = re.compile(r"\S+")
_SAID = re.compile(r"[^\W_]")
_PHRASE_END = re.compile(r"[、，；：。！？]+")


def count_unspaced(text: str) -> int:
    """How many characters of a text are of scripts that put no spaces between words."""
    return 0 if text.isascii() else len(_UNSPACED.findall(text))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a run of a script without spaces, with the punctuation around it.

    `offset` and `stop` are its place in `Speech.text`, `start` the second at which it is said;
    `size` is how many words it counts as.
    """

    offset: int
    stop: int
    start: float
    size: float


class Speech:
    """The cues of a transcript, joined by single spaces.

    `text` is what the captions say and `spoken` the same, as long, with all that was not said or
    carries nothing blanked out. `starts` are the offsets at which the cues begin, `turns` those at
    which another speaker begins.
    """

    def __init__(self, transcript: Transcript) -> None:
        self.cues = transcript.cues
        self.language = primary(transcript.language)
        self.text = " ".join(cue.text for cue in self.cues)
        self.starts: list[int] = []
        at = 0
        for cue in self.cues:
            self.starts.append(at)
            at += len(cue.text) + 1
        marks = speaker_marks(self.text, self.starts)
        self.spoken = unspoken(blank(self.text, marks), self.language)
        self.turns = sorted({end for _, end in marks} | set(self._named_turns()))

    def _named_turns(self) -> list[int]:
        """Where cues name another speaker than the one before."""
        found = []
        for start, before, cue in zip(self.starts[1:], self.cues, self.cues[1:], strict=False):
            if cue.speaker != before.speaker and cue.speaker:
                found.append(start)
        return found

    @property
    def has_words(self) -> bool:
        """Whether anything is said at all."""
        return any(char.isalnum() for char in self.spoken)

    @cached_property
    def is_timed(self) -> bool:
        """Whether the source timed most of the words."""
        return 2 * sum(bool(cue.words) for cue in self.cues) > len(self.cues)

    def cue_at(self, offset: int) -> int:
        """The cue that the character at `offset` is in."""
        return max(0, bisect.bisect_right(self.starts, offset) - 1)

    def time_at(self, offset: int) -> float:
        """When the character at `offset` is said, in seconds.

        That is when its word begins, where the cue times its words; otherwise it is estimated, as
        if the cue were spoken evenly until the next one begins.
        """
        index = self.cue_at(offset)
        cue, inside = self.cues[index], offset - self.starts[index]
        if cue.words:
            place = bisect.bisect_right(cue.words, inside, key=lambda word: word.offset) - 1
            return cue.words[max(0, place)].start
        share = inside / max(1, len(cue.text))
        return cue.start + self.lengths[index] * min(1.0, share)

    def end_at(self, offset: int) -> float:
        """When the text before `offset` has been said, in seconds."""
        index = self.cue_at(max(0, offset - 1))
        cue, inside = self.cues[index], offset - self.starts[index]
        if cue.words:
            later = [word.start for word in cue.words if word.offset >= inside]
            return later[0] if later else max(cue.words[-1].start, cue.start + self.lengths[index])
        return cue.start + self.lengths[index] * min(1.0, inside / max(1, len(cue.text)))

    @cached_property
    def lengths(self) -> list[float]:
        """Seconds that each cue is spoken for: until the next begins where they overlap."""
        lengths = []
        for cue, following in zip(self.cues, (*self.cues[1:], None), strict=True):
            until = cue.end if following is None else min(cue.end, following.start)
            lengths.append(max(0.0, until - cue.start))
        return lengths

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The spoken words in order."""
        found: list[Token] = []
        plain = not count_unspaced(self.spoken)
        for number, (cue, begin) in enumerate(zip(self.cues, self.starts, strict=True)):
            stop = begin + len(cue.text)
            rate = self.lengths[number] / max(1, len(cue.text))
            for match in _TOKEN.finditer(self.spoken, begin, stop):
                if not _SAID.search(match[0]):
                    continue
                if plain and not cue.words:
                    at = match.start()
                    found.append(Token(at, match.end(), cue.start + rate * (at - begin), 1.0))
                    continue
                found.extend(
                    Token(start, end, self.time_at(start), _size(self.spoken[start:end]))
                    for start, end in self._parts(*match.span())
                )
        return tuple(found)

    def _parts(self, start: int, stop: int) -> list[tuple[int, int]]:
        """A word as it is; a run without spaces cut where its words are timed, or at commas."""
        run = self.spoken[start:stop]
        if not count_unspaced(run):
            return [(start, stop)]
        index = self.cue_at(start)
        cuts = {self.starts[index] + word.offset for word in self.cues[index].words}
        cuts |= {start + mark.end() for mark in _PHRASE_END.finditer(run)}
        found, at = [], start
        for cut in [*sorted(cut for cut in cuts if start < cut < stop), stop]:
            while cut - at > MAX_UNSPACED:
                found.append((at, at + MAX_UNSPACED))
                at += MAX_UNSPACED
            if any(char.isalnum() for char in self.spoken[at:cut]):
                found.append((at, cut))
                at = cut
        return found or [(start, stop)]


def _size(text: str) -> float:
    return max(1.0, count_unspaced(text) / 2)
