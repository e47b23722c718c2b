"""Failures as people read them: of many videos that share a cause, its remedy once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.telling.report import Failure
from generator.telling.tables import Table, Told
from generator.text import clip, printable

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_TITLE = 60


@dataclass(frozen=True, slots=True)
class Failed:
    """What failed: a video's id, or the name of a list or a file; its title, if known; and why."""

    name: str
    title: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class Group:
    """What failed for one cause and has one remedy, in its order.

    `happened` is what befell all of them; None where each has a sentence of its own. Where there
    are several, `ID` stands in both sentences for the video's.
    """

    cause: str
    happened: str | None
    remedy: str
    passing: bool
    failed: tuple[Failed, ...]


def grouped(failed: Iterable[Failed]) -> list[Group]:
    """The groups, in the order of what failed first in each; the same twice counts once."""
    groups: dict[tuple[str, str, bool], list[Failed]] = {}
    for each in dict.fromkeys(failed):
        of = each.failure
        key = (of.cause, _for_any(of.remedy, each.name), of.passing)
        groups.setdefault(key, []).append(each)
    return [_group(remedy, members) for (_, remedy, _), members in groups.items()]


def _group(remedy: str, members: Sequence[Failed]) -> Group:
    first = members[0].failure
    sentences = {_for_any(each.failure.happened, each.name) for each in members}
    happened: str | None = sentences.pop() if len(sentences) == 1 else None
    if len(members) == 1:
        happened, remedy = first.happened, first.remedy
    return Group(first.cause, happened, remedy, first.passing, tuple(members))


def _for_any(sentence: str, name: str) -> str:
    """A sentence as it is said of any video."""
    return sentence.replace(name, "ID") if _VIDEO_ID.fullmatch(name) else sentence


def as_told(
    groups: Sequence[Group], word: str = "failed", *, most: int | None = None
) -> list[Told]:
    """For pipes and logs: a line for what failed alone; more for what shares a cause.

    Of a group not more than `most` are named, if that is given.
    """
    told: list[Told] = []
    for group in groups:
        if len(group.failed) == 1:
            told.append(f"{word}: {_alone(group.failed[0])}")
            continue
        of_all = f": {group.happened}" if group.happened else ""
        told.append(f"{word}: {len(group.failed):,} times {group.cause}{of_all}")
        told.extend(
            f"  {_named(each)}" + ("" if group.happened else f": {each.failure.happened}")
            for each in group.failed[:most]
        )
        if most is not None and len(group.failed) > most:
            told.append(f"  … and {len(group.failed) - most:,} more")
        if group.remedy:
            told.append(f"  what to do: {group.remedy}")
    return told


def as_table(groups: Sequence[Group], word: str = "failed") -> Table:
    """For terminals: a row for each group."""
    rows = []
    for group in groups:
        names = "\n".join(_named(each) for each in group.failed)
        why = group.happened or "\n".join(each.failure.happened for each in group.failed)
        rows.append((names, why, group.remedy))
    return Table((word, "why", "what to do"), tuple(rows))


def _alone(failed: Failed) -> str:
    message = failed.failure.message
    if not failed.name or printable(failed.name) in message:
        return message
    return f"{_named(failed)}: {message}"


def _named(failed: Failed) -> str:
    title = clip(printable(failed.title), _TITLE)
    return f"{failed.name}  {title}" if title and title != failed.name else failed.name
