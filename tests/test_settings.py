"""Where each setting comes from."""

from pathlib import Path

import pytest

from generator.errors import UsageError
from generator.settings import Settings, explain_settings, load_settings


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch, tmp_path):
    for name in ("GENERATE_LANGUAGE", "GENERATE_OUTPUT", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def origin(name: str, **options: object) -> tuple[str, str]:
    (found,) = [origin for origin in explain_settings(options) if origin.name == name]
    return found.value, found.source


def test_each_source_gives_way_to_the_one_before_it(monkeypatch, tmp_path):
    assert origin("language") == ("(not set)", "default")
    Path("generate.toml").write_text('language = "de"')
    assert origin("language") == ("de", str(tmp_path / "generate.toml"))
    Path("wikis").mkdir()
    Path("wikis/generate.toml").write_text('language = ["fr", "it"]')
    assert origin("language", output="wikis/a") == (
        "fr,it",
        str(tmp_path / "wikis" / "generate.toml"),
    )
    monkeypatch.setenv("GENERATE_LANGUAGE", "ru,en")
    assert origin("language", output="wikis/a") == ("ru,en", "GENERATE_LANGUAGE")
    assert origin("language", language="ja") == ("ja", "option")


def test_the_usual_openai_variables_count_after_ours(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert origin("base_url") == ("http://127.0.0.1/v1", "OPENAI_BASE_URL")
    monkeypatch.setenv("GENERATE_BASE_URL", "http://127.0.0.2:1/v1")
    assert origin("base_url") == ("http://127.0.0.2/v1", "GENERATE_BASE_URL")


def test_auto_is_openai_where_a_key_or_an_address_is_set():
    assert Settings().engine_name == "extractive"
    assert Settings(api_key="k").engine_name == "openai"
    assert Settings(base_url="http://127.0.0.1/v1").engine_name == "openai"
    assert Settings(api_key="k", engine="extractive").engine_name == "extractive"


def test_secrets_are_never_shown(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-SECRET")
    shown = explain_settings(
        {
            "proxy": "http://me:SECRET@proxy.example:1",
            "webshare_password": "SECRET",
            "base_url": "https://me:SECRET@models.example/v1?key=SECRET",
        }
    )
    assert "SECRET" not in repr(shown)
    assert "SECRET" not in repr(load_settings({"proxy": "http://me:SECRET@proxy.example:1"}))
    assert ("proxy", "http://proxy.example") in [(o.name, o.value) for o in shown]


@pytest.mark.parametrize("name", ["proxy", "base_url"])
@pytest.mark.parametrize(
    "given",
    ["me:SECRET@proxy.example:1", "SECRET", "http://me:SECRET@[::1", "//SECRET", "http:///SECRET"],
)
def test_an_address_that_is_none_is_not_shown(name, given):
    assert origin(name, **{name: given}) == ("(set, not shown)", "option")


@pytest.mark.parametrize("given", ["~/wikis", Path("~/wikis")])
def test_a_home_folder_is_found_however_it_is_given(monkeypatch, tmp_path, given):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "generate.toml").write_text("math = true")
    settings = load_settings({"output": given}, directory=Path("/"))
    assert (settings.output, settings.math) == (tmp_path / "wikis", True)


def test_nobodys_home_folder_is_a_folder_of_that_name():
    assert load_settings({"output": "~no-such-user/v"}).output == Path("~no-such-user/v")
    Path("generate.toml").write_text('output = "~no-such-user/v"')
    assert load_settings().output == Path.cwd() / "~no-such-user/v"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"engine": "magic"}, "engine (from option)"),
        ({"language": "ru en"}, "“ru en” is not a language tag"),
        ({"front_matter": "url,colour"}, "front_matter (from option)"),
        ({"timeout": -1}, "timeout (from option)"),
    ],
)
def test_a_wrong_value_is_told_with_its_source(options, told):
    with pytest.raises(UsageError) as caught:
        load_settings(options)
    assert told in caught.value.message


def test_a_wrong_secret_is_not_repeated():
    with pytest.raises(UsageError) as caught:
        load_settings({"webshare_password": ["SECRET"]})
    assert "SECRET" not in caught.value.message


@pytest.mark.parametrize("text", ["= 1", "colour = 1", "\udcff"])
def test_a_settings_file_that_cannot_be_used_is_told_by_name(tmp_path, text):
    Path("generate.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert str(tmp_path / "generate.toml") in caught.value.message


def test_paths_in_a_settings_file_are_taken_from_its_folder(tmp_path):
    Path("generate.toml").write_text('output = "notes"\nlibrary = "/elsewhere/l.db"')
    settings = load_settings()
    assert (settings.output, settings.library) == (tmp_path / "notes", Path("/elsewhere/l.db"))
