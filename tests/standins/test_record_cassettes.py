"""The recording of the demo's cassette, and the cassettes that are in the repository."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.standins import record_cassettes
from tests.standins.record_cassettes import (
    NO_PROXY,
    RecordingFailed,
    files_of,
    generate,
    leaks,
    main,
    record,
)
from tests.standins.talk import demo_talks
from tests.standins.youtube import COOKIE
from tests.standins.youtube_captions import captions

CASSETTES_FOLDER = Path(__file__).resolve().parents[2] / "cassettes"
CASSETTES = sorted(CASSETTES_FOLDER.glob("*.yaml"))


def written(**parts: Any) -> str:
    return yaml.safe_dump({"interactions": [parts]}, width=40)


@pytest.mark.parametrize(
    ("cassette", "found"),
    [
        (written(body="a talk on tides"), []),
        (written(headers={"Set-Cookie": ["YSC=x"]}), ["set-cookie"]),
        (written(headers={"authorization": ["Bearer x"]}), ["authorization"]),
        (written(uri="http://127.0.0.1:9/watch"), ["127.0.0.1"]),
        (written(body="made in " + "a long way " * 9 + "/home/someone/x"), ["/home/someone"]),
        (written(body=gzip.compress(b"key sk-abcdefghijklmnopqrstuvwx")), ["sk-"]),
        (written(body=f"a cookie's value: {COOKIE}"), [COOKIE]),
    ],
)
def test_what_a_cassette_would_tell_is_found(cassette: str, found: list[str]) -> None:
    told = leaks(cassette, ["/home/someone", COOKIE])
    assert len(told) == len(found)
    assert all(one.startswith(other) for one, other in zip(told, found, strict=True))


@pytest.mark.parametrize("cassette", CASSETTES, ids=lambda path: path.name)
def test_the_cassettes_here_tell_nothing_of_a_machine(cassette: Path) -> None:
    private = record_cassettes.things_of_this_machine()
    assert leaks(cassette.read_text("utf-8"), private) == []


def test_the_demos_cassette_holds_the_talks_as_they_are_written() -> None:
    demo = yaml.safe_load((CASSETTES_FOLDER / "demo.yaml").read_text("utf-8"))
    replies = {each["response"]["body"]["string"] for each in demo["interactions"]}
    for talk in demo_talks():
        held = [captions(talk.tracks[0], form) in replies for form in ("srv1", "json3")]
        assert any(held), f"make cassettes: {talk.id} changed"


def test_a_vault_is_compared_without_its_library(tmp_path: Path) -> None:
    (tmp_path / ".generator" / "notes").mkdir(parents=True)
    for name in (".generator/library.db", ".generator/library.db-wal", ".generator/notes/a.json"):
        (tmp_path / name).write_bytes(b"x")
    assert files_of(tmp_path) == {".generator/notes/a.json": b"x"}


def pretend(monkeypatch: pytest.MonkeyPatch, *vaults: bytes, cassette: str = "{}") -> None:
    """Puts runs that write a cassette and these notes in the place of the command's."""
    left = list(vaults)

    def run(talks: Any, to: Path, vault: Path, *others: Any) -> None:
        to.write_text(cassette)
        vault.mkdir()
        (vault / "note.md").write_bytes(left.pop(0))

    monkeypatch.setattr(record_cassettes, "generate", run)


def test_a_recording_that_replays_takes_the_old_ones_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pretend(monkeypatch, b"same", b"same", cassette="{new: 1}")
    cassette = tmp_path / "demo.yaml"
    cassette.write_text("{old: 1}")
    assert record(demo_talks(), cassette) == []
    assert cassette.read_text() == "{new: 1}"
    assert [path.name for path in tmp_path.iterdir()] == ["demo.yaml"]


def test_a_recording_with_a_failed_request_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def run(
        talks: Any, to: Path, vault: Path, proxy: str, environment: dict[str, str], engine: str
    ) -> None:
        bundle = environment["REQUESTS_CA_BUNDLE"]
        ask = "https://www.youtube.com/nothing"
        requests.get(ask, proxies={"https": proxy}, verify=bundle, timeout=10)

    monkeypatch.setattr(record_cassettes, "generate", run)
    with pytest.raises(RecordingFailed, match="GET /nothing 404"):
        record([], tmp_path / "demo.yaml")


def test_a_run_that_fails_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(RecordingFailed, match=r"(?s)ended with 2.*nothing to write notes of"):
        generate([], tmp_path / "demo.yaml", tmp_path / "vault", NO_PROXY, {})


@pytest.mark.parametrize(
    ("vaults", "cassette", "words"),
    [
        ((b"one", b"other"), "{new: 1}", "The replay gives another vault: \\['note.md'\\]"),
        ((b"same", b"same"), "{set-cookie: x}", "would tell of this machine: \\['set-cookie'\\]"),
    ],
)
def test_a_recording_that_is_not_fit_leaves_the_old_one(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    vaults: tuple[bytes, bytes],
    cassette: str,
    words: str,
) -> None:
    pretend(monkeypatch, *vaults, cassette=cassette)
    old = tmp_path / "demo.yaml"
    old.write_text("{old: 1}")
    with pytest.raises(RecordingFailed, match=words):
        record(demo_talks(), old)
    pretend(monkeypatch, *vaults, cassette=cassette)
    monkeypatch.setitem(record_cassettes.DEMO, "extractive", old)
    assert main(["extractive"]) == 1
    assert f"{old} was not recorded." in capsys.readouterr().err
    assert old.read_text() == "{old: 1}"
