"""What a run is asked to write notes of."""

from pathlib import Path

import pytest

from generator.errors import UsageError
from generator.sources import FileSource, VideoSource, sources_of


def test_videos_come_first_then_files_each_once():
    assert sources_of(
        ["https://youtu.be/rP2kEF3Mj-o?t=3", "rP2kEF3Mj-o"], ["a.vtt", "b.vtt"], channel="c"
    ) == [
        VideoSource("rP2kEF3Mj-o"),
        FileSource(Path("a.vtt"), channel="c"),
        FileSource(Path("b.vtt"), channel="c"),
    ]


def test_a_file_can_be_said_to_be_of_a_video():
    assert sources_of([], ["a.vtt"], video_id="https://youtu.be/rP2kEF3Mj-o", title="T") == [
        FileSource(Path("a.vtt"), "rP2kEF3Mj-o", "T")
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"videos": ["rP2kEF3Mj-o"], "title": "T"},
        {"videos": ["rP2kEF3Mj-o"], "channel": "c"},
        {"transcripts": ["a.vtt", "b.vtt"], "title": "T"},
        {"transcripts": ["a.vtt", "b.vtt"], "video_id": "rP2kEF3Mj-o"},
    ],
)
def test_what_cannot_be_meant_is_refused(asked):
    with pytest.raises(UsageError):
        sources_of(**asked)


def test_what_is_no_video_is_left_to_fail_by_itself():
    assert sources_of(["example.org", "rP2kEF3Mj-o"]) == [
        VideoSource("example.org"),
        VideoSource("rP2kEF3Mj-o"),
    ]


def test_a_file_cannot_be_of_what_is_no_video():
    with pytest.raises(UsageError):
        sources_of([], ["a.vtt"], video_id="https://example.org/watch?v=rP2kEF3Mj-o")


def test_sources_are_named_in_characters_that_can_be_written_anywhere():
    assert VideoSource("\udcff\x1b[31m").name == "\ufffd[31m"
    assert FileSource(Path("a\udcff\x1b[31m b.srt")).name == "a\ufffd[31m b.srt"
