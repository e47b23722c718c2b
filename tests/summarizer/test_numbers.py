"""Numbers as digits and as words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.summarizer.numbers import numbers_in


def values(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(text[n.start : n.end], n.value) for n in numbers_in(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21 of 1,000 and 1 000 000", [("21", "21"), ("1,000", "1000"), ("1 000 000", "1000000")]),
        ("3.14, 2.50. 0,5", [("3.14", "3.14"), ("2.50", "2.5"), ("0,5", "0.5")]),
        ("1.234.567,8", [("1.234.567,8", "1234567.8")]),
        ("the 21st, the 1990s", [("21st", "21"), ("1990s", "1990")]),
        ("x2, H2O and room101", []),
        ("3:45, 50%, -7, $9", [("3", "3"), ("45", "45"), ("50", "50"), ("7", "7"), ("9", "9")]),
        ("3月12日", [("3", "3"), ("12", "12")]),
        ("١٢ и ４２", [("١٢", "12"), ("４２", "42")]),
        ("5 million, 3.5 billion", [("5 million", "5000000"), ("3.5 billion", "3500000000")]),
        ("9" * 40, []),
    ],
)
def test_digits(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twenty-one", [("twenty-one", "21")]),
        ("Twenty one or twenty-first", [("Twenty one", "21"), ("twenty-first", "21")]),
        (
            "two hundred and fifty thousand and three",
            [("two hundred and fifty thousand and three", "250003")],
        ),
        ("one million two hundred thousand", [("one million two hundred thousand", "1200000")]),
        ("a hundred, a thousand", [("hundred", "100"), ("thousand", "1000")]),
        ("three point one four, point five", [("three point one four", "3.14"), ("five", "5")]),
        ("one two three", [("one", "1"), ("two", "2"), ("three", "3")]),
        ("twenty, thirty", [("twenty", "20"), ("thirty", "30")]),
        ("two and three", [("two", "2"), ("three", "3")]),
        ("three hundred and a point", [("three hundred", "300")]),
        ("nineteen eighty-four", [("nineteen eighty-four", "1984")]),
        ("often weighty attention", []),
    ],
)
def test_english_words(text, expected):
    assert values(text) == expected


def test_what_else_a_number_may_be():
    (number,) = numbers_in("1.500")
    assert number.readings == {"1.5", "1500"}
    (year,) = numbers_in("nineteen eighty")
    assert year.readings == {"1980", "19", "80"}
    (people,) = numbers_in("10 300")
    assert people.readings == {"10300", "10", "300"}


def test_words_are_read_in_english_and_where_the_language_is_not_known():
    assert values("ten 10", "nl") == [("10", "10")]
    assert values("ten 10", "und") == values("ten 10", "en-GB") == [("ten", "10"), ("10", "10")]


NUMBER_WORDS = [
    "one",
    "twenty",
    "five",
    "hundred",
    "million",
    "and",
    "point",
    "third",
    "5",
    "1,0",
    "-",
]


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(NUMBER_WORDS)).map(" ".join))
def test_numbers_stand_in_order_and_apart(text):
    at = 0
    for number in numbers_in(text):
        assert at <= number.start < number.end
        assert number.value in number.readings
        at = number.end
