"""Killed again and again, a run over batches submits nothing twice and ends the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from generator.batchapi.service import Service
from generator.library.batches import Batches
from generator.library.library import Library
from tests.batchapi.stories import BY_BATCH, LIVE, STORIES, run, standin, submitted

STEPS = {
    Batches: (
        "want_nothing",
        "want",
        "give_up",
        "intend",
        "uploaded",
        "created",
        "withdraw",
        "seen",
        "take",
        "end",
        "deleted",
        "await_replies",
        "settle",
        "save_dialect",
        "save_enqueued",
    ),
    Service: ("probe", "upload", "create", "look", "find", "find_file", "delete", "cancel"),
    Library: ("save_completion",),
}
"""Everything by which a run changes the library, or asks the service."""


class Killed(BaseException):
    """Nothing in the program catches this: what would be done next is not done."""


class Killer:
    """Ends the program after its step number `at`, or the first of that name; None counts only."""

    def __init__(self, at: int | str | None) -> None:
        self.at = at
        self.steps = 0
        self.names: list[str] = []

    def step(self, name: str) -> None:
        self.steps += 1
        self.names.append(name)
        if self.at in (self.steps, name):
            raise Killed(name)


@contextmanager
def killed_at(at: int | str | None) -> Iterator[Killer]:
    """While it is entered, the program ends there."""
    killer = Killer(at)
    with pytest.MonkeyPatch.context() as patch:
        for kind, names in STEPS.items():
            for name in names:
                patch.setattr(kind, name, _watched(getattr(kind, name), name, killer))
        yield killer


def _watched(method: Callable[..., Any], name: str, killer: Killer) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(method):

        async def asked(*values: Any, **named: Any) -> Any:
            result = await method(*values, **named)
            killer.step(name)
            return result

        return asked

    def done(*values: Any, **named: Any) -> Any:
        result = method(*values, **named)
        killer.step(name)
        return result

    return done


def test_killed_again_and_again_it_ends_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with standin() as llm:
        kills = 0
        for at in (3, 5, 9, 4, 7, 2, 8, 11, 6, 2, 12, 7, 3, 5, 4, 9):
            try:
                with killed_at(at):
                    run(llm, path)
            except Killed:
                kills += 1
            llm.batches.advance(97)
        assert kills > 10
        done = run(llm, path)
        assert set(done.replies) == set(STORIES)
        assert len(submitted(llm)) == len(set(submitted(llm))) == 9


@pytest.mark.parametrize("way", [BY_BATCH, LIVE])
def test_killed_while_results_are_taken_they_are_taken_once(tmp_path, monkeypatch, way) -> None:
    monkeypatch.setattr("generator.batchapi.taking.AT_ONCE", 1)
    for at in range(1, 4):
        with standin() as llm:
            path = tmp_path / f"{at}.db"
            run(llm, path, wait=False)
            llm.batches.advance(1000)
            taken = _ended_at_take(at, lambda llm=llm, path=path: run(llm, path, way=way))
            assert taken
            done = run(llm, path, way=way)
            assert set(done.replies) == set(STORIES)
            assert len(llm.asked()) == 9
            assert done.usage.requests == 9 - at  # the others were counted when they came


def _ended_at_take(number: int, work: Callable[[], object]) -> bool:
    """Whether the work was ended by the so-maniest time that results were kept."""
    takes = [0]
    original = Batches.take

    def take(*values: Any) -> None:
        original(*values)
        takes[0] += 1
        if takes[0] == number:
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Batches, "take", take)
        try:
            work()
        except Killed:
            return True
    return False
