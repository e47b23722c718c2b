"""Seconds, timestamps and anchors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.renderer.timestamps import citation_anchor, format_timestamp, parse_timestamp


@pytest.mark.parametrize(
    ("second", "stamp"),
    [(0, "00:00:00"), (37, "00:00:37"), (3600, "01:00:00"), (359_999, "99:59:59")],
)
def test_seconds_and_timestamps_give_each_other(second: int, stamp: str) -> None:
    assert format_timestamp(second) == stamp
    assert parse_timestamp(stamp) == second


@given(st.integers(0, 359_999))
def test_every_second_comes_back(second: int) -> None:
    assert parse_timestamp(format_timestamp(second)) == second


@pytest.mark.parametrize("second", [-1, 360_000])
def test_a_second_without_timestamp_is_refused(second: int) -> None:
    with pytest.raises(ValueError, match=str(second)):
        format_timestamp(second)


@pytest.mark.parametrize(
    "text", ["", "1:02:03", "00:60:00", "00:00:60", "00:00:0٣", "00:00:37 ", "00:00:37\n", "02:30"]
)
def test_what_is_no_timestamp(text: str) -> None:
    assert parse_timestamp(text) is None


def test_an_anchor_as_published() -> None:
    assert citation_anchor(37) == '<a class="yt-timestamp" data-t="00:00:37">[00:00:37]</a>'


def test_an_anchor_that_links() -> None:
    assert citation_anchor(3725, link_video_id="-_abcDEF012") == (
        '<a class="yt-timestamp" data-t="01:02:05" href="https://youtu.be/-_abcDEF012?t=3725">'
        "[01:02:05]</a>"
    )


def test_an_id_cannot_leave_the_address() -> None:
    assert 'href="https://youtu.be/%22%3E%3Cb%3E?t=1"' in citation_anchor(1, link_video_id='"><b>')
