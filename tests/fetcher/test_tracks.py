"""Which transcript is taken, and what becomes of its captions."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.fetcher.tracks import choose_track, cues_of_json3, make_cues, notice_of_language
from generator.models import Cue, Track, Transcript, WordTime


def tracks(named: str) -> list[Track]:
    """`en` by hand, `en*` generated."""
    return [Track(name.rstrip("*"), name, name.endswith("*")) for name in named.split()]


def chosen(named: str, *languages: str) -> str | None:
    track = choose_track(tracks(named), languages)
    return track.name if track else None


@pytest.mark.parametrize(
    ("there", "wanted", "taken"),
    [
        ("en* en ru* ru", "ru en", "ru"),
        ("en* en ru*", "ru en", "ru*"),
        ("en* en de", "ru en", "en"),
        ("en* de", "ru en", "en*"),
        ("en-US en-GB en", "en", "en"),
        ("fr en-US en-GB", "en", "en-US"),
        ("en* en-GB", "en", "en-GB"),
        ("en-GB* en*", "en", "en*"),
        ("en pt", "pt-BR en", "pt"),
        ("en pt pt-BR", "pt-BR en", "pt-BR"),
        ("en EN-gb", "en_GB", "EN-gb"),
        ("iw ar", "he", "iw"),
        ("eng en", "en", "en"),
        ("zh-Hans zh-Hant", "zh-Hant", "zh-Hant"),
        # none of the wanted: by hand in what is spoken, then by hand, then generated
        ("fr de en en*", "ru", "en"),
        ("fr en-GB en*", "ru", "en-GB"),
        ("fr de en*", "ru", "fr"),
        ("en* de*", "ru", "en*"),
        # nothing wanted is the same
        ("fr de en en*", "", "en"),
        ("fr de", "", "fr"),
        ("en*", "", "en*"),
        ("", "en", None),
        ("", "", None),
    ],
)
def test_choice(there: str, wanted: str, taken: str | None) -> None:
    assert chosen(there, *wanted.split()) == taken


def test_a_transcript_in_none_of_the_wanted_languages_is_told():
    transcript = Transcript("rP2kEF3Mj-o", "en-GB", True, ())
    tracks = [Track("fr", "", False), Track("en-GB", "", False), Track("en-GB", "", True)]
    assert notice_of_language(transcript, (), tracks) == ()
    assert notice_of_language(transcript, ("ru", "en"), tracks) == ()
    assert notice_of_language(transcript, ("ru", "de"), tracks) == (
        "Video rP2kEF3Mj-o has no transcript in ru, de, only in fr, en-GB; the generated one in"
        " en-GB was taken.",
    )


def test_cues_are_cleaned_ordered_and_never_empty() -> None:
    captions = [
        (3.0, 1.0, "  third\n line\u202e "),
        (1.0, -2.0, "first"),
        (2.0, math.inf, "second"),
        (4.0, 1.0, " \u200b\n"),
        (math.nan, 1.0, "never"),
        (math.inf, 1.0, "never"),
        (-1.0, 1.0, "never"),
    ]
    assert make_cues(captions) == (
        Cue(1.0, 0.0, "first"),
        Cue(2.0, 0.0, "second"),
        Cue(3.0, 1.0, "third line"),
    )


def test_json3_segments_are_joined_and_untagged() -> None:
    events = [
        {"tStartMs": 0, "dDurationMs": 90000, "id": 1},
        {"tStartMs": 1500, "dDurationMs": 2500, "segs": [{"utf8": "some"}, {"utf8": " words"}]},
        {"tStartMs": 2500, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 4000, "segs": [{"utf8": "<i>caf&eacute;</i> &amp; more"}]},
        {"tStartMs": "soon", "segs": [{"utf8": "never"}]},
        "no event",
    ]
    assert cues_of_json3(json.dumps({"events": events})) == (
        Cue(1.5, 2.5, "some words"),
        Cue(4.0, 0.0, "café & more"),
    )


def test_json3_segments_time_their_words() -> None:
    segments = [{"utf8": "some"}, {"utf8": " words", "tOffsetMs": 320}]
    events = [
        {"tStartMs": 14640, "dDurationMs": 3120, "segs": segments},
        {"tStartMs": 16260, "dDurationMs": 3440, "segs": [{"utf8": "no"}]},
    ]
    assert cues_of_json3(json.dumps({"events": events})) == (
        Cue(14.64, 3.12, "some words", (WordTime(0, 14.64), WordTime(5, 14.96))),
        Cue(16.26, 3.44, "no", (WordTime(0, 16.26),)),
    )


@pytest.mark.parametrize("text", ["", "<html>", "[]", "{}", '{"events": 3}', "null"])
def test_what_is_not_json3_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        cues_of_json3(text)


@given(st.lists(st.tuples(st.floats(), st.floats(), st.text())))
def test_any_captions_give_cues_that_can_be(captions: list[tuple[float, float, str]]) -> None:
    cues = make_cues(captions)
    starts = [cue.start for cue in cues]
    assert starts == sorted(starts)
    for cue in cues:
        assert 0 <= cue.start < math.inf
        assert 0 <= cue.duration < math.inf
        assert cue.text
        assert cue.text == cue.text.strip()
