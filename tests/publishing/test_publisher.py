"""Notes become files of a vault, and its links and pages follow what comes, goes and changes."""

from __future__ import annotations

import ast
import errno
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from generator.errors import LibraryUnusable, VaultUnwritable
from generator.library import Library
from generator.library.database import Database
from generator.library.filings import PAGE
from generator.models import Note, Video
from generator.publishing import settling, web
from generator.publishing.drafting import Drafting
from generator.publishing.publisher import Publisher, Settled
from generator.publishing.renewals import TOGETHER
from generator.settings import Settings
from generator.vault.disk import Disk, Finish, Seen, seen_in
from tests.talks import a_note, a_video, fetched

KETTLE = a_video(1, published=date(2024, 1, 1))


class Run:
    """One vault with its library, published into by one publisher at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.library = Library.open(root / ".generator" / "library.db")
        self.publisher = self.begin()

    def begin(self, disk: Disk | None = None, **settings: object) -> Publisher:
        """A new run."""
        given = Settings(output=self.root, **settings)  # type: ignore[arg-type]
        self.publisher = Publisher(given, self.library, disk)
        return self.publisher

    def publish(self, *notes: Note, video: Video | None = None) -> list[str]:
        """Publishes all notes of one video, and gives their slugs."""
        video = video or notes[0].video
        self.library.save_fetched(fetched(video))
        return [each.slug for each in self.publisher.publish(video, "openai", notes)[0]]

    def settle(self) -> Settled:
        """Ends the run; the next thing is done by a new one."""
        settled = self.publisher.settle()
        self.begin()
        return settled

    def text(self, path: str) -> str:
        """What a file of the vault says after its front matter and `From:` line."""
        return (self.root / path).read_text("utf-8").split("<br/> \n")[-1].strip()

    def marks(self) -> dict[str, Seen]:
        """What would tell that a file of the vault was written again."""
        return {path: seen_in((self.root / path).stat()) for path in self.files()}

    def files(self) -> dict[str, bytes]:
        """All of the vault but its library."""
        return files_in(self.root)


def files_in(root: Path) -> dict[str, bytes]:
    """All files of a vault but its library, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "library.db" not in path.name
    }


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    opened = Run(tmp_path / "vault")
    yield opened
    opened.library.close()


def paths(published) -> list[str]:
    return [Path(each.path).name for each in published]


LENS = "A Fresnel lens throws the light of a lamp far."
MENTION = "Ships owe their lives to the Fresnel lens."


