"""Text folded for comparison, and the way back to its source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.summarizer.folding import fold, folded_words, is_enough


def test_folding_keeps_the_way_back_to_the_source():
    folded = fold("“Don’t—STOP…” said Ｆred")
    assert folded.text == "dont stop said fred"
    assert folded.find("stop said") == (7, 18)
    assert folded.source[7:18] == "STOP…” said"
    assert folded.find("top said") is None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("… — !", ""),
        ("Straße", "strasse"),
        ("rock 'n' roll", "rock n roll"),
        ("½ cup", "1 2 cup"),
        ("x² + 1,000", "x2 1 000"),
        ("月の重力", "月 の 重 力"),
        ("Pythonを使う", "python を 使 う"),
        ("cafe\u0301", "cafe\u0301"),
        ("ที่", "ที ่".replace(" ", "")),
    ],
)
def test_what_text_is_folded_to(source, text):
    assert fold(source).text == text


def test_a_place_is_of_whole_words_in_every_script():
    assert fold("the theme of them").find("the") == (0, 3)
    assert fold("of the theme").find("theme") == (7, 12)
    assert fold("of the theme").find("them") is None
    assert fold("次のPythonを使う").find(fold("Pythonを").text) == (2, 9)
    assert fold("次のPythonを使う").find("pytho") is None


def test_a_place_may_have_to_begin_early():
    folded = fold("one two one")
    assert folded.find("two one", before=5) == (4, 11)
    assert folded.find("two one", before=4) is None


@pytest.mark.parametrize(
    ("text", "quote", "place"),
    [
        ("a b c", "b", (2, 3)),
        ("a b a", "a", None),
        ("a a", "a", None),
        ("b a b a b", "b a b", None),
        ("xa a", "a", (3, 4)),
        ("a ax", "a", (0, 1)),
        ("a", "a", (0, 1)),
        ("a", "", None),
        ("", "a", None),
    ],
)
def test_a_place_that_is_there_just_once(text, quote, place):
    assert fold(text).find_once(quote) == place


@pytest.mark.parametrize(
    ("quote", "enough"),
    [
        ("two words", False),
        ("now three words", True),
        ("月の重力が", False),
        ("月の重力が起", True),
        ("Python を使う人", True),
        ("Python を使", False),
    ],
)
def test_three_words_are_enough_or_six_characters_that_are_words(quote, enough):
    assert is_enough(fold(quote)) is enough


@settings(deadline=None)
@given(st.text(), st.text())
def test_all_of_a_text_leads_back_to_what_it_was_folded_from(left, right):
    source = f"{left} {right}"
    folded = fold(source)
    assert len(folded.text) == len(folded.origin)
    assert folded.text == " ".join(folded.text.split())
    assert list(folded.origin) == sorted(folded.origin)
    assert [word for word, _, _ in folded_words(source, 0, len(source))] == folded.text.split()
    for word, start, end in folded_words(source, 0, len(source)):
        assert word in fold(source[start:end]).text.replace(" ", "")  # two are of one “½”


@settings(deadline=None)
@given(st.text(alphabet="ab' 月の.", max_size=20), st.text(alphabet="ab 月の", max_size=5))
def test_it_is_found_once_where_counting_finds_one(source, quote):
    folded, sought = fold(source), fold(quote).text.split()
    words = folded.text.split()
    count = sum(
        words[at : at + len(sought)] == sought for at in range(len(words) - len(sought) + 1)
    )
    assert (folded.find_once(" ".join(sought)) is not None) == (bool(sought) and count == 1)
    assert folded.holds(" ".join(sought)) == (bool(sought) and count > 0)
