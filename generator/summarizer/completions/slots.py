"""How many requests are in flight at once, and whose is next."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Slots:
    """At most so many at once; among those that wait, the work begun first goes first.

    A talk's notes then go before the outlines of later ones, so that talks are finished, not only
    begun.
    """

    def __init__(self, slots: int) -> None:
        self._free = slots
        self._ranks: dict[str, int] = {}
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    def rank(self, work: str) -> int:
        """How many works had been begun before this one; the first call begins it."""
        return self._ranks.setdefault(work, len(self._ranks))

    @asynccontextmanager
    async def taken(self, work: str) -> AsyncIterator[None]:
        """While it is entered, one slot is taken, for the sake of `work`."""
        await self._take(self.rank(work))
        try:
            yield
        finally:
            self._give()

    async def _take(self, rank: int) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._arrivals), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was given one just now
                self._give()
            raise

    def _give(self) -> None:
        while self._waiting:
            turn = heapq.heappop(self._waiting)[-1]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
