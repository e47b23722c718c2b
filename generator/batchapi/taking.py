"""What a batch brought, taken into the library: replies as completions, failures as what they mean.

Taking may break off anywhere and begin anew: what was taken stays, and is not counted again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.batchapi.jobs import CANCELLED, EXPIRED, FAILED, is_full, limit_in
from generator.batchapi.lines import NotALine, Result, read_result
from generator.errors import (
    BatchRefused,
    CompletionTooLong,
    GenerateError,
    ModelUnknown,
)
from generator.library.batches import Unanswered
from generator.models import Completion
from generator.summarizer.completions.answers import (
    ErrorInside,
    NotAnAnswer,
    read_answer,
    words_of,
)
from generator.summarizer.completions.conversing import is_only_thought
from generator.summarizer.completions.dialects import dialect_of, dialect_to_json
from generator.summarizer.completions.servers import Dialect, adapted
from generator.summarizer.completions.tokens import estimate_tokens
from generator.summarizer.completions.usage import Usage
from generator.summarizer.completions.verdicts import Passing, Unfit, verdict

if TYPE_CHECKING:
    from generator.batchapi.client import Batched
    from generator.batchapi.jobs import Job
    from generator.batchapi.service import Service
    from generator.library.batches import BatchedRequest, Batches, SubmittedBatch

AT_ONCE = 100
"""So many results are kept in one transaction."""

_OTHERWISE = "it is put otherwise now"
_MOST_SAID = 4_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch: replies, requests without one, and lines that nobody can read.

    `ends` is why nothing else can be asked either, if so.
    """

    replies: int = 0
    failed: int = 0
    unread: int = 0
    ends: GenerateError | None = None


