"""Transcribers' loops are kept once and told; what people say and sing is left as it is."""

import json
from dataclasses import replace
from itertools import cycle, islice

import pytest

from generator.fetcher.http import Connection
from generator.fetcher.loops import without_loops
from generator.fetcher.subtitles import read_subtitles
from generator.fetcher.youtube import fetch_video
from generator.models import Cue, Evidence, WordTime
from generator.summarizer.grounding import Grounding
from generator.summarizer.lines import make_lines
from tests.standins.talk import CaptionTrack, demo_talks
from tests.standins.talk import Cue as Caption
from tests.standins.youtube import YouTubeStandIn

LOOP = "I'm going to go ahead and do it."


def said(*texts: str) -> tuple[Cue, ...]:
    """Cues of 3 s, one after the other, from 10 s on."""
    return tuple(Cue(10.0 + 3 * at, 3.0, text) for at, text in enumerate(texts))


def left(*texts: str) -> list[str]:
    return [cue.text for cue in without_loops(said(*texts))[0]]


def notice(*texts: str) -> str:
    (told,) = without_loops(said(*texts))[1]
    return told


def timed(text: str, start: float = 10.0) -> Cue:
    """A cue that times its words, half a second each."""
    words, offset = [], 0
    for number, word in enumerate(text.split()):
        words.append(WordTime(offset, start + number / 2))
        offset += len(word) + 1
    return Cue(start, len(words) / 2, text, tuple(words))


def test_a_line_that_is_repeated_is_kept_once_with_its_own_times():
    cues = said("We begin.", *[LOOP] * 60, "And so we end.")
    kept, notices = without_loops(cues)
    assert kept == (cues[0], cues[1], cues[-1])
    assert notices == (
        "One line was repeated 60 times in a row, first at 00:00:13 (a transcriber's loop); it was"
        " kept once.",
    )


def test_case_and_punctuation_do_not_tell_lines_apart_but_speakers_do():
    lines = ["I am here.", "I am here", "i am here!", "I AM HERE", "“I am here”"]
    assert left("So.", *lines) == ["So.", "I am here."]
    speakers = tuple(
        Cue(cue.start, cue.duration, cue.text, speaker=speaker)
        for cue, speaker in zip(said(*lines * 2), cycle(["Ann", "Ben", "Ann", "Cy"]), strict=False)
    )
    assert without_loops(speakers) == (speakers, ())


@pytest.mark.parametrize("size", [2, 3])
def test_lines_that_are_repeated_in_turn_are_kept_once(size):
    lines = ["First we look.", "Then we see it.", "Now we know that."][:size]
    assert left("So.", *lines * 5, "Bye then.") == ["So.", *lines, "Bye then."]
    assert notice("So.", *lines * 6) == (
        f"{size} lines in turn were repeated 6 times in a row, first at 00:00:13 (a transcriber's"
        " loop); they were kept once."
    )
    assert left("So.", *lines * 4) == ["So.", *lines * 4]


def test_several_loops_are_told_in_one_notice():
    told = notice("So.", *["That was it."] * 7, "Then.", *["It was that."] * 12)
    assert told == (
        "2 runs of lines were repeated, up to 12 times in a row, the first at 00:00:13 (a"
        " transcriber's loop); each was kept once."
    )


def test_a_phrase_repeated_in_a_cue_is_kept_once_and_the_other_words_keep_their_times():
    cue = timed("well then " + "thank you, " * 9 + "he said")
    ((kept,), (told,)) = without_loops([cue])
    assert kept.text == "well then thank you, he said"
    assert (kept.start, kept.duration) == (cue.start, cue.duration)
    assert [kept.text[word.offset :].split()[0] for word in kept.words] == kept.text.split()
    assert [word.start for word in kept.words] == [10.0, 10.5, 11.0, 11.5, 20.0, 20.5]
    assert told == (
        "One phrase was repeated 9 times within a cue, at 00:00:11 (a transcriber's loop); it was"
        " kept once."
    )


@pytest.mark.parametrize("size", range(1, 7))
@pytest.mark.parametrize("after", ["", " and on"])
def test_phrases_of_one_to_six_words_from_eight_times_on(size, after):
    phrase = " ".join(["the", "cat", "that", "sat", "down", "here"][:size])
    looped = " ".join([phrase] * 8) + after
    assert left("Go: " + looped) == ["Go: " + phrase + after]
    short = "Go: " + " ".join([phrase] * 7) + after
    assert left(short) == [short]


def test_two_phrases_in_one_cue_and_the_marks_around_them():
    text = "(“Oh no!” " + "“Oh no!” " * 9 + "he cried, " + "go on, " * 8 + "then left.)"
    assert left(text) == ["(“Oh no!” he cried, go on, then left.)"]


def test_scripts_without_spaces():
    assert left("はい" + "ありがとう" * 9 + "ございます") == ["はいありがとうございます"]
    assert left("始めます。", *["こんにちは。"] * 5) == ["始めます。", "こんにちは。"]
    assert left("はい", *["はい"] * 4, "始めます。") == ["はい"] * 5 + ["始めます。"]


SPEECH = (
    "No. No. No. No, no, no, I said.",
    *["No."] * 9,
    "Yes, yes. Very, very, very good.",
    *["Thank you."] * 4,
    *["[Music]"] * 40,
    *["(applause)"] * 12,
    *["♪"] * 12,
    "It is a one and 1 0 0 0 0 0 0 0 0 0 0 0 zeros.",
    "哈哈哈哈哈哈哈哈哈哈",
)
REFRAIN = (
    "Row, row, row your boat",
    "Gently down the stream",
    *["Merrily, merrily, merrily, merrily"] * 3,
    "Life is but a dream",
)


