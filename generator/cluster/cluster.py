"""The way to Dask: a scheduler that is there or processes that are started, and what is asked."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from generator.cluster.places import LocalProcesses, Place
from generator.errors import ClusterUnreachable

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECTING = 30.0
"""Seconds that a scheduler, or processes that are started, may take to be there."""

_CLOSING = 5.0
_GLANCE = 0.5
_LOUD = ("distributed", "distributed.client", "tornado", "tornado.application", "bokeh")


class Lost(Exception):
    """The scheduler, or a worker, does not answer any more; no user meets this."""


class Cluster:
    """A Dask cluster, and the client that speaks to it, in this event loop.

    `address` is what messages call it, `local` whether its processes are of this run alone.
    """

    def __init__(self, address: str, where: Any, *, local: bool) -> None:
        self.address = address
        self.local = local
        self._where = where
        self._client: Client | None = None
        self._scheduler = ""

    async def connect(self, seconds: float = CONNECTING) -> None:
        """Speaks to the scheduler, anew if need be. Raises ClusterUnreachable."""
        from distributed import Client

        await self.close()
        self._scheduler = ""
        try:
            with warnings.catch_warnings():
                # Of other versions of Dask and Python the user is told in our words.
                warnings.simplefilter("ignore")
                self._client = await Client(  # type: ignore[no-untyped-call]
                    self._where, asynchronous=True, set_as_default=False, timeout=seconds
                )
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            raise ClusterUnreachable(self.address, str(error) or type(error).__name__) from None

    async def close(self) -> None:
        """Ends speaking to it; what it still does for this client it ends, too."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                async with asyncio.timeout(_CLOSING):
                    await client.close()  # type: ignore[no-untyped-call]

    async def workers(self) -> dict[str, str]:
        """The workers that take tasks, by their addresses the names by which people know them.

        Raises Lost where the scheduler does not answer.
        """
        told = await self._asked("identity")
        before, self._scheduler = self._scheduler, told["id"]
        if before and before != self._scheduler:
            raise Lost("another scheduler is in its place")
        return {
            address: str(worker.get("name", address))
            for address, worker in told["workers"].items()
            if worker.get("status") in ("running", "paused")
        }

    async def run(self, address: str, function: Callable[..., Any], *values: Any) -> Any:
        """What a function gives on a worker, beside its tasks; or raises there."""
        if self._client is None:
            raise Lost
        answers = await self._client.run(function, *values, workers=[address], on_error="return")
        answer = answers[address]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def call(self, address: str, operation: str, **values: Any) -> Any:
        """What a worker answers to one of the operations that it was given. Raises Lost."""
        message = {"op": operation, **values}
        answers = await self._asked("broadcast", msg=message, workers=[address], on_error="ignore")
        if address not in answers:
            raise Lost
        return answers[address]

    def submit(
        self, address: str, function: Callable[..., Any], data: bytes, key: str
    ) -> Future[bool]:
        """Has a worker, and no other, do a task. Raises Lost."""
        if self._client is None:
            raise Lost
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is large for a graph
            future: Future[bool] = self._client.submit(
                function, data, key=key, workers=[address], allow_other_workers=False, pure=False
            )
        return future

    async def _asked(self, what: str, **values: Any) -> Any:
        client = self._client
        if client is None or client.scheduler is None:
            raise Lost
        asked = asyncio.ensure_future(getattr(client.scheduler, what)(**values))
        try:
            # What is asked of a scheduler that is gone is asked again and again by Dask.
            while client.status == "running" and not asked.done():
                await asyncio.wait([asked], timeout=_GLANCE)
            if asked.done():
                return asked.result()
        except Exception as error:  # whatever a connection that breaks can raise
            raise Lost(str(error)) from None
        finally:
            asked.cancel()
        raise Lost


@asynccontextmanager
async def open_cluster(place: Place, environment: dict[str, str]) -> AsyncIterator[Cluster]:
    """The cluster at a place, connected; processes that are started get the `environment`.

    Raises ClusterUnreachable.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(_quiet_logs())
        if isinstance(place, LocalProcesses):
            named = f"local:{place.number}"
            cluster = Cluster(named, await _started(place, environment, stack), local=True)
        else:
            cluster = Cluster(place.address, place.address, local=False)
        stack.push_async_callback(cluster.close)
        await cluster.connect()
        yield cluster


async def _started(
    place: LocalProcesses, environment: dict[str, str], stack: AsyncExitStack
) -> Any:
    """Processes of this machine, which speak with certificates that only they have.

    Whoever reaches a scheduler has it run code, and a machine may have other users.
    """
    import dask
    from distributed import LocalCluster, Security

    # A new connection for every word would mean a new handshake.
    stack.enter_context(dask.config.set({"distributed.scheduler.reuse-broadcast-comm": True}))
    try:
        return await stack.enter_async_context(
            LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=place.number,
                threads_per_worker=1,
                processes=True,
                asynchronous=True,
                dashboard_address=None,
                worker_dashboard_address=None,
                silence_logs=logging.CRITICAL + 1,
                memory_limit=0,
                security=Security.temporary(),  # type: ignore[no-untyped-call]
                env=environment,
            )
        )
    except (OSError, RuntimeError) as error:
        raise ClusterUnreachable(f"local:{place.number}", str(error)) from None


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """What Dask logs in this process, such as that a worker was lost, is told in other words."""
    import distributed  # noqa: F401 - sets its handlers when it is first imported

    handlers = {}
    for name in _LOUD:
        log = logging.getLogger(name)
        handlers[name] = log.handlers
        log.handlers = [logging.NullHandler()]
    try:
        yield
    finally:
        for name, before in handlers.items():
            logging.getLogger(name).handlers = before
