"""Where a source's transcript comes from: the library if it is there, else YouTube or a file."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from generator.fetcher.ids import parse_video_id
from generator.models import Fetched, Video
from generator.renderer.slugs import channel_name
from generator.sources import FileSource, OneSource
from generator.text import clip

if TYPE_CHECKING:
    from generator.fetcher.http import Connection
    from generator.library import Library
    from generator.progress import Progress
    from generator.settings import Settings

MAX_TITLE = 300
"""Characters of a title; YouTube takes 100."""

_Result = TypeVar("_Result")


async def fetch(
    source: OneSource, settings: Settings, library: Library, progress: Progress
) -> Fetched:
    """The source's video and transcript. Raises FetchError."""
    if isinstance(source, FileSource):
        from generator.fetcher.subtitles import read_subtitles

        read = await _aside(
            lambda: read_subtitles(
                source.path,
                video_id=source.video_id,
                title=source.title,
                channel=source.channel,
            )
        )
        return replace(read, video=bounded(read.video))
    video_id = parse_video_id(source.id)
    kept = None if settings.refetch else fetch_kept(video_id, settings.language, library)
    if kept:
        return kept
    from generator.fetcher.youtube import fetch_video

    connection = connection_of(settings)
    fetched = await _aside(
        lambda: fetch_video(video_id, settings.language, connection, progress.detail)
    )
    video, known = bounded(fetched.video), library.video(video_id)
    return replace(fetched, video=completed(video, known) if known else video)


async def _aside(work: Callable[[], _Result]) -> _Result:
    """What `work` gives, done in a thread that nobody waits for where the run is stopped.

    The threads of asyncio are waited for, as long as YouTube may go unanswered.
    """
    done: Future[_Result] = Future()

    def worked() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    done.set_running_or_notify_cancel()
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(worked,), name="fetch", daemon=True).start()
    return await asyncio.wrap_future(done)


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
