"""One request to a model server: put so that it is understood, and tried again while that helps."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from generator.errors import (
    GenerateError,
    KeyMissing,
    RateLimited,
    RequestRefused,
    ServerFailing,
    ServerUnreachable,
    ServerUrlWrong,
)
from generator.summarizer.completions.answers import Answer, ErrorInside, NotAnAnswer, read_answer
from generator.summarizer.completions.connection import Connection
from generator.summarizer.completions.patience import Ending, Patience
from generator.summarizer.completions.servers import (
    Dialect,
    Level,
    Message,
    Request,
    Server,
    adapted,
    first_dialect,
)
from generator.summarizer.completions.verdicts import Passing, Unfit, unreachable, verdict
from generator.summarizer.completions.waiting import LONGEST_WAIT

_TRIES_BEFORE_DOUBT = 2


async def _at_once() -> None:
    """Nothing holds a request back."""


class Sender:
    """Sends requests to one server, and remembers how it takes them."""

    def __init__(self, server: Server, patience: Patience, ending: Ending) -> None:
        self.server = server
        self.dialect = first_dialect(server)
        self.settled = False
        self._patience = patience
        self._ending = ending
        self._connection = Connection(server, patience.timeout)
        self._heard = False
        self._answered = False
        self._not_before = 0.0
        self._failed: Counter[Level] = Counter()

    async def send(
        self,
        request: Request,
        messages: Sequence[Message],
        on_sending: Callable[[bool], None],
        turn: Callable[[], Awaitable[None]] = _at_once,
    ) -> tuple[Answer, Dialect]:
        """The server's answer, and the dialect that it was asked in.

        Ahead of every request on the wire `turn` is waited for, and `on_sending` called with
        whether it repeats one.
        Raises CompletionTooLong, ModelRefused, RequestRefused, ServerFailing, and what ends a run.
        """
        if self.server.is_openai and not self.server.api_key:
            raise KeyMissing(self.server.url)
        tries = 0

        def sending() -> None:
            nonlocal tries
            on_sending(tries > 0)
            tries += 1

        try:
            async for attempt in self._patience.retrying(self._pause):
                with attempt:
                    return await self._adapting(request, messages, sending, turn)
        except Passing as passing:
            last = passing
        if not self.settled:
            self.dialect = first_dialect(self.server)
            self._failed.clear()
        raise self._at_last(last, tries)

    def settle(self, dialect: Dialect) -> None:
        """The dialect gave what was asked for: its level is the server's."""
        self.settled = self.settled or dialect.level is self.dialect.level

    def doubt(self, dialect: Dialect) -> None:
        """A reply has not the form: the server may have passed over the schema."""
        if not self.settled and dialect.level is Level.JSON_SCHEMA:
            self._change(dialect, dialect.lower())

    def think_longer(self, dialect: Dialect) -> bool:
        """Leaves more room for what the model thinks; False where it has all there is."""
        return bool(dialect.limits) and self._change(dialect, dialect.with_more_thinking())

    async def close(self) -> None:
        """Closes the connections."""
        await self._connection.close()

    async def _adapting(
        self,
        request: Request,
        messages: Sequence[Message],
        sending: Callable[[], None],
        turn: Callable[[], Awaitable[None]],
    ) -> tuple[Answer, Dialect]:
        while True:
            self._ending.check()
            await self._ending.pause(turn())
            left = self._not_before - self._patience.clock()
            if left > 0:
                await self._pause(left)
            dialect = self.dialect
            sending()
            outcome = await self._post(dialect.parameters(self.server.model, request, messages))
            if isinstance(outcome, Answer):
                self._answered = True
                return outcome, dialect
            if isinstance(outcome, Passing) and self._avoids(dialect, outcome):
                continue
            if isinstance(outcome, Unfit):
                if self._avoids(dialect, outcome):
                    continue
                if not self.settled:
                    self.dialect = first_dialect(self.server)
                outcome = RequestRefused(self.server.url, outcome.status, outcome.message)
            raise outcome

    def _avoids(self, sent: Dialect, problem: Unfit | Passing) -> bool:
        """Whether the request is to be put otherwise, and sent again at once."""
        status = problem.status or 0
        if isinstance(problem, Passing) and status not in (500, 501):
            return False
        new = adapted(sent, status, problem.said)
        if new is None and not self.settled:
            # Without a word why. Of a server's failure, once is no sign.
            self._failed[sent.level] += 1
            if isinstance(problem, Unfit) or self._failed[sent.level] >= _TRIES_BEFORE_DOUBT:
                new = sent.lower()
        return self._change(sent, new)

    def _change(self, sent: Dialect, new: Dialect | None) -> bool:
        if sent != self.dialect:  # another request found the same
            return True
        if new is None:
            return False
        self.dialect = new
        return True

    async def _post(self, body: dict[str, Any]) -> Answer | Exception:
        """The answer, or what its lack means. The client's errors, which hold the key, end here."""
        import openai

        timeout = self._patience.timeout
        try:
            # A server that sends a byte now and then is never silent.
            async with asyncio.timeout(4 * timeout):
                reply = await self._connection.open().chat.completions.with_raw_response.create(
                    **body, extra_headers=self._connection.headers()
                )
            self._heard = True
            return read_answer(reply.content)
        except openai.APIStatusError as error:
            self._heard = True
            reply_headers, text = error.response.headers, error.response.text
            return self._verdict(error.status_code, reply_headers, text)
        except (openai.APITimeoutError, TimeoutError):
            reason = f"no answer came within {timeout:g} seconds"
            never = None if self._heard else ServerUnreachable(self.server.url, reason)
            return Passing(reason, slow=True, at_last=never)
        except openai.APIConnectionError as error:
            return unreachable(error, self.server, heard=self._heard)
        except ErrorInside as error:
            return self._verdict(error.status, reply.headers, reply.text)
        except NotAnAnswer as error:
            wrong = ServerUrlWrong(self.server.url, str(error), self.server.url_with_version)
            is_wrong = error.is_page and not self._answered
            return Passing(str(error), at_last=wrong if is_wrong else None)

    def _verdict(self, status: int, headers: Any, body: str) -> Exception:
        found = verdict(status, headers, body, self.server, answered=self._answered)
        if isinstance(found, Passing) and found.wait is not None:
            if found.wait > LONGEST_WAIT:
                return RateLimited(self.server.url, found.wait)
            if status == 429:
                until = self._patience.clock() + found.wait
                self._not_before = max(self._not_before, until)
        return found

    async def _pause(self, seconds: float) -> None:
        await self._ending.pause(self._patience.wait(seconds))

    def _at_last(self, last: Passing, tries: int) -> GenerateError:
        return last.at_last or ServerFailing(self.server.url, tries, last.reason)
