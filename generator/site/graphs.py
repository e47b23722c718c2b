"""The graphs of a site as its pages have them, and what each of them is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import cached_property, partial
from typing import TYPE_CHECKING

from generator.site.digests import digest_of, digest_of_digests
from generator.site.files import Part, Planned, Task
from generator.site.places import GRAPHS, address, root_of
from generator.site.rendering import compact_json
from generator.site.touching import Touched
from generator.site.wiki import Kind, Page

if TYPE_CHECKING:
    from generator.site.graph import Graph, GraphPage, LinkGraph
    from generator.site.places import Places
    from generator.site.relating import Channel, Wiki

VAULT = f"{GRAPHS}/vault.json"
_STEPS = 2
"""How far a neighbourhood reaches: a change of the notes or links this near can be seen in it."""

_A_PAGE = 10
"""So many notes are placed in a graph in about the time that one page takes."""


class Graphs:
    """The graphs of a wiki's notes, made when they are asked for."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._notes = {path: page for path, page in wiki.pages.items() if page.kind is Kind.NOTE}
        self._known: list[dict[str, str]] = [{} for _ in range(_STEPS + 1)]

    def around(self, page: Page) -> Graph | None:
        """The neighbourhood of a note; None where nothing is linked with it."""
        return self._graph.neighbourhood(page.path, root_of(self._wiki.places.of(page.path)))

    def made_of(self, page: Page) -> str:
        """What changes whenever the neighbourhood of a note does; empty for any other page."""
        return self._reached(page.path, _STEPS) if page.path in self._notes else ""

    def near(self, paths: Set[str]) -> set[str]:
        """The notes whose neighbourhoods can be others where these pages or their links are."""
        return self._graph.within(paths, _STEPS) if paths else set()

    def of_channel(self, channel: Channel) -> str:
        """The place of a channel's graph; empty for one without."""
        if channel.notes < 2:
            return ""
        return f"{GRAPHS}/channels/{self._wiki.places.folder(channel.name)}.json"

    def planned(self, touched: Touched) -> Iterator[Planned]:
        """The files of the channels' graphs, and that of the vault."""
        notes: dict[str, list[str]] = defaultdict(list)
        for path, page in self._notes.items():
            notes[page.channel].append(self._reached(path, 0) if touched.graphs else "")
        for channel in self._wiki.channels:
            if place := self.of_channel(channel):
                made_of = digest_of(notes[channel.name]) if touched.graphs else None
                task = Task(Part.GRAPH, channel.name, 1 + channel.notes // _A_PAGE)
                yield Planned(place, made_of, partial(self.make, channel.name), task)
        made_of = digest_of(sorted(self._channels.items()), sorted(notes.items()))
        task = Task(Part.GRAPH, "", 1 + len(self._notes) // _A_PAGE)
        yield Planned(VAULT, made_of if touched.graphs else None, partial(self.make, ""), task)

    def make(self, channel: str) -> bytes:
        """The graph of a channel, or, without a name, that of the vault."""
        graph = self._graph.channel(channel) if channel else self._graph.vault(self._channels)
        return compact_json(graph).encode("utf-8", "replace")

    def _reached(self, path: str, steps: int) -> str:
        """A digest of a note with its links, and of those that are so many steps from it."""
        known = self._known[steps]
        if path not in known:
            beside = sorted(self._graph.beside(path))
            if steps:
                near = [self._reached(each, steps - 1) for each in (path, *beside)]
                known[path] = digest_of_digests(near)
            else:
                page = self._notes[path]
                url = self._wiki.places.of(path)
                known[path] = digest_of(page.title, page.channel, url, beside)
        return known[path]

    @cached_property
    def _channels(self) -> dict[str, GraphPage]:
        from generator.site.graph import GraphPage

        of_channel = self._wiki.places.of_channel
        return {
            each.name: GraphPage(each.title, each.name, address(of_channel(each.name)))
            for each in self._wiki.channels
        }

    @cached_property
    def _graph(self) -> LinkGraph:
        from generator.site.graph import LinkGraph

        return LinkGraph(_NotePages(self._notes, self._wiki.places), self._wiki.beside)


class _NotePages(Mapping[str, "GraphPage"]):
    """The notes as graphs show them, by their paths; each is made when it is asked for."""

    def __init__(self, notes: Mapping[str, Page], places: Places) -> None:
        self._notes = notes
        self._places = places
        self._made: dict[str, GraphPage] = {}

    def __getitem__(self, path: str) -> GraphPage:
        from generator.site.graph import GraphPage

        if path not in self._made:
            page = self._notes[path]
            url = address(self._places.of(path))
            self._made[path] = GraphPage(page.title, page.channel, url)
        return self._made[path]

    def __contains__(self, path: object) -> bool:
        return path in self._notes

    def __iter__(self) -> Iterator[str]:
        return iter(self._notes)

    def __len__(self) -> int:
        return len(self._notes)
