"""How fast the extractive engine is, and how much memory it takes, beside sumy's LexRank.

    python benchmarks/extractive.py [DIR]

Both get the same sentences, each in a process of its own. Told are the whole process, from the
interpreter's start to the end, its peak resident memory, and the work alone, after all imports, by
which speeds are compared. Of several processes the quickest counts.

The talks are made up: words drawn by Zipf's law from vocabularies that change every few minutes.
Where DIR (default `../shared/data/captions`) is there, its longest transcript is measured too.
LexRank compares every sentence with every other, so the 3-hour talk is measured for ours alone.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.memory import peak_megabytes

ROOT = Path(__file__).resolve().parent.parent
SECONDS_ALLOWED = 3.0
MEGABYTES_ALLOWED = 400.0
TIMES_FASTER = 10.0
SHOWN = 40
RUNS = 3
OUR_IMPORTS = (
    "generator.summarizer.extractive.engine",
    "numpy",
    "stopwordsiso",
    "snowballstemmer",
    "sentencex",
)
LEXRANK_IMPORTS = ("sumy.summarizers.lex_rank", "sumy.nlp.stemmers", "numpy")


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
    from generator.summarizer.extractive.engine import ExtractiveEngine
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
    from generator.summarizer.extractive.sentences import find_sentences
    from generator.summarizer.extractive.speech import Speech

    told = tuple(Cue(c["start"], c["duration"], c["text"]) for c in cues)
    found = find_sentences(Speech(Transcript("benchmark00", "en", False, told)))
    return {"cues": cues, "sentences": [sentence.text for sentence in found]}


def measured(engine: str, file: Path) -> tuple[float, float, float]:
    """Seconds of a whole process, its megabytes, and the seconds of its work alone."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--engine", engine, "--file", str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    megabytes, work = map(float, done.stdout.split())
    return seconds, megabytes, work


def run_one(engine: str, file: Path) -> None:
    run = {"ours": ours, "lexrank": lexrank}[engine]
    data = json.loads(file.read_text(encoding="utf-8"))
    for module in {"ours": OUR_IMPORTS, "lexrank": LEXRANK_IMPORTS}[engine]:
        importlib.import_module(module)
    began = time.perf_counter()
    run(data)
    work = time.perf_counter() - began
    print(peak_megabytes(), work)


def compare(name: str, cues: list[dict], folder: Path) -> None:
    file = folder / "talk.json"
    data = prepared(cues)
    file.write_text(json.dumps(data), encoding="utf-8")
    hours = (cues[-1]["start"] + cues[-1]["duration"]) / 3600
    print(f"{name}: {hours * 60:.0f} minutes, {len(data['sentences'])} sentences")
    took = {}
    for engine in ("ours", "lexrank"):
        took[engine] = min(measured(engine, file) for _ in range(RUNS))
        _tell(engine, hours, *took[engine])
    whole = took["lexrank"][0] / took["ours"][0]
    alone = took["lexrank"][2] / took["ours"][2]
    print(f"  {alone:.1f} times LexRank's speed ({whole:.1f} as whole processes)", end=" ")
    print(_verdict(alone >= TIMES_FASTER))


def _tell(engine: str, hours: float, seconds: float, megabytes: float, work: float) -> None:
    print(f"  {engine:8}{hours / work:7.2f} hours a second: {work:6.2f} s", end="")
    print(f"; whole process {seconds:6.2f} s, {megabytes:4.0f} MB")


def limits(hours: float, folder: Path) -> None:
    file = folder / "long.json"
    file.write_text(json.dumps({"cues": made_up(hours)}), encoding="utf-8")
    seconds, megabytes, work = min(measured("ours", file) for _ in range(RUNS))
    kept = seconds < SECONDS_ALLOWED and megabytes < MEGABYTES_ALLOWED
    print(f"made-up talk of {hours:g} hours, the whole process:")
    _tell("ours", hours, seconds, megabytes, work)
    print(f"  under {SECONDS_ALLOWED:g} s and {MEGABYTES_ALLOWED:g} MB {_verdict(kept)}")


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
            compare("made-up talk", made_up(1.5), folder)
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
