"""Files in any encoding are read, and what is no text file is refused at once."""

import os
from pathlib import Path

import pytest

from generator.errors import EmptyTranscript, SubtitleUnreadable
from generator.fetcher import textfiles
from generator.fetcher.textfiles import Text, read_text

SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\n{}\r\n"
WESTERN = SRT.format("C’est déjà l’été, où êtes-vous ?")
RUSSIAN = SRT.format("Сегодня мы поговорим о приливах и отливах.")


def read(tmp_path: Path, data: bytes, language: str = "und") -> Text:
    path = tmp_path / "talk.srt"
    path.write_bytes(data)
    return read_text(path, language)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"],
)
@pytest.mark.parametrize("text", [WESTERN, RUSSIAN])
def test_unicode_needs_no_notice(tmp_path: Path, encoding: str, text: str) -> None:
    if encoding == "utf-32-le":  # only with its mark
        assert read(tmp_path, b"\xff\xfe\x00\x00" + text.encode(encoding)) == Text(text)
    else:
        assert read(tmp_path, text.encode(encoding)) == Text(text)


def test_utf16_with_marks_of_either_order(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xff\xfe" + RUSSIAN.encode("utf-16-le")) == Text(RUSSIAN)
    assert read(tmp_path, b"\xfe\xff" + RUSSIAN.encode("utf-16-be")) == Text(RUSSIAN)


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        (RUSSIAN, "cp1251", "und"),
        (RUSSIAN, "koi8_r", "und"),
        (SRT.format("Да."), "cp1251", "und"),
        (SRT.format("Да."), "cp1251", "ru"),
        (WESTERN, "cp1252", "und"),
        (SRT.format("Schöne Grüße"), "cp1252", "und"),
        (SRT.format("Příliš žluťoučký kůň"), "cp1250", "cs"),
        (SRT.format("Bugün gelgitten söz edeceğiz"), "cp1254", "tr"),
        (SRT.format("今日は潮の満ち引きについて話します"), "cp932", "ja"),
        (SRT.format("今天我们来谈谈潮汐的基本概念"), "gb18030", "und"),
    ],
)
def test_older_encodings_are_guessed_and_said(
    tmp_path: Path, text: str, encoding: str, language: str
) -> None:
    found = read(tmp_path, text.encode(encoding), language)
    assert found == Text(
        text,
        (
            f"The file is not in UTF-8; it was read as {encoding}. If letters look wrong, save it"
            " as UTF-8 first.",
        ),
    )


def test_a_damaged_byte_does_not_make_utf8_something_else(tmp_path: Path) -> None:
    found = read(tmp_path, RUSSIAN.encode() + b"\xff")
    assert found.content == RUSSIAN + "\ufffd"
    assert found.notices == (
        "The file has damaged characters (1 places that are not UTF-8, shown as \ufffd).",
    )


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    for data in (bytes(range(256)) * 20, b"\x7fELF\x02\x01\x01" + bytes(2000)):
        with pytest.raises(SubtitleUnreadable, match="binary"):
            read(tmp_path, data)


@pytest.mark.parametrize("data", [b"", b"\r\n \n", bytes(50)])
def test_an_empty_file_has_no_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EmptyTranscript):
        read(tmp_path, data)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.vtt")
    for path, reason in (
        (tmp_path, "it is a folder"),
        (tmp_path / "missing.vtt", "No such file"),
        (tmp_path / "pipe.vtt", "a device or a pipe"),
        (Path("/dev/zero"), "a device or a pipe"),
        (Path("a\0b.vtt"), "its name is none"),
        (tmp_path / ("a" * 300), "too long"),
    ):
        with pytest.raises(SubtitleUnreadable, match=reason):
            read_text(path)


def test_a_file_without_permission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "talk.vtt"
    path.write_text("WEBVTT\n")

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SubtitleUnreadable, match="Permission denied"):
        read_text(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "talk.vtt"
    with path.open("wb") as file:
        file.truncate(textfiles.MAX_BYTES + 1)  # sparse
    monkeypatch.setattr(Path, "open", None)
    with pytest.raises(SubtitleUnreadable, match="200 MB"):
        read_text(path)
