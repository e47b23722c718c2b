"""Lists that the stand-in for YouTube shows: channels with their tabs, and playlists."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, overload

from tests.standins.talk import Talk

State = Literal[
    "plays", "live", "upcoming", "members_only", "private", "deleted", "streamed", "short"
]
TABS = ("videos", "shorts", "streams")


@dataclass(frozen=True)
class Item:
    """A video as a list shows it: `views` and `age` are YouTube's words, `duration` in seconds."""

    id: str
    title: str
    duration: int = 600
    views: str = "1K views"
    age: str = "1 year ago"
    state: State = "plays"


@dataclass(frozen=True)
class Channel:
    """A channel and what is on its tabs, newest first; a tab that is None is not there.

    `handle` has its `@`; `names` are the other paths that lead to it (`c/MadeUp`, `user/madeup`).
    """

    handle: str
    name: str
    id: str
    videos: Sequence[Item] | None = ()
    shorts: Sequence[Item] | None = None
    streams: Sequence[Item] | None = None
    names: tuple[str, ...] = ()

    def tab(self, name: str) -> Sequence[Item] | None:
        """What is on a tab."""
        found: dict[str, Sequence[Item] | None] = {
            "videos": self.videos,
            "shorts": self.shorts,
            "streams": self.streams,
        }
        return found.get(name)


@dataclass(frozen=True)
class Playlist:
    """A playlist of `owner`, in its order. `old` is the form that YouTube had up to 2025.

    `refusal` is what YouTube says in the place of the videos.
    """

    id: str
    title: str
    owner: Channel
    items: Sequence[Item] = ()
    old: bool = False
    refusal: str = ""


class Many(Sequence[Item]):
    """A long list whose items are made when they are asked for."""

    def __init__(self, name: str, count: int) -> None:
        self._name = name
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._count))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        years = 10 * index // self._count
        return Item(
            made_id(f"{self._name} {index}"),
            f"{self._name} no. {self._count - index}",
            duration=300 + index % 600,
            views=f"{self._count - index} views",
            age=f"{years} year{'s' if years > 1 else ''} ago" if years else "3 weeks ago",
        )

    def __iter__(self) -> Iterator[Item]:
        return (self[index] for index in range(self._count))


def made_id(text: str) -> str:
    """Eleven characters that only `text` has."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()[:11]


def channel_of(talks: Iterable[Talk], today: date | None = None) -> Channel:
    """The channel of talks that are all its own, with nothing else on it."""
    newest_first = sorted(talks, key=lambda talk: talk.published, reverse=True)
    talk = newest_first[0]
    items = [item_of(each, today) for each in newest_first]
    return Channel(talk.handle, talk.channel, talk.channel_id, videos=items)


def item_of(talk: Talk, today: date | None = None) -> Item:
    """A talk as a list shows it."""
    age = age_of((today or datetime.now(UTC).date()) - talk.published)
    return Item(talk.id, talk.title, talk.duration, age=age)


def age_of(since: object) -> str:
    """An age as YouTube says it: whole units that have passed."""
    days = max(getattr(since, "days", 0), 0)
    units = ((365, "year"), (30, "month"), (7, "week"), (1, "day"))
    for length, unit in units:
        # Weeks begin at two: `13 days ago` is said.
        if days >= (14 if unit == "week" else length):
            count = days // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "3 hours ago"
