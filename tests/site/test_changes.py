"""Whatever changes, and in whatever order, a site is as one that was built anew."""

from __future__ import annotations

import json
import os
import random
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from generator.library import Library
from generator.library.viewing import View
from generator.models import Cue, Fetched, Transcript, Video
from generator.site import renewing
from generator.site.state import State
from tests.site.vaults import DEMO, VIDEO, built, cited, contents, edit, note, write

pytestmark = pytest.mark.usefixtures("no_index")

FOLDERS = {
    "one": ["lens", "tower", "Graph", "same", "index"],
    "two": ["oil", "метр", "a b", "same", "Same", "deep/er"],
    "Two": ["oil"],
    "kettle_and_chalk": ["tea"],
}
NAMES = [name.rpartition("/")[2] for names in FOLDERS.values() for name in names]
VIDEOS = [VIDEO, VIDEO.lower(), "SecondVideo", "local-1", ""]
OPTIONS = {
    "base_url": ["", "https://a.test/", "https://b.test/notes/"],
    "title": ["Lamps", "Lights"],
    "math": [False, True],
    "note_language": ["", "de"],
}


def outputs(out: Path) -> dict[str, tuple[str, str]]:
    """What each file of a site was made of, and what it holds, as it is kept for the next build."""
    with closing(State(out / ".generate/site.db")) as state:
        return {place: (each.made_of, each.digest) for place, each in state.outputs().items()}


