"""What one request to the stand-in for model servers asks for, as far as it can be told."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cached_property
from typing import Any, Literal

from tests.standins.tunnel import Asked

Level = Literal["json_schema", "json_object", "text"]
"""What a request wants of the reply's form: a schema kept to, any JSON, or nothing."""

# A field that the replies to one prompt have, anywhere in their schema: the first that fits.
_MARKS = {
    "note": "sections",
    "merge": "parts",
    "outline": "ranges",
    "verify": "verdicts",
    "repair": "evidence",
}
_LINE = re.compile(r"^[ \t]*(\d+)\|[ \t]?(.*)$", re.MULTILINE)


class Question:
    """A request taken apart. Made of any bytes; `said` is None where they are no JSON object."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.batch = ""
        try:
            said = json.loads(asked.body or b"null")
        except ValueError:
            said = None
        self.said: dict[str, Any] | None = said if isinstance(said, dict) else None

    @property
    def model(self) -> str:
        """The model's name as asked for."""
        return str((self.said or {}).get("model", ""))

    @cached_property
    def messages(self) -> tuple[tuple[str, str], ...]:
        """Each message's role and text."""
        messages = (self.said or {}).get("messages")
        return tuple(
            (str(message.get("role")), _text(message.get("content")))
            for message in (messages if isinstance(messages, list) else ())
            if isinstance(message, dict)
        )

    @property
    def text(self) -> str:
        """All that the messages say."""
        return "\n".join(text for _, text in self.messages)

    @property
    def level(self) -> Level:
        """What the request wants of the reply's form."""
        kind = self._format.get("type")
        return kind if kind in ("json_schema", "json_object") else "text"

    @cached_property
    def schema(self) -> dict[str, Any] | None:
        """The JSON schema sent beside the messages, else the first that stands in them."""
        beside = self._format.get("json_schema")
        if isinstance(beside, dict) and isinstance(beside.get("schema"), dict):
            schema: dict[str, Any] = beside["schema"]
            return schema
        return self.schema_in_text

    @cached_property
    def schema_in_text(self) -> dict[str, Any] | None:
        """The first JSON schema of an object that stands in the messages."""
        for _, text in self.messages:
            for match in re.finditer(r"\{", text):
                if '"properties"' not in text[match.start() :]:
                    break
                try:
                    found, _ = json.JSONDecoder().raw_decode(text, match.start())
                except ValueError:
                    continue
                if isinstance(found.get("properties"), dict):
                    schema: dict[str, Any] = found
                    return schema
        return None

    @cached_property
    def prompt(self) -> str:
        """Which of the program's prompts it is, told by the fields of the reply; "" if none."""
        fields = _fields(self.schema)
        return next((name for name, mark in _MARKS.items() if mark in fields), "")

    @cached_property
    def lines(self) -> dict[int, str]:
        """The numbered lines shown, in the order they are first shown in the user's messages."""
        lines: dict[int, str] = {}
        for role, text in self.messages:
            if role == "user":
                for number, words in _LINE.findall(text):
                    lines.setdefault(int(number), words.strip())
        return lines

    @cached_property
    def asks(self) -> str:
        """What the user asks, up to the first reply of a model."""
        texts = []
        for role, text in self.messages:
            if role == "assistant":
                break
            if role == "user":
                texts.append(text)
        return "\n\n".join(texts)

    @cached_property
    def key(self) -> str:
        """The same for requests that ask a model the same, whatever their parameters."""
        told = json.dumps([self.model, self.prompt, self.asks])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @cached_property
    def digest(self) -> str:
        """The same for requests with the same body."""
        return hashlib.sha256(self.asked.body).hexdigest()

    @property
    def tokens(self) -> int:
        """Four characters are one, of the messages and of the schema beside them."""
        beside = self._format.get("json_schema") if self.level == "json_schema" else None
        extra = len(json.dumps(beside, ensure_ascii=False)) if beside else 0
        return count(sum(len(text) for _, text in self.messages) + extra)

    @property
    def output_limit(self) -> int | None:
        """The most tokens that the reply may have, if the request says."""
        said = self.said or {}
        limit = said.get("max_completion_tokens", said.get("max_tokens"))
        return limit if isinstance(limit, int) else None

    @property
    def _format(self) -> dict[str, Any]:
        found = (self.said or {}).get("response_format")
        return found if isinstance(found, dict) else {}


def count(characters: int) -> int:
    """Tokens of so many characters, counted plainly: four are one."""
    return -(-characters // 4)


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """A part of a schema with its reference into the whole followed."""
    for _ in range(20):
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        schema = root
        for step in reference.removeprefix("#").strip("/").split("/"):
            schema = schema[step] if step else schema
    return {}


def _fields(schema: object) -> set[str]:
    """The names of all properties in a schema, however deep."""
    if isinstance(schema, list):
        return set().union(*map(_fields, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties")
    names = set(own) if isinstance(own, dict) else set()
    return names.union(*map(_fields, schema.values()))


def _text(content: object) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""
