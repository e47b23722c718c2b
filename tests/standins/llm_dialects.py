"""How seven kinds of OpenAI-compatible servers put their replies and their errors."""

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


class _Local(OpenAI):
    """What servers on one's own machine leave out."""

    def headers(self, question: Question) -> dict[str, str]:
        return dict(JSON)

    def usage(self, question: Question, completion: Completion) -> dict[str, Any]:
        used = super().usage(question, completion)
        return {name: used[name] for name in ("prompt_tokens", "completion_tokens", "total_tokens")}

    def message_extras(self, completion: Completion) -> dict[str, Any]:
        return {}


class Ollama(_Local):
    """Ollama: no `refusal`, thinking in `reasoning`."""

    name = "ollama"
    owner = "library"
    fingerprint = "fp_ollama"
    reasoning_field = "reasoning"
    sayings: ClassVar[Mapping[str, Saying]] = {
        "unknown_model": (404, "model '{model}' not found", "not_found_error", None, None),
        "bad_request": (400, "{what}", "invalid_request_error", None, None),
        "server_error": (500, "llama runner process has terminated", "api_error", None, None),
        "overloaded": (
            503,
            "server busy, please try again.  maximum pending requests exceeded",
            "api_error",
            None,
            None,
        ),
    }

    def wrong_path(self, question: Question) -> Reply:
        return Reply(404, b"404 page not found", {"Content-Type": "text/plain"})


class LlamaCpp(_Local):
    """llama-server: the status stands in the body as a number, timings beside the usage."""

    name = "llama.cpp"
    owner = "llamacpp"
    fingerprint = "b6000-standin"
    reasoning_field = "reasoning_content"
    sayings: ClassVar[Mapping[str, Saying]] = {
        "bad_key": (401, "Invalid API Key", "authentication_error", None, None),
        "no_key": (401, "Invalid API Key", "authentication_error", None, None),
        "overloaded": (503, "Loading model", "unavailable_error", None, None),
        "json_schema_fails": (
            500,
            "Failed to parse grammar",
            "server_error",
            None,
            None,
        ),
        "context": (
            400,
            "the request exceeds the available context size, try increasing it",
            "exceed_context_size_error",
            None,
            None,
        ),
    }

    def error(self, saying: Saying, problem: Problem) -> Any:
        status, message, kind, _, _ = saying
        error: dict[str, Any] = {"code": status, "message": message, "type": kind}
        if problem.name == "context":
            error |= {"n_prompt_tokens": problem.words["tokens"], "n_ctx": problem.words["context"]}
        return {"error": error}

    def completion(self, question: Question, completion: Completion) -> dict[str, Any]:
        timings = {"prompt_n": question.tokens, "predicted_n": completion.output}
        return {**super().completion(question, completion), "timings": timings}

    def wrong_path(self, question: Question) -> Reply:
        error = {"code": 404, "message": "File Not Found", "type": "not_found_error"}
        return Reply(404, dumped({"error": error}), JSON)


class VLLM(_Local):
    """vLLM: errors without a frame; the output limit counts against the context."""

    name = "vllm"
    owner = "vllm"
    fingerprint = None
    reasoning_field = "reasoning_content"
    sayings: ClassVar[Mapping[str, Saying]] = {
        "bad_key": (401, "Unauthorized", None, None, None),
        "no_key": (401, "Unauthorized", None, None, None),
        "unknown_model": (
            404,
            "The model `{model}` does not exist.",
            "NotFoundError",
            None,
            None,
        ),
        "bad_request": (400, "{what}", "BadRequestError", None, None),
        "server_error": (500, "Internal server error", "InternalServerError", None, None),
        "json_schema_fails": (500, "Internal server error", "InternalServerError", None, None),
        "context": (
            400,
            "This model's maximum context length is {context} tokens. However, you requested"
            " {tokens} tokens in the messages and {limit} in the completion. Please reduce the"
            " length of the messages or completion.",
            "BadRequestError",
            None,
            None,
        ),
    }

    def error(self, saying: Saying, problem: Problem) -> Any:
        status, message, kind, param, _ = saying
        if status == 401:
            return {"error": message}
        return {
            "object": "error",
            "message": message,
            "type": kind,
            "param": param,
            "code": status,
        }

    def choice_extras(self, completion: Completion) -> dict[str, Any]:
        return {"stop_reason": None}

    def message_extras(self, completion: Completion) -> dict[str, Any]:
        return {"tool_calls": [], "reasoning_content": None}

    def usage(self, question: Question, completion: Completion) -> dict[str, Any]:
        return {**super().usage(question, completion), "prompt_tokens_details": None}

    def wrong_path(self, question: Question) -> Reply:
        return Reply(404, dumped({"detail": "Not Found"}), JSON)


class LMStudio(_Local):
    """LM Studio: errors are bare sentences, and a wrong path is answered with 200."""

    name = "lmstudio"
    owner = "organization_owner"
    reasoning_field = "reasoning_content"
    sayings: ClassVar[Mapping[str, Saying]] = {
        "unknown_model": (404, 'Model "{model}" not found.', None, None, None),
        "context": (
            400,
            "Trying to keep the first {tokens} tokens when context the overflows. However, the"
            " model is loaded with context length of only {context} tokens, which is not enough."
            " Try to load the model with a larger context length, or provide a shorter input",
            None,
            None,
            None,
        ),
    }

    def error(self, saying: Saying, problem: Problem) -> Any:
        return {"error": saying[1]}

    def wrong_path(self, question: Question) -> Reply:
        where = f"({question.asked.method} {question.asked.path})"
        said = f"Unexpected endpoint or method. {where}. Returning 200 anyway"
        return Reply(200, dumped({"error": said}), JSON)


