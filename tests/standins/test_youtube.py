"""The stand-in for YouTube, tried with the libraries that it is there for."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import certifi
import pytest
import requests
import webvtt

from tests.standins import youtube_lists as lists
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
from tests.standins.shelves import channel_of
from tests.standins.talk import demo_talks
from tests.standins.youtube import YouTubeStandIn
from tests.standins.youtube_player import player

REAL_REPLIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "youtube"


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


CHANNEL = channel_of([TALK] * 3)
TRACKS = ("captions", "playerCaptionsTracklistRenderer", "captionTracks")
ONLY_IN_GENERATED = {(*TRACKS, "kind")}  # the real reply at hand has only captions by hand


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("channel_videos_0.json", lists.resolved(CHANNEL)),
        ("channel_videos_1.json", lists.channel_tab(CHANNEL, "videos", 1)),
        (
            "channel_videos_2.json",
            lists.next_page(lists.channel_items(CHANNEL, "videos", CHANNEL.videos or (), 1, 1)),
        ),
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
