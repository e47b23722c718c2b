"""What is printed when a run has ended."""

from __future__ import annotations

from dataclasses import replace

from generator.errors import (
    BlockedByYouTube,
    BudgetSpent,
    CaptionsDisabled,
    NetworkDown,
    RunStopped,
    VaultUnwritable,
    VideoPrivate,
    YouTubeNotAsked,
)
from generator.planning.plan import Plan, PlannedVideo
from generator.planning.told import as_told as plan_told
from generator.summarizer.completions.usage import Usage
from generator.telling import summary
from generator.telling.ending import exit_code
from generator.telling.objects import as_json
from generator.telling.prices import Prices
from generator.telling.report import Failure, FileReport, ListReport, Report, VideoReport
from generator.telling.tables import as_lines
from tests.telling.test_report import note, video

A, B, C = "aaaaaaaaaa1", "bbbbbbbbbb2", "cccccccccc3"
USAGE = Usage(requests=60, retries=2, input_tokens=62_000, cached_tokens=1000,
              output_tokens=18_000, from_library=12)  # fmt: skip
NO_CAPTIONS = Failure.of(CaptionsDisabled(A))
STOPPED = Failure.of(RunStopped())


def told(report: Report, *, verbose: bool = False) -> list[str]:
    return as_lines(summary.done(report, verbose=verbose))


def test_of_one_video_a_line_for_each_note_and_one_for_the_whole() -> None:
    one = Report("openai", (video(A, "written", note(1), note(2, "kept")),), USAGE, prices=PRICES)
    assert told(one) == [
        "written    output/kettle_and_chalk/note_1.md  (6 sections, 31 statements, 33 citations,"
        " 1 left out, 1 doubtful)",
        "kept       output/kettle_and_chalk/note_2.md  (6 sections, 31 statements, 33 citations,"
        " 1 left out, 1 doubtful)",
        "1 video with the openai engine: 1 written, 0 unchanged, 0 failed",
        "60 requests (2 of them repeated), 62000 tokens in (1000 cached), 18000 out;"
        " 12 replies from the library",
        "0.10 at most, at the prices that are set",
    ]


PRICES = Prices(0.5, 4.0)
BATCH = Report(
    "openai",
    (
        video(A, "written", note(1), note(2)),
        video(B, "unchanged", note(3, "unchanged"), note(4, "kept")),
        *(video(f"done{at:07}", "passed-over", reason="written before") for at in range(50)),
        video("private0001", "skipped", reason="it is private"),
        video("private0002", "skipped", reason="it is private"),
        video("upcoming001", "skipped", reason="it has not started yet"),
        video("pending0001", "pending"),
        VideoReport(C, "Ebb", "c", "passed-over", error=Failure.of(CaptionsDisabled(C))),
        VideoReport("ddddddddddd", "", "", "failed", error=Failure.of(VideoPrivate("ddddddddddd"))),
    ),
    USAGE,
    relinked=("output/c/x.md",),
    removed=("output/c/old.md",),
    kept=(FileReport("output/c/c.md", "edited by hand"),),
    prices=PRICES,
)  # fmt: skip


def test_where_there_was_nothing_to_do_that_is_what_is_said() -> None:
    passed = [video(id_, "passed-over", reason="its notes are written") for id_ in (A, B)]
    barred = video(C, "skipped", reason="it is live right now")
    assert told(Report("extractive", (*passed, barred))) == [
        "passed over: 2 videos (their notes are written)",
        f"skipped: 1 video (it is live right now): {C}",
        "nothing to do for 3 videos: 2 passed over, 1 skipped",
    ]
    assert told(Report("extractive", (passed[0],)))[1:] == [
        "nothing to do for 1 video: 1 passed over"
    ]
    assert told(Report("extractive", ())) == ["nothing to do: no video was selected"]
    failed = ListReport("@gone", Failure("no-such-list", "There is no such list."))
    assert told(Report("extractive", (), lists=(failed,))) == []


