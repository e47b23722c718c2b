"""A file of videos, one id or URL a line, read into sources."""

from __future__ import annotations

import codecs
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from generator.errors import (
    InvalidVideoId,
    InvalidVideoLine,
    VideosFileUnreadable,
    shorten,
)
from generator.fetcher.ids import parse_video_id
from generator.sources import STDIN, name_of_file

_MOST_BYTES = 16 * 2**20
# A # inside an address belongs to it.
_COMMENT = re.compile(r"(?:^|\s)#.*")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class VideosFile:
    """The ids of a file in its order, and what its other lines are."""

    ids: tuple[str, ...]
    wrong: tuple[InvalidVideoLine, ...]


def read_videos_file(path: Path, stdin: BinaryIO | None = None) -> VideosFile:
    """The videos that a file names; `-` is the standard input.

    Empty lines and what follows a `#` (at a line's start or after a space) are passed over. A line
    that names no video is among the `wrong` ones. Raises VideosFileUnreadable.
    """
    name = name_of_file(path)
    try:
        if str(path) == STDIN:
            data = (stdin or sys.stdin.buffer).read(_MOST_BYTES + 1)
        else:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no file"
        raise VideosFileUnreadable(name, reason.lower()) from None
    if len(data) > _MOST_BYTES:
        raise VideosFileUnreadable(name, f"it is larger than {_MOST_BYTES // 2**20} MB")
    ids: dict[str, None] = {}
    wrong: list[InvalidVideoLine] = []
    for number, line in enumerate(_LINE_END.split(_text(name, data)), start=1):
        given = _COMMENT.sub("", line).strip()
        if not given:
            continue
        try:
            ids.setdefault(parse_video_id(given))
        except InvalidVideoId:
            wrong.append(InvalidVideoLine(number, given))
    return VideosFile(tuple(ids), tuple(wrong))


def _text(name: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:  # an older encoding: ids are ASCII in all of them, comments are not
        text = data.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    if "\0" in text:
        raise VideosFileUnreadable(shorten(name), "it is no text")
    return text
