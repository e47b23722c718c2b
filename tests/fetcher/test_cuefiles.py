"""WebVTT and SubRip as programs and people write them: nothing is lost without a word."""

from pathlib import Path

import pytest

from generator.errors import SubtitleRefused, SubtitleUnreadable
from generator.fetcher.cuefiles import has_timings, read_cue_file
from generator.fetcher.rolling import ReadCue
from generator.fetcher.timedtext import TimedText

PATH = Path("talk.vtt")


def read_cue(number: int, start: float, end: float | None, lines: tuple[str, ...]) -> ReadCue:
    return ReadCue(number, start, end, tuple(TimedText(line) for line in lines))


A_AND_B = (read_cue(1, 1, 2, ("a",)), read_cue(2, 3, 4, ("b",)))


def vtt(text: str):
    found = read_cue_file(text, PATH, webvtt=True)
    return found.cues, found.notices


def srt(text: str):
    found = read_cue_file(text, PATH, webvtt=False)
    return found.cues, found.notices


def test_webvtt_with_all_that_it_can_hold() -> None:
    text = """WEBVTT - The tides
Kind: captions
Language: pt-BR

NOTE
a remark --> not a cue

STYLE
::cue { color: red }

REGION
id:bill

first
00:01.000 --> 00:00:02.000 align:start position:0% line:10%
a

NOTE another

00:00:03.000 --> 00:00:04.000
b
 
b <i>2</i>
"""
    found = read_cue_file(text, PATH, webvtt=True)
    assert found.cues == (read_cue(1, 1, 2, ("a",)), read_cue(2, 3, 4, ("b", "b 2")))
    assert found.header == {"kind": "captions", "language": "pt-BR"}
    assert found.notices == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends(end: str) -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na\n\n00:00:03.000 --> 00:00:04.000\nb\n"
    assert vtt(text.replace("\n", end)) == (A_AND_B, ())
    text = "1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:03,000 --> 00:00:04,000\nb\n"
    assert srt(text.replace("\n", end)) == (A_AND_B, ())


@pytest.mark.parametrize(
    "text",
    [
        # times as they are written elsewhere
        "WEBVTT\n\n00:00:01,000-->00:00:02,000\na\n\n0:3.0 --> 00:04\nb",
        "WEBVTT\n\n0:0:1.0 --> 0:0:2.000000\na\n\n00:00:03 -> 00:00:04\nb",
        "WEBVTT\n\n٠٠:٠١.٠٠٠ --> ٠٠:٠٢.٠٠٠\na\n\n00:03.000 --> 00:04.000\nb",
        # no empty line between
        "WEBVTT\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb",
        "WEBVTT\n\n1\n00:01.000 --> 00:02.000\na\n2\n00:03.000 --> 00:04.000\nb",
        "WEBVTT a --> b\n\n00:01.000 --> 00:02.000\na\n\n00:03.000 --> 00:04.000\nb",
        # no header
        "00:01.000 --> 00:02.000\na\n\n00:03.000 --> 00:04.000\nb",
        # an empty line after each
        "WEBVTT\n\n\n\n00:01.000 --> 00:02.000\n\na\n\n\n\n00:03.000 --> 00:04.000\n\nb\n\n",
    ],
)
def test_webvtt_that_is_not_quite(text: str) -> None:
    assert vtt(text) == (A_AND_B, ())


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff\n\n1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:03,000 --> 00:00:04,000\nb",
        "1 \n0:0:1,0 --> 0:0:2.0\na\n\n2\n00:03,000 --> 00:04,000\nb",
        "00:00:01,000 --> 00:00:02,000\na\n\n00:00:03,000 --> 00:00:04,000\nb",
        "00:00:01,000 --> 00:00:02,000\na\n00:00:03,000 --> 00:00:04,000\nb",
        "1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb",
        "1\n\n00:00:01,000 --> 00:00:02,000\n\na\n\n2\n\n00:00:03,000 --> 00:00:04,000\n\nb\n\n",
        "#1\n00:00:01,000 --> 00:00:02,000\na\n\n#2\n00:00:03,000 --> 00:00:04,000\nb",
        "1\n00:00:01,000 --> 00:00:02,000 X1:10 X2:20\na\n\n2\n00:00:03,000 --> 00:00:04,000\nb",
    ],
)
def test_subrip_that_is_not_quite(text: str) -> None:
    assert srt(text) == (A_AND_B, ())


