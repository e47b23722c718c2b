"""What the vault does to the file system, and what the file system does to it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import OutsideVault, VaultUnwritable
from generator.library import Library
from generator.summarizer.lines import make_lines
from generator.vault.atomic import replace_file, sweep
from generator.vault.sidecars import make_sidecar
from generator.vault.standing import State
from generator.vault.vault import Vault
from tests.vault.test_vault import KEYS, NEW_TEXT, NOTE, TEXT, TRANSCRIPT, VIDEO, write_note

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX links, modes and signals")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


def write(root: Path, text: str = TEXT, **options):
    return write_note(Vault(root), NOTE, text, keys=KEYS, **options)


def everything_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


# Nothing outside


@posix
def test_a_channel_that_is_a_link_out_of_the_vault(root: Path, outside: Path):
    (root / "harbour_talks").symlink_to(outside)
    with pytest.raises(OutsideVault, match="leads outside"):
        write(root)
    with pytest.raises(OutsideVault):
        Vault(root).pages.write_channel("harbour_talks", "x")
    assert everything_in(outside) == []


@posix
@pytest.mark.parametrize("exists", [True, False])
def test_a_note_that_is_a_link_out_of_the_vault(root: Path, outside: Path, exists: bool):
    (root / "harbour_talks").mkdir()
    (root / "harbour_talks" / "tides.md").symlink_to(outside / "tides.md")
    if exists:
        (outside / "tides.md").write_text("Theirs.")
    with pytest.raises(OutsideVault):
        write(root, overwrite=True)
    assert everything_in(outside) == (["tides.md"] if exists else [])


@posix
def test_an_own_folder_that_is_a_link_out_of_the_vault(root: Path, outside: Path):
    (root / ".generator").symlink_to(outside)
    vault = Vault(root)
    with pytest.raises(OutsideVault):
        _ = vault.library_path
    assert vault.sidecar("harbour_talks", "tides") is None
    sidecar = make_sidecar(NOTE, TRANSCRIPT, make_lines(TRANSCRIPT), "extractive")
    with pytest.raises(OutsideVault):
        write(root, sidecar=sidecar)
    assert everything_in(root) == [".generator"]
    assert everything_in(outside) == []


@posix
def test_a_vault_that_is_itself_a_link(tmp_path: Path, root: Path):
    link = tmp_path / "link"
    link.symlink_to(root)
    assert write(link).path == "harbour_talks/tides.md"
    assert (root / "harbour_talks" / "tides.md").read_text() == TEXT
    assert Vault(link).library_path == root / ".generator" / "library.db"


@posix
def test_links_within_the_vault_are_followed_and_stay(root: Path):
    (root / "real").mkdir()
    (root / "harbour_talks").symlink_to(root / "real")
    (root / "real" / "tides.md").symlink_to(root / "there.md")
    assert write(root).path == "harbour_talks/tides.md"
    assert (root / "there.md").read_text() == TEXT
    assert (root / "real" / "tides.md").is_symlink()


@posix
def test_links_in_a_circle(root: Path):
    (root / "harbour_talks").symlink_to(root / "other")
    (root / "other").symlink_to(root / "harbour_talks")
    with pytest.raises((VaultUnwritable, OutsideVault)):
        write(root)


# What stands in the way


def test_a_folder_where_the_note_should_be(root: Path):
    (root / "harbour_talks" / "tides.md").mkdir(parents=True)
    with pytest.raises(VaultUnwritable, match="something else than a file"):
        write(root)


@posix
def test_a_pipe_where_the_note_should_be_is_not_waited_for(root: Path):
    (root / "harbour_talks").mkdir()
    os.mkfifo(root / "harbour_talks" / "tides.md")
    with pytest.raises(VaultUnwritable, match="something else than a file"):
        write(root)


def test_a_file_where_a_folder_should_be(root: Path):
    (root / "harbour_talks").write_text("a file")
    with pytest.raises(VaultUnwritable):
        write(root)
    with pytest.raises(VaultUnwritable):
        write(root / "harbour_talks")


def fail_with(number: int):
    def failing(*arguments, **options):
        raise OSError(number, os.strerror(number))

    return failing


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_disk_that_refuses_leaves_the_old_file_whole(
    root: Path, tmp_path: Path, monkeypatch, call: str, number: int
):
    with Library.open(tmp_path / "library.db") as library:
        library.save_notes(VIDEO, "extractive", [NOTE])
        write(root, library=library)
        with monkeypatch.context() as patched:
            patched.setattr(call, fail_with(number))
            with pytest.raises(VaultUnwritable, match=os.strerror(number)):
                write(root, NEW_TEXT, library=library)
        assert everything_in(root) == ["harbour_talks", "harbour_talks/tides.md"]
        assert (root / "harbour_talks" / "tides.md").read_text() == TEXT
        assert write(root, NEW_TEXT, library=library).state == State.WRITTEN
    assert (root / "harbour_talks" / "tides.md").read_text() == NEW_TEXT


def test_a_vault_in_which_no_folder_can_be_made(root: Path, monkeypatch):
    monkeypatch.setattr("os.mkdir", fail_with(errno.EROFS))
    with pytest.raises(VaultUnwritable, match="Read-only"):
        write(root)
    assert everything_in(root) == []


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anything")
def test_what_its_owner_made_read_only(root: Path, tmp_path: Path):
    with Library.open(tmp_path / "library.db") as library:
        write(root, library=library)
        file = root / "harbour_talks" / "tides.md"
        file.chmod(0o444)
        with pytest.raises(VaultUnwritable, match="read-only"):
            write(root, NEW_TEXT, library=library)
        file.chmod(0o644)
        file.parent.chmod(0o555)
        with pytest.raises(VaultUnwritable):
            write(root, NEW_TEXT, library=library)
        file.parent.chmod(0o755)
        assert file.read_text() == TEXT


def test_a_read_only_file_is_not_replaced(root: Path, monkeypatch):
    file = root / "a.md"
    file.write_text("old")
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(PermissionError):
        replace_file(file, b"new")
    assert file.read_text() == "old"
    assert everything_in(root) == ["a.md"]


@posix
def test_the_mode_of_a_file_stays_and_a_new_one_has_the_usual(root: Path):
    file, usual = root / "a.md", root / "usual"
    replace_file(file, b"one")
    usual.touch()
    assert file.stat().st_mode == usual.stat().st_mode
    file.chmod(0o640)
    replace_file(file, b"two")
    assert file.stat().st_mode & 0o777 == 0o640
    assert file.read_bytes() == b"two"


# Killed at any moment

KILLED = """
import os, pathlib, signal, sys
sys.path.insert(0, sys.argv[1])
root, library, moment = sys.argv[2:]

