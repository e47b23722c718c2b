"""Feeds, sitemap and canonical links: where the site's address is known, and the same each time."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from generator.site import feeds
from tests.site.vaults import Elements, built, cited, note, write

pytestmark = pytest.mark.usefixtures("no_index")

ATOM = "{http://www.w3.org/2005/Atom}"
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def dated(vault: Path) -> Path:
    for number in range(60):
        body = f"It is {number} {cited('00:00:07')} & <so>."
        text = note(f"Note {number} & <more>", body, f"Dated{number:06}")
        dated = text.replace(
            "---\n\n", f"published: 2024-{number % 12 + 1:02}-{number // 12 + 1:02}\n---\n\n", 1
        )
        write(vault, {f"lamps/note_{number:02}.md": dated})
    return vault


def test_without_an_address_there_are_none(dated: Path, tmp_path: Path) -> None:
    built(dated, tmp_path / "site")
    assert not [*(tmp_path / "site").rglob("*.xml")]
    page = Elements(tmp_path / "site/lamps/lens.html")
    assert not page.of("link", rel="canonical") + page.of("link", rel="alternate")
    assert not page.of("meta", property="og:url")


def test_the_newest_fifty_notes_are_in_a_channels_feed(dated: Path, tmp_path: Path) -> None:
    built(dated, tmp_path / "site", base_url="https://lamps.example/notes/")
    feed = ElementTree.parse(tmp_path / "site/lamps/feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert len(entries) == 50
    assert dates == sorted(dates, reverse=True)
    assert dates[0] == feed.findtext(f"{ATOM}updated") == "2024-12-05T00:00:00Z"
    first = entries[0]
    assert first.findtext(f"{ATOM}title") == "Note 59 & <more>"
    assert first.findtext(f"{ATOM}id") == "https://lamps.example/notes/lamps/note_59.html"
    assert first.findtext(f"{ATOM}summary") == "It is 59 & <so>."
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 50


def test_a_channel_without_dates_has_no_feed(vault: Path, tmp_path: Path) -> None:
    built(vault, tmp_path / "site", base_url="https://lamps.example/")
    assert not (tmp_path / "site/lamps/feed.xml").exists()
    assert not Elements(tmp_path / "site/lamps/index.html").of("link", rel="alternate")


def test_pages_tell_where_they_are(dated: Path, tmp_path: Path) -> None:
    built(dated, tmp_path / "site", base_url="https://lamps.example/notes/")
    page = Elements(tmp_path / "site/lamps/lens.html")
    here = "https://lamps.example/notes/lamps/lens.html"
    assert page.of("link", rel="canonical", href=here)
    assert page.of("meta", property="og:url", content=here)
    assert page.of("link", rel="alternate", href="feed.xml")
    start = Elements(tmp_path / "site/index.html")
    assert start.of("link", rel="canonical", href="https://lamps.example/notes/")


def test_the_page_that_is_not_there_finds_the_site_from_anywhere(
    vault: Path, tmp_path: Path
) -> None:
    built(vault, tmp_path / "a")
    built(vault, tmp_path / "b", base_url="https://lamps.example/notes/")
    for out, root in (("a", "/"), ("b", "/notes/")):
        page = Elements(tmp_path / out / "404.html")
        assert page.of("a", class_="home", href=f"{root}index.html")
        assert all(attrs["src"].startswith(root) for attrs in page.of("script"))


def test_the_sitemap_has_every_page_once(vault: Path, tmp_path: Path) -> None:
    write(vault, {"README.md": "# Read me", "other/one.md": note("One", "x")})
    built(vault, tmp_path / "site", base_url="https://lamps.example/")
    sitemap = ElementTree.parse(tmp_path / "site/sitemap.xml").getroot()
    assert [each.text for each in sitemap.iter(f"{MAPS}loc")] == [
        "https://lamps.example/",
        "https://lamps.example/README.html",
        "https://lamps.example/lamps/",
        "https://lamps.example/lamps/lens.html",
        "https://lamps.example/lamps/tower.html",
        "https://lamps.example/other/",
        "https://lamps.example/other/one.html",
    ]


def test_more_addresses_than_a_sitemap_may_have_are_in_several(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_ADDRESSES", 3)
    built(vault, tmp_path / "site", base_url="https://lamps.example/")
    index = ElementTree.parse(tmp_path / "site/sitemap.xml").getroot()
    assert index.tag == f"{MAPS}sitemapindex"
    maps = [each.text for each in index.iter(f"{MAPS}loc")]
    assert maps == ["https://lamps.example/sitemap-1.xml", "https://lamps.example/sitemap-2.xml"]
    parts = [ElementTree.parse(tmp_path / f"site/sitemap-{n}.xml").getroot() for n in (1, 2)]
    assert sum(len([*part.iter(f"{MAPS}loc")]) for part in parts) == 4
