"""What trains the extractive engine: it learns a plain rule, and what the engine describes."""

import sys
from pathlib import Path

import numpy as np
import pytest

from generator.models import Cue, Transcript
from generator.summarizer.extractive.headings import word_features
from generator.summarizer.extractive.learned import learned
from generator.summarizer.extractive.sections import section_features
from generator.summarizer.extractive.sentences import find_sentences
from generator.summarizer.extractive.speech import Speech
from generator.summarizer.extractive.statements import statement_features, unit_rows
from generator.summarizer.extractive.terms import Terms
from tests.summarizer.extractive.bare_talks import BREAD

TRAINING = Path(__file__).resolve().parents[1] / "training"
sys.path.insert(0, str(TRAINING))

import choices  # noqa: E402
import pauses  # noqa: E402


@pytest.fixture(scope="module")
def talk():
    cues = tuple(Cue(i * 5.0, 5.0, f"{text}.") for i, text in enumerate(BREAD))
    sentences = find_sentences(Speech(Transcript("abcdefghijk", "en", False, cues)))
    return sentences, Terms(sentences, "en")


def test_the_model_of_pauses_learns_that_sentences_begin_after_long_ones():
    draw = np.random.default_rng(1)
    views = []
    for name in ("one", "two", "three"):
        seen = draw.normal(size=(3000, 4))
        views.append(pauses.View(name, "timed words", seen, (seen[:, 2] > 0.5).astype(float)))
    model = pauses.fit(views[:2], beginnings=2)
    told = pauses.chances_of(model, views[2].features) > 0.5
    assert np.mean(told == (views[2].begins > 0.5)) > 0.95


def test_a_choice_is_learned_from_the_features_that_decide_it():
    draw = np.random.default_rng(1)
    tables, truths = [], []
    for _ in range(3):
        table = {name: draw.normal(5.0, 2.0, size=300) for name in ("pause", "length", "noise")}
        tables.append(table)
        truths.append((table["pause"] - table["length"] > 0).astype(float))
    counts = [np.ones(300)] * 2
    model = choices.fit(tables[:2], truths[:2], counts, 1.0)
    assert np.mean((model.chances(tables[2]) > 0.5) == (truths[2] > 0.5)) > 0.95
    assert model.weight["pause"] > 10 * abs(model.weight["noise"])
    assert model.weight["length"] < -10 * abs(model.weight["noise"])


def test_rows_that_count_nothing_teach_nothing():
    right = np.linspace(-1.0, 1.0, 100)
    tables = [{"pause": right}, {"pause": right}]
    truths = [(right > 0).astype(float), (right < 0).astype(float)]
    model = choices.fit(tables, truths, [np.ones(100), np.zeros(100)], 1.0)
    assert model.weight["pause"] > 0


def test_the_truth_of_words_that_are_left_out_goes_to_the_next_one():
    speech = Speech(Transcript("abcdefghijk", "en", True, (Cue(0.0, 4.0, "so um we go uh home"),)))
    begins = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0])
    assert [speech.text[token.offset : token.stop] for token in speech.tokens] == [
        "so",
        "we",
        "go",
        "home",
    ]
    assert pauses.of_tokens(speech, begins).tolist() == [1.0, 1.0, 0.0, 1.0]


def test_sections_have_the_weights_of_their_features(talk):
    assert learned().sections.weight.keys() == section_features(*talk).keys()


def test_statements_have_the_weights_of_their_features(talk):
    sentences, terms = talk
    columns = statement_features(sentences, terms, unit_rows(terms))
    assert learned().statements.weight.keys() == columns.keys()


def test_headings_have_the_weights_of_their_words_features(talk):
    sentences, terms = talk
    for _, columns in word_features(sentences, terms, [0, 20, 40], "How bread rises"):
        assert learned().headings.weight.keys() == columns.keys()


def test_headings_in_other_languages_lack_only_what_is_known_of_english_words(talk):
    sentences, _ = talk
    ((_, columns),) = word_features(sentences, Terms(sentences, "ru"), [0, 40], "")
    assert columns.keys() < learned().headings.weight.keys()
