"""A file of ids gives its videos in order, and names its wrong lines."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from generator.errors import UsageError, VideosFileUnreadable
from generator.listing.videosfile import read_videos_file

ONE, TWO, DASH = "aaaaaaaaaa1", "aaaaaaaaaa2", "-aaaaaaaaa3"


def read(folder: Path, content: bytes) -> tuple[tuple[str, ...], list[int]]:
    path = folder / "list.txt"
    path.write_bytes(content)
    found = read_videos_file(path)
    assert all(error.happened.isprintable() for error in found.wrong)
    return found.ids, [error.number for error in found.wrong]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_ids_urls_comments_and_blank_lines(tmp_path: Path, bom: bytes, end: bytes) -> None:
    lines = [
        b"# my list \xe2\x80\xa8 of talks",
        b"",
        ONE.encode() + b"   # the first",
        f"\thttps://www.youtube.com/watch?v={TWO}#t=30 # a # inside".encode(),
        DASH.encode(),
        f"https://youtu.be/{ONE}".encode(),
        b"   # nothing",
    ]
    assert read(tmp_path, bom + end.join(lines)) == ((ONE, TWO, DASH), [])


def test_a_wrong_line_is_named_and_stops_no_other(tmp_path: Path) -> None:
    ids, wrong = read(tmp_path, f"{ONE}\nnot a video\x1b[31m\n{TWO}\n{ONE}{TWO}\n".encode())
    assert ids == (ONE, TWO)
    assert wrong == [2, 4]


def test_other_encodings(tmp_path: Path) -> None:
    assert read(tmp_path, f"{ONE}\n".encode("utf-16")) == ((ONE,), [])
    assert read(tmp_path, f"# café\n{ONE}\n".encode("latin-1")) == ((ONE,), [])
    mixed = b"\xef\xbb\xbf" + f"{ONE}\n# caf\xe9\n{TWO}\n".encode("latin-1")
    assert read(tmp_path, mixed) == ((ONE, TWO), [])
    assert read(tmp_path, b"") == ((), [])


def test_standard_input() -> None:
    found = read_videos_file(Path("-"), io.BytesIO(f"{ONE}\nx\n".encode()))
    assert found.ids == (ONE,)
    assert [error.number for error in found.wrong] == [2]


def test_what_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0\1")
    (tmp_path / "huge").write_bytes(b"#" * (16 * 2**20 + 1))
    for name in ("none", ".", "binary", "huge", "x\0y"):
        with pytest.raises(VideosFileUnreadable) as caught:
            read_videos_file(tmp_path / name)
        assert isinstance(caught.value, UsageError)
