"""Which sentences carry a talk and its sections."""

from itertools import pairwise

import pytest

from generator.models import Cue, Transcript
from generator.summarizer.extractive.sentences import Sentence, find_sentences
from generator.summarizer.extractive.speech import Speech
from generator.summarizer.extractive.statements import (
    MOST_IN_A_SECTION,
    Choice,
    passages,
    statement_count,
)
from generator.summarizer.extractive.terms import Terms
from tests.summarizer.extractive.bare_talks import BREAD


class Chosen:
    """The choices among sentences that are said one every five seconds."""

    def __init__(self, *texts, title="", language="en"):
        cues = tuple(Cue(i * 5.0, 4.5, text) for i, text in enumerate(texts))
        self.sentences = find_sentences(Speech(Transcript("abcdefghijk", language, False, cues)))
        assert [sentence.text for sentence in self.sentences] == list(texts)
        self.choice = Choice(self.sentences, Terms(self.sentences, language), title)

    def lead(self, count):
        return [self.sentences[index].text for index in self.choice.lead(count)]

    def sections(self, *bounds, total):
        chosen = self.choice.sections(bounds, total)
        return [[self.sentences[index].text for index in section] for section in chosen]


GOOD = [f"{text.capitalize()}." for text in BREAD]


@pytest.mark.parametrize(
    "poor",
    [
        "It holds the gas of the yeast in the dough for hours.",
        "This makes the gluten in the dough long and even.",
        "And makes the gluten in the dough long and even.",
        "But it keeps the yeast in the dough asleep all night.",
        "For example the yeast in the dough of rye flour.",
        "Does the yeast in the dough eat sugar or gluten?",
        "The yeast in the dough eats the sugar and then...",
        "The yeast eats.",
        "Let's look at the yeast in the dough of rye flour.",
        "Thank you for watching the video on yeast in dough.",
        " ".join(["The yeast in the dough eats the sugar and the gluten"] * 4) + ".",
    ],
)
def test_what_is_no_good_statement_is_chosen_only_if_there_is_nothing_else(poor):
    (section,) = Chosen(*GOOD[:4], poor, *GOOD[4:8]).sections(0, total=9)
    assert section
    assert poor not in section
    assert Chosen(poor).sections(0, total=1) == [[poor]]


def test_statements_of_a_section_are_in_the_order_they_were_said():
    chosen = Chosen(*GOOD).sections(0, 10, 20, 30, total=16)
    places = [GOOD.index(text) for section in chosen for text in section]
    assert places == sorted(places)
    assert len(places) == 16


def test_the_same_again_in_other_words_is_said_once():
    again = [
        "Yeast is a living fungus that eats sugar and breathes out gas.",
        "Yeast, a living fungus, is what eats sugar and breathes out gas.",
        "The living yeast fungus eats the sugar and it breathes out gas.",
    ]
    (section,) = Chosen(*GOOD[10:14], again[0], *GOOD[14:16], again[1], again[2]).sections(
        0, total=9
    )
    assert len(set(again) & set(section)) == 1


def test_a_request_to_subscribe_and_what_is_said_around_it_are_left_out():
    request = "Please subscribe to the channel if you like bread."
    texts = [*GOOD[:15], request, *GOOD[15:30]]
    near = texts[15 - 6 : 15 + 7]
    (section,) = Chosen(*texts).sections(0, total=7)
    lead = Chosen(*texts).lead(3)
    assert len(section) == 7
    assert not set(near) & {*section, *lead}


def test_a_section_has_at_most_seven_statements_and_at_least_one():
    poor = ["It is.", "So it is.", "Is it?"]
    chosen = Chosen(*GOOD[:20], *poor, *GOOD[20:]).sections(0, 20, 23, total=30)
    assert [len(section) for section in chosen] == [MOST_IN_A_SECTION, 1, MOST_IN_A_SECTION]
    assert MOST_IN_A_SECTION == 7


def test_what_stands_in_the_lead_stands_in_no_section_that_has_others():
    chosen = Chosen(*GOOD)
    lead = chosen.lead(3)
    assert not set(lead) & {
        text for section in chosen.sections(0, 20, total=14) for text in section
    }


def test_a_section_that_has_nothing_but_the_lead_says_it_again():
    chosen = Chosen(*GOOD[:2])
    lead = chosen.lead(2)
    assert chosen.sections(0, 1, total=2) == [[text] for text in lead]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_lead_is_from_the_beginning_the_end_and_anywhere(count):
    chosen = Chosen(*GOOD)
    lead = chosen.lead(count)
    assert len(lead) == count
    assert [GOOD.index(text) for text in lead] == sorted(GOOD.index(text) for text in lead)
    assert GOOD.index(lead[0]) <= 0.2 * len(GOOD)
    if count > 1:
        assert GOOD.index(lead[-1]) >= 0.8 * len(GOOD)


def test_the_lead_names_the_title_where_it_can():
    about = "A talk on how professional bakers treat an old clay oven."
    texts = [*GOOD[:3], about, *GOOD[3:]]
    for title, named in (("How professional bakers treat an old clay oven", True), ("Salt", False)):
        assert (Chosen(*texts, title=title).lead(1) == [about]) is named


@pytest.mark.parametrize(
    ("seconds", "sentences", "low", "high"), [(0, 1, 1, 1), (60, 6, 1, 3), (60, 100, 5, 9)]
)
def test_short_talks_have_few_statements(seconds, sentences, low, high):
    assert low <= statement_count(seconds, sentences) <= high


def test_longer_talks_have_more_statements_but_not_as_many_more():
    counts = [statement_count(minutes * 60, 10_000) for minutes in (5, 10, 60, 180)]
    assert counts == sorted(set(counts))
    assert counts[1] < 2 * counts[0]


def sentence(number, ends, words=10):
    text = " ".join(["word"] * words)
    return Sentence(text, number, number, 0, 9, 0.0, 1.0, 0.0, False, False, begins=0.9, ends=ends)


def test_a_statement_ends_where_an_end_is_surest_and_is_not_too_long():
    assert passages([sentence(0, 1.0), sentence(1, 1.0)]) == [0, 1]
    assert passages([sentence(0, 0.5), sentence(1, 0.9), sentence(2, 0.6)]) == [1, 1, 2]
    assert passages([sentence(0, 0.5, 30), sentence(1, 0.9, 30)]) == [0, 1]
    assert passages([sentence(0, 0.5), sentence(1, 1.0), sentence(2, 0.6)])[0] == 1


def test_statements_of_bare_text_do_not_overlap():
    cues = tuple(Cue(i * 4.0, 3.0, text) for i, text in enumerate(BREAD))
    found = find_sentences(Speech(Transcript("abcdefghijk", "en", True, cues)))
    choice = Choice(found, Terms(found, "en"), "")
    spans = sorted(
        (choice.statement(index).offset, choice.statement(index).stop)
        for index in (*choice.lead(3), *choice.sections([0], 7)[0])
    )
    assert len(spans) > 3
    assert all(stop <= start for (_, stop), (start, _) in pairwise(spans))


def test_other_languages_have_statements_too():
    texts = [
        "Дрожжи едят сахар и выделяют очень много газа.",
        "И он поднимает тесто за один час в миске.",
    ] * 2
    texts += ["Клейковина держит газ внутри мягкого теста весь день."]
    (section,) = Chosen(*texts, language="ru").sections(0, total=2)
    assert set(section) == {texts[0], texts[4]}
