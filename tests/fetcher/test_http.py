"""The way to the network: proxies, limits, what is tried again, and that no secret is told."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from generator.errors import GenerateError, ProxyInvalid, WebshareIncomplete
from generator.fetcher.http import LONGEST_WAIT, Connection, open_session, seconds_of
from generator.fetcher.outages import network_down, passing_error
from tests.fetcher.web import ID, Reply, Web

URL = f"https://www.youtube.com/watch?v={ID}"
SECRET = "pa55word"


class Clock:
    """Takes the waits instead of waiting."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


def get(web: Web, clock: Clock, **set_: Any) -> requests.Response:
    with web.up(), open_session(Connection(sleep=clock, **set_)) as session:
        return session.get(URL)


def test_what_passes_is_tried_again() -> None:
    clock = Clock()
    web = Web(
        watch=[
            requests.exceptions.ReadTimeout(),
            requests.exceptions.ConnectionError(ConnectionResetError(104, "reset")),
            Reply("", 503),
            Reply("here"),
        ]
    )
    assert get(web, clock).text == "here"
    assert clock.waits == [1.0, 2.0, 4.0]


def test_after_the_last_try_the_reply_stands() -> None:
    clock = Clock()
    web = Web(watch=Reply("broken", 500))
    assert get(web, clock, retries=2).status_code == 500
    assert (clock.waits, len(web.asked)) == ([1.0, 2.0], 3)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_what_does_not_pass_is_asked_once(status: int) -> None:
    clock = Clock()
    web = Web(watch=Reply("", status))
    assert get(web, clock).status_code == status
    assert (clock.waits, len(web.asked)) == ([], 1)


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.SSLError("certificate verify failed"),
        requests.exceptions.ProxyError("Tunnel connection failed: 407 who are you"),
        requests.exceptions.InvalidURL("no"),
    ],
)
def test_errors_that_stay_are_met_once(error: Exception) -> None:
    clock = Clock()
    web = Web(watch=error)
    with pytest.raises(type(error)):
        get(web, clock)
    assert (clock.waits, len(web.asked)) == ([], 1)


def test_retry_after_is_waited_for() -> None:
    clock = Clock()
    web = Web(watch=[Reply("", 429, {"Retry-After": "7"}), Reply("here")])
    assert get(web, clock).text == "here"
    assert clock.waits == [7.0]


def test_nobody_waits_longer_than_a_minute() -> None:
    clock = Clock()
    web = Web(watch=Reply("", 429, {"Retry-After": "61"}))
    assert get(web, clock).status_code == 429
    assert clock.waits == []
    web = Web(watch=Reply("", 503, {"Retry-After": "25"}))
    assert get(web, clock, retries=9).status_code == 503
    assert clock.waits == [25.0, 25.0]
    assert sum(clock.waits) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 2026 07:28:30", 30.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("9" * 400, 0.0),
        (f"Wed, 21 Oct {'9' * 20} 07:28:30 GMT", 0.0),
        ("", 0.0),
        (None, 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float) -> None:
    now = datetime(2026, 10, 21, 7, 28, 0, tzinfo=UTC)
    assert seconds_of(header, now) == seconds


def test_every_request_has_a_time_limit() -> None:
    web = Web(watch=Reply("here"))
    get(web, Clock(), timeout=3.5)
    with web.up(), open_session(Connection(timeout=3.5)) as session:
        session.get(URL, timeout=9)
    assert [options["timeout"] for _, _, options in web.asked] == [3.5, 9]


def test_the_users_proxy_wins_over_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://environment:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/some/bundle.pem")
    web = Web(watch=Reply("here"))
    get(web, Clock(), proxy="http://mine:2")
    get(web, Clock())
    used = [(options["proxies"]["https"], options["verify"]) for _, _, options in web.asked]
    assert used == [
        ("http://mine:2", "/some/bundle.pem"),
        ("http://environment:1", "/some/bundle.pem"),
    ]


