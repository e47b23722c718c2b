"""What other programs read of a site: an Atom feed for each channel, and the sitemap.

Both need the address at which the site is found. Dates are those of the videos, so that the same
vault gives the same bytes; what has no date is in no feed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.site.digests import digest_of
from generator.site.files import Planned
from generator.site.pieces import Pieces
from generator.site.places import SITEMAP, START
from generator.site.relating import Channel
from generator.site.touching import Touched
from generator.site.wiki import Kind

MOST_ENTRIES = 50
"""How many notes a feed has."""

MOST_ADDRESSES = 50_000
"""How many addresses one sitemap may have, as sitemaps.org says."""


class Feeds:
    """The feeds and the sitemap of a site; none without its address."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._wiki = pieces.wiki
        self._templates = pieces.templates

    def planned(self, touched: Touched) -> Iterator[Planned]:
        """All of them."""
        if not self._pieces.absolute(START):
            return
        for channel in self._wiki.channels:
            place = self._pieces.feed_place(channel.name)
            if place:
                seen = [self._pieces.seen_video(video) for video in channel.videos[:MOST_ENTRIES]]
                made_of = digest_of(self._pieces.common, channel.title, seen)
                yield Planned(place, made_of, partial(self._feed, channel, place))
        yield from self._sitemaps(touched)

    def _feed(self, channel: Channel, place: str) -> bytes:
        absolute = self._pieces.absolute
        entries = [
            {
                "title": note.title,
                "url": absolute(self._wiki.places.of(note.path)),
                "updated": f"{video.published}T00:00:00Z",
                "video": video.title,
                "summary": note.description,
            }
            for video in channel.videos
            if video.published
            for note in video.notes
        ][:MOST_ENTRIES]
        home = absolute(self._wiki.places.of_channel(channel.name))
        feed = {
            "id": home,
            "title": channel.title,
            "url": home,
            "self": absolute(place),
            "updated": entries[0]["updated"],
            "entries": entries,
        }
        return self._templates.fill("feed.xml.j2", {"feed": feed})

    def _sitemaps(self, touched: Touched) -> Iterator[Planned]:
        """One sitemap, or, for more addresses than one may have, several and their index."""
        if not touched.addresses and len(self._wiki.pages) < MOST_ADDRESSES // 2:
            yield Planned(SITEMAP, None, lambda: self._sitemap(sorted(self._addresses()), []))
            return
        found = sorted(self._addresses())
        parts = [found[at : at + MOST_ADDRESSES] for at in range(0, len(found), MOST_ADDRESSES)]
        common = self._pieces.common
        if len(parts) == 1:
            yield Planned(SITEMAP, digest_of(common, found), partial(self._sitemap, found, []))
            return
        places = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        for place, part in zip(places, parts, strict=True):
            yield Planned(place, digest_of(common, part), partial(self._sitemap, part, []))
        maps = [self._pieces.absolute(place) for place in places]
        yield Planned(SITEMAP, digest_of(common, maps), partial(self._sitemap, [], maps))

    def _sitemap(self, addresses: list[str], maps: list[str]) -> bytes:
        return self._templates.fill("sitemap.xml.j2", {"addresses": addresses, "maps": maps})

    def _addresses(self) -> Iterator[str]:
        """The absolute addresses of all pages that a search engine should know."""
        for page in self._wiki.pages.values():
            yield self._pieces.absolute(self._wiki.places.of(page.path))
        have_one = {page.path for page in self._wiki.pages.values() if page.kind is Kind.START}
        if not have_one:
            yield self._pieces.absolute(START)
        for channel in self._wiki.channels:
            if channel.page is None:
                yield self._pieces.absolute(self._wiki.places.of_channel(channel.name))
