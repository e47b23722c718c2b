"""Which videos of the library are to be written anew, and from which of their transcripts."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from typing import TYPE_CHECKING

from generator.errors import GenerateError, NotInLibrary
from generator.fetcher.addresses import parse_channel, parse_playlist
from generator.fetcher.ids import parse_video_id
from generator.fetcher.tracks import notice_of_language, preferred_track
from generator.listing.expanded import Expanded
from generator.listing.selection import EVERYTHING, Selection
from generator.listing.videosfile import read_videos_file
from generator.models import Track, Transcript, Video
from generator.renderer.slugs import channel_name
from generator.sources import (
    KeptSource,
    ListSource,
    Source,
    VideosFileSource,
    VideoSource,
)

if TYPE_CHECKING:
    from generator.library import Library


def held(
    sources: Sequence[Source],
    library: Library,
    selection: Selection = EVERYTHING,
    *,
    unwanted: Collection[str] = (),
) -> Expanded:
    """The videos of these sources that the library holds, each once, in the library's order.

    Where none is named, it is what `selection` admits of all that it holds; what is named and is
    not there is a failure. Those that are not wanted any more are left out, unless named by
    themselves, and those with an id in `unwanted`. Raises UsageError for a file of ids that cannot
    be read, and for a pattern that takes too long.
    """
    there = [KeptSource(channel, id_) for channel, id_ in library.holdings.videos()]
    there = [each for each in there if each.id not in unwanted]
    excluded = library.states.excluded()
    wanted = [each for each in there if each.id not in excluded]
    chosen: set[KeptSource] = set()
    failures: list[tuple[str, GenerateError]] = []
    notices: list[str] = []
    if not sources:
        chosen.update(_selected(wanted, selection, library))
        if not chosen:
            none = "the library holds no video" if not wanted else "none that it holds is wanted"
            notices.append(f"There is nothing to regenerate: {none}.")
    for source in sources:
        try:
            found = _found(source, there if isinstance(source, VideoSource) else wanted, library)
        except GenerateError as error:
            failures.append((source.name, error))
            continue
        if not found:
            failures.append((source.name, NotInLibrary(source.name)))
            continue
        if isinstance(source, ListSource | VideosFileSource):
            in_order = isinstance(source, VideosFileSource)
            held_of_it = len(found)
            found = _selected(found, source.selection, library, in_order=in_order)
            if not found:
                notices.append(
                    f"None of the {held_of_it:,} videos that the library holds of {source.name} is"
                    " wanted."
                )
        chosen.update(found)
    sources_there = tuple(each for each in there if each in chosen)
    return Expanded(sources_there, failures=tuple(failures), notices=tuple(notices))


def find_held(
    source: KeptSource, languages: Sequence[str], library: Library
) -> tuple[Video, Track, tuple[str, ...]]:
    """A video of the library, which of its transcripts to take, and what to tell of that.

    It is the transcript in the first of `languages` that is held, else the one that the video's
    notes cite, else the first that came. Nobody is asked for any other. Raises NotInLibrary.
    """
    video = library.video(source.id, source.channel)
    track = track_held(video, languages, library) if video else None
    if video is None or track is None:
        raise NotInLibrary(source.id)
    tracks = library.holdings.transcripts(video)
    taken = Transcript(video.id, track.language, track.generated, ())
    return video, track, notice_of_language(taken, languages, tracks)


def track_held(video: Video, languages: Sequence[str], library: Library) -> Track | None:
    """Which of the transcripts that the library holds of a video is to be taken, if any."""
    tracks = library.holdings.transcripts(video)
    cited = library.holdings.cited(video)
    cited = cited if cited in tracks else None
    return preferred_track(tracks, languages) or cited or next(iter(tracks), None)


def _found(source: Source, there: Sequence[KeptSource], library: Library) -> list[KeptSource]:
    """What of `there` a source means. A wrong line of a file is passed over: others are meant."""
    if isinstance(source, KeptSource):
        return [source] if source in there else []
    if isinstance(source, VideoSource):
        video_id = parse_video_id(source.id)
        return [each for each in there if each.id == video_id]
    if isinstance(source, VideosFileSource):
        places = {id_: at for at, id_ in enumerate(read_videos_file(source.path).ids)}
        named = [each for each in there if each.id in places]
        return sorted(named, key=lambda each: places[each.id])
    if isinstance(source, ListSource):
        meant = (_of_channel if source.kind == "channel" else _of_playlist)(source.given, library)
        return [each for each in there if each in meant]
    return []


def _selected(
    found: Sequence[KeptSource], selection: Selection, library: Library, *, in_order: bool = False
) -> list[KeptSource]:
    """Those that a selection admits; of more than its limit the first (`in_order`) or newest."""
    if selection == EVERYTHING:
        return list(found)
    videos = {(video.channel, video.id): video for video in library.videos()}
    admitted = [each for each in found if selection.admits_exactly(videos[each.channel, each.id])]
    if selection.limit is None:
        return admitted

    def newest_first(each: KeptSource) -> int:
        published = videos[each.channel, each.id].published
        return -published.toordinal() if published else 0

    ordered = admitted if in_order else sorted(admitted, key=newest_first)
    return ordered[: selection.limit]


def _of_channel(given: str, library: Library) -> Set[KeptSource]:
    """The videos of a channel: of the folder of that name, or of what YouTube calls so."""
    videos = library.videos(channel_name(given))
    if not videos:
        address = parse_channel(given)
        known = library.lists.get(address.url)
        channel_id = known.channel_id if known else address.url.rpartition("/")[2]
        videos = [video for video in library.videos() if video.channel_id == channel_id]
    return {KeptSource(video.channel, video.id) for video in videos}


def _of_playlist(given: str, library: Library) -> Set[KeptSource]:
    known = library.lists.get(parse_playlist(given).url)
    ids = {video.id for video in known.videos} if known else set()
    return {KeptSource(channel, id_) for channel, id_ in library.holdings.videos() if id_ in ids}
