"""A site is built whole once, and then as much of it as has changed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from generator.errors import (
    SearchProgramMissing,
    SiteUnwritable,
)
from generator.site import pagefind, renewing, writing
from tests.site.vaults import VIDEO, Elements, built, cited, contents, edit, note, write

pytestmark = pytest.mark.usefixtures("no_index")


def test_every_page_is_there_and_links_to_the_others(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    done = built(vault, out)
    assert (done.notes, done.videos, done.channels) == (2, 1, 1)
    pages = {place for place in contents(out) if not place.startswith("assets/")}
    assert pages == {
        "404.html",
        "graph.html",
        "graphs/channels/lamps.json",
        "graphs/vault.json",
        "index.html",
        "lamps/graph.html",
        "lamps/index.html",
        "lamps/lens.html",
        "lamps/tower.html",
    }
    for place in pages:
        if place.endswith(".html") and place != "404.html":
            for attrs in Elements(out / place).of("a"):
                href = attrs["href"]
                if not href.startswith(("https://", "#")):
                    assert (out / place).parent.joinpath(href.partition("#")[0]).exists(), href


def test_a_note_has_its_text_its_video_and_what_links_to_it(vault: Path, tmp_path: Path) -> None:
    built(vault, tmp_path / "site")
    page = Elements(tmp_path / "site/lamps/tower.html")
    (dangling,) = page.of("span", class_="dangling")
    assert dangling["title"] == "no such note"
    assert [each["href"] for each in page.of("a", class_="wikilink")] == ["lens.html"]
    assert page.of("a", class_="cite", href=f"https://www.youtube.com/watch?v={VIDEO}&t=40s")
    text = " ".join(page.text.split())
    assert "Seen from the stone tower it is a star." in text
    assert "The lens" in text
    assert "From:" not in text


def test_nothing_changed_is_nothing_written(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = built(vault, out)
    before = {place: (out / place).stat().st_mtime_ns for place in contents(out)}
    again = built(vault, out)
    assert (again.written, again.removed, again.read) == ((), (), 0)
    assert again.unchanged == len(first.written)
    assert before == {place: (out / place).stat().st_mtime_ns for place in contents(out)}


def test_a_changed_note_is_written_with_what_shows_it_and_nothing_else(
    vault: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    write(vault, {"lamps/oil.md": note("Oil", f"It burns {cited('00:00:01')}.", "SecondVideo")})
    built(vault, out)
    edit(vault / "lamps/tower.md", lambda text: text.replace("stand on", "are built on"))
    done = built(vault, out)
    assert done.read == 1
    # Its channel's page, and the other note of its video, tell how it begins.
    assert set(done.written) == {"lamps/tower.html", "lamps/index.html", "lamps/lens.html"}
    edit(vault / "lamps/tower.md", lambda text: text.replace("title: The tower", "title: Tower"))
    assert set(built(vault, out).written) >= {"lamps/lens.html", "graphs/vault.json"}


def test_a_change_that_does_not_show_writes_nothing(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    built(vault, out)
    edit(vault / "lamps/tower.md", lambda text: text.replace("title:", "mood: calm\ntitle:"))
    done = built(vault, out)
    assert (done.read, done.written) == (1, ())


def test_a_note_that_goes_takes_its_page_with_it(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    built(vault, out)
    (vault / "lamps/tower.md").unlink()
    done = built(vault, out)
    assert "lamps/tower.html" in done.removed
    assert not (out / "lamps/tower.html").exists()
    assert "dangling" in (out / "lamps/lens.html").read_text()


def test_a_page_that_somebody_changed_is_not_removed_with_its_note(
    vault: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    built(vault, out)
    edit(out / "lamps/tower.html", lambda text: f"{text}<!-- mine -->")
    edit(out / "lamps/lens.html", lambda text: text)  # only its time is another
    for name in ("tower", "lens"):
        (vault / f"lamps/{name}.md").unlink()
    done = built(vault, out)
    assert [notice.path for notice in done.notices] == ["lamps/tower.html"]
    assert (out / "lamps/tower.html").exists()
    assert not (out / "lamps/lens.html").exists()


def test_a_channel_that_goes_leaves_no_folder(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write(vault, {"other/one.md": note("One", "Text.", channel="other")})
    built(vault, out)
    shutil.rmtree(vault / "lamps")
    built(vault, out)
    assert not (out / "lamps").exists()
    assert (out / "other/one.html").exists()


def test_files_of_others_are_kept_and_never_written_over(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    built(vault, out)
    foreign = write(out, {"CNAME": "lamps.example", "lamps/new.html": "mine", "lamps/x.txt": "y"})
    write(vault, {"lamps/new.md": note("New", f"Something {cited('00:00:01')}.")})
    done = built(vault, out)
    assert [notice.path for notice in done.notices] == ["lamps/new.html"]
    shutil.rmtree(vault / "lamps")
    built(vault, out)
    assert (foreign / "CNAME").read_text() == "lamps.example"
    assert (foreign / "lamps/new.html").read_text() == "mine"
    assert (foreign / "lamps/x.txt").exists()


def test_nothing_is_written_through_links_and_files_in_the_places_of_folders(
    vault: Path, tmp_path: Path
) -> None:
    out, elsewhere = tmp_path / "site", write(tmp_path / "elsewhere", {"lens.html": "mine"})
    write(vault, {"oil/oil.md": "Oil", "oil/whale.md": note("Whale", "x", channel="oil")})
    built(vault, out)
    for folder in ("lamps", "oil"):
        shutil.rmtree(out / folder)
    (out / "lamps").symlink_to(elsewhere)
    (out / "oil").write_text("a file")
    done = built(vault, out)
    assert {"lamps/lens.html", "oil/whale.html"} <= {notice.path for notice in done.notices}
    assert contents(elsewhere) == {"lens.html": b"mine"}
    (vault / "lamps/lens.md").unlink()
    built(vault, out)
    assert contents(elsewhere) == {"lens.html": b"mine"}
    assert (out / "oil").read_text() == "a file"


def test_a_page_that_was_deleted_or_changed_is_written_again(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    built(vault, out)
    before = contents(out)
    (out / "lamps/lens.html").unlink()
    (out / "lamps/tower.html").write_text("changed")
    assert set(built(vault, out).written) == {"lamps/lens.html", "lamps/tower.html"}
    assert contents(out) == before


def test_a_build_that_breaks_off_is_completed_by_the_next(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, out = tmp_path / "fresh", tmp_path / "site"
    built(vault, fresh)
    real = writing.replace_file
    left = [7]

    def full(path: Path, data: bytes, **how: bool) -> os.stat_result:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        return real(path, data, **how)

    monkeypatch.setattr(writing, "replace_file", full)
    monkeypatch.setattr(writing, "AT_ONCE", 3)
    with pytest.raises(SiteUnwritable):
        built(vault, out)
    left[0] = 1000
    done = built(vault, out)
    assert done.notices == ()
    assert contents(out) == contents(fresh)


def test_many_files_read_and_made_in_processes_give_the_same_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = write(
        tmp_path / "vault",
        {
            f"lamps/note_{number}.md": note(
                f"Note {number}", f"It is {number} {cited('00:00:07')}. [[note_{number // 2}]]"
            )
            for number in range(60)
        },
    )
    built(vault, tmp_path / "one")
    monkeypatch.setattr(renewing, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr("generator.site.processes.WORTH_A_PROCESS", 10)
    monkeypatch.setattr("generator.site.processes._processors", lambda: 2)
    built(vault, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_without_the_program_of_the_search_the_site_has_none(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise SearchProgramMissing

    out = tmp_path / "site"
    built(vault, out)
    assert (
        "search.js" in (out / "lamps/lens.html").read_text()
        or "data-search" in (out / "index.html").read_text()
    )
    monkeypatch.setattr(pagefind, "program", missing)
    done = built(vault, out)
    assert [notice.path for notice in done.notices] == ["pagefind"]
    assert "data-search" not in (out / "index.html").read_text()
