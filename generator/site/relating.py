"""What pages have to do with one another: links, what links back, videos and their channels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator.library.viewing import HeldVideo
from generator.site.places import Places
from generator.site.state import State
from generator.site.wiki import About, Entry, Kind, Page, is_playable
from generator.text import clean


@dataclass(frozen=True, slots=True)
class Link:
    """Where a reference leads: to no page, to one, or to any of `several`; and to which heading."""

    page: Page | None = None
    heading: str = ""
    several: bool = False


@dataclass(frozen=True, slots=True)
class Backlink:
    """A page that links to another, and the number of the first reference that does."""

    page: Page
    number: int


@dataclass(frozen=True, slots=True)
class SiteVideo:
    """A video with its notes in the order of its channel's page.

    `published` is an ISO date or empty, `duration` in seconds, `url` of the web or empty.
    """

    id: str
    channel: str
    title: str
    url: str
    published: str
    duration: float | None
    notes: tuple[Page, ...]

    @property
    def playable(self) -> bool:
        """Whether YouTube's player can play it."""
        return is_playable(self.id)


@dataclass(frozen=True, slots=True)
class Channel:
    """A folder of the vault with notes: its videos, newest first, and its other pages."""

    name: str
    title: str
    page: Page | None
    videos: tuple[SiteVideo, ...]
    others: tuple[Page, ...]

    @property
    def notes(self) -> int:
        """How many notes it has."""
        return sum(len(video.notes) for video in self.videos)


class Wiki:
    """All pages of a vault, and what they have to do with one another.

    `state` has the pages and where their links lead, `held` are the library's videos.
    """

    def __init__(self, state: State, held: Mapping[str, HeldVideo]) -> None:
        self._state = state
        self.pages: dict[str, Page] = {}
        places: dict[str, str] = {}
        for place, page in state.pages():
            self.pages[page.path], places[page.path] = page, place
        self.places = Places(places)
        self.held = held

    def links(self, page: Page) -> list[Link]:
        """Where each reference of a page leads, in their order."""
        return [
            Link(self.pages[leads] if leads else None, heading, several)
            for heading, leads, several in self._state.links(page.path)
        ]

    def beside(self, path: str) -> set[str]:
        """The paths of the pages that a page links to, or is linked from."""
        return self._state.beside(path)

    def backlinks(self, page: Page) -> list[Backlink]:
        """The notes and texts that link to a page, in the order of their paths."""
        return [
            Backlink(self.pages[path], number)
            for path, number in self._state.linkers(page.path)
            if path != page.path and self.pages[path].kind in {Kind.NOTE, Kind.TEXT}
        ]

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The channels in the order of their titles."""
        by_channel: dict[str, list[Page]] = defaultdict(list)
        for page in self.pages.values():
            if page.channel:
                by_channel[page.channel].append(page)
        found = [
            self._channel(name, pages)
            for name, pages in by_channel.items()
            if any(page.kind in {Kind.NOTE, Kind.CHANNEL} for page in pages)
        ]
        return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.name)))

    @cached_property
    def loose(self) -> tuple[SiteVideo, ...]:
        """The videos of notes that stand in no folder."""
        notes = [
            page for page in self.pages.values() if page.kind is Kind.NOTE and not page.channel
        ]
        return self._videos("", notes, ())

    @cached_property
    def videos(self) -> tuple[SiteVideo, ...]:
        """All videos, channel by channel."""
        return (*(video for channel in self.channels for video in channel.videos), *self.loose)

    @cached_property
    def video_of(self) -> dict[str, SiteVideo]:
        """By the path of a note, its video."""
        return {note.path: video for video in self.videos for note in video.notes}

    def newest(self, count: int) -> tuple[SiteVideo, ...]:
        """The videos that were published last."""
        dated = [video for video in self.videos if video.published]
        dated.sort(key=lambda video: video.published, reverse=True)
        return tuple(dated[:count])

    def _channel(self, name: str, pages: Sequence[Page]) -> Channel:
        own = [page for page in pages if page.kind is Kind.CHANNEL]
        page = min(own, key=lambda each: each.path) if own else None
        notes = [each for each in pages if each.kind is Kind.NOTE]
        others = sorted(
            (each for each in pages if each.kind is Kind.TEXT or (each in own and each != page)),
            key=lambda each: (each.title.casefold(), each.path),
        )
        return Channel(
            name=name,
            title=(page.title if page else "") or clean(name) or "untitled",
            page=page,
            videos=self._videos(name, notes, page.entries if page else ()),
            others=tuple(others),
        )

    def _videos(
        self, channel: str, notes: Sequence[Page], entries: Sequence[Entry]
    ) -> tuple[SiteVideo, ...]:
        """The videos of these notes, newest first, as far as it is known when they were."""
        by_id: dict[str, list[Page]] = defaultdict(list)
        for note in sorted(notes, key=lambda each: each.path):
            by_id[note.video_id].append(note)
        listed: dict[str, Entry] = {}
        order: dict[str, int] = {}
        for entry in entries:
            listed.setdefault(entry.video_id, entry)
            for target in entry.notes:
                order.setdefault(target.rpartition("/")[2], len(order))
        last = len(order)
        videos = []
        for video_id, own in by_id.items():
            own.sort(key=lambda note: order.get(_slug(note.path), last))
            videos.append(self._video(video_id, channel, own, listed.get(video_id)))
        places = {video_id: at for at, video_id in enumerate(listed)}
        videos.sort(key=lambda video: places.get(video.id, len(places)))
        return tuple(_newest_first(videos))

    def _video(
        self, video_id: str, channel: str, notes: Sequence[Page], entry: Entry | None
    ) -> SiteVideo:
        """What is known of a video: of the library, else sidecars, else its channel's page."""
        told: list[About] = []
        held = self.held.get(video_id)
        if held is not None:
            published = held.video.published.isoformat()[:10] if held.video.published else ""
            title = clean(held.video.title)
            told.append(About(title, held.video.url, published, held.video.duration))
        told += [note.about for note in notes]
        if entry is not None:
            told.append(About(entry.title, entry.url))
        url = next((each.url for each in told if is_web(each.url)), "")
        if is_playable(video_id):
            url = f"https://www.youtube.com/watch?v={video_id}"
        return SiteVideo(
            id=video_id,
            channel=channel,
            title=next((each.title for each in told if each.title), video_id),
            url=url,
            published=next((each.published for each in told if each.published), ""),
            duration=next((each.duration for each in told if each.duration), None),
            notes=tuple(notes),
        )


def is_web(url: str) -> bool:
    """Whether an address opens a page of the web."""
    return url.startswith(("https://", "http://")) and url.isprintable() and " " not in url


def _newest_first(videos: Sequence[SiteVideo]) -> list[SiteVideo]:
    """Videos by their dates; one that has none stays behind the one that it stood behind."""
    dated = sorted(
        (video for video in videos if video.published),
        key=lambda video: video.published,
        reverse=True,
    )
    following: dict[str, list[SiteVideo]] = defaultdict(list)
    before = ""
    for video in videos:
        if video.published:
            before = video.id
        else:
            following[before].append(video)
    ordered = list(following[""])
    for video in dated:
        ordered += [video, *following[video.id]]
    return ordered


def _slug(path: str) -> str:
    return path.rpartition("/")[2][: -len(".md")]
