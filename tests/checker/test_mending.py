"""`--fix` mends what has one right answer, and leaves every other byte as it was."""

from __future__ import annotations

import pytest

from generator import generate_notes
from generator.checker import times
from generator.checker.codes import Severity
from generator.checker.judgement import Place, Verdict
from generator.errors import VaultInUse
from generator.library import Library
from generator.vault.locking import vault_lock
from generator.vault.standing import fingerprint
from tests.checker import vaults
from tests.checker.vaults import LENS, PAGE, TOWER, checked, cited, codes, found_in, read

AT_10 = cited("00:00:10")

# What is in the place of the first citation or link, and what it becomes.
CITATIONS = {
    "an empty label": (AT_10.replace("[00:00:10]", ""), AT_10),
    "no brackets": (AT_10.replace("[00:00:10]", "00:00:10"), AT_10),
    "no class": (AT_10.replace(' class="yt-timestamp"', ""), AT_10),
    "no end": (AT_10.replace("</a>", ""), AT_10),
    "no anchor": ("[00:00:10]", AT_10),
    "another label": (AT_10.replace("[00:00:10]", "[00:00:12]"), AT_10),
    "minutes and seconds": (AT_10.replace("00:00:10", "00:10"), AT_10),
    "one digit": (AT_10.replace("00:00:10", "0:00:10"), AT_10),
    "parts of seconds": (AT_10.replace("00:00:10", "00:00:10.250"), AT_10),
    "a label that was not shifted": (AT_10.replace('"00:00:10', '"00:10:00'), AT_10),
    "another address": (
        AT_10.replace('">', '" href="https://youtu.be/x?a=1&amp;t=99">'),
        AT_10.replace('">', '" href="https://youtu.be/x?a=1&amp;t=10">'),
    ),
    "attributes of one's own": (
        "<a id='x' class='yt-timestamp' data-t='0:10'>[0:10]</a>",
        "<a id='x' class='yt-timestamp' data-t='00:00:10'>[00:00:10]</a>",
    ),
}
LINKS = {
    "case": ("[[Tower]]", "[[tower | Tower]]"),
    "a label stays": ("[[TOWER |  a tower ]]", "[[tower |  a tower ]]"),
    "a section stays": ("[[Tower#In waves|waves]]", "[[tower#In waves|waves]]"),
    "the note itself": ("[[LENS | a glass]]", "a glass"),
    "a section of itself": ("[[LENS#The keepers | a glass]]", "[[lens#The keepers | a glass]]"),
    "the wrong folder": ("[[boats/tower]]", "[[tower | boats/tower]]"),
}


@pytest.mark.parametrize(("broken", "mended"), CITATIONS.values(), ids=CITATIONS)
def test_a_citation_is_mended_and_nothing_else(tmp_path, broken, mended):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, AT_10, broken)
    expected = read(vault, LENS).replace(broken, mended)
    assert codes(found_in(vault)) != []
    done = checked(vault, fix=True)
    assert read(vault, LENS) == expected
    assert done.findings == []
    assert done.files_mended == 1
    assert checked(vault, fix=True).mended.total() == 0


@pytest.mark.parametrize(("broken", "mended"), LINKS.values(), ids=LINKS)
def test_a_link_is_mended_and_shows_what_it_showed(tmp_path, broken, mended):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, "[[tower]]", broken)
    expected = read(vault, LENS).replace(broken, mended)
    assert codes(found_in(vault)) == ["L201"]
    assert checked(vault, fix=True).findings == []
    assert read(vault, LENS) == expected


