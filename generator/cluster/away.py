"""What stands on a worker for what only the process that was started has: library and limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from itertools import count
from typing import Literal

from generator.cluster.messages import FromWorker, Granted, Kept, Returns, Spent, Used, Wants
from generator.models import Completion, Video
from generator.summarizer.completions.usage import Usage, UsageBook

Say = Callable[[FromWorker], None]
"""Sends a message to the process that was started."""


class Shelf:
    """The replies of the videos that a worker has in hand; a new one is sent on at once."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._by_key: dict[str, Completion] = {}

    def put(self, completions: Iterable[Completion]) -> None:
        """Replies that are kept already."""
        self._by_key.update((each.key, each) for each in completions)

    def completion(self, key: str) -> Completion | None:
        """As Library.completion."""
        return self._by_key.get(key)

    def save_dialect(self, server: str, model: str, dialect: str) -> None:
        """Not kept: it is for requests that go into batches, which those of workers do not."""

    def save_completion(self, completion: Completion) -> None:
        """As Library.save_completion."""
        self._by_key[completion.key] = completion
        self._say(Kept(completion))

    def clear(self, video_id: str) -> None:
        """The replies of a video are not needed any more."""
        done = [key for key, each in self._by_key.items() if each.video_id == video_id]
        for key in done:
            del self._by_key[key]

    def video(self, video_id: str, channel: str | None = None) -> Video | None:
        """As Library.video: what the library holds of a video is not fetched here."""
        return None


class AwayUsage(UsageBook):
    """Sends on what is used."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    def add(self, video_id: str, usage: Usage) -> None:
        """As UsageBook.add."""
        self._say(Used(video_id, usage))


class AwayLimits:
    """The limits of a run, asked for where they are counted."""

    def __init__(self, say: Say, *, budgeted: bool, rated: bool) -> None:
        self._say = say
        self._budgeted, self._rated = budgeted, rated
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[None]] = {}

    def granted(self, granted: Granted) -> None:
        """An answer to what was wanted."""
        waiting = self._waiting.pop(granted.lease, None)
        if waiting is None or waiting.done():
            return
        if granted.error:
            waiting.set_exception(granted.error)
        else:
            waiting.set_result(None)

    def begin(self, work: str) -> None:
        """Which video goes first is known where they were begun."""

    def slot(self, work: str) -> AbstractAsyncContextManager[None]:
        """As Limits.slot."""
        return self._lease("slot", work)

    def reserved(self, tokens: int) -> AbstractAsyncContextManager[None]:
        """As Limits.reserved."""
        return self._lease("tokens", tokens=tokens) if self._budgeted else nullcontext()

    async def turn(self, tokens: int) -> None:
        """As Limits.turn."""
        if self._rated:
            async with self._lease("turn", tokens=tokens):
                return

    def spent(self, tokens: int, reserved: int) -> None:
        """As Limits.spent."""
        if self._budgeted or self._rated:
            self._say(Spent(tokens, reserved))

    @asynccontextmanager
    async def _lease(
        self, what: Literal["slot", "tokens", "turn"], work: str = "", tokens: int = 0
    ) -> AsyncIterator[None]:
        number = next(self._numbers)
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        self._say(Wants(number, what, work, tokens))
        try:
            await waiting
            yield
        finally:
            self._waiting.pop(number, None)
            self._say(Returns(number))
