"""The stand-in for YouTube, tried with the libraries that it is there for."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import certifi
import pytest
import requests
import webvtt
import youtube_transcript_api as library
import yt_dlp
from youtube_transcript_api import YouTubeTranscriptApi
from youtube_transcript_api.proxies import GenericProxyConfig

from tests.standins import youtube_channel
from tests.standins.talk import Talk, demo_talks, read_talk
from tests.standins.youtube import YouTubeStandIn
from tests.standins.youtube_faults import FAILURES, STATES
from tests.standins.youtube_player import player

REAL_REPLIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "youtube"
BENDS = "aB3-_xYz901"
MILLS = "-1e5_mills0"


def made_talk(video: str, **other: Any) -> dict[str, Any]:
    """The tiny talk of these tests, as its file would say it."""
    english = [
        {"start": 0.5, "duration": 2.25, "text": "Rivers don't run straight & true."},
        {"start": 3.0, "duration": 2.0, "text": "In HTML a < is &lt;."},
    ]
    russian = [
        {"start": 0.5, "duration": 3.5, "text": "реки никогда не текут"},
        {"start": 3.0, "duration": 3.0, "text": "прямо"},
    ]
    return {
        "id": video,
        "title": "Why rivers bend & <wander>",
        "channel": {
            "handle": "@made.up_talks",
            "name": "Made-up “Talks”",
            "id": "UCmadeUpTalks-_01234567a",
        },
        "published": "2026-03-05",
        "duration": 600,
        "description": 'About rivers.\n\nWith "bends" & more.',
        "tags": ["rivers", "bends & bars"],
        "chapters": [{"start": 0, "title": "Water"}, {"start": 125.5, "title": "Bends"}],
        "tracks": [
            {"language": "en", "name": "English", "generated": False, "cues": english},
            {"language": "ru", "name": "Russian", "generated": True, "cues": russian},
        ],
        **other,
    }


@pytest.fixture
def youtube() -> Iterator[YouTubeStandIn]:
    talks = [made_talk(BENDS), made_talk(MILLS, title="Mills", chapters=[], tags=[])]
    with YouTubeStandIn(talks) as server, server.trusted():
        yield server


def transcripts(youtube: YouTubeStandIn) -> YouTubeTranscriptApi:
    return YouTubeTranscriptApi(GenericProxyConfig(https_url=youtube.proxy_url))


class Silent:
    """A log for yt-dlp that shows nothing."""

    def debug(self, message: str) -> None: ...

    warning = error = debug


def metadata(youtube: YouTubeStandIn, address: str, **options: Any) -> dict[str, Any]:
    settings = {
        "proxy": youtube.proxy_url,
        "compat_opts": {"no-certifi"},
        "extractor_retries": 0,
        "extractor_args": {"youtube": {"player_client": ["visionos"]}},
        "logger": Silent(),
        "cachedir": False,
        **options,
    }
    with yt_dlp.YoutubeDL(settings) as client:
        info: dict[str, Any] = client.extract_info(address, download=False)
        if "entries" in info:
            info["entries"] = list(info["entries"])
        return info


def get(youtube: YouTubeStandIn, address: str, **options: Any) -> requests.Response:
    return requests.get(
        address, **{"timeout": 10, "proxies": {"https": youtube.proxy_url}, **options}
    )


def watch(video: str) -> str:
    return f"https://www.youtube.com/watch?v={video}"


def oembed_address(video: str) -> str:
    return f"https://www.youtube.com/oembed?url={watch(video)}&format=json"


def test_transcripts_in_every_language_with_the_words_and_times_of_the_talk(
    youtube: YouTubeStandIn,
) -> None:
    listed = list(transcripts(youtube).list(BENDS))
    assert [(each.language_code, each.language, each.is_generated) for each in listed] == [
        ("en", "English", False),
        ("ru", "Russian (auto-generated)", True),
    ]
    assert [each.fetch().to_raw_data() for each in listed] == [
        [
            {"start": 0.5, "duration": 2.25, "text": "Rivers don't run straight & true."},
            {"start": 3.0, "duration": 2.0, "text": "In HTML a < is &lt;."},
        ],
        [
            {"start": 0.5, "duration": 3.5, "text": "реки никогда не текут"},
            {"start": 3.0, "duration": 3.0, "text": "прямо"},
        ],
    ]


def test_metadata_by_yt_dlp(youtube: YouTubeStandIn) -> None:
    info = metadata(youtube, watch(BENDS))
    names = [
        "id",
        "title",
        "channel",
        "channel_id",
        "uploader_id",
        "duration",
        "upload_date",
        "description",
        "tags",
        "chapters",
        "live_status",
        "availability",
    ]
    assert {name: info[name] for name in names} == {
        "id": BENDS,
        "title": "Why rivers bend & <wander>",
        "channel": "Made-up “Talks”",
        "channel_id": "UCmadeUpTalks-_01234567a",
        "uploader_id": "@made.up_talks",
        "duration": 600,
        "upload_date": "20260305",
        "description": 'About rivers.\n\nWith "bends" & more.',
        "tags": ["rivers", "bends & bars"],
        "chapters": [
            {"start_time": 0, "end_time": 125, "title": "Water"},
            {"start_time": 125, "end_time": 600, "title": "Bends"},
        ],
        "live_status": "not_live",
        "availability": "public",
    }


def test_a_talk_without_chapters_has_none(youtube: YouTubeStandIn) -> None:
    info = metadata(youtube, watch(MILLS))
    assert (info["title"], info["chapters"], info["tags"]) == ("Mills", None, [])


def test_the_clients_of_a_machine_with_a_javascript_runtime_are_served_too(
    youtube: YouTubeStandIn,
) -> None:
    clients = {"youtube": {"player_client": ["tv_samsung", "visionos", "web", "web_embedded"]}}
    assert metadata(youtube, watch(BENDS), extractor_args=clients)["title"].startswith("Why")


def test_captions_by_yt_dlp(youtube: YouTubeStandIn) -> None:
    info = metadata(youtube, watch(BENDS))
    assert list(info["subtitles"]) == ["en"]
    assert "ru-orig" in info["automatic_captions"]

    def caption(listed: list[dict[str, Any]], form: str) -> str:
        address = next(each["url"] for each in listed if each["ext"] == form)
        reply = get(youtube, address)
        reply.encoding = "utf-8"
        return reply.text

    by_hand = info["subtitles"]["en"]
    events = json.loads(caption(by_hand, "json3"))["events"]
    assert [(each["tStartMs"], each["segs"]) for each in events] == [
        (500, [{"utf8": "Rivers don't run straight & true."}]),
        (3000, [{"utf8": "In HTML a < is &lt;."}]),
    ]
    plain = webvtt.from_buffer(StringIO(caption(by_hand, "vtt"))).captions
    assert [(each.start, html.unescape(each.text)) for each in plain] == [
        ("00:00:00.500", "Rivers don't run straight & true."),
        ("00:00:03.000", "In HTML a < is &lt;."),
    ]
    assert caption(by_hand, "srt").startswith("1\n00:00:00,500 --> 00:00:02,750\nRivers")

    generated = info["automatic_captions"]["ru-orig"]
    events = json.loads(caption(generated, "json3"))["events"]
    words = "".join(part["utf8"] for event in events for part in event.get("segs", []))
    assert words == "реки никогда не текут\nпрямо"
    assert [part.get("tOffsetMs", 0) for part in events[1]["segs"]] == [0, 875, 1750, 2625]
    rolling = webvtt.from_buffer(StringIO(caption(generated, "vtt"))).captions
    assert [each.text.strip() for each in rolling] == [
        "реки никогда не текут",
        "реки никогда не текут",
        "реки никогда не текут\nпрямо",
        "прямо",
    ]
    assert caption(generated, "srv3").count("<s ") == 5


def test_oembed(youtube: YouTubeStandIn) -> None:
    told = get(youtube, oembed_address(BENDS)).json()
    assert (told["title"], told["author_name"], told["author_url"]) == (
        "Why rivers bend & <wander>",
        "Made-up “Talks”",
        "https://www.youtube.com/@made.up_talks",
    )
    assert get(youtube, oembed_address("none_such00")).status_code == 404


def test_a_channel_is_listed_newest_first_over_several_pages() -> None:
    talks = [made_talk(f"video_no_{day:02}", published=f"2026-01-{day:02}") for day in (1, 3, 2, 5)]
    with YouTubeStandIn(talks, page_size=2) as youtube, youtube.trusted():
        for address in ("@Made.Up_Talks", "channel/UCmadeUpTalks-_01234567a/videos"):
            youtube.requests.clear()
            found = metadata(youtube, f"https://www.youtube.com/{address}", extract_flat=True)
            assert [each["id"][-2:] for each in found["entries"]] == ["05", "03", "02", "01"]
            assert found["entries"][0]["duration"] == 600
            assert found["uploader_id"] == "@made.up_talks"
            assert [line.place for line in youtube.requests] == ["channel", "browse"]
        skip = {"youtubetab": {"skip": ["webpage"]}}
        found = metadata(
            youtube,
            "https://www.youtube.com/@made.up_talks/videos",
            extract_flat=True,
            extractor_args=skip,
        )
        assert len(found["entries"]) == 4


def test_the_log_says_who_asked_for_what(youtube: YouTubeStandIn) -> None:
    transcripts(youtube).fetch(BENDS, ["ru"])
    metadata(youtube, watch(MILLS))
    get(youtube, oembed_address(MILLS))
    assert [(line.method, line.place, line.video, line.asker) for line in youtube.requests] == [
        ("GET", "watch", BENDS, "transcript"),
        ("POST", "player", BENDS, "transcript"),
        ("GET", "captions", BENDS, "transcript"),
        ("GET", "watch", MILLS, "metadata"),
        ("POST", "player", MILLS, "metadata"),
        ("GET", "oembed", MILLS, None),
    ]
    assert {(line.host, line.status) for line in youtube.requests} == {("www.youtube.com", 200)}
    assert len(youtube.asked("player")) == 2
    assert len(youtube.asked(asker="metadata", video=MILLS)) == 2


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
OTHER_WAYS = {"hang", "no_metadata", "no_oembed", "consent"}


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


def test_no_other_host_is_reached(youtube: YouTubeStandIn) -> None:
    with pytest.raises(requests.exceptions.ProxyError):
        get(youtube, "https://example.com/")
    assert [(line.method, line.host, line.status) for line in youtube.requests] == [
        ("CONNECT", "example.com", 502)
    ]


def test_without_its_certificate_authority_nobody_trusts_it(youtube: YouTubeStandIn) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.Session().get(
            watch(BENDS),
            proxies={"https": youtube.proxy_url},
            verify=certifi.where(),
        )


def test_the_same_question_gets_the_same_bytes(youtube: YouTubeStandIn) -> None:
    first, second = get(youtube, watch(BENDS)), get(youtube, watch(BENDS))
    assert first.content == second.content
    assert first.headers == second.headers


def test_the_talks_of_the_demo_are_served_as_they_are_written() -> None:
    talks = demo_talks()
    if not talks:
        pytest.skip("there are no talks yet")
    with YouTubeStandIn(talks) as youtube, youtube.trusted():
        api = transcripts(youtube)
        for talk in talks:
            tracks = {(each.language_code, each.is_generated): each for each in api.list(talk.id)}
            for track in talk.tracks:
                fetched = tracks[track.language, track.generated].fetch()
                cues = [(each.start, each.duration, each.text) for each in fetched]
                assert cues == [(each.start, each.duration, each.text) for each in track.cues]


TALK: Talk = read_talk(made_talk(BENDS))


def shape(data: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The paths of names in a reply; places in lists do not count."""
    if isinstance(data, dict):
        below = (shape(value, (*path, name)) for name, value in data.items())
        return {path}.union(*below)
    if isinstance(data, list):
        return {path}.union(*(shape(value, path) for value in data))
    return {path}


