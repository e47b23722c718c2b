"""What one new video, a rerun and a changed template cost in a vault of 20,000 notes.

Makes such a vault with its library once (some minutes), publishing note by note; each question is
then asked of a fresh process over it: seconds of wall and of processor, peak memory, and beside it
what it takes to just list the same files (os.scandir and stat). Processes find bytecode of the
program, as they do where it is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bytecode import finding_bytecode
from benchmarks.memory import peak_megabytes
from generator.batch.videos import UNDER_WAY
from generator.library import Library
from generator.models import (
    Citation,
    Cue,
    Fetched,
    Found,
    Mention,
    Note,
    Paragraph,
    Section,
    Statement,
    Transcript,
    Video,
)
from generator.publishing.ahead import FAR
from generator.publishing.publisher import Publisher
from generator.publishing.renewals import Renewal
from generator.settings import Settings

CHANNELS = 8
NOTES_A_VIDEO = 5
STATEMENTS = 42
LINES = 300
LITTLE = ("the", "of", "and", "to", "in", "is", "that", "it", "for", "as", "was", "with", "on")
ONSETS = ("b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr")
ENDS = ("", "", "n", "r", "l", "s", "t", "nd")


def made_up_words(count: int) -> list[str]:
    """Words of two to four syllables, so many that their beginnings tell them apart."""
    dice = random.Random(1)
    found: dict[str, None] = {}
    while len(found) < count:
        parts = (
            dice.choice(ONSETS) + dice.choice("aeiou") + dice.choice(ENDS)
            for _ in range(dice.choice((2, 2, 3, 3, 4)))
        )
        found["".join(parts)] = None
    return list(found)


WORDS = made_up_words(12_000)


def talk(number: int, dice: random.Random) -> Fetched:
    """A video of an hour, and its transcript."""
    id_ = f"vid{number:08}"
    day = date(2015, 1, 1) + timedelta(days=number)
    channel = f"channel_{number % CHANNELS}"
    url = f"https://www.youtube.com/watch?v={id_}"
    video = Video(id_, f"Talk {number} on things", channel, None, url, 3600.0, day)
    cues = tuple(Cue(10.0 * n, 9.9, sentence(dice)) for n in range(LINES))
    return Fetched(video, Transcript(id_, "en", True, cues))


def word(dice: random.Random) -> str:
    """One of the made-up words, the first of them far more often than the last."""
    return WORDS[int(len(WORDS) * dice.random() ** 3)]


def term(dice: random.Random) -> str:
    """A word such as names are made of: not one of those that every other note has."""
    return WORDS[dice.randrange(len(WORDS) // 40, len(WORDS))]


def sentence(dice: random.Random) -> str:
    """About fifteen words, four of ten of them little ones."""
    words = (
        dice.choice(LITTLE) if dice.random() < 0.4 else word(dice)
        for _ in range(dice.randint(13, 21))
    )
    return " ".join(words).capitalize() + "."


def title(number: int, place: int) -> str:
    """The title of a video's note, known to all that mention it: two or three words."""
    dice = random.Random(f"{number} {place}")
    return " ".join(term(dice) for _ in range(dice.choice((2, 2, 3)))).capitalize()


def notes_of(fetched: Fetched, number: int, dice: random.Random) -> list[Note]:
    """Notes of 8 KB; each names four others, of this video or of any before or after."""
    notes = []
    for place in range(NOTES_A_VIDEO):
        others = [title(dice.randrange(max(1, 2 * number)), dice.randrange(5)) for _ in range(3)]
        others.append(title(number, (place + 1) % NOTES_A_VIDEO))
        statements = []
        for at in range(STATEMENTS):
            line = place * LINES // NOTES_A_VIDEO + at
            cue = fetched.transcript.cues[line]
            cited = (Citation(int(cue.start), line, 0, cue.text[:20], Found.EXACT),)
            text, mentions = sentence(dice), ()
            if at % 10 == 0 and others:
                other = others.pop()
                text = f"{text[:-1]} {other.lower()}."
                start = text.rindex(other.lower())
                mentions = (Mention(start, start + len(other), other),)
            statements.append(Statement(text, (), cited, mentions))
        parts = [tuple(statements[n : n + 7]) for n in range(0, STATEMENTS, 7)]
        sections = tuple(
            Section(sentence(dice)[:40], 2, (Paragraph(part),), 0.0, 1.0) for part in parts[1:]
        )
        lead = (Paragraph(parts[0]),)
        aliases = (f"{title(number, place)} in brief", f"{term(dice)} {term(dice)}")
        note = Note(title(number, place), aliases, "", fetched.video, lead, sections, "en", True)
        notes.append(note)
    return notes


def made(number: int) -> tuple[Fetched, list[Note]]:
    """The talk of this number and its notes, the same in every process."""
    dice = random.Random(number)
    fetched = talk(number, dice)
    return fetched, notes_of(fetched, number, dice)


