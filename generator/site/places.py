"""Where each page of the site is: an address that is safe, unique, and the same every time.

An address is made of the paths in the vault alone. What a name may hold on one file system and not
on another goes, so that a site can be copied anywhere; nothing in a name leads out of the site.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from generator.renderer.slugs import slug_key
from generator.site.files import unique_place
from generator.site.wiki import Kind
from generator.text import clean

START, NOT_FOUND, GRAPH, SITEMAP = "index.html", "404.html", "graph.html", "sitemap.xml"
FEED = "feed.xml"
ASSETS, TRANSCRIPTS, SEARCH, GRAPHS = "assets", "transcripts", "pagefind", "graphs"

LONGEST_NAME = 200
"""The longest name of a file or folder, in bytes of UTF-8."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)


class Places:
    """The addresses of all pages, and of what goes with them; `places` by the paths of files."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places
        self._folders = {
            path.partition("/")[0]: place.partition("/")[0]
            for path, place in places.items()
            if "/" in path
        }

    def of(self, path: str) -> str:
        """The address of the page that a file of the vault becomes, from the site's root."""
        return self._places[path]

    def folder(self, channel: str) -> str:
        """The folder of a channel's pages."""
        return self._folders[channel]

    def of_channel(self, channel: str) -> str:
        """The address of a channel's page."""
        return f"{self._folders[channel]}/{START}"


def places_of(files: Iterable[tuple[str, Kind]]) -> dict[str, str]:
    """By their paths, the addresses of the pages that files of these kinds become."""
    ordered = sorted(files, key=lambda file: (file[0].count("/"), file[0]))
    placing = _Placing()
    for channel in sorted({path.partition("/")[0] for path, _ in ordered if "/" in path}):
        placing.open_channel(channel)
    return {path: placing.place(path, kind) for path, kind in ordered}


class _Placing:
    """Places given one after the other, each different from those before."""

    def __init__(self) -> None:
        self._taken = {slug_key(name) for name in (START, NOT_FOUND, GRAPH, SITEMAP)}
        self._taken |= {ASSETS, TRANSCRIPTS, SEARCH, GRAPHS}
        self._folders = {"": ""}
        self._started: set[str] = set()

    def open_channel(self, channel: str) -> None:
        """The folder of a channel gets its place, and the pages that each of them has."""
        folder = self._folder(channel)
        self._taken |= {slug_key(f"{folder}/{name}") for name in (START, GRAPH, FEED)}

    def place(self, path: str, kind: Kind) -> str:
        """The place of a file's page."""
        if kind is Kind.START:
            return START
        folder, _, name = path.rpartition("/")
        if kind is Kind.CHANNEL and folder not in self._started:
            self._started.add(folder)
            return f"{self._folder(folder)}/{START}"
        return self._unique(self._folder(folder), safe_name(name[: -len(".md")]), ".html")

    def _folder(self, path: str) -> str:
        """The folder of the site for one of the vault."""
        if path not in self._folders:
            above, _, name = path.rpartition("/")
            self._folders[path] = self._unique(self._folder(above), safe_name(name), "")
        return self._folders[path]

    def _unique(self, folder: str, name: str, ending: str) -> str:
        return unique_place(posixpath.join(folder, name), ending, self._taken)


def safe_name(name: str) -> str:
    """A name that every file system takes, and that is the name of nothing else."""
    safe = _FORBIDDEN.sub("_", clean(name)).replace("\ufffd", "_").strip(" .") or "_"
    if _RESERVED.match(safe):
        safe = f"{safe}_"
    data = safe.encode()
    if len(data) > LONGEST_NAME:
        digest = hashlib.blake2b(data, digest_size=4).hexdigest()
        safe = data[: LONGEST_NAME - 9].decode(errors="ignore").rstrip(" .") + f"_{digest}"
    return safe


def address(place: str) -> str:
    """A place as it stands in a link."""
    return quote(place, safe="/-._~")


def relative(place: str, seen_from: str) -> str:
    """The address of a place in a link on another page."""
    folder = posixpath.dirname(seen_from)
    if posixpath.dirname(place) == folder:
        return address(posixpath.basename(place))
    return root_of(seen_from) + address(place)


def root_of(place: str) -> str:
    """What leads from a page to the site's root: empty, `../`, …"""
    return "../" * place.count("/")
