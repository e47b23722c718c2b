"""The parts of a run, with workers in the places of those that fetch and write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.batch.parts import Parts
from generator.cluster.places import Place

if TYPE_CHECKING:
    from generator.settings import Settings
    from generator.task import Task
    from generator.telling.progress import Progress


@asynccontextmanager
async def manned(
    parts: Parts, place: Place | None, task: Task, settings: Settings, progress: Progress
) -> AsyncIterator[Parts]:
    """The parts as they are, or with the workers of a place. Raises as open_crew does."""
    if place is None:
        yield parts
        return
    from generator.cluster.crew import open_crew
    from generator.cluster.fetching import CrewFetching

    library, opened = parts.library, parts.opened
    async with open_crew(place, settings, library, opened, progress, force=task.forced) as crew:
        yield replace(
            parts,
            opened=replace(opened, drain=crew.drain),
            fetching=CrewFetching(settings, library, progress.detail, crew),
            crew=crew,
        )
