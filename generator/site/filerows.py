"""The files of a vault as they were read, kept: what they say, how they look, where they stand."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from generator.site.database import SiteDatabase, marks_for
from generator.site.rows import PAGE, packed, page_of, row_of_page, unpacked
from generator.site.wiki import Details, Kind, Page, Reference

_FORGET = tuple(
    f"DELETE FROM {table} WHERE path = ?"  # noqa: S608 - its own names
    for table in ("files", "details", "links")
)


class Seen(NamedTuple):
    """How a file looked when it was read, with what there is beside it.

    `heard` tells which transcript of its video was shown with it, empty where none was.
    """

    looks: str
    heard: str = ""
    video_id: str = ""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a file says, as it is kept; `references` each with the name of the file it means."""

    page: Page
    seconds: tuple[int, ...]
    packed: bytes
    references: tuple[tuple[Reference, str], ...]


class FileRows(SiteDatabase):
    """What is kept of the files of a vault."""

    def seen(self) -> dict[str, Seen]:
        """By path, how each file looked when it was read."""
        with self._told():
            rows = self._database.execute("SELECT path, seen, heard, video_id FROM files")
            return {path: Seen(looks, heard, video) for path, looks, heard, video in rows}

    def pages(self) -> Iterator[tuple[str, Page]]:
        """What pages show of each file, in the order of their paths, behind where its own is."""
        with self._told():
            for place, *row in self._database.execute(
                f"SELECT place, {PAGE} FROM files ORDER BY path"  # noqa: S608 - its own names
            ):
                yield place, page_of(row)

    def page(self, path: str) -> Page | None:
        """What pages show of a file; None for one that was not read."""
        with self._told():
            row = self._database.execute(
                f"SELECT {PAGE} FROM files WHERE path = ?",  # noqa: S608 - its own names
                (path,),
            ).fetchone()
            return page_of(row) if row else None

    def keep_page(self, seen: Seen, read: ReadPage) -> None:
        """Keeps what a file says. Where its links lead is not known yet."""
        page = read.page
        name = name_of(page.path)
        with self._told():
            before = self._database.execute(
                "SELECT place FROM files WHERE path = ?", (page.path,)
            ).fetchone()
            self._drop(page.path)
            row = (*row_of_page(page), *seen[:2], name, before[0] if before else "")
            self._database.execute(_into("files", row), row)
            told = (page.path, json.dumps(read.seconds), read.packed)
            self._database.execute("INSERT INTO details VALUES (?, ?, ?)", told)
            self._database.executemany(
                "INSERT INTO links VALUES (?, ?, ?, ?, ?, '', 0, ?)",
                [
                    (page.path, at, each.target, each.heading, means, each.sentence)
                    for at, (each, means) in enumerate(read.references)
                ],
            )

    def keep_seen(self, path: str, seen: Seen) -> None:
        """A file looks otherwise, and says what it said."""
        with self._told():
            self._database.execute(
                "UPDATE files SET seen = ?, heard = ? WHERE path = ?",
                (seen.looks, seen.heard, path),
            )

    def drop_page(self, path: str) -> None:
        """Forgets a file that is not there any more."""
        with self._told():
            self._drop(path)

    def details(self, path: str) -> Details:
        """What only the file's own page shows, without its references and seconds."""
        with self._told():
            row = self._database.execute(
                "SELECT packed FROM details WHERE path = ?", (path,)
            ).fetchone()
            return unpacked(row[0])

    def seconds(self, path: str) -> list[int]:
        """The seconds that a file cites, in the order of its citations."""
        with self._told():
            row = self._database.execute(
                "SELECT seconds FROM details WHERE path = ?", (path,)
            ).fetchone()
            return list(json.loads(row[0]))

    # Places

    def files(self) -> list[tuple[str, Kind, str]]:
        """The path of each file, what it is, and where its page is."""
        with self._told():
            rows = self._database.execute("SELECT path, kind, place FROM files ORDER BY path")
            kinds = {str(kind): kind for kind in Kind}
            return [(path, kinds[kind], place) for path, kind, place in rows]

    def kinds(self, paths: Collection[str]) -> dict[str, Kind]:
        """By path, what some files are; nothing of those that are not there."""
        return {
            path: Kind(kind)
            for path, kind in self._among("SELECT path, kind FROM files WHERE path", paths)
        }

    def keep_places(self, places: Mapping[str, str]) -> None:
        """Keeps where the pages of files are."""
        with self._told():
            self._unmark()
            self._database.executemany(
                "UPDATE files SET place = ? WHERE path = ?",
                [(place, path) for path, place in places.items()],
            )

    def named(self, names: Collection[str]) -> list[str]:
        """The paths of the files that have one of these names."""
        return [path for (path,) in self._among("SELECT path FROM files WHERE name", names)]

    def _drop(self, path: str) -> None:
        self._unmark()
        for forget in _FORGET:
            self._database.execute(forget, (path,))


def name_of(path: str) -> str:
    """What links call a file: its name without folders and `.md`."""
    return path.rpartition("/")[2][: -len(".md")]


def packed_page(page: Page, details: Details, names: Iterable[str]) -> ReadPage:
    """What a file says, made ready to be kept, with the names of the files that its links mean."""
    references = tuple(zip(details.references, names, strict=True))
    return ReadPage(page, details.seconds, packed(details), references)


def _into(table: str, row: Collection[object]) -> str:
    return f"INSERT INTO {table} VALUES ({marks_for(row)})"  # noqa: S608 - its own names
