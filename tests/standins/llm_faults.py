"""What can go wrong with the stand-in for model servers, and the switches for it."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass

REFUSALS = {
    "bad_key": "the key is none of the server's; it says part of it, as OpenAI does",
    "forbidden": "403: not for this country, or not for this project",
    "no_quota": "429 that no waiting mends: no money left (402 where the server says it so)",
    "unknown_model": "404: no such model",
    "wrong_path": "404 with a page of HTML, as behind a proxy or a wrong base URL",
    "bad_request": "400 with nothing said that helps",
}
"""The server will not: trying again changes nothing."""

OUTAGES = {
    "request_timeout": "408",
    "conflict": "409",
    "rate_limited": "429, with Retry-After and x-ratelimit-reset-* if told",
    "server_error": "500",
    "bad_gateway": "502, with a page of HTML",
    "overloaded": "503",
    "gateway_timeout": "504, with an empty body",
    "hang": "no answer until the stand-in closes",
    "reset": "the connection breaks in place of an answer",
    "cut_off": "the reply's body stops in the middle and the connection closes",
    "stall": "half of the reply's body, and then nothing until the stand-in closes",
    "error_in_200": "200, and an error in the body",
    "html_200": "200, and a page of HTML",
    "not_json": "200, and JSON that stops in the middle",
}
"""The way is bad, or the server's state: later it may do."""

REPLIES = {
    "no_choices": "`choices` is empty",
    "null_choices": "`choices` is null",
    "refusal": "`content` is null, `refusal` says why",
    "no_content": "`content` is null and nothing says why",
    "empty_content": "`content` is an empty text",
    "content_filter": "finish_reason content_filter, the text stops in the middle",
    "length": "finish_reason length, the text stops in the middle",
    "thought_too_long": "finish_reason length, and all tokens went into thinking",
    "invalid_json": "the text stops in the middle, and finish_reason says that it does not",
    "prose": "an apology where JSON was asked for",
    "missing_fields": "each object lacks its last field",
    "wrong_types": "texts are numbers, numbers texts, lists objects",
    "nothing_in_it": "an object without fields",
    "not_a_number": "numbers are NaN",
}
"""The server answered, and the model's reply is of no use as it stands."""

MENDABLE = {
    "control_characters": "raw line ends and tabs inside of JSON strings",
    "null_characters": "U+0000, and half of a surrogate pair, inside of strings",
    "fenced": "the JSON stands in a fence of Markdown",
    "prefaced": "words before the JSON and behind it",
    "thinking": "a <think> block ahead of the JSON, with braces in it",
    "extra_fields": "each object has one field more",
    "byte_order_mark": "U+FEFF ahead of the JSON",
    "trailing_commas": "a comma behind the last of each list",
    "no_usage": "nothing says what it cost",
    "null_usage": "`usage` is null, or its fields are",
    "padded": "white space ahead of the body, sent to keep the connection open",
    "slow": "the body comes in pieces",
    "no_finish_reason": "`finish_reason` is null",
    "thinking_field": "the thinking stands in a field of its own",
}
"""The reply is odd, and all that was asked for is in it."""

FAULTS = REFUSALS | OUTAGES | REPLIES | MENDABLE


@dataclass
class Fault:
    """One switched-on fault. None for `prompt` or `video` means any; `times` counts down."""

    name: str
    prompt: str | None
    video: str | None
    after: int
    times: int | None
    retry_after: str | None
    reset: str | None


@dataclass
class _Mix:
    names: tuple[str, ...]
    share: float
    seed: int
    in_a_row: int


class Faults:
    """The faults that are on. Safe to switch while the server answers."""

    def __init__(self) -> None:
        self._on: list[Fault] = []
        self._mix: _Mix | None = None
        self._asked: dict[str, int] = {}
        self._row: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(
        self,
        name: str,
        *,
        prompt: str | None = None,
        video: str | None = None,
        after: int = 0,
        times: int | None = None,
        retry_after: int | str | None = None,
        reset: str | None = None,
    ) -> None:
        """Switches one of FAULTS on.

        It concerns one `prompt` (`note`) or all, one `video` or all, and of the requests that it
        concerns not the first `after`, then the next `times`, or all. `retry_after` is the header
        of that name, `reset` what `x-ratelimit-reset-requests` and `-tokens` say (`1.5s`, `6m0s`).
        """
        _check(name)
        delay = None if retry_after is None else str(retry_after)
        with self._lock:
            self._on.append(Fault(name, prompt, video, after, times, delay, reset))

    def mix(
        self,
        names: Iterable[str] = (*OUTAGES, *REPLIES, *MENDABLE),
        *,
        share: float = 0.3,
        seed: int = 1,
        in_a_row: int = 2,
    ) -> None:
        """Lets `share` of the requests meet one of `names`, drawn by `seed`.

        What a request meets depends on what it asks and how often that was asked before, not on
        the order in which requests arrive. One question meets no more than `in_a_row` in sequence.
        """
        names = tuple(names)
        for name in names:
            _check(name)
        with self._lock:
            self._mix = _Mix(names, share, seed, in_a_row)

    def clear(self) -> None:
        """Switches all off."""
        with self._lock:
            self._on.clear()
            self._mix = None

    def take(self, key: str, prompt: str, video: str | None) -> Fault | None:
        """What a request meets, counted down by this one; `key` is the same for one question."""
        with self._lock:
            asked = self._asked[key] = self._asked.get(key, 0) + 1
            for fault in self._on:
                concerned = fault.prompt in (None, prompt) and fault.video in (None, video)
                if not concerned or fault.times == 0:
                    continue
                if fault.after:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
            return self._drawn(key, asked)

    def _drawn(self, key: str, asked: int) -> Fault | None:
        mix = self._mix
        if mix is None or not mix.names:
            return None
        draw = random.Random(f"{mix.seed} {key} {asked}")
        row = self._row.get(key, 0)
        if row >= mix.in_a_row or draw.random() >= mix.share:
            self._row[key] = 0
            return None
        self._row[key] = row + 1
        return Fault(draw.choice(mix.names), None, None, 0, None, "0", "1ms")


def _check(name: str) -> None:
    if name not in FAULTS:
        raise ValueError(f"No fault is called {name}; there are {sorted(FAULTS)}")
