"""Where a site may go, and what is kept there of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from generator.errors import (
    NoSuchFolder,
    SiteFolderRefused,
    SiteInUse,
    SiteStateUnusable,
)
from generator.site import writing
from tests.site.vaults import built, contents, write

pytestmark = pytest.mark.usefixtures("no_index")


def test_a_folder_that_holds_something_else_is_refused(vault: Path, tmp_path: Path) -> None:
    for refused in (vault, vault.parent, write(tmp_path / "mine", {"thesis.txt": "x"})):
        before = contents(refused, hidden=True)
        with pytest.raises(SiteFolderRefused):
            built(vault, refused)
        assert contents(refused, hidden=True) == before
    (tmp_path / "file").write_text("x")
    with pytest.raises(SiteFolderRefused):
        built(vault, tmp_path / "file")
    with pytest.raises(SiteFolderRefused):
        built(vault, tmp_path / "nul\0")


def test_an_empty_folder_is_taken(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert built(vault, tmp_path / "site").written


def test_a_vault_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFolder):
        built(tmp_path / "none", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_two_builds_at_once_are_told(vault: Path, tmp_path: Path) -> None:
    with writing.state_of(tmp_path / "site"), pytest.raises(SiteInUse):
        built(vault, tmp_path / "site")


def test_a_damaged_record_is_told(vault: Path, tmp_path: Path) -> None:
    built(vault, tmp_path / "site")
    (tmp_path / "site/.generate/site.db").write_bytes(b"x" * 5000)
    with pytest.raises(SiteStateUnusable):
        built(vault, tmp_path / "site")


def test_the_record_of_another_version_is_taken_over(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = built(vault, out)
    with sqlite3.connect(out / ".generate/site.db") as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("ALTER TABLE files RENAME COLUMN title TO other")
    database.close()
    (vault / "lamps/tower.md").unlink()
    done = built(vault, out)
    assert done.notices == ()
    assert done.read == first.read - 1
    assert "lamps/tower.html" in done.removed
