"""What of captions is no part of the speech."""

import pytest

from generator.summarizer.extractive.function_words import primary
from generator.summarizer.extractive.sentences import tidy
from generator.summarizer.extractive.spoken import blank, speaker_marks, unspoken


def spoken(*cues, language="en"):
    text = " ".join(cues)
    starts = [sum(len(cue) + 1 for cue in cues[:index]) for index in range(len(cues))]
    blanked = unspoken(blank(text, speaker_marks(text, starts)), language)
    assert len(blanked) == len(text)
    return tidy(blanked)


@pytest.mark.parametrize(
    ("language", "said", "kept"),
    [
        ("en", "So, um, we begin.", "So we begin."),
        ("en", "It sits in, uh, the box.", "It sits in the box."),
        ("en", "We have apples, uh, pears.", "We have apples, pears."),
        ("en", "We are done, uh.", "We are done."),
        ("en", "Uh-huh, that is it.", "Uh-huh, that is it."),
        ("en", "It is 5 mm wide.", "It is 5 mm wide."),
        ("en", "take the the left one and and go", "take the left one and go"),
        ("en", "I know that that had had an effect.", "I know that that had had an effect."),
        ("en", "It is in the in the house.", "It is in the house."),
        ("en", "so we can see so we can see the bread", "so we can see the bread"),
        ("en", "It is very good, very good bread.", "It is very good, very good bread."),
        ("ru", "Это в нашем в нашем доме.", "Это в нашем доме."),
        ("de", "Es geht um ähm den Er er.", "Es geht um den Er er."),
        ("pt", "É um prato e um, um copo.", "É um prato e um copo."),
        ("fr", "Vous vous levez, euh, tôt.", "Vous vous levez, tôt."),
        ("ru", "Это, э-э, новый и и старый.", "Это новый и старый."),
        ("ja", "えーと、今日は", "今日は"),
        ("und", "um er eh hmmm yes", "um er eh yes"),
    ],
)
def test_hesitation_goes_and_words_stay(language, said, kept):
    assert spoken(said, language=language) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("[Music] Hello.", "Hello."),
        ("Hello (applause) all.", "Hello all."),
        ("Hello (LAUGHTER CONTINUES) all.", "Hello all."),
        ("♪ La la ♪", "La la"),
        ("The range [0, 1] and a[index] (so they say).",
         "The range [0, 1] and a[index] (so they say)."),
        ("See [[a link]] there.", "See [[a link]] there."),
        (">> JOHN: Good day. >> Good day.", "Good day. Good day."),
        ("Speaker 2: Good day.", "Good day."),
        ("DNA: a long molecule.", "DNA: a long molecule."),
    ],
)  # fmt: skip
def test_sounds_and_speakers_go_and_brackets_of_the_talk_stay(said, kept):
    assert spoken(said) == kept


def test_a_name_in_capitals_is_a_speaker_where_cues_repeatedly_begin_with_it():
    assert spoken("ANNA: Good day.", "BEN: Hi.", "ANNA: So.") == "Good day. BEN: Hi. So."


def test_the_dash_of_a_dialogue_goes_and_that_of_a_sentence_stays():
    assert spoken("- Is it?", "- It is", "- in a way - so.") == "Is it? It is - in a way - so."


@pytest.mark.parametrize(
    ("tag", "language"), [("pt-BR", "pt"), ("zh_Hans", "zh"), ("nb", "no"), ("EN", "en")]
)
def test_the_primary_language_of_a_tag(tag, language):
    assert primary(tag) == language
