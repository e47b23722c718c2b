"""What servers' failures mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.errors import (
    CompletionTooLong,
    KeyMissing,
    KeyRefused,
    ModelRefused,
    ModelUnknown,
    NoQuota,
    ServerForbids,
    ServerUrlWrong,
)
from generator.summarizer.completions.servers import Server
from generator.summarizer.completions.verdicts import Passing, Unfit, verdict

KEY = "sk-proj-Zr7Qm2Lx9WvT4bNc"
SERVER = Server("small", "http://localhost:9/v1", KEY)


def judged(status: int, said: Any = "", *, answered: bool = False, **headers: str) -> Exception:
    text = said if isinstance(said, str) else json.dumps(said)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return verdict(status, names, text, SERVER, answered=answered)


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


@pytest.mark.parametrize(
    ("status", "said", "meaning"),
    [
        (400, error("too much", code="context_length_exceeded"), CompletionTooLong),
        (400, error("This model's maximum context length is 8192 tokens."), CompletionTooLong),
        (400, error("the request exceeds the available context size"), CompletionTooLong),
        (400, error("The input token count (9) exceeds the maximum of 8."), CompletionTooLong),
        (400, error("The prompt is too long: 9 tokens, model maximum 8"), CompletionTooLong),
        (413, "", CompletionTooLong),
        (429, error("Request too large for small on tokens per min"), CompletionTooLong),
        (500, error("input is too long for the context window"), CompletionTooLong),
        (429, error("Pay.", code="insufficient_quota"), NoQuota),
        (429, error("You exceeded your current quota, please check your plan."), NoQuota),
        (429, error("You exceeded your current quota. Please retry in 34s."), Passing),
        (402, error("Insufficient Balance"), NoQuota),
        (402, "", NoQuota),
        (403, error("Your account has insufficient funds"), NoQuota),
        (401, "", KeyRefused),
        (400, [error("API key not valid. Please pass a valid API key.")], KeyRefused),
        (403, error("This API key may not do that"), KeyRefused),
        (403, error("Country not supported"), ServerForbids),
        (403, error("Project has no access to model small", code="model_not_found"), ModelUnknown),
        (403, error("Your input was flagged by moderation"), ModelRefused),
        (400, error("The content management policy", code="content_filter"), ModelRefused),
        (404, error("The model `small` does not exist"), ModelUnknown),
        (404, error('model "small" not found, try pulling it first'), ModelUnknown),
        (404, error("models/small is not found for API version v1"), ModelUnknown),
        (400, error("small is not a valid model ID"), ModelUnknown),
        (404, "404 page not found", ServerUrlWrong),
        (405, "", ServerUrlWrong),
        (302, "", ServerUrlWrong),
        (404, error("No endpoints found for the requested parameters"), Unfit),
        (400, error("Unsupported parameter: 'temperature'"), Unfit),
        (422, {"detail": [{"loc": ["body", "response_format"]}]}, Unfit),
        (418, "", Unfit),
        (429, error("Rate limit reached. See your plan and billing details."), Passing),
        (408, "", Passing),
        (409, "", Passing),
        (500, "", Passing),
        (503, "<html>busy</html>", Passing),
        (529, error("Overloaded"), Passing),
    ],
)
def test_what_a_failure_means(status: int, said: Any, meaning: type[Exception]):
    assert type(judged(status, said)) is meaning


def test_a_wrong_path_is_only_one_before_the_first_completion():
    assert type(judged(404, "Not Found", answered=True)) is Unfit


def test_a_path_without_a_version_gets_one_proposed():
    bare = Server("small", "http://localhost:9")
    found = verdict(404, {}, "", bare, answered=False)
    assert isinstance(found, ServerUrlWrong)
    assert "Try --base-url http://localhost:9/v1." in found.message


def test_the_wait_goes_with_what_passes():
    found = judged(429, "", retry_after="12")
    assert isinstance(found, Passing)
    assert (found.wait, found.status) == (12.0, 429)


def test_without_a_key_one_is_missing():
    keyless = Server("small", "http://localhost:9/v1")
    assert type(verdict(401, {}, "", keyless, answered=False)) is KeyMissing


def test_where_requests_are_sent_on_to_is_said_without_its_query():
    found = judged(301, "", location=f"https://login.example/start?back={KEY}")
    assert isinstance(found, ServerUrlWrong)
    assert "sends requests on to login.example/start." in found.message


@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 405, 418, 422, 429, 500, 503])
def test_no_text_has_the_key_whatever_the_server_says(status: int):
    for said in (error(f"Bad key {KEY}!"), f"{KEY}", error(f"no model {KEY}"), error("x " + KEY)):
        found = judged(status, said, location=f"https://h.example/{KEY}")
        shown = getattr(found, "message", "") + str(found) + getattr(found, "reason", "")
        assert KEY not in shown
        assert "Zr7Qm2" not in shown
