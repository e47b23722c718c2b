"""Many files examined at once, in as many processes as there are processors to use."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from generator.checker.examining import Examined, Examiner
from generator.checker.walking import VaultFile

MOST_PROCESSES = 8
FILES_AT_ONCE = 48
WORTH_A_PROCESS = 400
"""Fewer files are done sooner than a second process is up."""

MakeExaminer = Callable[[], Examiner]
Batch = tuple[list[Examined], dict[str, str]]

_examiner: Examiner | None = None


def examine_all(
    make: MakeExaminer, files: Sequence[VaultFile], processes: int | None = None
) -> Iterator[Batch]:
    """Every file examined, in batches of any order, with what could not be used meanwhile.

    `make` makes an examiner, in every process its own; it can be pickled. A process that dies ends
    nothing: what it had not done is done here.
    """
    wanted = processes or min(MOST_PROCESSES, _processors(), len(files) // WORTH_A_PROCESS + 1)
    batches = [files[at : at + FILES_AT_ONCE] for at in range(0, len(files), FILES_AT_ONCE)]
    if wanted < 2 or len(batches) < 2:
        yield from _here(make, batches)
        return
    done: set[int] = set()
    try:
        with ProcessPoolExecutor(
            wanted, mp_context=_context(), initializer=_start, initargs=(make,)
        ) as pool:
            futures = {pool.submit(_examine, batch): at for at, batch in enumerate(batches)}
            try:
                for future in as_completed(futures):
                    result = future.result()
                    done.add(futures.pop(future))
                    yield result
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except (BrokenProcessPool, OSError):
        yield from _here(make, [batch for at, batch in enumerate(batches) if at not in done])


def _here(make: MakeExaminer, batches: Sequence[Sequence[VaultFile]]) -> Iterator[Batch]:
    examiner = make()
    try:
        for batch in batches:
            yield [examiner.examine(file) for file in batch], dict(examiner.problems)
    finally:
        examiner.close()


def _start(make: MakeExaminer) -> None:
    global _examiner  # noqa: PLW0603 - a process of the pool has one
    _examiner = make()


def _examine(batch: Sequence[VaultFile]) -> Batch:
    assert _examiner is not None  # noqa: S101 - `_start` ran
    return [_examiner.examine(file) for file in batch], dict(_examiner.problems)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> multiprocessing.context.BaseContext:
    """Forking is quick, and safe where nothing else runs; elsewhere a new interpreter starts."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")
