"""How likely each moment of a talk is to be where a statement is said, by their words alone."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generator.models import Transcript
from generator.summarizer.folding import is_unspaced
from generator.summarizer.stems import stemmer_of
from generator.summarizer.wording import Word, light_words, words_of

STEP = 4.0
"""Seconds between two moments."""

MOST_MOMENTS = 12_000
"""A talk of over 13 hours has its moments farther apart than `STEP`."""

_REACHES = ((-3.0, 12.0), (-10.0, 30.0))
"""A word counts for a moment if it is said so many seconds before to after it: a statement begins
there, and says what is said from there on."""

WEIGHTS = (2.2, 0.4)
"""What a statement's words weigh in each of these reaches; chosen by `benchmarks/check.py`."""

_LONGEST_CUE, _SLOWEST = 10.0, 10.0
"""A cue that stands for more seconds stands longer than it is spoken, unless it has as many
characters a second."""

_LONGEST_STATEMENT = 4000
_TYPICAL_RARITY = 3.0

Moments = NDArray[np.floating]
"""A number for each moment of a talk."""

_Reach = NDArray[np.uint8]


class Talk:
    """A transcript's words by where they are said, ready to be compared with statements.

    Words count by their stems, and once more by the consonants of their sound in Latin letters,
    which names and many terms share across languages; the more, the fewer moments have them.
    `end` is the video's, `starts` are the cues', in seconds; `times_words` says which cues time
    their words. `weights` as `WEIGHTS`.
    """

    def __init__(
        self, transcript: Transcript, end: float, weights: tuple[float, float] = WEIGHTS
    ) -> None:
        self.end = end
        self.starts = tuple(cue.start for cue in transcript.cues)
        self.times_words = tuple(bool(cue.words) for cue in transcript.cues)
        self._weights = weights
        self.step = max(STEP, end / MOST_MOMENTS)
        self.count = int(end // self.step) + 1
        self._language = transcript.language
        self._stem = stemmer_of(self._language) or _beginning
        self._light = light_words(self._language) | light_words("en")
        self._known: dict[str, tuple[str, str]] = {}
        self._said: dict[str, list[float]] = defaultdict(list)
        self._heard: dict[str, tuple[float, list[_Reach]]] = {}
        for cue in transcript.cues:
            spoken = max(_LONGEST_CUE, len(cue.text) / _SLOWEST)
            pace = min(cue.duration, spoken) / max(1, len(cue.text))
            for word in words_of(cue.text, self._language):
                at = cue.time_of(word.start) if cue.words else cue.start + pace * word.start
                for term in filter(None, self._terms(word)):
                    self._said[term].append(at)

    def likelihood(self, statement: str) -> Moments:
        """The probability of each moment, if the statement is said in the talk; their sum is 1."""
        scores: Moments = np.zeros(self.count)
        heard = [self._hear(term) for term in self._terms_of(statement)]
        # What is nowhere in the talk tells nothing of where, but that the wording is free.
        total = sum(rarity or _TYPICAL_RARITY for rarity, _ in heard)
        for rarity, reaches in heard:
            for weight, reach in zip(self._weights, reaches, strict=False):
                scores += float(weight * rarity / math.sqrt(total)) * reach
        likely: Moments = np.exp(scores - scores.max())
        likely /= likely.sum()
        return likely

    def _terms_of(self, statement: str) -> list[str]:
        """The terms of a statement, once each: a word's stem, or else its sound, if it is heard."""
        terms: dict[str, None] = {}
        for word in words_of(
            statement[:_LONGEST_STATEMENT], "en" if self._language == "und" else self._language
        ):
            stem, sound = self._terms(word)
            terms[sound if sound in self._said and stem not in self._said else stem] = None
        terms.pop("", None)
        return list(terms)

    def _terms(self, word: Word) -> tuple[str, str]:
        """A word's stem and its sound; empty where there is none."""
        if word.number:
            return f"#{word.text}", ""
        if word.text not in self._known:
            light = word.text in self._light
            sound = "" if light else sound_of(word.text)
            stem = "" if light else self._stem(word.text)
            self._known[word.text] = stem, f"~{sound}" if sound else ""
        return self._known[word.text]

    def _hear(self, term: str) -> tuple[float, list[_Reach]]:
        """How rare a term is, and in each reach where it counts; 0 and nothing where it is not."""
        if term not in self._said:
            return 0.0, []
        if term not in self._heard:
            reaches = [self._within(self._said[term], *reach) for reach in _REACHES]
            often = reaches[0].sum() * self.step / (_REACHES[0][1] - _REACHES[0][0])
            windows = self.count * self.step / (_REACHES[0][1] - _REACHES[0][0])
            self._heard[term] = math.log(1 + windows / (often + 0.5)), reaches
        return self._heard[term]

    def _within(self, said: list[float], before: float, after: float) -> _Reach:
        seconds = np.asarray(said)
        first = np.ceil((seconds - after) / self.step - 0.5).astype(int)
        beyond = np.floor((seconds - before) / self.step - 0.5).astype(int) + 1
        edges = np.zeros(self.count + 1)
        np.add.at(edges, np.clip(first, 0, self.count), 1)
        np.add.at(edges, np.clip(beyond, 0, self.count), -1)
        return (np.cumsum(edges[:-1]) > 0).astype(np.uint8)


def _beginning(word: str) -> str:
    """What stands in for a stem where the language has no stemmer."""
    return word if is_unspaced(word[0]) else word[:6]


_CYRILLIC = dict(
    zip(
        "бвгґджзклмнпрстфхцчшщ",
        ("b", "v", "g", "g", "d", "s", "s", "k", "l", "m", "n", "p", "r", "s", "t", "f", "", "k",
         "k", "s", "s"),
        strict=True,
    )
)  # fmt: skip
_PAIRS = (
    ("ph", "f"), ("th", "t"), ("tch", "k"), ("sch", "s"), ("sh", "s"), ("zh", "s"),
    ("ch", "k"), ("kh", ""), ("ts", "k"), ("ck", "k"), ("qu", "k"), ("x", "ks"),
)  # fmt: skip
_LETTERS = str.maketrans({"c": "k", "q": "k", "w": "v", "z": "s"})
_SILENT = frozenset("aeiouyjh")
_SOUND = 4
_LEAST_SOUND = 3


@lru_cache(maxsize=50_000)
def sound_of(word: str) -> str:
    """The first consonants of a folded word as Latin letters, alike where they sound alike.

    `гравитация` and `gravitation` are `grvt`. Empty where there are fewer than three, or in a
    script that is neither Latin nor Cyrillic.
    """
    plain = unicodedata.normalize("NFD", word)
    latin = "".join(_CYRILLIC.get(char, char) for char in plain)
    for pair, sound in _PAIRS:
        latin = latin.replace(pair, sound)
    sounds: list[str] = []
    for char in latin.translate(_LETTERS):
        if not "a" <= char <= "z" or char in _SILENT or sounds[-1:] == [char]:
            continue
        sounds.append(char)
    return "".join(sounds[:_SOUND]) if len(sounds) >= _LEAST_SOUND else ""
