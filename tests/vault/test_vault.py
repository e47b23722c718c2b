"""Notes in the vault: written, kept where they were edited, found where they were moved."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import VaultUnwritable
from generator.library import Library
from generator.library.filings import Done
from generator.models import (
    Citation,
    Cue,
    Found,
    Note,
    Paragraph,
    Section,
    Statement,
    Transcript,
    Video,
)
from generator.summarizer.lines import make_lines
from generator.vault.files import Written
from generator.vault.sidecars import make_sidecar
from generator.vault.standing import State
from generator.vault.vault import Vault

KEYS = ("title", "videoId")
VIDEO = Video(
    id="tides-00001",
    title="Why the sea rises",
    channel="harbour_talks",
    channel_id="UC0123456789abcdefghijkl",
    url="https://www.youtube.com/watch?v=tides-00001",
    duration=612.5,
    published=date(2024, 2, 29),
)
CUES = (Cue(0.5, 2.0, "The Moon pulls the sea."), Cue(63.2, 3.0, "Twice a day it rises."))
TRANSCRIPT = Transcript(VIDEO.id, "en", True, CUES)
LEAD = Statement(CUES[0].text, citations=(Citation(0, 0, 4, "Moon pulls", Found.EXACT),))
RISES = Statement(CUES[1].text, citations=(Citation(63, 1, 0, "Twice a day", Found.NEAR),))
NOTE = Note(
    "Tides: a “short” guide",
    ("Ebb and flow",),
    "tides",
    VIDEO,
    (Paragraph((LEAD,)),),
    (Section("Twice a day", 2, (Paragraph((RISES,)),), 60.0, 612.5),),
)
TEXT = """---
title: "Tides: a short guide"
videoId: tides-00001
---

From: [[harbour_talks]] <br/> 

The Moon pulls the sea <a class="yt-timestamp" data-t="00:00:00">[00:00:00]</a>.
"""
NEW_TEXT = TEXT.replace("The Moon pulls", "Moon and Sun pull")
WRITTEN = Written(State.WRITTEN, "harbour_talks/tides.md")
UNCHANGED = Written(State.UNCHANGED, "harbour_talks/tides.md")
KEPT = Written(State.KEPT, "harbour_talks/tides.md", "it was edited by hand")
FOREIGN = Written(State.KEPT, "harbour_talks/tides.md", "this program did not write it")


def write_note(
    vault: Vault, note: Note, text: str, *, library: Library | None = None, **options
) -> Written:
    """Writes a note as it is published: planned, kept in the library, then written."""
    sidecar = options.pop("sidecar", None)
    channel, slug = note.video.channel, note.slug
    recorded = library.filings.written(channel, slug) if library else ()
    last_path = path_in(library, slug) if library else None
    plan = vault.plan_note(note, text, recorded=recorded, last_path=last_path, **options)
    is_kept = plan.decision.state is State.KEPT
    if library and not is_kept and plan.fresh not in recorded[:1]:
        library.filings.record_written(channel, slug, plan.fresh.digest, plan.fresh.front_matter)
    (written,) = vault.begin_notes([(plan, sidecar)])()
    if library and not is_kept:
        library.filings.done(Done({(channel, slug): plan.path}))
    return written


def path_in(library: Library, slug: str) -> str | None:
    """Where the library has it that the note's file was last."""
    return next((entry.path for entry in library.index.notes() if entry.slug == slug), None)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def file(root: Path) -> Path:
    return root / "harbour_talks" / "tides.md"


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "elsewhere" / "library.db") as opened:
        opened.save_notes(VIDEO, "extractive", [NOTE])
        yield opened


@pytest.fixture
def write(root: Path, library: Library):
    """Writes the note as a new run would."""
    return lambda text=TEXT, **options: write_note(
        Vault(root), NOTE, text, **{"keys": KEYS, "library": library, **options}
    )


def test_a_note_is_written_once(write, file: Path):
    assert write() == WRITTEN
    assert file.read_text() == TEXT
    before = file.stat()
    assert write() == UNCHANGED
    assert file.stat().st_ino == before.st_ino
    assert [path.name for path in file.parent.iterdir()] == ["tides.md"]


def test_what_the_program_wrote_it_rewrites(write, file: Path):
    write()
    assert write(NEW_TEXT) == WRITTEN
    assert file.read_text() == NEW_TEXT
    assert write(TEXT) == WRITTEN
    assert write(TEXT) == UNCHANGED


