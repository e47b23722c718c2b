"""The tokens that a run may use, kept ahead of every request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from generator.errors import BudgetSpent


class Budget:
    """At most `limit` tokens, input and output; None for no limit.

    What is in flight counts with what it may take at most.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._spent = 0
        self._reserved = 0
        self._freed = asyncio.Event()

    @property
    def left(self) -> int | None:
        """The tokens that are neither spent nor held; None for no limit."""
        return None if self._limit is None else self._limit - self._spent - self._reserved

    def refusal(self) -> BudgetSpent:
        """Why a request is not sent."""
        return BudgetSpent(self._spent, self._limit or 0)

    def spend(self, tokens: int) -> None:
        """Counts tokens that a reply took."""
        self._spent += tokens

    @asynccontextmanager
    async def reserved(self, tokens: int) -> AsyncIterator[None]:
        """Holds tokens for a request, after those in flight if there are not enough beside them.

        Raises BudgetSpent where there are not enough in any case.
        """
        if self._limit is None:
            yield
            return
        while self._spent + self._reserved + tokens > self._limit:
            if self._spent + tokens > self._limit:
                raise self.refusal()
            await self._freed.wait()
        self._reserved += tokens
        try:
            yield
        finally:
            # Without waiting for anything: a reply that has just come is yet to be kept.
            self._reserved -= tokens
            self._freed.set()
            self._freed = asyncio.Event()
