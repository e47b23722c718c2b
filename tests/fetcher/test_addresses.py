"""Channels and playlists are found in what people paste, each under one address."""

from __future__ import annotations

import pytest

from generator.errors import InvalidChannel, InvalidPlaylist, ListError, PlaylistIsMix
from generator.fetcher.addresses import parse_channel, parse_playlist, uploads_playlist

UC = "UCmadeUpTalks-_01234567a"
PL = "PLmadeUpTalks0123456789abcdefghijk"


@pytest.mark.parametrize(
    "given",
    [
        "@made.up_talks",
        "made.up_talks",
        " @Made.Up_Talks\n",
        "https://www.youtube.com/@made.up_talks",
        "http://youtube.com/@Made.up_talks/",
        "m.youtube.com/@made.up_talks/videos",
        "youtube.com/@made.up_talks/featured",
        "www.youtube.com/%40made.up_talks/about?si=x#y",
        "//www.youtube.com/@made.up_talks/videos?view=0&sort=dd",
        "@made.up_talks/videos",
        "https://music.youtube.com/@made.up_talks",
    ],
)
def test_every_form_of_a_handle_is_one_address(given: str) -> None:
    address = parse_channel(given)
    assert address.url == "https://www.youtube.com/@made.up_talks"
    assert (address.kind, address.handle, address.tab) == ("channel", "@made.up_talks", None)
    assert address.name == "channel @made.up_talks"
    assert address.tab_url("videos") == "https://www.youtube.com/@made.up_talks/videos"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        (UC, f"/channel/{UC}"),
        (f"https://www.youtube.com/channel/{UC}/videos", f"/channel/{UC}"),
        (f"youtube.com/channel/{UC}/streams", f"/channel/{UC}/streams"),
        ("https://www.youtube.com/c/MadeUpTalks", "/c/MadeUpTalks"),
        ("youtube.com/c/MadeUpTalks/featured", "/c/MadeUpTalks"),
        ("https://www.youtube.com/user/madeuptalks/videos", "/user/madeuptalks"),
        ("https://www.youtube.com/MadeUpTalks", "/MadeUpTalks"),
        ("@made.up_talks/shorts", "/@made.up_talks/shorts"),
        ("https://youtube.com/@made.up_talks/Streams", "/@made.up_talks/streams"),
        (
            "@ИгорьКлейнер",
            "/@%D0%B8%D0%B3%D0%BE%D1%80%D1%8C%D0%BA%D0%BB%D0%B5%D0%B9%D0%BD%D0%B5%D1%80",
        ),
        ("youtube.com/@%D0%98%D0%B3%D0%BE%D1%80%D1%8C", "/@%D0%B8%D0%B3%D0%BE%D1%80%D1%8C"),
        ("youtube.com/c/%D0%98%D0%B3%D0%BE%D1%80%D1%8C", "/c/%D0%98%D0%B3%D0%BE%D1%80%D1%8C"),
        ("@हिन्दी", "/@%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80"),
        ("@cafe\u0301", "/@caf%C3%A9"),
    ],
)
def test_other_addresses_of_channels(given: str, url: str) -> None:
    assert parse_channel(given).url == f"https://www.youtube.com{url}"


