"""What --dask takes, what it refuses, and what cannot be done with it."""

import importlib.util

import pytest

from generator.cluster.places import LocalProcesses, Scheduler, checked_place, place_of
from generator.cluster.versions import difference, versions
from generator.errors import ClusterCannot, DaskAddressInvalid, DaskMissing
from generator.settings import Settings


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("local:4", LocalProcesses(4)),
        (" tcp://host:8786 ", Scheduler("tcp://host:8786")),
        ("tls://[::1]:8786", Scheduler("tls://[::1]:8786")),
    ],
)
def test_places(given, place):
    assert place_of(given) == place


@pytest.mark.parametrize(
    "given",
    [
        "",
        "local",
        "local:",
        "local:0",
        "local:-1",
        "local:257",
        "local:٣",
        "host:8786",
        "tcp://host",
        "tcp://:8786",
        "tcp://host:port",
        "tcp://me:secret@host:8786",
        "tcp://ho st:8786",
        "inproc://1/2/3",
        "http://host:8786",
    ],
)
def test_what_is_no_place(given):
    with pytest.raises(DaskAddressInvalid):
        place_of(given)


def test_without_dask_a_sentence_says_how_to_have_it(monkeypatch):
    assert checked_place(Settings()) is None
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DaskMissing, match="Dask, which is not installed") as missing:
        checked_place(Settings(dask="local:2"))
    assert "youtube-wiki-notes[dask]" in missing.value.remedy


def test_what_cannot_hold_on_a_cluster_is_refused(tmp_path):
    there = tmp_path / "there.yaml"
    there.touch()
    new = tmp_path / "new.yaml"
    elsewhere = {"dask": "tcp://host:8786"}
    for settings in (
        {"dask": "local:2", "cassette": new},
        {**elsewhere, "cassette": there},
        {**elsewhere, "offline": True},
        {**elsewhere, "cookies": there},
        {**elsewhere, "cookies_from_browser": "firefox"},
    ):
        with pytest.raises(ClusterCannot) as refused:
            checked_place(Settings(**settings))
        assert refused.value.remedy
    local = Settings(dask="local:2", cassette=there, offline=True, cookies=there)
    assert checked_place(local) == LocalProcesses(2)


@pytest.mark.parametrize("name", ["the program", "its code", "Python", "numpy", "RapidFuzz"])
def test_what_decides_on_notes_may_not_differ(name):
    ours = versions()
    assert difference(ours, ours) is None
    theirs, said = difference({**ours, name: "0.0"}, ours)
    assert "0.0" in theirs
    assert ours[name] in said


def test_dask_itself_may_differ():
    ours = versions()
    assert difference({**ours, "Dask": "0.0"}, ours) is None