def real_reply(name: str) -> Any:
    file = REAL_REPLIES / name
    if not file.exists():
        pytest.skip(f"{name}, a real reply to compare with, is not on this machine")
    data = json.loads(file.read_text("utf-8"))
    return data.get("body", data)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("player_ok.json", None),
        ("player_transcripts_disabled.json", "captions_disabled"),
        ("player_request_blocked.json", "bot_check"),
        ("player_video_unavailable.json", "unavailable"),
    ],
)
def test_the_player_says_nothing_that_the_real_one_does_not(name: str, state: str | None) -> None:
    real = real_reply(name)
    assert shape(player(TALK, "ANDROID", state)) - shape(real) <= ONLY_IN_GENERATED
    said = player(TALK, "ANDROID", state)["playabilityStatus"]
    expected = {key: real["playabilityStatus"].get(key) for key in ("status", "reason")}
    assert {key: said.get(key) for key in ("status", "reason")} == expected


TRACKS = ("captions", "playerCaptionsTracklistRenderer", "captionTracks")
ONLY_IN_GENERATED = {(*TRACKS, "kind")}  # the real reply at hand has only captions by hand


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("channel_videos_0.json", youtube_channel.resolved(TALK)),
        ("channel_videos_1.json", youtube_channel.videos_tab([TALK, TALK], 1)),
        ("channel_videos_2.json", youtube_channel.next_page([TALK] * 3, "standin:UC:1", 1)),
    ],
)
def test_channel_lists_say_nothing_that_the_real_ones_do_not(name: str, ours: Any) -> None:
    assert shape(ours) - shape(real_reply(name)) == set()


def test_by_hand(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.standins import youtube as module

    monkeypatch.setattr(module, "demo_talks", lambda: (TALK,))
    monkeypatch.setattr(module, "wait_for_interrupt", lambda: None)
    module.main()
    shown: Sequence[str] = capsys.readouterr().out.splitlines()
    assert shown[0] == f"1 talks: {BENDS}"
    assert re.fullmatch(r"export REQUESTS_CA_BUNDLE=(\S+ca\.pem) SSL_CERT_FILE=\1", shown[1])
    assert re.match(r"generate --proxy http://127\.0\.0\.1:\d+ --video", shown[2])
