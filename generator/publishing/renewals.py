"""Notes' files on their way to their places, while others are made ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.publishing.drafting import Published

if TYPE_CHECKING:
    from generator.library.filings import Filing, Filings
    from generator.publishing.directory import NoteId

TOGETHER = 4
"""So many videos' notes are recorded in the library at once: each time costs a wait."""

Outcome = tuple[list[Published], list[Published]]
"""What became of a video's notes, in order, and the files of earlier ones that are kept."""

Begin = Callable[[], Callable[[], Outcome]]
"""Has the disk at work on a video's files; what it returns has them in their places."""


class Renewal:
    """A video's files that are on their way, or there."""

    def __init__(self, begin: Begin, end_all: Callable[[], None]) -> None:
        """`end_all` has the files in their places of all that are on their way."""
        self._begin = begin
        self._put: Callable[[], Outcome] | None = None
        self._end_all = end_all
        self._outcome: Future[Outcome] = Future()

    @classmethod
    def over(cls, outcome: Outcome) -> Renewal:
        """One of files that are there."""
        renewal = cls(lambda: lambda: outcome, lambda: None)
        renewal.begin()
        renewal.end()
        return renewal

    def finish(self) -> Outcome:
        """Has the files there, and tells what became of them; raises what went wrong with them."""
        if not self._outcome.done():
            self._end_all()
        return self._outcome.result()

    def begin(self) -> None:
        """Has the disk at work; what goes wrong is for `finish` to raise."""
        with self._told_by_finish():
            self._put = self._begin()

    def end(self) -> None:
        """Has the files there that were begun; what goes wrong is for `finish` to raise."""
        put, self._put = self._put, None
        if put:
            with self._told_by_finish():
                self._outcome.set_result(put())

    def fail(self, error: BaseException) -> None:
        """The files are not to be begun; this is what `finish` raises."""
        self._outcome.set_exception(error)

    @contextmanager
    def _told_by_finish(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.fail(error)
            if not isinstance(error, Exception):
                raise


class Renewals:
    """All videos whose files are on their way.

    The files of several are recorded at once, and then begun, when those of the several before are
    in their places: so the library and the disk are at work while others are made ready.
    """

    def __init__(self, filings: Filings) -> None:
        """`filings` is where files are recorded before they are begun."""
        self._filings = filings
        self._due: dict[NoteId, Filing] = {}
        self._waiting: list[Renewal] = []
        self._begun: list[Renewal] = []

    def add(self, due: Mapping[NoteId, Filing], begin: Begin) -> Renewal:
        """A video's files, to be recorded as `due` and then begun, both not later than `end`."""
        renewal = Renewal(begin, self.end)
        self._due.update(due)
        self._waiting.append(renewal)
        if len(self._waiting) == TOGETHER:
            self._begin()
        return renewal

    def end(self) -> None:
        """Has all files in their places; what goes wrong, their own video's `finish` raises."""
        if self._waiting:
            self._begin()
        self._end_begun()

    def _begin(self) -> None:
        waiting, due = self._waiting, self._due
        self._waiting, self._due = [], {}
        try:
            self._filings.file(due)
        except BaseException as error:
            for each in waiting:
                each.fail(error)
            if not isinstance(error, Exception):
                raise
            return
        self._end_begun()
        self._begun = waiting
        for each in waiting:
            each.begin()

    def _end_begun(self) -> None:
        begun, self._begun = self._begun, []
        for each in begun:
            each.end()
