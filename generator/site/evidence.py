"""What each citation of a note rests on: lines of the transcript, and the quoted words in them.

Evidence is matched to the Markdown by the second and the words of the statement. Where a note was
edited by hand so that they no longer fit, the citation has none: none is better than a wrong one.
"""

from __future__ import annotations

import functools
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.checker.index import worded

if TYPE_CHECKING:
    from generator.models import Line
    from generator.site.arranging import Cited
    from generator.vault.sidecars import Sidecar, SidecarCitation, SidecarLine, SidecarStatement

AROUND_SECONDS = 0.999
"""A line that begins within a cited second is likelier meant than the one that ends in it."""


@dataclass(slots=True)
class _Shown:
    """The lines that a note's evidence needs, each once, in the order in which they are asked for.

    Places in their texts are counted as JavaScript counts: in UTF-16 units.
    """

    lines: list[dict[str, object]] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)

    def index(self, line: SidecarLine | Line) -> int:
        if line.number not in self.numbers:
            self.numbers[line.number] = len(self.lines)
            self.lines.append({"start": line.start, "end": line.end, "text": line.text})
        return self.numbers[line.number]

    def as_json(self, citations: Sequence[object]) -> str:
        if not self.lines:
            return ""
        value = {"lines": self.lines, "citations": citations}
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def evidence_in_sidecar(sidecar: Sidecar, citations: Sequence[Cited]) -> str:
    """The evidence of a note's citations as JSON; empty where none of them has any."""
    shown = _Shown()
    words = functools.cache(worded)  # most texts come twice: from the sidecar and from the note
    stated: dict[str, list[SidecarStatement]] = defaultdict(list)
    for statement in sidecar.statements:
        if not statement.lead_in:
            stated[words(statement.text)].append(statement)
    lines = {line.number: line for line in sidecar.lines}
    found: list[object] = []
    for cited in citations:
        known = [
            citation
            for statement in stated.get(words(cited.statement), ())
            for citation in statement.citations
            if citation.second == cited.second
        ]
        found.append(_quoted(known[0], lines, shown) if known else None)
    return shown.as_json(found)


def evidence_in_lines(lines: Sequence[Line], citations: Sequence[Cited]) -> str:
    """As `evidence_in_sidecar`, of a transcript alone: the line at each cited second, unmarked."""
    shown = _Shown()
    starts = [line.start for line in lines]
    found: list[object] = []
    for cited in citations:
        at = bisect_right(starts, cited.second + AROUND_SECONDS) - 1
        if at < 0 or lines[at].end < cited.second:
            found.append(None)
        else:
            index = shown.index(lines[at])
            found.append({"t": cited.second, "found": None, "marks": [], "lines": [index]})
    return shown.as_json(found)


def _quoted(
    citation: SidecarCitation, lines: dict[int, SidecarLine], shown: _Shown
) -> dict[str, object] | None:
    """One citation's lines and where in them the quoted words are."""
    first = lines.get(citation.line)
    if first is None:
        return None
    run = [first]
    begin = _beginning(first.text, citation)
    # A quote that runs on has one space between the texts of two lines.
    left = len(citation.quote) - (len(first.text) - max(begin, 0))
    while left > 0 and (following := lines.get(run[-1].number + 1)):
        run.append(following)
        left -= 1 + len(following.text)
    indexes = [shown.index(line) for line in run]
    marks = _marks([line.text for line in run], indexes, begin, len(citation.quote))
    return {
        "t": citation.second,
        "found": str(citation.found),
        "marks": marks,
        "lines": indexes,
    }


def _beginning(text: str, citation: SidecarCitation) -> int:
    """Where in its line a quote begins; -1 where it cannot be found."""
    at = text.find(citation.cue.text)
    opening = citation.quote[: len(citation.cue.text) - citation.offset]
    while at >= 0:
        if opening and text.startswith(opening, at + citation.offset):
            return at + citation.offset
        at = text.find(citation.cue.text, at + 1)
    return text.find(opening) if opening else -1


def _marks(texts: list[str], indexes: list[int], begin: int, length: int) -> list[list[int]]:
    """The part of each line that a quote of `length` characters takes, in UTF-16 units."""
    marks: list[list[int]] = []
    if begin < 0:
        return marks
    for text, index in zip(texts, indexes, strict=True):
        end = min(len(text), begin + length)
        if end > begin:
            marks.append([index, _units(text[:begin]), _units(text[:end])])
        length -= end - begin + 1
        begin = 0
        if length <= 0:
            break
    return marks


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
