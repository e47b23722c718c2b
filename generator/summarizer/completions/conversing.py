"""What is said to a model: a request as it is known by, and how it is asked for again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from generator.models import Completion
from generator.summarizer.completions.mending import without_thoughts
from generator.summarizer.completions.servers import Message, Request, strict_schema
from generator.summarizer.completions.tokens import estimate_tokens

if TYPE_CHECKING:
    from pydantic import BaseModel

TOKENS_AROUND_MESSAGE = 5
"""What servers put around each message, in tokens."""

_LONGEST_SHOWN_AGAIN = 8_000


def logical(model: str, request: Request, messages: Sequence[Message]) -> str:
    """A request as JSON, as it is whatever a server needs to understand it."""
    content = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "schema": strict_schema(request.reply),
        "temperature": request.temperature,
        "max_output_tokens": request.max_output_tokens,
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def key_of(logical_request: str) -> str:
    """The key under which the reply to a request is kept."""
    return hashlib.sha256(logical_request.encode("utf-8", "surrogatepass")).hexdigest()


def input_tokens(request: Request, messages: Sequence[Message]) -> int:
    """The tokens of a request, its schema included, rather too many than too few."""
    said = sum(_tokens_of(message.content) for message in messages)
    return form_tokens(request.reply) + said + TOKENS_AROUND_MESSAGE * (len(messages) + 1)


@lru_cache(maxsize=128)
def _tokens_of(content: str) -> int:
    """Those of a message; the instructions are the same for all videos."""
    return estimate_tokens(content)


@cache
def form_tokens(form: type[BaseModel]) -> int:
    """The tokens of the schema by which a form is told."""
    return estimate_tokens(json.dumps(strict_schema(form), ensure_ascii=False))


def asked_again(
    messages: tuple[Message, ...], completion: Completion, reason: str, *, shown: bool
) -> tuple[Message, ...]:
    """The messages that ask once more, for the reason that a reply is of no use.

    `shown` says whether the model is shown its reply. Users and assistants take turns, as some
    models demand.
    """
    told = (
        f"Your reply could not be used: {reason}. Reply again with the one complete JSON object"
        " that was asked for, and with nothing else."
    )
    # What came before stays as it was: servers know it, and need not read it anew.
    said = completion.reply if shown else ""
    reply = said if 0 < len(said) <= _LONGEST_SHOWN_AGAIN else "…"
    return (*messages, Message("assistant", reply), Message("user", told))


def is_only_thought(completion: Completion) -> bool:
    """Whether the limit was reached before the reply began."""
    return completion.ended == "length" and not without_thoughts(completion.reply)
