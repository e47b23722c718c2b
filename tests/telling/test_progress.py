"""What the program tells while it works cannot command the terminal it is told to."""

from __future__ import annotations

import io

import pytest

from generator.telling.live import Live
from generator.telling.progress import Plain, Tally, progress_on


def test_plain_lines() -> None:
    stream = io.StringIO()
    with progress_on(stream, quiet=False, verbose=True) as progress:
        assert isinstance(progress, Plain)
        progress.step("a\x1b[31m\nb")
        progress.notice("c\rd")
        progress.detail("e\nf\x07g")
    assert stream.getvalue() == "a [31m b\nnote: c d\n  e\n  f g\n"


def test_details_are_for_the_verbose() -> None:
    stream = io.StringIO()
    Plain(stream).detail("e")
    assert stream.getvalue() == ""


def test_of_several_videos_each_has_a_line_and_not_each_step() -> None:
    stream = io.StringIO()
    plain = Plain(stream)
    plain.step("the list")
    plain.tally(Tally(videos=12))
    plain.step("a: fetching")
    plain.tally(Tally(videos=12, fetched=1, written=1, failed=2, passed_over=4))
    plain.done("a: 3\x1b[2J notes")
    assert stream.getvalue() == "the list\n[7/12] a: 3 [2J notes\n"


def test_of_several_videos_the_verbose_are_told_each_step() -> None:
    stream = io.StringIO()
    plain = Plain(stream, verbose=True)
    plain.tally(Tally(videos=12))
    plain.step("a: fetching")
    assert stream.getvalue() == "a: fetching\n"


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("term", "kind"), [("xterm-256color", Live), ("dumb", Plain)])
def test_only_a_terminal_that_can_move_its_cursor_is_shown_a_display(
    monkeypatch: pytest.MonkeyPatch, term: str, kind: type
) -> None:
    monkeypatch.setenv("TERM", term)
    with progress_on(Terminal(), quiet=False, verbose=False) as progress:
        assert isinstance(progress, kind)


def test_a_terminal_without_colours_is_sent_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {}
    monkeypatch.setenv("TERM", "xterm-256color")
    for no_color in ("", "1"):
        monkeypatch.setenv("NO_COLOR", no_color)
        stream = Terminal()
        with progress_on(stream, quiet=False, verbose=False) as progress:
            progress.notice("a")
        shown[no_color] = stream.getvalue()
    assert "\x1b[33mnote: a" in shown[""]
    assert "note: a" in shown["1"]
    assert "\x1b[3" not in shown["1"]


def test_quiet() -> None:
    stream = io.StringIO()
    with progress_on(stream, quiet=True, verbose=True) as progress:
        progress.step("a")
        progress.tally(Tally(2))
        progress.done("c")
        progress.notice("b")
    assert stream.getvalue() == ""


class Broken(io.StringIO):
    """A pipe whose reader has gone, or a full disk."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_work_goes_on_where_nobody_listens() -> None:
    for stream in (Broken(), None):
        with progress_on(stream, quiet=False, verbose=True) as progress:
            progress.step("a")
            progress.tally(Tally(2))
            progress.done("c")
            progress.notice("b")
            progress.detail("c")
