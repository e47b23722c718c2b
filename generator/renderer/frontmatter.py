"""Front matter written so that every YAML reader reads the same strings from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from generator.text import clean

Value = str | date | Sequence[str]

# What a YAML reader takes for something else than text (`y` and `off` are booleans in 1.1).
_OTHER_WORDS = frozenset(
    ("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity", "none")
)
# Integers, floats, dates and sexagesimals of every YAML, and what comes near them.
_LIKE_A_NUMBER = re.compile(r"[0-9][0-9a-fA-FxXoOeE_.,:+\-TtZz /]*\Z")
_NOT_PLAIN = re.compile(r":(?= |\Z)| #")
_TAG = re.compile(r"[^\w/-]+")


def front_matter(entries: Mapping[str, Value]) -> str:
    """A YAML block between `---` lines with one key per entry, in their order.

    A sequence becomes a list with an item a line. Empty strings and sequences are left out.
    """
    lines = ["---"]
    for key, value in entries.items():
        if isinstance(value, date):
            lines.append(f"{key}: {value.isoformat()[:10]}")
        elif isinstance(value, str):
            lines.extend([f"{key}: {scalar(value)}"] if clean(value) else [])
        else:
            items = [f"  - {scalar(item)}" for item in value if clean(item)]
            lines.extend([f"{key}:", *items] if items else [])
    return "\n".join([*lines, "---"]) + "\n"


def scalar(text: str) -> str:
    """Text as a YAML scalar in one line: plain where that cannot be misread, else quoted."""
    text = clean(text)
    plain = (
        (text[:1].isalnum() or text.startswith("_"))
        and text.isprintable()
        and text.lower() not in _OTHER_WORDS
        and not _LIKE_A_NUMBER.match(text)
        and not _NOT_PLAIN.search(text)
    )
    return text if plain else json.dumps(text, ensure_ascii=False)


def obsidian_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as Obsidian takes them: no spaces, no punctuation, not digits alone, none twice."""
    found: dict[str, str] = {}
    for tag in tags:
        name = _TAG.sub("-", clean(tag)).strip("-/")
        if any(char.isalpha() for char in name):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())
