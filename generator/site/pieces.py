"""What pages of the site have in common: addresses, links, what is told of notes and videos.

What templates find:

- on every page `site` (`title`, `description`, `base_url`, `version`, `search`, `math`, `channels`
  with `name`, `title` and `url`), `root` (what leads to the site's root), `asset(name)` and `page`
  (`title`, `description`, `path`, `canonical`, `feed`, `og_type`, `csp`, `lang`: empty if unknown);
- on the start page also `site.notes`, `site.videos` and, of each channel, `notes` and `videos`: on
  others these are not there, for a new note would change all pages.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from generator import __version__
from generator.site import places
from generator.site.digests import digest_of
from generator.site.graphs import Graphs
from generator.site.places import address, relative, root_of
from generator.site.prose import filled
from generator.site.relating import Channel, Link, SiteVideo, Wiki
from generator.site.rendering import Masthead, Templates
from generator.site.state import State
from generator.site.transcripts import Transcripts
from generator.site.wiki import Details, Page

if TYPE_CHECKING:
    from markupsafe import Markup

_OWN = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
CSP = f"{_OWN}; script-src 'self' 'wasm-unsafe-eval'"
CSP_WITH_VIDEO = (
    f"{_OWN}; script-src 'self' 'wasm-unsafe-eval' https://www.youtube.com;"
    " frame-src https://www.youtube-nocookie.com"
)


class Pieces:
    """What the pages of a site are made with, and the pieces that several of them show."""

    def __init__(
        self,
        about: Masthead,
        wiki: Wiki,
        state: State,
        templates: Templates,
        graphs: Graphs,
        transcripts: Transcripts,
    ) -> None:
        self.about = about
        self.wiki = wiki
        self.state = state
        self.templates = templates
        self.graphs = graphs
        self.transcripts = transcripts
        self._links_of_folder: dict[str, list[dict[str, object]]] = {}
        self._by_name = {channel.name: channel for channel in wiki.channels}
        channels = [
            (each.name, each.title, self.channel_place(each), self.feed_place(each.name))
            for each in wiki.channels
        ]
        # What all pages are made of.
        self.common = digest_of(__version__, templates.digest, about, channels)

    def seen(self, page: Page) -> tuple[str, str, str]:
        """What lists tell of a page."""
        return self.place(page), page.title, page.description

    def seen_links(self, page: Page | None) -> list[object]:
        """Where the links of a page lead, and what they are called there."""
        return [
            (self.place(link.page), link.page.title) if link.page else link.several
            for link in (self.wiki.links(page) if page else ())
        ]

    @cached_property
    def seen_videos(self) -> dict[tuple[str, str], str]:
        """By channel and id, what changes with anything that is told of a video and its notes."""
        return {
            (video.channel, video.id): digest_of(
                (video.title, video.url, video.published, video.duration),
                self.transcripts.place(video.id),
                list(map(self.seen, video.notes)),
            )
            for video in self.wiki.videos
        }

    def seen_video(self, video: SiteVideo) -> str:
        """What changes with anything that pages tell of a video and its notes."""
        return self.seen_videos[video.channel, video.id]

    def body(self, page: Page, details: Details, place: str) -> Markup:
        """The text of a page of the vault, as it is shown on the page at `place`."""
        from markupsafe import Markup

        links = self.wiki.links(page)

        def linked(number: int, label: str) -> str:
            return self._anchor(links[number], label, place)

        return Markup(filled(details.html, linked))  # noqa: S704 - made by `prose_of`

    def _anchor(self, link: Link, label: str, place: str) -> str:
        from markupsafe import escape

        heading = link.heading
        if link.page is None:
            why = "more than one note has this name" if link.several else "no such note"
            return f'<span class="dangling" title="{why}">{label}</span>'
        where = "" if self.place(link.page) == place and heading else self._url(link.page, place)
        where += f"#{heading}" if heading else ""
        return f'<a class="wikilink" href="{escape(where)}">{label or escape(link.page.title)}</a>'

    def own_text(self, page: Page | None, place: str) -> Markup | str:
        """What the owner wrote on a page that otherwise only lists."""
        if page is None or not page.has_text:
            return ""
        return self.body(page, self.state.details(page.path), place)

    def values(
        self,
        place: str,
        title: str,
        description: str = "",
        csp: str = CSP,
        og_type: str = "website",
        feed: str = "",
        root: str | None = None,
        language: str = "",
    ) -> dict[str, object]:
        """What every page's template finds."""
        about = self.about
        to_root = root_of(place) if root is None else root
        return {
            "site": {
                "title": about.title,
                "description": about.description,
                "base_url": about.base_url,
                "version": __version__,
                "search": about.search,
                "math": about.math,
                "channels": self.channel_links(place, root),
            },
            "root": to_root,
            "asset": lambda name: self.templates.asset(name, to_root),
            "page": {
                "title": title,
                "description": description,
                "path": place,
                "canonical": self.absolute(place),
                "feed": feed,
                "og_type": og_type,
                "csp": csp,
                "lang": language,
            },
        }

    def absolute(self, place: str) -> str:
        """The address of a place for who comes from elsewhere; empty where none is known."""
        if not self.about.base_url or place == places.NOT_FOUND:
            return ""
        return self.about.base_url + address(_without_index(place))

    def place(self, page: Page) -> str:
        """Where the page of a file is."""
        return self.wiki.places.of(page.path)

    def _url(self, page: Page, place: str) -> str:
        return relative(self.place(page), place)

    def linked(self, page: Page, place: str) -> dict[str, object]:
        """A page as a list on the page at `place` has it."""
        return {
            "url": self._url(page, place),
            "title": page.title,
            "description": page.description,
        }

    def listed(self, video: SiteVideo, place: str) -> dict[str, object]:
        """A video with its notes as a list on the page at `place` has it."""
        return {
            "id": video.id,
            "title": video.title,
            "url": video.url,
            "published": video.published,
            "duration": video.duration,
            "notes": [self.linked(note, place) for note in video.notes],
        }

    def channel_place(self, channel: Channel) -> str:
        """Where the page of a channel is."""
        return self.wiki.places.of_channel(channel.name)

    def channel_link(
        self, channel: Channel, place: str, root: str | None = None
    ) -> dict[str, object]:
        """A channel as the page at `place` links to it; `root` leads to the site's, if given."""
        at = self.channel_place(channel)
        url = relative(at, place) if root is None else root + address(at)
        return {"name": channel.name, "title": channel.title, "url": url}

    def channel_links(self, place: str, root: str | None) -> list[dict[str, object]]:
        """All channels, as the pages of one folder link to them."""
        folder = place.rpartition("/")[0] if root is None else f"{root}/"
        if folder not in self._links_of_folder:
            self._links_of_folder[folder] = [
                self.channel_link(channel, place, root) for channel in self.wiki.channels
            ]
        return self._links_of_folder[folder]

    def channel_at(self, video: SiteVideo, place: str) -> dict[str, object]:
        """The channel of a video, the start for one of none."""
        channel = self._by_name.get(video.channel)
        if channel is not None:
            return self.channel_link(channel, place)
        return {"name": "", "title": self.about.title, "url": relative(places.START, place)}

    def channel_of(self, page: Page, place: str) -> dict[str, object]:
        """The channel of a note's video."""
        return self.channel_at(self.wiki.video_of[page.path], place)

    def feed_place(self, name: str) -> str:
        """Where the feed of a channel is; empty where it has none."""
        channel = self._by_name.get(name)
        dated = channel is not None and any(video.published for video in channel.videos)
        if not dated or not self.about.base_url:
            return ""
        return f"{self.wiki.places.folder(name)}/{places.FEED}"

    def feed_of(self, channel: str, place: str) -> str:
        """The address of a channel's feed on the page at `place`, as far as it has one."""
        feed = self.feed_place(channel)
        return relative(feed, place) if feed else ""

    def graph_place(self, channel: Channel) -> str:
        """Where the page with a channel's graph is."""
        return f"{self.wiki.places.folder(channel.name)}/{places.GRAPH}"


def _without_index(place: str) -> str:
    return place[: -len(places.START)] if place.rpartition("/")[2] == places.START else place
