"""Where links lead, and what a link to nothing most likely means."""

from __future__ import annotations

import unicodedata

import pytest

from generator.checker.index import Index, Target, folded

INDEX = Index(
    [
        Target("sea/tides.md", "sea", ("Tides: why twice a day?",)),
        Target("sea/neap_tides.md", "sea", ("Neap tides", "Little tides")),
        Target("sea/storm_of_1953.md", "sea", ("Storm of 1953",)),
        Target("sea/version_15.md", "sea", ("Version 1.5",)),
        Target("sea/déjà_vu.md", "sea", ("Déjà vu",)),
        Target("sea/йод.md", "sea", ("Йод",)),
        Target("sea/index_of_ships.md", "sea"),
        Target("land/index_of_ships.md", "land"),
        Target("land/soil.md", "land", ("Soil",)),
        Target("land/deep/clay.md", "land", ("Clay",)),
        Target("sea/sea.md", "sea", ("sea",)),
    ],
    others=["sea/map.png"],
)


@pytest.mark.parametrize(
    ("link", "paths"),
    [
        ("tides", ["sea/tides.md"]),
        ("tides.md", ["sea/tides.md"]),
        ("sea/tides", ["sea/tides.md"]),
        ("/sea/tides", ["sea/tides.md"]),
        ("../sea/tides", ["sea/tides.md"]),
        ("./soil", ["land/soil.md"]),
        ("deep/clay", ["land/deep/clay.md"]),
        ("index_of_ships", ["sea/index_of_ships.md", "land/index_of_ships.md"]),
        ("land/index_of_ships", ["land/index_of_ships.md"]),
        (unicodedata.normalize("NFD", "déjà_vu"), ["sea/déjà_vu.md"]),
        ("Tides", []),
        ("land/tides", []),
        ("../../tides", []),
        ("map", []),
    ],
)
def test_a_link_leads_to_what_has_its_name(link, paths):
    found = INDEX.resolve(link, "land/soil.md")
    assert found is not None
    assert [target.path for target in found] == paths


def test_a_link_to_a_file_of_another_kind_leads_to_no_note():
    assert INDEX.resolve("map.png", "land/soil.md") is None
    assert INDEX.resolve("sea/map.png", "land/soil.md") is None


@pytest.mark.parametrize(
    ("link", "channel", "path"),
    [
        ("Tides", "sea", "sea/tides.md"),
        ("neap tides", "sea", "sea/neap_tides.md"),
        ("neap-tides", "sea", "sea/neap_tides.md"),
        ("Little Tides", "sea", "sea/neap_tides.md"),
        ("Tides - why twice a day", "sea", "sea/tides.md"),
        ("Version 1.5", "sea", "sea/version_15.md"),
        ("deja vu", "sea", "sea/déjà_vu.md"),
        ("Index of ships", "land", "land/index_of_ships.md"),
        ("sea/Index of ships", "land", "sea/index_of_ships.md"),
        ("land/tides", "land", "sea/tides.md"),
        ("Soil", "sea", "land/soil.md"),
    ],
)
def test_one_note_can_be_meant(link, channel, path):
    guess = INDEX.guess(link, channel)
    assert guess.targets[0].path == path
    assert guess.certain


@pytest.mark.parametrize(
    ("link", "channel", "paths"),
    [
        ("Index of Ships", "sky", ["sea/index_of_ships.md", "land/index_of_ships.md"]),
        ("little_neap_tides", "sea", ["sea/neap_tides.md"]),
        ("storm_of_1954", "sea", []),
        ("version_1_5_1", "sea", []),
        ("иод", "sea", []),
        ("whales", "sea", []),
        ("", "sea", []),
        ("???", "sea", []),
    ],
)
def test_what_is_unsure_is_not_certain(link, channel, paths):
    guess = INDEX.guess(link, channel)
    assert [target.path for target in guess.targets] == paths
    assert not guess.certain


def test_the_shortest_name_that_leads_nowhere_else_is_written():
    by_path = {target.path: INDEX.written(target) for target in INDEX.targets}
    assert by_path["sea/tides.md"] == "tides"
    assert by_path["land/index_of_ships.md"] == "land/index_of_ships"


def test_numbers_stay_apart_when_names_are_folded():
    assert folded("Version 1.5") == folded("version_1_5") != folded("version 15")
    assert folded("Light-houses, at sea!") == folded("lighthouses at SEA")
