"""What `make demo` writes is what is committed under output/ and output-openai/."""

import json
import re
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app
from tests.standins.talk import demo_talks

ROOT = Path(__file__).parents[1]


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("the demo asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def channel_in_make() -> str:
    """The channel that the Makefile names."""
    channel = re.search(r"^CHANNEL := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert channel is not None
    return "@" + channel[1]


def notes_in(vault: Path) -> dict[str, bytes]:
    return {
        path.relative_to(vault).as_posix(): path.read_bytes()
        for path in vault.rglob("*")
        if path.suffix in {".md", ".json"}
    }


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("engine", "cassette", "vault"),
    [("extractive", "demo.yaml", "output"), ("openai", "demo-openai.yaml", "output-openai")],
)
def test_the_demo_has_not_drifted(tmp_path, monkeypatch, engine, cassette, vault):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "none-is-needed")
    options = ["--engine", engine, "--cassette", str(ROOT / "cassettes" / cassette)]
    asked = ["--channel", channel_in_make(), "--output", "vault"]
    ended = CliRunner().invoke(app, [*options, *asked])
    assert ended.exit_code == 0, ended.output
    assert notes_in(tmp_path / "vault") == notes_in(ROOT / vault), (
        f"if the notes changed on purpose, run “make demo” and commit {vault}/"
    )


def test_the_demo_has_all_talks():
    sidecars = (ROOT / "output" / ".generator" / "notes").rglob("*.json")
    videos = {json.loads(sidecar.read_bytes())["video"]["id"] for sidecar in sidecars}
    assert videos == {talk.id for talk in demo_talks()}


def test_the_readme_shows_a_note_of_the_demo():
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.search(r"```markdown\n(---\n.+?)```", readme, re.DOTALL)
    assert shown is not None
    notes = [data.decode() for data in notes_in(ROOT / "output-openai").values()]
    beginning = shown[1].rstrip().removesuffix("…").rstrip()
    assert any(note.startswith(beginning) for note in notes)
