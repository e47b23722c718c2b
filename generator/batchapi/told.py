"""A vault's batches as tables, and as the objects that `--json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.library.batches import BEGUN
from generator.telling.tables import Table, Told

if TYPE_CHECKING:
    from generator.batchapi.watching import Watched
    from generator.library.batches import SubmittedBatch

_ENDS = 253_402_300_799
"""The last second that a date can name."""


def list_told(batches: Sequence[SubmittedBatch]) -> list[Told]:
    """What `generate batch list` prints."""
    if not batches:
        return ["no batch was submitted for this vault"]
    rows = [
        (
            _name(batch),
            _status(batch.status, over=batch.over),
            f"{batch.created:%Y-%m-%d %H:%M}",
            f"{batch.requests:,}",
            f"{batch.answered:,}" if batch.over else "",
            f"{batch.input_tokens:,}",
            _prompts(batch),
            batch.model,
        )
        for batch in batches
    ]
    columns = (
        "batch",
        "status",
        "submitted (UTC)",
        "requests",
        "answered",
        "tokens in",
        "of these",
        "model",
    )
    return [Table(columns, tuple(rows), frozenset({3, 4, 5}))]


def watched_told(watched: Sequence[Watched]) -> list[Told]:
    """What `generate batch status` and `cancel` print."""
    if not watched:
        return ["no batch is under way"]
    rows = [
        (
            _name(each.batch),
            _status(each.status, over=each.batch.over) if each.here else "at another server",
            f"{each.batch.requests:,}",
            f"{each.job.done:,}" if each.job else "",
            f"{each.job.failed:,}" if each.job else "",
            _date(each.job.expires_at if each.job else 0),
            _prompts(each.batch),
        )
        for each in watched
    ]
    columns = ("batch", "status", "requests", "done", "failed", "expires (UTC)", "of these")
    return [Table(columns, tuple(rows), frozenset({2, 3, 4}))]


def batch_json(batch: SubmittedBatch) -> dict[str, object]:
    """A batch as the library knows it."""
    return {
        "id": batch.batch_id or None,
        "submission": batch.submission,
        "server": batch.server,
        "model": batch.model,
        "status": batch.status,
        "over": batch.over,
        "submitted": batch.created.isoformat(),
        "requests": batch.requests,
        "prompts": dict(batch.prompts),
        "answered": batch.answered,
        "unanswered": batch.requests - batch.answered if batch.over else None,
        "input_tokens": batch.input_tokens,
        "output_tokens": batch.output_tokens,
    }


def watched_json(each: Watched) -> dict[str, object]:
    """A batch as its service knows it."""
    job = each.job
    return {
        **batch_json(each.batch),
        "status": each.status,
        "here": each.here,
        "done": job.done if job else None,
        "failed": job.failed if job else None,
        "expires": _date(job.expires_at, iso=True) or None if job else None,
    }


def _name(batch: SubmittedBatch) -> str:
    return batch.batch_id or batch.submission


def _status(status: str, *, over: bool) -> str:
    if status == BEGUN:
        return "begun, not known to be there"
    ended = status in ("completed", "failed", "expired", "cancelled", "gone")
    told = status.replace("_", " ")
    return f"{told}, not taken yet" if ended and not over else told


def _prompts(batch: SubmittedBatch) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in batch.prompts.items())


def _date(seconds: int, *, iso: bool = False) -> str:
    if not 0 < seconds <= _ENDS:
        return ""
    when = datetime.fromtimestamp(seconds, UTC)
    return when.isoformat() if iso else f"{when:%Y-%m-%d %H:%M}"
