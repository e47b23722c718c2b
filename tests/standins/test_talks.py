"""The talks of the made-up channel hold what the stand-in server and the demo need of them."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

TALKS = Path(__file__).parent / "talks"
FILES = sorted(TALKS.glob("*.json"))
KEYS = [
    "id",
    "title",
    "channel",
    "published",
    "duration",
    "description",
    "tags",
    "chapters",
    "tracks",
]
TERMS = {
    "tWiceDaily8": "tides",
    "Metr1799_Mk": "the metre",
    "-2NoonsDay0": "time zones",
    "FrsnL_1823k": "fresnel lens",
    "4cast_1861k": "weather forecasts",
}
# The newest talk mentions the others, which were recorded before anybody knew of it.
MENTIONED = {video: term for video, term in TERMS.items() if video != "4cast_1861k"}
# What the Russian talk calls its own subject is not what the others call it.
SPOKEN_IN_RUSSIAN = MENTIONED | {"Metr1799_Mk": "метр"}


def load(path: Path) -> dict[str, Any]:
    talk: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return talk


def words(track: dict[str, Any]) -> str:
    return " ".join(cue["text"] for cue in track["cues"]).lower()


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def end(cue: dict[str, Any]) -> int:
    return milliseconds(cue["start"]) + milliseconds(cue["duration"])


LOADED = [load(file) for file in FILES]
TRACKS = [
    pytest.param(talk, track, id=f"{talk['id']}.{track['language']}")
    for talk in LOADED
    for track in talk["tracks"]
]
every_talk = pytest.mark.parametrize("talk", LOADED, ids=[talk["id"] for talk in LOADED])
every_track = pytest.mark.parametrize(("talk", "track"), TRACKS)
hand_made = pytest.mark.parametrize(
    ("talk", "track"), [param for param in TRACKS if not param.values[1]["generated"]]
)
generated = pytest.mark.parametrize(
    ("talk", "track"), [param for param in TRACKS if param.values[1]["generated"]]
)


def test_the_talks_are_these() -> None:
    assert {file.stem for file in FILES} == set(TERMS)


@every_talk
def test_shape(talk: dict[str, Any]) -> None:
    assert list(talk) == KEYS
    assert (TALKS / f"{talk['id']}.json").is_file()
    assert re.fullmatch(r"[A-Za-z0-9_-]{11}", talk["id"])
    assert " | " in talk["title"]
    assert date.fromisoformat(talk["published"]).year in {2024, 2025, 2026}
    assert talk["description"].strip()
    assert all(isinstance(tag, str) and tag for tag in talk["tags"])
    assert len({(t["language"], t["generated"]) for t in talk["tracks"]}) == len(talk["tracks"])


@every_talk
def test_lasts_8_to_15_minutes(talk: dict[str, Any]) -> None:
    assert 480 <= talk["duration"] <= 900
    last = max(end(cue) for track in talk["tracks"] for cue in track["cues"])
    assert 480_000 <= last <= milliseconds(talk["duration"])


@every_talk
def test_chapters_start_where_a_cue_does(talk: dict[str, Any]) -> None:
    starts = [chapter["start"] for chapter in talk["chapters"]]
    assert starts[:1] in ([], [0])
    assert all(later - earlier >= 10 for earlier, later in pairwise(starts))
    spoken = {int(cue["start"]) for cue in talk["tracks"][0]["cues"]}
    assert set(starts) <= spoken
    for chapter in talk["chapters"]:
        minutes, seconds = divmod(chapter["start"], 60)
        assert f"\n{minutes}:{seconds:02d} {chapter['title']}\n" in talk["description"]


@every_track
def test_cues_are_in_order_and_last(talk: dict[str, Any], track: dict[str, Any]) -> None:
    assert list(track) == ["language", "name", "generated", "cues"]
    for cue in track["cues"]:
        timed = track["generated"] and "words" in cue
        assert list(cue) == ["start", "duration", "text", *(["words"] if timed else [])]
        assert cue["start"] >= 0
        assert 0.5 <= cue["duration"] <= 8
        assert cue["text"] == " ".join(cue["text"].split()) != ""
        assert all(round(cue[key], 3) == cue[key] for key in ("start", "duration"))
    assert all(one["start"] < other["start"] for one, other in pairwise(track["cues"]))


@every_track
def test_is_spoken_at_a_human_pace(talk: dict[str, Any], track: dict[str, Any]) -> None:
    assert 1.7 <= len(words(track).split()) / talk["duration"] <= 2.8


@hand_made
def test_hand_made_cues_never_overlap(talk: dict[str, Any], track: dict[str, Any]) -> None:
    for one, other in pairwise(track["cues"]):
        assert end(one) <= milliseconds(other["start"])
    assert sum(cue["text"][-1] in ".?!" for cue in track["cues"]) > len(track["cues"]) / 4


@generated
def test_generated_cues_overlap_and_have_no_punctuation(
    talk: dict[str, Any], track: dict[str, Any]
) -> None:
    text = words(track)
    assert track["cues"][0]["text"] == "[Music]"
    assert not re.search(r'[.,;:?!"()—–]', text)
    spoken = [cue["text"] for cue in track["cues"] if not cue["text"].startswith("[")]
    assert all(line == line.lower() and len(line.split()) <= 9 for line in spoken)
    overlapping = sum(end(one) > milliseconds(two["start"]) for one, two in pairwise(track["cues"]))
    assert overlapping > 0.9 * len(track["cues"])


@generated
def test_words_are_timed_in_order_within_their_cue(
    talk: dict[str, Any], track: dict[str, Any]
) -> None:
    timed = [cue for cue in track["cues"] if "words" in cue]
    assert len(timed) in {0, len(track["cues"])}
    for cue in timed:
        assert len(cue["words"]) == len(cue["text"].split())
        assert cue["words"][0] == cue["start"]
        assert all(round(second, 3) == second for second in cue["words"])
    seconds = [second for cue in timed for second in cue["words"]]
    assert all(one < other for one, other in pairwise(seconds))


def test_one_channel() -> None:
    channels = [talk["channel"] for talk in LOADED]
    assert all(channel == channels[0] for channel in channels)
    assert list(channels[0]) == ["handle", "name", "id"]
    assert channels[0]["handle"].startswith("@")
    assert re.fullmatch(r"UC[A-Za-z0-9_-]{22}", channels[0]["id"])


def test_the_kinds_that_are_needed() -> None:
    talks = LOADED
    assert len({talk["published"] for talk in talks}) == len(talks)
    assert [t["id"] for t in talks if t["chapters"]] == ["tWiceDaily8"]
    assert [t["id"] for t in talks if t["tracks"][0]["generated"]] == ["-2NoonsDay0", "4cast_1861k"]
    timed = [t["id"] for t in talks if "words" in t["tracks"][0]["cues"][0]]
    assert timed == ["-2NoonsDay0", "4cast_1861k"]
    assert [t["id"] for t in talks if t["tracks"][0]["language"] != "en"] == ["Metr1799_Mk"]
    assert [t["id"] for t in talks if len(t["tracks"]) > 1] == ["tWiceDaily8"]


@every_talk
def test_mentions_what_the_other_talks_are_about(talk: dict[str, Any]) -> None:
    spoken = talk["tracks"][0]
    terms = SPOKEN_IN_RUSSIAN if spoken["language"] == "ru" else MENTIONED
    missing = [term for term in terms.values() if term not in words(spoken)]
    assert missing == []


@every_talk
def test_titles_begin_or_end_with_what_others_call_them(talk: dict[str, Any]) -> None:
    assert TERMS[talk["id"]] in [part.lower() for part in talk["title"].split(" | ")]
