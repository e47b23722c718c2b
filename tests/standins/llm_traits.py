"""What kinds of model servers there are, and what of a request each refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.standins.llm_question import Question, resolved

Structured = Literal["strict", "json_schema", "schema_only", "fails", "json_object", "text", "deaf"]
"""What a server makes of `response_format`:

strict       json_schema as OpenAI takes it, and json_object
json_schema  any json_schema, and json_object
schema_only  json_schema, and 400 to json_object (LM Studio)
fails        500 to json_schema, and json_object
json_object  400 to json_schema
text         400 to both
deaf         takes both and heeds neither: only a schema that stands in the prompt helps
"""

# What OpenAI's strict mode does not take, of what pydantic can write.
_NOT_STRICT = {"default", "oneOf", "allOf", "not", "patternProperties", "uniqueItems"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a request. `name` is what servers' sayings go by; the rest fills them."""

    name: str
    words: dict[str, Any] = field(default_factory=dict)


@dataclass
class Traits:
    """How the server is, for all requests.

    `context` is in tokens, prompt and reply together. `rejects` are parameters that are answered
    with 400 (`max_tokens`, `max_completion_tokens`, `temperature`, …), or the role `system`. `key`
    is the only key that is right; None for any, and none at all. `caches` lets `usage` count what
    of a prompt was sent before.
    """

    structured: Structured = "strict"
    context: int | None = None
    rejects: frozenset[str] = frozenset()
    key: str | None = None
    models: tuple[str, ...] | None = None
    caches: bool = False

    def key_problem(self, question: Question) -> Problem | None:
        """What the server has against the key, or that there is none."""
        given = question.asked.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if self.key is not None and given != self.key:
            return Problem("bad_key" if given else "no_key", {"key": masked(given)})
        return None

    def problem(self, question: Question) -> Problem | None:
        """What of the request the server refuses, in the order in which servers look."""
        refused = self.key_problem(question)
        if refused is not None:
            return refused
        if question.said is None or not question.messages:
            return Problem("bad_request", {"what": "We could not parse the JSON body."})
        if self.models is not None and question.model not in self.models:
            return Problem("unknown_model", {"model": question.model})
        for name in sorted(self.rejects):
            if name in question.said:
                return _rejected(name, question.said[name])
        if "system" in self.rejects and any(role == "system" for role, _ in question.messages):
            return Problem("no_system")
        refused = self._form_refused(question)
        if refused is not None:
            return refused
        limit = question.output_limit or 0
        if self.context and question.tokens + limit > self.context:
            return Problem(
                "context",
                {"context": self.context, "tokens": question.tokens, "limit": limit},
            )
        return None

    def heeds(self, question: Question) -> bool:
        """Whether the model will know the schema that is asked for."""
        if self.structured == "deaf" or question.level != "json_schema":
            return question.schema_in_text is not None
        return True

    def _form_refused(self, question: Question) -> Problem | None:
        level = question.level
        if level == "json_schema" and self.structured in ("json_object", "text"):
            return Problem("no_json_schema", {"model": question.model})
        if level == "json_schema" and self.structured == "fails":
            return Problem("json_schema_fails")
        if level == "json_object" and self.structured in ("schema_only", "text"):
            return Problem("no_json_object", {"model": question.model})
        if level == "json_object" and "json" not in question.text.lower():
            return Problem("no_word_json")
        if level == "json_schema" and self.structured == "strict":
            wrong = not_strict(question)
            if wrong:
                return Problem("schema_not_strict", {"what": wrong})
        return None


def not_strict(question: Question) -> str:
    """What OpenAI's strict mode would say against the schema; "" where it takes it."""
    beside = (question.said or {})["response_format"].get("json_schema") or {}
    name, schema = beside.get("name"), beside.get("schema")
    if (
        not isinstance(name, str)
        or not name
        or not name.replace("_", "").replace("-", "").isalnum()
    ):
        return "Invalid 'response_format.json_schema.name'."
    if not isinstance(schema, dict):
        return "Missing required parameter: 'response_format.json_schema.schema'."
    said = f"Invalid schema for response_format '{name}': "
    if not beside.get("strict"):
        return ""
    if resolved(schema, schema).get("type") != "object":
        return said + "schema must be a JSON Schema of 'type: \"object\"'."
    wrong = _unfit(schema, ())
    return said + wrong if wrong else ""


def _unfit(schema: Any, path: tuple[str, ...]) -> str:
    if isinstance(schema, list):
        return next(filter(None, (_unfit(part, path) for part in schema)), "")
    if not isinstance(schema, dict):
        return ""
    unknown = _NOT_STRICT & set(schema)
    if unknown:
        return f"In context={path}, '{min(unknown)}' is not permitted."
    if "$ref" in schema and set(schema) - {"$ref"}:
        return f"In context={path}, $ref cannot have keywords {set(schema) - {'$ref'}}."
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            return (
                f"In context={path}, 'additionalProperties' is required to be supplied and to be"
                " false."
            )
        missing = set(schema.get("properties", {})) - set(schema.get("required", ()))
        if missing:
            return (
                f"In context={path}, 'required' is required to be supplied and to be an array"
                f" including every key in properties. Missing '{min(missing)}'."
            )
    for name in ("properties", "$defs"):
        for key, part in schema.get(name, {}).items():
            wrong = _unfit(part, (*path, name, key))
            if wrong:
                return wrong
    for name in ("items", "anyOf"):
        wrong = _unfit(schema.get(name), (*path, name))
        if wrong:
            return wrong
    return ""


def _rejected(name: str, value: object) -> Problem:
    other = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
    kind = "unsupported_value" if name == "temperature" else "unsupported_parameter"
    return Problem(kind, {"name": name, "value": value, "other": other.get(name, "")})


def masked(key: str) -> str:
    """A key as OpenAI repeats it: its ends are there to see."""
    return f"{key[:8]}{'*' * max(4, len(key) - 12)}{key[-4:]}" if len(key) > 12 else "*" * len(key)
