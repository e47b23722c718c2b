"""The program as a library takes the same sources as the command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from generator import generate_notes
from generator.errors import SelectionInvalid, UsageError
from generator.library import Library
from generator.models import Stage
from tests.standins.talk import demo_talks
from tests.standins.youtube import YouTubeStandIn

TIDES, LENS, DAY = "tWiceDaily8", "FrsnL_1823k", "-2NoonsDay0"
HANDLE = "@kettle_and_chalk"


@pytest.fixture(scope="module")
def standin() -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn(demo_talks()) as youtube, youtube.trusted():
        yield youtube


@pytest.fixture(autouse=True)
def folder(standin: YouTubeStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENERATE_PROXY", standin.proxy_url)
    monkeypatch.setenv("GENERATE_ENGINE", "extractive")
    return tmp_path


def written(*videos: str, **asked: object) -> list[str]:
    report = generate_notes(*videos, **asked)  # type: ignore[arg-type]
    assert not report.lists
    return [video.id for video in report.videos if video.state == "written"]


def test_a_channel_is_taken_as_far_as_it_is_wanted() -> None:
    (newest,) = written(channels=HANDLE, limit=1)
    assert written(channels=[HANDLE], match="^tides") == [TIDES]
    with Library.open("output/.generator/library.db") as library:
        days = library.lists.published()
    assert written(channels=HANDLE, since=date(2999, 1, 1), output="other") == []
    assert written(channels=HANDLE, max_duration=1.5, output="other") == []
    assert written(channels=HANDLE, until=days[newest], limit=1, output="other") == [newest]


def test_a_file_of_ids_and_videos_are_taken_together(folder: Path) -> None:
    (folder / "list.txt").write_text(f"{LENS}\n{DAY}\n")
    assert written(TIDES, videos_files="list.txt", limit=1) == [TIDES, LENS]


def test_what_was_not_wanted_goes_and_what_is_held_is_written_anew() -> None:
    written(TIDES, LENS)
    report = generate_notes(exclude=LENS)
    assert [Path(path).suffix for path in report.removed] == [".md"]
    with Library.open("output/.generator/library.db") as library:
        assert library.states.of()[LENS].stage is Stage.EXCLUDED
    assert written(regenerate=True, timestamp_links=True) == [TIDES]


def test_a_playlist_is_taken() -> None:
    report = generate_notes(playlists="PLnone000000")
    assert [each.error.cause for each in report.lists] == ["no-such-list"]


def test_what_cannot_be_meant_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="nothing to write notes of"):
        generate_notes()
    with pytest.raises(SelectionInvalid):
        generate_notes(channels=HANDLE, match="(")
    with pytest.raises(UsageError, match="--limit and --match would leave out"):
        generate_notes(TIDES, limit=1, match="x")
    assert not Path("output").exists()
