"""Batches as a run tells of them, as tables, and as the objects that `--json` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.library.batches import BEGUN
from generator.telling.tables import Table, Told, batches_of, count

if TYPE_CHECKING:
    from generator.batchapi.jobs import Job
    from generator.batchapi.taking import Taken
    from generator.batchapi.watching import Watched
    from generator.library.batches import SubmittedBatch

_ENDS = 253_402_300_799
"""The last second that a date can name."""


def batches_told(batches: Sequence[SubmittedBatch]) -> str:
    """How many they are: `2 batches with 1,200 requests`."""
    return batches_of(len(batches), sum(each.requests for each in batches))


def submitted_told(batch: SubmittedBatch) -> str:
    """That a batch was submitted."""
    prompts = ", ".join(f"{name} {number:,}" for name, number in batch.prompts.items())
    return (
        f"submitted batch {batch.batch_id}: {count(batch.requests, 'request')} ({prompts}),"
        f" about {batch.input_tokens:,} tokens in"
    )


def waiting_told(batches: Sequence[SubmittedBatch], done: int) -> str:
    """What a run waits for; of all requests so many are done."""
    if not batches:
        return "waiting until the service takes more"
    states = Counter(each.status for each in batches)
    told = ", ".join(f"{number} {status}" for status, number in states.items())
    requests = sum(each.requests for each in batches)
    return (
        f"waiting for {count(len(batches), 'batch', 'batches')} ({told}):"
        f" {done:,} of {count(requests, 'request')} done"
    )


def taken_told(job: Job, taken: Taken) -> str:
    """What a batch brought."""
    told = f"batch {job.id} is {job.status}: {count(taken.replies, 'reply', 'replies')} came"
    if taken.failed:
        told += f", {count(taken.failed, 'request')} had none"
    if taken.unread:
        told += f"; {count(taken.unread, 'line')} of its files told of none of them"
    return told


def beyond_told(batches: Sequence[SubmittedBatch], where: str) -> str:
    """That a run cannot ask for these batches."""
    return (
        f"{batches_told(batches)} {where}: not asked for now, nor is what is in there asked anew;"
        " with the --base-url and the key of then a run goes on with it, “generate batch forget”"
        " gives it up"
    )


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
            _place(each) or _status(each.status, over=each.batch.over),
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


def _place(each: Watched) -> str:
    if each.strange:
        return "not known with this key"
    return "" if each.here else "at another server"


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
