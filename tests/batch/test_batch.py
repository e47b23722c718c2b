"""Many videos in one run, through the stand-ins: what one does to the others, and the next run."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

import generator
from generator.batch.pacing import Pace
from generator.cli import app
from generator.library import Library
from generator.models import Stage
from tests.standins.llm import LLMStandIn
from tests.standins.llm_rule import ByRule
from tests.standins.many import HANDLE, many_talks
from tests.standins.youtube import YouTubeStandIn

TALKS = many_talks(8, lines=24, minutes=6.5)
IDS = [talk.id for talk in TALKS]
WANTED = ["--channel", HANDLE]
FEW = ["--limit", "3"]


@pytest.fixture(scope="module")
def standin():
    with YouTubeStandIn(TALKS) as youtube, youtube.trusted():
        yield youtube


@pytest.fixture(autouse=True)
def youtube(standin, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENERATE_PROXY", standin.proxy_url)
    monkeypatch.setenv("GENERATE_RETRIES", "0")
    monkeypatch.setenv("GENERATE_ENGINE", "extractive")
    standin.faults.clear()
    standin.requests.clear()
    return standin


@pytest.fixture
def llm(monkeypatch):
    with LLMStandIn(ByRule(), talks=TALKS) as server:
        monkeypatch.setenv("GENERATE_ENGINE", "openai")
        monkeypatch.setenv("GENERATE_BASE_URL", server.base_url)
        yield server


def run(*arguments: str):
    ended = CliRunner().invoke(app, ["--json", *arguments], catch_exceptions=False)
    return ended.exit_code, json.loads(ended.stdout)


def states(told) -> dict[str, str]:
    return {video["id"]: video["state"] for video in told["videos"]}


def kept_states() -> dict[str, Stage]:
    with Library.open("output/.generator/library.db") as library:
        return {id_: state.stage for id_, state in library.states.of().items()}


def kept_slugs() -> list[tuple[str, str]]:
    with Library.open("output/.generator/library.db") as library:
        return [(note.slug, note.video.id) for note in library.notes(HANDLE.removeprefix("@"))]


def files(vault: str = "output") -> dict[str, bytes]:
    """All of a vault but its library."""
    return {
        str(path.relative_to(vault)): path.read_bytes()
        for path in Path(vault).rglob("*")
        if path.is_file() and ".db" not in path.name
    }


def transcripts_asked(youtube) -> list[str]:
    """The videos whose transcripts were asked for, each once, in order."""
    asked = youtube.asked("watch", asker="transcript")
    return list(dict.fromkeys(line.video for line in asked))


def test_a_channel_becomes_notes_and_a_second_run_has_nothing_to_do(youtube):
    code, told = run(*WANTED)
    assert code == 0
    assert states(told) == dict.fromkeys(IDS, "written")
    assert list(states(told)) == IDS
    assert transcripts_asked(youtube) == IDS
    before = files()
    youtube.requests.clear()
    code, told = run(*WANTED)
    assert code == 0
    assert states(told) == dict.fromkeys(IDS, "passed-over")
    assert {video["reason"] for video in told["videos"]} == {"its notes are written"}
    assert not transcripts_asked(youtube)
    assert files() == before


def test_refetch_fetches_and_writes_what_was_written(youtube):
    run(*WANTED, "--limit", "2")
    youtube.requests.clear()
    _, told = run(*WANTED, "--limit", "2", "--refetch")
    assert states(told) == dict.fromkeys(IDS[:2], "unchanged")
    assert transcripts_asked(youtube) == IDS[:2]


def test_what_is_asked_for_by_itself_is_never_passed_over(youtube):
    run(*WANTED, "--limit", "2")
    _, told = run("--video", IDS[1], *WANTED, "--limit", "2")
    assert states(told) == {IDS[1]: "unchanged", IDS[0]: "passed-over"}
    assert set(kept_states().values()) == {Stage.WRITTEN}


def test_failures_stop_no_other_and_only_those_that_may_pass_are_tried_again(youtube):
    for video, fault in zip(IDS, ["private", "captions_disabled", "upcoming"], strict=False):
        youtube.faults.add(fault, video=video)
    youtube.faults.add("server_error", video=IDS[3])
    code, told = run(*WANTED)
    assert code == 1
    assert states(told) == dict.fromkeys(IDS[:4], "failed") | dict.fromkeys(IDS[4:], "written")
    first = {video["id"]: video for video in told["videos"]}

    youtube.requests.clear()
    youtube.faults.clear()
    code, told = run(*WANTED)
    again = {video["id"]: video for video in told["videos"]}
    assert code == 0
    assert transcripts_asked(youtube) == IDS[2:4]
    assert states(told) == {
        **dict.fromkeys(IDS[:2], "passed-over"),
        **dict.fromkeys(IDS[2:4], "written"),
        **dict.fromkeys(IDS[4:], "passed-over"),
    }
    for video in IDS[:2]:
        assert again[video]["cause"] == first[video]["cause"]
        assert again[video]["remedy"] == first[video]["remedy"] != ""

    code, told = run(*WANTED, "--retry-failed")
    assert states(told) == dict.fromkeys(IDS[:2], "written") | dict.fromkeys(IDS[2:], "passed-over")


def test_a_remedy_that_is_followed_needs_no_other_option(youtube, tmp_path):
    youtube.faults.add("members_only", video=IDS[0], login_helps=True)
    _, told = run(*WANTED, "--limit", "1")
    assert told["videos"][0]["cause"] == "members-only"
    cookies = tmp_path / "cookies.txt"
    cookies.write_text(
        "# Netscape HTTP Cookie File\n"
        ".youtube.com\tTRUE\t/\tTRUE\t4102444800\tSAPISID\tx\n"
        ".youtube.com\tTRUE\t/\tTRUE\t4102444800\tLOGIN_INFO\ty\n"
    )
    youtube.requests.clear()
    run(*WANTED, "--limit", "1", "--cookies", str(cookies))
    assert transcripts_asked(youtube) == IDS[:1]


def test_a_block_ends_the_fetching_and_the_next_run_goes_on(youtube):
    run(*WANTED, "--output", "undisturbed")
    youtube.requests.clear()
    for video in IDS[3:]:
        youtube.faults.add("blocked", video=video)
    code, told = run(*WANTED)
    assert code == 1
    statuses = [line.status for line in youtube.requests]
    assert statuses.count(429) == 3
    assert statuses[-3:] == [429] * 3
    assert list(states(told).values()) == ["written"] * 3 + ["pending"] * 5
    assert {video["cause"] for video in told["videos"][3:]} == {"blocked"}
    assert told["ended"]["cause"] == "blocked"
    assert "--proxy" in told["ended"]["remedy"]
    stages = kept_states()
    assert [stages[id_] for id_ in IDS] == [Stage.WRITTEN] * 3 + [Stage.PENDING] * 5

    youtube.faults.clear()
    youtube.requests.clear()
    code, told = run(*WANTED)
    assert code == 0
    assert transcripts_asked(youtube) == IDS[3:]
    assert files() == files("undisturbed")


def test_videos_that_youtube_refuses_one_by_one_end_the_fetching_too(youtube):
    youtube.faults.add("session_limited")
    _, told = run(*WANTED)
    assert len(youtube.asked("player")) == 3
    assert told["ended"]["cause"] == "blocked"


def test_where_nothing_is_reached_three_videos_tell_and_what_is_kept_is_written(youtube):
    run(*WANTED)
    with Library.open("output/.generator/library.db") as library:
        library.states.save(
            *(state.__class__(id_, Stage.PENDING) for id_, state in library.states.of().items())
        )
    code, told = run("--proxy", "http://127.0.0.1:9", "--video", "neverFetch1", *WANTED)
    assert code == 1
    assert states(told)["neverFetch1"] == "failed"
    assert set(states(told).values()) == {"failed", "unchanged"}
    unknown = [part for number in range(5) for part in ("--video", f"neverFetch{number}")]
    _, told = run("--proxy", "http://127.0.0.1:9", *unknown)
    assert list(states(told).values()) == ["failed"] * 3 + ["pending"] * 2
    assert told["ended"]["cause"] == "network"


def test_offline_nobody_is_asked(youtube, llm):
    for video in IDS[2:]:
        youtube.faults.add("upcoming", video=video)
    run(*WANTED)
    youtube.requests.clear()
    code, told = run(*WANTED, "--offline")
    assert code == 1
    assert states(told) == dict.fromkeys(IDS[:2], "passed-over") | dict.fromkeys(IDS[2:], "failed")
    assert {video["cause"] for video in told["videos"][2:]} == {"offline"}
    assert not youtube.requests
    code, told = run("--video", IDS[0], "--offline")
    assert (code, states(told)) == (0, {IDS[0]: "unchanged"})


def test_offline_a_model_elsewhere_is_not_asked_and_what_is_kept_does(youtube, llm, monkeypatch):
    run(*WANTED, "--limit", "2")
    asked = len(llm.requests)
    monkeypatch.setenv("GENERATE_BASE_URL", "http://model.example/v1")
    code, told = run("--video", IDS[0], "--video", IDS[1], "--offline")
    assert (code, set(states(told).values())) == (0, {"unchanged"})
    code, told = run("--video", IDS[0], "--video", IDS[1], "--offline", "--model", "another")
    assert code == 1
    assert [video["cause"] for video in told["videos"]] == ["offline"] * 2
    assert len(llm.requests) == asked
    monkeypatch.setenv("GENERATE_BASE_URL", llm.base_url)
    code, told = run("--video", IDS[0], "--offline", "--model", "another")
    assert code == 0
    assert len(llm.requests) > asked


def test_a_note_that_a_model_gets_wrong_is_asked_for_again_with_another_model(youtube, llm):
    llm.faults.add("prose", prompt="outline")
    _, told = run(*WANTED, "--limit", "1", "--model", "weak")
    assert told["videos"][0]["cause"] == "reply-unusable"
    asked = len(llm.requests)
    _, told = run(*WANTED, "--limit", "1", "--model", "weak")
    assert (states(told), len(llm.requests)) == ({IDS[0]: "passed-over"}, asked)
    llm.faults.clear()
    _, told = run(*WANTED, "--limit", "1", "--model", "strong")
    assert states(told) == {IDS[0]: "written"}


def test_a_slow_talk_keeps_no_other_waiting_and_notes_have_their_names_by_the_list(youtube, llm):
    run(*WANTED, "--output", "undisturbed", "--jobs", "8")
    llm.forget()
    slow = threading.Event()
    llm.pause = lambda question, video: video == IDS[1] and slow.wait(60)
    thread = threading.Thread(target=lambda: run(*WANTED, "--jobs", "2"))
    thread.start()
    try:
        others = {*IDS} - {IDS[1]}
        assert llm.wait_until(lambda log: others <= {r.video for r in log if r.prompt == "note"})
        assert IDS[2] not in {video for _, video in kept_slugs()}
    finally:
        slow.set()
        thread.join(60)
    assert files() == files("undisturbed")
    llm.assert_nothing_paid_twice()


def test_what_waits_beyond_measure_is_made_again_from_kept_replies(youtube, llm, monkeypatch):
    run(*WANTED, "--output", "undisturbed")
    llm.forget()
    monkeypatch.setattr("generator.batch.videos.WAITING", 0)
    code, _ = run(*WANTED)
    assert code == 0
    llm.assert_nothing_paid_twice()
    assert files() == files("undisturbed")


def test_between_two_fetches_there_is_a_pause_of_about_the_interval():
    now, waits = [100.0], []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    async def turns() -> None:
        pace = Pace(2.0, clock=lambda: now[0], sleep=sleep, random=Random(1))
        for _ in range(200):
            await pace.turn()
            now[0] += 0.25  # what the fetch itself takes

    asyncio.run(turns())
    assert len(waits) == 199
    assert 0.75 <= min(waits) < 0.8
    assert 2.7 < max(waits) <= 2.75
    assert 1.65 < sum(waits) / len(waits) < 1.85


def test_only_what_asks_the_network_waits_for_its_turn(youtube, monkeypatch):
    turns = []

    class Counted(Pace):
        async def turn(self) -> None:
            turns.append(1)

    monkeypatch.setattr("generator.pipeline.pace_of", lambda settings: Counted(9.0))
    run(*WANTED, "--limit", "3")
    assert len(turns) == 3
    run(*WANTED, "--limit", "4", "--video", IDS[0])
    assert len(turns) == 4
    run(*WANTED, "--limit", "2", "--output", "taped", "--cassette", "tape.yaml")
    assert len(turns) == 6
    code, _ = run(*WANTED, "--limit", "2", "--output", "replayed", "--cassette", "tape.yaml")
    assert (code, len(turns)) == (0, 6)
    assert files("replayed") == files("taped")


def test_a_video_without_title_and_handle_has_those_of_its_list(youtube):
    youtube.faults.add("blocked", asker="metadata", at="watch")
    youtube.faults.add("no_oembed", at="oembed")
    _, told = run(*WANTED, "--limit", "1")
    (video,) = told["videos"]
    assert (video["state"], video["channel"]) == ("written", HANDLE.removeprefix("@"))
    assert video["title"] == TALKS[0].title


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_a_run_keeps_what_is_in_flight_and_the_next_goes_on(youtube, llm, number):
    run(*WANTED, *FEW, "--output", "undisturbed", "--jobs", "2")
    llm.forget()
    command = [sys.executable, "-c", "from generator.cli import main; main()"]
    with llm.held() as wait_for:
        process = subprocess.Popen(
            [*command, *WANTED, *FEW, "--jobs", "2"],
            env={**os.environ, "PYTHONPATH": str(Path(generator.__file__).parents[1])},
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_for(1)
        process.send_signal(number)
        assert "ending" in next(line for line in process.stderr if "ending" in line)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    code, told = run(*WANTED, *FEW, "--jobs", "2")
    assert (code, set(states(told).values())) == (0, {"written"})
    llm.assert_nothing_paid_twice()
    assert files() == files("undisturbed")


def test_a_second_run_on_a_vault_is_told_of_the_first_and_touches_nothing(youtube, llm):
    command = [sys.executable, "-c", "from generator.cli import main; main()"]
    with llm.held() as wait_for:
        process = subprocess.Popen(
            [*command, *WANTED],
            env={**os.environ, "PYTHONPATH": str(Path(generator.__file__).parents[1])},
            stderr=subprocess.DEVNULL,
        )
        wait_for(1)
        asked = len(youtube.requests)
        ended = CliRunner().invoke(app, ["--video", IDS[0]])
        assert ended.exit_code == 1
        assert f"process {process.pid}" in ended.stderr
        assert "touched" in ended.stderr
        assert not [line for line in youtube.requests[asked:] if line.video == IDS[0]]
        process.kill()
        process.wait()
    code, _ = run(*WANTED)
    assert code == 0
