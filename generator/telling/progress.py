"""How a run shows that it is working: live on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Protocol, TextIO

from generator.text import printable


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a run of several videos is.

    `videos` are all that it has to do with. Of these `fetched` have their transcripts, of which
    `written` are in the vault, changed or not; `failed` came to no good end, and with
    `passed_over` there was nothing to do, or nothing to be done. Tokens are those that models were
    asked for. `failures` are the last few, each by the video's name and the error's cause.
    """

    videos: int
    fetched: int = 0
    written: int = 0
    failed: int = 0
    passed_over: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    failures: tuple[tuple[str, str], ...] = ()

    @property
    def ended(self) -> int:
        """The videos of which nothing more is to come."""
        return self.written + self.failed + self.passed_over


class Progress(Protocol):
    """What the pipeline tells while it works. A text is one line, but a detail may be several."""

    def step(self, text: str) -> None:
        """What is being done now."""
        ...

    def tally(self, tally: Tally) -> None:
        """How far the run is, as often as that changes; only runs of several videos tell it."""
        ...

    def done(self, text: str) -> None:
        """One of several videos has come to its end: which, and what became of it."""
        ...

    def notice(self, text: str) -> None:
        """What the user should know though nothing failed."""
        ...

    def detail(self, text: str) -> None:
        """What only somebody looking for a cause wants to know."""
        ...

    def paused(self) -> AbstractContextManager[object]:
        """While it is entered, nothing moves: the user is being asked something."""
        ...


class Silent:
    """Says nothing."""

    def step(self, text: str) -> None:
        """Nothing."""

    def tally(self, tally: Tally) -> None:
        """Nothing."""

    def done(self, text: str) -> None:
        """Nothing."""

    def notice(self, text: str) -> None:
        """Nothing."""

    def detail(self, text: str) -> None:
        """Nothing."""

    def paused(self) -> AbstractContextManager[object]:
        """Nothing moves anyway."""
        return nullcontext()


class Plain:
    """A line each, for logs and pipes: of one video every step, of several every video."""

    def __init__(self, stream: TextIO, *, verbose: bool = False) -> None:
        self._stream = stream
        self._verbose = verbose
        self._tally: Tally | None = None

    def step(self, text: str) -> None:
        """One line, but in a run of several videos only if verbose."""
        if self._tally is None or self._verbose:
            self._print(printable(text))

    def tally(self, tally: Tally) -> None:
        """Kept for the next line."""
        self._tally = tally

    def done(self, text: str) -> None:
        """One line, with how many videos have ended."""
        count = f"[{self._tally.ended}/{self._tally.videos}] " if self._tally else ""
        self._print(count + printable(text))

    def notice(self, text: str) -> None:
        """One line that says it is a note."""
        self._print(f"note: {printable(text)}")

    def detail(self, text: str) -> None:
        """Its lines, if verbose."""
        if self._verbose:
            self._print(indented(text))

    def paused(self) -> AbstractContextManager[object]:
        """Nothing moves anyway."""
        return nullcontext()

    def _print(self, text: str) -> None:
        with suppress(OSError):  # nobody reads it any more, or its disk is full: the work goes on
            print(text, file=self._stream, flush=True)


def indented(text: str) -> str:
    """The lines of a detail, printable."""
    return "\n".join(f"  {printable(line)}" for line in text.splitlines())


@contextmanager
def progress_on(stream: TextIO | None, *, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """The progress that suits a stream: live on a terminal that can do it, else plain.

    None if quiet, or without a stream: Python has none where the caller closed it.
    """
    if quiet or stream is None:
        yield Silent()
        return
    shown: AbstractContextManager[Progress] = nullcontext(Plain(stream, verbose=verbose))
    if stream.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown"):
        from rich.console import Console

        from generator.telling.live import Live

        shown = Live(Console(file=stream), verbose=verbose)
    with shown as progress:
        yield progress
