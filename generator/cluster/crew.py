"""A run's videos in the hands of workers: fetched and written there, all that comes kept here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from generator.batch.pacing import Pace
from generator.cluster.books import Books
from generator.cluster.briefs import brief_of, environment_of
from generator.cluster.cluster import open_cluster
from generator.cluster.hands import Hands
from generator.cluster.member import Carried, Member
from generator.cluster.messages import (
    Drain,
    Ended,
    FromWorker,
    Has,
    Job,
    Write,
)
from generator.cluster.roster import Bearing, Roster
from generator.engines import limits_of
from generator.errors import (
    BlockedByYouTube,
    BudgetSpent,
    FetchError,
    GenerateError,
    LibraryError,
    RunStopped,
    WorkersLost,
    YouTubeNotAsked,
)
from generator.summarizer.completions.patience import Ending

if TYPE_CHECKING:
    from generator.cluster.cluster import Cluster
    from generator.cluster.messages import Brief
    from generator.cluster.places import Place
    from generator.engines import OpenEngine
    from generator.fetcher.catalog import Shown
    from generator.library import Library
    from generator.models import Fetched
    from generator.settings import Settings
    from generator.telling.progress import Progress
    from generator.writing import WrittenNote

MOST_LOST = 3
"""So many workers in a row are lost with a video in hand before it is left: it may be the cause."""


@asynccontextmanager
async def open_crew(
    place: Place,
    settings: Settings,
    library: Library,
    opened: OpenEngine,
    progress: Progress,
    *,
    force: Collection[str] = (),
    bearing: Bearing | None = None,
) -> AsyncIterator[Crew]:
    """The workers of a run, ready. `opened` is the run's own engine, which is not asked here.

    Raises ClusterError for a cluster that is not there, or has no worker that can be used.
    """
    brief = brief_of(settings, place, force)
    progress.step(f"{settings.dask}: connecting")
    async with open_cluster(place, environment_of(settings)) as cluster:
        crew = Crew(
            cluster, brief, settings, library, opened, progress, bearing=bearing or Bearing()
        )
        try:
            await crew.begin()
            yield crew
        finally:
            await crew.close()


class Crew:
    """Has videos fetched and written by workers; each is one task, and in the hands of one.

    Whoever has the fewest videos gets the next. A worker that YouTube blocks gets none that are to
    be fetched. The videos of a lost worker go to others, with all that was kept of them meanwhile.
    """

    def __init__(
        self,
        cluster: Cluster,
        brief: Brief,
        settings: Settings,
        library: Library,
        opened: OpenEngine,
        progress: Progress,
        *,
        bearing: Bearing,
    ) -> None:
        self._brief, self._settings, self._progress = brief, settings, progress
        self._limits = limits_of(settings)
        self._books = Books(library, opened.usage, self._limits, progress, self._not_kept)
        if brief.force:  # what batches brought was asked anew already
            self._books.asked |= library.batches.came()
        self._roster = Roster(
            cluster,
            brief,
            progress,
            bearing,
            heard=self._heard,
            gone=self._gone,
            came=self._came,
        )
        self._hands = Hands(cluster, self._roster.change)
        self._fetched: dict[str, Carried] = {}
        self._paces: dict[str, tuple[asyncio.Lock, Pace]] = {}
        self._ending = Ending()
        self._drained: GenerateError | None = None
        self._failure: GenerateError | None = None

    async def begin(self) -> None:
        """Waits for the workers. Raises why there are none."""
        await self._roster.begin()
        self._tell_of_proxies()
        self._hands.keep(self._roster.watch())

    async def close(self) -> None:
        """Ends the run on all workers, at once."""
        await self._hands.close()
        await self._roster.close()

    def drain(self, reason: GenerateError | None = None) -> None:
        """Nothing new is asked, as Completions.drain has it."""
        self._drained = self._drained or reason or RunStopped()
        self._ending.end(self._drained)
        for member in self._roster.members.values():
            member.say(Drain(self._drained))
        self._roster.change()

    @property
    def stopped(self) -> FetchError | None:
        """Why no worker asks YouTube any more, if so."""
        members = self._roster.members.values()
        if not members or self._roster.growing or not all(each.stopped for each in members):
            return None
        reasons = [each.stopped for each in members if each.stopped]
        blocked = any(isinstance(each, BlockedByYouTube) for each in reasons)
        return YouTubeNotAsked() if blocked else reasons[-1]

    # What is done with a video

    async def fetch(self, video_id: str, shown: Shown | None) -> Fetched:
        """The video and its transcript, fetched by a worker; it waits to write it.

        Raises FetchError, and what ends the run.
        """
        self._limits.begin(video_id)
        tried: set[Member] = set()
        losses = 0
        while True:
            member = await self._fetcher(tried)
            try:
                await self._ending.pause(self._turn_of(member))
                carried = self._hands.give(member, Job(self._brief.run, 0, video_id, shown))
                heard = await carried.fetched
            finally:
                member.fetches = False
                self._roster.change()
            if isinstance(heard, Has):
                self._fetched[video_id] = carried
                return heard.fetched
            if heard is None:
                losses = self._lost_again(carried, losses)
                continue
            assert heard.error is not None  # noqa: S101 - it ended without a transcript
            refused = isinstance(heard.error, BlockedByYouTube)
            tried.add(member)
            if not (refused or heard.fetching) or not self._others(tried):
                raise heard.error

    async def write(self, fetched: Fetched, tell: Callable[[str], None]) -> list[WrittenNote]:
        """The notes of a video, by the worker that fetched it, or else by any.

        Raises what writing_notes raises, and what ends the run.
        """
        video_id = fetched.video.id
        self._limits.begin(video_id)
        carried = self._fetched.pop(video_id, None)
        losses = 0
        while True:
            kept = self._books.kept(video_id)
            anew = frozenset(self._books.asked) if self._brief.force else frozenset()
            if carried is None:
                member = await self._member()
                job = Job(self._brief.run, 0, video_id, None, fetched, kept, anew)
                carried = self._hands.give(member, job)
            else:
                carried.member.say(Write(carried.number, fetched, kept, anew))
            carried.tell = tell
            ended = await self._until_ended(carried)
            if ended is None:
                losses = self._lost_again(carried, losses)
                carried = None
                continue
            if ended.error:
                self._worse(ended.error, carried.member)
                raise ended.error
            return list(ended.notes)

    def let_go(self, video_id: str | None) -> None:
        """The video was fetched and will not be written."""
        if carried := self._fetched.pop(video_id or "", None):
            self._hands.drop(carried)

    # Who gets what

    async def _member(self) -> Member:
        """The worker that has the fewest videos in hand, waited for. Raises why there is none."""
        while True:
            self._check()
            if members := list(self._roster.members.values()):
                return min(members, key=lambda each: len(each.in_hand))
            await self._roster.changed()

    async def _fetcher(self, tried: Collection[Member]) -> Member:
        """As _member, one that may fetch, and does not; from now on it does."""
        while True:
            self._check()
            if reason := self._drained or self.stopped:
                raise reason
            others = self._others(tried) or self._others(())
            if free := [each for each in others if not each.fetches]:
                member = min(free, key=lambda each: len(each.in_hand))
                member.fetches = True
                return member
            await self._roster.changed()

    def _others(self, tried: Collection[Member]) -> list[Member]:
        """Who may fetch, and has not been tried yet."""
        members = self._roster.members.values()
        return [each for each in members if not each.stopped and each not in tried]

    async def _turn_of(self, member: Member) -> None:
        """Waits until the address from which a worker asks may be asked from again."""
        if "cassette" in self._brief.settings and self._settings.cassette:
            return
        way = member.opened.way
        lock, pace = self._paces.setdefault(
            way, (asyncio.Lock(), Pace(self._settings.fetch_interval))
        )
        async with lock:
            await pace.turn()

    async def _until_ended(self, carried: Carried) -> Ended | None:
        try:
            ended = await carried.ended
        except asyncio.CancelledError:
            self._hands.drop(carried)
            raise
        if self._failure:
            raise self._failure
        return ended

    def _lost_again(self, carried: Carried, losses: int) -> int:
        """One more loss, if the worker was lost by itself. Raises WorkersLost for one too many."""
        losses += not carried.member.with_scheduler
        if losses >= MOST_LOST:
            raise WorkersLost(carried.video_id, losses)
        return losses

    def _check(self) -> None:
        if reason := self._failure or self._roster.failure:
            raise reason

    # What is heard

    def _heard(self, member: Member, message: FromWorker) -> None:
        if isinstance(message, Has | Ended):
            self._hands.heard(member, message)
        else:
            self._books.heard(member, message)

    def _not_kept(self, error: LibraryError) -> None:
        """Where a reply cannot be kept, the run ends."""
        self._failure = self._failure or error
        self.drain(error)

    def _came(self, member: Member) -> None:
        if self._drained:
            member.say(Drain(self._drained))

    def _gone(self, member: Member) -> None:
        self._books.lost(member)
        self._hands.lost(member)

    def _worse(self, error: GenerateError, member: Member) -> None:
        """What would meet every request alike ends the run on all workers."""
        if error.fatal and not self._drained:
            if not isinstance(error, BudgetSpent | RunStopped):
                self._progress.notice(f"worker {member.name}: {error.happened}")
            self.drain(error)

    def _tell_of_proxies(self) -> None:
        here = bool(self._settings.proxy or self._settings.webshare_username)
        without = [each.name for each in self._roster.members.values() if not each.opened.proxied]
        if here and without:
            self._progress.notice(
                f"{len(without)} of {len(self._roster.members)} workers reach YouTube without a"
                " proxy: theirs is what GENERATE_PROXY is in their own environment"
            )
