"""How well the checker tells where statements are said, and how rarely it is wrong.

    python benchmarks/check.py [--rounds N] [SHARED]      # ../shared/data: captions and vault

Citations whose second is known (`benchmarks/check_truth.py` says where from) are spoilt in known
ways, judged, and held against the truth:

- `changed` is what `--fix` would write (a verdict that is `certain`), `right` the share of it
  within 15 s of the truth, `mended` the share of what was spoilt that is changed and right, and
  `or reported` with what is told without being changed;
- `touched` is the share of sound citations that would be changed, `false alarms` of those told.

Each with its 95% interval (Wilson 1927), as if citations were independent. A citation that is
spoilt several times over in rounds counts as often, which makes intervals look narrower than they
are: the number of different ones stands beside them.

The weights of words and the probability from which a place is certain were chosen on these talks.
`left out` gives the figures with both chosen anew for each video, on all the others.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import check_truth as truth  # noqa: E402
from benchmarks.check_truth import Note, Spoken, Times  # noqa: E402
from generator.checker.hearing import WEIGHTS, Talk  # noqa: E402
from generator.checker.judgement import Cited, Verdict, judge  # noqa: E402
from generator.checker.locating import REACH, believe, mass_around  # noqa: E402
from generator.checker.verdicts import SURE_PLACE, by_words  # noqa: E402
from generator.models import Cue, Transcript  # noqa: E402
from generator.summarizer.wording import words_of  # noqa: E402

SHARED = ROOT.parent / "shared" / "data"
SPOILT = {
    "as they are": truth.as_they_are,
    "all shifted": truth.shifted,
    "half shifted": truth.half_shifted,
    "past the end": truth.past_the_end,
    "moved": truth.moved,
    "all moved": truth.all_moved,
}
WEIGHT_CHOICES = ((1.6, 0.4), (1.9, 0.4), (2.2, 0.4), (2.5, 0.4), (2.2, 0.8), (2.2, 0.0))
SURE_CHOICES = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
WANTED_RIGHT = 0.98
TOLD = {"shifted", "past-end", "moved"}


@dataclass
class Tally:
    """Counts over citations, spoilt or sound."""

    spoilt: int = 0
    sound: int = 0
    changed: int = 0
    right: int = 0
    mended: int = 0
    told: int = 0
    touched: int = 0
    alarms: int = 0
    different: set = field(default_factory=set)

    def add(self, citation: truth.Said, written: int, verdict: Verdict) -> None:
        place = verdict.place
        right = place is not None and abs(place.second - citation.second) <= REACH
        self.changed += verdict.certain
        self.right += verdict.certain and right
        if written == citation.second:
            self.sound += 1
            self.touched += verdict.certain
            self.alarms += verdict.state in TOLD
        else:
            self.spoilt += 1
            self.different.add(citation)
            self.mended += verdict.certain and right
            # What is changed to something wrong was not mended, and is reported no more.
            self.told += right if verdict.certain else verdict.state in TOLD


def wilson(hits: int, of: int) -> str:
    """A share and its 95% interval, in per cent."""
    if not of:
        return f"{'-':>19}"
    share, z = hits / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return f"{share:6.1%} ({max(0.0, middle - half):5.1%}–{min(1, middle + half):.1%})".rjust(21)


Judge = Callable[[Note, Sequence[Cited]], list[Verdict]]


def tallied(
    notes: Sequence[Note],
    talks: dict[str, Spoken],
    spoil: Callable[[Times, float, random.Random], Times],
    rounds: int,
    judged: Judge,
) -> Tally:
    tally = Tally()
    for note in notes:
        times = [citation.second for citation in note.citations]
        for number in range(rounds):
            rng = random.Random(f"{note.talk} {number} {times[0]} {len(times)}")
            written = spoil(times, talks[note.talk].duration, rng)
            for citation, second, verdict in zip(
                note.citations, written, judged(note, cited(note, written)), strict=True
            ):
                if citation.confirmed:
                    tally.add(citation, second, verdict)
    return tally


def cited(note: Note, written: Times) -> list[Cited]:
    return [
        Cited(citation.statement, second, group)
        for group, (citation, second) in enumerate(zip(note.citations, written, strict=True))
    ]


def report(
    name: str, notes: Sequence[Note], talks: dict[str, Spoken], rounds: int, judged: Judge
) -> dict[str, Tally]:
    heads = ("right", "mended", "or reported", "touched", "false alarms")
    print(f"\n{name}: {sum(len(note.citations) for note in notes)} citations, {len(notes)} notes")
    print(f"{'':13} {'spoilt':>13} {'changed':>8}" + "".join(f"{head:>22}" for head in heads))
    tallies = {}
    for spoilt, spoil in SPOILT.items():
        often = 1 if spoilt in {"as they are", "all shifted"} else rounds
        tally = tallies[spoilt] = tallied(notes, talks, spoil, often, judged)
        shares = (
            (tally.right, tally.changed),
            (tally.mended, tally.spoilt),
            (tally.told, tally.spoilt),
            (tally.touched, tally.sound),
            (tally.alarms, tally.sound),
        )
        count = f"{tally.spoilt} ({len(tally.different)})"
        row = " ".join(wilson(*share) for share in shares)
        print(f"{spoilt:13} {count:>13} {tally.changed:8} {row}")
    return tallies


def total(tallies: Iterable[dict[str, Tally]]) -> None:
    """The figures of the three usual ways together, over all kinds of truth."""
    every = list(tallies)
    usual = [each[name] for each in every for name in ("all shifted", "past the end", "moved")]
    changed, right = sum(t.changed for t in usual), sum(t.right for t in usual)
    sound = [*usual, *(each["as they are"] for each in every)]
    print(f"\nof all that was changed, right: {wilson(right, changed).strip()}")
    touched = sum(t.touched for t in sound), sum(t.sound for t in sound)
    print(f"of sound citations, touched: {wilson(*touched).strip()}")
    for name in ("all shifted", "past the end", "moved"):
        of = [each[name] for each in every]
        hits = [(t.told if name == "moved" else t.mended) for t in of]
        done = "mended or reported" if name == "moved" else "mended"
        spoilt = sum(t.spoilt for t in of)
        print(f"{name}, {done}: {wilson(sum(hits), spoilt).strip()}")


def short_notes(notes: Sequence[Note]) -> list[Note]:
    """The same citations, in notes of one to three of them."""
    found = []
    for note in notes:
        at, size = 0, 1
        while at < len(note.citations):
            found.append(Note(note.talk, note.citations[at : at + size]))
            at, size = at + size, size % 3 + 1
    return found


def left_out(notes: Sequence[Note], talks: dict[str, Spoken], rounds: int) -> Judge:
    """A judge who uses for each video what was chosen on all the other ones."""
    tables = {weights: _scores(notes, talks, rounds, weights) for weights in WEIGHT_CHOICES}
    videos = sorted({note.talk[:11] for note in notes})
    chosen = {}
    for video in videos:
        weights = max(
            WEIGHT_CHOICES,
            key=lambda each: sum(s for v, s, _, _ in tables[each] if v != video),
        )
        places = [(mass, right) for v, _, mass, right in tables[weights] if v != video]
        sure = next((least for least in SURE_CHOICES if _right(places, least)), SURE_CHOICES[-1])
        chosen[video] = weights, sure
    print("\nchosen without each video (weights, sure from):", sorted(set(chosen.values())))
    heard: dict[str, Talk] = {}

    def judged(note: Note, citations: Sequence[Cited]) -> list[Verdict]:
        weights, sure = chosen[note.talk[:11]]
        if note.talk not in heard:
            spoken = talks[note.talk]
            heard[note.talk] = Talk(spoken.transcript, spoken.duration, weights)
        return by_words(citations, heard[note.talk], sure)

    return judged


def _scores(
    notes: Sequence[Note], talks: dict[str, Spoken], rounds: int, weights: tuple[float, float]
) -> list[tuple[str, float, float, bool]]:
    """For each citation past the end: its video, the log of what is believed of the truth, and
    the likeliest place's probability and whether it is right."""
    found = []
    for note in notes:
        spoken = talks[note.talk]
        talk = Talk(spoken.transcript, spoken.duration, weights)
        times = [citation.second for citation in note.citations]
        for number in range(rounds):
            written = truth.past_the_end(times, spoken.duration, random.Random(f"fit {number}"))
            statements = [citation.statement for citation in note.citations]
            beliefs = believe(statements, written, talk).citations
            verdicts = by_words(cited(note, written), talk, 0.0)
            for citation, second, belief, verdict in zip(
                note.citations, written, beliefs, verdicts, strict=True
            ):
                if second != citation.second and citation.confirmed:
                    mass = mass_around(belief.moments, talk.step, citation.second)
                    place = verdict.place
                    right = place is not None and abs(place.second - citation.second) <= REACH
                    sure = place.confidence if place else 0.0
                    found.append((note.talk[:11], log(max(mass, 1e-6)), sure, right))
    return found


