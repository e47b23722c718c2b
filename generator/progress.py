"""How a run shows that it is working: a spinner on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Protocol, TextIO

from generator.text import printable

if TYPE_CHECKING:
    from rich.console import Console


class Progress(Protocol):
    """What the pipeline tells while it works. A text is one line, but a detail may be several."""

    def step(self, text: str) -> None:
        """What is being done now."""
        ...

    def notice(self, text: str) -> None:
        """What the user should know though nothing failed."""
        ...

    def detail(self, text: str) -> None:
        """What only somebody looking for a cause wants to know."""
        ...


class Silent:
    """Says nothing."""

    def step(self, text: str) -> None:
        """Nothing."""

    def notice(self, text: str) -> None:
        """Nothing."""

    def detail(self, text: str) -> None:
        """Nothing."""


class Plain:
    """A line each, for logs and pipes."""

    def __init__(self, stream: TextIO, *, verbose: bool = False) -> None:
        self._stream = stream
        self._verbose = verbose

    def step(self, text: str) -> None:
        """One line."""
        self._print(printable(text))

    def notice(self, text: str) -> None:
        """One line that says it is a note."""
        self._print(f"note: {printable(text)}")

    def detail(self, text: str) -> None:
        """Its lines, if verbose."""
        if self._verbose:
            self._print(_indented(text))

    def _print(self, text: str) -> None:
        with suppress(OSError):  # nobody reads it any more, or its disk is full: the work goes on
            print(text, file=self._stream, flush=True)


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

    def notice(self, text: str) -> None:
        """A line above the spinner."""
        line = f"note: {printable(text)}"
        self._console.print(line, markup=False, highlight=False, style="yellow")

    def detail(self, text: str) -> None:
        """Its lines above the spinner, if verbose."""
        if self._verbose:
            self._console.print(_indented(text), markup=False, highlight=False, style="dim")


def _indented(text: str) -> str:
    return "\n".join(f"  {printable(line)}" for line in text.splitlines())


@contextmanager
def progress_on(stream: TextIO | None, *, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """The progress that suits a stream: live on a terminal, else plain.

    None if quiet, or without a stream: Python has none where the caller closed it.
    """
    if quiet or stream is None:
        yield Silent()
        return
    shown: AbstractContextManager[Progress] = nullcontext(Plain(stream, verbose=verbose))
    if stream.isatty():
        from rich.console import Console

        shown = Live(Console(file=stream), verbose=verbose)
    with shown as progress:
        yield progress
