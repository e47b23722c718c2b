"""Channels and playlists through yt-dlp: what comes, how many requests it takes, and what fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from generator.errors import (
    BlockedByYouTube,
    FetchError,
    ListBlocked,
    ListEmpty,
    ListError,
    ListNotUnderstood,
    ListPrivate,
    NetworkDown,
    NoSuchList,
    NotInCassette,
)
from generator.fetcher import entries
from generator.fetcher.addresses import ListAddress, parse_channel, parse_playlist
from generator.fetcher.cassettes import cassette
from generator.fetcher.http import Connection
from generator.fetcher.lists import Listing, open_list
from generator.models import ListedVideo
from tests.fetcher.web import SETTINGS, SHARED, Reply, Web
from tests.standins import youtube_lists as lists
from tests.standins.shelves import Channel, Item, Many, Playlist, State, made_id
from tests.standins.youtube import YouTubeStandIn

SECRET = "pa55word"
STATES: list[State] = [
    "plays", "private", "deleted", "members_only", "short", "live", "upcoming", "streamed",
]  # fmt: skip
MIXED = [Item(made_id(state), f"One that {state}", state=state) for state in STATES]
LONG = Channel(
    "@long.one",
    "A Long One",
    "UC" + "l" * 22,
    videos=Many("long", 10_000),
    shorts=[Item(made_id("a short"), "A short", state="short")],
    streams=[MIXED[5], MIXED[6], MIXED[7]],
    names=("c/LongOne", "user/longuser", "LongOne"),
)
STREAMER = Channel("@стример", "Стример", "UC" + "s" * 22, videos=None, streams=MIXED[5:])
TOPIC = Channel("@topic", "Topic", "UC" + "t" * 22, videos=None)
SHORT = Channel("@short", "Short", "UC" + "h" * 22, videos=None, shorts=MIXED[4:5])
EMPTY = Channel("@empty", "Empty", "UC" + "e" * 22)
TAKEN_DOWN = "This video list is no longer available"
PLAYLISTS = [
    Playlist("PLmixed00000", "A mixed list", LONG, MIXED),
    Playlist("PLold0000000", "An old list", LONG, MIXED, old=True),
    Playlist("PLlong000000", "A long list", LONG, Many("list", 250)),
    Playlist("PLprivate000", "x", LONG, refusal="This playlist is private."),
    Playlist("PLgone000000", "x", LONG, refusal=TAKEN_DOWN),
    Playlist("PLempty00000", "Nothing", LONG),
    Playlist("UU" + "t" * 22, "Uploads from Topic", TOPIC, MIXED[:1]),
]


@pytest.fixture
def youtube(monkeypatch: pytest.MonkeyPatch) -> Iterator[YouTubeStandIn]:
    channels = [LONG, STREAMER, TOPIC, SHORT, EMPTY]
    with YouTubeStandIn(channels=channels, playlists=PLAYLISTS) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.ca_bundle))
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        yield running


def connection(youtube: YouTubeStandIn, **set_: Any) -> Connection:
    set_ = {"retries": 0, "sleep": lambda seconds: None, **set_}
    proxy = youtube.proxy_url.replace("//", f"//me:{SECRET}@")
    return Connection(proxy=proxy, timeout=5, **set_)


def read(
    youtube: YouTubeStandIn, address: ListAddress, most: int = 99, **set_: Any
) -> tuple[Listing, list[ListedVideo]]:
    with open_list(address, connection(youtube, **set_)) as listing:
        return listing, list(islice(listing.videos, most))


def cookie_file(folder: Path) -> Path:
    """The cookies of an account."""
    path = folder / "cookies.txt"
    fields = ".youtube.com\tTRUE\t/\tTRUE\t4102444800"
    names = ("LOGIN_INFO", "SAPISID", "__Secure-3PAPISID")
    path.write_text("".join(f"{fields}\t{name}\t{SECRET}-{name}\n" for name in names))
    return path


def places(youtube: YouTubeStandIn) -> list[str | None]:
    return [line.place for line in youtube.requests]


@pytest.mark.parametrize(
    "given",
    [
        "@Long.One",
        f"https://www.youtube.com/channel/{LONG.id}/videos",
        "youtube.com/c/LongOne",
        "youtube.com/user/longuser",
        "youtube.com/LongOne",
    ],
)
def test_every_address_of_a_channel_gives_its_videos(youtube: YouTubeStandIn, given: str) -> None:
    listing, videos = read(youtube, parse_channel(given), 2)
    assert (listing.title, listing.handle, listing.channel_id) == (LONG.name, LONG.handle, LONG.id)
    assert listing.others == {"shorts", "streams"}
    first = Many("long", 10_000)[0]
    assert (videos[0].id, videos[0].title) == (first.id, "long no. 10000")
    assert (videos[0].duration, videos[0].views, videos[0].barred) == (300.0, 10_000, "")
    assert videos[0].earliest is not None
    assert videos[0].latest is not None
    assert places(youtube) == ["channel"]


@pytest.mark.parametrize(("wanted", "pages"), [(1, 1), (30, 1), (31, 2), (90, 3)])
def test_no_page_is_asked_for_that_is_not_needed(
    youtube: YouTubeStandIn, wanted: int, pages: int
) -> None:
    _, videos = read(youtube, parse_channel("@long.one"), wanted)
    assert [video.id for video in videos] == [each.id for each in Many("long", 10_000)[:wanted]]
    assert places(youtube) == ["channel", "browse", "browse"][:pages]


def test_a_playlist_takes_one_request_more_for_what_is_hidden(youtube: YouTubeStandIn) -> None:
    listing, videos = read(youtube, parse_playlist("PLlong000000"), 101)
    assert (listing.title, listing.handle) == ("A long list", LONG.handle)
    assert [video.id for video in videos] == [each.id for each in Many("list", 250)[:101]]
    assert places(youtube) == ["playlist", "browse", "browse"]


@pytest.mark.parametrize("name", ["PLmixed00000", "PLold0000000"])
def test_what_cannot_be_taken_is_there_with_its_reason(youtube: YouTubeStandIn, name: str) -> None:
    _, videos = read(youtube, parse_playlist(name))
    assert [video.id for video in videos] == [item.id for item in MIXED]
    reasons = dict(zip(STATES, [video.barred for video in videos], strict=True))
    assert reasons == {
        "plays": "",
        "private": entries.PRIVATE,
        "deleted": entries.DELETED,
        "members_only": entries.MEMBERS_ONLY,
        "short": "",
        "live": entries.IS_LIVE,
        "upcoming": entries.NOT_STARTED,
        "streamed": "",
    }
    assert [video.short for video in videos] == [state == "short" for state in STATES]
    assert [video.views for video in videos if not video.barred] == [1000] * 3
    assert all(video.earliest and video.latest for video in videos if not video.barred)


def test_tabs_of_their_own(youtube: YouTubeStandIn) -> None:
    _, streams = read(youtube, parse_channel("@long.one/streams"))
    assert [video.barred for video in streams] == [entries.IS_LIVE, entries.NOT_STARTED, ""]
    listing, shorts = read(youtube, parse_channel("@long.one/shorts"))
    assert [(video.title, video.short, video.views) for video in shorts] == [
        ("A short", True, 1000)
    ]
    assert listing.others == frozenset()


def test_a_channel_without_videos_gives_its_streams_or_its_uploads(youtube: YouTubeStandIn) -> None:
    listing, videos = read(youtube, parse_channel("@Стример"))
    assert listing.handle == "@стример"
    assert [video.id for video in videos] == [item.id for item in MIXED[5:]]
    _, uploads = read(youtube, parse_channel("@topic"))
    assert [video.id for video in uploads] == [MIXED[0].id]
    with pytest.raises(ListEmpty, match="but shorts"):
        read(youtube, parse_channel("@short"))
    assert read(youtube, parse_channel("@empty"))[1] == []
    assert read(youtube, parse_playlist("PLempty00000"))[1] == []


@pytest.mark.parametrize(
    ("address", "kind", "says"),
    [
        (parse_channel("@nobody"), NoSuchList, "channel @nobody"),
        (parse_channel("UC" + "n" * 22), NoSuchList, "channel UCnnn"),
        (parse_channel("@topic/streams"), ListEmpty, "streams"),
        (parse_playlist("PLnone000000"), NoSuchList, "The playlist does not exist"),
        (parse_playlist("PLgone000000"), NoSuchList, TAKEN_DOWN),
        (parse_playlist("PLprivate000"), ListPrivate, "PLprivate000 is private"),
        (parse_playlist("WL"), ListPrivate, "WL is private"),
    ],
)
def test_each_cause_has_its_error(
    youtube: YouTubeStandIn, address: ListAddress, kind: type[ListError], says: str
) -> None:
    with pytest.raises(kind, match=says):
        read(youtube, address)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("rate_limited", ListBlocked),
        ("blocked", ListBlocked),
        ("no_metadata", ListBlocked),
        ("server_error", NetworkDown),
        ("connection_reset", NetworkDown),
        ("proxy_login", NetworkDown),
        ("cut_off", NetworkDown),
        ("html_for_json", ListNotUnderstood),
    ],
)
def test_failures_on_the_way(youtube: YouTubeStandIn, fault: str, kind: type[FetchError]) -> None:
    youtube.faults.add(fault)
    with pytest.raises(kind) as caught:
        read(youtube, parse_channel("@long.one"))
    assert SECRET not in caught.value.message
    assert "video " not in caught.value.happened
    if kind is ListBlocked:
        assert isinstance(caught.value, BlockedByYouTube)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("rate_limited", ListBlocked),
        ("connection_reset", NetworkDown),
        ("truncated_json", ListNotUnderstood),
        ("html_for_json", ListNotUnderstood),
        ("empty_reply", ListNotUnderstood),
    ],
)
def test_a_later_page_that_fails_is_no_end_of_the_list(
    youtube: YouTubeStandIn, fault: str, kind: type[FetchError]
) -> None:
    youtube.faults.add(fault, at="browse", after=1)
    with open_list(parse_channel("@long.one"), connection(youtube)) as listing:
        assert len(list(islice(listing.videos, 60))) == 60
        with pytest.raises(kind):
            next(listing.videos)


@pytest.mark.parametrize("fault", ["empty_reply", "connection_reset", "cut_off", "server_error"])
def test_what_passes_is_tried_again(youtube: YouTubeStandIn, fault: str) -> None:
    waits: list[float] = []
    youtube.faults.add(fault, at="browse", times=2)
    _, videos = read(youtube, parse_channel("@long.one"), 60, retries=2, sleep=waits.append)
    assert (len(videos), len(waits)) == (60, 2)


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_without_its_list_is_asked_for_in_another_way(
    youtube: YouTubeStandIn, tmp_path: Path, signed_in: bool
) -> None:
    youtube.faults.add("no_data")
    cookies = cookie_file(tmp_path) if signed_in else None
    _, videos = read(youtube, parse_channel("@long.one"), 31, cookies=cookies)
    assert len(videos) == 31
    assert places(youtube) == ["channel", "browse", "browse", "browse"]


def html(data: Any) -> Reply:
    head = f"<html><script>ytcfg.set({json.dumps(SETTINGS)});</script>"
    return Reply(f"{head}<script>var ytInitialData = {json.dumps(data)};</script></html>")


def test_a_channel_that_is_shown_elsewhere_is_followed_there() -> None:
    endpoint = {"commandMetadata": {"webCommandMetadata": {"url": "/@there"}}}
    moved = {"onResponseReceivedActions": [{"navigateAction": {"endpoint": endpoint}}]}
    there = Channel("@there", "There", "UC" + "r" * 22, videos=MIXED[:1])
    web = Web()
    web.put("/@here/videos", html(moved))
    web.put("/@there/videos", html(lists.channel_tab(there, "videos", 30)))
    with web.up(), open_list(parse_channel("@here"), Connection(retries=0)) as listing:
        assert [video.id for video in listing.videos] == [MIXED[0].id]
    web.put("/@there/videos", html({**moved, "contents": {}}))
    with web.up(), pytest.raises(ListNotUnderstood):
        open_list(parse_channel("@there"), Connection(retries=0)).__enter__()


@pytest.mark.parametrize(
    "data",
    [
        {"contents": []},
        {
            "contents": {
                "twoColumnBrowseResultsRenderer": {"tabs": [{"tabRenderer": {"selected": 1}}]}
            }
        },
        {"contents": {"twoColumnBrowseResultsRenderer": {"tabs": "x"}}, "metadata": 7},
        {"currentVideoEndpoint": {"watchEndpoint": {"videoId": "aaaaaaaaaa1"}}},
        {
            "alerts": [
                {"alertRenderer": {"type": "ERROR", "text": {"simpleText": "Something new."}}}
            ]
        },
    ],
)
def test_a_page_of_another_form_is_no_crash(data: Any) -> None:
    web = Web()
    for path in ("/@here/videos", "/playlist"):
        web.put(path, html(data))
    for address in (parse_channel("@here"), parse_playlist("PLhere000000")):
        with web.up():
            assert isinstance(came_of(address), ListError | list)


def came_of(address: ListAddress) -> list[ListedVideo] | Exception:
    try:
        with open_list(address, Connection(retries=0)) as listing:
            return list(listing.videos)
    except Exception as error:
        return error


def test_a_recorded_list_is_replayed_page_by_page_and_holds_no_secret(
    youtube: YouTubeStandIn, tmp_path: Path
) -> None:
    cookies = cookie_file(tmp_path)
    path = tmp_path / "list.yaml"
    with cassette(path):
        recorded = read(youtube, parse_channel("@long.one"), 70, cookies=cookies)[1]
    asked = len(youtube.requests)
    text = path.read_text(encoding="utf-8")
    for secret in (SECRET, "SAPISIDHASH", "127.0.0.1"):
        assert secret not in text
    with cassette(path):
        played = read(youtube, parse_channel("@long.one"), 70)[1]
        with pytest.raises(NotInCassette):
            read(youtube, parse_channel("@nobody"))
    assert played == recorded
    assert len(youtube.requests) == asked


def real(number: int) -> Any:
    path = SHARED / f"channel_videos_{number}.json"
    if not path.exists():
        pytest.skip(f"no real replies in {SHARED}")
    return json.loads(path.read_text(encoding="utf-8"))["body"]


def words_of_lockups(reply: Any) -> Iterator[tuple[str, str, list[str]]]:
    """Id, title and all short words of each video in a real reply, found by their names alone."""
    if isinstance(reply, list):
        for each in reply:
            yield from words_of_lockups(each)
    elif isinstance(reply, dict) and "lockupViewModel" in reply:
        view = reply["lockupViewModel"]
        about = view["metadata"]["lockupMetadataViewModel"]
        text = json.dumps([about["metadata"], view["contentImage"]])
        texts = [json.loads(f'"{part}"') for part in _CONTENTS.findall(text)]
        yield view["contentId"], about["title"]["content"], texts
    elif isinstance(reply, dict):
        for each in reply.values():
            yield from words_of_lockups(each)


_CONTENTS = re.compile(r'"(?:content|text)": "((?:[^"\\]|\\.)*)"')


@pytest.mark.parametrize("form", ["page", "api"])
def test_a_real_channel(form: str) -> None:
    """All that YouTube itself says of the 60 videos of two pages, read from a page or the API."""
    first, second = real(1), real(2)
    api = [Reply(second)] if form == "page" else [Reply(first), Reply(second)]
    web = Web()
    web.put("/youtubei/v1/navigation/resolve_url2", Reply(real(0)))
    web.put("/youtubei/v1/browse2", *api)
    if form == "page":
        web.put("/@creativecommons/videos", html(first))
    address = parse_channel("@CreativeCommons")
    with web.up(), open_list(address, Connection(retries=0)) as listing:
        videos = list(islice(listing.videos, 60))
    expected = [*words_of_lockups(first), *words_of_lockups(second)]
    assert (listing.title, listing.handle, listing.channel_id) == (
        "Creative Commons",
        "@creativecommons",
        "UCTwECeGqMZee77BjdoYtI2Q",
    )
    assert listing.others == {"shorts", "streams"}
    assert [(video.id, video.title) for video in videos] == [each[:2] for each in expected]
    assert len({video.id for video in videos}) == 60
    for video, (_, _, words) in zip(videos, expected, strict=True):
        assert clock_of(video.duration) in words
        assert views_said(video.views) & set(words)
        assert video.earliest is not None
        assert video.latest is not None
        assert (video.short, video.barred) == (False, "")
    spans = [(video.latest - video.earliest).days for video in videos if video.latest]  # type: ignore[operator]
    assert spans == sorted(spans)  # the older, the less is told of the day


def clock_of(seconds: float | None) -> str:
    whole = int(seconds or 0)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"


def views_said(views: int | None) -> set[str]:
    count = views or 0
    return {f"{count} views", f"{count / 1000:g}k views", f"{count / 1000:.1f}k views"}