def test_two_cues_at_one_time_and_an_empty_one() -> None:
    text = "1\n00:01,0 --> 00:02,0\na\n\n2\n00:01,0 --> 00:02,0\nb\n\n3\n00:03,0 --> 00:04,0\n\n"
    cues = (read_cue(1, 1, 2, ("a",)), read_cue(2, 1, 2, ("b",)), read_cue(3, 3, 4, ()))
    assert srt(text) == (cues, ())
    assert vtt("WEBVTT\n\n" + text) == (cues, ())


def test_an_empty_line_within_a_subrip_cue() -> None:
    assert srt("1\n00:00:01,000 --> 00:00:02,000\na\n\n1984\n\nc\n") == (
        (read_cue(1, 1, 2, ("a", "1984", "c")),),
        (),
    )


def test_arrows_in_text_are_text() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\na\nx --> y -> z\nc\n\n00:03.000 --> 00:04.000\nb"
    assert vtt(text)[0][0].texts == ("a", "x --> y -> z", "c")
    text = "1\n00:00:01,000 --> 00:00:02,000\na\nx --> y\n\n2\n00:00:03,000 --> 00:00:04,000\nb"
    assert srt(text)[0][0].texts == ("a", "x --> y")


@pytest.mark.parametrize("times", ["00:00:xx --> 00:00:02.000", "00:75:99.000 --> 01:00:00.000"])
def test_a_broken_block_is_left_out_and_said(times: str) -> None:
    said = (f"One block was left out for want of times that can be read, on line 6: “{times}”.",)
    text = "{}00:01.000 --> 00:02.000\na\n\n{}{}\nlost\n\n00:03.000 --> 00:04.000\nb"
    assert vtt(text.format("WEBVTT\n\n", "", times)) == (A_AND_B, said)
    text = "1\n00:01,000 --> 00:02,000\na\n\n2\n{}\nlost\n\n3\n00:03,000 --> 00:04,000\nb"
    assert srt(text.format(times)) == (A_AND_B, said)


def test_words_without_times_are_left_out_and_said() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\nlost\n\n00:03.000 --> 00:04.000\nb\n\nlost too"
    assert vtt(text) == (
        A_AND_B,
        (
            "2 blocks were left out for want of times that can be read, the first on line 6:"
            " “lost”.",
        ),
    )
    text = "By me\n\n1\n00:01,000 --> 00:02,000\na\n\n2\n00:03,000 --> 00:04,000\nb"
    assert srt(text) == (
        A_AND_B,
        ("One block was left out for want of times that can be read, on line 1: “By me”.",),
    )


def test_times_before_zero() -> None:
    assert srt("1\n-00:00:01,000 --> 00:00:02,000\na\n") == (
        (read_cue(1, 0, 2, ("a",)),),
        ("One cue began before 0; moved to the beginning.",),
    )


def test_times_of_many_digits_are_refused() -> None:
    with pytest.raises(SubtitleRefused, match="line 2"):
        srt(f"1\n{'9' * 6000}:00:00,000 --> 00:00:02,000\na\n")


@pytest.mark.parametrize("text", ["WEBVTT", "WEBVTT\n\nNOTE\nx", "", "x", "a --> b", "-->"])
def test_no_cues(text: str) -> None:
    for webvtt in (True, False):
        with pytest.raises(SubtitleUnreadable, match="no cues"):
            read_cue_file(text, PATH, webvtt=webvtt)


def test_has_timings() -> None:
    assert has_timings("x\r00:01 --> 00:02\r")
    assert not has_timings("x 00:01 --> 00:02 a --> b 00:01")
