"""Of videos that share a cause, the remedy is told once."""

from __future__ import annotations

from generator.errors import (
    BlockedByYouTube,
    CaptionsDisabled,
    GenerateError,
    ServerFailing,
    VideoPrivate,
    VideoUnavailable,
)
from generator.telling.failures import Failed, as_table, as_told, grouped
from generator.telling.report import Failure
from generator.telling.tables import as_lines

A, B, C = "aaaaaaaaaa1", "bbbbbbbbbb2", "cccccccccc3"


def failed(name: str, error: GenerateError, title: str = "") -> Failed:
    return Failed(name, title, Failure.of(error))


def test_one_is_told_in_its_own_words() -> None:
    error = CaptionsDisabled(A)
    (group,) = grouped([failed(A, error, "Tides")])
    assert (group.happened, group.remedy) == (error.happened, error.remedy)
    assert as_told([group]) == [f"failed: {error.message}"]


def test_one_whose_words_do_not_name_it_is_named() -> None:
    error = ServerFailing("models.example", 7, "status 500")
    assert as_told(grouped([failed(A, error, "Tides\x1b[31m and ebbs")])) == [
        f"failed: {A}  Tides [31m and ebbs: {error.message}"
    ]
    assert as_told(grouped([failed("", error)])) == [f"failed: {error.message}"]


def test_many_with_one_cause_are_listed_under_one_remedy() -> None:
    tides, ebb = failed(A, CaptionsDisabled(A), "Tides"), failed(C, CaptionsDisabled(C), "Ebb")
    groups = grouped([tides, failed(B, VideoPrivate(B)), ebb, tides])
    assert [(g.cause, [of.name for of in g.failed]) for g in groups] == [
        ("captions-disabled", [A, C]),
        ("private", [B]),
    ]
    assert as_lines(as_told(groups)) == [
        "failed: 2 times captions-disabled: Video ID has no captions: its owner switched them off,"
        " or YouTube has made none.",
        f"  {A}  Tides",
        f"  {C}  Ebb",
        "  what to do: If you have a subtitle file of it, use --transcript FILE --video-id ID.",
        f"failed: {VideoPrivate(B).message}",
    ]


def test_many_that_differ_in_what_happened_say_so_each() -> None:
    told = as_told(
        grouped([failed(A, VideoUnavailable(A, "gone")), failed(B, VideoUnavailable(B, "barred"))])
    )
    assert told[:3] == [
        "failed: 2 times unavailable",
        f"  {A}: {VideoUnavailable(A, 'gone').happened}",
        f"  {B}: {VideoUnavailable(B, 'barred').happened}",
    ]
    assert "watch?v=ID in a browser" in told[3]


def test_no_word_of_a_title_or_a_name_is_taken_for_the_id() -> None:
    errors = [failed("a", BlockedByYouTube("a")), failed("b", BlockedByYouTube("b"))]
    (group,) = grouped(errors)
    assert group.remedy == BlockedByYouTube("a").remedy
    assert group.happened is None


def test_a_terminal_has_a_row_for_each_cause() -> None:
    tides, ebb = failed(A, CaptionsDisabled(A), "Tides"), failed(C, CaptionsDisabled(C))
    table = as_table(grouped([tides, ebb, failed(B, VideoPrivate(B))]))
    assert [row[0] for row in table.rows] == [f"{A}  Tides\n{C}", B]
    assert table.rows[1][1:] == (VideoPrivate(B).happened, VideoPrivate(B).remedy)
