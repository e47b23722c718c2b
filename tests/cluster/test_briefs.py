"""What of the settings reaches a worker: nothing secret, and what is secret from its own."""

import pickle

import pytest

from generator.cluster.briefs import brief_of, environment_of, settings_here, way_to_youtube
from generator.cluster.places import LocalProcesses, Scheduler
from generator.settings import Settings, load_settings

SECRETS = {
    "api_key": "sk-secret-key",
    "proxy": "http://me:secret-proxy@127.0.0.1:1",
    "base_url": "http://me:secret-user@127.0.0.1:1/v1?key=secret-query",
    "webshare_username": "secret-name",
    "webshare_password": "secret-password",
}
PLACES = [Scheduler("tcp://127.0.0.1:1"), LocalProcesses(3)]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_secret_is_told_to_a_cluster(place):
    settings = load_settings({"engine": "openai", **SECRETS})
    assert b"secret" not in pickle.dumps(brief_of(settings, place))


def test_a_worker_has_the_settings_of_the_run_and_its_own_secrets(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"GENERATE_{name.upper()}", value)
    monkeypatch.setenv("GENERATE_MODEL", "another")
    monkeypatch.setenv("GENERATE_LANGUAGE", "de")
    run = Settings(
        engine="openai", base_url="http://127.0.0.1:1/v1", model="this", language=("ru",), topics=2
    )
    here = settings_here(brief_of(run, PLACES[0]))
    assert (here.model, here.language, here.topics) == ("this", ("ru",), 2)
    assert here.api_key.get_secret_value() == SECRETS["api_key"]
    assert here.base_url == SECRETS["base_url"]
    assert here.proxy.get_secret_value() == SECRETS["proxy"]


def test_the_address_of_another_server_is_not_taken(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere:1/v1")
    run = Settings(engine="openai", base_url="http://127.0.0.1:1/v1")
    assert settings_here(brief_of(run, PLACES[0])).base_url == "http://127.0.0.1:1/v1"
    to_openai = Settings(engine="openai", api_key="key")
    assert settings_here(brief_of(to_openai, PLACES[0])).base_url is None


def test_processes_of_this_machine_have_what_the_options_said(monkeypatch, tmp_path):
    cookies = tmp_path / "cookies.txt"
    run = load_settings({"engine": "openai", "cookies": cookies, **SECRETS})
    for name, value in environment_of(run).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GENERATE_COOKIES", "others.txt")
    here = settings_here(brief_of(run, PLACES[1]))
    assert here.api_key.get_secret_value() == SECRETS["api_key"]
    assert here.base_url == SECRETS["base_url"]
    assert here.cookies == cookies
    assert settings_here(brief_of(Settings(), PLACES[1])).cookies is None


def test_ways_to_youtube_are_told_apart_and_not_told():
    proxied = Settings(proxy="http://me:secret@127.0.0.1:1")
    ways = {
        way_to_youtube(Settings(), "one", "run"),
        way_to_youtube(Settings(), "other", "run"),
        way_to_youtube(proxied, "one", "run"),
        way_to_youtube(proxied, "other", "run"),
    }
    assert len(ways) == 3
    assert not any("secret" in way for way in ways)
