"""A plan as people read it, and as the object that `--dry-run --json` prints."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from generator.planning.amounts import Asked, ByPrompt, Range, total
from generator.telling.failures import Failed, grouped
from generator.telling.failures import as_told as failures_told
from generator.telling.prices import money
from generator.telling.tables import Table, Told, count
from generator.text import said_of
from generator.vault.diffs import as_objects

if TYPE_CHECKING:
    from generator.planning.plan import Doing, Plan, PlannedVideo

MOST_SHOWN = 40
"""Of more videos or files that have one reason, the number is told, and not each."""

_DOING: dict[Doing, str] = {
    "fetch": "to be fetched",
    "ask": "to be asked about",
    "write": "to be written from what is kept",
    "nothing": "nothing to do",
    "fail": "would fail",
    "passed-over": "passed over",
    "skipped": "skipped",
}


def as_told(plan: Plan, *, verbose: bool = False) -> list[Told]:
    """Lines and tables: videos, requests, files, each with the reasons; sums at the end."""
    most = None if verbose else MOST_SHOWN
    told: list[Told] = ["Nothing was sent, and nothing written: this is what a run would do."]
    told += [f"note: {notice}" for notice in plan.notices]
    told += _videos(plan, most)
    told += _requests(plan)
    told += _rounds(plan)
    told += _files(plan, most)
    failed = [Failed(v.id, v.title, v.error) for v in plan.videos if v.doing == "fail" and v.error]
    told += failures_told(grouped(failed), "would fail")
    lists = [Failed(of.name, "", of.error) for of in plan.lists]
    return [*told, *failures_told(grouped(lists), "not told"), *_sums(plan)]


def as_json(plan: Plan) -> dict[str, object]:
    """The object of `--json`. A range is a list of the least and the most."""
    return {
        "dry_run": True,
        "engine": plan.engine,
        "videos": [_video(video) for video in plan.videos],
        "asked": _asked_of(plan.asked),
        "files": [
            {"path": of.path, "change": of.change, "because": list(of.because)} for of in plan.files
        ],
        "kept": [asdict(file) for file in plan.kept],
        "lists": [
            {"name": of.name, **_failure(of.error.message, of.error.cause)} for of in plan.lists
        ],
        "notices": list(plan.notices),
        "totals": {
            "videos": len(plan.videos),
            **{doing.replace("-", "_"): plan.count(doing) for doing in _DOING},
            "unsized": plan.unsized,
            **_amount(plan.sum),
            **{change: plan.changes[change] for change in ("new", "changed", "removed")},
        },
        **({"cost": [round(each, 6) for each in plan.cost]} if plan.cost else {}),
        **(_batches(plan) if plan.by_batch or plan.in_batches else {}),
        **as_objects(plan.diffs),
    }


def _batches(plan: Plan) -> dict[str, object]:
    return {
        "rounds": [
            {"asked": _asked_of(each.asked), **_amount(total(each.asked))} for each in plan.rounds
        ],
        "in_batches": plan.in_batches,
        **({"batch_cost": [round(each, 6) for each in plan.batch_cost]} if plan.batch_cost else {}),
    }


def amount_told(asked: Asked) -> str:
    """What would be asked, as a clause: `3–5 requests, 900 tokens in, at most 4,000 out`."""
    requests = "request" if asked.requests == Range.exactly(1) else "requests"
    return (
        f"{asked.requests} {requests}, {asked.input_tokens} tokens in, at most"
        f" {asked.output_tokens:,} out"
    )


def _videos(plan: Plan, most: int | None) -> list[Told]:
    """A row for each video with which something is done; numbers where they are many."""
    busy = [v for v in plan.videos if v.doing in ("fetch", "ask", "write")]
    if most is not None and len(busy) > most:
        counts = Counter((v.doing, "; ".join(v.because)) for v in busy)
        rows = [
            (_DOING[doing], count(n, "video"), said_of(n, because))
            for (doing, because), n in counts.items()
        ]
        return [Table(("", "", ""), tuple(rows))]
    rows = [(_DOING[v.doing], _named(v), "; ".join(v.because)) for v in busy]
    return [Table(("", "", ""), tuple(rows))] if rows else []


def _named(video: PlannedVideo) -> str:
    return f"{video.id} {video.title}" if video.title not in ("", video.id) else video.id


def _requests(plan: Plan) -> list[Told]:
    asked = plan.asked
    if not asked:
        known = plan.engine != "extractive" and not plan.unsized
        return ["no request to a model"] if known else []
    rows = [_row(prompt, each) for prompt, each in asked.items()]
    rows.append(_row("in all", total(asked)))
    columns = ("asked", "requests", "tokens in", "tokens out, at most")
    return [Table(columns, tuple(rows), frozenset({1, 2, 3}))]


def _rounds(plan: Plan) -> list[Told]:
    """What batches would have, one round after the other."""
    if not plan.rounds:
        return []
    rows = [
        (
            f"{number}" if each.is_certain else f"{number}, perhaps",
            *_row(" and ".join(each.asked), total(each.asked)),
        )
        for number, each in enumerate(plan.rounds, start=1)
    ]
    columns = ("round of batches", "asked", "requests", "tokens in", "tokens out, at most")
    return [Table(columns, tuple(rows), frozenset({2, 3, 4}))]


def _row(name: str, asked: Asked) -> tuple[str, ...]:
    return (name, str(asked.requests), str(asked.input_tokens), f"{asked.output_tokens:,}")


def _files(plan: Plan, most: int | None) -> list[Told]:
    rows: list[tuple[str, str, str]] = []
    if most is not None and len(plan.files) > most:
        counts = Counter((of.change, "; ".join(of.because)) for of in plan.files)
        rows = [
            (change, count(n, "file"), said_of(n, because))
            for (change, because), n in counts.items()
        ]
    else:
        rows = [(of.change, of.path, "; ".join(of.because)) for of in plan.files]
    rows += [("kept", of.path, of.reason) for of in plan.kept]
    return [Table(("", "", ""), tuple(rows))] if rows else []


def _sums(plan: Plan) -> list[str]:
    counts = [
        f"{plan.count(doing):,} {said}" for doing, said in _DOING.items() if plan.count(doing)
    ]
    lines = [f"{_videos_of(len(plan.videos))}: {', '.join(counts)}" if counts else "no videos"]
    if plan.asked:
        lines.append(f"{amount_told(plan.sum)}{_cost(plan)}")
    if plan.rounds:
        least = sum(each.is_certain for each in plan.rounds)
        rounds = Range(max(1, least), len(plan.rounds))
        lines.append(f"by batch: {rounds} {_rounds_of(rounds)}{_batch_cost(plan)}")
    if plan.in_batches:
        lines.append(f"{count(plan.in_batches, 'request')} in batches now: not in it")
    if plan.unsized:
        lines.append(
            f"not in it: {_videos_of(plan.unsized)} whose length is not known before fetching"
        )
    changes = plan.changes
    known = ", ".join(
        f"{changes[of]:,} {of}" for of in ("new", "changed", "removed") if changes[of]
    )
    lines.append(f"files: {known or 'no change'}{_open(plan)}")
    return lines


def _videos_of(number: int) -> str:
    return "1 video" if number == 1 else f"{number:,} videos"


def _open(plan: Plan) -> str:
    """That notes hang on what is not there yet."""
    notes = [v.notes for v in plan.videos if v.doing in ("fetch", "ask")]
    if not notes:
        return ""
    some = sum(notes, Range(0, 0))
    return f"; besides, {some} notes hang on what is not fetched or answered yet"


def _cost(plan: Plan) -> str:
    if plan.cost is None:
        return ""
    least, most = plan.cost
    return f"; it costs {money(least)} to {money(most)}"


def _rounds_of(rounds: Range) -> str:
    return "round" if rounds == Range.exactly(1) else "rounds"


def _batch_cost(plan: Plan) -> str:
    if plan.batch_cost is None:
        return ""
    least, most = plan.batch_cost
    return f"; it costs {money(least)} to {money(most)}"


def _video(video: PlannedVideo) -> dict[str, object]:
    error = video.error
    return {
        "id": video.id,
        "title": video.title,
        "channel": video.channel,
        "doing": video.doing,
        "because": list(video.because),
        "asked": _asked_of(video.asked),
        "notes": _pair(video.notes),
        "sized": video.sized,
        **_failure(error.message if error else None, error.cause if error else None),
    }


def _failure(error: str | None, cause: str | None) -> dict[str, object]:
    return {"error": error, "cause": cause}


def _asked_of(asked: ByPrompt) -> dict[str, object]:
    return {prompt: _amount(each) for prompt, each in asked.items()}


def _amount(asked: Asked) -> dict[str, object]:
    return {
        "requests": _pair(asked.requests),
        "input_tokens": _pair(asked.input_tokens),
        "output_tokens": asked.output_tokens,
    }


def _pair(number: Range) -> list[int]:
    return [number.least, number.most]
