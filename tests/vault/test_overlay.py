"""A vault tried on: what would be written is there for the run, and the disk stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.vault.overlay import Change, Left, Overlay, Watched


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "c").mkdir()
    (tmp_path / "c/a.md").write_bytes(b"a")
    (tmp_path / "c/b.md").write_bytes(b"b")
    return tmp_path


def test_what_is_written_is_read_and_listed_and_not_on_the_disk(root: Path):
    overlay = Overlay()
    overlay.write(root / "c/a.md", b"A")
    overlay.write(root / "d/new.md", b"new")
    overlay.write(root / "d/.hidden.md", b"")
    assert overlay.read(root / "c/a.md", 10) == b"A"
    assert overlay.read(root / "d/new.md", 1) == b"ne"
    assert overlay.names(root / "c") == ["a.md", "b.md"]
    assert overlay.names(root / "d") == [".hidden.md", "new.md"]
    assert overlay.lexists(root / "d")
    assert sorted(path for path, _ in overlay.scan(root)) == ["c/a.md", "c/b.md", "d/new.md"]
    assert sorted(path.name for path in root.rglob("*.md")) == ["a.md", "b.md"]
    assert (root / "c/a.md").read_bytes() == b"a"


def test_what_is_removed_is_gone_and_still_on_the_disk(root: Path):
    overlay = Overlay()
    overlay.unlink(root / "c/a.md")
    assert not overlay.lexists(root / "c/a.md")
    assert overlay.names(root / "c") == ["b.md"]
    assert [path for path, _ in overlay.scan(root)] == ["c/b.md"]
    with pytest.raises(FileNotFoundError):
        overlay.read(root / "c/a.md", 10)
    assert (root / "c/a.md").exists()
    overlay.write(root / "c/a.md", b"back")
    assert overlay.read(root / "c/a.md", 10) == b"back"


def test_a_change_is_seen_as_one(root: Path):
    overlay = Overlay()
    first = overlay.write(root / "c/a.md", b"A")
    assert dict(overlay.scan(root))["c/a.md"] == first
    assert overlay.write(root / "c/a.md", b"B") != first


def test_changes_are_told_and_what_comes_out_the_same_is_none(root: Path):
    overlay = Overlay()
    overlay.write(root / "c/a.md", b"a")
    overlay.write(root / "c/b.md", b"B")
    overlay.write(root / "c/new.md", b"new")
    overlay.unlink(root / "c/never.md")
    assert list(overlay.changes) == [
        Change(root / "c/b.md", b"b", b"B"),
        Change(root / "c/new.md", None, b"new"),
    ]


def test_a_vault_behind_a_link_is_the_same_vault(root: Path, tmp_path_factory):
    link = tmp_path_factory.mktemp("home") / "vault"
    link.symlink_to(root, target_is_directory=True)
    overlay = Overlay()
    overlay.write(overlay.resolve(link / "c/a.md"), b"A")
    overlay.write(overlay.resolve(link / "c/n.md"), b"N")
    assert overlay.read(overlay.resolve(root / "c/a.md"), 10) == b"A"
    assert overlay.lexists(link / "c/n.md")
    assert sorted(path for path, _ in overlay.scan(link)) == ["c/a.md", "c/b.md", "c/n.md"]


@pytest.mark.parametrize("disk", [Watched(), Overlay()])
def test_what_is_left_to_its_owner_is_remembered_with_what_is_ours(disk: Watched, root: Path):
    disk.leave(root / "c/a.md", b"theirs", b"ours", "edited")
    disk.leave(root / "c/b.md", b"theirs", None, "edited")
    assert list(disk.left) == [
        Left(root / "c/a.md", b"theirs", b"ours", "edited"),
        Left(root / "c/b.md", b"theirs", None, "edited"),
    ]


def test_the_disk_itself_can_be_watched(root: Path):
    watched = Watched()
    watched.unlink(root / "c/a.md")
    watched.unlink(root / "c/never.md")
    assert list(watched.removed) == [root / "c/a.md"]
    assert not (root / "c/a.md").exists()