def test_an_edit_by_hand_is_kept(write, file: Path):
    write()
    edited = TEXT.replace("pulls", "PULLS")
    file.write_text(edited)
    assert write(NEW_TEXT) == KEPT
    assert write() == KEPT
    assert file.read_text() == edited


def test_an_edit_by_hand_is_replaced_when_asked_but_for_the_owners_keys(write, file: Path):
    write()
    file.write_text(TEXT.replace("pulls", "PULLS").replace("\n---\n\n", "\nrating: 5\n---\n\n"))
    assert write(NEW_TEXT, overwrite=True) == WRITTEN
    assert file.read_text() == NEW_TEXT.replace("\n---\n\n", "\nrating: 5\n---\n\n")
    assert write(NEW_TEXT) == UNCHANGED


def test_a_title_changed_by_hand_is_an_edit(write, file: Path):
    write()
    file.write_text(TEXT.replace("a short guide", "my guide"))
    assert write(NEW_TEXT) == KEPT


def test_a_file_of_another_origin_is_kept(write, file: Path, library: Library):
    file.parent.mkdir(parents=True)
    file.write_text("My own thoughts on tides.\n")
    assert write() == FOREIGN
    assert file.read_text() == "My own thoughts on tides.\n"
    assert path_in(library, "tides") is None


@pytest.mark.parametrize("content", [b"\xff\xfe\x00broken", b"\xd0"])
def test_a_file_that_is_no_text_is_kept(write, file: Path, content: bytes):
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert write() == FOREIGN
    assert file.read_bytes() == content
    assert write(overwrite=True) == WRITTEN
    assert file.read_text() == TEXT


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_FRONT_MATTER"])
def test_a_file_that_is_too_large_to_be_a_note_is_kept(write, file: Path, monkeypatch, limit: str):
    write()
    monkeypatch.setattr(f"generator.vault.standing.{limit}", 40)
    assert write(NEW_TEXT) == KEPT
    assert file.read_text() == TEXT


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_file_is_a_place_for_the_note(write, file: Path, content: str):
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert write() == WRITTEN
    assert file.read_text() == TEXT


@pytest.mark.parametrize(
    "style",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.rstrip("\n").replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n---\n\n", "\nrating: 5\n---\n\n").encode(),
    ],
    ids=["crlf", "bom", "no-end", "all", "keys"],
)
def test_the_owners_style_is_no_edit_and_survives(write, file: Path, style):
    write()
    file.write_bytes(style(TEXT))
    assert write() == UNCHANGED
    assert file.read_bytes() == style(TEXT)
    assert write(NEW_TEXT) == WRITTEN
    assert file.read_bytes() == style(NEW_TEXT)
    assert write(NEW_TEXT) == UNCHANGED


def test_a_moved_file_is_found_and_rewritten_where_it_is(
    write, root: Path, file: Path, library: Library
):
    write()
    moved = root / "physics" / "sea" / "How tides work.md"
    moved.parent.mkdir(parents=True)
    file.rename(moved)
    moved.write_bytes(TEXT.replace("\n---\n\n", "\nrating: 5\n---\n\n").encode())
    there = "physics/sea/How tides work.md"
    assert write() == Written(State.UNCHANGED, there)
    assert path_in(library, "tides") == there
    assert write(NEW_TEXT) == Written(State.WRITTEN, there)
    assert moved.read_text() == NEW_TEXT.replace("\n---\n\n", "\nrating: 5\n---\n\n")
    assert not file.exists()


def test_a_moved_file_is_found_by_the_same_vault_object(root: Path, library: Library, file: Path):
    vault = Vault(root)
    write_note(vault, NOTE, TEXT, keys=KEYS, library=library)
    for name in ("one.md", "two.md"):
        next(root.rglob("*.md")).rename(root / name)
        found = write_note(vault, NOTE, TEXT, keys=KEYS, library=library)
        assert found == Written(State.UNCHANGED, name)


def test_a_moved_file_is_ours_when_another_took_its_place(write, root: Path, file: Path):
    write()
    file.rename(root / "moved.md")
    file.write_text("My own thoughts on tides.\n")
    assert write(NEW_TEXT) == Written(State.WRITTEN, "moved.md")
    assert file.read_text() == "My own thoughts on tides.\n"


