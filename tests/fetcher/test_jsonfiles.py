"""JSON transcripts in every shape that is about, and in shapes that are wrong."""

import json
from datetime import date
from pathlib import Path

import pytest

from generator.errors import SubtitleRefused, SubtitleUnreadable
from generator.fetcher.jsonfiles import About, read_json_file
from generator.fetcher.rolling import ReadCue
from generator.fetcher.timedtext import TimedText
from generator.models import Chapter, WordTime

PATH = Path("talk.json")


def read_cue(number: int, start: float, end: float | None, lines: tuple[str, ...]) -> ReadCue:
    return ReadCue(number, start, end, tuple(TimedText(line) for line in lines))


def read(data: object):
    return read_json_file(json.dumps(data), PATH)


def cue(**fields: object) -> object:
    return {"cues": [{"start": 0, "duration": 1, "text": "a"}, fields]}


def refused(data: object) -> str:
    with pytest.raises(SubtitleRefused) as caught:
        read(data)
    return str(caught.value).removeprefix("The transcript file talk.json is refused: ")


def test_cues_with_what_there_is_to_know_of_the_video() -> None:
    found = read(
        {
            "videoId": "a1B2c3D4e5A",
            "title": "The tides",
            "channel": "Sea School",
            "language": "en",
            "is_generated": True,
            "duration": 65.5,
            "published": "2024-05-06",
            "description": "On the sea.\nTwice a day.",
            "tags": ["sea", 7, "tide"],
            "chapters": [
                {"start": 30, "title": "Sun"},
                {"start": 0, "title": "Moon"},
                {"start": -1, "title": "No"},
                {"start": 40, "title": " "},
                {"title": "No start"},
                "none",
            ],
            "cues": [{"start": 1, "duration": 2, "text": "one\ntwo"}],
        }
    )
    assert found.cues == (read_cue(1, 1, 3, ("one", "two")),)
    assert found.about == About(
        video_id="a1B2c3D4e5A",
        title="The tides",
        channel="Sea School",
        language="en",
        generated=True,
        duration=65.5,
        published=date(2024, 5, 6),
        description="On the sea. Twice a day.",
        chapters=(Chapter(0, "Moon"), Chapter(30, "Sun")),
        tags=("sea", "tide"),
    )


def test_other_spellings_of_the_same() -> None:
    about = read(
        {
            "video_id": "a1B2c3D4e5A",
            "isGenerated": True,
            "languageCode": "ru",
            "upload_date": "20240506",
            "url": "https://youtu.be/a1B2c3D4e5A",
            "segments": [],
        }
    ).about
    assert about == About(
        video_id="a1B2c3D4e5A",
        url="https://youtu.be/a1B2c3D4e5A",
        language="ru",
        generated=True,
        published=date(2024, 5, 6),
    )


def test_fields_that_cannot_be_are_not_there() -> None:
    assert (
        read(
            {
                "videoId": 12345678901,
                "title": ["x"],
                "channel": None,
                "is_generated": "no",
                "duration": -5,
                "published": "yesterday",
                "chapters": {"start": 0},
                "tags": "sea",
                "cues": [],
            }
        ).about
        == About()
    )


def test_a_bare_list() -> None:
    cues = (read_cue(1, 1.5, 3.5, ("a",)), read_cue(2, 4, 5, ("b",)), read_cue(3, 6, None, ("c",)))
    bare = [
        {"text": "a", "start": 1.5, "duration": 2},
        {"text": "b", "start": "4", "end": "00:00:05.000"},
        {"text": "c", "start": 6, "dur": None},
    ]
    assert read(bare).cues == cues
    assert read([bare]).cues == cues
    both = read([bare, bare])
    assert both.cues == cues
    assert both.notices == ("The file holds 2 transcripts; the first was taken.",)


