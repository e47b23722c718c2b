"""Asks a model for replies of a form, and keeps every reply, so that none is paid for twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, Self

from generator.errors import (
    CompletionTooLong,
    GenerateError,
    LibraryError,
    ModelRefused,
    ModelReplyUnusable,
    RunStopped,
)
from generator.models import Completion
from generator.summarizer.completions.answers import Answer
from generator.summarizer.completions.conversing import (
    asked_again,
    input_tokens,
    is_only_thought,
    key_of,
    logical,
)
from generator.summarizer.completions.dialects import dialect_to_json
from generator.summarizer.completions.limits import Limits, OwnLimits
from generator.summarizer.completions.mending import NotTheForm, read_reply
from generator.summarizer.completions.patience import Ending, Patience
from generator.summarizer.completions.sending import Sender
from generator.summarizer.completions.servers import Dialect, Message, Request, Server
from generator.summarizer.completions.tokens import estimate_tokens
from generator.summarizer.completions.usage import Usage, UsageBook

if TYPE_CHECKING:
    from types import TracebackType

    from pydantic import BaseModel

__all__ = [
    "Completions",
    "Message",
    "Patience",
    "Replies",
    "Request",
    "Server",
    "Unusable",
]

_ROUNDS = 3

Keep = Callable[[Completion], None]


class Replies(Protocol):
    """Where replies are kept: the library, or what takes its place on another machine."""

    def completion(self, key: str) -> Completion | None:
        """The reply that is kept under a key, if there is one."""
        ...

    def save_completion(self, completion: Completion) -> None:
        """Keeps a reply. Raises LibraryError."""
        ...

    def save_dialect(self, server: str, model: str, dialect: str) -> None:
        """Keeps how a server takes requests for a model, for those that cannot be tried first."""
        ...


class Completions:
    """A model's replies to requests: from the library, or from the server and then kept.

    At most `jobs` requests are in flight, or what `limits` let in their place. What is asked for
    the prompts in `force` is asked anew, once, though a reply is kept. To be used as an
    asynchronous context manager, in one event loop, in the thread that opened the library; leaving
    it ends what is still in flight.
    """

    def __init__(
        self,
        server: Server,
        library: Replies,
        *,
        jobs: int = 4,
        max_tokens_total: int | None = None,
        limits: Limits | None = None,
        patience: Patience | None = None,
        force: Collection[str] = (),
        usage: UsageBook | None = None,
    ) -> None:
        self.usage = usage or UsageBook()
        self._server = server
        self._library = library
        self._ending = Ending()
        self._sender = Sender(server, patience or Patience(), self._ending)
        self._limits = limits or OwnLimits(jobs, max_tokens_total)
        self._first = asyncio.Lock()
        self._force = frozenset(force)
        self._forced: set[str] = set()
        self._flights: dict[str, asyncio.Task[BaseModel]] = {}
        self._waiting: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        await self._sender.close()

    def drain(self, reason: GenerateError | None = None) -> None:
        """Sends nothing new. What is in flight is waited for and kept; all else is RunStopped.

        Or the `reason`. To stop at once instead, cancel the tasks that ask, and leave the context.
        """
        self._ending.end(reason or RunStopped())

    def asked_anew(self, keys: Collection[str]) -> None:
        """What is kept under these keys was asked for again already, as `force` has it."""
        self._forced.update(keys)

    async def ask(self, request: Request) -> Any:
        """The reply: an instance of `request.reply`.

        The same request in flight twice is sent once. A reply that has not the form is asked for
        again at most twice, with what is wrong with it.

        Raises CompletionTooLong (split the work), ModelReplyUnusable, ModelRefused, RequestRefused,
        ServerFailing; a ServerFatal ends the run: whatever is asked later and is not in the library
        meets the same error, unsent. Raises LibraryError where a reply cannot be kept.
        """
        self._limits.begin(request.video_id)
        key = self._key(request)
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._answered(request, key))
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._landed(key, done))
        else:
            self.usage.add(request.video_id, Usage(from_library=1))
        self._waiting[key] += 1
        try:
            return await asyncio.shield(flight)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key]
                self._flights.pop(key, None)
                flight.cancel()  # nobody waits for it any more; no matter where it is done

    def _landed(self, key: str, flight: asyncio.Task[BaseModel]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # somebody may have heard it, and nobody need

    async def _answered(self, request: Request, key: str) -> BaseModel:
        try:
            return await self._converse(request, key)
        except GenerateError as error:
            if error.fatal or isinstance(error, LibraryError):
                self._ending.end(error)
            raise

    async def _converse(self, request: Request, key: str) -> BaseModel:
        """The first reply of the form, of those kept or else asked for now.

        A kept one that is asked for anew goes only when there is another in its place.
        """
        if not self._is_forced(request, key):
            return await self._replied(request, self._library.save_completion)
        if self._library.completion(key) is None:
            try:
                return await self._replied(request, self._library.save_completion)
            finally:
                self._forced.add(key)
        held: list[Completion] = []
        try:
            reply = await self._replied(request, held.append)
        except CompletionTooLong:  # that is an answer, too
            self._replace(held)
            raise
        finally:
            self._forced.add(key)
        self._replace(held)
        return reply

    def _replace(self, held: Sequence[Completion]) -> None:
        for completion in held:
            self._library.save_completion(completion)

    async def _replied(self, request: Request, keep: Keep) -> BaseModel:
        """The first reply of the form; where all that was kept is of no use, all is asked anew."""
        async with AsyncExitStack() as stack:
            failure: GenerateError | None = None
            for kept in (True, False):
                messages, asked = request.messages, False
                for _ in range(_ROUNDS):
                    completion = self._kept(request, messages) if kept else None
                    dialect = None
                    if completion is None:
                        if not asked:
                            await stack.enter_async_context(self._turn())
                        completion, dialect = await self._asked(request, messages, keep)
                        asked = True
                    outcome = self._judged(completion, request)
                    if not isinstance(outcome, Unusable):
                        if dialect is not None:
                            self._settle(dialect)
                        return outcome
                    if dialect is not None and outcome.formless:
                        self._sender.doubt(dialect)
                    failure = outcome.error
                    messages = asked_again(
                        messages, completion, outcome.reason, shown=outcome.shown
                    )
                if asked or not self._may_ask_anew(request):
                    break
            assert failure is not None  # noqa: S101 - there is a first round
            raise failure

    def _settle(self, dialect: Dialect) -> None:
        """The dialect gave what was asked for; what cannot be tried in advance goes by it later."""
        if self._sender.settled:
            return
        self._sender.settle(dialect)
        if self._sender.settled:
            self._library.save_dialect(
                self._server.url, self._server.model, dialect_to_json(dialect)
            )

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """While it is not known how the server takes requests, one at a time finds out."""
        if not self._sender.settled:
            async with self._first:
                if not self._sender.settled:
                    yield
                    return
        yield

    def _kept(self, request: Request, messages: Sequence[Message]) -> Completion | None:
        if self._is_forced(request, self._key(request)):
            return None
        completion = self._library.completion(self._key(request, messages))
        if completion is None or not self._is_of_use(completion):
            return None
        self._count_kept(request, completion)
        return completion

    def _is_forced(self, request: Request, key: str) -> bool:
        """Whether it is to be asked anew though a reply is kept, and was not yet."""
        return request.prompt in self._force and key not in self._forced

    def _is_of_use(self, completion: Completion) -> bool:
        return not is_only_thought(completion)  # more room for that may do

    def _may_ask_anew(self, request: Request) -> bool:
        """Whether asking all anew may help where all that was kept is of no use."""
        return True

    def _count_kept(self, request: Request, completion: Completion) -> None:
        self.usage.add(request.video_id, Usage(from_library=1))

    async def _asked(
        self, request: Request, messages: Sequence[Message], keep: Keep
    ) -> tuple[Completion, Dialect]:
        """The server's reply, kept as it came, before anything is made of it."""
        asked = logical(self._server.model, request, messages)
        empty = Completion(
            key=key_of(asked),
            prompt=request.prompt,
            video_id=request.video_id,
            model=self._server.model,
            request=asked,
            reply="",
            ended="too-long",
        )
        async with self._limits.slot(request.video_id):
            while True:
                try:
                    answer, taken, dialect = await self._counted(request, messages)
                except CompletionTooLong:
                    keep(empty)
                    raise
                completion = replace(
                    empty,
                    reply=answer.text,
                    ended=answer.ended,
                    answered_by=self._server.scrubbed(answer.model),
                    input_tokens=taken.input_tokens,
                    cached_tokens=taken.cached_tokens,
                    output_tokens=taken.output_tokens,
                )
                keep(completion)
                if not is_only_thought(completion) or not self._sender.think_longer(dialect):
                    return completion, dialect

    async def _counted(
        self, request: Request, messages: Sequence[Message]
    ) -> tuple[Answer, Usage, Dialect]:
        """The answer, and what it took: estimated where the server does not say."""
        video = request.video_id

        def on_sending(again: bool) -> None:
            self.usage.add(video, Usage(requests=1, retries=int(again)))

        spoken = input_tokens(request, messages)
        most = spoken + self._sender.dialect.output_limit(request)
        async with self._limits.reserved(most):
            answer, used = await self._sender.send(
                request, messages, on_sending, lambda: self._limits.turn(most)
            )
            taken = Usage(
                input_tokens=spoken if answer.input_tokens is None else answer.input_tokens,
                cached_tokens=answer.cached_tokens,
                output_tokens=estimate_tokens(answer.text)
                if answer.output_tokens is None
                else answer.output_tokens,
            )
            self.usage.add(video, taken)
            self._limits.spent(taken.tokens, most)
        return answer, taken, used

    def _judged(self, completion: Completion, request: Request) -> BaseModel | Unusable:
        """The reply of the form, or what is wrong. Raises CompletionTooLong."""
        model = self._server.model
        if completion.ended == "too-long":
            raise CompletionTooLong("input")
        if completion.ended == "refused":
            said = self._server.scrubbed(completion.reply)
            return Unusable(ModelRefused(model, said), "it holds a refusal")
        try:
            return read_reply(completion.reply, request.reply)
        except NotTheForm as wrong:
            if completion.ended == "length":
                raise CompletionTooLong("reply") from None
            reason = self._server.scrubbed(str(wrong))
            # What only breaks off was of the form; what has another shows that none was enforced.
            formless = wrong.found_json or "{" not in completion.reply
            return Unusable(ModelReplyUnusable(model, reason), reason, wrong.found_json, formless)

    def _key(self, request: Request, messages: Sequence[Message] | None = None) -> str:
        said = request.messages if messages is None else messages
        return key_of(logical(self._server.model, request, said))


@dataclass(frozen=True, slots=True)
class Unusable:
    """A reply without use: the error that it comes to, and what to tell the model.

    `shown` says whether the model is shown its reply again, `formless` whether it looks as if the
    server had told the model nothing of the form.
    """

    error: GenerateError
    reason: str
    shown: bool = False
    formless: bool = False
