"""Batches over the whole command: the vault is the one that live requests give, to the byte."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from generator.cli import app
from generator.library import Library
from generator.models import Stage
from generator.vault.locking import vault_lock
from tests.batchapi.moments import moments_of
from tests.standins.forked import Forked
from tests.standins.llm import LLMStandIn, demo_answers
from tests.standins.many import HANDLE, many_talks
from tests.standins.talk import demo_talks
from tests.standins.youtube import YouTubeStandIn
from tests.vaults import DAY, LENS, METRE, TIDES, generate, prompts_with, written

CHANNEL = demo_talks()[0].handle
BATCH = ("--batch",)
WAIT = ("--batch", "--wait")


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-nobody-0123456789")
    monkeypatch.setenv("GENERATE_BATCH_POLL", "0")
    return tmp_path


@pytest.fixture
def llm() -> Iterator[LLMStandIn]:
    with written() as server:
        server.batches.a_look = 200.0
        yield server


def files(vault: str | Path) -> dict[str, bytes]:
    """All of a vault but its library."""
    return {
        path.relative_to(vault).as_posix(): path.read_bytes()
        for path in Path(vault).rglob("*")
        if path.is_file() and ".db" not in path.name
    }


def completions(vault: str | Path) -> dict[str, Any]:
    with Library.open(Path(vault) / ".generator/library.db", create=False) as library:
        return {each.key: each for each in library.completions()}


def command(*arguments: str, code: int = 0) -> str:
    ended = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert ended.exit_code == code, ended.output
    return ended.output


def test_the_demo_channel_has_one_vault_live_and_by_batch():
    talks = demo_talks()
    with ExitStack() as stack:
        youtube = stack.enter_context(YouTubeStandIn(talks))
        stack.enter_context(youtube.trusted())
        llm = stack.enter_context(LLMStandIn(*demo_answers(talks), talks=talks))
        llm.batches.a_look = 200.0
        asked = ("--channel", CHANNEL, "--proxy", youtube.proxy_url)
        live = generate(llm, *asked, "--output", "live")
        count = len(llm.requests)
        llm.forget()
        by_batch = generate(llm, *asked, *WAIT, "--output", "waited")
        assert len(llm.requests) == count
        llm.assert_nothing_paid_twice()
        assert files("waited") == files("live") != {}
        assert completions("waited") == completions("live")
        assert by_batch["usage"] == live["usage"]
        assert [video["usage"] for video in by_batch["videos"]] == [
            video["usage"] for video in live["videos"]
        ]
        assert by_batch["batches"]["replies"] == count
        # And so it is for who leaves, comes back now and then, and records what he hears.
        llm.forget()
        llm.batches.a_look = 0.0
        states: list[str] = []
        while "pending" in states or not states:
            states = [
                video["state"]
                for video in generate(llm, *asked, *BATCH, "--output", "left")["videos"]
            ]
            llm.batches.advance(3000)
        assert files("left") == files("live")
        assert len(llm.requests) == count
        assert len(youtube.asked("captions")) == 3 * len(talks)


def test_a_cassette_replays_batches_with_no_way_to_the_network(llm):
    talks = [LENS, TIDES]
    cassette = ("--cassette", "batches.yaml")
    generate(llm, *WAIT, *cassette, "--output", "recorded", talks=talks)
    asked = list(llm.batches.asked)
    generate(llm, *WAIT, *cassette, "--output", "replayed", talks=talks)
    assert llm.batches.asked == asked
    assert files("replayed") == files("recorded") != {}
    text = Path("batches.yaml").read_text()
    assert "sk-of-nobody" not in text


def test_killed_after_any_step_a_batched_run_ends_the_same(llm, monkeypatch):
    talks = many_talks(2, lines=24, minutes=6.5)
    monkeypatch.setattr("tests.vaults.TALKS", {talk.id: talk for talk in talks})
    named = [talk.id for talk in talks]
    generate(llm, "--output", "live", talks=named)
    wanted = files("live")
    llm.forget()
    with moments_of(Path("output"), llm) as moments:
        generate(llm, *WAIT, "--yes", talks=named)
    assert files("output") == wanted
    assert set(moments.steps) >= {"transaction", "replace", "upload", "create", "look", "delete"}
    for moment in moments.kept.values():
        moment.again(Path("output"), llm)
        generate(llm, *WAIT, "--yes", talks=named)
        assert files("output") == wanted, moment.step
        ids = llm.batches.custom_ids()
        assert len(ids) == len(set(ids)) == len(llm.asked()), moment.step


def test_notes_are_published_in_the_order_of_videos_whichever_replies_come_first(llm):
    llm.batches.a_look = 0.0
    llm.faults.add("server_error", video=LENS, prompt="outline", times=1)
    states, ready = [], 0
    while not states or states[-1] != ("written", "written"):
        told = generate(llm, *BATCH, talks=[LENS, TIDES])
        states.append(tuple(video["state"] for video in told["videos"]))
        ready += "notes can be written" in (told["videos"][1]["error"] or "")
        llm.batches.advance(3000)
    # The second one is done a round earlier, and waits: both may have a note of one name.
    assert ready == 1
    assert set(states) == {("pending", "pending"), ("written", "written")}


def test_a_video_that_began_later_holds_up_nobody(llm):
    """The newest video of a channel comes first in its list, and is waited for each day."""
    llm.batches.a_look = 0.0
    generate(llm, *BATCH, talks=[TIDES])
    states = []
    while not states or states[-1][1] == "pending":
        llm.batches.advance(3000)
        # A newer one begins when the notes of the older are asked for already.
        told = generate(llm, *BATCH, talks=[DAY, TIDES])
        states.append(tuple(video["state"] for video in told["videos"]))
    assert states[-1] == ("pending", "written")


def test_what_has_its_notes_already_waits_for_nobody(llm):
    generate(llm, talks=[LENS])
    llm.batches.a_look = 0.0
    told = generate(llm, *BATCH, talks=[METRE, LENS])
    assert [video["state"] for video in told["videos"]] == ["pending", "unchanged"]


def test_what_waits_is_pending_and_no_failure(llm):
    llm.batches.a_look = 0.0
    told = generate(llm, *BATCH, talks=[LENS])
    [video] = told["videos"]
    assert (video["state"], video["cause"], video["passing"]) == ("pending", "in-batch", True)
    assert told["batches"]["open"] == told["batches"]["waiting"] == 1
    with Library.open("output/.generator/library.db") as library:
        assert library.states.of()[LENS].stage is Stage.FETCHED
    assert files("output") == {} or not any(name.endswith(".md") for name in files("output"))
    plain = CliRunner().invoke(
        app, ["--transcript", f"./{LENS}.en.json", "--base-url", llm.base_url, "--batch"]
    )
    assert "under way: 1 batch with 1 request;" in plain.output
    assert "1 pending" in plain.output


def test_finish_live_ends_what_a_batch_began(llm):
    llm.batches.a_look = 0.0
    generate(llm, *BATCH, talks=[LENS])
    told = generate(llm, talks=[LENS])  # live, but not for what is in a batch
    assert told["videos"][0]["state"] == "pending"
    assert llm.requests == []
    llm.batches.a_look = 100.0
    told = generate(llm, "--finish-live", talks=[LENS])
    assert told["videos"][0]["state"] == "written"
    llm.assert_nothing_paid_twice()


def test_regenerate_by_batch_asks_only_what_changed(llm):
    generate(llm, talks=[LENS])
    llm.forget()
    changed = prompts_with("note", "a wiki", "the wiki")
    live = generate(llm, "--regenerate", "--prompts", changed, "--dry-run")
    told = generate(llm, "--regenerate", "--prompts", changed, *WAIT)
    assert told["videos"][0]["state"] in ("written", "unchanged")
    prompts = [line.prompt for line in llm.asked()]
    assert prompts.count("note") == live["asked"]["note"]["requests"][0] == 4
    assert "outline" not in prompts
    assert {bool(line.batch) for line in llm.asked()} == {True}


def test_forced_by_batch_every_prompt_is_asked_anew_once(llm):
    generate(llm, talks=[LENS])
    asked = len(llm.requests)
    llm.forget()
    generate(llm, "--force", *WAIT, talks=[LENS])
    assert len(llm.requests) == asked
    llm.assert_nothing_paid_twice()


def test_a_budget_ends_a_batched_run_before_it_is_exceeded(llm):
    told = generate(llm, *WAIT, "--max-tokens-total", "9000", talks=[LENS], code=1)
    assert told["ended"]["cause"] == "budget"
    assert told["usage"]["input_tokens"] + told["usage"]["output_tokens"] <= 9000
    assert told["videos"][0]["state"] == "pending"
    generate(llm, *WAIT, talks=[LENS])
    llm.assert_nothing_paid_twice()


def test_a_server_without_batches_is_told_at_once(llm):
    llm.batches.status = 404
    told = generate(llm, *WAIT, talks=[LENS], code=1)
    assert told["cause"] == "no-batches"
    assert llm.batches.asked == ["GET /batches"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--engine", "extractive", "--batch"), "makes none"),
        (("--wait",), "no --batch"),
        (
            ("--engine", "openai", *BATCH, "--offline", "--base-url", "https://models.example/v1"),
            "--offline",
        ),
        (("--engine", "openai", *BATCH, "--dask", "local:2"), "--dask workers ask by themselves"),
        (("--engine", "openai", *BATCH, "--dask", "local:2", "--dry-run"), "--dask"),
    ],
)
def test_options_that_cannot_be_meant(options, said):
    told = generate(None, *options, talks=[LENS], code=2)
    assert (told["cause"], said in told["error"]) == ("usage", True)


def test_a_dry_run_tells_rounds_beside_the_live_plan(llm):
    prices = ("--price-in", "1", "--price-out", "4")
    live = generate(llm, "--dry-run", *prices, talks=[LENS, TIDES])
    plan = generate(llm, "--dry-run", *BATCH, *prices, talks=[LENS, TIDES])
    assert llm.batches.asked == llm.requests == []
    assert plan["asked"] == live["asked"]
    assert "rounds" not in live
    assert [list(each["asked"]) for each in plan["rounds"]] == [["outline"], ["note"], ["repair"]]
    assert plan["rounds"][0]["requests"] == [2, 2]
    assert sum(each["output_tokens"] for each in plan["rounds"]) == plan["totals"]["output_tokens"]
    assert plan["batch_cost"] == pytest.approx([each / 2 for each in plan["cost"]], abs=1e-5)
    told = generate(llm, *WAIT, *prices, talks=[LENS, TIDES])
    for each in plan["rounds"]:
        [(prompt, amount)] = each["asked"].items()
        least, most = amount["requests"]
        assert least <= len(llm.asked(prompt=prompt)) <= most
    used = told["usage"]
    whole = (used["input_tokens"] + 4 * used["output_tokens"]) / 1e6
    assert told["cost"] == pytest.approx(whole / 2, abs=1e-6)
    status = json.loads(command("status", "--json", *prices))
    assert status["spent"]["cost"] == pytest.approx(whole / 2, abs=1e-6)
    assert status["spent"]["batch_input_tokens"] == used["input_tokens"]


def test_what_is_in_a_batch_is_in_no_plan(llm):
    llm.batches.a_look = 0.0
    generate(llm, *BATCH, talks=[LENS])
    plan = generate(llm, "--dry-run", *BATCH, talks=[LENS])
    assert "outline" not in plan["asked"]
    assert plan["asked"]["note"]["requests"][0] >= 1
    assert plan["in_batches"] == 1
    told = command(
        "--dry-run", "--batch", "--transcript", f"./{LENS}.en.json", "--base-url", llm.base_url
    )
    assert "1 request in batches now: not in it" in told
    assert "by batch: 1–2 rounds" in told


def test_batches_are_listed_asked_for_and_cancelled(llm):
    llm.batches.a_look = 0.0
    assert "no library" in command("batch", "list", code=1)
    generate(llm, talks=[TIDES])
    assert "no batch was submitted" in command("batch", "list")
    generate(llm, *BATCH, talks=[LENS, METRE])
    here = ("--base-url", llm.base_url)
    [kept] = json.loads(command("batch", "list", "--json"))["batches"]
    assert (kept["status"], kept["requests"], kept["prompts"]) == (
        "validating",
        2,
        {"outline": 2},
    )
    llm.batches.advance(10 + 301)
    [seen] = json.loads(command("batch", "status", "--json", *here))["batches"]
    assert (seen["status"], seen["done"], seen["here"]) == ("in_progress", 1, True)
    assert "in progress" in command("batch", "status", *here)
    elsewhere = command("batch", "status", "--base-url", "http://127.0.0.1:9/v1")
    assert "at another server" in elsewhere
    batch_id = seen["id"]
    assert "cancelling" in command("batch", "cancel", batch_id, *here)
    assert "cannot be meant" in command("batch", "cancel", "batch_x", *here, code=2)
    assert "--all" in command("batch", "cancel", *here, code=2)
    llm.batches.advance(100)
    assert "cancelled, not taken yet" in command("batch", "status", *here)
    told = generate(llm, talks=[LENS, METRE])  # what it brought is taken, the rest asked live
    assert {video["state"] for video in told["videos"]} == {"written"}
    llm.assert_nothing_paid_twice()
    assert "it is over" in command("batch", "cancel", batch_id, *here, code=2)
    assert "no batch is under way" in command("batch", "cancel", "--all", *here)
    [kept] = json.loads(command("batch", "list", "--json"))["batches"]
    assert (kept["status"], kept["answered"], kept["unanswered"]) == ("cancelled", 1, 1)


def test_what_nobody_can_ask_for_any_more_is_given_up(llm):
    llm.batches.a_look = 0.0
    generate(llm, *BATCH, talks=[LENS])
    with written() as other:
        told = generate(other, talks=[LENS])
        assert (told["videos"][0]["state"], told["videos"][0]["cause"]) == ("pending", "in-batch")
        assert f"at {llm.base_url}: this run cannot ask" in told["videos"][0]["error"]
        assert other.requests == []
        [kept] = json.loads(command("batch", "list", "--json"))["batches"]
        with vault_lock(Path("output")):
            assert "Another run" in command("batch", "forget", kept["id"], code=1)
        assert "cannot be meant" in command("batch", "forget", "batch_x", code=2)
        assert "given up" in command("batch", "forget", kept["id"])
        assert "it is over" in command("batch", "forget", kept["id"], code=2)
        assert "no batch is under way" in command("batch", "status", "--base-url", llm.base_url)
        told = generate(other, talks=[LENS])
        assert told["videos"][0]["state"] == "written"
        other.assert_nothing_paid_twice()


def test_a_batch_of_another_key_is_told_apart_from_one_that_is_gone(llm, monkeypatch):
    llm.batches.a_look, llm.batches.apart = 0.0, True
    here = ("--base-url", llm.base_url)
    generate(llm, *BATCH, talks=[LENS])
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-0123456789")
    for asked in ("status", "cancel"):
        every = ("--all",) if asked == "cancel" else ()
        assert "not known with this key" in command("batch", asked, *every, *here)
        [seen] = json.loads(command("batch", asked, *every, "--json", *here))["batches"]
        assert (seen["status"], seen["here"]) == ("validating", False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-nobody-0123456789")
    llm.batches.forget()
    assert "gone, not taken yet" in command("batch", "status", *here)


def test_workers_are_refused_while_a_batch_is_under_way(llm):
    llm.batches.a_look = 0.0
    generate(llm, *BATCH, talks=[LENS, TIDES])
    told = generate(llm, "--dask", "local:2", talks=[LENS, TIDES], code=2)
    assert told["cause"] == "usage"
    assert "of this vault 1 batch with 2 requests is under way" in told["error"]
    assert "--finish-live" in told["error"]
    assert llm.requests == []
    # A plan, which asks nobody, tells of them as ever.
    plan = generate(llm, "--dask", "local:2", "--dry-run", talks=[LENS, TIDES])
    assert plan["in_batches"] == 2


def test_status_counts_what_waits_for_a_batch(llm):
    llm.batches.a_look = 0.0
    generate(llm, talks=[TIDES])
    none = {"open": 0, "waiting": 0, "videos": 0}
    assert json.loads(command("status", "--json"))["batches"] == none
    assert "waiting for" not in command("status")
    generate(llm, *BATCH, talks=[LENS, METRE])
    told = [" ".join(line.split()) for line in command("status").splitlines()]
    assert "videos 3 1 written, 2 fetched, not written" in told
    assert told[told.index("videos 3 1 written, 2 fetched, not written") + 1] == (
        "2 of these waiting for 1 batch with 2 requests"
    )
    status = json.loads(command("status", "--json"))
    assert status["batches"] == {"open": 1, "waiting": 2, "videos": 2}
    assert status["videos"]["fetched"] == 2
    llm.batches.a_look = 100.0
    generate(llm, "--finish-live", talks=[LENS, METRE])
    assert json.loads(command("status", "--json"))["batches"] == none


def test_a_channels_plan_and_question_count_no_batch_twice(llm, monkeypatch):
    """The question before a costly run is of what is not submitted yet."""
    llm.batches.a_look = 0.0
    generate(llm, *BATCH, talks=[LENS])
    asked: list[int] = []

    def confirm_of(progress: object) -> Any:
        return lambda estimate: asked.append(estimate.requests) or True

    monkeypatch.setattr("generator.cli.confirm_of", confirm_of)
    generate(llm, *BATCH, "--confirm-above", "0", talks=[LENS])
    [fresh] = asked
    asked.clear()
    generate(llm, *BATCH, "--confirm-above", "0", "--output", "other", talks=[LENS])
    assert fresh == asked[0] - 1


def test_ctrl_c_ends_the_waiting_and_not_the_batches(llm, tmp_path):
    talks = many_talks(1, lines=24, minutes=6.5)
    llm.batches.a_look = 0.0
    with YouTubeStandIn(talks) as youtube, youtube.trusted(), Forked() as forked:
        settings = {
            "engine": "openai",
            "base_url": llm.base_url,
            "proxy": youtube.proxy_url,
            "output": str(tmp_path / "vault"),
            "fetch_interval": 0,
            "batch": True,
            "wait": True,
        }
        process = forked.start(HANDLE, **settings, batch_poll=3600)
        while not llm.batches.asked.count("POST /batches") or forked.ended(0.2) is not None:
            assert forked.ended(0.01) is None
        os.kill(process, signal.SIGINT)
        assert forked.ended() == 1  # long before the next look
        [batch] = llm.batches.batches.values()
        assert batch.state == "validating"
        llm.batches.a_look = 300.0
        forked.start(HANDLE, **settings, batch_poll=0)
        assert forked.ended() == 0
    llm.assert_nothing_paid_twice()
    assert any(name.endswith(".md") for name in files(tmp_path / "vault"))
