"""Work cut into parts, and done side by side."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import CompletionTooLong, ModelRefused
from generator.summarizer.openai.chunks import chunks, halves, in_pieces, together


def test_parts_are_of_about_the_same_size_and_within_the_limit():
    assert chunks(tuple(range(10)), 4, lambda _: 1) == ((0, 1, 2, 3), (4, 5, 6), (7, 8, 9))
    assert chunks((1, 2), 10, lambda _: 1) == ((1, 2),)


def test_a_piece_over_the_limit_is_alone():
    assert chunks((1, 50, 1), 10, lambda n: n) == ((1,), (50,), (1,))


@given(st.lists(st.integers(1, 30), max_size=60), st.integers(1, 100))
def test_no_piece_is_lost_and_no_part_over_the_limit(costs, limit):
    parts = chunks(tuple(costs), limit, lambda cost: cost)
    assert [cost for part in parts for cost in part] == costs
    assert all(part and (sum(part) <= limit or len(part) == 1) for part in parts)


def test_halves_hold_all():
    assert halves((1, 2, 3)) == ((1,), (2, 3))


def taking(most: int):
    tried: list[tuple[int, ...]] = []

    async def work(part: tuple[int, ...]) -> int:
        tried.append(part)
        if len(part) > most:
            raise CompletionTooLong("reply")
        return sum(part)

    return work, tried


def test_what_does_not_fit_is_done_half_by_half_in_order():
    work, tried = taking(2)
    assert asyncio.run(in_pieces(work, [(1, 2, 3, 4), (5,)])) == [3, 7, 5]
    assert tried == [(1, 2, 3, 4), (5,), (1, 2), (3, 4)]


def test_a_single_piece_that_does_not_fit_is_an_error():
    work, _ = taking(0)
    with pytest.raises(CompletionTooLong):
        asyncio.run(in_pieces(work, [(1, 2)]))


def test_halving_ends():
    work, tried = taking(0)
    with pytest.raises(CompletionTooLong):
        asyncio.run(in_pieces(work, [tuple(range(1000))], halvings=2))
    assert len(tried) == 7


def test_others_end_before_an_error_is_raised():
    ended = []

    async def failing() -> None:
        raise ModelRefused("m", "")

    async def slow() -> None:
        for _ in range(9):
            await asyncio.sleep(0)
        ended.append(True)

    with pytest.raises(ModelRefused):
        asyncio.run(together([failing(), slow()]))
    assert ended == [True]
