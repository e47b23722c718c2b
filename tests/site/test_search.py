"""The search index: right after every build, made anew where it must be, no file of others gone."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from generator.errors import SearchIndexFailed, SearchProgramMissing
from generator.site import search
from generator.site.search import Indexed, Searchable, build_index, remove_index

ENGLISH = ("Lamps are lit at dusk", "Every lens bends light", "Keepers wind the clockwork")


def write(out: Path, path: str, text: str, language: str = "en", around: str = "") -> Searchable:
    """A page of a site, as the site's own templates put it."""
    file = out / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f"<!doctype html><html><head><title>x</title></head><body>{around}<main><article>"
        f'<p><span class="statement" id="s-0">{text} <a class="cite" id="c-0" href="#">1:20</a>.'
        "</span></p></article></main></body></html>",
        "utf-8",
    )
    digest = str(hash((text, around)))
    return Searchable(
        path, f"On {text.partition(' ')[0]}", (), path.partition("/")[0], language, digest
    )


def english(out: Path, count: int = 3) -> list[Searchable]:
    return [write(out, f"sea/{n}.html", f"{ENGLISH[n % 3]} {n}") for n in range(count)]


def overview(out: Path) -> dict[str, list[dict[str, object]]]:
    read: dict[str, list[dict[str, object]]] = json.loads(
        (out / "pagefind" / "index.json").read_bytes()
    )
    return read


def files(out: Path) -> dict[str, bytes]:
    folder = out / "pagefind"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pages_of_two_languages_are_in_slices_of_their_own(tmp_path: Path) -> None:
    pages = [*english(tmp_path), write(tmp_path, "море/лампа.html", "Лампы зажигают", "ru-RU")]
    assert build_index(tmp_path, pages, {"sea": "The sea"}) == Indexed(4, 2, 2)
    assert overview(tmp_path) == {
        "languages": [
            {"language": "en", "stemmed": True, "pages": 3, "slices": ["en-0"]},
            {"language": "ru", "stemmed": True, "pages": 1, "slices": ["ru-0"]},
        ],
        "channels": [
            {"name": "sea", "title": "The sea"},
            {"name": "море", "title": "море"},
        ],
    }
    assert "ru-0/wasm.ru.pagefind" in files(tmp_path)
    assert "en-0/wasm.unknown.pagefind" not in files(tmp_path)


def test_languages_without_a_stemmer_share_a_slice(tmp_path: Path) -> None:
    pages = [
        write(tmp_path, "a/zh.html", "灯塔的光", "zh-Hans"),
        write(tmp_path, "a/none.html", "Lux in tenebris", ""),
    ]
    build_index(tmp_path, pages)
    assert overview(tmp_path)["languages"] == [
        {"language": "und", "stemmed": False, "pages": 2, "slices": ["und-0"]}
    ]
    assert "und-0/wasm.unknown.pagefind" in files(tmp_path)


def test_the_same_pages_give_the_same_bytes_whatever_was_there_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SLICE", 4)
    fresh, grown = tmp_path / "fresh", tmp_path / "grown"
    build_index(fresh, english(fresh, 12))
    build_index(grown, english(grown, 3))
    build_index(grown, [*english(grown, 12), write(grown, "gone/x.html", "Gone", "de")])
    build_index(grown, english(grown, 12))
    assert len(overview(fresh)["languages"][0]["slices"]) > 1  # type: ignore[arg-type]
    assert files(grown) == files(fresh)


def test_nothing_is_made_again_when_nothing_changed(tmp_path: Path) -> None:
    pages = english(tmp_path)
    build_index(tmp_path, pages)
    assert build_index(tmp_path, pages) == Indexed(3, 1, 0)


def test_a_changed_page_costs_its_slice_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SLICE", 4)
    pages = english(tmp_path, 12)
    first = build_index(tmp_path, pages)
    pages[5] = write(tmp_path, "sea/5.html", "Something else entirely")
    assert build_index(tmp_path, pages) == Indexed(12, first.slices, 1)
    assert build_index(tmp_path, pages).made == 0


def test_what_changes_around_the_text_costs_nothing(tmp_path: Path) -> None:
    pages = english(tmp_path)
    build_index(tmp_path, pages)
    pages[1] = write(tmp_path, "sea/1.html", f"{ENGLISH[1]} 1", around="<aside>Linked</aside>")
    assert build_index(tmp_path, pages).made == 0


def test_only_pages_that_changed_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = english(tmp_path)
    build_index(tmp_path, pages)
    pages[1] = write(tmp_path, "sea/1.html", f"{ENGLISH[1]} 1", around="<aside>Linked</aside>")
    read: list[Path] = []
    real = search.searched_html

    def reading(title: str, aliases: Sequence[str], page: Path) -> str:
        read.append(page)
        return real(title, aliases, page)

    monkeypatch.setattr(search, "searched_html", reading)
    assert build_index(tmp_path, pages).made == 0
    assert read == [tmp_path / "sea/1.html"]
    pages[2] = pages[2]._replace(aliases=("Beacon",))
    assert build_index(tmp_path, pages).made == 1


@pytest.mark.parametrize("kept", [b"", b"[]", b'{"sea/1.html": 1}', b"\xff"])
def test_what_is_kept_of_pages_may_be_damaged(tmp_path: Path, kept: bytes) -> None:
    pages = english(tmp_path)
    build_index(tmp_path, pages)
    (tmp_path / ".generate/searched/en-0.json").write_bytes(kept)
    pages[1] = write(tmp_path, "sea/1.html", f"{ENGLISH[1]} 1", around="<aside>Linked</aside>")
    assert build_index(tmp_path, pages).made == 0