def test_json3_with_its_windows() -> None:
    found = read(
        {
            "events": [
                {"tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1},
                {
                    "tStartMs": 480,
                    "dDurationMs": 4000,
                    "wWinId": 1,
                    "segs": [
                        {"utf8": "the", "acAsrConf": 0},
                        {"utf8": " tide", "tOffsetMs": 240},
                    ],
                },
                {"tStartMs": 3190, "dDurationMs": 10, "aAppend": 1, "segs": [{"utf8": "\n"}]},
                {
                    "tStartMs": 3200,
                    "dDurationMs": 3000,
                    "segs": [{"utf8": " "}, {"utf8": "comes", "tOffsetMs": 300}],
                },
            ]
        }
    )
    tide = TimedText("the tide", (WordTime(0, 0.48), WordTime(4, 0.72)))
    assert found.cues == (
        ReadCue(2, 0.48, 4.48, (tide,)),
        ReadCue(4, 3.2, 6.2, (TimedText("comes", (WordTime(0, 3.5),)),)),
    )
    assert found.about.generated


def test_json3_written_by_hand_is_not_generated() -> None:
    found = read({"events": [{"tStartMs": 0, "dDurationMs": 900, "segs": [{"utf8": "a\nb"}]}]})
    assert found.cues == (read_cue(1, 0, 0.9, ("a", "b")),)
    assert not found.about.generated


def test_whisper_is_a_machine() -> None:
    found = read({"text": "a", "segments": [{"start": 0, "end": 1.5, "text": " a"}]})
    assert found.cues == (read_cue(1, 0, 1.5, ("a",)),)
    assert found.about.generated


def words_of(segment: dict[str, object]) -> dict[str, float]:
    (found,) = read({"segments": [{"start": 1, "end": 4, **segment}]}).cues
    return {found.text[offset:].split()[0]: start for offset, start in found.lines[0].words}


def test_whisper_times_its_words() -> None:
    words = [{"word": " And", "start": 1.1}, {"word": " so,", "start": 1.5}]
    assert words_of({"text": " And so,", "words": words}) == {"And": 1.1, "so,": 1.5}
    assert words_of({"text": " And so, &c.", "words": words}) == {"And": 1.1, "so,": 1.5}


def test_a_word_that_whisperx_could_not_align_has_no_time() -> None:
    words = [{"word": "In", "start": 1.1}, {"word": "2024"}, {"word": "we", "start": "1.9"}]
    assert words_of({"text": "In 2024 we", "words": words}) == {"In": 1.1, "we": 1.9}


@pytest.mark.parametrize("words", [[{"word": "Or", "start": 1}], "And", [1], [{"start": 1}], None])
def test_words_that_are_not_those_of_the_text_time_nothing(words: object) -> None:
    assert words_of({"text": "And so", "words": words}) == {}


def test_segments_and_words_name_who_speaks() -> None:
    def speaker(**fields: object) -> str:
        segment = {"start": 1, "end": 4, "text": "a b", **fields}
        return read({"segments": [segment]}).cues[0].speaker

    ann, ben = {"word": "a", "speaker": "Ann"}, {"word": "b", "speaker": "Ben"}
    assert speaker(speaker="SPEAKER_00") == "SPEAKER_00"
    assert speaker(words=[ann, {"word": "b"}]) == "Ann"
    assert speaker(words=[ann, ben]) == ""
    assert speaker(words=[ann, ben], speaker=" Ben\n") == "Ben"
    assert speaker(speaker=7) == ""


def json3_words(*segments: dict[str, object]) -> tuple[tuple[int, float], ...]:
    (found,) = read({"events": [{"tStartMs": 2000, "segs": list(segments)}]}).cues
    return found.lines[0].words


def test_json3_times_words_only_where_its_segments_do() -> None:
    assert json3_words({"utf8": "one"}, {"utf8": " two"}) == ()
    assert json3_words({"utf8": "one two", "acAsrConf": 0}) == ()
    timed = json3_words(
        {"utf8": "one"}, {"utf8": " tw", "tOffsetMs": 100}, {"utf8": "o three", "tOffsetMs": 250}
    )
    assert timed == ((0, 2.0), (4, 2.1), (8, 2.25))


def test_a_json3_segment_without_offset_is_not_timed_after_one_that_is() -> None:
    segments = ({"utf8": "one"}, {"utf8": " two", "tOffsetMs": 100}, {"utf8": " three"})
    assert json3_words(*segments) == ((0, 2.0), (4, 2.1))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (cue(text="a"), "cue 2 has no start."),
        (cue(start="soon", text="a"), "cue 2 has no number as its start."),
        (cue(start=True, text="a"), "cue 2 has no number as its start."),
        (cue(start=float("nan"), text="a"), "cue 2 has no number as its start."),
        (cue(start=1, duration=float("inf")), "cue 2 has no number as its duration."),
        (cue(start=1, end=[2]), "cue 2 has no number as its end."),
        (cue(start=10**400), "cue 2 has no number as its start."),
        (cue(start=1, text={"a": 1}), "cue 2 has a text that is no text."),
        (["a", "b"], "cue 1 is not an object with start and text."),
        ({"events": ["a"]}, "event 1 is not an object."),
        ({"events": [{"segs": [{"utf8": "a"}]}]}, "event 1 has no tStartMs."),
    ],
)
def test_a_cue_that_cannot_be_is_named(data: object, reason: str) -> None:
    assert refused(data) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is not valid JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"cues": ' + "9" * 5000 + "}", "it is not valid JSON"),
        ("7", "its JSON has no cues"),
        ('{"title": "x"}', "its JSON has no cues"),
        ('{"cues": "x"}', "its JSON has no cues"),
    ],
)
def test_what_is_no_transcript_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SubtitleUnreadable, match=reason):
        read_json_file(text, PATH)


def test_a_clock_time_is_never_rounded_up_to_the_next_second() -> None:
    cues = [{"text": "a", "start": "01:00:01.9999", "end": "1:00:03,5"}]
    assert read(cues).cues == (read_cue(1, 3601.9999, 3603.5, ("a",)),)
