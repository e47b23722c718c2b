"""Model servers as they differ: their address, and how a request must be put for each."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from generator.errors import KeyInvalid, ServerUrlInvalid

if TYPE_CHECKING:
    from pydantic import BaseModel

OPENAI_URL = "https://api.openai.com/v1"
_SHORTEST_SECRET = 6


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model, whatever server runs it.

    `prompt` names what it is for, `video_id` whom it counts for. `reply` is the form of the answer.
    `max_output_tokens` is of the reply alone, without what a model may think ahead of it.
    """

    prompt: str
    video_id: str
    messages: tuple[Message, ...]
    reply: type[BaseModel]
    temperature: float | None
    max_output_tokens: int

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the answer."""
        return strict_schema(self.reply)


class Asks(Protocol):
    """What of a request a server is told besides the messages."""

    @property
    def prompt(self) -> str:
        """As in `Request`."""
        ...

    @property
    def schema(self) -> dict[str, Any]:
        """As in `Request`."""
        ...

    @property
    def temperature(self) -> float | None:
        """As in `Request`."""
        ...

    @property
    def max_output_tokens(self) -> int:
        """As in `Request`."""
        ...


@dataclass(frozen=True, slots=True)
class Server:
    """Where a model is asked, and with what key. Nothing secret is in the `repr`.

    `url` has none of the user, password and query that the base URL given may have. Raises
    ServerUrlInvalid for a base URL that is none, KeyInvalid for a key that cannot be sent.
    """

    model: str
    base_url: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        _ = self.url
        key = (self.api_key or "").strip()
        object.__setattr__(self, "api_key", key or None)
        if any(char.isspace() or not char.isprintable() or not char.isascii() for char in key):
            raise KeyInvalid

    @property
    def url(self) -> str:
        """The base URL as it is used and shown, without a slash at its end."""
        parts = _parts(self.base_url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, _path(parts.path), "", ""))

    @property
    def query(self) -> dict[str, str]:
        """What the base URL sends with every request, such as a version or a key."""
        return dict(parse_qsl(_parts(self.base_url).query, keep_blank_values=True))

    @property
    def basic_auth(self) -> tuple[str, str] | None:
        """User name and password, where the base URL has them."""
        parts = _parts(self.base_url)
        if parts.username is None:
            return None
        return unquote(parts.username), unquote(parts.password or "")

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own server, which takes nothing without a key."""
        return (urlsplit(self.url).hostname or "").endswith((".openai.com", ".openai.azure.com"))

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    @property
    def url_with_version(self) -> str:
        """The URL to try where this one is wrong; empty where it ends with a version already."""
        return "" if re.search(r"/v\d\w*(/|$)", urlsplit(self.url).path) else f"{self.url}/v1"

    def scrubbed(self, text: str) -> str:
        """A server's words without the key, whole or in parts, or what looks like one."""
        secrets = [self.api_key or "", *(self.basic_auth or ()), *self.query.values()]
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                text = _without(text, secret)
        return _LIKE_A_KEY.sub("[key]", text)


_LIKE_A_KEY = re.compile(
    r"(?i:bearer)\s+\S+|\b(?:sk|pk|rk|gsk|xai|hf|key)[-_][\w*.…-]{6,}|\bAIza[\w*.…-]{6,}", re.ASCII
)


def _without(text: str, secret: str) -> str:
    """The text without any word that shares six characters in a row with the secret."""
    parts = {secret[at : at + _SHORTEST_SECRET] for at in range(len(secret) - _SHORTEST_SECRET + 1)}
    text = text.replace(secret, "[key]")
    return re.sub(
        r"[^\s\"'`,;()<>]+",
        lambda word: "[key]" if any(part in word[0] for part in parts) else word[0],
        text,
    )


def _parts(base_url: str | None) -> SplitResult:
    given = (base_url or OPENAI_URL).strip()
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ServerUrlInvalid("it is not a URL") from None
    if parts.scheme not in ("http", "https"):
        raise ServerUrlInvalid("it must begin with http:// or https://")
    if not host or any(char.isspace() or not char.isprintable() for char in given):
        raise ServerUrlInvalid("it names no host")
    return parts


def _path(path: str) -> str:
    """The path without what the client adds to it."""
    return path.rstrip("/").removesuffix("/chat/completions").rstrip("/")


class Level(IntEnum):
    """How a server is told the form of its answer; lower ones are known to more servers."""

    PROMPT = 0
    JSON_OBJECT = 1
    JSON_SCHEMA = 2


