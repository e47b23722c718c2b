"""A stand-in for YouTube's IFrame API on this machine, for pages that are tried in a browser.

    with IFrameStandIn() as youtube:
        browser = chromium.launch(args=youtube.browser_arguments)
        page = browser.new_context(ignore_https_errors=True).new_page()
        ...  # the page's own https://www.youtube.com/iframe_api leads here

Players are frames that tell what they were told: `youtube.frame(page)` has `#calls` (one line for
each: `seekTo 80 true`), `#time` and `#state`. Their clock stands still until a test moves it with
`youtube.move(page, 95.5)`. No other host is found by a browser that is started this way.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import trustme

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page

API = "www.youtube.com"
PLAYER = "www.youtube-nocookie.com"
HOSTS = (API, PLAYER)
PLAYERS = ", ".join(f'iframe[src^="https://{host}/embed/"]' for host in HOSTS)
"""Finds the players' frames in a page, by CSS."""

_FILES = Path(__file__).parent / "iframe"


@dataclass(frozen=True)
class Asked:
    """One request as it came: the host the browser meant, the path with its query, the referrer."""

    host: str
    path: str
    referrer: str


@dataclass
class IFrameStandIn:
    """Serves the API and its players over TLS while it is entered.

    `failures` are the codes with which videos fail, by id (150: not to be embedded). Connections
    to hosts that are `unreachable` are closed unanswered. `requests` is all that was asked.
    """

    failures: Mapping[str, int] = field(default_factory=dict)
    unreachable: Collection[str] = ()
    requests: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority = trustme.CA(organization_name="Stand-in for tests, worth nothing")
        authority.issue_cert(*HOSTS).configure_cert(context)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.standin = self
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def browser_arguments(self) -> list[str]:
        """What Chromium is started with so that both hosts are found here, and no other is."""
        port = self._server.server_address[1]
        rules = [f"MAP {host}:443 127.0.0.1:{port}" for host in HOSTS]
        rules += ["MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"]
        return [f"--host-resolver-rules={', '.join(rules)}"]

    @staticmethod
    def frame(page: Page) -> FrameLocator:
        """The page's player."""
        return page.frame_locator(PLAYERS)

    @staticmethod
    def move(page: Page, seconds: float) -> None:
        """Moves the clock of the page's player, as if it had played on to there."""
        body = IFrameStandIn.frame(page).locator("body")
        body.evaluate("(_, seconds) => standin.moveTo(seconds)", seconds)

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """The media type and the bytes that a path has, or None."""
        if path == "/iframe_api":
            return "text/javascript", (_FILES / "iframe_api.js").read_bytes()
        if path.endswith("/www-widgetapi.js"):
            return "text/javascript", (_FILES / "www-widgetapi.js").read_bytes()
        if path.startswith("/embed/"):
            page = (_FILES / "embed.html").read_text(encoding="utf-8")
            failures = json.dumps(dict(self.failures)).replace('"', '\\"')
            return "text/html; charset=utf-8", page.replace("__FAILURES__", failures).encode()
        return None


class _Server(ThreadingHTTPServer):
    standin: IFrameStandIn
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up, or trusts nobody, is no failure of the stand-in."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        standin = self.server.standin
        host = self.headers.get("Host", "").partition(":")[0]
        standin.requests.append(Asked(host, self.path, self.headers.get("Referer", "")))
        answer = standin.answer(urlsplit(self.path).path)
        if host in standin.unreachable:
            self.close_connection = True
            return
        kind, body = answer or ("text/plain", b"There is nothing here.\n")
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what was asked is in `requests`."""
