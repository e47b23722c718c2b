"""What the last build came to: where nothing has changed since, there is nothing more to do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from generator.site.state import BUILT, State


@dataclass(frozen=True, slots=True)
class Counts:
    """What a site has, as it is told; `searched` are the pages that search finds."""

    notes: int
    videos: int
    channels: int
    searched: int


def standing(state: State, made_of: str) -> Counts | None:
    """What the last build came to, if it ended and was made of the same, besides the vault."""
    try:
        mark = json.loads(state.mark(BUILT) or "null")
        if not mark or mark.pop("made_of") != made_of:
            return None
        return Counts(**{name: int(number) for name, number in mark.items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def remember(state: State, made_of: str, counts: Counts) -> None:
    """A build has ended, and nothing was in its way."""
    with state.transaction():
        state.set_mark(BUILT, json.dumps({"made_of": made_of, **asdict(counts)}))
