"""Videos that are not wanted: excluded in a run, or forgotten with all that is known of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from generator.cli import app
from generator.library import Library
from generator.models import Stage
from tests.vaults import LENS, METRE, generate, vault_files, written

DATABASE = Path("output/.generator/library.db")


@pytest.fixture(autouse=True)
def vault(monkeypatch, tmp_path) -> Path:
    """Two talks, of which some notes link to the other's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-standin")
    with written() as llm:
        generate(llm, talks=(METRE, LENS))
    return tmp_path / "output"


def forget(*arguments: str, code: int = 0) -> dict[str, Any]:
    ended = CliRunner().invoke(app, ["forget", "--json", *arguments], catch_exceptions=False)
    assert ended.exit_code == code, ended.output
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def notes_of(video_id: str) -> set[str]:
    with Library.open(DATABASE) as library:
        notes = library.notes()
    return {f"kettle_and_chalk/{note.slug}.md" for note in notes if note.video.id == video_id}


def alone(video_id: str, monkeypatch, folder: Path) -> dict[str, bytes]:
    """The vault that this video gives where there was never another."""
    monkeypatch.chdir(folder)
    with written() as llm:
        generate(llm, talks=(video_id,))
    return vault_files()


def test_a_forgotten_video_is_gone_as_if_it_had_never_been(monkeypatch, tmp_path_factory):
    gone = notes_of(LENS)
    told = forget(LENS)
    assert [(video["id"], video["known"]) for video in told["videos"]] == [(LENS, True)]
    assert {path.removeprefix("output/") for path in told["removed"]} == gone
    with Library.open(DATABASE) as library:
        assert [video.id for video in library.videos()] == [METRE]
        assert library.completions(LENS) == []
        assert library.completions(METRE) != []
        assert library.states.of()[LENS].stage is Stage.EXCLUDED
    left = vault_files()
    assert not [
        path
        for path in Path("output/.generator/notes").rglob("*.json")
        if path.stem in {Path(each).stem for each in gone}
    ]
    assert left == alone(METRE, monkeypatch, tmp_path_factory.mktemp("other"))


def test_what_its_owner_edited_is_kept_and_told():
    path = Path("output") / sorted(notes_of(LENS))[0]
    path.write_text(path.read_text() + "\nMine.\n")
    told = forget(LENS)
    assert [file["path"] for file in told["kept"]] == [str(path)]
    assert path.read_text().endswith("Mine.\n")
    assert str(path) not in told["removed"]


def test_a_trial_changes_nothing_and_tells_the_same():
    before, library = vault_files(), DATABASE.read_bytes()
    told = forget(LENS, "--dry-run")
    assert (vault_files(), DATABASE.read_bytes()) == (before, library)
    real = forget(LENS)
    assert {**told, "dry_run": False} == real


def test_what_nobody_ever_heard_of_is_said_and_the_others_go():
    told = forget("unknown0000", LENS, code=1)
    assert [(video["id"], video["known"]) for video in told["videos"]] == [
        ("unknown0000", False),
        (LENS, True),
    ]
    assert told["removed"]
    forget("not a video", code=2)


def test_there_is_nothing_to_forget_where_there_is_no_library():
    told = forget(LENS, "--output", "elsewhere", code=1)
    assert "error" in told
    assert not Path("elsewhere").exists()


def test_a_forgotten_video_is_passed_over_until_it_is_asked_for_by_itself():
    forget(LENS)
    Path("list.txt").write_text(f"{LENS}\n")
    told = generate(None, "--offline", "--videos", "list.txt")
    assert [(v["state"], v["reason"]) for v in told["videos"]] == [
        ("passed-over", "it is not wanted")
    ]
    with written() as llm:
        generate(llm, talks=(LENS,))
    assert notes_of(LENS)
    with Library.open(DATABASE) as library:
        assert library.states.of()[LENS].stage is Stage.WRITTEN


def test_an_excluded_video_keeps_what_is_known_of_it_and_comes_back_without_a_request():
    before, gone = vault_files(), notes_of(LENS)
    with written() as llm:
        told = generate(llm, "--regenerate", "--exclude", LENS)
        assert [video["id"] for video in told["videos"]] == [METRE]
        assert {path.removeprefix("output/") for path in told["removed"]} == gone
        assert notes_of(LENS) == set()
        told = generate(llm, "--regenerate")
        assert [video["id"] for video in told["videos"]] == [METRE]
        told = generate(llm, "--regenerate", "--video", LENS)
        assert [video["id"] for video in told["videos"]] == [LENS]
        assert "not wanted before" in told["videos"][0]["notices"][0]
        assert llm.requests == []
    assert vault_files() == before


def test_forgetting_can_be_interrupted_and_done_again(monkeypatch):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("generator.library.holdings.Holdings.forget", killed)
        ended = CliRunner().invoke(app, ["forget", LENS])
        assert ended.exit_code == 130
    forget(LENS)
    with Library.open(DATABASE) as library:
        assert library.completions(LENS) == []


def test_lines_for_people_name_all_of_it():
    ended = CliRunner().invoke(app, ["forget", LENS, "unknown0000"])
    assert ended.exit_code == 1
    assert f"forgotten  {LENS}" in ended.stdout
    assert "removed    output/kettle_and_chalk/" in ended.stdout
    assert "unknown    unknown0000" in ended.stdout
