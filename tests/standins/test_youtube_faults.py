"""Every fault of the stand-in for YouTube leads to what the libraries make of the real one."""

from __future__ import annotations

import re
from io import StringIO

import pytest
import requests
import youtube_transcript_api as library
import yt_dlp

from tests.standins.clients import (
    BENDS,
    MILLS,
    TALK,
    get,
    made_talk,
    metadata,
    oembed_address,
    transcripts,
    watch,
)
from tests.standins.youtube import YouTubeStandIn
from tests.standins.youtube_faults import FAILURES, STATES, Place
from tests.standins.youtube_player import player

REFUSALS = {
    "unavailable": (library.VideoUnavailable, "Video unavailable. This video has been removed"),
    "private": (library.VideoUnplayable, "Private video. Sign in if you've been granted access"),
    "age_restricted": (library.AgeRestricted, "Sign in to confirm your age"),
    "members_only": (library.VideoUnplayable, "Join this channel to get access to members-only"),
    "upcoming": (library.VideoUnplayable, "This live event will begin in 2 hours"),
    "unplayable": (library.VideoUnplayable, "requires payment"),
    "wrong_country": (library.VideoUnplayable, "not made this video available in your country"),
    "bot_check": (library.RequestBlocked, "Sign in to confirm you’re not a bot"),
    "session_limited": (library.VideoUnplayable, "rate-limited by YouTube"),
}
PLAYABLE = {
    "live": library.TranscriptsDisabled,
    "captions_disabled": library.TranscriptsDisabled,
    "po_token": library.PoTokenRequired,
}


def test_every_fault_of_a_video_is_tried_below() -> None:
    assert set(REFUSALS) | set(PLAYABLE) == set(STATES)


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_video_that_does_not_play(youtube: YouTubeStandIn, fault: str) -> None:
    error, words = REFUSALS[fault]
    youtube.faults.add(fault, video=BENDS)
    with pytest.raises(library.CouldNotRetrieveTranscript) as raised:
        transcripts(youtube).fetch(BENDS)
    assert type(raised.value) is error
    with pytest.raises(yt_dlp.utils.DownloadError, match=re.escape(words)):
        metadata(youtube, watch(BENDS))
    assert transcripts(youtube).list(MILLS)


def test_an_age_gate_is_told_to_browsers_in_its_own_field() -> None:
    said = player(TALK, "WEB", "age_restricted")["playabilityStatus"]
    assert said["desktopLegacyAgeGateReason"] == 1


@pytest.mark.parametrize("fault", PLAYABLE)
def test_a_video_that_plays_without_its_captions(youtube: YouTubeStandIn, fault: str) -> None:
    youtube.faults.add(fault)
    with pytest.raises(library.CouldNotRetrieveTranscript) as raised:
        transcripts(youtube).fetch(BENDS)
    assert type(raised.value) is PLAYABLE[fault]
    info = metadata(youtube, watch(BENDS))
    assert info["live_status"] == ("is_live" if fault == "live" else "not_live")
    assert (info["subtitles"], info["automatic_captions"]) == ({}, {})


