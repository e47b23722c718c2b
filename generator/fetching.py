"""Where a source's transcript comes from: the library if it is there, else YouTube or a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.aside import aside
from generator.errors import BlockedByYouTube, FetchError, NetworkDown, Offline, YouTubeNotAsked
from generator.fetcher.ids import parse_video_id
from generator.models import Fetched, Video
from generator.renderer.slugs import channel_name
from generator.sources import FileSource, OneSource
from generator.text import clip

if TYPE_CHECKING:
    from generator.batch.pacing import Pace
    from generator.fetcher.catalog import Shown
    from generator.fetcher.http import Connection
    from generator.library import Library
    from generator.settings import Settings

MAX_TITLE = 300
"""Characters of a title; YouTube takes 100."""


MOST_IN_A_ROW = 3
"""After so many videos in a row that YouTube refused, or that did not reach it, none is tried."""


class Fetching:
    """Gets the transcripts of one run, one after the other and not too fast.

    Where YouTube refuses to answer, or cannot be reached, it is not asked again in this run. What
    the library holds, and files, are had all the same.
    """

    def __init__(
        self, settings: Settings, library: Library, tell: Callable[[str], None], pace: Pace
    ) -> None:
        """`tell` is called with what is being asked. Raises UsageError, as connection_of does."""
        self._settings = settings
        self._library = library
        self._tell = tell
        self._pace = pace
        self._connection = connection_of(settings)
        self._replayed = bool(settings.cassette and settings.cassette.exists())
        self._blocked = self._unreached = 0
        self._ended: FetchError | None = None

    @property
    def connection(self) -> Connection:
        """How YouTube is reached, and whether it may still be."""
        return self._connection

    @property
    def ended(self) -> FetchError | None:
        """Why YouTube is not asked any more in this run, if so."""
        return self._ended or (YouTubeNotAsked() if self._connection.gate.closed else None)

    async def fetch(
        self,
        source: OneSource,
        *,
        shown: Shown | None = None,
        unless_ended: Callable[[Awaitable[None]], Awaitable[None]] = lambda wait: wait,
    ) -> Fetched:
        """The source's video and transcript; `shown` is what its list tells of it.

        The wait for its turn is made with `unless_ended`. Raises FetchError, and what that raises.
        """
        if isinstance(source, FileSource):
            return await self._read(source)
        video_id = parse_video_id(source.id)
        refetch = self._settings.refetch and not self._settings.offline
        kept = None if refetch else fetch_kept(video_id, self._settings.language, self._library)
        if kept:
            return kept
        if self._settings.offline:
            raise Offline(f"The library has no transcript of video {video_id} that fits")
        if self.ended:
            raise self.ended
        if not self._replayed:
            await unless_ended(self._pace.turn())
        fetched = await self._asked(video_id, shown)
        video, known = bounded(fetched.video), self._library.video(video_id)
        return replace(fetched, video=completed(video, known) if known else video)

    async def _read(self, source: FileSource) -> Fetched:
        from generator.fetcher.subtitles import read_subtitles

        read = await aside(
            lambda: read_subtitles(
                source.path,
                video_id=source.video_id,
                title=source.title,
                channel=source.channel,
            )
        )
        return replace(read, video=bounded(read.video))

    async def _asked(self, video_id: str, shown: Shown | None) -> Fetched:
        from generator.fetcher.youtube import fetch_video

        try:
            fetched = await aside(
                lambda: fetch_video(
                    video_id, self._settings.language, self._connection, self._tell, shown
                )
            )
        except FetchError as error:
            self._count(error)
            raise
        self._count(None)
        return fetched

    def _count(self, error: FetchError | None) -> None:
        """How a fetch ended; too many bad ends in a row end all fetching."""
        self._blocked = self._blocked + 1 if isinstance(error, BlockedByYouTube) else 0
        unreached = isinstance(error, NetworkDown) and error.unreached
        self._unreached = self._unreached + 1 if unreached else 0
        if self._blocked >= MOST_IN_A_ROW:
            self._connection.gate.close()
        if self._unreached >= MOST_IN_A_ROW:
            self._ended = error


def fetch_kept(video_id: str, languages: tuple[str, ...], library: Library) -> Fetched | None:
    """What the library holds of a video, if that is the transcript that would be fetched.

    What a file brought is not, unless the id was made for it: it has no channel id.
    """
    from generator.fetcher.tracks import choose_track, notice_of_language

    video = library.video(video_id)
    if video is None or (video.url and not video.channel_id):
        return None
    tracks = library.tracks(video)
    best = choose_track(tracks, languages)
    transcript = library.transcript(video, best.language, best.generated) if best else None
    if transcript is None:
        return None
    notices = notice_of_language(transcript, languages, tracks)
    return Fetched(video, transcript, tuple(tracks), notices)


def bounded(video: Video) -> Video:
    """The video with no title in it longer than any that YouTube takes, by some margin."""
    return replace(
        video,
        title=clip(video.title, MAX_TITLE),
        chapters=tuple(
            replace(chapter, title=clip(chapter.title, MAX_TITLE)) for chapter in video.chapters
        ),
    )


def completed(video: Video, known: Video) -> Video:
    """The video with what is known of it from earlier where now less could be had."""
    untitled = video.title == video.id
    unnamed = video.channel == channel_name("")
    return replace(
        video,
        title=known.title if untitled else video.title,
        channel=known.channel if unnamed else video.channel,
        channel_id=video.channel_id or known.channel_id,
        duration=video.duration or known.duration,
        published=video.published or known.published,
        description=video.description or known.description,
        chapters=video.chapters or known.chapters,
        tags=video.tags or known.tags,
    )


def connection_of(settings: Settings) -> Connection:
    """How YouTube is reached. Raises UsageError for a proxy that cannot be one."""
    from generator.fetcher.http import Connection

    def secret(name: str) -> str | None:
        value = getattr(settings, name)
        return value.get_secret_value() if value else None

    return Connection(
        proxy=secret("proxy"),
        webshare_username=secret("webshare_username"),
        webshare_password=secret("webshare_password"),
        cookies=settings.cookies,
        cookies_from_browser=settings.cookies_from_browser,
        timeout=settings.timeout,
        retries=settings.retries,
    )
