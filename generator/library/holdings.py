"""What the library holds of its videos, told without reading it, and how that is given up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.models import Track, Video

if TYPE_CHECKING:
    from generator.library.database import Database


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model was asked for a video with one prompt: replies kept, and tokens they took."""

    replies: int
    input_tokens: int
    output_tokens: int


class Holdings:
    """A look at what there is of videos."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def videos(self) -> list[tuple[str, str]]:
        """Channel and id of the videos with a transcript, in the order in which they came."""
        found = self._database.rows(
            "SELECT channel, id FROM videos WHERE EXISTS (SELECT 1 FROM transcripts"
            " WHERE transcripts.channel = videos.channel AND video_id = id) ORDER BY position"
        )
        return [(row["channel"], row["id"]) for row in found]

    def transcripts(self, video: Video) -> list[Track]:
        """The transcripts that were fetched or read of a video, in the order they came."""
        found = self._database.rows(
            "SELECT language, generated FROM transcripts WHERE channel = ? AND video_id = ?"
            " ORDER BY position",
            (video.channel, video.id),
        )
        return [Track(row["language"], "", bool(row["generated"])) for row in found]

    def cited(self, video: Video) -> Track | None:
        """The transcript that the video's notes cite, whether it is there or not."""
        found = self._database.rows(
            "SELECT language, generated FROM notes WHERE channel = ? AND video_id = ?"
            " ORDER BY position LIMIT 1",
            (video.channel, video.id),
        )
        return Track(found[0]["language"], "", bool(found[0]["generated"])) if found else None

    def digest_of_transcript(self, video: Video, language: str, generated: bool) -> str:
        """What tells whether a transcript is still the same; empty where there is none."""
        found = self._database.rows(
            "SELECT cues FROM transcripts WHERE channel = ? AND video_id = ? AND language = ?"
            " AND generated = ?",
            (video.channel, video.id, language, int(generated)),
        )
        cues = found[0]["cues"] if found else None
        return hashlib.sha256(cues.encode()).hexdigest()[:16] if cues is not None else ""

    def replies(self, video_id: str) -> str:
        """What tells whether other replies are kept for a video than before."""
        found = self._database.rows(
            "SELECT count(*) AS replies, coalesce(max(position), 0) AS last FROM completions"
            " WHERE video_id = ?",
            (video_id,),
        )
        return f"{found[0]['replies']}, the last one {found[0]['last']}"

    def asked(self, video_id: str) -> dict[str, Asked]:
        """What was asked for a video, by prompt; of the model that was asked last."""
        found = self._database.rows(
            "SELECT prompt, count(*) AS replies, sum(input_tokens) AS input,"
            " sum(output_tokens) AS output FROM completions WHERE video_id = ?1 AND model ="
            " (SELECT model FROM completions WHERE video_id = ?1 ORDER BY position DESC LIMIT 1)"
            " GROUP BY prompt",
            (video_id,),
        )
        return {row["prompt"]: Asked(row["replies"], row["input"], row["output"]) for row in found}

    def is_known(self, video_id: str) -> bool:
        """Whether the library has heard of a video: as its own, on a list, or by its state."""
        found = self._database.rows(
            "SELECT EXISTS (SELECT 1 FROM videos WHERE id = ?1)"
            " OR EXISTS (SELECT 1 FROM entries WHERE video_id = ?1)"
            " OR EXISTS (SELECT 1 FROM states WHERE video_id = ?1) AS known",
            (video_id,),
        )
        return bool(found[0]["known"])

    def forget(self, video_id: str) -> None:
        """Delete a video under all its channels: transcripts, notes and replies go with it.

        What was written as its notes stays known, so that an edited file is never taken for one of
        ours.
        """
        with self._database.transaction() as run:
            run("DELETE FROM videos WHERE id = ?", (video_id,))
            run("DELETE FROM completions WHERE video_id = ?", (video_id,))
            run("DELETE FROM batched WHERE video_id = ?", (video_id,))
            run("DELETE FROM awaiting WHERE video_id = ?", (video_id,))
