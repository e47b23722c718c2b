"""Where sentences begin and end, and which cues they are from."""

import pytest

from generator.models import Cue, Transcript
from generator.summarizer.extractive.sentences import Speech


def speech(*texts, language="en", seconds=4.0):
    cues = tuple(Cue(i * seconds, seconds, text) for i, text in enumerate(texts))
    return Speech(Transcript("abcdefghijk", language, False, cues))


def sentences(*texts, language="en"):
    return [sentence.text for sentence in speech(*texts, language=language).sentences]


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        (["It rains. We stay", "at home."], ["It rains.", "We stay at home."]),
        (["It is 3.14 metres long. Or so."], ["It is 3.14 metres long.", "Or so."]),
        (["I met Dr. Brown and Prof. Green. They agreed."],
         ["I met Dr. Brown and Prof. Green.", "They agreed."]),
        (["Some fruit, e.g. Pears. They keep."], ["Some fruit, e.g. Pears.", "They keep."]),
        (["J. Smith wrote it. Fine."], ["J. Smith wrote it.", "Fine."]),
        (["“Really?” he said. Yes."], ["“Really?” he said.", "Yes."]),
        (["Wait… and then it came. Good."], ["Wait… and then it came.", "Good."]),
        (["He asked “why?” Nobody knew."], ["He asked “why?”", "Nobody knew."]),
        (["no capitals here. none there. none at all."],
         ["no capitals here.", "none there.", "none at all."]),
    ],
)  # fmt: skip
def test_a_stop_ends_a_sentence_only_where_it_is_one(cues, expected):
    assert sentences(*cues) == expected


@pytest.mark.parametrize(
    ("language", "cues", "expected"),
    [
        ("ru", ["Это т.е. Первый шаг. Потом второй."], ["Это т.е. Первый шаг.", "Потом второй."]),
        (
            "ja",
            ["今日は晴れです。明日は", "雨でしょう。"],
            ["今日は晴れです。", "明日は雨でしょう。"],
        ),
        ("hi", ["यह पहला है। यह दूसरा है।"], ["यह पहला है।", "यह दूसरा है।"]),
        ("ar", ["ما هذا؟ هذا كتاب."], ["ما هذا؟", "هذا كتاب."]),
        ("de", ["Am 3. Oktober war es kalt. Sehr."], ["Am 3. Oktober war es kalt.", "Sehr."]),
    ],
)
def test_sentences_of_any_script(language, cues, expected):
    assert sentences(*cues, language=language) == expected


def test_a_sentence_knows_its_cues_its_offset_and_when_it_is_said():
    found = speech("One two. Three", "four five.").sentences[1]
    assert (found.text, found.first, found.last) == ("Three four five.", 0, 1)
    assert found.offset == len("One two. ")
    assert found.start == pytest.approx(4.0 * 9 / 14)
    assert found.end == pytest.approx(8.0)


def test_the_pause_before_a_sentence_is_the_silence_between_cues():
    cues = (Cue(0.0, 2.0, "One two three."), Cue(5.0, 2.0, "Four five. Six seven."))
    found = Speech(Transcript("abcdefghijk", "en", False, cues)).sentences
    assert [sentence.pause for sentence in found] == [0.0, 3.0, 0.0]


def test_captions_without_punctuation_become_runs_of_whole_cues():
    texts = [f"the number {n} is one of many numbers here" for n in range(30)]
    found = speech(*texts).sentences
    assert " ".join(sentence.text for sentence in found) == " ".join(texts)
    assert all(sentence.end - sentence.start <= 20.0 for sentence in found)
    assert not any(sentence.whole for sentence in found)
    assert len(found) < 15


def test_an_enormous_sentence_is_parted_at_cues_and_an_ordinary_one_is_not():
    ordinary = ["the wind and the rain"] * 10 + ["came down."]
    assert len(sentences(*ordinary)) == 1
    enormous = ["the wind and the rain and the snow"] * 60 + ["came down."]
    parts = sentences(*enormous)
    assert len(parts) > 5
    assert " ".join(parts) == " ".join(enormous)


def test_an_enormous_cue_is_parted_between_words():
    parts = sentences("word " * 20_000)
    assert all(len(part) <= 700 for part in parts)
    assert set(" ".join(parts).split()) == {"word"}


@pytest.mark.parametrize("text", ["...", "—", "[Music]", "♪ ♪", "😀", ""])
def test_what_has_no_words_is_no_sentence(text):
    assert sentences(text) == []
    assert not speech(text).has_words
