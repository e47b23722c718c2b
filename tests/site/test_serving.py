"""The site over HTTP on this machine: what is answered, to whom, and after which change."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.errors import PortUnusable, SiteInUse
from generator.site.serving import LOOK_SECONDS, Rebuilding, SiteServer, vault_looks
from tests.site.vaults import built, write

Answer = tuple[int, http.client.HTTPMessage, bytes]
Ask = Callable[..., Answer]


@contextmanager
def served(out: Path, refresh: Callable[[], None] = lambda: None) -> Iterator[Ask]:
    with SiteServer(out, 0, refresh) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def ask(path: str, method: str = "GET", **headers: str) -> Answer:
            connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
            try:
                connection.request(method, path, headers=headers)
                answer = connection.getresponse()
                return answer.status, answer.headers, answer.read()
            finally:
                connection.close()

        try:
            yield ask
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(vault: Path, tmp_path: Path, no_index: None) -> Path:
    built(vault, tmp_path / "site")
    return tmp_path / "site"


def test_pages_come_with_what_they_are(site: Path) -> None:
    write(site, {"pagefind/x.wasm": b"w", "lamps/a b.html": "spaced"})
    with served(site) as ask:
        status, headers, body = ask("/")
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert body == (site / "index.html").read_bytes()
        assert ask("/lamps/")[2] == (site / "lamps/index.html").read_bytes()
        assert ask("/assets/main.js")[1]["Content-Type"] == "text/javascript; charset=utf-8"
        assert ask("/pagefind/x.wasm")[1]["Content-Type"] == "application/wasm"
        assert ask("/graphs/vault.json")[1]["Content-Type"] == "application/json; charset=utf-8"
        assert ask("/lamps/a%20b.html?q=1#x")[2] == b"spaced"
        status, headers, body = ask("/", "HEAD")
        assert (status, body) == (200, b"")
        assert int(headers["Content-Length"]) == (site / "index.html").stat().st_size
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/none.html",
        "/.generate/site.db",
        "/%2egenerate/site.db",
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/lamps/..%5c..%5csecret.txt",
        "/lamps/%00",
        "/%ff",
        "/assets/",
        "/link/secret.txt",
        "/C:/secret.txt",
        "//secret.txt",
    ],
)
def test_what_is_not_of_the_site_is_not_there(site: Path, path: str) -> None:
    write(site.parent, {"secret.txt": "secret", "elsewhere/secret.txt": "secret"})
    (site / "link").symlink_to(site.parent / "elsewhere")
    with served(site) as ask:
        status, _, body = ask(path)
        assert (status, body) == (404, (site / "404.html").read_bytes())


def test_a_folder_without_its_slash_leads_to_the_one_with_it(site: Path) -> None:
    with served(site) as ask:
        status, headers, _ = ask("/lamps")
        assert (status, headers["Location"]) == (301, "/lamps/")
        status, headers, _ = ask("//lamps//")
        assert headers.get("Location") is None


def test_a_page_of_the_web_that_names_this_machine_otherwise_is_refused(site: Path) -> None:
    with served(site) as ask:
        assert ask("/", Host="evil.example:8000")[0] == 403
        assert ask("/", Host="localhost:8000")[0] == 200
        assert ask("/", Host="[::1]:8000")[0] == 200


def test_nothing_but_reading_is_answered(site: Path) -> None:
    with served(site) as ask:
        assert ask("/", "POST")[0] == 501
        assert ask("/index.html", "DELETE")[0] == 501
        assert (site / "index.html").exists()


def test_pages_are_refreshed_before_they_are_answered_and_assets_are_not(site: Path) -> None:
    asked: list[int] = []
    with served(site, lambda: asked.append(1)) as ask:
        ask("/assets/main.js")
        ask("/graphs/vault.json")
        assert asked == []
        for path in ("/", "/lamps/lens.html", "/lamps", "/none"):
            ask(path)
        assert len(asked) == 4


def test_a_port_that_is_taken_is_told(site: Path) -> None:
    with SiteServer(site, 0) as server, pytest.raises(PortUnusable):
        SiteServer(site, server.server_port)


def test_the_vault_is_looked_at_no_more_than_once_a_second_and_built_when_it_changed() -> None:
    now, vault, builds, told = [0.0], ["as it was"], [], []
    rebuilding = Rebuilding(
        lambda: builds.append(vault[0]), lambda: vault[0], told.append, lambda: now[0]
    )
    vault[0] = "changed"
    rebuilding.refresh()
    assert builds == []
    now[0] = LOOK_SECONDS
    rebuilding.refresh()
    rebuilding.refresh()
    now[0] = 10.0
    rebuilding.refresh()
    assert builds == ["changed"]
    assert told == []


def test_a_build_that_fails_leaves_the_site_and_is_told() -> None:
    now, vault, told = [0.0], [1], []

    def fail() -> None:
        raise SiteInUse(Path("site"))

    rebuilding = Rebuilding(fail, lambda: vault[0], told.append, lambda: now[0])
    now[0], vault[0] = 5.0, 2
    rebuilding.refresh()
    assert len(told) == 1
    assert told[0].startswith("The site stays as it was: Another run")


def test_whatever_a_site_is_made_of_is_looked_at(vault: Path, tmp_path: Path) -> None:
    library, templates, out = tmp_path / "library.db", tmp_path / "own", vault / "site"
    write(tmp_path, {"library.db": "x", "own/site/note.html.j2": "x"})
    looks = [vault_looks(vault, out, library, templates)]
    assert vault_looks(vault, out, library, templates) == looks[0]
    for path in (
        vault / "lamps/lens.md",
        vault / "new/note.md",
        vault / ".generator/notes/lamps/lens.json",
        library,
        tmp_path / "library.db-wal",
        templates / "site/note.html.j2",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("changed")
        looks.append(vault_looks(vault, out, library, templates))
    write(vault, {"site/lamps/lens.html": "built"})
    assert vault_looks(vault, out, library, templates) == looks[-1]
    (vault / "lamps/lens.md").unlink()
    looks.append(vault_looks(vault, out, library, templates))
    assert len(set(looks)) == 8
