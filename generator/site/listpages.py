"""The pages that list others: channels, the start, graphs; and that of what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from generator.site import places
from generator.site.digests import digest_of
from generator.site.files import Planned
from generator.site.graphs import VAULT
from generator.site.pieces import Pieces
from generator.site.places import address, relative
from generator.site.relating import Channel
from generator.site.wiki import Kind, Page

NEWEST = 12
"""How many videos the start page shows."""


class ListPages:
    """The pages of a site that are of no single file of the vault."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._wiki = pieces.wiki
        self._templates = pieces.templates
        self._graphs = pieces.graphs
        self._about = pieces.about

    def planned(self) -> Iterator[Planned]:
        """All of them, not one made yet."""
        for channel in self._wiki.channels:
            yield self._channel(channel)
            if data := self._graphs.of_channel(channel):
                yield self._graph(self._pieces.graph_place(channel), channel.title, data, channel)
        yield self._graph(places.GRAPH, "All notes", VAULT, None)
        yield self._start()
        yield self._not_found()

    def _channel(self, channel: Channel) -> Planned:
        place = self._pieces.channel_place(channel)
        seen = [self._pieces.seen_video(video) for video in channel.videos]
        others = [(self._pieces.seen(other), other.title) for other in channel.others]
        own = (channel.page.digest if channel.page else "", self._pieces.seen_links(channel.page))
        has_graph = bool(self._graphs.of_channel(channel))
        made_of = digest_of(self._pieces.common, place, channel.title, seen, others, own)

        def make() -> bytes:
            shown = {
                "name": channel.name,
                "title": channel.title,
                "url": address(place),
                "feed": self._pieces.feed_of(channel.name, place),
                "graph": relative(self._pieces.graph_place(channel), place) if has_graph else "",
                "videos": [self._pieces.listed(video, place) for video in channel.videos],
                "others": [self._pieces.linked(other, place) for other in channel.others],
                "text": self._pieces.own_text(channel.page, place),
            }
            values = self._pieces.values(place, channel.title, feed=str(shown["feed"]))
            return self._templates.fill("channel.html.j2", {**values, "channel": shown})

        return Planned(place, made_of, make)

    def _start(self) -> Planned:
        place = places.START
        newest = self._wiki.newest(NEWEST)
        seen = [self._pieces.seen_video(video) for video in newest]
        own = next((page for page in self._wiki.pages.values() if page.kind is Kind.START), None)
        counts = [(channel.notes, len(channel.videos)) for channel in self._wiki.channels]
        loose = [(self._pieces.seen(page), page.title) for page in self._loose()]
        made_of = digest_of(
            self._pieces.common,
            seen,
            counts,
            loose,
            own and own.digest,
            self._pieces.seen_links(own),
        )

        def make() -> bytes:
            values = self._pieces.values(place, self._about.title, self._about.description)
            shown = dict(values["site"])  # type: ignore[call-overload]
            shown["notes"] = sum(1 for page in self._notes())
            shown["videos"] = len(self._wiki.videos)
            shown["channels"] = [
                {
                    **self._pieces.channel_link(channel, place),
                    "notes": channel.notes,
                    "videos": len(channel.videos),
                }
                for channel in self._wiki.channels
            ]
            more = {
                "site": shown,
                "newest": [
                    {
                        **self._pieces.listed(video, place),
                        "channel": self._pieces.channel_at(video, place),
                    }
                    for video in newest
                ],
                "others": [self._pieces.linked(page, place) for page in self._loose()],
                "text": self._pieces.own_text(own, place),
            }
            return self._templates.fill("start.html.j2", {**values, **more})

        return Planned(place, made_of, make)

    def _not_found(self) -> Planned:
        """What is shown at an address where nothing is, in whichever folder that may be."""
        place = places.NOT_FOUND

        def make() -> bytes:
            root = "/" + "/".join(self._about.base_url.split("/")[3:])
            values = self._pieces.values(place, "Not found", root=root)
            return self._templates.fill("404.html.j2", values)

        return Planned(place, digest_of(self._pieces.common), make)

    def _graph(self, place: str, title: str, data: str, channel: Channel | None) -> Planned:
        def make() -> bytes:
            shown = {
                "title": title,
                "data": relative(data, place),
                "channel": self._pieces.channel_link(channel, place) if channel else None,
            }
            return self._templates.fill(
                "graph.html.j2", {**self._pieces.values(place, title), "graph": shown}
            )

        return Planned(place, digest_of(self._pieces.common, title, data), make)

    def _notes(self) -> Iterator[Page]:
        return (page for page in self._wiki.pages.values() if page.kind is Kind.NOTE)

    def _loose(self) -> list[Page]:
        """The pages that belong to no channel."""
        channels = {channel.name for channel in self._wiki.channels}
        found = [
            page
            for page in self._wiki.pages.values()
            if page.channel not in channels and page.kind is not Kind.START
        ]
        return sorted(found, key=lambda page: (page.title.casefold(), page.path))
