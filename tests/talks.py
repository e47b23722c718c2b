"""Notes and their videos as literals, for tests of what becomes of them in a vault."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from generator.models import (
    Citation,
    Cue,
    Fetched,
    Found,
    Mention,
    Note,
    Paragraph,
    Statement,
    Transcript,
    Video,
)

CUES = tuple(Cue(10.0 * n, 9.0, f"Words number {n} of the talk.") for n in range(200))


def a_video(number: int, channel: str = "kettle", published: date | None = None) -> Video:
    """The video of this number under a channel."""
    id_ = f"video-{number:05}"
    url = f"https://www.youtube.com/watch?v={id_}"
    return Video(id_, f"Talk {number}", channel, url=url, published=published)


def fetched(video: Video) -> Fetched:
    """A video with the transcript that its notes cite."""
    return Fetched(video, Transcript(video.id, "en", False, CUES))


def a_note(
    video: Video,
    title: str,
    *texts: str,
    aliases: Sequence[str] = (),
    at: int = 0,
    concepts: Sequence[tuple[str, str]] = (),
) -> Note:
    """A note of one paragraph with a statement a text, which cite cue after cue from `at` on.

    `concepts` are words of the texts, and what they stand for.
    """
    statements = tuple(
        Statement(
            text,
            citations=(Citation(10 * (at + n), at + n, 0, "Words number", Found.EXACT),),
            mentions=tuple(
                Mention(text.index(words), text.index(words) + len(words), concept)
                for words, concept in concepts
                if words in text
            ),
        )
        for n, text in enumerate(texts or (f"All of it is on {title.lower()}.",))
    )
    lead = (Paragraph(statements),)
    return Note(title, tuple(aliases), "", video, lead, (), "en", False)
