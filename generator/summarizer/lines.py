"""A transcript's cues joined into numbered lines, which prompts show and evidence points at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.models import Cue, Line, Transcript

MAX_SECONDS = 20.0
"""A line of more than one cue lasts no longer than this."""

MIN_SECONDS = 2.0
"""A sentence shorter than this shares a line with the next one: a number for every “Yes.” costs
more in a prompt than it says."""

PAUSE_SECONDS = 1.5
"""A silence as long as this ends a line where captions have no punctuation."""

# A stop of any script, and the quotes and brackets that may close after it.
_SENTENCE_END = re.compile(
    r"[.!?\u2026\u3002\uff0e\uff01\uff1f\u061f\u06d4\u0964\u0965\u1362\u104b]"
    r"[\"')\]}\u00bb\u201d\u2019\u300d\u300f\uff09]*$"
)


def make_lines(transcript: Transcript) -> tuple[Line, ...]:
    """The transcript's lines, numbered from 1; every cue is in exactly one of them.

    A line ends with a cue that ends a sentence, before a pause, or before the cue that would make
    it longer than `MAX_SECONDS`; a single longer cue is a line by itself.
    """
    return tuple(
        Line(
            number=number,
            first=first,
            last=last,
            text=" ".join(cue.text for cue in transcript.cues[first : last + 1]),
            start=transcript.cues[first].start,
            end=max(cue.end for cue in transcript.cues[first : last + 1]),
        )
        for number, (first, last) in enumerate(_runs(transcript.cues), start=1)
    )


def _runs(cues: tuple[Cue, ...]) -> Iterator[tuple[int, int]]:
    first = 0
    for index, cue in enumerate(cues):
        following = cues[index + 1] if index + 1 < len(cues) else None
        if following is None or _ends_line(cues[first], cue, following):
            yield first, index
            first = index + 1


def _ends_line(first: Cue, cue: Cue, following: Cue) -> bool:
    if following.end - first.start > MAX_SECONDS:
        return True
    if following.start - cue.end >= PAUSE_SECONDS:
        return True
    return bool(_SENTENCE_END.search(cue.text)) and cue.end - first.start >= MIN_SECONDS
