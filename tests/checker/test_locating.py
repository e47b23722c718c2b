"""Words, written times and order, taken together."""

import numpy as np
import pytest

from generator.checker.hearing import Talk
from generator.checker.locating import believe, mass_around, spots
from generator.checker.timing import Meaning
from generator.models import Cue, Transcript

WORDS = [
    "amber", "bakery", "candle", "dragon", "engine", "falcon", "garden", "harbour", "island",
    "jungle", "kettle", "ladder", "mirror", "needle", "orchard", "parrot", "quarry", "ribbon",
    "saddle", "temple", "umbrella", "violin", "walnut", "yellow", "zeppelin",
]  # fmt: skip


def talk_of(words, apart=20.0):
    cues = tuple(Cue(apart * at, 5.0, f"{word} {word} thing") for at, word in enumerate(words))
    return Talk(Transcript("x" * 11, "en", False, cues), apart * len(words))


def believed(statements, written, talk):
    return believe(statements, written, talk).citations


def place(belief, talk):
    return spots(belief.moments, talk.step, 1, 0.0)[0].second


def test_a_statement_past_the_end_is_found_by_its_words():
    talk = talk_of(WORDS)
    written = [20 * at for at in range(25)]
    written[12] = 5000
    belief = believed([f"A {word}." for word in WORDS], written, talk)[12]
    assert abs(place(belief, talk) - 240) <= 8
    assert mass_around(belief.moments, talk.step, 240) > 0.95
    assert belief.meanings[Meaning.BEYOND] > 0.95


def test_between_two_places_with_the_same_words_order_decides():
    words = list(WORDS)
    words[20] = words[5]
    talk = talk_of(words)
    written = [20 * at for at in range(12)]
    written[5] = 9999
    belief = believed([f"A {word}." for word in words[:12]], written, talk)[5]
    assert abs(place(belief, talk) - 100) <= 8


def test_where_words_say_nothing_the_neighbours_do():
    talk = talk_of(WORDS)
    statements = [f"A {word}." for word in WORDS]
    statements[9] = "Quixotic."
    written = [20 * at for at in range(25)]
    written[9] = 9999
    belief = believed(statements, written, talk)[9]
    assert 160 <= place(belief, talk) <= 200


def test_where_words_say_nothing_a_time_within_the_video_is_believed():
    talk = talk_of(WORDS)
    statements = [f"A {word}." for word in WORDS]
    statements[9] = "Quixotic."
    belief = believed(statements, [20 * at for at in range(25)], talk)[9]
    assert mass_around(belief.moments, talk.step, 180) > 0.8


def test_words_and_order_are_believed_over_a_time_that_is_far_off():
    talk = talk_of(WORDS)
    written = [20 * at for at in range(25)]
    written[9] = 427
    belief = believed([f"{word} {word}s." for word in WORDS], written, talk)[9]
    assert abs(place(belief, talk) - 180) <= 8
    assert mass_around(belief.moments, talk.step, 427) < 0.05


def test_an_aside_is_thought_of_and_the_note_goes_on_from_where_it_was():
    lines = [f"{word} {word[::-1]} {word[1:]}" for word in WORDS]
    talk = talk_of(lines)
    order = [*range(20), 2, *range(20, 25)]
    written = [20 * at for at in order]
    written[20], written[21] = 49_999, 49_998
    beliefs = believed([lines[at] for at in order], written, talk)
    assert mass_around(beliefs[20].moments, talk.step, 40) > 0.1
    assert abs(place(beliefs[21], talk) - 400) <= 8


def test_a_time_that_cannot_be_read_is_made_up_for():
    talk = talk_of(WORDS)
    written = [None if at == 9 else 20 * at for at in range(25)]
    belief = believed([f"A {word}." for word in WORDS], written, talk)[9]
    assert abs(place(belief, talk) - 180) <= 8
    assert belief.meanings.sum() == 0


def test_the_words_of_another_talk_are_not_used():
    talk = talk_of(WORDS)
    other = ["Nothing of this was said.", "Neither was that.", "Nor has anybody whispered it."]
    assert not believe(other, [20, 40, 60], talk).heard
    assert believe([f"A {word}." for word in WORDS[:3]], [0, 20, 40], talk).heard


def test_every_belief_is_a_probability():
    talk = talk_of(WORDS)
    statements = ["A candle.", "", "A zeppelin.", "A candle."]
    for written in ([0, 0, 0, 0], [None] * 4, [10**9, 99, 60, 7200], [500, 400, 300, 200]):
        for belief in believed(statements, written, talk):
            assert belief.moments.sum() == pytest.approx(1)
            assert belief.moments.min() >= 0


def test_nothing_cited_is_nothing_believed():
    assert believe([], [], talk_of(WORDS)).citations == []


def test_spots_do_not_overlap_and_come_likeliest_first():
    moments = np.zeros(100)
    moments[[10, 11, 12, 50, 80]] = (0.2, 0.3, 0.1, 0.25, 0.15)
    found = spots(moments, 4.0, 3, 0.1)
    assert [round(spot.mass, 2) for spot in found] == [0.6, 0.25, 0.15]
    assert [spot.second for spot in found] == [44.0, 200.0, 320.0]
    assert len(spots(moments, 4.0, 2, 0.1)) == 2
    assert len(spots(moments, 4.0, 3, 0.2)) == 2
