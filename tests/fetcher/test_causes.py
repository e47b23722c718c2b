"""Each way in which the libraries and YouTube say no has its error."""

from __future__ import annotations

import inspect

import pytest
import requests
import youtube_transcript_api
from youtube_transcript_api import YouTubeTranscriptApiException

from generator.errors import (
    BlockedByYouTube,
    CaptionsDisabled,
    FetchError,
    NetworkDown,
    ReplyNotUnderstood,
    VideoAgeRestricted,
    VideoMembersOnly,
    VideoNotYetRecorded,
    VideoPrivate,
    VideoUnavailable,
)
from generator.fetcher.causes import (
    cause_of_anything,
    cause_of_player,
    cause_of_status,
    cause_of_transcript_api,
    cause_of_words,
    more_telling,
)
from tests.fetcher.web import ID

SECRET = "pa55word"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Private video. Sign in if you've been granted access to this video.", VideoPrivate),
        ("This video is private.", VideoPrivate),
        (
            "Join this channel to get access to members-only content like this video.",
            VideoMembersOnly,
        ),
        (
            "This video is available to this channel's members on level: Gold (or any higher"
            " level). Join this channel to get access to members-only content.",
            VideoMembersOnly,
        ),
        ("Sign in to confirm your age. This video may be inappropriate.", VideoAgeRestricted),
        ("This video is age-restricted and only available on YouTube.", VideoAgeRestricted),
        ("Sign in to confirm you’re not a bot.", BlockedByYouTube),
        ("Sign in to confirm you're not a bot.", BlockedByYouTube),
        ("This content isn't available, try again later.", BlockedByYouTube),
        ("Video unavailable. YouTube is requiring a captcha challenge", BlockedByYouTube),
        ("All player responses are invalid. Your IP is likely being blocked", BlockedByYouTube),
        ("Please sign in", BlockedByYouTube),
        ("Premieres in 20 hours", VideoNotYetRecorded),
        ("This live event will begin in 5 days.", VideoNotYetRecorded),
        ("This live event will begin in a few moments.", VideoNotYetRecorded),
        ("This live event has ended and is not available.", VideoUnavailable),
        ("Video unavailable. This video has been removed by the uploader", VideoUnavailable),
        (
            "Video unavailable. This video is no longer available because the YouTube account"
            " associated with this video has been terminated.",
            VideoUnavailable,
        ),
        (
            "The uploader has not made this video available in your country",
            VideoUnavailable,
        ),
        (
            "Video unavailable. This video contains content from X, who has blocked it in your"
            " country on copyright grounds",
            VideoUnavailable,
        ),
        ("The following content is not available on this app.", ReplyNotUnderstood),
    ],
)
def test_youtubes_sentences(said: str, kind: type[FetchError]) -> None:
    assert type(cause_of_words(ID, said)) is kind


@pytest.mark.parametrize("said", ["", "Custom Reason", "Enclosed in quotes"])
def test_other_sentences_tell_no_cause(said: str) -> None:
    assert cause_of_words(ID, said) is None


def test_the_error_says_whether_it_is_live_or_announced() -> None:
    live = cause_of_player(ID, {"videoDetails": {"isLive": True}})
    assert live is not None
    assert "is live right now" in live.happened
    soon = cause_of_player(ID, {"videoDetails": {"isLive": True, "isUpcoming": True}})
    assert soon is not None
    assert "has not started yet" in soon.happened


@pytest.mark.parametrize(
    "player",
    [
        {},
        {"playabilityStatus": None, "videoDetails": 3},
        {"playabilityStatus": {"status": "OK", "reason": "Private video"}},
        {"videoDetails": {"isLive": False, "isLiveContent": True}},
    ],
)
def test_a_video_that_plays_has_no_cause(player: dict[str, object]) -> None:
    assert cause_of_player(ID, player) is None


def test_what_stands_below_the_reason_counts() -> None:
    runs = [{"text": "This is a private video"}]
    screen = {"playerErrorMessageRenderer": {"subreason": {"runs": runs}}}
    status = {"status": "ERROR", "reason": "Video unavailable", "errorScreen": screen}
    assert type(cause_of_player(ID, {"playabilityStatus": status})) is VideoPrivate


