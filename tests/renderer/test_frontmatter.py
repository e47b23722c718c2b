"""Front matter that every YAML reader reads alike."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from generator.renderer.frontmatter import front_matter, obsidian_tags, scalar
from generator.text import clean


@pytest.mark.parametrize(
    "text",
    ["Tides of the North Sea", "rP2kEF3Mj-o", "3d6DsjIBzJ4", "_Ro9ZaiFxs0", "Ebb: a:b is fine"[5:]],
)
def test_plain_where_that_is_safe(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("1e100000000", "0x123456789", "-_-_-_-_-_-", "2001-01-01", "12:30:45", "1_000", "0o17"),
        *("null", "Yes", "n", "~", "0b1010", ".5", "1,000", "a: b", "a #b", "ends:", "- a", "---"),
        *("[a]", "{a}", "*a", "&a", "!a", "|", ">", "'a'", '"a"', "%a", "@a", "`a`", "?", "="),
    ],
)
def test_quoted_where_it_could_be_misread(text: str) -> None:
    assert scalar(text).startswith('"')
    assert yaml.safe_load(scalar(text)) == text


@given(st.text())
@example("\u2028a: b\n---\nc: d")
@example("a\x85b")
@example("tab\there \\ \" '")
def test_any_text_comes_back(text: str) -> None:
    written = front_matter({"title": text, "aliases": [text, "b"]})
    read = yaml.safe_load(written.removeprefix("---\n").removesuffix("---\n"))
    assert read.get("title", "") == clean(text)
    assert read["aliases"] == [item for item in (clean(text), "b") if item]
    assert written.count("\n---\n") == 1


def test_all_kinds_of_values() -> None:
    values = {
        "title": "Tides",
        "url": "",
        "published": date(2024, 2, 29),
        "aliases": ["Ebb: and flow", "On"],
        "tags": (),
    }
    assert front_matter(values) == (
        '---\ntitle: Tides\npublished: 2024-02-29\naliases:\n  - "Ebb: and flow"\n  - "On"\n---\n'
    )


def test_tags_that_obsidian_takes() -> None:
    given_tags = ["North Sea", "#tides!", "2024", "TIDES", "Море", "", "ebb/flow"]
    assert obsidian_tags(given_tags) == ("North-Sea", "tides", "Море", "ebb/flow")
