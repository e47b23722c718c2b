"""One list from YouTube, no more pages of it than are needed, put together with what was known."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from generator.errors import (
    BlockedByYouTube,
    FetchError,
    GenerateError,
    ListBrokeOff,
    ListEmpty,
    ListError,
    ListNotUnderstood,
    NetworkDown,
)
from generator.fetcher.addresses import ListAddress
from generator.fetcher.http import Connection
from generator.fetcher.lists import Listing, open_list
from generator.listing.filling import RUN
from generator.listing.picking import Picked
from generator.models import ListedVideo, VideoList
from generator.renderer.slugs import channel_name

_TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class Paged:
    """A list, and how it came.

    `asked` says that YouTube gave something of it. `others` are tabs of the channel that are not in
    it, None where that is not known. `error` is why the list is not what it should be, though it
    can be worked with; `notice` what the user should know.
    """

    found: VideoList
    asked: bool = False
    others: frozenset[str] | None = None
    error: GenerateError | None = None
    notice: str = ""


def page_through(
    address: ListAddress,
    connection: Connection,
    picked: Picked,
    kept: VideoList | None,
    *,
    anew: bool = False,
    told: Callable[[int], None] = lambda count: None,
) -> Paged:
    """Asks for the list's pages until `picked` has enough of its videos.

    Where what is new stands first, no page is asked for behind RUN videos that a whole `kept` list
    has, unless it is to be read `anew`, nor behind RUN that are older than wanted. Where YouTube
    cannot be reached the kept list stands in. `told` hears now and then how many came so far.

    Raises the ListError or FetchError where there is nothing to work with, and UsageErrors.
    """
    known = {video.id for video in kept.videos} if kept and kept.complete and not anew else set()
    now, listing, ended = datetime.now(UTC), None, False
    read: dict[str, ListedVideo] = {}
    last: deque[ListedVideo] = deque(maxlen=RUN)
    try:
        with open_list(address, connection) as listing:
            for video in listing.videos:
                read.setdefault(video.id, video)
                last.append(picked.dated(video))
                if len(read) % _TOLD_EVERY == 0:
                    told(len(read))
                picked.offer(video)
                if picked.enough:
                    break
                if address.newest_first and _rest_is_clear(last, known, picked.selection.since):
                    break
            else:
                ended = True
        if not read:
            raise ListEmpty(address.name)
    except (ListError, FetchError) as error:
        found = _found(address, listing, tuple(read.values()), now, complete=False)
        return _after(error, address, picked, found, kept)
    found = together(_found(address, listing, tuple(read.values()), now, complete=ended), kept)
    if not picked.enough and not ended:
        picked.offer_all(found.videos)
    return Paged(found, asked=True, others=listing.others)


def together(found: VideoList, kept: VideoList | None) -> VideoList:
    """What was read now, and behind it what was known before, where not all was read.

    The whole is complete if what was read reaches to what a complete list knew.
    """
    if kept is None:
        return found
    before = {video.id: video for video in kept.videos}
    videos = [_narrowed(video, before.get(video.id)) for video in found.videos]
    complete = found.complete
    if not complete:
        ids = {video.id for video in videos}
        complete = kept.complete and bool(videos) and videos[-1].id in before
        videos += [video for video in kept.videos if video.id not in ids]
    return replace(
        found,
        title=found.title or kept.title,
        channel=found.channel or kept.channel,
        channel_id=found.channel_id or kept.channel_id,
        complete=complete,
        videos=tuple(videos),
    )


def _rest_is_clear(last: Collection[ListedVideo], known: set[str], since: date | None) -> bool:
    """Whether the last videos tell that no page behind them needs to be asked for."""
    if len(last) < RUN:
        return False
    too_old = since and all(video.latest and video.latest < since for video in last)
    return bool(too_old) or all(video.id in known for video in last)


def _after(
    error: ListError | FetchError,
    address: ListAddress,
    picked: Picked,
    found: VideoList,
    kept: VideoList | None,
) -> Paged:
    """What can be done with a list that did not come, or not whole. Raises `error` if nothing."""
    merged = together(found, kept)
    asked = bool(found.videos)
    if kept and isinstance(error, NetworkDown | BlockedByYouTube):
        picked.offer_all(merged.videos)
        day = f"{kept.listed:%Y-%m-%d}"
        notice = f"The list of the {address.name} is from {day}. {error.happened}"
        return Paged(merged, asked=asked, notice=notice)
    if kept and isinstance(error, ListNotUnderstood):
        picked.offer_all(merged.videos)
        return Paged(merged, asked=asked, error=error)
    if not asked:
        raise error
    if picked.selection.sort == "views" and picked.selection.limit:
        picked.drop()
    blocked = isinstance(error, BlockedByYouTube)
    why = error if blocked else ListBrokeOff(address.name, len(found.videos), error)
    return Paged(merged, asked=True, error=why)


def _found(
    address: ListAddress,
    listing: Listing | None,
    videos: tuple[ListedVideo, ...],
    now: datetime,
    *,
    complete: bool,
) -> VideoList:
    is_of_one = address.kind == "channel" or address.uploads_of is not None
    handle = listing.handle if listing and is_of_one else ""
    return VideoList(
        address=address.url,
        title=listing.title if listing else "",
        channel=channel_name(handle) if handle else "",
        channel_id=listing.channel_id if listing else None,
        listed=now,
        complete=complete,
        videos=videos,
    )


def _narrowed(video: ListedVideo, before: ListedVideo | None) -> ListedVideo:
    """The video with the days that both times agree on: a year later, `1 year ago` tells more."""
    days = [each for each in (video, before) if each and each.earliest and each.latest]
    if len(days) < 2:
        return replace(video, earliest=days[0].earliest, latest=days[0].latest) if days else video
    earliest = max(each.earliest for each in days if each.earliest)
    latest = min(each.latest for each in days if each.latest)
    return replace(video, earliest=earliest, latest=latest) if earliest <= latest else video
