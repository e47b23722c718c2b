"""What the library knows of a vault's videos, asked again only where its file has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.errors import LibraryError
from generator.library.viewing import HeldVideo
from generator.site.state import State
from generator.site.wiki import Notice

_LOOKS, _MOVED = "library", "moved"


@dataclass(frozen=True, slots=True)
class Heard:
    """What the library knows of videos; nothing where there is none, or none that can be used.

    `held` are the videos by their ids, `moved` has by path the channel and slug under which files
    were written that their owner moved. `changed` are the ids of the videos of which other things
    were known at the last build.
    """

    path: Path | None = None
    held: Mapping[str, HeldVideo] = field(default_factory=dict)
    moved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()


def heard_of(path: Path | None, state: State) -> Heard:
    """What the library at `path` knows; as it is kept from the last build if that is the same.

    Where it cannot be used, that is told, and the site is made without it.
    """
    # As it is before it is read: what comes into it meanwhile is seen at the next build.
    looks = _looks(path) if path else ""
    if looks and looks == state.mark(_LOOKS):
        moved = json.loads(state.mark(_MOVED))
        return Heard(path, state.held(), {name: (*where,) for name, where in moved.items()})
    heard = _read(path) if path else Heard()
    with state.transaction():
        changed = frozenset(state.keep_held(heard.held))
        state.set_mark(_MOVED, json.dumps(heard.moved))
        state.set_mark(_LOOKS, looks if heard.path else "")
    return replace(heard, changed=changed)


def _read(path: Path) -> Heard:
    from generator.library.viewing import viewing

    try:
        with viewing(path) as view:
            return Heard(path, view.videos(), view.moved())
    except LibraryError as error:
        return Heard(notices=(Notice(str(path), error.happened),))


def _looks(path: Path) -> str:
    """What changes with what is in a library; empty where nobody can tell.

    What runs have added since its last checkpoint is in a file beside it, which may be empty.
    """
    try:
        found = [path.stat()]
    except OSError:
        return ""
    try:
        beside = path.with_name(f"{path.name}-wal").stat()
        found += [beside] if beside.st_size else []
    except OSError:
        pass
    parts = [str(path.absolute())]
    parts += [f"{at.st_mtime_ns}-{at.st_ctime_ns}-{at.st_size}-{at.st_ino}" for at in found]
    return " ".join(parts)
