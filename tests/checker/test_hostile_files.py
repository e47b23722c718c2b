"""Nothing that a folder can hold stops the checker; what it cannot read it says."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.checker.codes import BY_CODE
from generator.checker.examining import Examiner
from generator.checker.index import Index
from generator.checker.records import Records
from generator.checker.walking import VaultFile
from generator.cli import app
from tests.checker import vaults
from tests.checker.vaults import LENS, PAGE, TOWER, cited, codes, found_in

CITED = cited("00:00:10")


def messages(vault: Path, **options: object) -> list[tuple[str, str, str]]:
    return [(each.code, each.path, each.message) for each in found_in(vault, **options)]


def test_files_that_are_no_text(tmp_path):
    vault = vaults.make_vault(tmp_path)
    (vault / "lamps/a.md").write_bytes(b"\x89PNG\r\n\0\0\0")
    (vault / "lamps/b.md").write_bytes("note".encode("utf-16"))
    (vault / "lamps/c.md").write_bytes(b"one\ntwo caf\xe9\n")
    (vault / "lamps/d.md").write_bytes(b"x" * 50_000_000)
    assert messages(vault, select=("F",)) == [
        ("F502", "lamps/a.md", "it is binary: there are NUL bytes in it"),
        ("F502", "lamps/b.md", "it is UTF-16; save it as UTF-8"),
        (
            "F502",
            "lamps/c.md",
            "byte 11 is no UTF-8; another encoding must be meant: save it as UTF-8",
        ),
        ("F503", "lamps/d.md", "it has 50.0 MB and is not read"),
    ]
    assert found_in(vault, select=("F502",))[2].line == 2


def test_what_is_no_file(tmp_path):
    vault = vaults.make_vault(tmp_path)
    (vault / "lamps/folder.md").mkdir()
    os.mkfifo(vault / "lamps/pipe.md")
    with socket.socket(socket.AF_UNIX) as bound:
        os.chdir(vault / "lamps")
        bound.bind("socket.md")
    assert [(code, path) for code, path, _ in messages(vault, select=("F",))] == [
        ("F504", "lamps/folder.md"),
        ("F504", "lamps/pipe.md"),
        ("F504", "lamps/socket.md"),
    ]


def test_links_in_the_file_system(tmp_path):
    vault = vaults.make_vault(tmp_path)
    (vault / "lamps/itself.md").symlink_to("itself.md")
    (vault / "lamps/gone.md").symlink_to("nowhere.md")
    (vault / "lamps/up").symlink_to("..")
    (vault / "lamps/fine.md").symlink_to("lens.md")
    (tmp_path / "outside").mkdir()
    (vault / "lamps/out").symlink_to(tmp_path / "outside")
    assert messages(vault) == [
        ("F505", "lamps/gone.md", "what it leads to is not there"),
        ("F505", "lamps/itself.md", "it leads in a circle"),
        ("F505", "lamps/up", "it leads back to a folder that it is in"),
    ]
    assert vaults.checked(vault).links_skipped == 2


def test_a_file_that_goes_while_it_is_checked(tmp_path):
    vault = vaults.make_vault(tmp_path)
    examiner = Examiner(vault, Index([]), Records(vault, None, {}), BY_CODE.keys(), mend=False)
    examined = examiner.examine(VaultFile("lamps/gone.md", 10))
    assert codes(list(examined.findings)) == ["F501"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read all files")
def test_files_and_folders_that_may_not_be_read(tmp_path):
    vault = vaults.make_vault(tmp_path)
    (vault / LENS).chmod(0)
    (vault / "closed").mkdir(mode=0)
    found = [(code, path) for code, path, _ in messages(vault, select=("F",))]
    (vault / "closed").chmod(0o700)
    assert found == [("F501", "closed"), ("F501", LENS)]


def test_names_are_printed_safely(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vault = vaults.make_vault(tmp_path)
    name = "lamps/\x1b[31m::error::\u202ered\n.md"
    vaults.write(vault, name, vaults.note("A\\x1b[31m", f"[[\x1b[2J]] {CITED}\n"))
    (vault / os.fsdecode(b"lamps/\xff.md")).write_text("x")
    for form in ("table", "json", "github"):
        told = CliRunner().invoke(app, ["check", "vault", "--format", form, "--verbose"]).output
        assert "\x1b" not in told
        assert "\u202e" not in told
        assert "\udcff" not in told
        if form == "json":
            assert json.loads(told)["errors"] > 0
        if form == "github":
            assert all(line.startswith("::") for line in told.splitlines())
    diff = CliRunner().invoke(app, ["check", "vault", "--diff"]).output
    assert "\x1b" not in diff


HOSTILE = {
    "brackets": "[" * 80_000,
    "links": "[[" * 40_000,
    "closed": "]]" * 40_000,
    "anchors": "<a " * 24_000,
    "citations": '<a class="yt-timestamp" data-t="' * 2_400,
    "tags": "<" * 80_000,
    "comments": "<!--" * 20_000,
    "ticks": "`" * 40_000 + " " + "`" * 39_999,
    "times": "[0:" * 24_000,
    "quotes": ">" * 40_000,
    "items": "* " * 20_000,
    "stars": "*a **" * 16_000,
    "tables": "|a" * 20_000 + "\n" + "|-" * 20_000,
    "addresses": "](" * 40_000,
    "handlers": "<b on" + "x" * 40_000,
    "spaces": "x" + " " * 80_000 + "y",
    "headings": "# [[a]]\n" * 8_000,
    "escapes": "\\" * 80_000,
    "front": "---\n" + "a: &a [*a]\n" * 4_000 + "---\n",
    "nested": "---\na: " + "[" * 12_000 + "\n---\n",
    "ids": "---\ntitle: x\nvideoId: " + "-" * 20_000 + "\n---\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_long_or_fails(tmp_path, text):
    """That it ends at all: what takes the square of these lengths would run for many minutes."""
    vault = vaults.make_vault(tmp_path)
    body = text if text.startswith("---") else vaults.note("Long", f"{text}\n")
    vaults.write(vault, "lamps/long.md", body)
    done = vaults.checked(vault, fix=True, dry_run=True)
    assert done.notes == 3
    assert {finding.code for finding in done.findings} <= BY_CODE.keys()


def test_a_folder_of_transcripts_that_cannot_be_read(tmp_path):
    vault = vaults.make_vault(tmp_path)
    transcripts = tmp_path / "transcripts"
    transcripts.mkdir()
    (transcripts / f"{vaults.VIDEO}.vtt").write_bytes(b"\0\xff no captions")
    (transcripts / f"{vaults.VIDEO}.json").mkdir()
    (finding,) = found_in(vault, transcripts=transcripts)
    assert finding.code == "F507"
    assert finding.path == str(transcripts / f"{vaults.VIDEO}.vtt")
    assert vaults.checked(vault, transcripts=transcripts).unchecked == 5


def test_a_page_of_nonsense(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.write(vault, PAGE, "---\n: [\n---\n- [[\n### [[[]]]\n<a onclick=x>\n")
    assert {"N302", "L205", "L206", "H403"} <= set(codes(found_in(vault)))
    assert TOWER
