"""What two versions of a file differ in, shown so that a terminal obeys nothing in it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from generator.text import printable
from generator.vault.overlay import Change, Left, Watched

MOST_BYTES = 1_000_000
MOST_LINES = 5_000
"""Of more than this no differences are looked for: that takes time that grows with its square."""

_COLOURS = {"---": "1", "+++": "1", "@@": "36", "+": "32", "-": "31"}


@dataclass(frozen=True, slots=True)
class Diff:
    """A file's differences as lines of a unified diff, from what is there to what would be."""

    path: str
    lines: tuple[str, ...]


def left_in(disk: Watched, vault: Path) -> list[Diff]:
    """The differences of the files that a run left to their owners, called as the user does."""
    return [diff_of_left(left, shown_in(left.path, vault)) for left in disk.left]


def shown_in(path: Path, vault: Path) -> str:
    """A file's path as the user knows the vault, whatever links lead there."""
    for root in (vault.absolute(), vault.resolve()):
        if path.is_relative_to(root):
            return str(vault / path.relative_to(root))
    return str(path)


def as_objects(diffs: Iterable[Diff]) -> dict[str, object]:
    """What `--json` has of differences; nothing without any."""
    told = [{"path": diff.path, "diff": list(diff.lines)} for diff in diffs if diff.lines]
    return {"diffs": told} if told else {}


def diff_of_left(left: Left, shown: str) -> Diff:
    """What the owner of a file that is kept has otherwise; `shown` is what the file is called."""
    return Diff(shown, tuple(_unified(left.theirs, left.ours, shown, "yours", "ours")))


def diff_of_change(change: Change, shown: str) -> Diff:
    """What a run changes in a file."""
    return Diff(shown, tuple(_unified(change.before, change.after, shown, "now", "then")))


def print_diffs(diffs: Iterable[Diff], stream: TextIO | None) -> None:
    """Prints differences; in colour on a terminal that has them and wants them. Raises OSError."""
    if stream is None:  # Python has none where the caller closed it
        return
    coloured = stream.isatty() and not os.environ.get("NO_COLOR") and _has_colours()
    for diff in diffs:
        for line in diff.lines:
            print(_coloured(line) if coloured else line, file=stream)


def _unified(
    before: bytes | None, after: bytes | None, path: str, one: str, other: str
) -> Iterator[str]:
    """The lines of a unified diff without their ends; a file that is not there is `/dev/null`."""
    path = printable(path)
    head = (
        f"--- {path} ({one})" if before is not None else "--- /dev/null",
        f"+++ {path} ({other})" if after is not None else "+++ /dev/null",
    )
    try:
        was, now = _lines(before), _lines(after)
    except UnicodeDecodeError:
        yield from (*head, "(it is not text)")
        return
    if max(len(was), len(now)) > MOST_LINES or _size(before, after) > MOST_BYTES:
        yield from (*head, "(it is too long to be compared)")
        return
    found = list(difflib.unified_diff(was, now, n=2, lineterm=""))[2:]
    if found:
        yield from (*head, *found)


def _lines(side: bytes | None) -> Sequence[str]:
    """Lines that a terminal only shows, whatever ends they have."""
    text = (side or b"").decode()
    lines = [printable(line.removesuffix("\r")) for line in text.split("\n")]
    if lines and not lines[-1]:
        lines.pop()
    return lines


def _size(*sides: bytes | None) -> int:
    return max(len(side or b"") for side in sides)


def _has_colours() -> bool:
    return os.environ.get("TERM", "") not in ("", "dumb")


def _coloured(line: str) -> str:
    colour = next((code for mark, code in _COLOURS.items() if line.startswith(mark)), "")
    return f"\x1b[{colour}m{line}\x1b[0m" if colour else line
