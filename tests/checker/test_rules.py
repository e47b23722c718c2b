"""Every rule finds its planted case, at its place, and is silent on its clean twin."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.checker.codes import BY_CODE
from generator.checker.reporting import place
from tests.checker import vaults
from tests.checker.vaults import LENS, LENS_BODY, PAGE, TOWER, cited, found_in, note, write

Plant = Callable[[Path], None]


def changed(path: str, old: str, new: str) -> Plant:
    return lambda vault: vaults.replace(vault, path, old, new)


def written(path: str, text: str) -> Plant:
    return lambda vault: write(vault, path, text)


ELSEWHERE = cited("00:00:01")
AT_10, AT_20, AT_60 = cited("00:00:10"), cited("00:00:20"), cited("00:01:00")
SHIFTED = cited("01:00:00").replace("[01", "[00").replace(":00:00]", ":01:00]")
HIDDEN_SCRIPT = '<a href=" java&#10;script:x"'


def orphan(vault: Path) -> None:
    vaults.replace(vault, LENS, "[[tower]]", "tower")
    vaults.replace(vault, PAGE, "- [[tower | Tower]]\n", "")


def locked(vault: Path) -> None:
    write(vault, "lamps/locked.md", note("Locked", LENS_BODY))
    (vault / "lamps/locked.md").chmod(0)


def attachment(vault: Path) -> None:
    write(vault, "lamps/drawing.png", "")
    vaults.replace(vault, LENS, "A lens", "![[drawing.png]] A lens")


def qualified(vault: Path) -> None:
    write(vault, "boats/tower.md", note("Tower", LENS_BODY))
    vaults.replace(vault, LENS, "[[tower]]", "[[lamps/tower]]")
    vaults.replace(vault, PAGE, "[[tower |", "[[lamps/tower |")
    vaults.replace(vault, "boats/tower.md", "[[tower]]", "[[boats/tower#x]]")


# The code that is broken, the file, the text at which it is found there, and what is spoiled.
PLANTED: list[tuple[str, str, str, Plant]] = [
    ("C101", LENS, "<a", changed(LENS, AT_10, AT_10.replace("</a>", ""))),
    ("C101", LENS, "<a", changed(LENS, AT_10, AT_10.replace("[00:00:10]", ""))),
    ("C101", LENS, "<a", changed(LENS, AT_10, AT_10.replace(' class="yt-timestamp"', ""))),
    ("C101", LENS, "[00:00:10]", changed(LENS, AT_10, "[00:00:10]")),
    ("C101", LENS, "<a", changed(LENS, AT_10, "<a>[00:00:10]</a>")),
    ("C102", LENS, "<a", changed(LENS, AT_10, AT_10.replace("00:00:10", "00:10"))),
    ("C102", LENS, "<a", changed(LENS, AT_10, AT_10.replace("00:00:10", "00:00:70"))),
    ("C102", LENS, "<a", changed(LENS, AT_10, AT_10.replace("00:00:10", "ten"))),
    ("C102", LENS, "<a", changed(LENS, AT_10, AT_10.replace("[00:00:10]", "[0:00:10]"))),
    ("C103", LENS, "<a", changed(LENS, AT_10, AT_10.replace("[00:00:10]", "[00:00:12]"))),
    ("C103", LENS, "<a", changed(LENS, AT_10, AT_10.replace('">[', '" href="x?t=9">['))),
    ("C104", LENS, "<a", changed(LENS, AT_10, cited("00:07:13"))),
    ("C105", LENS, "<a", changed(LENS, AT_10, AT_10.replace("00:00:10", "-00:00:10"))),
    ("C106", LENS, '<a class="yt-timestamp" data-t="01', changed(LENS, AT_60, SHIFTED)),
    ("C107", LENS, "<a", changed(LENS, AT_10, cited("00:00:15"))),
    ("C108", LENS, '<a class="yt-timestamp" data-t="00:00:01', changed(LENS, AT_60, ELSEWHERE)),
    ("C109", LENS, "It is", changed(LENS, f"{AT_10}.", f"{AT_10}.\n\nIt is heavy.\n\n")),
    ("C109", LENS, "What", changed(LENS, "What they carried:\n", "What they carried:\n\n")),
    ("C110", TOWER, "It is", written(TOWER, note("Tower", "It is [[lens | tall]].\n"))),
    ("L201", LENS, "[[steeple", changed(LENS, "[[tower]]", "[[steeple]]")),
    ("L202", LENS, "[[lens", changed(LENS, "[[tower]]", "[[tower]] by a [[lens]]")),
    ("L203", LENS, "[[tower", written("boats/tower.md", note("Tower", LENS_BODY))),
    ("L204", LENS, "[[tower | k", changed(LENS, "The keepers", "The [[tower | keepers]]")),
    ("L205", LENS, "[[tower", changed(LENS, "[[tower]]", "[[tower] ")),
    ("L205", LENS, "[[the", changed(LENS, "[[tower]]", "[[the [[tower]]]]")),
    ("L205", LENS, "]] has", changed(LENS, "[[tower]] has", "tower]] has")),
    ("L206", TOWER, "", changed(PAGE, "- [[tower | Tower]]\n", "")),
    ("L206", PAGE, "", lambda vault: (vault / PAGE).unlink()),
    ("L207", PAGE, "[[steeple", changed(PAGE, "- [[tower |", "- [[steeple]]\n- [[tower |")),
    ("L208", TOWER, "", orphan),
    ("N301", TOWER, "", written(TOWER, f"From: [[lamps]] <br/> \n\nIt [[lens]] {AT_10}.\n")),
    ("N302", LENS, "", changed(LENS, "title: Lens", "title: 'Lens")),
    ("N303", LENS, "", changed(LENS, "title: Lens\n", "")),
    ("N304", LENS, "", changed(LENS, f"videoId: {vaults.VIDEO}\n", "")),
    ("N305", LENS, "videoId", changed(LENS, vaults.VIDEO, "https://youtu.be/LampsOfSea1")),
    ("N306", LENS, "A lens", changed(LENS, "From: [[lamps]] <br/> \n\n", "")),
    ("N307", LENS, "From", changed(LENS, "From: [[lamps]]", "From: [[tower]]")),
    ("N308", LENS, "", changed(LENS, "title: Lens", "title: Prism")),
    ("N309", "lamps/zz.md", "", written("lamps/zz.md", note("Zz", LENS_BODY))),
    ("N310", LENS, "None", changed(LENS, "## The keepers\n", "## None\n\n## The keepers\n")),
    ("H401", LENS, "<b>", changed(LENS, "A lens", "A <b>lens")),
    ("H401", LENS, "<!--", changed(LENS, "A lens", "A <!-- big --> lens")),
    ("H402", LENS, "<script", changed(LENS, "A lens", "A <script src='lens.js'> lens")),
    ("H403", LENS, "onclick", changed(LENS, AT_10, AT_10.replace("<a", '<a onclick="x()"'))),
    ("H404", LENS, "javascript", changed(LENS, "A lens", "A [l](javascript:alert(1)) lens")),
    ("H404", LENS, '" java', changed(LENS, AT_10, AT_10.replace("<a", HIDDEN_SCRIPT))),
    ("F501", "lamps/locked.md", "", locked),
    ("F502", "lamps/old.md", "", lambda vault: (vault / "lamps/old.md").write_bytes(b"caf\xe9")),
    ("F503", "lamps/big.md", "", written("lamps/big.md", "x" * 2**21)),
    ("F504", "lamps/dir.md", "", lambda vault: (vault / "lamps/dir.md").mkdir()),
    ("F505", "lamps/loop.md", "", lambda vault: (vault / "lamps/loop.md").symlink_to("loop.md")),
    ("F506", "lamps/a\x07b.md", "", written("lamps/a\x07b.md", "")),
    ("F507", ".generator/library.db", "", written(".generator/library.db", "no library")),
]


def test_a_clean_vault_has_no_findings(tmp_path):
    vault = vaults.make_vault(tmp_path)
    assert found_in(vault) == []
    assert found_in(vault, transcripts=vaults.make_transcripts(tmp_path)) == []


@pytest.mark.parametrize(
    ("second", "pace", "found"),
    [
        ("00:00:15", None, ["C107"]),
        ("00:00:15", 0.8, []),  # words of the caption that starts at 10 are said up to 18.8
        ("00:00:35", 0.8, ["C107"]),  # those of the one at 20 up to 25.6, and the next starts at 40
    ],
)
def test_a_time_may_be_that_of_any_word_where_words_are_timed(tmp_path, second, pace, found):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, AT_10, cited(second))
    transcripts = vaults.make_transcripts(tmp_path, pace=pace)
    findings = found_in(vault, transcripts=transcripts, select=("C107",))
    assert vaults.codes(findings) == found


def test_every_rule_has_a_planted_case():
    assert {code for code, *_ in PLANTED} == BY_CODE.keys()


def test_every_rule_has_a_clean_twin():
    assert {code for code, _ in TWINS} == BY_CODE.keys()


def place_of(path: Path, text: str) -> tuple[int, int]:
    """The line and column at which a text first stands in a file."""
    if not text:
        return 1, 1
    lines = path.read_text("utf-8").split(text)[0].split("\n")
    return len(lines), len(lines[-1]) + 1


@pytest.mark.parametrize(("code", "path", "text", "plant"), PLANTED)
def test_a_rule_finds_its_planted_case(tmp_path, code, path, text, plant):
    if code == "F501" and os.geteuid() == 0:
        pytest.skip("the superuser may read all files")
    vault = vaults.make_vault(tmp_path)
    transcripts = vaults.make_transcripts(tmp_path)
    plant(vault)
    findings = found_in(vault, transcripts=transcripts)
    places = [
        ((vault / finding.path).relative_to(vault).as_posix(), finding.line, finding.column)
        for finding in findings
        if finding.code == code
    ]
    assert (path, *place_of(vault / path, text)) in places, findings
    selected = found_in(vault, transcripts=transcripts, select=(code,))
    assert [finding.code for finding in selected] == [code] * len(places)
    others = found_in(vault, transcripts=transcripts, ignore=(code,))
    assert code not in {finding.code for finding in others}


@pytest.mark.parametrize(("code", "path", "text", "plant"), PLANTED)
def test_after_mending_there_is_nothing_to_mend(tmp_path, code, path, text, plant):
    vault = vaults.make_vault(tmp_path)
    transcripts = vaults.make_transcripts(tmp_path)
    plant(vault)
    before = found_in(vault, transcripts=transcripts)
    assert not [finding for finding in before if finding.edits and not BY_CODE[finding.code].mended]
    done = vaults.checked(vault, transcripts=transcripts, fix=True)
    assert not [finding for finding in done.findings if finding.edits]
    assert done.mended.total() == sum(1 for finding in before if finding.edits)
    assert vaults.checked(vault, transcripts=transcripts, fix=True).files_mended == 0


# What looks like a case of a rule, and is none.
TWINS: list[tuple[str, Plant]] = [
    ("C101", changed(LENS, AT_10, AT_10.replace("<a class", "<a title='x' class"))),
    ("C101", changed(LENS, "A lens", "A `[00:00:10]` lens")),
    ("C101", changed(LENS, "A lens", "A [1] lens")),
    ("C102", changed(LENS, AT_10, f"{AT_10}, {AT_20}")),
    ("C103", changed(LENS, AT_10, AT_10.replace('">', '" href="https://youtu.be/x?t=10">'))),
    ("C104", changed(LENS, AT_60, cited("00:01:30"))),
    ("C107", changed(LENS, AT_10, cited("00:00:11"))),
    ("C109", changed(LENS, "*   Keepers", "*   Oil:\n    *   Keepers")),
    ("C109", changed(LENS, f"{AT_10}.", f"{AT_10}.\n\n---\n\n")),
    ("L201", changed(LENS, "[[tower]]", "[[tower#In waves]] and [[#The keepers]]")),
    ("L201", changed(LENS, "[[tower]]", "[[lamps/tower]] and [[../lamps/tower.md]]")),
    ("L201", attachment),
    ("L202", changed(LENS, "[[tower]]", "[[lens#The keepers]] and [[tower]]")),
    ("L203", qualified),
    ("L205", changed(LENS, "A lens", r"A `[[lens` at a[b[0]] or \[\[so\]\] lens [x]")),
    ("N308", lambda vault: (vault / LENS).rename(vault / "lamps/lens_2.md") and None),
    ("N309", changed(LENS, LENS_BODY[:30], LENS_BODY[:30])),
    ("N310", changed(LENS, "## The keepers\n", "## Men\n\n### The keepers\n")),
    ("C101", changed(LENS, "A lens", "A <!-- [00:00:10] --> lens")),
    ("C101", changed(LENS, "A lens", f"<div>\n{AT_10}\n</div>\n\nA lens")),
    ("C105", changed(LENS, AT_10, cited("00:00:00"))),
    ("C106", changed(LENS, AT_60, cited("00:01:00"))),
    ("C108", changed(LENS, AT_60, cited("00:01:02"))),
    ("C110", written(TOWER, note("Tower", f"{cited('00:00:40')} It is [[lens | tall]].\n"))),
    ("L204", changed(LENS, "The keepers", "The `[[tower]]` keepers")),
    ("L206", changed(PAGE, "- [[tower | Tower]]", "- [[lamps/tower | Tower]]")),
    ("L207", changed(PAGE, "- [[tower | Tower]]", "- [[tower#In waves]]\n- [sea](https://x.org)")),
    ("L208", changed(PAGE, "- [[tower | Tower]]\n", "")),
    ("N301", written(TOWER, "\ufeff" + note("Tower", "It [[lens]].\n").replace("\n", "\r\n"))),
    ("N302", changed(LENS, "title: Lens", "title: 'Lens: of glass'")),
    ("N303", changed(LENS, "title: Lens", "title: >\n  Lens")),
    ("N304", changed(LENS, "videoId: ", "'videoId': ")),
    ("N305", changed(LENS, vaults.VIDEO, "'-_345678901'")),
    ("N306", changed(LENS, "From: [[lamps]]", "From: [[lamps | The lamps]]")),
    ("N307", changed(LENS, "From: [[lamps]]", "From: [[lamps/lamps]]")),
    ("H403", changed(LENS, "A lens", "Light on = once, a lens")),
    ("F501", written("lamps/empty.md", "")),
    ("F502", written("lamps/word.md", "\ufeff\u2028😀")),
    ("F503", written("lamps/long.md", "x" * 900_000)),
    ("F504", lambda vault: (vault / "lamps/folder").mkdir()),
    ("F505", lambda vault: (vault / "lamps/also.md").symlink_to("lens.md")),
    ("F506", written("lamps/%é漢 😀.md", "")),
    ("F507", lambda vault: (vault / ".generator").mkdir()),
    ("H401", changed(LENS, "A lens", r"A `<b>` \<b> 2 < 3 lens <https://example.org>")),
    ("H402", changed(LENS, "A lens", "A\n\n```\n<script>\n```\n\nA lens")),
    ("H404", changed(LENS, "A lens", "A [javascript: a book](https://example.org) lens")),
]


@pytest.mark.parametrize(("code", "plant"), TWINS)
def test_a_rule_is_silent_on_a_clean_twin(tmp_path, code, plant):
    vault = vaults.make_vault(tmp_path)
    transcripts = vaults.make_transcripts(tmp_path)
    plant(vault)
    findings = found_in(vault, transcripts=transcripts)
    assert [finding for finding in findings if finding.code == code] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # The length of a run, in a sentence that goes on; a definition of a link; a comment.
        ("A lens", "A run of [02:03:59] hours. A lens"),
        ("A lens", "[00:01:22]: http://x.org\n\nA lens"),
        ("A lens", "A <!-- [00:00:10] --> lens"),
        ("A lens", "They met at [12:30]. A lens"),
        # A name that ends like a link to a heading.
        ("[[tower]]", "[[Tower#]]"),
    ],
)
def test_what_is_not_certain_is_left(tmp_path, old, new):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, old, new)
    before = vaults.read(vault, LENS)
    assert vaults.checked(vault, fix=True).files_mended == 0
    assert vaults.read(vault, LENS) == before


def test_a_link_in_a_table_is_mended_without_another_cell(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, "## The keepers", "| a |\n|---|\n| [[Tower]] |\n\n## The keepers")
    vaults.checked(vault, fix=True)
    assert "\n| [[tower \\| Tower]] |\n" in vaults.read(vault, LENS)
    assert [each for each in found_in(vault) if each.code[0] == "L"] == []


def test_a_label_that_fits_its_neighbours_far_better_is_not_overwritten(tmp_path):
    vault = vaults.make_vault(tmp_path)
    doubtful = '<a class="yt-timestamp" data-t="00:59:59">[00:01:07]</a>'
    vaults.replace(vault, LENS, f"one beam {AT_10}", f"one beam {AT_10}. It is so {doubtful}")
    vaults.checked(vault, fix=True)
    assert doubtful in vaults.read(vault, LENS)


def test_a_file_beside_the_vault_is_named_from_where_the_user_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vaults.make_vault(tmp_path)
    write(Path("vault"), ".generator/library.db", "no library")
    (tmp_path / "subtitles").mkdir()
    (tmp_path / f"subtitles/{vaults.VIDEO}.srt").write_bytes(b"\x00\xff")
    done = vaults.checked(Path("vault"), transcripts=Path("subtitles"))
    shown = {place(done.root, each) for each in done.findings if each.code == "F507"}
    assert shown == {"vault/.generator/library.db:1:1", f"subtitles/{vaults.VIDEO}.srt:1:1"}
