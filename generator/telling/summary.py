"""What a run did, as lines for people: what was written, and a count of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.report import totals
from generator.text import printable

if TYPE_CHECKING:
    from generator.report import Report


def as_lines(report: Report) -> list[str]:
    """A line for each note, and one for the whole; failures are not among them."""
    lines = [
        f"{note.state:9}  {printable(note.path)}  ({_count(len(note.sections), 'section')},"
        f" {_count(note.statements, 'statement')}, {_count(note.citations, 'citation')}"
        + (f", {note.dropped} left out" if note.dropped else "")
        + (f", {len(note.doubts)} doubtful" if note.doubts else "")
        + ")"
        for video in report.videos
        for note in video.notes
    ]
    sums = totals(report)
    lines.append(
        f"{_count(sums['videos'], 'video')} with the {report.engine} engine:"
        f" {sums['written']} written, {sums['unchanged']} unchanged, {sums['failed']} failed"
    )
    if report.usage:
        used = report.usage
        lines.append(
            f"{_count(used.requests, 'request')} ({used.retries} of them repeated),"
            f" {used.input_tokens} tokens in ({used.cached_tokens} cached), {used.output_tokens}"
            f" out; {used.from_library} replies from the library"
        )
    return lines


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
