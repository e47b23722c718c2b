"""The demo channel, offline: the same vault by itself and in the hands of three processes."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app
from tests.test_demo import ROOT, channel_in_make, notes_in

pytestmark = pytest.mark.xdist_group("dask")


@pytest.mark.parametrize(
    ("engine", "cassette", "vault"),
    [("extractive", "demo.yaml", "output"), ("openai", "demo-openai.yaml", "output-openai")],
)
def test_three_processes_write_the_demo_as_one_does(tmp_path, monkeypatch, engine, cassette, vault):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "none-is-needed")
    made = ["--engine", engine, "--cassette", str(ROOT / "cassettes" / cassette)]
    asked = ["--channel", channel_in_make(), "--output", "vault", "--dask", "local:3"]
    ended = CliRunner().invoke(app, [*made, *asked])
    assert ended.exit_code == 0, ended.output
    assert notes_in(Path("vault")) == notes_in(ROOT / vault)
    assert "distributed" not in ended.output


def test_what_the_library_holds_is_written_offline_by_processes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = ["--engine", "extractive", "--channel", channel_in_make()]
    replayed = ["--cassette", str(ROOT / "cassettes" / "demo.yaml")]
    assert CliRunner().invoke(app, [*made, *replayed, "--output", "one"]).exit_code == 0
    before = notes_in(Path("one"))
    again = ["--regenerate", "--offline", "--force", "--engine", "extractive", "--output", "one"]
    ended = CliRunner().invoke(app, [*again, "--dask", "local:2", "--json"])
    assert ended.exit_code == 0, ended.output
    assert notes_in(Path("one")) == before
