"""Which quotation marks stay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.models import Citation, Cue, Found, Link, Mention, Statement, Transcript
from generator.summarizer.lines import make_lines
from generator.summarizer.quotations import (
    quotations_in,
    share_language,
    without_false_quotations,
)

TRANSCRIPT = Transcript(
    "rP2kEF3Mj-o",
    "en",
    False,
    (
        Cue(0, 5, "He called the war an incident."),
        Cue(5, 5, "It's time to end it, he said,"),
        Cue(10, 5, "and to stop the long bloodshed."),
        Cue(15, 5, "Nobody believed in peace."),
    ),
)
LINES = make_lines(TRANSCRIPT)
FIRST = Citation(0, 0, 0, "He called the war", Found.EXACT)
SECOND = Citation(5, 1, 0, "It's time to end", Found.EXACT)


def checked(text: str, *, citations=(FIRST, SECOND), markup=False, mentions=(), links=()):
    statement = Statement(
        text, citations=citations, markup=markup, mentions=tuple(mentions), links=tuple(links)
    )
    return without_false_quotations(statement, TRANSCRIPT, LINES)


def test_the_lines_are_as_the_tests_below_take_them():
    assert [(line.first, line.last) for line in LINES] == [(0, 0), (1, 2), (3, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "It is “an incident,” he said.",
        'It is "AN INCIDENT".',
        "It is «its time to end it» now.",
        "„Time to end it“ and „an incident”, »time to end«, ”an incident”, ‹the war›.",
        "“Time to end it, he said, and to stop the long bloodshed”",
        "An incident. It's time: “incident. It's time”.",  # the lines cited follow each other
        "“It's time … to stop the long bloodshed”, “time [...] the long”",
        "« Time to end it »",
        "Trump's men don't ‘agree’, nor do the boys' mothers.",
        'A 5" pipe and a 6" one, “”, "", "…".',
        'No partner: ” or “ or " or « or „.',
        "plain",
        "",
    ],
)
def test_what_was_said_word_for_word_keeps_its_marks(text):
    assert checked(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is “a war”.", "It is a war."),
        ('It is "the incident", "an incident".', 'It is the incident, "an incident".'),
        (
            "«Пора» „kein Krieg“ »fred« ”krig” ‹x› 「戦争」『x』.",
            "Пора kein Krieg fred krig x 戦争x.",
        ),
        ("Il dit « la guerre » ici.", "Il dit la guerre ici."),
        ("“to end … it's time”", "to end … it's time"),  # not in this order
        ("“Nobody believed in peace”", "Nobody believed in peace"),  # not cited
        ("“time to ending it”", "time to ending it"),
        ("“a so-called “incident” now”", "a so-called “incident” now"),
        ("„so-called “war”“", "so-called “war”"),
        ("„so-called “peace”“", "so-called peace"),
        ('"a "time to end" b"', 'a "time to end" b'),
        ("“a „b” c“", "“a b c“"),
    ],
)
def test_else_the_marks_go_and_the_words_stay(text, expected):
    assert checked(text).text == expected


def test_only_the_cited_lines_count():
    on = Citation(0, 0, 14, "war an incident. It's time", Found.EXACT)
    assert checked("“time to end it”", citations=(on,)).text == "“time to end it”"
    assert checked("“time to end it”", citations=(FIRST,)).text == "time to end it"
    assert checked("“an incident”", citations=()).text == "an incident"
    far = Citation(0, 99, 0, "of another transcript", Found.EXACT)
    assert checked("“an incident”", citations=(far,)).text == "an incident"


def test_mentions_and_links_stay_on_their_words():
    text = "The “big war” in “Kyiv”, “an incident”."
    spans = [("big war", 5, 12), ("“Kyiv”", 17, 23), ("Kyiv", 18, 22), ("an incident", 26, 37)]
    assert [text[start:end] for _, start, end in spans] == [words for words, _, _ in spans]
    after = checked(
        text,
        mentions=[Mention(start, end, words) for words, start, end in spans],
        links=[Link(start, end, words) for words, start, end in spans] + [Link(4, 5, "mark")],
    )
    assert after.text == "The big war in Kyiv, “an incident”."
    found = [after.text[mention.start : mention.end] for mention in after.mentions]
    assert found == ["big war", "Kyiv", "Kyiv", "an incident"]
    assert [after.text[link.start : link.end] for link in after.links] == found


def test_code_keeps_its_marks_where_there_is_markup():
    text = '`print("x")` prints "x"'
    assert checked(text, markup=True).text == '`print("x")` prints x'
    assert checked(text).text == "`print(x)` prints x"


@pytest.mark.parametrize(
    ("note", "talk", "same"),
    [
        ("en", "en-GB", True),
        ("en", "ru", False),
        ("en", "und", True),
        ("pt_BR", "pt", True),
        ("EN", "en", True),
    ],
)
def test_which_languages_are_the_same(note, talk, same):
    assert share_language(note, talk) is same


MARKS = st.text(alphabet="\"“”„«»‹›「」'’ aé…`x.", max_size=30)


@settings(deadline=None)
@given(st.text() | MARKS, st.booleans(), st.data())
def test_only_marks_and_spaces_go_from_any_text(text, markup, data):
    places = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(places, places).map(sorted), max_size=3))
    before = [(start, end) for start, end in spans if start < end]
    after = checked(text, markup=markup, mentions=[Mention(s, e, "") for s, e in before])

    def words(text: str) -> str:
        return "".join(char for char in text if char.isalnum())

    assert words(after.text) == words(text)
    assert len(after.text) <= len(text)
    assert all(0 <= m.start < m.end <= len(after.text) for m in after.mentions)
    left = [words(after.text[m.start : m.end]) for m in after.mentions]
    assert [word for word in left if word] == [
        words(text[start:end]) for start, end in before if words(text[start:end])
    ]
    again = without_false_quotations(after, TRANSCRIPT, LINES)
    assert words(again.text) == words(text)


def test_many_marks_are_no_trouble():
    text = "“" * 5000 + "x" + "”" * 5000
    assert len(quotations_in(text)) >= 1
    assert "x" in checked(text).text
