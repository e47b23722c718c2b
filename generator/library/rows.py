"""What stands in the library's columns: the models as rows and JSON, and back to equal ones."""

from __future__ import annotations

import functools
import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from generator.models import (
    Block,
    BulletList,
    Chapter,
    Completion,
    Cue,
    Note,
    Paragraph,
    Section,
    Statement,
    Transcript,
    Video,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Content:
    """What the `content` column of a note holds."""

    lead: tuple[Block, ...]
    sections: tuple[Section, ...]


def video_values(video: Video) -> dict[str, object]:
    """A video as values of the columns of `videos`, but for its position."""
    return {
        "channel": video.channel,
        "id": video.id,
        "title": video.title,
        "channel_id": video.channel_id,
        "url": video.url,
        "duration": video.duration,
        "published": video.published.isoformat() if video.published else None,
        "description": video.description,
        "chapters": _to_json(tuple[Chapter, ...], video.chapters),
        "tags": words_to_json(video.tags),
    }


def video_of(row: sqlite3.Row) -> Video:
    """The video of a row; raises ValueError for one that no program version wrote."""
    return Video(
        id=row["id"],
        title=row["title"],
        channel=row["channel"],
        channel_id=row["channel_id"],
        url=row["url"],
        duration=row["duration"],
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        description=row["description"],
        chapters=_chapters_of(row["chapters"]),
        tags=words_of(row["tags"]),
    )


def _chapters_of(text: str) -> tuple[Chapter, ...]:
    return () if text == "[]" else _from_json(tuple[Chapter, ...], text)


def transcript_values(channel: str, transcript: Transcript) -> dict[str, object]:
    """A transcript as values of the columns of `transcripts`, but for its position."""
    return {
        "channel": channel,
        "video_id": transcript.video_id,
        "language": transcript.language,
        "generated": int(transcript.generated),
        "cues": _to_json(tuple[Cue, ...], transcript.cues),
    }


def transcript_of(row: sqlite3.Row) -> Transcript:
    """The transcript of a row; raises ValueError for one that no program version wrote."""
    cues = _from_json(tuple[Cue, ...], row["cues"])
    return Transcript(row["video_id"], row["language"], bool(row["generated"]), cues)


def note_values(note: Note, engine: str) -> dict[str, object]:
    """A note without its links as values of the columns of `notes`, but for position and path."""
    return {
        "channel": note.video.channel,
        "slug": note.slug,
        "video_id": note.video.id,
        "title": note.title,
        "aliases": words_to_json(note.aliases),
        "engine": engine,
        "language": note.language,
        "generated": int(note.generated),
        "content": content_to_json(note),
    }


def content_to_json(note: Note) -> str:
    """A note's text as it stands in the column `content`."""
    sections = tuple(replace(of, blocks=_unlinked(of.blocks)) for of in note.sections)
    return _to_json(_Content, _Content(_unlinked(note.lead), sections))


def note_of(row: sqlite3.Row, video: Video) -> Note:
    """The note of a row; raises ValueError for one that no program version wrote."""
    content = _from_json(_Content, row["content"])
    return Note(
        title=row["title"],
        aliases=words_of(row["aliases"]),
        slug=row["slug"],
        video=video,
        lead=content.lead,
        sections=content.sections,
        language=row["language"],
        generated=bool(row["generated"]),
    )


def completion_values(completion: Completion) -> dict[str, object]:
    """A completion as values of the columns of `completions`, but for its position."""
    return asdict(completion)


def completion_of(row: sqlite3.Row) -> Completion:
    """The completion of a row."""
    return Completion(**{field.name: row[field.name] for field in fields(Completion)})


def words_to_json(words: Sequence[str]) -> str:
    """Tags, aliases or keys as a JSON list."""
    return _to_json(tuple[str, ...], tuple(words))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a JSON list; raises ValueError where it is none."""
    return () if text == "[]" else _from_json(tuple[str, ...], text)


def words_of_each(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """As `words_of`, of many lists at once, in a tenth of the time."""
    found = _from_json(tuple[tuple[str, ...], ...], f"[{','.join(texts)}]")
    if len(found) != len(texts):
        raise ValueError("it is not one JSON list each")
    return found


def digest_of(words: Sequence[str]) -> str:
    """A short hash of words in their order."""
    return hashlib.sha256("\0".join(words).encode(errors="surrogatepass")).hexdigest()[:32]


def _unlinked(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks without the links of their statements."""
    return tuple(
        Paragraph(tuple(map(_without_links, block.statements)))
        if isinstance(block, Paragraph)
        else _unlinked_list(block)
        for block in blocks
    )


def _unlinked_list(block: BulletList) -> BulletList:
    lead_in = _without_links(block.lead_in) if block.lead_in else None
    return BulletList(tuple(map(_without_links, block.items)), lead_in)


def _without_links(statement: Statement) -> Statement:
    return replace(statement, links=()) if statement.links else statement


def _to_json(kind: Any, value: object) -> str:
    """Compact JSON; what has its default is left out, and read back as such."""
    return _codec(kind).dump_json(value, exclude_defaults=True).decode()


def _from_json(kind: type[_T], text: str) -> _T:
    codec: TypeAdapter[_T] = _codec(cast("Any", kind))
    return codec.validate_json(text)


@functools.cache
def _codec(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
