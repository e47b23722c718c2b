"""What a terminal shows of a run while it works."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from generator.telling.live import Live, Pace, duration
from generator.telling.progress import Tally

FAILED = (("aaaaaaaaaa1", "x"), ("aaaaaaaaaa2", "private"), ("b\x1b[31m", "y"), ("c", "network"))


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


def screen(live: Live, width: int) -> list[str]:
    """The lines that stand on a terminal of so many columns at this moment."""
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    with console.capture() as captured:
        console.print(live._shown())
    return captured.get().rstrip("\n").split("\n")


class Clock:
    """Time as a test wants it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(clock: Clock) -> Live:
    return Live(Console(file=io.StringIO()), clock=clock)


def test_one_video_is_a_step_alone(live: Live) -> None:
    live.step("tides: fetching")
    (line,) = screen(live, 80)
    assert line.endswith(" tides: fetching")


def test_of_several_it_tells_how_far_it_is(live: Live, clock: Clock) -> None:
    live.tally(Tally(videos=1200))
    clock.now += 60
    live.tally(Tally(1200, fetched=25, written=10, failed=2, passed_over=300,
                     input_tokens=1_234_567, output_tokens=89_000, failures=FAILED))  # fmt: skip
    live.step("d: publishing")
    bar, counts, *failures, step = screen(live, 120)
    assert bar.endswith(" 312/1,200")
    assert "━" in bar
    assert counts == (
        "25 fetched, 10 written · 2 failed · 74 min left"
        " · 1,234,567 tokens in, 89,000 out · 300 passed over"
    )
    assert failures == [
        "failed: aaaaaaaaaa2 (private)", "failed: b [31m (y)", "failed: c (network)"
    ]  # fmt: skip
    assert step.endswith(" d: publishing")


@pytest.mark.parametrize("width", [10, 24, 79])
def test_a_narrow_terminal_gets_no_line_that_wraps(live: Live, width: int) -> None:
    live.tally(Tally(1200, 25, 10, 2, 300, 1_234_567, 89_000, FAILED))
    live.step("水は 二度 " * 40)
    lines = screen(live, width)
    assert len(lines) == 6
    assert lines[-1].endswith("…")


def test_what_ends_is_a_line_above_for_the_verbose_alone() -> None:
    for verbose in (False, True):
        stream = io.StringIO()
        with Live(Console(file=stream, width=80), verbose=verbose) as live:
            live.done("a: 3\x07 notes")
        assert ("a: 3  notes" in stream.getvalue()) == verbose


def test_the_time_left_is_told_once_two_videos_have_ended_and_not_by_those_passed_over() -> None:
    pace = Pace()
    pace.note(before := Tally(100, passed_over=50), 0.0)
    assert pace.left(before) is None
    pace.note(first := Tally(100, passed_over=50, failed=1), 30.0)
    assert pace.left(first) is None
    pace.note(second := Tally(100, passed_over=50, failed=1, written=1), 40.0)
    assert pace.left(second) == 48 * 20.0
    pace.note(third := Tally(100, passed_over=70, failed=1, written=1, fetched=9), 400.0)
    assert pace.left(third) == 28 * 20.0
    pace.note(last := Tally(100, passed_over=70, failed=1, written=29), 500.0)
    assert pace.left(last) is None


def test_durations() -> None:
    told = [duration(seconds) for seconds in (0, 40.4, 89, 91, 5939, 6000, 11_100)]
    assert told == ["1 s", "40 s", "89 s", "2 min", "99 min", "1 h 40 min", "3 h 05 min"]


class Gone(io.StringIO):
    """A terminal that was closed."""

    closed_now = False

    def write(self, text: str) -> int:
        if self.closed_now:
            raise OSError(5, "Input/output error")
        return super().write(text)


def test_work_goes_on_where_the_terminal_was_closed() -> None:
    stream = Gone()
    with Live(Console(file=stream, force_terminal=True), verbose=True) as live:
        stream.closed_now = True
        live.tally(Tally(2))
        live.notice("a")
        live.done("b")
        live.detail("c")
