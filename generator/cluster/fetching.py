"""Transcripts that workers fetch; what the library holds, and files, are had here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.batch.pacing import Pace
from generator.fetching import Fetching

if TYPE_CHECKING:
    from generator.cluster.crew import Crew
    from generator.errors import FetchError
    from generator.fetcher.catalog import Shown
    from generator.library import Library
    from generator.models import Fetched
    from generator.settings import Settings


class CrewFetching(Fetching):
    """Has YouTube asked by workers; whose turn it is, and who is blocked, is the crew's to say."""

    def __init__(
        self, settings: Settings, library: Library, tell: Callable[[str], None], crew: Crew
    ) -> None:
        super().__init__(settings, library, tell, Pace(0))
        self._crew = crew

    @property
    def ended(self) -> FetchError | None:
        """Why YouTube is not asked any more in this run, if so."""
        return self._crew.stopped

    async def _asked(self, video_id: str, shown: Shown | None) -> Fetched:
        return await self._crew.fetch(video_id, shown)
