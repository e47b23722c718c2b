"""A client whose requests go into batches: what the library lacks is collected for the next one."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.errors import (
    BatchGivenUp,
    CompletionTooLong,
    GenerateError,
    InBatch,
    InBatchElsewhere,
    RequestRefused,
    ServerFailing,
)
from generator.library.batches import BatchedRequest
from generator.summarizer.completions.client import Completions, Keep, Patience, Unusable
from generator.summarizer.completions.conversing import input_tokens, key_of, logical
from generator.summarizer.completions.dialects import dialect_of, dialect_to_json
from generator.summarizer.completions.limits import OwnLimits
from generator.summarizer.completions.servers import Dialect, Level, Message, Request, Server
from generator.summarizer.completions.usage import Usage
from generator.summarizer.completions.verdicts import Passing, Unfit, verdict

if TYPE_CHECKING:
    from pydantic import BaseModel

    from generator.library import Library
    from generator.models import Completion
    from generator.summarizer.completions.patience import Ending

MOST_TRIES = 3
"""So many batches may end without a reply to a request before its video is given up."""

_BUFFERED = 64


@dataclass(frozen=True, slots=True)
class Way:
    """How requests go: `collects` into batches, or else live, but for those that are in one.

    With `finish_live` what a batch has not answered is asked live; without `collects` that is also
    what is in one now.
    """

    collects: bool
    finish_live: bool


class Batched(Completions):
    """Replies from the library; what it lacks goes into batches, and is InBatch until it comes.

    `budget` are the tokens that the run may use, `dialect` is how requests are put now; `came` are
    the requests to which batches brought replies in this run. `beyond` are the batches that this
    run cannot ask for, by our names of them, and where each is.
    """

    def __init__(
        self,
        server: Server,
        library: Library,
        way: Way,
        *,
        max_tokens_total: int | None = None,
        limits: OwnLimits | None = None,
        patience: Patience | None = None,
        force: Collection[str] = (),
    ) -> None:
        limits = limits or OwnLimits(max_tokens_total=max_tokens_total)
        super().__init__(server, library, limits=limits, patience=patience, force=force)
        self._batches = library.batches
        self.budget = limits.budget
        self.way = way
        self.came: set[str] = set()
        self.beyond: dict[str, str] = {}
        self.dialect = dialect_of(library.batches.dialect(server.url, server.model), server)
        self._proven = False
        self._met: set[str] = set()
        self._wanted: list[BatchedRequest] = []

    @property
    def ending(self) -> Ending:
        """Whether the run ends."""
        return self._ending

    def flush(self) -> None:
        """Keeps in the library what was collected."""
        wanted, self._wanted = self._wanted, []
        if wanted:
            self._batches.want(wanted)

    def put_otherwise(self, dialect: Dialect) -> None:
        """From now on requests are put in this dialect."""
        self.dialect = dialect
        self._batches.save_dialect(self._server.url, self._server.model, dialect_to_json(dialect))

    def count_reply(self, request: BatchedRequest, reply: Completion) -> None:
        """Counts a reply that a batch has brought."""
        self.came.add(request.key)
        self.usage.add(
            request.video_id,
            Usage(
                requests=1,
                input_tokens=reply.input_tokens,
                cached_tokens=reply.cached_tokens,
                output_tokens=reply.output_tokens,
            ),
        )
        self.budget.spend(reply.input_tokens + reply.output_tokens)

    def count_failure(self, request: BatchedRequest, taken: Usage | None = None) -> None:
        """Counts a request that was sent for nothing, and what it took: it will be repeated."""
        taken = taken or Usage()
        self.usage.add(request.video_id, replace(taken, requests=1, retries=1))
        self.budget.spend(taken.tokens)

    async def _converse(self, request: Request, key: str) -> BaseModel:
        if not self.way.collects:
            return await super()._converse(request, key)
        return await self._replied(request, self._library.save_completion)

    async def _asked(
        self, request: Request, messages: Sequence[Message], keep: Keep
    ) -> tuple[Completion, Dialect]:
        """Raises InBatch, once the request is noted, and what its batches came to at last."""
        asked = logical(self._server.model, request, messages)
        key = key_of(asked)
        known = self._batches.request(key)
        in_batch = known is not None and bool(known.submission)
        if known is not None and known.submission in self.beyond:
            raise InBatchElsewhere(request.prompt, self.beyond[known.submission])
        if in_batch and (self.way.collects or not self.way.finish_live):
            raise InBatch(request.prompt)
        failed = known is not None and bool(known.said)
        if self.way.collects and not (failed and self.way.finish_live):
            if known is not None and (error := outcome_of(known, self._server)):
                self._batches.give_up(key)
                raise error
            self._want(request, messages, asked, key)
            raise InBatch(request.prompt)
        try:
            asked_live = await super()._asked(request, messages, keep)
        except CompletionTooLong:  # that is an answer, too
            self._answered_live(request, key)
            raise
        self._answered_live(request, key)
        return asked_live

    def _answered_live(self, request: Request, key: str) -> None:
        self._batches.give_up(key)
        self._forced.add(self._key(request))

    def _want(self, request: Request, messages: Sequence[Message], asked: str, key: str) -> None:
        self._wanted.append(
            BatchedRequest(
                key=key,
                prompt=request.prompt,
                video_id=request.video_id,
                model=self._server.model,
                request=asked,
                schema=json.dumps(request.schema, ensure_ascii=False),
                input_tokens=input_tokens(request, messages),
                output_tokens=request.max_output_tokens,
            )
        )
        if len(self._wanted) >= _BUFFERED:
            self.flush()

    # What is kept counts as if it had been asked in this run, or in an earlier one

    def _is_forced(self, request: Request, key: str) -> bool:
        return super()._is_forced(request, key) and not self._has_come(key)

    def _is_of_use(self, completion: Completion) -> bool:
        return super()._is_of_use(completion) or self._has_come(completion.key)

    def _may_ask_anew(self, request: Request) -> bool:
        key = self._key(request)
        if not self.way.collects or not self._has_come(key):
            return True
        self._batches.give_up(key)
        return False

    def _count_kept(self, request: Request, completion: Completion) -> None:
        """Once a run: the same videos are tried again whenever replies have come."""
        if completion.key not in self.came and completion.key not in self._met:
            self._met.add(completion.key)
            super()._count_kept(request, completion)

    def _has_come(self, key: str) -> bool:
        return key in self.came or self._batches.has_come(key)

    def _judged(self, completion: Completion, request: Request) -> BaseModel | Unusable:
        """As the base class; what batches brought shows whether the server heeds the schema."""
        outcome = super()._judged(completion, request)
        if completion.key in self.came and not self._proven:
            if not isinstance(outcome, Unusable):
                self._proven = True
                self.put_otherwise(self.dialect)
            elif outcome.formless and self.dialect.level is Level.JSON_SCHEMA:
                self.put_otherwise(replace(self.dialect, level=Level.JSON_OBJECT))
        return outcome


def outcome_of(known: BatchedRequest, server: Server) -> GenerateError | None:
    """What batches without a reply to a request come to: an error, or None for another try."""
    if not known.said:
        return None
    if known.status in (0, 200):
        tried = known.tries >= MOST_TRIES
        return BatchGivenUp(known.tries, known.said.replace("_", " ")) if tried else None
    found = verdict(known.status, {}, known.said, server, answered=True)
    if isinstance(found, Unfit):
        return RequestRefused(server.url, found.status, found.message)
    if isinstance(found, Passing):
        tried = known.tries >= MOST_TRIES
        return ServerFailing(server.url, known.tries, found.reason) if tried else None
    if isinstance(found, CompletionTooLong) or not isinstance(found, GenerateError):
        return None
    return found
