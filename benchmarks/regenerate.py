"""How fast notes are regenerated that are all kept, and in how much memory.

    python benchmarks/regenerate.py [--notes 1000] [--rounds 3] [--small]

A model's stand-in writes the notes of 20 talks; the library is then filled with others like them.
After a change of the template all notes are written anew, and no request is sent; beside it stands
what the file system takes to write the same files, one by one and safely, in the same run. Then
nothing is changed, and the same is timed; the best of some rounds counts. Peak memory is that of
processes which regenerate 200 and 2,000 videos of five notes, a tenth of it with --small.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.memory import peak_megabytes
from generator.batch.making import Making
from generator.engines import open_engine
from generator.library import Library
from generator.models import Fetched, Track
from generator.pipeline import generate
from generator.publishing.publisher import Publisher
from generator.settings import Settings
from generator.sources import FileSource
from generator.task import Task
from generator.vault.atomic import replace_file
from generator.writing import WrittenNote
from tests.standins.llm import LLMStandIn
from tests.standins.llm_rule import ByRule

ROOT = Path(__file__).resolve().parents[1]
TALKS, NOTES_A_TALK, MINUTES = 20, 5, 17
TARGET_NOTES, TARGET_MEMORY = 300, 1.2
SYLLABLES = "ba de fi go ha je ki lo ma ne pi ro sa te vi wo ya zu bra cle dro fri gru sti"
LITTLE = "the a of and to in is that it was for on as with this we have you are"
NOBODY = "http://127.0.0.1:9/v1"


def main() -> int:
    """Prints notes per second and peak memory, each beside its target; exits 1 where one fails."""
    options = _arguments()
    if options.child:
        return _child(Path(options.child), options.templates)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        model = place / "model"
        with LLMStandIn(ByRule(statements=20)) as llm:
            _write_first(model, llm.base_url)
        fast = _speed(model, place, options.notes // NOTES_A_TALK, options.rounds)
        videos = (20, 200) if options.small else (200, 2000)
        level = _memory(model, place, videos)
    return 0 if fast and level else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--templates", help=argparse.SUPPRESS)
    return parser.parse_args()


# The vaults


def _write_first(vault: Path, base_url: str) -> None:
    """Talks that a model writes notes of."""
    vault.mkdir()
    files = []
    for number in range(TALKS):
        path = vault.parent / f"talk{number:07}.json"
        path.write_text(json.dumps(_talk(number)))
        files.append(FileSource(path))
    report = generate(Task(tuple(files)), _settings(vault, base_url=base_url, jobs=8))
    assert not report.failed, report.failed[0].error


def _talk(number: int) -> dict[str, object]:
    draw = Random(number)
    words = ["".join(draw.choices(SYLLABLES.split(), k=draw.randint(1, 3))) for _ in range(500)]
    cues, at = [], 0.0
    while at < 60 * MINUTES:
        said = " ".join(
            draw.choice(LITTLE.split() if draw.random() < 0.4 else words)
            for _ in range(draw.randint(6, 10))
        )
        end = "." if draw.random() < 0.4 else ""
        cues.append({"start": round(at, 2), "duration": 3.5, "text": said + end})
        at += 3.6
    title = " ".join(draw.choices(words, k=4)).capitalize()
    about = {"videoId": f"talk{number:07}", "title": title, "channel": f"channel{number % 4}"}
    return {**about, "language": "en", "cues": cues}


def _settings(vault: Path, **more: object) -> Settings:
    return Settings(output=vault, engine="openai", api_key="any", **{"base_url": NOBODY, **more})


def _fill(model: Path, vault: Path, videos: int) -> None:
    """A vault of so many videos, each like one that the model wrote."""
    import asyncio

    async def filled() -> None:
        settings = _settings(vault)
        with (
            Library.open(model / ".generator/library.db") as first,
            Library.open(vault / ".generator/library.db") as library,
        ):
            async with open_engine(settings, library) as opened:
                making, publisher = Making(settings, opened, library), Publisher(settings, library)
                talks = [(v, first.transcript(v), first.notes(video=v)) for v in first.videos()]
                for number in range(videos):
                    video, transcript, notes = talks[number % len(talks)]
                    assert transcript is not None
                    another = replace(video, id=f"t{number:010}", title=f"{video.title} {number}")
                    spoken = replace(transcript, video_id=another.id)
                    library.save_fetched(Fetched(another, spoken))
                    written = [
                        WrittenNote(
                            replace(n, video=another, title=f"{n.title} {number}"), (), 0, ()
                        )
                        for n in notes
                    ]
                    publisher.publish(another, "openai", [each.note for each in written])
                    making.keep(another, Track("en", "", generated=spoken.generated), written)
                publisher.settle()

    asyncio.run(filled())


def _templates(place: Path, word: str = "Taken from:") -> Path:
    folder = place / "templates"
    folder.mkdir(exist_ok=True)
    text = (ROOT / "templates" / "note.md.j2").read_text("utf-8")
    (folder / "note.md.j2").write_text(text.replace("From:", word), "utf-8")
    return folder


# What is measured


def _speed(model: Path, place: Path, videos: int, rounds: int) -> bool:
    """The best of some rounds, so that what else the machine does matters little."""
    vault = place / "speed"
    _fill(model, vault, videos)
    changed, same, plain = [], [], []
    for number in range(rounds):
        templates = _templates(place, f"Round {number}:")
        seconds, notes = _timed(vault, templates=templates)
        changed.append(seconds)
        same.append(_timed(vault, templates=templates)[0])
        plain.append(_plain_writing(vault, place / f"plain{number}"))
    print(f"{notes} notes of {videos} videos, two processors shared with whatever else runs here")
    rates = ", ".join(f"{notes / seconds:.0f}" for seconds in changed)
    print(f"after a template change {rates} notes/s (target: {TARGET_NOTES})")
    print(f"with nothing changed    {notes / min(same):.0f} notes/s")
    print(
        f"plain, safe writing     {notes / min(plain):.0f} files/s:"
        f" {min(changed) / min(plain):.1f} times as long"
    )
    return notes / min(changed) >= TARGET_NOTES


def _timed(vault: Path, **settings: object) -> tuple[float, int]:
    """Seconds of one regeneration, and how many notes there were; nobody answers a request."""
    begun = time.perf_counter()
    report = generate(Task(regenerate=True), _settings(vault, **settings))
    seconds = time.perf_counter() - begun
    assert report.usage is not None
    assert not report.failed, report.failed[0].error
    assert report.usage.requests == 0
    return seconds, sum(len(video.notes) for video in report.videos)


def _plain_writing(vault: Path, target: Path) -> float:
    files = [(path, path.read_bytes()) for path in vault.glob("*/*.md")]
    target.mkdir()
    begun = time.perf_counter()
    for number, (_, data) in enumerate(files):
        replace_file(target / f"{number}.md", data)
    return time.perf_counter() - begun


def _memory(model: Path, place: Path, videos: tuple[int, int]) -> bool:
    """Peak memory of two processes, the second with ten times as many videos."""
    templates, peaks = _templates(place), []
    for count in videos:
        vault = place / f"memory{count}"
        _fill(model, vault, count)
        command = [sys.executable, __file__, "--child", str(vault), "--templates", str(templates)]
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        peaks.append(float(told.stdout))
    ratio = peaks[1] / peaks[0]
    print(f"peak memory, {videos[0]} videos {peaks[0]:5.0f} MB")
    print(
        f"peak memory, {videos[1]} videos {peaks[1]:5.0f} MB: {ratio:.2f} times as much",
        end="",
    )
    print(f" (target: {TARGET_MEMORY})")
    return ratio <= TARGET_MEMORY


def _child(vault: Path, templates: str) -> int:
    os.environ.pop("OPENAI_API_KEY", None)
    _timed(vault, templates=Path(templates))
    print(peak_megabytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
