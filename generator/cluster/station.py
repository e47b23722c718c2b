"""One run on one worker: its videos are fetched and written here, with nothing kept here."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from generator.batch.pacing import Pace
from generator.cluster.away import AwayLimits, AwayUsage, Shelf
from generator.cluster.line import SILENCE, Line
from generator.cluster.messages import (
    Brief,
    Drain,
    Drop,
    Ended,
    Granted,
    Has,
    Job,
    Told,
    ToWorker,
    Write,
)
from generator.errors import GenerateError, UnexpectedError
from generator.fetching import Fetching
from generator.sources import VideoSource

if TYPE_CHECKING:
    from generator.engines import OpenEngine
    from generator.library import Library
    from generator.settings import Settings

_LOOKS = 5.0
"""Seconds between two looks whether anybody still listens."""


class Station:
    """Carries out the videos of a run, in a thread with an event loop of its own.

    Dask's loop stays free: it is heard there that this worker lives.
    """

    def __init__(self, brief: Brief, settings: Settings, line: Line) -> None:
        self._brief, self._settings, self._line = brief, settings, line
        self._shelf = Shelf(line.say)
        self._limits = AwayLimits(line.say, budgeted=brief.budgeted, rated=brief.rated)
        self._jobs: dict[int, asyncio.Task[None]] = {}
        self._told_to_write: dict[int, asyncio.Future[Write]] = {}
        self._ready: Future[None] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context = contextvars.copy_context()
        self._open = threading.Thread(target=self._live, name=f"run {brief.run}", daemon=True)

    @property
    def closed(self) -> bool:
        """Whether nothing more comes of it."""
        return self._loop is None

    async def open(self) -> None:
        """Begins. Raises what opening an engine or a cassette raises."""
        self._open.start()
        await asyncio.wrap_future(self._ready)

    def close(self) -> None:
        """Ends at once; what is in flight is lost."""
        self._soon(self._ends)

    def carry_out(self, job: Job) -> bool:
        """Carries out a job, and returns when it has ended; False where the run is not open.

        What becomes of it is told on the line.
        """
        done: Future[None] = Future()
        if not self._soon(lambda: self._begin(job, done)):
            return False
        done.result()
        return True

    def hear(self, messages: list[ToWorker]) -> None:
        """Does what it is told, in the order of the messages."""
        for message in messages:
            self._soon(functools.partial(self._obey, message))

    def _soon(self, do: Callable[[], object]) -> bool:
        """Has something done in the loop of this run; False where that has ended."""
        loop = self._loop
        if loop is None:
            return False
        with suppress(RuntimeError):  # closed just now
            loop.call_soon_threadsafe(do, context=self._context)
            return True
        return False

    def _ends(self) -> None:
        self._closing.set()

    # In the loop of the run

    def _live(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as error:
            if not self._ready.done():
                self._ready.set_exception(error)
        finally:
            self._loop = None

    async def _run(self) -> None:
        from generator.engines import open_engine
        from generator.fetcher.cassettes import cassette
        from generator.summarizer.openai.prompts import Prompts

        self._closing = asyncio.Event()
        prompts = Prompts.saying(self._brief.prompts) if self._brief.prompts else None
        with cassette(self._settings.cassette):
            async with open_engine(
                self._settings,
                self._shelf,
                force=self._brief.force,
                limits=self._limits,
                usage=AwayUsage(self._line.say),
                prompts=prompts,
            ) as opened:
                self._opened: OpenEngine = opened
                # Of the library a fetch only asks for the video, which is not in it; when it is
                # the turn of the next one is for the process to say that gives them out.
                library = cast("Library", self._shelf)
                self._fetching = Fetching(
                    self._settings, library, lambda text: self._line.say(Told(text)), Pace(0)
                )
                self._one_fetch = asyncio.Lock()
                # What is replayed is known in this context alone.
                self._context = contextvars.copy_context()
                self._loop = asyncio.get_running_loop()
                self._ready.set_result(None)
                await self._until_closed()
                self._loop = None
                jobs = list(self._jobs.values())
                for job in jobs:
                    job.cancel()
                await asyncio.gather(*jobs, return_exceptions=True)

    async def _until_closed(self) -> None:
        while self._line.silent < SILENCE:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKS):
                    await self._closing.wait()
                    return

    def _begin(self, job: Job, done: Future[None]) -> None:
        task = asyncio.get_running_loop().create_task(self._carried_out(job))
        self._jobs[job.number] = task

        def ended(_: object) -> None:
            self._jobs.pop(job.number, None)
            self._told_to_write.pop(job.number, None)
            self._shelf.clear(job.video_id)
            done.set_result(None)

        task.add_done_callback(ended)

    def _obey(self, message: ToWorker) -> None:
        if isinstance(message, Granted):
            self._limits.granted(message)
        elif isinstance(message, Write):
            waiting = self._told_to_write.get(message.job)
            if waiting and not waiting.done():
                waiting.set_result(message)
        elif isinstance(message, Drop):
            if task := self._jobs.get(message.job):
                task.cancel()
        elif isinstance(message, Drain):
            self._opened.drain(message.reason)

    async def _carried_out(self, job: Job) -> None:
        """A job, and what became of it as a message."""
        try:
            ended = await self._ended(job)
        except GenerateError as error:
            bare = error.with_traceback(None)
            bare.__context__ = bare.__cause__ = None
            ended = Ended(job.number, error=bare, fetching=self._fetching.ended)
        except Exception as error:
            import traceback

            self._line.say(Told(traceback.format_exc(), job.number))
            ended = Ended(job.number, error=UnexpectedError(error))
        self._line.say(ended)

    async def _ended(self, job: Job) -> Ended:
        from generator.writing import write_notes

        order = Write(job.number, job.fetched, job.completions, job.asked_anew)  # type: ignore[arg-type]
        if job.fetched is None:
            order = await self._fetched(job)
        self._shelf.put(order.completions)
        self._opened.asked_anew(order.asked_anew)
        notes = await write_notes(
            order.fetched,
            self._opened.engine,
            language=self._opened.language,
            verify=self._settings.verify,
            tell=lambda text: self._line.say(Told(text, job.number)),
        )
        return Ended(job.number, tuple(notes))

    async def _fetched(self, job: Job) -> Write:
        """Fetches a video, and waits to be told what to write from."""
        async with self._one_fetch:
            fetched = await self._fetching.fetch(VideoSource(job.video_id), shown=job.shown)
        waiting: asyncio.Future[Write] = asyncio.get_running_loop().create_future()
        self._told_to_write[job.number] = waiting
        self._line.say(Has(job.number, fetched))
        return await waiting
