"""Which numbers and names of a statement are doubted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.models import Citation, Cue, Found, Statement, Transcript
from generator.summarizer.doubts import Doubt, DoubtKind, doubts_of
from generator.summarizer.lines import make_lines

SAID = (
    "So Valeri Solovey spoke in nineteen eighty four.",
    "About a thousand five hundred men met president trump in the kremlin.",
    "Twenty-one of them left the United States, n a t o said.",
    "The navier stokes equations are on you tube.",
    *(f"Nothing is told in line {word} of this." for word in ("alpha", "beta", "gamma", "delta")),
    "Far away Napoleon counted 77 horses.",
)


def doubted(text: str, *, said=SAID, line: int = 0, talk="en", note="en", allowed=()):
    cues = tuple(Cue(5.0 * i, 5, words) for i, words in enumerate(said))
    transcript = Transcript("rP2kEF3Mj-o", talk, False, cues)
    citation = Citation(5 * line, line, 0, said[line][:9], Found.EXACT)
    statement = Statement(text, citations=(citation,))
    doubts = doubts_of(statement, transcript, make_lines(transcript), allowed, note)
    assert all(doubt.statement == text for doubt in doubts)
    return [(doubt.kind.value, doubt.text) for doubt in doubts]


@pytest.mark.parametrize(
    "text",
    [
        "In 1984 he spoke.",
        "1,500 men, 1500 men, one thousand five hundred men met the 21st.",
        "Then Valery Solovey's speech was Solovey’s first, a second later, for one.",
        "In it Trump and NATO and the U.S. and the US met in the Kremlin.",
        "The Navier-Stokes equations, shown on YouTube, I'm told, are II.",
        "He said: Many men left. “Others” stayed. Peace came.",
        "The Kremlin-based Solovey left x and Y.",
    ],
)
def test_what_is_said_near_the_evidence_is_not_doubted(text):
    assert doubted(text) == []


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("In 1985 he spoke.", [("number", "1985")]),
        ("Twenty-two men met 15,000.", [("number", "Twenty-two"), ("number", "15,000")]),
        ("He met Vladimir Putin’s men.", [("name", "Vladimir Putin")]),
        ("NASA sent an iPhone.", [("name", "NASA"), ("name", "iPhone")]),
        ("With Leonhard Euler came 3 men.", [("name", "Leonhard Euler"), ("number", "3")]),
        ("The Moscow-based Trump.", [("name", "Moscow-based")]),
        ("It was Napoleon with 77 horses.", [("name", "Napoleon"), ("number", "77")]),
    ],
)
def test_what_is_not_said_there_is_doubted_in_order(text, doubts):
    assert doubted(text) == doubts


def test_near_is_three_lines_away():
    assert doubted("It is on YouTube.", line=0) == []
    assert doubted("It is on YouTube.", line=6) == []
    assert doubted("It is on YouTube.", line=7) == [("name", "YouTube")]
    assert doubted("It was Napoleon with 77 horses.", line=5) == []


def test_the_title_and_the_channel_may_be_named():
    text = "Then Leonhard Euler, in 1736, asked."
    assert doubted(text, allowed=("Euler's bridges", "leonhard", "Since 1736")) == []
    assert doubted(text, allowed=("Euler's bridges",)) == [
        ("name", "Leonhard"),
        ("number", "1736"),
    ]


RUSSIAN = ("Валерий Соловей говорил о Трампе две тысячи раз, 45 раз в НАТО.",)


def test_names_with_digits():
    said = ("Then r two d two and R2D2 met gpt four or GPT 4, and C3PO.",)
    assert doubted("There R2D2 met GPT-4 and GPT4, and BB8.", said=said) == [("name", "BB8")]


def test_initials_stand_for_their_words():
    said = ("The north atlantic treaty organisation and the european union met.",)
    assert doubted("There NATO met the EU and the UN.", said=said) == [("name", "UN")]


def test_across_scripts_nothing_is_judged():
    assert doubted("Here Putin met 99 men.", said=RUSSIAN, talk="ru") == []
    assert doubted("Тут Путин и 99 людей, и 3.", said=RUSSIAN, talk="ru", note="ru") == [
        ("name", "Путин"),
        ("number", "99"),
    ]
    assert doubted("Тут Трамп с Соловьём и NASA, и 45.", said=RUSSIAN, talk="ru", note="ru") == []


def test_german_nouns_are_not_names():
    said = ("Der Mond zieht am Meer, und das seit 4000 Jahren.",)
    text = "Seine Schwerkraft zieht seit 4.000 Jahren, laut der NASA."
    assert doubted(text, said=said, talk="de", note="de") == [("name", "NASA")]


def test_scripts_without_capitals_have_no_names_to_doubt():
    said = ("潮の満ち引きは月の重力が30年。",)
    assert doubted("太陽の重力は30年、40年。", said=said, talk="ja", note="ja") == [
        ("number", "40")
    ]


def test_a_doubt_says_all():
    transcript = Transcript("rP2kEF3Mj-o", "en", False, (Cue(0, 5, "We went home early."),))
    statement = Statement("They met Bob.", citations=(Citation(0, 0, 0, "We", Found.EXACT),))
    assert doubts_of(statement, transcript, make_lines(transcript)) == (
        Doubt("They met Bob.", DoubtKind.NAME, "Bob"),
    )


@settings(deadline=None)
@given(st.text(), st.text(), st.sampled_from(["en", "ru", "de", "und", "", "x-y"]))
def test_any_text_is_judged(text, said, language):
    doubts = doubted(text, said=(said, *SAID), talk=language, note=language, allowed=(said,))
    assert all(words and words in text for _, words in doubts)
