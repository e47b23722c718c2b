"""Where a statement is likeliest said, by its words alone."""

import re

import numpy as np
import pytest

from generator.checker.hearing import MOST_MOMENTS, Talk, sound_of
from generator.models import Cue, Transcript, WordTime

LINES = (
    "the lamp of the old lighthouse burned whale oil",
    "a keeper trimmed its wick every four hours",
    "then somebody proposed to cut the glass into rings",
    "twenty-four candles stood in the first lantern",
    "sailors of Brest saw the beam from thirty miles",
    "nobody remembers who paid for the tower",
)


def talk_of(*lines, language="en", apart=30.0):
    cues = tuple(Cue(apart * at, 5.0, line) for at, line in enumerate(lines))
    return Talk(Transcript("x" * 11, language, False, cues), apart * len(lines))


def likeliest(talk, statement):
    return (int(talk.likelihood(statement).argmax()) + 0.5) * talk.step


@pytest.mark.parametrize(
    ("statement", "second"),
    [
        ("Whale oil burned in the lamps of lighthouses.", 0),
        ("Keepers had to trim the wicks.", 30),
        ("The rings were cut from glass.", 60),
        ("There were 24 candles.", 90),
        ("From 30 miles away the beam was visible.", 120),
    ],
)
def test_a_statement_is_likeliest_where_its_words_are_said_in_whatever_form(statement, second):
    talk = talk_of(*LINES)
    assert abs(likeliest(talk, statement) - second) <= 8
    assert talk.likelihood(statement).sum() == pytest.approx(1)


def test_words_are_where_they_are_said_if_that_is_known():
    text = " ".join(LINES)
    words = tuple(
        WordTime(text.index(line) + place.start(), 60.0 * at + 1)
        for at, line in enumerate(LINES)
        for place in re.finditer(r"\S+", line)
    )
    cue = Cue(0.0, 400.0, text, words)
    talk = Talk(Transcript("x" * 11, "en", False, (cue,)), 400.0)
    assert abs(likeliest(talk, "There were 24 candles.") - 181) <= 12
    assert abs(likeliest(talk, "From 30 miles away the beam was visible.") - 241) <= 12


def test_a_rare_word_says_more_of_where_than_one_that_is_everywhere():
    talk = talk_of(*(f"the lens of {name}" for name in ("Paris", "Brest", "Calais", "Dover")))
    assert abs(likeliest(talk, "The lens that stood in Calais.") - 60) <= 8


@pytest.mark.parametrize("statement", ["", "…", "Of the and to.", "Unheard quixotic zebras."])
def test_words_that_nobody_says_leave_every_moment_as_likely(statement):
    likelihood = talk_of(*LINES).likelihood(statement)
    assert np.ptp(likelihood) == pytest.approx(0)


def test_names_and_terms_are_heard_across_languages():
    talk = talk_of(
        "сначала о погоде",
        "потом Лаплас и его гравитация",
        "и наконец экспедиция Деламбра из Дюнкерка",
        language="ru",
    )
    assert abs(likeliest(talk, "The gravitation of Laplace came next.") - 30) <= 8
    assert abs(likeliest(talk, "Delambre's expedition left Dunkirk.") - 60) <= 8


def test_a_script_without_spaces_is_heard_too():
    talk = talk_of("今日は天気の話です", "次は灯台の歴史です", "最後に潮の満ち引き", language="ja")
    assert abs(likeliest(talk, "灯台の歴史") - 30) <= 8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("гравитация", "gravitation"),
        ("трамп", "trump"),
        ("деламбр", "delambre"),
        ("алгоритм", "algorithm"),
        ("градиент", "gradient"),
    ],
)
def test_what_sounds_alike_is_written_alike(one, other):
    assert sound_of(one) == sound_of(other) != ""


@pytest.mark.parametrize("word", ["oui", "яма", "灯台", "ab", "مرحبا"])
def test_a_word_with_hardly_a_consonant_has_no_sound(word):
    assert sound_of(word) == ""


def test_a_talk_of_days_has_no_more_moments_than_can_be_handled():
    cues = tuple(Cue(9000.0 * at, 4.0, f"word number {at}") for at in range(100))
    talk = Talk(Transcript("x" * 11, "en", False, cues), 900_000.0)
    assert talk.count <= MOST_MOMENTS + 1
    assert len(talk.likelihood("word number 50")) == talk.count


def test_a_statement_as_long_as_a_book_is_heard_by_its_beginning():
    talk = talk_of(*LINES)
    assert abs(likeliest(talk, "The wick was trimmed. " + "Nothing else. " * 100_000) - 30) <= 8
