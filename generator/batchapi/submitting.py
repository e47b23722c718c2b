"""What was collected, cut into files that a batch service takes, and submitted: each once.

A batch is in the library before anything of it is sent. Who is killed on the way finds it there,
and at the service by the name that it has in both places.
"""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import IO, TYPE_CHECKING

from generator.batchapi.jobs import limit_in
from generator.batchapi.lines import request_line
from generator.batchapi.service import ENDPOINT, QueueFull, Uncertain
from generator.errors import (
    BatchesNotOffered,
    BatchRefused,
    CompletionTooLong,
    LibraryUnusable,
    RequestRefused,
    ServerFailing,
)
from generator.library.batches import SubmittedBatch, Unanswered
from generator.summarizer.completions.dialects import dialect_to_json

if TYPE_CHECKING:
    from generator.batchapi.client import Batched
    from generator.batchapi.jobs import Job
    from generator.batchapi.service import Service
    from generator.library import Library
    from generator.library.batches import BatchedRequest

_MOST_CREATES = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """What a service takes: requests and bytes of one file, and tokens at once, None for any."""

    requests: int = 50_000
    bytes: int = 200_000_000
    tokens: int | None = None


class _Sent(Enum):
    YES = auto()
    NOT_NOW = auto()
    TOO_LARGE = auto()


@dataclass(slots=True)
class _Draft:
    """A file that is being written."""

    content: IO[bytes]
    keys: list[str] = field(default_factory=list)
    prompts: Counter[str] = field(default_factory=Counter)
    size: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def add(self, request: BatchedRequest, line: bytes) -> None:
        self.content.write(line)
        self.keys.append(request.key)
        self.prompts[request.prompt] += 1
        self.size += len(line)
        self.input_tokens += request.input_tokens
        self.output_tokens += request.output_tokens


