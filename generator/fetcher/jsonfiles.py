"""JSON transcripts in the shapes that tools write, and what such files say about their video.

Known are: an object with `cues` and the video's fields; the bare list of youtube-transcript-api's
JSON formatter; YouTube's json3, as yt-dlp keeps it; and the segments of Whisper and its relatives
(openai-whisper, faster-whisper, WhisperX). The last two may time each word.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from generator.errors import SubtitleRefused, SubtitleUnreadable
from generator.fetcher.cuetext import plain
from generator.fetcher.rolling import ReadCue
from generator.fetcher.timedtext import LAST_SECOND, Piece, timed_lines
from generator.models import Chapter
from generator.text import clean

_LISTS = ("cues", "segments", "transcript", "captions", "snippets", "subtitles")
_CLOCK_CHARACTERS = frozenset("0123456789:.,")


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of its video, each where it is there and can be; times in seconds."""

    video_id: str = ""
    url: str = ""
    title: str = ""
    channel: str = ""
    language: str = ""
    generated: bool = False
    duration: float | None = None
    published: date | None = None
    description: str = ""
    chapters: tuple[Chapter, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JsonFile:
    """The cues of a JSON transcript in its order, and what it says of its video."""

    cues: tuple[ReadCue, ...]
    about: About = field(default_factory=About)
    notices: tuple[str, ...] = ()


def read_json_file(text: str, path: Path) -> JsonFile:
    """The cues of a JSON transcript.

    Raises SubtitleUnreadable for what is no JSON or has none of the known shapes, SubtitleRefused
    for a cue without times or with something else in their place.
    """
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except RecursionError as error:
        raise SubtitleUnreadable(path, "its JSON is nested too deeply") from error
    except ValueError as error:
        raise SubtitleUnreadable(path, f"it is not valid JSON ({error})") from error
    notices: tuple[str, ...] = ()
    if isinstance(data, list) and data and all(isinstance(item, list) for item in data):
        if len(data) > 1:
            notices = (f"The file holds {len(data):,} transcripts; the first was taken.",)
        data = data[0]
    if isinstance(data, list):
        return JsonFile(_cues(data, path), notices=notices)
    if not isinstance(data, dict):
        raise SubtitleUnreadable(path, "its JSON has no cues")
    if isinstance(data.get("events"), list):
        cues, generated = _json3(data["events"], path)
        return JsonFile(cues, About(generated=generated), notices)
    for name in _LISTS:
        if isinstance(data.get(name), list):
            about = _about(data, generated=name == "segments")
            return JsonFile(_cues(data[name], path), about, notices)
    raise SubtitleUnreadable(path, "its JSON has no cues")


def read_json3_event(number: int, event: object) -> ReadCue | None:
    """Read an event of YouTube's json3 format; None for one that says nothing.

    Its segments time the words if one of them has a `tOffsetMs`. Where the field is missing ahead
    of the first, it is 0, which YouTube leaves out.

    Raises ValueError with what is wrong with the event.
    """
    if not isinstance(event, dict):
        raise ValueError("is not an object")  # noqa: TRY004
    segments = event.get("segs")
    if not isinstance(segments, list):
        return None  # it opens a window
    segments = [segment for segment in segments if isinstance(segment, dict)]
    texts = [_text(segment.get("utf8")) for segment in segments]
    if not "".join(texts).strip():
        return None  # it moves the text up
    start = _number(event, ("tStartMs",))
    if start is None:
        raise ValueError("has no tStartMs")
    duration = _number(event, ("dDurationMs",))
    offsets = [_as_number(segment.get("tOffsetMs")) for segment in segments]
    first = next((at for at, offset in enumerate(offsets) if offset is not None), 0)
    pieces: list[Piece] = []
    for at, (text, offset) in enumerate(zip(texts, offsets, strict=True)):
        said = 0.0 if at < first else offset
        pieces.append((plain(text), None if said is None else (start + said) / 1000))
    end = None if duration is None else (start + duration) / 1000
    return ReadCue(number, start / 1000, end, timed_lines(pieces))


def _cues(items: Sequence[Any], path: Path) -> tuple[ReadCue, ...]:
    cues = []
    for number, item in enumerate(items, 1):
        try:
            cues.append(_cue(number, item))
        except ValueError as error:
            raise SubtitleRefused(path, f"cue {number:,}", str(error)) from None
    return tuple(cues)


def _cue(number: int, item: object) -> ReadCue:
    """Raises ValueError with what is wrong with the cue."""
    if not isinstance(item, dict):
        raise ValueError("is not an object with start and text")  # noqa: TRY004
    start = _number(item, ("start",))
    if start is None:
        raise ValueError("has no start")
    end = _number(item, ("end",))
    if end is None:
        duration = _number(item, ("duration", "dur"))
        end = None if duration is None else start + duration
    words = item.get("words")
    words = [word for word in words if isinstance(word, dict)] if isinstance(words, list) else []
    lines = timed_lines(_pieces(_text(item.get("text")), words))
    return ReadCue(number, start, end, lines, _speaker(item, words))


def _pieces(text: str, words: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """Cut a segment's text into its words, which have times, and what stands between them.

    A word without a time (WhisperX has such) stays without. If the words are not those of the text,
    none is timed.
    """
    pieces: list[Piece] = []
    end = 0
    for word in words:
        said = _text(word.get("word")).strip()
        begin = len(text) - len(text[end:].lstrip())
        if not text.startswith(said, begin):
            return [(plain(text), None)]
        pieces += [(text[end:begin], None), (plain(said), _as_number(word.get("start")))]
        end = begin + len(said)
    return [*pieces, (plain(text[end:]), None)]


def _speaker(item: Mapping[str, Any], words: Sequence[Mapping[str, Any]]) -> str:
    """The speaker that a segment names, else the only one that its words name."""
    if speaker := _clean(item.get("speaker")):
        return speaker
    names = {name for word in words if (name := _clean(word.get("speaker")))}
    return names.pop() if len(names) == 1 else ""


def _json3(events: Sequence[Any], path: Path) -> tuple[tuple[ReadCue, ...], bool]:
    """The events that say something, and whether a machine wrote them."""
    cues = []
    generated = False
    for number, event in enumerate(events, 1):
        try:
            cue = read_json3_event(number, event)
        except ValueError as error:
            raise SubtitleRefused(path, f"event {number:,}", str(error)) from None
        if cue is not None:
            cues.append(cue)
            generated = generated or any(
                isinstance(segment, dict) and ("acAsrConf" in segment or "tOffsetMs" in segment)
                for segment in event["segs"]
            )
    return tuple(cues), generated


def _number(item: Mapping[str, Any], names: Sequence[str]) -> float | None:
    """The first of these fields that is there, as a number; strings that are numbers count."""
    name = next((name for name in names if item.get(name) is not None), None)
    if name is None:
        return None
    number = _as_number(item[name])
    if number is None:
        raise ValueError(f"has no number as its {name}")
    return number


def _as_number(value: Any) -> float | None:
    """A finite number, or None: numbers in strings and `HH:MM:SS.mmm` are as good."""
    try:
        if isinstance(value, str):
            value = value.strip()
            clock = ":" in value and _CLOCK_CHARACTERS.issuperset(value)
            number = _seconds(value) if clock else float(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number = float(value)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _seconds(stamp: str) -> float:
    """`[[hours:]minutes:]seconds` as a number, not rounded: whole seconds are cut from it."""
    *larger, last = stamp.replace(",", ".").split(":")
    whole = 0
    for part in larger:
        whole = whole * 60 + int(part)
    return whole * 60 + float(last)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError("has a text that is no text")


def _about(data: Mapping[str, Any], *, generated: bool) -> About:
    def text(*names: str) -> str:
        values = (data.get(name) for name in names)
        return next((found for value in values if (found := _clean(value))), "")

    flags = (data.get(name) for name in ("is_generated", "isGenerated", "generated"))
    flag = next((value for value in flags if isinstance(value, bool)), generated)
    duration = _as_number(data.get("duration"))
    tags = data.get("tags")
    return About(
        video_id=text("videoId", "video_id", "id"),
        url=text("url", "webpage_url"),
        title=text("title"),
        channel=text("channel", "channelName", "channel_name", "uploader"),
        language=text("language", "languageCode", "language_code"),
        generated=flag,
        duration=duration if duration is not None and 0 < duration <= LAST_SECOND else None,
        published=_date(text("published", "upload_date", "publishDate")),
        description=text("description"),
        chapters=_chapters(data.get("chapters")),
        tags=tuple(tag for item in tags if (tag := _clean(item))) if isinstance(tags, list) else (),
    )


def _clean(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""


def _date(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _chapters(value: Any) -> tuple[Chapter, ...]:
    """The chapters that have a time and a title; the first of those with one time."""
    found: dict[float, Chapter] = {}
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            start = _as_number(item.get("start", item.get("start_time", item.get("startTime"))))
            title = _clean(item.get("title"))
            if start is not None and 0 <= start <= LAST_SECOND and title:
                found.setdefault(start, Chapter(start, title))
    return tuple(found[start] for start in sorted(found))
