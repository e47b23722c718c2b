"""How far a vault is: what `generate status` counts, and that it changes nothing."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app
from generator.errors import CaptionsDisabled, GenerateError, NetworkDown
from generator.library import Library, database, figures
from generator.library.figures import ChannelFigures, Spending, figures_of
from generator.library.schema import MIGRATIONS
from generator.models import (
    Completion,
    Cue,
    Fetched,
    ListedVideo,
    Note,
    Stage,
    Transcript,
    Video,
    VideoList,
    VideoState,
)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


LIBRARY = Path("output/.generator/library.db")
LISTED = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def run(*arguments: str, env: dict[str, str] | None = None):
    return CliRunner().invoke(app, ["status", *arguments], env=env, catch_exceptions=False)


def failed(video_id: str, error: GenerateError) -> VideoState:
    return VideoState(
        video_id, Stage.FAILED, error.cause, error.happened, error.remedy, error.passing
    )


def add(library: Library, video: Video, notes: int) -> None:
    library.save_fetched(Fetched(video, Transcript(video.id, "en", False, (Cue(0, 1, "a"),))))
    made = [Note(f"N {at}", (), f"{video.id}_{at}", video, (), ()) for at in range(notes)]
    library.save_notes(video, "openai", made)


def fill(library: Library) -> None:
    """Two channels, a list of six, a failure of each kind, and replies of two prompts."""
    add(library, Video("written0001", "Tides", "sea"), 2)
    add(library, Video("written0002", "Ebb", "sea"), 1)
    add(library, Video("written0003", "Older than states", "moon"), 3)
    add(library, Video("fetched0001", "Older than states, too", "moon"), 0)
    library.lists.save(
        VideoList(
            address="https://www.youtube.com/@sea/videos", title="The sea", channel="sea",
            channel_id=None, listed=LISTED, complete=False,
            videos=(
                ListedVideo("written0001", "Tides", 60.0, 5, date(2026, 1, 1), date(2026, 1, 2)),
                ListedVideo("written0002"), ListedVideo("pending0001"),
                ListedVideo("nowords0001", "Waves"), ListedVideo("private0001", barred="private"),
                ListedVideo("nowords0002"),
            ),
        )
    )  # fmt: skip
    library.states.save(
        VideoState("written0001", Stage.WRITTEN),
        VideoState("written0002", Stage.WRITTEN),
        VideoState("pending0001", Stage.PENDING),
        VideoState("notwanted01", Stage.EXCLUDED),
        failed("nowords0001", CaptionsDisabled("nowords0001")),
        failed("nowords0002", CaptionsDisabled("nowords0002")),
        failed("offline0001", NetworkDown("YouTube", "no route")),
    )
    for at, prompt in enumerate(["outline", "note", "note"]):
        library.save_completion(
            Completion(f"k{at}", prompt, "written0001", "gpt", "{}", "{}", "stop",
                       input_tokens=1000, cached_tokens=100, output_tokens=200)
        )  # fmt: skip


@pytest.fixture
def filled() -> Path:
    with Library.open(LIBRARY) as library:
        fill(library)
    return LIBRARY


def test_figures(filled: Path) -> None:
    found = figures_of(filled)
    assert found.stages == {
        Stage.PENDING: 1, Stage.FETCHED: 1, Stage.WRITTEN: 3, Stage.FAILED: 3, Stage.EXCLUDED: 1
    }  # fmt: skip
    assert found.channels == (ChannelFigures("moon", 2, 3), ChannelFigures("sea", 2, 3))
    (listed,) = found.lists
    assert (listed.videos, listed.barred, listed.written) == (6, 1, 2)
    assert (listed.listed, listed.complete, listed.title) == (LISTED, False, "The sea")
    assert [(of.id, of.title, of.passing) for of in found.failed] == [
        ("nowords0001", "Waves", False), ("nowords0002", "", False), ("offline0001", "", True)
    ]  # fmt: skip
    assert found.spending == (
        Spending("gpt", "note", 2, 2000, 200, 400),
        Spending("gpt", "outline", 1, 1000, 100, 200),
    )


def test_it_is_told(filled: Path) -> None:
    ended = run("--price-in", "1", "--price-out", "10")
    assert (ended.exit_code, ended.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in ended.stdout.splitlines()]
    for line in (
        f"vault {Path('output').absolute()}",
        "videos 9 3 written, 1 fetched, not written, 1 pending, 3 failed, 1 not wanted",
        "notes 6 in 2 channels",
        "tokens 3,600 3,000 in (300 cached), 600 out; of the 3 replies that are kept",
        "cost 0.009 at most, at the prices that are set now",
        "sea 2 3",
        "The sea 2026-05-04 12:30 a part 6 1 2 https://www.youtube.com/@sea/videos",
        "gpt note 2 2,000 200 400 0.006",
        "failed: 2 times captions-disabled: Video ID has no captions: its owner switched them off,"
        " or YouTube has made none.",
        "nowords0001 Waves",
        "Of 3 failures, 1 may pass: the next run of their list tries again;"
        " --retry-failed tries all.",
    ):
        assert line in lines


def test_json(filled: Path) -> None:
    told = json.loads(run("--json", "--price-in", "1").stdout)
    assert told["videos"] == {
        "pending": 1, "fetched": 1, "written": 3, "failed": 3, "excluded": 1
    }  # fmt: skip
    assert told["notes"] == 6
    assert told["channels"][1] == {"channel": "sea", "videos": 2, "notes": 3}
    assert told["lists"] == [
        {
            "address": "https://www.youtube.com/@sea/videos", "title": "The sea",
            "listed": "2026-05-04T12:30:00+00:00", "complete": False,
            "videos": 6, "barred": 1, "written": 2,
        }
    ]  # fmt: skip
    no_words, network = told["failures"]
    assert (no_words["cause"], no_words["passing"]) == ("captions-disabled", False)
    assert [of["id"] for of in no_words["videos"]] == ["nowords0001", "nowords0002"]
    assert (network["cause"], network["passing"]) == ("network", True)
    assert told["spent"] == {
        "replies": 3, "input_tokens": 3000, "cached_tokens": 300, "output_tokens": 600,
        "cost": 0.003,
    }  # fmt: skip
    assert told["spending"][0]["prompt"] == "note"


def test_prices_and_places_come_from_settings_too(filled: Path) -> None:
    filled.rename("elsewhere.db")
    Path("generate.toml").write_text('library = "elsewhere.db"\nprice_in = 2.0\n')
    assert json.loads(run("--json").stdout)["spent"]["cost"] == 0.006
    env = {"GENERATE_LIBRARY": "nowhere.db"}
    assert run(env=env).exit_code == 1


def test_nothing_is_made_where_there_is_no_vault() -> None:
    ended = run()
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "no library at" in ended.stderr
    assert "--output" in ended.stderr
    told = json.loads(run("--json", "--output", "v").stdout)
    assert told["cause"] == "no-library"
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("library", [".", "x" * 300])
def test_what_cannot_be_a_library_is_told(library: str) -> None:
    told = json.loads(run("--json", "--library", library).stdout)
    assert told["cause"] == "library"


def test_nothing_is_changed_and_no_file_is_left(filled: Path) -> None:
    before = {path.name: path.read_bytes() for path in filled.parent.iterdir()}
    assert run().exit_code == 0
    assert {path.name: path.read_bytes() for path in filled.parent.iterdir()} == before


def test_what_is_no_library_is_told(filled: Path) -> None:
    filled.write_bytes(b"not a database, and not an empty file")
    ended = run()
    assert ended.exit_code == 1
    assert "is not a library" in ended.stderr
    filled.write_bytes(b"")
    assert json.loads(run("--json").stdout)["cause"] == "no-library"


@pytest.mark.parametrize("format_", [1, 2])
def test_an_older_library_is_read_as_it_is(format_: int) -> None:
    LIBRARY.parent.mkdir(parents=True)
    older = MIGRATIONS[:format_]
    with closing(database.connect(LIBRARY, create=True, migrations=older)) as connection:
        for position, id_ in enumerate(["written0001", "fetched0001"]):
            connection.execute(
                "INSERT INTO videos VALUES ('sea', ?, ?, 'T', NULL, '', 1.0, NULL, '', '[]', '[]')",
                (id_, position),
            )
        connection.execute(
            "INSERT INTO notes VALUES"
            " ('sea', 'n', 'written0001', 0, 'N', '[]', 'extractive', 'en', 0, '{}', NULL)"
        )
    found = figures_of(LIBRARY)
    assert (found.stages[Stage.WRITTEN], found.stages[Stage.FETCHED]) == (1, 1)
    assert found.channels == (ChannelFigures("sea", 2, 1),)
    assert (found.lists, found.failed, found.spending) == ((), (), ())
    assert run().exit_code == 0
    with closing(sqlite3.connect(LIBRARY)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (format_,)


WRITER = """
import sys
from pathlib import Path
from generator.library import Library
from generator.models import Stage, VideoState
with Library.open(Path(sys.argv[1])) as library:
    with library._database.transaction() as run:
        run("DELETE FROM states")
        print("begun", flush=True)
        sys.stdin.read()
"""


def test_a_run_that_is_writing_is_not_waited_for(filled: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(filled)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip
    assert writer.stdin
    assert writer.stdout
    try:
        assert writer.stdout.readline() == b"begun\n"
        assert figures_of(filled).stages[Stage.FAILED] == 3
    finally:
        writer.stdin.close()
        assert writer.wait() == 0
        writer.stdout.close()
    assert figures_of(filled).stages[Stage.FAILED] == 0


def test_sums_of_replies_are_read_without_the_replies(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as plain:
        (plan,) = plain.execute(f"EXPLAIN QUERY PLAN {figures._SPENDING}").fetchall()
    assert "USING COVERING INDEX completions_by_use" in plan[3]
