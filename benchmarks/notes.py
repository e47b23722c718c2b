"""How well extractive notes are made, on talks that nothing was learned from.

    python benchmarks/notes.py [DATA]       # DATA is ../shared/data by default

Everything the engine has learned is learned again for each measurement, without the talks that it
is measured on: in four parts by talk, or from other sources alone. Titles are given, chapters and
headings withheld. The network that reads English words is the one that the package keeps; it never
saw any of these talks. What is measured:

- whole sentences: in generated captions, the share of statements that begin, end, and do both where
  sentences truly do; words not found in the talk; the median number of words; the share that begins
  with a third-person pronoun, a demonstrative or a connective;
- choice: the share of statements from turns that people marked as evidence of the whole meeting;
- sections: F1 of their starts within 15 s, and Pk (Beeferman, Berger and Lafferty 1999) over cues;
- headings that share the first five letters of a word with the heading that people gave that part.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "training"))

import choices  # noqa: E402
import pauses  # noqa: E402
from choices import Talk, read_talks, stems_of  # noqa: E402

from generator import read_transcript  # noqa: E402
from generator.models import Cue, Draft, Note, Transcript, Video, statements_in  # noqa: E402
from generator.summarizer.extractive.boundaries import bare, weights  # noqa: E402
from generator.summarizer.extractive.engine import ExtractiveEngine  # noqa: E402
from generator.summarizer.extractive.learned import Models, learned  # noqa: E402
from generator.summarizer.extractive.sentences import find_sentences, words_of_talk  # noqa: E402
from generator.summarizer.extractive.speech import Speech  # noqa: E402
from generator.summarizer.grounding import Grounding  # noqa: E402
from generator.summarizer.lines import make_lines  # noqa: E402

FOLDS = 6
WITHIN = 15.0
SUREST = 0.4
LEANING = frozenset(
    (
        "he she it they him her them his hers its their theirs this that these those it's he's "
        "she's they're that's and but so because or then also which who whose"
    ).split()
)


def write(transcript: Transcript, title: str, models: Models) -> tuple[Draft, Note]:
    """The engine's draft of a talk, and the same with its citations."""
    video = Video("benchmark00", title, "channel")
    lines = make_lines(transcript)
    engine = ExtractiveEngine(models)
    (topic,) = engine.outline(video, transcript, lines)
    draft = engine.write(video, transcript, lines, topic)
    grounded = Grounding(transcript, lines).ground(draft, video, "slug")
    assert not grounded.dropped
    return draft, grounded.note


def in_folds(items: Sequence[Any], learn: Callable[[list[Any]], Any]) -> list[Any]:
    """For each item, what was learned from the items of the other folds."""
    made = [
        learn([item for index, item in enumerate(items) if index % FOLDS != fold])
        for fold in range(min(FOLDS, len(items)))
    ]
    return [made[index % FOLDS] for index in range(len(items))]


# Whole sentences in generated captions


def ends_of(begins: set[int], count: int) -> set[int]:
    return {begin - 1 for begin in begins if begin} | {count - 1}


class Sentences:
    """Counts statements that begin and end where sentences do."""

    def __init__(self) -> None:
        self.found: list[tuple[bool, bool]] = []
        self.lost = self.leaning = 0
        self.lengths: list[int] = []

    def add(self, text: str, talk: list[str], begins: set[int]) -> None:
        said = [word for word in map(bare, text.split()) if word]
        self.lengths.append(len(said))
        self.leaning += said[0] in LEANING
        place = self._place(said, talk)
        if place is None:
            self.lost += 1
            return
        first, last = place
        self.found.append((first in begins, last in ends_of(begins, len(talk))))

    def _place(self, said: list[str], talk: list[str]) -> tuple[int, int] | None:
        """Where the words stand in the talk; fillers inside may have been left out."""
        whole = _find(talk, said, 0)
        if whole is not None:
            return whole, whole + len(said) - 1
        first = _find(talk, said[:3], 0)
        if first is None:
            return None
        last = _find(talk, said[-3:], first)
        return None if last is None else (first, last + len(said[-3:]) - 1)

    def tell(self, name: str) -> None:
        both = np.array(self.found, dtype=float).reshape(-1, 2)
        begin, end = both.mean(axis=0)
        whole = (both[:, 0] * both[:, 1]).mean()
        count = len(self.lengths)
        print(f"  {name:44}{count:5} begin {begin:.2f} end {end:.2f} both {whole:.2f}", end="")
        print(f"; not found {self.lost / count:.2f}", end="")
        print(f"; median {statistics.median(self.lengths):.0f} words", end="")
        print(f"; leaning {self.leaning / count:.2f}")


