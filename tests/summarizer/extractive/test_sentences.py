"""Where sentences begin and end, and which cues they are from."""

import pytest

from generator.models import Cue, Transcript
from generator.summarizer.extractive.sentences import find_sentences, joined
from generator.summarizer.extractive.speech import Speech
from tests.summarizer.extractive.bare_talks import BREAD, GERMAN, RUSSIAN, timed


def speech(*texts, language="en", seconds=4.0):
    cues = tuple(Cue(i * seconds, seconds, text) for i, text in enumerate(texts))
    return Speech(Transcript("abcdefghijk", language, False, cues))


def sentences(*texts, language="en"):
    return [sentence.text for sentence in find_sentences(speech(*texts, language=language))]


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
        (
            "ru",
            ["Раз. Это т.е.", "первый шаг. Потом второй. Два. Три. Всё."],
            ["Раз.", "Это т.е. первый шаг.", "Потом второй.", "Два.", "Три.", "Всё."],
        ),
        (
            "ja",
            ["今日は晴れです。明日は", "雨でしょう。"],
            ["今日は晴れです。", "明日は雨でしょう。"],
        ),
        ("hi", ["यह पहला है। यह दूसरा है।"], ["यह पहला है।", "यह दूसरा है।"]),
        ("ar", ["ما هذا؟ هذا كتاب."], ["ما هذا؟", "هذا كتاب."]),
        ("de", ["Am 3. Oktober war es kalt. Sehr."], ["Am 3. Oktober war es kalt.", "Sehr."]),
        ("und", ["It rains. We stay", "at home."], ["It rains.", "We stay at home."]),
        ("", ["It rains. We stay", "at home."], ["It rains.", "We stay at home."]),
        ("tlh-x-any", ["It rains. We stay", "at home."], ["It rains.", "We stay at home."]),
    ],
)
def test_sentences_of_any_script(language, cues, expected):
    assert sentences(*cues, language=language) == expected


def test_a_sentence_knows_its_cues_its_offset_and_when_it_is_said():
    found = find_sentences(speech("One two. Three", "four five."))[1]
    assert (found.text, found.first, found.last) == ("Three four five.", 0, 1)
    assert found.offset == len("One two. ")
    assert found.start == pytest.approx(4.0 * 9 / 14)
    assert found.end == pytest.approx(8.0)


def test_the_pause_before_a_sentence_is_about_the_silence_between_cues():
    cues = (Cue(0.0, 2.0, "One two three."), Cue(5.0, 2.0, "Four five. Six seven."))
    found = find_sentences(Speech(Transcript("abcdefghijk", "en", False, cues)))
    assert [sentence.pause for sentence in found] == pytest.approx([0.0, 3.0, 0.0], abs=0.3)


def test_what_is_found_without_punctuation_is_not_certain_and_all_else_is():
    texts = [f"the number {n} is one of many numbers here" for n in range(30)]
    bare, punctuated = (find_sentences(speech(*cues)) for cues in (texts, ["One. Two."]))
    assert " ".join(sentence.text for sentence in bare) == " ".join(texts)
    assert len(bare) > 10
    assert all(0.0 < sentence.certainty <= 1.0 for sentence in bare)
    assert min(sentence.certainty for sentence in bare) < 1.0
    assert not any(sentence.ended for sentence in bare)
    assert [(s.certainty, s.ended) for s in punctuated] == [(1.0, True), (1.0, True)]


@pytest.mark.parametrize("language", ["en", "ru", "xx", "und", ""])
def test_every_word_without_punctuation_is_in_one_sentence(language):
    said = " ".join(BREAD).split()
    for timed_words in (True, False):
        found = find_sentences(Speech(timed(BREAD, language, words_timed=timed_words)))
        assert " ".join(sentence.text for sentence in found).split() == said
        assert len(found) > 5


@pytest.mark.parametrize(
    ("language", "texts"), [("en", BREAD), ("ru", RUSSIAN), ("de", GERMAN), ("xx", BREAD)]
)
def test_sentences_without_punctuation_break_where_the_speaker_pauses(language, texts):
    found = [sentence.text for sentence in find_sentences(Speech(timed(texts, language)))]
    assert len(set(found) & set(texts)) > 0.9 * len(texts)
    evenly = timed(texts, language, pause=0.0)
    assert len({s.text for s in find_sentences(Speech(evenly))} & set(texts)) < len(texts)


def test_a_sentence_begins_when_its_first_word_is_said():
    transcript = timed(BREAD)
    second = find_sentences(Speech(transcript))[1]
    words = [word.start for cue in transcript.cues for word in cue.words]
    count = len(BREAD[0].split())
    assert second.text == BREAD[1]
    assert second.start == words[count]
    assert second.pause == pytest.approx(0.9, abs=0.1)


@pytest.mark.parametrize(
    "cues",
    [
        [(">> hello to you", ""), ("and all >> good day", ""), ("to you", "")],
        [("ANNA: hello to you", ""), ("and all", ""), ("ANNA: good day to you", "")],
        [("hello to you", "Anna"), ("and all", "Anna"), ("good day to you", "Ben")],
        [("- hello to you and all.", ""), ("- good day to you", "")],
    ],
)
def test_another_speaker_begins_another_sentence(cues):
    spoken = tuple(
        Cue(i * 2.0, 2.0, text, speaker=speaker) for i, (text, speaker) in enumerate(cues)
    )
    found = find_sentences(Speech(Transcript("abcdefghijk", "en", True, spoken)))
    assert [s.text.rstrip(".") for s in found] == ["hello to you and all", "good day to you"]


def test_another_speaker_begins_another_sentence_inside_a_long_stretch():
    spoken = tuple(
        Cue(i * 3.0, 3.0, text, speaker="Ben" if i % 2 else "Anna") for i, text in enumerate(BREAD)
    )
    found = find_sentences(Speech(Transcript("abcdefghijk", "en", True, spoken)))
    assert [sentence.text for sentence in found] == BREAD


def test_joined_sentences_are_one_that_begins_and_ends_as_they_do():
    parts = find_sentences(Speech(timed(BREAD)))[2:5]
    one = joined(parts)
    assert one.text == " ".join(BREAD[2:5])
    assert (one.offset, one.start, one.first) == (
        parts[0].offset,
        parts[0].start,
        parts[0].first,
    )
    assert (one.stop, one.end, one.last) == (parts[2].stop, parts[2].end, parts[2].last)
    assert set(one.stops) <= {part.offset for part in parts[1:]}


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
