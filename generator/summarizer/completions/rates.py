"""How many requests and tokens a minute a model server is sent."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

MINUTE = 60.0


class Rate:
    """At most `limit` in any minute, however they fall; None for no limit.

    `clock` tells the seconds that went by.
    """

    def __init__(self, limit: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._taken: deque[list[float]] = deque()  # when, and how many
        self._sum = 0.0

    def wait(self, amount: int) -> float:
        """The seconds until so many more are within the limit; 0 where they are.

        What is larger than the limit goes when nothing else was taken for a minute.
        """
        if self._limit is None:
            return 0.0
        now = self._clock()
        while self._taken and self._taken[0][0] <= now - MINUTE:
            self._sum -= self._taken.popleft()[1]
        left = self._sum + amount - self._limit
        if left <= 0 or not self._taken:
            return 0.0
        until = now
        for when, much in self._taken:
            left -= much
            until = when + MINUTE
            if left <= 0:
                break
        return until - now

    def take(self, amount: int) -> None:
        """Counts so many as of now."""
        if self._limit is not None:
            self._taken.append([self._clock(), amount])
            self._sum += amount

    def correct(self, taken: int, really: int) -> None:
        """So many were taken, and turn out to be others: the oldest that are as many are."""
        for each in self._taken:
            if each[1] == taken:
                self._sum += really - taken
                each[1] = really
                return


class Rates:
    """What a minute may take of requests and of tokens, both ways; those that wait go in turn.

    `sleep` waits for the seconds it is given.
    """

    def __init__(
        self,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._requests = Rate(requests_per_minute, clock)
        self._tokens = Rate(tokens_per_minute, clock)
        self._sleep = sleep
        self._first = asyncio.Lock()
        self.limited = requests_per_minute is not None or tokens_per_minute is not None

    async def turn(self, tokens: int) -> None:
        """Returns when a request of so many tokens may be sent, and counts it."""
        if not self.limited:
            return
        async with self._first:
            while (wait := max(self._requests.wait(1), self._tokens.wait(tokens))) > 0:
                await self._sleep(wait)
            self._requests.take(1)
            self._tokens.take(tokens)

    def correct(self, tokens: int, really: int) -> None:
        """A request that was counted with so many tokens took others."""
        self._tokens.correct(tokens, really)
