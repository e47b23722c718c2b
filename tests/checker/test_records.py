"""What is beside a vault counts: the library, the sidecars, and transcripts in a folder."""

from __future__ import annotations

import json
import shutil
import sqlite3

import pytest

from generator import generate_notes
from generator.checker.records import BUSY_SECONDS
from generator.checker.transcripts import Transcripts, find_transcripts
from generator.errors import LibraryUnusable
from generator.library import Library
from tests.checker import vaults
from tests.checker.vaults import LENS, checked, cited, codes, found_in, read


@pytest.fixture
def written(tmp_path):
    """A vault that the program wrote, and the path of its note."""
    transcripts = vaults.make_transcripts(tmp_path)
    vault = tmp_path / "vault"
    report = generate_notes(
        transcripts=list(transcripts.iterdir()), output=vault, engine="extractive"
    )
    return vault, report.videos[0].notes[0].path.removeprefix(f"{vault}/")


def test_a_note_of_the_program_is_proven_by_the_library_or_the_sidecar_alone(written):
    vault, _ = written
    assert checked(vault).findings == []
    assert checked(vault).unchecked == 0
    library, sidecars = vault / ".generator/library.db", vault / ".generator/notes"
    shutil.move(sidecars, vault.parent / "sidecars")
    assert (checked(vault).findings, checked(vault).unchecked) == ([], 0)
    library.unlink()
    assert checked(vault).unchecked > 0
    shutil.move(vault.parent / "sidecars", sidecars)
    assert (checked(vault).findings, checked(vault).unchecked) == ([], 0)


@pytest.mark.parametrize("lost", ["library.db", "notes"])
def test_a_time_that_the_evidence_contradicts_is_mended_by_it(written, lost):
    vault, path = written
    (vault / ".generator" / lost).rename(vault.parent / lost)
    clean = read(vault, path)
    stamp = "00:00:20"
    vaults.write(vault, path, clean.replace(stamp, "00:00:40"))
    assert codes(found_in(vault)) == ["C108"]
    vaults.write(vault, path, clean.replace(stamp, "00:20:00"))
    assert codes(found_in(vault)) == ["C106"]
    assert checked(vault, fix=True).findings == []
    assert read(vault, path) == clean


def test_a_name_on_record_is_no_wrong_name(written):
    vault, path = written
    vaults.write(vault, path, read(vault, path).replace("title: ", "title: The new "))
    assert found_in(vault, select=("N308",)) == []
    shutil.rmtree(vault / ".generator")
    assert codes(found_in(vault, select=("N308",))) == ["N308"]


def test_a_link_to_the_name_that_a_note_had_is_mended(written):
    vault, path = written
    folder, _, name = path.rpartition("/")
    (vault / path).rename(vault / folder / "renamed.md")
    vaults.write(vault, f"{folder}/other.md", f"[[{name.removesuffix('.md')} | x]]\n")
    (vault / ".generator/library.db").unlink()
    checked(vault, fix=True, select=("L",))
    assert read(vault, f"{folder}/other.md") == "[[renamed | x]]\n"


def test_of_several_transcripts_the_one_with_the_notes_words_counts(tmp_path):
    folder = vaults.make_transcripts(tmp_path)
    (folder / f"Lampen [{vaults.VIDEO}].de.srt").write_text(
        "1\n00:00:10,000 --> 00:00:19,000\nEine Linse aus Glas bündelt das Licht.\n"
    )
    found = find_transcripts(folder)
    assert sorted(found) == [vaults.VIDEO]
    transcripts = Transcripts(found)
    for text, language in (
        ("A lens bends the light of a flame", "en"),
        ("Eine Linse aus Glas", "de"),
    ):
        spoken = transcripts.spoken(vaults.VIDEO, text)
        assert spoken is not None
        assert spoken.transcript.language == language
    assert transcripts.spoken("another_id1", "x") is None


def test_transcripts_are_found_by_their_names_and_below_the_folder(tmp_path):
    names = [
        *(
            "aaaaaaaaaa1.vtt",
            "aaaaaaaaaa2.en.json",
            "Title [aaaaaaaaaa3].ru.srt",
            "-aaaaaaaaa4.srt",
        ),
        *("a/b/aaaaaaaaaa5.vtt", "aaaaaaaaaa6.md", ".aaaaaaaaaa7.vtt", "aaaaaaaaaa88.vtt", "x.vtt"),
    ]
    for name in names:
        vaults.write(tmp_path, name, "")
    assert sorted(find_transcripts(tmp_path)) == [
        *("-aaaaaaaaa4", "aaaaaaaaaa1", "aaaaaaaaaa2", "aaaaaaaaaa3", "aaaaaaaaaa5"),
    ]


def test_what_has_no_transcript_is_counted_and_not_good(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, cited("00:00:10"), cited("00:07:13"))
    done = checked(vault)
    assert (done.findings, done.unchecked, done.notes_unchecked) == ([], 5, 2)
    transcripts = vaults.make_transcripts(tmp_path)
    done = checked(vault, transcripts=transcripts)
    assert (codes(done.findings), done.unchecked) == (["C104"], 0)
    assert json.loads(next(transcripts.iterdir()).read_text())["duration"] == 100


def test_a_library_that_another_program_locks_is_waited_for_once_and_briefly(written, monkeypatch):
    vault, _ = written
    opened = []
    open_ = Library.open.__func__

    def opening(cls, path, *, busy_seconds=None, **more):
        opened.append(busy_seconds)
        return open_(cls, path, busy_seconds=0.01, **more)

    monkeypatch.setattr(Library, "open", classmethod(opening))
    path = vault / ".generator" / "library.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("UPDATE videos SET title = title")
    (found,) = [each for each in checked(vault).findings if each.code == "F507"]
    assert opened == [BUSY_SECONDS]
    assert "locked" in found.message
    with pytest.raises(LibraryUnusable):
        checked(vault, library=path)
    connection.execute("ROLLBACK")
    connection.close()
    assert checked(vault).findings == []


def test_each_process_waits_no_longer_for_a_library_than_that(written, monkeypatch):
    vault, _ = written
    opened = []
    open_ = Library.open.__func__

    def opening(cls, path, *, busy_seconds=None, **more):
        opened.append(busy_seconds)
        return open_(cls, path, **more)

    monkeypatch.setattr(Library, "open", classmethod(opening))
    checked(vault)
    assert set(opened) == {BUSY_SECONDS}