def test_a_note_that_arrives_is_linked_to_by_those_that_mention_it(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    assert "[[" not in run.text("kettle/lighthouses_at_sea.md")
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    settled = run.settle()
    assert "the [[fresnel_lens | Fresnel lens]] <a" in run.text("kettle/lighthouses_at_sea.md")
    assert sorted(paths(settled.written)) == ["kettle.md", "lighthouses_at_sea.md"]


def test_when_a_note_goes_its_links_become_text(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    before = run.files()
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    assert run.publisher.withdraw(a_video(2).id) == []
    settled = run.settle()
    assert run.files() == before
    assert sorted(paths(settled.written)) == ["kettle.md", "lighthouses_at_sea.md"]
    assert [note.title for note in run.library.notes()] == ["Lighthouses at sea"]


def test_nothing_is_written_where_nothing_changed(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    run.settle()
    before = run.marks()
    notes = [a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS)]
    published, _ = run.publisher.publish(KETTLE, "openai", notes)
    assert [each.state for each in published] == ["unchanged", "unchanged"]
    assert run.settle() == Settled()
    assert run.marks() == before


def test_only_the_notes_that_a_new_name_concerns_are_looked_at(run: Run, monkeypatch):
    for number in range(2, 8):
        run.publish(a_note(a_video(number), f"Subject {number}", f"Of matter {number} alone."))
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    run.publish(a_note(a_video(9), "Fresnel lens", LENS))
    looked: list[str] = []
    linked = run.publisher._drafting.linked
    monkeypatch.setattr(
        run.publisher._drafting,
        "linked",
        lambda note, web: (looked.append(note.slug), linked(note, web))[1],
    )
    run.settle()
    assert sorted(looked) == ["fresnel_lens", "lighthouses_at_sea"]


def test_a_vault_that_was_copied_is_read_and_not_written_anew(run: Run, monkeypatch):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    run.settle()
    run.library.close()
    before = run.files()
    shutil.copytree(run.root, copy := run.root.with_name("copy"))
    for path in copy.glob("*/*.md"):
        os.utime(path, ns=(1, 1))
    again = Run(copy)
    looked: list[str] = []
    linked = Drafting.linked
    monkeypatch.setattr(
        Drafting,
        "linked",
        lambda self, note, web: (looked.append(note.slug), linked(self, note, web))[1],
    )
    assert again.settle() == Settled()
    assert (looked, again.files()) == ([], before)
    # What has no sidecar any more is looked at.
    (copy / ".generator" / "notes" / "kettle" / "fresnel_lens.json").unlink()
    os.utime(copy / "kettle" / "fresnel_lens.md", ns=(2, 2))
    again.settle()
    assert looked == ["fresnel_lens"]
    assert (copy / ".generator" / "notes" / "kettle" / "fresnel_lens.json").exists()
    again.library.close()


def test_the_links_of_a_copied_vault_follow_what_changed(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    run.settle()
    for path in run.root.glob("*/*.md"):
        os.utime(path, ns=(1, 1))
    (run.root / "kettle" / "fresnel_lens.md").unlink()
    assert paths(run.settle().written) == ["lighthouses_at_sea.md", "kettle.md"]
    assert "[[" not in run.text("kettle/lighthouses_at_sea.md")


@pytest.mark.parametrize("other", ["other", "kettle"])
def test_links_say_the_channel_where_two_files_have_a_name(run: Run, other: str):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    run.settle()
    short = run.files()
    there = run.root / other / "mine" / "fresnel_lens.md"
    there.parent.mkdir(parents=True)
    there.write_text("---\ntitle: My own thoughts\n---\n")
    run.settle()
    assert "[[kettle/fresnel_lens | Fresnel lens]]" in run.text("kettle/lighthouses_at_sea.md")
    assert "- [[kettle/fresnel_lens | Fresnel lens]]" in run.text("kettle/kettle.md")
    there.unlink()
    run.settle()
    assert run.files() == short


def test_a_file_in_no_folder_makes_a_name_ambiguous(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    run.settle()
    (run.root / "fresnel_lens.md").write_text("Mine.")
    run.settle()
    assert "[[kettle/fresnel_lens | Fresnel lens]]" in run.text("kettle/lighthouses_at_sea.md")
    (run.root / "fresnel_lens.md").unlink()
    run.settle()
    assert "[[fresnel_lens | Fresnel lens]]" in run.text("kettle/lighthouses_at_sea.md")


def test_links_follow_what_the_owner_renames_deletes_and_adds(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    lens = run.root / "kettle" / "fresnel_lens.md"
    lens.rename(run.root / "kettle" / "the lens.md")
    run.settle()
    assert "[[the lens | Fresnel lens]]" in run.text("kettle/lighthouses_at_sea.md")
    (run.root / "kettle" / "the lens.md").unlink()
    run.settle()
    assert "[[" not in run.text("kettle/lighthouses_at_sea.md")
    assert "lens" not in run.text("kettle/kettle.md")
    assert not list(run.root.rglob("*lens.md"))
    lens.write_text("---\ntitle: Fresnel lens\nvideoId: video-00077\n---\nMine.\n")
    run.settle()
    assert "[[fresnel_lens | Fresnel lens]]" in run.text("kettle/lighthouses_at_sea.md")


def test_a_file_of_ours_that_its_owner_restored_has_the_links_of_today(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    file = run.root / "kettle" / "lighthouses_at_sea.md"
    old = file.read_bytes()
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    new = file.read_bytes()
    file.write_bytes(old)
    run.settle()
    assert file.read_bytes() == new != old


def test_an_edited_note_is_kept_and_told_when_its_links_would_change(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    file = run.root / "kettle" / "lighthouses_at_sea.md"
    file.write_text(file.read_text() + "\nMine.\n")
    run.settle()
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    settled = run.settle()
    assert [(each.slug, each.reason) for each in settled.kept] == [
        ("lighthouses_at_sea", "it was edited by hand")
    ]
    assert "[[" not in run.text("kettle/lighthouses_at_sea.md")


def test_an_edited_note_of_a_video_that_goes_stays(run: Run):
    run.publish(a_note(KETTLE, "Fresnel lens", LENS), a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    file = run.root / "kettle" / "lighthouses_at_sea.md"
    file.write_text(file.read_text() + "\nMine.\n")
    kept = run.publisher.withdraw(KETTLE.id)
    assert paths(kept) == ["lighthouses_at_sea.md"]
    run.settle()
    assert not (run.root / "kettle" / "fresnel_lens.md").exists()
    assert file.read_text().endswith("Mine.\n")
    assert "- [[lighthouses_at_sea | Lighthouses at sea]]" in run.text("kettle/kettle.md")


def test_an_edited_note_of_a_topic_that_is_gone_is_told_until_it_goes(run: Run):
    both = a_note(KETTLE, "Fresnel lens", LENS), a_note(KETTLE, "Neap tides", "Low.", at=90)
    run.publish(*both)
    file = run.root / "kettle" / "neap_tides.md"
    ours = file.read_text()
    file.write_text(ours + "\nMine.\n")
    for _ in range(2):
        assert paths(run.begin().publish(KETTLE, "openai", both[:1])[1]) == ["neap_tides.md"]
        run.settle()
    assert "Mine." in file.read_text()
    assert run.begin(overwrite=True).publish(KETTLE, "openai", both[:1])[1] == []
    assert not file.exists()
    assert paths(run.settle().removed) == ["neap_tides.md"]
    assert "neap_tides" not in run.text("kettle/kettle.md")
    assert not (run.root / ".generator/notes/kettle/neap_tides.json").exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_overwriting_takes_away_only_what_was_once_the_programs(run: Run, is_known: bool):
    own = run.root / "kettle" / "fresnel_lens.md"
    if not is_known:
        own.parent.mkdir(parents=True)
        own.write_text("My own.\n")
    run.publish(a_note(KETTLE, "Fresnel lens", LENS))
    own.write_text("My own, and more.\n")
    run.settle()
    run.begin(overwrite=True).withdraw(KETTLE.id)
    assert own.exists() is not is_known


def test_a_folder_goes_with_the_last_note_of_its_channel_unless_something_else_is_in_it(run: Run):
    for channel in ("attic", "cellar"):
        run.publish(a_note(a_video(2, channel), "Fresnel lens", LENS))
    (run.root / "cellar" / "mine.txt").write_text("Mine.")
    run.settle()
    run.publisher.withdraw(a_video(2).id)
    run.settle()
    assert not (run.root / "attic").exists()
    assert [path.name for path in (run.root / "cellar").iterdir()] == ["mine.txt"]
    assert list((run.root / ".generator" / "notes").iterdir()) == []


def test_sidecars_follow_their_files(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    sidecars = run.root / ".generator" / "notes" / "kettle"
    linked = {path.name: path.read_bytes() for path in sidecars.iterdir()}
    assert sorted(linked) == ["fresnel_lens.json", "lighthouses_at_sea.json"]
    # Made anew, they are the same as when only what the file says was changed in them.
    for path in sidecars.iterdir():
        path.unlink()
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    assert {path.name: path.read_bytes() for path in sidecars.iterdir()} == linked
    run.publisher.withdraw(a_video(2).id)
    assert [path.name for path in sidecars.iterdir()] == ["lighthouses_at_sea.json"]


def test_a_vault_that_is_moved_with_its_library_stays_as_it_is(tmp_path: Path):
    old = Run(tmp_path / "old")
    old.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    old.settle()
    old.library.close()
    (tmp_path / "old").rename(tmp_path / "new")
    new = Run(tmp_path / "new")
    assert new.settle() == Settled()
    new.publish(a_note(a_video(3), "Wrecks", MENTION))
    settled = new.settle()
    assert [Path(each.path).parent for each in settled.written] == [tmp_path / "new" / "kettle"]
    new.library.close()


def test_a_library_without_an_index_gets_one(run: Run):
    run.library.save_fetched(fetched(KETTLE))
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    with run.library._database.transaction() as execute:
        for table in ("files", "indexed", "words", "due", "marks"):
            execute(f"DELETE FROM {table}")
    run.begin()
    run.settle()
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    assert "[[fresnel_lens | Fresnel lens]]" in run.text("kettle/lighthouses_at_sea.md")


class Counted(Disk):
    """The file system, and how often all of the vault was looked at."""

    looks = 0

    def scan(self, root: Path) -> Iterator[tuple[str, Seen]]:
        self.looks += 1
        return super().scan(root)


@pytest.mark.parametrize(("fresh", "looks"), [(60.0, 1), (0.0, 2)])
def test_a_vault_that_was_looked_at_just_now_is_not_looked_at_again(
    run: Run, monkeypatch: pytest.MonkeyPatch, fresh: float, looks: int
):
    monkeypatch.setattr(web, "FRESH_SECONDS", fresh)
    disk = Counted()
    run.begin(disk)
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    assert disk.looks == looks
    assert "[[fresnel_lens | Fresnel lens]]" in run.text("kettle/lighthouses_at_sea.md")


@pytest.mark.parametrize("fresh", [60.0, 0.0])
def test_what_its_owner_changes_during_a_run_is_found_by_the_next_at_the_latest(
    run: Run, monkeypatch: pytest.MonkeyPatch, fresh: float
):
    monkeypatch.setattr(web, "FRESH_SECONDS", fresh)
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    theirs = run.root / "kettle" / "fresnel_lens.md"
    theirs.write_text("---\ntitle: Fresnel lens\n---\nMine.\n", "utf-8")
    run.settle()
    run.settle()
    assert "[[fresnel_lens | Fresnel lens]]" in run.text("kettle/lighthouses_at_sea.md")
    theirs.unlink()
    run.settle()
    assert "[[" not in run.text("kettle/lighthouses_at_sea.md")


def test_a_file_that_its_owner_deletes_during_a_run_has_no_links_at_its_end(run: Run, monkeypatch):
    monkeypatch.setattr(web, "FRESH_SECONDS", 0.0)
    theirs = run.root / "kettle" / "fresnel_lens.md"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("---\ntitle: Fresnel lens\n---\nMine.\n", "utf-8")
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    assert "[[fresnel_lens" in run.text("kettle/lighthouses_at_sea.md")
    run.publish(a_note(a_video(2), "Tidal friction", "Tides slow the earth."))
    theirs.unlink()
    run.settle()
    assert "[[" not in run.text("kettle/lighthouses_at_sea.md")


def test_where_links_of_many_notes_are_made_anew_it_is_told_how_far_that_is(run: Run, monkeypatch):
    monkeypatch.setattr(settling, "MANY", 2)
    run.publish(*(a_note(KETTLE, title, MENTION) for title in ("Lighthouses", "Wrecks", "Rocks")))
    run.settle()
    told: list[str] = []
    run.publisher.settle(told.append)
    assert told == []
    monkeypatch.setattr(web, "_LIBRARIES", ())
    run.begin()
    run.publisher.settle(told.append)
    assert told == [
        "looking at the links of 3 notes: 0 done",
        "looking at the links of 3 notes: 2 done",
    ]


# Pages


def test_the_index_lists_the_channels_that_there_are(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.publish(a_note(a_video(2, "attic"), "Fresnel lens", LENS))
    run.settle()
    index = run.root / "index.md"
    assert index.read_text() == "---\ntitle: Channels\n---\n- [[attic]]\n- [[kettle]]\n"
    run.publisher.withdraw(a_video(2, "attic").id)
    settled = run.settle()
    assert index.read_text() == "---\ntitle: Channels\n---\n- [[kettle]]\n"
    assert paths(settled.removed) == ["fresnel_lens.md", "attic.md"]
    assert not (run.root / "attic").exists()


@pytest.mark.parametrize("text", ["My own start.\n", "---\ntitle: Home\n---\n- [[kettle]]\nMine\n"])
def test_an_index_with_the_owners_words_is_kept(run: Run, text: str):
    run.root.joinpath("index.md").write_text(text)
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    settled = run.settle()
    assert paths(settled.kept) == ["index.md"]
    assert run.root.joinpath("index.md").read_text() == text
    run.begin(overwrite=True).settle()
    assert "- [[kettle]]" in run.root.joinpath("index.md").read_text()


def test_a_page_that_its_owner_deleted_comes_back_and_follows_a_new_title(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    page = run.root / "kettle" / "kettle.md"
    text = page.read_text()
    page.unlink()
    run.settle()
    assert page.read_text() == text
    other = a_video(1, published=KETTLE.published)
    object.__setattr__(other, "title", "Another title")
    run.library.save_fetched(fetched(other))
    run.settle()
    assert page.read_text() == text.replace("Talk 1", "Another title")


def test_a_page_has_the_newest_first_and_those_without_a_day_as_they_came(run: Run):
    days = [None, date(2024, 5, 1), None, date(2025, 5, 1), date(2024, 5, 1)]
    for number, day in enumerate(days, 1):
        run.publish(a_note(a_video(number, published=day), f"Subject {number}"))
        run.settle()
    listed = [line[5:11] for line in run.text("kettle/kettle.md").split("\n") if "###" in line]
    assert listed == ["Talk 4", "Talk 2", "Talk 5", "Talk 1", "Talk 3"]


# Topics that stay, come and go


def test_a_topic_under_a_new_title_keeps_its_file_and_its_old_name(run: Run):
    first = [
        a_note(KETTLE, "Fresnel lens", LENS, "It has rings.", at=0),
        a_note(KETTLE, "Lighthouses at sea", MENTION, "They stand on rocks.", at=20),
    ]
    run.publish(*first)
    run.publish(a_note(a_video(2), "Ships", MENTION))
    run.settle()
    second = [
        a_note(KETTLE, "Stepped glass of lamps", LENS, "It has many rings.", at=0),
        a_note(KETTLE, "Towers in the waves", MENTION, "They stand on rocks.", at=20),
    ]
    assert run.publish(*second) == ["fresnel_lens", "lighthouses_at_sea"]
    run.settle()
    assert "title: Stepped glass of lamps" in (run.root / "kettle/fresnel_lens.md").read_text()
    assert "[[fresnel_lens | Fresnel lens]]" in run.text("kettle/ships.md")
    aliases = {note.title: note.aliases for note in run.library.notes("kettle")}
    assert aliases["Stepped glass of lamps"] == ("Fresnel lens",)
    # The old name stays when the note is written again, and goes when a note has it as title.
    assert run.publish(*second) == ["fresnel_lens", "lighthouses_at_sea"]
    third = [*second, a_note(KETTLE, "Fresnel lens", "Another view of it.", at=60)]
    slugs = run.publish(*third)
    assert slugs == ["fresnel_lens", "lighthouses_at_sea", "fresnel_lens_2"]
    (note,) = (note for note in run.library.notes("kettle") if note.slug == "fresnel_lens")
    assert note.aliases == ()


def test_a_topic_that_is_gone_takes_its_file_and_another_does_not_get_its_name(run: Run):
    run.publish(
        a_note(KETTLE, "Fresnel lens", LENS, at=0), a_note(KETTLE, "Neap tides", "Low.", at=30)
    )
    run.settle()
    slugs = run.publish(
        a_note(KETTLE, "Fresnel lens", LENS, at=0), a_note(KETTLE, "Ships", MENTION, at=90)
    )
    run.settle()
    assert slugs == ["fresnel_lens", "ships"]
    assert sorted(path.name for path in (run.root / "kettle").iterdir()) == [
        "fresnel_lens.md",
        "kettle.md",
        "ships.md",
    ]


def test_the_second_of_a_title_in_a_channel_gets_a_number(run: Run):
    assert run.publish(a_note(KETTLE, "Tides")) == ["tides"]
    assert run.publish(a_note(a_video(2), "Tides")) == ["tides_2"]
    assert run.publish(a_note(a_video(3, "attic"), "Tides")) == ["tides"]
    run.begin()
    assert run.publish(a_note(a_video(4), "TIDES!")) == ["tides_3"]
    assert run.publish(a_note(a_video(2), "Tides")) == ["tides_2"]


# The same bytes, however often a run is split and stopped


class Killed(BaseException):
    """The process is no more."""


class Fuse:
    """Kills after so many steps that leave something behind; never, without a number."""

    def __init__(self, steps: int | None = None) -> None:
        self.steps = steps
        self.burnt = 0

    def tick(self) -> None:
        """One step nearer."""
        self.burnt += 1
        if self.burnt == self.steps:
            raise Killed


class Fused(Disk):
    """A disk whose every change may be the last thing that a run does."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self._fuse = fuse

    def begin(self, files: Sequence[tuple[Path, bytes]]) -> Finish:
        """Writes, in the end; the run may be over before or after each file."""
        self._fuse.tick()

        def finish() -> list[Seen | OSError]:
            written = []
            for file in files:
                self._fuse.tick()
                written += super(Fused, self).begin([file])()
                self._fuse.tick()
            return written

        return finish

    def amend(self, path: Path, before: bytes, after: bytes) -> None:
        """Amends; the run may end before or after."""
        self._fuse.tick()
        super().amend(path, before, after)
        self._fuse.tick()

    def unlink(self, path: Path) -> None:
        """Removes; the run may end before or after."""
        self._fuse.tick()
        super().unlink(path)
        self._fuse.tick()


TITLES = (
    "Spring tides", "Neap tides", "Tidal friction", "Fresnel lens", "Lighthouse optics",
    "Greenwich meridian", "Railway time", "Metric system", "Survey of the meridian", "Day of noon",
)  # fmt: skip

Step = tuple[Video, tuple[Note, ...]]


def some_work(dice: random.Random) -> list[Step]:
    """What is published, one video after the other; one without notes is withdrawn."""
    videos = [
        a_video(n, dice.choice(["kettle", "attic"]), dice.choice([None, date(2024, 1, n)]))
        for n in range(1, 7)
    ]

    def notes(video: Video) -> tuple[Note, ...]:
        titles = dice.sample(TITLES, dice.randint(1, 3))
        return tuple(
            a_note(
                video,
                title,
                *(f"Here {of} is told of." for of in dice.sample(TITLES, 3)),
                aliases=dice.sample(TITLES, dice.randint(0, 1)),
                at=20 * place,
            )
            for place, title in enumerate(titles)
        )

    first = [(video, notes(video)) for video in videos]
    again = [(video, notes(video)) for video in dice.sample(videos, 4)]
    again += dice.sample(again, 2) + dice.sample(first, 1)
    gone: list[Step] = [(video, ()) for video in dice.sample(videos, 1)]
    return [*first, *again, *gone]


def work_on(root: Path, work: Sequence[Step], fuse: Fuse, done: set[int], most: int = 99) -> None:
    """One run over what is not done yet, of at most so many videos."""
    with Library.open(root / ".generator" / "library.db") as library:
        publisher = Publisher(Settings(output=root), library, Fused(fuse))
        for at in [at for at in range(len(work)) if at not in done][:most]:
            video, notes = work[at]
            if notes:
                library.save_fetched(fetched(video))
                publisher.publish(video, "openai", notes)
            else:
                publisher.withdraw(video.id)
            done.add(at)
        assert publisher.settle().errors == ()
        publisher = Publisher(Settings(output=root, timestamp_links=True), library, Fused(fuse))
        renewals = [
            publisher.renew(video, "openai", notes)
            for video in library.videos()
            if (notes := library.notes(video=video))
        ]
        for renewal in renewals:
            renewal.finish()
        assert publisher.settle().errors == ()


def renewed(run: Run, **settings: object) -> list[str]:
    """What becomes of a video's notes that the library has, as a new run with settings sees it."""
    notes = run.library.notes(video=KETTLE)
    published, _ = run.begin(**settings).renew(KETTLE, "openai", notes).finish()
    return [of.state for of in published]


def test_notes_that_stay_are_written_anew_and_their_sidecars_not_made(run: Run, monkeypatch):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    run.settle()
    before = run.files()
    with monkeypatch.context() as patch:
        patch.setattr("generator.vault.sidecars.make_sidecar", None)
        patch.setattr(run.library, "save_notes", None)
        assert renewed(run) == ["unchanged", "unchanged"]
        assert run.files() == before
        assert renewed(run, timestamp_links=True) == ["written", "written"]
    there = run.files()
    assert there != before
    run.publisher.publish(KETTLE, "openai", run.library.notes(video=KETTLE))
    run.settle()
    assert run.files().keys() == there.keys()
    assert renewed(run) == ["written", "written"]
    assert run.files() == before


def test_files_on_their_way_are_in_their_places_before_anything_else_is_done(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    before = run.text("kettle/lighthouses_at_sea.md")
    publisher = run.begin(timestamp_links=True)
    notes = run.library.notes(video=KETTLE)
    renewal = publisher.renew(KETTLE, "openai", notes)
    assert run.text("kettle/lighthouses_at_sea.md") == before
    run.publish(a_note(a_video(3), "Tidal friction", LENS))
    assert "youtu.be" in run.text("kettle/lighthouses_at_sea.md")
    assert [each.state for each in renewal.finish()[0]] == ["written"]
    run.publisher.settle()
    assert run.library.filings.due() == []


def test_a_file_that_cannot_be_put_in_its_place_is_told_of_its_own_video(run: Run, monkeypatch):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    publisher = run.begin(timestamp_links=True)
    renewed = {}
    put = os.replace

    def refuse(temporary: str, target: Path) -> None:
        if Path(target).name == "lighthouses_at_sea.md":
            raise OSError(errno.EIO, "the disk is broken")
        put(temporary, target)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", refuse)
        for video in (KETTLE, a_video(2)):
            notes = run.library.notes(video=video)
            renewed[video.id] = publisher.renew(video, "openai", notes)
        with pytest.raises(VaultUnwritable, match=r"lighthouses_at_sea\.md.*the disk is broken"):
            renewed[KETTLE.id].finish()
        assert [each.state for each in renewed[a_video(2).id].finish()[0]] == ["written"]
    assert "youtu.be" not in run.text("kettle/lighthouses_at_sea.md")
    assert not list(run.root.rglob("*.tmp"))
    run.begin(timestamp_links=True).settle()
    assert "youtu.be" in run.text("kettle/lighthouses_at_sea.md")


def test_the_files_of_several_videos_are_recorded_at_once(run: Run, monkeypatch):
    videos = [a_video(number) for number in range(1, 2 * TOGETHER)]
    for video in videos:
        run.publish(a_note(video, f"Tide {video.id}", LENS))
    run.settle()
    publisher = run.begin(timestamp_links=True)
    filed = run.library.filings.file
    recorded = []
    monkeypatch.setattr(
        run.library.filings, "file", lambda due: (recorded.append(len(due)), filed(due))
    )
    renewals = [publisher.renew(of, "openai", run.library.notes(video=of)) for of in videos]
    assert recorded == [TOGETHER]
    assert {each.finish()[0][0].state for each in renewals} == {"written"}
    assert recorded == [TOGETHER, TOGETHER - 1]
    assert publisher.settle().errors == ()
    assert run.library.filings.due() == []


def test_where_files_cannot_be_recorded_none_is_written_and_each_video_is_told(
    run: Run, monkeypatch
):
    videos = [a_video(number) for number in range(1, TOGETHER + 1)]
    for video in videos:
        run.publish(a_note(video, f"Tide {video.id}", LENS))
    run.settle()
    before = run.files()
    publisher = run.begin(timestamp_links=True)

    def refuse(_: object) -> None:
        raise LibraryUnusable(run.root, "the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(run.library.filings, "file", refuse)
        renewals = [publisher.renew(of, "openai", run.library.notes(video=of)) for of in videos]
        for renewal in renewals:
            with pytest.raises(LibraryUnusable, match="the disk is full"):
                renewal.finish()
    assert run.files() == before
    published, _ = publisher.renew(videos[0], "openai", run.library.notes(video=videos[0])).finish()
    assert [each.state for each in published] == ["written"]


def test_a_file_that_says_what_was_written_long_ago_is_the_programs(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.settle()
    file = run.root / "kettle" / "lighthouses_at_sea.md"
    first = file.read_bytes()
    for links in (True, False, True):
        run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION + " " * links))
        renewed(run, timestamp_links=links, front_matter=("url",) * links)
    file.write_bytes(first)
    assert renewed(run, timestamp_links=True) == ["written"]


@pytest.mark.parametrize("damage", ["gone", "another", "of another file"])
def test_a_sidecar_that_is_not_as_it_was_made_is_made_again(run: Run, damage: str):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    run.settle()
    before = run.files()
    folder = run.root / ".generator" / "notes" / KETTLE.channel
    sidecar = folder / "fresnel_lens.json"
    if damage == "gone":
        sidecar.unlink()
    elif damage == "another":
        sidecar.write_bytes(sidecar.read_bytes().replace(b"Here", b"There").replace(b"a", b"e"))
    else:
        sidecar.write_bytes((folder / "lighthouses_at_sea.json").read_bytes())
    renewed(run)
    run.settle()
    assert run.files() == before


def test_a_file_edited_moved_or_deleted_is_treated_as_ever_when_notes_stay(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION), a_note(KETTLE, "Fresnel lens", LENS))
    run.settle()
    lens = run.root / KETTLE.channel / "fresnel_lens.md"
    lens.write_text(lens.read_text() + "\nMy own words.\n")
    edited = lens.read_bytes()
    assert renewed(run, timestamp_links=True) == ["written", "kept"]
    run.settle()
    assert lens.read_bytes() == edited
    sea = run.root / KETTLE.channel / "lighthouses_at_sea.md"
    sea.rename(run.root / KETTLE.channel / "sea.md")
    lens.unlink()
    assert renewed(run) == ["written", "written"]
    assert lens.exists()
    assert (run.root / KETTLE.channel / "sea.md").exists()
    assert not sea.exists()


def test_a_deleted_note_stays_away_with_another_text_and_comes_back_with_its_links(run: Run):
    run.publish(a_note(KETTLE, "Lighthouses at sea", MENTION))
    run.publish(a_note(a_video(2), "Fresnel lens", LENS))
    run.settle()
    sea = run.root / "kettle" / "lighthouses_at_sea.md"
    sea.unlink()
    longer = a_note(KETTLE, "Lighthouses at sea", f"And more: {MENTION}")
    run.library.save_fetched(fetched(KETTLE))
    ((left,), others) = run.publisher.publish(KETTLE, "openai", [longer], bring_back=False)
    assert (left.state, left.slug, others) == ("kept", "lighthouses_at_sea", [])
    assert [each.slug for each in run.library.filings.due()] == [PAGE]
    run.settle()
    assert not sea.exists()
    assert renewed(run, overwrite=True) == ["written"]
    run.settle()
    assert "And more: Ships owe their lives to the [[fresnel_lens | Fresnel lens]]" in run.text(
        "kettle/lighthouses_at_sea.md"
    )


def test_a_note_that_was_never_written_is_none_that_was_deleted(run: Run):
    note = a_note(KETTLE, "Lighthouses at sea", MENTION)
    run.library.save_fetched(fetched(KETTLE))
    run.library.save_notes(KETTLE, "openai", [replace(note, slug="lighthouses_at_sea")])
    ((made,), _) = run.publisher.publish(KETTLE, "openai", [note], bring_back=False)
    assert made.state == "written"


@pytest.fixture
def fuse_in_library(monkeypatch) -> list[Fuse]:
    """Whoever puts a fuse in here has it burn with every transaction as well."""
    fuses: list[Fuse] = []
    transaction = Database.transaction

    @contextmanager
    def fused(self: Database):
        for fuse in fuses:
            fuse.tick()
        with transaction(self) as run:
            yield run
        for fuse in fuses:
            fuse.tick()

    monkeypatch.setattr(Database, "transaction", fused)
    return fuses


@pytest.mark.parametrize("seed", range(20))
def test_split_and_killed_runs_end_in_the_same_bytes(tmp_path: Path, seed: int, fuse_in_library):
    dice = random.Random(seed)
    work = some_work(dice)
    whole = Fuse()
    fuse_in_library[:] = [whole]
    work_on(tmp_path / "whole", work, whole, set())
    expected = files_in(tmp_path / "whole")
    for name in ("split", "killed"):
        done: set[int] = set()
        for _ in range(200):
            steps = dice.randint(1, whole.burnt // 2) if name == "killed" else None
            fuse = Fuse(steps)
            fuse_in_library[:] = [fuse]
            try:
                work_on(tmp_path / name, work, fuse, done, dice.randint(1, len(work)))
            except Killed:
                continue
            if len(done) == len(work):
                break
        assert len(done) == len(work)
        assert files_in(tmp_path / name) == expected


def test_all_code_that_makes_links_is_what_they_are_made_by() -> None:
    """Where a module that it imports were not among it, a change of that would be overlooked."""
    root = Path(web.__file__).parents[1]
    named = set(web._LINKING)
    for name in web._LINKING:
        tree = ast.parse((root / name).read_text("utf-8"))
        imported = {
            node.module.removeprefix("generator.")
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("generator.")
        }
        used = {f"{module.replace('.', '/')}.py" for module in imported}
        assert {module for module in used if module.startswith("renderer/")} <= named, name
    assert {"renderer/links.py", "renderer/keys.py", "renderer/entries.py"} <= named
