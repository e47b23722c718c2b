"""Work in several processes: its results in order, its errors told, its losses made good."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from generator.site import processes
from generator.site.processes import AT_ONCE, _batches, spread


@contextmanager
def squaring() -> Iterator[Callable[[int], tuple[int, int]]]:
    yield lambda number: (number * number, os.getpid())


@contextmanager
def failing() -> Iterator[Callable[[int], int]]:
    def work(number: int) -> int:
        if number == 70:
            raise ValueError("no seventy")
        return number

    yield work


HERE = os.getpid()


@contextmanager
def opening() -> Iterator[Callable[[int], str]]:
    state = ["open"]
    try:
        yield lambda _: state[0]
    finally:
        state[0] = "closed"


@contextmanager
def dying() -> Iterator[Callable[[int], int]]:
    def work(number: int) -> int:
        if number == 150 and os.getpid() != HERE:
            os._exit(9)
        return number

    yield work


def test_results_come_in_the_order_of_the_tasks() -> None:
    found = list(spread(squaring, range(300), processes=2))
    assert [square for square, _ in found] == [number * number for number in range(300)]
    assert HERE not in {process for _, process in found}


def test_what_weighs_as_much_as_many_goes_alone() -> None:
    tasks = list(range(60))
    weights = [AT_ONCE * 3, 1, AT_ONCE] + [1] * 57
    given = list(_batches(tasks, weights))
    assert given[:2] == [[0], [1, 2]]
    assert [len(batch) for batch in given[2:]] == [AT_ONCE, AT_ONCE, 57 - 2 * AT_ONCE]
    assert [task for batch in given for task in batch] == tasks


def test_a_few_heavy_tasks_are_worth_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_processors", lambda: 2)
    heavy = [processes.WORTH_A_PROCESS] * 4
    found = list(spread(squaring, range(4), weights=heavy))
    assert [square for square, _ in found] == [0, 1, 4, 9]
    assert HERE not in {process for _, process in found}


def test_a_few_tasks_are_done_here() -> None:
    assert {process for _, process in spread(squaring, range(10))} == {HERE}
    assert list(spread(squaring, [])) == []


def test_what_a_task_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="no seventy"):
        list(spread(failing, range(300), processes=2))


def test_what_a_process_that_died_had_not_done_is_done_here() -> None:
    assert list(spread(dying, range(300), processes=2)) == list(range(300))


def test_what_a_process_works_with_stays_open() -> None:
    assert set(spread(opening, range(300), processes=2)) == {"open"}
