"""What the last build read and wrote, kept in the site's own hidden folder.

`<out>/.generate/site.db` is SQLite: `files` are the vault's, as they were read; `sentences` those
in which their links stand; `outputs` what was written, with a digest of all that it was made of.
An output is entered before it is written: what an interrupted build has left is known as ours.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from generator.errors import SiteStateUnusable
from generator.site.wiki import About, Details, Entry, Kind, Page

FOLDER = ".generate"
"""The hidden folder of a site with what the program keeps of it."""

FORMAT = 1

_TABLES = """
CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, seen TEXT NOT NULL, page TEXT NOT NULL, details BLOB NOT NULL
) STRICT;
CREATE TABLE sentences (
    path TEXT NOT NULL, number INTEGER NOT NULL, html TEXT NOT NULL, PRIMARY KEY (path, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE outputs (
    path TEXT PRIMARY KEY, made_of TEXT NOT NULL, digest TEXT NOT NULL, seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site: what it was made of and holds, as digests, and how it looked on disk."""

    made_of: str = ""
    digest: str = ""
    seen: str = ""


class State:
    """The record of a site. Raises SiteStateUnusable where it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            self._database = sqlite3.connect(path, isolation_level=None, timeout=5)
        try:
            with self._told():
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is done inside is kept as a whole, or not at all."""
        with self._told():
            self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._told():
                self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    # Marks: what is kept under a name

    def mark(self, name: str) -> str:
        """What is kept under a name; empty where nothing is."""
        with self._told():
            row = self._database.execute(
                "SELECT value FROM marks WHERE name = ?", (name,)
            ).fetchone()
        return str(row[0]) if row else ""

    def set_mark(self, name: str, value: str) -> None:
        """Keeps a value under a name."""
        with self._told():
            self._database.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, value))

    # Files of the vault

    def pages(self) -> dict[str, tuple[str, Page]]:
        """By path, how each file looked when it was read, and what it said."""
        with self._told():
            rows = self._database.execute("SELECT path, seen, page FROM files").fetchall()
            return {path: (seen, _page_of(page)) for path, seen, page in rows}

    def keep_page(self, seen: str, page: Page, details: Details) -> None:
        """Keeps what a file says."""
        with self._told():
            self._drop(page.path)
            self._database.execute(
                "INSERT INTO files VALUES (?, ?, ?, ?)",
                (page.path, seen, _page_json(page), _packed(details)),
            )
            self._database.executemany(
                "INSERT INTO sentences VALUES (?, ?, ?)",
                [(page.path, at, html) for at, html in enumerate(details.sentences)],
            )

    def drop_pages(self, paths: Iterable[str]) -> None:
        """Forgets files that are not there any more."""
        with self._told():
            for path in paths:
                self._drop(path)

    def details(self, path: str) -> Details:
        """What only the file's own page shows, without the sentences of its links."""
        with self._told():
            row = self._database.execute(
                "SELECT details FROM files WHERE path = ?", (path,)
            ).fetchone()
            return _unpacked(row[0])

    def sentence(self, path: str, number: int) -> str:
        """The sentence in which a link of a file stands, as HTML."""
        with self._told():
            row = self._database.execute(
                "SELECT html FROM sentences WHERE path = ? AND number = ?", (path, number)
            ).fetchone()
        return str(row[0]) if row else ""

    # Files of the site

    def outputs(self) -> dict[str, Output]:
        """By path, all files that the program wrote, or was about to write."""
        with self._told():
            rows = self._database.execute("SELECT * FROM outputs").fetchall()
        return {path: Output(*values) for path, *values in rows}

    def keep_outputs(self, outputs: Mapping[str, Output]) -> None:
        """Enters files of the site."""
        with self._told():
            self._database.executemany(
                "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?)",
                [(path, each.made_of, each.digest, each.seen) for path, each in outputs.items()],
            )

    def drop_outputs(self, paths: Iterable[str]) -> None:
        """Forgets files of the site that are not there any more."""
        with self._told():
            self._database.executemany(
                "DELETE FROM outputs WHERE path = ?", [(path,) for path in paths]
            )

    def _drop(self, path: str) -> None:
        self._database.execute("DELETE FROM files WHERE path = ?", (path,))
        self._database.execute("DELETE FROM sentences WHERE path = ?", (path,))

    def _prepare(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        # A loss of power costs at most a build.
        self._database.execute("PRAGMA synchronous = NORMAL")
        (number,) = self._database.execute("PRAGMA user_version").fetchone()
        if number not in {0, FORMAT}:
            raise SiteStateUnusable(self._path.parent.parent, "another version of it was used")
        if number == 0:
            with self.transaction():
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError, KeyError, zlib.error) as error:
            raise SiteStateUnusable(self._path.parent.parent, str(error)) from error


def digest_of(*parts: object) -> str:
    """What changes with any of its parts; these are strings, numbers, tuples and dataclasses."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digest_of_bytes(data: bytes) -> str:
    """What changes with the bytes of a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _page_json(page: Page) -> str:
    return json.dumps(asdict(page), ensure_ascii=False, separators=(",", ":"))


def _page_of(text: str) -> Page:
    value = json.loads(text)
    return Page(
        path=value["path"],
        kind=Kind(value["kind"]),
        title=value["title"],
        video_id=value["video_id"],
        description=value["description"],
        aliases=tuple(value["aliases"]),
        targets=tuple((target, heading) for target, heading in value["targets"]),
        seconds=tuple(value["seconds"]),
        about=About(**value["about"]),
        entries=tuple(
            Entry(each["video_id"], each["title"], each["url"], tuple(each["notes"]))
            for each in value["entries"]
        ),
        has_text=value["has_text"],
        has_evidence=value["has_evidence"],
        language=value["language"],
        digest=value["digest"],
    )


def _packed(details: Details) -> bytes:
    value = [details.html, details.contents, details.evidence]
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), 1)


def _unpacked(data: bytes) -> Details:
    html, contents, evidence = json.loads(zlib.decompress(data))
    return Details(
        html, tuple((name, title, level) for name, title, level in contents), (), evidence
    )
