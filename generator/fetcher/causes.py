"""Why a transcript could not be had: what YouTube and the two libraries say, as our errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from generator.errors import (
    BlockedByYouTube,
    CaptionsDisabled,
    FetchError,
    NetworkDown,
    NotInCassette,
    ReplyNotUnderstood,
    VideoAgeRestricted,
    VideoMembersOnly,
    VideoNotYetRecorded,
    VideoPrivate,
    VideoUnavailable,
)
from generator.fetcher.outages import network_down

if TYPE_CHECKING:
    from youtube_transcript_api import YouTubeTranscriptApiException

# What YouTube says when it refuses a video, in English, as both libraries ask it to. In order: the
# first that is found decides.
_SAID = [
    (
        "client",
        r"not available on this app|latest version of youtube|update the app",
    ),
    (
        "private",
        r"private video|video is private",
    ),
    (
        "members",
        r"members[- ]only|join this channel|this channel.s members|channel membership",
    ),
    (
        "age",
        r"confirm your age|age[- ]restricted|inappropriate for some users|age[- ]verification",
    ),
    (
        "blocked",
        r"not a bot|try again later|captcha|unusual traffic|rate[- ]limited|ip is likely being"
        r"|too many requests|http error (403|429)",
    ),
    (
        "upcoming",
        r"premieres in|premiere will begin|live event will begin|will begin (in|shortly|soon)"
        r"|scheduled for|waiting for .{0,40}to (start|begin)",
    ),
    (
        "live",
        r"(video|event|stream) is (currently )?live\b|currently live",
    ),
    (
        "unavailable",
        r"unavailable|not available|isn.t available|no longer available|removed|terminated"
        r"|does not exist|deleted|not made this video available|blocked it|copyright"
        r"|account .{0,40}closed",
    ),
    (
        "blocked",
        r"sign in|log ?in\b|login",
    ),
]
# What the replies should have been, by what is raised where they are not.
_FORMS = {
    "ParseError": "its captions are not the XML that they should be",
    "JSONDecodeError": "it is not the JSON that it should be",
    "KeyError": "something in it is missing",
}
_MORE_TELLING = (NetworkDown, BlockedByYouTube, ReplyNotUnderstood, NotInCassette)


def cause_of_words(video_id: str, said: str) -> FetchError | None:
    """The error for a sentence by which YouTube refuses a video; None if its cause is unknown."""
    words = said.replace("’", "'").lower()
    for cause, pattern in _SAID:
        if re.search(pattern, words):
            return _error(cause, video_id, said)
    return None


def cause_of_player(video_id: str, player: Mapping[str, Any]) -> FetchError | None:
    """The error that a reply of YouTube's player names: live, announced, or not playable.

    None if the video plays and is over, or if the reply says nothing of it.
    """
    status = _mapping(player.get("playabilityStatus"))
    details = _mapping(player.get("videoDetails"))
    if details.get("isUpcoming") is True or status.get("status") == "LIVE_STREAM_OFFLINE":
        return VideoNotYetRecorded(video_id, upcoming=True)
    if details.get("isLive") is True:
        return VideoNotYetRecorded(video_id, upcoming=False)
    if status.get("status") in {"OK", None}:
        return None
    if status.get("desktopLegacyAgeGateReason"):
        return VideoAgeRestricted(video_id)
    said = " ".join(said_by_player(player))
    found = cause_of_words(video_id, said)
    if found is None and status.get("status") == "LOGIN_REQUIRED":
        return BlockedByYouTube(video_id)
    return found or VideoUnavailable(video_id, said)


def said_by_player(player: Mapping[str, Any]) -> Iterator[str]:
    """The sentences by which a reply of YouTube's player says why a video does not play."""
    status = _mapping(player.get("playabilityStatus"))
    reason = status.get("reason")
    if isinstance(reason, str):
        yield reason
    messages = status.get("messages")
    yield from (
        (text for text in messages if isinstance(text, str)) if isinstance(messages, list) else ()
    )
    screen = _mapping(_mapping(status.get("errorScreen")).get("playerErrorMessageRenderer"))
    runs = _mapping(screen.get("subreason")).get("runs")
    for run in runs if isinstance(runs, list) else ():
        if isinstance(text := _mapping(run).get("text"), str):
            yield text


def cause_of_transcript_api(
    video_id: str, error: YouTubeTranscriptApiException, player: Mapping[str, Any]
) -> FetchError:
    """The error for what youtube-transcript-api raised, told apart by the player's reply if any."""
    import youtube_transcript_api as library

    if told := cause_of_player(video_id, player):
        return told
    if isinstance(error, library.RequestBlocked | library.PoTokenRequired):
        return BlockedByYouTube(video_id)
    if isinstance(error, library.AgeRestricted):
        return VideoAgeRestricted(video_id)
    if isinstance(error, library.TranscriptsDisabled):
        return CaptionsDisabled(video_id)
    if isinstance(error, library.VideoUnavailable):
        return VideoUnavailable(video_id)
    if isinstance(error, library.VideoUnplayable):
        said = " ".join([error.reason or "", *error.sub_reasons]).strip()
        return cause_of_words(video_id, said) or VideoUnavailable(video_id, said)
    if isinstance(error, library.YouTubeRequestFailed):
        return cause_of_status(video_id, error.reason)
    return ReplyNotUnderstood(video_id, type(error).__name__)


def cause_of_status(video_id: str, said: str) -> FetchError:
    """The error for an HTTP status that is no success; `said` begins with it.

    The rest of `said` is not used: it may hold a signed address.
    """
    found = re.match(r"\D{0,20}(\d{3})\b", said)
    status = int(found[1]) if found else 0
    if status in {401, 403, 429}:
        return BlockedByYouTube(video_id)
    if status in {404, 410}:
        return VideoUnavailable(video_id)
    if status >= 500:
        return NetworkDown("YouTube", f"it answers with error {status}")
    return ReplyNotUnderstood(video_id, f"HTTP status {status}" if status else "no status")


def cause_of_anything(video_id: str, error: BaseException) -> FetchError:
    """The error for whatever else a library let out: the network's, or a reply not understood."""
    if isinstance(error, FetchError):
        return error
    kind = type(error).__name__
    return network_down(error) or ReplyNotUnderstood(video_id, _FORMS.get(kind, kind))


def more_telling(first: FetchError, second: FetchError) -> FetchError:
    """Of two failures for one video, the one that says more of the video; else the first."""
    if isinstance(first, _MORE_TELLING) and not isinstance(second, _MORE_TELLING):
        return second
    if isinstance(first, ReplyNotUnderstood) and isinstance(second, BlockedByYouTube):
        return second
    return first


def _error(cause: str, video_id: str, said: str) -> FetchError:
    if cause == "private":
        return VideoPrivate(video_id)
    if cause == "members":
        return VideoMembersOnly(video_id)
    if cause == "age":
        return VideoAgeRestricted(video_id)
    if cause == "blocked":
        return BlockedByYouTube(video_id)
    if cause in {"upcoming", "live"}:
        return VideoNotYetRecorded(video_id, upcoming=cause == "upcoming")
    if cause == "client":
        return ReplyNotUnderstood(video_id, said)
    return VideoUnavailable(video_id, said)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
