"""What each page of the site shows, as its template gets it, and what it is made of.

What templates find:

- on every page `site` (`title`, `description`, `base_url`, `version`, `search`, `math`, `channels`
  with `name`, `title` and `url`), `root` (what leads to the site's root), `asset(name)` and `page`
  (`title`, `description`, `path`, `canonical`, `feed`, `og_type`, `csp`, `lang`: empty if unknown);
- on the start page also `site.notes`, `site.videos` and, of each channel, `notes` and `videos`: on
  others these are not there, for a new note would change all pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator import __version__
from generator.site import places
from generator.site.files import Planned
from generator.site.graphs import VAULT, Graphs
from generator.site.places import address, relative, root_of
from generator.site.prose import filled
from generator.site.relating import Channel, Link, SiteVideo, Wiki
from generator.site.rendering import Templates, json_block
from generator.site.state import State, digest_of, digest_of_digests
from generator.site.transcripts import Transcripts
from generator.site.wiki import Details, Kind, Page
from generator.text import clean

if TYPE_CHECKING:
    from markupsafe import Markup

NEWEST = 12
"""How many videos the start page shows."""

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


@dataclass(frozen=True, slots=True)
class About:
    """What is the same on all pages of a site. `base_url` ends with `/`, or is empty."""

    title: str
    description: str = ""
    base_url: str = ""
    math: bool = False
    search: bool = True


class Pages:
    """All pages of a site."""

    def __init__(
        self,
        about: About,
        wiki: Wiki,
        state: State,
        templates: Templates,
        graphs: Graphs,
        transcripts: Transcripts,
    ) -> None:
        self._about = about
        self._wiki = wiki
        self._state = state
        self._templates = templates
        self._graphs = graphs
        self._transcripts = transcripts
        self._known: dict[str, str] = {}
        self._links_of_folder: dict[str, list[dict[str, object]]] = {}
        self._known_videos: dict[tuple[str, str], str] = {}
        self._by_name = {channel.name: channel for channel in wiki.channels}
        channels = [(channel.name, channel.title) for channel in wiki.channels]
        # What all pages are made of.
        self.common = digest_of(__version__, templates.digest, about, channels)

    def of_files(self) -> Iterator[Planned]:
        """The pages of notes and of the owner's texts, not one of them made yet."""
        for page in self._wiki.pages.values():
            if page.kind in {Kind.NOTE, Kind.TEXT} or self._is_second(page):
                yield self._planned(page)

    def lists(self) -> Iterator[Planned]:
        """All other pages."""
        for channel in self._wiki.channels:
            yield self._channel(channel)
            if data := self._graphs.of_channel(channel):
                yield self._graph(self._graph_place(channel), channel.title, data, channel)
        yield self._graph(places.GRAPH, "All notes", VAULT, None)
        yield self._start()
        yield self._not_found()

    def make(self, path: str) -> bytes:
        """The page of a file of the vault."""
        page = self._wiki.pages[path]
        return self._note(page) if page.kind is Kind.NOTE else self._text(page)

    # Notes, and pages of the owner's

    def _planned(self, page: Page) -> Planned:
        """A page is made of itself, and of what it shows of others."""
        wiki = self._wiki
        video = wiki.video_of.get(page.path)
        parts = [self.common, self._seen(page), self._graphs.made_of(page)]
        parts += self._seen_links(page)
        parts += [self._seen(each.page) for each in wiki.backlinks.get(page.path, ())]
        if video is not None:
            parts += [self.seen_video(video), self._transcripts.place(video.id)]
        made_of = digest_of_digests(parts)
        return Planned(self._place(page), made_of, partial(self.make, page.path), page.path)

    def _seen(self, page: Page) -> str:
        """What changes with anything that others tell of a page."""
        if page.path not in self._known:
            self._known[page.path] = digest_of_digests((address(self._place(page)), page.digest))
        return self._known[page.path]

    def _seen_links(self, page: Page | None) -> list[str]:
        """What changes with where the links of a page lead, and what they are called there."""
        return [
            self._seen(link.page) if link.page else f"several {link.several}"
            for link in (self._wiki.links(page) if page else ())
        ]

    def seen_video(self, video: SiteVideo) -> str:
        """What changes with anything that pages tell of a video and its notes."""
        key = (video.channel, video.id)
        if key not in self._known_videos:
            facts = (video.title, video.url, video.published, video.duration)
            notes = map(self._seen, video.notes)
            self._known_videos[key] = digest_of_digests((digest_of(key, facts), *notes))
        return self._known_videos[key]

    def _note(self, page: Page) -> bytes:
        place = self._place(page)
        details = self._state.details(page.path)
        video = self._wiki.video_of[page.path]
        graph = self._graphs.around(page)
        note = {
            "title": page.title,
            "aliases": page.aliases,
            "channel": self._channel_of(page, place),
            "url": address(place),
            "body": self._body(page, details, place),
            "contents": _contents(details),
            "backlinks": self._backlinks(page, place),
            "siblings": [
                self._linked(note, place) for note in video.notes if note.path != page.path
            ],
            "video": self._video(video, place),
            "evidence": json_block(details.evidence) if details.evidence else "",
            "graph": json_block(graph) if graph else "",
        }
        csp = CSP_WITH_VIDEO if video.playable else CSP
        feed = self._feed_of(page.channel, place)
        values = self._values(
            place,
            page.title,
            page.description,
            csp=csp,
            og_type="article",
            feed=feed,
            language=page.language,
        )
        return self._templates.fill("note.html.j2", {**values, "note": note})

    def _text(self, page: Page) -> bytes:
        place = self._place(page)
        details = self._state.details(page.path)
        text = {
            "title": page.title,
            "body": self._body(page, details, place),
            "backlinks": self._backlinks(page, place),
            "contents": _contents(details),
        }
        values = self._values(place, page.title, page.description)
        return self._templates.fill("page.html.j2", {**values, "text": text})

    def _is_second(self, page: Page) -> bool:
        """Whether a file is a channel's page where another one already is."""
        if page.kind is not Kind.CHANNEL:
            return False
        return not self._place(page).endswith(f"/{places.START}")

    def _body(self, page: Page, details: Details, place: str) -> Markup:
        from markupsafe import Markup

        links = self._wiki.links(page)

        def linked(number: int, label: str) -> str:
            return self._anchor(links[number], page.targets[number][1], label, place)

        return Markup(filled(details.html, linked))  # noqa: S704 - made by `prose_of`

    def _anchor(self, link: Link, heading: str, label: str, place: str) -> str:
        from markupsafe import escape

        if link.page is None:
            why = "more than one note has this name" if link.several else "no such note"
            return f'<span class="dangling" title="{why}">{label}</span>'
        where = "" if self._place(link.page) == place and heading else self._url(link.page, place)
        where += f"#{heading}" if heading else ""
        return f'<a class="wikilink" href="{escape(where)}">{label or escape(link.page.title)}</a>'

    def _backlinks(self, page: Page, place: str) -> list[dict[str, object]]:
        from markupsafe import Markup

        return [
            {
                **self._linked(each.page, place),
                "channel": each.page.channel if each.page.channel != page.channel else "",
                "sentence": Markup(  # noqa: S704 - made by `prose_of`
                    self._state.sentence(each.page.path, each.number)
                ),
            }
            for each in self._wiki.backlinks.get(page.path, ())
        ]

    # Lists

    def _channel(self, channel: Channel) -> Planned:
        place = self._channel_place(channel)
        seen = [self.seen_video(video) for video in channel.videos]
        others = [(self._seen(other), other.title) for other in channel.others]
        own = (channel.page.digest if channel.page else "", self._seen_links(channel.page))
        has_graph = bool(self._graphs.of_channel(channel))
        made_of = digest_of(self.common, place, channel.title, seen, others, own)

        def make() -> bytes:
            shown = {
                "name": channel.name,
                "title": channel.title,
                "url": address(place),
                "feed": self._feed_of(channel.name, place),
                "graph": relative(self._graph_place(channel), place) if has_graph else "",
                "videos": [self._listed(video, place) for video in channel.videos],
                "others": [self._linked(other, place) for other in channel.others],
                "text": self._own_text(channel.page, place),
            }
            values = self._values(place, channel.title, feed=str(shown["feed"]))
            return self._templates.fill("channel.html.j2", {**values, "channel": shown})

        return Planned(place, made_of, make)

    def _start(self) -> Planned:
        place = places.START
        newest = self._wiki.newest(NEWEST)
        seen = [self.seen_video(video) for video in newest]
        own = next((page for page in self._wiki.pages.values() if page.kind is Kind.START), None)
        counts = [(channel.notes, len(channel.videos)) for channel in self._wiki.channels]
        loose = [(self._seen(page), page.title) for page in self._loose()]
        made_of = digest_of(
            self.common, seen, counts, loose, own and own.digest, self._seen_links(own)
        )

        def make() -> bytes:
            values = self._values(place, self._about.title, self._about.description)
            shown = dict(values["site"])  # type: ignore[call-overload]
            shown["notes"] = sum(1 for page in self._notes())
            shown["videos"] = len(self._wiki.videos)
            shown["channels"] = [
                {
                    **self._channel_link(channel, place),
                    "notes": channel.notes,
                    "videos": len(channel.videos),
                }
                for channel in self._wiki.channels
            ]
            more = {
                "site": shown,
                "newest": [
                    {**self._listed(video, place), "channel": self._channel_at(video, place)}
                    for video in newest
                ],
                "others": [self._linked(page, place) for page in self._loose()],
                "text": self._own_text(own, place),
            }
            return self._templates.fill("start.html.j2", {**values, **more})

        return Planned(place, made_of, make)

    def _not_found(self) -> Planned:
        """What is shown at an address where nothing is, in whichever folder that may be."""
        place = places.NOT_FOUND

        def make() -> bytes:
            root = "/" + "/".join(self._about.base_url.split("/")[3:])
            values = self._values(place, "Not found", root=root)
            return self._templates.fill("404.html.j2", values)

        return Planned(place, digest_of(self.common), make)

    def _graph(self, place: str, title: str, data: str, channel: Channel | None) -> Planned:
        def make() -> bytes:
            shown = {
                "title": title,
                "data": relative(data, place),
                "channel": self._channel_link(channel, place) if channel else None,
            }
            return self._templates.fill(
                "graph.html.j2", {**self._values(place, title), "graph": shown}
            )

        return Planned(place, digest_of(self.common, title, data), make)

    def addresses(self) -> Iterator[str]:
        """The absolute addresses of all pages that a search engine should know."""
        for page in self._wiki.pages.values():
            yield self.absolute(self._place(page))
        have_one = {page.path for page in self._wiki.pages.values() if page.kind is Kind.START}
        if not have_one:
            yield self.absolute(places.START)
        for channel in self._wiki.channels:
            if channel.page is None:
                yield self.absolute(self._channel_place(channel))

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

    def _own_text(self, page: Page | None, place: str) -> Markup | str:
        """What the owner wrote on a page that otherwise only lists."""
        if page is None or not page.has_text:
            return ""
        return self._body(page, self._state.details(page.path), place)

    # Pieces

    def _values(
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
        about = self._about
        to_root = root_of(place) if root is None else root
        return {
            "site": {
                "title": about.title,
                "description": about.description,
                "base_url": about.base_url,
                "version": __version__,
                "search": about.search,
                "math": about.math,
                "channels": self._channel_links(place, root),
            },
            "root": to_root,
            "asset": lambda name: self._templates.asset(name, to_root),
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
        if not self._about.base_url or place == places.NOT_FOUND:
            return ""
        return self._about.base_url + address(_without_index(place))

    def _place(self, page: Page) -> str:
        return self._wiki.places.of(page.path)

    def _url(self, page: Page, place: str) -> str:
        return relative(self._place(page), place)

    def _linked(self, page: Page, place: str) -> dict[str, object]:
        return {
            "url": self._url(page, place),
            "title": page.title,
            "description": page.description,
        }

    def _listed(self, video: SiteVideo, place: str) -> dict[str, object]:
        return {
            "id": video.id,
            "title": video.title,
            "url": video.url,
            "published": video.published,
            "duration": video.duration,
            "notes": [self._linked(note, place) for note in video.notes],
        }

    def _video(self, video: SiteVideo, place: str) -> dict[str, object] | None:
        if not video.id:
            return None
        transcript = self._transcripts.place(video.id)
        return {
            "id": video.id,
            "title": video.title,
            "url": video.url,
            "published": video.published,
            "duration": video.duration,
            "playable": video.playable,
            "transcript": relative(transcript, place) if transcript else "",
        }

    def _channel_place(self, channel: Channel) -> str:
        return self._wiki.places.of_channel(channel.name)

    def _channel_link(
        self, channel: Channel, place: str, root: str | None = None
    ) -> dict[str, object]:
        at = self._channel_place(channel)
        url = relative(at, place) if root is None else root + address(at)
        return {"name": channel.name, "title": channel.title, "url": url}

    def _channel_links(self, place: str, root: str | None) -> list[dict[str, object]]:
        """All channels, as the pages of one folder link to them."""
        folder = place.rpartition("/")[0] if root is None else f"{root}/"
        if folder not in self._links_of_folder:
            self._links_of_folder[folder] = [
                self._channel_link(channel, place, root) for channel in self._wiki.channels
            ]
        return self._links_of_folder[folder]

    def _channel_at(self, video: SiteVideo, place: str) -> dict[str, object]:
        channel = self._by_name.get(video.channel)
        if channel is not None:
            return self._channel_link(channel, place)
        return {"name": "", "title": self._about.title, "url": relative(places.START, place)}

    def _channel_of(self, page: Page, place: str) -> dict[str, object]:
        return self._channel_at(self._wiki.video_of[page.path], place)

    def feed_place(self, name: str) -> str:
        """Where the feed of a channel is; empty where it has none."""
        channel = self._by_name.get(name)
        dated = channel is not None and any(video.published for video in channel.videos)
        if not dated or not self._about.base_url:
            return ""
        return f"{self._wiki.places.folder(name)}/{places.FEED}"

    def _feed_of(self, channel: str, place: str) -> str:
        """The address of a channel's feed, as far as it has one."""
        feed = self.feed_place(channel)
        return relative(feed, place) if feed else ""

    def _graph_place(self, channel: Channel) -> str:
        return f"{self._wiki.places.folder(channel.name)}/{places.GRAPH}"


def _contents(details: Details) -> list[dict[str, object]]:
    return [
        {"id": name, "title": clean(title), "level": level}
        for name, title, level in details.contents
    ]


def _without_index(place: str) -> str:
    return place[: -len(places.START)] if place.rpartition("/")[2] == places.START else place
