"""Citations of which it is known where they are said, and the ways in which notes get them wrong.

- `written`: statements of `statements.txt`, made from known cues of real talks in our own words;
- `made`: statements that a rule makes at run time from cues of the real talks, lightly changed;
- `demo`: the notes of `output-openai`, of which the engine knows every citation;
- `notes`: published notes of the real talks. Their times, shifted ones read as they were meant,
  count as true, each of them; `confirmed` are those where by its words alone, no time and no
  neighbour looked at, the statement's likeliest place is within 15 s of its time.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.checker.hearing import Talk
from generator.checker.locating import REACH, spots
from generator.fetcher.subtitles import read_subtitles
from generator.models import Cue, Transcript
from generator.reader.notes import parse_note
from generator.text import clean

ROOT = Path(__file__).resolve().parent.parent
STATEMENTS = Path(__file__).with_name("statements.txt")
DEMO_TALKS = ROOT / "tests" / "standins" / "talks"
DEMO_NOTES = ROOT / "output-openai" / "kettle_and_chalk"


@dataclass(frozen=True)
class Spoken:
    """A talk, and how long its video is, in seconds."""

    transcript: Transcript
    duration: float


@dataclass(frozen=True)
class Said:
    """A statement, the second at which it is said, and whether its words alone confirm that."""

    statement: str
    second: int
    confirmed: bool = True


@dataclass(frozen=True)
class Note:
    """What one note cites, in its order, of the talk of that key."""

    talk: str
    citations: tuple[Said, ...]


def real_talks(folder: Path) -> dict[str, Spoken]:
    """The talks with captions written by hand, by video id; translations as `id.ru`."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        cues = tuple(Cue(c["start"], c["duration"], clean(c["text"])) for c in data["cues"])
        spoken = Transcript(data["videoId"], data["language"], False, cues)
        found[data["videoId"]] = Spoken(spoken, data["duration"])
    for path in sorted(folder.glob("*.srt")):
        video, language = path.name.split(".")[:2]
        cues = read_subtitles(path).transcript.cues
        spoken = Transcript(video, language, False, cues)
        found[f"{video}.{language}"] = Spoken(spoken, found[video].duration)
    return found


