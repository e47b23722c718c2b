"""One worker, as the process that was started knows it: what it has in hand, and the line to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.cluster.cluster import Cluster, Lost
from generator.cluster.messages import Ended, FromWorker, Has, Opened, ToWorker, packed, unpacked
from generator.cluster.worker import CLOSE, HEAR, TELL

if TYPE_CHECKING:
    from distributed import Future

    from generator.errors import FetchError

_CLOSING = 2.0


@dataclass(eq=False, slots=True)
class Carried:
    """A video that a worker has in hand, and what is heard of it: None if the worker is lost."""

    number: int
    video_id: str
    member: Member
    fetched: asyncio.Future[Has | Ended | None]
    ended: asyncio.Future[Ended | None]
    tell: Callable[[str], None] = lambda _: None
    task: Future[bool] | None = None

    def heard(self, message: Has | Ended | None) -> None:
        """What became of it, or of its first part."""
        if not self.fetched.done():
            self.fetched.set_result(message)
        if not isinstance(message, Has) and not self.ended.done():
            self.ended.set_result(message)


@dataclass(eq=False)
class Member:
    """A worker of a run, until it is lost.

    `way` tells apart the addresses that YouTube sees. `fetches` says whether it is fetching,
    `stopped` why it asks YouTube for no more, if so. One that is `lost` may be so because the
    scheduler is (`with_scheduler`).
    """

    cluster: Cluster
    run: str
    address: str
    name: str
    opened: Opened
    silence: float
    in_hand: dict[int, Carried] = field(default_factory=dict)
    fetches: bool = False
    stopped: FetchError | None = None
    lost: bool = False
    with_scheduler: bool = False

    def __post_init__(self) -> None:
        self._post: list[ToWorker] = []
        self._news = asyncio.Event()

    def say(self, message: ToWorker) -> None:
        """Sends a message, in the order of all messages to this worker."""
        self._post.append(message)
        self._news.set()

    async def converse(self, heard: Callable[[Member, FromWorker], None]) -> None:
        """Hears and tells; returns when the worker is lost."""
        talks = [asyncio.ensure_future(self._hear(heard)), asyncio.ensure_future(self._tell())]
        try:
            await asyncio.wait(talks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for talk in talks:
                talk.cancel()
            await asyncio.gather(*talks, return_exceptions=True)

    async def close(self) -> None:
        """Ends the run on this worker, if it still hears."""
        try:
            async with asyncio.timeout(_CLOSING):
                await self.cluster.call(self.address, CLOSE, run=self.run)
        except (Lost, TimeoutError):
            return

    async def _hear(self, heard: Callable[[Member, FromWorker], None]) -> None:
        while True:
            said = await self._called(HEAR)
            if not isinstance(said, bytes):
                return
            for message in unpacked(said):
                heard(self, message)

    async def _tell(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            post, self._post = self._post, []
            if not await self._called(TELL, messages=packed(post)):
                return

    async def _called(self, operation: str, **values: bytes) -> bytes | bool | None:
        try:
            async with asyncio.timeout(self.silence):
                answer: bytes | bool | None = await self.cluster.call(
                    self.address, operation, run=self.run, **values
                )
        except (Lost, TimeoutError):
            return None
        return answer
