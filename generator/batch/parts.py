"""What a run works with; a dry run puts others in their places, which send and write nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.batch.making import Making
    from generator.cluster.crew import Crew
    from generator.engines import OpenEngine
    from generator.fetching import Fetching
    from generator.library import Library
    from generator.publishing.publisher import Publisher


@dataclass(frozen=True, slots=True)
class Parts:
    """Where things are kept, what writes notes, how transcripts are had, and who publishes.

    Where there is a `crew`, its workers fetch and write.
    """

    library: Library
    opened: OpenEngine
    fetching: Fetching
    making: Making
    publisher: Publisher
    crew: Crew | None = None
