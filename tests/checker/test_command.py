"""`generate check` as it is called: what it prints, and how it exits."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.checker.codes import BY_CODE
from generator.cli import app
from tests.checker import vaults
from tests.checker.vaults import LENS, TOWER, cited

ROOT = Path(__file__).parents[2]
SHARED = ROOT / ".." / "shared" / "data"
AT_10 = cited("00:00:10")


def run(*arguments: object, code: int = 0) -> str:
    ended = CliRunner().invoke(app, ["check", *map(str, arguments)])
    assert ended.exit_code == code, ended.output
    return ended.output


@pytest.mark.parametrize("vault", ["output", "output-openai"])
@pytest.mark.parametrize("form", ["table", "github"])
def test_the_vaults_of_the_demo_have_no_findings(vault, form):
    told = run(ROOT / vault, "--format", form)
    assert told.endswith("Nothing is wrong.\n") if form == "table" else told == ""


@pytest.mark.parametrize("vault", ["output", "output-openai"])
def test_the_evidence_of_the_demo_proves_every_citation(vault):
    found = json.loads(run(ROOT / vault, "--format", "json"))
    assert found["citations"] > 50
    assert found["not_checked"] == {"citations": 0, "notes": 0}
    assert found["findings"] == []


def test_exit_codes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vault = vaults.make_vault(tmp_path)
    run(vault)
    vaults.replace(vault, LENS, f"{AT_10}.", f"{AT_10}. So they say.\n\nIt is heavy.\n\n")
    run(vault)  # a warning
    vaults.replace(vault, LENS, "[[tower]]", "[[Tower]]")
    run(vault, code=1)
    run(vault, "--ignore", "L201")
    run(vault, "--fix", "--dry-run", code=1)
    run(vault, "--fix")
    run(vault)
    run(vault, "--select", "C4", code=2)
    run(vault, "--format", "xml", code=2)
    run(vault, "--diff", "--format", "json", code=2)
    run(vault / "nowhere", code=2)
    run(vault, "--transcripts", vault / "nowhere", code=2)
    run(vault / LENS, code=2)
    run(code=2)  # there is no output/ here


def test_the_table_tells_what_is_wrong_where_and_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, "[[tower]]", "[[Tower]] and [[mills]]")
    assert run("vault", code=1) == (
        "vault: 2 notes of 1 video and 1 page in 1 channel; 5 citations, 5 links.\n"
        "\n"
        "rule  severity  found  --fix  what is wrong\n"
        "L201  error         2      1  a link leads to a note that does not exist\n"
        "\n"
        "vault/lamps/lens.md:8:167: L201* there is no note “Tower”; tower must be meant\n"
        "vault/lamps/lens.md:8:181: L201 there is no note “mills”\n"
        "\n"
        "* --fix mends it: 1 finding in 1 file with one right answer. Nothing else in a file"
        " changes.\n"
        "  See what would change with --diff. Mending may bring to light what was hidden before.\n"
        "\n"
        "Not checked: whether 5 citations of 2 notes stand where it was said, as there is no"
        " transcript.\n"
        "  Give a folder of subtitle files named by the ids of their videos: --transcripts DIR.\n"
        "\n"
        "2 errors, 0 warnings, 0 for information in all. docs/checks.md explains each rule.\n"
    )


def test_many_findings_are_shown_by_example(tmp_path):
    vault = vaults.make_vault(tmp_path)
    body = "".join(f"It was dark {number}.\n\n" for number in range(60))
    vaults.write(vault, TOWER, vaults.note("Tower", body + f"[[lens]] {AT_10}\n"))
    told = run(vault)
    assert told.count(": C109 ") == 3
    assert "The files with most:\n  60  lamps/tower.md  (C109 ×60)\n" in told
    assert run(vault, "--verbose").count(": C109 ") == 60


def test_a_diff_shows_the_lines_that_change(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, "## The keepers", "## The [[tower | keepers]]")
    before = vaults.read(vault, LENS)
    told = run("vault", "--diff", code=1)
    assert told.startswith(
        "--- vault/lamps/lens.md (now)\n+++ vault/lamps/lens.md (then)\n@@ -8,5 +8,5 @@\n"
    )
    assert "\n \n-## The [[tower | keepers]]\n+## The keepers\n \n" in told
    assert "Would mend 1 finding in 1 file:\n  L204      1  a heading holds a link\n" in told
    assert vaults.read(vault, LENS) == before


def test_annotations_are_escaped_as_github_wants(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vault = vaults.make_vault(tmp_path)
    (vault / LENS).rename(vault / "lamps/100%, a:b.md")
    (line,) = run("vault", "--format", "github", "--select", "N308").splitlines()[:1]
    assert line == (
        "::warning file=vault/lamps/100%25%2C a%3Ab.md,line=1,col=1,title=N308%3A the file's name"
        " is neither its title's nor the one on record::its title “Lens” gives lens.md"
    )


def test_json_holds_every_finding(tmp_path):
    vault = vaults.make_vault(tmp_path)
    vaults.replace(vault, LENS, AT_10, cited("00:07:13"))
    transcripts = vaults.make_transcripts(tmp_path)
    found = json.loads(run(vault, "--format", "json", "--transcripts", transcripts, code=1))
    (finding,) = found["findings"]
    assert finding["code"] == "C104"
    assert finding["path"] == f"{vault}/{LENS}"
    assert (finding["line"], finding["column"], finding["severity"]) == (8, 58, "error")
    assert found["not_checked"] == {"citations": 0, "notes": 0}
    assert found["found"] == {"C104": 1}


def test_help_names_every_option_of_the_documentation():
    told = run("--help")
    documented = (ROOT / "docs/checks.md").read_text("utf-8")
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", told)) - {"--help"}
    assert options == set(re.findall(r"`(--[a-z-]+)", documented)) | {"--verbose"}
    assert len(BY_CODE) > 30


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real vault is not here")
def test_a_real_vault_is_clean_after_mending_but_for_what_is_unsure(tmp_path):
    vault = tmp_path / "vault"
    for path in sorted((SHARED / "vault").rglob("*.md")):
        vaults.write(vault, path.relative_to(SHARED / "vault").as_posix(), path.read_text("utf-8"))
    options = {"transcripts": SHARED / "captions"}
    before = vaults.found_in(vault, **options)
    assert len(before) > 2000
    done = vaults.checked(vault, fix=True, **options)
    assert done.mended.total() > 900
    assert [finding for finding in done.findings if finding.edits] == []
    again = vaults.checked(vault, fix=True, **options)
    assert again.files_mended == 0
    assert again.findings == done.findings
