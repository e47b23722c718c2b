"""Differences between an owner's file and the program's, shown without harm."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from generator.vault.diffs import MOST_LINES, Diff, diff_of_change, diff_of_left, print_diffs
from generator.vault.overlay import Change, Left

PATH = Path("/vault/c/tides.md")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def left(theirs: str, ours: str | None) -> Diff:
    return diff_of_left(Left(PATH, theirs.encode(), ours and ours.encode()), "c/tides.md")


def test_theirs_and_ours_are_told_apart():
    assert left("one\nmine\nthree\n", "one\ntwo\nthree\n").lines == (
        "--- c/tides.md (yours)",
        "+++ c/tides.md (ours)",
        "@@ -1,3 +1,3 @@",
        " one",
        "-mine",
        "+two",
        " three",
    )


def test_a_file_that_would_go_or_come_is_compared_with_nothing():
    gone = diff_of_left(Left(PATH, b"mine\n", None), "c/tides.md")
    assert gone.lines == ("--- c/tides.md (yours)", "+++ /dev/null", "@@ -1 +0,0 @@", "-mine")
    new = diff_of_change(Change(PATH, None, b"ours\n"), "c/tides.md")
    assert new.lines == ("--- /dev/null", "+++ c/tides.md (then)", "@@ -0,0 +1 @@", "+ours")


def test_line_ends_alone_are_no_difference():
    assert left("one\r\ntwo\r\n", "one\ntwo\n").lines == ()


def test_what_a_terminal_would_obey_is_not_printed():
    shown = left("\x1b]0;owned\x07\x1b[2J\u202e\n", "good\n").lines
    assert all(line.isprintable() for line in shown)
    assert any("owned" in line for line in shown)
    renamed = diff_of_left(Left(PATH, b"a\n", b"b\n"), "c/\x1b[2J.md")
    assert all(line.isprintable() for line in renamed.lines)


@pytest.mark.parametrize("theirs", [b"\xff\xfe\x00", b"x\n" * (MOST_LINES + 1)])
def test_what_cannot_be_compared_is_said(theirs):
    lines = diff_of_left(Left(PATH, theirs, b"ours\n"), "c/tides.md").lines
    assert len(lines) == 3
    assert lines[-1].startswith("(it is ")


def test_colours_are_for_terminals_that_have_and_want_them(monkeypatch):
    diff = left("mine\n", "ours\n")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def printed(stream: io.StringIO) -> str:
        print_diffs([diff], stream)
        return stream.getvalue()

    assert "\x1b" not in printed(io.StringIO())
    assert "\x1b[31m-mine\x1b[0m\n" in printed(Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in printed(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in printed(Terminal())
