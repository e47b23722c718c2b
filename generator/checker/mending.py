"""Mending a text: which edits of findings go together, and what the text is after them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable

from generator.checker.findings import Finding
from generator.reader.inlines import Span
from generator.reader.notes import Edit

_BEFORE_OTHERS = "L204"
"""A link in a heading goes, wherever it should have led."""


def compatible_edits(findings: Iterable[Finding]) -> tuple[list[Edit], Counter[str]]:
    """Edits that do not touch one another's spans, and how many findings of each code they mend.

    A finding is mended as a whole, or not now. Edits of two findings that are the same are one.
    """
    taken: list[Edit] = []
    codes: Counter[str] = Counter()
    order = (finding for finding in findings if finding.edits)
    for finding in sorted(order, key=lambda each: (each.code != _BEFORE_OTHERS, each.order)):
        new = [edit for edit in finding.edits if not _is_in(taken, edit)]
        if not any(_overlaps(taken, edit.span) for edit in new):
            for edit in new:
                insort(taken, edit)
            codes[finding.code] += 1
    return taken, codes


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with spans of it replaced that do not overlap; all else stays as it is."""
    pieces, at = [], 0
    for (start, end), new in sorted(edits):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _is_in(taken: list[Edit], edit: Edit) -> bool:
    at = bisect_left(taken, edit)
    return at < len(taken) and taken[at] == edit


def _overlaps(taken: list[Edit], span: Span) -> bool:
    """Whether a span has a character, or its place, in common with one that is taken."""
    at = bisect_left(taken, Edit(span, ""))
    before = taken[at - 1].span.end > span.start if at else False
    after = at < len(taken) and (
        taken[at].span.start < span.end or taken[at].span.start == span.start
    )
    return before or after
