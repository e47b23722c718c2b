"""In no minute more requests or tokens than there may be, whoever asks, and no time lost."""

import asyncio

import pytest

from generator.summarizer.completions.rates import Rates


class Clock:
    """Time that goes by when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def turns(amounts, *, requests=None, tokens=None, corrected=None) -> list[float]:
    """When each of these requests went out, in seconds after the first."""
    clock, times = Clock(), []

    async def all_of_them() -> None:
        rates = Rates(requests, tokens, clock=clock, sleep=clock.sleep)
        for amount in amounts:
            await rates.turn(amount)
            times.append(clock.now - 100.0)
            if corrected is not None:
                rates.correct(amount, corrected)

    asyncio.run(all_of_them())
    return times


def most_in_a_minute(times, amounts) -> int:
    return max(
        sum(
            amount
            for when, amount in zip(times, amounts, strict=True)
            if begin <= when < begin + 60
        )
        for begin in times
    )


def test_without_limits_nothing_waits():
    assert turns([10] * 5) == [0.0] * 5


def test_no_minute_has_more_requests_than_it_may():
    assert turns([1] * 5, requests=2) == pytest.approx([0, 0, 60, 60, 120])


def test_no_minute_has_more_tokens_than_it_may():
    amounts = [400, 700, 200, 100, 900, 50]
    times = turns(amounts, tokens=1000)
    assert most_in_a_minute(times, amounts) <= 1000
    assert times == pytest.approx([0, 60, 60, 60, 120, 120])


def test_what_is_larger_than_a_minute_goes_by_itself():
    assert turns([100, 5000, 100], tokens=1000) == pytest.approx([0, 60, 120])


def test_what_took_less_than_was_counted_leaves_room():
    assert turns([600] * 4, tokens=1000, corrected=100) == pytest.approx([0, 0, 0, 0])


def test_those_that_wait_go_in_turn():
    clock, order = Clock(), []

    async def one(rates, name) -> None:
        await rates.turn(1)
        order.append((name, clock.now - 100.0))

    async def all_of_them() -> None:
        rates = Rates(1, clock=clock, sleep=clock.sleep)
        await asyncio.gather(*(one(rates, name) for name in "abc"))

    asyncio.run(all_of_them())
    assert order == [("a", 0.0), ("b", 60.0), ("c", 120.0)]


def test_who_gives_up_takes_no_turn():
    clock = Clock()

    async def given_up() -> float:
        never = asyncio.Event()
        rates = Rates(1, clock=clock, sleep=lambda _: never.wait())
        await rates.turn(1)
        waiting = asyncio.create_task(rates.turn(1))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        clock.now += 60
        await rates.turn(1)
        return clock.now - 100.0

    assert asyncio.run(given_up()) == 60.0
