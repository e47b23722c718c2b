"""The demo channel, offline: one vault live, in the hands of three processes, and by batch."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app
from tests.standins.llm import LLMStandIn, demo_answers
from tests.standins.talk import demo_talks
from tests.standins.youtube import YouTubeStandIn
from tests.test_demo import ROOT, channel_in_make, notes_in
from tests.vaults import generate

pytestmark = pytest.mark.xdist_group("dask")


def test_processes_write_the_demo_as_one_does_and_again_offline(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = ["--engine", "extractive", "--output", "vault"]
    replayed = ["--channel", channel_in_make(), "--cassette", str(ROOT / "cassettes" / "demo.yaml")]
    ended = CliRunner().invoke(app, [*made, *replayed, "--dask", "local:2"])
    assert ended.exit_code == 0, ended.output
    assert notes_in(Path("vault")) == notes_in(ROOT / "output")
    assert "distributed" not in ended.output
    again = ["--regenerate", "--offline", "--force", "--dask", "local:1", "--json"]
    ended = CliRunner().invoke(app, [*made, *again])
    assert ended.exit_code == 0, ended.output
    assert {video["state"] for video in json.loads(ended.stdout)["videos"]} == {"unchanged"}
    assert notes_in(Path("vault")) == notes_in(ROOT / "output")


def test_live_by_processes_and_by_batch_the_vault_is_one_and_asked_for_alike(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "none-is-needed")
    monkeypatch.setenv("GENERATE_BATCH_POLL", "0")
    talks = demo_talks()
    vaults, requests = {}, {}
    with YouTubeStandIn(talks) as youtube, youtube.trusted():
        monkeypatch.setenv("GENERATE_PROXY", youtube.proxy_url)
        with LLMStandIn(*demo_answers(talks), talks=talks) as llm:
            llm.batches.a_look = 200.0
            ways = {"live": (), "dask": ("--dask", "local:3"), "batch": ("--batch", "--wait")}
            for way, options in ways.items():
                llm.forget()
                generate(llm, "--channel", channel_in_make(), "--output", way, *options)
                vaults[way] = notes_in(Path(way))
                requests[way] = sorted(request.key for request in llm.requests)
    assert vaults["live"] == vaults["dask"] == vaults["batch"] != {}
    assert requests["live"] == requests["dask"] == requests["batch"] != []
