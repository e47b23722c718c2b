"""Tables: ruled on a terminal, elsewhere aligned lines that stay as they are for grep and cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import typer

from generator.text import printable

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are columns. `numbers` are the columns set to the right.

    A cell of several lines is one line in a pipe.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


Told = str | Table
"""What is printed: a line, or a table."""


def count(number: int, thing: str, things: str = "") -> str:
    """So many of a thing: `1 video`, `1,200 videos`; `things` where an s does not make it many."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {things or thing + 's'}"


def batches_of(batches: int, requests: int) -> str:
    """How many batches there are, and of how much: `2 batches with 1,200 requests`."""
    return f"{count(batches, 'batch', 'batches')} with {count(requests, 'request')}"


def as_lines(told: Iterable[Told]) -> list[str]:
    """All of it as lines of plain text, two spaces between the cells of a table."""
    lines: list[str] = []
    for each in told:
        lines.extend([printable(each)] if isinstance(each, str) else _aligned(each))
    return lines


def print_told(told: Sequence[Told], stream: TextIO | None) -> None:
    """Prints all of it, with tables ruled where the stream is a terminal. Raises OSError.

    Nothing without a stream: Python has none where the caller closed it.
    """
    if stream is None:
        return
    if not stream.isatty():
        for line in as_lines(told):
            typer.echo(line, file=stream)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream)
    for each in told:
        if isinstance(each, Table):
            _print_ruled(each, console)
        else:
            console.print(Text(printable(each)), soft_wrap=True)


def _aligned(table: Table) -> list[str]:
    from rich.cells import cell_len

    rows = [[printable(cell) for cell in row] for row in (table.columns, *table.rows)]
    if not any(table.columns):
        del rows[0]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]

    def padded(at: int, cell: str) -> str:
        space = " " * (widths[at] - cell_len(cell))
        return space + cell if at in table.numbers else cell + space

    return ["  ".join(padded(at, cell) for at, cell in enumerate(row)).rstrip() for row in rows]


def _print_ruled(table: Table, console: Console) -> None:
    from rich import box
    from rich.table import Table as Ruled
    from rich.text import Text

    ruled = Ruled(box=box.SIMPLE, show_header=any(table.columns), pad_edge=False)
    for at, name in enumerate(table.columns):
        ruled.add_column(Text(name), justify="right" if at in table.numbers else "left")
    for row in table.rows:
        ruled.add_row(*(Text("\n".join(map(printable, cell.split("\n")))) for cell in row))
    console.print(ruled)
