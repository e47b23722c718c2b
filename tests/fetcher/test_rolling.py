"""Every word of rolling captions is kept once, and repetitions that were said are kept."""

from dataclasses import replace
from pathlib import Path

from generator.fetcher.cuetext import read_lines
from generator.fetcher.rolling import ReadCue, fold
from generator.fetcher.subtitles import read_subtitles
from generator.models import Cue, WordTime

AUTO_VTT = """WEBVTT
Kind: captions
Language: en

00:00:00.480 --> 00:00:03.190 align:start position:0%
 
the<00:00:00.719><c> tide</c><00:00:01.079><c> comes</c><00:00:01.439><c> in</c>

00:00:03.190 --> 00:00:03.200 align:start position:0%
the tide comes in
 

00:00:03.200 --> 00:00:05.990 align:start position:0%
the tide comes in
twice<00:00:03.600><c> a</c><00:00:03.800><c> day</c>

00:00:05.990 --> 00:00:06.000 align:start position:0%
twice a day
 

00:00:06.000 --> 00:00:08.190 align:start position:0%
twice a day
no

00:00:08.190 --> 00:00:08.200 align:start position:0%
no
 

00:00:08.200 --> 00:00:09.990 align:start position:0%
no
no

00:00:09.990 --> 00:00:10.000 align:start position:0%
no
 

00:00:10.000 --> 00:00:11.990 align:start position:0%
no
no<00:00:10.400><c> no</c>

00:00:11.990 --> 00:00:12.000 align:start position:0%
no no
 

00:00:12.000 --> 00:00:14.000 align:start position:0%
no no
 

00:00:20.000 --> 00:00:22.000 align:start position:0%
 
<00:00:20.500><c>later</c><00:00:21.000><c> on</c>
"""

FOLDED = (
    Cue(0.48, 2.71, "the tide comes in"),
    Cue(3.2, 2.79, "twice a day"),
    Cue(6.0, 2.19, "no"),
    Cue(8.2, 1.79, "no"),
    Cue(10.0, 1.99, "no no"),
    Cue(20.0, 2.0, "later on"),
)

WORDS = (
    ((0, 0.48), (4, 0.719), (9, 1.079), (15, 1.439)),
    ((0, 3.2), (6, 3.6), (8, 3.8)),
    ((0, 6.0),),
    ((0, 8.2),),
    ((0, 10.0), (3, 10.4)),
    ((0, 20.5), (6, 21.0)),
)


