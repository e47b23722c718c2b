"""Times as they are written, and which second each means."""

from __future__ import annotations

import pytest

from generator.reader.readings import Reading, read_time


@pytest.mark.parametrize(
    ("text", "second"),
    [("00:00:37", 37), ("[01:02:03]", 3723), ("99:59:59", 359999)],
)
def test_a_time_as_it_should_be(text, second):
    assert read_time(text) == Reading(second, exact=True, certain=True)


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("25:56", 1556),
        ("[0:07]", 7),
        ("75:20", 4520),
        ("1:02:03", 3723),
        ("00:25:56.700", 1556),
        ("00:25:56,7", 1556),
        (" 00:25:56 ", 1556),
        ("1h2m3s", 3723),
        ("2m", 120),
        ("62s", 62),
        ("62", 62),
        ("62.5", 62),
    ],
)
def test_a_time_in_another_form_that_means_one_second(text, second):
    found = read_time(text)
    assert (found.second, found.certain) == (second, True)
    assert found.exact == (text.strip() != text and ":56 " in text)


@pytest.mark.parametrize(
    ("text", "second"), [("00:75:20", 4520), ("00:12:75", 795), ("12:75", 795)]
)
def test_a_time_that_may_be_a_slip(text, second):
    assert read_time(text) == Reading(second)


@pytest.mark.parametrize(
    "text", ["", "[]", "ten", "1:2:3:4", "00;10", "１２:00", "100:00:00", "h", "-"]
)
def test_what_is_no_time(text):
    assert read_time(text) == Reading()


@pytest.mark.parametrize("text", ["-00:00:05", "−0:05", "[-5]"])
def test_a_time_before_the_start(text):
    assert read_time(text) == Reading(negative=True)
