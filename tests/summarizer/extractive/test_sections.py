"""Where a talk is divided."""

from itertools import pairwise

import numpy as np
import pytest

from generator.models import Cue, Transcript
from generator.summarizer.extractive.sections import (
    SHORTEST,
    Preference,
    boundaries,
    divide,
    section_features,
)
from generator.summarizer.extractive.sentences import Sentence, find_sentences
from generator.summarizer.extractive.speech import Speech
from generator.summarizer.extractive.terms import Terms


def spoken(count, seconds=8.0):
    """Sentences that tell nothing, one after the other."""
    return tuple(
        Sentence(
            "A word.", i, i, i * 8, i * 8 + 7, i * seconds, (i + 1) * seconds, 0.0, True, False
        )
        for i in range(count)
    )


def chances(count, *turns):
    """Chances of which only these sentences likely begin a section."""
    chance = np.full(count, 0.001)
    chance[list(turns)] = 0.9
    return chance


def test_sections_begin_where_it_is_likely():
    assert divide(spoken(75), chances(75, 25, 50)) == [25, 50]


def test_of_two_likely_places_close_together_one_begins_a_section():
    found = divide(spoken(75), chances(75, 25, 28, 50))
    assert len(found) == 2
    assert found[0] in range(25, 29)
    assert found[1] == 50


def test_two_neighbors_that_share_a_boundary_outdo_a_lone_one():
    chance = np.full(60, 0.001)
    chance[20], chance[39], chance[40], chance[41] = 0.4, 0.3, 0.3, 0.3
    found = divide(spoken(60), chance, Preference(price=0.5))
    assert found == [40]


def test_no_section_is_shorter_than_the_shortest():
    found = divide(spoken(100), chances(100, *range(1, 100)))
    edges = [0, *found, 100]
    assert len(found) > 3
    assert min(b - a for a, b in pairwise(edges)) * 8.0 >= SHORTEST


def test_a_talk_of_more_than_five_minutes_has_two_sections_even_if_nothing_tells_them_apart():
    assert len(divide(spoken(45), chances(45))) == 1
    assert divide(spoken(8), chances(8)) == []


@pytest.mark.parametrize("hours", [3, 12])
def test_a_long_talk_has_sections_of_minutes(hours):
    count = hours * 450
    found = divide(spoken(count), chances(count, *range(20, count, 20)))
    assert hours * 6 <= len(found) <= hours * 40
    assert found == sorted(set(found))


def test_a_higher_price_makes_fewer_sections():
    chance = np.full(200, 0.001)
    chance[20:200:20] = np.linspace(0.2, 0.9, 9)
    few, many = (len(divide(spoken(200), chance, Preference(price))) for price in (0.7, 0.1))
    assert 0 < few < many


def turning_talk():
    """Apples and pears for 20 sentences, then a pause, then engines and wheels."""
    cues, at = [], 0.0
    for number in range(40):
        topic = "apples and pears" if number < 20 else "engines and wheels"
        start = "Let's look at" if number == 20 else "There are"
        at += 5.0 if number == 20 else 0.2
        cues.append(Cue(at, 5.0, f"{start} {topic} of kind {number % 5}."))
        at += 5.0
    speech = Speech(Transcript("abcdefghijk", "en", False, tuple(cues)))
    sentences = find_sentences(speech)
    return sentences, Terms(sentences, "en")


def test_features_tell_a_pause_new_words_and_a_turn():
    sentences, terms = turning_talk()
    columns = section_features(sentences, terms)
    assert {len(column) for column in columns.values()} == {40}
    for name in ("pause", "turns", "cohesion30", "cohesion60", "depth30", "depth60"):
        assert int(np.argmax(columns[name])) == 20, name
    assert columns["news"][20] > 0 > columns["news"][26]
    assert boundaries(sentences, terms) == [20]


def test_too_few_sentences_are_not_divided():
    speech = Speech(Transcript("abcdefghijk", "en", False, (Cue(0.0, 900.0, "One. Two. Three."),)))
    sentences = find_sentences(speech)
    assert boundaries(sentences, Terms(sentences, "en")) == []
