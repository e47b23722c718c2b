"""Ids: every form of address people paste, and the look-alikes that must not pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InvalidVideoId
from generator.fetcher.ids import address_of, made_id, parse_video_id, watch_url

ID = "rP2kEF3Mj-o"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"  {ID}\n",
        f"https://www.youtube.com/watch?v={ID}",
        f"http://youtube.com/watch?v={ID}",
        f"HTTPS://WWW.YouTube.com/watch?v={ID}",
        f"//www.youtube.com/watch?v={ID}",
        f"www.youtube.com/watch?v={ID}",
        f"youtube.com/watch?v={ID}",
        f"https://m.youtube.com/watch?v={ID}&feature=share",
        f"https://music.youtube.com/watch?v={ID}&list=RDAMVM{ID}",
        f"https://www.youtube.com/watch?app=desktop&t=1h2m&v={ID}#comments",
        f"https://www.youtube.com/watch/?v={ID}",
        f"https://www.youtube.com/watch?v={ID}&list=PL0123456789&index=3",
        f"https://www.youtube.com/watch/{ID}",
        f"https://youtu.be/{ID}",
        f"youtu.be/{ID}?si=AbCdEfGh&t=37",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/shorts/{ID}/?feature=share",
        f"https://youtube.com/live/{ID}?feature=shared",
        f"https://www.youtube.com/embed/{ID}?start=4",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"https://www.youtube.com/v/{ID}",
        f"https://www.youtube.com/e/{ID}",
        f"https://www.youtube.com:443/watch?v={ID}",
    ],
)
def test_every_form_of_address_gives_the_id(text: str) -> None:
    assert parse_video_id(text) == ID


@pytest.mark.parametrize("odd", ["1e100000000", "-_-_-_-_-_-", "0x123456789", "videoseries"])
def test_odd_ids_are_ids(odd: str) -> None:
    assert parse_video_id(odd) == odd
    assert parse_video_id(watch_url(odd)) == odd


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "short",
        ID + "x",
        ID[:-1],
        "rP2kEF3Mj—o",
        "１２３４５６７８９０１",
        f"https://evil.com/watch?v={ID}",
        f"https://youtube.com.evil.com/watch?v={ID}",
        f"https://notyoutube.com/watch?v={ID}",
        f"https://www.youtube.com@evil.com/watch?v={ID}",
        f"https://user:pass@www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com\\@evil.com/watch?v={ID}",
        f"https://evil.com/?u=https://www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com:8443/watch?v={ID}",
        f"https://www.youtube.com:port/watch?v={ID}",
        f"ftp://www.youtube.com/watch?v={ID}",
        f"javascript:https://www.youtube.com/watch?v={ID}",
        f"youtube:{ID}",
        f"https://www.youtube.com/watch?v={ID}x",
        f"https://www.youtube.com/watch?v={ID} {ID}",
        f"https://www.youtube.com/watch?vid={ID}",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/",
        f"https://www.youtube.com/{ID}",
        "https://www.youtube.com/playlist?list=PL0123456789",
        "https://www.youtube.com/embed/videoseries?list=PL0123456789",
        "https://www.youtube.com/embed/live_stream?channel=UC0123456789",
        "https://www.youtube.com/@some.handle",
        "https://www.youtube.com/channel/UC0123456789012345678901",
        "https://www.youtube.com/c/elevenchars",
        "https://[::1/watch?v=" + ID,
        "https://youtu.be/",
        "x" * 100_000,
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidVideoId):
        parse_video_id(text)


@given(st.text())
def test_any_text_gives_an_id_or_the_error(text: str) -> None:
    try:
        found = parse_video_id(text)
    except InvalidVideoId:
        return
    assert len(found) == 11
    assert found in text


def test_a_made_id_depends_on_channel_and_name_alone() -> None:
    assert made_id("local", "My talk") == "local-kM-NT"
    assert made_id("local", "Cafe\u0301") == made_id("local", "Caf\u00e9")
    assert made_id("other", "My talk") != made_id("local", "My talk")


def test_only_what_youtube_may_know_has_an_address() -> None:
    assert address_of(ID) == f"https://www.youtube.com/watch?v={ID}"
    assert address_of("local-kM-NT") == ""
    assert address_of("no id") == ""
