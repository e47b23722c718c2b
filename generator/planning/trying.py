"""A run tried on: its very way through, over parts that send nothing and write nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.batch.making import Making
from generator.batch.pacing import pace_of
from generator.batch.parts import Parts
from generator.engines import try_engine
from generator.errors import GenerateError
from generator.fetching import Fetching
from generator.library.trial import trial_of
from generator.pipeline import check_task
from generator.publishing.publisher import Publisher
from generator.telling.progress import Progress, Silent, Tally
from generator.vault.overlay import Overlay
from generator.vault.vault import Vault

if TYPE_CHECKING:
    from generator.engines import OpenEngine
    from generator.fetcher.catalog import Shown
    from generator.library import Library
    from generator.models import Fetched, Track, Video
    from generator.settings import Settings
    from generator.summarizer.completions.collecting import Collecting
    from generator.task import Task

Key = tuple[str, str]
"""A channel and the id of a video under it."""


class WouldFetch(GenerateError):
    """A video that YouTube would be asked for; no user meets this."""

    cause = "would-fetch"

    def __init__(self, video_id: str) -> None:
        super().__init__(f"Video {video_id} would be fetched.")


@dataclass(frozen=True, slots=True)
class Trial:
    """The parts of a run that is tried, and what tells afterwards what it would have done."""

    parts: Parts
    making: TriedMaking
    overlay: Overlay
    collecting: Collecting | None


@asynccontextmanager
async def trial(task: Task, settings: Settings) -> AsyncIterator[Trial]:
    """What a run is tried with: a copy of the library, an overlay of the vault, a mute client.

    Raises what opening the engine and the library raises, and NothingToRegenerate.
    """
    path = settings.library or Vault(settings.output).library_path
    check_task(task, settings, path)
    with trial_of(path) as library:
        async with try_engine(settings, library, force=task.forced) as (opened, collecting):
            overlay = Overlay()
            making = TriedMaking(settings, opened, library, anew=task.force)
            fetching = TriedFetching(
                settings, library, lambda _: None, pace_of(settings.model_copy(update=_AT_ONCE))
            )
            publisher = Publisher(settings, library, overlay)
            parts = Parts(library, opened, fetching, making, publisher)
            yield Trial(parts, making, overlay, collecting)


_AT_ONCE = {"fetch_interval": 0.0}


class TriedFetching(Fetching):
    """Has what the library and files hold; for all else YouTube would be asked."""

    async def _asked(self, video_id: str, shown: Shown | None) -> Fetched:
        raise WouldFetch(video_id)


class TriedMaking(Making):
    """Remembers of every video what is not as it was, and from which transcript it is written."""

    def __init__(
        self, settings: Settings, opened: OpenEngine, library: Library, *, anew: bool
    ) -> None:
        super().__init__(settings, opened, library, anew=anew)
        self.because: dict[Key, tuple[str, ...]] = {}
        self.written_from: dict[Key, Track] = {}
        self._forced = ("--force asks again",) if anew else ()

    def is_kept(self, video: Video, track: Track) -> bool:
        """As the base class."""
        self._remember(video, track)
        return super().is_kept(video, track)

    def _remember(self, video: Video, track: Track) -> None:
        key = (video.channel, video.id)
        if key not in self.because:
            self.because[key] = (*self._forced, *self.changes(video, track))
            self.written_from[key] = track


class Muted(Silent):
    """Shows how far a trial is, and tells nothing of what only a real run would say."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def step(self, text: str) -> None:
        """That it is a trial."""
        self._progress.step(f"trying: {text}")

    def tally(self, tally: Tally) -> None:
        """How far it is."""
        self._progress.tally(tally)
