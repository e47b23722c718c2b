"""What is known of a video besides its words, from whichever source answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from generator.fetcher.catalog import describe
from generator.fetcher.http import Connection, open_session
from generator.fetcher.ytdlp import Extraction
from generator.models import Chapter, Video
from tests.fetcher.web import ID, Reply, Web, owner, page, player

OEMBED = {
    "title": "oEmbed's\u202e title",
    "author_name": "A Name",
    "author_url": "https://www.youtube.com/@Its.Handle",
}
URL = f"https://www.youtube.com/watch?v={ID}"


def described(
    web: Web, info: dict[str, Any] | None = None, reply: dict[str, Any] | None = None
) -> tuple[Video, tuple[str, ...]]:
    connection = Connection(sleep=lambda seconds: None)
    extraction = Extraction(info, ()) if info is not None else None
    with web.up(), open_session(connection) as session:
        return describe(ID, session, connection, extraction=extraction, player=reply)


def test_everything_from_ytdlp() -> None:
    info = {
        "title": " A\ntitle ",
        "uploader_id": "@The.Handle",
        "channel": "The name",
        "channel_id": "UC0123456789012345678901",
        "duration": 100,
        "upload_date": "20260304",
        "description": " One.\x00 \r\n\n  Two\u202e. \n",
        "tags": ["b", "a", "b", " "],
        "chapters": [
            {"start_time": 50, "end_time": 100, "title": "Second"},
            {"start_time": 0.0, "end_time": 50, "title": " First\t"},
        ],
    }
    web = Web()
    assert described(web, info) == (
        Video(
            id=ID,
            title="A title",
            channel="the.handle",
            channel_id="UC0123456789012345678901",
            url=URL,
            duration=100.0,
            published=date(2026, 3, 4),
            description="One.\n\nTwo.",
            chapters=(Chapter(0.0, "First"), Chapter(50.0, "Second")),
            tags=("b", "a"),
        ),
        (),
    )
    assert web.names == []


def test_one_page_is_all_that_ytdlp_asks_for() -> None:
    web = Web(watch2=Reply(page(player(), owner("@Some.Handle"))))
    video, notices = described(web)
    assert (video.title, video.channel, notices) == ("The player's title", "some.handle", ())
    assert web.names == ["watch2"]


def test_then_oembed_and_then_the_players_reply() -> None:
    web = Web(watch2=Reply("", 403), oembed=Reply(OEMBED))
    video, notices = described(web, reply=player())
    assert video == Video(
        id=ID,
        title="oEmbed's title",
        channel="its.handle",
        channel_id="UC0123456789012345678901",
        url=URL,
        duration=90.0,
        description="First line.\nSecond line.",
        tags=("one", "two"),
    )
    assert len(notices) == 1
    assert notices[0].startswith(f"Chapters and date of video {ID} could not be had: YouTube")
    assert notices[0].endswith(" --refetch asks again.")
    assert web.names == ["watch2", "oembed"]


def test_what_ytdlp_leaves_out_is_filled_in() -> None:
    web = Web(oembed=Reply(OEMBED))
    video, notices = described(web, {"title": None, "channel": "Name", "duration": 5})
    assert (video.title, video.channel, video.duration) == ("oEmbed's title", "its.handle", 5.0)
    assert notices == ()


def test_a_name_stands_for_a_handle_that_nobody_tells_and_that_is_told() -> None:
    nameless = {**OEMBED, "author_url": "https://www.youtube.com/channel/UC0123456789012345678901"}
    video, notices = described(
        Web(oembed=Reply(nameless)), {"title": "T", "channel": "The\x1b[ Name"}
    )
    assert video.channel == "the_name"
    assert notices == (
        f"The handle of the channel of video {ID} could not be had, so its name stands for it:"
        " The[ Name.",
    )


@pytest.mark.parametrize(
    "oembed",
    [
        Reply("", 401),
        Reply("", 500),
        Reply("<html>"),
        Reply([1]),
        Reply({"title": 3, "author_url": ["x"], "author_name": None}),
        ConnectionError("gone"),
    ],
)
def test_a_missing_title_fails_nothing(oembed: Reply | Exception) -> None:
    web = Web(watch2=Reply("", 403), oembed=oembed)
    assert described(web, reply=player())[0].title == "The player's title"
    video, notices = described(web)
    assert video == Video(id=ID, title=ID, channel="unknown", url=URL)
    assert notices[:2] == (
        f"The title of video {ID} could not be had, so its id stands for it.",
        f"The channel of video {ID} could not be had.",
    )


def test_a_handle_in_another_script_is_unquoted() -> None:
    said = {**OEMBED, "author_url": "https://www.youtube.com/@%D0%9A%D0%B0%D0%BD%D0%B0%D0%BB"}
    assert described(Web(oembed=Reply(said)), {})[0].channel == "канал"


@pytest.mark.parametrize(
    "info",
    [
        {
            "title": {"x": 1},
            "uploader_id": 5,
            "channel_id": "../UC",
            "duration": "nan",
            "upload_date": 99999999,
            "description": [],
            "tags": 7,
            "chapters": {"a": 1},
        },
        {
            "chapters": [
                None,
                {},
                {"start_time": "x", "title": "a"},
                {"start_time": float("inf"), "title": "a"},
                {"start_time": -1, "title": "a"},
                {"start_time": 1, "title": "\u202e"},
            ]
        },
        {"duration": -4, "tags": [None, 3]},
    ],
)
def test_nonsense_is_left_out(info: dict[str, Any]) -> None:
    assert described(Web(), info)[0] == Video(id=ID, title=ID, channel="unknown", url=URL)


def test_chapters_are_within_the_video_and_one_a_time() -> None:
    info = {
        "duration": 60,
        "chapters": [
            {"start_time": 0, "title": "First"},
            {"start_time": 0, "title": "Also first"},
            {"start_time": 60, "title": "Past the end"},
            {"start_time": 59, "title": "Last"},
        ],
    }
    chapters = described(Web(), info)[0].chapters
    assert chapters == (Chapter(0.0, "First"), Chapter(59.0, "Last"))
