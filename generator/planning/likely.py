"""What a run is likely to take, told in a second: for the question whether to begin it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.batch.regenerating import find_held
from generator.engines import try_engine
from generator.errors import GenerateError
from generator.fetching import fetch_kept
from generator.models import Fetched, Track, Video
from generator.planning.amounts import Asked, total
from generator.planning.asked import AskedFor
from generator.sources import FileSource, KeptSource, VideoSource
from generator.telling.prices import prices_in

if TYPE_CHECKING:
    from generator.batch.parts import Parts
    from generator.batch.work import Work
    from generator.library import Library
    from generator.settings import Settings
    from generator.task import Task

LOOKED_AT = 20
"""So many of the videos that are there are looked at in full; the others are taken to be alike."""

USUAL_SECONDS = 900.0
"""How long a video is taken to be where nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run is likely to take: of how many videos, requests and tokens, and what they cost.

    `cost` is None where no prices are set.
    """

    videos: int
    requests: int
    input_tokens: int
    output_tokens: int
    cost: float | None = None

    @property
    def tokens(self) -> int:
        """Both ways."""
        return self.input_tokens + self.output_tokens


async def likely(works: Sequence[Work], task: Task, settings: Settings, parts: Parts) -> Estimate:
    """What the videos of a run are likely to take. Nothing is sent or written."""
    asked = AskedFor(settings)
    there: list[_There] = []
    sums, videos = Asked(), 0
    for work in works:
        if work.passed or work.spare:
            continue
        place = _place(work, settings, parts.library)
        if place is not None:
            if isinstance(place, FileSource) or not parts.making.is_kept(*place):
                there.append(place)
            continue
        seconds = (work.shown.duration if work.shown else None) or USUAL_SECONDS
        video = Video(work.video_id or "", work.name, "")
        sums += total(asked.of_unfetched(video, seconds)[0])
        videos += 1
    step = max(1, -(-len(there) // LOOKED_AT))
    chosen = there[::step]
    looked = [await _of_one(place, asked, task, settings, parts) for place in chosen]
    in_all = sum(looked, Asked())
    share = len(there) / len(chosen) if chosen else 0.0
    read = sums.likely[0] + round(share * in_all.likely[0])
    written = sums.likely[1] + round(share * in_all.likely[1])
    prices = prices_in(settings)
    return Estimate(
        videos + round(share * sum(each.requests.most > 0 for each in looked)),
        _middle(sums) + round(share * _middle(in_all)),
        read,
        written,
        prices.of(read, written) * (prices.batch if settings.batch else 1) if prices else None,
    )


_There = tuple[Video, Track] | FileSource
"""What can be looked at: a video and a transcript of the library, or a file."""


def _place(work: Work, settings: Settings, library: Library) -> _There | None:
    """What the video would be written from, where that is there."""
    if isinstance(work.source, FileSource):
        return work.source
    try:
        if isinstance(work.source, KeptSource):
            return find_held(work.source, settings.language, library)[:2]
        if isinstance(work.source, VideoSource) and work.video_id and not settings.refetch:
            kept = fetch_kept(work.video_id, settings.language, library)
            if kept:
                transcript = kept.transcript
                return kept.video, Track(transcript.language, "", transcript.generated)
    except GenerateError:  # it will be met, and told, in the run
        return None
    return None


async def _of_one(
    place: _There, asked: AskedFor, task: Task, settings: Settings, parts: Parts
) -> Asked:
    from generator.writing import write_notes

    fetched = await _fetched(place, parts)
    if fetched is None:
        return Asked()
    library = parts.library
    async with try_engine(settings, library, force=task.forced) as (opened, collecting):
        if collecting is None:
            return Asked()
        try:
            await write_notes(
                fetched,
                opened.engine,
                language=opened.language,
                verify=settings.verify,
            )
        except GenerateError:
            missing = collecting.missing
            return total(asked.of_missing(fetched.video, fetched.transcript, missing)[0])
    return Asked()


async def _fetched(place: _There, parts: Parts) -> Fetched | None:
    """What notes would be written from; None where they are written, or it cannot be had."""
    library = parts.library
    if not isinstance(place, FileSource):
        video, track = place
        transcript = library.transcript(video, track.language, track.generated)
        return Fetched(video, transcript) if transcript else None
    try:
        fetched = await parts.fetching.fetch(place)
    except GenerateError:  # it will be met, and told, in the run
        return None
    video, spoken = fetched.video, fetched.transcript
    known = library.transcript(video, spoken.language, spoken.generated)
    same = known == spoken and library.video(video.id, video.channel) == video
    track = Track(spoken.language, "", spoken.generated)
    return None if same and parts.making.is_kept(video, track) else fetched


def _middle(asked: Asked) -> int:
    return (asked.requests.least + asked.requests.most + 1) // 2
