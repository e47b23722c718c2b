"""All that holds requests back: how many at once, how many tokens in all, how much a minute."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from generator.summarizer.completions.budget import Budget
from generator.summarizer.completions.rates import Rates
from generator.summarizer.completions.slots import Slots


class Limits(Protocol):
    """What a client asks before it sends; tokens are input and output together."""

    def begin(self, work: str) -> None:
        """Work that was begun earlier goes first."""
        ...

    def slot(self, work: str) -> AbstractAsyncContextManager[None]:
        """While it is entered, one of the requests in flight is for `work`."""
        ...

    def reserved(self, tokens: int) -> AbstractAsyncContextManager[None]:
        """Holds what a request may take at most. Raises BudgetSpent where there is not so much."""
        ...

    async def turn(self, tokens: int) -> None:
        """Returns when a request that may take so many tokens can go out on the wire."""
        ...

    def spent(self, tokens: int, reserved: int) -> None:
        """A reply took so many of the tokens that were reserved for it."""
        ...


class OwnLimits:
    """The limits of a run, where they are counted; `budget` has its tokens."""

    def __init__(
        self, jobs: int = 4, max_tokens_total: int | None = None, rates: Rates | None = None
    ) -> None:
        self._slots = Slots(jobs)
        self.budget = Budget(max_tokens_total)
        self._rates = rates or Rates()

    def begin(self, work: str) -> None:
        """As Limits.begin."""
        self._slots.rank(work)

    def slot(self, work: str) -> AbstractAsyncContextManager[None]:
        """As Limits.slot."""
        return self._slots.taken(work)

    def reserved(self, tokens: int) -> AbstractAsyncContextManager[None]:
        """As Limits.reserved."""
        return self.budget.reserved(tokens)

    async def turn(self, tokens: int) -> None:
        """As Limits.turn."""
        await self._rates.turn(tokens)

    def spent(self, tokens: int, reserved: int) -> None:
        """As Limits.spent."""
        self.budget.spend(tokens)
        self._rates.correct(reserved, tokens)