def test_of_several_videos_a_table_and_each_reason_once() -> None:
    lines = told(BATCH)
    assert [line.split("  (")[0] for line in lines[:7]] == [
        "written    output/kettle_and_chalk/note_1.md",
        "written    output/kettle_and_chalk/note_2.md",
        "unchanged  output/kettle_and_chalk/note_3.md",
        "kept       output/kettle_and_chalk/note_4.md",
        "kept       output/c/c.md",
        "removed    output/c/old.md",
        "relinked   output/c/x.md",
    ]
    passed, private, upcoming, before, again, *table = lines[7:]
    assert passed == "passed over: 50 videos (written before)"
    assert private == "skipped: 2 videos (they are private): private0001 private0002"
    assert upcoming == "skipped: 1 video (it has not started yet): upcoming001"
    assert before == f"failed before: {CaptionsDisabled(C).message}"
    assert "--retry-failed" in again
    assert table == [
        "videos          58  1 written, 1 unchanged, 51 passed over, 3 skipped, 1 pending,"
        " 1 failed",
        "notes            4  2 written, 1 kept",
        "statements     124  132 citations, 4 left out, 8 repaired, 4 doubtful",
        "requests        60  2 repeated; 12 replies from the library",
        "tokens      80,000  62,000 in (1,000 cached), 18,000 out",
        "cost          0.10  at most, at the prices that are set",
        "engine              openai",
    ]


def test_of_very_many_notes_only_those_of_their_owner_have_a_line_unless_verbose() -> None:
    many = tuple(video(f"v{at}", "written", note(at)) for at in range(60))
    report = Report("openai", (*many, video(A, "unchanged", note(99, "kept"))),
                    relinked=tuple(f"{at}.md" for at in range(60)))  # fmt: skip
    lines = told(report)
    assert [line for line in lines if "note_" in line] == [lines[0]]
    assert lines[0].startswith("kept       output/kettle_and_chalk/note_99.md")
    assert "relinked   60 files" in lines
    assert sum("note_" in line for line in told(report, verbose=True)) == 61
    assert "relinked   59.md" in told(report, verbose=True)


def test_of_many_that_failed_before_some_are_named_unless_verbose() -> None:
    before = tuple(
        VideoReport(f"nowords{at:04}", "", "", "passed-over",
                    error=Failure.of(CaptionsDisabled(f"nowords{at:04}")))
        for at in range(30)
    )  # fmt: skip
    report = Report("extractive", before)
    assert sum("  nowords" in line for line in told(report)) == 10
    assert "  … and 20 more" in told(report)
    assert sum("  nowords" in line for line in told(report, verbose=True)) == 30


def test_failures_are_those_of_lists_videos_and_the_vault() -> None:
    network = Failure.of(NetworkDown("YouTube", "no route"))
    vault = Failure.of(VaultUnwritable("x.md", "full"))
    report = replace(BATCH, lists=(ListReport("@kettle", network),), errors=(vault,))
    groups = summary.failures(report)
    assert [(of.cause, of.failed[0].name) for of in groups] == [
        ("network", "@kettle"),
        ("private", "ddddddddddd"),
        ("vault", ""),
    ]


def test_a_run_that_ended_early_says_how_to_go_on_and_no_failure_twice() -> None:
    budget = Failure.of(BudgetSpent(900, 1000))
    report = Report(
        "openai",
        (video(A, "written", note()), video(B, "failed", error=budget), video(C, "pending")),
        ended=budget,
    )
    assert summary.failures(report) == []
    assert summary.how_to_go_on(report) == [
        f"ended early: {budget.happened}", "left: 2 of 3 videos", f"to go on: {budget.remedy}"
    ]  # fmt: skip
    assert summary.how_to_go_on(BATCH) == []


def test_videos_that_met_what_ended_the_run_are_left_for_the_next_one() -> None:
    private = video(C, "failed", error=Failure.of(VideoPrivate(C)))
    blocked = [video(id_, "failed", error=Failure.of(BlockedByYouTube(id_))) for id_ in (A, B)]
    ended = Failure.of(YouTubeNotAsked())
    report = Report("openai", (private, *blocked), ended=ended)
    assert [group.cause for group in summary.failures(report)] == ["private"]
    assert summary.how_to_go_on(report)[1] == "left: 2 of 3 videos"


