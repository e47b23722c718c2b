"""What a kill would leave: a vault's files and the batch service, as they were at each moment."""

from __future__ import annotations

import copy
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.batchapi.service import Service
from generator.errors import NoLibraryYet
from generator.library import database
from generator.library.database import looking
from tests.standins.llm import LLMStandIn
from tests.standins.llm_batches import Batch, File
from tests.standins.llm_log import Request

ASKED = ("probe", "upload", "create", "look", "find", "find_file", "delete", "cancel")
"""What of the service's a run calls."""

_NO_PROCESS = 2**22 + 1
"""More than Linux numbers its processes."""

_NO_MATTER = (".db-shm", ".lock", ".holder")
"""What of the files is nothing once no process has them open."""


@dataclass(frozen=True)
class Moment:
    """After the step of that name: all that outlives the process."""

    step: str
    files: dict[str, bytes]
    held: dict[str, File]
    batches: dict[str, Batch]
    now: float
    log: list[Request]

    def again(self, folder: Path, llm: LLMStandIn) -> None:
        """Has the folder and the service be what they were."""
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in self.files.items():
            # What was being written was left by a process that is no more.
            path = folder / name.replace(f"-{os.getpid()}-", f"-{_NO_PROCESS}-")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        llm.requests[:] = self.log
        service = llm.batches
        service.files, service.batches = dict(self.held), copy.deepcopy(self.batches)
        service.now = self.now
        service.asked.clear()


class Moments:
    """Keeps the moments of a run that differ in what a later run finds."""

    def __init__(self, folder: Path, llm: LLMStandIn) -> None:
        self.kept: dict[str, Moment] = {}
        self.steps: list[str] = []
        self._folder, self._llm = folder, llm

    def look(self, step: str) -> None:
        """Keeps what is now, unless an earlier moment was the same."""
        self.steps.append(step)
        service = self._llm.batches
        moment = Moment(
            step,
            {
                path.relative_to(self._folder).as_posix(): path.read_bytes()
                for path in sorted(self._folder.rglob("*"))
                if path.is_file() and not path.name.endswith(_NO_MATTER)
            },
            dict(service.files),
            copy.deepcopy(service.batches),
            service.now,
            list(self._llm.requests),
        )
        self.kept.setdefault(self._mark_of(moment), moment)

    def _mark_of(self, moment: Moment) -> str:
        found = hashlib.sha256()
        for name, content in moment.files.items():
            if ".db" not in name:
                found.update(f"{name} {content!r}".encode())
        found.update("\n".join(self._in_library()).encode())
        found.update(repr(sorted(moment.held)).encode())
        for name, batch in moment.batches.items():
            found.update(f"{name} {batch.state}".encode())
        return found.hexdigest()

    def _in_library(self) -> Iterator[str]:
        """All rows that the library has, whatever the pages are on which they stand."""
        with suppress(NoLibraryYet), looking(self._folder / ".generator/library.db") as library:
            tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT'"
            for table in sorted(row["name"] for row in library.rows(tables)):
                yield table
                yield from sorted(
                    repr(tuple(row)) for row in library.rows(f"SELECT * FROM {table}")
                )


@contextmanager
def moments_of(folder: Path, llm: LLMStandIn) -> Iterator[Moments]:
    """While it is entered, looks after each step that changes anything.

    Steps are: a transaction of the library is over, a file of the vault is replaced or gone, the
    service has done what it was asked to do.
    """
    found = Moments(folder, llm)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "transaction", _then(database.transaction, found))
        for name in ("replace", "unlink"):
            patch.setattr(os, name, _after(getattr(os, name), found))
        for name in ASKED:
            patch.setattr(Service, name, _awaited(getattr(Service, name), found))
        yield found


def _then(transaction: Callable[..., Any], found: Moments) -> Callable[..., Any]:
    @contextmanager
    def watched(connection: Any) -> Iterator[None]:
        with transaction(connection):
            yield
        found.look("transaction")

    return watched


def _after(function: Callable[..., Any], found: Moments) -> Callable[..., Any]:
    def done(*values: Any, **named: Any) -> Any:
        result = function(*values, **named)
        found.look(function.__name__)
        return result

    return done


def _awaited(method: Callable[..., Any], found: Moments) -> Callable[..., Any]:
    async def done(*values: Any, **named: Any) -> Any:
        result = await method(*values, **named)
        found.look(method.__name__)
        return result

    return done