class Taking:
    """Takes the results of one batch that is over."""

    def __init__(
        self, batch: SubmittedBatch, job: Job, service: Service, client: Batched, batches: Batches
    ) -> None:
        self._batch = batch
        self._job = job
        self._service = service
        self._client = client
        self._batches = batches
        # Earlier runs may have asked another model.
        self._server = replace(service.server, model=batch.model)
        self._is_this_model = batch.model == service.server.model
        self._put = dialect_of(batch.dialect, self._server)
        self._replies: list[Completion] = []
        self._failed: list[Unanswered] = []
        self._at_hand: set[str] = set()
        self._thought: Usage | None = None
        self._sum = Taken()

    async def take(self) -> Taken:
        """Takes all; then nothing more is expected of the batch, and its requests are free."""
        lost = False
        for file_id in filter(None, (self._job.output_file, self._job.error_file)):
            try:
                async for line in self._service.lines(file_id):
                    self._line(line)
                    if len(self._replies) + len(self._failed) >= AT_ONCE:
                        self._keep()
            except FileNotFoundError:
                lost = True
        self._blame_lines()
        self._keep()
        rest = Unanswered("", 0, "results_gone") if lost else self._rest()
        left = sum(1 for _ in self._batches.requests_of(self._batch.submission))
        self._sum = replace(self._sum, failed=self._sum.failed + left)
        self._batches.end(self._batch.submission, self._job.status, rest, self._job.files)
        return self._sum

    def _line(self, line: bytes | None) -> None:
        try:
            result = None if line is None else read_result(line)
        except NotALine:
            result = None
        request = self._batches.request(result.key) if result else None
        if result is None or request is None:
            self._sum = replace(self._sum, unread=self._sum.unread + 1)
            return
        is_ours = request.submission == self._batch.submission and not request.heard
        if is_ours and result.key not in self._at_hand:
            self._at_hand.add(result.key)
            self._result(request, result)

    def _result(self, request: BatchedRequest, result: Result) -> None:
        outcome = self._outcome(request, result)
        if isinstance(outcome, Completion):
            self._replies.append(outcome)
            self._client.count_reply(request, outcome)
        else:
            self._failed.append(outcome)
            if result.status:
                self._client.count_failure(request, self._thought)
            self._thought = None

    def _outcome(self, request: BatchedRequest, result: Result) -> Completion | Unanswered:
        if result.status == 0:
            code = self._server.scrubbed(result.body.decode("utf-8", "replace"))
            return Unanswered(request.key, 0, code, counts=code != "batch_cancelled")
        said = self._server.scrubbed(result.body.decode("utf-8", "replace")[:_MOST_SAID])
        if result.status != 200:
            return self._refusal(request, result.status, said)
        try:
            answer = read_answer(result.body)
        except ErrorInside as error:
            return self._refusal(request, error.status, said)
        except NotAnAnswer as error:
            return Unanswered(request.key, 200, str(error))
        completion = Completion(
            key=request.key,
            prompt=request.prompt,
            video_id=request.video_id,
            model=request.model,
            request=request.request,
            reply=answer.text,
            ended=answer.ended,
            answered_by=self._server.scrubbed(answer.model),
            input_tokens=(
                request.input_tokens if answer.input_tokens is None else answer.input_tokens
            ),
            cached_tokens=answer.cached_tokens,
            output_tokens=(
                estimate_tokens(answer.text)
                if answer.output_tokens is None
                else answer.output_tokens
            ),
        )
        longer = self._put.with_more_thinking() if self._put.limits else None
        if is_only_thought(completion) and self._goes_otherwise(longer):
            self._thought = Usage(
                input_tokens=completion.input_tokens,
                cached_tokens=completion.cached_tokens,
                output_tokens=completion.output_tokens,
            )
            return Unanswered(request.key, 0, _OTHERWISE, counts=False)
        return completion

    def _refusal(self, request: BatchedRequest, status: int, said: str) -> Completion | Unanswered:
        """What a status other than success means for a request."""
        found = verdict(status, {}, said, self._server, answered=True)
        if isinstance(found, CompletionTooLong):
            return Completion(
                key=request.key,
                prompt=request.prompt,
                video_id=request.video_id,
                model=request.model,
                request=request.request,
                reply="",
                ended="too-long",
            )
        if isinstance(found, Unfit | Passing) and self._adapts(status, words_of(said)):
            return Unanswered(request.key, 0, _OTHERWISE, counts=False)
        if isinstance(found, GenerateError) and found.fatal:
            self._ends_with(found)
            return Unanswered(request.key, 0, found.cause, counts=False)
        return Unanswered(request.key, status, said)

    def _adapts(self, status: int, said: str) -> bool:
        """Whether the request can be put so that the server takes it."""
        if status in (400, 422):
            return self._goes_otherwise(adapted(self._put, status, said) or self._put.lower())
        return status in (500, 501) and self._goes_otherwise(adapted(self._put, status, said))

    def _goes_otherwise(self, dialect: Dialect | None) -> bool:
        if self._now() != self._put:  # another request of the batch found the same
            return True
        if dialect is None:
            return False
        if self._is_this_model:
            self._client.put_otherwise(dialect)
        else:
            batch, kept = self._batch, dialect_to_json(dialect)
            self._batches.save_dialect(batch.server, batch.model, kept)
        return True

    def _now(self) -> Dialect:
        """How requests to the batch's model are put now."""
        if self._is_this_model:
            return self._client.dialect
        return dialect_of(
            self._batches.dialect(self._batch.server, self._batch.model), self._server
        )

    def _ends_with(self, error: GenerateError) -> None:
        """Nothing else can be asked either, unless that is of another model than the run's."""
        if self._is_this_model or not isinstance(error, BatchRefused | ModelUnknown):
            self._sum = replace(self._sum, ends=error)

    def _blame_lines(self) -> None:
        """Of a batch that was refused for some of its lines, these are to blame."""
        lines = {of.line: of for of in self._job.problems if of.line}
        if self._job.status != FAILED or not lines:
            return
        for number, request in enumerate(self._batches.requests_of(self._batch.submission), 1):
            if problem := lines.get(number):
                said = self._server.scrubbed(f"{problem.message} | {problem.code}")
                outcome = self._refusal(request, 400, said)
                if isinstance(outcome, Unanswered):
                    self._failed.append(outcome)
                else:
                    self._replies.append(outcome)

    def _rest(self) -> Unanswered:
        """What is said of the requests of which the batch's files say nothing."""
        if self._job.status == CANCELLED:
            return Unanswered("", 0, "batch_cancelled", counts=False)
        if self._job.status == EXPIRED:
            return Unanswered("", 0, "batch_expired")
        if self._job.status != FAILED:
            return Unanswered("", 0, "unanswered")
        said = " | ".join(f"{of.message} {of.code}".strip() for of in self._job.problems)
        if is_full(said):
            self._learn_limit(said)
            return Unanswered("", 0, "token_limit_exceeded", counts=self._batch.requests == 1)
        if not any(of.line for of in self._job.problems):
            self._ends_with(self._refused(said))
        return Unanswered("", 0, "batch_failed", counts=False)

    def _refused(self, said: str) -> GenerateError:
        found = verdict(400, {}, said, self._server, answered=True)
        fatal = isinstance(found, GenerateError) and found.fatal
        if fatal and isinstance(found, GenerateError):
            return found
        return BatchRefused(self._server.url, self._server.scrubbed(said))

    def _learn_limit(self, said: str) -> None:
        """So many tokens are given to the service at once from now on."""
        batch = self._batch
        told = limit_in(said)
        half = max(1, batch.input_tokens // 2)
        known = self._batches.enqueued(batch.server, batch.model)
        # What it says may count the batches of others, too: then less has to do.
        limit = told if told and told < batch.input_tokens else half
        limit = limit if known is None else min(limit, known)
        self._batches.save_enqueued(batch.server, batch.model, limit)

    def _keep(self) -> None:
        replies, self._replies = self._replies, []
        failed, self._failed = self._failed, []
        self._at_hand.clear()
        self._batches.take(self._batch.submission, replies, failed)
        self._sum = replace(
            self._sum,
            replies=self._sum.replies + len(replies),
            failed=self._sum.failed + len(failed),
        )
