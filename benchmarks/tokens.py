"""How often a transcript's text is sent to a model, and what a request costs beside it.

    python benchmarks/tokens.py [DIR]     # ../shared/data/captions

For each of the captions: how many times its text goes out for up to five notes, repairs included,
beside the way in which each note is written from the whole transcript, and the tokens of both. The
whole command runs, against the tests' stand-in for model servers, which counts what it is asked:
four characters a token. It answers by rule: five topics in a row, and statements of which the usual
share has wrong evidence.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from generator import generate_notes, read_transcript
from generator.summarizer.lines import make_lines
from tests.standins.llm import LLMStandIn
from tests.standins.llm_log import Request
from tests.standins.llm_rule import ByRule

CAPTIONS = Path(__file__).resolve().parents[2] / "shared" / "data" / "captions"
CHARACTERS_A_TOKEN = 4
TARGET_TIMES = 2.3
TARGET_FIXED = 1500
COLUMNS = ("video", "minutes", "notes", "times", "repairs", "whole", "tokens", "whole", "fixed")


def asked_for(path: Path) -> list[Request]:
    """What the stand-in was asked for the notes of one file."""
    with tempfile.TemporaryDirectory() as vault, LLMStandIn(ByRule()) as llm:
        report = generate_notes(
            transcripts=[path], output=vault, engine="openai", base_url=llm.base_url, api_key="any"
        )
        if report.failed:
            raise SystemExit(f"{path.name}: {report.failed[0].error}")
        return list(llm.requests)


def fixed_tokens(request: Request) -> float:
    """Instructions, schema and metadata of a request, with the lines' numbers."""
    return request.input_tokens - request.text_characters / CHARACTERS_A_TOKEN


def main() -> int:
    """Prints a row for each of the captions, and whether the targets are met."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CAPTIONS
    paths = sorted(folder.glob("*.json"))
    if not paths:
        print(f"skipped: no captions in {folder}")
        return 0
    print("times: how often the transcript's text is sent, repairs: the part of it in repairs;")
    print("tokens: of all requests; fixed: the most of one request but for the text; whole: both,")
    print("were each note written from the whole transcript with the same instructions\n")
    print(" ".join(f"{name:>11}" for name in COLUMNS))
    worst_times = worst_fixed = 0.0
    for path in paths:
        transcript = read_transcript(path)
        text = sum(len(line.text) for line in make_lines(transcript))
        requests = asked_for(path)
        notes = sum(request.prompt == "note" for request in requests)
        sent = sum(request.text_characters for request in requests)
        repairs = sum(r.text_characters for r in requests if r.prompt == "repair")
        tokens = sum(request.input_tokens for request in requests)
        # The published way asks for no repair.
        others = sum(r.input_tokens for r in requests if r.prompt != "repair")
        whole = others + (text * (notes + 1) - (sent - repairs)) / CHARACTERS_A_TOKEN
        fixed = max(map(fixed_tokens, requests))
        row = (
            transcript.video_id,
            f"{transcript.end / 60:.1f}",
            notes,
            f"{sent / text:.2f}",
            f"{repairs / text:.2f}",
            f"{notes + 1:.2f}",
            tokens,
            f"{whole:.0f}",
            f"{fixed:.0f}",
        )
        print(" ".join(f"{value:>11}" for value in row))
        worst_fixed = max(worst_fixed, fixed)
        worst_times = max(worst_times, sent / text)
    print(f"\nmost times: {worst_times:.2f} (target: at most {TARGET_TIMES})")
    print(f"most fixed: {worst_fixed:.0f} tokens (target: at most {TARGET_FIXED})")
    return 0 if worst_times <= TARGET_TIMES and worst_fixed <= TARGET_FIXED else 1


if __name__ == "__main__":
    sys.exit(main())
