"""Which of the videos that lists offer a run still needs, as their exact days come to be known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.listing.selection import Selection
from generator.models import Video

RUN = 10
"""So many videos in a row tell that the rest is known, or older than wanted: now and then one
stands out of the order, such as a premiere or one that was private for a while."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one source offers: ids in the order in which they are wanted, until there are enough.

    `undecided` are those of which its lists leave open whether they are wanted; `by_date` has these
    once more, a set for each list that has the newest first. Those that are `unwanted` by now take
    no place.
    """

    selection: Selection
    videos: tuple[str, ...]
    undecided: frozenset[str] = frozenset()
    by_date: tuple[frozenset[str], ...] = ()
    unwanted: frozenset[str] = frozenset()

    @property
    def spare(self) -> tuple[str, ...]:
        """The videos that are wanted only where others turn out not to be."""
        limit = self.selection.limit
        counting = tuple(id_ for id_ in self.videos if id_ not in self.unwanted)
        return () if limit is None else counting[limit:]


class Filling:
    """Follows a run through the videos of its offers, in their order.

    A video that turns out not to be wanted leaves its place to the next one. Behind RUN videos in a
    row that are older than wanted none of a list is looked at that might be. A video is needed if
    any offer needs it, or none has it.
    """

    def __init__(self, offers: Iterable[Offer] = (), always: frozenset[str] = frozenset()) -> None:
        """`always` are the ids of videos that are wanted whatever the offers' limits are."""
        self._of: dict[str, list[_Followed]] = {}
        for offer in offers:
            followed = _Followed(offer)
            for video_id in offer.videos:
                if video_id not in always:
                    self._of.setdefault(video_id, []).append(followed)
        self._always = always

    def needs(self, video_id: str | None) -> bool:
        """Whether the video, whose turn it is, is to be had at all."""
        of = self._of.get(video_id or "")
        return not of or any(each.needs(video_id or "") for each in of)

    def is_open(self, video_id: str | None) -> bool:
        """Whether it depends on what becomes known of the video which others are needed."""
        return any(each.is_open(video_id or "") for each in self._of.get(video_id or "", ()))

    def found(self, video_id: str | None, video: Video | None) -> None:
        """What became known of a video; None where it could not be had: that takes a place, too."""
        for each in self._of.get(video_id or "", ()):
            each.found(video_id or "", video)


class _Followed:
    """One offer, and how far it was made use of."""

    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self._taken = 0
        self._too_old = [0] * len(offer.by_date)

    def needs(self, video_id: str) -> bool:
        limit = self._offer.selection.limit
        if limit is not None and self._taken >= limit:
            return False
        return all(self._too_old[at] < RUN for at in self._lists_of(video_id))

    def is_open(self, video_id: str) -> bool:
        return video_id in self._offer.undecided

    def found(self, video_id: str, video: Video | None) -> None:
        if video_id in self._offer.unwanted:
            return
        selection = self._offer.selection
        open_ = video_id in self._offer.undecided
        refused = bool(open_ and video and selection.exact_refusal(video))
        self._taken += not refused
        since, day = selection.since, video.published if video else None
        for at in self._lists_of(video_id):
            if not refused:
                self._too_old[at] = 0
            elif since and day and day < since:
                self._too_old[at] += 1

    def _lists_of(self, video_id: str) -> list[int]:
        return [at for at, ids in enumerate(self._offer.by_date) if video_id in ids]
