"""Work spread over as many processes as there are processors, its results in order."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

MOST_PROCESSES = 8
AT_ONCE = 25
"""How many tasks a process is given at a time; fewer of those that weigh more than others."""

_OBJECTS = 50_000
"""So many new objects a process has before Python looks for garbage among them."""

WORTH_A_PROCESS = 300
"""Fewer tasks are done sooner than a second process is up."""

Task = TypeVar("Task")
Result = TypeVar("Result")
Start = Callable[[], AbstractContextManager[Callable[[Task], Result]]]
"""Gives what does a task, in every process its own. It can be pickled."""

_work: Callable[[Any], Any] | None = None
_entered: AbstractContextManager[Callable[[Any], Any]] | None = None


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Most that is made stays: Python looks for garbage among it less often."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def spread(
    start: Start[Task, Result],
    tasks: Sequence[Task],
    processes: int | None = None,
    weights: Sequence[int] | None = None,
) -> Iterator[Result]:
    """The results of all tasks in their order; what a task raises is raised here.

    `weights` has how much there is to do for each, 1 for the lightest; without them, all are alike.
    A process that dies ends nothing: what it had not done is done here.
    """
    weights = weights or [1] * len(tasks)
    wanted = processes or min(MOST_PROCESSES, _processors(), sum(weights) // WORTH_A_PROCESS + 1)
    done = 0
    if wanted > 1:
        try:
            for results in _in_processes(start, _batches(tasks, weights), wanted):
                done += len(results)
                yield from results
        except (BrokenProcessPool, OSError):
            pass
    if done < len(tasks):
        with start() as work:
            for task in tasks[done:]:
                yield work(task)


def _batches(tasks: Sequence[Task], weights: Sequence[int]) -> Iterator[list[Task]]:
    """The tasks in their order, in batches that weigh about the same."""
    batch, total = list[Task](), 0
    for task, weight in zip(tasks, weights, strict=True):
        batch.append(task)
        total += weight
        if total >= AT_ONCE:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _in_processes(
    start: Start[Task, Result], batches: Iterator[list[Task]], processes: int
) -> Iterator[list[Result]]:
    waiting: deque[Future[list[Result]]] = deque()
    with ProcessPoolExecutor(
        processes, mp_context=_context(), initializer=_begin, initargs=(start,)
    ) as pool:
        try:
            # So many that no process waits, and no more: results take memory.
            for batch in batches:
                waiting.append(pool.submit(_do, batch))
                if len(waiting) > 3 * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _begin(start: Start[Any, Any]) -> None:
    global _work, _entered  # noqa: PLW0603 - a process of the pool has one
    # What is there already stays, and what a task makes goes with it: little is there to be found.
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    # Kept as long as the process: what it gave would be closed with it.
    _entered = start()
    _work = _entered.__enter__()


def _do(batch: Sequence[Any]) -> list[Any]:
    assert _work is not None  # noqa: S101 - `_begin` ran
    return [_work(task) for task in batch]


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> multiprocessing.context.BaseContext:
    """Forking is quick, and safe where nothing else runs; elsewhere a new interpreter starts."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")