@pytest.mark.parametrize("name", ["tides.md", "renamed.md"])
def test_a_file_moved_and_edited_is_kept_where_it_is(write, root: Path, file: Path, name: str):
    title = NOTE.title
    text = TEXT.replace("Tides: a short guide", title)
    write(text)
    moved = root / "physics" / name
    moved.parent.mkdir()
    file.rename(moved)
    moved.write_text(text.replace("pulls", "PULLS"))
    assert write(NEW_TEXT) == replace(KEPT, path=f"physics/{name}")
    assert not file.exists()


def test_a_copy_is_not_taken_for_the_note(write, root: Path, file: Path):
    write()
    copy = root / "copy.md"
    copy.write_text(TEXT)
    assert write(NEW_TEXT) == WRITTEN
    assert copy.read_text() == TEXT


def test_a_deleted_file_is_written_anew(write, file: Path):
    write()
    file.unlink()
    assert write() == WRITTEN
    assert file.read_text() == TEXT


def test_a_deleted_vault_is_written_anew(write, root: Path, file: Path):
    write()
    file.unlink()
    file.parent.rmdir()
    root.rmdir()
    assert write() == WRITTEN


def test_another_note_of_the_video_is_not_taken_for_a_moved_one(write, root: Path, file: Path):
    write()
    file.unlink()
    other = root / "harbour_talks" / "spring_tides.md"
    other.write_text(TEXT.replace("Tides: a short guide", "Spring tides"))
    assert write() == WRITTEN
    assert "Spring tides" in other.read_text()


def test_keys_that_are_no_longer_wanted_go_and_the_owners_stay(write, file: Path):
    url = "\nurl: https://youtu.be/tides-00001\n---\n\n"
    write(TEXT.replace("\n---\n\n", url), keys=(*KEYS, "url"))
    file.write_text(TEXT.replace("\n---\n\n", "\nrating: 5" + url))
    assert write() == WRITTEN
    assert file.read_text() == TEXT.replace("\n---\n\n", "\nrating: 5\n---\n\n")
    file.write_text(TEXT.replace("\n---\n\n", "\nurl: mine\n---\n\n"))
    assert write() == UNCHANGED
    assert write(NEW_TEXT) == WRITTEN
    assert file.read_text() == NEW_TEXT.replace("\n---\n\n", "\nurl: mine\n---\n\n")


def test_without_the_library_the_sidecar_tells_an_edit(root: Path, file: Path):
    sidecar = make_sidecar(NOTE, TRANSCRIPT, make_lines(TRANSCRIPT), "extractive")

    def write(text: str) -> Written:
        return write_note(Vault(root), NOTE, text, keys=KEYS, sidecar=sidecar)

    assert write(TEXT) == WRITTEN
    assert write(NEW_TEXT) == WRITTEN
    file.write_text(TEXT.replace("pulls", "PULLS"))
    assert write(NEW_TEXT) == KEPT


def test_without_library_and_sidecar_a_file_that_says_the_same_is_unchanged(root: Path, file: Path):
    file.parent.mkdir(parents=True)
    file.write_text(TEXT)
    assert write_note(Vault(root), NOTE, TEXT, keys=KEYS) == UNCHANGED
    assert write_note(Vault(root), NOTE, NEW_TEXT, keys=KEYS) == FOREIGN


def test_what_is_found_unchanged_is_known_to_a_new_library(write, file: Path):
    file.parent.mkdir(parents=True)
    file.write_text(TEXT)
    assert write() == UNCHANGED
    assert write(NEW_TEXT) == WRITTEN


def test_a_path_in_the_library_that_leads_out_is_passed_over(
    write, library: Library, tmp_path: Path, file: Path
):
    outside = tmp_path / "tides.md"
    outside.write_text(TEXT)
    write()
    for path in ("../tides.md", str(outside), "harbour_talks/tides.txt", "nul\0.md", ""):
        library.filings.done(Done({("harbour_talks", "tides"): path}))
        assert write(NEW_TEXT).path == "harbour_talks/tides.md"
    assert outside.read_text() == TEXT


