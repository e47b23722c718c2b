"""A video through youtube-transcript-api, through yt-dlp where that fails, or its one error."""

from __future__ import annotations

import json
import traceback
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from generator.errors import (
    BlockedByYouTube,
    CaptionsDisabled,
    EmptyTranscript,
    FetchError,
    NetworkDown,
    NoTranscriptInLanguages,
    ReplyNotUnderstood,
    VideoAgeRestricted,
    VideoMembersOnly,
    VideoNotYetRecorded,
    VideoPrivate,
    VideoUnavailable,
)
from generator.fetcher.http import Connection
from generator.fetcher.youtube import fetch_video
from generator.models import Cue, Fetched, Track, Transcript, Video, WordTime
from tests.fetcher.web import (
    ID,
    SHARED,
    WATCH,
    Reply,
    Web,
    a_video,
    caption_track,
    owner,
    page,
    player,
    refused,
    spoken,
)

SECRET = "pa55word"


def fetch(web: Web, *languages: str, **set_: Any) -> Fetched:
    set_.setdefault("sleep", lambda seconds: None)
    with web.up():
        return fetch_video(ID, languages, Connection(**set_))


def failure(web: Web, *languages: str, **set_: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(web, *languages, **set_)
    return caught.value


def json3(*texts: str) -> str:
    events = [
        {"tStartMs": 1000 * place, "dDurationMs": 1000, "segs": [{"utf8": text}]}
        for place, text in enumerate(texts)
    ]
    return json.dumps({"events": events})


def test_a_video_as_a_whole() -> None:
    web = a_video(caption_track("en"), caption_track("en", generated=True))
    web.put("captions", Reply(spoken(("0.5", "1.5", "caf&amp;eacute;\nnoir"), ("2", "1", " "))))
    assert fetch(web, "en") == Fetched(
        Video(
            id=ID,
            title="The player's title",
            channel="some.handle",
            channel_id="UC0123456789012345678901",
            url=f"https://www.youtube.com/watch?v={ID}",
            duration=90.0,
            description="First line.\nSecond line.",
            tags=("one", "two"),
        ),
        Transcript(ID, "en", False, (Cue(0.5, 1.5, "café noir"),)),
        (Track("en", "Name of en", False), Track("en", "Name of en", True)),
    )
    assert web.names == ["watch", "player", "captions", "watch2"]


def test_a_generated_track_comes_with_the_times_of_its_words() -> None:
    track = caption_track("en", generated=True, extra="&fmt=srv3&xosf=1&sparams=ip%2Cv")
    web = a_video(caption_track("en-GB", generated=True), track, caption_track("de"))
    segments = [{"utf8": "the"}, {"utf8": " tide", "tOffsetMs": 240}]
    web.put(
        "captions", Reply({"events": [{"tStartMs": 480, "dDurationMs": 900, "segs": segments}]})
    )
    words = (WordTime(0, 0.48), WordTime(4, 0.72))
    assert fetch(web, "en").transcript.cues == (Cue(0.48, 0.9, "the tide", words),)
    assert web.names.count("captions") == 1
    (address,) = [request.url for name, request, _ in web.asked if name == "captions"]
    assert parse_qs(urlsplit(address).query) == {
        "v": [ID],
        "lang": ["en"],
        "kind": ["asr"],
        "sparams": ["ip,v"],
        "fmt": ["json3"],
    }


@pytest.mark.parametrize(
    "reply",
    [
        Reply(""),
        Reply("<html>"),
        Reply("[]"),
        Reply('{"events": []}'),
        Reply("[" * 100_000),
        Reply("", 400),
        Reply("", 404),
    ],
)
def test_a_generated_track_that_is_no_json3_is_fetched_as_xml(reply: Reply) -> None:
    web = a_video(caption_track("en", generated=True))
    web.put("captions", reply, Reply(spoken(("0.5", "1.5", "the tide"))))
    assert fetch(web).transcript == Transcript(ID, "en", True, (Cue(0.5, 1.5, "the tide"),))
    assert web.names == ["watch", "player", "captions", "captions", "watch2"]


def test_a_block_of_a_generated_track_is_a_block_and_asked_for_once() -> None:
    web = a_video(caption_track("en", generated=True))
    web.put("captions", Reply("sorry", 429))
    web.put("player2", Reply(player(caption_track("en", generated=True))))
    web.put("captions2", Reply("sorry", 429))
    assert type(failure(web)) is BlockedByYouTube
    assert web.names.count("captions") == 1


def test_a_generated_track_that_needs_a_token_is_not_asked_for() -> None:
    web = a_video(caption_track("en", generated=True, extra="&exp=xpe"))
    web.put("player2", Reply(player(caption_track("en", generated=True))))
    web.put("captions2", Reply(json3("Said.")))
    assert fetch(web).transcript.cues == (Cue(0.0, 1.0, "Said."),)
    assert "captions" not in web.names


def test_the_date_and_the_chapters_come_from_the_page() -> None:
    web = a_video()
    reply = player(caption_track("en"), shortDescription="0:00 Start\n0:30 <b>Middle</b>\n1:10 End")
    reply["microformat"] = {
        "playerMicroformatRenderer": {"uploadDate": "2026-03-04T05:06:07-08:00"}
    }
    web.put("watch2", Reply(page(reply, owner("@Some.Handle"))))
    video = fetch(web).video
    assert video.published == date(2026, 3, 4)
    assert [(each.start, each.title) for each in video.chapters] == [
        (0.0, "Start"),
        (30.0, "<b>Middle</b>"),
        (70.0, "End"),
    ]


def test_what_is_taken_instead_is_told() -> None:
    web = a_video(caption_track("de"), caption_track("fr", generated=True))
    fetched = fetch(web, "ru", "en")
    assert fetched.transcript.language == "de"
    assert fetched.notices == (
        f"Video {ID} has no transcript in ru, en, only in de, fr; the hand-made one in de was"
        " taken.",
    )
    assert fetch(a_video(caption_track("en-GB")), "en").notices == ()
    assert fetch(a_video(caption_track("de"))).notices == ()


def test_progress_is_told() -> None:
    told: list[str] = []
    with a_video().up():
        fetch_video(ID, (), Connection(), told.append)
    assert told == [
        f"{ID}: asking for the transcript",
        f"{ID}: asking for title and chapters",
    ]


# What YouTube refuses

REFUSED = [
    (refused("ERROR", "This video is unavailable"), VideoUnavailable),
    (refused("ERROR", "This video has been removed by the uploader"), VideoUnavailable),
    (refused("ERROR", "Video unavailable", "The uploader has closed it."), VideoUnavailable),
    (refused("UNPLAYABLE", "This video requires payment to watch"), VideoUnavailable),
    (refused("LOGIN_REQUIRED", "This is a private video. Please sign in."), VideoPrivate),
    (refused("LOGIN_REQUIRED", "Private video", "Sign in if you have access."), VideoPrivate),
    (
        refused("UNPLAYABLE", "Join this channel to get access to members-only content"),
        VideoMembersOnly,
    ),
    (
        refused("UNPLAYABLE", "This video is available to this channel’s members on level: Top"),
        VideoMembersOnly,
    ),
    (
        refused("LIVE_STREAM_OFFLINE", "This live event will begin in 3 hours."),
        VideoNotYetRecorded,
    ),
    (refused("LIVE_STREAM_OFFLINE", "Premieres in 2 days"), VideoNotYetRecorded),
    (refused("UNPLAYABLE", "Premieres in 2 days"), VideoNotYetRecorded),
    (player(caption_track("en"), isLive=True), VideoNotYetRecorded),
    (player(isLive=True), VideoNotYetRecorded),
    (player(isUpcoming=True), VideoNotYetRecorded),
    (player(), CaptionsDisabled),
    (
        {**player(), "captions": {"playerCaptionsTracklistRenderer": {"captionTracks": []}}},
        CaptionsDisabled,
    ),
]


@pytest.mark.parametrize(("reply", "kind"), REFUSED)
def test_what_is_refused_for_good_is_asked_of_nobody_else(
    reply: dict[str, Any], kind: type[FetchError]
) -> None:
    web = Web(watch=Reply(WATCH), player=Reply(reply))
    assert type(failure(web)) is kind
    assert web.names == ["watch", "player"]


ASKED_AGAIN = [
    (refused("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"), BlockedByYouTube),
    (refused("LOGIN_REQUIRED", "Please sign in"), BlockedByYouTube),
    (
        refused("LOGIN_REQUIRED", "This video may be inappropriate for some users."),
        VideoAgeRestricted,
    ),
    (refused("LOGIN_REQUIRED", "Sign in to confirm your age"), VideoAgeRestricted),
    (
        refused("UNPLAYABLE", "x", desktopLegacyAgeGateReason=1),
        VideoAgeRestricted,
    ),
    (
        refused("ERROR", "The following content is not available on this app."),
        ReplyNotUnderstood,
    ),
]


@pytest.mark.parametrize(("reply", "kind"), ASKED_AGAIN)
def test_what_another_client_may_have_is_asked_for_twice(
    reply: dict[str, Any], kind: type[FetchError]
) -> None:
    web = Web(
        watch=Reply(WATCH), player=Reply(reply), watch2=Reply(page(reply)), player2=Reply(reply)
    )
    assert type(failure(web)) is kind
    assert "player2" in web.names


# The other way

UNREADABLE: list[tuple[str, Reply]] = [
    ("watch", Reply("<html>nothing in it</html>")),
    ("watch", Reply('<div class="g-recaptcha">', 200)),
    ("watch", Reply("sorry", 429)),
    ("watch", Reply("sorry", 403)),
    ("player", Reply("<html>")),
    ("player", Reply({"playabilityStatus": None})),
    ("player", Reply([])),
    ("player", Reply({})),
    ("player", Reply("", 400)),
    ("captions", Reply("")),
    ("captions", Reply("<transcript><text start='x'>a</text></transcript>")),
    ("captions", Reply('<!DOCTYPE t [<!ENTITY a "b">]><transcript><text>&a;</text></transcript>')),
]


@pytest.mark.parametrize(("place", "reply"), UNREADABLE)
def test_ytdlp_helps_where_the_first_way_is_blocked_or_not_understood(
    place: str, reply: Reply
) -> None:
    web = a_video()
    web.put(place, reply)
    web.put("player2", Reply(player(caption_track("en"))))
    web.put("captions2", Reply(json3("Said", "again.")))
    fetched = fetch(web, "en")
    assert fetched.transcript == Transcript(
        ID, "en", False, (Cue(0.0, 1.0, "Said"), Cue(1.0, 1.0, "again."))
    )
    assert fetched.tracks == (Track("en", "Name of en", False),)
    assert (fetched.video.title, fetched.video.channel) == ("The player's title", "some.handle")
    assert web.names.count("watch2") == 1


def test_tracks_that_need_a_token_are_had_otherwise() -> None:
    web = a_video(caption_track("en", extra="&exp=xpe"))
    web.put("player2", Reply(player(caption_track("en"), caption_track("en", generated=True))))
    web.put("captions2", Reply(json3("Said.")))
    assert fetch(web).transcript.cues == (Cue(0.0, 1.0, "Said."),)


def test_tracks_that_need_a_token_everywhere_are_blocked() -> None:
    reply = player(caption_track("en", extra="&exp=xpe"))
    web = a_video(caption_track("en", extra="&exp=xpe"))
    web.put("player2", Reply(reply))
    assert type(failure(web)) is BlockedByYouTube
    web.put("watch", Reply("not understood"))
    assert type(failure(web)) is BlockedByYouTube


def test_of_two_failures_the_more_telling_is_raised() -> None:
    web = Web(watch=Reply("", 429), watch2=Reply("", 429))
    assert type(failure(web)) is BlockedByYouTube
    private = refused("LOGIN_REQUIRED", "Private video", "Sign in if you have access.")
    web = Web(watch=Reply("?"), watch2=Reply(page(private)), player2=Reply(private))
    assert type(failure(web)) is VideoPrivate
    web = Web(watch=Reply("?"), watch2=Reply("?"), player2=Reply("?"))
    assert type(failure(web)) is ReplyNotUnderstood


def test_with_cookies_a_video_for_members_is_asked_for(tmp_path: Path) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.write_text(
        "# Netscape HTTP Cookie File\n"
        f".youtube.com\tTRUE\t/\tTRUE\t4102444800\tSAPISID\t{SECRET}\n"
        f".youtube.com\tTRUE\t/\tTRUE\t4102444800\tLOGIN_INFO\t{SECRET}\n"
    )
    members = refused("UNPLAYABLE", "Join this channel to get access to members-only content")
    web = a_video()
    web.put("player", Reply(members))
    web.put(f"/embed/{ID}", Reply(WATCH))
    web.put("/tv", Reply(WATCH))
    web.put("player2", Reply(player(caption_track("en"))))
    web.put("captions2", Reply(json3("Said.")))
    assert fetch(web, cookies=cookies).transcript.cues == (Cue(0.0, 1.0, "Said."),)
    sent = {name: request.headers.get("Cookie", "") for name, request, _ in web.asked}
    assert SECRET in sent["watch2"]
    assert SECRET not in sent["watch"] + sent["player"]
    assert "LOGIN_INFO" in cookies.read_text()


# The network

OUTAGES = [
    requests.exceptions.ConnectionError(ConnectionRefusedError(111, "refused")),
    requests.exceptions.ProxyError(f"http://me:{SECRET}@proxy:1"),
    requests.exceptions.SSLError("verify failed"),
    requests.exceptions.ReadTimeout(),
    Reply("", 500),
    Reply("", 503, {"Retry-After": "1000"}),
]


@pytest.mark.parametrize("generated", [False, True])
@pytest.mark.parametrize("place", ["watch", "player", "captions"])
@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_is_told_as_one(place: str, outage: Reply | Exception, generated: bool) -> None:
    web = a_video(caption_track("en", generated=generated))
    web.put(place, outage)
    error = failure(web, proxy=f"http://me:{SECRET}@proxy:1")
    assert type(error) is NetworkDown
    assert SECRET not in "".join(traceback.format_exception(error))
    assert "watch2" not in web.names


def test_no_address_with_its_signature_is_in_an_error() -> None:
    web = a_video(caption_track("en", extra=f"&signature={SECRET}"))
    web.put("captions", Reply("", 418))
    error = failure(web)
    assert SECRET not in "".join(traceback.format_exception(error))


def test_a_rotating_proxy_tries_other_addresses() -> None:
    bot = refused("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot")
    web = a_video()
    web.put("player", *[Reply(bot)] * 4, Reply(player(caption_track("en"))))
    fetched = fetch(web, webshare_username="me", webshare_password=SECRET)
    assert fetched.transcript.language == "en"
    assert web.names.count("player") == 5


# Odd content


def test_captions_without_words_are_an_error() -> None:
    web = a_video(said=" ")
    assert type(failure(web)) is EmptyTranscript


def test_where_those_in_one_language_have_no_words_the_other_languages_are_listed() -> None:
    web = a_video(caption_track("en"), caption_track("de"), caption_track("fr"), said=" ")
    error = failure(web, "en")
    assert type(error) is NoTranscriptInLanguages
    assert str(error) == f"Video {ID} has no words in its transcript in en; others are in de, fr."


def test_captions_are_put_in_order_and_hostile_ones_made_safe() -> None:
    web = a_video()
    lines = spoken(
        ("5", "1", "&lt;script&gt;alert(1)&lt;/script&gt; later"),
        ("1", "nan", "first\u202e [[link]]"),
        ("inf", "1", "never"),
    )
    web.put("captions", Reply(lines))
    assert fetch(web).transcript.cues == (
        Cue(1.0, 0.0, "first [[link]]"),
        Cue(5.0, 1.0, "alert(1) later"),
    )


def test_a_language_code_that_is_no_tag_is_kept_out() -> None:
    web = a_video(caption_track("en-eEY6OEpapPo"), caption_track("../x"))
    assert [track.language for track in fetch(web).tracks] == ["en", "und"]


# Real replies

needs_replies = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real replies in ../shared are not here"
)


def real(name: str) -> Reply:
    return Reply((SHARED / name).read_text(encoding="utf-8"))


@needs_replies
def test_a_real_video() -> None:
    web = Web(watch=Reply(WATCH), player=real("player_ok.json"), captions=real("timedtext.xml"))
    fetched = fetch(web, "en")
    assert (fetched.transcript.language, fetched.transcript.generated) == ("en", False)
    assert [cue.start for cue in fetched.transcript.cues] == [0.0, 1.54, 5.7]
    assert fetched.transcript.cues[1].text.startswith("this is not the")
    assert len(fetched.tracks) > 5
    assert fetched.video.duration == 316.0
    assert fetched.video.channel_id == "UCVYamHliCI9rw1tHR1xbkfw"
    assert fetched.video.title != ID


@needs_replies
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("player_request_blocked.json", BlockedByYouTube),
        ("player_transcripts_disabled.json", CaptionsDisabled),
        ("player_unplayable.json", VideoUnavailable),
        ("player_video_unavailable.json", VideoUnavailable),
    ],
)
def test_real_refusals(name: str, kind: type[FetchError]) -> None:
    web = Web(watch=Reply(WATCH), player=real(name), player2=real(name))
    assert type(failure(web)) is kind
