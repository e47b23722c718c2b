"""A site is built whole once, and then as much of it as has changed."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from generator.errors import (
    NoSuchFolder,
    SearchProgramMissing,
    SiteFolderRefused,
    SiteInUse,
    SiteStateUnusable,
    SiteUnwritable,
    TemplateError,
)
from generator.library import Library
from generator.models import Cue, Fetched, Transcript, Video
from generator.site import building, pagefind, writing
from tests.site.vaults import DEMO, VIDEO, Elements, built, cited, contents, note, write

pytestmark = pytest.mark.usefixtures("no_index")


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Changes a file so that its time changes, too, however coarse the file system's clock is."""
    before = path.stat().st_mtime_ns
    path.write_text(change(path.read_text()))
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


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


def test_whatever_changes_the_site_is_as_if_it_were_built_anew(tmp_path: Path) -> None:
    dice = random.Random(11)
    vault, out = tmp_path / "vault", tmp_path / "site"
    shutil.copytree(DEMO, vault)
    folders = {
        "one": ["lens", "tower", "Graph", "same"],
        "two": ["oil", "метр", "a b", "same"],
        "kettle_and_chalk": ["tea"],
    }
    names = [name for folder in folders.values() for name in folder]
    clock = [10**18]

    def some_note() -> str:
        links = " ".join(f"[[{dice.choice([*names, 'none', 'one/same'])}]]" for _ in range(2))
        body = f"It is so {cited('00:00:07')}. As {links} say, {dice.random()}.\n\n## A heading"
        video = dice.choice([VIDEO, "SecondVideo", "local-1", ""])
        return note(dice.choice(["A", "B", "C & <d>"]), body, video)

    def change() -> None:
        folder = dice.choice([*folders])
        path = vault / folder / f"{dice.choice(folders[folder])}.md"
        what = dice.randrange(7)
        if what == 0 and path.exists():
            path.unlink()
        elif what == 1:
            listed = f"---\ntitle: {dice.random()}\n---\n### [V](https://youtu.be/{VIDEO})\n"
            path = vault / "one/one.md"
            path.parent.mkdir(exist_ok=True)
            own = f"Own words on [[{dice.choice(names)}]].\n"
            entry = f"- [[{dice.choice(names)}]]\n"
            path.write_text(own if dice.random() < 0.5 else listed + entry)
        elif what == 6:
            path = vault / dice.choice(["index.md", "README.md"])
            path.write_text(f"Begin with [[{dice.choice(names)}]].")
        elif what == 2:
            path = dice.choice(sorted((vault / ".generator/notes").glob("*/*.json")))
            kept = json.loads(path.read_bytes())
            kept["video"]["published"] = f"20{dice.randrange(10, 30)}-01-01"
            path.write_text(json.dumps(kept))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(some_note())
        if path.exists():
            clock[0] += 10**9
            os.utime(path, ns=(clock[0], clock[0]))

    for step in range(12):
        for _ in range(dice.randrange(1, 4)):
            change()
        done = built(vault, out)
        fresh = tmp_path / f"fresh{step}"
        built(vault, fresh)
        expected = contents(fresh)
        assert contents(out) == expected, step
        assert done.unchanged + len(done.written) == len(expected)
        shutil.rmtree(fresh)


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
    monkeypatch.setattr(building, "WORTH_A_PROCESS", 1)
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


# What the vault may be


def test_the_demo_has_the_evidence_of_its_sidecars(tmp_path: Path) -> None:
    built(DEMO, tmp_path / "site")
    for path in (tmp_path / "site/kettle_and_chalk").glob("*_*.html"):
        text = path.read_text()
        evidence = json.loads(
            text.partition('<script type="application/json" id="evidence">')[2].partition("</")[0]
        )
        assert all(evidence["citations"]), path.name
        for citation in evidence["citations"]:
            assert citation["marks"], path.name
            assert citation["found"] in {"exact", "near", "moved"}
    (transcript,) = (tmp_path / "site/transcripts").glob("Metr*.json")
    shown = json.loads(transcript.read_bytes())
    assert shown["whole"] is False
    assert shown["cited"][0][1] == "kettle_and_chalk/%D0%BC%D0%B5%D1%82%D1%80_the_metre.html"
    assert [line[0] for line in shown["lines"]] == sorted(line[0] for line in shown["lines"])


