"""Requests of videos that were begun first go first, and no slot is lost."""

import asyncio

from generator.summarizer.completions.slots import Slots


def order_of(arrivals: list[str], *, slots: int = 1) -> list[str]:
    """Whose turn it was, one after the other, where all of these want one while it is taken."""
    turns: list[str] = []

    async def one(gate: Slots, work: str) -> None:
        async with gate.taken(work):
            turns.append(work)
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        gate = Slots(slots)
        for work in sorted(set(arrivals)):
            gate.rank(work)
        await asyncio.gather(*(one(gate, work) for work in arrivals))

    asyncio.run(all_of_them())
    return turns


def test_who_was_begun_first_goes_first_and_in_order_of_arrival():
    assert order_of(["c", "b", "a", "b", "a"]) == ["c", "a", "a", "b", "b"]


def test_no_more_than_so_many_at_once():
    most = now = 0

    async def one(gate):
        nonlocal most, now
        async with gate.taken("a"):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    async def run():
        gate = Slots(3)
        await asyncio.gather(*(one(gate) for _ in range(10)))

    asyncio.run(run())
    assert most == 3


def test_who_gives_up_waiting_leaves_the_slot_to_others():
    async def run():
        gate = Slots(1)
        got = []

        async def one(work):
            async with gate.taken(work):
                got.append(work)
                await asyncio.sleep(0)

        async with gate.taken("a"):
            waiting = [asyncio.create_task(one(work)) for work in ("b", "c", "d")]
            await asyncio.sleep(0)
            waiting[0].cancel()
            await asyncio.sleep(0)
        waiting[1].cancel()  # it has just been given the slot
        await asyncio.wait(waiting)
        async with asyncio.timeout(5), gate.taken("e"):
            return got

    assert asyncio.run(run()) == ["d"]
