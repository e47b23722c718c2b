"""What is known of a video besides its words: title, channel, length, date, chapters."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from generator.errors import FetchError, shorten
from generator.fetcher.causes import cause_of_anything, cause_of_status
from generator.fetcher.http import Connection
from generator.fetcher.ids import watch_url
from generator.fetcher.ytdlp import Extraction, open_ytdlp
from generator.models import Chapter, Video
from generator.text import clean

if TYPE_CHECKING:
    import requests

OEMBED = "https://www.youtube.com/oembed"
_CHANNEL_ID = re.compile(r"UC[0-9A-Za-z_-]{22}", re.ASCII)
_HANDLE = re.compile(r"@[^/?#\s]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list that a video was found in shows of it, for where YouTube does not answer.

    `handle` is the channel's, empty where the list does not tell it.
    """

    title: str = ""
    duration: float | None = None
    handle: str = ""
    channel_id: str | None = None


def describe(
    video_id: str,
    session: requests.Session,
    connection: Connection,
    *,
    extraction: Extraction | None = None,
    player: Mapping[str, Any] | None = None,
    shown: Shown | None = None,
) -> tuple[Video, tuple[str, ...]]:
    """The video, from the best source that answers, and sentences on what could not be had.

    The sources are yt-dlp (`extraction`, if it was asked already), then YouTube's oEmbed for title
    and channel, then the reply of YouTube's `player` that came with the transcript, then what its
    list has `shown`. Nothing missing is an error: a title falls back to the id, a handle to the
    channel's name or `unknown`.
    """
    why: FetchError | None = None
    if extraction is None:
        try:
            with open_ytdlp(connection, captions=False) as ytdlp:
                extraction = ytdlp.extract(video_id)
        except FetchError as error:
            why = error
    facts = _from_ytdlp(extraction.info) if extraction else {}
    if not (facts.get("title") and facts.get("handle")):
        try:
            facts = _from_oembed(video_id, session) | facts
        except FetchError as error:
            why = why or error
    facts = _from_player(player or {}) | facts
    facts = _from_list(shown or Shown(), facts.get("channel_id")) | facts
    return _video(video_id, facts), _notices(video_id, facts, extraction, why)


def _video(video_id: str, facts: Mapping[str, Any]) -> Video:
    from generator.renderer.slugs import channel_name

    return Video(
        id=video_id,
        title=facts.get("title") or video_id,
        channel=channel_name(facts.get("handle") or facts.get("name") or "unknown"),
        channel_id=facts.get("channel_id"),
        url=watch_url(video_id),
        duration=facts.get("duration"),
        published=facts.get("published"),
        description=facts.get("description", ""),
        chapters=facts.get("chapters", ()),
        tags=facts.get("tags", ()),
    )


def _notices(
    video_id: str, facts: Mapping[str, Any], extraction: Extraction | None, why: FetchError | None
) -> tuple[str, ...]:
    notices = []
    because = f": {why.happened}" if why else "."
    if not facts.get("title"):
        notices.append(f"The title of video {video_id} could not be had, so its id stands for it.")
    if not (facts.get("handle") or facts.get("name")):
        notices.append(f"The channel of video {video_id} could not be had.")
    elif not facts.get("handle"):
        notices.append(
            f"The handle of the channel of video {video_id} could not be had, so its name stands"
            f" for it: {shorten(facts['name'], 60)}."
        )
    if extraction is None:
        notices.append(
            f"Chapters and date of video {video_id} could not be had{because} --refetch asks again."
        )
    return tuple(notices)


def _from_ytdlp(info: Mapping[str, Any]) -> dict[str, Any]:
    duration, handle = _seconds(info.get("duration")), _line(info.get("uploader_id"))
    return _present(
        title=_line(info.get("title")),
        handle=handle if _HANDLE.fullmatch(handle) else "",
        name=_line(info.get("channel") or info.get("uploader")),
        channel_id=_channel_id(info.get("channel_id")),
        duration=duration,
        published=_date(info.get("upload_date") or info.get("release_date")),
        description=_paragraphs(info.get("description")),
        chapters=_chapters(info.get("chapters"), duration),
        tags=_tags(info.get("tags")),
    )


def _from_oembed(video_id: str, session: requests.Session) -> dict[str, Any]:
    try:
        reply = session.get(OEMBED, params={"url": watch_url(video_id), "format": "json"})
        said = reply.json() if reply.status_code == 200 else None
    except Exception as error:  # the network's, a cassette's, or what is no JSON
        raise cause_of_anything(video_id, error) from None
    if reply.status_code != 200:
        raise cause_of_status(video_id, str(reply.status_code))
    if not isinstance(said, dict):
        return {}
    page = said.get("author_url")
    handle = _HANDLE.search(unquote(urlsplit(page).path)) if isinstance(page, str) else None
    return _present(
        title=_line(said.get("title")),
        handle=_line(handle[0]) if handle else "",
        name=_line(said.get("author_name")),
    )


def _from_player(player: Mapping[str, Any]) -> dict[str, Any]:
    details = player.get("videoDetails")
    if not isinstance(details, dict):
        return {}
    return _present(
        title=_line(details.get("title")),
        name=_line(details.get("author")),
        channel_id=_channel_id(details.get("channelId")),
        duration=_seconds(details.get("lengthSeconds")),
        description=_paragraphs(details.get("shortDescription")),
        tags=_tags(details.get("keywords")),
    )


def _from_list(shown: Shown, channel_id: str | None) -> dict[str, Any]:
    """What a list shows; of the channel nothing, where the video is known to be another's."""
    ours = channel_id in (None, shown.channel_id)
    return _present(
        title=shown.title,
        duration=shown.duration,
        handle=shown.handle if ours else "",
        channel_id=shown.channel_id if ours else None,
    )


def _present(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def _line(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _paragraphs(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return "\n".join(clean(line) for line in value.splitlines()).strip()


def _channel_id(value: object) -> str | None:
    return value if isinstance(value, str) and _CHANNEL_ID.fullmatch(value) else None


def _seconds(value: object) -> float | None:
    try:
        seconds = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _date(value: object) -> date | None:
    try:
        return datetime.strptime(str(value), "%Y%m%d").date()
    except ValueError:
        return None


def _tags(values: object) -> tuple[str, ...]:
    found = [_line(value) for value in values] if isinstance(values, Iterable) else []
    return tuple(dict.fromkeys(tag for tag in found if tag))


def _chapters(values: object, duration: float | None) -> tuple[Chapter, ...]:
    """The chapters that have a title and a time within the video, in order, one a time."""
    found: dict[float, Chapter] = {}
    for value in values if isinstance(values, list) else ():
        if not isinstance(value, dict):
            continue
        start, title = value.get("start_time"), _line(value.get("title"))
        if not isinstance(start, int | float) or not math.isfinite(start) or not title:
            continue
        if start >= 0 and (duration is None or start < duration):
            found.setdefault(float(start), Chapter(float(start), title))
    return tuple(found[start] for start in sorted(found))
