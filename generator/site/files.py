"""Files of the site before they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from generator.renderer.slugs import slug_key


class Part(Enum):
    """What can be made in other processes: of a file of the vault its page, of a video its
    transcript, of a channel its graph."""

    PAGE = "page"
    TRANSCRIPT = "transcript"
    GRAPH = "graph"


class Task(NamedTuple):
    """A file of the site that any process can make; `of` is the path, id or name of what it is of.

    `weight` is about how many pages take as long.
    """

    part: Part
    of: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """A file of the site: its place, a digest of what it is made of, and how it is made.

    `made_of` is None where that is known to be what it was. `task` is how it is made elsewhere.
    """

    place: str
    made_of: str | None
    make: Callable[[], bytes]
    task: Task | None = None


Make = Callable[[Sequence[Planned]], Iterator[bytes]]
"""Makes files, in their order."""


def made_here(planned: Sequence[Planned]) -> Iterator[bytes]:
    """The bytes of files, one after the other."""
    return (each.make() for each in planned)


def unique_place(name: str, ending: str, taken: set[str]) -> str:
    """The name with its ending, numbered where a file system would take it for a taken one.

    `taken` has the keys of the names that are (see `slug_key`), and gets that of this one.
    """
    number, place = 1, name + ending
    while slug_key(place) in taken:
        number += 1
        place = f"{name}_{number}{ending}"
    taken.add(slug_key(place))
    return place
