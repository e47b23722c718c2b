"""Learn where sections begin, which sentences carry a talk, and which words head a section.

    python training/choices.py DATA     # writes generator/summarizer/extractive/weights.json

DATA holds `talks/`, `sessions/` and `meetings/`. Each model is a logistic regression with a ridge.
`benchmarks/notes.py` uses the functions here to measure them on talks they were not learned from.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from generator.models import Cue, Transcript
from generator.summarizer.extractive.headings import word_features
from generator.summarizer.extractive.learned import WEIGHTS, Logistic
from generator.summarizer.extractive.sections import divide, section_features
from generator.summarizer.extractive.sentences import find_sentences
from generator.summarizer.extractive.speech import Speech
from generator.summarizer.extractive.statements import statement_features, unit_rows
from generator.summarizer.extractive.terms import Terms
from generator.text import clean

Array = NDArray[np.float64]

WITHIN = 15.0
"""Seconds around a true boundary in which other sentences count as neither."""

SMALL_WORDS = frozenset(
    (
        "a an and are as at be by do for from how i in is it its of on or the to was we what when "
        "who why with you your this that not"
    ).split()
)
STEM = 5
READING = 15.0
"""Letters a second, for meetings whose turns have no times."""


@dataclass(frozen=True)
class Talk:
    """A talk with the parts that people divided it into, as (start in seconds, heading).

    `marked` are the starts of the cues that people marked as evidence of the whole, if they did.
    """

    kind: str
    name: str
    title: str
    transcript: Transcript
    parts: tuple[tuple[float, str], ...]
    marked: frozenset[float] = frozenset()

    @cached_property
    def sentences(self) -> Any:
        return find_sentences(Speech(self.transcript))

    @cached_property
    def terms(self) -> Terms:
        return Terms(self.sentences, self.transcript.language)

    @cached_property
    def section_columns(self) -> dict[str, Array]:
        return section_features(self.sentences, self.terms)

    @cached_property
    def statement_columns(self) -> dict[str, Array]:
        return statement_features(self.sentences, self.terms, unit_rows(self.terms))

    @property
    def starts(self) -> Array:
        return np.array([sentence.start for sentence in self.sentences])


def read_talks(data: Path, kind: str) -> list[Talk]:
    """Read the talks of a kind: `talks`, `captions`, `coarse`, `fine` or `meetings`."""
    if kind == "meetings":
        return [read_meeting(path) for path in sorted((data / "meetings").glob("*.json"))]
    pattern = {"talks": "talks/*.json", "captions": "captions/*.en.json"}.get(
        kind, f"sessions/{kind}-*.json"
    )
    found = []
    for path in sorted(data.glob(pattern)):
        told = json.loads(path.read_text("utf-8"))
        cues = tuple(Cue(c["start"], c["duration"], clean(c["text"])) for c in told["cues"])
        parts = tuple((float(c["start"]), c["title"]) for c in told["chapters"])
        transcript = Transcript(path.stem[:11], "en", False, cues)
        found.append(Talk(kind, path.name, told["title"], transcript, parts))
    return found


def read_meeting(path: Path) -> Talk:
    """A meeting with a cue a sentence, and times as if it were read evenly."""
    told = json.loads(path.read_text("utf-8"))
    evidence = {i for query in told["queries"] if query["whole"] for i in query["evidence"]}
    cues, begins, marked, at = [], [], set(), 0.0
    for number, turn in enumerate(told["turns"]):
        begins.append(at)
        for text in re.split(r"(?<=[.?!])\s+", turn["text"]):
            if re.search(r"\w", text):
                lasts = max(1.0, round(len(text) / READING))
                cues.append(Cue(at, lasts, clean(text)))
                if number in evidence:
                    marked.add(at)
                at += lasts
    spans = [(int(span[0]), topic["topic"]) for topic in told["topics"] for span in topic["spans"]]
    parts = tuple(sorted((begins[turn], name) for turn, name in spans if turn < len(begins)))
    transcript = Transcript(path.stem[:11], "en", False, tuple(cues))
    return Talk("meetings", path.name, "Meeting", transcript, parts, frozenset(marked))


def fit(
    tables: Sequence[Mapping[str, Array]],
    truths: Sequence[Array],
    weights: Sequence[Array],
    ridge: float,
) -> Logistic:
    """Fit a logistic regression with a ridge by Newton's method.

    `tables` have a column for each feature, `truths` 0 or 1 and `weights` what each row counts.
    """
    names = list(tables[0])
    table = np.vstack([np.column_stack([t[name] for name in names]) for t in tables])
    truth, weight = np.concatenate(list(truths)), np.concatenate(list(weights))
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    rows = np.column_stack([(table - mean) / spread, np.ones(len(table))])
    pull = ridge * np.eye(rows.shape[1])
    pull[-1, -1] = 1e-6
    found = np.zeros(rows.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weight * (chance - truth)) + pull @ found
        bend = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + pull
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < 1e-9:
            break
    told = [
        dict(zip(names, map(float, values), strict=True)) for values in (mean, spread, found[:-1])
    ]
    return Logistic(told[0], told[1], told[2], float(found[-1]))


COUNTS = {"talks": 1.0, "coarse": 1.0, "meetings": 1.0}
"""What a sentence of each kind counts for the sections."""


def fit_sections(talks: Sequence[Talk]) -> Logistic:
    """Learn where parts begin; sentences near a true boundary count as neither."""
    truths, weights = [], []
    for talk in talks:
        starts = talk.starts
        truth, weight = np.zeros(len(starts)), np.full(len(starts), COUNTS[talk.kind])
        for begin, _ in talk.parts:
            if begin > 0:
                weight[np.abs(starts - begin) <= WITHIN] = 0
        for begin, _ in talk.parts:
            at = int(np.abs(starts - begin).argmin())
            if begin > 0 and at > 0:
                truth[at], weight[at] = 1, COUNTS[talk.kind]
        weight[0] = 0
        truths.append(truth)
        weights.append(weight)
    return fit([talk.section_columns for talk in talks], truths, weights, 10.0)


def fit_statements(talks: Sequence[Talk]) -> Logistic:
    """Learn which sentences are marked; every talk counts the same."""
    truths, weights = [], []
    for talk in talks:
        cues = talk.transcript.cues
        truth = np.array([float(cues[s.first].start in talk.marked) for s in talk.sentences])
        truths.append(truth)
        weights.append(np.full(len(truth), 1 / len(truth)))
    scale = np.mean([len(truth) for truth in truths])
    columns = [talk.statement_columns for talk in talks]
    return fit(columns, truths, [weight * scale for weight in weights], 30.0)


def fit_headings(talks: Sequence[Talk], sections: Callable[[Talk], Logistic]) -> Logistic:
    """Learn which words of a section share a stem with the heading that people gave its part."""
    tables, truths, weights = [], [], []
    for talk in talks:
        bounds = [0, *divide(talk.sentences, sections(talk).chances(talk.section_columns))]
        bounds.append(len(talk.sentences))
        told = word_features(talk.sentences, talk.terms, bounds, talk.title)
        for first, stop, (stems, columns) in zip(bounds, bounds[1:], told, strict=False):
            heading = heading_of(talk, talk.sentences[first].start, talk.sentences[stop - 1].end)
            wanted = stems_of(heading)
            if wanted and stems and heading != "start":
                tables.append(columns)
                truths.append(np.array([float(stem[:STEM] in wanted) for stem in stems]))
                weights.append(np.ones(len(stems)))
    return fit(tables, truths, weights, 10.0)


def heading_of(talk: Talk, start: float, end: float) -> str:
    """The heading that people gave the part that a section mostly covers."""
    ends = [*(begin for begin, _ in talk.parts[1:]), float("inf")]
    return max(
        zip(talk.parts, ends, strict=True),
        key=lambda part: min(end, part[1]) - max(start, part[0][0]),
    )[0][1]


def stems_of(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return frozenset(w[:STEM] for w in words if w not in SMALL_WORDS and len(w) > 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    talks, meetings = read_talks(data, "talks"), read_talks(data, "meetings")
    sections = fit_sections([*talks, *read_talks(data, "coarse"), *meetings])
    models = {
        "sections": sections,
        "statements": fit_statements([talk for talk in meetings if talk.marked]),
        "headings": fit_headings([*talks, *meetings], lambda _: sections),
    }
    stored = {name: rounded(asdict(model)) for name, model in models.items()}
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    for name, model in models.items():
        strongest = sorted(model.weight.items(), key=lambda item: -abs(item[1]))
        print(name, ", ".join(f"{feature} {weight:+.2f}" for feature, weight in strongest))


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    return float(f"{value:.5g}")


if __name__ == "__main__":
    main()
