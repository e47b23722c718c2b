"""What the last build came to: where nothing has changed since, there is nothing more to do."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass

from generator.site.database import BUILT
from generator.site.state import State


@dataclass(frozen=True, slots=True)
class Counts:
    """What a site has, as it is told; `searched` are the pages that search finds."""

    notes: int
    videos: int
    channels: int
    searched: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a build went by besides the vault (`made_of`), what all its pages are made of
    (`common`), as digests, and what it came to."""

    made_of: str
    common: str
    counts: Counts


def standing(state: State) -> Standing | None:
    """The last build, if it ended and nothing of what was read or written since is different."""
    try:
        made_of, common, counts = json.loads(state.mark(BUILT) or "[]")
        return Standing(str(made_of), str(common), Counts(*map(int, counts)))
    except (ValueError, TypeError):
        return None


def remember(state: State, built: Standing) -> None:
    """A build has ended, and nothing was in its way."""
    value = json.dumps([built.made_of, built.common, astuple(built.counts)])
    with state.transaction():
        state.set_mark(BUILT, value)
