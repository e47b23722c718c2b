"""What `make demo` writes is what is committed under output/ and output-openai/."""

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


def made_by_make() -> list[str]:
    """The videos that the Makefile names, in its order."""
    talks = re.search(r"^TALKS := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert talks is not None
    return talks[1].split()


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
    videos = [f"--video={video}" for video in made_by_make()]
    ended = CliRunner().invoke(app, [*options, *videos, "--output", "vault"])
    assert ended.exit_code == 0, ended.output
    assert notes_in(tmp_path / "vault") == notes_in(ROOT / vault), (
        f"if the notes changed on purpose, run “make demo” and commit {vault}/"
    )


def test_the_demo_has_all_talks():
    assert sorted(made_by_make()) == sorted(talk.id for talk in demo_talks())


def test_the_readme_shows_a_note_of_the_demo():
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.search(r"```markdown\n(---\n.+?)```", readme, re.DOTALL)
    assert shown is not None
    notes = [data.decode() for data in notes_in(ROOT / "output-openai").values()]
    beginning = shown[1].rstrip().removesuffix("…").rstrip()
    assert any(note.startswith(beginning) for note in notes)
