"""What the notes of every video were made of, and what was to be told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.library.database import Database

TABLES = (
    """
    CREATE TABLE made (
        channel TEXT NOT NULL,
        video_id TEXT NOT NULL,
        ingredients TEXT NOT NULL,
        replies INTEGER NOT NULL,
        told TEXT NOT NULL,
        PRIMARY KEY (channel, video_id),
        FOREIGN KEY (channel, video_id) REFERENCES videos (channel, id) ON DELETE CASCADE
    ) STRICT
    """,
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a video's notes were made of, by name; each is a digest, or the value itself.

    `replies` is of how many replies of a model; `told` is, for each note in order, what the run had
    to say of it besides, fit for JSON.
    """

    ingredients: Mapping[str, str]
    replies: int = 0
    told: tuple[Any, ...] = ()


class MadeNotes:
    """The library's record of what notes were made of. It goes when notes are saved anew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, channel: str, video_id: str, made: Made) -> None:
        """Keep what the notes of a video, which are in the library, were made of.

        That is done with the next change of the library: nothing is lost by finding it out again.
        """
        about = (_dumped(dict(made.ingredients)), made.replies, _dumped(list(made.told)))
        self._database.later(
            lambda run: run(
                "INSERT OR REPLACE INTO made (channel, video_id, ingredients, replies, told)"
                " VALUES (?, ?, ?, ?, ?)",
                (channel, video_id, *about),
            )
        )

    def of(self, channel: str, video_id: str) -> Made | None:
        """What the notes of a video were made of, or None where that is not known."""
        found = self._database.rows(
            "SELECT ingredients, replies, told FROM made WHERE channel = ? AND video_id = ?",
            (channel, video_id),
        )
        return self._database.read(_made_of, *found[0]) if found else None


def _made_of(ingredients: str, replies: int, told: str) -> Made:
    named, notes = json.loads(ingredients), json.loads(told)
    if not isinstance(named, dict) or not isinstance(notes, list):
        raise ValueError("what notes were made of is no JSON of its form")  # noqa: TRY004
    return Made({name: str(value) for name, value in named.items()}, replies, tuple(notes))


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
