"""How often, and after which waits, a model server is tried again; and when all of that ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from generator.errors import GenerateError
from generator.summarizer.completions.verdicts import Passing
from generator.summarizer.completions.waiting import LONGEST_WAIT

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

_LONGEST_STEP = 30.0
_SLOW_RETRIES = 2


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run bears with a server.

    `retries` counts the tries after the first, `timeout` is in seconds of silence. `wait` waits for
    the seconds it is given, `clock` tells the seconds that went by, `random` spreads the waits.
    """

    retries: int = 6
    timeout: float = 300.0
    wait: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    random: Random = field(default_factory=Random, repr=False, compare=False)

    def retrying(self, pause: Callable[[float], Awaitable[None]]) -> AsyncRetrying:
        """Tries again what is Passing, as long as that helps; `pause` waits in between."""
        from tenacity import AsyncRetrying, retry_if_exception_type

        return AsyncRetrying(
            sleep=pause,
            retry=retry_if_exception_type(Passing),
            wait=self._wait_before,
            stop=self._has_ended,
            reraise=True,
        )

    def _wait_before(self, state: RetryCallState) -> float:
        """Exponential with full jitter, and no less than the server asks for and a little."""
        error = state.outcome.exception() if state.outcome else None
        wait = self.random.uniform(0, min(_LONGEST_STEP, 2.0**state.attempt_number))
        if isinstance(error, Passing) and error.wait is not None:
            return max(wait, error.wait + self.random.uniform(0, min(1.0, error.wait / 10)))
        return wait

    def _has_ended(self, state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        slow = isinstance(error, Passing) and error.slow
        most = min(self.retries, _SLOW_RETRIES) if slow else self.retries
        waited = state.idle_for + state.upcoming_sleep
        return state.attempt_number > most or waited > LONGEST_WAIT


class Ending:
    """Whether a run ends, and why: from then on nothing new is sent, and nothing waited for."""

    def __init__(self) -> None:
        self._reason: GenerateError | None = None
        self._ended = asyncio.Event()

    def end(self, reason: GenerateError) -> None:
        """Ends the run; the first reason stays."""
        self._reason = self._reason or reason
        self._ended.set()

    def check(self) -> None:
        """Raises the reason, if the run ends."""
        if self._reason is not None:
            raise self._reason

    async def pause(self, wait: Awaitable[None]) -> None:
        """Waits, and raises the reason if the run ends meanwhile."""
        self.check()
        tasks = [asyncio.ensure_future(wait), asyncio.ensure_future(self._ended.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self.check()
