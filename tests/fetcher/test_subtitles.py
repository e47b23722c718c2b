"""Local files become a video and its transcript, whatever they are called and hold."""

import json
import math
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from generator.errors import (
    EmptyTranscript,
    GenerateError,
    InvalidVideoId,
    SubtitleRefused,
    SubtitleUnreadable,
)
from generator.fetcher.subtitles import read_subtitles, read_transcript
from generator.models import Chapter, Cue, Fetched, Track, Transcript, Video
from generator.text import clean

CAPTIONS = Path(__file__).resolve().parents[3] / "shared" / "data" / "captions"

VTT = (
    "WEBVTT\n\n00:01.000 --> 00:03.000\n<i>Is it</i> &amp; was it?\n\n00:03.000 --> 00:04.500\nb\n"
)
SRT = "1\n00:00:01,000 --> 00:00:03,000\nIs it & was it?\n\n2\n00:00:03,000 --> 00:00:04,500\nb\n"
CUES = (Cue(1.0, 2.0, "Is it & was it?"), Cue(3.0, 1.5, "b"))
DATA = {
    "videoId": "a1B2c3D4e5A",
    "title": "The <i>tides</i>\u202e",
    "channel": "@Sea School",
    "language": "pt-br",
    "is_generated": False,
    "duration": 60,
    "chapters": [{"start": 0, "title": "Moon"}],
    "cues": [
        {"start": 1, "duration": 2, "text": "Is it & was it?"},
        {"start": 3, "duration": 1.5, "text": "b"},
    ],
}


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_of_yt_dlp_says_all_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, "Tides： how？ [a1B2c3D4e5A].pt-BR.vtt", VTT)
    assert read_subtitles(path) == Fetched(
        Video(
            id="a1B2c3D4e5A",
            title="Tides: how?",
            channel="local",
            url="https://www.youtube.com/watch?v=a1B2c3D4e5A",
            duration=4.5,
        ),
        Transcript("a1B2c3D4e5A", "pt-BR", False, CUES),
        (Track("pt-BR", "pt-BR", False),),
    )


def test_json_says_all_by_itself(tmp_path: Path) -> None:
    path = write(tmp_path, "Other [zzzzzzzzzz0].de.json", json.dumps(DATA))
    fetched = read_subtitles(path)
    assert fetched.video == Video(
        id="a1B2c3D4e5A",
        title="The <i>tides</i>",
        channel="sea_school",
        url="https://www.youtube.com/watch?v=a1B2c3D4e5A",
        duration=60,
        chapters=(Chapter(0, "Moon"),),
    )
    assert fetched.transcript == Transcript("a1B2c3D4e5A", "pt-BR", False, CUES)


def test_options_win_over_all(tmp_path: Path) -> None:
    fetched = read_subtitles(
        write(tmp_path, "talk.json", json.dumps(DATA)),
        video_id="https://youtu.be/-_-_-_-_-_-?t=5",
        title=" My\ttalk ",
        channel="@Me",
        language="ru",
    )
    assert (fetched.video.id, fetched.video.title, fetched.video.channel) == (
        "-_-_-_-_-_-",
        "My talk",
        "me",
    )
    assert fetched.video.url == "https://www.youtube.com/watch?v=-_-_-_-_-_-"
    assert fetched.transcript == Transcript("-_-_-_-_-_-", "ru", False, CUES)


def test_options_that_say_nothing_do_not_win(tmp_path: Path) -> None:
    fetched = read_subtitles(
        write(tmp_path, "talk.json", json.dumps(DATA)), title=" ", channel="", language="Klingon?"
    )
    assert fetched.video.title == "The <i>tides</i>"
    assert fetched.video.channel == "sea_school"
    assert fetched.transcript.language == "pt-BR"
    assert fetched.notices == (
        "“Klingon?” is no language tag such as en or pt-BR; the file's own was taken: pt-BR.",
    )


@pytest.mark.parametrize("video_id", ["", "tides", "https://example.com/watch?v=a1B2c3D4e5A"])
def test_a_wrong_id_is_an_error(tmp_path: Path, video_id: str) -> None:
    with pytest.raises(InvalidVideoId):
        read_subtitles(write(tmp_path, "talk.vtt", VTT), video_id=video_id)


