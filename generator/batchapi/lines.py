"""The lines of a batch's files: requests as they are uploaded, replies as they come back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.summarizer.completions.servers import Dialect, Message

if TYPE_CHECKING:
    from generator.library.batches import BatchedRequest

LONGEST_LINE = 16_000_000
"""Bytes of a line that is still read: replies have some tens of thousands."""

_MOST_SAID = 4_000


class NotALine(Exception):
    """A line that tells of no request."""


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request as the library keeps it, as far as a dialect needs it."""

    prompt: str
    schema: dict[str, Any]
    temperature: float | None
    max_output_tokens: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the request `key`: a status, and a body as live requests have them.

    Where no server was asked, the status is 0 and the body the service's word for why.
    """

    key: str
    status: int
    body: bytes


def request_line(request: BatchedRequest, dialect: Dialect, endpoint: str) -> bytes:
    """The line of a batch's file for a request, in this dialect."""
    asked = json.loads(request.request)
    kept = KeptRequest(
        prompt=request.prompt,
        schema=json.loads(request.schema),
        temperature=asked["temperature"],
        max_output_tokens=asked["max_output_tokens"],
    )
    messages = [Message(each["role"], each["content"]) for each in asked["messages"]]
    line = {
        "custom_id": request.key,
        "method": "POST",
        "url": endpoint,
        "body": dialect.parameters(request.model, kept, messages),
    }
    # Halves of surrogate pairs, which no UTF-8 holds, become the escapes that JSON has for them.
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def read_result(line: bytes) -> Result:
    """What a line of an output file or of an error file says. Raises NotALine."""
    try:
        found = json.loads(line.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        raise NotALine from None
    key = found.get("custom_id") if isinstance(found, dict) else None
    if not isinstance(key, str):
        raise NotALine
    response, error = found.get("response"), found.get("error")
    if isinstance(response, dict):
        status = response.get("status_code")
        whole = response.get("body")
        body = json.dumps(whole if whole is not None else {"error": error}).encode()
        if isinstance(status, int) and not isinstance(status, bool) and 100 <= status < 600:
            return Result(key, status, body)
        if isinstance(whole, dict) and whole.get("choices"):  # some leave the status out
            return Result(key, 200, body)
    code = error.get("code") if isinstance(error, dict) else error
    return Result(key, 0, str(code or "unanswered")[:_MOST_SAID].encode("utf-8", "replace"))


async def split_lines(
    chunks: AsyncIterator[bytes], longest: int = LONGEST_LINE
) -> AsyncIterator[bytes | None]:
    """The lines of a stream that are not empty; None in place of one that is too long."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        pieces = chunk.split(b"\n")
        for number, piece in enumerate(pieces):
            size += len(piece)
            if size <= longest:
                parts.append(piece)
            else:
                parts = []
            if number == len(pieces) - 1:  # goes on in the next chunk
                continue
            if size > longest:
                yield None
            elif line := b"".join(parts).strip():
                yield line
            parts, size = [], 0
    if size > longest:
        yield None
    elif line := b"".join(parts).strip():
        yield line