class Gemini(OpenAI):
    """Gemini's compatible endpoint: errors in a list, 400 for a wrong key."""

    name = "gemini"
    prefix = "/v1beta/openai"
    owner = "google"
    fingerprint = None
    sayings: ClassVar[Mapping[str, Saying]] = {
        "bad_key": (
            400,
            "API key not valid. Please pass a valid API key.",
            "INVALID_ARGUMENT",
            None,
            "API_KEY_INVALID",
        ),
        "no_key": (
            400,
            "Missing or invalid Authorization header.",
            "INVALID_ARGUMENT",
            None,
            None,
        ),
        "forbidden": (
            403,
            "User location is not supported for the API use.",
            "PERMISSION_DENIED",
            None,
            None,
        ),
        "unknown_model": (
            404,
            "models/{model} is not found for API version v1main, or is not supported for"
            " generateContent.",
            "NOT_FOUND",
            None,
            None,
        ),
        "rate_limited": (
            429,
            "You exceeded your current quota, please check your plan and billing details."
            " * Quota exceeded for metric: generate_content_free_tier_requests, limit: 15\n"
            "Please retry in 1.5s.",
            "RESOURCE_EXHAUSTED",
            None,
            None,
        ),
        "overloaded": (
            503,
            "The model is overloaded. Please try again later.",
            "UNAVAILABLE",
            None,
            None,
        ),
        "server_error": (500, "An internal error has occurred.", "INTERNAL", None, None),
        "json_schema_fails": (500, "An internal error has occurred.", "INTERNAL", None, None),
        "context": (
            400,
            "The input token count ({tokens}) exceeds the maximum number of tokens allowed"
            " ({context}).",
            "INVALID_ARGUMENT",
            None,
            None,
        ),
    }

    def error(self, saying: Saying, problem: Problem) -> Any:
        status, message, kind, _, code = saying
        error: dict[str, Any] = {"code": status, "message": message, "status": kind}
        if code == "API_KEY_INVALID":
            info = "type.googleapis.com/google.rpc.ErrorInfo"
            error["details"] = [{"@type": info, "reason": code, "domain": "googleapis.com"}]
        if problem.name == "rate_limited":
            info = "type.googleapis.com/google.rpc.RetryInfo"
            error["details"] = [{"@type": info, "retryDelay": "1s"}]
        return [{"error": error}]

    def limits(self, fault: Fault, status: int) -> dict[str, str]:
        return {}

    def headers(self, question: Question) -> dict[str, str]:
        return dict(JSON)

    def message_extras(self, completion: Completion) -> dict[str, Any]:
        return {}

    def usage(self, question: Question, completion: Completion) -> dict[str, Any]:
        used = super().usage(question, completion)
        return {name: used[name] for name in ("prompt_tokens", "completion_tokens", "total_tokens")}

    def wrong_path(self, question: Question) -> Reply:
        return Reply(404, PAGE.format("Error 404 (Not Found)!!1").encode(), HTML)


class OpenRouter(OpenAI):
    """openrouter.ai: 402 where money lacks, its own finish reasons, what it cost."""

    name = "openrouter"
    prefix = "/api/v1"
    owner = "openrouter"
    fingerprint = None
    reasoning_field = "reasoning"
    sayings: ClassVar[Mapping[str, Saying]] = {
        "bad_key": (401, "User not found.", None, None, None),
        "no_key": (401, "No auth credentials found", None, None, None),
        "no_quota": (
            402,
            "Insufficient credits. Add more using https://openrouter.ai/settings/credits",
            None,
            None,
            None,
        ),
        "unknown_model": (400, "{model} is not a valid model ID", None, None, None),
        "rate_limited": (
            429,
            "Rate limit exceeded: free-models-per-min. ",
            None,
            None,
            None,
        ),
        "context": (
            400,
            "This endpoint's maximum context length is {context} tokens. However, you requested"
            " about {tokens} tokens. Please reduce the length of either one, or use the"
            ' "middle-out" transform to compress your prompt automatically.',
            None,
            None,
            None,
        ),
    }

    def error(self, saying: Saying, problem: Problem) -> Any:
        status, message, _, _, _ = saying
        return {"error": {"message": message, "code": status}, "user_id": "user_standin"}

    def limits(self, fault: Fault, status: int) -> dict[str, str]:
        headers = super().limits(fault, status)
        return {name: value for name, value in headers.items() if name == "Retry-After"}

    def headers(self, question: Question) -> dict[str, str]:
        return dict(JSON)

    def completion(self, question: Question, completion: Completion) -> dict[str, Any]:
        body = super().completion(question, completion)
        return {**body, "id": f"gen-{question.digest[:20]}", "provider": "Stand-in"}

    def choice_extras(self, completion: Completion) -> dict[str, Any]:
        return {"native_finish_reason": completion.finish}

    def message_extras(self, completion: Completion) -> dict[str, Any]:
        return {"refusal": completion.refusal, "reasoning": None}

    def usage(self, question: Question, completion: Completion) -> dict[str, Any]:
        return {**super().usage(question, completion), "cost": 0.00042, "is_byok": False}

    def wrong_path(self, question: Question) -> Reply:
        return Reply(200, PAGE.format("A page for people").encode(), HTML)


DIALECTS = {
    dialect.name: dialect
    for dialect in (OpenAI(), Ollama(), LlamaCpp(), VLLM(), LMStudio(), Gemini(), OpenRouter())
}


def dumped(body: Any) -> bytes:
    """A body as it is sent."""
    return json.dumps(body, ensure_ascii=False).encode()