def test_the_library_brings_whole_transcripts_and_what_is_known_of_videos(
    vault: Path, tmp_path: Path
) -> None:
    path = tmp_path / "library.db"
    video = Video(VIDEO, "Lamps", "lamps", "UC1", duration=75.0, published=date(2024, 2, 29))
    cues = tuple(Cue(10.0 * at, 8.0, f"Sentence {at}.") for at in range(8))
    transcript = Transcript(VIDEO, "en", True, cues)
    with Library.open(path) as library:
        library.save_fetched(Fetched(video, transcript, ()))
    out = tmp_path / "site"
    built(vault, out, library=path)
    shown = json.loads((out / f"transcripts/{VIDEO}.json").read_bytes())
    assert (shown["whole"], shown["generated"], len(shown["lines"])) == (True, True, 8)
    assert [second for second, *_ in shown["cited"]] == [10, 20, 40, 60]
    assert "29 February 2024" in (out / "lamps/lens.html").read_text()
    text = (out / "lamps/tower.html").read_text()
    assert '"text":"Sentence 4."' in text
    assert '"found":null' in text
    assert built(vault, out, library=path).written == ()
    with Library.open(path) as library:
        other = (*cues[:4], Cue(40.0, 8.0, "Heard anew."), *cues[5:])
        library.save_fetched(Fetched(video, Transcript(VIDEO, "en", True, other), ()))
    assert f"transcripts/{VIDEO}.json" in built(vault, out, library=path).written
    assert "Heard anew." in (out / "lamps/tower.html").read_text()


def test_a_library_that_cannot_be_used_is_told_and_done_without(
    vault: Path, tmp_path: Path
) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(b"no database at all" * 100)
    done = built(vault, tmp_path / "site", library=path)
    assert [notice.path for notice in done.notices] == [str(path)]
    assert (tmp_path / "site/lamps/lens.html").exists()


def test_a_sidecar_of_another_video_or_no_sidecar_at_all_is_no_evidence(
    vault: Path, tmp_path: Path
) -> None:
    (source,) = (DEMO / ".generator/notes").glob("*/fresnel*.json")
    for content in (source.read_bytes(), b"{}", b"\xff\0", b"[" * 100_000):
        write(vault, {".generator/notes/lamps/lens.json": content})
        built(vault, tmp_path / "site")
        page = Elements(tmp_path / "site/lamps/lens.html")
        assert page.of("script", id="evidence") == []


def test_other_pages_of_the_vault_are_pages(vault: Path, tmp_path: Path) -> None:
    write(
        vault,
        {
            "README.md": "# How to read this\n\nBegin with [[lens]].",
            "about/me.md": "---\ntitle: Me\n---\nHello.",
            "lamps/own.md": "No title at all.",
            "lamps/picture.png": b"\x89PNG",
        },
    )
    out = tmp_path / "site"
    built(vault, out)
    assert "How to read this" in (out / "README.html").read_text()
    assert (out / "about/me.html").exists()
    assert (out / "lamps/own.html").exists()
    assert not (out / "lamps/picture.png").exists()
    assert 'href="../README.html"' in (out / "lamps/lens.html").read_text()
    assert 'href="own.html"' in (out / "lamps/index.html").read_text()


def test_what_the_owner_wrote_on_pages_that_list_is_shown(vault: Path, tmp_path: Path) -> None:
    write(
        vault,
        {
            "index.md": "---\ntitle: Channels\n---\nBegin with [[lens]].\n- [[lamps]]\n",
            "lamps/lamps.md": "Lamps are **old**. See [[tower]].",
            "README.md": "# Read me\n\nFirst.",
        },
    )
    out = tmp_path / "site"
    built(vault, out)
    start, channel = Elements(out / "index.html"), Elements(out / "lamps/index.html")
    assert "Begin with The lens." in " ".join(start.text.split())
    assert [each["href"] for each in start.of("a", class_="wikilink")] == [
        "lamps/lens.html",
        "lamps/index.html",
    ]
    assert start.of("a", href="README.html")
    assert channel.of("strong")
    assert channel.of("a", class_="wikilink", href="tower.html")
    write(vault, {"lamps/lamps.md": "Lamps are **older**. See [[lens]]."})
    assert "lamps/index.html" in built(vault, out).written


def test_a_changed_title_changes_links_without_labels(vault: Path, tmp_path: Path) -> None:
    write(vault, {"index.md": "Begin with [[lens]] and [[tower]]."})
    out = tmp_path / "site"
    built(vault, out)
    edit(vault / "lamps/tower.md", lambda text: text.replace("title: The tower", "title: Tower!"))
    assert "index.html" in built(vault, out).written
    assert "and Tower!" in Elements(out / "index.html").text