def read(tmp_path: Path, text: str, name: str = "talk.vtt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_subtitles(path)


def shown(*texts: str) -> list[ReadCue]:
    """Captions of two seconds each, one after the other; `~` marks one of 10 ms."""
    cues, at = [], 0.0
    for number, text in enumerate(texts, 1):
        end = at + (0.01 if text.startswith("~") else 2.0)
        cues.append(ReadCue(number, at, end, read_lines(text.lstrip("~").split("\n"), at)))
        at = end
    return cues


def kept(cues: list[ReadCue]) -> list[str]:
    return ["|".join(cue.texts) for cue in fold(cues).cues]


def test_youtubes_captions_are_folded(tmp_path: Path) -> None:
    fetched = read(tmp_path, AUTO_VTT)
    cues = fetched.transcript.cues
    assert tuple(replace(cue, words=()) for cue in cues) == FOLDED
    assert tuple(cue.words for cue in cues) == WORDS
    assert fetched.transcript.generated
    assert fetched.transcript.language == "en"
    assert fetched.notices == ()


def test_they_are_folded_too_when_a_converter_has_stripped_the_tags(tmp_path: Path) -> None:
    srt = """1
00:00:00,480 --> 00:00:03,190
the tide comes in

2
00:00:03,190 --> 00:00:03,200
the tide comes in

3
00:00:03,200 --> 00:00:05,990
the tide comes in
twice a day

4
00:00:05,990 --> 00:00:06,000
twice a day

5
00:00:06,000 --> 00:00:08,190
twice a day
no

6
00:00:08,190 --> 00:00:08,200
no

7
00:00:08,200 --> 00:00:09,990
no
no

8
00:00:09,990 --> 00:00:10,000
no

9
00:00:10,000 --> 00:00:11,990
no
no no
"""
    fetched = read(tmp_path, srt, "talk.srt")
    assert fetched.transcript.cues == FOLDED[:5]
    assert fetched.transcript.generated


def test_short_captions_between_may_be_gone() -> None:
    assert kept(shown("a b", "a b\nc d", "c d\ne f", "e f\ng h")) == ["a b", "c d", "e f", "g h"]


def test_lines_may_be_joined() -> None:
    cues = shown("a b", "~a b", "a b c d", "~c d", "c d e f", "~e f", "e f g h")
    assert kept(cues) == ["a b", "c d", "e f", "g h"]


def test_captions_may_grow_by_the_word() -> None:
    assert kept(shown("so", "so here", "so here we", "so here we are")) == [
        "so",
        "here",
        "we",
        "are",
    ]


def test_three_lines_may_roll() -> None:
    cues = shown("a", "a\nb", "a\nb\nc", "b\nc\nd", "c\nd\ne")
    assert kept(cues) == ["a", "b", "c", "d", "e"]


def test_a_line_whose_words_are_timed_is_new() -> None:
    cues = shown("a <00:00:00.500><c>b</c>", "a b\nc <00:00:02.500><c>d</c>", "c <00:05.000>d")
    assert kept(cues) == ["a b", "c d", "c d"]


def test_captions_whose_words_are_timed_do_not_grow() -> None:
    song = ["row", "row the", "row the boat", "row the boat down", "row the boat down the"]
    timed = [f"<00:00:0{at * 2}.100>{line}" for at, line in enumerate(song)]
    assert kept(shown(*timed)) == song
    assert kept(shown(*song)) == ["row", "the", "boat", "down", "the"]


def test_a_word_said_again_moves_up_its_like() -> None:
    cues = shown("a b", "a b\nno", "no\nno", "no\nno", "no\nc d", "no\nc d")
    assert kept(cues) == ["a b", "no", "no", "no", "c d"]


def test_a_line_that_comes_again_after_a_pause_was_said_again() -> None:
    cues = shown("a b", "a b\nc d", "c d\ne f", "e f", "e f\ng h")
    assert kept(cues) == ["a b", "c d", "e f", "g h"]
    cues[3:] = [replace(cue, start=cue.start + 9, end=cue.end + 9) for cue in cues[3:]]
    assert kept(cues) == ["a b", "c d", "e f", "e f", "g h"]


def test_a_chorus_is_no_rolling_caption() -> None:
    for song in (
        ["no no no"] * 4,
        ["row the boat", "row the boat", "down the stream", "row the boat", "row the boat"],
        ["row\nthe boat", "the boat\nrow", "row\nthe boat", "the boat\nrow"],
    ):
        folded = fold(shown(*song))
        assert ["\n".join(cue.texts) for cue in folded.cues] == song
        assert not folded.rolling


def test_a_few_repeated_lines_among_others_are_kept() -> None:
    talk = ["What is it?", "What is it?\nA tide.", "The moon pulls.", "The sun too.", "And why?"]
    talk += ["And why?\nFor its mass.", "So it is.", "One more thing.", "The shore.", "Thanks."]
    assert kept(shown(*talk)) == [cue.replace("\n", "|") for cue in talk]
    timed = [cue.replace(" ", " <00:00:00.100>") for cue in talk]
    timed[1] = talk[1]
    assert kept(shown(*timed)) == [cue.replace("\n", "|") for cue in talk]


def test_one_answer_repeated_is_kept() -> None:
    talk = ["Is it?\nYes.", "Yes.\nIt is.", "Was it?\nYes.", "Yes.\nIt was."]
    assert kept(shown(*talk)) == [cue.replace("\n", "|") for cue in talk]


def test_a_caption_starts_where_its_file_says_and_not_with_its_first_word() -> None:
    cues = shown("<00:00:01.500><c>a</c>", "a\n<00:00:03.900><c>b</c>")
    assert [cue.start for cue in fold(cues).cues] == [0.0, 2.0]


def test_word_times_alone_say_that_captions_are_generated(tmp_path: Path) -> None:
    fetched = read(
        tmp_path,
        "WEBVTT\n\n00:01.000 --> 00:03.000\none<00:00:01.500><c> two</c>\n\n"
        "00:03.000 --> 00:05.000\nthree<00:00:03.500><c> four</c>\n",
    )
    assert fetched.transcript.cues == (
        Cue(1.0, 2.0, "one two", (WordTime(0, 1.0), WordTime(4, 1.5))),
        Cue(3.0, 2.0, "three four", (WordTime(0, 3.0), WordTime(6, 3.5))),
    )
    assert fetched.transcript.generated
