"""What the last build read and wrote, asked and kept (see `database` for what there is)."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from generator.library.viewing import HeldVideo
from generator.site.database import SiteDatabase
from generator.site.rows import PAGES, held_json, held_of, packed, page_of, row_of_page, unpacked
from generator.site.wiki import Details, Kind, Page, Reference

FOLDER = ".generate"
"""The hidden folder of a site with what the program keeps of it."""

BUILT = "built"
"""The mark of a build that has ended."""

_AT_ONCE = 500
"""So many values a question to SQLite has at most."""

_FORGET = tuple(
    f"DELETE FROM {table} WHERE path = ?"  # noqa: S608 - its own names
    for table in ("files", "details", "links")
)


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
    """What a file says, as it is kept; `references` each with the name of the file it means."""

    page: Page
    packed: bytes
    references: tuple[tuple[Reference, str], ...]


class Lead(NamedTuple):
    """Where a link of a page leads: the path of a page, empty for none or for `several`."""

    path: str
    number: int
    target: str
    leads: str
    several: bool


class State(SiteDatabase):
    """The record of a site. Its methods raise SiteStateUnusable."""

    # Files of the vault

    def seen(self) -> dict[str, Seen]:
        """By path, how each file looked when it was read."""
        with self._told():
            rows = self._database.execute("SELECT path, seen, heard, video_id FROM files")
            return {path: Seen(*values) for path, *values in rows}

    def pages(self) -> dict[str, Page]:
        """By path, in their order, what pages show of each file."""
        with self._told(), _no_collection():
            rows = self._database.execute(f"{PAGES} ORDER BY path")
            return {row[0]: page_of(row) for row in rows}

    def page(self, path: str) -> Page | None:
        """What pages show of a file; None for one that was not read."""
        with self._told():
            row = self._database.execute(f"{PAGES} WHERE path = ?", (path,)).fetchone()
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
            self._database.execute("INSERT INTO details VALUES (?, ?)", (page.path, read.packed))
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
        """What only the file's own page shows, without its references."""
        with self._told():
            row = self._database.execute(
                "SELECT packed FROM details WHERE path = ?", (path,)
            ).fetchone()
            return unpacked(row[0])

    # Places

    def files(self) -> list[tuple[str, Kind, str]]:
        """The path of each file, what it is, and where its page is."""
        with self._told():
            rows = self._database.execute("SELECT path, kind, place FROM files ORDER BY path")
            kinds = {str(kind): kind for kind in Kind}
            return [(path, kinds[kind], place) for path, kind, place in rows]

    def places(self) -> dict[str, str]:
        """By path, where the page of each file is."""
        with self._told():
            return dict(self._database.execute("SELECT path, place FROM files"))

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

    # Links

    def links(self, path: str) -> list[tuple[str, str, bool]]:
        """The heading of each link of a file, the path it leads to, and whether to several."""
        with self._told():
            rows = self._database.execute(
                "SELECT heading, leads, several FROM links WHERE path = ? ORDER BY number", (path,)
            )
            return [(heading, leads, bool(several)) for heading, leads, several in rows]

    def leads(self, path: str) -> set[str]:
        """The paths that the links of a file lead to."""
        with self._told():
            rows = self._database.execute("SELECT leads FROM links WHERE path = ?", (path,))
            return {leads for (leads,) in rows if leads}

    def linkers(self, path: str) -> list[tuple[str, int]]:
        """The files whose links lead to one, by path, and the number of the first such link."""
        with self._told():
            return self._database.execute(
                "SELECT path, min(number) FROM links WHERE leads = ? GROUP BY path ORDER BY path",
                (path,),
            ).fetchall()

    def beside(self, path: str) -> set[str]:
        """The files that the links of a file lead to, and those whose links lead to it."""
        with self._told():
            rows = self._database.execute(
                "SELECT leads FROM links WHERE path = ? AND leads > ''"
                " UNION SELECT path FROM links WHERE leads = ?",
                (path, path),
            )
            return {other for (other,) in rows}

    def sentence(self, path: str, number: int) -> str:
        """The sentence in which a link of a file stands, as HTML."""
        with self._told():
            row = self._database.execute(
                "SELECT sentence FROM links WHERE path = ? AND number = ?", (path, number)
            ).fetchone()
        return str(row[0]) if row else ""

    def written_links(self, names: Collection[str] | None = None) -> list[Lead]:
        """All links, or those that mean one of these names."""
        asked = "SELECT path, number, target, leads, several FROM links"
        if names is None:
            with self._told():
                return [Lead(*row) for row in self._database.execute(asked)]
        return [Lead(*row) for row in self._among(f"{asked} WHERE name", names)]

    def links_in(self, paths: Collection[str]) -> list[tuple[Lead, str]]:
        """The links of some files, each with the name that it means."""
        asked = "SELECT path, number, target, leads, several, name FROM links WHERE path"
        return [(Lead(*row[:-1]), row[-1]) for row in self._among(asked, paths)]

    def keep_leads(self, leads: Iterable[Lead]) -> None:
        """Keeps where links lead."""
        with self._told():
            self._unmark()
            self._database.executemany(
                "UPDATE links SET leads = ?, several = ? WHERE path = ? AND number = ?",
                [(each.leads, int(each.several), each.path, each.number) for each in leads],
            )

    # Videos

    def held(self) -> dict[str, HeldVideo]:
        """By id, what the library knew of videos."""
        with self._told():
            rows = self._database.execute("SELECT video_id, value FROM held")
            return {video_id: held_of(value) for video_id, value in rows}

    def keep_held(self, held: Mapping[str, HeldVideo]) -> set[str]:
        """Keeps what the library knows of videos; gives the ids of those it knew otherwise."""
        now = {video_id: held_json(each) for video_id, each in held.items()}
        with self._told():
            before = dict(self._database.execute("SELECT video_id, value FROM held"))
            changed = {
                each for each in now.keys() | before.keys() if now.get(each) != before.get(each)
            }
            if changed:
                self._unmark()
            self._database.executemany(
                "DELETE FROM held WHERE video_id = ?", [(each,) for each in changed]
            )
            self._database.executemany(
                "INSERT INTO held VALUES (?, ?)",
                [(each, now[each]) for each in sorted(changed & now.keys())],
            )
        return changed

    def videos(self) -> dict[tuple[str, str], str]:
        """By channel and id, digests of what pages told of videos."""
        with self._told():
            rows = self._database.execute("SELECT channel, id, digest FROM videos")
            return {(channel, video_id): digest for channel, video_id, digest in rows}

    def keep_videos(self, videos: Mapping[tuple[str, str], str]) -> None:
        """Keeps some of these digests; an empty one is forgotten."""
        with self._told():
            self._database.executemany(
                "INSERT OR REPLACE INTO videos VALUES (?, ?, ?)",
                [(*key, digest) for key, digest in videos.items() if digest],
            )
            self._database.executemany(
                "DELETE FROM videos WHERE channel = ? AND id = ?",
                [key for key, digest in videos.items() if not digest],
            )

    # Files of the site

    def outputs(self) -> dict[str, Output]:
        """By path, all files that the program wrote, or was about to write."""
        with self._told():
            rows = self._database.execute("SELECT path, made_of, digest, seen FROM outputs")
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

    def _drop(self, path: str) -> None:
        self._unmark()
        for forget in _FORGET:
            self._database.execute(forget, (path,))

    def _among(self, asked: str, values: Collection[str]) -> Iterator[tuple[Any, ...]]:
        """The rows of a question that ends with the name of a column, with one of these values."""
        ordered = sorted(values)
        with self._told():
            for at in range(0, len(ordered), _AT_ONCE):
                some = ordered[at : at + _AT_ONCE]
                yield from self._database.execute(f"{asked} IN ({_marks(some)})", some)


def name_of(path: str) -> str:
    """What links call a file: its name without folders and `.md`."""
    return path.rpartition("/")[2][: -len(".md")]


def packed_page(page: Page, details: Details, names: Iterable[str]) -> ReadPage:
    """What a file says, made ready to be kept, with the names of the files that its links mean."""
    return ReadPage(page, packed(details), tuple(zip(details.references, names, strict=True)))


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _into(table: str, row: Collection[object]) -> str:
    return f"INSERT INTO {table} VALUES ({_marks(row)})"  # noqa: S608 - its own names


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
