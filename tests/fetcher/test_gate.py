"""An address that YouTube refuses three times in a row asks for nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from generator.errors import BlockedByYouTube, FetchError, YouTubeNotAsked
from generator.fetcher.gate import Gate, Heard, is_refusal
from generator.fetcher.http import Connection
from generator.fetcher.youtube import fetch_video
from tests.standins.talk import demo_talks
from tests.standins.youtube import YouTubeStandIn

TALKS = demo_talks()
PLAYER = "https://www.youtube.com/youtubei/v1/player?key=x"
WATCH = "https://www.youtube.com/watch?v=x"
OEMBED = "https://www.youtube.com/oembed?url=x"


@pytest.fixture
def youtube(monkeypatch: pytest.MonkeyPatch) -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn(TALKS) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.ca_bundle))
        yield running


def connection_to(youtube: YouTubeStandIn, **settings: Any) -> Connection:
    return Connection(youtube.proxy_url, timeout=5, sleep=lambda seconds: None, **settings)


def refused_in_a_row(youtube: YouTubeStandIn) -> int:
    """How many of the last replies in the log were refusals."""
    statuses = [line.status for line in youtube.requests]
    return len(statuses) - max((at for at, s in enumerate(statuses, 1) if s != 429), default=0)


@pytest.mark.parametrize("fault", ["blocked", "rate_limited"])
@pytest.mark.parametrize("retry_after", [None, 1])
def test_nothing_is_asked_after_the_third_refusal(
    youtube: YouTubeStandIn, fault: str, retry_after: int | None
) -> None:
    connection = connection_to(youtube)
    fetch_video(TALKS[0].id, (), connection)
    youtube.faults.add(fault, retry_after=retry_after)
    for talk in (*TALKS[1:], *TALKS):
        with pytest.raises(BlockedByYouTube):
            fetch_video(talk.id, (), connection)
    assert refused_in_a_row(youtube) == 3
    assert connection.gate.closed


@pytest.mark.parametrize("fault", ["bot_check", "recaptcha"])
def test_a_check_for_machines_is_a_refusal_whatever_its_status(
    youtube: YouTubeStandIn, fault: str
) -> None:
    connection = connection_to(youtube)
    youtube.faults.add(fault)
    for talk in TALKS:
        with pytest.raises(BlockedByYouTube):
            fetch_video(talk.id, (), connection)
    assert len(youtube.requests) == 3


@pytest.mark.parametrize("place", ["player", "captions"])
def test_pages_that_come_do_not_hide_that_what_is_asked_for_next_is_refused(
    youtube: YouTubeStandIn, place: Any
) -> None:
    connection = connection_to(youtube)
    youtube.faults.add("blocked", at=place)
    for talk in (*TALKS, *TALKS):
        with pytest.raises(FetchError):
            fetch_video(talk.id, (), connection)
    assert [line.status for line in youtube.requests].count(429) == 3
    assert youtube.requests[-1].status == 429


def test_good_replies_to_what_was_refused_or_captions_end_a_row() -> None:
    gate = Gate()
    for good in ("player", "captions"):
        gate.heard(Heard(True, "page"))
        gate.heard(Heard(True, "player"))
        gate.heard(Heard(False, "page"))
        gate.heard(Heard(False, good))
    gate.heard(Heard(True, "page"))
    gate.heard(Heard(True, "player"))
    assert not gate.closed


def test_a_good_reply_in_between_starts_the_count_anew(youtube: YouTubeStandIn) -> None:
    connection = connection_to(youtube)
    for talk in TALKS:
        youtube.faults.add("blocked", asker="transcript", times=1)
        youtube.faults.add("blocked", asker="metadata", times=1)
        with pytest.raises(FetchError):
            fetch_video(talk.id, (), connection)
        youtube.faults.clear()
        assert fetch_video(talk.id, (), connection).transcript.cues
    assert not connection.gate.closed


def test_a_video_that_is_refused_for_itself_closes_nothing(youtube: YouTubeStandIn) -> None:
    connection = connection_to(youtube)
    for state in ("private", "age_restricted", "members_only", "unavailable", "upcoming"):
        youtube.faults.clear()
        youtube.faults.add(state)
        with pytest.raises(FetchError):
            fetch_video(TALKS[0].id, (), connection)
    assert not connection.gate.closed


def test_behind_a_rotating_proxy_one_address_says_little() -> None:
    gate = Connection(webshare_username="u", webshare_password="p", retries=0).gate
    for _ in range(29):
        gate.heard(Heard(refused=True))
    assert not gate.closed
    gate.heard(Heard(refused=True))
    assert gate.closed


def player(**status: str) -> bytes:
    return json.dumps({"playabilityStatus": status}).encode()


def page(reply: bytes) -> bytes:
    return b"<script>var ytInitialPlayerResponse = " + reply + b";var x = 1;</script>"


BOT = player(status="LOGIN_REQUIRED", reason="Sign in to confirm you’re not a bot")
PRIVATE = player(status="LOGIN_REQUIRED", reason="This is a private video.")


@pytest.mark.parametrize(
    ("status", "url", "body", "refused"),
    [
        (429, OEMBED, b"", True),
        (403, WATCH, b"", True),
        (403, OEMBED, b"", None),
        (404, WATCH, b"", None),
        (503, PLAYER, b"", None),
        (200, OEMBED, b"anything", False),
        (200, PLAYER, player(status="OK"), False),
        (200, PLAYER, PRIVATE, False),
        (200, PLAYER, BOT, True),
        (200, PLAYER, b"<html>", None),
        (200, PLAYER, b"[" * 100_000, None),
        (200, PLAYER, b"\xff\xfe", None),
        (200, PLAYER, b'{"playabilityStatus": 7}', False),
        (200, WATCH, b"<html>", None),
        (200, WATCH, b'<div class="g-recaptcha">', True),
        (200, WATCH, page(BOT), True),
        (200, WATCH, page(player(status="OK")), False),
        (200, WATCH, b"ytInitialPlayerResponse = {", None),
    ],
)
def test_what_a_reply_tells(status: int, url: str, body: bytes, refused: bool | None) -> None:
    assert is_refusal(status, url, lambda: body) is refused


def test_a_closed_gate_lets_nothing_through() -> None:
    gate = Gate()
    gate.close()
    with pytest.raises(YouTubeNotAsked):
        gate.asking(lambda: pytest.fail("asked"), lambda outcome: Heard(refused=False))