def test_what_cannot_be_read_is_told_and_the_rest_is_built(vault: Path, tmp_path: Path) -> None:
    write(
        vault,
        {
            "lamps/binary.md": b"a\0b",
            "lamps/latin.md": "é".encode("latin-1"),
            "lamps/large.md": b"x" * (1024 * 1024 + 1),
            "lamps/deep.md": ">" * 5000,
        },
    )
    (vault / "lamps/loop").symlink_to(vault / "lamps")
    (vault / "lamps/gone.md").symlink_to(vault / "nowhere.md")
    done = built(vault, tmp_path / "site")
    told = {notice.path for notice in done.notices}
    assert {"lamps/binary.md", "lamps/latin.md", "lamps/large.md", "lamps/gone.md"} <= told
    assert done.notes == 2
    assert built(vault, tmp_path / "site").written == ()


def test_a_site_within_its_vault_is_not_read_as_a_part_of_it(vault: Path) -> None:
    out = vault / "site"
    first = built(vault, out)
    write(out, {"stray.md": "# Stray"})
    again = built(vault, out)
    assert again.written == ()
    assert again.unchanged == len(first.written)


# Where it may go


def test_a_folder_that_holds_something_else_is_refused(vault: Path, tmp_path: Path) -> None:
    for refused in (vault, vault.parent, write(tmp_path / "mine", {"thesis.txt": "x"})):
        before = contents(refused, hidden=True)
        with pytest.raises(SiteFolderRefused):
            built(vault, refused)
        assert contents(refused, hidden=True) == before
    (tmp_path / "file").write_text("x")
    with pytest.raises(SiteFolderRefused):
        built(vault, tmp_path / "file")
    with pytest.raises(SiteFolderRefused):
        built(vault, tmp_path / "nul\0")


def test_an_empty_folder_is_taken(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert built(vault, tmp_path / "site").written


def test_a_vault_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFolder):
        built(tmp_path / "none", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_two_builds_at_once_are_told(vault: Path, tmp_path: Path) -> None:
    with writing.state_of(tmp_path / "site"), pytest.raises(SiteInUse):
        built(vault, tmp_path / "site")


def test_a_damaged_record_is_told(vault: Path, tmp_path: Path) -> None:
    built(vault, tmp_path / "site")
    (tmp_path / "site/.generate/site.db").write_bytes(b"x" * 5000)
    with pytest.raises(SiteStateUnusable):
        built(vault, tmp_path / "site")


def test_the_record_of_another_version_is_taken_over(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = built(vault, out)
    with sqlite3.connect(out / ".generate/site.db") as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("ALTER TABLE files RENAME COLUMN page TO other")
    database.close()
    (vault / "lamps/tower.md").unlink()
    done = built(vault, out)
    assert done.notices == ()
    assert done.read == first.read - 1
    assert "lamps/tower.html" in done.removed


# What it looks like


def test_own_templates_go_before_the_built_in_ones(vault: Path, tmp_path: Path) -> None:
    own = write(
        tmp_path / "own", {"site/page.html.j2": "{{ text.title }}", "site/assets/site.css": "b{}"}
    )
    write(vault, {"README.md": "# <Mine>"})
    out = tmp_path / "site"
    built(vault, out)
    built(vault, out, templates=own)
    assert (out / "README.html").read_text() == "&lt;Mine&gt;"
    assert (out / "assets/site.css").read_text() == "b{}"
    assert "<h1" in (out / "lamps/lens.html").read_text()


def test_a_template_that_is_wrong_is_told(vault: Path, tmp_path: Path) -> None:
    for template in ("{{ nothing }}", "{% if %}", "{{ ''.__class__.__mro__ }}"):
        own = write(tmp_path / "own", {"site/note.html.j2": template})
        with pytest.raises(TemplateError):
            built(vault, tmp_path / "site", templates=own)
    with pytest.raises(TemplateError):
        built(vault, tmp_path / "site", templates=tmp_path / "none")


def test_formulas_are_shown_where_they_are_asked_for(vault: Path, tmp_path: Path) -> None:
    write(vault, {"lamps/area.md": note("Area", f"It is $x^2$ {cited('00:00:01')}.")})
    built(vault, tmp_path / "site")
    assert "$x^2$" in (tmp_path / "site/lamps/area.html").read_text()
    done = built(vault, tmp_path / "site", math=True)
    assert "<msup>" in (tmp_path / "site/lamps/area.html").read_text()
    assert done.read == 5
