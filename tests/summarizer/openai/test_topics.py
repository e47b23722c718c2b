"""Topics: how many, of which lines, and under which titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.models import Topic
from generator.summarizer.openai.replies import MergeReply, OutlineReply
from generator.summarizer.openai.topics import (
    are_copies,
    join_copies,
    joined_by,
    largest,
    same_name,
    topic_count,
    topics_of,
    without_overlap,
)
from tests.summarizer.openai.asked import outlined, talk

_, LINES = talk(4)  # 24 lines


def topics(*given) -> tuple[Topic, ...]:
    return topics_of(OutlineReply.model_validate(outlined(*given)), LINES)


def topic(title: str, first: int, last: int, *aliases: str) -> Topic:
    return Topic(title, aliases, tuple(range(first, last + 1)))


@pytest.mark.parametrize(
    ("minutes", "wanted", "count"),
    [(1, 5, 1), (5.9, 5, 1), (6, 5, 2), (11, 5, 3), (22, 5, 5), (22, 1, 1), (60, 30, 20)],
)
def test_a_short_talk_has_fewer_topics(minutes, wanted, count):
    assert topic_count(talk(minutes)[1], wanted) == count


def test_few_lines_have_few_topics_however_long_they_last():
    assert topic_count(talk(60, seconds=300)[1], 5) == 2


@pytest.mark.parametrize(
    ("first", "last", "lines"),
    [
        (3, 5, (3, 4, 5)),
        (5, 3, (3, 4, 5)),
        (-7, 2, (1, 2)),
        (23, 10**9, (23, 24)),
        (10**40, 22, (22, 23, 24)),
    ],
)
def test_ranges_are_mended(first, last, lines):
    assert topics(("Tides", first, last)) == (Topic("Tides", (), lines),)


def test_a_topic_with_none_of_the_lines_goes():
    assert topics(("A", 25, 10**9), ("B", -5, 0), ("C", 1, 1)) == (Topic("C", (), (1,)),)


def test_titles_are_cleaned_and_never_empty_nor_longer_than_100_characters():
    found = topics(
        ("## **[[Tides]]**.", 1, 1),
        ("  ", 2, 2),
        ("…!", 3, 3),
        ("“The moon”", 4, 4),
        ("word " * 40, 5, 5),
        ("x" * 300, 6, 6),
        ("a\nb\u202ec", 7, 7),
    )
    long = " ".join(["word"] * 20)
    assert [each.title for each in found] == ["Tides", "The moon", long, "x" * 100, "a bc"]


def test_aliases_differ_from_the_title_and_stand_in_for_a_title_that_is_none():
    reply = {
        "topics": [
            {"title": "Tides", "aliases": ["tides", "Ebb", "", "EBB"], "ranges": RANGE},
            {"title": "", "aliases": ["Moon", "Luna"], "ranges": RANGE},
        ]
    }
    found = topics_of(OutlineReply.model_validate(reply), LINES)
    assert [(each.title, each.aliases) for each in found] == [
        ("Tides", ("Ebb",)),
        ("Moon", ("Luna",)),
    ]


RANGE = [{"first": 1, "last": 2}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Peace negotiation", "Peace negotiations"),
        ("Kremlin's view on peace", "The Kremlin view of peace"),
        ("Мирные переговоры", "Мирных переговоров"),
        ("Tides", "TIDES!"),
        ("Wind power in Denmark", "Denmark's wind power"),
    ],
)
def test_names_are_the_same_but_for_inflection_order_and_little_words(one, other):
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Advantages of wind power", "Disadvantages of wind power"),
        ("Pre-war economy", "Post-war economy"),
        ("World War I", "World War II"),
        ("Elections of 1996", "Elections of 1999"),
        ("US economy", "UK economy"),
        ("Import taxes", "Export taxes"),
        ("C++ memory", "C# memory"),
        ("Russian army", "Russian navy"),
        ("Inflation in Russia", "Inflation in Prussia"),
        ("Tides", "Tides in Bristol"),
    ],
)
def test_names_are_not_the_same_for_being_spelt_much_alike(one, other):
    assert not same_name(one, other)


def test_near_copies_are_those_with_one_name_or_mostly_the_same_lines():
    tides = topic("Tides", 1, 10, "Ebb and flow")
    assert are_copies(tides, topic("The tide", 15, 20))
    assert are_copies(tides, topic("Ebb and flow", 15, 20))
    assert are_copies(tides, topic("The moon", 1, 11))
    assert not are_copies(tides, topic("The moon", 1, 14))
    assert not are_copies(tides, topic("Tides in Bristol", 11, 20))


def test_close_names_are_one_topic_only_where_they_share_half_of_the_lines():
    bay = topic("Tides of the Bay of Fundy", 1, 10)
    assert are_copies(bay, topic("Tides in Fundy bay today", 6, 15))
    assert not are_copies(bay, topic("Tides in Fundy bay today", 7, 16))


def test_joined_near_copies_have_all_lines_and_the_other_names_as_aliases():
    joined = join_copies(
        [topic("Moon", 12, 14), topic("The tide", 9, 10, "Ebb"), topic("Tides", 1, 8, "Flow")]
    )
    assert joined == (topic("Tides", 1, 10, "Flow", "The tide", "Ebb"), topic("Moon", 12, 14))


def test_a_line_belongs_to_the_shortest_topic_that_claims_it():
    found = without_overlap([topic("General", 1, 20), topic("Special", 5, 8), topic("None", 5, 8)])
    assert found == (Topic("General", (), (1, 2, 3, 4, *range(9, 21))), topic("Special", 5, 8))


def test_the_largest_are_kept_in_order():
    small, large, middle = topic("A", 1, 2), topic("B", 3, 9), topic("C", 10, 13)
    assert largest([small, large, middle], 2) == (large, middle)


def test_parts_are_joined_as_the_reply_says_each_once():
    parts = (topic("A", 1, 3), topic("B", 4, 9), topic("C", 10, 11), topic("D", 12, 13))
    reply = {
        "topics": [
            {"title": "A and C", "aliases": ["AC"], "parts": [1, 3, 3, 99, -1]},
            {"title": "", "aliases": [], "parts": [2, 1]},
            {"title": "Nothing", "aliases": [], "parts": [1]},
        ]
    }
    assert joined_by(MergeReply.model_validate(reply), parts) == (
        Topic("A and C", ("AC",), (1, 2, 3, 10, 11)),
        topic("B", 4, 9),
    )


@given(
    st.lists(
        st.tuples(
            st.text(max_size=150) | st.sampled_from(["Tides", "tide", "Moon"]),
            st.integers(),
            st.integers(),
        ),
        max_size=8,
    )
)
def test_whatever_a_model_says_titles_are_distinct_and_lines_of_the_talk_and_of_one_topic(given):
    found = without_overlap(join_copies(topics(*given)))
    titles = [each.title.casefold() for each in found]
    numbers = [number for each in found for number in each.lines]
    assert len(set(titles)) == len(titles)
    assert all(0 < len(each.title) <= 100 for each in found)
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(range(1, 25))
