"""Rounds of batches against the stand-in: what comes of them, whatever becomes of the batches."""

from __future__ import annotations

import json

import pytest

from generator.batchapi.submitting import Limits
from generator.errors import (
    BatchCancelled,
    BatchesNotOffered,
    BatchGivenUp,
    BatchRefused,
    BudgetSpent,
    ModelRefused,
    ModelUnknown,
    ServerFailing,
)
from generator.library import Library
from tests.batchapi.stories import (
    BY_BATCH,
    KEY,
    LIVE,
    NOW,
    OR_LIVE,
    STORIES,
    completions,
    live,
    run,
    standin,
    submitted,
)
from tests.standins.tunnel import Reply, Reset


def test_batches_bring_the_completions_that_live_requests_would(llm, path, tmp_path):
    done = run(llm, path)
    assert (done.errors, done.ended) == ({}, None)
    assert completions(path) == live(llm, tmp_path / "live.db")
    states = [(batch.state, len(batch.lines)) for batch in llm.batches.batches.values()]
    assert states == [("completed", 3)] * 3
    assert done.usage.requests == len(submitted(llm)) == 9
    assert done.usage.from_library == 0
    assert (done.report.submitted, done.report.replies, done.report.open) == (3, 9, 0)
    assert done.report.input_tokens == done.usage.input_tokens > 0
    assert llm.batches.files == {}
    # Nothing is left over that a later run would stumble on.
    again = run(llm, path)
    assert again.replies == done.replies
    assert (again.usage.requests, again.report.submitted) == (0, 0)


def test_who_submits_and_leaves_goes_on_in_the_next_run(llm, path):
    whole = run(llm, path.with_name("whole.db"))
    first = run(llm, path, wait=False)
    assert {error.cause for error in first.errors.values()} == {"in-batch"}
    assert (first.report.open, first.report.waiting) == (1, 3)
    before = len(submitted(llm))
    for _ in range(3):  # nothing is there yet, and nothing is submitted again
        assert run(llm, path, wait=False).report.submitted == 0
    assert len(submitted(llm)) == before
    for _ in range(3):
        llm.batches.advance(1000)
        last = run(llm, path, wait=False)
    assert last.replies == whole.replies
    assert completions(path) == completions(path.with_name("whole.db"))


def test_what_is_in_a_batch_is_not_asked_live_and_all_else_is(llm, path):
    run(llm, path, wait=False, stories=["one", "two"])
    done = run(llm, path, way=LIVE)
    assert set(done.replies) == {"three"}
    assert {error.cause for error in done.errors.values()} == {"in-batch"}
    assert not [line for line in llm.asked() if line.batch]
    llm.batches.advance(1000)
    done = run(llm, path, way=LIVE)  # what is finished is taken, and what follows is asked live
    assert set(done.replies) == set(STORIES)
    assert len([line for line in llm.asked() if line.batch]) == 2
    assert len(llm.asked()) == 9


def test_finish_live_cancels_what_runs_takes_what_it_brought_and_asks_the_rest(llm, path):
    run(llm, path, wait=False)
    llm.batches.advance(10 + 201)  # one of three is answered
    done = run(llm, path, way=NOW)
    assert set(done.replies) == set(STORIES)
    [batch] = llm.batches.batches.values()
    assert batch.state == "cancelled"
    assert len(llm.asked()) == 9
    assert len([line for line in llm.asked() if line.batch]) == 1
    assert run(llm, path, way=LIVE).usage.requests == 0


def test_a_batch_that_does_not_end_when_cancelled_is_given_up(llm, path):
    llm.batches.cancelling = 10**6
    run(llm, path, wait=False)
    done = run(llm, path, way=NOW)
    assert set(done.replies) == set(STORIES)
    assert any("did not end in time" in each for each in done.notices)
    llm.batches.advance(2 * 10**6)  # what it brings after all is not taken for anything else
    assert run(llm, path, way=LIVE).replies == done.replies


# Batches that bring less


