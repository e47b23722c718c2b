"""A model server's batch service: its files and batches, asked through the openai package."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from generator.batchapi.jobs import (
    SUBMISSION,
    Job,
    NotAJob,
    is_full,
    read_file_id,
    read_files,
    read_job,
    read_page,
)
from generator.batchapi.lines import split_lines
from generator.errors import (
    BatchesNotOffered,
    GenerateError,
    KeyMissing,
    RateLimited,
    RequestRefused,
    ServerFailing,
    ServerUnreachable,
)
from generator.summarizer.completions.connection import Connection
from generator.summarizer.completions.verdicts import Passing, Unfit, unreachable, verdict
from generator.summarizer.completions.waiting import LONGEST_WAIT

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from generator.library.batches import SubmittedBatch
    from generator.summarizer.completions.patience import Ending, Patience
    from generator.summarizer.completions.servers import Server

ENDPOINT: Final = "/v1/chat/completions"
WINDOW: Final = "24h"

_PAGE = 100
_MOST_PAGES = 200
_ABSENT = (404, 405, 501)
_Read = TypeVar("_Read")


class Uncertain(Exception):
    """It is not known whether what was asked for was done: no answer came, or one of no sense."""

    def __init__(self, why: Passing) -> None:
        super().__init__(why.reason)
        self.why = why


class QueueFull(Exception):
    """The service has as many tokens enqueued as it takes; the text is what it says of that."""


class Service:
    """One server's batches. All methods raise what ends a run, and ServerFailing.

    What only asks is tried again while that helps.
    """

    def __init__(self, server: Server, patience: Patience, ending: Ending) -> None:
        self.server = server
        self._patience = patience
        self._ending = ending
        self._connection = Connection(server, patience.timeout)
        self._heard = False

    @property
    def account(self) -> str:
        """What tells apart the keys by which this server knows whose batches are whose.

        Of the key it says nothing: that many others have the same one.
        """
        client = self._connection.open()
        whose = [client.organization, client.project] if self.server.is_openai else []
        secrets = [self.server.api_key, *(self.server.basic_auth or ()), *whose]
        told = "\0".join([*(each or "" for each in secrets), *map(str, self.server.query.items())])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:4]

    def is_strange(self, batch: SubmittedBatch) -> bool:
        """Whether another key submitted a batch: this one may not find it."""
        return batch.account not in ("", self.account)

    async def close(self) -> None:
        """Closes the connections."""
        await self._connection.close()

    async def probe(self) -> None:
        """Asks whether there are batches at all. Raises BatchesNotOffered."""
        try:
            await self._again(lambda client, how: _batches(client).list(limit=1, **how), read_page)
        except _Absent as absent:
            raise BatchesNotOffered(self.server.url, f"status {absent.status}") from None
        except RequestRefused:
            raise BatchesNotOffered(self.server.url, "it refuses to list them") from None
        except NotAJob:
            raise BatchesNotOffered(self.server.url, "its answer is no list of them") from None

    async def upload(self, name: str, content: IO[bytes]) -> str:
        """The id of a file that was made of the content. Raises CompletionTooLong for its size."""
        # A boundary of its own for each file, and the same if it is sent again.
        form = f"multipart/form-data; boundary={name.partition('.')[0]}"
        tries = 0

        def sent(client: AsyncOpenAI, how: dict[str, Any]) -> Awaitable[Any]:
            content.seek(0)
            headers = {**how["extra_headers"], "Content-Type": form}
            made: Awaitable[Any] = _files(client).create(
                file=(name, content, "application/jsonl"), purpose="batch", extra_headers=headers
            )
            return made

        try:
            async for attempt in self._patience.retrying(self._pause):
                with attempt:
                    tries += 1
                    # The answer may be all that was lost.
                    there = await self.find_file(name) if tries > 1 else ""
                    return there or await self._once(sent, read_file_id)
        except Passing as passing:
            last = passing
        except NotAJob:
            last = Passing("its answer tells of no file")
        except _Absent as absent:
            raise BatchesNotOffered(self.server.url, f"status {absent.status}") from None
        raise self._at_last(last, tries)

    async def create(self, file_id: str, submission: str) -> Job:
        """A new batch of a file's requests. Asked once.

        Raises Uncertain where it may be there, and QueueFull.
        """
        try:
            return await self._once(
                lambda client, how: _batches(client).create(
                    input_file_id=file_id,
                    endpoint=ENDPOINT,
                    completion_window=WINDOW,
                    metadata={SUBMISSION: submission},
                    **how,
                ),
                read_job,
            )
        except NotAJob:
            raise Uncertain(Passing("its answer tells of no batch")) from None
        except Passing as passing:
            if passing.status == 429 and is_full(passing.said):
                raise QueueFull(passing.said) from None
            raise Uncertain(passing) from None
        except _Absent as absent:
            raise BatchesNotOffered(self.server.url, f"status {absent.status}") from None

    async def look(self, batch_id: str) -> Job | None:
        """A batch as it is now; None where the service does not know it any more."""
        try:
            return await self._again(
                lambda client, how: _batches(client).retrieve(batch_id, **how),
                read_job,
            )
        except _Absent:
            return None
        except NotAJob:
            raise ServerFailing(self.server.url, 1, "what it says of a batch is none") from None

    async def cancel(self, batch_id: str) -> Job | None:
        """Asks for a batch to end; None where the service does not know it, or it has ended."""
        try:
            return await self._again(
                lambda client, how: _batches(client).cancel(batch_id, **how),
                read_job,
            )
        except (_Absent, RequestRefused, NotAJob):
            return None

    async def find(self, submission: str, file_id: str) -> Job | None:
        """The batch that was submitted under this name, or of this file, if there is one.

        Where the list is none, it is ServerFailing: not to know is not to have found none.
        """
        after: dict[str, Any] = {}
        for _ in range(_MOST_PAGES):
            try:
                jobs, more = await self._again(
                    lambda client, how, at=dict(after): _batches(client).list(  # type: ignore[misc]
                        limit=_PAGE, **at, **how
                    ),
                    read_page,
                )
            except (_Absent, NotAJob):
                reason = "it does not list its batches"
                raise ServerFailing(self.server.url, 1, reason) from None
            for job in jobs:
                if job.submission == submission or (file_id and job.input_file == file_id):
                    return job
            if not more or after.get("after") == jobs[-1].id:
                return None
            after = {"after": jobs[-1].id}
        return None

    async def find_file(self, name: str) -> str:
        """The id of the file that was uploaded under this name; empty where there is none."""
        after: dict[str, Any] = {}
        for _ in range(_MOST_PAGES):
            try:
                files, more = await self._again(
                    lambda client, how, at=dict(after): _files(client).list(  # type: ignore[misc]
                        purpose="batch", limit=_PAGE, **at, **how
                    ),
                    read_files,
                )
            except (_Absent, NotAJob, RequestRefused):  # not every service lists files
                return ""
            for file_id, filename in files:
                if filename == name:
                    return file_id
            if not more or after.get("after") == files[-1][0]:
                return ""
            after = {"after": files[-1][0]}
        return ""

    async def delete(self, file_id: str) -> bool:
        """Deletes a file; whether it is gone."""
        try:
            await self._once(lambda client, how: _files(client).delete(file_id, **how), bytes)
        except _Absent as absent:
            return absent.status == 404
        except (GenerateError, Passing, Unfit):
            return False
        return True

    async def lines(self, file_id: str) -> AsyncIterator[bytes | None]:
        """The lines of a file as they come; None for one that is too long to be a reply.

        Raises FileNotFoundError where there is no such file. What breaks off begins
        anew, so that some come twice; where that does not help, it is ServerFailing.
        """
        tries = 0
        while True:
            tries += 1
            try:
                async for line in split_lines(self._chunks(file_id)):
                    yield line
            except Passing as passing:
                if tries > self._patience.retries:
                    raise self._at_last(passing, tries) from None
                await self._pause(min(30.0, 2.0**tries) * self._patience.random.random())
                continue
            except _Absent:
                raise FileNotFoundError(file_id) from None
            return

    async def pause(self, seconds: float) -> None:
        """Waits so long, a quarter more or less; raises why, if the run ends meanwhile."""
        await self._pause(seconds * self._patience.random.uniform(0.75, 1.25))

    async def _chunks(self, file_id: str) -> AsyncIterator[bytes]:
        client = self._connection.open()
        try:
            async with client.files.with_streaming_response.content(
                file_id, extra_headers=self._connection.headers()
            ) as reply:
                async for chunk in reply.iter_bytes():
                    yield chunk
        except Exception as error:
            raise await self._meaning(error) from None

    async def _again(
        self,
        ask: Callable[[AsyncOpenAI, dict[str, Any]], Awaitable[Any]],
        read: Callable[[bytes], _Read],
    ) -> _Read:
        """What `read` makes of the answer; asked again while that may help."""
        tries = 0
        try:
            async for attempt in self._patience.retrying(self._pause):
                with attempt:
                    tries += 1
                    return await self._once(ask, read)
        except Passing as passing:
            last = passing
        raise self._at_last(last, tries)

    async def _once(
        self,
        ask: Callable[[AsyncOpenAI, dict[str, Any]], Awaitable[Any]],
        read: Callable[[bytes], _Read],
    ) -> _Read:
        self._ending.check()
        if self.server.is_openai and not self.server.api_key:
            raise KeyMissing(self.server.url)
        client = self._connection.open()
        headers = self._connection.headers()
        try:
            async with asyncio.timeout(4 * self._patience.timeout):
                reply = await ask(client, {"extra_headers": headers})
            self._heard = True
            return read(reply.content)
        except NotAJob:
            raise
        except Exception as error:
            raise await self._meaning(error) from None

    async def _meaning(self, error: Exception) -> Exception:
        """What the openai package's errors, which hold the key, mean."""
        import openai

        if isinstance(error, openai.APIStatusError):
            self._heard = True
            if error.status_code in _ABSENT:
                return _Absent(error.status_code)
            return self._verdict(error)
        if isinstance(error, openai.APITimeoutError | TimeoutError):
            reason = f"no answer came within {self._patience.timeout:g} seconds"
            never = None if self._heard else ServerUnreachable(self.server.url, reason)
            return Passing(reason, slow=True, at_last=never)
        if isinstance(error, openai.APIConnectionError) or _is_of_network(error):
            return unreachable(error, self.server, heard=self._heard)
        return error

    def _verdict(self, error: Any) -> Exception:
        try:
            body = error.response.text
        except Exception:  # a body that was streamed, and not read
            body = ""
        status = error.status_code
        found = verdict(status, error.response.headers, body, self.server, answered=True)
        if isinstance(found, Unfit):
            return RequestRefused(self.server.url, found.status, found.message)
        if isinstance(found, Passing) and found.wait is not None and found.wait > LONGEST_WAIT:
            return RateLimited(self.server.url, found.wait)
        return found

    async def _pause(self, seconds: float) -> None:
        await self._ending.pause(self._patience.wait(seconds))

    def _at_last(self, last: Passing, tries: int) -> GenerateError:
        return last.at_last or ServerFailing(self.server.url, tries, last.reason)


def _batches(client: AsyncOpenAI) -> Any:
    """A client's batches, of which the answers are read here: servers put much otherwise."""
    return client.batches.with_raw_response


def _files(client: AsyncOpenAI) -> Any:
    return client.files.with_raw_response


class _Absent(Exception):
    """There is no such thing at the server: a batch, a file, or batches at all."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


def _is_of_network(error: Exception) -> bool:
    import httpx2

    return isinstance(error, httpx2.HTTPError | httpx2.StreamError)
