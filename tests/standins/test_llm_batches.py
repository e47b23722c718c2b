"""The stand-in's batch service, asked with the openai package: states, delays, partial ends."""

from __future__ import annotations

import json
from collections.abc import Iterator

import openai
import pytest

from tests.standins.llm import LLMStandIn


@pytest.fixture
def llm() -> Iterator[LLMStandIn]:
    with LLMStandIn(lambda question: json.dumps({"said": question.asks})) as server:
        yield server


@pytest.fixture
def client(llm) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key="any", base_url=llm.base_url, max_retries=0) as made:
        yield made


def submit(client: openai.OpenAI, *ids: str, model: str = "m", raw: bytes | None = None):
    lines = [
        {
            "custom_id": name,
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": model, "messages": [{"role": "user", "content": name}]},
        }
        for name in ids
    ]
    content = raw or b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    file = client.files.create(file=("requests.jsonl", content), purpose="batch")
    return client.batches.create(
        input_file_id=file.id,
        endpoint="/v1/chat/completions",
        completion_window="24h",
        metadata={"name": ids[0] if ids else ""},
    )


def results(client: openai.OpenAI, file_id: str | None) -> dict[str, dict]:
    if file_id is None:
        return {}
    found = [json.loads(line) for line in client.files.content(file_id).text.splitlines()]
    return {each["custom_id"]: each for each in found}


def test_a_batch_goes_through_its_states_as_time_goes_by(llm, client):
    llm.batches.finalizing = 150.0
    batch = submit(client, "a", "b", "c", "d")
    seen = [batch.status]
    for _ in range(8):
        llm.batches.advance(100)
        seen.append(client.batches.retrieve(batch.id).status)
    assert list(dict.fromkeys(seen)) == ["validating", "in_progress", "finalizing", "completed"]
    batch = client.batches.retrieve(batch.id)
    assert batch.request_counts
    assert batch.request_counts.completed == 4
    assert batch.metadata == {"name": "a"}
    found = results(client, batch.output_file_id)
    assert set(found) == {"a", "b", "c", "d"}
    assert list(found) != ["a", "b", "c", "d"]  # in any order
    body = found["a"]["response"]["body"]
    assert json.loads(body["choices"][0]["message"]["content"]) == {"said": "a"}
    assert {line.batch for line in llm.asked()} == {batch.id}


def test_requests_that_fail_are_in_the_error_file(llm, client):
    llm.faults.add("overloaded", times=1)
    batch = submit(client, "a", "b")
    llm.batches.advance(1000)
    batch = client.batches.retrieve(batch.id)
    assert batch.status == "completed"
    errors = results(client, batch.error_file_id)
    assert [each["response"]["status_code"] for each in errors.values()] == [503]
    assert set(results(client, batch.output_file_id)) | set(errors) == {"a", "b"}


def test_an_expired_batch_has_what_was_done_by_then(llm, client):
    llm.batches.window = 310.0
    batch = submit(client, "a", "b", "c", "d")
    llm.batches.advance(1000)
    batch = client.batches.retrieve(batch.id)
    assert batch.status == "expired"
    assert set(results(client, batch.output_file_id)) == {"a", "b"}
    errors = results(client, batch.error_file_id)
    assert {name: each["error"]["code"] for name, each in errors.items()} == {
        "c": "batch_expired",
        "d": "batch_expired",
    }


def test_cancelling_takes_its_time(llm, client):
    batch = submit(client, "a", "b")
    llm.batches.advance(10 + 301)
    assert client.batches.cancel(batch.id).status == "cancelling"
    llm.batches.advance(61)
    batch = client.batches.retrieve(batch.id)
    assert batch.status == "cancelled"
    assert set(results(client, batch.output_file_id)) == {"a"}
    with pytest.raises(openai.ConflictError):
        client.batches.cancel(batch.id)


def test_what_is_wrong_with_a_file_is_found_when_it_is_validated(llm, client):
    wrong = {
        "duplicate_custom_id": submit(client, "a", "a"),
        "invalid_json_line": submit(client, raw=b"{}\nnothing\n"),
        "empty_file": submit(client, raw=b"\n"),
    }
    llm.batches.advance(11)
    for code, submitted in wrong.items():
        batch = client.batches.retrieve(submitted.id)
        assert batch.status == "failed"
        assert batch.errors
        assert batch.errors.data
        assert code in {each.code for each in batch.errors.data}
    assert llm.asked() == []


def test_tokens_in_batches_are_limited(llm, client):
    llm.batches.enqueued = 3
    first, second = submit(client, "aaaaaaaaaa"), submit(client, "b")
    llm.batches.advance(11)
    assert client.batches.retrieve(first.id).status == "in_progress"
    refused = client.batches.retrieve(second.id)
    assert refused.status == "failed"
    assert refused.errors
    assert refused.errors.data
    assert refused.errors.data[0].code == "token_limit_exceeded"
    llm.batches.advance(1000)
    third = submit(client, "c")
    llm.batches.advance(11)
    assert client.batches.retrieve(third.id).status == "in_progress"


def test_lists_come_in_pages_the_newest_first(llm, client):
    llm.batches.page = 2
    made = [submit(client, name).id for name in "abcde"]
    assert [batch.id for batch in client.batches.list(limit=100)] == made[::-1]
    assert len(client.batches.list(limit=1).data) == 1
    assert len(list(client.files.list(purpose="batch", limit=100))) == 5


def test_files_are_deleted_or_not(llm, client):
    submit(client, "a")
    [file] = client.files.list().data
    llm.batches.deletes = False
    with pytest.raises(openai.InternalServerError):
        client.files.delete(file.id)
    llm.batches.deletes = True
    assert client.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.content(file.id)


def test_a_server_without_batches(llm, client):
    llm.batches.status = 404
    with pytest.raises(openai.NotFoundError):
        client.batches.list(limit=1)