def test_requests_that_fail_go_into_the_next_round(llm, path):
    llm.faults.add("server_error", video=None, times=2)
    done = run(llm, path)
    assert set(done.replies) == set(STORIES)
    assert (done.report.failed, done.usage.requests, done.usage.retries) == (2, 11, 2)
    assert len(llm.asked()) == 11


def test_after_three_tries_a_request_is_given_up_and_the_others_are_not(llm, path):
    llm.batches.spoil = lambda kind, lines: [line for line in lines if b'"one: "' not in line]
    llm.faults.add("server_error", prompt="", times=None)
    done = run(llm, path, stories=["one"])
    assert isinstance(done.errors["one"], ServerFailing)
    assert "3 times" in done.errors["one"].happened
    assert len(llm.asked()) == 3
    llm.faults.clear()
    assert set(run(llm, path).replies) == set(STORIES)  # the next run tries again


def test_an_expired_batch_is_told_apart_and_its_requests_are_tried_again(llm, path):
    llm.batches.window = 300.0
    run(llm, path, wait=False)
    llm.batches.advance(400)  # one of three is done by then
    llm.batches.window = 86_400.0
    done = run(llm, path)
    assert set(done.replies) == set(STORIES)
    assert [each.state for each in llm.batches.batches.values()].count("expired") == 1
    assert (done.report.failed, done.usage.retries) == (2, 0)
    asked = [line.digest for line in llm.asked()]
    assert len(asked) == len(set(asked)) == 9


def test_what_always_expires_is_given_up_and_can_be_asked_live(llm, path):
    llm.batches.window = 20.0
    done = run(llm, path, stories=["one"])
    assert isinstance(done.errors["one"], BatchGivenUp)
    assert "3 batches" in done.errors["one"].happened
    assert "expired" in done.errors["one"].happened
    assert llm.asked() == []
    done = run(llm, path, way=OR_LIVE)
    assert set(done.replies) == set(STORIES)
    assert len(llm.asked()) == 9
    assert not [line for line in llm.asked() if line.batch]


def test_requests_of_which_an_expired_batch_says_nothing_have_expired_too(llm, path):
    llm.batches.window = 20.0
    llm.batches.spoil = lambda kind, lines: []
    done = run(llm, path, stories=["one"])
    assert isinstance(done.errors["one"], BatchGivenUp)
    assert "expired" in done.errors["one"].happened
    assert done.report.failed == 3


def test_a_cancelled_batch_ends_the_waiting_and_the_next_run_submits_anew(llm, path):
    def cancel(method: str, place: str, when: str) -> None:
        if method == "GET" and place.startswith("/batches/") and when == "before":
            for batch in llm.batches.batches.values():
                if batch.state == "in_progress":
                    llm.batches._to(batch, "cancelling")

    llm.batches.trouble = cancel
    done = run(llm, path)
    assert isinstance(done.ended, BatchCancelled)
    llm.batches.trouble = lambda method, place, when: None
    assert set(run(llm, path).replies) == set(STORIES)


def test_a_batch_that_the_service_forgot_is_submitted_again(llm, path):
    run(llm, path, wait=False)
    llm.batches.batches.clear()
    assert set(run(llm, path).replies) == set(STORIES)


def test_results_that_are_gone_are_asked_for_again(llm, path):
    run(llm, path, wait=False)
    llm.batches.advance(1000)
    for file in list(llm.batches.files.values()):
        if file.purpose == "batch_output":
            del llm.batches.files[file.id]
    assert set(run(llm, path).replies) == set(STORIES)


@pytest.mark.parametrize(
    ("fault", "kind"), [("unknown_model", ModelUnknown), ("no_quota", type(None))]
)
def test_what_would_meet_every_request_ends_the_run(llm, path, fault, kind):
    llm.faults.add(fault, times=1)
    done = run(llm, path)
    assert done.ended is not None
    assert done.ended.fatal
    assert kind is type(None) or isinstance(done.ended, kind)
    assert set(run(llm, path).replies) == set(STORIES)


