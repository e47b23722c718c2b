"""What the library keeps of the vault: its files, the words of notes, and what is still to be done.

The files are kept as they were when links were last made: what differs from them has changed since.
The words of notes find those whose links a changed name can change.
"""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.library import rows

if TYPE_CHECKING:
    import sqlite3

    from generator.library.database import Database

TABLES = (
    # All that is asked of notes but their content, without reading past it.
    "CREATE INDEX notes_in_brief ON notes"
    " (channel, video_id, position, slug, title, aliases, path)",
    "DROP INDEX notes_by_video",
    "ALTER TABLE notes ADD COLUMN former TEXT NOT NULL DEFAULT '[]'",
    """
    CREATE TABLE files (
        path TEXT NOT NULL PRIMARY KEY,
        changed INTEGER NOT NULL,
        size INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        title TEXT NOT NULL,
        video_id TEXT NOT NULL,
        aliases TEXT NOT NULL,
        published TEXT NOT NULL,
        channel TEXT,
        names TEXT,
        dated TEXT
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE indexed (
        id INTEGER PRIMARY KEY,
        channel TEXT NOT NULL,
        slug TEXT NOT NULL,
        links TEXT NOT NULL,
        digest TEXT NOT NULL,
        UNIQUE (channel, slug)
    ) STRICT
    """,
    "CREATE VIRTUAL TABLE words USING fts5(of_note, tokenize = 'ascii', detail = none,"
    " columnsize = 0)",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row)",
    """
    CREATE TABLE due (
        channel TEXT NOT NULL,
        slug TEXT NOT NULL,
        path TEXT NOT NULL,
        PRIMARY KEY (channel, slug)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE marks (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",
)

SIDECARS = ("ALTER TABLE indexed ADD COLUMN sidecar TEXT NOT NULL DEFAULT ''",)

NAMES = (
    """
    CREATE TABLE names (
        entry INTEGER NOT NULL,
        path TEXT NOT NULL,
        PRIMARY KEY (entry, path)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX names_by_path ON names (path)",
)

_KEPT_OF_FILES = (0, 4, 5)  # path, title and video_id: other tables have these texts, too
_KEPT_OF_NOTES = (0, 2, 4, 6)  # channel, video_id, title, path

AT_ONCE = 500
"""How many files are asked for at a time."""


class FileRow(NamedTuple):
    """A Markdown file of the vault: what tells that it changed, and what its front matter said.

    `aliases` and `names` are one a line, `published` and `dated` days or empty. `channel`, `names`
    (its aliases) and `dated` are what links went by, the library's knowledge included; None for
    what is no note. All other values are the file's own.
    """

    path: str
    changed: int
    size: int
    inode: int
    title: str
    video_id: str
    aliases: str
    published: str
    channel: str | None
    names: str | None
    dated: str | None

    @property
    def seen(self) -> tuple[int, int, int]:
        """What tells that the file changed."""
        return self.changed, self.size, self.inode

    @property
    def linked_as(self) -> tuple[str, ...] | None:
        """What links went by; None for what is no note."""
        if self.channel is None:
            return None
        return self.title, self.video_id, self.channel, self.names or "", self.dated or ""


class NoteEntry(NamedTuple):
    """A note of the library without its content; `position` is its place among its video's."""

    channel: str
    slug: str
    video_id: str
    position: int
    title: str
    aliases: tuple[str, ...]
    published: date | None
    path: str | None


class VideoEntry(NamedTuple):
    """What a channel's page says of a video."""

    id: str
    title: str
    url: str


