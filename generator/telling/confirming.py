"""Asks a user, before a run that is likely to cost much, whether to begin it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from generator.telling.prices import money

if TYPE_CHECKING:
    from generator.planning.likely import Estimate
    from generator.telling.progress import Progress


def confirm_on(
    stdin: TextIO | None, stderr: TextIO | None, progress: Progress
) -> Callable[[Estimate], bool]:
    """What asks on a terminal and waits for a yes; elsewhere it is a notice, and the run goes on.

    Without a terminal nobody could answer: a run of cron's would stand still.
    """

    def confirm(estimate: Estimate) -> bool:
        told = estimate_told(estimate)
        if stdin is None or stderr is None or not stdin.isatty():
            progress.notice(f"{told}; it goes on, since nobody can be asked")
            return True
        with progress.paused():
            print(f"{told}. Go on? [y/N] ", end="", file=stderr, flush=True)
            return stdin.readline().strip().lower() in ("y", "yes")

    return confirm


def estimate_told(estimate: Estimate) -> str:
    """`this run is likely to take about 1,200,000 tokens in 340 requests for 50 videos`."""
    cost = "" if estimate.cost is None else f", and to cost about {money(estimate.cost)}"
    videos = "1 video" if estimate.videos == 1 else f"{estimate.videos:,} videos"
    return (
        f"this run is likely to take about {_rounded(estimate.tokens):,} tokens in"
        f" {_rounded(estimate.requests):,} requests for {videos}{cost}"
    )


def _rounded(number: int) -> int:
    """To two digits that say something: more would claim more than is known."""
    size: int = 10 ** max(0, len(str(number)) - 2)
    return round(number / size) * size
