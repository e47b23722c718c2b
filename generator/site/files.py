"""Files of the site before they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from generator.renderer.slugs import slug_key


@dataclass(frozen=True, slots=True)
class Planned:
    """A file of the site: its place, a digest of what it is made of, and how it is made.

    `made_of` is None where that is known to be what it was. `source` is the path of the file in the
    vault that it is the page of; empty for other files.
    """

    place: str
    made_of: str | None
    make: Callable[[], bytes]
    source: str = ""


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
