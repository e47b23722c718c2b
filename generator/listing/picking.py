"""What a run takes of the videos that a list offers it, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from generator.listing.selection import Selection
from generator.models import ListedVideo


class Picked:
    """The videos taken so far, and why others are not.

    `chosen` are those that the selection admits, as far as the list tells; `barred` those that it
    would admit, and that cannot be had; `refused` counts the rest by why they are not wanted.
    `published` are the days of videos that are known from elsewhere, by their ids.
    """

    def __init__(self, selection: Selection, published: Mapping[str, date]) -> None:
        self.selection = selection
        self.chosen: list[ListedVideo] = []
        self.barred: list[ListedVideo] = []
        self.refused: Counter[str] = Counter()
        self._published = published
        self._offered: set[str] = set()

    @property
    def offered(self) -> int:
        """How many videos there were to choose from."""
        return len(self._offered)

    @property
    def enough(self) -> bool:
        """Whether no further video can be taken, whatever it is like."""
        selection = self.selection
        return (
            selection.limit is not None
            and selection.sort == "date"
            and len(self.chosen) >= selection.limit
        )

    def offer(self, video: ListedVideo) -> None:
        """Takes the video or does not. Raises SelectionInvalid as `Selection.refusal` does."""
        if video.id in self._offered or self.enough:
            return
        self._offered.add(video.id)
        if (day := self._published.get(video.id)) is not None:
            video = replace(video, earliest=day, latest=day)
        if why := self.selection.refusal(video):
            self.refused[why] += 1
        elif video.barred:
            self.barred.append(video)
        else:
            self.chosen.append(video)

    def offer_all(self, videos: Iterable[ListedVideo]) -> None:
        """Offers one after the other."""
        for video in videos:
            self.offer(video)

    def drop(self) -> None:
        """Takes none: a list that is not whole does not tell which are the most watched."""
        self.chosen.clear()

    def in_order(self) -> list[ListedVideo]:
        """The videos taken: as listed, or the most watched first, those without a count last."""
        chosen = self.chosen
        if self.selection.sort == "views":
            chosen = sorted(chosen, key=lambda video: 1 if video.views is None else -video.views)
        return chosen[: self.selection.limit]
