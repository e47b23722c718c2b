"""Train the model that joins pauses and words into the chance that a sentence begins.

    python training/pauses.py DATA            # writes it into boundaries.npz
    python training/pauses.py DATA --check    # prints how well it does, cross-validated by talk

DATA holds `autocaptions/` (json3 with the time of each word, and the truth beside it) and
`captions/` (the same talks, with captions by hand). Each talk is shown in six ways, so that one
model serves all: with the words timed, with only the cues timed as in generated captions, and with
only the cues timed as in captions by hand, each with and without what the network reads of the
words. A small network of one hidden layer, an average of several trained from different beginnings.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from generator import read_transcript
from generator.models import Cue, Transcript
from generator.summarizer.extractive.boundaries import (
    MODEL,
    QUESTION,
    STOP,
    Words,
    bare,
    features,
    text_chances,
)
from generator.summarizer.extractive.sentences import words_of_talk
from generator.summarizer.extractive.speech import Speech

HIDDEN = 24
BEGINNINGS = 4
ROUNDS = 30
BATCH = 512
RATE = 4e-3
DECAY = 3e-3
UNREAD = "xx"
"""Stands for any language that the network does not read."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """One talk shown in one way: its words' features, and which of them begin sentences."""

    talk: str
    name: str
    features: Array
    begins: Array


def views(data: Path) -> list[View]:
    """Show every talk in each way."""
    found = []
    for path in sorted((data / "autocaptions").glob("*.json3")):
        talk = path.name.split(".")[0]
        truth = json.loads(path.with_name(f"{talk}.en.truth.json").read_text("utf-8"))
        begins = np.zeros(len(truth["words"]))
        begins[truth["sentences"]] = 1
        timed = read_transcript(path, language="en")
        plain = replace(timed, cues=tuple(replace(cue, words=()) for cue in timed.cues))
        by_hand, hand_begins = without_punctuation(data / "captions" / f"{talk}.en.json")
        for name, transcript, truth_of in (
            ("timed words", timed, begins),
            ("generated cues", plain, begins),
            ("cues by hand", by_hand, hand_begins),
        ):
            speech = Speech(transcript)
            words = words_of_talk(speech)
            told = of_tokens(speech, truth_of)
            for read in (True, False):
                shown = words if read else replace(words, language=UNREAD)
                seen = shown_features(shown)
                way = f"{name}, {'read' if read else 'unread'}"
                found.append(View(talk, way, seen, told))
    return found


def of_tokens(speech: Speech, begins: Array) -> Array:
    """The truth for the words that are kept: those left out pass theirs on to the next one."""
    offsets = [match.start() for match in re.finditer(r"\S+", speech.text)]
    assert len(offsets) == len(begins)
    kept = np.searchsorted(offsets, [token.offset for token in speech.tokens])
    sums = np.concatenate([[0.0], np.cumsum(begins)])
    return np.minimum(1.0, np.diff(sums[kept + 1], prepend=0.0))


def shown_features(words: Words) -> Array:
    text = text_chances(words, [(0, len(words.texts))])
    assert (text[1:, STOP] + text[1:, QUESTION]).any() == (words.language != UNREAD)
    return features(words, text).astype(np.float64)


def without_punctuation(path: Path) -> tuple[Transcript, Array]:
    """Captions by hand in small letters without punctuation, and the truth that it told."""
    data = json.loads(path.read_text("utf-8"))
    cues, begins, opens = [], [], True
    for cue in data["cues"]:
        kept = []
        for token in cue["text"].split():
            word = bare(token)
            if any(char.isalnum() for char in word):
                kept.append(word)
                begins.append(float(opens))
                opens = False
            opens = opens or token.rstrip("\"')”’").endswith((".", "?", "!"))
        if kept:
            cues.append(Cue(cue["start"], cue["duration"], " ".join(kept)))
    return Transcript(data["videoId"], "en", True, tuple(cues)), np.array(begins)


