"""A piece of internet on this machine: a CONNECT proxy that answers for named hosts over TLS."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import socket
import ssl
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import trustme


@dataclass(frozen=True)
class Asked:
    """One request as it arrived: `host` is the name the client thinks it talks to."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What goes back. Header names are sent as they stand; the length is added."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang:
    """No reply at all until the server closes: the client's timeout has to end it."""


@dataclass(frozen=True)
class Reset:
    """The connection is torn down (RST) in place of a reply."""


@dataclass(frozen=True)
class CutOff:
    """A reply whose whole length is announced and of which only the first `sent` bytes come."""

    reply: Reply
    sent: int


@dataclass(frozen=True)
class Slow:
    """A reply that comes in `pieces` of about one length, `pause` seconds between them."""

    reply: Reply
    pieces: int
    pause: float


Answer = Reply | Hang | Reset | CutOff | Slow


@contextlib.contextmanager
def environment(wanted: Mapping[str, str], *without: str) -> Iterator[None]:
    """This process's environment with the variables `wanted` and none of those `without`."""
    before = {name: os.environ.pop(name, None) for name in (*wanted, *without)}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


class Tunnel:
    """Serves `hosts` on 127.0.0.1 under a certificate authority that lives as long as it does.

    `answer` makes the reply to each request inside a tunnel. `connect` is asked ahead of each
    tunnel with the host's name and returns None to open it, or the proxy's refusal. A host that is
    not named is refused with 502 whatever `connect` says: nothing leaves the machine.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        answer: Callable[[Asked], Answer],
        connect: Callable[[str], Answer | None],
    ) -> None:
        self.answer = answer
        self.connect = connect
        self.hosts = frozenset(hosts)
        self.closing = threading.Event()
        self._folder = tempfile.TemporaryDirectory(prefix="standin-")
        self.ca_bundle = Path(self._folder.name) / "ca.pem"
        authority = trustme.CA(organization_name="Stand-in for tests, worth nothing")
        authority.cert_pem.write_to_path(str(self.ca_bundle))
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.set_alpn_protocols(["http/1.1"])
        authority.issue_cert(*hosts).configure_cert(self.tls)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.tunnel = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._folder.cleanup()


class _Server(ThreadingHTTPServer):
    tunnel: Tunnel
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away (timeouts, resets) are what the faults are for; the rest is ours."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each reply waits 40 ms for an acknowledgement
    tunnelled_to: str | None = None

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0]
        tunnel = self.server.tunnel
        refusal = tunnel.connect(host)
        if refusal is None and host not in tunnel.hosts:
            refusal = Reply(502, b"This proxy leads to stand-ins only.\n")
        if refusal is not None:
            self._send(refusal)
            self.close_connection = True
            return
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.rfile.close()
        self.connection = self.request = tunnel.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.tunnelled_to = host
        self.close_connection = False

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        host = self.tunnelled_to or target.hostname or self.headers.get("Host", "").split(":")[0]
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(
            method=self.command,
            host=host,
            path=target.path,
            query=dict(parse_qsl(target.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        self._send(self.server.tunnel.answer(asked))

    do_POST = do_HEAD = do_DELETE = do_GET

    def _send(self, answer: Answer) -> None:
        if isinstance(answer, Reset):
            self._reset()
        elif isinstance(answer, Hang):
            self.server.tunnel.closing.wait()
            self.close_connection = True
        elif isinstance(answer, CutOff):
            body = self._send_head(answer.reply)
            self._send_bytes(body[: min(answer.sent, len(body) - 1)])
            self.close_connection = True
        elif isinstance(answer, Slow):
            body = self._send_head(answer.reply)
            size = -(-len(body) // answer.pieces) or 1
            for start in range(0, len(body), size):
                self._send_bytes(body[start : start + size])
                self.server.tunnel.closing.wait(answer.pause)
        else:
            self._send_bytes(self._send_head(answer))

    def _send_head(self, reply: Reply) -> bytes:
        """Sends all but the body, which it returns as it is to be sent."""
        body = reply.body
        # No Date and no Server: the same question gets the same bytes, so recordings compare.
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return body

    def _send_bytes(self, some: bytes) -> None:
        if self.command != "HEAD":
            self.wfile.write(some)
            self.wfile.flush()

    def _reset(self) -> None:
        self.close_connection = True
        lingering_for_no_time = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering_for_no_time)
        self.rfile.close()
        with contextlib.suppress(OSError, ValueError):
            self.wfile.close()
        self.wfile = io.BytesIO()  # for the flush that the base class ends a request with
        self.connection.close()

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: the stand-in keeps its own log."""