def test_nothing_of_a_netrc_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text(f"machine www.youtube.com login me password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    web = Web(watch=Reply("here"))
    get(web, Clock())
    assert "Authorization" not in web.asked[0][1].headers


def test_webshare_gives_a_rotating_proxy() -> None:
    connection = Connection(webshare_username="me", webshare_password=SECRET)
    assert connection.proxy_url == f"http://me-rotate:{SECRET}@p.webshare.io:80/"
    assert connection.rotating
    with open_session(connection) as session:
        assert session.headers["Connection"] == "close"
    mine = Connection(proxy="mine:2", webshare_username="me", webshare_password=SECRET)
    assert (mine.proxy_url, mine.rotating) == ("http://mine:2", False)


def test_no_secret_is_in_the_repr() -> None:
    connection = Connection(
        proxy=f"http://me:{SECRET}@h:1", webshare_username="usr", webshare_password=SECRET
    )
    assert SECRET not in repr(connection)
    assert "usr" not in repr(connection)


@pytest.mark.parametrize(
    "proxy",
    [
        f"ftp://me:{SECRET}@host:1",
        f"http://me:{SECRET}@",
        f"http://me:{SECRET}@host:port",
        f"http://me:{SECRET}@ho st:1",
        f"http://me:{SECRET}@[::1",
    ],
)
def test_a_proxy_that_is_none_is_refused_without_repeating_it(proxy: str) -> None:
    with pytest.raises(ProxyInvalid) as caught:
        Connection(proxy=proxy)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_half_of_webshares_credentials_is_refused() -> None:
    with pytest.raises(WebshareIncomplete):
        Connection(webshare_username="me")


@pytest.mark.parametrize("proxy", [f"foo://me:{SECRET}@:x", f"http://me:{SECRET}@[::1", "http://"])
def test_a_proxy_in_the_environment_that_is_none_is_told_as_such(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with open_session(Connection(sleep=Clock())) as session, pytest.raises(OSError) as caught:
        session.get(URL)
    told = network_down(caught.value)
    assert str(told) == "The proxy could not be reached: its address is not understood."


def test_a_socks_proxy_in_the_environment_has_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    # In a process of its own: whoever imported yt-dlp before has the client already.
    asks = (
        "from generator.fetcher.http import Connection, open_session\n"
        "from generator.fetcher.outages import network_down\n"
        "try: open_session(Connection(retries=0)).get('https://www.youtube.com/')\n"
        "except OSError as error: print(network_down(error))\n"
    )
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTPS_PROXY", f"socks5://127.0.0.1:{unheard.getsockname()[1]}")
        ended = subprocess.run(
            [sys.executable, "-c", asks], capture_output=True, text=True, check=False
        )
    assert ended.stdout == "YouTube could not be reached: connection refused.\n"


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_dead_proxy_is_told_without_its_password(scheme: str) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        proxy = f"{scheme}://me:{SECRET}@127.0.0.1:{unheard.getsockname()[1]}"
        connection = Connection(proxy=proxy, sleep=Clock())
        with open_session(connection) as session, pytest.raises(OSError) as caught:
            session.get(URL)
    told = network_down(caught.value)
    assert told is not None
    assert SECRET not in told.message
    assert "refuse" in told.message


@pytest.mark.parametrize(
    ("error", "what", "passes"),
    [
        (requests.exceptions.ReadTimeout(SECRET), "it did not answer in time", True),
        (requests.exceptions.ChunkedEncodingError(SECRET), "the connection broke off", True),
        (
            requests.exceptions.ProxyError(http.client.RemoteDisconnected(SECRET)),
            "the connection broke off",
            True,
        ),
        (requests.exceptions.ProxyError(SECRET), "it did not connect to YouTube", False),
        (
            requests.exceptions.ProxyError(OSError("Tunnel connection failed: 502 " + SECRET)),
            "it answered 502",
            True,
        ),
        (
            requests.exceptions.ProxyError(OSError("Tunnel connection failed: 407 " + SECRET)),
            "it wants other credentials",
            False,
        ),
        (requests.exceptions.InvalidProxyURL(SECRET), "its address is not understood", False),
        (requests.exceptions.SSLError(SECRET), "no secure connection could be made", False),
        (socket.gaierror(-2, SECRET), "its name could not be resolved", False),
        (OSError(101, SECRET), "network is unreachable", False),
    ],
)
def test_outages_are_told_in_our_own_words(error: Exception, what: str, passes: bool) -> None:
    told = network_down(error)
    assert isinstance(told, GenerateError)
    assert what in told.happened
    assert SECRET not in told.message
    assert passing_error(error) is passes


def test_what_is_no_outage_is_none() -> None:
    assert network_down(KeyError("captionTracks")) is None
    assert not passing_error(KeyError("captionTracks"))
