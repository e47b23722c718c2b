"""The links of a vault's files, kept: how they were written, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from generator.site.database import SiteDatabase


class Lead(NamedTuple):
    """Where a link of a page leads: the path of a page, empty for none or for `several`."""

    path: str
    number: int
    target: str
    leads: str
    several: bool


class LinkRows(SiteDatabase):
    """What is kept of the links of a vault's files."""

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
