"""The graphs of a site as its pages have them, and what each of them is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING

from generator.site.files import Planned
from generator.site.places import GRAPHS, address, root_of
from generator.site.rendering import compact_json
from generator.site.state import digest_of, digest_of_digests
from generator.site.wiki import Kind, Page

if TYPE_CHECKING:
    from generator.site.graph import Graph, LinkGraph
    from generator.site.relating import Channel, Wiki

VAULT = f"{GRAPHS}/vault.json"
_STEPS = 3
"""How far what a neighbourhood shows reaches: two steps, and the links of those."""


class Graphs:
    """The graphs of a wiki's notes, made when they are asked for."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._notes = {path: page for path, page in wiki.pages.items() if page.kind is Kind.NOTE}

    def around(self, page: Page) -> Graph | None:
        """The neighbourhood of a note; None where nothing is linked with it."""
        return self._graph.neighbourhood(page.path, root_of(self._wiki.places.of(page.path)))

    def made_of(self, page: Page) -> str:
        """What changes whenever the neighbourhood of a note may."""
        return self._reach[_STEPS].get(page.path, "")

    def of_channel(self, channel: Channel) -> str:
        """The place of a channel's graph; empty for one without."""
        if channel.notes < 2:
            return ""
        return f"{GRAPHS}/channels/{self._wiki.places.folder(channel.name)}.json"

    def planned(self) -> Iterator[Planned]:
        """The files of the channels' graphs, and that of the vault."""
        reach = self._reach[1]
        for channel in self._wiki.channels:
            place = self.of_channel(channel)
            if place:
                paths = sorted(note.path for video in channel.videos for note in video.notes)
                made_of = digest_of_digests(reach[path] for path in paths)
                yield Planned(place, made_of, partial(self._of_channel, channel.name))
        channels = [(each.name, each.title, each.notes) for each in self._wiki.channels]
        made_of = digest_of(channels, [reach[path] for path in sorted(reach)])
        yield Planned(VAULT, made_of, self._of_vault)

    def _of_channel(self, name: str) -> bytes:
        return compact_json(self._graph.channel(name)).encode("utf-8", "replace")

    def _of_vault(self) -> bytes:
        from generator.site.graph import GraphPage

        places = self._wiki.places
        channels = {
            channel.name: GraphPage(
                channel.title, channel.name, address(places.of_channel(channel.name))
            )
            for channel in self._wiki.channels
        }
        return compact_json(self._graph.vault(channels)).encode("utf-8", "replace")

    @cached_property
    def _graph(self) -> LinkGraph:
        from generator.site.graph import GraphPage, LinkGraph

        pages = {
            path: GraphPage(page.title, page.channel, address(self._wiki.places.of(path)))
            for path, page in self._notes.items()
        }
        return LinkGraph(pages, self._wiki.linked)

    @cached_property
    def _reach(self) -> list[dict[str, str]]:
        """Digests of each note with what is 0, 1, … steps from it."""
        beside: dict[str, set[str]] = defaultdict(set)
        for one, others in self._wiki.linked.items():
            for other in others:
                if one in self._notes and other in self._notes:
                    beside[one].add(other)
                    beside[other].add(one)
        ordered = {path: sorted(others) for path, others in beside.items()}
        steps = [
            {
                path: digest_of(page.title, page.channel, self._wiki.places.of(path))
                for path, page in self._notes.items()
            }
        ]
        for _ in range(_STEPS):
            last = steps[-1]
            steps.append(
                {
                    path: digest_of_digests(
                        [digest, *(last[other] for other in ordered.get(path, ()))]
                    )
                    for path, digest in last.items()
                }
            )
        return steps
