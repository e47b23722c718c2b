"""One video of a run: where it is from, and what has become of it so far."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.errors import InvalidVideoId
from generator.fetcher.ids import parse_video_id
from generator.sources import KeptSource, OneSource, VideoSource

if TYPE_CHECKING:
    from generator.batch.due import PassedOver
    from generator.errors import GenerateError
    from generator.fetcher.catalog import Shown
    from generator.models import Fetched, Video, VideoState
    from generator.telling.report import VideoReport
    from generator.writing import WrittenNote


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the library a video and the transcript to write from are."""

    channel: str
    video_id: str
    language: str
    generated: bool


class Mark:
    """Something that comes to be once, and may be waited for; small, as there is one a video."""

    __slots__ = ("_event", "_is_set")

    def __init__(self) -> None:
        self._is_set = False
        self._event: asyncio.Event | None = None

    @property
    def is_set(self) -> bool:
        """Whether it has come to be."""
        return self._is_set

    def set(self) -> None:
        """It has come to be."""
        self._is_set = True
        if self._event:
            self._event.set()
            self._event = None

    async def wait(self) -> None:
        """Returns once it has come to be."""
        if not self._is_set:
            self._event = self._event or asyncio.Event()
            await self._event.wait()


@dataclass(slots=True, eq=False)
class Work:
    """What has become of one source. `number` counts the sources of a run in their order.

    `listed` says that a list brought it, which shows of it what is `shown`; `unwanted` says of the
    fetched video why it is not wanted after all, if so. One that is `spare` is wanted only where
    others of its list turn out not to be; `needless` says that none was missing. `known` is how far
    it came in earlier runs, `passed` why nothing is done with it. `place` is where its transcript
    is kept, `loose` the transcript while that of another source may stand in its place (`first`),
    `twin` that it does. `fetched` and `written` are set when these steps are over, well or not,
    `attempted` when writing was tried in the present round of batches, `over` when there is a
    `report`; what was large is gone then. `awaits` says that replies are to come by batch,
    `is_kept` that the library has the notes as they would be. `finish` has its files in their
    places, where they are on their way.
    """

    source: OneSource
    number: int
    listed: bool = False
    shown: Shown | None = None
    unwanted: Callable[[Video], str] | None = None
    spare: bool = False
    known: VideoState | None = None
    passed: PassedOver | None = None
    place: Place | None = None
    loose: Fetched | None = None
    first: Work | None = None
    twin: bool = False
    needless: bool = False
    notes: list[WrittenNote] | None = None
    notices: list[str] = field(default_factory=list)
    error: GenerateError | None = None
    tried: bool = False
    awaits: bool = False
    is_kept: bool = False
    finish: Callable[[], None] | None = None
    report: VideoReport | None = None
    fetched: Mark = field(default_factory=Mark)
    attempted: Mark = field(default_factory=Mark)
    written: Mark = field(default_factory=Mark)
    over: Mark = field(default_factory=Mark)

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.source.name

    @property
    def video_id(self) -> str | None:
        """The id of the video as far as it is known; None for what is no id."""
        if self.place:
            return self.place.video_id
        if isinstance(self.source, KeptSource):
            return self.source.id
        if not isinstance(self.source, VideoSource):
            return self.source.video_id
        try:
            return parse_video_id(self.source.id)
        except InvalidVideoId:
            return None

    @property
    def idle(self) -> bool:
        """Whether no more is to be done."""
        return bool(self.passed or self.error or self.twin or self.needless)