def test_a_link_by_title_or_alias_with_spaces_and_hyphens(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.write(vault, "lamps/light_houses_at_sea.md", read(vault, TOWER))
    vaults.replace(
        vault,
        "lamps/light_houses_at_sea.md",
        "title: Tower",
        "title: Light-houses at sea!\naliases: [Sea marks]",
    )
    vaults.replace(vault, PAGE, "- [[tower", "- [[Light-Houses at Sea | x]]\n- [[tower")
    vaults.replace(vault, LENS, "[[tower]]", "[[light houses_at-sea | a]] and [[Sea marks]]")
    assert codes(found_in(vault, select=("L201", "L207"))) == ["L207", "L201", "L201"]
    assert checked(vault, fix=True, select=("L201", "L207")).findings == []
    assert "[[light_houses_at_sea | a]] and [[light_houses_at_sea | Sea marks]]" in read(
        vault, LENS
    )
    assert "- [[light_houses_at_sea | x]]\n" in read(vault, PAGE)


def test_a_dead_link_in_a_heading_goes_whatever_it_means(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, "## The keepers", "## The [[Tower | keepers]]")
    clean = read(vault, LENS).replace("[[Tower | keepers]]", "keepers")
    assert codes(found_in(vault)) == ["L201", "L204"]
    done = checked(vault, fix=True)
    assert (done.findings, done.mended) == ([], {"L204": 1})
    assert read(vault, LENS) == clean


def test_links_in_headings_and_to_the_note_itself_become_their_labels(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, "## The keepers", "## The [[nowhere | keepers]] and [[tower]]")
    vaults.replace(vault, LENS, "a flame", "a [[lens | flame]]")
    expected = (
        read(vault, LENS)
        .replace("[[nowhere | keepers]] and [[tower]]", "keepers and tower")
        .replace("[[lens | flame]]", "flame")
    )
    assert checked(vault, fix=True).findings == []
    assert read(vault, LENS) == expected


def judged(monkeypatch, *verdicts):
    """Has the judge say this of the three citations of the first note."""
    monkeypatch.setattr(times, "judge", lambda cited, *_: list(verdicts[: len(cited)]))


@pytest.mark.parametrize(
    ("written", "state", "code"),
    [
        ("00:07:13", "past-end", "C104"),
        ("00:00:33", "moved", "C108"),
        ("01:00:00", "shifted", "C106"),
    ],
)
def test_a_time_is_mended_where_its_place_is_certain(tmp_path, monkeypatch, written, state, code):
    vault = vaults.make_vault(tmp_path)
    transcripts = vaults.make_transcripts(tmp_path)
    clean = read(vault, LENS)
    vaults.replace(vault, LENS, cited("00:01:00"), cited(written))
    sound, place = Verdict("sound"), Place(60, 0.97)
    judged(monkeypatch, sound, sound, Verdict(state, place, (place,), certain=False))
    (unsure,) = checked(vault, fix=True, transcripts=transcripts, select=("C", "L")).findings
    assert (unsure.code, unsure.candidates, unsure.edits) == (code, ("00:01:00",), ())
    assert cited(written) in read(vault, LENS)
    judged(monkeypatch, sound, sound, Verdict(state, place, (place,), certain=True))
    done = checked(vault, fix=True, transcripts=transcripts)
    assert done.mended == {code: 1}
    assert read(vault, LENS) == clean


def test_a_time_that_is_shown_right_is_mended_by_its_label(tmp_path):
    vault = vaults.make_vault(tmp_path)
    transcripts = vaults.make_transcripts(tmp_path)
    clean = read(vault, LENS)
    vaults.replace(vault, LENS, '"00:01:00"', '"00:09:59"')
    done = checked(vault, fix=True, transcripts=transcripts)
    assert done.mended == {"C104": 1, "C103": 1}
    assert read(vault, LENS) == clean


def test_what_is_unsure_is_left_with_its_candidates(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.write(vault, "boats/Tower_.md", read(vault, TOWER))
    vaults.write(vault, "mines/tower_.md", read(vault, TOWER))
    vaults.replace(vault, LENS, "[[tower]]", "[[Tower_]] and [[towers of the sea]]")
    before = read(vault, LENS)
    done = checked(vault, fix=True, select=("L201",))
    left = [finding for finding in done.findings if finding.path == LENS]
    assert read(vault, LENS) == before.replace("[[Tower_]]", "[[Tower_]]")
    assert [finding.message for finding in left] == ["there is no note “towers of the sea”"]


def test_line_ends_and_a_byte_order_mark_stay(tmp_path):
    vault = vaults.make_vault(tmp_path)
    text = "\ufeff" + read(vault, LENS).replace("\n", "\r\n").replace(AT_10, "[00:00:10]")
    vaults.write(vault, LENS, text)
    assert checked(vault, fix=True).findings == []
    assert read(vault, LENS) == text.replace("[00:00:10] ", "").replace(
        "[00:00:10]. Fish", f"{AT_10}. Fish"
    )


def test_a_dry_run_writes_nothing_and_says_what_would_be(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, AT_10, "[00:00:10]")
    before = read(vault, LENS)
    done = checked(vault, fix=True, dry_run=True, keep_changes=True)
    assert read(vault, LENS) == before
    assert done.mended == {"C101": 1}
    assert done.failed
    (change,) = done.changes
    assert change.before.decode() == before
    assert change.after.decode() == before.replace("[00:00:10]. ", f"{AT_10}. ", 1)


def test_only_what_is_selected_is_mended(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, AT_10, "[00:00:10]")
    vaults.replace(vault, LENS, "[[tower]]", "[[Tower]]")
    checked(vault, fix=True, ignore=("C",))
    assert "[00:00:10]. " in read(vault, LENS)
    assert "[[tower | Tower]]" in read(vault, LENS)


def test_a_file_that_cannot_be_written_keeps_its_findings(tmp_path, monkeypatch):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, AT_10, "[00:00:10]")
    vaults.replace(vault, TOWER, AT_10, "[00:00:10]")
    (vault / LENS).chmod(0o444)
    monkeypatch.setattr("os.access", lambda path, _mode: "lens" not in str(path))
    done = checked(vault, fix=True)
    assert {(finding.code, finding.path) for finding in done.findings} == {
        ("C101", LENS),
        ("F501", LENS),
    }
    assert done.files_mended == 1
    assert "[00:00:10]. " in read(vault, LENS)


def test_a_note_of_the_program_stays_the_programs(tmp_path):
    made = {
        "transcripts": list(vaults.make_transcripts(tmp_path).iterdir()),
        "output": tmp_path / "vault",
        "engine": "extractive",
    }
    vault = tmp_path / "vault"
    path = generate_notes(**made).videos[0].notes[0].path.removeprefix(f"{vault}/")
    channel, slug = path.removesuffix(".md").split("/")
    clean = read(vault, path)
    # As if an earlier version had written it with a fault.
    broken = clean.replace("[00:00:20]</a>", "[00:00:21]</a>")
    vaults.write(vault, path, broken)
    faulty = fingerprint(broken, ("title", "videoId"))
    with Library.open(vault / ".generator/library.db") as library:
        library.filings.record_written(channel, slug, faulty.digest, faulty.front_matter)
    done = checked(vault, fix=True)
    assert (done.mended, done.findings) == ({"C103": 1}, [])
    assert read(vault, path) == clean
    # Without the library only the sidecar knows whose it is.
    (vault / ".generator/library.db").unlink()
    assert generate_notes(**made).videos[0].notes[0].state == "unchanged"


def test_a_note_that_its_owner_edited_stays_edited(tmp_path):
    made = {
        "transcripts": list(vaults.make_transcripts(tmp_path).iterdir()),
        "output": tmp_path / "vault",
        "engine": "extractive",
    }
    vault = tmp_path / "vault"
    path = generate_notes(**made).videos[0].notes[0].path.removeprefix(f"{vault}/")
    edited = read(vault, path).replace("A glass lens", "A [[Lens]] lens")
    vaults.write(vault, path, edited + "\nMy own words [00:00:10].\n")
    assert checked(vault, fix=True, select=("C1",)).mended == {"C101": 1}
    after = read(vault, path)
    assert generate_notes(**made).videos[0].notes[0].state == "kept"
    assert read(vault, path) == after


def test_nobody_mends_while_a_run_writes(tmp_path):
    vault = vaults.make_vault(tmp_path)
    (vault / ".generator").mkdir()
    vaults.replace(vault, LENS, AT_10, "[00:00:10]")
    with vault_lock(vault), pytest.raises(VaultInUse):
        checked(vault, fix=True)
    with vault_lock(vault):
        assert codes(found_in(vault)) == ["C101"]
    assert checked(vault, fix=True).findings == []


def test_a_vault_of_another_tool_gets_no_folder_of_ours(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, AT_10, "[00:00:10]")
    before = sorted(path.name for path in vault.rglob("*"))
    checked(vault, fix=True)
    assert sorted(path.name for path in vault.rglob("*")) == before


def test_mended_says_how_bad_what_is_left_is(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, AT_10, "")
    done = checked(vault, fix=True)
    assert done.count(Severity.WARNING) == len(done.findings)
    assert not done.failed
