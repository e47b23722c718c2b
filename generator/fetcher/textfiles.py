"""Text files from anywhere: read quickly refused or whole, in whatever encoding they are."""

from __future__ import annotations

import codecs
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from generator.errors import EmptyTranscript, SubtitleUnreadable

MAX_BYTES = 200_000_000

# UTF-32 stands first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# The 8-bit and East Asian encodings that subtitle files of these languages were written in before
# UTF-8: what Windows used there.
_LEGACY = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk", "kk"), "cp1251"),
    **dict.fromkeys(("cs", "sk", "pl", "hu", "sl", "hr", "bs", "ro", "sq"), "cp1250"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
    **{"el": "cp1253", "tr": "cp1254", "az": "cp1254", "he": "cp1255", "ar": "cp1256"},
    **{"fa": "cp1256", "vi": "cp1258", "th": "cp874", "ja": "cp932", "ko": "cp949"},
    **{"zh": "gb18030", "zh-TW": "big5", "zh-HK": "big5", "zh-Hant": "big5"},
}
_CENTRAL_EUROPEAN = {"Czech", "Slovak", "Polish", "Hungarian", "Croatian", "Slovene", "Romanian"}
_ONE_BYTE = ["cp1251", "koi8_r", "cp1253", "cp1250", "cp1252"]
_CANDIDATES = [*_ONE_BYTE, "gb18030", "shift_jis", "cp949", "big5"]

_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_PAIR = re.compile(rb"[\x80-\xff](?=[\x80-\xff])")
_LINE_WITH_HIGH = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")


@dataclass(frozen=True, slots=True)
class Text:
    """A file's characters, and sentences on what had to be assumed to get them."""

    content: str
    notices: tuple[str, ...] = ()


def read_text(path: Path, language: str = "und") -> Text:
    """The text of a file, decoded.

    `language` is what the file's name says: it decides between encodings that bytes alone do not
    tell apart. Raises SubtitleUnreadable for what is no readable text file of at most 200 MB, and
    EmptyTranscript for an empty one.
    """
    data = _read_bytes(path)
    if not data.strip(b"\x00\t\n\r "):
        raise EmptyTranscript(path.name)
    text = _decode(data, language)
    controls = len(re.findall("[\x00-\x08\x0e-\x1a\x1c-\x1f]", text.content))
    if controls > 8 and controls > len(text.content) / 50:
        raise SubtitleUnreadable(path, "it is not text but binary data")
    return text


def _read_bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SubtitleUnreadable(path, "it is a folder")
        # A device or a pipe may never end, or never begin.
        if not stat.S_ISREG(status.st_mode):
            raise SubtitleUnreadable(path, "it is a device or a pipe, not a file")
        if status.st_size > MAX_BYTES:
            raise SubtitleUnreadable(
                path, f"it is {status.st_size // 1_000_000:,} MB, more than any transcript has"
            )
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as error:
        raise SubtitleUnreadable(path, error.strerror or str(error)) from error
    except ValueError as error:  # a NUL or half a surrogate pair in the name
        raise SubtitleUnreadable(path, "its name is none that a file can have") from error


def _decode(data: bytes, language: str) -> Text:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding)
    if wide := _unmarked_utf16(data):
        return _decode_as(data, wide)
    try:
        return Text(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _is_damaged_utf8(data):
        return _decode_as(data, "utf-8")
    encoding = _legacy_encoding(data, language)
    return Text(
        data.decode(encoding, "replace"),
        (
            f"The file is not in UTF-8; it was read as {encoding}. If letters look wrong, save it"
            " as UTF-8 first.",
        ),
    )


def _decode_as(data: bytes, encoding: str) -> Text:
    text = data.decode(encoding, "replace")
    damaged = text.count("\ufffd")
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return Text(
            text,
            (
                f"The file has damaged characters ({damaged:,} places that are not"
                f" {encoding.upper()}, shown as \ufffd).",
            ),
        )
    return Text(text)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark, told by where the other halves of ASCII characters stand."""
    head = data[:4000]
    low, high = head[0::2].count(0), head[1::2].count(0)
    for encoding, ours, theirs in (("utf-16-le", high, low), ("utf-16-be", low, high)):
        if (ours > len(head) * 0.2 and ours > 10 * theirs) or "-->" in head.decode(
            encoding, "ignore"
        ):
            return encoding
    return None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether nearly all bytes beyond ASCII are whole UTF-8 characters."""
    beyond = len(_HIGH.findall(data))
    whole = sum(len(match) for match in _MULTIBYTE.findall(data))
    broken = data.decode("utf-8", "replace").count("\ufffd")
    return whole > 0.9 * beyond and broken <= 0.1 * beyond


def _legacy_encoding(data: bytes, language: str) -> str:
    hint = _LEGACY.get(language) or _LEGACY.get(language.partition("-")[0])
    if hint and _decodes(data, hint):
        return hint
    # Only lines with something to tell count, and enough of them is enough.
    sample = b"\n".join(_LINE_WITH_HIGH.findall(data)[:300])[:20_000]
    from charset_normalizer import from_bytes

    guesses = from_bytes(sample, cp_isolation=_CANDIDATES, threshold=0.5)
    best = guesses.best()
    if len(_HIGH_PAIR.findall(sample)) < 0.4 * len(_HIGH.findall(sample)):
        # Accents between ASCII letters: Western, unless its language is known to be otherwise.
        return "cp1250" if best and best.language in _CENTRAL_EUROPEAN else "cp1252"
    # Of a few letters charset-normalizer knows no language; then the commonest such alphabet.
    if best is None or (best.coherence == 0 and best.encoding in _ONE_BYTE):
        return "cp1251"
    return best.encoding if _decodes(data, best.encoding) else "cp1252"


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether the encoding has a character for all but the odd byte."""
    beyond = len(_HIGH.findall(data))
    return data.decode(encoding, "replace").count("\ufffd") <= beyond / 100
