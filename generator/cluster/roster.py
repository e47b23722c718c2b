"""The workers of a run: who comes, who is refused, who is lost, and how long that is borne."""

from __future__ import annotations

import asyncio
import pkgutil
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster.cluster import Cluster, Lost
from generator.cluster.member import Member
from generator.cluster.messages import Brief, FromWorker, Opened
from generator.cluster.versions import DASK, difference, versions
from generator.cluster.worker import open_run
from generator.errors import (
    ClusterUnreachable,
    GenerateError,
    NoWorkers,
    SchedulerLost,
    UnexpectedError,
    WorkerOfOtherVersion,
    WorkerUnusable,
    WorkerWithoutKey,
)

if TYPE_CHECKING:
    from generator.telling.progress import Progress


@dataclass(frozen=True, slots=True)
class Bearing:
    """How long is waited for a cluster, in seconds.

    `scheduler` is for one that was lost, `workers` for the first worker, and for another when all
    are lost; `opening` for one to begin, `silence` until one that does not answer is taken for
    lost; `look` is from one look at the cluster to the next.
    """

    scheduler: float = 120.0
    workers: float = 300.0
    opening: float = 60.0
    silence: float = 60.0
    look: float = 1.0


class Roster:
    """Keeps the list of the workers of a run up to date.

    `heard` is called with what they say, `gone` with each that is lost.
    """

    def __init__(
        self,
        cluster: Cluster,
        brief: Brief,
        progress: Progress,
        bearing: Bearing,
        *,
        heard: Callable[[Member, FromWorker], None],
        gone: Callable[[Member], None],
        came: Callable[[Member], None],
    ) -> None:
        self.members: dict[str, Member] = {}
        self.failure: GenerateError | None = None
        self._cluster, self._brief = cluster, brief
        self._progress, self._bearing = progress, bearing
        self._heard, self._gone, self._came = heard, gone, came
        self._ours = versions()
        self._refused: dict[str, GenerateError] = {}
        self._told: set[str] = set()
        self._talks: dict[Member, asyncio.Task[None]] = {}
        self._joining: dict[str, asyncio.Task[None]] = {}
        self._news = asyncio.Event()
        self._look_now = asyncio.Event()
        self._alone_since = time.monotonic()
        self._scheduler_since: float | None = None

    async def changed(self) -> None:
        """Returns when somebody came or went, or has a hand free."""
        await self._news.wait()

    def change(self) -> None:
        """Wakes up all that wait for a change."""
        self._news.set()
        self._news = asyncio.Event()

    @property
    def growing(self) -> bool:
        """Whether a worker is about to begin."""
        return bool(self._joining)

    async def begin(self) -> None:
        """Waits until there are workers: all that are there now, or else the first that comes.

        Raises why there are none.
        """
        waiting = False
        while not self.members or self._joining:
            if self.failure:
                raise self.failure
            await self._look()
            if self._joining:
                await asyncio.wait(self._joining.values())
            elif not self.members:
                if self._refused:
                    raise next(iter(self._refused.values()))
                if not waiting:
                    self._progress.notice(f"{self._cluster.address}: waiting for workers")
                waiting = True
                await asyncio.sleep(self._bearing.look)

    async def watch(self) -> None:
        """Looks at the cluster again and again, until it is cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._bearing.look):
                    await self._look_now.wait()
            self._look_now.clear()
            try:
                await self._look()
            except Exception as error:
                self._progress.detail(traceback.format_exc())
                self._fail(UnexpectedError(error))
                return

    async def close(self) -> None:
        """Ends the run on all workers."""
        members = list(self.members.values())
        tasks = [*self._talks.values(), *self._joining.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(member.close() for member in members))

    # Who is there

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(self._bearing.opening):
                there = await self._cluster.workers()
        except (Lost, TimeoutError):
            await self._without_scheduler()
            return
        if self._scheduler_since is not None:
            self._scheduler_since = None
            self._progress.notice(f"{self._cluster.address}: the scheduler is there again")
        for address in [each for each in self._refused if each not in there]:
            del self._refused[address]
        for address in [each for each in self.members if each not in there]:
            self._lose(self.members[address])
        for address, name in there.items():
            known = (self.members, self._refused, self._joining)
            if not any(address in each for each in known):
                self._joining[address] = asyncio.create_task(self._join(address, name))
        self._judge()

    async def _without_scheduler(self) -> None:
        for member in list(self.members.values()):
            self._lose(member, with_scheduler=True)
        self._refused.clear()
        if self._scheduler_since is None:
            self._scheduler_since = time.monotonic()
            self._progress.notice(
                f"{self._cluster.address}: the connection to the scheduler is lost, waiting for it"
            )
        away = time.monotonic() - self._scheduler_since
        if away >= self._bearing.scheduler:
            self._fail(SchedulerLost(self._cluster.address, self._bearing.scheduler))
            return
        try:
            await self._cluster.connect(max(1.0, min(5.0, self._bearing.scheduler - away)))
        except ClusterUnreachable:
            return
        self._look_now.set()

    def _judge(self) -> None:
        """Ends the waiting for workers when it has been long enough."""
        if self.members or self._joining:
            self._alone_since = time.monotonic()
        elif time.monotonic() - self._alone_since >= self._bearing.workers:
            refusal = next(iter(self._refused.values()), None)
            self._fail(refusal or NoWorkers(self._cluster.address, self._bearing.workers))

    def _fail(self, error: GenerateError) -> None:
        self.failure = self.failure or error
        self.change()

    # One who comes, and goes

    async def _join(self, address: str, name: str) -> None:
        try:
            async with asyncio.timeout(self._bearing.opening):
                opened = await self._opened(address, name)
        except GenerateError as error:
            self._refuse(address, error)
        except (OSError, Lost, KeyError):  # it is gone again
            pass
        except Exception as error:
            reason = f"it cannot begin ({type(error).__name__}: {error})"
            self._refuse(address, WorkerUnusable(name, reason))
        else:
            member = Member(
                self._cluster, self._brief.run, address, name, opened, self._bearing.silence
            )
            self.members[address] = member
            talk = asyncio.create_task(self._talk(member))
            self._talks[member] = talk
            talk.add_done_callback(lambda _: self._talks.pop(member, None))
            self._came(member)
            self._progress.detail(f"worker {name} at {address} has begun")
        finally:
            self._joining.pop(address, None)
            self.change()

    async def _opened(self, address: str, name: str) -> Opened:
        """Opens the run on a worker. Raises why it is of no use."""
        ours = f"version {self._ours['the program']}"
        try:
            # Ahead of anything that only the same version understands.
            theirs = await self._cluster.run(address, pkgutil.resolve_name, "generator:__version__")
        except (ImportError, AttributeError):
            raise WorkerOfOtherVersion(name, "no version of this program", ours) from None
        if f"version {theirs}" != ours:
            raise WorkerOfOtherVersion(name, f"version {theirs}", ours)
        try:
            found = await self._cluster.run(address, versions)
        except (ImportError, AttributeError):
            raise WorkerOfOtherVersion(name, f"another version {theirs}", ours) from None
        if differ := difference(found, self._ours):
            raise WorkerOfOtherVersion(name, *differ)
        if found[DASK] != self._ours[DASK]:
            self._tell_once(
                f"worker {name} has Dask {found[DASK]}, and this process {self._ours[DASK]}"
            )
        opened: Opened = await self._cluster.run(address, open_run, self._brief)
        if opened.error:
            told = isinstance(opened.error, WorkerWithoutKey)
            raise opened.error if told else WorkerUnusable(name, opened.error.happened)
        return opened

    def _refuse(self, address: str, error: GenerateError) -> None:
        self._refused[address] = error
        self._tell_once(error.message)

    def _tell_once(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._progress.notice(text)

    async def _talk(self, member: Member) -> None:
        await member.converse(self._heard)
        del self._talks[member]
        try:
            await self._cluster.workers()
        except Lost:
            self._lose(member, with_scheduler=True)
        else:
            self._lose(member)
        self._look_now.set()

    def _lose(self, member: Member, *, with_scheduler: bool = False) -> None:
        if member.lost:
            return
        member.lost, member.with_scheduler = True, with_scheduler
        if self.members.get(member.address) is member:
            del self.members[member.address]
        if talk := self._talks.get(member):
            talk.cancel()
        self._progress.notice(
            f"worker {member.name} is lost; what it had in hand goes to others"
            if member.in_hand
            else f"worker {member.name} is gone"
        )
        self._gone(member)
        self._alone_since = time.monotonic()
        self.change()