def _right(places: Sequence[tuple[float, bool]], least: float) -> bool:
    taken = [right for mass, right in places if mass >= least]
    return sum(taken) >= WANTED_RIGHT * len(taken)


def report_speed(talks: dict[str, Spoken], notes: Sequence[Note]) -> None:
    """Three hours of English made of all talks, and a note of 200 citations."""
    cues: list[Cue] = []
    statements: list[truth.Said] = []
    end = 0.0
    for note in [note for note in notes if "." not in note.talk] * 9:
        spoken = talks[note.talk]
        if end > 3 * 3600:
            break
        cues += [Cue(end + c.start, c.duration, c.text) for c in spoken.transcript.cues]
        statements += [truth.Said(c.statement, int(end) + c.second) for c in note.citations]
        end += spoken.duration
    transcript = Transcript("x" * 11, "en", False, tuple(cues))
    few = statements[:: max(1, len(statements) // 200)][:200]
    note = Note("", tuple(few))
    written = truth.past_the_end([each.second for each in few], end, random.Random(1))
    began = time.process_time()
    for cue in cues:
        words_of(cue.text, "en")
    reading = time.process_time() - began
    print(f"\n{end / 3600:.1f} hours, {len(cues)} cues, {len(few)} citations")
    print(f"reading the transcript's words: {reading:.2f} s of processor time")
    for what in ("the first note of the talk", "each further one"):
        began = time.process_time()
        judge(cited(note, written), transcript, end)
        seconds = time.process_time() - began
        print(f"{what}: {seconds / reading:.1f} times that, {seconds:.2f} s")


def main() -> None:
    """Prints all tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("shared", nargs="?", type=Path, default=SHARED)
    options.add_argument("--rounds", type=int, default=4, help="how often each note is spoilt")
    asked = options.parse_args()

    def kept(note: Note, citations: Sequence[Cited]) -> list[Verdict]:
        spoken = talks[note.talk]
        return judge(citations, spoken.transcript, spoken.duration)

    talks = truth.demo_talks()
    report("demo", truth.demo_notes(talks), talks, asked.rounds, kept)
    talks = truth.real_talks(asked.shared / "captions")
    if not talks:
        print(f"skipped all else: no captions in {asked.shared}")
        return
    print(f"\nweights {WEIGHTS}, sure from {SURE_PLACE}")
    english = {key: spoken for key, spoken in talks.items() if "." not in key}
    written = truth.written_notes(english)
    published = truth.published_notes(asked.shared / "vault", english)
    sure = [Note(n.talk, tuple(c for c in n.citations if c.confirmed)) for n in published]
    every = [
        Note(n.talk, tuple(truth.Said(c.statement, c.second) for c in n.citations))
        for n in published
    ]
    kinds = {
        "written": written,
        "made": truth.made_notes(english, random.Random(1)),
        "notes": published,
    }
    print(f"confirmed by their words: {sum(len(n.citations) for n in sure)} of the notes' times")
    total(report(name, notes, talks, asked.rounds, kept) for name, notes in kinds.items())
    report("notes, all times taken for true", every, talks, asked.rounds, kept)
    heavy = truth.written_notes(english, "heavy")
    report("written, only what is worded freely", heavy, talks, asked.rounds, kept)
    report("written, in notes of one to three", short_notes(written), talks, 1, kept)
    foreign = {key: spoken for key, spoken in talks.items() if "." in key}
    report(
        "written, of the talks in Russian", truth.written_notes(foreign), talks, asked.rounds, kept
    )
    print("\nleft out:", end="")
    fitted = [*written, *published]
    total([report("written and notes", fitted, talks, 2, left_out(fitted, talks, 2))])
    report_speed(english, written)


if __name__ == "__main__":
    main()