def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

from generator.library import Library
from generator.vault.files import Files
from generator.vault.vault import Vault
from tests.vault.test_vault import KEYS, NEW_TEXT, NOTE, write_note

if moment == "synced":
    os.fsync = die
elif moment == "replaced":
    os.replace = die
elif moment == "recorded":
    Files.begin = die
elif moment == "written":
    move = os.replace
    os.replace = lambda path, target: (move(path, target), die())
with Library.open(library) as opened:
    write_note(Vault(root), NOTE, NEW_TEXT, keys=KEYS, library=opened)
"""


@posix
@pytest.mark.parametrize(
    ("moment", "content"),
    [("recorded", TEXT), ("synced", TEXT), ("replaced", TEXT), ("written", NEW_TEXT)],
)
def test_a_run_that_is_killed_leaves_whole_files_that_the_next_one_knows(
    root: Path, tmp_path: Path, moment: str, content: str
):
    path = tmp_path / "library.db"
    file = root / "harbour_talks" / "tides.md"
    with Library.open(path) as library:
        library.save_notes(VIDEO, "extractive", [NOTE])
        write(root, library=library)
    project = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", KILLED, project, str(root), str(path), moment]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert file.read_text() == content
    left = [name for name in everything_in(file.parent) if name != "tides.md"]
    assert len(left) == (moment in {"synced", "replaced"})
    with Library.open(path) as library:
        later = NEW_TEXT + "\nMore.\n"
        assert write(root, later, library=library).state == State.WRITTEN
    assert file.read_text() == later
    assert everything_in(file.parent) == ["tides.md"]


@posix
def test_only_what_is_left_of_dead_runs_is_swept(root: Path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    seen: list[str] = []

    def spy(path: str, target: Path) -> None:
        seen.append(Path(path).name)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("os.replace", spy)
        replace_file(root / "b.md", b"x")
    ours = seen[0]
    dead = ours.replace(f"-{os.getpid()}-", f"-{ended.pid}-")
    elsewhere = ours.replace(ours.split("-")[1], "0" * 8)
    old = elsewhere.replace(f"-{os.getpid()}-", "-1-")
    names = [ours, dead, elsewhere, old, ".tides.md.swp", ".other.tmp", "note.md"]
    for name in names:
        (root / name).write_text("")
    os.utime(root / old, (0, 0))
    sweep(root)
    assert everything_in(root) == sorted(set(names) - {dead, old})


def test_sweeping_a_folder_that_is_not_there(root: Path):
    sweep(root / "nowhere")


def test_notes_of_two_channels_do_not_meet(root: Path):
    other = replace(NOTE, video=replace(VIDEO, channel="other"))
    write(root)
    write_note(Vault(root), other, NEW_TEXT, keys=KEYS)
    assert (root / "harbour_talks" / "tides.md").read_text() == TEXT
    assert (root / "other" / "tides.md").read_text() == NEW_TEXT
