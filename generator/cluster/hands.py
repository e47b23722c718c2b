"""The videos that workers have in hand: given as tasks, followed, taken back."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable, Coroutine
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from generator.cluster.cluster import Cluster, Lost
from generator.cluster.member import Carried, Member
from generator.cluster.messages import Drop, Ended, Has, Job
from generator.cluster.worker import carry_out

if TYPE_CHECKING:
    from distributed import Future


class Hands:
    """Gives jobs to workers, one task each, and knows what became of them.

    `change` is called when a worker has a hand free.
    """

    def __init__(self, cluster: Cluster, change: Callable[[], None]) -> None:
        self._cluster = cluster
        self._change = change
        self._numbers = count()
        self._tasks: set[asyncio.Task[None]] = set()

    def give(self, member: Member, job: Job) -> Carried:
        """A job, numbered and in the hands of a worker."""
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        carried = Carried(number, job.video_id, member, loop.create_future(), loop.create_future())
        if member.lost:
            carried.heard(None)
            return carried
        member.in_hand[number] = carried
        data = pickle.dumps(replace(job, number=number), protocol=5)
        try:
            carried.task = self._cluster.submit(
                member.address, carry_out, data, f"video-{job.run}-{number}"
            )
        except Lost:
            self._over(carried, None)
            return carried
        self.keep(self._followed(carried, carried.task))
        return carried

    def heard(self, member: Member, message: Has | Ended) -> None:
        """What a worker says of a job."""
        carried = member.in_hand.get(message.job)
        if carried is None:
            return
        if isinstance(message, Has):
            carried.heard(message)
            return
        member.stopped = message.fetching or member.stopped
        self._over(carried, message)

    def drop(self, carried: Carried) -> None:
        """A job is not wanted any more."""
        if not carried.ended.done():
            carried.member.say(Drop(carried.number))
            self._over(carried, None)

    def lost(self, member: Member) -> None:
        """A worker is lost, and what it had in hand with it."""
        for carried in list(member.in_hand.values()):
            self._over(carried, None)

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Has something done beside all else, until the run ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Follows nothing any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _followed(self, carried: Carried, task: Future[bool]) -> None:
        """Sees a task through; one that ends without a word, or never began, is lost."""
        done = False
        try:
            done = bool(await task)
        except (asyncio.CancelledError, Exception):
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]
                raise
        if not done:
            self._over(carried, None)

    def _over(self, carried: Carried, message: Ended | None) -> None:
        carried.member.in_hand.pop(carried.number, None)
        carried.heard(message)
        if carried.task is not None:
            carried.task.release()  # type: ignore[no-untyped-call]
        self._change()