def _find(talk: list[str], said: list[str], start: int) -> int | None:
    for at in range(start, len(talk) - len(said) + 1):
        if talk[at] == said[0] and talk[at : at + len(said)] == said:
            return at
    return None


def whole_sentences(data: Path) -> None:
    print("whole sentences, 12 talks as generated captions")
    views = pauses.views(data)
    talks = sorted({view.talk for view in views})
    fitted = in_folds(talks, lambda others: pauses.fit([v for v in views if v.talk in others]))
    ours, alone, longest = Sentences(), Sentences(), Sentences()
    for talk, model in zip(talks, fitted, strict=True):
        path = data / "autocaptions" / f"{talk}.en.json3"
        truth = json.loads(path.with_name(f"{talk}.en.truth.json").read_text("utf-8"))
        said, begins = [bare(word) for word in truth["words"]], set(truth["sentences"])
        title = json.loads((data / "captions" / f"{talk}.en.json").read_text("utf-8"))["title"]
        transcript = read_transcript(path, language="en")
        models = replace(learned(), pauses=as_float(model))
        draft, _ = write(transcript, title, models)
        statements = [statement.text for statement in statements_in(draft)]
        for text in statements:
            ours.add(text, said, begins)
        unread = [v for v in views if v.talk == talk and v.name == "timed words, unread"]
        others = [v for v in views if v.talk != talk and v.name == "timed words, unread"]
        for text in surest(said, unread[0], pauses.fit(others, 1)):
            alone.add(text, said, begins)
        found = find_sentences(Speech(transcript), models.pauses)
        best = sorted(found, key=lambda s: -len(s.text.split()))[: len(statements)]
        for sentence in best:
            longest.add(sentence.text, said, begins)
    ours.tell("ours, the model of pauses cross-validated")
    alone.tell(f"pauses alone, the surest {SUREST:.0%}")
    longest.tell("our longest sentences, as many")


def as_float(model: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: values.astype(np.float32) for name, values in model.items()}


def surest(said: list[str], view: Any, model: dict[str, np.ndarray]) -> list[str]:
    """Of the sentences that pauses alone give, of 7 to 34 words, the surest."""
    chance = pauses.chances_of(model, view.features)
    bounds = [0, *(i for i in range(1, len(chance)) if chance[i] > 0.5), len(chance)]
    scored = []
    for first, last in pairwise(bounds):
        if 7 <= last - first <= 34:
            end = chance[last] if last < len(chance) else 1.0
            scored.append((chance[first] * end, " ".join(said[first:last])))
    scored.sort(reverse=True)
    return [text for _, text in scored[: round(SUREST * len(scored))]]


# Russian, as an example of a language that the network does not read


