"""All videos of a run at once: fetched in turn, written side by side, published in their order."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from generator.batch.counting import Counting
from generator.batch.due import state_after
from generator.batch.outcomes import left_pending, other_report, restated
from generator.batch.steps import Steps
from generator.batch.work import Mark, Work
from generator.errors import (
    BatchCancelled,
    BehindBatch,
    BudgetSpent,
    GenerateError,
    InBatch,
    LibraryError,
    RunStopped,
    UnexpectedError,
    UsageError,
    YouTubeNotAsked,
)
from generator.listing.filling import Filling
from generator.publishing.ahead import FAR
from generator.sources import VideoSource
from generator.telling.report import VideoReport

if TYPE_CHECKING:
    from generator.batch.parts import Parts
    from generator.cluster.crew import Crew
    from generator.models import Video
    from generator.publishing.publisher import Settled
    from generator.settings import Settings
    from generator.telling.progress import Progress

_NOT_REACHED = (RunStopped, BudgetSpent, YouTubeNotAsked, InBatch, BehindBatch, BatchCancelled)
"""What says nothing of the video itself."""

ACTIVE = 2
"""So many videos for each of `jobs` are written at a time: while some wait for one reply, others
have more to ask for than there are jobs."""

WAITING = 4
"""So many videos for each of `jobs` may be written and wait to be published; the notes of others
are made again when their turn comes, from the replies that were kept."""


UNDER_WAY = 8
"""The files of so many videos may be on their way to their places while others are made ready."""


class Batch:
    """The videos of one run, on their way into the vault.

    Three stages go through them in their order, each as far as the one before lets it: fetching,
    writing, publishing. What goes wrong with a video is that video's error; what would go wrong
    with every other, too, ends the run.
    """

    def __init__(
        self,
        works: Sequence[Work],
        settings: Settings,
        parts: Parts,
        progress: Progress,
        filling: Filling | None = None,
    ) -> None:
        """`filling` says of the videos of lists whether they are still needed; all, without it."""
        self._works = works
        self._filling = filling or Filling()
        self._settings = settings
        self._opened = parts.opened
        self._library = parts.library
        self._fetching = parts.fetching
        self._crew = parts.crew
        self._progress = progress
        self._steps = Steps(settings, parts, progress)
        spare = sum(work.spare for work in works)
        self._counting = Counting(progress, len(works), parts.opened.usage, spare=spare)
        self._room = asyncio.Semaphore(ACTIVE * settings.jobs)
        self._waiting: set[Work] = set()
        self._end: GenerateError | None = None
        self._ended = asyncio.Event()
        # What records HTTP loses requests that are made at once.
        recorded = bool(settings.cassette and not settings.cassette.exists())
        rounds = parts.opened.rounds
        self._batching = rounds if rounds and rounds.collects else None
        # In rounds, a model is asked only when all is fetched.
        self._one_by_one = recorded and self._batching is None
        self._since = self._library.batches.awaiting() if self._batching else {}
        self._now = max(self._since.values(), default=0) + 1

    @property
    def end(self) -> GenerateError | None:
        """Why the run ended before all was done, if so."""
        return self._end or self._fetching.ended

    def drain(self) -> None:
        """Begins nothing new; what a model is being asked is waited for and kept."""
        self._end_with(RunStopped())
        self._progress.notice("ending; what is being asked is waited for (Ctrl-C again: stop now)")
        self._opened.drain()

    async def run(self) -> None:
        """Takes all videos into the vault, or as far as they go; then each has its report."""
        try:
            async with asyncio.TaskGroup() as stages:
                if self._crew:
                    stages.create_task(self._carry_all(stages, self._crew))
                else:
                    stages.create_task(self._fetch_all())
                    stages.create_task(self._write_all())
                stages.create_task(self._publish_all())
        except BaseExceptionGroup as broken:  # the program's own fault, or the terminal's
            raise broken.exceptions[0] from None

    @property
    def awaiting(self) -> tuple[set[str], set[str]]:
        """The ids of the videos that wait for replies by batch, and of all that were tried."""
        tried = [work for work in self._works if work.video_id]
        waiting = {work.video_id or "" for work in tried if work.awaits}
        over = {work.video_id or "" for work in tried if not isinstance(work.error, _NOT_REACHED)}
        return waiting, waiting | over

    def reports(self, settled: Settled) -> tuple[VideoReport, ...]:
        """What is told of the videos, once the vault is settled, in their order."""
        again = {each.path: each for each in settled.written}
        told = [work.report for work in self._works if work.report and not work.twin]
        if len(told) > 1:  # the failure of the only one is told as such
            told = [left_pending(report, self.end) for report in told]
        return tuple(restated(report, again) if again else report for report in told)

    # The three stages

    async def _fetch_all(self) -> None:
        before: Work | None = None
        for work in self._works:
            if before and self._one_by_one:
                await before.over.wait()
            if self._filling.needs(work.video_id):
                await self._attempt(work, self._fetch)
                self._filling.found(work.video_id, self._video_of(work))
            else:
                work.needless = True
            work.fetched.set()
            before = work

    async def _write_all(self) -> None:
        """Round after round, where requests go into batches; else in one."""
        works = self._works
        while works:
            for work in works:
                work.awaits, work.attempted = False, Mark()
            async with asyncio.TaskGroup() as writing:
                for work in works:
                    await work.fetched.wait()
                    if work.idle:
                        work.attempted.set()
                        work.written.set()
                        continue
                    await self._room.acquire()
                    writing.create_task(self._write_in_room(work))
            works = await self._next_round()

    async def _write_in_room(self, work: Work) -> None:
        await self._attempt(work, self._write)
        self._room.release()
        work.awaits = isinstance(work.error, InBatch)
        work.attempted.set()
        if not (work.awaits and self._batching):
            work.written.set()

    async def _next_round(self) -> list[Work]:
        """The videos to try again, once batches have brought what they can; none if they wait."""
        waiting = [work for work in self._works if work.awaits]
        if not waiting or self._batching is None:
            return []
        again = False
        try:
            again = self._end is None and await self._batching.turn()
        except GenerateError as error:
            self._end_with(error)
        if again and self._end is None:
            for work in waiting:
                work.error = None
            return waiting
        for work in waiting:
            work.error = self._end or work.error
            work.written.set()
        return []

    async def _carry_all(self, stages: asyncio.TaskGroup, crew: Crew) -> None:
        """In the place of fetching and writing: both of a video in one, several videos at a time.

        What is asked for is the same: where it depends on a video whether others are needed, these
        wait until it is fetched; and so does a file, which another's transcript may stand in for.
        """
        before: list[Work] = []
        for work in self._works:
            alone = not isinstance(work.source, VideoSource)
            for other in before if alone else ():
                await other.fetched.wait()
            if not self._filling.needs(work.video_id):
                work.needless = True
                work.fetched.set()
                work.written.set()
                continue
            await self._room.acquire()
            stages.create_task(self._carry(work, crew))
            waits = alone or self._filling.is_open(work.video_id)
            if waits:
                await work.fetched.wait()
            before = [] if alone else [*before, work]
            self._filling.found(work.video_id, self._video_of(work) if waits else None)

    async def _carry(self, work: Work, crew: Crew) -> None:
        await self._attempt(work, self._fetch)
        work.fetched.set()
        await self._attempt(work, self._write)
        crew.let_go(work.video_id)
        self._room.release()
        work.written.set()

    async def _publish_all(self) -> None:
        held_since: int | None = None
        under_way: list[Work] = []
        try:
            for at, work in enumerate(self._works):
                if not work.written.is_set:
                    await self._finish(under_way)
                await work.written.wait()
                for coming in self._works[at + 1 : at + 1 + FAR]:
                    self._steps.foresee(coming, len(self._works) - at)
                since = self._since.get(work.video_id or "", self._now)
                if work.awaits or isinstance(work.error, _NOT_REACHED):
                    held_since = since if held_since is None else min(since, held_since)
                elif self._batching and held_since is not None and since >= held_since:
                    self._hold_back(work)
                await self._attempt(work, self._publish, whatever_ended=True)
                under_way.append(work)
                await self._finish(under_way, but=UNDER_WAY if work.finish else 0)
                await asyncio.sleep(0)  # the others go on between two that are ready
            await self._finish(under_way)
        finally:
            self._steps.end()

    async def _finish(self, under_way: list[Work], *, but: int = 0) -> None:
        """Has the files in their places that are on their way, and tells what became of these.

        The last of them, so many, are left on their way.
        """
        while len(under_way) > but:
            work = under_way.pop(0)
            await self._attempt(work, self._put_in_place, whatever_ended=True)
            self._conclude(work)
            work.over.set()

    def _hold_back(self, work: Work) -> None:
        """Notes are named in the order of the videos, as if no reply were still to come."""
        if not work.idle and not self._steps.has_notes(work):
            work.error, work.awaits = BehindBatch(), True

    async def _attempt(
        self,
        work: Work,
        step: Callable[[Work], Awaitable[None]],
        *,
        whatever_ended: bool = False,
    ) -> None:
        """One step of one video; what goes wrong is its error and stops no other."""
        if work.idle:
            return
        if self._end and not whatever_ended:
            work.error = self._end
            return
        ended = self.end
        try:
            await step(work)
        except GenerateError as error:
            self._fail(work, error, ended)
        except Exception as error:
            self._progress.detail(traceback.format_exc())
            self._fail(work, UnexpectedError(error), ended)

    # The steps of one video

    async def _fetch(self, work: Work) -> None:
        await self._steps.fetch(work, self._unless_ended)
        self._counting.fetched()

    async def _write(self, work: Work) -> None:
        work.notes = await self._steps.write(work)
        if work.notes is None:
            return
        self._waiting.add(work)
        if len(self._waiting) > WAITING * self._settings.jobs:
            last = max(self._waiting, key=lambda each: each.number)
            self._waiting.discard(last)
            last.notes = None

    async def _publish(self, work: Work) -> None:
        self._waiting.discard(work)
        work.finish = await self._steps.publish(work)

    async def _put_in_place(self, work: Work) -> None:
        if work.finish:
            work.finish()

    # What becomes of them

    def _fail(self, work: Work, error: GenerateError, ended: GenerateError | None) -> None:
        """Keeps why a step failed; `ended` is what kept it from being tried at all, if so."""
        # Its frames hold on to all that was at hand.
        work.error = error.with_traceback(None)
        error.__context__ = error.__cause__ = None
        not_reached = isinstance(error, _NOT_REACHED)
        work.tried = not not_reached and error is not ended
        if error.fatal or isinstance(error, UsageError):
            self._end_with(error)

    def _conclude(self, work: Work) -> None:
        """Tells what became of a video, and lets all of it go but that."""
        if work.needless:
            self._counting.left_out()
        elif work.report is None and not work.twin:
            self._keep_failure(work)
            work.report = other_report(work, self._video_of(work), self._opened.usage)
        work.notes = work.loose = work.first = work.shown = work.finish = None
        if work.report:
            self._counting.over(work.name, work.report)

    def _video_of(self, work: Work) -> Video | None:
        """The video as the library has it, if the run came so far with it."""
        place = work.place
        return self._library.video(place.video_id, place.channel) if place else None

    def _keep_failure(self, work: Work) -> None:
        if work.error is None or not work.tried or work.video_id is None:
            return
        if not isinstance(work.error, LibraryError):  # it would be met again
            self._library.states.save(
                state_after(work.video_id, work.error, self._settings, fetched=bool(work.place))
            )

    def _end_with(self, error: GenerateError) -> None:
        self._end = self._end or error
        self._ended.set()

    async def _unless_ended(self, wait: Awaitable[None]) -> None:
        """Waits; raises why, if the run ends in the meantime."""
        tasks = [asyncio.ensure_future(wait), asyncio.ensure_future(self._ended.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        if self._end:
            raise self._end
