"""File and folder names out of titles and channels: readable, the same on every file system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from generator.text import clean

LIMIT = 100
"""The longest name in bytes of UTF-8; with `.md`, every file system takes it."""

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z")
# Marks that choose between two looks of a character. Left of an emoji that goes, they would be an
# invisible name.
_SELECTORS = re.compile("[\u180b-\u180f\ufe00-\ufe0f]")


def channel_name(text: str) -> str:
    """A channel's handle or free name as the name of its folder in the vault.

    Lower case and NFC, without `@`; letters, marks, digits and `_-.·` stay, spaces become `_`, all
    else goes. At most 100 bytes of UTF-8, no dot at either end, never empty (`unknown`) and never a
    name that Windows reserves. A channel's name gives itself.
    """
    name = "_".join(_kept(text, "_-.·").split())
    name = _cut(name.strip("."), LIMIT - 1).strip(".")
    stem, dot, rest = name.partition(".")
    if _RESERVED.match(stem):
        stem += "_"
    return stem + dot + rest or "unknown"


def slugify(title: str, *, video_id: str, channel: str) -> str:
    """A note's title as the name of its file, without `.md`.

    Lower case and NFC; letters, marks and digits stay, spaces become `_`, all else goes. At most
    100 bytes of UTF-8, cut at a word. A title that leaves nothing, `index`, the name of its channel
    or one that Windows reserves gets the video's id.
    """
    slug = _cut("_".join(_kept(title, "").split()), LIMIT)
    identity = re.sub(r"[^A-Za-z0-9_-]", "", video_id)[:20] or "untitled"
    if not slug:
        return identity
    if slug == "index" or _RESERVED.match(slug) or slug_key(slug) == slug_key(channel):
        return _with_suffix(slug, f"_{identity}")
    return slug


def unique_slug(slug: str, is_taken: Callable[[str], bool]) -> str:
    """`slug`, or the first of `slug_2`, `slug_3`, … that is not taken.

    `is_taken` is to take names for one that differ only in case or in how a letter is composed (see
    `slug_key`), as common file systems do. The result keeps to 100 bytes.
    """
    number, candidate = 1, slug
    while is_taken(candidate):
        number += 1
        candidate = _with_suffix(slug, f"_{number}")
    return candidate


def slug_key(name: str) -> str:
    """What two names have in common where a file system takes them for one (Unicode D145)."""
    if name.isascii():
        lowered = name.lower()
        return name if lowered == name else lowered  # one of the two is enough to keep
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _kept(text: str, also: str) -> str:
    """The letters, marks, digits and spaces of a text, and the characters in `also`, lowered."""
    kept: list[str] = []
    for char in _SELECTORS.sub("", clean(text)):
        kind = unicodedata.category(char)
        # A mark whose letter went, or that never had one, would stand on its neighbour.
        has_base = bool(kept) and unicodedata.category(kept[-1])[0] in "LMN"
        if kind[0] == "L" or kind == "Nd" or char == " " or char in also:
            kept.append(char)
        if kind[0] == "M" and has_base:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept).lower())


def _cut(name: str, limit: int) -> str:
    """As many whole words of a name as fit in `limit` bytes, or what fits of a longer first one."""
    data = name.encode()
    if len(data) <= limit:
        return name
    end = data.rfind(b"_", 1, limit + 1)
    words = data[: max(end, 0)].decode().rstrip("_")
    if words:
        return words
    text = data[:limit].decode(errors="ignore")
    whole = len(text)
    while whole and unicodedata.category(name[whole])[0] == "M":
        whole -= 1
    return text[:whole] or text


def _with_suffix(slug: str, suffix: str) -> str:
    """A slug and an ASCII suffix, within the limit."""
    return _cut(slug, LIMIT - len(suffix)) + suffix
