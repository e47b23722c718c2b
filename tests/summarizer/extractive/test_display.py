"""How sentences are shown: their capitals, punctuation and names."""

import pytest

from generator.models import Chapter, Cue, Transcript, Video
from generator.summarizer.extractive.display import Display, capitalized
from generator.summarizer.extractive.sentences import find_sentences
from generator.summarizer.extractive.speech import Speech
from tests.summarizer.extractive.bare_talks import BREAD, timed


def display_of(transcript, title="", description="", chapters=()):
    speech = Speech(transcript)
    video = Video(
        "abcdefghijk", title, "kitchen", description=description, chapters=tuple(chapters)
    )
    return speech, Display(speech, video)


def shown(*texts, language="en", **about):
    cues = tuple(Cue(i * 4.0, 4.0, text) for i, text in enumerate(texts))
    speech, display = display_of(Transcript("abcdefghijk", language, False, cues), **about)
    return [display.statement(sentence)[0] for sentence in find_sentences(speech)]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("So the dough rests in the bowl for an hour.", "The dough rests in the bowl for an hour."),
        ("And then the loaf cools on the rack at night.", "The loaf cools on the rack at night."),
        ("Okay so we fold the warm dough four times.", "We fold the warm dough four times."),
        (
            "And makes it rise for an hour or even more.",
            "And makes it rise for an hour or even more.",
        ),
        ("So the dough rests.", "So the dough rests."),
        (
            "But it rises in the bowl for an hour or two.",
            "But it rises in the bowl for an hour or two.",
        ),
        (
            "Bread and butter are on the table in here.",
            "Bread and butter are on the table in here.",
        ),
    ],
)
def test_a_connective_goes_only_where_the_rest_stands_by_itself(said, text):
    assert shown(said) == [text]


def test_a_statement_without_its_connective_begins_at_its_first_shown_word():
    said = "We bake. So the dough rests in the bowl for an hour."
    speech, display = display_of(timed([said]))
    text, sentence = display.statement(find_sentences(speech)[1])
    assert text == "The dough rests in the bowl for an hour."
    assert speech.text[sentence.offset :].startswith("the dough rests")
    assert sentence.start == speech.cues[0].words[3].start


def test_bare_sentences_get_a_capital_and_a_full_stop():
    assert shown("the bread is warm and good") == ["The bread is warm and good."]
    assert shown("“the bread”, he says, is good") == ["“The bread”, he says, is good."]
    assert shown("今日はパンの話をします") == ["今日はパンの話をします。"]


def test_what_has_its_own_punctuation_gets_no_more():
    assert shown("Is the bread warm?", "It is!", "We wait…") == [
        "Is the bread warm?",
        "It is!",
        "We wait…",
    ]


def test_a_bare_question_gets_its_mark():
    question = "how does the yeast turn sugar into gas"
    speech, display = display_of(timed([*BREAD[:8], question, *BREAD[8:16]]))
    texts = [display.statement(sentence)[0] for sentence in find_sentences(speech)]
    assert texts[8] == "How does the yeast turn sugar into gas?"
    assert all(text.endswith(".") for text in [*texts[:8], *texts[9:]])


def test_names_are_spelled_as_in_the_middle_of_the_description_title_or_chapters():
    said = "the bread of anna and anja in graz is baked with the ovenpro"
    assert shown(
        said,
        title="Bread by Anna",
        description="A talk with Anja about bread.\nBaked with the OvenPro.",
        chapters=[Chapter(0.0, "The mill in Graz")],
    ) == ["The bread of Anna and Anja in Graz is baked with the OvenPro."]
    assert "anja in graz is baked with the ovenpro" in shown(said)[0]


def test_a_capital_that_begins_a_line_or_a_sentence_or_a_title_in_title_case_teaches_nothing():
    assert shown(
        "the quick guide to better questions is long and the work is hard",
        title="The Quick Guide To Better Questions",
        description="Questions are good. Work is better!\n- Long talks\n0:00 Hard: this one",
    ) == ["The quick guide to better questions is long and the work is hard."]


def test_a_title_in_title_case_teaches_capitals_inside_words():
    assert shown("the long work with latex goes on", title="The Long Work With LaTeX") == [
        "The long work with LaTeX goes on."
    ]


def test_names_are_spelled_in_the_possessive_too():
    about = {"description": "We met Anna there, and the brother of Ben’s friend."}
    assert shown("the oven of anna's friend and ben’s oven are hot", **about) == [
        "The oven of Anna's friend and Ben’s oven are hot."
    ]


def test_english_names_are_spelled_as_usual_in_english_talks_only():
    assert shown("on tuesday i think i'm in the kitchen") == [
        "On Tuesday I think I'm in the kitchen."
    ]
    assert shown("on tuesday i think", language="nl") == ["On tuesday i think."]


def test_a_talk_that_has_capitals_keeps_its_spelling():
    said = "The bread of anna rises on tuesday with latex."
    assert shown(said, description="Baked with Anna in LaTeX.") == [said]


def test_a_heading_is_spelled_like_a_statement():
    _, display = display_of(timed(BREAD), description="Baked with Anna in Vienna.")
    assert display.phrase("ovens of anna") == "ovens of Anna"


@pytest.mark.parametrize(
    ("text", "capital"),
    [
        ("bread", "Bread"),
        ("«хлеб»", "«Хлеб»"),
        ("¿qué?", "¿Qué?"),
        ("3 loaves", "3 loaves"),
        ("", ""),
    ],
)
def test_the_first_letter_becomes_a_capital(text, capital):
    assert capitalized(text) == capital
