"""What a site is made of: any vault, with sidecars or a library or neither, and templates."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from generator.errors import (
    TemplateError,
)
from generator.library import Library
from generator.models import Cue, Fetched, Transcript, Video
from tests.site.vaults import (
    DEMO,
    VIDEO,
    Elements,
    built,
    cited,
    edit,
    note,
    word_timed_vault,
    write,
)

pytestmark = pytest.mark.usefixtures("no_index")


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


def test_a_citation_is_of_its_line_though_the_next_begins_in_the_same_second(
    tmp_path: Path,
) -> None:
    vault, library = word_timed_vault(tmp_path)
    out = tmp_path / "site"
    built(vault, out, library=library)
    shown = json.loads((out / f"transcripts/{VIDEO}.json").read_bytes())
    assert [line[0] for line in shown["lines"]] == [10.0, 15.8]
    assert shown["cited"] == [[15, "lamps/lens.html", 0, "The lens", 10.0]]
    evidence = json.loads(
        (out / "lamps/lens.html").read_text().partition('id="evidence">')[2].partition("</")[0]
    )
    assert [line["start"] for line in evidence["lines"]] == [10.0]
    assert evidence["citations"] == [
        {"t": 15, "found": "exact", "marks": [[0, 35, 46]], "lines": [0]}
    ]


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


def test_scripts_import_each_other_under_addresses_that_change_with_any(
    vault: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    built(vault, out)
    before = (out / "assets/evidence.js").read_text()
    (version,) = set(re.findall(r"main\.js\?v=(\w+)", (out / "lamps/lens.html").read_text()))
    assert re.findall(r'from "([^"]+)"', before) == [f"./times.js?v={version}"]
    own = write(tmp_path / "own", {"site/assets/times.js": "export const clock = String;"})
    built(vault, out, templates=own)
    (changed,) = set(re.findall(r"main\.js\?v=(\w+)", (out / "lamps/lens.html").read_text()))
    assert changed != version
    after = (out / "assets/evidence.js").read_text()
    assert after == before.replace(version, changed)
    assert (out / "assets/times.js").read_text() == "export const clock = String;"


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
