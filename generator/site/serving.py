"""The site shown on this machine: its files over HTTP, built again when the vault has changed.

Only this machine is answered, and only what the site shows: no lists of folders, no hidden files,
nothing outside the site's folder.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from generator import __version__
from generator.errors import GenerateError, PortUnusable
from generator.site.places import NOT_FOUND, START
from generator.vault.files import OWN_FOLDER

HOST = "127.0.0.1"

LOOK_SECONDS = 1.0
"""How long a look at the vault is good for."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_HERE = frozenset({HOST, "localhost", "::1"})


@dataclass
class Rebuilding:
    """Builds the site again where the vault has changed since it was last built.

    `look` gives what tells that it has; `clock` counts seconds. An error of `build` is told to
    `complain`, and the site stays as it was.
    """

    build: Callable[[], object]
    look: Callable[[], object]
    complain: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _seen: object = None
    _looked: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._seen, self._looked = self.look(), self.clock()

    def refresh(self) -> None:
        """Builds again if that is needed; who asks meanwhile waits."""
        with self._lock:
            if self.clock() - self._looked < LOOK_SECONDS:
                return
            seen = self.look()
            self._looked = self.clock()
            if seen == self._seen:
                return
            # What changes while it builds is seen at the next look.
            self._seen = seen
            try:
                self.build()
            except GenerateError as error:
                self.complain(f"The site stays as it was: {error.message}")


class SiteServer(ThreadingHTTPServer):
    """Serves the files of a site on this machine alone. Raises PortUnusable.

    `refresh` is called before a page is answered. `port` 0 takes any that is free.
    """

    daemon_threads = True
    allow_reuse_address = os.name == "posix"

    def __init__(self, out: Path, port: int, refresh: Callable[[], None] = lambda: None) -> None:
        self.out = out
        self.refresh = refresh
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise PortUnusable(port, error.strerror or str(error)) from None

    @property
    def address(self) -> str:
        """Where the site's start page is."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away is nobody's concern."""


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: SiteServer
    protocol_version = "HTTP/1.1"
    server_version = f"generate/{__version__}"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        """A file of the site, or the page that says that there is none."""
        self._answer()

    def do_HEAD(self) -> None:
        """As GET, without the content."""
        self._answer()

    def log_message(self, *_: object) -> None:
        """Nothing is logged: the address is on the screen, and who asks sits before it."""

    def _answer(self) -> None:
        if not self._is_asked_here():
            self._send(HTTPStatus.FORBIDDEN, b"Only this machine is answered.\n", ".txt")
            return
        parts = _parts(self.path)
        if parts is not None and (not parts or "." not in parts[-1] or parts[-1].endswith(".html")):
            self.server.refresh()
        path = _file(self.server.out, parts) if parts is not None else None
        if path is not None and path.is_dir():
            if not urlsplit(self.path).path.endswith("/"):
                self._redirect("/" + "".join(f"{quote(part, safe='')}/" for part in parts or ()))
                return
            path = path / START
        data = _content(path) if path is not None else None
        if path is None or data is None:
            page = _content(self.server.out / NOT_FOUND)
            self._send(HTTPStatus.NOT_FOUND, page or b"There is nothing here.\n", ".html")
            return
        self._send(HTTPStatus.OK, data, path.suffix.lower())

    def _is_asked_here(self) -> bool:
        """Whether the request names this machine: a page of the web could have it named another."""
        try:
            return urlsplit(f"//{self.headers.get('Host', HOST)}").hostname in _HERE
        except ValueError:
            return False

    def _redirect(self, where: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", _TYPES.get(kind, "application/octet-stream"))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def vault_looks(vault: Path, out: Path, library: Path | None, templates: Path | None) -> int:
    """What changes with any file that the site of a vault is made of; it is cheap to ask.

    The site in `out` may be in the vault, and is no part of it.
    """
    seen: list[tuple[str, int, int]] = []
    skipped = os.path.realpath(out)
    folders = [vault, vault / OWN_FOLDER / "notes", *([templates] if templates else [])]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        if os.path.realpath(entry.path) != skipped:
                            folders.append(Path(entry.path))
                    else:
                        status = entry.stat(follow_symlinks=False)
                        seen.append((entry.path, status.st_mtime_ns, status.st_size))
        except OSError:
            continue
    for path in (library, library.with_name(f"{library.name}-wal")) if library else ():
        try:
            status = path.stat()
            seen.append((str(path), status.st_mtime_ns, status.st_size))
        except OSError:
            continue
    return hash(tuple(sorted(seen)))


def _parts(target: str) -> list[str] | None:
    """The names in the path that was asked for; None where it is none of a site."""
    try:
        path = unquote(urlsplit(target).path, errors="strict")
    except ValueError:  # UnicodeDecodeError is one
        return None
    parts = [part for part in path.split("/") if part]
    bad = any(part.startswith(".") or set(part) & {"\\", "\0", ":"} for part in parts)
    return None if bad else parts


def _file(out: Path, parts: list[str]) -> Path | None:
    """The file or folder of these names, None for one outside the site."""
    try:
        path = out.joinpath(*parts)
        return path if path.resolve().is_relative_to(out.resolve()) else None
    except (OSError, RuntimeError, ValueError):
        return None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None