def test_odd_player_replies_are_read_all_the_same() -> None:
    status = {"status": "ERROR", "reason": 3, "messages": "x", "errorScreen": []}
    assert type(cause_of_player(ID, {"playabilityStatus": status})) is VideoUnavailable
    login = {"status": "LOGIN_REQUIRED", "messages": ["This is a private video."]}
    assert type(cause_of_player(ID, {"playabilityStatus": login})) is VideoPrivate


FROM_THE_LIBRARY = {
    "AgeRestricted": VideoAgeRestricted,
    "FailedToCreateConsentCookie": ReplyNotUnderstood,
    "InvalidVideoId": ReplyNotUnderstood,
    "IpBlocked": BlockedByYouTube,
    "NotTranslatable": ReplyNotUnderstood,
    "PoTokenRequired": BlockedByYouTube,
    "RequestBlocked": BlockedByYouTube,
    "TranscriptsDisabled": CaptionsDisabled,
    "TranslationLanguageNotAvailable": ReplyNotUnderstood,
    "VideoUnavailable": VideoUnavailable,
    "YouTubeDataUnparsable": ReplyNotUnderstood,
}


@pytest.mark.parametrize(("name", "kind"), FROM_THE_LIBRARY.items())
def test_each_exception_of_the_library(name: str, kind: type[FetchError]) -> None:
    error = getattr(youtube_transcript_api, name)(ID)
    assert type(cause_of_transcript_api(ID, error, {})) is kind


def test_no_exception_of_the_library_is_forgotten() -> None:
    there = {
        name
        for name, kind in inspect.getmembers(youtube_transcript_api, inspect.isclass)
        if issubclass(kind, YouTubeTranscriptApiException) and kind.__init__ is not Exception
    }
    apart = {
        "YouTubeTranscriptApiException",
        "CouldNotRetrieveTranscript",
        "CookieError",
        "CookieInvalid",
        "CookiePathInvalid",
        "NoTranscriptFound",  # find_transcript is not used
        "VideoUnplayable",
        "YouTubeRequestFailed",
    }
    assert there - apart == set(FROM_THE_LIBRARY)


def test_a_failed_request_is_told_by_its_status_only() -> None:
    for status, kind in [
        (403, BlockedByYouTube),
        (404, VideoUnavailable),
        (418, ReplyNotUnderstood),
        (503, NetworkDown),
    ]:
        refused = requests.HTTPError(f"{status} Client Error: no for url: https://x/?sig={SECRET}")
        error = youtube_transcript_api.YouTubeRequestFailed(ID, refused)
        told = cause_of_transcript_api(ID, error, {})
        assert type(told) is kind
        assert SECRET not in told.message
    assert type(cause_of_status(ID, "no status at all")) is ReplyNotUnderstood


def test_an_unplayable_video_is_told_by_its_reason() -> None:
    error = youtube_transcript_api.VideoUnplayable(ID, "Because", ["of this"])
    told = cause_of_transcript_api(ID, error, {})
    assert type(told) is VideoUnavailable
    assert "Because of this" in told.happened
    nothing = youtube_transcript_api.VideoUnplayable(ID, None, [])
    assert type(cause_of_transcript_api(ID, nothing, {})) is VideoUnavailable


def test_anything_else_is_the_network_or_not_understood() -> None:
    assert type(cause_of_anything(ID, requests.ConnectionError(SECRET))) is NetworkDown
    told = cause_of_anything(ID, TypeError(SECRET))
    assert type(told) is ReplyNotUnderstood
    assert SECRET not in told.message


def test_the_more_telling_failure() -> None:
    blocked, unread = BlockedByYouTube(ID), ReplyNotUnderstood(ID, "x")
    private, down = VideoPrivate(ID), NetworkDown("YouTube", "x")
    assert more_telling(blocked, private) is private
    assert more_telling(private, blocked) is private
    assert more_telling(unread, blocked) is blocked
    assert more_telling(blocked, unread) is blocked
    assert more_telling(blocked, down) is blocked
    assert more_telling(unread, down) is unread
