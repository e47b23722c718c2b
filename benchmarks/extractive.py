"""How fast the extractive engine is, and how much memory it takes, beside sumy's LexRank.

    python benchmarks/extractive.py [DIR]

Both get the same sentences, each in a process of its own; what counts is the whole process, from
the interpreter's start to the end, and its peak resident memory. The talks are made up: words drawn
by Zipf's law from vocabularies that change every few minutes. Where DIR (default
`../shared/data/captions`) is there, its longest transcript is measured too. LexRank compares every
sentence with every other, so the 3-hour talk is measured for ours alone.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SECONDS_ALLOWED = 2.0
MEGABYTES_ALLOWED = 300.0
TIMES_FASTER = 10.0
SHOWN = 40


def made_up(hours: float, seed: int = 7) -> list[dict]:
    """Cues of a made-up talk: sentences of 6 to 28 words over cues of 12, 2.6 words a second."""
    draw = random.Random(seed)
    syllables = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "or")]
    common = ["the", "of", "and", "to", "a", "in", "is", "that", "it", "so", "we", "you", "this"]
    vocabulary = ["".join(draw.choices(syllables, k=draw.randint(2, 4))) for _ in range(9000)]
    ranks = [1 / (rank + 1) for rank in range(400)]
    cues: list[dict] = []
    at, words, own = 0.0, [], vocabulary[:400]
    changes = 0.0
    while at < hours * 3600:
        if at >= changes:
            first = draw.randrange(len(vocabulary) - 400)
            own = vocabulary[:120] + vocabulary[first : first + 280]
            draw.shuffle(own)
            changes = at + draw.uniform(120, 300)
        size = draw.randint(6, 28)
        said = [
            draw.choice(common) if draw.random() < 0.45 else draw.choices(own, ranks)[0]
            for _ in range(size)
        ]
        words += [said[0].capitalize(), *said[1:-1], said[-1] + "."]
        while len(words) >= 12:
            text, words = " ".join(words[:12]), words[12:]
            cues.append({"start": round(at, 2), "duration": 4.6, "text": text})
            at += 4.6 + max(0.0, draw.gauss(0.1, 0.3))
    return cues


def ours(data: dict) -> int:
    from generator.models import Cue, Transcript, Video, statements_in
    from generator.summarizer.extractive import ExtractiveEngine
    from generator.summarizer.lines import make_lines

    cues = tuple(Cue(c["start"], c["duration"], c["text"]) for c in data["cues"])
    transcript = Transcript("benchmark00", "en", False, cues)
    video = Video("benchmark00", "A talk", "channel")
    lines = make_lines(transcript)
    engine = ExtractiveEngine()
    (topic,) = engine.outline(video, transcript, lines)
    return len(statements_in(engine.write(video, transcript, lines, topic)))


def lexrank(data: dict) -> int:
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.nlp.stemmers import Stemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class Words:
        """sumy's own tokenizer asks for data that has to be downloaded."""

        def to_words(self, sentence: str) -> list[str]:
            return [word for word in (w.strip(".,?!;:\"'") for w in sentence.split()) if word]

    sentences = [Sentence(text, Words()) for text in data["sentences"]]
    document = ObjectDocumentModel([Paragraph(sentences)])
    return len(LexRankSummarizer(Stemmer("english"))(document, SHOWN))


def prepared(cues: list[dict]) -> dict:
    """Cues, and the sentences in them as the engine finds them."""
    from generator.models import Cue, Transcript
    from generator.summarizer.sentences import Speech

    told = tuple(Cue(c["start"], c["duration"], c["text"]) for c in cues)
    speech = Speech(Transcript("benchmark00", "en", False, told))
    return {"cues": cues, "sentences": [sentence.text for sentence in speech.sentences]}


def measured(engine: str, file: Path) -> tuple[float, float]:
    """Seconds and megabytes of a whole process."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--engine", engine, "--file", str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - began, float(done.stdout.split()[-1])


def run_one(engine: str, file: Path) -> None:
    {"ours": ours, "lexrank": lexrank}[engine](json.loads(file.read_text(encoding="utf-8")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))


def compare(name: str, cues: list[dict], folder: Path) -> None:
    file = folder / "talk.json"
    data = prepared(cues)
    file.write_text(json.dumps(data), encoding="utf-8")
    hours = (cues[-1]["start"] + cues[-1]["duration"]) / 3600
    print(f"{name}: {hours * 60:.0f} minutes, {len(data['sentences'])} sentences")
    rates = {}
    for engine in ("ours", "lexrank"):
        seconds, megabytes = measured(engine, file)
        rates[engine] = hours / seconds
        rate = f"{hours / seconds:8.3f} hours a second"
        print(f"  {engine:8} {rate} {seconds:8.2f} s {megabytes:6.0f} MB")
    times = rates["ours"] / rates["lexrank"]
    print(f"  {times:.1f} times LexRank's speed {_verdict(times >= TIMES_FASTER)}")


def limits(hours: float, folder: Path) -> None:
    file = folder / "long.json"
    file.write_text(json.dumps({"cues": made_up(hours)}), encoding="utf-8")
    seconds, megabytes = min(measured("ours", file) for _ in range(3))
    kept = seconds < SECONDS_ALLOWED and megabytes < MEGABYTES_ALLOWED
    print(f"made-up talk of {hours:g} hours, ours, best of 3 processes:")
    print(f"  {hours / seconds:8.3f} hours a second {seconds:8.2f} s {megabytes:6.0f} MB", end=" ")
    print(_verdict(kept))


def _verdict(kept: bool) -> str:
    return "(target met)" if kept else "(TARGET MISSED)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = ROOT.parent / "shared" / "data" / "captions"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.engine:
        run_one(given.engine, given.file)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        try:
            import sumy  # noqa: F401
        except ImportError:
            print("LexRank skipped: sumy is not installed (pip install '.[bench]')")
        else:
            compare("made-up talk", made_up(0.75), folder)
            paths = sorted(given.folder.glob("*.json")) if given.folder.is_dir() else []
            talks = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
            if talks:
                longest = max(talks, key=lambda talk: talk["duration"])
                compare(f"video {longest['videoId']}", longest["cues"], folder)
            else:
                print(f"real captions skipped: {given.folder} has none")
        limits(3.0, folder)


if __name__ == "__main__":
    main()