def test_a_recording_without_an_id_gets_one(tmp_path: Path) -> None:
    video = read_subtitles(write(tmp_path, "My talk.en.vtt", VTT)).video
    assert video == Video(id="local-kM-NT", title="My talk", channel="local", duration=4.5)
    other = read_subtitles(tmp_path / "My talk.en.vtt", channel="@Me").video
    assert other.id != video.id
    assert read_subtitles(tmp_path / "My talk.en.vtt", video_id="local-kM-NT").video == video


def test_an_id_that_json_only_has_in_its_address(tmp_path: Path) -> None:
    data = DATA | {"videoId": "", "url": "https://m.youtube.com/watch?v=zzzzzzzzzz0"}
    assert read_transcript(write(tmp_path, "t.json", json.dumps(data))).video_id == "zzzzzzzzzz0"


@pytest.mark.parametrize("name", ["talk.vtt", "talk.srt", "talk.txt", "talk", "talk.json"])
@pytest.mark.parametrize("content", [VTT, SRT, json.dumps(DATA), json.dumps(DATA["cues"])])
def test_the_content_decides_over_the_extension(tmp_path: Path, name: str, content: str) -> None:
    assert read_transcript(write(tmp_path, name, content)).cues == CUES


def test_a_caption_may_begin_with_a_bracket(tmp_path: Path) -> None:
    text = "[Applause]\n" + SRT
    assert read_transcript(write(tmp_path, "talk.srt", text)).cues == CUES


def test_a_webvtt_header_gives_the_language(tmp_path: Path) -> None:
    path = write(tmp_path, "talk.ru.vtt", VTT.replace("WEBVTT\n", "WEBVTT\nLanguage: en\n"))
    assert read_transcript(path).language == "en"
    assert read_transcript(path, language="de").language == "de"
    assert read_transcript(str(write(tmp_path, "talk.vtt", VTT))).language == "und"


def test_a_name_may_say_that_captions_are_generated(tmp_path: Path) -> None:
    transcript = read_transcript(write(tmp_path, "T [a1B2c3D4e5A].en-orig.vtt", VTT))
    assert transcript == Transcript("a1B2c3D4e5A", "en", True, CUES)


