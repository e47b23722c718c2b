"""Work that waits for the network, done beside the event loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_Result = TypeVar("_Result")


async def aside(work: Callable[[], _Result]) -> _Result:
    """What `work` gives, done in a thread that nobody waits for where the run is stopped.

    The threads of asyncio are waited for, as long as YouTube may go unanswered.
    """
    done: Future[_Result] = Future()

    def worked() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    done.set_running_or_notify_cancel()
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(worked,), name="fetch", daemon=True).start()
    return await asyncio.wrap_future(done)
