"""`generate site` on the command line."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from generator.cli import app
from generator.errors import BaseUrlInvalid
from generator.site import serving
from generator.site.command import base_address, options_of
from tests.site.vaults import contents, write

pytestmark = pytest.mark.usefixtures("no_index")


def generate(*arguments: object, code: int = 0) -> Any:
    ended = CliRunner().invoke(app, ["site", *map(str, arguments)], catch_exceptions=False)
    assert ended.exit_code == code, ended.output
    return ended


def test_what_was_built_and_where_to_look_is_told(vault: Path, tmp_path: Path) -> None:
    ended = generate(vault, "--out", tmp_path / "site")
    assert "2 notes, 1 video, 1 channel" in ended.stdout
    assert str(tmp_path / "site/index.html") in ended.stdout
    assert "Without --base-url" in ended.stdout
    again = generate(vault, "--out", tmp_path / "site", "--base-url", "https://lamps.example")
    assert "Without --base-url" not in again.stdout


def test_quiet_says_nothing_and_notices_go_to_stderr(vault: Path, tmp_path: Path) -> None:
    write(vault, {"lamps/binary.md": b"\0"})
    ended = generate(vault, "--out", tmp_path / "site", "--quiet")
    assert ended.stdout == ""
    assert "lamps/binary.md: it is binary" in ended.stderr


def test_json_is_one_object(vault: Path, tmp_path: Path) -> None:
    write(vault, {"lamps/binary.md": b"\0"})
    told = json.loads(generate(vault, "--out", tmp_path / "site", "--json").stdout)
    assert (told["notes"], told["videos"], told["channels"]) == (2, 1, 1)
    assert told["start"] == str(tmp_path / "site/index.html")
    assert "lamps/lens.html" in told["written"]
    assert told["notices"][0]["path"] == "lamps/binary.md"


def test_the_settings_beside_the_vault_count(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"generate.toml": 'math = true\noutput = "vault"\n'})
    monkeypatch.chdir(tmp_path)
    assert options_of(vault, out=Path("site")).math
    assert not options_of(vault, out=Path("site"), math=False).math
    assert options_of(None, out=Path("site")).vault == tmp_path / "vault"


def test_the_title_is_the_one_given_else_the_vaults_name(tmp_path: Path) -> None:
    assert options_of(tmp_path / "Sea lamps", out=Path("site")).title == "Sea lamps"
    assert options_of(tmp_path / "output", out=Path("site")).title == "Notes"
    assert options_of(tmp_path / "x", out=Path("site"), title=" A\n title ").title == "A title"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://lamps.example", "https://lamps.example/"),
        (" http://localhost:8000/notes ", "http://localhost:8000/notes/"),
        ("https://Lamps.Example/notes///", "https://lamps.example/notes/"),
        ("https://лампы.example/ü", "https://xn--80avem4d.example/%C3%BC/"),
        ("https://[::1]:80/a", "https://[::1]:80/a/"),
        ("https://a.example/%7Eme", "https://a.example/%7Eme/"),
    ],
)
def test_an_address_of_a_site(given: str, address: str) -> None:
    assert base_address(given) == address


@pytest.mark.parametrize(
    "given",
    [
        "lamps.example",
        "ftp://lamps.example",
        "https://",
        "https:///notes",
        "https://me:secret@lamps.example",
        "https://lamps.example/?q=1",
        "https://lamps.example/#top",
        "https://lamps.example:port/",
        "https://lamps .example/",
        "javascript:alert(1)",
        "https://" + "a" * 70 + ".example",
    ],
)
def test_what_is_no_address_of_a_site_is_told(given: str) -> None:
    with pytest.raises(BaseUrlInvalid):
        base_address(given)


def test_errors_are_sentences_with_their_exit_codes(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    assert "Nothing was touched" in generate(vault, "--out", vault, code=2).stderr
    assert "--base-url" in generate(vault, "--out", out, "--base-url", "x", code=2).stderr
    assert "is not a folder" in generate(tmp_path / "none", "--out", out, code=2).stderr
    missing = generate(vault, "--out", out, "--library", tmp_path / "none.db", code=1)
    assert "there is no such file" in missing.stderr
    told = json.loads(generate(vault, "--out", vault, "--json", code=2).stdout)
    assert told["cause"] == "site-folder"
    assert not out.exists()


def test_a_port_in_use_is_told_before_anything_is_built(vault: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = generate(vault, "--out", tmp_path / "site", "--serve", "--port", port, code=1)
    assert f"port {port}" in ended.stderr
    assert not (tmp_path / "site").exists()


def test_serving_builds_tells_the_address_and_ends_well_when_interrupted(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serving.SiteServer, "serve_forever", interrupted)
    ended = generate(vault, "--out", tmp_path / "site", "--serve", "--port", 0)
    assert "http://127.0.0.1:" in ended.stderr
    assert "lamps/lens.html" in contents(tmp_path / "site")