def test_the_files_encoding_does_not_matter(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert read_transcript(write(tmp_path, "talk.srt", SRT.encode(encoding))).cues == CUES


def test_hostile_words_are_left_as_words(tmp_path: Path) -> None:
    text = VTT.replace("\nb\n", "\n&lt;script&gt;alert(1)&lt;/script&gt; [[x|y]]\u202e\x00 <u>\n")
    cues = read_transcript(write(tmp_path, "talk.vtt", text)).cues
    assert cues[1].text == "<script>alert(1)</script> [[x|y]]"


def test_what_was_mended_is_said_once(tmp_path: Path) -> None:
    text = (
        "1\n00:00:05,000 --> 00:00:09,000\nПривет\n\n2\n00:00:06,000 --> 00:00:05,000\nмир\n\n"
        "x --> y\nlost\n\n4\n00:00:01,000 --> 00:00:02,000\nДа\n"
    )
    fetched = read_subtitles(write(tmp_path, "talk.ru.srt", text.encode("cp1251")))
    assert fetched.transcript.cues == (
        Cue(1.0, 1.0, "Да"),
        Cue(5.0, 1.0, "Привет"),
        Cue(6.0, 1.0, "мир"),
    )
    assert [notice.split(";")[0].split(",")[0] for notice in fetched.notices] == [
        "The file is not in UTF-8",
        "One block was left out for want of times that can be read",
        "One cue was out of order",
        "One cue overlapped the next",
        "One cue ended no later than it began",
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.vtt", "WEBVTT\n", "there are no cues with times in it"),
        ("a.srt", "Just a text.", "there are no cues with times in it"),
        ("a.sbv", "0:00:00.599,0:00:04.160\nHi.\n", "it is neither WebVTT nor SubRip nor JSON"),
        ("a.ass", "[Script Info]\nTitle: x\n", "it is neither WebVTT nor SubRip nor JSON"),
        ("a.lrc", "[00:12.00]Hi.\n", "it is neither WebVTT nor SubRip nor JSON"),
        ("a.txt", "{}", "its JSON has no cues"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    name: str, content: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(SubtitleUnreadable) as caught:
        read_subtitles(path)
    assert str(caught.value) == f"The transcript file {path} cannot be read: {reason}."


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", EmptyTranscript),
        (
            VTT.replace("<i>Is it</i> &amp; was it?", "[Music]").replace("\nb\n", "\n♪\n"),
            EmptyTranscript,
        ),
        ("WEBVTT\n", SubtitleUnreadable),
        ("Just a text about tides.", SubtitleUnreadable),
        ("{}", SubtitleUnreadable),
        ("\x00\x01\x02" * 1000, SubtitleUnreadable),
        (SRT.replace("00:00:03,000 -->", "100:00:00,000 -->"), SubtitleRefused),
        (SRT.replace("Is it", "Is it " * 2000), SubtitleRefused),
    ],
)
def test_what_gives_no_transcript(tmp_path: Path, content: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"talk\.srt"):
        read_transcript(write(tmp_path, "talk.srt", content))


def test_twelve_hours_are_read(tmp_path: Path) -> None:
    def stamp(at: int) -> str:
        return f"{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}.000"

    blocks = [f"{stamp(at)} --> {stamp(at + 3)}\nwords at {at}\n" for at in range(0, 43200, 3)]
    transcript = read_transcript(write(tmp_path, "talk.vtt", "WEBVTT\n\n" + "\n".join(blocks)))
    assert len(transcript.cues) == 14400
    assert transcript.end == 43200


@pytest.mark.skipif(not CAPTIONS.is_dir(), reason="../shared/data/captions is not here")
@pytest.mark.parametrize("path", sorted(CAPTIONS.glob("*.*")), ids=lambda path: path.name)
def test_real_captions(path: Path) -> None:
    fetched = read_subtitles(path)
    video_id, language, _ = path.name.rsplit(".", 2)
    assert fetched.video.id == video_id
    assert fetched.transcript.language == language
    if path.suffix == ".json":
        data = json.loads(path.read_text(encoding="utf-8"))
        assert [(cue.start, cue.text) for cue in fetched.transcript.cues] == [
            (cue["start"], clean(cue["text"])) for cue in data["cues"]
        ]
        assert fetched.video.duration == data["duration"]
        assert len(fetched.video.chapters) == len(data["chapters"])
        assert fetched.notices == ()
    else:
        left_out = sum(notice.endswith("; left out.") for notice in fetched.notices)
        assert len(fetched.notices) == left_out
        times = path.read_text(encoding="utf-8").count(" --> ")
        assert len(fetched.transcript.cues) == times - left_out


# Whatever a file holds: a transcript that every later stage can trust, or an error with a sentence.

TIMES = st.builds(
    "{}:{}:{}{}{}".format,
    st.integers(0, 120),
    st.integers(0, 70),
    st.integers(0, 70),
    st.sampled_from(".,:"),
    st.integers(0, 9999),
)
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["<i>", "a\nb", "<00:00:01.000><c> x</c>", "&lt;", "-->", "no", "{\\an8}", ">>"]
    ),
)
BLOCKS = st.lists(
    st.one_of(
        st.builds("{} --> {}\n{}\n".format, TIMES, TIMES, TEXTS),
        st.builds("7\n{} --> {} align:start\n{}\n{}".format, TIMES, TIMES, TEXTS, TEXTS),
        TEXTS,
    ),
    max_size=6,
).map("\n".join)
NUMBERS = st.one_of(
    st.floats(), st.integers(), st.none(), st.booleans(), TIMES, st.text(max_size=5)
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("start", "end", "duration", "tStartMs", "dDurationMs"), NUMBERS),
        "text": st.one_of(TEXTS, NUMBERS),
        "segs": st.lists(st.dictionaries(st.sampled_from(["utf8", "tOffsetMs"]), NUMBERS)),
    },
)
ANYTHING = st.recursive(
    st.one_of(NUMBERS, FIELDS), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)
