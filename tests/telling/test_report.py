"""A run's report: what it keeps in memory, and what it counts."""

from __future__ import annotations

import gc
import sys
import weakref

from generator.errors import CaptionsDisabled, RunStopped
from generator.models import Stage
from generator.models import VideoState as KnownState
from generator.settings import Settings
from generator.summarizer.completions.usage import Usage
from generator.summarizer.doubts import Doubt, DoubtKind
from generator.telling.prices import Prices, money, prices_in
from generator.telling.report import (
    Counts,
    Failure,
    FileReport,
    NoteReport,
    PackedNotes,
    Report,
    SectionReport,
    VideoReport,
    totals,
)


def note(number: int = 1, state: str = "written", **more: object) -> NoteReport:
    return NoteReport(
        path=f"output/kettle_and_chalk/note_{number}.md",
        title=f"Note “{number}” of 海",
        slug=f"note_{number}",
        state=state,
        statements=31,
        citations=33,
        dropped=1,
        sections=tuple(SectionReport(f"Section {at}", at * 60.5, 99.0) for at in range(6)),
        found={"exact": 30, "near": 3, "moved": 0},
        repaired=2,
        doubts=(Doubt("It was in 1492.", DoubtKind.NUMBER, "1492"),),
        **more,
    )


def test_packed_notes_come_back_equal() -> None:
    notes = [note(1), note(2, "kept"), note(3)]
    packed = PackedNotes(notes)
    assert list(packed) == notes
    assert (len(packed), packed[1], packed[-1:]) == (3, notes[1], (notes[2],))
    assert packed.counts == Counts(3, 2, 1, 93, 99, 3, 6, 3)
    assert packed[0].doubts[0].kind is DoubtKind.NUMBER
    assert list(PackedNotes([])) == []


def test_a_thousand_videos_notes_take_under_two_megabytes() -> None:
    packed = PackedNotes([note(at) for at in range(5)])
    assert (
        sys.getsizeof(packed) + sys.getsizeof(packed._packed) + sys.getsizeof(packed.counts) < 2000
    )


def test_a_failure_holds_on_to_nothing_of_the_run() -> None:
    class Big:
        pass

    seen: list[weakref.ref[Big]] = []

    def fails() -> None:
        big = Big()
        seen.append(weakref.ref(big))
        raise CaptionsDisabled("aaaaaaaaaa1")

    try:
        fails()
    except CaptionsDisabled as error:
        failure = Failure.of(error)
    gc.collect()
    assert seen[0]() is None
    assert failure.cause == "captions-disabled"
    assert failure.message == CaptionsDisabled("aaaaaaaaaa1").message
    assert not failure.passing


def test_a_failure_that_the_library_kept_says_the_same() -> None:
    error = RunStopped()
    kept = KnownState(
        "aaaaaaaaaa1", Stage.FAILED, error.cause, error.happened, error.remedy, error.passing
    )
    assert Failure.of(kept) == Failure.of(error)


def video(id_: str, state: str, *notes: NoteReport, **more: object) -> VideoReport:
    return VideoReport(id_, f"Title of {id_}", "c", state, PackedNotes(notes), **more)


def test_totals() -> None:
    report = Report(
        "openai",
        (
            video("a", "written", note(1), note(2, "unchanged"), note(3, "kept")),
            video("b", "unchanged", note(4, "unchanged")),
            *(video(f"c{at}", "passed-over") for at in range(3)),
            video("d", "skipped", reason="it is private"),
            video("e", "pending"),
            video("f", "failed", error=Failure.of(RunStopped())),
        ),
        relinked=("x.md", "y.md"),
        removed=("z.md",),
        kept=(FileReport("p.md", "edited by hand"),),
    )
    assert totals(report) == {
        "videos": 8, "written": 1, "unchanged": 1, "passed_over": 3, "skipped": 1, "pending": 1,
        "failed": 1, "notes": 4, "notes_written": 1, "notes_kept": 1, "statements": 124,
        "citations": 132, "dropped": 4, "repaired": 8, "doubtful": 4, "relinked": 2, "removed": 1,
    }  # fmt: skip
    assert [failed.id for failed in report.failed] == ["f"]


def test_what_it_cost_is_told_where_prices_are_set_and_tokens_are_spent() -> None:
    usage = Usage(requests=1, input_tokens=2_000_000, cached_tokens=5, output_tokens=500_000)
    assert Report("openai", (), usage, prices=Prices(0.5, 4.0)).cost == 3.0
    assert Report("openai", (), usage).cost is None
    assert Report("extractive", (), prices=Prices(0.5, 4.0)).cost is None


def test_prices_of_settings() -> None:
    assert prices_in(Settings()) is None
    assert prices_in(Settings(price_in=2)) == Prices(2.0, 0.0)
    assert prices_in(Settings(price_in=0, price_out=8)) == Prices(0.0, 8.0)


def test_amounts() -> None:
    told = [money(amount) for amount in (1234.567, 1, 0.4231, 0.00421, 0.00001, 0)]
    assert told == ["1,234.57", "1.00", "0.42", "0.0042", "under 0.0001", "0.00"]
