"""The parts of a run, with workers in the places of those that fetch and write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.batch.parts import Parts
from generator.cluster.places import Place
from generator.errors import UsageError

if TYPE_CHECKING:
    from generator.library import Library
    from generator.settings import Settings
    from generator.task import Task
    from generator.telling.progress import Progress


@asynccontextmanager
async def manned(
    parts: Parts, place: Place | None, task: Task, settings: Settings, progress: Progress
) -> AsyncIterator[Parts]:
    """The parts as they are, or with the workers of a place.

    Raises as open_crew does, and UsageError while batches of the vault are under way.
    """
    if place is None:
        yield parts
        return
    from generator.cluster.crew import open_crew
    from generator.cluster.fetching import CrewFetching

    library, opened = parts.library, parts.opened
    if opened.rounds:
        _check_no_batch(library)
    async with open_crew(place, settings, library, opened, progress, force=task.forced) as crew:
        yield replace(
            parts,
            opened=replace(opened, drain=crew.drain),
            fetching=CrewFetching(settings, library, progress.detail, crew),
            crew=crew,
        )


def _check_no_batch(library: Library) -> None:
    """Workers know nothing of batches, and would ask for the same again."""
    from generator.batchapi.told import batches_told

    if not (batches := library.batches.open()):
        return
    raise UsageError(
        "With --dask workers would ask again for what is in a batch, and of this vault"
        f" {batches_told(batches)} {'is' if len(batches) == 1 else 'are'} under way.",
        "Run this again when “generate batch status” says that all is completed, or without --dask,"
        " or with --finish-live, which cancels them and asks at once for what they did not answer.",
    )
