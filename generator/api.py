"""The program as a library: what the command does, as two functions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.fetcher.ids import parse_video_id
from generator.fetching import connection_of
from generator.models import Transcript
from generator.pipeline import generate
from generator.settings import load_settings
from generator.sources import sources_of
from generator.task import Task

if TYPE_CHECKING:
    from generator.telling.progress import Progress
    from generator.telling.report import Report


def generate_notes(
    *videos: str,
    transcripts: Sequence[Path | str] = (),
    video_id: str | None = None,
    title: str | None = None,
    channel_name: str | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> Report:
    """Writes notes of videos (ids or URLs) and of subtitle files into a vault.

    `video_id`, `title` and `channel_name` say whose the files are. `settings` are the fields of
    `generator.settings.Settings` (`output="vault"`, `language="ru,en"`, …); those not given come
    from variables and settings files, as for the command.

    A video that fails stops no other: its error is in the report. Raises UsageError for what cannot
    be meant, LibraryError where the library cannot be used, and OutsideVault where a link leads to
    it out of the vault.
    """
    sources = sources_of(videos, transcripts, video_id=video_id, title=title, channel=channel_name)
    return generate(Task(tuple(sources)), load_settings(settings), progress)


def fetch_transcript(video: str, languages: Sequence[str] = (), **settings: Any) -> Transcript:
    """The transcript of a video (id or URL) from YouTube, in the first of `languages` there is.

    Languages are BCP 47 tags; in each, hand-made captions go before generated ones, and where none
    is there, another is taken. Without languages it is the video's own. `settings` are those that
    tell how YouTube is reached: `proxy`, `cookies`, `cassette`, `timeout` in seconds, …

    Raises FetchError, one class per cause, and UsageError for wrong settings.
    """
    from generator.fetcher.cassettes import cassette
    from generator.fetcher.youtube import fetch_video

    loaded = load_settings({**settings, "language": tuple(languages) or None})
    with cassette(loaded.cassette):
        fetched = fetch_video(parse_video_id(video), loaded.language, connection_of(loaded))
    return fetched.transcript