def test_ordinary_speech_and_a_refrain_are_untouched():
    for texts in (SPEECH, REFRAIN * 4):
        cues = said(*texts)
        kept, notices = without_loops(cues)
        assert (kept, notices) == (cues, ())
        assert all(one is other for one, other in zip(kept, cues, strict=True))


def test_all_demo_talks_are_untouched():
    for talk in demo_talks():
        for track in talk.tracks:
            cues = tuple(Cue(cue.start, cue.duration, cue.text) for cue in track.cues)
            assert without_loops(cues) == (cues, ())


def test_what_is_written_over_silence_is_left_out_at_either_end():
    talk = ["The tide comes in.", "The tide goes out."]
    phantom = "Subtitles by the Amara.org community"
    assert left(*talk, "Thanks for watching!") == talk
    assert left(phantom, "[Music]", *talk, "[Music]", "Please subscribe.", phantom) == [
        "[Music]", *talk, "[Music]",
    ]  # fmt: skip
    assert left(*talk, "ご視聴ありがとうございました。") == talk
    assert notice(*talk, "Thanks for watching!") == (
        "One cue said only what transcribers write over silence, at 00:00:16 (“Thanks for"
        " watching!”); it was left out."
    )


def test_in_between_it_is_left_out_only_where_it_is_repeated():
    one, two = "The tide comes in.", "The tide goes out."
    assert left(one, "Thanks for watching.", two) == [one, "Thanks for watching.", two]
    assert left(one, "Thanks for watching.", two, "thanks for watching", one) == [one, two, one]
    assert notice(one, "Thanks for watching.", two, "thanks for watching", one) == (
        "2 cues said only what transcribers write over silence, the first at 00:00:13 (“Thanks for"
        " watching.”); they were left out."
    )


def test_who_says_more_than_that_is_kept():
    texts = ("Thanks for watching the tide with me.", "It is high.", "He said: please subscribe.")
    assert left(*texts) == [*texts]


def test_no_transcript_is_left_empty():
    assert left("[Music]", "Thanks for watching.", "Please subscribe.") == [
        "[Music]", "Thanks for watching.", "Please subscribe.",
    ]  # fmt: skip
    assert left(*["Thanks for watching."] * 60) == ["Thanks for watching."]
    assert without_loops([]) == ((), ())


def test_a_loop_of_thousands_of_cues_or_words_does_not_take_long():
    many = 20_000
    assert left(*["[Music]"] * many, "A word.")[-1] == "A word."
    assert left("So it goes. " + "0 " * many).pop().startswith("So")
    assert left(*islice(cycle(["One two.", "Three four.", "Five six."]), many))[:3] == [
        "One two.", "Three four.", "Five six.",
    ]  # fmt: skip


def test_citations_after_a_loop_are_at_the_second_of_their_word(tmp_path):
    def segment(text: str, start: float):
        words = [
            {"word": " " + word, "start": start + at / 2, "end": start + at / 2 + 0.4}
            for at, word in enumerate(text.split())
        ]
        return {"start": start, "end": start + len(words) / 2, "text": " " + text, "words": words}

    texts = ["The tide comes in twice a day.", *["It is the moon that pulls."] * 30]
    texts.append("So I say " + "you see " * 9 + "that the bulge turns with the moon.")
    file = tmp_path / "tides.json"
    file.write_text(
        json.dumps({"segments": [segment(text, 20.0 * at) for at, text in enumerate(texts)]})
    )
    fetched = read_subtitles(file)
    transcript = fetched.transcript
    assert [cue.text for cue in transcript.cues] == [
        "The tide comes in twice a day.",
        "It is the moon that pulls.",
        "So I say you see that the bulge turns with the moon.",
    ]
    assert [notice.split(",")[0] for notice in fetched.notices] == [
        "One line was repeated 30 times in a row",
        "One phrase was repeated 9 times within a cue",
    ]
    lines = make_lines(transcript)
    number = next(line.number for line in lines if "bulge" in line.text)
    found = Grounding(transcript, lines, fetched.video.duration).cite(
        Evidence(number, "the bulge turns with the moon")
    )
    assert found is not None
    # 31 cues of 20 s come before it, and in its own 3 + 18 + 1 words of half a second.
    assert (found.second, found.cue) == (620 + 11, 2)
    assert fetched.video.duration == pytest.approx(620 + 14)


def test_a_video_from_youtube_is_without_loops_and_says_so(monkeypatch):
    looped = tuple(Caption(1.0 + 2 * at, 2.0, LOOP) for at in range(40))
    end = Caption(90.0, 2.0, "That is all there is.")
    track = CaptionTrack("en", "English", False, (*looped, end))
    talk = replace(demo_talks()[0], tracks=(track,))
    with YouTubeStandIn([talk]) as youtube:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(youtube.ca_bundle))
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        connection = Connection(proxy=youtube.proxy_url, timeout=5)
        fetched = fetch_video(talk.id, ("en",), connection)
    assert [cue.text for cue in fetched.transcript.cues] == [LOOP, end.text]
    assert fetched.notices == (
        "One line was repeated 40 times in a row, first at 00:00:01 (a transcriber's loop); it was"
        " kept once.",
    )
