"""What the name of a subtitle file says: whose captions it holds, and in which language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from generator.fetcher.languages import language_of_suffix
from generator.text import clean

_SUFFIXES = {".vtt", ".webvtt", ".srt", ".json", ".json3", ".txt"}
_BRACKETS = re.compile(r"\[([0-9A-Za-z_-]{11})\]")
_ID = re.compile(r"[0-9A-Za-z_-]{10}[AEIMQUYcgkosw048]")

# What yt-dlp writes for the characters that file systems refuse.
_REPLACED = str.maketrans("＂＊：＜＞？｜⧸⧹", '"*:<>?|/\\')


@dataclass(frozen=True, slots=True)
class FileName:
    """A file's name taken apart.

    `video_id` is empty where the name holds none. `name` is the name without suffixes, in NFC.
    `language` is a BCP 47 tag or `und`; `generated` where the suffix says that a machine wrote it.
    """

    name: str
    title: str
    video_id: str
    language: str
    generated: bool


def read_file_name(path: Path) -> FileName:
    """What yt-dlp's names (`Title [id].language.vtt`) and others' say.

    The id is the last 11 characters in brackets, or the whole name if it can only be an id.
    """
    name = path.name
    while (suffix := Path(name).suffix) and suffix.lower() in _SUFFIXES:
        name = name[: -len(suffix)]
    language, generated = "und", False
    stem, dot, suffix = name.rpartition(".")
    if dot and stem and (found := language_of_suffix(suffix)):
        name, (language, generated) = stem, found
    name = unicodedata.normalize("NFC", clean(name))
    video_id, title = "", name
    if bracket := _id_in_brackets(name):
        video_id = bracket[1]
        title = _restored(clean(name[: bracket.start()] + " " + name[bracket.end() :]))
    elif _ID.fullmatch(name) and not _is_word(name):
        video_id = name
    return FileName(name, title or video_id, video_id, language, generated)


def _id_in_brackets(name: str) -> re.Match[str] | None:
    """The last bracket that can hold an id, for others hold remarks: `[Documentary]`."""
    for match in reversed(list(_BRACKETS.finditer(name))):
        if _ID.fullmatch(match[1]) or not _is_word(match[1]):
            return match
    return None


def _is_word(text: str) -> bool:
    """Whether text could be a word: letters, of which only the first may be a capital."""
    return text.isalpha() and (text[1:].islower() or text.isupper())


def _restored(title: str) -> str:
    """A title with yt-dlp's stand-ins turned back; beside wide characters they are the title's."""
    chars = list(title)
    for at, char in enumerate(title):
        beside = title[max(0, at - 1) : at] + title[at + 1 : at + 2]
        if not any(unicodedata.east_asian_width(other) == "W" for other in beside):
            chars[at] = char.translate(_REPLACED)
    return "".join(chars)