def test_a_slice_of_another_name_is_none_of_ours(tmp_path: Path) -> None:
    build_index(tmp_path, english(tmp_path))
    state, mine = tmp_path / ".generate/search.json", tmp_path / "mine.json"
    mine.write_text("mine")
    edited = json.loads(state.read_bytes())
    edited["slices"]["../../mine"] = edited["slices"]["en-0"] | {"files": []}
    state.write_text(json.dumps(edited))
    build_index(tmp_path, [])
    assert mine.read_text() == "mine"


def test_a_lost_file_is_made_again(tmp_path: Path) -> None:
    pages = english(tmp_path)
    build_index(tmp_path, pages)
    before = files(tmp_path)
    (tmp_path / "pagefind" / "en-0" / "pagefind.js").unlink()
    assert build_index(tmp_path, pages).made == 1
    assert files(tmp_path) == before


def test_a_build_that_broke_off_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many, broken = tmp_path / "few", tmp_path / "many", tmp_path / "broken"
    monkeypatch.setattr(search, "SLICE", 4)
    build_index(few, english(few, 6))
    build_index(many, english(many, 12))
    pages = english(broken, 12)
    build_index(broken, pages[:6])
    real = os.replace
    moved = []

    def full(path: str, target: str) -> None:
        """The disk is full after some files of the index."""
        if "pagefind" in Path(target).parts:
            moved.append(target)
            if len(moved) > 4:
                raise OSError(28, "no space left on the device")
        real(path, target)

    for again, whole in ((pages, many), (pages[:6], few)):
        moved.clear()
        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", full)
            with pytest.raises(OSError, match="no space"):
                build_index(broken, pages if again is pages else pages[3:])
        assert not (broken / ".generate" / "search").exists()
        build_index(broken, again)
        assert files(broken) == files(whole)


def test_files_of_others_stay(tmp_path: Path) -> None:
    build_index(tmp_path, english(tmp_path))
    others = [tmp_path / "pagefind" / "en-0" / "mine.txt", tmp_path / "mine.txt"]
    for other in others:
        other.write_text("mine")
    state = tmp_path / ".generate" / "search.json"
    edited = json.loads(state.read_bytes())
    edited["slices"]["en-0"]["files"] += ["../mine.txt", str(others[1])]
    state.write_text(json.dumps(edited))
    build_index(tmp_path, [])
    assert set(files(tmp_path)) == {"en-0/mine.txt", "index.json"}
    remove_index(tmp_path)
    assert set(files(tmp_path)) == {"en-0/mine.txt"}
    assert all(other.read_text() == "mine" for other in others)


@pytest.mark.parametrize("state", [b"", b"[]", b'{"made_by": 1, "slices": {"en-0": 3}}', b"\xff"])
def test_a_damaged_state_costs_a_build(tmp_path: Path, state: bytes) -> None:
    pages = english(tmp_path)
    build_index(tmp_path, pages)
    before = files(tmp_path)
    (tmp_path / ".generate" / "search.json").write_bytes(state)
    assert build_index(tmp_path, pages).made == 1
    assert files(tmp_path) == before


def test_pages_without_a_word_are_no_failure(tmp_path: Path) -> None:
    page = write(tmp_path, "sea/0.html", "…")
    nameless = Searchable(page.path, "&", (), "sea", "en", "1")
    assert build_index(tmp_path, [nameless]) == Indexed(0, 0, 0)
    assert build_index(tmp_path, english(tmp_path)) == Indexed(3, 1, 1)
    write(tmp_path, "sea/0.html", "…")
    assert build_index(tmp_path, [nameless]) == Indexed(0, 0, 0)
    assert set(files(tmp_path)) == {"index.json"}


def test_each_result_tells_its_channel_whatever_names_there_are(tmp_path: Path) -> None:
    names = ["a b%20#&;'(x)/q<s>\"=+.html", "море/индекс.html", "zh/灯.html", "top.html"]
    pages = [write(tmp_path, name, f"{ENGLISH[0]} {n}") for n, name in enumerate(names)]
    build_index(tmp_path, pages)
    places = json.loads(files(tmp_path)["en-0/places.json"])
    told = sorted(places["channels"][number] for number in places["results"].values())
    assert told == sorted(name.partition("/")[0] for name in names)


def test_settings_of_another_site_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, here = tmp_path / "elsewhere", tmp_path / "here"
    build_index(elsewhere, english(elsewhere))
    (tmp_path / "pagefind.toml").write_text('force_language = "de"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAGEFIND_FORCE_LANGUAGE", "de")
    build_index(here, english(here))
    assert files(here) == files(elsewhere)


def test_a_program_that_is_missing_or_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = tmp_path / "pagefind"
    failing.write_text("#!/bin/sh\necho there is no memory >&2\nexit 3\n")
    failing.chmod(failing.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(failing))
    with pytest.raises(SearchIndexFailed, match="there is no memory"):
        build_index(tmp_path, english(tmp_path))
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(tmp_path / "nothing"))
    with pytest.raises(SearchIndexFailed, match="No such file"):
        build_index(tmp_path, english(tmp_path))
    monkeypatch.setattr("pagefind.service.get_executable", lambda: None)
    with pytest.raises(SearchProgramMissing):
        build_index(tmp_path, english(tmp_path))
