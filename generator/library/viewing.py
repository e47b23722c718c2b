"""What the library holds of videos and their transcripts, for who only reads it beside a vault."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.library import rows
from generator.library.database import Database, looking
from generator.models import Transcript, Video


@dataclass(frozen=True, slots=True)
class HeldVideo:
    """A video, and the transcript that its notes cite: where it is, and a digest of its cues.

    Without a transcript `digest` is empty.
    """

    video: Video
    language: str = ""
    generated: bool = False
    digest: str = ""
    under: str = ""


class View:
    """A look into a library that changes nothing in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def videos(self) -> dict[str, HeldVideo]:
        """All videos by id. Where several channels have one, as `Library.video` chooses.

        The transcript is that which the notes of the video cite, else the first that came.
        """
        cited = {
            (row["channel"], row["video_id"]): (row["language"], row["generated"])
            for row in self._database.rows(
                "SELECT channel, video_id, language, generated FROM notes ORDER BY position DESC"
            )
        }
        digests: dict[tuple[str, str], dict[tuple[str, int], str]] = {}
        for channel, video_id, language, generated, digest in self._digests():
            held = digests.setdefault((channel, video_id), {})
            held[language, generated] = digest
        found: dict[str, HeldVideo] = {}
        for row in self._database.rows(
            "SELECT * FROM videos ORDER BY channel_id IS NULL, position DESC"
        ):
            video = self._database.read(rows.video_of, row)
            place = (video.channel, video.id)
            tracks = digests.get(place)
            if tracks:
                track = cited.get(place, ("", 0))
                track = track if track in tracks else next(iter(tracks))
                held_video = HeldVideo(video, track[0], bool(track[1]), tracks[track], place[0])
            else:
                held_video = HeldVideo(video)
            if video.id not in found or (held_video.digest and not found[video.id].digest):
                found[video.id] = held_video
        return found

    def transcript(self, held: HeldVideo) -> Transcript | None:
        """The transcript that `videos` told of."""
        found = self._database.rows(
            "SELECT * FROM transcripts WHERE channel = ? AND video_id = ? AND language = ?"
            " AND generated = ?",
            (held.under, held.video.id, held.language, int(held.generated)),
        )
        return self._database.read(rows.transcript_of, found[0]) if found else None

    def moved(self) -> dict[str, tuple[str, str]]:
        """By path, the channel and slug of notes whose files their owner moved or renamed."""
        found = self._database.rows(
            "SELECT path, channel, slug FROM notes WHERE path IS NOT NULL"
            " AND path <> channel || '/' || slug || '.md'"
        )
        return {row["path"]: (row["channel"], row["slug"]) for row in found}

    def _digests(self) -> Iterator[tuple[str, str, str, int, str]]:
        """One transcript after the other: together their cues may be larger than the memory."""
        for row in self._database.each(
            "SELECT channel, video_id, language, generated, cues FROM transcripts ORDER BY position"
        ):
            digest = hashlib.blake2b(row["cues"].encode(), digest_size=16).hexdigest()
            yield row["channel"], row["video_id"], row["language"], row["generated"], digest


@contextmanager
def viewing(path: Path) -> Iterator[View]:
    """The library at `path` as it is at one moment. Raises LibraryError where it cannot be read."""
    with looking(path) as database:
        yield View(database)
