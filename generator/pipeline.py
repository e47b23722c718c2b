"""The way through: fetch, outline, write, ground, link, render; for one video and for many."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from generator.batch import Batch, kept
from generator.due import passed_over
from generator.errors import UsageError
from generator.fetching import Fetching, connection_of
from generator.interrupts import interruptible
from generator.locking import vault_lock
from generator.models import Stage, VideoState
from generator.pacing import pace_of
from generator.prices import prices_in
from generator.progress import Progress, Silent
from generator.report import Failure, FileReport, Report
from generator.sources import FileSource, OneSource, VideoSource
from generator.work import Work

if TYPE_CHECKING:
    from generator.engines import OpenEngine
    from generator.library import Library
    from generator.publisher import Settled
    from generator.settings import Settings
    from generator.task import Task


def generate(task: Task, settings: Settings, progress: Progress | None = None) -> Report:
    """Writes the notes of all sources into the vault; one that fails does not stop the others.

    Videos are fetched one after the other; their engines work at once, as far as `jobs` lets them;
    notes are named and published in the order of the sources. Of a list's videos, those whose notes
    are written are passed over. The first Ctrl-C, or SIGTERM, lets what is asked of a model be
    answered and kept, the second stops at once.

    Raises UsageError for settings that cannot work, some of which (cookies) only show when they are
    used, LibraryError where the library cannot be used, VaultInUse where another run writes into
    the vault, and OutsideVault where a link leads out of it; all other errors are in the report.
    May be called where an event loop runs.
    """
    work = _generate(task, settings, progress or Silent())
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    return _beside_a_loop(work)


async def _generate(task: Task, settings: Settings, progress: Progress) -> Report:
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
    with (
        vault_lock(settings.output, progress.notice),
        cassette(settings.cassette),
        Library.open(library_path) as library,
    ):
        async with open_engine(settings, library) as opened:
            progress.detail(f"engine: {opened.engine.name}")
            sources = [each for each in task.sources if isinstance(each, VideoSource | FileSource)]
            works = _works(sources, task, settings, library)
            fetching = Fetching(settings, library, progress.detail, pace_of(settings))
            publisher = Publisher(settings, library)
            batch = Batch(works, settings, opened, library, fetching, publisher, progress)
            with interruptible(batch.drain):
                await batch.run()
                settled = publisher.settle()
            if isinstance(batch.end, UsageError):
                raise batch.end
            return _report(batch, settled, opened, settings, progress)


def _works(
    sources: Sequence[OneSource], task: Task, settings: Settings, library: Library
) -> list[Work]:
    """What is to be done with each source; what was asked for by itself goes the whole way."""
    states = library.states.of()
    works = []
    for number, source in enumerate(sources):
        work = Work(source, number, listed=source not in task.sources)
        known = states.get(work.video_id or "")
        if work.listed:
            work.passed = passed_over(known, settings, retry_failed=task.retry_failed)
        elif known and known.stage is Stage.EXCLUDED:
            work.notices.append("it was not wanted before, and is now")
        works.append(work)
    new = [work.video_id for work in works if work.listed and work.video_id not in states]
    library.states.save(*(VideoState(id_, Stage.PENDING) for id_ in new if id_))
    return works


def _report(
    batch: Batch, settled: Settled, opened: OpenEngine, settings: Settings, progress: Progress
) -> Report:
    """What became of a run; what could not be settled is told, and tried again the next time."""
    videos = batch.reports(settled)
    told = {note.path for video in videos for note in video.notes}
    others = [each for each in settled.kept if each.path not in told]
    for error in settled.errors:
        progress.notice(error.message)
    for each in others:
        progress.notice(kept(each))
    return Report(
        engine=opened.engine.name,
        videos=videos,
        usage=opened.usage.total if opened.usage else None,
        relinked=tuple(
            each.path for each in settled.written if each.slug and each.path not in told
        ),
        removed=tuple(each.path for each in settled.removed),
        kept=tuple(FileReport(each.path, each.reason) for each in others),
        notices=tuple(error.message for error in settled.errors),
        ended=Failure.of(batch.end) if batch.end else None,
        prices=prices_in(settings),
    )


def _beside_a_loop(work: Coroutine[Any, Any, Report]) -> Report:
    """What `work` gives, in a loop of its own, while another runs in this thread."""
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