def demo_talks() -> dict[str, Spoken]:
    """The talks that were written for this project, by video id."""
    found = {}
    for path in sorted(DEMO_TALKS.glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        track = data["tracks"][0]
        cues = tuple(Cue(c["start"], c["duration"], c["text"]) for c in track["cues"])
        spoken = Transcript(data["id"], track["language"], False, cues)
        found[data["id"]] = Spoken(spoken, float(data["duration"]))
    return found


def written_notes(talks: dict[str, Spoken], wanted: str = "light heavy") -> list[Note]:
    """The statements of `statements.txt`, as one note a talk, for its translation too."""
    said: dict[str, list[Said]] = {}
    video = ""
    for line in STATEMENTS.read_text("utf-8").splitlines():
        if line.startswith("= "):
            video = line[2:]
        elif line[:1].isdigit():
            second, wording, statement = line.split(" ", 2)
            if wording in wanted.split():
                said.setdefault(video, []).append(Said(statement, int(second)))
    return [Note(key, tuple(said[key[:11]])) for key in talks if key[:11] in said]


def demo_notes(talks: dict[str, Spoken]) -> list[Note]:
    """The notes of the demo; all their citations are true."""
    found = published_notes(DEMO_NOTES, talks)
    return [
        Note(each.talk, tuple(Said(c.statement, c.second) for c in each.citations))
        for each in found
    ]


def published_notes(folder: Path, talks: dict[str, Spoken]) -> list[Note]:
    """The notes in a vault on these talks, with the times that they mean."""
    found = []
    for path in sorted(folder.rglob("*.md")):
        note = parse_note(path.read_text("utf-8"))
        for key, spoken in talks.items():
            citations = tuple(_meant(note, spoken)) if key[:11] == note.video_id else ()
            if citations:
                found.append(Note(key, citations))
    return found


def _meant(note, spoken: Spoken) -> Iterator[Said]:
    times = [c.second for c in note.citations() if c.second is not None]
    # Read here by a plainer rule than the checker's: nearly all times are whole minutes.
    shifted = sum(time % 60 == 0 for time in times) > 0.9 * len(times)
    talk = Talk(spoken.transcript, spoken.duration)
    for statement in note.statements():
        for citation in statement.citations:
            second = citation.second
            if second is None:
                continue
            if (shifted or second > spoken.duration) and second % 60 == 0 and second >= 60:
                second //= 60
            if second <= spoken.duration:
                best = spots(talk.likelihood(statement.text), talk.step, 1, 0.0)[0]
                confirmed = abs(best.second + talk.step / 2 - second) <= REACH
                yield Said(statement.text, second, confirmed)


_FILLERS = re.compile(
    r"\b(well|so|now|and|but|okay|actually|really|just|basically|you know|sort of|kind of|i mean"
    r"|of course|right|then|this|that|these|the|a|an)\b,?\s*",
    re.IGNORECASE,
)
_OTHERS = {
    "i": "the speaker", "we": "one", "you": "one", "i'm": "the speaker is", "we're": "one is",
    "you're": "one is", "let's": "one can", "my": "the speaker's", "our": "the", "your": "the",
    "think": "consider", "see": "notice", "look": "consider", "show": "demonstrate",
    "get": "obtain", "find": "determine", "start": "begin", "want": "wish", "big": "large",
    "little": "small", "tiny": "small", "whole": "entire", "way": "manner", "kind": "type",
    "question": "problem", "answer": "solution", "idea": "notion", "part": "portion",
    "change": "alteration", "amount": "quantity", "number": "quantity", "example": "instance",
    "happens": "occurs", "means": "implies", "gives": "yields", "called": "named",
    "exactly": "precisely", "always": "invariably", "important": "essential", "hard": "difficult",
    "easy": "simple", "different": "distinct", "same": "identical", "many": "numerous",
}  # fmt: skip


def made_notes(talks: dict[str, Spoken], rng: random.Random, most: int = 30) -> list[Note]:
    """Notes of statements that are cues with fillers dropped, other words and another order."""
    notes = []
    for key, spoken in talks.items():
        cues = spoken.transcript.cues
        if not key.isascii() or "." in key:
            continue
        chosen = sorted(rng.sample(range(len(cues) - 2), min(most, len(cues) // 6)))
        citations = [Said(_retold(cues[at : at + 2], rng), int(cues[at].start)) for at in chosen]
        notes.append(Note(key, tuple(citations)))
    return notes


def _retold(cues: Sequence[Cue], rng: random.Random) -> str:
    text = _FILLERS.sub("", " ".join(cue.text for cue in cues))
    clauses = [clause.strip() for clause in re.split(r"[,.;:?!]", text) if clause.strip()]
    rng.shuffle(clauses)
    words = " ".join(clauses[:2] or [text]).split()
    kept = [_OTHERS.get(word.lower(), word) for word in words if rng.random() > 0.1]
    return " ".join(kept or words).capitalize() + "."


Times = list[int]


def shifted(times: Times, duration: float, rng: random.Random) -> Times:
    """Every `mm:ss` written as `mm:ss:00`."""
    return [60 * time for time in times]


def half_shifted(times: Times, duration: float, rng: random.Random) -> Times:
    """The same with about every second time."""
    return [60 * time if rng.random() < 0.5 else time for time in times]


def past_the_end(times: Times, duration: float, rng: random.Random) -> Times:
    """A fifth at any time up to an hour and a half past the end of the video."""
    late = int(duration) + 30
    return [rng.randint(late, late + 5400) if rng.random() < 0.2 else time for time in times]


def moved(times: Times, duration: float, rng: random.Random) -> Times:
    """A fifth one to ten minutes off, within the video."""
    return [_moved(time, duration, rng) if rng.random() < 0.2 else time for time in times]


def all_moved(times: Times, duration: float, rng: random.Random) -> Times:
    """The same with all of them."""
    return [_moved(time, duration, rng) for time in times]


def as_they_are(times: Times, duration: float, rng: random.Random) -> Times:
    """Nothing changed."""
    return list(times)


def _moved(time: int, duration: float, rng: random.Random) -> int:
    while True:
        there = time + rng.choice((-1, 1)) * rng.randint(60, 600)
        if 0 <= there <= duration:
            return there
