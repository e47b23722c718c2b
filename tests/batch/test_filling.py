"""Where lists tell dates as `1 year ago`: limits are filled, with no more fetched than it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from generator.cli import app
from generator.library import Library
from generator.models import Stage
from tests.standins.many import HANDLE, many_talks
from tests.standins.youtube import YouTubeStandIn

TODAY = datetime.now(UTC).date()
FIRST, STEP = 380, 10
TALKS = [
    replace(talk, published=TODAY - timedelta(days=FIRST + STEP * at))
    for at, talk in enumerate(many_talks(20, lines=12, minutes=3))
]
IDS = [talk.id for talk in TALKS]


def before_talk(at: int) -> str:
    """The day in the middle between a talk and the one after it, which is older."""
    return str(TALKS[at].published - timedelta(days=STEP // 2))


@pytest.fixture(scope="module")
def standin() -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn(TALKS) as youtube, youtube.trusted():
        yield youtube


@pytest.fixture(autouse=True)
def youtube(
    standin: YouTubeStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> YouTubeStandIn:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENERATE_PROXY", standin.proxy_url)
    monkeypatch.setenv("GENERATE_RETRIES", "0")
    standin.faults.clear()
    standin.requests.clear()
    return standin


def run(*arguments: str) -> Any:
    given = ["--channel", HANDLE, "--json", *arguments]
    return json.loads(CliRunner().invoke(app, given, catch_exceptions=False).stdout)


def states(told: Any) -> dict[str, str]:
    return {video["id"]: video["state"] for video in told["videos"]}


def kept_stages() -> dict[str, Stage]:
    with Library.open("output/.generator/library.db") as library:
        return {id_: state.stage for id_, state in library.states.of().items()}


def fetched(youtube: YouTubeStandIn) -> list[str]:
    asked = youtube.asked("watch", asker="transcript")
    return list(dict.fromkeys(line.video or "" for line in asked))


def test_what_turns_out_too_new_leaves_its_place_to_the_next(youtube: YouTubeStandIn) -> None:
    wanted = ("--until", before_talk(3), "--limit", "3")
    expected = dict.fromkeys(IDS[:4], "skipped") | dict.fromkeys(IDS[4:7], "written")
    assert states(run(*wanted)) == expected
    assert fetched(youtube) == IDS[:7]
    assert set(kept_stages()) == set(IDS[:7])

    youtube.requests.clear()
    assert states(run(*wanted)) == dict.fromkeys(IDS[4:7], "passed-over")
    assert fetched(youtube) == []


def test_a_limit_that_is_filled_needs_no_further_video(youtube: YouTubeStandIn) -> None:
    assert states(run("--since", before_talk(8), "--limit", "2")) == dict.fromkeys(
        IDS[:2], "written"
    )
    assert fetched(youtube) == IDS[:2]
    assert kept_stages() == dict.fromkeys(IDS[:2], Stage.WRITTEN)


def test_behind_ten_that_are_too_old_none_is_fetched_now_or_later(youtube: YouTubeStandIn) -> None:
    wanted = ("--since", before_talk(1))
    told = states(run(*wanted))
    assert told == dict.fromkeys(IDS[:2], "written") | dict.fromkeys(IDS[2:12], "skipped")
    assert fetched(youtube) == IDS[:12]

    youtube.requests.clear()
    assert states(run(*wanted)) == dict.fromkeys(IDS[:2], "passed-over")
    assert fetched(youtube) == []


def test_a_video_that_another_source_wants_is_had_beyond_the_limit(
    youtube: YouTubeStandIn,
) -> None:
    told = states(run("--until", before_talk(0), "--limit", "1", "--video", IDS[9]))
    assert [id_ for id_, state in told.items() if state == "written"] == [IDS[9], IDS[1]]
    assert fetched(youtube) == [IDS[9], *IDS[:2]]


def test_who_is_blocked_half_way_goes_on_to_the_same_videos(youtube: YouTubeStandIn) -> None:
    wanted = ("--until", before_talk(3), "--limit", "3")
    for id_ in IDS[5:]:
        youtube.faults.add("blocked", video=id_)
    told = run(*wanted)
    assert list(states(told).values()) == ["skipped"] * 4 + ["written"] + ["pending"] * 2
    assert told["ended"]["cause"] == "blocked"
    youtube.faults.clear()
    run(*wanted)
    assert kept_stages() == dict.fromkeys(IDS[:4], Stage.FETCHED) | dict.fromkeys(
        IDS[4:7], Stage.WRITTEN
    )


def test_a_dry_run_counts_as_many_as_are_wanted(youtube: YouTubeStandIn) -> None:
    run("--limit", "1", "--match", "no such title")
    plan = run("--until", before_talk(3), "--limit", "3", "--dry-run")
    assert [video["doing"] for video in plan["videos"]] == ["fetch"] * 3


def test_progress_counts_what_is_wanted(youtube: YouTubeStandIn) -> None:
    given = ["--channel", HANDLE, "--until", before_talk(3), "--limit", "3"]
    ended = CliRunner().invoke(app, given, catch_exceptions=False)
    counts = [line.split()[0] for line in ended.stderr.splitlines() if line.startswith("[")]
    assert counts == ["[1/4]", "[2/5]", "[3/6]", "[4/7]", "[5/7]", "[6/7]", "[7/7]"]


@pytest.mark.xdist_group("dask")
def test_a_cluster_fetches_what_one_machine_does(youtube: YouTubeStandIn) -> None:
    wanted = ("--until", before_talk(3), "--limit", "3", "--dask", "local:2")
    expected = dict.fromkeys(IDS[:4], "skipped") | dict.fromkeys(IDS[4:7], "written")
    assert states(run(*wanted)) == expected
    assert sorted(fetched(youtube)) == IDS[:7]
