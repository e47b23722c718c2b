"""Graphs show what is linked, best linked first, always alike, and every place within the frame."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest

from generator.site import graph as graphs
from generator.site.graph import NEAR, Graph, GraphPage, LinkGraph
from generator.site.graphs import _STEPS
from generator.site.layout import around, communities, spread


def pages(*names: str, channel: str = "sea") -> dict[str, GraphPage]:
    return {name: GraphPage(name.title(), channel, f"{channel}/{name}.html") for name in names}


def link_graph(pages: dict[str, GraphPage], links: dict[str, list[str]]) -> LinkGraph:
    beside: dict[str, set[str]] = defaultdict(set)
    for one, others in links.items():
        for other in others:
            beside[one].add(other)
            beside[other].add(one)
    return LinkGraph(pages, beside.__getitem__)


def linked(graph: Graph) -> set[frozenset[str]]:
    titles = [node["title"] for node in graph["nodes"]]
    return {frozenset((titles[edge[0]], titles[edge[1]])) for edge in graph["edges"]}


def chance_links(count: int, seed: int) -> list[tuple[int, int]]:
    dice = random.Random(seed)
    found = {tuple(sorted(dice.sample(range(count), 2))) for _ in range(3 * count)}
    return sorted((one, other) for one, other in found)


def test_a_neighbourhood_has_what_links_here_and_what_is_linked_two_steps_far() -> None:
    graph = link_graph(
        pages("lens", "lamp", "beam", "fog", "reef", "alone"),
        {"lens": ["lamp"], "beam": ["lens", "nowhere"], "fog": ["beam"], "reef": ["fog", "reef"]},
    )
    near = graph.neighbourhood("lens")
    assert near is not None
    assert [node["title"] for node in near["nodes"]] == ["Lens", "Beam", "Lamp", "Fog"]
    assert linked(near) == {
        frozenset(pair) for pair in (("Lens", "Lamp"), ("Lens", "Beam"), ("Beam", "Fog"))
    }
    assert near["nodes"][0] == {
        "title": "Lens",
        "url": "../sea/lens.html",
        "x": 0.5,
        "y": 0.5,
        "links": 2,
        "channel": "sea",
        "here": True,
    }
    assert graph.neighbourhood("alone") is None
    assert graph.neighbourhood("nowhere") is None


def test_a_large_neighbourhood_keeps_the_best_linked() -> None:
    names = [f"n{number:03}" for number in range(100)]
    links = {"n000": names[1:], "n077": names[:40], "n078": names[:40]}
    near = link_graph(pages(*names), links).near("n000")
    assert len(near) == NEAR
    assert near[:3] == ("n000", "n077", "n078")


def test_what_several_neighbours_lead_to_comes_before_what_one_does() -> None:
    names = ["here", "one", "two", "both", "famous", *(f"fan{number}" for number in range(9))]
    links = {
        "here": ["one", "two"],
        "one": ["both", "famous"],
        "two": ["both"],
    } | {f"fan{number}": ["famous"] for number in range(9)}
    assert link_graph(pages(*names), links).near("here") == ("here", "one", "two", "both", "famous")


@pytest.mark.parametrize("seed", range(5))
def test_a_change_of_links_is_seen_in_neighbourhoods_nearby_alone(seed: int) -> None:
    names = [f"n{number:02}" for number in range(60)]
    links: dict[str, list[str]] = {name: [] for name in names}
    for one, other in chance_links(60, seed)[:70]:
        links[names[one]].append(names[other])
    changed = names[seed]
    after = links | {changed: [names[50], names[51]]}
    old, new = link_graph(pages(*names), links), link_graph(pages(*names), after)
    near = new.within({changed, *links[changed], *after[changed]}, _STEPS)
    other = {name for name in names if old.neighbourhood(name) != new.neighbourhood(name)}
    assert other
    assert other <= near < set(names)


def test_a_channel_has_its_own_notes_and_groups() -> None:
    names = ["a1", "a2", "a3", "a4", "b1", "b2", "b3"]
    graph = link_graph(
        pages(*names) | pages("far", channel="land"),
        {"a1": ["a2", "a3", "a4", "far"], "a2": ["a3"], "b1": ["b2", "b3"], "b2": ["b3"]},
    ).channel("sea")
    assert [node["title"] for node in graph["nodes"]] == [name.title() for name in names]
    assert [node["group"] for node in graph["nodes"]] == [0, 0, 0, 0, 1, 1, 1]
    assert graph["groups"] == ["A1", "B1"]
    assert graph["nodes"][0]["links"] == 4
    assert graph["nodes"][0]["url"] == "sea/a1.html"


def test_the_vault_is_grouped_by_its_channels() -> None:
    notes = pages("a", "b") | pages("c", "d", "e", channel="land")
    graph = link_graph(notes, {"a": ["c"]}).vault(
        {"sea": GraphPage("The sea", "sea", "sea/"), "land": GraphPage("Land", "land", "land/")}
    )
    assert graph["groups"] == ["Land", "The sea"]
    assert Counter(node["group"] for node in graph["nodes"]) == {0: 3, 1: 2}


def test_a_large_vault_is_shown_as_its_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "WHOLE", 4)
    notes = pages("a", "b") | pages("c", "d", "e", channel="land")
    graph = link_graph(notes, {"a": ["c", "d", "b"], "c": ["b"], "d": ["e"]}).vault(
        {"sea": GraphPage("The sea", "sea", "sea/"), "land": GraphPage("Land", "land", "land/")}
    )
    assert [(node["title"], node["notes"], node["url"]) for node in graph["nodes"]] == [
        ("Land", 3, "land/"),
        ("The sea", 2, "sea/"),
    ]
    assert graph["edges"] == [[0, 1, 3]]


def test_nothing_to_draw() -> None:
    empty: Graph = {"nodes": [], "edges": [], "groups": []}
    assert link_graph({}, {}).channel("sea") == empty
    assert link_graph({}, {}).vault({}) == empty


@pytest.mark.parametrize("count", [1, 2, 7, 90, 700])
def test_places_are_within_the_frame_apart_and_always_the_same(count: int) -> None:
    edges = [] if count < 2 else chance_links(count, count)[: count // 2 + 1]
    for layout in (spread, around):
        if layout is around and count > NEAR:
            continue
        random.seed(count)  # what else uses chance does not count
        places = layout(count, edges)
        random.seed(-count)
        assert layout(count, list(edges)) == places
        assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places)
        assert len(set(places)) == count
    assert communities(count, edges) == communities(count, edges)


def test_what_is_not_linked_stands_below() -> None:
    places = spread(40, [(0, 1), (1, 2), (2, 0)])
    low = max(y for _, y in places[:3])
    assert all(y > low for _, y in places[3:])


def test_chance_of_others_is_left_alone() -> None:
    random.seed(4)
    expected = random.random()
    random.seed(4)
    spread(5, [(0, 1), (1, 2)])
    assert random.random() == expected
