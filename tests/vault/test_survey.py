"""Which notes a vault has."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.models import VaultNote
from generator.renderer.frontmatter import front_matter
from generator.vault import disk, survey
from generator.vault.disk import Disk
from generator.vault.survey import Front, Survey, front_of

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX links and names")


def put(root: Path, path: str, content: str | bytes = "") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def paths(root: Path) -> list[str]:
    return [note.path for note in Survey(root).notes()]


def test_notes_are_found_with_what_their_front_matter_says(tmp_path: Path):
    put(
        tmp_path,
        "harbour_talks/tides.md",
        '---\ntitle: "Tides: a \\"short\\" guide"\nvideoId: tides-00001\n'
        "url: https://www.youtube.com/watch?v=tides-00001\npublished: 2024-02-29\n"
        "aliases:\n  - Ebb and flow\n  - 'High water'\n---\n\nText",
    )
    put(tmp_path, "harbour_talks/physics/moon.md", "No front matter.")
    put(tmp_path, "a/waves.md", "---\r\ntitle: Waves\r\nvideoId: '0123456789_'\r\n---\r\n")
    assert Survey(tmp_path).notes() == [
        VaultNote("a", "waves", "Waves", "0123456789_", "a/waves.md"),
        VaultNote("harbour_talks", "moon", "moon", "", "harbour_talks/physics/moon.md"),
        VaultNote(
            "harbour_talks",
            "tides",
            'Tides: a "short" guide',
            "tides-00001",
            "harbour_talks/tides.md",
            ("Ebb and flow", "High water"),
            date(2024, 2, 29),
        ),
    ]
    assert [note.slug for note in Survey(tmp_path).notes("harbour_talks")] == ["moon", "tides"]
    assert Survey(tmp_path).notes("nobody") == []


def test_what_is_no_note_is_left_out(tmp_path: Path):
    put(tmp_path, "a/note.md")
    put(tmp_path, "a/a.md")
    put(tmp_path, "a/index.md")
    put(tmp_path, "a/image.png")
    put(tmp_path, "a/.hidden.md")
    put(tmp_path, ".obsidian/plugin/readme.md")
    put(tmp_path, ".generator/notes/a/x.md")
    put(tmp_path, "a/.trash/old.md")
    put(tmp_path, "README.md")
    (tmp_path / "a" / "folder.md").mkdir()
    assert paths(tmp_path) == ["a/note.md"]
    assert [file.path for file in Survey(tmp_path).files()] == [
        "README.md",
        "a/a.md",
        "a/index.md",
        "a/note.md",
    ]


def test_the_page_of_a_channel_is_known_however_its_letters_are_written(tmp_path: Path):
    put(tmp_path, "mu\u0308nchen/M\u00fcnchen.md")
    put(tmp_path, "mu\u0308nchen/ebbe.md", "---\ntitle: Ebbe\n---\n")
    assert Survey(tmp_path).notes("m\u00fcnchen") == [
        VaultNote("m\u00fcnchen", "ebbe", "Ebbe", "", "mu\u0308nchen/ebbe.md")
    ]


@posix
def test_links_pipes_and_names_that_are_no_text(tmp_path: Path):
    put(tmp_path, "a/note.md")
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    (tmp_path / "a" / "linked.md").symlink_to(tmp_path / "a" / "note.md")
    os.mkfifo(tmp_path / "a" / "pipe.md")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/a/\xff.md"))).write_text("x")
    assert paths(tmp_path) == ["a/note.md"]


def test_folders_without_end_are_looked_into_so_far(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(disk, "MOST_LEVELS", 3)
    put(tmp_path, "a/b/c/yes.md")
    put(tmp_path, "a/b/c/d/no.md")
    assert paths(tmp_path) == ["a/b/c/yes.md"]


def test_a_vault_that_is_not_there_has_no_notes(tmp_path: Path):
    assert Survey(tmp_path / "nowhere").notes() == []


class Watched(Disk):
    """A disk that notes what is read, and refuses one name."""

    def __init__(self, refused: str = "") -> None:
        super().__init__()
        self.read_names: list[str] = []
        self._refused = refused

    def read(self, path: Path, at_most: int) -> bytes:
        """As the file system, unless it is the refused name."""
        self.read_names.append(path.name)
        if path.name == self._refused:
            raise PermissionError(13, "Permission denied")
        return super().read(path, at_most)


def test_a_file_that_cannot_be_read_is_left_out(tmp_path: Path):
    put(tmp_path, "a/good.md")
    put(tmp_path, "a/bad.md")
    found = Survey(tmp_path, Watched(refused="bad.md")).notes()
    assert [note.path for note in found] == ["a/good.md"]


def test_only_changed_files_are_read_again(tmp_path: Path):
    watched = Watched()
    put(tmp_path, "a/one.md", "---\ntitle: One\n---\n")
    put(tmp_path, "a/two.md", "---\ntitle: Two\n---\n")
    surveyed = Survey(tmp_path, watched)
    surveyed.notes()
    put(tmp_path, "a/two.md", "---\ntitle: Second\n---\n")
    (tmp_path / "a" / "one.md").rename(tmp_path / "a" / "three.md")
    assert [note.title for note in surveyed.notes()] == ["One", "Second"]
    surveyed.notes()
    assert sorted(watched.read_names) == ["one.md", "three.md", "two.md", "two.md"]


def test_long_front_matter_is_read_and_endless_is_not(tmp_path: Path):
    long = "---\ntitle: Long\n" + "# comment\n" * 1000 + "videoId: x\n---\n"
    endless = "---\ntitle: Endless\n" + "x: y\n" * 100_000 + "---\n"
    put(tmp_path, "a/endless.md", endless)
    put(tmp_path, "a/long.md", long)
    put(tmp_path, "a/open.md", "---\ntitle: Open\n")
    found = {note.slug: (note.title, note.video_id) for note in Survey(tmp_path).notes()}
    assert found == {"endless": ("endless", ""), "long": ("Long", "x"), "open": ("open", "")}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20)
)


@pytest.mark.parametrize(
    "front",
    [
        "[" * 10_000,
        "{a: " * 3000,
        "? " * 5000,
        BOMB + "aliases: *u",
        "title: [a, b]\nvideoId: {a: b}\naliases: {a: b}",
        "title: !!python/object/apply:os.system [id]",
        "- a\n- b",
        "just words",
        "title: *nobody",
        'title: "\\UFFFFFFFF"',
        "title: a\n\tb: c",
        "title: \x00\x07",
        "",
        "\n\n",
        "title:",
        ": x",
        "a: &a [*a]",
    ],
)
def test_hostile_front_matter_does_no_harm(tmp_path: Path, front: str):
    put(tmp_path, "a/note.md", f"---\n{front}\n---\n")
    (note,) = Survey(tmp_path).notes()
    assert (note.title, note.video_id, note.aliases) == ("note", "", ())


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("title: 0x123456789\nvideoId: 1e100000000", Front("0x123456789", "1e100000000")),
        ("videoId: -_-_-_-_-_-\ntitle: 2024-01-01", Front("2024-01-01", "-_-_-_-_-_-")),
        ("title: No\nvideoId: null", Front("No", "null")),
        ("title: a\u202eb\u0007c", Front("abc")),
        ("title: 'it''s'", Front("it's")),
        ("title: >\n  folded\n  text", Front("folded text")),
        ("title: 10:30 C#", Front("10:30 C#")),
        ("title: Tides # a comment", Front("Tides")),
        ('title: "a\\nb"', Front("a b")),
        ("aliases: one", Front(aliases=("one",))),
        ("aliases: [one, 'two', [three]]", Front(aliases=("one", "two"))),
        ("aliases:\n- one\n- two\ntitle: T", Front("T", aliases=("one", "two"))),
        ("aliases:\n  - one\n    - two", Front(aliases=("one - two",))),
        ("published: 29 February", Front()),
        ("title: One\ntitle: Two", Front("Two")),
        ("TITLE: x", Front()),
    ],
)
def test_values_are_the_text_that_stands_there(front: str, expected: Front):
    assert front_of(f"---\n{front}\n---\n".encode()) == expected


def test_a_byte_order_mark_and_broken_text_do_no_harm():
    assert front_of(b"\xef\xbb\xbf---\ntitle: T\n---\n") == Front("T")
    assert front_of(b"---\ntitle: T\xff\n---\n") == Front("T\ufffd")
    assert front_of(b"--- \ntitle: T\n---") == Front("T")
    assert front_of(b"----\ntitle: T\n----\n") == Front()


lines = st.text(
    st.sampled_from("ab1 -:#'\"\\[]{}&*!|>%@`,?~=<\t\u00e9\x85\u2028"), min_size=0, max_size=12
)


@example(["title: ", "1\t1"])
@given(st.lists(st.sampled_from(["title: ", "videoId: ", "aliases:\n- ", "  - "]) | lines))
def test_the_quick_look_says_what_yaml_says(parts: list[str]):
    front = "".join(part + "\n" if i % 2 else part for i, part in enumerate(parts))
    quick = survey._understood(survey._values(front))
    assert quick == survey._understood(survey._parsed(front))


@given(st.text(), st.text(), st.lists(st.text()))
def test_what_the_program_writes_it_reads(title: str, video_id: str, aliases: list[str]):
    written = front_matter({"title": title, "videoId": video_id, "aliases": aliases})
    text = survey.clean
    front = Front(text(title), text(video_id), tuple(filter(None, map(text, aliases))))
    assert front_of(written.encode()) == front


def test_what_the_program_writes_needs_no_yaml(monkeypatch):
    monkeypatch.setattr(survey, "_parsed", None)
    entries = {
        "title": 'Why "C:\\dir" and: more # things',
        "videoId": "-_-_-_-_-_-",
        "url": "https://www.youtube.com/watch?v=tides-00001",
        "published": date(2024, 2, 29),
        "aliases": ["No", "one: two"],
        "tags": ["tides"],
    }
    written = front_matter(entries)
    assert front_of(written.encode()).title == entries["title"]
    assert front_of(written.encode()).aliases == ("No", "one: two")
