"""What a service sends back, in any state: read as far as it makes sense."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import pytest

from generator.batchapi.jobs import (
    SUBMISSION,
    Job,
    NotAJob,
    is_full,
    limit_in,
    read_file_id,
    read_files,
    read_job,
    read_page,
)
from generator.batchapi.lines import NotALine, Result, read_result, request_line, split_lines
from generator.library.batches import BatchedRequest
from generator.summarizer.completions.conversing import key_of, logical
from generator.summarizer.completions.dialects import dialect_of, dialect_to_json
from generator.summarizer.completions.servers import Dialect, Level, Message, Server
from tests.batchapi.stories import request


def lines_of(chunks: Sequence[bytes], longest: int = 10) -> list[bytes | None]:
    async def given() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def read() -> list[bytes | None]:
        return [line async for line in split_lines(given(), longest)]

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ([b"a\nb\n"], [b"a", b"b"]),
        ([b"a", b"b\nc"], [b"ab", b"c"]),
        ([b"\n\n \r\n", b"a\r\n"], [b"a"]),
        ([b"0123456789\n01234567890\nb\n"], [b"0123456789", None, b"b"]),
        ([b"01234", b"567", b"8901", b"2345\nb"], [None, b"b"]),
        ([b"a\n", b"x" * 50], [b"a", None]),
        ([], []),
    ],
)
def test_a_stream_is_cut_into_lines_and_one_that_is_too_long_is_told(chunks, lines):
    assert lines_of(chunks) == lines


def test_a_request_is_put_as_live_in_every_dialect():
    asked = request("one", "outline")
    text = logical("gpt", asked, asked.messages)
    schema = json.dumps(asked.schema)
    kept = BatchedRequest(key_of(text), "outline", "one", "gpt", text, schema, 1, 1)
    for dialect in (
        Dialect(),
        Dialect(level=Level.JSON_OBJECT, limits=("max_completion_tokens",)),
        Dialect(level=Level.PROMPT, limits=(), temperature=False, system=False, most_output=9),
    ):
        line = json.loads(request_line(kept, dialect, "/v1/chat/completions"))
        # In the order of fields, too: a model writes them so.
        body = dialect.parameters("gpt", asked, asked.messages)
        assert json.dumps(line["body"]) == json.dumps(body)
        assert line["custom_id"] == kept.key
        assert dialect_of(dialect_to_json(dialect), Server("gpt")) == dialect


def test_half_of_a_surrogate_pair_is_sent_as_the_escape_that_json_has():
    asked = request("one", "outline")
    messages = (Message("user", "a\ud800b é"),)
    text = logical("gpt", asked, messages)
    kept = BatchedRequest("k", "outline", "one", "gpt", text, "{}", 1, 1)
    line = request_line(kept, Dialect(), "/v1")
    assert b"a\\ud800b \xc3\xa9" in line
    assert json.loads(line)["body"]["messages"][0]["content"] == "a\ud800b é"
    assert line.count(b"\n") == 1


@pytest.mark.parametrize("kept", ["", "{", "[]", "{}", '{"level": 9}', "null", '{"level": "x"}'])
def test_a_dialect_that_is_none_is_the_first_to_try(kept):
    assert dialect_of(kept, Server("gpt", "http://localhost/v1")) == Dialect()


@pytest.mark.parametrize(
    ("line", "result"),
    [
        (
            {"custom_id": "k", "response": {"status_code": 200, "body": {"a": 1}}},
            Result("k", 200, b'{"a": 1}'),
        ),
        (
            {"custom_id": "k", "response": {"status_code": 429, "body": "busy"}, "error": None},
            Result("k", 429, b'"busy"'),
        ),
        (
            {"custom_id": "k", "response": None, "error": {"code": "batch_expired"}},
            Result("k", 0, b"batch_expired"),
        ),
        ({"custom_id": "k", "error": "why"}, Result("k", 0, b"why")),
        ({"custom_id": "k"}, Result("k", 0, b"unanswered")),
        (
            {"custom_id": "k", "response": {"status_code": "200", "body": {"choices": [1]}}},
            Result("k", 200, b'{"choices": [1]}'),
        ),
        ({"custom_id": "k", "response": {"status_code": True}}, Result("k", 0, b"unanswered")),
        ({"custom_id": "k", "response": {"status_code": 10**9}}, Result("k", 0, b"unanswered")),
        ({"custom_id": "k", "response": [], "error": []}, Result("k", 0, b"unanswered")),
    ],
)
def test_results(line, result):
    assert read_result(json.dumps(line).encode()) == result


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"[" * 100_000,
        b"\xff",
        b'{"custom_id": 5}',
        b'{"custom_id": null}',
    ],
)
def test_lines_that_are_no_result(line):
    with pytest.raises(NotALine):
        read_result(line)


def test_a_job():
    told = {
        "id": "batch_1",
        "status": "in_progress",
        "metadata": {SUBMISSION: "s"},
        "input_file_id": "file-1",
        "request_counts": {"total": 3, "completed": 1, "failed": 1},
        "errors": {"data": [{"code": "c", "message": "m", "line": 2}, None]},
        "expires_at": 5,
    }
    job = read_job(json.dumps(told).encode())
    assert (job.submission, job.files, job.total, job.done) == ("s", ("file-1",), 3, 1)
    assert [(each.code, each.message, each.line) for each in job.problems] == [("c", "m", 2)]
    assert not job.is_over


@pytest.mark.parametrize(
    "told",
    [
        {"status": "completed"},
        {"id": "../files", "status": "completed"},
        {"id": "a/b", "status": "completed"},
        {"id": "b", "status": None},
        {"id": "b", "status": "done\x1b[31m"},
        {"id": ["b"], "status": "completed"},
        {"id": "b" * 300, "status": "completed"},
        [],
        None,
    ],
)
def test_what_is_no_job(told):
    with pytest.raises(NotAJob):
        read_job(json.dumps(told).encode())


def test_odd_fields_of_a_job_count_for_nothing():
    odd = {
        "id": "b",
        "status": "completed",
        "metadata": "x",
        "output_file_id": "../../secrets",
        "error_file_id": 7,
        "request_counts": {"total": "3", "completed": -1, "failed": 1e99},
        "errors": 5,
        "expires_at": True,
    }
    assert read_job(json.dumps(odd).encode()) == Job("b", "completed")


def test_pages():
    page = {"data": [{"id": "b", "status": "failed"}, 5, {"id": 1}], "has_more": True}
    jobs, more = read_page(json.dumps(page).encode())
    assert ([job.id for job in jobs], more) == (["b"], True)
    assert read_page(b'{"data": [], "has_more": true}') == ([], False)
    files = {"data": [{"id": "f", "filename": "n"}, {"id": "../f"}, None]}
    assert read_files(json.dumps(files).encode()) == ([("f", "n")], False)
    for body in (b"<html>", b"[]", b'{"data": {}}', b"{" * 100_000):
        with pytest.raises(NotAJob):
            read_page(body)
    with pytest.raises(NotAJob):
        read_file_id(b"{}")


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("Enqueued token limit reached for gpt. Limit: 2,000,000 enqueued tokens.", 2_000_000),
        ("The number of enqueued tokens has surpassed the configured limit of 30K for", 30_000),
        ("enqueued tokens: limit 1.5M", 1_500_000),
        ("token_limit_exceeded", None),
        ("token_limit_exceeded limit: 1.2.3.4", None),
        ("token_limit_exceeded limit: 0", 1),
    ],
)
def test_a_full_queue_and_its_limit(said, limit):
    assert is_full(said)
    assert limit_in(said) == limit
    assert not is_full("rate limit reached, try again in 1 s")