def test_a_refusal_by_a_filter_is_the_videos_and_is_not_tried_again(llm, path):
    llm.faults.add("refusal", times=1)
    done = run(llm, path)
    # As live: it is asked again with the reason, and then answered.
    assert set(done.replies) == set(STORIES)
    llm.faults.add("refusal")
    done = run(llm, path.with_name("other.db"), stories=["one"])
    assert isinstance(done.errors["one"], ModelRefused)
    assert len([each for each in llm.asked() if each.fault == "refusal"]) == 1 + 3


def test_a_reply_of_no_use_is_asked_for_again_as_often_as_live(llm, path, tmp_path):
    llm.faults.add("prose")
    done = run(llm, path, stories=["one"])
    assert done.errors["one"].cause == "reply-unusable"
    assert len(llm.asked()) == 3
    llm.faults.clear()
    assert set(run(llm, path).replies) == set(STORIES)


@pytest.mark.parametrize("structured", ["json_object", "text", "deaf"])
def test_the_level_of_the_form_is_found_by_what_batches_bring(path, structured):
    with standin(structured=structured) as llm:
        done = run(llm, path)
        assert set(done.replies) == set(STORIES)
        levels = [line.level for line in llm.asked()]
        assert levels[-1] != "json_schema"
        rounds = len(llm.batches.batches)
        llm.forget()
        # It is known from then on.
        run(llm, path, stories=["four"])
        assert {line.level for line in llm.asked()} == {levels[-1]}
        assert len(llm.batches.batches) == rounds + 3


@pytest.mark.parametrize("parameter", ["max_tokens", "temperature", "system"])
def test_parameters_that_a_server_does_not_know_are_left_out(path, parameter):
    with standin(rejects=frozenset({parameter})) as llm:
        assert set(run(llm, path).replies) == set(STORIES)


def test_what_live_requests_found_out_of_a_server_is_known_to_batches(path):
    with standin(structured="json_object") as llm:
        live(llm, path)
        llm.forget()
        run(llm, path, stories=["four"])
        assert {line.problem for line in llm.asked()} == {None}


def test_a_model_that_thinks_too_long_gets_more_room(llm, path):
    llm.faults.add("thought_too_long", times=1)
    done = run(llm, path)
    assert set(done.replies) == set(STORIES)
    assert len(llm.asked()) == done.usage.requests == 10
    assert done.usage.output_tokens == llm.tokens()["output"]


# What a service takes


def test_rounds_are_split_by_requests_and_bytes(llm, path):
    done = run(llm, path, limits=Limits(requests=2))
    assert [len(batch.lines) for batch in llm.batches.batches.values()] == [2, 1] * 3
    assert set(done.replies) == set(STORIES)
    llm.batches.batches.clear()
    run(llm, path.with_name("other.db"), limits=Limits(bytes=1))
    assert [len(batch.lines) for batch in llm.batches.batches.values()] == [1] * 9


def test_a_file_that_is_too_large_is_split(llm, path):
    llm.batches.most_bytes = 1500
    assert set(run(llm, path).replies) == set(STORIES)
    assert len(submitted(llm)) == len(set(submitted(llm))) == 9


def test_tokens_at_once_split_rounds_which_wait_for_earlier_ones(llm, path):
    whole = run(llm, path.with_name("whole.db"))
    llm.batches.batches.clear()
    llm.batches.enqueued = 150
    done = run(llm, path)
    assert done.replies == whole.replies
    assert {batch.state for batch in llm.batches.batches.values()} == {"completed", "failed"}
    assert len(submitted(llm)) == len(set(submitted(llm))) == 9


def test_one_request_over_the_limit_is_given_up_with_a_remedy(llm, path):
    llm.batches.enqueued = 10
    done = run(llm, path, stories=["one"])
    assert isinstance(done.errors["one"], BatchGivenUp)
    assert "--finish-live" in done.errors["one"].remedy
    assert set(run(llm, path, way=OR_LIVE, stories=["one"]).replies) == {"one"}