def russian(data: Path) -> None:
    print("Russian captions by hand, punctuation taken out: where sentences begin")
    for path in sorted((data / "captions").glob("*.ru.srt")):
        transcript = read_transcript(path, language="ru")
        cues, begins, opens, edges = [], [], True, []
        for cue in transcript.cues:
            kept = []
            for token in cue.text.split():
                word = bare(token)
                if any(char.isalnum() for char in word):
                    edges.append(float(not kept))
                    kept.append(word)
                    begins.append(float(opens))
                    opens = False
                opens = opens or token.rstrip("\"')”»").endswith((".", "?", "!", "…"))
            if kept:
                cues.append(Cue(cue.start, cue.duration, " ".join(kept)))
        speech = Speech(replace(transcript, cues=tuple(cues), generated=True))
        truth = pauses.of_tokens(speech, np.array(begins))
        words = words_of_talk(speech)
        found = {speech.tokens.index(t) for t in starts_of(speech)}
        ours = np.array([float(i in found) for i in range(len(words.texts))])
        cue_edges = pauses.of_tokens(speech, np.array(edges))
        print(f"  {path.name}: {int(truth.sum())} sentences", end="")
        for name, guess in (("ours", ours), ("every cue", cue_edges)):
            right = float((guess * truth).sum())
            precision, recall = right / max(1.0, guess.sum()), right / truth.sum()
            print(f"; {name}: precision {precision:.2f}, recall {recall:.2f}", end="")
        print()


def starts_of(speech: Speech) -> list[Any]:
    offsets = {sentence.offset for sentence in find_sentences(speech)}
    return [token for token in speech.tokens if token.offset in offsets]


# Choice


def choice(data: Path) -> None:
    print("choice, meetings: statements that people marked")
    meetings = [talk for talk in read_talks(data, "meetings") if talk.marked]
    fitted = in_folds(meetings, choices.fit_statements)
    chosen = marked = 0
    base = {"random": 0.0, "longest": 0.0, "LexRank": 0.0}
    draw = random.Random(1)
    for talk, model in zip(meetings, fitted, strict=True):
        _, note = write(talk.transcript, talk.title, replace(learned(), statements=model))
        cues = talk.transcript.cues
        got = {citation.cue for s in statements_in(note) for citation in s.citations}
        chosen += len(got)
        marked += sum(cues[cue].start in talk.marked for cue in got)
        long_enough = [cue for cue in cues if len(cue.text.split()) >= 7]
        shares = [cue.start in talk.marked for cue in draw.sample(long_enough, len(got))]
        base["random"] += sum(shares)
        by_length = sorted(cues, key=lambda cue: -len(cue.text))[: len(got)]
        base["longest"] += sum(cue.start in talk.marked for cue in by_length)
        base["LexRank"] += sum(cue.start in talk.marked for cue in lexrank(cues, len(got)))
    told = ", ".join(f"{name} {count / chosen:.3f}" for name, count in base.items())
    print(f"  {len(meetings)} meetings, {chosen} statements: ours, cross-validated", end=" ")
    print(f"{marked / chosen:.3f}; as many: {told}")


def lexrank(cues: Sequence[Cue], count: int) -> list[Cue]:
    """sumy's LexRank over the cues; none where sumy is not installed."""
    try:
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
        from sumy.nlp.stemmers import Stemmer
        from sumy.summarizers.lex_rank import LexRankSummarizer
    except ImportError:
        return []

    class Words:
        """sumy's own tokenizer asks for data that has to be downloaded."""

        def to_words(self, sentence: str) -> list[str]:
            return [word for word in map(bare, sentence.split()) if word]

    sentences = [Sentence(cue.text, Words()) for cue in cues]
    place = {id(sentence): cue for sentence, cue in zip(sentences, cues, strict=True)}
    document = ObjectDocumentModel([Paragraph(sentences)])
    return [place[id(s)] for s in LexRankSummarizer(Stemmer("english"))(document, count)]


# Sections and headings


def boundaries(times: Sequence[float], starts: Sequence[float]) -> list[int]:
    """The cues nearest to times; the beginning of the talk is no boundary."""
    near = {min(range(len(starts)), key=lambda i: abs(starts[i] - time)) for time in times}
    return sorted(near - {0})


def pk(truth: list[int], found: list[int], count: int) -> float:
    apart = max(2, round(count / (len(truth) + 1) / 2))
    theirs = np.searchsorted(truth, np.arange(count), side="right")
    ours = np.searchsorted(found, np.arange(count), side="right")
    together = theirs[apart:] == theirs[:-apart]
    return float(np.mean(together != (ours[apart:] == ours[:-apart])))


