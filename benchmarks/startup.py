"""How long `generate --help` and `--version` take beside a bare Typer program with one option."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
BARE = """
import typer
app = typer.Typer()
@app.command()
def main(name: str = "x") -> None: ...
app()
"""
OURS = "from generator.cli import main\nmain()"
COMMANDS = {
    "bare --help": (BARE, "--help"),
    "generate --help": (OURS, "--help"),
    "generate --version": (OURS, "--version"),
}


def seconds(program: str, option: str) -> float:
    """Wall time of one run, in seconds."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, option], check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Runs the three in turn, so that they share the machine's moods, and prints medians."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            times[name].append(seconds(*command))
    medians = {name: statistics.median(measured) for name, measured in times.items()}
    print(f"{'command':20} {'median s':>9} {'of bare':>8}")
    for name, median in medians.items():
        print(f"{name:20} {median:9.3f} {median / medians['bare --help']:8.2f}")
    print("target: --help at most 1.4 of bare, --version at most --help")


if __name__ == "__main__":
    main()
