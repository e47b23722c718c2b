"""A run as a terminal shows it while it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.progress import Tally, indented
from generator.text import printable

if TYPE_CHECKING:
    from rich.console import Console


class Live:
    """A spinner with the present step; notices scroll by above it."""

    def __init__(self, console: Console, *, verbose: bool = False) -> None:
        from rich.status import Status

        self._console = console
        self._verbose = verbose
        self._status = Status("", console=console)

    def __enter__(self) -> Live:
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def step(self, text: str) -> None:
        """Replaces the step shown."""
        from rich.text import Text

        self._status.update(Text(printable(text)))

    def tally(self, tally: Tally) -> None:
        """Shown at the next refresh."""

    def done(self, text: str) -> None:
        """A line above the spinner, if verbose."""
        if self._verbose:
            self._console.print(indented(text), markup=False, highlight=False, style="dim")

    def notice(self, text: str) -> None:
        """A line above the spinner."""
        line = f"note: {printable(text)}"
        self._console.print(line, markup=False, highlight=False, style="yellow")

    def detail(self, text: str) -> None:
        """Its lines above the spinner, if verbose."""
        if self._verbose:
            self._console.print(indented(text), markup=False, highlight=False, style="dim")
