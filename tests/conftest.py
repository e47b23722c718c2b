"""What all tests share: nobody's settings, keys or proxies, and no waiting between two videos."""

import os
import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import typer.testing

from tests.browsers import launched
from tests.standins.iframe_api import IFrameStandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_OURS = ("GENERATE_", "OPENAI_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_OURS) or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
    # The stand-in for YouTube blocks nobody for hurrying.
    monkeypatch.setenv("GENERATE_FETCH_INTERVAL", "0")


@pytest.fixture(autouse=True, scope="session")
def _one_command_line() -> Iterator[None]:
    """The commands are made of their functions once, and not for each that a test invokes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", cache(typer.testing._get_command))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_wait_for_disks() -> Iterator[None]:
    """What is written need not outlive a loss of power, for which each transaction would wait."""
    connect = sqlite3.connect

    def connected(*values: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*values, **named)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connected)
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def _player_host() -> Iterator[IFrameStandIn]:
    with IFrameStandIn() as youtube:
        yield youtube


@pytest.fixture
def iframe_api(_player_host: IFrameStandIn) -> IFrameStandIn:
    """YouTube's IFrame API as `browser` finds it; nothing was asked of it yet, and it works."""
    _player_host.failures = {}
    _player_host.unreachable = ()
    _player_host.requests.clear()
    return _player_host


@pytest.fixture(scope="module")
def browser(_player_host: IFrameStandIn) -> Iterator["Browser"]:
    """Chromium for the tests of a module that look at pages; mark it with xdist_group("browser").

    Playwright has an event loop run in the test's thread for as long as it is open, which the tests
    of other modules could not run theirs in.
    """
    with launched(_player_host) as chromium:
        yield chromium