def test_captions_that_need_a_token_are_empty_without_it(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("po_token")
    listed = transcripts(youtube).list(BENDS)
    address = listed.find_transcript(["en"])._url
    assert (get(youtube, address).status_code, get(youtube, address).content) == (200, b"")
    assert b"straight" in get(youtube, f"{address}&pot=standin").content


def test_an_upcoming_stream_is_told_by_its_details(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("upcoming")
    info = metadata(youtube, watch(BENDS), ignore_no_formats_error=True)
    assert (info["live_status"], info["title"]) == ("is_upcoming", "Why rivers bend & <wander>")


def test_a_video_that_is_not_there(youtube: YouTubeStandIn) -> None:
    with pytest.raises(library.VideoUnavailable):
        transcripts(youtube).fetch("none_such00")


LIST_FAULTS = {"no_data", "empty_reply", "cut_off"}


@pytest.mark.parametrize(
    ("fault", "at", "found"), [("no_data", "channel", 5), ("empty_reply", "browse", 2)]
)
def test_a_list_without_its_content(fault: str, at: Place, found: int) -> None:
    talks = [made_talk(f"video_no_{number:02}") for number in range(5)]
    with YouTubeStandIn(talks, page_size=2) as youtube, youtube.trusted():
        youtube.faults.add(fault, at=at)
        info = metadata(youtube, "https://www.youtube.com/@made.up_talks", extract_flat=True)
        assert len(info["entries"]) == found


def test_a_reply_that_breaks_off_after_some_that_do_not(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("cut_off", after=1)
    assert get(youtube, watch(BENDS)).status_code == 200
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get(youtube, watch(BENDS))


BROKEN_WAYS = {
    "blocked": library.IpBlocked,
    "recaptcha": library.IpBlocked,
    "rate_limited": library.IpBlocked,
    "server_error": library.YouTubeRequestFailed,
    "connection_reset": requests.ConnectionError,
    "consent_again": library.FailedToCreateConsentCookie,
    "no_api_key": library.YouTubeDataUnparsable,
    "html_for_json": requests.exceptions.JSONDecodeError,
    "truncated_json": requests.exceptions.JSONDecodeError,
    "empty_captions": SyntaxError,
    "truncated_captions": SyntaxError,
    "proxy_refuses": requests.exceptions.ProxyError,
    "proxy_login": requests.exceptions.ProxyError,
    "proxy_reset": requests.ConnectionError,
}
OTHER_WAYS = {"hang", "no_metadata", "no_oembed", "consent", *LIST_FAULTS}


def test_every_fault_of_the_way_is_tried_below() -> None:
    assert set(BROKEN_WAYS) | OTHER_WAYS == set(FAILURES)


@pytest.mark.parametrize("fault", BROKEN_WAYS)
def test_a_broken_way(youtube: YouTubeStandIn, fault: str) -> None:
    youtube.faults.add(fault)
    with pytest.raises(BROKEN_WAYS[fault]):
        transcripts(youtube).fetch(BENDS)
    youtube.faults.clear()
    assert len(transcripts(youtube).fetch(BENDS)) == 2


def test_no_answer_lasts_until_the_client_gives_up(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("hang", times=1)
    with pytest.raises(requests.ReadTimeout):
        get(youtube, watch(BENDS), timeout=(5, 0.05))
    assert get(youtube, watch(BENDS)).status_code == 200


def test_metadata_can_fail_while_the_transcript_is_there(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("no_metadata")
    with pytest.raises(yt_dlp.utils.DownloadError):
        metadata(youtube, watch(BENDS))
    assert len(transcripts(youtube).fetch(BENDS)) == 2
    assert get(youtube, oembed_address(BENDS)).status_code == 200


def test_oembed_can_fail_too(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("no_oembed")
    assert get(youtube, oembed_address(BENDS)).status_code == 401
    youtube.faults.clear()
    youtube.faults.add("private", video=MILLS)
    assert get(youtube, oembed_address(MILLS)).status_code == 403


def test_consent_is_asked_for_once(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("consent")
    assert len(transcripts(youtube).fetch(BENDS)) == 2
    assert len(youtube.asked("watch")) == 2
    assert metadata(youtube, watch(BENDS))["title"] == "Why rivers bend & <wander>"


def test_a_fault_passes_after_so_many_requests(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("rate_limited", at="watch", times=2, retry_after=7)
    replies = [get(youtube, watch(BENDS)) for _ in range(3)]
    told = [(each.status_code, each.headers.get("Retry-After")) for each in replies]
    assert told == [(429, "7"), (429, "7"), (200, None)]


def test_a_fault_can_be_for_one_asker_at_one_place(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("bot_check", asker="transcript")
    youtube.faults.add("server_error", at=("captions", "oembed"))
    with pytest.raises(library.RequestBlocked):
        transcripts(youtube).fetch(BENDS)
    captions = metadata(youtube, watch(BENDS))["subtitles"]["en"]
    assert get(youtube, captions[0]["url"]).status_code == 503
    assert get(youtube, oembed_address(BENDS)).status_code == 503


def test_the_cookies_of_an_account_can_help(youtube: YouTubeStandIn) -> None:
    youtube.faults.add("age_restricted", login_helps=True)
    fields = ".youtube.com\tTRUE\t/\tTRUE\t4102444800"
    lines = [f"{fields}\t{name}\tstandin" for name in ("LOGIN_INFO", "SAPISID")]
    cookies = StringIO("\n".join(["# Netscape HTTP Cookie File", *lines, ""]))
    assert metadata(youtube, watch(BENDS), cookiefile=cookies, extractor_args={})["title"]
    with pytest.raises(yt_dlp.utils.DownloadError, match="confirm your age"):
        metadata(youtube, watch(BENDS))


def test_a_fault_with_an_unknown_name_is_a_mistake(youtube: YouTubeStandIn) -> None:
    with pytest.raises(ValueError, match="No fault is called gone"):
        youtube.faults.add("gone")
