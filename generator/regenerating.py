"""Which videos of the library are to be written anew, and from which of their transcripts."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import GenerateError, NotInLibrary
from generator.fetcher.addresses import parse_channel, parse_playlist
from generator.fetcher.ids import parse_video_id
from generator.fetcher.tracks import notice_of_language, preferred_track
from generator.models import Fetched, Stage, Track, Video
from generator.renderer.slugs import channel_name
from generator.sources import KeptSource, ListSource, Source, VideoSource

if TYPE_CHECKING:
    from generator.library import Library


@dataclass(frozen=True, slots=True)
class Held:
    """What of the library is meant, each video once, in the library's order.

    `failures` are what was named and is not there, by the name that it was given.
    """

    sources: tuple[KeptSource, ...]
    failures: tuple[tuple[str, GenerateError], ...] = ()


def held(sources: Sequence[Source], library: Library) -> Held:
    """The videos of these sources that the library holds; all that it holds where none is named.

    Those that are not wanted any more are left out, unless named by themselves.
    """
    there = [KeptSource(channel, id_) for channel, id_ in library.holdings.videos()]
    states = library.states.of()
    excluded = {id_ for id_, state in states.items() if state.stage is Stage.EXCLUDED}
    wanted = [each for each in there if each.id not in excluded]
    if not sources:
        return Held(tuple(wanted))
    chosen: set[KeptSource] = set()
    failures: list[tuple[str, GenerateError]] = []
    for source in sources:
        try:
            found = _found(source, there if isinstance(source, VideoSource) else wanted, library)
        except GenerateError as error:
            failures.append((source.name, error))
            continue
        if not found:
            failures.append((source.name, NotInLibrary(source.name)))
        chosen.update(found)
    return Held(tuple(each for each in there if each in chosen), tuple(failures))


def fetch_held(source: KeptSource, languages: Sequence[str], library: Library) -> Fetched:
    """A video as the library holds it, and the transcript to write its notes from.

    That is the one in the first of `languages` that is held, else the one that its notes cite, else
    the first that came. Nobody is asked for any other. Raises NotInLibrary.
    """
    video = library.video(source.id, source.channel)
    track = track_held(video, languages, library) if video else None
    transcript = (
        library.transcript(video, track.language, track.generated) if track and video else None
    )
    if video is None or transcript is None:
        raise NotInLibrary(source.id)
    kept = library.holdings.transcripts(video)
    notices = notice_of_language(transcript, languages, kept)
    return Fetched(video, transcript, notices=notices)


def track_held(video: Video, languages: Sequence[str], library: Library) -> Track | None:
    """Which of the transcripts that the library holds of a video is to be taken, if any."""
    tracks = library.holdings.transcripts(video)
    cited = library.holdings.cited(video)
    cited = cited if cited in tracks else None
    return preferred_track(tracks, languages) or cited or next(iter(tracks), None)


def _found(source: Source, there: Sequence[KeptSource], library: Library) -> list[KeptSource]:
    if isinstance(source, KeptSource):
        return [source] if source in there else []
    if isinstance(source, VideoSource):
        video_id = parse_video_id(source.id)
        return [each for each in there if each.id == video_id]
    if isinstance(source, ListSource):
        wanted = (_of_channel if source.kind == "channel" else _of_playlist)(source.given, library)
        return [each for each in there if each in wanted]
    return []


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
