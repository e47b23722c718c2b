"""What a server answered to a request for a completion, read as far as it makes sense."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from generator.text import clean

_MOST_TOKENS = 10**12
_SURROGATE = re.compile("[\ud800-\udfff]")
_REFUSING = {"content_filter", "safety", "recitation", "prohibited_content", "blocklist", "spii"}
_CUTTING = {"length", "max_tokens", "max_output_tokens", "model_length"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A completion as it came.

    `ended` is `stop`, `length`, or `refused`, in which case `text` is the refusal. Token counts are
    None where the server does not say.
    """

    text: str
    ended: str
    model: str
    input_tokens: int | None = None
    cached_tokens: int = 0
    output_tokens: int | None = None


class NotAnAnswer(Exception):
    """A successful status whose body is no completion. `is_page`: it is a page for people."""

    def __init__(self, reason: str, *, is_page: bool = False) -> None:
        super().__init__(reason)
        self.is_page = is_page


class ErrorInside(Exception):
    """A successful status whose body tells of an error, with the status that it names, or 500."""

    def __init__(self, status: int) -> None:
        super().__init__(f"an error with status {status} in a successful reply")
        self.status = status


def read_answer(body: bytes) -> Answer:
    """The completion in a reply's body. Raises NotAnAnswer or ErrorInside."""
    content = _json(body)
    if not isinstance(content, dict):
        raise NotAnAnswer("its reply is not a JSON object")
    if content.get("error") and not content.get("choices"):
        raise ErrorInside(_status_of(content["error"]))
    choices = content.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        raise NotAnAnswer("its reply holds no completion")
    if choice.get("error"):
        raise ErrorInside(_status_of(choice["error"]))
    message = choice.get("message")
    if not isinstance(message, dict):
        raise NotAnAnswer("its reply holds no message")
    text, refusal = _said(message)
    finish = str(choice.get("finish_reason") or "").lower()
    if finish == "error":
        raise ErrorInside(500)
    ended = "length" if finish in _CUTTING else "stop"
    if refusal or finish in _REFUSING:
        text, ended = refusal or text, "refused"
    elif not text.strip() and ended == "stop":
        raise NotAnAnswer("its reply holds an empty message")
    usage = content.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    details = usage.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else None
    return Answer(
        text=text,
        ended=ended,
        model=clean(_text(content.get("model"))[:200]),
        input_tokens=_count(usage.get("prompt_tokens")),
        cached_tokens=cached or 0,
        output_tokens=_count(usage.get("completion_tokens")),
    )


def words_of(body: str) -> str:
    """What a server's error says, as one text: its message, code and type, or the whole body."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return body[:4000]
    if isinstance(content, list) and content:
        content = content[0]
    error = content.get("error", content) if isinstance(content, dict) else content
    if not isinstance(error, dict):
        return str(error)[:4000]
    told = [error.get(name) for name in ("message", "code", "type", "status", "param", "detail")]
    # Servers in front of others give the inner one's words apart.
    told.append(error.get("metadata"))
    if isinstance(content, dict) and error is not content:
        told.append(content.get("detail"))
    return " | ".join(str(part) for part in told if part)[:4000] or body[:4000]


def message_of(body: str) -> str:
    """What of a server's error is written for people, if anything."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return "" if body.lstrip().startswith("<") else body[:400]
    if isinstance(content, list) and content:
        content = content[0]
    for name in ("error", "message", "detail"):
        if isinstance(content, dict) and content.get(name):
            content = content[name]
    return content[:400] if isinstance(content, str) else ""


def _json(body: bytes) -> Any:
    text = body.decode("utf-8-sig", "replace").strip()
    if re.match(r"(?i)<(!doctype|html|\?xml|head|body)", text):
        raise NotAnAnswer("its reply is a page for people", is_page=True)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        reason = "its reply breaks off" if text.startswith("{") else "its reply is not JSON"
        raise NotAnAnswer(reason) from None


def _said(message: dict[str, Any]) -> tuple[str, str]:
    """A message's text and refusal, each of which may come in parts."""
    content, refusal = message.get("content"), _text(message.get("refusal"))
    if isinstance(content, dict):
        return _text(json.dumps(content, ensure_ascii=False)), refusal
    if not isinstance(content, list):
        return _text(content), refusal
    texts = []
    for part in content:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and part.get("type") == "refusal":
            refusal = refusal or _text(part.get("refusal"))
        elif isinstance(part, dict) and part.get("type") in (None, "text", "output_text"):
            texts.append(_text(part.get("text")))
    return _text("".join(texts)), refusal


def _text(value: object) -> str:
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        return None
    return int(min(value, _MOST_TOKENS))


def _status_of(error: object) -> int:
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, str) and code.isascii() and code.isdigit():
        code = int(code[:4])
    return code if isinstance(code, int) and 400 <= code < 600 else 500
