"""How seven kinds of OpenAI-compatible servers put their replies and their errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.standins.llm_faults import Fault
from tests.standins.llm_openai import HTML, JSON, PAGE, Completion, OpenAI, Saying, dumped
from tests.standins.llm_question import Question
from tests.standins.llm_traits import Problem
from tests.standins.tunnel import Reply


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
