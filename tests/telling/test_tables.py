"""Tables, in pipes and on terminals."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len

from generator.telling.tables import Table, as_lines, print_told

TABLE = Table(
    ("channel", "notes"),
    (("sea", "12"), ("海と\x1b[31m潮", "1,234")),
    numbers=frozenset({1}),
)


def test_plain_lines_are_aligned_by_what_a_terminal_shows() -> None:
    assert as_lines(["a\nb", TABLE]) == [
        "a b",
        "channel      notes",
        "sea             12",
        "海と [31m潮  1,234",
    ]


def test_a_table_without_names_has_no_line_for_them() -> None:
    assert as_lines([Table(("", ""), (("a", ""), ("bb", "c")))]) == ["a", "bb  c"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_it_ruled_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal()
    print_told(["[b]x\x1b[2J", TABLE, Table(("", ""), (("a", "word " * 20),))], stream)
    shown = stream.getvalue()
    assert shown.startswith("[b]x [2J\n")
    assert "────" in shown
    assert re.search(r"海と \[31m潮 +1,234", shown)
    assert "\x1b[31m" not in shown
    assert "\x1b[2J" not in shown
    assert max(map(cell_len, re.sub(r"\x1b\[\d+m", "", shown).splitlines())) <= 40


def test_a_pipe_gets_plain_lines() -> None:
    stream = io.StringIO()
    print_told([TABLE], stream)
    assert stream.getvalue().splitlines() == as_lines([TABLE])


def test_nobody_is_told_where_there_is_no_stream() -> None:
    print_told([TABLE], None)
