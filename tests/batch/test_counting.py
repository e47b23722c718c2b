"""What is told of each video of a run as it ends."""

from __future__ import annotations

from generator.batch.counting import Counting
from generator.errors import CaptionsDisabled, RunStopped
from generator.summarizer.completions.usage import Usage, UsageBook
from generator.telling.progress import Silent, Tally
from generator.telling.report import Failure
from tests.telling.test_report import note, video


class Told(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.tallies: list[Tally] = []
        self.lines: list[str] = []

    def tally(self, tally: Tally) -> None:
        self.tallies.append(tally)

    def done(self, text: str) -> None:
        self.lines.append(text)


def test_a_run_of_several_tells_each_that_it_tried_and_counts_all() -> None:
    told, usage = Told(), UsageBook()
    counting = Counting(told, 5, usage)
    usage.add("a", Usage(requests=1, input_tokens=70, output_tokens=8))
    counting.fetched()
    counting.over("a", video("a", "written", note(1), note(2)))
    none = Failure.of(CaptionsDisabled("b"))
    counting.over("b", video("b", "failed", error=none))
    counting.over("c", video("c", "passed-over", reason="its notes are written"))
    counting.over("d", video("d", "pending", error=Failure.of(RunStopped())))
    counting.over("e", video("e", "skipped", reason="it is private"))
    assert told.lines == [
        "a Title of a: 2 notes written",
        f"b Title of b: failed, {none.happened}",
        "e Title of e: skipped, it is private",
    ]
    assert told.tallies[0] == Tally(5)
    assert told.tallies[-1] == Tally(
        videos=5, fetched=1, written=1, failed=1, passed_over=3, input_tokens=70, output_tokens=8,
        failures=(("b", "captions-disabled"),),
    )  # fmt: skip


def test_of_a_single_video_its_steps_tell_enough() -> None:
    told = Told()
    counting = Counting(told, 1, None)
    counting.fetched()
    counting.over("a", video("a", "written", note(1)))
    assert (told.tallies, told.lines) == ([], [])
