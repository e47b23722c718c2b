"""A costly run is begun only after a yes, where there is somebody to say it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app
from generator.planning.likely import Estimate
from generator.telling.confirming import confirm_on, estimate_told
from generator.telling.progress import Silent
from tests.vaults import LENS, METRE, file_of, generate, prompts_with, vault_files, written


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Notes(Silent):
    def __init__(self) -> None:
        self.notices: list[str] = []

    def notice(self, text: str) -> None:
        self.notices.append(text)


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-standin")
    return tmp_path


ESTIMATE = Estimate(50, 341, 1_000_000, 234_567, 12.34)


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [("y\n", True), ("YES\n", True), ("\n", False), ("no\n", False), ("", False)],
)
def test_a_yes_is_waited_for_on_a_terminal(said, goes_on):
    shown = Terminal()
    assert confirm_on(Terminal(said), shown, Silent())(ESTIMATE) is goes_on
    assert "1,200,000 tokens in 340 requests for 50 videos" in shown.getvalue()
    assert "12.34" in shown.getvalue()


@pytest.mark.parametrize("stdin", [None, io.StringIO("")])
def test_where_nobody_can_be_asked_it_is_a_notice(stdin):
    notes = Notes()
    assert confirm_on(stdin, io.StringIO(), notes)(ESTIMATE)
    assert estimate_told(ESTIMATE) in notes.notices[0]


def run(llm, *arguments: str, monkeypatch, terminal: str | None):
    if terminal is not None:
        typed = Terminal(terminal)
        monkeypatch.setattr(
            "generator.cli.confirm_of", lambda progress: confirm_on(typed, Terminal(), progress)
        )
    server = ["--engine", "openai", "--base-url", llm.base_url]
    return CliRunner().invoke(app, [*server, *arguments])


def test_a_no_ends_the_run_with_nothing_done(monkeypatch):
    with written() as llm:
        arguments = ["--transcript", file_of(METRE), "--confirm-above", "1000"]
        ended = run(llm, *arguments, monkeypatch=monkeypatch, terminal="n\n")
        assert llm.requests == []
    assert ended.exit_code == 1
    assert "not confirmed" in ended.output
    assert vault_files() == {}


def test_a_no_leaves_what_was_not_to_be_wanted_any_more(monkeypatch):
    with written() as llm:
        server = ["--engine", "openai", "--base-url", llm.base_url]
        CliRunner().invoke(app, [*server, "--transcript", file_of(LENS)])
        before = vault_files()
        arguments = ["--transcript", file_of(METRE), "--exclude", LENS, "--confirm-above", "1000"]
        assert run(llm, *arguments, monkeypatch=monkeypatch, terminal="n\n").exit_code == 1
    assert before
    assert vault_files() == before


def test_a_yes_begins_it_and_yes_beforehand_is_not_asked(monkeypatch):
    with written() as llm:
        arguments = ["--transcript", file_of(METRE), "--confirm-above", "1000"]
        assert run(llm, *arguments, monkeypatch=monkeypatch, terminal="y\n").exit_code == 0
        assert llm.requests
        prompts = prompts_with("outline", "You plan", "You do plan")
        again = ["--regenerate", "--prompts", prompts, "--confirm-above", "1000"]
        assert run(llm, *again, monkeypatch=monkeypatch, terminal="n\n").exit_code == 1
        assert run(llm, *again, "--yes", monkeypatch=monkeypatch, terminal="n\n").exit_code == 0


def test_what_asks_little_or_nothing_is_not_confirmed(monkeypatch):
    with written() as llm:
        arguments = ["--transcript", file_of(METRE)]
        assert run(llm, *arguments, monkeypatch=monkeypatch, terminal="n\n").exit_code == 0
        again = ["--regenerate", "--confirm-above", "0"]
        assert run(llm, *again, monkeypatch=monkeypatch, terminal="n\n").exit_code == 0


def test_cron_goes_on_and_is_told(monkeypatch):
    with written() as llm:
        arguments = ["--transcript", file_of(METRE), "--confirm-above", "1000"]
        ended = run(llm, *arguments, monkeypatch=monkeypatch, terminal=None)
    assert ended.exit_code == 0
    assert "likely to take about" in ended.output


def test_the_estimate_is_near_what_is_then_taken():
    seen: list[Estimate] = []

    def refuse(estimate: Estimate) -> bool:
        seen.append(estimate)
        return True

    from generator.pipeline import generate as pipeline
    from generator.settings import Settings
    from generator.sources import FileSource
    from generator.task import Task

    with written() as llm:
        generate(llm, talks=(METRE,))
        asked = llm.tokens()
        settings = Settings(
            engine="openai", base_url=llm.base_url, api_key="any", confirm_above=0, model="another"
        )
        pipeline(Task(regenerate=True), settings, confirm=refuse)
        pipeline(Task((FileSource(Path(file_of(METRE))),)), settings, confirm=refuse)
    (estimate,) = seen
    taken = asked["input"] + asked["output"]
    assert 0.4 * taken < estimate.tokens < 4 * taken
