"""What a model server's failure means: wait, ask otherwise, split the work, or end the run."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from generator.errors import (
    CompletionTooLong,
    GenerateError,
    KeyMissing,
    KeyRefused,
    ModelRefused,
    ModelUnknown,
    NoQuota,
    ServerForbids,
    ServerUnreachable,
    ServerUrlWrong,
)
from generator.summarizer.completions.answers import message_of, words_of
from generator.summarizer.completions.servers import Server
from generator.summarizer.completions.waiting import asked_wait


class Passing(Exception):
    """A failure that may pass. `wait` is in seconds, None where the server does not say.

    `slow` says that it took the longest that a try may take. `at_last` is what it means if it does
    not pass, where that is not just a failing server.
    """

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        said: str = "",
        wait: float | None = None,
        slow: bool = False,
        at_last: GenerateError | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.said = said
        self.wait = wait
        self.slow = slow
        self.at_last = at_last


class Unfit(Exception):
    """A request that the server does not take as it is put. `said` is all that it says."""

    def __init__(self, status: int, said: str, message: str) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.said = said
        self.message = message


_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|string_above_max_length|request_too_large"
    r"|(?:maximum|max|available|model'?s?|input) (?:context|prompt|sequence)[ _](?:length|size"
    r"|window)|context (?:length|size|window|limit)"
    r"|(?:prompt|input|request|messages?) (?:is|are|was) too (?:long|large)"
    r"|too many (?:input )?tokens"
    r"|(?:input|prompt) token count|reduce the length of|request too large|payload too large"
    r"|(?:prompt|input).{0,60}(?:exceeds|longer than).{0,60}(?:context|tokens)"
)
_QUOTA = re.compile(
    r"insufficient[_ -](?:quota|balance|credits?|funds)|billing_hard_limit|billing_not_active"
    r"|credit balance is too low|requires more credits|out of credits|account_deactivated"
)
_LATER = re.compile(r"retry|resource_exhausted|per (?:minute|second|hour|day)|try again")
_KEY = re.compile(
    r"api[_ ]?key|unauthori[sz]ed|authenti|credential|permission|access token|invalid token"
)
_BAD_KEY = re.compile(
    r"api[_ ]?key[^|]{0,30}(?:not valid|invalid|expired)"
    r"|(?:invalid|incorrect|missing)[_ ]api[_ ]?key"
)
_NO_MODEL = re.compile(
    r"model_not_found|model_not_available|no such model|invalid model|unknown model"
    r"|not a valid model|models?\b[^|]{0,120}(?:not found|(?:does not|doesn't) exist"
    r"|not (?:have )?access|is not supported for|not available|no longer available)"
)
_FILTERED = re.compile(
    r"content_filter|content[_ ](?:management[_ ])?policy|responsibleai|moderation|flagged"
    r"|invalid_prompt|safety"
)
_STRUCTURE = re.compile(r"response_format|requested parameters|structured")


def verdict(
    status: int,
    headers: Mapping[str, str],
    body: str,
    server: Server,
    *,
    answered: bool,
    now: datetime | None = None,
) -> Exception:
    """What a reply with a status other than success means.

    `answered` says whether the server has given a completion before. Gives Passing, Unfit,
    CompletionTooLong, ModelRefused, or what ends the run; no text in it has the key.
    """
    said = words_of(body)
    low = said.lower()
    message = server.scrubbed(message_of(body))
    if status in (400, 413, 422, 429, 500) and (_TOO_LONG.search(low) or status == 413):
        return CompletionTooLong("input")
    now = now or datetime.now(UTC)
    wait = asked_wait(headers, body, now, limited=status == 429)
    if status == 402 or (status in (400, 403, 429) and _QUOTA.search(low)):
        return NoQuota(server.url)
    # Some say the same of a minute's quota, but then also when to come back.
    if status == 429 and "exceeded your current quota" in low and not (wait or _LATER.search(low)):
        return NoQuota(server.url)
    if status in (400, 401, 403, 404, 422):
        refused = _refusal(status, low, server, message)
        if refused is not None:
            return refused
    if 300 <= status < 400:
        target = urlsplit(headers.get("location", ""))
        where = f"{target.hostname}{target.path}" if target.hostname else "elsewhere"
        return ServerUrlWrong(server.url, f"it sends requests on to {server.scrubbed(where)}")
    if status in (404, 405) and not answered and not _STRUCTURE.search(low):
        reason = f"what is there answers with status {status}"
        return ServerUrlWrong(server.url, reason, server.url_with_version)
    if status in (408, 409, 425, 429) or status >= 500:
        reason = f"status {status}" + (f", {message}" if message else "")
        return Passing(reason, status=status, said=said, wait=wait)
    return Unfit(status, said, message)


def _refusal(status: int, low: str, server: Server, message: str) -> Exception | None:
    """Of the statuses that many things share: the key, the model, a filter; or nothing of these."""
    if status in (401, 403) or _BAD_KEY.search(low):
        if status != 403 or _BAD_KEY.search(low):
            return KeyRefused(server.url, status) if server.api_key else KeyMissing(server.url)
        if _NO_MODEL.search(low):
            return ModelUnknown(server.url, server.model)
        if _FILTERED.search(low):
            return ModelRefused(server.model, message)
        if _KEY.search(low):
            return KeyRefused(server.url, status) if server.api_key else KeyMissing(server.url)
        return ServerForbids(server.url, message)
    if _NO_MODEL.search(low) and not _STRUCTURE.search(low):
        return ModelUnknown(server.url, server.model)
    if status == 400 and _FILTERED.search(low):
        return ModelRefused(server.model, message)
    return None


def unreachable(error: BaseException, server: Server, *, heard: bool) -> Exception:
    """What a connection that was not made, or broke, means.

    `heard` says whether the server has ever replied anything in this run: one that never did is not
    waited for. Gives Passing or ServerUnreachable.
    """
    import httpx2

    chain = _chain(error)
    reason = "the connection broke off"
    if any(isinstance(each, httpx2.ConnectError) for each in chain):
        reason = "no connection could be made"
        if any(isinstance(each, socket.gaierror) for each in chain):
            reason = "no address is known for its name"
        elif any(isinstance(each, ssl.SSLError) for each in chain):
            reason = "its certificate is not accepted, or it does not speak TLS"
        elif any(isinstance(each, ConnectionRefusedError) for each in chain):
            reason = "nothing listens at this address"
    elif any(isinstance(each, httpx2.ProxyError) for each in chain):
        reason = "the proxy that the environment names did not connect to it"
    elif any(
        isinstance(each, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol) for each in chain
    ):
        return ServerUnreachable(server.url, "a request to it could not be made")
    else:
        return Passing(reason)
    final = ServerUnreachable(server.url, reason)
    return Passing(reason, at_last=final) if heard else final


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what it came from. Groups of errors count with what is in them."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and each not in found:
            found.append(each)
            waiting += [each.__cause__, each.__context__]
            if isinstance(each, BaseExceptionGroup):
                waiting += each.exceptions
    return found
