"""The library: the SQLite file that the vault was made from, and the only module that asks it.

Its tables are in `schema.py`. Every method raises `LibraryUnusable` where the file cannot be read
or written, and `LibraryCorrupt` where what it holds makes no sense. What a method saves, it saves
in one transaction: after a crash all of it is there, or none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import LibraryError
from generator.library import rows
from generator.library.batches import Batches
from generator.library.database import BUSY_SECONDS, Database, connect
from generator.library.filings import (
    PAGE,
    Filing,
    Filings,
    drop_filing,
    save_due,
    save_filing,
)
from generator.library.holdings import Holdings
from generator.library.index import Index
from generator.library.lists import Lists
from generator.library.made import MadeNotes
from generator.library.replies import save_reply
from generator.library.states import States
from generator.models import Completion, Fetched, Note, Track, Transcript, Video

if TYPE_CHECKING:
    from types import TracebackType


class Library:
    """An open library. Use it as a context manager, in the thread that opened it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._database = Database(path, connection)
        self.lists = Lists(self._database)
        self.states = States(self._database)
        self.index = Index(self._database)
        self.filings = Filings(self._database)
        self.made = MadeNotes(self._database)
        self.holdings = Holdings(self._database)
        self.batches = Batches(self._database)

    @classmethod
    def open(
        cls, path: Path | str, *, create: bool = True, busy_seconds: float = BUSY_SECONDS
    ) -> Library:
        """Open the library at `path`, bringing an older one to the present format.

        Where there is none, it and its folder are made; without `create` that is a
        `LibraryUnusable`. Raises `LibraryTooNew` for the file of a later version, besides what
        every method raises. A file that is not a library is left as it is. Where another program
        has it locked, every method waits for so long.
        """
        path = Path(path).absolute()
        return cls(path, connect(path, create=create, busy_seconds=busy_seconds))

    def close(self) -> None:
        """Close the file, with all in it that was to be kept; it cannot be used any more."""
        self._database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(LibraryError) if error else nullcontext():  # the first cause is told
            self.close()

    # Videos and their transcripts

    def save_fetched(self, fetched: Fetched) -> None:
        """Keep a video, its transcript, and which others its source offers.

        What is known of the video is replaced; its place in the order stays, and so do its other
        transcripts and, where `fetched` has no tracks, those it had.
        """
        video, transcript = fetched.video, fetched.transcript
        if transcript.video_id != video.id:
            raise ValueError(f"the transcript of {transcript.video_id} is not one of {video.id}")
        of_video = (video.channel, video.id)
        with self._database.transaction() as run:
            _save_video(run, video)
            if fetched.tracks:
                run("DELETE FROM tracks WHERE channel = ? AND video_id = ?", of_video)
            for position, track in enumerate(fetched.tracks):
                run(
                    "INSERT INTO tracks (channel, video_id, position, language, name, generated)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (*of_video, position, track.language, track.name, int(track.generated)),
                )
            run(
                "INSERT INTO transcripts (channel, video_id, language, generated, cues, position)"
                " VALUES (:channel, :video_id, :language, :generated, :cues,"
                " (SELECT coalesce(max(position), 0) + 1 FROM transcripts"
                " WHERE channel = :channel AND video_id = :video_id))"
                " ON CONFLICT (channel, video_id, language, generated)"
                " DO UPDATE SET cues = excluded.cues",
                rows.transcript_values(video.channel, transcript),
            )

    def video(self, video_id: str, channel: str | None = None) -> Video | None:
        """The video with this id, of this channel or of any.

        Where several channels have it, the last that came, one that a file brought (it has no
        channel id) only if there is no other.
        """
        found = self._database.rows(
            "SELECT * FROM videos WHERE id = ?1 AND (?2 IS NULL OR channel = ?2)"
            " ORDER BY channel_id IS NULL, position DESC LIMIT 1",
            (video_id, channel),
        )
        return self._database.read(rows.video_of, found[0]) if found else None

    def videos(self, channel: str | None = None) -> list[Video]:
        """The videos of a channel, or all, in the order in which they came."""
        found = self._database.having("videos", {"channel": channel}, "position")
        return [self._database.read(rows.video_of, row) for row in found]

    def tracks(self, video: Video) -> list[Track]:
        """The transcripts that the video's source offers, in its order; fetched or not."""
        found = self._database.rows(
            "SELECT language, name, generated FROM tracks WHERE channel = ? AND video_id = ?"
            " ORDER BY position",
            (video.channel, video.id),
        )
        return [Track(row["language"], row["name"], bool(row["generated"])) for row in found]

    def transcript(
        self, video: Video, language: str | None = None, generated: bool | None = None
    ) -> Transcript | None:
        """The fetched transcript in this language, or the first that came and fits, or None."""
        found = self._database.rows(
            "SELECT * FROM transcripts WHERE channel = ?1 AND video_id = ?2"
            " AND (?3 IS NULL OR language = ?3) AND (?4 IS NULL OR generated = ?4)"
            " ORDER BY position LIMIT 1",
            (video.channel, video.id, language, None if generated is None else int(generated)),
        )
        return self._database.read(rows.transcript_of, found[0]) if found else None

    # Completions

    def save_completion(self, completion: Completion) -> None:
        """Keep a model's reply; it takes the place of an earlier one to the same request."""
        with self._database.transaction() as run:
            save_reply(run, completion)

    def save_dialect(self, server: str, model: str, dialect: str) -> None:
        """Keep how a server takes requests for a model (JSON)."""
        self.batches.save_dialect(server, model, dialect)

    def completion(self, key: str) -> Completion | None:
        """The reply that was kept under this key, or None."""
        found = self._database.rows("SELECT * FROM completions WHERE key = ?", (key,))
        return self._database.read(rows.completion_of, found[0]) if found else None

    def completions(self, video_id: str | None = None) -> list[Completion]:
        """The replies that were kept for a video, or all, in the order in which they came."""
        found = self._database.having("completions", {"video_id": video_id}, "position")
        return [self._database.read(rows.completion_of, row) for row in found]

    # Notes

    def save_notes(
        self,
        video: Video,
        engine: str,
        notes: Sequence[Note],
        filings: Mapping[str, Filing] | None = None,
        former: Mapping[str, tuple[str, ...]] | None = None,
    ) -> list[str]:
        """Make these the notes of the video, in this order; its earlier ones go.

        Keeps where the files of notes are whose slug stays. Links are not kept: they depend on the
        vault as it is when a note is rendered. `filings` are of those notes, by slug, whose files
        are to be written. These, the files of notes that go and the channel's page are due from
        then on, until `filings.done`. `former` are the titles that notes had before, by slug.

        Returns the slugs that the video had and has no more, sorted.
        Raises ValueError where a note is of another video, or another video of the channel has its
        slug.
        """
        channel, filings, former = video.channel, filings or {}, former or {}
        if any((note.video.channel, note.video.id) != (channel, video.id) for note in notes):
            raise ValueError(f"a note among those of {video.id} is of another video")
        if len({note.slug for note in notes}) < len(notes):
            raise ValueError(f"two notes of {video.id} have one slug")
        with self._database.transaction() as run:
            _save_video(run, video)
            run("DELETE FROM made WHERE channel = ? AND video_id = ?", (channel, video.id))
            for note in notes:
                query = "SELECT video_id FROM notes WHERE channel = ? AND slug = ?"
                for (taken,) in run(query, (channel, note.slug)):
                    if taken != video.id:
                        raise ValueError(f"{channel}/{note.slug} is a note of video {taken}")
            earlier = {
                row["slug"]: row
                for row in run(
                    "SELECT * FROM notes WHERE channel = ? AND video_id = ?", (channel, video.id)
                )
            }
            changed = False
            for position, note in enumerate(notes):
                filing = filings.get(note.slug)
                values = {
                    **rows.note_values(note, engine),
                    "position": position,
                    "former": rows.words_to_json(former.get(note.slug, ())),
                }
                row = earlier.pop(note.slug, None)
                if row is None or any(row[name] != value for name, value in values.items()):
                    changed = True
                    run(_SAVE_NOTE, values)
                if filing:
                    save_filing(run, channel, note.slug, filing)
            for slug, row in earlier.items():
                run("DELETE FROM notes WHERE channel = ? AND slug = ?", (channel, slug))
                drop_filing(run, channel, slug)
                save_due(run, channel, slug, row["path"] or f"{channel}/{slug}.md")
            if changed or earlier:
                save_due(run, channel, PAGE, "")
        return sorted(earlier)

    def notes(self, channel: str | None = None, video: Video | None = None) -> list[Note]:
        """The notes of a channel, of a video, or all: by channel, then as videos came, in order."""
        channel, id_ = (video.channel, video.id) if video else (channel, None)
        # Notes before videos: another run may add some of both in between.
        found = self._database.having(
            "notes JOIN videos ON videos.channel = notes.channel AND videos.id = notes.video_id",
            {"notes.channel": channel, "video_id": id_},
            "notes.channel, videos.position, notes.position",
            columns="notes.*",
        )
        of_videos = self._database.having("videos", {"channel": channel, "id": id_})
        videos = {
            (row["channel"], row["id"]): self._database.read(rows.video_of, row)
            for row in of_videos
        }
        return [
            self._database.read(rows.note_of, row, videos[row["channel"], row["video_id"]])
            for row in found
        ]

    def note(self, channel: str, slug: str) -> Note | None:
        """One note, or None."""
        found = self._database.rows(
            "SELECT * FROM notes WHERE channel = ? AND slug = ?", (channel, slug)
        )
        video = self.video(found[0]["video_id"], channel) if found else None
        return self._database.read(rows.note_of, found[0], video) if video else None

    def links_of_same(self, note: Note) -> str:
        """The links that were kept with a note if the library has it with the same text.

        Empty where it has not, or where none were kept.
        """
        found = self._database.rows(
            "SELECT content, links FROM notes JOIN indexed USING (channel, slug)"
            " WHERE channel = ? AND slug = ? AND video_id = ?",
            (note.video.channel, note.slug, note.video.id),
        )
        is_same = found and found[0]["content"] == rows.content_to_json(note)
        return str(found[0]["links"]) if is_same else ""

    def engine_of(self, channel: str, slug: str) -> str:
        """The name of the engine that wrote the note; empty for a note that is not there."""
        found = self._database.rows(
            "SELECT engine FROM notes WHERE channel = ? AND slug = ?", (channel, slug)
        )
        return str(found[0]["engine"]) if found else ""

    # The notes' files

    def paths(self, channel: str) -> dict[str, str | None]:
        """Where the files of a channel's notes were last, by slug, relative to the vault with `/`.

        None where that is not known.
        """
        found = self._database.rows("SELECT slug, path FROM notes WHERE channel = ?", (channel,))
        return {row["slug"]: row["path"] for row in found}

    def names(self, channel: str) -> dict[str, tuple[str, ...]]:
        """The title and the aliases of each of a channel's notes, by slug."""
        found = self._database.rows(
            "SELECT slug, title, aliases FROM notes WHERE channel = ?", (channel,)
        )
        return {
            row["slug"]: (row["title"], *self._database.read(rows.words_of, row["aliases"]))
            for row in found
        }


