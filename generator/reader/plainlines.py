"""Front matter of plain lines, read without a YAML parser, which takes fifty times as long."""

from __future__ import annotations

import re

# Lines that say the same to YAML as to the eye: a key or a dash, and a scalar, plain or in quotes.
_SCALAR = r"""(?:
    (?P<plain>[^\s"'\[\]{}&*!|>%@`\#,?:=<~-](?:[^:\#\t]|:(?![ \t]|\Z)|(?<![ \t])\#)*)
    | "(?P<double>(?:[^"\\]|\\["\\/])*)"
    | '(?P<single>[^']*)'
)"""
_OTHER_LINE_ENDS = re.compile(r"[\r\x85\u2028\u2029]")
_KEY_LINE = re.compile(rf"(?P<key>[A-Za-z][\w-]*):(?:[ ]+{_SCALAR})?[ \t]*", re.VERBOSE)
_ITEM_LINE = re.compile(rf"(?P<indent>[ ]*)-[ ]+{_SCALAR}[ \t]*", re.VERBOSE)


def plain_values(lines: str) -> dict[str, str | list[str]] | None:
    """The keys of YAML that is texts and lists of texts alone; None for any other.

    `lines` are what stands between the dashes, with `\\n` as line end. White space around a text
    may be left at its end.
    """
    if _OTHER_LINE_ENDS.search(lines):
        return None
    values: dict[str, str | list[str]] = {}
    items: list[str] | None = None
    indent: str | None = None
    for line in lines.rstrip("\n").split("\n"):
        if match := _KEY_LINE.fullmatch(line):
            scalar, items, indent = _scalar(match), None, None
            if scalar is None:
                values[match["key"]] = items = []
            else:
                values[match["key"]] = scalar
        elif items is not None and (match := _ITEM_LINE.fullmatch(line)):
            if indent not in (None, match["indent"]):
                return None
            indent = match["indent"]
            items.append(_scalar(match) or "")
        else:
            return None
    return {name: value or "" for name, value in values.items()}


def _scalar(match: re.Match[str]) -> str | None:
    double = match["double"]
    if double is not None:
        return re.sub(r"\\(.)", r"\1", double) if "\\" in double else double
    return match["plain"] if match["plain"] is not None else match["single"]