def f1(truth: Sequence[float], found: Sequence[float]) -> float:
    used: set[int] = set()
    for time in found:
        near = sorted(
            (abs(time - true), i)
            for i, true in enumerate(truth)
            if i not in used and abs(time - true) <= WITHIN
        )
        used |= {near[0][1]} if near else set()
    both = len(truth) + len(found)
    return 2 * len(used) / both if both else 1.0


def sections(talks: Sequence[Talk], fitted: Sequence[Models], name: str) -> None:
    rows, named, headed, plain = [], 0, 0, 0
    for talk, models in zip(talks, fitted, strict=True):
        draft, _ = write(talk.transcript, talk.title, models)
        starts = [cue.start for cue in talk.transcript.cues]
        truth = boundaries([begin for begin, _ in talk.parts if begin > 0], starts)
        found = boundaries([section.start for section in draft.sections], starts)
        end = talk.transcript.end
        count = len(found) + 1
        even = boundaries([end * part / count for part in range(1, count)], starts)
        times = [starts[i] for i in truth]
        rows.append(
            [
                f1(times, [starts[i] for i in found]),
                pk(truth, found, len(starts)),
                f1(times, [starts[i] for i in even]),
                pk(truth, even, len(starts)),
                len(found),
                len(truth),
            ]
        )
        for section in draft.sections:
            theirs = stems_of(choices.heading_of(talk, section.start, section.end))
            if theirs and theirs != {"start"}:
                headed += 1
                named += bool(stems_of(section.heading) & theirs)
                plain += bool(stems_of(commonest(talk, section)) & theirs)
    m = np.mean(rows, axis=0)
    print(f"  {name:52}F1 {m[0]:.3f} Pk {m[1]:.3f}; even spacing {m[2]:.3f} {m[3]:.3f}", end="")
    print(f"; {m[4]:.1f} boundaries for {m[5]:.1f}", end="")
    print(f"; headings {named / headed:.3f}, commonest word {plain / headed:.3f} of {headed}")


def commonest(talk: Talk, section: Any) -> str:
    """The word of content that is said most often in a section."""
    language = talk.terms.language
    words = [
        word
        for cue in talk.transcript.cues
        if section.start <= cue.start < section.end
        for word in re.findall(r"[^\W_]+", cue.text.lower())
        if len(word) > 2 and not language.is_stop(word)
    ]
    return max(sorted(set(words)), key=words.count) if words else ""


def all_sections(data: Path) -> None:
    print("sections and headings")
    talks, coarse = read_talks(data, "talks"), read_talks(data, "coarse")
    meetings, captions = read_talks(data, "meetings"), read_talks(data, "captions")

    def models(for_sections: list[Talk], for_headings: list[Talk]) -> Models:
        found = choices.fit_sections(for_sections)
        headings = choices.fit_headings(for_headings, lambda _: found)
        return replace(learned(), sections=found, headings=headings)

    folded = in_folds(talks, lambda own: models([*own, *coarse, *meetings], [*own, *meetings]))
    sections(talks, folded, f"talks ({len(talks)}), cross-validated")
    others = models([*coarse, *meetings], meetings)
    sections(talks, [others] * len(talks), "talks, learned on sessions and meetings alone")
    unseen = models([*talks, *coarse, *meetings], [*talks, *meetings])
    sections(captions, [unseen] * len(captions), f"captions ({len(captions)}), channel never seen")
    without = models([*talks, *meetings], [*talks, *meetings])
    sections(coarse, [without] * len(coarse), f"sessions, coarse ({len(coarse)}), never seen")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--only", choices=["sentences", "russian", "choice", "sections"])
    given = parser.parse_args()
    if not (given.data / "talks").is_dir():
        print(f"skipped: the talks are not in {given.data}")
        return
    assert weights()
    steps = {
        "sentences": whole_sentences,
        "russian": russian,
        "choice": choice,
        "sections": all_sections,
    }
    for name, step in steps.items():
        if given.only in (None, name):
            step(given.data)


if __name__ == "__main__":
    main()
