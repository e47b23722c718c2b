"""What a build of the site did, told to people and to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.places import START
from generator.telling.tables import count

if TYPE_CHECKING:
    from generator.site.building import Built

MOST_NOTICES = 20
"""How many notices a person is told one by one."""


def as_told(built: Built) -> list[str]:
    """The site in a few lines, and where to look."""
    told = [
        f"{count(built.notes, 'note')}, {count(built.videos, 'video')},"
        f" {count(built.channels, 'channel')}: {changes_told(built)}.",
        f"{count(built.searched, 'page')} can be searched.",
        f"Open {built.out / START}, or look at it with “generate site --serve”.",
    ]
    if not built.addressed:
        told.append("Without --base-url it has no feeds, no sitemap and no canonical links.")
    return told


def changes_told(built: Built) -> str:
    """How many files were written."""
    return (
        f"{count(len(built.written), 'file')} written, {built.unchanged:,} unchanged,"
        f" {len(built.removed):,} removed"
    )


def notices_told(built: Built) -> list[str]:
    """What could not be used, a line each."""
    told = [f"{notice.path}: {notice.reason}" for notice in built.notices[:MOST_NOTICES]]
    more = len(built.notices) - len(told)
    return [*told, f"… and {more:,} more; --json lists all"] if more else told


def as_json(built: Built) -> dict[str, object]:
    """The object that `generate site --json` prints."""
    return {
        "site": str(built.out),
        "start": str(built.out / START),
        "notes": built.notes,
        "videos": built.videos,
        "channels": built.channels,
        "read": built.read,
        "written": list(built.written),
        "searched": built.searched,
        "unchanged": built.unchanged,
        "removed": list(built.removed),
        "notices": [{"path": each.path, "reason": each.reason} for each in built.notices],
    }