_SAVE_NOTE = """
    INSERT INTO notes (channel, slug, video_id, position, title, aliases, engine, language,
        generated, content, former)
    VALUES (:channel, :slug, :video_id, :position, :title, :aliases, :engine, :language,
        :generated, :content, :former)
    ON CONFLICT (channel, slug) DO UPDATE SET position = excluded.position, title = excluded.title,
        aliases = excluded.aliases, engine = excluded.engine, language = excluded.language,
        generated = excluded.generated, content = excluded.content, former = excluded.former
"""


def _save_video(run: Callable[..., sqlite3.Cursor], video: Video) -> None:
    """Within a transaction: a video; its channel's page is due if it says something else of it."""
    values = rows.video_values(video)
    run(
        "INSERT OR IGNORE INTO due (channel, slug, path) SELECT channel, :page, '' FROM videos"
        " WHERE channel = :channel AND id = :id AND (title IS NOT :title OR url IS NOT :url"
        " OR published IS NOT :published)",
        {**values, "page": PAGE},
    )
    run(
        "INSERT INTO videos (channel, id, title, channel_id, url, duration, published,"
        " description, chapters, tags, position) VALUES (:channel, :id, :title, :channel_id,"
        " :url, :duration, :published, :description, :chapters, :tags,"
        " (SELECT coalesce(max(position), 0) + 1 FROM videos))"
        " ON CONFLICT (channel, id) DO UPDATE SET title = excluded.title,"
        " channel_id = excluded.channel_id, url = excluded.url, duration = excluded.duration,"
        " published = excluded.published, description = excluded.description,"
        " chapters = excluded.chapters, tags = excluded.tags",
        values,
    )