@pytest.mark.parametrize("folder", ["Harbour_Talks", "harbour_talks"])
def test_a_name_in_other_letters_is_the_same_file(root: Path, folder: str):
    decomposed = "u\u0308ber_ebbe"
    note = replace(NOTE, slug="\u00fcber_ebbe")
    (root / folder).mkdir(parents=True)
    (root / folder / f"{decomposed}.md").write_text("Mine.\n")
    found = write_note(Vault(root), note, TEXT, keys=KEYS)
    assert found == replace(FOREIGN, path=f"{folder}/{decomposed}.md")
    assert len(list(root.rglob("*.md"))) == 1


def test_front_matter_that_cannot_be_read_is_not_lost(write, file: Path):
    write()
    broken = TEXT.replace("\n---\n\n", "\nrating: [5\n---\n\n")
    file.write_text(broken)
    assert write(NEW_TEXT) == KEPT
    kept = write(NEW_TEXT, overwrite=True)
    assert (kept.state, kept.reason[:33]) == (State.KEPT, "the front matter cannot be read: ")
    assert file.read_text() == broken


anything = st.one_of(
    st.binary(),
    st.text().map(str.encode),
    st.text("-: \n[]{}&*!|>#a'\"\\U").map(lambda front: f"---\n{front}\n---\n\nText".encode()),
)


@settings(deadline=None)
@given(anything)
def test_whatever_stands_there_is_not_lost(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "harbour_talks", "tides.md")
        file.parent.mkdir()
        file.write_bytes(content)
        found = write_note(Vault(folder), NOTE, TEXT, keys=KEYS)
        blank = not content.decode(errors="replace").strip()
        assert found.state == (State.WRITTEN if blank else State.KEPT)
        assert file.read_bytes() == (TEXT.encode() if blank else content)
        found = write_note(Vault(folder), NOTE, TEXT, keys=KEYS, overwrite=True)
        kept = found.state == State.KEPT
        assert kept == (file.read_bytes() == content)
        assert kept or b"The Moon pulls the sea <a" in file.read_bytes()


# Sidecars


def test_the_sidecar_is_written_with_the_note(write, root: Path, file: Path):
    sidecar = make_sidecar(NOTE, TRANSCRIPT, make_lines(TRANSCRIPT), "extractive")
    path = root / ".generator" / "notes" / "harbour_talks" / "tides.json"
    write(sidecar=sidecar)
    first = path.read_bytes()
    assert Vault(root).sidecar("harbour_talks", "tides").title == NOTE.title
    assert json.loads(first)["file"]["frontMatter"] == ["title", "videoId"]
    before = path.stat()
    assert write(sidecar=sidecar) == UNCHANGED
    assert path.stat().st_ino == before.st_ino
    write(NEW_TEXT, sidecar=sidecar)
    assert path.read_bytes() != first
    file.write_text("Edited.")
    kept = path.read_bytes()
    assert write(TEXT, sidecar=replace(sidecar, title="Other")) == KEPT
    assert path.read_bytes() == kept


def test_a_damaged_sidecar_is_none_and_is_written_anew(write, root: Path):
    sidecar = make_sidecar(NOTE, TRANSCRIPT, make_lines(TRANSCRIPT), "extractive")
    path = root / ".generator" / "notes" / "harbour_talks" / "tides.json"
    write(sidecar=sidecar)
    good = path.read_bytes()
    for bad in (b"", b"{", b"[]", b"\xff", good.replace(b'"version": 1', b'"version": 2')):
        path.write_bytes(bad)
        assert Vault(root).sidecar("harbour_talks", "tides") is None
        assert write(sidecar=sidecar) == UNCHANGED
        assert path.read_bytes() == good


# Channel pages

PAGE = """---
title: harbour_talks
---
### [Why the sea rises](https://www.youtube.com/watch?v=tides-00001)
- [[tides | Tides]]
"""
PAGE_PATH = "harbour_talks/harbour_talks.md"


def test_a_channels_page_follows_its_notes(root: Path):
    vault = Vault(root)
    assert vault.pages.write_channel("harbour_talks", PAGE) == Written(State.WRITTEN, PAGE_PATH)
    assert vault.pages.write_channel("harbour_talks", PAGE) == Written(State.UNCHANGED, PAGE_PATH)
    longer = PAGE + "- [[moon | Moon]]\n"
    assert vault.pages.write_channel("harbour_talks", longer) == Written(State.WRITTEN, PAGE_PATH)
    assert (root / PAGE_PATH).read_text() == longer
    assert vault.notes() == []


