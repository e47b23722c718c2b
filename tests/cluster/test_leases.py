"""What workers need before they send is given out once, and comes back from those that are lost."""

import asyncio

from generator.cluster.leases import Leases
from generator.cluster.messages import Granted, Returns, Wants
from generator.errors import BudgetSpent
from generator.summarizer.completions.limits import OwnLimits


class Holder:
    """A worker that remembers what it is told."""

    def __init__(self) -> None:
        self.heard = []

    def say(self, message) -> None:
        self.heard.append(message)

    @property
    def granted(self) -> list[int]:
        return [each.lease for each in self.heard if each.error is None]


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def slot(lease: int) -> Wants:
    return Wants(lease, "slot", "video")


def test_no_more_slots_are_given_than_there_are_and_returned_ones_again():
    async def story() -> None:
        leases, one, other = Leases(OwnLimits(jobs=2)), Holder(), Holder()
        for holder, lease in ((one, 0), (other, 0), (one, 1), (other, 1)):
            leases.wanted(slot(lease), holder)
        await settled()
        assert (one.granted, other.granted) == ([0], [0])
        leases.returned(Returns(0), other)
        await settled()
        assert (one.granted, other.granted) == ([0, 1], [0])

    asyncio.run(story())


def test_what_a_lost_worker_had_and_waited_for_is_free():
    async def story() -> None:
        leases, lost, other = Leases(OwnLimits(jobs=1)), Holder(), Holder()
        for holder, lease in ((lost, 0), (lost, 1), (other, 0)):
            leases.wanted(slot(lease), holder)
        await settled()
        leases.lost(lost)
        await settled()
        assert (lost.granted, other.granted) == ([0], [0])

    asyncio.run(story())


def test_one_that_is_returned_before_it_is_given_keeps_nothing():
    async def story() -> None:
        leases, one, other = Leases(OwnLimits(jobs=1)), Holder(), Holder()
        leases.wanted(slot(0), one)
        leases.wanted(slot(1), one)
        await settled()
        leases.returned(Returns(1), one)
        leases.returned(Returns(0), one)
        leases.wanted(slot(0), other)
        await settled()
        assert (one.granted, other.granted) == ([0], [0])

    asyncio.run(story())


def test_tokens_that_there_are_not_are_refused():
    async def story() -> None:
        leases, holder = Leases(OwnLimits(max_tokens_total=100)), Holder()
        leases.wanted(Wants(0, "tokens", tokens=60), holder)
        leases.wanted(Wants(1, "tokens", tokens=600), holder)
        await settled()
        assert holder.heard[0] == Granted(0)
        assert isinstance(holder.heard[1].error, BudgetSpent)

    asyncio.run(story())


def test_a_turn_is_over_when_it_has_come():
    async def story() -> None:
        leases, holder = Leases(OwnLimits()), Holder()
        leases.wanted(Wants(0, "turn", tokens=10), holder)
        await settled()
        assert holder.granted == [0]
        leases.returned(Returns(0), holder)

    asyncio.run(story())
