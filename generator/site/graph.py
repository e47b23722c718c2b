"""The graphs of a site: which notes and links a drawing shows, and where each note stands in it.

Everything is laid out here, once and always alike; what draws it only has to scale.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NotRequired, TypedDict

from generator.site.layout import around, communities, spread

NEAR = 40
"""So many notes the neighbourhood of a note shows at most."""

GROUPS = 8
"""So many groups are told apart at most."""

WHOLE = 2000
"""A vault of more notes than these is shown as its channels."""


@dataclass(frozen=True, slots=True)
class GraphPage:
    """A page that graphs show: its title, the folder of its channel ("" for none), its address.

    `url` is relative to the site's root, percent-encoded.
    """

    title: str
    channel: str
    url: str


class Node(TypedDict):
    """One page as it is drawn; `x` and `y` from 0 to 1, `links` is how many others it has to do
    with in all of the vault, `group` numbers what belongs together, the largest group first.
    """

    title: str
    url: str
    x: float
    y: float
    links: int
    channel: str
    group: NotRequired[int]
    notes: NotRequired[int]
    here: NotRequired[bool]


class Graph(TypedDict):
    """What is drawn. An edge is two indexes of nodes and, between channels, how many links.

    `groups` names the first of the groups that nodes have numbers of.
    """

    nodes: list[Node]
    edges: list[list[int]]
    groups: NotRequired[list[str]]


class LinkGraph:
    """The pages of a vault with the links between them, whichever of two pages has the link.

    `pages` go by any keys that have an order, such as paths. `beside` gives the keys of what a page
    links to and is linked from; what is not among the pages, and the page itself, is left out. It
    is asked once of each page, as far as that is needed.
    """

    def __init__(
        self, pages: Mapping[str, GraphPage], beside: Callable[[str], Iterable[str]]
    ) -> None:
        self._pages = pages
        self._asked = beside
        self._found: dict[str, set[str]] = {}
        self._ordered: dict[str, tuple[str, ...]] = {}

    def near(self, key: str) -> tuple[str, ...]:
        """The keys of a note's neighbourhood: itself, those one link away, then those two away.

        The best linked first, at most `NEAR` in all; the note alone if nothing is linked with it.
        """
        first = self._linked(key)[: NEAR - 1]
        seen = {key, *first}
        if len(seen) < NEAR:
            # What several of the neighbours lead to says more than what one does.
            shared = Counter(
                other for near in first for other in self._linked(near)[:NEAR] if other not in seen
            )
            ranked = sorted(shared, key=lambda other: (-shared[other], -self._degree(other), other))
            return (key, *first, *ranked[: NEAR - len(seen)])
        return (key, *first)

    def within(self, keys: Iterable[str], steps: int) -> set[str]:
        """The keys of the pages that are so many links away from any of these, or fewer."""
        found = last = {key for key in keys if key in self._pages}
        for _ in range(steps):
            last = {other for key in last for other in self.beside(key)} - found
            found = found | last
        return found

    def neighbourhood(self, key: str, root: str = "../") -> Graph | None:
        """A note with those around it, it in the middle; None if nothing is linked with it.

        `root` leads from the note's page to the site's root; urls are relative to that page.
        """
        keys = self.near(key)
        if len(keys) == 1:
            return None
        numbers = {each: number for number, each in enumerate(keys)}
        edges = self._edges(numbers)
        places = around(len(keys), edges)
        nodes = [self._node(each, place, root) for each, place in zip(keys, places, strict=True)]
        nodes[0]["here"] = True
        return Graph(nodes=nodes, edges=[list(edge) for edge in edges])

    def channel(self, channel: str) -> Graph:
        """All notes of a channel, and the links between them; urls relative to the root."""
        return self._drawn(sorted(self._by_channel.get(channel, ())))

    def vault(self, channels: Mapping[str, GraphPage]) -> Graph:
        """All notes of the vault; its channels if the notes are more than `WHOLE`.

        `channels` has the channels' pages by their folders; urls are relative to the root.
        """
        if len(self._pages) > WHOLE and channels:
            return self._channels(channels)
        names = {name: page.title for name, page in channels.items()}
        return self._drawn(sorted(self._pages), names)

    @cached_property
    def _by_channel(self) -> dict[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        for key, page in self._pages.items():
            found[page.channel].append(key)
        return found

    def _drawn(self, keys: Sequence[str], channels: Mapping[str, str] | None = None) -> Graph:
        """These notes, grouped by what they are linked with; by channel if of a few `channels`."""
        numbers = {key: number for number, key in enumerate(keys)}
        edges = self._edges(numbers)
        places = spread(len(keys), edges)
        nodes = [self._node(key, place, "") for key, place in zip(keys, places, strict=True)]
        homes = Counter(self._pages[key].channel for key in keys)
        if channels is not None and 1 < len(homes) <= GROUPS:
            order = sorted(homes, key=lambda home: (-homes[home], home))
            groups = [order.index(self._pages[key].channel) for key in keys]
            names = [channels.get(home) or home for home in order]
        else:
            groups = communities(len(keys), edges)
            names = self._names(keys, groups)
        for node, group in zip(nodes, groups, strict=True):
            node["group"] = group
        return Graph(nodes=nodes, edges=[list(edge) for edge in edges], groups=names)

    def _names(self, keys: Sequence[str], groups: Sequence[int]) -> list[str]:
        """Each of the first groups by the title of the note in it that is best linked."""
        sizes = Counter(groups)
        members = defaultdict[int, list[str]](list)
        for key, group in zip(keys, groups, strict=True):
            members[group].append(key)
        named = [group for group in range(min(GROUPS, len(sizes))) if sizes[group] > 1]
        best = (min(members[group], key=lambda key: (-self._degree(key), key)) for group in named)
        return [self._pages[key].title for key in best]

    def _linked(self, key: str) -> tuple[str, ...]:
        """What is linked with a page: that which leads to the most pages first, which is what a
        drawing with little room keeps."""
        if key not in self._ordered:
            others = self.beside(key)
            self._ordered[key] = tuple(sorted(others, key=lambda each: (-self._degree(each), each)))
        return self._ordered[key]

    def beside(self, key: str) -> set[str]:
        """The keys of the pages that are linked with one, whichever has the link."""
        found = self._found.get(key)
        if found is None:
            asked = self._asked(key) if key in self._pages else ()
            found = {other for other in asked if other in self._pages} - {key}
            self._found[key] = found
        return found

    def _degree(self, key: str) -> int:
        return len(self.beside(key))

    def _channels(self, channels: Mapping[str, GraphPage]) -> Graph:
        """The channels, with how many notes each has and how many links go between two."""
        names = sorted(name for name in self._by_channel if name in channels)
        numbers = {name: number for number, name in enumerate(names)}
        by_name = self._weights(channels)
        weights = {(numbers[one], numbers[two]): weight for (one, two), weight in by_name.items()}
        edges = sorted(weights)
        degrees = Counter(chain.from_iterable(edges))
        places = spread(len(names), edges)
        nodes = [
            Node(
                title=channels[name].title,
                url=channels[name].url,
                x=x,
                y=y,
                links=degrees[numbers[name]],
                channel=name,
                group=numbers[name],
                notes=len(self._by_channel[name]),
            )
            for name, (x, y) in zip(names, places, strict=True)
        ]
        return Graph(nodes=nodes, edges=[[*edge, weights[edge]] for edge in edges])

    def _weights(self, channels: Mapping[str, GraphPage]) -> Counter[tuple[str, str]]:
        """How many links go between two channels, by their names in order."""
        weights = Counter[tuple[str, str]]()
        for key, page in self._pages.items():
            one = page.channel
            if one not in channels:
                continue
            for other in self.beside(key):
                two = self._pages[other].channel
                if one < two and two in channels:
                    weights[one, two] += 1
        return weights

    def _edges(self, numbers: Mapping[str, int]) -> list[tuple[int, int]]:
        return sorted(
            (number, numbers[other])
            for key, number in numbers.items()
            for other in self.beside(key).intersection(numbers)
            if numbers[other] > number
        )

    def _node(self, key: str, place: tuple[float, float], root: str) -> Node:
        page = self._pages[key]
        return Node(
            title=page.title,
            url=root + page.url,
            x=place[0],
            y=place[1],
            links=self._degree(key),
            channel=page.channel,
        )
