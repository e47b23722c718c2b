"""How well quotes are found that a model copied badly, and how rarely ones that were not said.

    python benchmarks/grounding.py [--trials N] [--seed N] [DIR]     # ../shared/data/captions

Quotes of three to twelve words are taken from every talk in DIR at random and

- damaged as models damage them, the line right or off by one or two (`found`: the share that is
  cited; `right cue`: the share of those whose citation is the very cue that the first word left of
  the quote is in);
- taken from other talks, each set at a random line of this one; what does stand there word for word
  is not counted;
- left as they are, but set at a line far away in the same talk, as the near search alone sees it;
- changed so that they say something else.

For each threshold of likeness it prints what is accepted, with the check that a passage says the
same and without it, and the lowest threshold that accepts at most 1 in 1,000 quotes of other talks
and 3 in 1,000 of those changed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.quote_damage import ALTERATIONS, DAMAGES, Spoken  # noqa: E402
from generator.models import Cue, Evidence, Line, Transcript  # noqa: E402
from generator.summarizer.folding import fold, is_enough  # noqa: E402
from generator.summarizer.grounding import Grounding  # noqa: E402
from generator.summarizer.likeness import THRESHOLD  # noqa: E402
from generator.summarizer.lines import make_lines  # noqa: E402
from generator.summarizer.passages import NEAR_LINES, Passages  # noqa: E402
from generator.text import clean  # noqa: E402

DEFAULT = ROOT.parent / "shared" / "data" / "captions"
FLOOR = 50
THRESHOLDS = (*range(FLOOR, 100, 5), 72, 74, 76, 78, 82, 84, 86, 88)
FAR = 20
MOST_FALSE = 0.001
MOST_CHANGED = 0.003


@dataclass(frozen=True)
class Talk:
    """A transcript ready to be searched, and its words with the cue and the line of each."""

    transcript: Transcript
    lines: tuple[Line, ...]
    words: tuple[Spoken, ...]
    passages: Passages
    grounding: Grounding
    folded: str


def load(path: Path) -> Talk:
    if path.suffix == ".json":
        data = json.loads(path.read_text(encoding="utf-8"))
        cues = tuple(Cue(c["start"], c["duration"], clean(c["text"])) for c in data["cues"])
        transcript = Transcript(data["videoId"], data["language"], False, cues)
    else:
        from generator.fetcher.subtitles import read_subtitles

        read = read_subtitles(path).transcript
        language = path.name.split(".")[-2]
        transcript = Transcript(read.video_id, language, False, read.cues)
    return make_talk(transcript)


def make_talk(transcript: Transcript) -> Talk:
    lines = make_lines(transcript)
    words = tuple(
        Spoken(word, cue, line.number)
        for line in lines
        for cue in range(line.first, line.last + 1)
        for word in transcript.cues[cue].text.split()
        if any(map(str.isalnum, word))
    )
    folded = fold(" ".join(cue.text for cue in transcript.cues)).text
    known = frozenset(folded.split())
    return Talk(
        transcript,
        lines,
        words,
        Passages(lines, transcript.language, lambda: known),
        Grounding(transcript, lines),
        f" {folded} ",
    )


def quote_of(talk: Talk, rng: random.Random) -> list[Spoken]:
    """Three to twelve words that follow each other, long enough to be looked for."""
    while True:
        length = rng.randint(3, 12)
        at = rng.randrange(max(1, len(talk.words) - length))
        quote = list(talk.words[at : at + length])
        if is_enough(fold(text_of(quote))):
            return quote


def text_of(quote: Sequence[Spoken]) -> str:
    return " ".join(word.text for word in quote)


def verbatim(talk: Talk, text: str) -> bool:
    return f" {fold(text).text} " in talk.folded


@dataclass
class Likenesses:
    """The likeness of what was found in each trial (0 is nothing): strictly, and by it alone."""

    strict: list[float]
    loose: list[float]

    def share(self, threshold: float, strict: bool = True) -> float:
        likenesses = self.strict if strict else self.loose
        return sum(each >= threshold for each in likenesses) / max(1, len(likenesses))


def measure(trials: Sequence[tuple[Talk, int, str]]) -> Likenesses:
    """What the near search finds of `(talk, line, quote)`, whatever its likeness."""
    found = Likenesses([], [])
    for talk, line, text in trials:
        for strict, likenesses in ((True, found.strict), (False, found.loose)):
            near = talk.passages.nearest(line, text, FLOOR, strict)
            likenesses.append(near.likeness if near else 0.0)
    return found


def damaged(
    talks: Sequence[Talk], damage: Callable[..., list[Spoken] | None], n: int, rng: random.Random
) -> list[tuple[Talk, int, str, int]]:
    """`n` quotes with that damage, the line they are said to be from, and the cue they begin in."""
    made = []
    for _ in range(40 * n):
        talk = rng.choice(talks)
        quote = quote_of(talk, rng)
        changed = damage(quote, rng, talk.words)
        if changed and len(changed) > 2 and is_enough(fold(text_of(changed))):
            off = rng.choice((0, 0, 0, -1, 1, -2, 2))
            line = min(max(1, changed[0].line + off), len(talk.lines))
            made.append((talk, line, text_of(changed), changed[0].cue))
        if len(made) == n:
            break
    return made


def report_damaged(talks: Sequence[Talk], n: int, rng: random.Random) -> Likenesses:
    print(f"\n{'damage':26} {'quotes':>6} {'found':>7} {'right cue':>9}   how it was found")
    all_trials = []
    for name, damage in DAMAGES.items():
        trials = damaged(talks, damage, n, rng)
        how: dict[str, int] = defaultdict(int)
        right = 0
        for talk, line, text, cue in trials:
            citation = talk.grounding.cite(Evidence(line, text))
            if citation:
                how[citation.found] += 1
                right += citation.cue == cue
        found = sum(how.values())
        told = ", ".join(f"{key} {value / max(1, found):.0%}" for key, value in how.items())
        share, rightly = found / max(1, len(trials)), right / max(1, found)
        print(f"{name:26} {len(trials):6} {share:7.1%} {rightly:9.1%}   {told}")
        if name != "none, line off":
            all_trials += [(talk, line, text) for talk, line, text, _ in trials]
    return measure(all_trials)


def from_others(talks: Sequence[Talk], n: int, rng: random.Random) -> list[tuple[Talk, int, str]]:
    made = []
    while len(made) < n:
        here = rng.choice(talks)
        there = rng.choice(talks)
        if there.transcript.video_id == here.transcript.video_id:
            continue
        if there.transcript.language != here.transcript.language:
            continue
        text = text_of(quote_of(there, rng))
        if not verbatim(here, text):
            made.append((here, rng.randint(1, len(here.lines)), text))
    return made


def from_afar(talks: Sequence[Talk], n: int, rng: random.Random) -> list[tuple[Talk, int, str]]:
    made = []
    while len(made) < n:
        talk = rng.choice(talks)
        quote = quote_of(talk, rng)
        line = rng.randint(1, len(talk.lines))
        text = text_of(quote)
        near = talk.lines[max(0, line - 1 - NEAR_LINES) : line + NEAR_LINES + 1]
        said_there = f" {fold(' '.join(each.text for each in near)).text} "
        if abs(quote[0].line - line) >= FAR and f" {fold(text).text} " not in said_there:
            made.append((talk, line, text))
    return made


def altered(talks: Sequence[Talk], n: int, rng: random.Random) -> dict[str, Likenesses]:
    found = {}
    for name, change in ALTERATIONS.items():
        trials = [
            (talk, line, text)
            for talk, line, text, _ in damaged(talks, change, n, rng)
            if not verbatim(talk, text)
        ]
        found[name] = measure(trials)
    return found


def report_speed(rng: random.Random, talks: Sequence[Talk]) -> None:
    """Ten hours of English made of all talks, and 500 pieces of evidence of every kind."""
    english = [talk for talk in talks if talk.transcript.language == "en"]
    cues: list[Cue] = []
    while not cues or cues[-1].end < 10 * 3600:
        began = cues[-1].end if cues else 0.0
        talk = english[rng.randrange(len(english))]
        cues += [Cue(began + c.start, c.duration, c.text) for c in talk.transcript.cues]
    transcript = Transcript("x" * 11, "en", False, tuple(cues))
    lines = make_lines(transcript)
    print("\nspeed")
    talk = make_talk(transcript)
    for misplaced in (0.1, 1.0):
        evidence = []
        for index in range(500):
            damage = list(DAMAGES.values())[index % len(DAMAGES)]
            for _, line, text, _ in damaged([talk], damage, 1, rng):
                wrong = rng.random() < misplaced
                evidence.append(Evidence(rng.randint(1, len(lines)) if wrong else line, text))
        began = time.process_time()
        grounding = Grounding(transcript, lines)
        cited = sum(grounding.cite(each) is not None for each in evidence)
        seconds = time.process_time() - began
        print(
            f"{transcript.end / 3600:.1f} hours, {len(lines)} lines, {len(evidence)} pieces of"
            f" evidence, {misplaced:.0%} of them at random lines, {cited} found:"
            f" {seconds:.2f} s of processor time"
        )


def main() -> None:
    """Prints all tables, and the lowest threshold that keeps the limit."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    options.add_argument("--trials", type=int, default=20_000, help="quotes from other talks")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    paths = sorted([*asked.folder.glob("*.json"), *asked.folder.glob("*.srt")])
    if not paths:
        print(f"skipped: no transcripts in {asked.folder}")
        return
    rng = random.Random(asked.seed)
    talks = [load(path) for path in paths]
    some = max(50, asked.trials // 40)
    print(
        f"{len(talks)} talks, {sum(len(talk.lines) for talk in talks)} lines; threshold {THRESHOLD}"
    )
    true = report_damaged(talks, some, rng)
    others = measure(from_others(talks, asked.trials, rng))
    afar = measure(from_afar(talks, asked.trials // 4, rng))
    changed = altered(talks, asked.trials // 20, rng)
    changed["all changed"] = Likenesses(
        [each for of in changed.values() for each in of.strict],
        [each for of in changed.values() for each in of.loose],
    )
    print(f"\nOther talks: {len(others.strict)} quotes; far away: {len(afar.strict)};")
    print("altered:", ", ".join(f"{name}: {len(each.strict)}" for name, each in changed.items()))
    for strict in (False, True):
        print("\nlikeness alone:" if not strict else "\nlikeness, and it says the same:")
        heads = ["damaged", "others", "afar", *changed]
        print("threshold " + " ".join(f"{head:>12}" for head in heads))
        for threshold in sorted(set(THRESHOLDS)):
            shares = [each.share(threshold, strict) for each in (true, others, afar)]
            shares += [each.share(threshold, strict) for each in changed.values()]
            print(f"{threshold:9} " + " ".join(f"{share:12.2%}" for share in shares))
        few = [t for t in sorted(set(THRESHOLDS)) if others.share(t, strict) <= MOST_FALSE]
        fewer = [t for t in few if changed["all changed"].share(t, strict) <= MOST_CHANGED]
        print(
            f"lowest with at most {MOST_FALSE:.1%} of other talks: {few[:1] or 'none'};"
            f" with at most {MOST_CHANGED:.1%} of all changed too: {fewer[:1] or 'none'}"
        )
    report_speed(rng, talks)


if __name__ == "__main__":
    main()
