"""What a library holds, in figures: asked beside a run that writes, without changing anything."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.library.database import looking
from generator.models import Stage

if TYPE_CHECKING:
    import sqlite3

    from generator.library.database import Database


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """How many videos and notes a channel has."""

    channel: str
    videos: int
    notes: int


@dataclass(frozen=True, slots=True)
class ListFigures:
    """A list of videos as it was last asked for.

    Of its `videos` so many are `barred` (cannot be taken) and `written` (have notes). `complete`
    and `listed` are as in `VideoList`.
    """

    address: str
    title: str
    listed: datetime
    complete: bool
    videos: int
    barred: int
    written: int


@dataclass(frozen=True, slots=True)
class FailedVideo:
    """A video that failed: its title as far as it is known, and why, as in `VideoState`."""

    id: str
    title: str
    cause: str
    happened: str
    remedy: str
    passing: bool


@dataclass(frozen=True, slots=True)
class Spending:
    """What the replies took that are kept of one model to one prompt, in tokens.

    So many of these came by batch.
    """

    model: str
    prompt: str
    replies: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    batch_input_tokens: int = 0
    batch_output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """So many batches from which something is expected, their requests, and the videos of these."""

    open: int = 0
    waiting: int = 0
    videos: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """A library at one moment. `stages` counts the videos that have come so far and no further.

    A video of which no state was kept counts as written where it has notes, else as fetched. What
    waits for replies of `batches` has come as far as it had without them.
    """

    stages: Mapping[Stage, int]
    channels: tuple[ChannelFigures, ...]
    lists: tuple[ListFigures, ...]
    failed: tuple[FailedVideo, ...]
    spending: tuple[Spending, ...]
    batches: BatchFigures = BatchFigures()


def figures_of(path: Path) -> Figures:
    """The figures of the library at `path`, of this program's format or an older one.

    Waits for no run and holds none up. Raises NoLibraryYet where there is none, and LibraryError
    for one that cannot be read.
    """
    with looking(path) as database:
        there = {row["name"] for row in database.rows("SELECT name FROM sqlite_schema")}
        with_states = "states" in there
        return Figures(
            stages=_stages(database, with_states=with_states),
            channels=tuple(
                ChannelFigures(row["channel"], row["videos"], row["notes"])
                for row in database.rows(_CHANNELS)
            ),
            lists=tuple(database.read(_list_of, row) for row in database.rows(_LISTS))
            if with_states
            else (),
            failed=tuple(_failed_of(row) for row in database.rows(_FAILED)) if with_states else (),
            spending=_spending(database, there) if "completions" in there else (),
            batches=_batches(database) if "batched" in there else BatchFigures(),
        )


_HAS_NOTES = """EXISTS (
    SELECT 1 FROM notes JOIN videos AS its
        ON its.channel = notes.channel AND its.id = notes.video_id
    WHERE its.id = {id}
)"""

_CHANNELS = """
    SELECT channel, count(*) AS videos,
        (SELECT count(*) FROM notes WHERE notes.channel = videos.channel) AS notes
    FROM videos GROUP BY channel ORDER BY channel
"""

_LISTS = f"""
    SELECT lists.*, count(entries.video_id) AS videos,
        coalesce(sum(entries.barred <> ''), 0) AS barred,
        coalesce(sum({_HAS_NOTES.format(id="entries.video_id")}), 0) AS written
    FROM lists LEFT JOIN entries ON entries.list = lists.address
    GROUP BY lists.address ORDER BY lists.address
"""  # noqa: S608 (no value of anybody's is in it)

_FAILED = """
    SELECT states.*, coalesce(
        nullif((SELECT max(title) FROM videos WHERE videos.id = states.video_id), ''),
        listed.title, '') AS title
    FROM states LEFT JOIN
        (SELECT video_id, max(title) AS title FROM entries GROUP BY video_id) AS listed
        ON listed.video_id = states.video_id
    WHERE states.stage = 'failed' ORDER BY states.cause, states.video_id
"""

_SPENDING = """
    SELECT model, prompt, count(*) AS replies, sum(input_tokens) AS input_tokens,
        sum(cached_tokens) AS cached_tokens, sum(output_tokens) AS output_tokens
    FROM completions GROUP BY model, prompt ORDER BY model, prompt
"""

_IN_BATCHES = """
    SELECT count(DISTINCT submission) AS open, count(*) AS waiting,
        count(DISTINCT video_id) AS videos
    FROM batched WHERE submission <> '' AND heard = 0
"""

_BY_BATCH = """
    SELECT model, prompt, sum(input_tokens) AS input, sum(output_tokens) AS output
    FROM discounted GROUP BY model, prompt
"""


def _stages(database: Database, *, with_states: bool) -> dict[Stage, int]:
    stated = "SELECT video_id, stage FROM states" if with_states else "SELECT '', '' WHERE 0"
    found = database.rows(
        f"WITH stated (video_id, stage) AS ({stated})"  # noqa: S608 (one of the two above)
        " SELECT stage, count(*) AS videos FROM (SELECT stage FROM stated UNION ALL"
        f" SELECT iif({_HAS_NOTES.format(id='videos.id')}, 'written', 'fetched')"
        " FROM videos WHERE id NOT IN (SELECT video_id FROM stated) GROUP BY id)"
        " GROUP BY stage"
    )
    counts = {row["stage"]: row["videos"] for row in found}
    return {stage: counts.get(stage.value, 0) for stage in Stage}


def _batches(database: Database) -> BatchFigures:
    (row,) = database.rows(_IN_BATCHES)
    return BatchFigures(row["open"], row["waiting"], row["videos"])


def _list_of(row: sqlite3.Row) -> ListFigures:
    return ListFigures(
        address=row["address"],
        title=row["title"],
        listed=datetime.fromisoformat(row["listed"]),
        complete=bool(row["complete"]),
        videos=row["videos"],
        barred=row["barred"],
        written=row["written"],
    )


def _failed_of(row: sqlite3.Row) -> FailedVideo:
    return FailedVideo(
        id=row["video_id"],
        title=row["title"],
        cause=row["cause"],
        happened=row["happened"],
        remedy=row["remedy"],
        passing=bool(row["passing"]),
    )


def _spending(database: Database, there: Set[str]) -> tuple[Spending, ...]:
    by_batch = database.rows(_BY_BATCH) if "discounted" in there else []
    tokens = {(row["model"], row["prompt"]): (row["input"], row["output"]) for row in by_batch}
    rows = database.rows(_SPENDING)
    return tuple(
        _spending_of(row, *tokens.get((row["model"], row["prompt"]), (0, 0))) for row in rows
    )


def _spending_of(row: sqlite3.Row, batch_input: int, batch_output: int) -> Spending:
    return Spending(
        batch_input_tokens=batch_input,
        batch_output_tokens=batch_output,
        model=row["model"],
        prompt=row["prompt"],
        replies=row["replies"],
        input_tokens=row["input_tokens"],
        cached_tokens=row["cached_tokens"],
        output_tokens=row["output_tokens"],
    )
