"""Where in the numbered lines of a transcript a citation is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter

from generator.models import Citation, Line, Transcript


def cited_lines(
    citations: Iterable[Citation],
    transcript: Transcript,
    lines: tuple[Line, ...],
    margin: int = 0,
) -> list[tuple[Line, ...]]:
    """The lines that citations' quotes stand in, and `margin` lines on each side of them.

    Each run of lines that follow each other is one; a citation of another transcript has none.
    """
    numbers: set[int] = set()
    for citation in citations:
        if not 0 <= citation.cue < len(transcript.cues) or not lines:
            continue
        first = _line_of(citation.cue, lines)
        last = _line_of(_last_cue(citation, transcript), lines)
        numbers.update(range(max(0, first - margin), min(len(lines) - 1, last + margin) + 1))
    runs: list[list[Line]] = []
    for number in sorted(numbers):
        if runs and number - 1 in numbers:
            runs[-1].append(lines[number])
        else:
            runs.append([lines[number]])
    return [tuple(run) for run in runs]


def text_of(run: Iterable[Line]) -> str:
    """What is said in lines that follow each other, as one text."""
    return " ".join(line.text for line in run)


def _line_of(cue: int, lines: tuple[Line, ...]) -> int:
    """The index of the line that a cue is in."""
    return max(0, bisect_right(lines, cue, key=attrgetter("first")) - 1)


def _last_cue(citation: Citation, transcript: Transcript) -> int:
    """The cue in which a quote ends: where it runs on, a space stands between two cues' texts."""
    last = citation.cue
    left = citation.offset + len(citation.quote) - len(transcript.cues[last].text)
    while left > 0 and last + 1 < len(transcript.cues):
        last += 1
        left -= 1 + len(transcript.cues[last].text)
    return last
