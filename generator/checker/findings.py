"""What the checker finds: where it is, what is wrong, and how it could be mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from generator.checker.codes import BY_CODE, Severity
from generator.reader.blocks import Lines
from generator.reader.notes import Edit

MOST_OF_A_CODE = 1000
"""How often one rule reports one file; what breaks a rule more often is no note."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong at one place.

    `path` is relative to the vault, with `/`. `line` and `column` count from 1, in characters.
    `edits` are the one right answer as changes to the file's text; without them, `candidates` are
    what a person may choose from, the likeliest first. `offset` is the place in the text.
    """

    code: str
    path: str
    message: str
    line: int = 1
    column: int = 1
    candidates: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    offset: int = 0

    @property
    def severity(self) -> Severity:
        """How bad it is; every finding of a rule is as bad as any other."""
        return BY_CODE[self.code].severity

    @property
    def order(self) -> tuple[str, int, str]:
        """By what findings are sorted: file, place, code."""
        return self.path, self.offset, self.code


class Findings:
    """The findings of one file while its rules run; codes that are not wanted are passed over."""

    def __init__(self, path: str, lines: Callable[[], Lines], wanted: Collection[str]) -> None:
        """`lines` gives the lines of the file's text; most files need none."""
        self._path = path
        self._lines = lines
        self._wanted = wanted
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def wants(self, *codes: str) -> bool:
        """Whether any of these codes is asked for."""
        return any(code in self._wanted for code in codes)

    def add(
        self,
        code: str,
        offset: int,
        message: str,
        *,
        candidates: Iterable[str] = (),
        edits: Sequence[Edit] = (),
    ) -> None:
        """Reports what a rule found at a character of the text."""
        self._counts[code] += 1
        if code in self._wanted and self._counts[code] <= MOST_OF_A_CODE:
            lines = self._lines()
            line = lines.line_of(offset)
            column = max(1, offset - lines.starts[line] + 1)
            shown = tuple(dict.fromkeys(candidates))
            self._found.append(
                Finding(code, self._path, message, line + 1, column, shown, tuple(edits), offset)
            )

    def sorted(self) -> tuple[Finding, ...]:
        """All of them, by their place in the file."""
        return tuple(sorted(self._found, key=lambda found: found.order))