def test_the_only_video_fails_or_is_left_and_that_is_told_once() -> None:
    failed = Report("openai", (video(A, "failed", error=STOPPED),), ended=STOPPED)
    assert [group.cause for group in summary.failures(failed)] == ["stopped"]
    assert summary.how_to_go_on(failed) == []
    pending = Report("openai", (video(A, "pending", error=STOPPED),), ended=STOPPED)
    assert summary.failures(pending) == []
    assert summary.how_to_go_on(pending)[1] == "left: 1 of 1 video"


def test_exit_codes() -> None:
    def code(*videos: VideoReport, **more: object) -> int:
        return exit_code(Report("openai", videos, **more))

    skipped = video(A, "skipped", reason="it is private")
    before = video(B, "passed-over", error=NO_CAPTIONS)
    assert code(video(A, "written"), skipped, before) == 0
    assert code(video(A, "failed", error=NO_CAPTIONS), skipped) == 1
    assert code(lists=(ListReport("@x", NO_CAPTIONS),)) == 1
    assert code(errors=(NO_CAPTIONS,)) == 1
    assert code(video(A, "pending"), ended=Failure.of(BlockedByYouTube(A))) == 1
    assert code(video(A, "pending"), ended=STOPPED) == 130
    assert code(video(A, "failed", error=STOPPED)) == 130


def test_json_has_all_of_it() -> None:
    report = replace(
        BATCH,
        lists=(ListReport("@kettle", NO_CAPTIONS),),
        errors=(STOPPED,),
        notices=("moved",),
        ended=STOPPED,
    )
    shown = as_json(report)
    by_id = {of["id"]: of for of in shown["videos"]}
    private, before, failed = by_id["private0001"], by_id[C], by_id["ddddddddddd"]
    assert (private["state"], private["reason"], private["error"]) == (
        "skipped", "it is private", None,
    )  # fmt: skip
    assert (before["state"], before["cause"], before["passing"]) == (
        "passed-over", "captions-disabled", False,
    )  # fmt: skip
    assert failed["remedy"] == VideoPrivate("ddddddddddd").remedy
    assert by_id[A]["notes"][0] == {
        "path": "output/kettle_and_chalk/note_1.md", "title": "Note “1” of 海", "slug": "note_1",
        "state": "written", "statements": 31, "citations": 33, "dropped": 1,
        "found": {"exact": 30, "near": 3, "moved": 0}, "repaired": 2,
        "doubtful": [{"statement": "It was in 1492.", "kind": "number", "text": "1492"}],
        "sections": [
            {"heading": f"Section {at}", "start": at * 60.5, "end": 99.0} for at in range(6)
        ],
    }  # fmt: skip
    stopped = {
        "error": STOPPED.message, "cause": "stopped", "remedy": STOPPED.remedy, "passing": True
    }  # fmt: skip
    assert shown["ended"] == stopped
    assert shown["errors"] == [stopped]
    assert shown["lists"][0]["name"] == "@kettle"
    assert shown["relinked"] == ["output/c/x.md"]
    assert shown["removed"] == ["output/c/old.md"]
    assert shown["kept"] == [{"path": "output/c/c.md", "reason": "edited by hand"}]
    assert shown["notices"] == ["moved"]
    assert shown["cost"] == 0.103
    assert shown["usage"]["input_tokens"] == 62_000
    assert shown["totals"]["passed_over"] == 51


def test_a_plan_of_many_videos_speaks_of_them_in_the_plural() -> None:
    videos = tuple(
        PlannedVideo(f"many{at:07d}", "", "c", "fetch", ("it is not fetched yet",))
        for at in range(50)
    )
    lines = as_lines(plan_told(Plan("extractive", videos)))
    assert "to be fetched  50 videos  they are not fetched yet" in lines
