"""Words keep their times however the text around them is cleaned, cut and joined."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.fetcher.cuetext import spoken
from generator.fetcher.timedtext import (
    TimedText,
    joined,
    plausible_words,
    time_single_words,
    timed_lines,
    timed_text,
)
from generator.models import Cue, WordTime
from generator.text import clean


def times(text: TimedText) -> dict[str, float]:
    """By the word that begins at its offset, the time of each; no word may be there twice."""
    return {text.text[offset:].split()[0]: start for offset, start in text.words}


def test_a_word_has_the_time_of_the_piece_that_its_first_character_is_in():
    said = timed_text([("the", 1.0), (" tide", 1.2), ("s come", 1.5), (" ", 1.9), ("in", 2.0)])
    assert said.text == "the tides come in"
    assert times(said) == {"the": 1.0, "tides": 1.2, "come": 1.5, "in": 2.0}


def test_a_word_that_is_not_timed_has_no_time():
    said = timed_text([("in ", 1.0), ("2024", None), (" the", 3.0)])
    assert (said.text, times(said)) == ("in 2024 the", {"in": 1.0, "the": 3.0})
    assert timed_text([("in 2024", None)]) == TimedText("in 2024")


def test_a_piece_may_be_of_several_words():
    assert times(timed_text([("the tide", 1.0), (" comes", 2.0)])) == {
        "the": 1.0,
        "tide": 1.0,
        "comes": 2.0,
    }


def test_where_there_are_no_spaces_each_piece_is_a_word():
    said = timed_text([("海は", 1.0), ("一日に", 1.5), ("二度", 2.0)])
    assert said == TimedText(
        "海は一日に二度", (WordTime(0, 1.0), WordTime(2, 1.5), WordTime(5, 2.0))
    )


def test_lines_are_cut_where_the_text_has_line_ends():
    pieces = [("- Is", 1.0), (" it?\n- It", 1.5), (" is.\r\n", 2.0), ("\n", 3.0)]
    first, second = timed_lines(pieces)
    assert (first.text, second.text) == ("- Is it?", "- It is.")
    said = spoken((first, second))
    assert said.text == "Is it? It is."
    assert said.words == ((0, 1.0), (3, 1.5), (7, 1.5), (10, 2.0))


@pytest.mark.parametrize(
    ("pieces", "text", "expected"),
    [
        ([(">>", 1.0), (" Good", 1.2), (" day", 1.4)], "Good day", {"Good": 1.2, "day": 1.4}),
        ([(">>Good", 1.0), (" day", 1.4)], "Good day", {"Good": 1.0, "day": 1.4}),
        ([("yes", 1.0), (" >> no", 1.2), (" ever", 2.0)], "yes no ever", {"no": 1.2, "ever": 2.0}),
        ([("- Is it?", 1.0), (" -It", 2.0), (" is.", 2.5)], "Is it? It is.", {"It": 2.0}),
    ],
)
def test_marks_of_who_speaks_take_no_times_from_words(pieces, text, expected):
    said = spoken([timed_text(pieces)], generated=True)
    assert said.text == text
    assert expected.items() <= times(said).items()


def test_the_rest_of_a_text_keeps_its_times():
    said = timed_text([("the", 1.0), (" tide", 1.2), (" comes", 1.5)])
    assert said.after(4) == TimedText("tide comes", (WordTime(0, 1.2), WordTime(5, 1.5)))


def test_times_that_cannot_be_right_are_none():
    good = (WordTime(0, 9.5), WordTime(4, 10.0), WordTime(9, 10.0), WordTime(12, 13.0))
    assert plausible_words(good, 10.0, 12.5) == good
    assert plausible_words(good, 10.0, None) == good
    for wrong in (
        (WordTime(0, 11.0), WordTime(4, 10.5)),
        (WordTime(0, 8.9),),
        (WordTime(0, 10.0), WordTime(4, 13.6)),
        (WordTime(0, float("nan")),),
        (WordTime(0, float("inf")),),
    ):
        assert plausible_words(wrong, 10.0, 12.5) == ()
    assert plausible_words((WordTime(0, -0.1),), 0.0, 2.0) == ()
    assert plausible_words((WordTime(0, 1e9),), 0.0, None) == ()


def test_a_lone_word_is_said_at_its_cues_start_where_others_are_timed():
    lone, several = Cue(5.0, 1.0, "no"), Cue(7.0, 1.0, "no more")
    timed = Cue(1.0, 2.0, "the tide", (WordTime(0, 1.0), WordTime(4, 1.2)))
    assert time_single_words([timed, lone, several]) == (
        timed,
        Cue(5.0, 1.0, "no", (WordTime(0, 5.0),)),
        several,
    )
    assert time_single_words([lone, several]) == (lone, several)


TEXTS = st.text(
    st.one_of(
        st.sampled_from(list("ab字かが\u3099\u0301>＞-. \n\r\u2028\u00a0\u200b\ud83d\ude00\ufeff")),
        st.characters(),
    ),
    max_size=8,
)
PIECES = st.lists(st.tuples(TEXTS, st.none() | st.floats(0, 100)), max_size=8)


@given(PIECES)
@example([("か", 1.0), ("\u3099", 2.0)])
@example([("\ud83d", 1.0), ("\ude00", 2.0)])
def test_the_text_is_the_cleaned_text_of_all_pieces(pieces):
    whole = "".join(text for text, _ in pieces)
    said = timed_text(pieces)
    assert said.text == clean(whole)
    lines = [line for each in whole.splitlines() if (line := clean(each))]
    if not re.search("\r\n", whole):  # which two pieces can share
        assert [line.text for line in timed_lines(pieces)] == lines


WORDS = st.lists(
    st.sampled_from(["tide", "-It", ">>", "sea.", ">>So", "&", "é", "字"]), max_size=12
)


@given(WORDS, st.data())
def test_offsets_are_those_of_the_words_that_were_meant(words, data):
    """Each word is marked with its place, so that it is known again wherever it ends up."""
    marked = [f"{word}{place}" for place, word in enumerate(words)]
    pieces = [(word if at == 0 else f" {word}", float(at)) for at, word in enumerate(marked)]
    ends = data.draw(st.sets(st.integers(0, len(words))))
    lines = [
        timed_text(pieces[first:last])
        for first, last in zip([0, *sorted(ends)], [*sorted(ends), len(words)], strict=True)
    ]
    whole = joined(line for line in lines if line.text)
    assert [int(start) for _, start in whole.words] == list(range(len(words)))
    for text in (whole, spoken([line for line in lines if line.text], generated=True)):
        offsets = [offset for offset, _ in text.words]
        assert offsets == sorted(set(offsets))
        for offset, start in text.words:
            assert re.fullmatch(rf"\D*{start:.0f}", text.text[offset:].split(" ")[0])
            assert offset == 0 or text.text[offset - 1] == " "
        assert text.text == clean(text.text)
