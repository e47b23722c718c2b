"""The addresses of pages: safe, unique, and the same every time."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.renderer.slugs import slug_key
from generator.site.places import address, places_of, relative, safe_name
from generator.site.wiki import Kind


def page(path: str, kind: Kind = Kind.NOTE) -> tuple[str, Kind]:
    return path, kind


def places(*pages: tuple[str, Kind]) -> dict[str, str]:
    return places_of(pages)


def test_notes_are_where_they_are_in_the_vault() -> None:
    assert places(
        page("index.md", Kind.START),
        page("README.md", Kind.TEXT),
        page("lamps/lamps.md", Kind.CHANNEL),
        page("lamps/lens.md"),
        page("lamps/deep/er.md"),
        page("lamps/метр.md"),
    ) == {
        "index.md": "index.html",
        "README.md": "README.html",
        "lamps/lamps.md": "lamps/index.html",
        "lamps/lens.md": "lamps/lens.html",
        "lamps/deep/er.md": "lamps/deep/er.html",
        "lamps/метр.md": "lamps/метр.html",
    }


def test_notes_do_not_take_the_places_of_our_own_pages() -> None:
    found = places(
        page("index.md", Kind.START),
        page("graph.md", Kind.TEXT),
        page("404.md", Kind.TEXT),
        page("Index.md", Kind.TEXT),
        page("lamps/graph.md"),
        page("lamps/Graph.md"),
        page("lamps/index.md"),
        page("assets/site.md"),
        page("pagefind/x.md"),
        page(".generate/x.md"),
    )
    assert found == {
        "index.md": "index.html",
        "graph.md": "graph_2.html",
        "404.md": "404_2.html",
        "Index.md": "Index_2.html",
        "lamps/Graph.md": "lamps/Graph_2.html",
        "lamps/graph.md": "lamps/graph_3.html",
        "lamps/index.md": "lamps/index_2.html",
        "assets/site.md": "assets_2/site.html",
        "pagefind/x.md": "pagefind_2/x.html",
        ".generate/x.md": "generate/x.html",
    }


def test_names_that_file_systems_take_for_one_are_told_apart() -> None:
    found = places(page("a/One.md"), page("a/one.md"), page("A/one.md"))
    assert len({slug_key(place) for place in found.values()}) == 3


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a:b?c", "a_b_c"),
        ("con", "con_"),
        ("NUL.txt", "NUL.txt_"),
        ("..", "_"),
        (". .", "_"),
        ("a\\..\\b", "a_.._b"),
        ("tab\tand\x00null", "tab andnull"),
        ("r\u202etl", "rtl"),
        ("", "_"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_and_stays_another_than_one_that_begins_alike() -> None:
    one, other = safe_name("я" * 120 + "1"), safe_name("я" * 120 + "2")
    assert one != other
    assert len(one.encode()) <= 200


NAMES = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=12)


@given(st.lists(st.lists(NAMES, min_size=1, max_size=3), max_size=12))
def test_whatever_the_names_are_no_two_pages_meet_and_none_leaves_the_site(
    paths: list[list[str]],
) -> None:
    pages = [page("/".join(parts) + ".md") for parts in paths]
    unique = dict(pages)
    found = places(*unique.items())
    assert len({slug_key(place) for place in found.values()}) == len(unique)
    for place in found.values():
        parts = place.split("/")
        assert all(part and part.strip(". ") and not part.startswith(".") for part in parts)
        assert "\\" not in place
        assert ":" not in place
    assert places(*reversed(unique.items())) == found


def test_addresses_are_percent_encoded_and_relative() -> None:
    assert address('lamps/a "b"<c>#d?.html') == "lamps/a%20%22b%22%3Cc%3E%23d%3F.html"
    assert relative("lamps/a.html", "lamps/b.html") == "a.html"
    assert relative("index.html", "lamps/b.html") == "../index.html"
    assert relative("a/b.html", "c/d/e.html") == "../../a/b.html"
    assert unquote(relative("javascript:alert(1).html", "index.html")).startswith("javascript:")
    assert ":" not in relative("javascript:alert(1).html", "index.html")