class Owner:
    """Somebody who changes a vault, and how a site is made of it, by chance."""

    def __init__(self, root: Path, seed: int) -> None:
        self._dice = random.Random(seed)
        self._clock = 10**18
        self._root = root
        self.vault = root / "vault"
        self.options: dict[str, object] = {"base_url": "https://a.test/"}
        shutil.copytree(DEMO, self.vault)
        sidecars = sorted((self.vault / ".generator/notes").glob("*/*.json"))
        self._in_sidecars = {json.loads(path.read_bytes())["video"]["id"]: 0 for path in sidecars}

    def change(self) -> str:
        """Changes something; tells what."""
        changes = (
            *(self._write, self._write, self._write, self._retitle, self._remove, self._rename),
            *(self._list, self._list, self._sidecar, self._loose, self._picture, self._channel),
            *(self._library, self._option, self._template, self._reword),
        )
        change = self._dice.choice(changes)
        change()
        return change.__name__

    def _write(self) -> None:
        dice = self._dice
        links = " ".join(f"[[{self._target()}]]" for _ in range(dice.randrange(4)))
        body = f"It is so {cited('00:00:07')}. As {links} say, {dice.random()}.\n\n## A heading"
        aliases = f"\naliases: [{dice.random()}]" if dice.random() < 0.3 else ""
        title = dice.choice(["A", "B", "C & <d>"]) + aliases
        self._put(self._some_path(), note(title, body, dice.choice(VIDEOS)))

    def _retitle(self) -> None:
        path = self._some_note()
        text = path.read_text().replace("title: ", f"title: {self._dice.choice('XYZ')} ", 1)
        self._put(path, text)

    def _reword(self) -> None:
        """A note says something else in front of its links, which stay."""
        path = self._some_note()
        self._put(path, path.read_text().replace("It is", f"It is {self._dice.random()}", 1))

    def _remove(self) -> None:
        self._some_note().unlink()

    def _rename(self) -> None:
        target = self._some_path()
        target.parent.mkdir(parents=True, exist_ok=True)
        self._some_note().rename(target)

    def _list(self) -> None:
        """A channel's page: its title, its videos and their notes in some order, or own words."""
        dice = self._dice
        channel = dice.choice([*FOLDERS])
        own = f"Own words on [[{self._target()}]].\n"
        entries = "".join(
            f"### [V](https://youtu.be/{video})\n" + f"- [[{dice.choice(NAMES)}]]\n" * 2
            for video in dice.sample(VIDEOS[:3], 2)
        )
        title = dice.choice(["", "---\ntitle: One\n---\n", "---\ntitle: Other\n---\n"])
        text = title + (own if dice.random() < 0.4 else entries)
        name = channel if dice.random() < 0.9 else channel.upper()
        self._put(self.vault / channel / f"{name}.md", text)

    def _sidecar(self) -> None:
        path = self._dice.choice(sorted((self.vault / ".generator/notes").glob("*/*.json")))
        kept = json.loads(path.read_bytes())
        kept["video"]["published"] = f"20{self._dice.randrange(10, 30)}-01-01"
        self._put(path, json.dumps(kept))

    def _loose(self) -> None:
        """A file at the top of the vault."""
        name = self._dice.choice(["index.md", "README.md", "lens.md", "graph.md"])
        self._put(self.vault / name, f"Begin with [[{self._target()}]].")

    def _picture(self) -> None:
        """A file that is no note comes or goes, and may be what a link means."""
        path = self.vault / self._dice.choice(["one/tea.png", "lens", "one/oil"])
        if path.exists():
            path.unlink()
        else:
            self._put(path, "a picture")

    def _channel(self) -> None:
        """A channel goes with all that is in it, or one comes."""
        folder = self.vault / self._dice.choice(["one", "two", "Two", "three"])
        if folder.exists():
            shutil.rmtree(folder)
        else:
            self._put(folder / "lens.md", note("Another lens", f"So {cited('00:00:01')}. [[oil]]"))

    def _library(self) -> None:
        """A library comes, learns of a video, or is not used any more."""
        dice = self._dice
        path = self._root / "library.db"
        if dice.random() < 0.3:
            self.options.pop("library", None)
            return
        video = dice.choice([*VIDEOS[:3], *self._in_sidecars])
        day = date(dice.randrange(2000, 2024), 1, 1) if dice.random() < 0.7 else None
        of_video = Video(video, f"Talk {dice.randrange(3)}", "one", duration=75.0, published=day)
        cues = tuple(Cue(10.0 * at, 8.0, f"{dice.random()}.") for at in range(4))
        with Library.open(path) as library:
            transcript = Transcript(video, "en", True, cues)
            library.save_fetched(Fetched(of_video, transcript, ()))
        self.options["library"] = path

    def _option(self) -> None:
        name = self._dice.choice([*OPTIONS])
        self.options[name] = self._dice.choice(OPTIONS[name])

    def _template(self) -> None:
        """The owner's own template, or none."""
        if self.options.pop("templates", None) is None:
            own = f"{self._dice.random()} {{{{ text.title }}}}"
            self.options["templates"] = write(self._root / "own", {"site/page.html.j2": own})

    def _target(self) -> str:
        paths = ["none", "one/same", "two/same", "./lens.md", "../one/tower", "tea.png", "#A", ""]
        return self._dice.choice([*NAMES, *paths])

    def _some_path(self) -> Path:
        folder = self._dice.choice([*FOLDERS])
        return self.vault / folder / f"{self._dice.choice(FOLDERS[folder])}.md"

    def _some_note(self) -> Path:
        there = [path for path in self.vault.rglob("*.md") if not path.is_relative_to(DEMO)]
        return self._dice.choice(sorted(there))

    def _put(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self._clock += 10**9
        os.utime(path, ns=(self._clock, self._clock))


def spoil(out: Path, dice: random.Random) -> None:
    """Some page of the site goes, or is written over."""
    path = out / dice.choice(sorted(outputs(out)))
    if dice.random() < 0.5:
        path.unlink()
    else:
        path.write_text("spoilt")


@pytest.mark.parametrize("seed", range(3))
def test_after_whatever_changes_the_site_is_as_one_built_anew(tmp_path: Path, seed: int) -> None:
    owner, dice = Owner(tmp_path, seed), random.Random(seed)
    out = tmp_path / "site"
    built(owner.vault, out, **owner.options)
    for step in range(14):
        told = [owner.change() for _ in range(dice.randrange(1, 4))]
        if dice.random() < 0.2:
            spoil(out, dice)
        done = built(owner.vault, out, **owner.options)
        fresh = tmp_path / f"fresh{step}"
        expected = built(owner.vault, fresh, **owner.options)
        assert contents(out) == contents(fresh), (step, told)
        assert outputs(out) == outputs(fresh), (step, told)
        counts = ("notes", "videos", "channels", "notices")
        for count in counts:
            assert getattr(done, count) == getattr(expected, count), (step, told)
        assert done.unchanged + len(done.written) == len(outputs(fresh))
        shutil.rmtree(fresh)


def test_where_nothing_changed_nothing_is_looked_at(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    first = built(vault, out)

    def looked(*_: object) -> None:
        raise AssertionError("pages are related that did not change")

    monkeypatch.setattr(renewing, "Wiki", looked)
    again = built(vault, out)
    assert (again.notes, again.videos, again.channels) == (2, 1, 1)
    assert (again.written, again.unchanged) == ((), len(first.written))
    edit(vault / "lamps/lens.md", lambda text: text + "More.")
    with pytest.raises(AssertionError):
        built(vault, out)
    # What that build had read is read; that it did not end is known.
    with pytest.raises(AssertionError):
        built(vault, out)
    monkeypatch.undo()
    assert "lamps/lens.html" in built(vault, out).written


@pytest.mark.parametrize("option", [{"title": "Another"}, {"base_url": "https://a.test/"}])
def test_another_title_or_address_is_another_site(
    vault: Path, tmp_path: Path, option: dict[str, object]
) -> None:
    out = tmp_path / "site"
    built(vault, out)
    assert "lamps/lens.html" in built(vault, out, **option).written


def test_a_library_is_read_once_as_long_as_it_is_the_same(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "library.db", tmp_path / "site"
    talk = Video(VIDEO, "Lamps", "lamps", published=date(2024, 2, 29))
    with Library.open(path) as library:
        library.save_fetched(Fetched(talk, Transcript(VIDEO, "en", True, ()), ()))
    built(vault, out, library=path)
    asked: list[View] = []
    real = View.videos
    monkeypatch.setattr(View, "videos", lambda view: asked.append(view) or real(view))
    edit(vault / "lamps/tower.md", lambda text: text.replace("stand on", "are built on"))
    built(vault, out, library=path)
    assert "29 February 2024" in (out / "lamps/tower.html").read_text()
    assert asked == []
    with Library.open(path) as library:
        library.save_fetched(
            Fetched(replace(talk, title="Lights"), Transcript(VIDEO, "en", True, ()), ())
        )
    assert "lamps/index.html" in built(vault, out, library=path).written
    assert "Lights" in (out / "lamps/index.html").read_text()
    assert asked
