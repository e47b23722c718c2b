"""The way through: fetch, outline, write, ground, link, render; for one video and for many."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generator.batch.due import passed_over
from generator.batch.interrupts import interruptible
from generator.batch.making import Making
from generator.batch.pacing import pace_of
from generator.batch.parts import Parts
from generator.batch.regenerating import held
from generator.batch.steps import kept
from generator.batch.videos import Batch
from generator.batch.work import Work
from generator.cluster.manning import manned
from generator.cluster.places import checked_place
from generator.errors import NotConfirmed, NothingToRegenerate, UsageError
from generator.fetcher.catalog import Shown
from generator.fetching import Fetching, connection_of
from generator.listing.expanding import expand
from generator.listing.filling import Filling
from generator.models import Stage, VideoState
from generator.planning.likely import Estimate, likely
from generator.publishing.forgetting import exclude
from generator.telling.prices import prices_in
from generator.telling.progress import Progress, Silent
from generator.telling.report import Failure, FileReport, ListReport, Report, VideoReport
from generator.vault.locking import vault_lock

if TYPE_CHECKING:
    from pathlib import Path

    from generator.engines import OpenEngine
    from generator.library import Library
    from generator.listing.expanded import Expanded
    from generator.models import Video
    from generator.publishing.publisher import Settled
    from generator.settings import Settings
    from generator.task import Task
    from generator.vault.disk import Disk


Confirm = Callable[[Estimate], bool]
"""Asks the user whether to go on with a run that is likely to take so much."""


def generate(
    task: Task,
    settings: Settings,
    progress: Progress | None = None,
    *,
    confirm: Confirm | None = None,
    disk: Disk | None = None,
) -> Report:
    """Writes the notes of all sources into the vault; one that fails does not stop the others.

    Videos are fetched one after the other; their engines work at once, as far as `jobs` lets them;
    notes are named and published in the order of the sources. Of a list's videos, those whose notes
    are written are passed over. The first Ctrl-C, or SIGTERM, lets what is asked of a model be
    answered and kept, the second stops at once.

    `confirm` is asked before a run that is likely to take more tokens than `confirm_above`; where
    it says no, that is a NotConfirmed. `disk` is where the vault's files are read and written: the
    file system by default.

    Raises UsageError for settings that cannot work, some of which (cookies) only show when they are
    used, LibraryError where the library cannot be used, VaultInUse where another run writes into
    the vault, and OutsideVault where a link leads out of it; all other errors are in the report.
    May be called where an event loop runs.
    """
    work = _generate(task, settings, progress or Silent(), confirm, disk)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    return _beside_a_loop(work)


async def _generate(
    task: Task,
    settings: Settings,
    progress: Progress,
    confirm: Confirm | None = None,
    disk: Disk | None = None,
) -> Report:
    from generator.engines import open_engine
    from generator.fetcher.cassettes import cassette
    from generator.library import Library
    from generator.publishing.publisher import Publisher
    from generator.vault.vault import Vault

    connection_of(settings)
    place = checked_place(settings)
    library_path = settings.library or Vault(settings.output).library_path
    check_task(task, settings, library_path)
    if settings.cassette and not settings.cassette.exists():
        # What records HTTP loses requests that are made at once.
        settings = settings.model_copy(update={"jobs": 1})
    with (
        vault_lock(settings.output, progress.notice),
        cassette(settings.cassette),
        Library.open(library_path) as library,
    ):
        async with open_engine(settings, library, force=task.forced) as opened:
            progress.detail(f"engine: {opened.engine.name}")
            if opened.rounds:
                await opened.rounds.begin(progress)
            own = Parts(
                library,
                opened,
                Fetching(settings, library, progress.detail, pace_of(settings)),
                Making(settings, opened, library, anew=task.force),
                Publisher(settings, library, disk),
            )
            async with manned(own, place, task, settings, progress) as parts:
                ready = await prepared(task, settings, progress, parts)
                if confirm and opened.usage is not None:
                    estimate = await likely(ready.works, task, settings, parts)
                    if estimate.tokens > settings.confirm_above and not confirm(estimate):
                        raise NotConfirmed
                return await carried_out(ready, settings, progress, parts)


def check_task(task: Task, settings: Settings, path: Path) -> None:
    """Refuses a task that cannot be, before anything is made for it; `path` is the library's.

    Raises UsageError where a task and settings contradict each other, and NothingToRegenerate where
    there is no library.
    """
    if task.regenerate and settings.refetch:
        raise UsageError(
            "--regenerate takes what the library holds as it is, and --refetch asks for it again.",
            "Run with --refetch and the videos or lists that are meant, then with --regenerate.",
        )
    if task.regenerate and not path.exists():
        raise NothingToRegenerate(path)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is about to begin: what was asked for, and what is to be done with each video.

    The videos with the ids `unwanted` are to be taken out.
    """

    expanded: Expanded
    works: tuple[Work, ...]
    unwanted: tuple[str, ...] = ()


