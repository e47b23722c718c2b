"""Names and statements without marks that are not theirs."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.summarizer.openai.phrasing import ended, leading_in, name, sentence


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("## Tides", "Tides"),
        ("**Tides** and the `moon`", "Tides and the moon"),
        ("[[tides_of_fundy | Tides of Fundy]]", "Tides of Fundy"),
        ("[Tides](https://example.org/x)", "Tides"),
        ('"Tides"', "Tides"),
        ("“Deep” and “wide”", "“Deep” and “wide”"),
        ("The moon [00:12:01]", "The moon"),
        ("Tides.", "Tides"),
        ("Peace with the U.S.", "Peace with the U.S."),
        ("What next…", "What next…"),
        ("***", ""),
        ("- Tides", "Tides"),
        ("1. The *moon*:", "The moon"),
        ("-5 degrees", "-5 degrees"),
        ("> 3 metres", "3 metres"),
        ('<a href="https://x.y">The</a> <b>moon</b><!-- x --><br/>', "The moon"),
        ("If a<b and b>c", "If a<b and b>c"),
        ("C++ and A* search", "C++ and A* search"),
        ("A* and B* search", "A* and B* search"),
        ("The C# language", "The C# language"),
    ],
)
def test_a_name_has_no_markup(given, cleaned):
    assert name(given) == cleaned


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("* The moon pulls.", "The moon pulls."),
        ("1. The moon pulls.", "The moon pulls."),
        ("3.5 metres is the mean.", "3.5 metres is the mean."),
        ("The moon pulls (line 12).", "The moon pulls."),
        ("The moon pulls [12, 13].", "The moon pulls."),
        ("The moon pulls (1911).", "The moon pulls (1911)."),
        ("The moon pulls [00:01:02].", "The moon pulls."),
        ("The [[moon]] and [sun](https://x.y).", "The moon and sun."),
        ("**The** moon\n\n# pulls", "**The** moon # pulls"),
        ("…", ""),
        ("x " * 3000, ""),
    ],
)
def test_a_statement_is_its_words(given, cleaned):
    assert sentence(given, {12}) == cleaned


@pytest.mark.parametrize(
    ("given", "following", "text"),
    [
        ("The moon pulls", "The sun too.", "The moon pulls."),
        ("While the moon pulls", "the sun does too.", "While the moon pulls,"),
        ("The moon pulls.", "", "The moon pulls."),
        ("It is “half”", "", "It is “half”."),
        ("It is “half.”", "", "It is “half.”"),
        ("It is (half)", "", "It is (half)."),
        ("Does it?", "", "Does it?"),
        ("He said:", "", "He said."),
        ("月が引く", "", "月が引く。"),
        ("चाँद खींचता है", "", "चाँद खींचता है"),
        ("It is 12", "", "It is 12."),
    ],
)
def test_a_statement_of_a_paragraph_ends_as_one(given, following, text):
    assert ended(given, following) == text


def test_a_lead_in_ends_with_a_colon():
    assert [leading_in(text) for text in ("These are", "These are.", "These are:")] == [
        "These are:"
    ] * 3


@example("Tides .")
@given(st.text())
def test_whatever_a_model_writes_is_one_line_without_links(text):
    for cleaned in (name(text), sentence(text)):
        assert cleaned == " ".join(cleaned.split())
