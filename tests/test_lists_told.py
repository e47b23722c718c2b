"""What runs over a channel tell, and what status says between them, through the stand-in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app
from tests.standins.talk import demo_talks
from tests.standins.youtube import YouTubeStandIn

CHANNEL = ("--channel", "@kettle_and_chalk")
TIDES, LENS, METRE = "tWiceDaily8", "FrsnL_1823k", "Metr1799_Mk"


@pytest.fixture(autouse=True)
def youtube(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[YouTubeStandIn]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENERATE_RETRIES", "0")
    with YouTubeStandIn(demo_talks()) as youtube, youtube.trusted():
        monkeypatch.setenv("GENERATE_PROXY", youtube.proxy_url)
        yield youtube


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def states(*arguments: str) -> dict[str, str]:
    told = json.loads(run(*CHANNEL, "--json", *arguments).stdout)
    return {video["id"]: video["state"] for video in told["videos"]}


def stages() -> dict[str, int]:
    counts = json.loads(run("status", "--json").stdout)["videos"]
    return {stage: count for stage, count in counts.items() if count}


def test_a_batch_and_its_reruns(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("captions_disabled", video=TIDES)
    youtube.faults.add("captions_disabled", video=LENS)
    youtube.faults.add("connection_reset", video=METRE)
    ended = run(*CHANNEL)
    assert ended.exit_code == 1
    lines = [line for line in ended.stderr.splitlines() if line.startswith("[")]
    assert [line.split()[0] for line in lines] == [f"[{number}/5]" for number in range(1, 6)]
    assert "fetching" not in ended.stderr
    assert "failed: 2 times captions-disabled: Video ID has no captions" in ended.stderr
    assert re.search(rf"^  {LENS}  \S", ended.stderr, re.MULTILINE)
    assert re.search(r"^videos +5  2 written, 3 failed$", ended.stdout, re.MULTILINE)
    assert stages() == {"written": 2, "failed": 3}

    # What failed for good is told again, and is no failure of this run.
    youtube.faults.clear()
    youtube.requests.clear()
    ended = run(*CHANNEL)
    assert ended.exit_code == 0
    assert "failed" not in ended.stderr
    assert "failed before: 2 times captions-disabled" in ended.stdout
    assert "passed over: 2 videos (their notes are written)" in ended.stdout
    assert {line.video for line in youtube.requests if line.video} == {METRE}
    assert stages() == {"written": 3, "failed": 2}
    told = json.loads(run(*CHANNEL, "--json").stdout)
    lens = next(video for video in told["videos"] if video["id"] == LENS)
    assert (lens["state"], lens["cause"], lens["passing"]) == (
        "passed-over", "captions-disabled", False,
    )  # fmt: skip
    assert lens["title"].startswith("Fresnel lens | ")
    assert told["totals"]["passed_over"] == 5

    assert states("--retry-failed")[LENS] == "written"
    assert stages() == {"written": 5}
    assert "5 passed over" in run(*CHANNEL).stdout


def test_what_a_list_cannot_give_is_told_apart_from_failures(youtube: YouTubeStandIn) -> None:
    Path("list.txt").write_text(f"{TIDES}\nnonsense of a line\n")
    ended = run("--videos", "list.txt", "--channel", "@nobody_at_all", "--json")
    told = json.loads(ended.stdout)
    assert ended.exit_code == 1
    assert [video["state"] for video in told["videos"]] == ["written"]
    failed = {each["name"]: each for each in told["lists"]}
    channel = failed.pop("@nobody_at_all")
    assert "upgrade" not in channel["error"]
    assert channel["remedy"]
    ((name, line),) = failed.items()
    assert "list.txt" in name
    assert line["cause"] == "invalid-id"


def test_a_block_ends_the_run_and_its_last_line_says_how_to_go_on(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("blocked", at="watch")
    youtube.faults.add("blocked", at="player")
    ended = run(*CHANNEL)
    assert ended.exit_code == 1
    *_, early, left, last = ended.stderr.splitlines()
    assert early.startswith("ended early: YouTube refused this address")
    assert left == "left: 5 of 5 videos"
    assert last.startswith("to go on: Wait some hours")
    assert re.search(r"^videos +5  5 pending$", ended.stdout, re.MULTILINE)
    assert stages() == {"pending": 5}
    youtube.faults.clear()
    assert run(*CHANNEL).exit_code == 0
    assert stages() == {"written": 5}


def test_a_wrong_line_of_the_standard_input_is_named_once(youtube: YouTubeStandIn) -> None:
    given = f"{TIDES}\nnonsense\nmore nonsense\n"
    ended = CliRunner().invoke(app, ["--videos", "-"], input=given, catch_exceptions=False)
    lines = [line for line in ended.stderr.splitlines() if "nonsense" in line]
    assert [line.count("standard input") for line in lines] == [1, 1]
    assert lines[0].startswith("  the standard input, line 2: “nonsense” is neither")
    (name,) = [each["name"] for each in json.loads(
        CliRunner().invoke(app, ["--videos", "-", "--json"], input="nonsense").stdout
    )["lists"]]  # fmt: skip
    assert name == "the standard input, line 1"


def test_a_block_leaves_the_only_video_failed(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("blocked", video=TIDES)
    ended = run("--video", TIDES)
    assert ended.exit_code == 1
    assert "1 failed" in ended.stdout


def test_status_lists_the_channel(youtube: YouTubeStandIn) -> None:
    run(*CHANNEL, "--limit", "1")
    told = json.loads(run("status", "--json").stdout)
    (listed,) = told["lists"]
    assert "kettle_and_chalk" in listed["address"]
    assert (listed["videos"] >= 1, listed["written"]) == (True, 1)
