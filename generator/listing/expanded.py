"""What a run's sources come to: single videos, and what is to be told of their lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.errors import GenerateError
from generator.listing.filling import Offer
from generator.listing.selection import Selection
from generator.models import Video
from generator.sources import OneSource


@dataclass(frozen=True, slots=True)
class Skipped:
    """A video of a list that cannot be taken. `reason` follows “because” (`it is private`)."""

    id: str
    title: str
    reason: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Expanded:
    """The sources of a run one by one, each video once, in the order in which they were asked for.

    `listed` are the ids that came from lists and files of ids, and were not given by themselves.
    `skipped` are videos of the lists that cannot be taken; `failures` are lists that could not be
    had, or not whole, and wrong lines of a file, by what the user called it. `notices` are for the
    user. `known` is what the lists tell of their videos: title, length, and the channel (else
    empty) where the list is of one. `offers` are what the lists offer, each for itself, and
    `always` the ids that something else names, too.
    """

    sources: tuple[OneSource, ...]
    listed: frozenset[str] = frozenset()
    skipped: tuple[Skipped, ...] = ()
    failures: tuple[tuple[str, GenerateError], ...] = ()
    notices: tuple[str, ...] = ()
    known: Mapping[str, Video] = field(default_factory=dict)
    open_to: Mapping[str, tuple[Selection, ...]] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    always: frozenset[str] = frozenset()

    @property
    def spare(self) -> frozenset[str]:
        """The ids of videos that are wanted only where others turn out not to be."""
        sure = {id_ for each in self.offers for id_ in each.videos} - {
            id_ for each in self.offers for id_ in each.spare
        }
        spare = {id_ for each in self.offers for id_ in each.spare}
        return frozenset(spare - sure - self.always)

    def unwanted(self, video: Video) -> str:
        """Why a fetched video is not wanted after all, in words that follow “because”; else empty.

        For videos of which their lists said too little (`2 years ago`). One that several lists have
        is wanted if any of them wants it. Raises SelectionInvalid as `Selection.refusal` does.
        """
        reasons = [each.exact_refusal(video) for each in self.open_to.get(video.id, ())]
        return reasons[0] if reasons and all(reasons) else ""
