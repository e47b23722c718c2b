"""Where the nodes of a graph stand, by igraph: the same graph always gives the same places."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import igraph

Edges = Sequence[tuple[int, int]]
Places = list[tuple[float, float]]

_SEED = 1984
_DIGITS = 4
_NEAR_ROUNDS = 60
_ROUNDS = 500
_COLUMNS = 10
_OBLONG = 4
"""So many times as wide as high are the rows of those that are alone."""
_CROWD = 60
_EXACT = 600
"""So many nodes are each held apart from all others; of more, only from those nearby."""


def around(nodes: int, edges: Edges) -> Places:
    """Places about node 0, which stands in the middle, for some tens of nodes.

    Begun as a tree of rings about it (Reingold and Tilford 1981) and eased by springs (Fruchterman
    and Reingold 1991), which is a matter of a millisecond.
    """
    if nodes <= 1:
        return [(0.5, 0.5)] * nodes
    graph = _bare(nodes, edges)
    rings = graph.layout_reingold_tilford_circular(root=[0])
    layout = graph.layout_fruchterman_reingold(niter=_NEAR_ROUNDS, grid="nogrid", seed=rings)
    x, y = layout[0]
    points = [(one - x, two - y) for one, two in layout]
    reach = max(max(abs(one), abs(two)) for one, two in points) or 1.0
    return [(_within(0.5 + one / reach / 2), _within(0.5 + two / reach / 2)) for one, two in points]


def spread(nodes: int, edges: Edges) -> Places:
    """Places for all nodes of a graph: linked ones close together, in rows below those without."""
    if nodes == 0:
        return []
    graph = _bare(nodes, edges)
    linked = [node for node in range(nodes) if graph.degree(node)]
    alone = [node for node in range(nodes) if not graph.degree(node)]
    points: Places = [(0.0, 0.0)] * nodes
    if linked:
        layout = graph.induced_subgraph(linked).layout_fruchterman_reingold(
            niter=_ROUNDS, grid="nogrid" if len(linked) <= _EXACT else "grid"
        )
        for node, place in zip(linked, _eased(_framed(list(map(tuple, layout)))), strict=True):
            points[node] = place
    low = max((points[node][1] for node in linked), default=0.0)
    columns = _columns(len(linked), len(alone))
    for number, node in enumerate(alone):
        row, column = divmod(number, columns)
        # The last row may be short; it stands in the middle as the others do.
        width = min(columns, len(alone) - row * columns)
        points[node] = (0.5 + (column + 0.5 - width / 2) / columns, low + (row + 1) / columns)
    return _framed(points)


def communities(nodes: int, edges: Edges) -> list[int]:
    """Which nodes belong together (Traag, Waltman and van Eck 2019), the largest group being 0."""
    if nodes == 0:
        return []
    import igraph

    _begin_chance()
    graph = igraph.Graph(nodes, list(edges))
    found = graph.community_leiden(objective_function="modularity", n_iterations=5)
    groups = sorted(found, key=lambda group: (-len(group), min(group)))
    numbers = {node: number for number, group in enumerate(groups) for node in group}
    return [numbers[node] for node in range(nodes)]


def _bare(nodes: int, edges: Edges) -> igraph.GraphBase:
    """A graph without what igraph's own class adds to it, numpy among it, which takes as long to
    load as all that a changed note needs."""
    import igraph

    _begin_chance()
    return igraph.GraphBase(nodes, list(edges))


def _begin_chance() -> None:
    """Chance, from which igraph's methods begin, begins anew."""
    import igraph

    igraph.set_random_number_generator(random.Random(_SEED))  # noqa: S311 - no secret hangs on it


def _framed(points: Places) -> Places:
    """Points brought between 0 and 1, their distances in proportion, the shorter side centred."""
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide, high = max(x for x, _ in points) - left, max(y for _, y in points) - top
    size = max(wide, high) or 1.0
    right, down = (size - wide) / 2 - left, (size - high) / 2 - top
    return [(_within((x + right) / size), _within((y + down) / size)) for x, y in points]


def _eased(points: Places) -> Places:
    """Points moved half the way to where all would be equally far apart, from left and from top.

    Springs crowd what is well linked in the middle, where names need the most room.
    """
    if len(points) < _CROWD:
        return points
    last = len(points) - 1
    eased = []
    for axis in (0, 1):
        order = sorted(range(len(points)), key=lambda number: points[number][axis])
        rank = {number: place / last for place, number in enumerate(order)}
        eased.append([(points[n][axis] + rank[n]) / 2 for n in range(len(points))])
    return list(zip(*eased, strict=True))


def _columns(linked: int, alone: int) -> int:
    """How many that are alone stand in a row: about as far apart as the others, or closer."""
    return max(math.ceil(math.sqrt(_OBLONG * alone)), min(_COLUMNS, math.isqrt(linked) + 1))


def _within(value: float) -> float:
    return min(1.0, max(0.0, round(value, _DIGITS)))
