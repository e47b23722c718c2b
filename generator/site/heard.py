"""What the library knows of a vault's videos, asked again only where its file has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    were written that their owner moved. `looks` changes with the library's file.
    """

    path: Path | None = None
    looks: str = ""
    held: Mapping[str, HeldVideo] = field(default_factory=dict)
    moved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def heard_of(path: Path | None, state: State) -> Heard:
    """What the library at `path` knows; as it is kept from the last build if that is the same.

    Where it cannot be used, that is told, and the site is made without it.
    """
    from generator.library.viewing import viewing

    if path is None:
        return Heard()
    # As it is before it is read: what comes into it meanwhile is seen at the next build.
    looks = _looks(path)
    if looks and looks == state.mark(_LOOKS):
        moved = json.loads(state.mark(_MOVED))
        return Heard(path, looks, state.held(), {name: (*where,) for name, where in moved.items()})
    try:
        with viewing(path) as view:
            heard = Heard(path, looks, view.videos(), view.moved())
    except LibraryError as error:
        return Heard(notices=(Notice(str(path), error.happened),))
    with state.transaction():
        state.keep_held(heard.held)
        state.set_mark(_MOVED, json.dumps(heard.moved))
        state.set_mark(_LOOKS, looks)
    return heard


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
