"""How far every video has come: pending, fetched, written, failed and why, or not wanted."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.models import Stage, VideoState

if TYPE_CHECKING:
    from generator.library.database import Database

TABLES = (
    """
    CREATE TABLE states (
        video_id TEXT NOT NULL PRIMARY KEY,
        stage TEXT NOT NULL
            CHECK (stage IN ('pending', 'fetched', 'written', 'failed', 'excluded')),
        cause TEXT NOT NULL,
        happened TEXT NOT NULL,
        remedy TEXT NOT NULL,
        passing INTEGER NOT NULL CHECK (passing IN (0, 1)),
        changed TEXT NOT NULL,
        tried TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX states_by_stage ON states (stage)",
)


class States:
    """The library's states of videos."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, *states: VideoState) -> None:
        """Keep what has become of videos, in place of what was known; `changed` is now."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.transaction() as run:
            for state in states:
                run(
                    "INSERT OR REPLACE INTO states"
                    " (video_id, stage, cause, happened, remedy, passing, changed, tried)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        state.video_id,
                        state.stage.value,
                        state.cause,
                        state.happened,
                        state.remedy,
                        int(state.passing),
                        now,
                        state.tried,
                    ),
                )

    def excluded(self) -> frozenset[str]:
        """The ids of the videos that are not wanted any more."""
        rows = self._database.rows(
            "SELECT video_id FROM states WHERE stage = ?", (Stage.EXCLUDED.value,)
        )
        return frozenset(row["video_id"] for row in rows)

    def of(self, video_ids: Collection[str] | None = None) -> dict[str, VideoState]:
        """The states of these videos, by id, or of all; none for those never heard of."""
        rows = self._database.rows("SELECT * FROM states ORDER BY video_id")
        states = [self._database.read(_state_of, row) for row in rows]
        return {s.video_id: s for s in states if video_ids is None or s.video_id in video_ids}


def _state_of(row: sqlite3.Row) -> VideoState:
    return VideoState(
        video_id=row["video_id"],
        stage=Stage(row["stage"]),
        cause=row["cause"],
        happened=row["happened"],
        remedy=row["remedy"],
        passing=bool(row["passing"]),
        changed=datetime.fromisoformat(row["changed"]),
        tried=row["tried"],
    )
