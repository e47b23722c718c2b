"""Finds the lines of a talk that a statement is likeliest to be from, by the words they share."""

from __future__ import annotations

import math
from collections import defaultdict

from generator.models import Line, Statement
from generator.summarizer.folding import fold

LINES_A_STATEMENT = 1
"""So many lines are found by their words; those that the evidence names come on top. With two, the
text sent for a five-topic video exceeds 2.3 times the transcript (`benchmarks/tokens.py`)."""

_STEM = 5
_MOST_SHARED = 0.3


class Likeliest:
    """The lines of one talk, ready to be compared with statements.

    Words count by their first letters, for inflection's sake, and the more the fewer lines have
    them; those that stand in nearly all lines do not count. Where note and talk differ in language,
    names, numbers and the words of the quote remain.
    """

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self._numbers = frozenset(line.number for line in lines)
        self._lines: dict[str, set[int]] = defaultdict(set)
        for line in lines:
            for stem in _stems(line.text):
                self._lines[stem].add(line.number)
        most = max(3, _MOST_SHARED * len(lines))
        self._weights = {
            stem: math.log(1 + len(lines) / len(there))
            for stem, there in self._lines.items()
            if len(there) <= most
        }

    def of(self, statement: Statement) -> tuple[int, ...]:
        """The numbers of a statement's likeliest lines, ascending.

        The best by words, and the lines that its evidence names; where no words are shared, these
        with two on each side. Few, since their text is sent once more.
        """
        scores: dict[int, float] = defaultdict(float)
        texts = [statement.text, *(evidence.quote for evidence in statement.evidence)]
        for text in texts:
            for stem in _stems(text):
                for number in self._lines.get(stem, ()) if stem in self._weights else ():
                    scores[number] += self._weights[stem]
        best = sorted(scores, key=lambda number: (-scores[number], number))[:LINES_A_STATEMENT]
        reach = 0 if best else 2
        named = {
            evidence.line + away
            for evidence in statement.evidence
            for away in range(-reach, reach + 1)
        }
        return tuple(sorted({*best, *(named & self._numbers)}))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in fold(text).text.split()}
