"""The whole way from YouTube into the vault, through the stand-in."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app
from tests.standins.talk import demo_talks
from tests.standins.youtube import YouTubeStandIn

TIDES, NOTE = (
    "tWiceDaily8",
    Path("output/kettle_and_chalk/tides_why_the_sea_comes_back_twice_a_day.md"),
)


@pytest.fixture(scope="module")
def standin():
    with YouTubeStandIn(demo_talks()) as youtube, youtube.trusted():
        yield youtube


@pytest.fixture(autouse=True)
def youtube(standin, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENERATE_PROXY", standin.proxy_url)
    monkeypatch.setenv("GENERATE_RETRIES", "0")
    standin.faults.clear()
    standin.requests.clear()
    return standin


def run(*arguments: str):
    ended = CliRunner().invoke(app, ["--json", *arguments], catch_exceptions=False)
    return ended.exit_code, json.loads(ended.stdout)


def test_a_video_becomes_a_note_with_the_sections_of_its_author(youtube):
    code, told = run("--video", f"https://youtu.be/{TIDES}?si=x")
    (note,) = told["videos"][0]["notes"]
    talk = youtube.talks[TIDES]
    assert code == 0
    assert note["path"] == str(NOTE)
    assert [section["heading"] for section in note["sections"]] == [
        title for _, title in talk.chapters
    ]
    assert "From: [[kettle_and_chalk]]" in NOTE.read_text()


def test_what_was_fetched_needs_no_network_again(youtube):
    run("--video", TIDES)
    asked = len(youtube.requests)
    youtube.faults.add("proxy_refuses")
    NOTE.unlink()
    code, told = run("--video", TIDES)
    assert (code, told["videos"][0]["state"]) == (0, "written")
    assert len(youtube.requests) == asked
    code, told = run("--video", TIDES, "--refetch")
    assert (code, told["videos"][0]["cause"]) == (1, "network")
    assert NOTE.exists()


def test_another_language_is_fetched_when_it_is_asked_for(youtube):
    run("--video", TIDES, "--language", "en")
    english = NOTE.read_text()
    _, told = run("--video", TIDES, "--language", "de,en")
    assert told["videos"][0]["state"] == "written"
    assert NOTE.read_text() != english
    _, told = run("--video", TIDES, "--language", "fr")
    assert any("fr" in notice for notice in told["videos"][0]["notices"])


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("unavailable", "unavailable"),
        ("private", "private"),
        ("age_restricted", "age-restricted"),
        ("members_only", "members-only"),
        ("live", "live-or-upcoming"),
        ("upcoming", "live-or-upcoming"),
        ("captions_disabled", "captions-disabled"),
        ("wrong_country", "unavailable"),
        ("bot_check", "blocked"),
        ("blocked", "blocked"),
        ("recaptcha", "blocked"),
        ("proxy_refuses", "network"),
        ("proxy_reset", "network"),
        ("connection_reset", "network"),
        ("html_for_json", "not-understood"),
        ("truncated_json", "not-understood"),
    ],
)
def test_each_cause_is_told_and_leaves_nothing(youtube, fault, cause):
    youtube.faults.add(fault)
    code, told = run("--video", TIDES)
    (video,) = told["videos"]
    assert (code, video["state"], video["cause"]) == (1, "failed", cause), video["error"]
    assert TIDES in video["error"] or "could not be reached" in video["error"]
    assert not list(Path("output").rglob("*.md"))


@pytest.mark.parametrize("fault", ["recaptcha", "no_api_key", "html_for_json"])
def test_the_subtitle_tracks_of_ytdlp_are_tried_before_giving_up(youtube, fault):
    youtube.faults.add(fault, asker="transcript")
    code, told = run("--video", TIDES)
    assert (code, told["videos"][0]["state"]) == (0, "written")


@pytest.mark.parametrize("faults", [("no_metadata",), ("no_metadata", "no_oembed")])
def test_metadata_that_fails_fails_no_video(youtube, faults):
    for fault in faults:
        youtube.faults.add(fault)
    code, told = run("--video", TIDES)
    (video,) = told["videos"]
    assert (code, video["state"]) == (0, "written")
    assert video["title"] == "Tides | Why the sea comes back twice a day"


def test_what_passes_is_tried_again(youtube, monkeypatch):
    monkeypatch.setenv("GENERATE_RETRIES", "2")
    youtube.faults.add("server_error", times=1, retry_after=0, at="captions")
    code, told = run("--video", TIDES)
    assert (code, told["videos"][0]["state"]) == (0, "written")


def test_one_videos_failure_stops_no_other(youtube):
    youtube.faults.add("private", video=TIDES)
    code, told = run("--video", TIDES, "--video", "FrsnL_1823k")
    assert code == 1
    assert [video["state"] for video in told["videos"]] == ["failed", "written"]


def test_an_id_that_looks_like_an_option_is_taken():
    code, told = run("--video", "-2NoonsDay0")
    assert (code, told["videos"][0]["id"]) == (0, "-2NoonsDay0")


def test_a_recording_replays_to_the_same_bytes_without_the_network(youtube):
    videos = [part for talk in demo_talks() for part in ("--video", talk.id)]
    run(*videos, "--output", "recorded", "--cassette", "talks.yaml")
    asked = len(youtube.requests)
    code, _ = run(*videos, "--output", "replayed", "--cassette", "talks.yaml")
    assert (code, len(youtube.requests)) == (0, asked)

    def files(vault: str) -> dict[str, bytes]:
        return {
            str(path.relative_to(vault)): path.read_bytes()
            for path in Path(vault).rglob("*")
            if path.is_file() and "library.db" not in path.name
        }

    assert files("recorded") == files("replayed")
    assert len(files("replayed")) == 12

    code, told = run("--video", "rP2kEF3Mj-o", "--output", "x", "--cassette", "talks.yaml")
    assert (code, told["videos"][0]["cause"]) == (1, "not-in-cassette")
    assert len(youtube.requests) == asked


def test_a_proxys_password_is_nowhere(youtube, monkeypatch):
    host = youtube.proxy_url.removeprefix("http://")
    monkeypatch.setenv("GENERATE_PROXY", f"http://me:SECRETWORD@{host}")
    CliRunner().invoke(app, ["--video", TIDES, "--cassette", "c.yaml", "--verbose"])
    youtube.faults.add("proxy_refuses")
    shown = CliRunner().invoke(app, ["--video", "FrsnL_1823k", "--verbose"])
    assert shown.exit_code == 1
    assert "SECRETWORD" not in shown.output
    files = [path for path in Path().rglob("*") if path.is_file()]
    assert {"c.yaml", "library.db"} <= {path.name for path in files}
    assert not [path for path in files if b"SECRETWORD" in path.read_bytes()]


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (("--proxy", "ftp://a:secret@b"), "proxy"),
        (("--cookies", "none.txt"), "cookies"),
        (("--cookies-from-browser", "mosaic"), "cookies"),
    ],
)
def test_an_option_that_cannot_be_used_is_wrong_usage_and_no_videos_failure(
    youtube, options, cause
):
    code, told = run("--video", TIDES, "--video", "FrsnL_1823k", *options)
    assert (code, told["cause"], told["videos"]) == (2, cause, [])
    assert "secret" not in json.dumps(told)
    assert not NOTE.exists()


def test_a_proxy_that_is_none_is_told_before_anything_is_done(youtube):
    Path("a.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nThe sea comes back.\n")
    code, told = run("--transcript", "a.srt", "--proxy", "http://")
    assert (code, told["cause"]) == (2, "proxy")
    assert not Path("output").exists()


def test_a_file_of_a_video_does_not_stand_for_what_youtube_has(youtube):
    Path("a.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nThe sea comes back.\n")
    of_file = ("--transcript", "a.srt", "--video-id", TIDES)
    run(*of_file)
    code, told = run("--video", TIDES)
    assert (code, told["videos"][0]["channel"]) == (0, "kettle_and_chalk")
    # And the other way round: a file that comes later does not hide what was fetched.
    run(*of_file, "--channel-name", "mine")
    asked = len(youtube.requests)
    code, told = run("--video", TIDES)
    assert (code, told["videos"][0]["channel"]) == (0, "kettle_and_chalk")
    assert len(youtube.requests) == asked


def test_the_id_made_for_a_file_finds_what_is_kept_of_it(youtube):
    Path("a.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nThe sea comes back.\n")
    made = run("--transcript", "a.srt")[1]["videos"][0]["id"]
    code, told = run("--video", made)
    assert (code, told["videos"][0]["state"], youtube.requests) == (0, "unchanged", [])
