"""A video from YouTube: its transcript, in the language that suits best, and what else is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from generator.errors import (
    BlockedByYouTube,
    CaptionsDisabled,
    EmptyTranscript,
    FetchError,
    NotInCassette,
    NoTranscriptInLanguages,
    ReplyNotUnderstood,
    VideoAgeRestricted,
    VideoMembersOnly,
    VideoNotYetRecorded,
    VideoPrivate,
    VideoUnavailable,
)
from generator.fetcher.catalog import Shown, describe
from generator.fetcher.causes import (
    cause_of_anything,
    cause_of_player,
    cause_of_status,
    cause_of_transcript_api,
    cause_of_words,
    more_telling,
)
from generator.fetcher.http import TRIES_WHEN_ROTATING, Connection, open_session
from generator.fetcher.languages import language_tag
from generator.fetcher.loops import without_loops
from generator.fetcher.tracks import (
    choose_track,
    cues_of_json3,
    languages_of,
    make_cues,
    notice_of_language,
)
from generator.fetcher.ytdlp import Extraction, open_ytdlp
from generator.models import Cue, Fetched, Track, Transcript
from generator.text import clean

if TYPE_CHECKING:
    import requests

__all__ = ["Connection", "choose_track", "fetch_video"]

Progress = Callable[[str], None]


def fetch_video(
    video_id: str,
    languages: Sequence[str],
    connection: Connection,
    progress: Progress | None = None,
    shown: Shown | None = None,
) -> Fetched:
    """The video with the transcript that `languages` prefer (see choose_track), from YouTube.

    youtube-transcript-api is asked first, and yt-dlp where it is blocked, does not understand, or
    the video wants a login whose cookies the connection has. `progress` is called with what is
    being done, `shown` is what a list tells of the video. `notices` of the result say what was
    taken instead of what was wanted, and which transcribers' loops were kept once.

    Raises one FetchError for each cause there is, and CookiesUnreadable.
    """
    say = progress or (lambda _: None)
    extraction: Extraction | None = None
    with open_session(connection) as session:
        heard = _PlayerReply()
        session.hooks["response"].append(heard)
        say(f"{video_id}: asking for the transcript")
        try:
            tracks, transcript = _by_transcript_api(video_id, languages, session, connection, heard)
        except FetchError as error:
            if not _worth_another_way(error, connection):
                raise
            say(f"{video_id}: asking by another way")
            tracks, transcript, extraction = _by_ytdlp(video_id, languages, connection, error)
        say(f"{video_id}: asking for title and chapters")
        video, notices = describe(
            video_id, session, connection, extraction=extraction, player=heard.reply, shown=shown
        )
    taken = notice_of_language(transcript, languages, tracks)
    cues, loops = without_loops(transcript.cues)
    return Fetched(video, replace(transcript, cues=cues), tracks, (*taken, *loops, *notices))


class _PlayerReply:
    """Keeps the reply of YouTube's player that youtube-transcript-api asks for and hides."""

    def __init__(self) -> None:
        self.reply: Mapping[str, Any] = {}

    def __call__(self, response: requests.Response, **_: Any) -> None:
        if response.status_code == 200 and "/youtubei/v1/player" in (response.url or ""):
            try:
                said = response.json()
            except ValueError:
                return
            self.reply = said if isinstance(said, dict) else {}


def _worth_another_way(error: FetchError, connection: Connection) -> bool:
    """Whether yt-dlp, which asks as other clients and with the user's cookies, can do better."""
    if connection.gate.closed:
        return False
    if isinstance(
        error, BlockedByYouTube | ReplyNotUnderstood | VideoAgeRestricted | NotInCassette
    ):
        return True
    wants_login = isinstance(error, VideoPrivate | VideoMembersOnly | VideoUnavailable)
    return wants_login and bool(connection.cookies or connection.cookies_from_browser)


def _by_transcript_api(
    video_id: str,
    languages: Sequence[str],
    session: requests.Session,
    connection: Connection,
    heard: _PlayerReply,
) -> tuple[tuple[Track, ...], Transcript]:
    from youtube_transcript_api import YouTubeTranscriptApiException

    try:
        offered = {
            _track(each.language_code, each.language, each.is_generated): each
            for each in _list_transcripts(video_id, session, connection)
        }
        track = _chosen(video_id, tuple(offered), languages, heard.reply)
        cues = _fetch(track, offered[track], session, heard.reply)
    except FetchError:
        raise
    except YouTubeTranscriptApiException as error:
        raise cause_of_transcript_api(video_id, error, heard.reply) from None
    except Exception as error:  # replies that the library does not foresee raise KeyError and more
        raise cause_of_anything(video_id, error) from None
    return tuple(offered), _transcript(video_id, track, cues, tuple(offered))


def _fetch(
    track: Track, offered: Any, session: requests.Session, player: Mapping[str, Any]
) -> tuple[Cue, ...]:
    """Fetch a track: a generated one as json3, which times its words, any other as XML.

    What cannot be had as json3 is fetched as XML, too. `offered` is youtube-transcript-api's
    `Transcript`. Raises BlockedByYouTube, and what the library and requests raise.
    """
    if track.generated and (cues := _fetch_json3(offered, session, player)):
        return cues
    return make_cues((each.start, each.duration, each.text) for each in offered.fetch())


