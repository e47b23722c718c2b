"""The README's walk through a channel's life, on the demo, offline: each step does what it says."""

from __future__ import annotations

import socket
from collections import Counter
from pathlib import Path

import pytest

from tests.vaults import BUILT_IN, generate, prompts_with, vault_files, written

CHANNEL = ("--channel", "@kettle_and_chalk")
CASSETTE = ("--cassette", str(BUILT_IN / "cassettes" / "demo-openai.yaml"))
TIDES = "kettle_and_chalk/spring_and_neap_tides.md"


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path) -> Path:
    """A working folder, and no way to any other machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "none-is-needed")
    connect = socket.socket.connect

    def local(self: socket.socket, address: object) -> None:
        assert isinstance(address, tuple)
        assert address[0] == "127.0.0.1", f"{address} was asked"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local)
    return tmp_path


def test_a_channel_from_the_first_run_to_a_changed_prompt_and_an_edited_note():
    with written() as llm:
        first = generate(llm, *CHANNEL, *CASSETTE, "--base-url", "https://api.openai.com/v1")
        assert first["totals"]["written"] == 5
        before = vault_files()
        assert before == {
            path.relative_to(BUILT_IN / "output-openai").as_posix(): path.read_bytes()
            for path in (BUILT_IN / "output-openai").rglob("*.md")
        }

        again = generate(llm, *CHANNEL, "--offline")
        assert {video["state"] for video in again["videos"]} == {"passed-over"}
        assert again["usage"]["requests"] == 0
        assert vault_files() == before

        prompts = ("--prompts", prompts_with("note", "plain and neutral", "plain, neutral"))
        plan = generate(llm, "--regenerate", "--dry-run", *prompts)
        assert llm.requests == []
        assert vault_files() == before
        assert {tuple(video["because"]) for video in plan["videos"]} == {
            ("the prompt note.md changed",)
        }
        notes = plan["asked"]["note"]["requests"]
        assert notes == [first["totals"]["notes"]] * 2
        assert "outline" not in plan["asked"]

        anew = generate(llm, "--regenerate", *prompts)
        counts = Counter(line.prompt for line in llm.asked())
        assert (counts["outline"], counts["note"]) == (0, notes[0])
        least, most = plan["asked"]["repair"]["requests"]
        assert least <= counts["repair"] <= most
        assert anew["usage"]["requests"] == sum(counts.values())

        note = Path("output") / TIDES
        note.write_text(note.read_text("utf-8") + "\nMy own words.\n", "utf-8")
        edited = note.read_bytes()
        llm.forget()
        last = generate(llm, "--regenerate", *prompts, "--timestamp-links", "--diff")
        assert llm.requests == []
    assert note.read_bytes() == edited
    states = {n["path"]: n["state"] for video in last["videos"] for n in video["notes"]}
    assert states.pop(str(note)) == "kept"
    assert set(states.values()) == {"written"}
    assert [each["path"] for each in last["diffs"]] == [str(note)]
    assert "-My own words." in last["diffs"][0]["diff"]
