"""What the stand-in for model servers was asked, and what that would have cost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.standins.llm_question import Level


@dataclass(frozen=True)
class Request:
    """One line of the log.

    `key` is the same for all requests that ask one thing; `fault` is what went wrong or `problem`
    what the server refused. `status` is 0 where nothing was sent. `good` says that a reply went out
    whole that has all that was asked for, in good form: it need never be asked again. `batch` is
    the batch that it was in, empty for none.
    """

    path: str
    model: str
    prompt: str
    video: str | None
    key: str
    digest: str
    level: Level
    fault: str | None
    problem: str | None
    status: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    text_characters: int
    schema_characters: int
    authorized: bool
    good: bool
    batch: str = ""


class Log:
    """The requests in the order in which they were answered, and how many were open at once."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.most_in_flight = 0
        self._changed = threading.Condition()

    def asked(self, **wanted: Any) -> list[Request]:
        """The part of the log with these values, such as `prompt="note", good=True`."""
        with self._changed:
            log = list(self.requests)
        return [
            line
            for line in log
            if all(getattr(line, name) == value for name, value in wanted.items())
        ]

    def tokens(self, **wanted: Any) -> Counter[str]:
        """What the requests of `asked` had in sum: requests, input, cached and output tokens."""
        total: Counter[str] = Counter()
        for line in self.asked(**wanted):
            total["requests"] += 1
            total["input"] += line.input_tokens
            total["cached"] += line.cached_tokens
            total["output"] += line.output_tokens
        return total

    def paid_twice(self) -> list[Request]:
        """The requests that asked what a good reply had been given to before."""
        known: set[str] = set()
        again = []
        for line in self.asked():
            if line.prompt and line.key in known:
                again.append(line)
            if line.good:
                known.add(line.key)
        return again

    def assert_nothing_paid_twice(self) -> None:
        """Fails with the requests that were made again after a good reply."""
        again = [(line.prompt, line.video, line.key) for line in self.paid_twice()]
        assert not again, f"asked again after a good reply: {again}"

    def wait_until(self, is_so: Callable[[list[Request]], bool], timeout: float = 60) -> bool:
        """Waits until that is so of the log; False where it does not come to be, in seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: is_so(self.requests), timeout)

    def forget(self) -> None:
        """Empties the log, as for a new run."""
        with self._changed:
            self.requests.clear()
            self.most_in_flight = 0

    def _add(self, line: Request) -> None:
        with self._changed:
            self.requests.append(line)
            self._changed.notify_all()