def test_the_tabs_of_shorts_and_streams_are_lists_of_their_own() -> None:
    streams = parse_channel("@x/streams")
    assert (streams.tab, streams.name) == ("streams", "channel @x (streams)")
    assert streams.tab_url("streams") == streams.url
    assert parse_channel("@x/playlists").tab is None
    assert parse_channel("@x").shorts == parse_channel("@x/shorts")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "@",
        "@..",
        "   ",
        "@two words",
        "@a/../b\u202e".replace("/../", "\\"),
        "@x\x00y",
        "@" + "x" * 101,
        "https://vimeo.com/@made.up_talks",
        "https://www.youtube.com.evil.example/@x",
        "https://youtube.com@evil.example/@x",
        "https://me:pw@www.youtube.com/@x",
        "https://www.youtube.com:8443/@x",
        "ftp://www.youtube.com/@x",
        "https://www.youtube.com/",
        "youtube.com",
        "https://www.youtube.com/channel/UCshort",
        "https://www.youtube.com/channel/",
        "https://www.youtube.com/c/",
        "https://www.youtube.com/@%2e%2e%2fetc",
        "https://www.youtube.com/@a%00b",
        "https://www.youtube.com/watch?v=aaaaaaaaaa1",
        "https://youtu.be/",
        f"https://www.youtube.com/playlist?list={PL}",
        "https://www.youtube.com/feed/subscriptions",
        "https://www.youtube.com/results?search_query=x",
        PL,
        "javascript:alert(1)",
        "../../etc/passwd",
        "made/up",
    ],
)
def test_what_is_no_channel_is_refused(given: str) -> None:
    with pytest.raises(InvalidChannel):
        parse_channel(given)


@pytest.mark.parametrize(
    "given",
    [
        PL,
        f" {PL} ",
        f"VL{PL}",
        f"https://www.youtube.com/playlist?list={PL}",
        f"youtube.com/playlist?list={PL}&si=abc",
        f"https://www.youtube.com/watch?v=aaaaaaaaaa1&list={PL}&index=3",
        f"https://www.youtube.com/watch?list={PL}&v=aaaaaaaaaa1",
        f"https://youtu.be/aaaaaaaaaa1?list={PL}",
        f"https://music.youtube.com/playlist?list={PL}",
        f"https://www.youtube.com/embed/videoseries?list={PL}",
        f"https://www.youtube.com/browse/VL{PL}",
    ],
)
def test_every_form_of_a_playlist_is_one_address(given: str) -> None:
    address = parse_playlist(given)
    assert address.url == f"https://www.youtube.com/playlist?list={PL}"
    assert (address.kind, address.name) == ("playlist", f"playlist {PL}")
    assert not address.owners_only
    assert address.uploads_of is None


def test_other_kinds_of_playlists() -> None:
    for playlist in ("OLAK5uy_abcdefgh", "FLmadeUpTalks-_01234567a", "UUmadeUpTalks-_01234567a"):
        assert parse_playlist(playlist).url.endswith(f"={playlist}")
    assert [parse_playlist(playlist).owners_only for playlist in ("WL", "LL")] == [True, True]
    assert parse_playlist("UUmadeUpTalks-_01234567a").uploads_of == UC
    assert parse_playlist("UULFmadeUpTalks-_01234567a").uploads_of == UC
    assert uploads_playlist(UC).uploads_of == UC


@pytest.mark.parametrize(
    "given",
    [
        "",
        "aaaaaaaaaa1",
        "@made.up_talks",
        UC,
        "PL",
        f"{PL}&x",
        f"{PL}/..",
        "PL" + "x" * 100,
        "https://www.youtube.com/watch?v=aaaaaaaaaa1",
        f"https://vimeo.com/playlist?list={PL}",
        f"https://me:pw@youtube.com/playlist?list={PL}",
        "https://www.youtube.com/playlist?list=%00",
        "https://www.youtube.com/playlist?list=../../x",
        "https://www.youtube.com/browse",
    ],
)
def test_what_is_no_playlist_is_refused(given: str) -> None:
    with pytest.raises(InvalidPlaylist):
        parse_playlist(given)


def test_a_mix_has_no_end_and_is_refused() -> None:
    for given in (
        "RDaaaaaaaaaa1",
        "https://www.youtube.com/watch?v=aaaaaaaaaa1&list=RDaaaaaaaaaa1",
    ):
        with pytest.raises(PlaylistIsMix):
            parse_playlist(given)


def test_nothing_pasted_gets_into_an_error_as_it_is() -> None:
    for parse in (parse_channel, parse_playlist):
        with pytest.raises(ListError) as caught:
            parse("\x1b[31m\u202e" + "x" * 5000)
        assert caught.value.message.isprintable()
        assert len(caught.value.message) < 500
