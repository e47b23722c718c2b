"""Files amended in place, where that is as safe as replacing them; and many begun at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.vault import disk
from generator.vault.disk import Disk, seen_in

PAGE = 4096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sidecar.json"
    path.write_bytes(b"a" * 3 * PAGE)
    return path


def changed(data: bytes, at: int, by: bytes) -> bytes:
    return data[:at] + by + data[at + len(by) :]


def test_a_few_bytes_of_a_page_are_written_where_they_stand(file: Path):
    before, inode = file.read_bytes(), file.stat().st_ino
    after = changed(before, PAGE + 700, b"digest" * 10)
    Disk().amend(file, before, after)
    assert file.read_bytes() == after
    assert file.stat().st_ino == inode


@pytest.mark.parametrize(
    "after",
    [
        changed(b"a" * 3 * PAGE, PAGE - 3, b"bbbbbb"),
        changed(changed(b"a" * 3 * PAGE, 5, b"b"), 2 * PAGE, b"b"),
        b"a" * 3 * PAGE + b"b",
        b"a" * PAGE,
        b"",
    ],
    ids=["in two pages", "in two places", "longer", "shorter", "empty"],
)
def test_what_a_reader_could_see_half_of_is_replaced(file: Path, after: bytes):
    with file.open("rb") as reader:
        before = file.read_bytes()
        Disk().amend(file, before, after)
        assert reader.read() == before
    assert file.read_bytes() == after


def test_the_other_names_of_a_file_keep_what_they_say(file: Path, tmp_path: Path):
    other = tmp_path / "snapshot.json"
    os.link(file, other)
    before = file.read_bytes()
    Disk().amend(file, before, changed(before, 0, b"b"))
    assert file.read_bytes() != before
    assert other.read_bytes() == before


def test_files_that_are_begun_change_in_the_end(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(disk, "MOST_OPEN", 2)
    paths = [tmp_path / name for name in ("0.md", "1.md", "2.json", "3.md", "4.json")]
    for path in paths:
        path.write_bytes(b"old")
    finish = Disk().begin([(path, path.name.encode()) for path in paths])
    assert paths[-1].read_bytes() == b"old"
    assert finish() == [seen_in(path.stat()) for path in paths]
    assert [path.read_bytes() for path in paths] == [path.name.encode() for path in paths]
    assert sorted(path.name for path in tmp_path.iterdir()) == [path.name for path in paths]


def test_one_file_that_cannot_be_written_keeps_no_other_from_it(tmp_path: Path):
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "folder.md" / "kept").touch()
    names = ("a.md", "folder.md", "b.json", "c.md")
    written = Disk().begin([(tmp_path / name, b"new") for name in names])()
    assert [isinstance(each, OSError) for each in written] == [False, True, False, False]
    there = sorted(path.name for path in tmp_path.iterdir())
    assert there == ["a.md", "b.json", "c.md", "folder.md"]
