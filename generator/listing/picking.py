"""What a run takes of the videos that a list offers it, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from generator.listing.filling import RUN, Offer
from generator.listing.selection import Selection
from generator.models import ListedVideo


class Picked:
    """The videos taken so far, and why others are not.

    `chosen` are those that the selection admits, as far as the list tells; `barred` those that it
    would admit, and that cannot be had; `refused` counts the rest by why they are not wanted.
    `published` are the days of videos that are known from elsewhere, by their ids.

    Videos with ids in `unwanted` are not wanted any more: they are chosen, for the run to say so,
    but do not count for the limit.

    A list may leave open whether a video is wanted (`2 years ago`). Such videos do not count for
    the limit: whether they are, shows when they are fetched, and more are chosen to take the places
    of those that are not.
    """

    def __init__(
        self,
        selection: Selection,
        published: Mapping[str, date],
        unwanted: Collection[str] = (),
    ) -> None:
        self.selection = selection
        self.chosen: list[ListedVideo] = []
        self.barred: list[ListedVideo] = []
        self.refused: Counter[str] = Counter()
        self._published = published
        self._unwanted = frozenset(unwanted)
        self._offered: set[str] = set()
        self._certain: set[str] = set()
        self._undecided: set[str] = set()
        self._by_date: list[set[str]] = []
        self._newest_first = False
        self._too_old = 0

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
            and len(self._certain) >= selection.limit
        )

    def begin(self, *, newest_first: bool) -> None:
        """What is offered from now on is from another list."""
        self._newest_first = newest_first
        self._too_old = 0
        if newest_first and self.selection.since and self.selection.sort == "date":
            self._by_date.append(set())

    def dated(self, video: ListedVideo) -> ListedVideo:
        """The video with its exact day, if that is known from elsewhere."""
        day = self._published.get(video.id)
        return video if day is None else replace(video, earliest=day, latest=day)

    def offer(self, video: ListedVideo) -> None:
        """Takes the video or does not. Raises SelectionInvalid as `Selection.refusal` does."""
        if video.id in self._offered or self.enough:
            return
        self._offered.add(video.id)
        video = self.dated(video)
        if why := self._refusal(video):
            self.refused[why] += 1
        elif video.barred:
            self.barred.append(video)
        else:
            self.chosen.append(video)
            if video.id in self._unwanted:
                return
            if not self.selection.undecided(video):
                self._certain.add(video.id)
                return
            self._undecided.add(video.id)
            if self._newest_first and self._by_date:
                self._by_date[-1].add(video.id)

    def _refusal(self, video: ListedVideo) -> str:
        since = self.selection.since
        too_old = bool(since and video.latest and video.latest < since)
        open_ = self.selection.undecided(video)
        if since and open_ and self._newest_first and self._too_old >= RUN:
            return f"it is from before {since}"
        why = self.selection.refusal(video)
        if too_old:
            self._too_old += 1
        elif not why:
            self._too_old = 0
        return why

    def offer_all(self, videos: Iterable[ListedVideo]) -> None:
        """Offers one after the other."""
        for video in videos:
            self.offer(video)

    def drop(self) -> None:
        """Takes none: a list that is not whole does not tell which are the most watched."""
        self.chosen.clear()
        self._certain.clear()
        self._undecided.clear()

    def in_order(self) -> list[ListedVideo]:
        """The videos taken: as listed, or the most watched first, those without a count last.

        Of those that count not more than the limit; before these, all others.
        """
        chosen = self.chosen
        if self.selection.sort == "views":
            chosen = sorted(chosen, key=lambda video: 1 if video.views is None else -video.views)
        if self.selection.limit is None:
            return chosen
        found: list[ListedVideo] = []
        left = self.selection.limit
        for video in chosen:
            if left == 0:
                break
            found.append(video)
            left -= video.id in self._certain
        return found

    def as_offer(self) -> Offer:
        """The videos taken, for a run to go through."""
        return Offer(
            self.selection,
            tuple(video.id for video in self.in_order()),
            frozenset(self._undecided),
            tuple(map(frozenset, self._by_date)),
            self._unwanted.intersection(video.id for video in self.chosen),
        )
