"""The file in which a site keeps what the last build read and wrote: its tables, and SQLite.

`<out>/.generate/site.db` has, readable with any SQLite tool:

| table | a row is |
| --- | --- |
| `files` | a file of the vault as it was read: how it looked (`seen`), which transcript was shown with it (`heard`), what other pages show of it, `place`: where its page is, `name`: what links call it |
| `details` | what only the file's own page shows, and apart from it the `seconds` that it cites |
| `links` | a link in its text, in order (`number`): where it leads as written (`target`, `heading`), the `name` of a file that this means, the `path` it leads to (`leads`, empty for none; `several` of them), the sentence it stands in |
| `videos` | a video of a channel, and a digest of what pages tell of it |
| `held` | what the library knew of a video |
| `outputs` | a file that was written, with a digest of all that it was made of |
| `marks` | what the last build went by, and what it came to |

An output is entered before it is written: what an interrupted build has left is known as ours. The
mark of a build goes with the first thing that the next one changes, and comes back when that ended.
"""  # noqa: E501

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generator.errors import SiteStateUnusable

FORMAT = 5
"""The number of this format of the record; of another one only `outputs` is taken over."""

_TABLES = {
    "files": """(
        path TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, video_id TEXT NOT NULL,
        description TEXT NOT NULL, aliases TEXT NOT NULL, about TEXT NOT NULL,
        entries TEXT NOT NULL, has_text INTEGER NOT NULL, has_evidence INTEGER NOT NULL,
        language TEXT NOT NULL, digest TEXT NOT NULL, seen TEXT NOT NULL, heard TEXT NOT NULL,
        name TEXT NOT NULL, place TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "details": "(path TEXT PRIMARY KEY, seconds TEXT NOT NULL, packed BLOB NOT NULL) STRICT",
    "links": """(
        path TEXT NOT NULL, number INTEGER NOT NULL, target TEXT NOT NULL, heading TEXT NOT NULL,
        name TEXT NOT NULL, leads TEXT NOT NULL, several INTEGER NOT NULL, sentence TEXT NOT NULL,
        PRIMARY KEY (path, number)
    ) STRICT, WITHOUT ROWID""",
    "videos": """(
        channel TEXT NOT NULL, id TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (channel, id)
    ) STRICT, WITHOUT ROWID""",
    "held": "(video_id TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "marks": "(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "outputs": """(
        path TEXT PRIMARY KEY, made_of TEXT NOT NULL, digest TEXT NOT NULL, seen TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
}
_INDEXES = (
    "CREATE INDEX files_by_name ON files (name)",
    "CREATE INDEX links_by_name ON links (name)",
    "CREATE INDEX links_by_lead ON links (leads, path)",
)
_KEPT = "outputs"

BUILT = "built"
"""The mark of a build that has ended."""

_AT_ONCE = 500
"""So many values a question to SQLite has at most."""


class SiteDatabase:
    """The record's file, open. Raises SiteStateUnusable where it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self.path = path
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

    def _prepare(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        # A loss of power costs at most a build.
        self._database.execute("PRAGMA synchronous = NORMAL")
        (number,) = self._database.execute("PRAGMA user_version").fetchone()
        if number == FORMAT:
            return
        with self.transaction():
            # What another version read is read again; what it wrote is known as ours.
            for table in ("sentences", *_TABLES):
                if table != _KEPT:
                    self._database.execute(f"DROP TABLE IF EXISTS {table}")
            for table, columns in _TABLES.items():
                self._database.execute(f"CREATE TABLE IF NOT EXISTS {table} {columns}")
            for index in _INDEXES:
                self._database.execute(index)
            self._database.execute(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError, KeyError, zlib.error) as error:
            raise SiteStateUnusable(self.path.parent.parent, str(error)) from error

    # Marks

    def mark(self, name: str) -> str:
        """A mark; empty where there is none."""
        with self._told():
            row = self._database.execute(
                "SELECT value FROM marks WHERE name = ?", (name,)
            ).fetchone()
        return str(row[0]) if row else ""

    def set_mark(self, name: str, value: str) -> None:
        """Sets a mark."""
        with self._told():
            self._database.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, value))

    def unmark(self) -> None:
        """The site is not any more, or not yet again, what would be built."""
        with self._told():
            self._unmark()

    def _unmark(self) -> None:
        self._database.execute("DELETE FROM marks WHERE name = ?", (BUILT,))

    def _among(self, asked: str, values: Collection[str]) -> Iterator[tuple[Any, ...]]:
        """The rows of a question that ends with the name of a column, with one of these values."""
        ordered = sorted(values)
        with self._told():
            for at in range(0, len(ordered), _AT_ONCE):
                some = ordered[at : at + _AT_ONCE]
                yield from self._database.execute(f"{asked} IN ({marks_for(some)})", some)


def marks_for(values: Collection[object]) -> str:
    """So many question marks as a question to SQLite has values."""
    return ", ".join("?" * len(values))
