"""Batches that a run cannot ask for: at another server, or of another key; and of another model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import InBatchElsewhere
from generator.library import Library
from tests.batchapi.stories import (
    BY_BATCH,
    KEY,
    LIVE,
    NOW,
    OR_LIVE,
    STORIES,
    completions,
    run,
    standin,
    submitted,
)
from tests.batchapi.test_killed_batches import Killed, killed_at
from tests.standins.llm import LLMStandIn

OTHER_KEY = "sk-of-another-0123456789"
WAYS = [(BY_BATCH, True), (BY_BATCH, False), (OR_LIVE, False), (LIVE, False), (NOW, False)]


@pytest.fixture
def other() -> Iterator[LLMStandIn]:
    with standin() as server:
        yield server


def ended_once(llm: LLMStandIn, path: Path) -> None:
    """The run that can ask for the batch takes it, and nothing was submitted twice."""
    llm.batches.advance(1000)
    done = run(llm, path)
    assert set(done.replies) == set(STORIES)
    assert len(submitted(llm)) == len(set(submitted(llm))) == len(llm.asked()) == 9


@pytest.mark.parametrize(("way", "wait"), WAYS)
def test_what_is_in_a_batch_at_another_server_is_told_and_not_asked_again(
    llm, other, path, way, wait
):
    run(llm, path, wait=False)
    done = run(other, path, way=way, wait=wait)
    assert [type(done.errors[story]) for story in STORIES] == [InBatchElsewhere] * 3
    assert all(llm.base_url in error.happened for error in done.errors.values())
    [told] = done.notices
    assert f"1 batch with 3 requests at {llm.base_url}: not asked for now" in told
    assert (done.report.open, done.report.waiting) == (1, 3)
    assert other.asked() == []
    assert other.batches.files == other.batches.batches == {}
    ended_once(llm, path)


@pytest.mark.parametrize(("way", "wait"), WAYS)
def test_what_another_key_submitted_is_told_and_not_asked_again(llm, path, way, wait):
    llm.batches.apart = True
    run(llm, path, wait=False)
    done = run(llm, path, way=way, wait=wait, key=OTHER_KEY)
    assert [type(done.errors[story]) for story in STORIES] == [InBatchElsewhere] * 3
    [told] = done.notices
    assert "submitted with another key: not asked for now" in told
    assert llm.asked() == []
    assert len(llm.batches.batches) == 1
    ended_once(llm, path)


def test_a_batch_that_is_not_known_to_be_there_is_left_to_the_key_that_may_find_it(llm, path):
    llm.batches.apart = True
    with killed_at("create"), pytest.raises(Killed):
        run(llm, path)
    done = run(llm, path, key=OTHER_KEY)
    assert {error.cause for error in done.errors.values()} == {"in-batch"}
    assert "submitted with another key" in done.notices[0]
    ended_once(llm, path)


def test_a_new_key_of_the_same_account_goes_on(llm, path):
    run(llm, path, wait=False)
    done = run(llm, path, key=OTHER_KEY)
    assert set(done.replies) == set(STORIES)
    assert len(submitted(llm)) == len(set(submitted(llm))) == 9


def test_nothing_of_a_key_is_in_the_library_but_that_another_has_another_mark(llm, path):
    for key in (KEY, OTHER_KEY):
        run(llm, path.with_name(f"{key}.db"), wait=False, key=key)
    marks = []
    for key in (KEY, OTHER_KEY):
        kept = path.with_name(f"{key}.db")
        assert key.encode() not in kept.read_bytes()
        with Library.open(kept) as library:
            marks += [each.account for each in library.batches.all()]
    assert len(set(marks)) == 2
    assert {len(mark) for mark in marks} == {4}  # of 65,536: a key cannot be told by it


def test_what_another_server_has_holds_up_no_other_video(llm, other, path):
    run(llm, path, wait=False, stories=["one"])
    done = run(other, path)
    assert set(done.replies) == {"two", "three"}
    assert isinstance(done.errors["one"], InBatchElsewhere)
    assert len(other.asked()) == 6


def test_a_run_with_another_model_takes_what_the_one_before_submitted(llm, path):
    run(llm, path, wait=False, model="first")
    done = run(llm, path, model="second")
    assert set(done.replies) == set(STORIES)
    llm.batches.advance(1000)
    again = run(llm, path, model="first")
    assert set(again.replies) == set(STORIES)
    assert len(submitted(llm)) == len(set(submitted(llm))) == len(llm.asked()) == 18
    assert [each.model for each in completions(path).values()].count("first") == 9


def test_what_a_server_says_of_another_model_ends_no_run(llm, path):
    llm.faults.add("unknown_model", times=3)
    run(llm, path, wait=False, model="first")
    llm.batches.advance(1000)
    done = run(llm, path, model="second")
    assert done.ended is None
    assert set(done.replies) == set(STORIES)


def test_how_another_model_is_asked_says_nothing_of_this_one(llm, path):
    knows_all = llm.traits
    llm.traits = replace(knows_all, rejects=frozenset({"temperature"}))
    run(llm, path, wait=False, model="first")
    llm.batches.advance(1000)
    llm.traits = knows_all
    done = run(llm, path, model="second")
    assert set(done.replies) == set(STORIES)
    with Library.open(path) as library:
        put = {
            model: json.loads(library.batches.dialect(llm.base_url, model))["temperature"]
            for model in ("first", "second")
        }
    assert put == {"first": False, "second": True}
