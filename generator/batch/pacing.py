"""How long to wait between two fetches, so that YouTube does not block an address that hurries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.settings import Settings

_LEAST, _MOST = 0.5, 1.5


class Pace:
    """Keeps starts `interval` seconds apart on average, each time another half to one and a half.

    `clock` tells the seconds that went by, `sleep` waits for the seconds it is given.
    """

    def __init__(
        self,
        interval: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Random | None = None,
    ) -> None:
        self._interval = interval
        self._clock = clock
        self._sleep = sleep
        self._random = random or Random()  # noqa: S311 - nothing is kept secret by it
        self._not_before: float | None = None

    async def turn(self) -> None:
        """Waits until the next start is due; the first is at once."""
        if self._not_before is not None:
            left = self._not_before - self._clock()
            if left > 0:
                await self._sleep(left)
        self._not_before = self._clock() + self._interval * self._random.uniform(_LEAST, _MOST)


def pace_of(settings: Settings) -> Pace:
    """The pace of a run's fetches."""
    return Pace(settings.fetch_interval)
