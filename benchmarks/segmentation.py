"""How well the extractive engine's own sections agree with the authors' chapters.

    python benchmarks/segmentation.py [DIR]          # ours beside even spacing and TF-IDF tiling
    python benchmarks/segmentation.py --fit [DIR]    # learns the model that the package keeps

DIR (default `../shared/data/captions`) holds JSON files with `cues` and `chapters`. The chapters
are withheld: the engine sees a video without any. For each video the model that divides it was
learned from the others alone, its weights and the three settings alike (leave-one-out); the
tiling's settings are the best for all videos together, which favours it.

F1 is over the chapters' starts but the first, a boundary counting within 15 s of one, each matched
once, nearest pairs first. Pk (Beeferman, Berger and Lafferty 1999) is the share of pairs of
seconds, half a mean chapter apart, of which chapters and sections disagree whether they belong
together: 0 is perfect.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from generator.summarizer.extractive.segmentation import FEATURES, SHORTEST, Model  # noqa: E402

from generator.models import Chapter, Cue, Transcript, Video  # noqa: E402
from generator.summarizer.extractive import segmentation  # noqa: E402
from generator.summarizer.extractive.engine import ExtractiveEngine  # noqa: E402
from generator.summarizer.extractive.sentences import Speech  # noqa: E402
from generator.summarizer.extractive.terms import Terms  # noqa: E402
from generator.summarizer.lines import make_lines  # noqa: E402
from generator.text import clean  # noqa: E402

WITHIN = 15.0
RIDGE = 10.0
PRICES = (0.2, 0.25, 0.3, 0.35, 0.4)
TYPICALS = (180.0, 220.0)
PRIORS = (0.05, 0.1, 0.15, 0.2)
SHARPNESS = 0.02


@dataclass(frozen=True)
class Talk:
    """One video, its sentences' features, and the chapters' starts but the first, in seconds."""

    video: Video
    transcript: Transcript
    reference: list[float]
    features: np.ndarray
    sentences: tuple
    terms: Terms

    @property
    def end(self) -> float:
        return self.transcript.end


def load(path: Path) -> Talk:
    data = json.loads(path.read_text(encoding="utf-8"))
    cues = tuple(Cue(c["start"], c["duration"], clean(c["text"])) for c in data["cues"])
    transcript = Transcript(data["videoId"], data["language"], bool(data["is_generated"]), cues)
    chapters = tuple(Chapter(c["start"], clean(c["title"])) for c in data["chapters"])
    speech = Speech(transcript)
    terms = Terms(speech.sentences, speech.language)
    return Talk(
        video=Video(data["videoId"], clean(data["title"]), "channel", duration=data["duration"]),
        transcript=transcript,
        reference=[chapter.start for chapter in chapters[1:]],
        features=segmentation.features(speech.sentences, terms),
        sentences=speech.sentences,
        terms=terms,
    )


def f1(reference: Sequence[float], found: Sequence[float]) -> float:
    pairs = sorted((abs(a - b), i, j) for i, a in enumerate(reference) for j, b in enumerate(found))
    left: set[int] = set()
    right: set[int] = set()
    for apart, i, j in pairs:
        if apart <= WITHIN and i not in left and j not in right:
            left.add(i)
            right.add(j)
    both = len(reference) + len(found)
    return 2 * len(left) / both if both else 1.0


def pk(reference: Sequence[float], found: Sequence[float], end: float) -> float:
    seconds = np.arange(int(end) + 1)
    apart = max(1, round(end / (len(reference) + 1) / 2))
    theirs = np.searchsorted(sorted(reference), seconds, side="right")
    ours = np.searchsorted(sorted(found), seconds, side="right")
    if len(seconds) <= apart:
        return 0.0
    together = theirs[apart:] == theirs[:-apart]
    return float(np.mean(together != (ours[apart:] == ours[:-apart])))


def measure(talk: Talk, found: Sequence[float]) -> tuple[float, float]:
    return f1(talk.reference, found), pk(talk.reference, found, talk.end)


def mean(figures: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return float(np.mean([f for f, _ in figures])), float(np.mean([p for _, p in figures]))


# Ours


def divide(talk: Talk, model: Model) -> list[float]:
    """The boundaries that the engine itself writes: where its sections start, but the first."""
    lines = make_lines(talk.transcript)
    engine = ExtractiveEngine(model)
    (topic,) = engine.outline(talk.video, talk.transcript, lines)
    draft = engine.write(talk.video, talk.transcript, lines, topic)
    return [section.start for section in draft.sections[1:]]


def divide_quickly(talk: Talk, model: Model) -> list[float]:
    """The same without the writing, for trying many settings."""
    found = segmentation.divide(talk.sentences, talk.features, model)
    return [talk.transcript.cues[talk.sentences[index].first].start for index in found]


def targets(talk: Talk) -> tuple[np.ndarray, np.ndarray]:
    """1 for the sentence with which a chapter begins, else 0; and what each counts.

    Authors set a chapter in the silence before its first sentence, about a second early. Sentences
    next to that one count as neither; nor does the first half minute, where none is set.
    """
    times = np.array([sentence.start for sentence in talk.sentences[1:]])
    truth = np.zeros(len(times))
    weight = np.ones(len(times))
    weight[(times < 30) | (times > talk.end - WITHIN)] = 0
    for start in talk.reference:
        weight[np.abs(times - start) <= WITHIN] = 0
    for start in talk.reference:
        first = int(np.abs(times - (start + 0.8)).argmin())
        truth[first] = weight[first] = 1
    return truth, weight


def learn(talks: Sequence[Talk]) -> tuple[np.ndarray, float]:
    """The weights and the bias of a logistic regression with a ridge, by Newton's method."""
    table = np.vstack([talk.features for talk in talks])
    table = np.hstack([table, np.ones((len(table), 1))])
    truth, weight = (np.concatenate(column) for column in zip(*map(targets, talks), strict=True))
    ridge = RIDGE * np.eye(table.shape[1])
    ridge[-1, -1] = 1e-6
    found = np.zeros(table.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (weight * (chance - truth)) + ridge @ found
        bend = (table * (weight * chance * (1 - chance))[:, None]).T @ table + ridge
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < 1e-9:
            break
    return found[:-1], float(found[-1])


def fit(talks: Sequence[Talk]) -> Model:
    """Weights, and settings, both from the same talks.

    The settings are the grid's mean, each weighted by how well it does by F1 less Pk: with a dozen
    talks the one that does best is lucky rather than good.
    """
    weights, bias = learn(talks)
    grid = list(product(PRICES, TYPICALS, PRIORS))
    kept = tuple(round(float(weight), 3) for weight in weights)
    worth = []
    for price, typical, prior in grid:
        model = Model(kept, round(bias, 3), price, typical, prior)
        f, p = mean([measure(talk, divide_quickly(talk, model)) for talk in talks])
        worth.append(f - p)
    share = np.exp((np.array(worth) - max(worth)) / SHARPNESS)
    price, typical, prior = np.array(grid).T @ (share / share.sum())
    return Model(
        kept, round(bias, 3), round(float(price), 3), round(float(typical)), round(float(prior), 3)
    )


# What it is compared with


def evenly(talk: Talk, seconds: float) -> list[float]:
    count = max(1, round(talk.end / seconds))
    return [talk.end * index / count for index in range(1, count)]


def tiling(talk: Talk, window: float, pauses: float, seconds: float) -> list[float]:
    """TextTiling (Hearst 1997) over TF-IDF, with standardised pauses added to the depth."""
    starts = np.array([sentence.start for sentence in talk.sentences])
    (cohesion,) = segmentation.cohesions(talk.terms.recurring, starts, (window,))
    depth = np.zeros(len(cohesion))
    for index in range(len(cohesion)):
        for step in (-1, 1):
            at = index
            while 0 <= at + step < len(cohesion) and cohesion[at + step] >= cohesion[at]:
                at += step
            depth[index] += cohesion[at] - cohesion[index]
    silence = np.log(np.array([sentence.pause for sentence in talk.sentences[1:]]) + 0.1)
    score = segmentation.standard(depth) + pauses * segmentation.standard(silence)
    found: list[float] = []
    for index in np.argsort(-score, kind="stable"):
        time = float(starts[index + 1])
        if len(found) >= max(1, round(talk.end / seconds) - 1):
            break
        if all(abs(time - other) >= SHORTEST for other in [0.0, talk.end, *found]):
            found.append(time)
    return found


def best_of(talks, divider, *grids):
    """The setting of a divider with the highest mean F1 less Pk over all talks, and its figures."""
    best = None
    for setting in product(*grids):
        figures = [measure(talk, divider(talk, *setting)) for talk in talks]
        worth = mean(figures)[0] - mean(figures)[1]
        if best is None or worth > best[0]:
            best = (worth, setting, figures)
    return best[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = ROOT.parent / "shared" / "data" / "captions"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--fit", action="store_true", help="learn the model from all videos")
    given = parser.parse_args()
    paths = sorted(given.folder.glob("*.json")) if given.folder.is_dir() else []
    if not paths:
        print(f"skipped: {given.folder} has no captions with chapters")
        return
    talks = [talk for talk in map(load, paths) if talk.reference]
    if given.fit:
        print("learned from all:", fit(talks))
    even_at, even = best_of(talks, evenly, (120.0, 150.0, 180.0, 210.0, 240.0, 300.0))
    grids = (30.0, 45.0, 60.0, 90.0, 120.0), (0.0, 0.5, 1.0, 2.0), (150.0, 180.0, 210.0, 240.0)
    tiled_at, tiled = best_of(talks, tiling, *grids)
    kept = [measure(talk, divide(talk, segmentation.KEPT)) for talk in talks]
    ours = []
    print(f"{'':12}{'even':>12}{'tiling':>14}{'kept':>14}{'left out':>14}  sections (chapters)")
    for index, talk in enumerate(talks):
        model = fit([*talks[:index], *talks[index + 1 :]])
        found = divide(talk, model)
        ours.append(measure(talk, found))
        row = (even[index], tiled[index], kept[index], ours[index])
        print(f"{talk.video.id:12}{_cells(row)}  {len(found) + 1} ({len(talk.reference) + 1})")
    print(f"{'mean':12}{_cells([mean(figures) for figures in (even, tiled, kept, ours)])}")
    print(f"Each cell is F1 / Pk. even: one section per {even_at[0]:.0f} s.", end=" ")
    print("tiling: window {:.0f} s, pauses x {:g}, one per {:.0f} s.".format(*tiled_at))
    print("kept: the package's own model. left out: learned without the video it divides.")
    print("features:", ", ".join(FEATURES))


def _cells(figures: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{f:8.2f} /{p:5.2f}" for f, p in figures)


if __name__ == "__main__":
    main()