class Submitting:
    """Submits what waits in the library, as far as the service and the budget take it.

    `ours` are the batches that are there now, `told` hears of each new one. `salt` makes the names
    of batches this run's own; a cassette needs the same ones each time.
    """

    def __init__(
        self,
        client: Batched,
        service: Service,
        library: Library,
        limits: Limits,
        *,
        ours: Callable[[], list[SubmittedBatch]],
        told: Callable[[SubmittedBatch], None],
        salt: str | None = None,
    ) -> None:
        self._client = client
        self._service = service
        self._library = library
        self._batches = library.batches
        self._limits = limits
        self._ours = ours
        self._told = told
        self._salt = secrets.token_hex(8) if salt is None else salt
        self._most_bytes = limits.bytes

    async def submit(self) -> None:
        """Submits; what does not fit beside what is in batches now waits for a later time.

        Raises BudgetSpent where nothing is in a batch and the next request is too much; and what
        ends a run.
        """
        try:
            while await self._submitted():
                pass
        except OSError as error:
            raise LibraryUnusable(self._library.path, error.strerror or str(error)) from None

    async def _submitted(self) -> bool:
        """Submits as far as it goes; whether to try again with smaller files."""
        model = self._service.server.model
        open_ = [each for each in self._ours() if each.model == model]
        room = _Room(
            enqueued=sum(each.input_tokens for each in open_),
            held=sum(each.input_tokens + each.output_tokens for each in open_),
            most=self._most_tokens(),
            left=self._client.budget.left,
        )
        draft: _Draft | None = None
        dialect = self._client.dialect
        for request in self._batches.wanted():
            line = request_line(request, dialect, ENDPOINT)
            if draft and self._is_full(draft, line, request, room.most):
                if (sent := await self._send(draft)) is not _Sent.YES:
                    return sent is _Sent.TOO_LARGE
                draft = None
            if not room.takes(request):
                if room.is_empty and room.is_over_budget(request):
                    raise self._client.budget.refusal()
                break
            room.take(request)
            draft = draft or self._draft()
            draft.add(request, line)
        return draft is not None and await self._send(draft) is _Sent.TOO_LARGE

    def _most_tokens(self) -> int | None:
        server = self._service.server
        known = (self._limits.tokens, self._batches.enqueued(server.url, server.model))
        return min((each for each in known if each is not None), default=None)

    def _draft(self) -> _Draft:
        """A file beside the library, where there is room for what is in it; it has no name."""
        folder = self._library.path.parent
        return _Draft(tempfile.TemporaryFile(dir=folder))

    def _is_full(
        self, draft: _Draft, line: bytes, request: BatchedRequest, most: int | None
    ) -> bool:
        return (
            len(draft.keys) >= self._limits.requests
            or draft.size + len(line) > self._most_bytes
            or (most is not None and draft.input_tokens + request.input_tokens > most)
        )

    async def _send(self, draft: _Draft) -> _Sent:
        """Submits one file, as far as the service takes it."""
        batch = self._intended(draft)
        name, url = batch.submission, batch.server
        try:
            file_id = await self._service.upload(f"{name}.jsonl", draft.content)
            self._batches.uploaded(name, file_id)
            job = await self._created(name, file_id)
        except CompletionTooLong:  # of the file
            self._batches.withdraw(name, wanted=True)
            if len(draft.keys) == 1:
                raise BatchRefused(url, "a file of one request is too large for it") from None
            self._most_bytes = max(1, draft.size // 2)
            return _Sent.TOO_LARGE
        except (RequestRefused, BatchesNotOffered) as error:
            await self._unmade(name)
            if isinstance(error, RequestRefused):
                raise BatchRefused(url, error.happened) from None
            raise
        except QueueFull as full:
            if len(draft.keys) == 1:
                tried = Unanswered(draft.keys[0], 0, "token_limit_exceeded")
                self._batches.take(name, [], [tried])
            await self._unmade(name, wanted=True)
            told = limit_in(str(full)) or draft.input_tokens
            half = max(1, draft.input_tokens // 2)
            limit = told if told < draft.input_tokens else half
            self._batches.save_enqueued(url, batch.model, limit)
            return _Sent.NOT_NOW
        finally:
            draft.content.close()
        self._batches.created(name, job.id, job.status)
        self._told(replace(batch, batch_id=job.id))
        return _Sent.YES

    def _intended(self, draft: _Draft) -> SubmittedBatch:
        server = self._service.server
        named = "\0".join([self._salt, str(self._batches.count()), *draft.keys])
        batch = SubmittedBatch(
            submission=hashlib.sha256(named.encode()).hexdigest()[:32],
            server=server.url,
            model=server.model,
            dialect=dialect_to_json(self._client.dialect),
            prompts=dict(draft.prompts),
            requests=len(draft.keys),
            input_tokens=draft.input_tokens,
            output_tokens=draft.output_tokens,
            account=self._service.account,
        )
        self._batches.intend(batch, draft.keys)
        return batch

    async def _created(self, submission: str, file_id: str) -> Job:
        """The batch: made, or found where it is not known whether it was made."""
        tries = 0
        while True:
            tries += 1
            try:
                return await self._service.create(file_id, submission)
            except Uncertain as uncertain:
                # What was made only just may not be listed at once.
                await self._service.pause(min(30.0, uncertain.why.wait or 2.0**tries))
                if job := await self._service.find(submission, file_id):
                    return job
                if tries >= _MOST_CREATES:
                    reason = uncertain.why.reason
                    raise ServerFailing(self._service.server.url, tries, reason) from None

    async def _unmade(self, submission: str, *, wanted: bool = False) -> None:
        """The service does not take the batch: its file goes, and its requests are free."""
        open_ = {each.submission: each for each in self._batches.open()}
        if file_id := open_[submission].file_id:
            await self._service.delete(file_id)
        self._batches.withdraw(submission, wanted=wanted)


@dataclass(slots=True)
class _Room:
    """How many tokens still go into batches: `most` at once, and `left` of the budget.

    `enqueued` are there now, `held` is what these may take at most.
    """

    enqueued: int
    held: int
    most: int | None
    left: int | None

    @property
    def is_empty(self) -> bool:
        return not self.held

    def takes(self, request: BatchedRequest) -> bool:
        """Whether there is room; for one request there is where nothing else is."""
        if self.is_over_budget(request):
            return False
        full = self.most is not None and self.enqueued + request.input_tokens > self.most
        return not full or not self.enqueued

    def is_over_budget(self, request: BatchedRequest) -> bool:
        tokens = self.held + request.input_tokens + request.output_tokens
        return self.left is not None and tokens > self.left

    def take(self, request: BatchedRequest) -> None:
        self.enqueued += request.input_tokens
        self.held += request.input_tokens + request.output_tokens
