"""Finds the sentences in a transcript's cues, in any script, with or without punctuation."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import cached_property

from generator.models import Transcript
from generator.summarizer.extractive.runs import (
    MAX_CHARACTERS,
    MAX_RUN_SECONDS,
    count_unspaced,
    cue_runs,
    pieces,
)
from generator.summarizer.extractive.spoken import blank_unspoken, primary

_STOP = (
    ".!?\u2026\u203c\u2047-\u2049\u3002\uff0e\uff61\uff01\uff1f\u061f\u06d4\u0964\u0965\u1362\u1367"
    "\u104b\u17d4\u0589"
)
_CLOSING = "\"'\u2019\u201d\u00bb\u203a)\\]\u300d\u300f\uff09\u3011"
# Stops that nothing need follow: those of scripts without spaces.
_WIDE = "\u3002\uff0e\uff61\uff01\uff1f\u17d4\u104b"
_BREAK = re.compile(rf"[{_STOP}]+[{_CLOSING}]*(?=\s|$)|[{_WIDE}]+[{_CLOSING}]*")
_OPENING = re.compile(
    "[\\s\"'\u2018\u201c\u00ab\u201e(\\[\u00bf\u00a1\u300c\u300e\uff08\u2026.\\-–—]*"
)
_LAST_WORD = re.compile(r"([\w.'’-]*)\.$")
_ENDING = re.compile(rf"[{_STOP}][{_CLOSING}]*$")

# Words that a full stop belongs to, and after which a sentence goes on with a capital or a digit.
_ABBREVIATED = """
dr mr mrs ms mx prof st sr sra jr rev gen col capt lt sgt gov sen rep hon fig figs eq eqs vs
no nr nos vol ch sec pp ca cf approx dept univ mt ft hr fr dipl ing bzw z.b d.h u.a ggf vgl
abb mme mlle ст г гг им проф акад тов ул рис гл стр т.е т.к т.н т.д н.э dott sig ing avv eng
dra núm art e.g i.e a.k.a
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_ORDINAL_LANGUAGES = {"de", "da", "no", "fi", "cs", "sk", "sl", "hr", "sr", "bs", "hu", "et", "is"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a run of whole cues where captions have no punctuation.

    `text` is what was said, without what `blank_unspoken` takes out. `first` and `last` are the
    cues it begins and ends in; `offset` is where its first kept character stands in the text of all
    cues joined by spaces, `stop` where its last one ends. `start` and `end` are in seconds,
    reckoned by the share of characters where it begins or ends within a cue; `pause` is the
    silence before it, in seconds. `ended` says whether it has its own punctuation, `whole` that it
    is no run of cues or piece of one.
    """

    text: str
    first: int
    last: int
    offset: int
    stop: int
    start: float
    end: float
    pause: float
    ended: bool
    whole: bool


class Speech:
    """A transcript as one text, and its sentences in order."""

    def __init__(self, transcript: Transcript) -> None:
        self.cues = transcript.cues
        self.language = primary(transcript.language)
        self.text = " ".join(cue.text for cue in self.cues)
        self.starts: list[int] = []
        at = 0
        for cue in self.cues:
            self.starts.append(at)
            at += len(cue.text) + 1
        self.spoken = blank_unspoken(self.text, self.starts, transcript.language)

    def cue_at(self, offset: int) -> int:
        """The cue that the character at `offset` is in."""
        return max(0, bisect.bisect_right(self.starts, offset) - 1)

    def time_at(self, offset: int) -> float:
        """When the character at `offset` is said, in seconds, were every cue said evenly."""
        index = self.cue_at(offset)
        cue = self.cues[index]
        share = (offset - self.starts[index]) / max(1, len(cue.text))
        return cue.start + self.lengths[index] * min(1.0, share)

    @cached_property
    def lengths(self) -> list[float]:
        """Seconds that each cue is spoken for: until the next begins where they overlap."""
        lengths = []
        for cue, following in zip(self.cues, (*self.cues[1:], None), strict=True):
            until = cue.end if following is None else min(cue.end, following.start)
            lengths.append(max(0.0, until - cue.start))
        return lengths

    @cached_property
    def pauses(self) -> list[float]:
        """The silence before each cue, in seconds.

        Generated captions leave none: each stays until the next one comes. There it is what is left
        of a cue's time over what its characters take at the video's own pace.
        """
        gaps = [0.0]
        for cue, following in zip(self.cues, self.cues[1:], strict=False):
            gaps.append(max(0.0, following.start - cue.end))
        if sum(gap > 0.05 for gap in gaps) > len(gaps) * 0.03:
            return gaps
        paces = sorted(
            length / len(cue.text)
            for cue, length in zip(self.cues, self.lengths, strict=True)
            if len(cue.text) > 10
        )
        if not paces:
            return gaps
        pace = paces[len(paces) // 2]
        for index in range(1, len(self.cues)):
            before = self.cues[index - 1]
            left = self.lengths[index - 1] - 1.3 * pace * len(before.text) - 0.3
            gaps[index] = max(gaps[index], left, 0.0)
        return gaps

    @property
    def has_words(self) -> bool:
        """Whether anything is said at all."""
        return any(char.isalnum() for char in self.spoken)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that have a letter or a digit, in the order they were said."""
        found = []
        for start, end, whole in self._spans():
            sentence = self._sentence(start, end, whole)
            if sentence:
                found.append(sentence)
        return tuple(found)

    def _sentence(self, start: int, end: int, whole: bool) -> Sentence | None:
        raw = self.spoken[start:end]
        offset = start + len(raw) - len(raw.lstrip(" ,;:.-–—…、，"))
        stop = start + len(raw.rstrip())
        if offset >= stop:
            return None
        text = self._text(offset, stop)
        if not any(char.isalnum() for char in text):
            return None
        first, last = self.cue_at(offset), self.cue_at(stop - 1)
        opens = not self.spoken[self.starts[first] : offset].strip()
        return Sentence(
            text=text,
            first=first,
            last=last,
            offset=offset,
            stop=stop,
            start=self.time_at(offset),
            end=self.time_at(stop),
            pause=self.pauses[first] if opens else 0.0,
            ended=bool(_ENDING.search(text)),
            whole=whole,
        )

    def _text(self, offset: int, stop: int) -> str:
        """What is said from `offset` to `stop`; Chinese and Japanese cues join without a space."""
        said = self.spoken[offset:stop]
        if count_unspaced(said) and _ENDING.search(said):
            for start in self.starts[self.cue_at(offset) + 1 : self.cue_at(stop - 1) + 1][::-1]:
                before, after = said[: start - offset], said[start - offset :]
                if _JOINED.search(before.rstrip()[-1:] + after.lstrip()[:1]):
                    said = before.rstrip() + after.lstrip()
        return tidy(said)

    def _spans(self) -> list[tuple[int, int, bool]]:
        spans: list[tuple[int, int, bool]] = []
        at = 0
        for end in [*self._breaks(), len(self.spoken)]:
            if end > at and self.spoken[at:end].strip():
                parts = self._parts(at, end)
                spans.extend((*part, len(parts) == 1) for part in parts)
            at = max(at, end)
        return spans

    def _breaks(self) -> list[int]:
        """The offsets after each sentence's last character."""
        stops = list(_BREAK.finditer(self.spoken))
        lowered = [self._next_char(match.end()).islower() for match in stops]
        # A text that never begins a sentence with a capital says nothing by a small letter.
        heedless = sum(lowered) > len(stops) * 0.5
        return [
            match.end()
            for match, low in zip(stops, lowered, strict=True)
            if self._is_break(match, low and not heedless)
        ]

    def _next_char(self, offset: int) -> str:
        opening = _OPENING.match(self.spoken, offset)
        at = opening.end() if opening else offset
        return self.spoken[at : at + 1]

    def _is_break(self, match: re.Match[str], low: bool) -> bool:
        mark = match[0]
        if mark[0] in _WIDE or mark[0] not in ".…!?":
            return True
        if low:
            # “Really?” he said; and so on … and on; approx. ten.
            return False
        if mark != ".":
            return True
        word = _LAST_WORD.search(self.spoken, max(0, match.start() - 40), match.end())
        last = (word[1] if word else "").casefold()
        following = self.spoken[match.end() : match.end() + 40].split()
        next_word = following[0].strip("\"'“”«»,.!?…").casefold() if following else ""
        if last in _ABBREVIATIONS:
            return last == "no" and not next_word.isdigit()
        if last.isdigit() and len(last) <= 2 and self.language in _ORDINAL_LANGUAGES:
            return next_word in self._openers
        if (len(last) == 1 and last.isalpha()) or re.fullmatch(r"(?:\w\.)+\w", last):
            # An initial, unless what follows begins sentences in this video.
            return next_word in self._openers or not next_word
        return True

    @cached_property
    def _openers(self) -> frozenset[str]:
        """Words that begin sentences in this video beyond doubt."""
        found = re.findall(r"(?:\w{3}[.!?]|[!?])[\"”»]?\s+([^\W\d_]+)", self.spoken)
        return frozenset(word.casefold() for word in found)

    def _parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """The span itself, or runs of whole cues where it is too long to be a sentence."""
        raw = self.spoken[start:end]
        first, last = self.cue_at(start + len(raw) - len(raw.lstrip())), self.cue_at(end - 1)
        length = len(raw.strip())
        too_long = length > MAX_CHARACTERS or count_unspaced(raw) > MAX_CHARACTERS / 3
        bare = not _ENDING.search(raw.rstrip())
        lasts = self.time_at(end) - self.time_at(start)
        if not too_long and not (bare and lasts > MAX_RUN_SECONDS):
            return [(start, end)]
        parts = []
        for run_start, run_end in cue_runs(self, first, last):
            parts.extend(pieces(self.spoken, max(run_start, start), min(run_end, end)))
        return parts


_JOINED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]{2}")


def tidy(text: str) -> str:
    """Blanked text as one line: single spaces, and none where a removal left one before a stop."""
    text = re.sub(r"\s{2,}(?=[.,;:?!…])", "", text)
    return " ".join(text.split())
