"""What servers' replies hold, and what they do not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.summarizer.completions.answers import (
    Answer,
    ErrorInside,
    NotAnAnswer,
    message_of,
    read_answer,
    words_of,
)


def body(message: Any = None, finish: str | None = "stop", **more: Any) -> bytes:
    message = {"role": "assistant", "content": "{}"} if message is None else message
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return json.dumps({"model": "small-2026", "choices": [choice], **more}).encode()


def test_a_whole_answer():
    usage = {
        "prompt_tokens": 120,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 100},
    }
    assert read_answer(body(usage=usage)) == Answer("{}", "stop", "small-2026", 120, 100, 7)


@pytest.mark.parametrize(
    ("message", "finish", "text", "ended"),
    [
        ({"content": "{}"}, None, "{}", "stop"),
        ({"content": '{"a'}, "length", '{"a', "length"),
        ({"content": '{"a'}, "MAX_TOKENS", '{"a', "length"),
        ({"content": None}, "length", "", "length"),
        ({"content": None, "refusal": "I will not."}, "stop", "I will not.", "refused"),
        ({"content": '{"a'}, "content_filter", '{"a', "refused"),
        ({"content": None}, "SAFETY", "", "refused"),
        ({"content": [{"type": "text", "text": "{"}, {"text": "}"}, "!"]}, "stop", "{}!", "stop"),
        ({"content": [{"type": "refusal", "refusal": "No."}]}, "stop", "No.", "refused"),
        ({"content": {"title": "Tides"}}, "stop", '{"title": "Tides"}', "stop"),
        ({"content": "\ud83d"}, "stop", "\ufffd", "stop"),
    ],
)
def test_what_a_message_says(message: Any, finish: str | None, text: str, ended: str):
    answer = read_answer(body(message, finish))
    assert (answer.text, answer.ended) == (text, ended)


@pytest.mark.parametrize(
    "usage",
    [None, {}, "many", {"prompt_tokens": None}, {"prompt_tokens": -1, "completion_tokens": True}],
)
def test_counts_that_make_no_sense_are_not_known(usage: Any):
    answer = read_answer(body(usage=usage))
    assert (answer.input_tokens, answer.cached_tokens, answer.output_tokens) == (None, 0, None)


def test_what_stands_around_the_body_is_passed_over():
    for around in (b"\xef\xbb\xbf", b"\n \n", b"\r\n\r\n"):
        assert read_answer(around + body() + b"\n").text == "{}"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (b"", "its reply is not JSON"),
        (b"data: [DONE]", "its reply is not JSON"),
        (body()[:-9], "its reply breaks off"),
        (b"[1]", "its reply is not a JSON object"),
        (b"[" * 100_000, "its reply is not JSON"),
        (b'{"choices": []}', "its reply holds no completion"),
        (b'{"choices": null}', "its reply holds no completion"),
        (b'{"choices": [{}]}', "its reply holds no message"),
        (body({"content": None}), "its reply holds an empty message"),
        (body({"content": " \n"}), "its reply holds an empty message"),
        (body({"content": 5}), "its reply holds an empty message"),
    ],
)
def test_what_is_no_answer(reply: bytes, reason: str):
    with pytest.raises(NotAnAnswer) as caught:
        read_answer(reply)
    assert (str(caught.value), caught.value.is_page) == (reason, False)


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><p>Hi", b"\n<html>", b"<?xml version='1.0'?>"])
def test_a_page_for_people_is_told_apart(page: bytes):
    with pytest.raises(NotAnAnswer) as caught:
        read_answer(page)
    assert caught.value.is_page


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (b'{"error": {"message": "Rate limited", "code": 429}}', 429),
        (b'{"error": {"message": "no", "code": "502"}}', 502),
        (b'{"error": "overloaded", "choices": []}', 500),
        (b'{"error": {"code": 200}}', 500),
        (b'{"choices": [{"error": {"code": 503}}]}', 503),
        (body({"content": "{}"}, "error"), 500),
    ],
)
def test_an_error_in_a_successful_reply(reply: bytes, status: int):
    with pytest.raises(ErrorInside) as caught:
        read_answer(reply)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("reply", "words", "message"),
    [
        (
            '{"error": {"message": "No.", "code": "x", "type": "y"}}',
            "No. | x | y",
            "No.",
        ),
        ('[{"error": {"message": "No.", "status": "INVALID"}}]', "No. | INVALID", "No."),
        ('{"error": "No."}', "No.", "No."),
        ('{"detail": "Not Found"}', "Not Found", "Not Found"),
        ('{"object": "error", "message": "No."}', "No.", "No."),
        ("<html>No.</html>", "<html>No.</html>", ""),
        ("No.", "No.", "No."),
        ("", "", ""),
        ("[]", "[]", ""),
    ],
)
def test_the_words_of_an_error(reply: str, words: str, message: str):
    assert (words_of(reply), message_of(reply)) == (words, message)
