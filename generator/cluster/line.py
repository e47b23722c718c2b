"""A worker's end of the line to the process that was started: what it says waits to be fetched."""

from __future__ import annotations

import asyncio
import threading
import time

from generator.cluster.messages import FromWorker, packed

AT_MOST = 10.0
"""Seconds that somebody who listens is kept waiting where there is nothing to hear."""

SILENCE = 60.0
"""Seconds after which nobody listens any more: the process that was started is gone."""


class Line:
    """Messages of one run, said in any thread and heard in the event loop of Dask's worker.

    Made in that loop.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._said: list[FromWorker] = []
        self._lock = threading.Lock()
        self._news = asyncio.Event()
        self._listening = 0
        self._heard = time.monotonic()

    def say(self, message: FromWorker) -> None:
        """Sends a message; it is fetched in its order."""
        with self._lock:
            self._said.append(message)
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    async def hear(self, at_most: float = AT_MOST) -> bytes:
        """All that was said since, as soon as there is something, or nothing after a while."""
        self._listening += 1
        try:
            async with asyncio.timeout(at_most):
                await self._news.wait()
        except TimeoutError:
            return b""
        finally:
            self._listening -= 1
            self._heard = time.monotonic()
        self._news.clear()
        with self._lock:
            said, self._said = self._said, []
        return packed(said)

    @property
    def silent(self) -> float:
        """For how many seconds nobody has listened."""
        return 0.0 if self._listening else time.monotonic() - self._heard
