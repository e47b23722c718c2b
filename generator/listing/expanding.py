"""What a run is asked for, made into single videos: channels, playlists and files of ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from generator.aside import aside
from generator.errors import (
    FetchError,
    GenerateError,
    LibraryError,
    ListEmpty,
    ListError,
    ListNotKept,
    UsageError,
    VideosFileEmpty,
)
from generator.fetcher.addresses import ListAddress, parse_channel, parse_playlist
from generator.fetcher.ids import watch_url
from generator.fetching import connection_of
from generator.listing.expanded import Expanded, Skipped
from generator.listing.filling import Offer
from generator.listing.paging import Paged, page_through
from generator.listing.picking import Picked
from generator.listing.selection import Selection
from generator.listing.videosfile import read_videos_file
from generator.models import ListedVideo, Video, VideoList
from generator.renderer.slugs import channel_name
from generator.sources import ListSource, OneSource, Source, VideosFileSource, VideoSource
from generator.text import said_of

if TYPE_CHECKING:
    from generator.fetcher.http import Connection
    from generator.library import Library
    from generator.settings import Settings
    from generator.telling.progress import Progress


async def expand(
    sources: Iterable[Source],
    settings: Settings,
    library: Library,
    progress: Progress,
    connection: Connection | None = None,
    *,
    unwanted: Collection[str] = (),
) -> Expanded:
    """The videos of all sources; a list that fails stops no other.

    Lists are asked for over `connection`, or one by the settings, and kept in the library; where
    the network is down, and with `offline`, the kept ones are used, and a notice says so.

    `unwanted` are the ids of videos that are not wanted any more, besides those that the library
    knows to be so. They are among a list's videos, but take no place of its limit.

    Raises UsageError for a file of ids that cannot be read, settings that cannot work, and a
    pattern that takes too long; LibraryError where the library cannot be used.
    """
    work = _Expansion(settings, library, progress, connection, unwanted)
    for source in sources:
        if isinstance(source, ListSource):
            await work.add_list(source)
        elif isinstance(source, VideosFileSource):
            await work.add_file(source)
        else:
            work.add(source)
    return work.done()


class _Expansion:
    """What has become so far of a run's sources."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        progress: Progress,
        connection: Connection | None,
        unwanted: Collection[str],
    ) -> None:
        self.failures: list[tuple[str, GenerateError]] = []
        self._settings = settings
        self._library = library
        self._progress = progress
        self._connection = connection
        self._excluded = library.states.excluded()
        self._unwanted = frozenset(unwanted)
        self._sources: dict[OneSource, bool] = {}
        self._skipped: dict[str, Skipped] = {}
        self._notices: list[str] = []
        self._known: dict[str, Video] = {}
        self._open_to: dict[str, tuple[Selection, ...] | None] = {}
        self._offers: list[Offer] = []
        self._always: set[str] = set()

    def done(self) -> Expanded:
        taken = {each.id for each in self._sources if isinstance(each, VideoSource)}
        return Expanded(
            sources=tuple(self._sources),
            listed=frozenset(
                each.id
                for each, listed in self._sources.items()
                if listed and isinstance(each, VideoSource)
            ),
            skipped=tuple(each for key, each in self._skipped.items() if key not in taken),
            failures=tuple(self.failures),
            notices=tuple(dict.fromkeys(self._notices)),
            known=self._known,
            open_to={key: each for key, each in self._open_to.items() if each},
            offers=tuple(self._offers),
            always=frozenset(self._always),
        )

    def add(self, source: OneSource) -> None:
        """A source that is wanted whatever its title, length and date are."""
        self._sources[source] = False
        if isinstance(source, VideoSource):
            self._open_to[source.id] = None
            self._always.add(source.id)

    async def add_file(self, source: VideosFileSource) -> None:
        """The videos of a file of ids, as far as they are wanted. Raises VideosFileUnreadable.

        A file tells nothing of its videos: what the library does not know decides once it is had.
        """
        found = await aside(lambda: read_videos_file(source.path))
        if not found.ids and not found.wrong:
            self.failures.append((source.name, VideosFileEmpty(source.name)))
        picked = self._picked(source.selection)
        picked.begin(newest_first=False)
        picked.offer_all(self._as_listed(id_, source.selection) for id_ in found.ids)
        self._offers.append(picked.as_offer())
        for video in picked.in_order():
            self._take(video, source.selection)
        self._tell(source.name, picked)
        if source.selection.sort == "views":
            self._notices.append(
                f"{source.name} does not tell how often its videos were watched: they are taken in"
                " its order."
            )
        self.failures += [(f"{source.name}, line {wrong.number}", wrong) for wrong in found.wrong]

    async def add_list(self, source: ListSource) -> None:
        """The videos of a list, as far as they are wanted."""
        try:
            parse = parse_channel if source.kind == "channel" else parse_playlist
            address = parse(source.given)
            picked = self._picked(source.selection)
            lists = await self._lists(source, address, picked)
        except (UsageError, LibraryError):
            raise
        except GenerateError as error:
            self.failures.append((source.name, error))
            return
        channels = {video.id: each for each in lists for video in each.videos}
        self._offers.append(picked.as_offer())
        for video in picked.in_order():
            self._take(video, source.selection)
            self._remember(video, channels[video.id])
        for video in picked.barred:
            of = channels[video.id]
            self._skipped.setdefault(
                video.id, Skipped(video.id, video.title, video.barred, of.channel)
            )
        self._tell(f"the {address.name}", picked)

    def _picked(self, selection: Selection) -> Picked:
        """What is to be taken of one source's videos: nothing yet."""
        unwanted = self._excluded - self._always | self._unwanted
        return Picked(selection, self._published(selection), unwanted)

    def _as_listed(self, video_id: str, selection: Selection) -> ListedVideo:
        """A video that is known by its id, and by what the library holds if that matters."""
        bare = ListedVideo(video_id)
        video = self._library.video(video_id) if selection.undecided(bare) else None
        if video is None:
            return bare
        title = video.title if video.title != video_id else ""
        return ListedVideo(video_id, title, video.duration)

    async def _lists(
        self, source: ListSource, address: ListAddress, picked: Picked
    ) -> list[VideoList]:
        """The list, and that of the channel's shorts if they are wanted, offered to `picked`."""
        with_shorts = picked.selection.with_shorts and address.kind == "channel" and not address.tab
        found, others = [], None
        first_time = self._library.lists.get(address.url) is None
        try:
            paged = await self._list(source, address, picked)
            found.append(paged.found)
            others = paged.others
        except (ListEmpty, ListNotKept):
            if not with_shorts:
                raise
        # Where it is not known whether there are shorts, they are asked for.
        if with_shorts and not picked.enough and (others is None or "shorts" in others):
            try:
                found.append((await self._list(source, address.shorts, picked)).found)
            except (ListEmpty, ListNotKept):
                if not found:
                    raise
            except (ListError, FetchError) as error:
                self.failures.append((source.name, error))
        if first_time and others and "streams" in others:
            self._notices.append(
                f"The {address.name} also has past live streams, which are not among its videos:"
                f" --channel {address.handle or address.url}/streams takes them."
            )
        return found

    async def _list(self, source: ListSource, address: ListAddress, picked: Picked) -> Paged:
        """One list from YouTube, or as the library has it."""
        kept = self._library.lists.get(address.url)
        picked.begin(newest_first=address.newest_first)
        if self._settings.offline:
            if kept is None and address.kind == "channel" and address.tab is None:
                name = channel_name(address.handle) if address.handle else ""
                kept = self._library.lists.of_channel(name, address.channel_id)
            if kept is None:
                raise ListNotKept(address.name)
            whole = "" if kept.complete else ", and not whole"
            self._notices.append(
                f"The list of the {address.name} is from {kept.listed:%Y-%m-%d}{whole}:"
                " nobody is asked for a newer one."
            )
            picked.offer_all(kept.videos)
            return Paged(kept)
        self._progress.step(f"listing the {address.name}")
        connection = self._connection or connection_of(self._settings)
        anew = self._settings.refetch

        def told(count: int) -> None:
            self._progress.step(f"listing the {address.name}: {count:,} videos")

        paged = await aside(
            lambda: page_through(address, connection, picked, kept, anew=anew, told=told)
        )
        if paged.asked:
            self._library.lists.save(paged.found)
        if paged.notice:
            self._notices.append(paged.notice)
        if paged.error:
            self.failures.append((source.name, paged.error))
        return paged

    def _published(self, selection: Selection) -> dict[str, date]:
        """The days that the library knows, if they matter."""
        if selection.since is None and selection.until is None:
            return {}
        return self._library.lists.published()

    def _take(self, video: ListedVideo, selection: Selection) -> None:
        """A video that a source offers, and that its selection does not refuse."""
        if video.id in self._open_to:
            earlier = self._open_to[video.id]
            undecided = earlier is not None and selection.undecided(video)
            self._open_to[video.id] = (*earlier, selection) if earlier and undecided else None
        else:
            self._sources[VideoSource(video.id)] = True
            self._open_to[video.id] = (selection,) if selection.undecided(video) else None

    def _remember(self, video: ListedVideo, of: VideoList) -> None:
        """What a list tells of a video."""
        if video.id not in self._known or not self._known[video.id].channel_id:
            self._known[video.id] = Video(
                id=video.id,
                title=video.title or video.id,
                channel=of.channel,
                channel_id=of.channel_id if of.channel else None,
                url=watch_url(video.id),
                duration=video.duration,
            )

    def _tell(self, name: str, picked: Picked) -> None:
        counts = ", ".join(
            f"{count:,} because {said_of(count, why)}"
            for why, count in picked.refused.most_common()
        )
        self._progress.detail(
            f"{name}: {len(picked.chosen)} videos taken; not taken: {counts or 'none'}"
        )
        if picked.offered and not picked.chosen:
            barred = f"{len(picked.barred):,} cannot be had" if picked.barred else ""
            reasons = ", ".join(filter(None, (counts, barred)))
            self._notices.append(
                f"None of the {picked.offered:,} videos listed of {name} is taken: {reasons}."
            )
