"""The other names that a title holds."""

import pytest

from generator.summarizer.extractive.titles import aliases_of


@pytest.mark.parametrize(
    ("title", "aliases"),
    [
        ("How bread rises", ()),
        ("Sourdough | Chapter 3, Kitchen science", ("Sourdough",)),
        ("Rising dough (Yeast at work)", ("Rising dough", "Yeast at work")),
        ("Rising dough (beyond the tricks)", ("Rising dough",)),
        ("Rising dough (Part 2)", ("Rising dough",)),
        ("Part 2 | Rising dough", ()),
        ("Chapter 3: Rising dough", ()),
        ("12 | Rising dough", ()),
        ("The | Rising dough", ()),
        ("Yeast and salt: how they get along", ("Yeast and salt",)),
        ("Часть 2 | Дрожжи", ()),
        ("Дрожжи | Часть 2", ("Дрожжи",)),
        ("|", ()),
        ("", ()),
    ],
)
def test_aliases_are_the_names_that_a_title_holds(title, aliases):
    assert aliases_of(title, "ru" if any("а" <= c <= "я" for c in title) else "en") == aliases