class Index:
    """What the library keeps of the vault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # The vault's files

    def files(self, texts: dict[str, str] | None = None) -> Iterator[FileRow]:
        """The vault's files as they were when links were last made.

        `texts` are at hand, each by itself: of those that are equal, one is kept in memory.
        """
        found = self._database.rows("SELECT * FROM files")
        columns = _shared(
            found, len(FileRow._fields), _KEPT_OF_FILES, {} if texts is None else texts
        )
        return map(FileRow._make, zip(*columns, strict=True))

    def files_at(self, paths: Iterable[str]) -> Iterator[tuple[str, FileRow | None]]:
        """What `files` has at some paths, a few of them at a time."""
        left = iter(paths)
        while some := tuple(itertools.islice(left, AT_ONCE)):
            found = self._database.rows(
                "SELECT * FROM files WHERE path IN (SELECT value FROM json_each(?))",
                (json.dumps(some),),
            )
            of = {row["path"]: FileRow._make(row) for row in found}
            yield from ((path, of.get(path)) for path in some)

    def settle(
        self,
        changed: Iterable[FileRow],
        gone: Iterable[str],
        entries: Mapping[str, Collection[str]],
        marks: Mapping[str, str],
    ) -> None:
        """Links are now as these files need them; nothing is due any more.

        `entries` are, by path, what the names of notes are found by, for those that have others.
        """
        with self._database.transaction() as run:
            for path, of_file in entries.items():
                run("DELETE FROM names WHERE path = ?", (path,))
                for entry in sorted(set(map(_number_of, of_file))):
                    run("INSERT INTO names (entry, path) VALUES (?, ?)", (entry, path))
            for path in gone:
                run("DELETE FROM files WHERE path = ?", (path,))
                run("DELETE FROM names WHERE path = ?", (path,))
            for row in changed:
                run("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            for name, value in marks.items():
                run("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, value))
            run("DELETE FROM due")

    def named(self, entries: Collection[str]) -> list[str]:
        """The paths of the notes with names that are found by any of these, and maybe of others."""
        found = self._database.rows(
            "SELECT DISTINCT path FROM names WHERE entry IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(map(_number_of, entries))),),
        )
        return [row["path"] for row in found]

    def begin_anew(self) -> None:
        """None of the files is there any more: links were made for none, and notes have none."""
        with self._database.transaction() as run:
            run("DELETE FROM files")
            run("DELETE FROM names")
            run("UPDATE notes SET path = NULL WHERE path IS NOT NULL")

    def mark(self, name: str) -> str:
        """What was marked under a name with the last settling; empty if nothing was."""
        found = self._database.rows("SELECT value FROM marks WHERE name = ?", (name,))
        return str(found[0]["value"]) if found else ""

    # Notes and videos in brief

    def notes(self, texts: dict[str, str] | None = None) -> list[NoteEntry]:
        """All notes in brief: by channel and video, in order; `texts` are as with `files`."""
        days = {
            (channel, id_): date.fromisoformat(day) if day else None
            for channel, id_, day in self._database.rows(
                "SELECT channel, id, published FROM videos"
            )
        }
        found = self._database.rows(
            "SELECT channel, slug, video_id, position, title, aliases, path FROM notes"
            " INDEXED BY notes_in_brief ORDER BY channel, video_id, position"
        )
        return self._database.read(_entries_of, found, days, {} if texts is None else texts)

    def former(self, channel: str, video_id: str) -> dict[str, tuple[str, ...]]:
        """The titles that a video's notes had before, by slug."""
        found = self._database.rows(
            "SELECT slug, former FROM notes WHERE channel = ? AND video_id = ?",
            (channel, video_id),
        )
        return {row["slug"]: self._database.read(rows.words_of, row["former"]) for row in found}

    def videos(self, channel: str) -> list[VideoEntry]:
        """The channel's videos in brief, in the order in which they came."""
        found = self._database.rows(
            "SELECT id, title, url FROM videos WHERE channel = ? ORDER BY position", (channel,)
        )
        return [VideoEntry._make(row) for row in found]

    # Which notes a name can concern

    def unindexed(self) -> list[tuple[str, str]]:
        """Channel and slug of the notes whose words are not known."""
        found = self._database.rows(
            "SELECT channel, slug FROM notes INDEXED BY notes_in_brief WHERE NOT EXISTS (SELECT 1"
            " FROM indexed WHERE indexed.channel = notes.channel AND indexed.slug = notes.slug)"
        )
        return [(row["channel"], row["slug"]) for row in found]

    def words(self, start: str) -> list[str]:
        """The words of all notes that begin with some letters."""
        found = self._database.rows(
            "SELECT term FROM vocabulary WHERE term >= ?1 AND term < ?1 || char(0x10FFFF)", (start,)
        )
        return [row["term"] for row in found]

    def having(self, words: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
        """Channel and slug of the notes that have, of each of some words, one."""
        groups = (" OR ".join(f'"{word}"' for word in of) for of in words)
        asked = " AND ".join(f"({group})" for group in groups)
        found = self._database.rows(
            "SELECT channel, slug FROM words JOIN indexed ON indexed.id = words.rowid"
            " WHERE words MATCH ?",
            (asked,),
        )
        return [(row["channel"], row["slug"]) for row in found]


def _shared(
    found: Iterable[sqlite3.Row], count: int, kept: Iterable[int], texts: dict[str, str]
) -> list[Sequence[Any]]:
    """The columns of some rows; in those that are `kept`, texts that are at hand as such."""
    columns: list[Sequence[Any]] = list(zip(*found, strict=True)) or [()] * count
    for at in kept:
        columns[at] = [text and texts.setdefault(text, text) for text in columns[at]]
    return columns


def _number_of(entry: str) -> int:
    """What stands for an entry: it needs little room. Two with one number do no harm."""
    return zlib.crc32(entry.encode(errors="surrogatepass"))


def _entries_of(
    found: Iterable[sqlite3.Row],
    days: Mapping[tuple[str, str], date | None],
    texts: dict[str, str],
) -> list[NoteEntry]:
    columns = _shared(found, 7, _KEPT_OF_NOTES, texts)
    channels, slugs, ids, positions, titles, aliases, paths = columns
    published = map(days.get, zip(channels, ids, strict=True))
    names = rows.words_of_each(aliases)
    each = zip(channels, slugs, ids, positions, titles, names, published, paths, strict=True)
    return list(map(NoteEntry._make, each))
