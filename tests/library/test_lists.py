"""The library's lists come back as they were kept, one state of a list at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.errors import LibraryCorrupt
from generator.library import Library
from generator.models import Fetched, ListedVideo, Transcript, Video, VideoList

FULL = ListedVideo(
    "aaaaaaaaaa1", "A 'title'; --", 90.5, 0, date(2023, 1, 2), date(2024, 1, 3), True, "it is live"
)
FOUND = VideoList(
    address="https://www.youtube.com/@x",
    title="Ex “X”",
    channel="x",
    channel_id="UC" + "x" * 22,
    listed=datetime(2026, 3, 5, 12, tzinfo=UTC),
    complete=False,
    videos=(FULL, ListedVideo("aaaaaaaaaa2"), replace(FULL, id="aaaaaaaaaa0")),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def test_a_list_comes_back_whole_and_in_order(library: Library) -> None:
    assert library.lists.get(FOUND.address) is None
    library.lists.save(FOUND)
    assert library.lists.get(FOUND.address) == FOUND


def test_a_list_takes_the_place_of_what_was_known_of_it(library: Library) -> None:
    other = replace(FOUND, address="https://www.youtube.com/@y", channel_id=None)
    library.lists.save(FOUND)
    library.lists.save(other)
    shorter = replace(FOUND, complete=True, videos=FOUND.videos[1:])
    library.lists.save(shorter)
    assert library.lists.get(FOUND.address) == shorter
    assert library.lists.get(other.address) == other


def test_a_list_that_cannot_be_kept_leaves_what_was_known(library: Library) -> None:
    library.lists.save(FOUND)
    broken = replace(FOUND, videos=(FULL, replace(FULL, barred=None)))  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        library.lists.save(broken)
    assert library.lists.get(FOUND.address) == FOUND


def test_a_day_that_is_none_is_the_librarys_fault(library: Library) -> None:
    library.lists.save(FOUND)
    with library._database.transaction() as execute:
        execute("UPDATE entries SET earliest = 'yesterday'")
    with pytest.raises(LibraryCorrupt):
        library.lists.get(FOUND.address)


def test_days_of_videos_are_known_by_their_ids(library: Library) -> None:
    for id_, day in (("aaaaaaaaaa1", date(2024, 3, 5)), ("aaaaaaaaaa2", None)):
        video = Video(id_, "x", "x", published=day)
        library.save_fetched(Fetched(video, Transcript(id_, "en", False, ())))
    assert library.lists.published() == {"aaaaaaaaaa1": date(2024, 3, 5)}
