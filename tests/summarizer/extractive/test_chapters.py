"""The author's chapters as sections, and which of them cannot be right."""

import pytest

from generator.models import Chapter
from generator.summarizer.extractive.chapters import Span, chapter_spans, clean_title
from generator.summarizer.extractive.sentences import Sentence

SENTENCES = tuple(
    Sentence(f"Word {i}.", i, i, i * 8, i * 8 + 7, i * 10.0, i * 10.0 + 9, 1.0, True, False)
    for i in range(30)
)


def spans(*chapters):
    return chapter_spans(tuple(Chapter(*chapter) for chapter in chapters), SENTENCES)


def test_a_chapter_begins_with_the_sentence_nearest_to_its_start():
    assert spans((0, "One"), (98, "Two"), (204, "Three")) == [
        Span(0, "One"),
        Span(10, "Two"),
        Span(20, "Three"),
    ]


@pytest.mark.parametrize(
    "chapters",
    [
        (),
        ((0, "One"),),
        ((0, "One"), (0, "Two")),
        ((100, "One"), (0, "Two"), (200, "Three")),
        ((0, "One"), (100, "Two"), (400, "Three"), (500, "Four"), (600, "Five")),
        ((-50, "One"), (-20, "Two")),
    ],
)
def test_chapters_that_cannot_be_right_are_none(chapters):
    assert spans(*chapters) is None


def test_a_chapter_past_the_last_word_is_left_out():
    assert spans((0, "One"), (100, "Two"), (400, "Credits")) == [Span(0, "One"), Span(10, "Two")]


def test_a_chapter_in_which_nothing_is_said_is_left_out():
    assert spans((0, "Logo"), (2, "One"), (100, "Two")) == [Span(0, "One"), Span(10, "Two")]


def test_much_said_before_the_first_chapter_is_a_section_and_little_belongs_to_it():
    assert spans((100, "One"), (200, "Two")) == [Span(0, ""), Span(10, "One"), Span(20, "Two")]
    assert spans((20, "One"), (200, "Two")) == [Span(0, "One"), Span(20, "Two")]


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("0:00 Intro", "Intro"),
        ("(1:02:03) - The end", "The end"),
        ("3. Yeast", "Yeast"),
        ("Chapter 2: Gluten", "Gluten"),
        ("Глава 2. Мука", "Мука"),
        ("f(x) = x^2", "f(x) = x^2"),
        ("2001 and after", "2001 and after"),
        ("3D printing", "3D printing"),
        ("---", ""),
    ],
)
def test_a_chapters_title_loses_its_time_and_number(title, cleaned):
    assert clean_title(title) == cleaned
