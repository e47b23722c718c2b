"""Text from outside, made safe to keep."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from generator.text import clean, clip, printable


def test_clean_text_is_one_line_that_shows_what_it_holds():
    assert clean(" a\u202e\tb\r\n\x07c\u2028d\u00a0e ") == "a b c d e"
    assert clean("e\u0301") == "é"
    assert clean("\ud800x") == "\ufffdx"
    assert clean("می\u200cخواهم 👩\u200d👧") == "می\u200cخواهم 👩\u200d👧"


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not [char for char in cleaned if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}]


def test_long_text_is_cut_at_a_word():
    assert clip("one two three", 13) == "one two three"
    assert clip("one two three", 12) == "one two…"
    assert clip("x" * 20, 10) == "x" * 9 + "…"


def test_printable_keeps_letters_and_nothing_that_commands_a_terminal() -> None:
    assert printable("Дом é 😀\x1b[2J\r\n\u202e\udcff.") == "Дом é 😀 [2J    ."
