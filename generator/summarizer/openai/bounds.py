"""How much will be asked on a talk while its topics are not known: bounds, and what is likely."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.models import Line, Video
from generator.summarizer.completions.servers import strict_schema
from generator.summarizer.completions.tokens import estimate_tokens
from generator.summarizer.openai.asking import Options, output_of, room_for, tokens_of
from generator.summarizer.openai.material import metadata
from generator.summarizer.openai.replies import (
    MergeReply,
    NoteReply,
    OutlineReply,
    RepairReply,
    Reply,
    VerifyReply,
)
from generator.summarizer.openai.topics import LINES_A_TOPIC, MINUTES_A_TOPIC, topic_count

if TYPE_CHECKING:
    from generator.summarizer.openai.prompts import Prompts

TOKENS_A_MINUTE = (30, 350, 1500)
"""Tokens of a minute of talk as prompts show it, line numbers included: the least, what is likely,
and the most. English at a usual pace has some 250; scripts of which tokenizers know little have
four times that."""

LINES_A_MINUTE = (1, 12, 40)

_FORMS: dict[str, type[Reply]] = {
    "outline": OutlineReply,
    "merge": MergeReply,
    "note": NoteReply,
    "repair": RepairReply,
    "verify": VerifyReply,
}
_LINE_SHOWN_IN = 5
"""Notes that may show one line: its own, and those of which it is in the margin."""

_NAMES_TOKENS = 1_000
_RANGE_TOKENS = 6
_SHOWN_AGAIN = 1.3
_LIKELY_REPAIRED = 0.5
_LIKELY_MATERIAL = 1_200
_LIKELY_OUTLINE, _LIKELY_NOTE, _LIKELY_REPAIR = 400, 1_600, 300


@dataclass(frozen=True, slots=True)
class Size:
    """A talk's size in tokens and lines, and how many notes it can have; each at least, likely and
    at most. `seconds` may be what is known of it alone."""

    tokens: tuple[int, int, int]
    lines: tuple[int, int, int]
    topics: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Bound:
    """Requests, input tokens of all of them, output tokens at most; and both as is likely."""

    requests: tuple[int, int]
    input_tokens: tuple[int, int]
    output_tokens: int
    likely: tuple[int, int]


def size_of(lines: tuple[Line, ...], options: Options) -> Size:
    """The size of a talk that is known."""
    tokens = sum(map(tokens_of, lines))
    topics = topic_count(lines, options.topics)
    return Size((tokens,) * 3, (len(lines),) * 3, (1, topics, topics))


def size_by_time(seconds: float, options: Options) -> Size:
    """The size of a talk of which only the duration is known."""
    minutes = max(seconds / 60, 0.1)
    tokens = tuple(math.ceil(rate * minutes) for rate in TOKENS_A_MINUTE)
    lines = tuple(math.ceil(rate * minutes) for rate in LINES_A_MINUTE)
    most = max(1, min(options.topics, int(minutes // MINUTES_A_TOPIC) + 1))
    likely = max(1, min(options.topics, int(minutes // MINUTES_A_TOPIC), lines[1] // LINES_A_TOPIC))
    return Size(
        (tokens[0], tokens[1], tokens[2]), (lines[0], lines[1], lines[2]), (1, likely, most)
    )


class Bounds:
    """What may be asked on one video."""

    def __init__(self, prompts: Prompts, options: Options, video: Video, *, verify: bool) -> None:
        self._prompts = prompts
        self._options = options
        self._verify = verify
        self._metadata = estimate_tokens(metadata(video))

    def all(self, size: Size) -> dict[str, Bound]:
        """All that is asked on a talk: its topics, and what follows from them."""
        room = self._room("outline")
        parts = (max(1, -(-size.tokens[0] // room)), 1 + _more_parts(size, room))
        least, most = self._around("outline")
        outline = Bound(
            parts if parts[1] > 1 else (1, 1),
            (least * parts[0] + _shown(size), most * parts[1] + size.tokens[2] + size.lines[2]),
            self._output("outline") * parts[1],
            (most + size.tokens[1], _LIKELY_OUTLINE),
        )
        return {"outline": outline, **self.after_outline(size, in_parts=parts[1] > 1)}

    def after_outline(self, size: Size, *, in_parts: bool) -> dict[str, Bound]:
        """What is asked once the topics are found, which they are not yet.

        `in_parts`: they are looked for in parts of the talk, and may have to be merged.
        """
        found: dict[str, Bound] = {}
        if in_parts:
            most = self._around("merge")[1] + self._room("merge")
            found["merge"] = Bound(
                (0, 1), (0, most), self._output("merge"), (most // 4, _LIKELY_OUTLINE)
            )
        room = self._room("note")
        many = (1, size.topics[1], size.topics[2] + _more_parts(size, room))
        least, most = self._around("note")
        shown = min(size.topics[2], _LINE_SHOWN_IN) * size.tokens[2]
        around = many[2] * (most + _NAMES_TOKENS) + _RANGE_TOKENS * size.lines[2]
        found["note"] = Bound(
            (1, many[2]),
            (least, around + shown),
            many[2] * self._output("note"),
            (many[1] * most + int(_SHOWN_AGAIN * size.tokens[1]), many[1] * _LIKELY_NOTE),
        )
        return {**found, **self.after_notes(many[2], many[1], size)}

    def after_notes(self, most: int, likely: int, size: Size) -> dict[str, Bound]:
        """What is asked once so many notes at most are written, which they are not yet."""
        found = {"repair": self._after_note("repair", most, likely, size)}
        if self._verify:
            found["verify"] = self._after_note("verify", most, 2 * likely, size)
        return found

    def _after_note(self, prompt: str, most: int, likely: int, size: Size) -> Bound:
        # Statements and their quotes are words of the reply, which the estimate may double.
        material = min(self._room(prompt), size.tokens[2] + 2 * self._output("note"))
        around = self._around(prompt)[1]
        asked = int(_LIKELY_REPAIRED * likely)
        return Bound(
            (0, most),
            (0, most * (around + material)),
            most * self._output(prompt),
            (asked * (around + _LIKELY_MATERIAL), asked * _LIKELY_REPAIR),
        )

    def _around(self, prompt: str) -> tuple[int, int]:
        """The tokens of a request beside its material: at least and at most."""
        schema = estimate_tokens(json.dumps(strict_schema(_FORMS[prompt])))
        told = self._prompts[prompt].size
        return schema, schema + told + self._metadata + 100

    def _room(self, prompt: str) -> int:
        return room_for(self._prompts[prompt], self._options)

    def _output(self, prompt: str) -> int:
        return output_of(self._prompts[prompt], self._options)


def _more_parts(size: Size, room: int) -> int:
    """How many more parts than one, or than one a topic, a talk may have to be shown in."""
    return 0 if size.tokens[2] <= room else 2 * size.tokens[2] // room


def _shown(size: Size) -> int:
    return size.tokens[0] if size.topics[2] > 1 else 0
