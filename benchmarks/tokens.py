"""How often a transcript's text is sent to a model, and what a request costs beside it.

    python benchmarks/tokens.py [DIR]     # ../shared/data/captions

For each of the captions: how many times its text goes out for five notes, beside the way in which
each note is written from the whole transcript, and the tokens of both. No model is asked: the
outline's topics are five equal parts in a row, and each note has one statement. Tokens are counted
as the stand-in of the tests does, four characters each.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

from generator.models import Cue, Transcript, Video
from generator.summarizer.completions.client import Request
from generator.summarizer.completions.servers import strict_schema
from generator.summarizer.lines import make_lines
from generator.summarizer.openai.asking import Options
from generator.summarizer.openai.engine import OpenAIEngine
from generator.summarizer.openai.prompts import Prompts
from generator.text import clean

CAPTIONS = Path(__file__).resolve().parents[2] / "shared" / "data" / "captions"
TOPICS = 5
CHARACTERS_A_TOKEN = 4
TARGET_TIMES = 2.3
TARGET_FIXED = 1500
_SHOWN = re.compile(r"^(\d+)\| (.*)$", re.MULTILINE)


class ByRule:
    """Answers every request by rule, and counts what was sent."""

    def __init__(self) -> None:
        self.text = 0
        self.all = 0
        self.fixed: list[int] = []

    async def ask(self, request: Request) -> Any:
        """Counts the request; five equal topics to an outline, one statement to a note."""
        shown = _SHOWN.findall(request.messages[-1].content)
        text = sum(len(words) for _, words in shown)
        around = sum(len(number) + len("| \n") for number, _ in shown)
        whole = sum(len(message.content) for message in request.messages)
        whole += len(json.dumps(strict_schema(request.reply)))
        self.text += text
        self.all += whole
        self.fixed.append(whole - text - around)
        numbers = [int(number) for number, _ in shown]
        fields = _outline(numbers) if request.prompt == "outline" else _note(*shown[0])
        return request.reply.model_validate(fields)


def _outline(numbers: list[int]) -> dict[str, Any]:
    cuts = [len(numbers) * cut // TOPICS for cut in range(TOPICS + 1)]
    return {
        "topics": [
            {
                "title": f"{word} matter",
                "ranges": [{"first": numbers[cuts[n]], "last": numbers[cuts[n + 1] - 1]}],
            }
            for n, word in enumerate(["Red", "Green", "Blue", "White", "Black"])
        ]
    }


def _note(number: str, words: str) -> dict[str, Any]:
    statement = {"text": "It is said.", "evidence": [{"line": number, "quote": words[:40]}]}
    return {"sections": [{"heading": "What", "blocks": [{"statements": [statement]}]}]}


async def measured(video: Video, transcript: Transcript) -> ByRule:
    """What the outline and all notes of a video send."""
    lines = make_lines(transcript)
    counting = ByRule()
    engine = OpenAIEngine(counting, Prompts(), Options(topics=TOPICS))
    for topic in await engine.outline(video, transcript, lines):
        await engine.write(video, transcript, lines, topic)
    return counting


def read(path: Path) -> tuple[Video, Transcript]:
    """A video and its captions."""
    data = json.loads(path.read_text(encoding="utf-8"))
    cues = tuple(Cue(c["start"], c["duration"], clean(c["text"])) for c in data["cues"])
    video = Video(data["videoId"], data["title"], data["channel"], duration=data["duration"])
    return video, Transcript(video.id, data["language"], data["is_generated"], cues)


def main() -> int:
    """Prints a row for each of the captions, and whether the targets are met."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CAPTIONS
    paths = sorted(folder.glob("*.json"))
    if not paths:
        print(f"skipped: no captions in {folder}")
        return 0
    print(
        "times: how often the transcript's text is sent; tokens: of all requests; fixed: the most"
    )
    print("that instructions, schema and metadata take in one request; whole: each note written")
    print("from the whole transcript, with the same instructions\n")
    print(
        f"{'video':12} {'minutes':>7} {'notes':>5} {'times':>6} {'whole':>6} {'tokens':>7}", end=""
    )
    print(f" {'whole':>7} {'fixed':>6}")
    worst_times = worst_fixed = 0.0
    for path in paths:
        video, transcript = read(path)
        counted = asyncio.run(measured(video, transcript))
        text = sum(len(line.text) for line in make_lines(transcript))
        notes = len(counted.fixed) - 1
        times = counted.text / text
        fixed = max(counted.fixed) / CHARACTERS_A_TOKEN
        whole = counted.all - counted.text + text * (notes + 1)
        tokens, whole_tokens = counted.all // CHARACTERS_A_TOKEN, whole // CHARACTERS_A_TOKEN
        print(
            f"{video.id:12} {transcript.end / 60:7.1f} {notes:5} {times:6.2f} {notes + 1:6.2f}",
            end="",
        )
        print(f" {tokens:7} {whole_tokens:7} {fixed:6.0f}")
        worst_fixed = max(worst_fixed, fixed)
        worst_times = max(worst_times, times)
    print(f"\nmost times: {worst_times:.2f} (target: at most {TARGET_TIMES})")
    print(f"most fixed: {worst_fixed:.0f} tokens (target: at most {TARGET_FIXED})")
    return 0 if worst_times <= TARGET_TIMES and worst_fixed <= TARGET_FIXED else 1


if __name__ == "__main__":
    sys.exit(main())
