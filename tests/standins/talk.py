"""Talks that the stand-in for YouTube serves, as one JSON file each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

TALKS = Path(__file__).parent / "talks"


@dataclass(frozen=True)
class Cue:
    """A caption; times in seconds. `words` has the time of each word, or is empty."""

    start: float
    duration: float
    text: str
    words: tuple[float, ...] = ()


def _read_cue(data: Mapping[str, Any]) -> Cue:
    words = tuple(data.get("words", ()))
    if words and len(words) != len(data["text"].split()):
        raise ValueError(f"not one time for each word: {data['text']}")
    return Cue(data["start"], data["duration"], data["text"], words)


@dataclass(frozen=True)
class CaptionTrack:
    """The captions of one talk in one language."""

    language: str
    name: str
    generated: bool
    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class Talk:
    """A video of a made-up channel: `handle` with its `@`, `chapters` as (second, title)."""

    id: str
    title: str
    handle: str
    channel: str
    channel_id: str
    published: date
    duration: int
    description: str
    tags: tuple[str, ...]
    chapters: tuple[tuple[float, str], ...]
    tracks: tuple[CaptionTrack, ...]


def read_talk(source: Path | Mapping[str, Any]) -> Talk:
    """A talk from its file, or from what would stand in one."""
    data = json.loads(source.read_text("utf-8")) if isinstance(source, Path) else source
    return Talk(
        id=data["id"],
        title=data["title"],
        handle=data["channel"]["handle"],
        channel=data["channel"]["name"],
        channel_id=data["channel"]["id"],
        published=date.fromisoformat(data["published"]),
        duration=int(data["duration"]),
        description=data["description"],
        tags=tuple(data["tags"]),
        chapters=tuple((chapter["start"], chapter["title"]) for chapter in data["chapters"]),
        tracks=tuple(
            CaptionTrack(
                language=track["language"],
                name=track["name"],
                generated=track["generated"],
                cues=tuple(_read_cue(cue) for cue in track["cues"]),
            )
            for track in data["tracks"]
        ),
    )


def demo_talks(folder: Path = TALKS) -> tuple[Talk, ...]:
    """The talks of the demo channel, in order of their files' names."""
    return tuple(read_talk(path) for path in sorted(folder.glob("*.json")))