DOCUMENTS = st.one_of(
    st.lists(FIELDS),
    st.dictionaries(
        st.sampled_from(
            ["cues", "events", "segments", "videoId", "title", "channel", "language", "url"]
        ),
        st.one_of(st.lists(FIELDS, max_size=4), ANYTHING),
    ),
    st.dictionaries(
        st.sampled_from(
            ["cues", "duration", "chapters", "published", "tags", "is_generated", "description"]
        ),
        st.one_of(st.lists(FIELDS, max_size=4), ANYTHING),
    ),
    ANYTHING,
)
CONTENTS = st.one_of(
    st.binary(),
    st.builds(
        lambda mark, data: mark + data, st.sampled_from([b"\xff\xfe", b"WEBVTT"]), st.binary()
    ),
    BLOCKS.map(lambda text: text.encode("utf-8", "replace")),
    BLOCKS.map(lambda text: b"WEBVTT\n\n" + text.encode("utf-8", "replace")),
    BLOCKS.map(lambda text: text.encode("utf-16", "replace")),
    DOCUMENTS.map(lambda data: json.dumps(data).encode()),
)
NAMES = st.one_of(
    st.sampled_from(["talk.vtt", "talk.srt", "talk.json", "a [-_-_-_-_-_-].ru.txt", "talk"]),
    st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=40),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CONTENTS, NAMES, st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()))
@example(b'{"cues": [{"start": 1e-320, "text": "a"}, {"start": 2e-320, "text": "b"}]}', "a", "", "")
def test_anything_ends_in_a_sound_transcript_or_an_error(
    content: bytes, name: str, title: str | None, channel: str | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        try:
            if name not in {".", ".."}:
                path.write_bytes(content)
        except OSError:
            return
        try:
            fetched = read_subtitles(path, title=title, channel=channel, language=title)
        except GenerateError:
            return
    assert_sound(fetched)


def assert_sound(fetched: Fetched) -> None:
    video, transcript = fetched.video, fetched.transcript
    assert transcript.cues
    assert transcript.video_id == video.id
    assert len(video.id) == 11
    assert video.title == clean(video.title) != ""
    assert video.channel
    assert video.duration
    assert math.isfinite(video.duration)
    assert [cue.start for cue in transcript.cues] == sorted(cue.start for cue in transcript.cues)
    for cue in transcript.cues:
        assert 0 <= cue.start < 360000
        assert 0 < cue.duration < math.inf
        assert cue.text == clean(cue.text) != ""
        assert unicodedata.is_normalized("NFC", cue.text)
    assert all(notice.isprintable() for notice in fetched.notices)


def test_a_voice_tag_names_the_speaker_of_its_cue(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann>Is it?\n\n00:03.000 --> 00:04.500\nIt is.\n"
    cues = read_transcript(write(tmp_path, "talk.vtt", text)).cues
    assert [(cue.text, cue.speaker) for cue in cues] == [("Is it?", "Ann"), ("It is.", "")]


def test_word_times_that_cannot_be_right_are_dropped_from_their_cue(tmp_path: Path) -> None:
    def segment(start: float, *times: float) -> dict[str, object]:
        words = [{"word": f" w{place}", "start": time} for place, time in enumerate(times)]
        text = "".join(str(word["word"]) for word in words)
        return {"start": start, "end": start + 4, "text": text, "words": words}

    data = {"segments": [segment(1, 1.0, 1.5), segment(6, 6.5, 6.1), segment(11, 11.0, 99.0)]}
    cues = read_transcript(write(tmp_path, "talk.json", json.dumps(data))).cues
    assert [cue.words for cue in cues] == [((0, 1.0), (3, 1.5)), (), ()]


def test_words_may_be_said_after_the_next_caption_has_come(tmp_path: Path) -> None:
    events = [
        {
            "tStartMs": 0,
            "dDurationMs": 5000,
            "segs": [{"utf8": "a"}, {"utf8": " b", "tOffsetMs": 4000}],
        },
        {
            "tStartMs": 2000,
            "dDurationMs": 5000,
            "segs": [{"utf8": "c"}, {"utf8": " d", "tOffsetMs": 9}],
        },
    ]
    cues = read_transcript(write(tmp_path, "talk.json3", json.dumps({"events": events}))).cues
    assert [(cue.end, cue.words) for cue in cues] == [
        (2.0, ((0, 0.0), (2, 4.0))),
        (7.0, ((0, 2.0), (2, 2.009))),
    ]