def test_a_full_queue_is_waited_for(llm, path):
    full = {"message": "Enqueued token limit reached. Limit: 50 enqueued tokens.", "code": "x"}
    refusals = [5]

    def trouble(method: str, place: str, when: str):
        if (method, place, when) == ("POST", "/batches", "before") and refusals[0]:
            refusals[0] -= 1
            return Reply(429, json.dumps({"error": full}).encode())
        return None

    llm.batches.trouble = trouble
    assert set(run(llm, path).replies) == set(STORIES)
    assert len(submitted(llm)) == len(set(submitted(llm))) == 9


def test_a_budget_holds_over_batches(llm, path):
    spent = run(llm, path.with_name("free.db")).usage.tokens
    done = run(llm, path, budget=spent // 2)
    assert isinstance(done.ended, BudgetSpent)
    assert done.usage.tokens <= spent // 2
    assert set(run(llm, path).replies) == set(STORIES)
    assert len(submitted(llm)) - 9 == len(set(submitted(llm)))


def test_a_batch_that_is_refused_as_a_whole_ends_the_run_and_loses_nothing(llm, path):
    llm.batches.most_requests = 1
    done = run(llm, path)
    assert isinstance(done.ended, BatchRefused)
    assert "too many requests" in done.ended.happened
    llm.batches.most_requests = 100
    assert set(run(llm, path).replies) == set(STORIES)


# Servers and ways that fail


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_without_batches_is_told_before_anything_is_uploaded(llm, path, status):
    llm.batches.status = status
    done = run(llm, path)
    assert isinstance(done.ended, BatchesNotOffered)
    assert llm.batches.asked == ["GET /batches"]
    assert str(status) in done.ended.happened


def test_a_batch_of_which_no_answer_came_is_found_by_its_name(llm, path):
    lost = [2]

    def trouble(method: str, place: str, when: str) -> Reset | None:
        if (method, place, when) == ("POST", "/batches", "after") and lost[0]:
            lost[0] -= 1
            return Reset()
        return None

    llm.batches.trouble = trouble
    assert set(run(llm, path).replies) == set(STORIES)
    assert lost == [0]
    assert len(submitted(llm)) == len(set(submitted(llm))) == 9


def test_it_is_found_by_its_file_where_a_service_keeps_no_metadata_and_on_any_page(llm, path):
    llm.batches.page, llm.batches.keeps_metadata = 1, False
    broken = [True]

    def trouble(method: str, place: str, when: str) -> Reset | None:
        if (method, place, when) == ("POST", "/batches", "after") and broken.pop():
            broken.append(False)
            # Others submit meanwhile, so that it is not the first of the list.
            batches = llm.batches.batches
            for number in range(3):
                file = llm.batches._new_file("other.jsonl", "batch", b"")
                other = dict(vars(next(iter(batches.values()))))
                other |= {"id": f"batch_9{number}", "file": file.id, "lines": [], "errors": []}
                batches[other["id"]] = type(next(iter(batches.values())))(**other)
            return Reset()
        return None

    llm.batches.trouble = trouble
    assert set(run(llm, path).replies) == set(STORIES)
    assert len(submitted(llm)) == len(set(submitted(llm))) == 9


def test_a_service_that_fails_for_a_time_is_waited_for(llm, path):
    failing = [12]

    def trouble(method: str, place: str, when: str):
        if method == "GET" and place.startswith("/batches/") and failing[0]:
            failing[0] -= 1
            return Reply(503, b"{}")
        return None

    llm.batches.trouble = trouble
    assert set(run(llm, path).replies) == set(STORIES)
    assert failing == [0]


def test_files_that_cannot_be_deleted_are_deleted_later(llm, path):
    llm.batches.deletes = False
    assert set(run(llm, path).replies) == set(STORIES)
    assert llm.batches.files
    llm.batches.deletes = True
    run(llm, path)
    assert llm.batches.files == {}


def test_asked_anew_by_force_a_reply_is_asked_for_once_however_many_runs_it_takes(llm, path):
    run(llm, path)
    llm.batches.batches.clear()
    for _ in range(3):
        last = run(llm, path, wait=False, force=("outline", "note"))
        llm.batches.advance(1000)
    assert len(submitted(llm)) == 6
    assert set(last.replies) == set(STORIES)
    # That is over: asked for again, it is asked anew once more.
    run(llm, path, wait=False, force=("outline",))
    assert len(submitted(llm)) == 9


def test_the_key_is_nowhere_though_a_server_says_it(llm, path):
    def spoil(kind: str, lines: list[bytes]) -> list[bytes]:
        told = [json.loads(line) for line in lines]
        for each in told:
            if kind == "error":
                each["response"]["body"] = {"error": {"message": f"{KEY} is busy"}}
            else:
                each["response"]["body"]["model"] = KEY
        return [json.dumps(each).encode() for each in told]

    llm.batches.spoil = spoil
    llm.faults.add("server_error", times=1)
    run(llm, path, wait=False)
    llm.batches.advance(1000)
    done = run(llm, path, wait=False)
    assert (done.report.replies, done.report.failed) == (2, 1)
    with Library.open(path) as library:
        assert any(each.tries for each in map(library.batches.request, submitted(llm)) if each)
    assert KEY.encode() not in path.read_bytes()

    def trouble(method: str, place: str, when: str) -> Reply | None:
        refused = json.dumps({"error": {"message": f"{KEY} has no batches"}}).encode()
        return Reply(400, refused) if (method, place) == ("POST", "/batches") else None

    llm.batches.trouble = trouble
    llm.batches.advance(1000)
    done = run(llm, path)
    assert isinstance(done.ended, BatchRefused)
    assert "has no batches" in done.ended.message
    assert KEY not in f"{done.ended.message} {done.notices}"


# What comes back in any state


def test_lines_that_say_nothing_are_survived_and_told(llm, path):
    def spoil(kind: str, lines: list[bytes]) -> list[bytes]:
        strange = {"custom_id": "0" * 64, "response": {"status_code": 200, "body": {}}}
        bad = [b"{", b"[]", b"\xff\xfe", b"null", json.dumps(strange).encode(), b"[" * 100_000]
        return [*bad, *lines[:1], *lines] if kind == "output" else lines

    llm.batches.spoil = spoil
    done = run(llm, path)
    assert set(done.replies) == set(STORIES)
    assert (done.usage.requests, done.report.replies) == (9, 9)
    assert [each for each in done.notices if "6 lines" in each]


def test_replies_without_usage_are_estimated_as_live(llm, path):
    llm.faults.add("no_usage")
    done = run(llm, path)
    assert done.usage.input_tokens > 0
    assert done.usage.output_tokens > 0


@pytest.mark.parametrize("fault", ["no_choices", "null_choices", "empty_content", "error_in_200"])
def test_bodies_that_hold_no_completion_are_tried_again(llm, path, fault):
    llm.faults.add(fault, times=1)
    done = run(llm, path)
    assert set(done.replies) == set(STORIES)
    assert done.report.failed == 1


def test_statuses_and_ids_of_any_kind_are_no_harm(llm, path):
    def spoil(kind: str, lines: list[bytes]) -> list[bytes]:
        found = [json.loads(line) for line in lines]
        for number, each in enumerate(found):
            if each["response"] and number == 0:
                each["response"]["status_code"] = ["200", None, True, 10**9][len(lines) % 4]
        return [json.dumps(each).encode() for each in found]

    llm.batches.spoil = spoil
    assert set(run(llm, path, way=BY_BATCH).replies) == set(STORIES)


def test_a_file_of_which_no_answer_came_is_not_uploaded_again(llm, path):
    lost = [1]

    def trouble(method: str, place: str, when: str) -> Reset | None:
        if (method, place, when) == ("POST", "/files", "after") and lost[0]:
            lost[0] -= 1
            return Reset()
        return None

    llm.batches.trouble = trouble
    assert set(run(llm, path).replies) == set(STORIES)
    assert llm.batches.asked.count("POST /files") == 3
    assert llm.batches.files == {}
