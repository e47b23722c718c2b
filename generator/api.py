"""The program as a library: what the command does, as two functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from generator.fetcher.ids import parse_video_id
from generator.fetching import connection_of
from generator.models import Transcript
from generator.pipeline import generate
from generator.settings import load_settings
from generator.task import task_of

if TYPE_CHECKING:
    from generator.listing.selection import SortOrder
    from generator.telling.progress import Progress
    from generator.telling.report import Report

_T = TypeVar("_T", bound=str | Path)


def generate_notes(
    *videos: str,
    channels: str | Sequence[str] = (),
    playlists: str | Sequence[str] = (),
    videos_files: Path | str | Sequence[Path | str] = (),
    transcripts: Path | str | Sequence[Path | str] = (),
    limit: int | None = None,
    since: str | date | None = None,
    until: str | date | None = None,
    sort: SortOrder | None = None,
    min_duration: str | float | None = None,
    max_duration: str | float | None = None,
    match: str | None = None,
    with_shorts: bool = False,
    exclude: str | Sequence[str] = (),
    regenerate: bool = False,
    retry_failed: bool = False,
    force: bool = False,
    prompts_anew: str | Sequence[str] = (),
    video_id: str | None = None,
    title: str | None = None,
    channel_name: str | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> Report:
    """Writes notes into a vault, of the same sources as the command's options of these names.

    `videos` are ids or URLs, `channels` handles, ids or URLs, `playlists` ids or URLs,
    `videos_files` files of ids, `transcripts` subtitle files, of which `video_id`, `title` and
    `channel_name` say whose they are; where there are several of a kind, in a sequence. From
    `limit` to `with_shorts` it is said what of each channel, playlist and file of ids is wanted;
    days are dates or `2024-01-31`, lengths seconds or texts such as `5m`. `exclude` are videos that
    are not wanted any more; `prompts_anew` are the prompts for which `force` asks again, all where
    none is named. `settings` are the fields of `generator.settings.Settings` (`output="vault"`,
    `language="ru,en"`, …); those not given come from variables and settings files, as for the
    command.

    A video or list that fails stops no other: its error is in the report. Raises UsageError for
    what cannot be meant, LibraryError where the library cannot be used, VaultInUse where another
    run writes into the vault, and OutsideVault where a link leads out of it.
    """
    task = task_of(
        {
            "video": videos,
            "channel": _several(channels),
            "playlist": _several(playlists),
            "videos": _several(videos_files),
            "transcript": _several(transcripts),
            "limit": limit,
            "since": str(since) if since else None,
            "until": str(until) if until else None,
            "sort": sort,
            "min_duration": _length(min_duration),
            "max_duration": _length(max_duration),
            "match": match,
            "with_shorts": with_shorts,
            "exclude": _several(exclude),
            "regenerate": regenerate,
            "retry_failed": retry_failed,
            "force": force,
            "prompt": _several(prompts_anew),
            "video_id": video_id,
            "title": title,
            "channel_name": channel_name,
        }
    )
    return generate(task, load_settings(settings), progress)


def _several(given: _T | Sequence[_T]) -> Sequence[_T]:
    """What was given, one or several; a text is one."""
    return (given,) if isinstance(given, str | Path) else given


def _length(given: str | float | None) -> str | None:
    """A length as the command takes it; a number is of seconds."""
    return given if given is None or isinstance(given, str) else f"{given:.3f}s"


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