async def prepared(
    task: Task, settings: Settings, progress: Progress, parts: Parts, *, ask_lists: bool = True
) -> Prepared:
    """Makes single videos of what a task asks for; without `ask_lists` of the lists as kept."""
    library = parts.library
    if task.regenerate:
        expanded = held(task.sources, library, task.selection, unwanted=task.exclude)
    else:
        asking = settings if ask_lists else settings.model_copy(update={"offline": True})
        connection = parts.fetching.connection
        expanded = await expand(
            task.sources, asking, library, progress, connection, unwanted=task.exclude
        )
    for notice in expanded.notices:
        progress.notice(notice)
    works = _works(expanded, settings, library, retry_failed=task.retry_failed)
    return Prepared(
        expanded,
        tuple(work for work in works if work.video_id not in task.exclude),
        task.exclude,
    )


async def carried_out(
    ready: Prepared, settings: Settings, progress: Progress, parts: Parts
) -> Report:
    """All videos of a run into the vault, or as far as they go, and the vault settled."""
    left = exclude(ready.unwanted, parts.library, parts.publisher)
    filling = Filling(ready.expanded.offers, ready.expanded.always)
    batch = Batch(ready.works, settings, parts, progress, filling)
    with interruptible(batch.drain):
        await batch.run()
        settled = parts.publisher.settle(progress.step)
    rounds = parts.opened.rounds
    batches = await rounds.conclude(*batch.awaiting) if rounds else None
    if isinstance(batch.end, UsageError):
        raise batch.end
    report = replace(_report(batch, settled, parts.opened, settings, progress), batches=batches)
    kept_of_these = tuple(FileReport(each.path, each.reason) for each in left)
    return _with_lists(replace(report, kept=(*kept_of_these, *report.kept)), ready.expanded)


def _works(
    expanded: Expanded, settings: Settings, library: Library, *, retry_failed: bool
) -> list[Work]:
    """What is to be done with each source; what was asked for by itself goes the whole way."""
    states = library.states.of()
    spare, works = expanded.spare, []
    for number, source in enumerate(expanded.sources):
        work = Work(source, number)
        video_id = work.video_id or ""
        work.listed = video_id in expanded.listed
        work.spare = video_id in spare
        if work.listed:
            work.unwanted = expanded.unwanted
            work.shown = _shown(shown) if (shown := expanded.known.get(video_id)) else None
        known = work.known = states.get(video_id)
        if work.listed:
            work.passed = passed_over(known, settings, retry_failed=retry_failed)
        elif known and known.stage is Stage.EXCLUDED:
            work.notices.append("it was not wanted before, and is now")
        works.append(work)
    new = [
        work.video_id
        for work in works
        if work.listed and not work.spare and work.video_id not in states
    ]
    library.states.save(*(VideoState(id_, Stage.PENDING) for id_ in new if id_))
    return works


def _shown(video: Video) -> Shown:
    """What a list shows of a video; a title it does not tell is the id there."""
    title = video.title if video.title != video.id else ""
    handle = video.channel if video.channel_id else ""
    return Shown(title, video.duration, handle, video.channel_id)


def _report(
    batch: Batch, settled: Settled, opened: OpenEngine, settings: Settings, progress: Progress
) -> Report:
    """What became of a run; what could not be settled is told, and tried again the next time."""
    videos = batch.reports(settled)
    told = {note.path for video in videos for note in video.notes}
    others = [each for each in settled.kept if each.path not in told]
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
        errors=tuple(map(Failure.of, settled.errors)),
        ended=Failure.of(batch.end) if batch.end else None,
        prices=prices_in(settings),
    )


def _with_lists(report: Report, expanded: Expanded) -> Report:
    """The report, with what is to be told of the lists that the videos are from."""
    skipped = (
        VideoReport(each.id, each.title, each.channel, "skipped", reason=each.reason)
        for each in expanded.skipped
    )
    return replace(
        report,
        videos=(*report.videos, *skipped),
        lists=tuple(ListReport(name, Failure.of(error)) for name, error in expanded.failures),
        notices=(*expanded.notices, *report.notices),
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
