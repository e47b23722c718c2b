"""What the library keeps of the vault: its files, the words of notes, and what is still to be done.

The files are kept as they were when links were last made: what differs from them has changed since.
The words of notes find those whose links a changed name can change.
"""

from __future__ import annotations

import functools
import itertools
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.library import rows
from generator.models import Fingerprint

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

PAGE = ""
"""The slug under which a channel's page is due."""


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


class Due(NamedTuple):
    """What a run that was stopped left to be done, and where the file was.

    A note that the library has is to be written, any other is to go.
    """

    channel: str
    slug: str
    path: str


class Filed(NamedTuple):
    """What was filed with a note, and all that was ever written as its file, the last first.

    `links` are as in `Filing`. `sidecar` is a digest of what its sidecar says, but for what the
    file said; empty where that is not known.
    """

    links: str
    sidecar: str
    written: tuple[Fingerprint, ...]


@dataclass(frozen=True, slots=True)
class Filing:
    """What is kept with a note besides itself.

    `words` are those that it is found by; None for those that it has. `links` tells its links;
    empty where its file has others, since its owner edited it. `written` is what the file is about
    to say, unless that is known. `due` says that the file is to be written.
    """

    words: Collection[str] | None
    links: str
    written: Fingerprint | None = None
    due: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """What became of notes that were due, by channel and slug.

    `paths` are where the files are that there are, None for the others; `sidecars` the digests of
    those that were made anew.
    """

    paths: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    sidecars: Mapping[tuple[str, str], str] = field(default_factory=dict)


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

    def links(self, channel: str, slug: str) -> str | None:
        """A note's links as its file last had them; None for one never indexed."""
        found = self._database.rows(
            "SELECT links FROM indexed WHERE channel = ? AND slug = ?", (channel, slug)
        )
        return str(found[0]["links"]) if found else None

    def filed(self, channel: str, video_id: str) -> dict[str, Filed]:
        """What is filed with a video's notes, by slug; nothing for those never indexed."""
        found = self._database.rows(
            "SELECT notes.slug, links, sidecar, written.digest, front_matter FROM notes"
            " INDEXED BY notes_in_brief JOIN indexed USING (channel, slug)"
            " LEFT JOIN written USING (channel, slug)"
            " WHERE notes.channel = ? AND video_id = ? ORDER BY written.position DESC",
            (channel, video_id),
        )
        filed: dict[str, Filed] = {}
        for slug, links, sidecar, digest, keys in found:
            of = filed.setdefault(slug, Filed(links, sidecar, ()))
            if digest is not None:
                known = Fingerprint(digest, self._database.read(_keys_of, keys))
                filed[slug] = of._replace(written=(*of.written, known))
        return filed

    # What is to be done

    def due(self) -> list[Due]:
        """What runs that were stopped left to be done; channels' pages have the slug `PAGE`."""
        return [Due._make(row) for row in self._database.rows("SELECT * FROM due")]

    def file(self, filings: Mapping[tuple[str, str], Filing]) -> None:
        """Keeps what is filed with notes, by channel and slug, which are due from then on."""
        if filings:
            with self._database.transaction() as run:
                for (channel, slug), filing in filings.items():
                    save_filing(run, channel, slug, filing)

    def done(self, done: Done) -> None:
        """Notes are written or gone: they are not due any more."""
        if done.paths or done.sidecars:
            with self._database.transaction() as run:
                _save_done(run, done)

    def done_later(self, done: Done) -> None:
        """As `done`, with the next change of the library; who is killed before does it again."""
        if done.paths or done.sidecars:
            self._database.later(lambda run: _save_done(run, done))

    def catch_up(self) -> None:
        """Does what was to be done later."""
        self._database.catch_up()


def save_filing(
    run: Callable[..., sqlite3.Cursor], channel: str, slug: str, filing: Filing
) -> None:
    """Within a transaction: what is filed with a note, which is due from now on."""
    run(
        "INSERT INTO indexed (channel, slug, links, digest) VALUES (?1, ?2, ?3, '')"
        " ON CONFLICT DO UPDATE SET links = excluded.links",
        (channel, slug, filing.links),
    )
    if filing.words is not None:  # the note's text may be another: its sidecar is to be made anew
        _save_words(run, channel, slug, sorted(filing.words))
        run("UPDATE indexed SET sidecar = '' WHERE channel = ? AND slug = ?", (channel, slug))
    if filing.written:
        save_written(run, channel, slug, filing.written)
    if filing.due:
        save_due(run, channel, slug, "")


def _save_done(run: Callable[..., sqlite3.Cursor], done: Done) -> None:
    for (channel, slug), digest in done.sidecars.items():
        run(
            "UPDATE indexed SET sidecar = ? WHERE channel = ? AND slug = ?",
            (digest, channel, slug),
        )
    for (channel, slug), path in done.paths.items():
        run("DELETE FROM due WHERE channel = ? AND slug = ?", (channel, slug))
        if path is not None:
            run(
                "UPDATE notes SET path = ?1 WHERE channel = ?2 AND slug = ?3 AND path IS NOT ?1",
                (path, channel, slug),
            )


def _save_words(
    run: Callable[..., sqlite3.Cursor], channel: str, slug: str, words: Sequence[str]
) -> None:
    digest = rows.digest_of(words)
    (row,) = run("SELECT id, digest FROM indexed WHERE channel = ? AND slug = ?", (channel, slug))
    if row["digest"] != digest:
        run("DELETE FROM words WHERE rowid = ?", (row["id"],))
        run("INSERT INTO words (rowid, of_note) VALUES (?, ?)", (row["id"], " ".join(words)))
        run("UPDATE indexed SET digest = ? WHERE id = ?", (digest, row["id"]))


def save_written(
    run: Callable[..., sqlite3.Cursor], channel: str, slug: str, written: Fingerprint
) -> None:
    """Within a transaction: what a note's file is about to say."""
    run(
        "INSERT INTO written (channel, slug, digest, front_matter, position) VALUES"
        " (?1, ?2, ?3, ?4, (SELECT coalesce(max(position), 0) + 1 FROM written"
        " WHERE channel = ?1 AND slug = ?2))"
        " ON CONFLICT DO UPDATE SET position = excluded.position",
        (channel, slug, written.digest, rows.words_to_json(written.front_matter)),
    )


def save_due(run: Callable[..., sqlite3.Cursor], channel: str, slug: str, path: str) -> None:
    """Within a transaction: a note whose file is to be written, or to go from where it is."""
    run("INSERT OR REPLACE INTO due (channel, slug, path) VALUES (?, ?, ?)", (channel, slug, path))


def drop_filing(run: Callable[..., sqlite3.Cursor], channel: str, slug: str) -> None:
    """Within a transaction: nothing is filed any more with a note that goes."""
    of_note = (channel, slug)
    run(
        "DELETE FROM words WHERE rowid = (SELECT id FROM indexed WHERE channel = ? AND slug = ?)",
        of_note,
    )
    run("DELETE FROM indexed WHERE channel = ? AND slug = ?", of_note)


@functools.lru_cache(maxsize=64)  # nearly all files have the same
def _keys_of(text: str) -> tuple[str, ...]:
    return rows.words_of(text)


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
