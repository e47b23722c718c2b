"""What a run does when it is told to stop: by Ctrl-C, or by the system's SIGTERM."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible(drain: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM drains; the second is what it always is."""
    loop = asyncio.get_running_loop()
    taken: list[signal.Signals] = []

    def give_back() -> None:
        while taken:
            loop.remove_signal_handler(taken.pop())

    def first() -> None:
        give_back()
        drain()

    # Not on every system, nor in every thread.
    with suppress(NotImplementedError, RuntimeError, ValueError):
        for number in _SIGNALS:
            loop.add_signal_handler(number, first)
            taken.append(number)
    try:
        yield
    finally:
        give_back()
