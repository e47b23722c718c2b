"""What the last build read and wrote, kept in the site's own hidden folder.

`<out>/.generate/site.db` is SQLite: `files` are the vault's, as they were read; `sentences` those
in which their links stand; `held` what the library knew of videos; `outputs` what was written,
with a digest of all that it was made of.
An output is entered before it is written: what an interrupted build has left is known as ours.
`marks` tell what the last build went by; they go with the first thing that the next one changes,
and come back when it has ended.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from generator.errors import SiteStateUnusable
from generator.library.viewing import HeldVideo
from generator.models import Video
from generator.site.wiki import About, Details, Entry, Kind, Page

FOLDER = ".generate"
"""The hidden folder of a site with what the program keeps of it."""

FORMAT = 3
"""The number of this format of the record; of another one only `outputs` is taken over."""

BUILT = "built"
"""The mark of a build that has ended; it goes with the first thing that the next one changes."""

_NOTHING = About()
_KINDS = {str(kind): kind for kind in Kind}
_TABLES = """
CREATE TABLE files (
    path TEXT PRIMARY KEY, seen TEXT NOT NULL, heard TEXT NOT NULL, video_id TEXT NOT NULL,
    page TEXT NOT NULL, details BLOB NOT NULL
) STRICT;
CREATE TABLE sentences (
    path TEXT NOT NULL, number INTEGER NOT NULL, html TEXT NOT NULL, PRIMARY KEY (path, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outputs (
    path TEXT PRIMARY KEY, made_of TEXT NOT NULL, digest TEXT NOT NULL, seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE held (video_id TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site: what it was made of and holds, as digests, and how it looked on disk."""

    made_of: str = ""
    digest: str = ""
    seen: str = ""


class Seen(NamedTuple):
    """How a file looked when it was read, with what there is beside it.

    `heard` tells which transcript of its video was shown with it, empty where none was.
    """

    looks: str
    heard: str = ""
    video_id: str = ""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a file says, as it is kept."""

    page: Page
    json: str
    packed: bytes
    sentences: tuple[str, ...]


class State:
    """The record of a site. Raises SiteStateUnusable where it cannot be read or written."""

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

    # Files of the vault

    def seen(self) -> dict[str, Seen]:
        """By path, how each file looked when it was read."""
        with self._told():
            rows = self._database.execute("SELECT path, seen, heard, video_id FROM files")
            return {path: Seen(*values) for path, *values in rows}

    def pages(self) -> dict[str, Page]:
        """By path, in their order, what each file said."""
        with self._told():
            rows = self._database.execute("SELECT path, page FROM files ORDER BY path").fetchall()
            with _no_collection():
                return {path: _page_of(page) for path, page in rows}

    def keep_page(self, seen: Seen, read: ReadPage) -> None:
        """Keeps what a file says."""
        path = read.page.path
        with self._told():
            self._drop(path)
            self._database.execute(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)",
                (path, seen.looks, seen.heard, seen.video_id, read.json, read.packed),
            )
            self._database.executemany(
                "INSERT INTO sentences VALUES (?, ?, ?)",
                [(path, at, html) for at, html in enumerate(read.sentences)],
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

    # What the last build went by

    def held(self) -> dict[str, HeldVideo]:
        """By id, what the library knew of videos."""
        with self._told():
            rows = self._database.execute("SELECT video_id, value FROM held")
            return {video_id: _held_of(value) for video_id, value in rows}

    def keep_held(self, held: Mapping[str, HeldVideo]) -> None:
        """Keeps what the library knows of videos in the place of what it knew."""
        with self._told():
            self._unmark()
            self._database.execute("DELETE FROM held")
            self._database.executemany(
                "INSERT INTO held VALUES (?, ?)",
                [(video_id, _held_json(each)) for video_id, each in held.items()],
            )

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

    def _drop(self, path: str) -> None:
        self._unmark()
        self._database.execute("DELETE FROM files WHERE path = ?", (path,))
        self._database.execute("DELETE FROM sentences WHERE path = ?", (path,))

    def _prepare(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        # A loss of power costs at most a build.
        self._database.execute("PRAGMA synchronous = NORMAL")
        (number,) = self._database.execute("PRAGMA user_version").fetchone()
        if number == FORMAT:
            return
        with self.transaction():
            # What another version read is read again; what it wrote is known as ours.
            for table in ("files", "sentences", "held", "marks"):
                self._database.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in filter(str.strip, _TABLES.split(";")):
                self._database.execute(statement)
            self._database.execute(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError, KeyError, zlib.error) as error:
            raise SiteStateUnusable(self.path.parent.parent, str(error)) from error


@contextmanager
def _no_collection() -> Iterator[None]:
    """So many new objects, all of them kept, would have Python look for garbage among them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def digest_of(*parts: object) -> str:
    """What changes with any of its parts; these are strings, numbers, tuples and dataclasses."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digest_of_digests(digests: Iterable[str]) -> str:
    """What changes with any of some digests, or their order; quicker than `digest_of`."""
    return hashlib.blake2b(" ".join(digests).encode(), digest_size=16).hexdigest()


def digest_of_bytes(data: bytes) -> str:
    """What changes with the bytes of a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def packed_page(page: Page, details: Details) -> ReadPage:
    """What a file says, made ready to be kept."""
    return ReadPage(page, _page_json(page), _packed(details), details.sentences)


def _page_json(page: Page) -> str:
    about = page.about
    value = [
        page.path,
        page.kind,
        page.title,
        page.video_id,
        page.description,
        page.aliases,
        page.targets,
        page.seconds,
        [about.title, about.url, about.published, about.duration] if about != _NOTHING else None,
        [[each.video_id, each.title, each.url, each.notes] for each in page.entries],
        page.has_text,
        page.has_evidence,
        page.language,
        page.digest,
    ]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _page_of(text: str) -> Page:
    path, kind, title, video, said, aliases, targets, seconds, about, entries, *rest = json.loads(
        text
    )
    return Page(
        path,
        _KINDS[kind],
        title,
        video,
        said,
        tuple(aliases),
        tuple(map(tuple, targets)),
        tuple(seconds),
        About(*about) if about else _NOTHING,
        tuple(Entry(video, title, url, tuple(notes)) for video, title, url, notes in entries),
        *rest,
    )


def _packed(details: Details) -> bytes:
    value = [details.html, details.contents, details.evidence]
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), 1)


def _unpacked(data: bytes) -> Details:
    html, contents, evidence = json.loads(zlib.decompress(data))
    return Details(
        html, tuple((name, title, level) for name, title, level in contents), (), evidence
    )


def _held_json(held: HeldVideo) -> str:
    """As much of a video as the site shows, and where its transcript is."""
    video = held.video
    published = video.published.isoformat()[:10] if video.published else ""
    of_video = [video.id, video.title, video.channel, video.url, video.duration, published]
    return json.dumps([of_video, held.language, held.generated, held.digest, held.under])


def _held_of(text: str) -> HeldVideo:
    (video_id, title, channel, url, duration, published), *rest = json.loads(text)
    day = date.fromisoformat(published) if published else None
    return HeldVideo(
        Video(video_id, title, channel, url=url, duration=duration, published=day), *rest
    )