def _fetch_json3(
    offered: Any, session: requests.Session, player: Mapping[str, Any]
) -> tuple[Cue, ...]:
    """Fetch a generated track as json3; empty where the reply is not what it should be."""
    address = _json3_address(player, offered.language_code)
    if not address:
        return ()
    try:
        reply = session.get(address)
    except NotInCassette:  # one that was recorded while generated tracks were fetched as XML
        return ()
    if reply.status_code != 200:
        cause = cause_of_status(offered.video_id, str(reply.status_code))
        if isinstance(cause, BlockedByYouTube):
            raise cause
        return ()
    try:
        return cues_of_json3(reply.content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return ()


def _json3_address(player: Mapping[str, Any], language_code: str) -> str:
    """Where the player's reply says that a language's generated track is; empty if it does not."""
    found: Any = player
    for name in ("captions", "playerCaptionsTracklistRenderer", "captionTracks"):
        found = found.get(name) if isinstance(found, Mapping) else None
    for each in found if isinstance(found, list) else ():
        if (
            isinstance(each, Mapping)
            and each.get("kind") == "asr"
            and each.get("languageCode") == language_code
            and isinstance(address := each.get("baseUrl"), str)
            and address.startswith("https://")
        ):
            parts = urlsplit(address)
            query = parse_qsl(parts.query, keep_blank_values=True)
            if ("exp", "xpe") in query:  # it needs a token that only a browser makes
                return ""
            # xosf=1 adds where on the screen the captions go.
            kept = [(name, value) for name, value in query if name not in {"fmt", "xosf"}]
            return urlunsplit(parts._replace(query=urlencode([*kept, ("fmt", "json3")])))
    return ""


def _chosen(
    video_id: str, tracks: tuple[Track, ...], languages: Sequence[str], player: Mapping[str, Any]
) -> Track:
    if not_yet := cause_of_player(video_id, player):
        raise not_yet
    track = choose_track(tracks, languages)
    if track is None:
        raise CaptionsDisabled(video_id)
    return track


def _list_transcripts(video_id: str, session: requests.Session, connection: Connection) -> Any:
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt
    from youtube_transcript_api import RequestBlocked, YouTubeTranscriptApi

    again = Retrying(
        retry=retry_if_exception_type(RequestBlocked),
        stop=stop_after_attempt(TRIES_WHEN_ROTATING if connection.rotating else 1),
        reraise=True,
    )
    return again(YouTubeTranscriptApi(http_client=session).list, video_id)


def _by_ytdlp(
    video_id: str, languages: Sequence[str], connection: Connection, first: FetchError
) -> tuple[tuple[Track, ...], Transcript, Extraction]:
    """The transcript through yt-dlp; raises `first`, what kept the usual way, if that says more."""
    try:
        with open_ytdlp(connection, captions=True) as ytdlp:
            extraction = ytdlp.extract(video_id)
            offered = _caption_urls(extraction.info)
            track = choose_track(list(offered), languages)
            if track is None:
                raise _why_no_captions(video_id, extraction)
            cues = _cues_at(video_id, ytdlp.read(video_id, offered[track]))
        return tuple(offered), _transcript(video_id, track, cues, tuple(offered)), extraction
    except FetchError as second:
        raise more_telling(first, second) from None


def _caption_urls(info: Mapping[str, Any]) -> dict[Track, str]:
    """The video's tracks and where yt-dlp says that their `json3` form is."""
    found: dict[Track, str] = {}
    for kind, generated in (("subtitles", False), ("automatic_captions", True)):
        for language, forms in (info.get(kind) or {}).items():
            # yt-dlp lists the original's captions twice, once with this ending.
            if language == "live_chat" or language.endswith("-orig"):
                continue
            for form in forms:
                if form.get("ext") == "json3" and form.get("url"):
                    name = str(form.get("name") or language)
                    found.setdefault(_track(language, name, generated), form["url"])
    return found


def _track(code: str, name: str, generated: bool) -> Track:
    return Track(language_tag(code) or "und", clean(name), generated)


def _why_no_captions(video_id: str, extraction: Extraction) -> FetchError:
    live = extraction.info.get("live_status")
    if live in {"is_live", "is_upcoming"}:
        return VideoNotYetRecorded(video_id, upcoming=live == "is_upcoming")
    for line in extraction.said:
        if "PO Token" in line or "PO token" in line:
            return BlockedByYouTube(video_id)
    # A line with a cause in brackets is about a reply; the others are YouTube's own word.
    words = [line.split(": ", 1)[-1] for line in extraction.said if "(caused by" not in line]
    for line in words:
        if found := cause_of_words(video_id, line):
            return found
    if extraction.said:
        return ReplyNotUnderstood(video_id, "yt-dlp found no captions in it")
    return CaptionsDisabled(video_id)


def _cues_at(video_id: str, text: str) -> tuple[Cue, ...]:
    try:
        return cues_of_json3(text)
    except (ValueError, RecursionError):
        raise ReplyNotUnderstood(video_id, "its captions are not in the json3 format") from None


def _transcript(
    video_id: str, track: Track, cues: tuple[Cue, ...], offered: tuple[Track, ...]
) -> Transcript:
    if not cues:
        others = tuple(each for each in languages_of(offered) if each != track.language)
        if others:
            raise NoTranscriptInLanguages(video_id, track.language, others)
        raise EmptyTranscript(f"video {video_id} in {track.language}")
    return Transcript(video_id, track.language, track.generated, cues)
