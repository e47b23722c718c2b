"""Which lines a statement is likeliest to be from."""

from generator.models import Evidence, Line, Statement
from generator.summarizer.openai.likeliest import Likeliest


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(n, n, n, text, n * 1.0, n + 1.0) for n, text in enumerate(texts, start=1))


FILLER = [f"and then we went on to the place of {word}" for word in "abcdefghij"]
TALK = lines(*FILLER, "the surveyor Méchain measured the meridian in 1792", *FILLER)


def test_rare_words_and_their_inflections_tell_the_line():
    statement = Statement("Measuring meridians took years.", (Evidence(99, "nobody said this"),))
    assert 11 in Likeliest(TALK).of(statement)


def test_words_that_all_lines_have_tell_nothing():
    assert Likeliest(TALK).of(Statement("And then we went on.", (Evidence(99, "we went"),))) == ()


def test_names_and_numbers_tell_it_in_another_language():
    talk = lines(*FILLER, "в 1792 году Mechain поехал", *FILLER)
    assert Likeliest(talk).of(Statement("Mechain left in 1792.", (Evidence(-3, "x"),))) == (11,)


def test_named_lines_are_shown_too():
    statement = Statement("Méchain measured.", (Evidence(3, "nobody said"),))
    assert Likeliest(TALK).of(statement) == (3, 11)


def test_where_no_words_are_shared_two_on_each_side_are():
    assert Likeliest(TALK).of(Statement("Ганс.", (Evidence(2, "нет"),))) == (1, 2, 3, 4)
    assert Likeliest(TALK).of(Statement("Ганс.", (Evidence(10**9, "нет"),))) == ()
