"""A vault's batches, told of, cancelled and given up without a run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.batchapi.service import Service
from generator.engines import patience_of, server_of
from generator.errors import NoSuchBatch
from generator.library import Library
from generator.library.batches import BEGUN, Batches, SubmittedBatch, Unanswered
from generator.library.database import looking
from generator.summarizer.completions.patience import Ending
from generator.vault.locking import vault_lock
from generator.vault.vault import Vault

if TYPE_CHECKING:
    from generator.batchapi.jobs import Job
    from generator.settings import Settings


GIVEN_UP = "given_up"
"""The status of a batch of which its owner expects nothing more."""

_UNHEARD = Unanswered("", 0, "batch_given_up", counts=False)


@dataclass(frozen=True, slots=True)
class Watched:
    """A batch as the library knows it, and as its service does: None where nobody was asked.

    `here` says whether it is at the server that is set; `gone` that this one does not know it, and
    `strange` that it does not with the key that is set, which is not the one of then.
    """

    batch: SubmittedBatch
    job: Job | None = None
    here: bool = True
    gone: bool = False
    strange: bool = False

    @property
    def status(self) -> str:
        """The service's word for how far it is, as far as it is known."""
        if self.gone:
            return "gone"
        return self.job.status if self.job else self.batch.status


def kept_batches(settings: Settings) -> list[SubmittedBatch]:
    """The batches that the library knows, the first first. Raises NoLibraryYet, LibraryError."""
    path = (settings.library or Vault(settings.output).library_path).absolute()
    with looking(path) as database:
        tables = "SELECT name FROM sqlite_schema WHERE name = 'batches'"
        return Batches(database).all() if database.rows(tables) else []


def look_at(settings: Settings, ids: Sequence[str]) -> list[Watched]:
    """The batches with these ids, else all from which something is expected, as they are now.

    Raises NoSuchBatch, and what ends a run.
    """
    return asyncio.run(_looked_at(settings, _chosen(kept_batches(settings), ids)))


def cancel(settings: Settings, ids: Sequence[str], *, every: bool = False) -> list[Watched]:
    """Cancels the batches with these ids, or every one that may still run.

    What they answered by then is taken by the next run. Raises NoSuchBatch, and what ends a run.
    """
    kept = kept_batches(settings)
    chosen = _chosen(kept, () if every else ids)
    return asyncio.run(_cancelled(settings, chosen, strict=not every))


def give_up(
    settings: Settings, ids: Sequence[str], notice: Callable[[str], None] = lambda _: None
) -> list[Watched]:
    """Expects nothing more of the batches with these ids: what they hold may be asked anew.

    Nobody is asked, and what they bring is not taken. Raises NoSuchBatch also for one that is over,
    VaultInUse while a run writes, and LibraryError.
    """
    path = (settings.library or Vault(settings.output).library_path).absolute()
    chosen = _chosen(kept_batches(settings), ids)
    with vault_lock(settings.output, notice), Library.open(path, create=False) as library:
        for batch in chosen:
            if batch.over:
                raise NoSuchBatch(batch.batch_id or batch.submission, "it is over")
        for batch in chosen:
            library.batches.end(batch.submission, GIVEN_UP, _UNHEARD, ())
        library.batches.settle()
        kept = {each.submission: each for each in library.batches.all()}
    return [Watched(kept[batch.submission]) for batch in chosen]


def _chosen(kept: Sequence[SubmittedBatch], ids: Sequence[str]) -> list[SubmittedBatch]:
    if not ids:
        return [batch for batch in kept if not batch.over]
    known = {name: batch for batch in kept for name in (batch.submission, batch.batch_id) if name}
    for given in ids:
        if given not in known:
            raise NoSuchBatch(given, "this vault has none of that id")
    return [known[given] for given in dict.fromkeys(ids)]


async def _looked_at(settings: Settings, batches: Sequence[SubmittedBatch]) -> list[Watched]:
    server = server_of(settings)
    service = Service(server, patience_of(settings), Ending())
    found = []
    try:
        for batch in batches:
            here = batch.server == server.url
            if not here or not batch.batch_id:
                found.append(Watched(batch, here=here))
                continue
            job = await service.look(batch.batch_id)
            found.append(_seen(batch, job, service))
    finally:
        await service.close()
    return found


def _seen(batch: SubmittedBatch, job: Job | None, service: Service) -> Watched:
    if job is None and service.is_strange(batch):
        return Watched(batch, here=False, strange=True)
    return Watched(batch, job, gone=job is None)


async def _cancelled(
    settings: Settings, batches: Sequence[SubmittedBatch], *, strict: bool
) -> list[Watched]:
    server = server_of(settings)
    service = Service(server, patience_of(settings), Ending())
    found = []
    try:
        for batch in batches:
            reason = _why_not(batch, server.url)
            if reason:
                if strict:
                    raise NoSuchBatch(batch.batch_id or batch.submission, reason)
                found.append(Watched(batch, here=batch.server == server.url))
                continue
            job = await service.cancel(batch.batch_id) or await service.look(batch.batch_id)
            found.append(_seen(batch, job, service))
    finally:
        await service.close()
    return found


def _why_not(batch: SubmittedBatch, server: str) -> str:
    if batch.over:
        return "it is over"
    if batch.server != server:
        return f"it is at {batch.server}, and --base-url is another server"
    if batch.status == BEGUN:
        return "it is not known whether the server has it; the next run finds that out"
    return ""
