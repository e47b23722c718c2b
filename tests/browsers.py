"""Chromium for the tests that look at pages as readers do, where it is installed."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.standins.iframe_api import IFrameStandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Nothing is asked of the network that no page asked for."""


def chromium_path() -> str | None:
    """Where Chromium is: what the variable CHROMIUM names, else by its usual names."""
    named = os.environ.get("CHROMIUM")
    found = named if named and Path(named).is_file() else None
    return found or next(filter(None, map(shutil.which, _NAMES)), None)


def needed_chromium() -> str:
    """As `chromium_path`; the test is skipped where there is none."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium is installed (the variable CHROMIUM can name one)")
    return path


@contextmanager
def launched(youtube: IFrameStandIn) -> Iterator[Browser]:
    """A browser for which YouTube is the stand-in; the test is skipped where there is none."""
    path = needed_chromium()
    from playwright.sync_api import sync_playwright

    arguments = [*_QUIET, *youtube.browser_arguments]
    with sync_playwright() as playwright:
        # Without its sandbox, which neither root nor many containers can use: the pages are ours.
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder's files are found, on this machine alone.

    Chromium lets pages from 127.0.0.1 reach the stand-in there; those that a test makes up for a
    browser's routes are refused it.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quietly, directory=folder))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quietly(SimpleHTTPRequestHandler):
    # Whatever the machine's own tables say of them.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the browser's own log of requests is what tests look at."""
