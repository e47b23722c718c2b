"""What a model's notes of some transcripts are like: found, repaired, dropped, doubtful, its cost.

    python benchmarks/quality.py --model M [--model N …] [--base-url U] TRANSCRIPT…

It asks a real server, with OPENAI_API_KEY if it is set, and writes nothing but to a temporary
folder. Settings (GENERATE_JOBS, GENERATE_VERIFY, …) count as for the command.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from generator import generate_notes
from generator.errors import GenerateError
from generator.telling.report import Report

COLUMNS = (
    *("statements", "exact", "near", "moved", "repaired", "dropped", "doubtful", "notes"),
    *("refused", "requests", "tokens", "seconds"),
)


def measured(report: Report, seconds: float) -> list[str]:
    """The columns' values, in order; shares are of the citations."""
    notes = [note for video in report.videos for note in video.notes]
    found = {how: sum(note.found[how] for note in notes) for how in ("exact", "near", "moved")}
    citations = sum(found.values()) or 1
    usage = report.usage
    return [
        str(sum(note.statements for note in notes)),
        *(f"{found[how] / citations:.1%}" for how in ("exact", "near", "moved")),
        str(sum(note.repaired for note in notes)),
        str(sum(note.dropped for note in notes)),
        str(sum(len(note.doubts) for note in notes)),
        str(len(notes)),
        str(len(report.failed)),
        str(usage.requests if usage else 0),
        str(usage.tokens if usage else 0),
        f"{seconds:.1f}",
    ]


def main() -> None:
    """Runs each model over all transcripts, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", action="append", required=True)
    parser.add_argument("--base-url")
    parser.add_argument("transcripts", nargs="+", type=Path, metavar="TRANSCRIPT")
    asked = parser.parse_args()
    width = max(len("model"), *map(len, asked.model))
    print(f"{'model':{width}} " + " ".join(f"{name:>10}" for name in COLUMNS))
    for model in asked.model:
        with tempfile.TemporaryDirectory() as vault:
            began = time.perf_counter()
            try:
                report = generate_notes(
                    transcripts=asked.transcripts,
                    output=vault,
                    engine="openai",
                    model=model,
                    base_url=asked.base_url,
                )
            except GenerateError as error:
                print(f"{model:{width}} {error.message}")
                continue
            values = measured(report, time.perf_counter() - began)
        print(f"{model:{width}} " + " ".join(f"{value:>10}" for value in values))
        for failed in report.failed:
            print(f"  {failed.id}: {failed.error.message if failed.error else ''}")


if __name__ == "__main__":
    main()
