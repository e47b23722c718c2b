"""Round after round: what was collected is submitted, waited for if wanted, and taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.batchapi.jobs import CANCELLED
from generator.batchapi.submitting import Limits, Submitting
from generator.batchapi.taking import Taking
from generator.batchapi.told import (
    batches_told,
    beyond_told,
    submitted_told,
    taken_told,
    waiting_told,
)
from generator.errors import BatchCancelled, GenerateError
from generator.library.batches import Unanswered
from generator.telling.tables import count

if TYPE_CHECKING:
    from generator.batchapi.client import Batched
    from generator.batchapi.jobs import Job
    from generator.batchapi.service import Service
    from generator.library import Library
    from generator.library.batches import SubmittedBatch
    from generator.telling.progress import Progress

CANCELLING_SECONDS = 900.0
"""So long at most is waited for batches to end that are cancelled; services name ten minutes."""

MOST_BLIND = 20
"""So many looks in a row may fail, each after several tries, before a run waits no more."""


@dataclass(frozen=True, slots=True)
class RoundsReport:
    """What a run had to do with batches: `submitted` and `open` count batches, the rest requests.

    `replies` came in this run and `failed` did not; `waiting` are in a batch when it ends.
    `input_tokens` and `output_tokens` are those of the replies, which have the price of batches.
    """

    submitted: int = 0
    requests: int = 0
    replies: int = 0
    failed: int = 0
    open: int = 0
    waiting: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Rounds:
    """The batches of one run. `poll` is how many seconds pass between two looks, on average.

    All methods raise what ends a run.
    """

    def __init__(
        self,
        client: Batched,
        service: Service,
        library: Library,
        *,
        limits: Limits,
        wait: bool,
        poll: float,
        salt: str | None = None,
    ) -> None:
        self._client = client
        self._service = service
        self._batches = library.batches
        self._wait = wait
        self._poll = poll
        self._progress: Progress | None = None
        self._blind = 0
        self._counts: Counter[str] = Counter()
        self._ends: GenerateError | None = None
        self._submitting = Submitting(
            client, service, library, limits, ours=self._ours, told=self._submitted, salt=salt
        )

    @property
    def collects(self) -> bool:
        """Whether the run's own requests go into batches."""
        return self._client.way.collects

    async def begin(self, progress: Progress) -> None:
        """Finds again what a crash left, and takes what is finished; nothing is waited for.

        What is at another server, or was submitted with another key, is told of and left as it is.
        Where requests go live, batches that nobody can be asked for now are no reason to end; with
        `finish_live` those that run are cancelled first, so that nothing is paid for twice.
        """
        self._progress = progress
        for batch in self._batches.open():
            if batch.server != self._service.server.url:
                self._client.beyond[batch.submission] = f"at {batch.server}"
        if self.collects:
            await self._service.probe()
        try:
            await self._recover()
            await self._look()
            if self._client.way.finish_live and not self.collects:
                await self._cancel()
        except GenerateError as error:
            if self.collects:
                raise
            progress.notice(f"batches were not looked for: {error.message}")
        self._tell_beyond()
        self._batches.want_nothing()

    async def turn(self) -> bool:
        """Submits what was collected; waits and takes what comes, if that is wanted.

        Whether trying again what was InBatch can lead further now: not where all of that is in
        batches for which this run cannot ask. Raises BatchCancelled where somebody cancels what is
        waited for, and BudgetSpent.
        """
        self._client.flush()
        await self._submitting.submit()
        if not self._wait:
            return False
        waited = False
        while self._ours() or self._batches.has_wanted():
            waited = True
            self._tell_waiting()
            await self._service.pause(self._poll)
            await self._look_patiently()
            await self._submitting.submit()
        self._batches.want_nothing()
        return waited

    async def conclude(self, waiting: Iterable[str], of: Iterable[str]) -> RoundsReport:
        """After a run of the videos `of`, of which some wait: what it had to do with batches."""
        self._client.flush()
        self._batches.await_replies(waiting, of)
        await self._clean()
        self._batches.settle()
        open_ = self._batches.open()
        if ours := self._ours():
            self._notice(
                f"under way: {batches_told(ours)}; the same command goes on with what comes,"
                " “generate batch status” tells how far it is"
            )
        return RoundsReport(
            submitted=self._counts["submitted"],
            requests=self._counts["requests"],
            replies=self._counts["replies"],
            failed=self._counts["failed"],
            open=len(open_),
            waiting=sum(each.requests for each in open_),
            input_tokens=self._counts["input"],
            output_tokens=self._counts["output"],
        )

    def _ours(self) -> list[SubmittedBatch]:
        """The open batches that this run can ask for."""
        beyond = self._client.beyond
        return [each for each in self._batches.open() if each.submission not in beyond]

    def _is_of_another(self, batch: SubmittedBatch) -> bool:
        """Whether a batch that is not there was submitted with another key, which may find it.

        Then nothing more is expected of it in this run.
        """
        if not self._service.is_strange(batch):
            return False
        self._client.beyond[batch.submission] = f"at {batch.server}, submitted with another key"
        return True

    async def _recover(self) -> None:
        """Batches that were begun, and of which it is not known whether they are at the service."""
        for batch in self._ours():
            if batch.batch_id:
                continue
            job = None
            if batch.file_id:  # without a file there is no batch
                job = await self._service.find(batch.submission, batch.file_id)
            if job:
                self._batches.created(batch.submission, job.id, job.status)
                continue
            if batch.file_id and self._is_of_another(batch):
                continue
            file_id = batch.file_id or await self._service.find_file(f"{batch.submission}.jsonl")
            if file_id:
                await self._service.delete(file_id)
            self._batches.withdraw(batch.submission)

    async def _look(self) -> None:
        """Asks for each open batch, and takes those that are over."""
        for batch in self._ours():
            if not batch.batch_id:
                continue
            job = await self._service.look(batch.batch_id)
            if job is None:
                if not self._is_of_another(batch):
                    self._gone(batch)
            elif job.is_over:
                await self._take(batch, job)
            elif job.status != batch.status:
                self._batches.seen(batch.submission, job.status)
            if job:
                self._counts[f"done {batch.submission}"] = job.done + job.failed
        if self._ends:
            raise self._ends

    async def _look_patiently(self) -> None:
        """Looks while waiting: a service that fails for a time is no reason to wait no more."""
        before = {each.submission: each for each in self._ours()}
        try:
            await self._look()
        except GenerateError as error:
            self._blind += 1
            if not error.passing or error.cause == "stopped" or self._blind > MOST_BLIND:
                raise
            if self._blind == 1:
                self._notice(f"{error.happened} It is waited for.")
            return
        self._blind = 0
        statuses = {each.submission: each.status for each in self._batches.all()}
        for submission, batch in before.items():
            if statuses.get(submission) == CANCELLED:
                raise BatchCancelled(batch.batch_id)

    async def _take(self, batch: SubmittedBatch, job: Job) -> None:
        before = self._client.usage.total
        taken = await Taking(batch, job, self._service, self._client, self._batches).take()
        used = self._client.usage.total
        self._counts["replies"] += taken.replies
        self._counts["failed"] += taken.failed
        self._counts["input"] += used.input_tokens - before.input_tokens
        self._counts["output"] += used.output_tokens - before.output_tokens
        self._ends = self._ends or taken.ends
        self._notice(taken_told(job, taken))

    def _gone(self, batch: SubmittedBatch) -> None:
        self._batches.end(batch.submission, "gone", Unanswered("", 0, "batch_gone"), ())
        self._notice(f"the server does not know batch {batch.batch_id} any more")

    async def _cancel(self) -> None:
        """Ends what runs, and takes what was done by then."""
        batches = [each for each in self._ours() if each.batch_id]
        for batch in batches:
            await self._service.cancel(batch.batch_id)
        waited = 0.0
        while batches and self._ours() and waited < CANCELLING_SECONDS:
            self._step("waiting for batches to end that are cancelled")
            await self._service.pause(step := max(1.0, self._poll / 4))
            waited += step
            await self._look()
        if left := self._ours():
            self._notice(
                f"{count(len(left), 'batch', 'batches')} did not end in time; all is asked live the"
                " same"
            )

    async def _clean(self) -> None:
        """Deletes what is at the service and was taken; what cannot be deleted, the next time."""
        for batch in self._batches.littered():
            if batch.server != self._service.server.url:
                continue
            try:
                left = [each for each in batch.files if not await self._service.delete(each)]
            except GenerateError:
                return
            if tuple(left) != batch.files:
                self._batches.deleted(batch.submission, left)

    # What is told

    def _submitted(self, batch: SubmittedBatch) -> None:
        self._counts["submitted"] += 1
        self._counts["requests"] += batch.requests
        self._notice(submitted_told(batch))

    def _tell_beyond(self) -> None:
        """Of the batches for which this run cannot ask."""
        places: dict[str, list[SubmittedBatch]] = {}
        for batch in self._batches.open():
            if where := self._client.beyond.get(batch.submission):
                places.setdefault(where, []).append(batch)
        for where, batches in places.items():
            self._notice(beyond_told(batches, where))

    def _tell_waiting(self) -> None:
        batches = self._ours()
        done = sum(self._counts[f"done {each.submission}"] for each in batches)
        self._step(waiting_told(batches, done))

    def _notice(self, text: str) -> None:
        if self._progress:
            self._progress.notice(text)

    def _step(self, text: str) -> None:
        if self._progress:
            self._progress.step(text)
