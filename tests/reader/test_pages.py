"""Channels' pages that others may have changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.models import VaultNote
from generator.reader.pages import parse_channel_page
from generator.renderer.markdown import PageVideo, render_channel_page
from generator.text import clean

VAULT = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "vault"


def test_a_page_in_our_form() -> None:
    page = parse_channel_page(
        "---\ntitle: tides\n---\n"
        "### [Ebb \\[live\\] &amp; *flow*](https://www.youtube.com/watch?v=q7-Lm_0aBcD)\n"
        "- [[ebb | The ebb]]\n"
        "- [[tides/flow]]\n"
        "\n"
        "### At home\n"
    )
    assert [(video.line, video.id, video.title, video.url) for video in page.videos] == [
        (4, "q7-Lm_0aBcD", "Ebb [live] & flow", "https://www.youtube.com/watch?v=q7-Lm_0aBcD"),
        (8, "", "At home", ""),
    ]
    assert [(link.target, link.label) for link in page.videos[0].notes] == [
        ("ebb", "The ebb"),
        ("tides/flow", None),
    ]
    assert page.videos[1].notes == ()
    assert page.front_matter.text("title") == "tides"
    assert not page.foreign


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("\ufeff### a\r\n- [[b]]\r\n", ()),
        ("- [[b]]\n### a\n", (1,)),
        ("### a\n- [[b]] mine\n* [[c]]\n\nMy words.\n", (2, 3, 5)),
        ("---\na: b\n---\n## a\n###\n", (4, 5)),
        ("### a\n- ![[b]]\n", (2,)),
        ("", ()),
    ],
)
def test_what_is_not_ours(text: str, other: tuple[int, ...]) -> None:
    page = parse_channel_page(text)
    assert page.other == other
    assert page.foreign == bool(other)


@given(st.text())
def test_any_text(text: str) -> None:
    assert parse_channel_page(text).source == text


@given(st.lists(st.text().map(clean), min_size=1, max_size=4))
def test_what_is_rendered_is_understood(titles: list[str]) -> None:
    entries = [
        PageVideo(f"id{at}", title, f"https://youtu.be/id{at}" if at % 2 else "", (noted(at),))
        for at, title in enumerate(titles)
    ]
    page = parse_channel_page(render_channel_page("tides", entries))
    assert not page.foreign
    assert [video.id for video in page.videos] == [
        f"id{at}" if at % 2 else "" for at in range(len(titles))
    ]
    assert [video.title for video in page.videos] == [
        title or f"id{at}" for at, title in enumerate(titles)
    ]
    assert [video.notes[0].target for video in page.videos] == [
        f"n{at}" for at in range(len(titles))
    ]


def noted(at: int) -> VaultNote:
    return VaultNote("tides", f"n{at}", f"N{at}", f"id{at}", f"tides/n{at}.md")


@pytest.mark.skipif(not VAULT.is_dir(), reason="the published vaults are not at ../shared")
def test_published_pages_are_all_ours() -> None:
    for channel in ("3blue1brown", "bonus_professor"):
        text = (VAULT / channel / f"{channel}.md").read_bytes().decode()
        page = parse_channel_page(text)
        assert not page.foreign
        assert len(page.videos) == text.count("### ")
        assert sum(len(video.notes) for video in page.videos) == text.count("- [[")
        assert all(len(video.id) == 11 for video in page.videos)
