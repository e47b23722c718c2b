"""The fetcher over TLS and a proxy to the stand-in for YouTube, recorded and replayed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.errors import BlockedByYouTube, FetchError, NetworkDown, NotInCassette
from generator.fetcher.cassettes import cassette
from generator.fetcher.http import Connection
from generator.fetcher.subtitles import read_transcript
from generator.fetcher.youtube import fetch_video
from generator.models import Cue, Fetched, WordTime
from tests.standins.talk import TALKS as FOLDER
from tests.standins.talk import Talk, demo_talks, read_talk
from tests.standins.youtube import COOKIE, YouTubeStandIn
from tests.standins.youtube_captions import captions

TALKS: list[Talk] = demo_talks()
SECRET = "pa55word"


@pytest.fixture
def youtube(monkeypatch: pytest.MonkeyPatch) -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn(TALKS) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.ca_bundle))
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        yield running


def fetch(youtube: YouTubeStandIn, video_id: str = TALKS[0].id, **set_: Any) -> Fetched:
    set_.setdefault("sleep", lambda seconds: None)
    proxy = youtube.proxy_url.replace("//", f"//me:{SECRET}@")
    return fetch_video(video_id, ("en",), Connection(proxy=proxy, timeout=5, **set_))


def test_a_video_takes_four_requests(youtube: YouTubeStandIn) -> None:
    fetched = fetch(youtube)
    assert [(line.place, line.asker) for line in youtube.requests] == [
        ("watch", "transcript"),
        ("player", "transcript"),
        ("captions", "transcript"),
        ("watch", "metadata"),
    ]
    assert (fetched.video.id, fetched.notices) == (TALKS[0].id, ())
    assert fetched.video.title == TALKS[0].title
    assert fetched.video.published is not None


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: str(talk.id))
def test_every_talk_is_fetched_whole(youtube: YouTubeStandIn, talk: Talk) -> None:
    fetched = fetch(youtube, talk.id)
    starts = [cue.start for cue in fetched.transcript.cues]
    assert starts == sorted(starts)
    assert len(starts) > 50
    assert fetched.video.title == talk.title


def timed_talk() -> Talk:
    """A talk with generated captions, whose words are said at other than even steps."""
    cues = [
        {"start": 1.5, "duration": 3, "text": "the tide comes", "words": [1.5, 1.74, 3.2]},
        {"start": 3.9, "duration": 3, "text": "in & out", "words": [3.9, 4.0, 5.25]},
    ]
    track = {"language": "en", "name": "English", "generated": True, "cues": cues}
    talk = json.loads((FOLDER / "tWiceDaily8.json").read_text(encoding="utf-8"))
    return read_talk({**talk, "tracks": [track]})


TIMED_CUES = (
    Cue(1.5, 3.0, "the tide comes", (WordTime(0, 1.5), WordTime(4, 1.74), WordTime(9, 3.2))),
    Cue(3.9, 3.0, "in & out", (WordTime(0, 3.9), WordTime(3, 4.0), WordTime(5, 5.25))),
)


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn([timed_talk()]) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.ca_bundle))
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        yield running


def test_a_generated_track_has_the_times_of_its_words(timed: YouTubeStandIn) -> None:
    fetched = fetch(timed, "tWiceDaily8")
    assert fetched.transcript.generated
    assert fetched.transcript.cues == TIMED_CUES
    assert [line.query["fmt"] for line in timed.asked("captions")] == ["json3"]


@pytest.mark.parametrize("form", ["json3", "vtt"])
def test_a_file_that_ytdlp_saved_has_the_same_words_at_the_same_times(
    tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"talk.{form}"
    path.write_text(captions(timed_talk().tracks[0], form), encoding="utf-8")
    cues = read_transcript(path).cues
    assert [(cue.text, cue.words) for cue in cues] == [(cue.text, cue.words) for cue in TIMED_CUES]


def test_ytdlp_brings_the_times_of_words_too(timed: YouTubeStandIn) -> None:
    timed.faults.add("no_api_key", asker="transcript")
    assert fetch(timed, "tWiceDaily8").transcript.cues == TIMED_CUES
    assert [line.asker for line in timed.asked("captions")] == ["metadata"]


@pytest.mark.parametrize("fault", ["truncated_captions", "empty_captions"])
def test_a_broken_json3_reply_is_asked_for_as_xml(timed: YouTubeStandIn, fault: str) -> None:
    timed.faults.add(fault, at="captions", times=1)
    cues = fetch(timed, "tWiceDaily8").transcript.cues
    assert cues == tuple(replace(cue, words=()) for cue in TIMED_CUES)
    assert [line.query.get("fmt") for line in timed.asked("captions")] == ["json3", None]
    assert {line.asker for line in timed.asked("captions")} == {"transcript"}


def test_a_block_of_the_json3_reply_is_a_block(timed: YouTubeStandIn) -> None:
    timed.faults.add("rate_limited", at="captions")
    with pytest.raises(BlockedByYouTube):
        fetch(timed, "tWiceDaily8")
    assert [line.query["fmt"] for line in timed.asked("captions")] == ["json3", "json3"]
    assert len(timed.asked("captions", asker="transcript")) == 1


@pytest.mark.parametrize("fault", ["blocked", "no_api_key", "consent_again", "html_for_json"])
def test_ytdlp_gives_the_same_words(youtube: YouTubeStandIn, fault: str) -> None:
    usual = fetch(youtube)
    youtube.faults.add(fault, asker="transcript")
    other = fetch(youtube)
    assert [cue.text for cue in other.transcript.cues] == [
        cue.text for cue in usual.transcript.cues
    ]
    assert other.video == usual.video


def test_a_recording_is_of_the_real_addresses_and_needs_nothing(
    youtube: YouTubeStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.yaml"
    waits: list[float] = []
    youtube.faults.add("rate_limited", asker="transcript", at="watch", times=1, retry_after=7)
    youtube.faults.add("consent", asker="transcript", times=1)
    with cassette(path):
        recorded = fetch(youtube, sleep=waits.append)
    assert waits == [7.0]
    asked = len(youtube.requests)
    text = path.read_text(encoding="utf-8")
    assert "uri: https://www.youtube.com/api/timedtext?" in text
    assert [secret for secret in (COOKIE, SECRET, "127.0.0.1") if secret in text] == []

    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with cassette(path):
        offline = Connection(sleep=waits.append)
        played = [fetch_video(TALKS[0].id, ("en",), offline) for _ in range(2)]
        with pytest.raises(NotInCassette):
            fetch_video("aaaaaaaaaa1", (), offline)
    assert played == [recorded, recorded]
    assert (waits, len(youtube.requests)) == ([7.0], asked)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("bot_check", BlockedByYouTube),
        ("po_token", BlockedByYouTube),
        ("connection_reset", NetworkDown),
        ("server_error", NetworkDown),
        ("proxy_login", NetworkDown),
    ],
)
def test_failures_on_the_way(youtube: YouTubeStandIn, fault: str, kind: type[FetchError]) -> None:
    youtube.faults.add(fault)
    with pytest.raises(kind) as caught:
        fetch(youtube, retries=1)
    assert SECRET not in caught.value.message


def test_without_its_authority_the_standin_is_not_trusted(
    youtube: YouTubeStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(NetworkDown, match="no secure connection"):
        fetch(youtube)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/authorities.pem")
    with pytest.raises(NetworkDown, match="REQUESTS_CA_BUNDLE"):
        fetch(youtube)
