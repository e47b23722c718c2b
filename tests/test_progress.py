"""What the program tells while it works cannot command the terminal it is told to."""

from __future__ import annotations

import io

from rich.console import Console

from generator.progress import Plain, progress_on
from generator.telling.live import Live


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


def test_on_a_terminal() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, color_system=None, width=80)
    with Live(console, verbose=True) as live:
        live.step("a\x1b[31m[b]")
        live.notice("c\x1b]0;title\x07[d]")
        live.detail("e\nf")
    shown = stream.getvalue()
    assert "note: c ]0;title [d]" in shown
    assert "  e\n" in shown
    assert "\x1b[31m" not in shown
    assert "\x1b]0" not in shown


def test_quiet() -> None:
    stream = io.StringIO()
    with progress_on(stream, quiet=True, verbose=True) as progress:
        progress.step("a")
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
            progress.notice("b")
            progress.detail("c")
