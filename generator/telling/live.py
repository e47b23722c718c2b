"""A run as a terminal shows it while it works."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from generator.telling.progress import Tally, indented
from generator.text import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

FAILURES_SHOWN = 3
"""The last failures that stand below the bar."""


class Pace:
    """How long a run still takes, from how long it took so far."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._worked = 0
        self._took = 0.0

    def note(self, tally: Tally, now: float) -> None:
        """That so much was done by `now`, in seconds of any clock."""
        if self._began is None:
            self._began = now
        worked = tally.written + tally.failed
        if worked != self._worked:
            self._worked, self._took = worked, now - self._began

    def left(self, tally: Tally) -> float | None:
        """Seconds until all videos have ended; None if they have, or it cannot be told yet.

        One video tells too little: it took its time from the first request to the last.
        """
        remaining = tally.videos - tally.ended
        if self._worked < 2 or remaining <= 0:
            return None
        return remaining * self._took / self._worked


class Live:
    """A spinner with the present step; in a run of several videos, how far it is above that.

    Notices scroll by above it. What it is told is only kept; the console asks for it some times a
    second, so that telling it often costs nothing.
    """

    def __init__(
        self,
        console: Console,
        *,
        verbose: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from rich.live import Live as Display
        from rich.spinner import Spinner

        self._console = console
        self._verbose = verbose
        self._clock = clock
        self._spinner = Spinner("dots")
        self._step = ""
        self._tally: Tally | None = None
        self._pace = Pace()
        self._display = Display(
            get_renderable=self._shown,
            console=console,
            transient=True,
            refresh_per_second=8,
            redirect_stdout=False,
        )

    def __enter__(self) -> Live:
        self._display.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # the terminal has gone
            self._display.stop()

    def step(self, text: str) -> None:
        """Replaces the step shown."""
        self._step = text

    def tally(self, tally: Tally) -> None:
        """Replaces what is shown of the whole run."""
        self._pace.note(tally, self._clock())
        self._tally = tally

    def done(self, text: str) -> None:
        """A line above, if verbose: the bar tells as much."""
        if self._verbose:
            self._print(printable(text), "green")

    def notice(self, text: str) -> None:
        """A line above."""
        self._print(f"note: {printable(text)}", "yellow")

    def detail(self, text: str) -> None:
        """Its lines above, if verbose."""
        if self._verbose:
            self._print(indented(text), "dim")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Takes the display away for as long as it is entered."""
        self._display.stop()
        try:
            yield
        finally:
            self._display.start()

    def _print(self, text: str, style: str) -> None:
        with suppress(OSError):  # nobody sees it any more: the work goes on
            self._console.print(text, markup=False, highlight=False, style=style)

    def _shown(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table

        step = Table.grid(padding=(0, 1))
        step.add_row(self._spinner, _one_line(self._step))
        if self._tally is None:
            return step
        return Group(*self._whole_run(self._tally), step)

    def _whole_run(self, tally: Tally) -> Iterator[RenderableType]:
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        bar = Table.grid(padding=(0, 1), expand=True)
        bar.add_column(ratio=1)
        bar.add_column(no_wrap=True)
        bar.add_row(
            ProgressBar(total=max(tally.videos, 1), completed=tally.ended),
            _one_line(f"{tally.ended:,}/{tally.videos:,}"),
        )
        yield bar
        yield _one_line(" · ".join(_counts(tally, self._pace.left(tally))))
        for name, cause in tally.failures[-FAILURES_SHOWN:]:
            yield _one_line(f"failed: {name} ({cause})", "red")


def _counts(tally: Tally, left: float | None) -> Iterator[str]:
    """What is told of the whole run in one line, the most telling first: it may be cut."""
    yield f"{tally.fetched:,} fetched, {tally.written:,} written"
    if tally.failed:
        yield f"{tally.failed:,} failed"
    if left is not None:
        yield f"{duration(left)} left"
    if tally.input_tokens or tally.output_tokens:
        yield f"{tally.input_tokens:,} tokens in, {tally.output_tokens:,} out"
    if tally.passed_over:
        yield f"{tally.passed_over:,} passed over"


def duration(seconds: float) -> str:
    """A length of time as people say it: `40 s`, `12 min`, `3 h 05 min`."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"


def _one_line(text: str, style: str = "") -> RenderableType:
    """Text that is cut where the terminal ends, and cannot command it."""
    from rich.text import Text

    return Text(printable(text), style=style, no_wrap=True, overflow="ellipsis")
