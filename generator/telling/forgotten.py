"""What became of a vault without some videos, told to people and to programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from generator.telling.tables import Told

if TYPE_CHECKING:
    from generator.publishing.forgetting import Forgotten


def as_told(forgotten: Forgotten, *, dry_run: bool = False) -> list[Told]:
    """A line for each video and file."""
    told: list[Told] = []
    if dry_run:
        told.append("Nothing was changed: this is what would be.")
    for video in forgotten.videos:
        named = f"{video.id} {video.title}".rstrip()
        known = "" if video.known else "  (nothing is known of it: nothing was done)"
        told.append(f"{'forgotten' if video.known else 'unknown  '}  {named}{known}")
    told += [f"removed    {path}" for path in forgotten.removed]
    told += [f"changed    {path}" for path in forgotten.relinked]
    told += [
        f"kept       {file.path}  ({file.reason}; delete it yourself if it is to go)"
        for file in forgotten.kept
    ]
    return [*told, *(error.message for error in forgotten.errors)]


def as_json(forgotten: Forgotten, *, dry_run: bool = False) -> dict[str, object]:
    """The object that `generate forget --json` prints."""
    return {
        "dry_run": dry_run,
        "videos": [asdict(video) for video in forgotten.videos],
        "removed": list(forgotten.removed),
        "changed": list(forgotten.relinked),
        "kept": [{"path": file.path, "reason": file.reason} for file in forgotten.kept],
        "errors": [error.message for error in forgotten.errors],
    }
