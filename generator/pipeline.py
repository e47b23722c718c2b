"""The way through: fetch, outline, write, ground, link, render; for one video and for many."""

from __future__ import annotations

import asyncio
import signal
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.errors import GenerateError, RunStopped, UnexpectedError, UsageError
from generator.fetching import connection_of, fetch
from generator.models import Fetched, Found, statements_in
from generator.prices import prices_in
from generator.progress import Progress, Silent
from generator.report import Failure, NoteReport, PackedNotes, Report, SectionReport, VideoReport
from generator.sources import FileSource, OneSource, VideoSource

if TYPE_CHECKING:
    from generator.engines import OpenEngine
    from generator.library import Library
    from generator.publisher import Published, Publisher
    from generator.settings import Settings
    from generator.summarizer.completions.usage import UsageBook
    from generator.task import Task
    from generator.writing import WrittenNote


def generate(task: Task, settings: Settings, progress: Progress | None = None) -> Report:
    """Writes the notes of all sources into the vault; one that fails does not stop the others.

    Videos are fetched one after the other; their engines work at once, as far as `jobs` lets them;
    notes are named and published in the order of the sources. The first Ctrl-C lets what is asked
    of a model be answered and kept, the second stops at once.

    Raises UsageError for settings that cannot work, some of which (cookies) only show when they are
    used, LibraryError where the library cannot be used, and OutsideVault where a link leads to it
    out of the vault; all other errors are in the report. May be called where an event loop runs.
    """
    sources = [each for each in task.sources if isinstance(each, VideoSource | FileSource)]
    work = _generate(sources, settings, progress or Silent())
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    reports: list[Report | BaseException] = []

    def aside() -> None:
        try:
            reports.append(asyncio.run(work))
        except BaseException as error:
            reports.append(error)

    thread = threading.Thread(target=aside, name="generate")
    thread.start()
    thread.join()
    if isinstance(reports[0], BaseException):
        raise reports[0]
    return reports[0]


async def _generate(sources: Sequence[OneSource], settings: Settings, progress: Progress) -> Report:
    from generator.engines import open_engine
    from generator.fetcher.cassettes import cassette
    from generator.library import Library
    from generator.publisher import Publisher
    from generator.vault import Vault

    connection_of(settings)
    library_path = settings.library or Vault(settings.output).library_path
    if settings.cassette and not settings.cassette.exists():
        # What records HTTP loses requests that are made at once.
        settings = settings.model_copy(update={"jobs": 1})
    with cassette(settings.cassette), Library.open(library_path) as library:
        async with open_engine(settings, library) as opened:
            progress.detail(f"engine: {opened.engine.name}")
            run = _Run(settings, opened, library, Publisher(settings, library), progress)
            with _interruptible(run.drain):
                return await run.all(sources)


@dataclass(slots=True)
class _Work:
    """What has become so far of one source."""

    source: OneSource
    fetched: Fetched | None = None
    writing: asyncio.Task[list[WrittenNote]] | None = None
    notes: list[WrittenNote] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    error: GenerateError | None = None
    twin: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)