def fit(chosen: Sequence[View], beginnings: int = BEGINNINGS) -> dict[str, Array]:
    """Train on views with Adam and decoupled weight decay (Loshchilov and Hutter 2019)."""
    table = np.vstack([view.features[1:] for view in chosen])
    truth = np.concatenate([view.begins[1:] for view in chosen])
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    table = (table - mean) / spread
    parts = [_fit_one(table, truth, seed) for seed in range(beginnings)]
    return {
        "mean": mean,
        "spread": spread,
        "w1": np.hstack([part[0] for part in parts]),
        "b1": np.concatenate([part[1] for part in parts]),
        "w2": np.concatenate([part[2] for part in parts]) / beginnings,
        "b2": np.array(sum(float(part[3][0]) for part in parts) / beginnings),
    }


def _fit_one(table: Array, truth: Array, seed: int) -> list[Array]:
    draw = np.random.default_rng(seed)
    width = table.shape[1]
    weights = [
        draw.normal(0, 1 / np.sqrt(width), (width, HIDDEN)),
        np.zeros(HIDDEN),
        draw.normal(0, 1 / np.sqrt(HIDDEN), HIDDEN),
        np.zeros(1),
    ]
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    steps = ROUNDS * (len(table) // BATCH)
    step = 0
    for _ in range(ROUNDS):
        order = draw.permutation(len(table))
        for at in range(0, len(order) - BATCH + 1, BATCH):
            rows, target = table[order[at : at + BATCH]], truth[order[at : at + BATCH]]
            before = rows @ weights[0] + weights[1]
            hidden = np.maximum(0.0, before)
            kept = draw.random(hidden.shape) > 0.1
            hidden = hidden * kept / 0.9
            chance = 1 / (1 + np.exp(-(hidden @ weights[2] + weights[3])))
            error = (chance - target) / BATCH
            back = np.outer(error, weights[2]) * kept / 0.9 * (before > 0)
            slopes = [rows.T @ back, back.sum(axis=0), hidden.T @ error, np.array([error.sum()])]
            step += 1
            rate = RATE * min(1.0, step / (0.1 * steps)) * (1 - step / (steps + 1))
            for index, slope in enumerate(slopes):
                first[index] = 0.9 * first[index] + 0.1 * slope
                second[index] = 0.999 * second[index] + 0.001 * slope**2
                change = first[index] / (1 - 0.9**step)
                change = change / (np.sqrt(second[index] / (1 - 0.999**step)) + 1e-8)
                decay = DECAY * weights[index] if index in (0, 2) else 0.0
                weights[index] = weights[index] - rate * (change + decay)
    return weights


def chances_of(model: dict[str, Array], seen: Array) -> Array:
    hidden = np.maximum(0.0, (seen - model["mean"]) / model["spread"] @ model["w1"] + model["b1"])
    found: Array = 1 / (1 + np.exp(-(hidden @ model["w2"] + model["b2"])))
    return found


def check(found: Sequence[View]) -> None:
    """Print F1 of each way of showing talks that were not learned from."""
    talks = sorted({view.talk for view in found})
    told: dict[str, list[tuple[Array, Array]]] = {}
    for fold in range(4):
        held = set(talks[fold::4])
        model = fit([view for view in found if view.talk not in held], 2)
        for view in found:
            if view.talk in held:
                seen = chances_of(model, view.features)[1:]
                told.setdefault(view.name, []).append((seen, view.begins[1:]))
    for name, pairs in told.items():
        chance, truth = (np.concatenate(column) for column in zip(*pairs, strict=True))
        shown = []
        for cut in (0.3, 0.4, 0.5, 0.6):
            right = float(((chance > cut) & (truth > 0)).sum())
            shown.append(f"{cut}: {2 * right / float((chance > cut).sum() + truth.sum()):.3f}")
        print(f"{name:26}F1 at {', '.join(shown)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    found = views(given.data)
    if given.check:
        check(found)
        return
    model = {name: values.astype(np.float32) for name, values in fit(found).items()}
    with np.load(MODEL) as file:
        stored = {name: file[name] for name in file.files}
    np.savez(MODEL, **{**stored, **model})
    print(f"{len(found)} views of {len({view.talk for view in found})} talks")


if __name__ == "__main__":
    main()
