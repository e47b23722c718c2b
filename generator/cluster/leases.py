"""What workers ask for before they send: given out here, where all of it is counted."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from generator.cluster.messages import Granted, Returns, ToWorker, Wants
from generator.errors import GenerateError
from generator.summarizer.completions.limits import Limits


class Holder(Protocol):
    """A worker, as far as leases go."""

    def say(self, message: ToWorker) -> None:
        """Sends it a message."""
        ...


class Leases:
    """Gives out the slots, tokens and turns of a run; what a lost worker had comes back."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._leases: dict[tuple[Holder, int], asyncio.Task[None]] = {}

    def wanted(self, wants: Wants, holder: Holder) -> None:
        """A worker wants something; it is told when it has it."""
        key = (holder, wants.lease)
        lease = asyncio.get_running_loop().create_task(self._hold(wants, holder))
        self._leases[key] = lease
        lease.add_done_callback(lambda _: self._leases.pop(key, None))

    def returned(self, returns: Returns, holder: Holder) -> None:
        """A worker needs something no more, or does not wait for it any longer."""
        if lease := self._leases.get((holder, returns.lease)):
            lease.cancel()

    def lost(self, holder: Holder) -> None:
        """All that a worker had or waited for is free."""
        for (owner, _), lease in list(self._leases.items()):
            if owner is holder:
                lease.cancel()

    async def _hold(self, wants: Wants, holder: Holder) -> None:
        """Until it is returned, by which this is cancelled; a turn is over when it has come."""
        try:
            if wants.what == "turn":
                await self._limits.turn(wants.tokens)
                holder.say(Granted(wants.lease))
                return
            async with self._held(wants):
                holder.say(Granted(wants.lease))
                await asyncio.get_running_loop().create_future()
        except GenerateError as error:
            holder.say(Granted(wants.lease, error.with_traceback(None)))

    def _held(self, wants: Wants) -> AbstractAsyncContextManager[None]:
        if wants.what == "tokens":
            return self._limits.reserved(wants.tokens)
        return self._limits.slot(wants.work)