def build(root: Path, notes: int) -> None:
    """The vault, as so many videos leave it."""
    with Library.open(root / ".generator" / "library.db") as library:
        publisher = Publisher(Settings(output=root), library)
        for number in range(notes // NOTES_A_VIDEO):
            fetched, of_video = made(number)
            library.save_fetched(fetched)
            publisher.publish(fetched.video, "openai", of_video)
        publisher.settle()


def list_files(root: Path, _: int) -> int:
    """What any look at the vault begins with."""
    count, folders = 0, [str(root)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders.extend([] if entry.name.startswith(".") else [entry.path])
                else:
                    count += entry.stat().st_size > 0
    return count


def add_a_video(root: Path, number: int) -> int:
    """A video that the vault has not had."""
    fetched, notes = made(number)
    with Library.open(root / ".generator" / "library.db") as library:
        publisher = Publisher(Settings(output=root), library)
        library.save_fetched(fetched)
        publisher.publish(fetched.video, "openai", notes)
        return len(publisher.settle().written)


def run_again(root: Path, _: int) -> int:
    """A run that finds nothing to do."""
    with Library.open(root / ".generator" / "library.db") as library:
        return len(Publisher(Settings(output=root), library).settle().written)


def change_the_template(root: Path, notes: int) -> int:
    """A thousand notes rendered and written with another template."""
    templates = root.parent / "templates"
    templates.mkdir(exist_ok=True)
    ours = Path(__file__).resolve().parents[1] / "templates" / "note.md.j2"
    mark = f"<!-- {time.time_ns()} -->\n"
    (templates / "note.md.j2").write_text(ours.read_text().rstrip() + "\n" + mark)
    with Library.open(root / ".generator" / "library.db") as library:
        publisher = Publisher(Settings(output=root, templates=templates), library)
        count, under_way = 0, deque[Renewal]()
        videos = min(1000, notes) // NOTES_A_VIDEO
        for number in range(videos):
            for coming in range(number + 1, min(number + 1 + FAR, videos)):
                channel, id_ = f"channel_{coming % CHANNELS}", f"vid{coming:08}"
                publisher.foresee(channel, id_, videos - number)
            video = library.video(f"vid{number:08}")
            assert video is not None
            under_way.append(publisher.renew(video, "openai", library.notes(video=video)))
            if len(under_way) > UNDER_WAY:
                count += _written(under_way.popleft())
        count += sum(map(_written, under_way))
        publisher.end_renewals()
        publisher.settle()
        return count


def _written(renewal: Renewal) -> int:
    return sum(each.state == "written" for each in renewal.finish()[0])


QUESTIONS: dict[str, Callable[[Path, int], int]] = {
    "list the files": list_files,
    "one new video": add_a_video,
    "nothing new": run_again,
    "another template, 1,000 notes": change_the_template,
}


def answers(root: Path, notes: int, rounds: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Each question asked of a fresh process, in turn."""
    environment = finding_bytecode(root.with_name("bytecode"))
    for at in range(rounds):
        for name in QUESTIONS:
            number = notes // NOTES_A_VIDEO + at if name == "one new video" else notes
            command = [sys.executable, __file__, "--ask", name, str(number), str(root)]
            told = subprocess.run(
                command, check=True, capture_output=True, text=True, env=environment
            )
            yield name, json.loads(told.stdout)


def ask(name: str, number: int, root: Path) -> dict[str, float]:
    """One question's answer: what it counted, and what it took from when Python was ready."""
    began, spent = time.perf_counter(), time.process_time()
    count = QUESTIONS[name](root, number)
    return {
        "count": count,
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - spent,
        "megabytes": peak_megabytes(),
    }


def main() -> None:
    """Prints the best of some rounds, so that what else the machine does matters little."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="make the vault here, or take the one here")
    parser.add_argument("--ask", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        name, number, root = given.ask
        print(json.dumps(ask(name, int(number), Path(root))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        root = (given.keep or Path(scratch)) / "vault"
        if not root.exists():
            began = time.perf_counter()
            build(root, given.notes)
            print(f"published at {given.notes / (time.perf_counter() - began):.0f} notes/s")
        best: dict[str, dict[str, float]] = {}
        for name, told in answers(root, given.notes, given.rounds):
            if name not in best or told["seconds"] < best[name]["seconds"]:
                best[name] = told
        plain = best["list the files"]["seconds"]
        print(f"{'':32} {'count':>6} {'s':>7} {'of listing':>10} {'cpu s':>7} {'MB':>5}")
        for name, of in best.items():
            print(
                f"{name:32} {of['count']:6.0f} {of['seconds']:7.2f} {of['seconds'] / plain:10.1f}"
                f" {of['processor']:7.2f} {of['megabytes']:5.0f}"
            )
        changed = best["another template, 1,000 notes"]
        print(f"another template: {changed['count'] / changed['seconds']:.0f} notes/s")
    print("targets: one new video under 2 s and 500 MB; another template 300 notes/s or more")


if __name__ == "__main__":
    main()
