"""What is learned of where sentences begin in speech without punctuation."""

import numpy as np
import pytest

from generator.summarizer.extractive.boundaries import (
    MODEL,
    STOP,
    Words,
    bare,
    chances,
    features,
    silences,
    spoken_frequency,
    text_chances,
    unpack,
    usual_spellings,
    vocabulary_index,
    weights,
)
from generator.summarizer.extractive.learned import Logistic, learned, shifted, standard


def words(text, language="en", starts=None):
    texts = text.split()
    times = np.arange(len(texts)) * 0.3 if starts is None else np.array(starts)
    return Words(texts, times, True, language, frozenset({"the"}), frozenset({"and"}))


def test_the_weights_are_small_enough_to_ship():
    assert MODEL.stat().st_size <= 2 * 1024 * 1024
    assert {values.dtype for values in weights().values()} == {np.dtype(np.float32)}
    assert all(np.isfinite(values).all() for values in weights().values())


@pytest.mark.parametrize("language", ["en", "ru", "und"])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 3000])
def test_there_is_one_chance_for_each_word(language, count):
    said = words(" ".join(["the", "bread", "rises", "and"][i % 4] for i in range(count)), language)
    found = chances(said, [(0, count)], weights())
    for chance in (found.begins, found.asks, found.marked):
        assert chance.shape == (count,)
        assert np.isfinite(chance).all()
        assert chance.min() >= 0.0
        assert chance.max() <= 1.0 + 1e-5


def test_a_long_pause_makes_a_sentence_likelier_to_begin():
    said = " ".join(["bread", "dough", "flour", "oven"] * 20)
    times = np.arange(80) * 0.3
    later = times + 1.5 * (np.arange(80) >= 40)
    for language in ("en", "ru"):
        evenly, paused = (
            chances(words(said, language, starts), [(0, 80)], weights())
            for starts in (times, later)
        )
        assert paused.begins[40] > max(0.5, evenly.begins[40])


def test_the_words_alone_tell_where_english_sentences_end():
    said = words("we went to the store yesterday thank you very much i think that it is good")
    rows = text_chances(said, [(0, len(said.texts))])
    assert rows.shape == (len(said.texts), 4)
    assert rows[1:].sum(axis=1) == pytest.approx(1.0)
    assert rows[said.texts.index("thank"), STOP] > rows[said.texts.index("very"), STOP]


def test_only_the_stretches_are_read_and_no_language_that_is_unknown():
    rows = text_chances(words("one two three four five six seven eight"), [(2, 5)])
    assert rows[2:5].sum(axis=1) == pytest.approx(1.0)
    assert not rows[:2].any()
    assert not rows[5:].any()
    assert not text_chances(words("раз два три четыре", "ru"), [(0, 4)]).any()


def test_a_stretch_is_read_alike_wherever_it_stands_in_a_long_talk():
    near = " ".join(["the bread is warm and the dough rests for an hour"] * 10)
    alone, later = words(near), words(f"{near} {near}")
    count = len(alone.texts)
    assert text_chances(later, [(count + 50, count + 60)])[
        count + 50 : count + 60
    ] == pytest.approx(text_chances(alone, [(50, 60)])[50:60], abs=1e-3)


def test_the_silence_before_a_word_does_not_count_the_word_before():
    texts = ["so", "unbelievable"] * 30
    lengths = [0.1 + 0.05 * len(text) for text in texts]
    starts = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    starts[31:] += 2.0
    silence, usual = silences(words(" ".join(texts), starts=starts))
    assert silence[31] == pytest.approx(2.0, abs=0.05)
    assert np.abs(np.delete(silence, 31)).max() < 0.1
    assert 0 < usual < 0.1


def test_words_are_read_without_their_punctuation():
    assert [
        bare(word) for word in ["Bread,", "“Don’t!”", "3.14", "$5.", "50%", "(well-known)"]
    ] == [
        "bread",
        "don't",
        "3.14",
        "$5",
        "50%",
        "well-known",
    ]


def test_the_features_are_as_many_as_the_weights_are_for():
    said = words("the bread is warm and good")
    table = features(said, text_chances(said, [(0, 6)]))
    assert table.shape == (6, len(weights()["mean"]))
    assert weights()["w1"].shape[0] == table.shape[1]


def test_int8_weights_are_scaled_by_row_or_by_column_and_others_stay():
    stored = np.array([[1, -2], [3, -128]], dtype=np.int8)
    rows = np.array([[0.5], [2.0]], dtype=np.float16)
    columns = np.array([0.5, 2.0], dtype=np.float16)
    assert unpack(stored, rows).tolist() == [[0.5, -1.0], [6.0, -256.0]]
    assert unpack(stored, columns).tolist() == [[0.5, -4.0], [1.5, -256.0]]
    plain = unpack(np.array([0.25], dtype=np.float16), None)
    assert (plain.tolist(), plain.dtype) == ([0.25], np.float32)


def test_the_vocabulary_knows_usual_words_how_often_they_are_said_and_how_they_are_spelled():
    known = vocabulary_index()
    assert 0 not in known.values()
    assert len(set(known.values())) == len(known)
    assert spoken_frequency().keys() == known.keys()
    assert spoken_frequency()["the"] > spoken_frequency()["because"]
    assert usual_spellings()["tuesday"] == "Tuesday"
    assert usual_spellings()["i"] == "I"


MODEL_OF_TWO = Logistic(
    mean={"long": 10.0, "early": 0.5},
    spread={"long": 2.0, "early": 0.5},
    weight={"long": 1.0, "early": -3.0},
    bias=0.25,
)


def test_a_missing_feature_counts_as_average():
    long = np.array([10.0, 14.0])
    average = {"long": long, "early": np.array([0.5, 0.5])}
    assert MODEL_OF_TWO.logits({"long": long}).tolist() == [0.25, 2.25]
    assert MODEL_OF_TWO.logits(average).tolist() == [0.25, 2.25]
    assert MODEL_OF_TWO.logits({**average, "other": long}).tolist() == [0.25, 2.25]


def test_chances_rise_with_the_log_odds_and_stay_between_0_and_1():
    found = MODEL_OF_TWO.chances({"long": np.array([-90.0, 9.5, 14.0, 90.0])})
    assert found[1] == pytest.approx(0.5)
    assert found.tolist() == sorted(found.tolist())
    assert 0.0 <= found[0] < 0.01
    assert 0.99 < found[3] <= 1.0


def test_every_learned_weight_has_a_mean_and_a_spread():
    for model in (learned().sections, learned().statements, learned().headings):
        assert model.mean.keys() == model.spread.keys() == model.weight.keys()
        assert min(model.spread.values()) > 0


def test_columns_are_standardized_and_moved():
    assert standard(np.array([1.0, 3.0])).tolist() == [-1.0, 1.0]
    assert standard(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
    column = np.array([1.0, 2.0, 3.0])
    moved = {by: shifted(column, by).tolist() for by in (-1, 0, 1, 5)}
    assert moved == {-1: [0, 1, 2], 0: [1, 2, 3], 1: [2, 3, 0], 5: [0, 0, 0]}