class _Run:
    """What the sources of one run share."""

    def __init__(
        self,
        settings: Settings,
        opened: OpenEngine,
        library: Library,
        publisher: Publisher,
        progress: Progress,
    ) -> None:
        self._settings = settings
        self._opened = opened
        self._library = library
        self._publisher = publisher
        self._progress = progress
        self._seen: dict[tuple[str, str], _Work] = {}
        self._end: GenerateError | None = None

    def drain(self) -> None:
        """Begins nothing new; what a model is being asked is waited for and kept."""
        self._end = self._end or RunStopped()
        self._progress.notice("ending; what is being asked is waited for (Ctrl-C again: stop now)")
        self._opened.drain()

    async def all(self, sources: Sequence[OneSource]) -> Report:
        """The sources all the way into the vault, or as far as they go."""
        works = [_Work(source) for source in sources]
        # So many videos are held at once, whatever their number; one, if one request is.
        jobs = self._settings.jobs
        room = asyncio.Semaphore(2 * jobs if jobs > 1 else 1)
        fetching = asyncio.create_task(self._fetch_all(works, room))
        try:
            for work in works:
                await _either(work.ready, fetching)
                await self._told(work, self._finish)
                room.release()
        finally:
            fetching.cancel()
        works = [work for work in works if not work.twin]
        self._settle(works)
        if isinstance(self._end, UsageError):
            raise self._end
        return _report(works, self._opened, self._settings)

    async def _fetch_all(self, works: list[_Work], room: asyncio.Semaphore) -> None:
        for work in works:
            await room.acquire()
            await self._told(work, self._fetch)
            if work.error is None and not work.twin and work.fetched:
                work.writing = asyncio.create_task(self._write(work, work.fetched))
            work.ready.set()

    async def _told(self, work: _Work, step: Callable[[_Work], Awaitable[None]]) -> None:
        """One step of one source; what goes wrong is that source's error and stops no other."""
        if self._end and work.writing is None:
            work.error = work.error or self._end
        if work.error or work.twin:
            return
        try:
            await step(work)
        except GenerateError as error:
            work.error = error
            if error.fatal or isinstance(error, UsageError):
                self._end = self._end or error
        except Exception as error:
            self._progress.detail(traceback.format_exc())
            work.error = UnexpectedError(error)

    async def _fetch(self, work: _Work) -> None:
        name = work.source.name
        self._progress.step(f"{name}: fetching")
        fetched = await fetch(work.source, self._settings, self._library, self._progress)
        for notice in fetched.notices:
            self._notice(work, notice)
        key = (fetched.video.channel, fetched.video.id)
        first = self._seen.get(key)
        if first and not await _fails(first):
            work.twin = True
            self._notice(work, f"skipped, another transcript of {fetched.video.id} was taken")
            first.notices.append(f"{name} is {work.notices[-1]}")
            return
        self._seen[key] = work
        self._library.save_fetched(fetched)
        work.fetched = fetched

    async def _write(self, work: _Work, fetched: Fetched) -> list[WrittenNote]:
        from generator.writing import write_notes

        how = "generated" if fetched.transcript.generated else "hand-made"
        self._progress.step(
            f"{work.source.name}: writing notes from its {how} captions"
            f" ({fetched.transcript.language}) with the {self._opened.engine.name} engine"
        )
        return await write_notes(
            fetched,
            self._opened.engine,
            language=self._opened.language,
            verify=self._settings.verify,
            tell=lambda text: self._progress.detail(f"{work.source.name}: {text}"),
        )

    async def _finish(self, work: _Work) -> None:
        """Names the notes of a video, keeps them, and publishes them."""
        if work.writing is None or work.fetched is None:
            return
        notes = await work.writing
        self._progress.step(f"{work.source.name}: publishing")
        published, left = self._publisher.publish(
            work.fetched.video, self._opened.engine.name, [each.note for each in notes]
        )
        work.notes, work.published = notes, published
        for each in [*published, *left]:
            if each.state == "kept":
                self._notice(work, _kept(each))

    def _notice(self, work: _Work, text: str) -> None:
        work.notices.append(text)
        self._progress.notice(f"{work.source.name}: {text}")

    def _settle(self, works: list[_Work]) -> None:
        """The vault's other notes and pages, which may now link to what is new."""
        settled = self._publisher.settle()
        again = {each.path: each for each in settled.written}
        for work in works:
            work.published = [
                again.get(each.path, each) if each.state == "unchanged" else each
                for each in work.published
            ]
        for error in settled.errors:
            self._progress.notice(error.message)
        told = {each.path for work in works for each in work.published}
        for each in settled.kept:
            if each.path not in told:
                self._progress.notice(_kept(each))


async def _either(ready: asyncio.Event, fetching: asyncio.Task[None]) -> None:
    """Waits for the event. Raises what ended the task that was to set it, if that goes before."""
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait([waiting, fetching], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not ready.is_set():
        fetching.result()


async def _fails(work: _Work) -> bool:
    """Whether a source has failed, once its notes are written or not."""
    if work.writing:
        await asyncio.wait([work.writing])
    return bool(work.error or (work.writing and work.writing.exception()))


def _kept(published: Published) -> str:
    return f"{published.path} is left as it is: {published.reason}; --overwrite replaces it"


@contextmanager
def _interruptible(drain: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C drains; the second is what a Ctrl-C always is."""
    loop = asyncio.get_running_loop()

    def first() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        drain()

    try:
        loop.add_signal_handler(signal.SIGINT, first)
    except (NotImplementedError, RuntimeError, ValueError):  # not here, or not in this thread
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def _report(works: Sequence[_Work], opened: OpenEngine, settings: Settings) -> Report:
    usage = opened.usage
    videos = tuple(_video_report(work, usage) for work in works)
    return Report(
        opened.engine.name, videos, usage.total if usage else None, prices=prices_in(settings)
    )


def _video_report(work: _Work, usage: UsageBook | None) -> VideoReport:
    video = work.fetched.video if work.fetched else None
    states = [published.state for published in work.published]
    return VideoReport(
        id=video.id if video else work.source.name,
        title=video.title if video else "",
        channel=video.channel if video else "",
        state="failed" if work.error else "written" if "written" in states else "unchanged",
        notes=PackedNotes([] if work.error else map(_note, work.notes, work.published)),
        notices=tuple(work.notices),
        error=Failure.of(work.error) if work.error else None,
        usage=usage.of(video.id) if usage and video else None,
    )


def _note(written: WrittenNote, published: Published) -> NoteReport:
    note = written.note
    statements = statements_in(note)
    citations = [citation for statement in statements for citation in statement.citations]
    return NoteReport(
        path=published.path,
        title=note.title,
        slug=published.slug,
        state=published.state,
        statements=len(statements),
        citations=len(citations),
        dropped=len(written.dropped),
        sections=tuple(
            SectionReport(section.heading, section.start, section.end) for section in note.sections
        ),
        found={how.value: sum(c.found is how for c in citations) for how in Found},
        repaired=written.repaired,
        doubts=written.doubts,
    )
