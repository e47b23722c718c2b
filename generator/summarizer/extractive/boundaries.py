"""Find where sentences begin in speech that was written down without punctuation.

Two small learned models, both run on numpy alone. The first reads the words: a convolutional
network that gives each word the chance that a comma, a full stop or a question mark follows it
(English only). The second joins that with what holds in any language: how long the speaker pauses,
and how common the words on both sides are. `training/` has what trained them, and on what.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

MODEL = Path(__file__).with_name("boundaries.npz")

TEXT_LANGUAGES = frozenset({"en"})
"""The languages whose words the network has learned."""

SUFFIXES = 1500
"""Rows for words by their last three letters: what is known of a word outside the vocabulary."""

DILATIONS = (1, 2, 4)
"""Of the three convolutions after the first; each sees three words, so many apart."""

NOTHING, COMMA, STOP, QUESTION = range(4)

CONTEXT = 48
"""Words before and after a stretch that the network reads along with it."""


@dataclass(frozen=True, slots=True)
class Chances:
    """For each word of a talk, how likely a sentence begins with it, and what precedes it.

    All are arrays of one chance a word, from 0 to 1: `begins` that a sentence begins with it,
    `asks` that the sentence which then ends is a question, `marked` that punctuation of some kind
    stands before it, by the words alone.
    """

    begins: Array
    asks: Array
    marked: Array


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a talk as the models see them, all of one length.

    `texts` are lower case and bare of punctuation; `starts` the seconds at which they are said.
    `timed` says whether the source timed each word,
    or only its cues. `stop_words` are those of the talk's language, `openers` its words that begin
    clauses.
    """

    texts: Sequence[str]
    starts: NDArray[np.float64]
    timed: bool
    language: str
    stop_words: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()


def chances(
    words: Words, stretches: Sequence[tuple[int, int]], model: Mapping[str, Array]
) -> Chances:
    """Estimate where sentences begin within stretches of words: first and last (exclusive) indices.

    `model` has the arrays that join pauses and words. What the result says of words outside the
    stretches means nothing.
    """
    import numpy as np

    text = text_chances(words, stretches)
    seen = (features(words, text) - model["mean"]) / model["spread"]
    hidden = np.maximum(0.0, seen @ model["w1"] + model["b1"])
    begins = 1.0 / (1.0 + np.exp(-(hidden @ model["w2"] + model["b2"])))
    ends = np.maximum(text[:, STOP] + text[:, QUESTION], 1e-6)
    marked = text[:, COMMA] + text[:, STOP] + text[:, QUESTION]
    return Chances(begins.astype(np.float32), text[:, QUESTION] / ends, marked)


def text_chances(words: Words, stretches: Sequence[tuple[int, int]]) -> Array:
    """Give the chances of what stands before each word of the stretches, by the words alone.

    The result has a row a word of the talk and a column each for NOTHING, COMMA, STOP and QUESTION.
    Rows outside the stretches, and all rows in a language that the network does not know, are zero.
    """
    import numpy as np

    found = np.zeros((len(words.texts), 4), dtype=np.float32)
    if words.language not in TEXT_LANGUAGES:
        return found
    for first, last in stretches:
        low, high = max(0, first - CONTEXT), min(len(words.texts), last + CONTEXT)
        after = _network(words.texts[low:high])
        begin = max(low + 1, first)
        found[begin:last] = after[begin - 1 - low : last - 1 - low]
    return found


def _network(texts: Sequence[str]) -> Array:
    """Run the network: a row a word, the chances of what follows it."""
    import numpy as np

    model, vocabulary = weights(), vocabulary_index()
    known = np.array([vocabulary.get(word, 0) for word in texts])
    ends = np.array([suffix_row(word) for word in texts])
    layer = model["words"][known] + model["suffixes"][ends]
    layer = np.maximum(0.0, _convolve(layer, model["conv0"], model["bias0"], 5, 1))
    for index, dilation in enumerate(DILATIONS, 1):
        more = _convolve(layer, model[f"conv{index}"], model[f"bias{index}"], 3, dilation)
        layer = layer + np.maximum(0.0, more)
    following = np.vstack([layer[1:], np.zeros_like(layer[:1])])
    logits = np.hstack([layer, following]) @ model["out"] + model["bias_out"]
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Array = odds / odds.sum(axis=1, keepdims=True)
    return chances


def _convolve(layer: Array, weights: Array, bias: Array, width: int, dilation: int) -> Array:
    """Convolve rows over time: `weights` is (width * columns, outputs); zeros pad both ends."""
    import numpy as np

    columns = layer.shape[1]
    reach = width // 2 * dilation
    padded = np.pad(layer, ((reach, reach), (0, 0)))
    total = np.tile(bias, (len(layer), 1))
    for tap in range(width):
        at = tap * dilation
        total += padded[at : at + len(layer)] @ weights[tap * columns : (tap + 1) * columns]
    return total


_BEFORE = re.compile(r"^[^\w$%+\-']+")
_AFTER = re.compile(r"[^\w%']+$")


def bare(token: str) -> str:
    """A word as generated captions write it: lower case, without punctuation around it."""
    if token.isalnum():
        return token.lower()
    return _AFTER.sub("", _BEFORE.sub("", token.lower().replace("’", "'")))


def suffix_row(word: str) -> int:
    """The row of a word's last three letters among the `SUFFIXES`."""
    digits = any(char.isdigit() for char in word)
    return zlib.crc32(f"{word[-3:]}|{digits:d}".encode()) % SUFFIXES


