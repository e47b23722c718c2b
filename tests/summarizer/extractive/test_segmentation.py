"""Where a talk is divided."""

from itertools import pairwise

import numpy as np
import pytest
from generator.summarizer.extractive.segmentation import (
    FEATURES,
    KEPT,
    MOST_SECTIONS,
    SHORTEST,
    boundaries,
    divide,
    features,
)

from generator.models import Cue, Transcript
from generator.summarizer.extractive.sentences import Sentence, Speech
from generator.summarizer.extractive.terms import Terms


def spoken(count, seconds=8.0):
    """Sentences that tell nothing, one after the other."""
    return tuple(
        Sentence("A word.", i, i, i * 8, i * 8 + 7, i * seconds, (i + 1) * seconds, 0.0, True, True)
        for i in range(count)
    )


def evidence(count, *turns):
    """Features in which only these sentences look like a beginning."""
    table = np.zeros((count - 1, len(FEATURES)))
    for turn in turns:
        table[turn - 1] = 3.0 * np.sign(KEPT.weights)
    return table


def test_the_model_has_a_weight_for_each_feature():
    assert len(KEPT.weights) == len(FEATURES)


def test_sections_begin_where_the_features_say_so():
    assert divide(spoken(75), evidence(75, 25, 50), KEPT) == [25, 50]


def test_of_two_turns_close_together_one_begins_a_section():
    found = divide(spoken(75), evidence(75, 25, 28, 50), KEPT)
    assert len(found) == 2
    assert found[0] in (25, 28)


def test_no_section_is_shorter_than_the_shortest():
    found = divide(spoken(100), evidence(100, *range(1, 100)), KEPT)
    edges = [0, *found, 100]
    assert min(b - a for a, b in pairwise(edges)) * 8.0 >= SHORTEST


def test_a_talk_of_more_than_five_minutes_has_two_sections_even_if_nothing_tells_them_apart():
    assert len(divide(spoken(45), evidence(45), KEPT)) == 1
    assert divide(spoken(8), evidence(8), KEPT) == []


@pytest.mark.parametrize("hours", [3, 12])
def test_a_long_talk_has_no_more_than_the_most_sections(hours):
    count = hours * 450
    found = divide(spoken(count), evidence(count, *range(20, count, 20)), KEPT)
    assert 5 <= len(found) < MOST_SECTIONS
    assert found == sorted(set(found))


def test_features_tell_a_pause_new_words_and_a_turn():
    cues, at = [], 0.0
    for number in range(40):
        topic = "apples and pears" if number < 20 else "engines and wheels"
        start = "Let's look at" if number == 20 else "There are"
        at += 5.0 if number == 20 else 0.2
        cues.append(Cue(at, 5.0, f"{start} {topic} of kind {number % 5}."))
        at += 5.0
    speech = Speech(Transcript("abcdefghijk", "en", False, tuple(cues)))
    terms = Terms(speech.sentences, speech.language)
    table = features(speech.sentences, terms)
    assert table.shape == (39, len(FEATURES))
    assert table[19, FEATURES.index("news")] > 0 > table[25, FEATURES.index("news")]
    for name in ("pause", "cohesion", "turns"):
        assert int(np.argmax(table[:, FEATURES.index(name)])) == 19, name
    assert boundaries(speech.sentences, terms) == [20]


def test_too_few_sentences_are_not_divided():
    speech = Speech(Transcript("abcdefghijk", "en", False, (Cue(0.0, 900.0, "One. Two. Three."),)))
    assert boundaries(speech.sentences, Terms(speech.sentences, "en")) == []
