"""How OpenAI puts its replies and its errors; the other kinds of servers differ from that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.standins.llm_faults import Fault
from tests.standins.llm_question import Question
from tests.standins.llm_traits import Problem
from tests.standins.tunnel import Reply

CREATED = 1_767_225_600
COOKIE = "standin-cookie-that-stands-for-a-secret"
ORGANIZATION = "org-standinthatisnobodys"
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"

Saying = tuple[int, str, str | None, str | None, str | None]
"""Status, message, type, param, code."""


@dataclass(frozen=True)
class Completion:
    """A model's reply before any server puts it. `content` and `reasoning` as in the message."""

    content: str | None
    finish: str | None = "stop"
    refusal: str | None = None
    reasoning: str = ""
    cached: int = 0
    output: int = 0


class OpenAI:
    """api.openai.com, and what the others differ from."""

    name = "openai"
    prefix = "/v1"
    owner = "openai"
    fingerprint: str | None = "fp_standin"
    reasoning_field = ""
    sayings: ClassVar[Mapping[str, Saying]] = {
        "bad_key": (
            401,
            "Incorrect API key provided: {key}. You can find your API key at"
            " https://platform.openai.com/account/api-keys.",
            "invalid_request_error",
            None,
            "invalid_api_key",
        ),
        "no_key": (
            401,
            "You didn't provide an API key. You need to provide your API key in an Authorization"
            " header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            "invalid_request_error",
            None,
            None,
        ),
        "forbidden": (
            403,
            "Country, region, or territory not supported",
            "request_forbidden",
            None,
            "unsupported_country_region_territory",
        ),
        "no_quota": (
            429,
            "You exceeded your current quota, please check your plan and billing details. For more"
            " information on this error, read the docs:"
            " https://platform.openai.com/docs/guides/error-codes/api-errors.",
            "insufficient_quota",
            None,
            "insufficient_quota",
        ),
        "unknown_model": (
            404,
            "The model `{model}` does not exist or you do not have access to it.",
            "invalid_request_error",
            None,
            "model_not_found",
        ),
        "bad_request": (400, "{what}", "invalid_request_error", None, None),
        "request_timeout": (408, "The request timed out.", "server_error", None, None),
        "conflict": (409, "Another request changed the resource.", "conflict", None, None),
        "rate_limited": (
            429,
            "Rate limit reached for {model} in organization " + ORGANIZATION + " on tokens per min"
            " (TPM): Limit 200000, Used 199000, Requested {tokens}. Please try again in 1.5s. Visit"
            " https://platform.openai.com/account/rate-limits to learn more.",
            "tokens",
            None,
            "rate_limit_exceeded",
        ),
        "server_error": (
            500,
            "The server had an error while processing your request. Sorry about that!",
            "server_error",
            None,
            None,
        ),
        "overloaded": (
            503,
            "The engine is currently overloaded, please try again later.",
            "service_unavailable",
            None,
            None,
        ),
        "error_in_200": (502, "Provider returned error", "upstream_error", None, None),
        "unsupported_parameter": (
            400,
            "Unsupported parameter: '{name}' is not supported with this model. Use '{other}'"
            " instead.",
            "invalid_request_error",
            "{name}",
            "unsupported_parameter",
        ),
        "unsupported_value": (
            400,
            "Unsupported value: '{name}' does not support {value} with this model. Only the default"
            " (1) value is supported.",
            "invalid_request_error",
            "{name}",
            "unsupported_value",
        ),
        "no_system": (400, "System role not supported", "BadRequestError", None, None),
        "no_json_schema": (
            400,
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this"
            " model.",
            "invalid_request_error",
            "response_format",
            None,
        ),
        "no_json_object": (
            400,
            "'response_format.type' must be 'json_schema' or 'text'",
            "invalid_request_error",
            "response_format",
            None,
        ),
        "json_schema_fails": (500, "Internal Server Error", "server_error", None, None),
        "no_word_json": (
            400,
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type"
            " 'json_object'.",
            "invalid_request_error",
            "messages",
            None,
        ),
        "schema_not_strict": (
            400,
            "{what}",
            "invalid_request_error",
            "response_format",
            None,
        ),
        "context": (
            400,
            "This model's maximum context length is {context} tokens. However, your messages"
            " resulted in {tokens} tokens. Please reduce the length of the messages.",
            "invalid_request_error",
            "messages",
            "context_length_exceeded",
        ),
    }

    def says(self, problem: Problem, question: Question) -> Saying:
        """What this kind of server says to a problem."""
        words = {"model": question.model, "tokens": question.tokens, "key": "", "what": "Bad."}
        words |= problem.words
        known = {**OpenAI.sayings, **self.sayings}
        status, message, kind, param, code = known[problem.name]
        named = None if param is None else param.format(**words)
        return status, message.format(**words), kind, named, code

    def refuse(self, problem: Problem, question: Question, fault: Fault | None = None) -> Reply:
        """The reply to a request with a problem; `fault` has the headers of a rate limit."""
        saying = self.says(problem, question)
        status = 200 if problem.name == "error_in_200" else saying[0]
        headers = self.headers(question) | (self.limits(fault, saying[0]) if fault else {})
        return Reply(status, dumped(self.error(saying, problem)), headers)

    def error(self, saying: Saying, problem: Problem) -> Any:
        """The body of an error."""
        _, message, kind, param, code = saying
        return {"error": {"message": message, "type": kind, "param": param, "code": code}}

    def limits(self, fault: Fault, status: int) -> dict[str, str]:
        """The headers that say when to come back."""
        headers = {}
        if fault.retry_after is not None and status in (408, 429, 503):
            headers["Retry-After"] = fault.retry_after
        if fault.reset is not None and status == 429:
            headers |= {
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-requests": fault.reset,
                "x-ratelimit-reset-tokens": fault.reset,
            }
        return headers

    def headers(self, question: Question) -> dict[str, str]:
        """What every reply has; the request's id is the same for the same body."""
        return {
            **JSON,
            "x-request-id": f"req_{question.digest[:32]}",
            "openai-organization": ORGANIZATION,
            "openai-processing-ms": "412",
            "openai-version": "2020-10-01",
            "x-ratelimit-limit-requests": "500",
            "x-ratelimit-limit-tokens": "200000",
            "x-ratelimit-remaining-requests": "499",
            "x-ratelimit-remaining-tokens": "198000",
            "x-ratelimit-reset-requests": "120ms",
            "x-ratelimit-reset-tokens": "6ms",
            "Set-Cookie": f"__cf_bm={COOKIE}; path=/; domain=.api.openai.com; HttpOnly; Secure",
        }

    def completion(self, question: Question, completion: Completion) -> dict[str, Any]:
        """The body of a reply in good form."""
        message: dict[str, Any] = {"role": "assistant", "content": completion.content}
        message |= self.message_extras(completion)
        if completion.reasoning:
            message[self.reasoning_field or "reasoning_content"] = completion.reasoning
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": completion.finish,
        }
        body = {
            "id": f"chatcmpl-{question.digest[:24]}",
            "object": "chat.completion",
            "created": CREATED,
            "model": question.model,
            "choices": [choice | self.choice_extras(completion)],
            "usage": self.usage(question, completion),
        }
        if self.fingerprint:
            body["system_fingerprint"] = self.fingerprint
        return body

    def message_extras(self, completion: Completion) -> dict[str, Any]:
        return {"refusal": completion.refusal, "annotations": []}

    def choice_extras(self, completion: Completion) -> dict[str, Any]:
        return {}

    def usage(self, question: Question, completion: Completion) -> dict[str, Any]:
        return {
            "prompt_tokens": question.tokens,
            "completion_tokens": completion.output,
            "total_tokens": question.tokens + completion.output,
            "prompt_tokens_details": {"cached_tokens": completion.cached, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }

    def models(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The body of GET /models."""
        data = [
            {"id": name, "object": "model", "created": CREATED, "owned_by": self.owner}
            for name in names
        ]
        return {"object": "list", "data": data}

    def wrong_path(self, question: Question) -> Reply:
        """The reply where there is nothing."""
        where = f"{question.asked.method} {question.asked.path}"
        error = {
            "message": f"Invalid URL ({where})",
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
        return Reply(404, dumped({"error": error}), JSON)


def dumped(body: Any) -> bytes:
    """A body as it is sent."""
    return json.dumps(body, ensure_ascii=False).encode()
