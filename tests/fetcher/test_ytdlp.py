"""yt-dlp writes nothing, prints nothing, and takes the user's cookies without telling them."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from generator.errors import CookiesUnreadable, FetchError, ReplyNotUnderstood
from generator.fetcher.http import Connection
from generator.fetcher.ytdlp import open_ytdlp
from tests.fetcher.web import ID, Reply, Web, caption_track, owner, page, player

SECRET = "pa55word"
COOKIE = f".youtube.com\tTRUE\t/\tTRUE\t4102444800\tSID\t{SECRET}"


def a_page() -> Web:
    return Web(watch2=Reply(page(player(caption_track("en")), owner("@x"))))


def test_nothing_is_printed_or_written(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(*_: object, **__: object) -> None:
        pytest.fail("a program was started")

    monkeypatch.setattr("subprocess.Popen.__init__", started)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for web in (a_page(), Web(watch2=Reply("", 403)), Web(watch2=Reply("<html>"))):
        for captions in (False, True):
            with web.up(), open_ytdlp(Connection(retries=0), captions=captions) as ytdlp:
                try:
                    ytdlp.extract(ID)
                except FetchError:
                    continue
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_no_media_and_no_player_script_is_asked_for() -> None:
    reply = player()
    reply["streamingData"] = {
        "hlsManifestUrl": "https://manifest.example/hls",
        "dashManifestUrl": "https://manifest.example/dash",
        "formats": [{"itag": 18, "url": "https://media.example/x", "mimeType": "video/mp4"}],
    }
    web = Web(watch2=Reply(page(reply) + '"jsUrl":"/s/player/abcdef12/base.js"'))
    with web.up(), open_ytdlp(Connection(), captions=False) as ytdlp:
        assert ytdlp.extract(ID).info["title"] == "The player's title"
    assert web.names == ["watch2"]


def test_a_cookie_file_is_read_and_never_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cookies.txt"
    broken = f"not a cookie {SECRET}\n.youtube.com\tTRUE\t/\tTRUE\tsoon\tA\t{SECRET}"
    path.write_text(f"{broken}\n#HttpOnly_{COOKIE}\n")
    before = path.read_bytes()
    web = a_page()
    web.answers["watch2"][0].headers["Set-Cookie"] = "NEW=1; Domain=.youtube.com"  # type: ignore[union-attr]
    with web.up(), open_ytdlp(Connection(cookies=path), captions=False) as ytdlp:
        ytdlp.extract(ID)
    assert f"SID={SECRET}" in web.asked[0][1].headers["Cookie"]
    assert path.read_bytes() == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", ["", "[]", '{"cookies": []}', "a\tb\tc", "\x00\xff" * 99])
def test_a_file_without_cookies_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    path.write_text(content + SECRET, encoding="latin-1")
    with pytest.raises(CookiesUnreadable) as caught:
        open_ytdlp(Connection(cookies=path), captions=False).__enter__()
    assert SECRET not in caught.value.message


def test_a_missing_cookie_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CookiesUnreadable):
        open_ytdlp(Connection(cookies=tmp_path / "none"), captions=False).__enter__()


@pytest.mark.parametrize("browser", ["netscape", "", ":profile", "firefox+nothing", "a" * 1000])
def test_an_unknown_browser_is_refused(browser: str) -> None:
    connection = Connection(cookies_from_browser=browser or " ")
    with pytest.raises(CookiesUnreadable):
        open_ytdlp(connection, captions=False).__enter__()


def test_a_browser_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(CookiesUnreadable):
        open_ytdlp(Connection(cookies_from_browser="firefox"), captions=False).__enter__()
    assert capfd.readouterr() == ("", "")


def test_the_proxy_and_the_limits_hold_for_ytdlp_too() -> None:
    web = a_page()
    connection = Connection(proxy=f"http://me:{SECRET}@mine:2", timeout=3.5)
    with web.up(), open_ytdlp(connection, captions=False) as ytdlp:
        ytdlp.extract(ID)
    options = web.asked[0][2]
    assert options["proxies"]["all"] == f"http://me:{SECRET}@mine:2"
    assert options["timeout"] == 3.5


def test_the_environments_authorities_are_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import trustme

    bundle = tmp_path / "authority.pem"
    trustme.CA(organization_name="An authority of nobody's").cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with open_ytdlp(Connection(), captions=False) as ytdlp:
        (handler,) = ytdlp._ydl._request_director.handlers.values()
        context: ssl.SSLContext = handler._make_sslcontext()
    assert "An authority of nobody's" in str(context.get_ca_certs())


def test_a_page_that_is_none_is_not_understood() -> None:
    web = Web(watch2=Reply("<html>"), next=Reply("<html>"), player2=Reply("<html>"))
    opened = open_ytdlp(Connection(), captions=False)
    with web.up(), opened as ytdlp, pytest.raises(ReplyNotUnderstood):
        ytdlp.extract(ID)