def test_a_page_with_the_owners_words_is_kept(root: Path):
    vault = Vault(root)
    vault.pages.write_channel("harbour_talks", PAGE)
    page = root / PAGE_PATH
    page.write_text(PAGE + "\nMy favourites are marked.\n")
    longer = PAGE + "- [[moon | Moon]]\n"
    assert vault.pages.write_channel("harbour_talks", longer) == replace(KEPT, path=PAGE_PATH)
    assert page.read_text() == PAGE + "\nMy favourites are marked.\n"
    found = vault.pages.write_channel("harbour_talks", longer, overwrite=True)
    assert found == Written(State.WRITTEN, PAGE_PATH)
    assert page.read_text() == longer


def test_a_list_that_the_owner_added_to_a_page_is_kept(root: Path):
    vault = Vault(root)
    page = root / PAGE_PATH
    page.parent.mkdir(parents=True)
    page.write_text(PAGE + "### Favourites\n- [[tides]]\n")
    assert vault.pages.write_channel("harbour_talks", PAGE) == replace(KEPT, path=PAGE_PATH)


def test_a_page_of_local_recordings_follows_their_titles(root: Path, library: Library):
    vault = Vault(root)
    for title in ("A walk", "A walk by the sea"):
        text = f"---\ntitle: local\n---\n### {title}\n- [[walk | Walk]]\n"
        found = vault.pages.write_channel("local", text, library=library)
        assert found == Written(State.WRITTEN, "local/local.md")


@pytest.mark.parametrize("known", [True, False])
def test_a_page_of_videos_and_notes_is_rewritten_whoever_wrote_it(
    root: Path, library: Library, known: bool
):
    page = root / PAGE_PATH
    page.parent.mkdir(parents=True)
    page.write_text(PAGE + "- [[gone | Gone]]\n")
    given = {"library": library} if known else {}
    found = Vault(root).pages.write_channel("harbour_talks", PAGE, **given)
    assert found == Written(State.WRITTEN, PAGE_PATH)
    assert page.read_text() == PAGE


def test_a_page_is_read_as_it_is(root: Path):
    vault = Vault(root)
    assert vault.pages.channel("harbour_talks").videos == ()
    vault.pages.write_channel("harbour_talks", PAGE)
    assert [video.id for video in vault.pages.channel("harbour_talks").videos] == ["tides-00001"]


def test_a_page_that_is_no_text_is_kept(root: Path):
    page = root / PAGE_PATH
    page.parent.mkdir(parents=True)
    page.write_bytes(b"\xff\xfe")
    vault = Vault(root)
    assert vault.pages.write_channel("harbour_talks", PAGE).state == State.KEPT
    assert page.read_bytes() == b"\xff\xfe"


def test_the_owners_keys_and_line_ends_of_a_page_survive(root: Path):
    vault = Vault(root)
    vault.pages.write_channel("harbour_talks", PAGE)
    page = root / PAGE_PATH
    owned = PAGE.replace("\n---\n", "\ncssclass: wide\n---\n").replace("\n", "\r\n").encode()
    page.write_bytes(owned)
    found = vault.pages.write_channel("harbour_talks", PAGE)
    assert found == Written(State.UNCHANGED, PAGE_PATH)
    found = vault.pages.write_channel("harbour_talks", PAGE + "- [[moon | Moon]]\n")
    assert found == Written(State.WRITTEN, PAGE_PATH)
    assert page.read_bytes() == owned + b"- [[moon | Moon]]\r\n"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "../x", ".hidden", "nul\0"])
def test_names_that_lead_elsewhere_are_refused(root: Path, name: str):
    vault = Vault(root)
    with pytest.raises(ValueError, match="not a name"):
        write_note(vault, replace(NOTE, slug=name), TEXT, keys=KEYS)
    with pytest.raises(ValueError, match="not a name"):
        write_note(vault, replace(NOTE, video=replace(VIDEO, channel=name)), TEXT, keys=KEYS)
    with pytest.raises(ValueError, match="not a name"):
        vault.pages.write_channel(name, PAGE)
    with pytest.raises(ValueError, match="not a name"):
        vault.sidecar(name, "tides")
    assert not root.exists()


def test_a_name_that_is_too_long_for_the_disk(root: Path):
    with pytest.raises(VaultUnwritable):
        write_note(Vault(root), replace(NOTE, slug="x" * 300), TEXT, keys=KEYS)
