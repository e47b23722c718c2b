"""The lists of videos that were asked for: what a channel or a playlist has."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from typing import TYPE_CHECKING

from generator.models import ListedVideo, VideoList

if TYPE_CHECKING:
    from generator.library.database import Database

TABLES = (
    """
    CREATE TABLE lists (
        address TEXT NOT NULL PRIMARY KEY,
        title TEXT NOT NULL,
        channel TEXT NOT NULL,
        channel_id TEXT,
        listed TEXT NOT NULL,
        complete INTEGER NOT NULL CHECK (complete IN (0, 1))
    ) STRICT
    """,
    """
    CREATE TABLE entries (
        list TEXT NOT NULL REFERENCES lists (address) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        video_id TEXT NOT NULL,
        title TEXT NOT NULL,
        duration REAL,
        views INTEGER,
        earliest TEXT,
        latest TEXT,
        short INTEGER NOT NULL CHECK (short IN (0, 1)),
        barred TEXT NOT NULL,
        PRIMARY KEY (list, position)
    ) STRICT
    """,
)


class Lists:
    """The library's lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, found: VideoList) -> None:
        """Keep a list in place of what was known of it."""
        with self._database.transaction() as run:
            run("DELETE FROM lists WHERE address = ?", (found.address,))
            run(
                "INSERT INTO lists (address, title, channel, channel_id, listed, complete)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    found.address,
                    found.title,
                    found.channel,
                    found.channel_id,
                    found.listed.isoformat(),
                    int(found.complete),
                ),
            )
            for position, video in enumerate(found.videos):
                run(
                    "INSERT INTO entries (list, position, video_id, title, duration, views,"
                    " earliest, latest, short, barred) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        found.address,
                        position,
                        video.id,
                        video.title,
                        video.duration,
                        video.views,
                        video.earliest.isoformat() if video.earliest else None,
                        video.latest.isoformat() if video.latest else None,
                        int(video.short),
                        video.barred,
                    ),
                )

    def get(self, address: str) -> VideoList | None:
        """The list at this address as it was last, or None."""
        found = self._database.rows("SELECT * FROM lists WHERE address = ?", (address,))
        if not found:
            return None
        entries = self._database.rows(
            "SELECT * FROM entries WHERE list = ? ORDER BY position", (address,)
        )
        return self._database.read(_list_of, found[0], entries)

    def of_channel(self, channel: str, channel_id: str) -> VideoList | None:
        """A channel's own list under whatever address it was asked for; a whole one before others.

        It is known by its name in the vault or by YouTube's id; what is not known is empty.
        """
        found = self._database.rows(
            "SELECT address FROM lists WHERE address NOT LIKE '%/playlist?%'"
            " AND address NOT LIKE '%/shorts' AND address NOT LIKE '%/streams'"
            " AND (channel = nullif(?, '') OR channel_id = nullif(?, ''))"
            " ORDER BY complete DESC, listed DESC LIMIT 1",
            (channel, channel_id),
        )
        return self.get(found[0]["address"]) if found else None

    def published(self) -> dict[str, date]:
        """The days on which the library's videos were published, by their ids, as far as known."""
        found = self._database.rows("SELECT id, published FROM videos WHERE published IS NOT NULL")
        return self._database.read(_days_of, found)


def _days_of(rows: list[sqlite3.Row]) -> dict[str, date]:
    return {row["id"]: date.fromisoformat(row["published"]) for row in rows}


def _list_of(row: sqlite3.Row, entries: list[sqlite3.Row]) -> VideoList:
    return VideoList(
        address=row["address"],
        title=row["title"],
        channel=row["channel"],
        channel_id=row["channel_id"],
        listed=datetime.fromisoformat(row["listed"]),
        complete=bool(row["complete"]),
        videos=tuple(map(_listed, entries)),
    )


def _listed(row: sqlite3.Row) -> ListedVideo:
    return ListedVideo(
        id=row["video_id"],
        title=row["title"],
        duration=row["duration"],
        views=row["views"],
        earliest=date.fromisoformat(row["earliest"]) if row["earliest"] else None,
        latest=date.fromisoformat(row["latest"]) if row["latest"] else None,
        short=bool(row["short"]),
        barred=row["barred"],
    )
