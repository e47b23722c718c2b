"""What the name of a subtitle file says: whose captions it holds, and in which language."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from generator.text import clean

_SUFFIXES = {".vtt", ".webvtt", ".srt", ".json", ".json3", ".txt"}
_BRACKETS = re.compile(r"\[([0-9A-Za-z_-]{11})\]")
_ID = re.compile(r"[0-9A-Za-z_-]{10}[AEIMQUYcgkosw048]")
_MADE_ID = re.compile(r"local-[0-9A-Za-z_-]{5}")

_TAG = re.compile(
    r"([a-z]{2,3})(?:-(?!orig)([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(-orig|-en|-[0-9a-z_-]{11})?",
    re.IGNORECASE,
)
# The languages of ISO 639-1, and those of ISO 639-2 that YouTube or common tools write with three
# letters; a name such as `talk.new.vtt` has no language.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu iw ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la "
    "lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj "
    "om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv "
    "sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
    "ase bho ceb ckb doi fil gom haw hmn ilo kri lus mai mni nso tlh und yue cmn"
)
_LANGUAGES = frozenset(_CODES.split())
_LONG_NAMES = {
    **{"eng": "en", "rus": "ru", "ukr": "uk", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr"},
    **{"spa": "es", "ita": "it", "por": "pt", "pol": "pl", "ces": "cs", "cze": "cs", "tur": "tr"},
    **{"jpn": "ja", "kor": "ko", "zho": "zh", "chi": "zh", "ara": "ar", "heb": "he", "hin": "hi"},
}

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
    if dot and stem and (found := _language(suffix)):
        name, (language, generated) = stem, found
    name = unicodedata.normalize("NFC", clean(name))
    video_id, title = "", name
    if bracket := _id_in_brackets(name):
        video_id = bracket[1]
        title = _restored(clean(name[: bracket.start()] + " " + name[bracket.end() :]))
    elif _ID.fullmatch(name) and not _is_word(name):
        video_id = name
    return FileName(name, title or video_id, video_id, language, generated)


def language_tag(text: str) -> str:
    """A BCP 47 tag in its usual spelling (`pt-BR`, `zh-Hans`), empty for anything else.

    A suffix of yt-dlp's for the track (`en-orig`, `ru-en` for Russian out of English, a custom
    track's id) goes, and three letters become two where there are two.
    """
    found = _language(text.strip().replace("_", "-"))
    return found[0] if found else ""


def made_id(channel: str, name: str) -> str:
    """An id for a recording that has none, `local-` and 5 characters; the same on every machine."""
    digest = hashlib.sha256(f"{channel}\n{unicodedata.normalize('NFC', name)}".encode()).digest()
    return "local-" + base64.urlsafe_b64encode(digest).decode()[:5]


def is_made_id(video_id: str) -> bool:
    """Whether an id is one of `made_id`, which no address leads to."""
    return _MADE_ID.fullmatch(video_id) is not None


def _language(suffix: str) -> tuple[str, bool] | None:
    """A suffix's language tag, and whether it says that the captions are generated."""
    match = _TAG.fullmatch(suffix)
    if not match:
        return None
    language, script, region, track = match.groups()
    language = _LONG_NAMES.get(language.lower(), language.lower())
    if language not in _LANGUAGES:
        return None
    if region and region.lower() == "en":  # no country: captions translated from English
        region, track = None, "-en"
    parts = (language, (script or "").title(), (region or "").upper())
    return "-".join(part for part in parts if part), (track or "").lower() in {"-orig", "-en"}


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