# What may hold the output limit; a server knows one of the two, or both.
_LIMITS = ("max_tokens", "max_completion_tokens")
_FOR_THINKING = (0, 8_000, 32_000)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one server takes a request with one model.

    `limits` are the names of the output limit that may still work, the first in use. `thinking` is
    how many tokens more the limit leaves for what a model thinks ahead of its reply; `most_output`
    the highest limit that the server takes. `system` says whether it knows system messages.
    """

    level: Level = Level.JSON_SCHEMA
    limits: tuple[str, ...] = _LIMITS
    temperature: bool = True
    system: bool = True
    thinking: int = 0
    most_output: int | None = None

    def lower(self) -> Dialect | None:
        """With the next lower level, if there is one."""
        return replace(self, level=Level(self.level - 1)) if self.level else None

    def with_more_thinking(self) -> Dialect | None:
        """With more room for a model's thinking, if it may have more."""
        more = [tokens for tokens in _FOR_THINKING if tokens > self.thinking]
        return replace(self, thinking=more[0]) if more else None

    def output_limit(self, request: Asks) -> int:
        """The highest number of tokens that a reply may take, thinking included."""
        limit = request.max_output_tokens + self.thinking
        return min(limit, self.most_output) if self.most_output else limit

    def worded(self, request: Asks, messages: Sequence[Message]) -> list[Message]:
        """The messages as they are sent: with the form, where no parameter tells it."""
        worded = list(messages)
        if self.level is not Level.JSON_SCHEMA:
            schema = json.dumps(request.schema, ensure_ascii=False)
            told = (
                "Reply with one JSON object that follows this JSON schema, and with nothing else:"
                f"\n{schema}"
            )
            if worded and worded[0].role == "system":
                worded[0] = Message("system", f"{worded[0].content}\n\n{told}")
            else:
                worded.insert(0, Message("system", told))
        if not self.system and worded and worded[0].role == "system":
            first, rest = worded[0], worded[1:]
            if rest and rest[0].role == "user":
                rest[0] = Message("user", f"{first.content}\n\n{rest[0].content}")
                return rest
            return [Message("user", first.content), *rest]
        return worded

    def parameters(self, model: str, request: Asks, messages: Sequence[Message]) -> dict[str, Any]:
        """The body of the request."""
        body: dict[str, Any] = {
            "model": model,
            "messages": [
                {"role": message.role, "content": message.content}
                for message in self.worded(request, messages)
            ],
        }
        if self.temperature and request.temperature is not None:
            body["temperature"] = request.temperature
        if self.limits:
            body[self.limits[0]] = self.output_limit(request)
        if self.level is Level.JSON_SCHEMA:
            form = {"name": _form_name(request), "schema": request.schema}
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {**form, "strict": True},
            }
        elif self.level is Level.JSON_OBJECT:
            body["response_format"] = {"type": "json_object"}
        return body


def first_dialect(server: Server) -> Dialect:
    """What to try first. OpenAI's newer models know one name of the limit, many servers the other.

    A server passes over a name that it does not know, so that the more common one comes first.
    """
    return Dialect(limits=_LIMITS[::-1] if server.is_openai else _LIMITS)


def adapted(sent: Dialect, status: int, said: str) -> Dialect | None:
    """The dialect that avoids what the server says it does not know; None if it names nothing.

    `said` is all of what the server answered with `status` to a request in the dialect `sent`.
    """
    said = said.lower()
    if not _UNKNOWN.search(said):
        return None
    if sent.level and _STRUCTURE.search(said):
        return sent.lower()
    if status >= 500:
        return None
    if sent.limits and _LIMIT.search(said):
        bound = re.search(r"(?:at most|maximum[^.\d]{0,30}|<=|less than or equal to) ?(\d+)", said)
        if bound and 0 < int(bound[1][:9]) < (sent.most_output or 10**9):
            return replace(sent, most_output=int(bound[1][:9]))
        return replace(sent, limits=sent.limits[1:])
    if sent.temperature and "temperature" in said:
        return replace(sent, temperature=False)
    if sent.system and re.search(r"system|developer instruction|role", said):
        return replace(sent, system=False)
    return None


_STRUCTURE = re.compile(
    r"response[_ .]?(?:format|schema|mime)|json[_ ]?(?:schema|object|mode)|structured[_ ]output"
    r"|guided|grammar|requested parameters"
)
_LIMIT = re.compile("|".join(_LIMITS) + r"|max output tokens|completion tokens")
_UNKNOWN = re.compile(
    r"unsupported|support|unknown|unrecogni[sz]ed|unexpected|not (?:permitted|allowed|available"
    r"|enabled|implemented|found|recogni[sz]ed)|no endpoints|unavailable|invalid"
    r"|(?:must|should) (?:be|contain)|extra|forbidden|too (?:large|high|big)|at most"
    r"|fail|error|cannot|only|exceed|less than or equal"
)


@cache
def strict_schema(form: type[BaseModel]) -> dict[str, Any]:
    """The form's JSON schema as strict servers want it: no other fields, and none left out.

    Titles and defaults are not in it; they only cost tokens. Not to be changed: it is made once.
    """
    schema: dict[str, Any] = _strict(form.model_json_schema())
    return schema


def _strict(part: Any) -> Any:
    if isinstance(part, list):
        return [_strict(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept: dict[str, Any] = {}
    for name, value in part.items():
        if name in ("properties", "$defs") and isinstance(value, dict):
            kept[name] = {key: _strict(each) for key, each in value.items()}
        elif name not in ("title", "default"):
            kept[name] = _strict(value)
    if isinstance(kept.get("properties"), dict):
        kept["required"] = list(kept["properties"])
        kept["additionalProperties"] = False
    return kept


def _form_name(request: Asks) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", request.prompt)[:64] or "reply"