WINDOW = (-4, -3, -2, -1, 1, 2, 3, 4)
RANKS = (5, 12, 40)
FLOOR = 1e-4


def features(words: Words, text: Array) -> Array:
    """Describe each word as the beginning of a sentence: a row a word.

    The columns are, in this order: the silence before it (damped, in seconds, relative to the
    talk's own), its rank among the silences of 5, 12 and 40 words to either side, the silences of
    the four words before and after; the log odds of a stop before this word and the four to either
    side, and the log chance of a comma before this word and two to either side, by the words;
    length and commonness of the words before and after, and whether they are stop words; whether
    the word begins clauses; whether the words are timed, and whether they were read.
    """
    import numpy as np

    count = len(words.texts)
    silence, scale = silences(words)
    damped = np.log1p(np.maximum(silence, 0.0) / 0.1)
    read = float(words.language in TEXT_LANGUAGES)
    ends = np.clip(text[:, STOP] + text[:, QUESTION], FLOOR, 1 - FLOOR)
    odds = (np.log(ends) - np.log(1 - ends)) * read
    commas = np.log(np.maximum(text[:, COMMA], 1e-3)) * read
    often = Counter(words.texts)
    common = np.log([often[word] / count for word in words.texts])
    common = (common - common.mean()) / 2
    lengths = np.minimum([len(word) for word in words.texts], 12) / 6
    stops = np.array([word in words.stop_words for word in words.texts], dtype=float)
    columns = [damped, np.minimum(silence, 3.0), silence / scale / 10]
    columns += [_rank(silence, reach) for reach in RANKS]
    columns += [_shifted(damped, by) for by in WINDOW]
    columns += [_shifted(odds, by) for by in (*WINDOW[:4], 0, *WINDOW[4:])]
    columns += [_shifted(commas, by) for by in (-2, -1, 0, 1, 2)]
    for known in (lengths, common, stops):
        columns += [_shifted(known, -1), known]
    columns.append(np.array([word in words.openers for word in words.texts], dtype=float))
    columns.append(np.full(count, float(words.timed)))
    columns.append(np.full(count, read))
    return np.column_stack(columns).astype(np.float32)


def silences(words: Words) -> tuple[NDArray[np.float64], float]:
    """Estimate the silence before each word, in seconds, and what is usual in this talk.

    It is the time since the word before began, less the time that a word of its length takes in
    this talk: the line of least absolute error, so that pauses do not count.
    """
    import numpy as np

    count = len(words.texts)
    gaps = np.diff(words.starts, prepend=words.starts[0])
    before = np.minimum([4, *(len(word) for word in words.texts[:-1])], 12).astype(float)
    weight = np.ones(count)
    expected = np.zeros(count)
    for _ in range(12):
        total = weight.sum()
        middle, mean = (weight * before).sum() / total, (weight * gaps).sum() / total
        spread = (weight * (before - middle) ** 2).sum()
        slope = (weight * (before - middle) * (gaps - mean)).sum() / max(float(spread), 1e-9)
        expected = mean + slope * (before - middle)
        weight = 1.0 / np.maximum(np.abs(gaps - expected), 0.02)
    silence = np.maximum(gaps - expected, -0.5)
    silence[0] = 0.0
    return silence, float(np.sort(np.abs(silence))[count // 2]) + 0.02


def _rank(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """The share of values up to `reach` places off that are less than this one."""
    import numpy as np

    padded = np.pad(values, reach, constant_values=np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    rank: NDArray[np.float64] = (windows < values[:, None]).mean(axis=1)
    return rank


def _shifted(values: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    """The value `by` places later in each place; zero beyond the ends."""
    import numpy as np

    moved = np.zeros(len(values))
    if abs(by) >= len(values):
        return moved
    if by > 0:
        moved[:-by] = values[by:]
    elif by < 0:
        moved[-by:] = values[:by]
    else:
        moved[:] = values
    return moved


@cache
def weights() -> dict[str, Array]:
    """Load the weights, as float32."""
    import numpy as np

    stored = _stored()
    return {
        name: unpack(values, stored.get(f"{name}_scale"))
        for name, values in stored.items()
        if not name.endswith("_scale") and values.dtype != np.uint8
    }


def unpack(values: NDArray[np.generic], scale: NDArray[np.generic] | None) -> Array:
    """Weights as float32; int8 weights have a scale for each row (embeddings) or column."""
    import numpy as np

    weights = values.astype(np.float32)
    return weights if scale is None else weights * scale.astype(np.float32)


@cache
def vocabulary_index() -> dict[str, int]:
    """The network's words and their rows, the commonest first; row 0 is for all others."""
    return {word: row for row, word in enumerate(_lines("vocabulary"), 1)}


@cache
def usual_spellings() -> dict[str, str]:
    """English words that are written with capitals wherever they stand: `tuesday` -> `Tuesday`."""
    return {form.casefold(): form for form in _lines("spellings")}


@cache
def spoken_frequency() -> dict[str, float]:
    """The logarithm of the share of all spoken English words that each known word has."""
    import numpy as np

    shares = _stored()["frequency"].astype(np.float32)
    return dict(zip(vocabulary_index(), map(float, shares), strict=True))


def _lines(name: str) -> list[str]:
    return _stored()[name].tobytes().decode().split("\n")


@cache
def _stored() -> dict[str, NDArray[np.generic]]:
    import numpy as np

    with np.load(MODEL) as file:
        return {name: file[name] for name in file.files}
