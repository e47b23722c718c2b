"""Times that can be mended are, those that cannot are refused, and both are said."""

from pathlib import Path

import pytest

from generator.errors import EmptyTranscript, SubtitleRefused
from generator.fetcher.cues import mend
from generator.fetcher.cuetext import read_lines
from generator.fetcher.rolling import ReadCue
from generator.models import Cue

PATH = Path("talk.srt")


def read(*cues: tuple[float, float | None, str]) -> list[ReadCue]:
    return [
        ReadCue(number, start, end, read_lines(text.split("\n"), start))
        for number, (start, end, text) in enumerate(cues, 1)
    ]


def mended(*cues: tuple[float, float | None, str], generated: bool = False):
    result = mend(read(*cues), PATH, generated=generated)
    return result.cues, result.notices


def refused(*cues: tuple[float, float | None, str]) -> str:
    with pytest.raises(SubtitleRefused) as caught:
        mended(*cues)
    return str(caught.value)


def test_good_cues_stay_as_they_are() -> None:
    assert mended((1, 2.5, "one"), (2.5, 4, "two\nlines"), (9, 10, "three")) == (
        (Cue(1, 1.5, "one"), Cue(2.5, 1.5, "two lines"), Cue(9, 1, "three")),
        (),
    )


def test_cues_out_of_order_are_sorted() -> None:
    assert mended((62, 63, "c"), (1, 2, "a"), (30, 31, "b")) == (
        (Cue(1, 1, "a"), Cue(30, 1, "b"), Cue(62, 1, "c")),
        ("2 cues were out of order, the first at 00:00:01; sorted by time.",),
    )


def test_an_overlap_ends_where_the_next_cue_starts() -> None:
    assert mended((1, 9, "a"), (4, 6, "b"), (62, 70, "c"), (65, 71, "d")) == (
        (Cue(1, 3, "a"), Cue(4, 2, "b"), Cue(62, 3, "c"), Cue(65, 6, "d")),
        ("2 cues overlapped the next, the first at 00:00:01; each now ends where it starts.",),
    )


def test_rounded_ends_are_no_overlap() -> None:
    assert mended((1, 3.04, "a"), (3, 5, "b")) == ((Cue(1, 2, "a"), Cue(3, 2, "b")), ())


def test_two_speakers_at_once_are_both_kept() -> None:
    assert mended((1, 3, "a"), (1, 4, "b"), (5, 6, "c")) == (
        (Cue(1, 2, "a"), Cue(1, 3, "b"), Cue(5, 1, "c")),
        (),
    )


def test_generated_captions_overlap_without_a_word() -> None:
    assert mended((1, 9, "a"), (4, 6, "b"), (5, 6, ""), generated=True) == (
        (Cue(1, 3, "a"), Cue(4, 2, "b")),
        (),
    )


def test_a_cue_without_length_lasts_as_long_as_reading_it_takes() -> None:
    assert mended((1, 1, "a" * 60), (20, 18, "bb"), (20.5, 21, "c")) == (
        (Cue(1, 4, "a" * 60), Cue(20, 0.5, "bb"), Cue(20.5, 0.5, "c")),
        (
            "2 cues ended no later than they began, the first at 00:00:01; each now lasts as long"
            " as reading it takes.",
        ),
    )


def test_an_unknown_end_needs_no_mention() -> None:
    assert mended((1, None, "a"), (1.5, None, "b" * 30)) == (
        (Cue(1, 0.5, "a"), Cue(1.5, 2, "b" * 30)),
        (),
    )


def test_empty_cues_are_left_out() -> None:
    assert mended((1, 2, "a"), (3661, 3662, " \u200b "), (3663, 3664, "")) == (
        (Cue(1, 1, "a"),),
        ("2 cues had no words, the first at 01:01:01; left out.",),
    )


def test_a_cue_that_is_there_twice_is_kept_once() -> None:
    assert mended((1, 2, "a"), (1, 2, "a"), (1, 3, "a"), (4, 5, "a")) == (
        (Cue(1, 2, "a"), Cue(4, 1, "a")),
        ("2 cues were there twice, the first at 00:00:01; kept once.",),
    )


def test_a_start_before_the_beginning_moves_there() -> None:
    assert mended((-2, 2, "a"), (3, 4, "b")) == (
        (Cue(0, 2, "a"), Cue(3, 1, "b")),
        ("One cue began before 0, at 00:00:00; moved to the beginning.",),
    )


def test_a_cue_of_minutes_with_few_words_is_cut() -> None:
    assert mended((5, 5 + 36000, "The end.")) == (
        (Cue(5, 1, "The end."),),
        (
            "One cue lasted over 10 minutes for a few words, at 00:00:05; each now lasts as long as"
            " reading it takes.",
        ),
    )


def test_a_long_cue_with_many_words_stays() -> None:
    text = "word " * 1000 + "end"
    assert mended((0, 900, text)) == ((Cue(0, 900, text),), ())


def test_starts_keep_every_digit() -> None:
    (cue,), _ = mended((59.99999, 60.5, "a"))
    assert cue.start == 59.99999


@pytest.mark.parametrize("start", [360000, 1e9, 1e300])
def test_a_start_of_a_hundred_hours_is_refused(start: float) -> None:
    assert refused((1, 2, "a"), (start, start + 1, "b")) == (
        "The transcript file talk.srt is refused: cue 2 starts later than 99:59:59."
    )


@pytest.mark.parametrize(
    ("start", "end"), [(float("nan"), 1), (1, float("nan")), (float("inf"), None)]
)
def test_a_time_that_is_no_number_is_refused(start: float, end: float | None) -> None:
    assert refused((start, end, "a")) == (
        "The transcript file talk.srt is refused: cue 1 has a time that is no number."
    )


def test_a_whole_talk_in_one_cue_is_refused() -> None:
    assert refused((1, 2, "a"), (62, 65, "word " * 2000)) == (
        "The transcript file talk.srt is refused: cue 2 at 00:01:02 has 9,999 characters in 3 s,"
        " more than anybody says."
    )
    assert "cue 1 at 00:00:00 has 9,999 characters in 0 s" in refused((0, 0, "word " * 2000))
    assert "cue 1 at 00:00:00 has 300 characters in 3 s" in refused((0, 3, "字" * 300))


def test_a_whole_talk_in_many_cues_of_no_time_is_refused() -> None:
    cues = [(index / 1000, None, "The tide comes in, and it goes out.") for index in range(800)]
    assert "the transcript from 00:00:00 on has 800 cues with 28,000 characters" in refused(*cues)


@pytest.mark.parametrize("text", ["quick " * 50, "字" * 30, "ok" + "😀" * 40])
def test_fast_captions_are_no_whole_talk(text: str) -> None:
    cues, _ = mended((0, 1, text))
    assert cues == (Cue(0, 1, text.strip()),)


@pytest.mark.parametrize("texts", [[""], ["[Music]", "♪ ♪"], ["[音楽]", "[laughter] ..."], []])
def test_without_words_there_is_no_transcript(texts: list[str]) -> None:
    with pytest.raises(EmptyTranscript):
        mended(*((at, at + 1, text) for at, text in enumerate(texts)))
