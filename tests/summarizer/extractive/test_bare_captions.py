"""Notes on generated captions: small letters, no punctuation, and a time for each word."""

import math
from dataclasses import replace
from itertools import accumulate

import pytest

from generator.models import Chapter, Cue, Found, Transcript, statements_in
from generator.summarizer.extractive.boundaries import bare
from tests.summarizer.extractive.bare_talks import BREAD, GERMAN, NAMES, RUSSIAN, timed
from tests.summarizer.extractive.test_engine import VIDEO, draft_of, grounded

NAMED = [
    text.replace("the oven", "anna's oven").replace("yeast", "yeast from canada") for text in BREAD
]


def words_in(text):
    return [word for word in map(bare, text.split()) if word]


def note_of(transcript, video=VIDEO):
    return grounded(transcript, draft_of(transcript, video), video)


@pytest.mark.parametrize(
    ("language", "texts"), [("en", BREAD), ("en", NAMED), ("ru", RUSSIAN), ("de", GERMAN)]
)
def test_statements_begin_and_end_where_the_speaker_pauses(language, texts):
    talk = [word for text in texts for word in text.split()]
    ends = list(accumulate(len(text.split()) for text in texts))
    begins = {0, *ends[:-1]}
    statements = list(statements_in(note_of(timed(texts, language))))
    assert len(statements) >= 3
    for statement in statements:
        said = words_in(statement.text)
        places = [
            at for at in range(len(talk)) if talk[at : at + len(said)] == said and at in begins
        ]
        assert places, statement.text
        assert places[0] + len(said) in ends, statement.text


def test_statements_are_cited_from_the_second_at_which_their_first_word_is_said():
    transcript = timed(BREAD)
    talk = [(word, time) for cue in transcript.cues
            for word, (_, time) in zip(cue.text.split(), cue.words, strict=True)]  # fmt: skip
    for statement in statements_in(note_of(transcript)):
        said = words_in(statement.text)
        (start,) = [
            talk[at][1]
            for at in range(len(talk))
            if [word for word, _ in talk[at : at + len(said)]] == said
        ]
        (citation,) = statement.citations
        assert citation.second == math.floor(start)
        assert citation.found is Found.EXACT
        assert citation.quote == statement.evidence[0].quote
        assert said[: len(citation.quote.split())] == citation.quote.split()


def test_statements_are_shown_as_sentences_with_names_as_the_description_spells_them():
    video = replace(VIDEO, description=NAMES)
    texts = [statement.text for statement in statements_in(note_of(timed(NAMED), video))]
    assert all(text[0].isupper() and text.endswith(".") for text in texts)
    together = " ".join(texts)
    assert "Canada" in together
    assert "Anna's oven" in together
    assert "canada" not in together
    assert "anna" not in together


def test_the_pronoun_of_the_speaker_is_a_capital():
    texts = [f"{text} as i know and i'm told" for text in BREAD]
    together = " ".join(statement.text for statement in statements_in(note_of(timed(texts))))
    assert " I know" in together
    assert " I'm told" in together
    assert " i " not in together


@pytest.mark.parametrize("language", ["en", "ru", "xx", "und", ""])
def test_captions_whose_words_are_not_timed_give_a_note_of_what_is_said(language):
    talk = f" {' '.join(BREAD)} "
    note = note_of(timed(BREAD, language, words_timed=False))
    assert statements_in(note)
    for statement in statements_in(note):
        assert f" {' '.join(words_in(statement.text))} " in talk


def test_the_authors_chapters_are_taken_rather_than_what_is_learned():
    transcript = timed(BREAD)
    middle = transcript.cues[len(transcript.cues) // 2].start
    chapters = (Chapter(0.0, "Before"), Chapter(middle, "After"))
    draft = draft_of(transcript, replace(VIDEO, chapters=chapters))
    assert [section.heading for section in draft.sections] == ["Before", "After"]
    assert draft.sections[1].start == pytest.approx(middle, abs=5.0)


@pytest.mark.parametrize("mark", [">> ", ">> ANNA: ", "ANNA: ", "Speaker 2: ", "[Music] "])
def test_speaker_marks_are_in_no_statement_and_no_heading(mark):
    cues = tuple(
        Cue(i * 5.0, 4.0, mark + text if i % 2 else text) for i, text in enumerate(BREAD * 2)
    )
    draft = draft_of(Transcript("abcdefghijk", "en", True, cues))
    shown = [statement.text for statement in statements_in(draft)]
    shown += [section.heading for section in draft.sections]
    assert len(shown) > 6
    assert not [text for text in shown if {">", "Music", "ANNA", "Speaker"} & set(text.split())]
    assert not [text for text in shown if ">>" in text or "ANNA" in text or ":" in text]
    assert all(words_in(text)[0] not in {"anna", "speaker", "music"} for text in shown)
