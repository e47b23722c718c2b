"""What a site is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.library.viewing import HeldVideo


@dataclass(frozen=True)
class Source:
    """A vault to be read, and what is known beside it.

    `note_language` is that of notes which a model wrote; `same` is the talk's. `held` are the
    library's videos, `library` its file, None where there is none. `moved` has by path the channel
    and slug under which files were written that their owner moved.
    """

    root: Path
    math: bool = False
    note_language: str = ""
    library: Path | None = None
    held: Mapping[str, HeldVideo] = field(default_factory=dict)
    moved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
