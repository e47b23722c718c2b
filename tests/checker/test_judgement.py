"""What is found of a note's times: on the demo's notes, spoilt in known ways, and at the edges."""

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import pytest

from generator.checker.judgement import Cited, judge, shifted_note
from generator.fetcher.tracks import cues_of_json3
from generator.models import Cue, Transcript, WordTime
from generator.reader.notes import parse_note
from generator.text import clean
from tests.standins.talk import demo_talks
from tests.standins.youtube_captions import captions

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"


def cues_of(track):
    """The captions of a demo talk as the program gets them: generated ones time their words."""
    if track.generated:
        return cues_of_json3(captions(track, "json3"))
    return tuple(Cue(cue.start, cue.duration, cue.text) for cue in track.cues)


TALKS = {
    talk.id: (
        Transcript(
            talk.id,
            talk.tracks[0].language,
            False,
            cues_of(talk.tracks[0]),
        ),
        float(talk.duration),
    )
    for talk in demo_talks()
}


def cited_in(path):
    note = parse_note(path.read_text("utf-8"))
    return note.video_id, [
        Cited(statement.text, citation.second, group)
        for group, statement in enumerate(note.statements())
        for citation in statement.citations
    ]


NOTES = [cited_in(path) for path in sorted((ROOT / "output-openai/kettle_and_chalk").glob("*.md"))]
NOTES = [(video, cited) for video, cited in NOTES if cited]


def spoilt(cited, change):
    return [Cited(each.statement, change(each.written), each.group) for each in cited]


def judged(change, rounds=1):
    """Each citation of the demo with its spoilt second and the verdict on it."""
    found = []
    for number in range(rounds):
        for video, cited in NOTES:
            transcript, duration = TALKS[video]
            rng = random.Random(f"{video} {number}")
            wrong = spoilt(cited, lambda second: change(second, duration, rng))  # noqa: B023
            verdicts = judge(wrong, transcript, duration)
            found += zip(cited, wrong, verdicts, strict=True)
    return found


def is_right(cited, verdict):
    return verdict.place is not None and abs(verdict.place.second - cited.written) <= 15


def share(flags):
    flags = list(flags)
    assert len(flags) > 50
    return sum(flags) / len(flags)


def test_the_demos_own_notes_are_left_alone():
    assert not [verdict for _, _, verdict in judged(lambda s, d, rng: s) if verdict.certain]
    found = judged(lambda s, d, rng: s)
    assert share(verdict.state == "sound" for _, _, verdict in found) > 0.98


def test_shifted_notes_are_all_written_back_to_the_cue_that_was_meant():
    found = judged(lambda s, d, rng: 60 * s)
    assert share(verdict.certain for _, _, verdict in found) == 1
    for cited, _, verdict in found:
        assert (verdict.state, verdict.place.second) == ("shifted", cited.written)


def test_a_shifted_time_that_was_a_little_late_is_set_to_the_start_of_its_cue():
    late = 0
    for cited, _, verdict in judged(lambda s, d, rng: 60 * (s + 1)):
        assert verdict.state == "shifted"
        late += verdict.place.second == cited.written
    assert late > 200


def test_a_shifted_time_within_a_cue_that_times_its_words_stays_exact():
    for video, cited in NOTES:
        transcript, duration = TALKS[video]
        cues = tuple(replace(cue, words=(WordTime(0, cue.start),)) for cue in transcript.cues)
        wrong = spoilt(cited, lambda second: 60 * (second + 1))
        for each, verdict in zip(
            cited, judge(wrong, replace(transcript, cues=cues), duration), strict=True
        ):
            assert (verdict.state, verdict.place.second) == ("shifted", each.written + 1)


def test_times_past_the_end_are_mended_where_the_statement_is_found():
    found = judged(lambda s, d, rng: rng.choice((s, s, s, s, int(d) + rng.randint(9, 4000))), 2)
    past = [case for case in found if case[0] != case[1]]
    assert share(verdict.certain for _, _, verdict in past) > 0.8
    changed = [case for case in found if case[2].certain]
    assert share(is_right(cited, verdict) for cited, _, verdict in changed) >= 0.98
    assert {verdict.state for _, _, verdict in past} <= {"past-end", "shifted"}
    sound = [verdict for cited, wrong, verdict in found if cited == wrong]
    assert not any(verdict.certain for verdict in sound)


def in_long_cues(transcript, seconds):
    """The same talk in cues of at least so many seconds."""
    cues = []
    for cue in transcript.cues:
        if cues and cue.start - cues[-1].start < seconds:
            first = cues.pop()
            lasts = cue.start + cue.duration - first.start
            cue = Cue(first.start, lasts, f"{first.text} {cue.text}")  # noqa: PLW2901
        cues.append(cue)
    return Transcript(transcript.video_id, transcript.language, False, tuple(cues))


@pytest.mark.parametrize("seconds", [12, 20, 30])
def test_in_long_cues_only_what_is_within_15_seconds_of_the_truth_is_certain(seconds):
    right = []
    for video, cited in NOTES:
        transcript, duration = TALKS[video]
        longer = in_long_cues(transcript, seconds)
        starts = [math.floor(cue.start) for cue in longer.cues]
        truth = [max(start for start in (0, *starts) if start <= c.written) for c in cited]
        for number in range(5):
            wrong = [
                Cited(c.statement, int(duration) + 9 if at % 5 == number else truth[at], c.group)
                for at, c in enumerate(cited)
            ]
            verdicts = judge(wrong, longer, duration)
            right += [
                abs(verdict.place.second - true) <= 15
                for true, verdict in zip(truth, verdicts, strict=True)
                if verdict.certain
            ]
    assert share(right) >= 0.95


def test_times_of_a_long_talk_that_were_rounded_are_not_taken_for_shifted():
    minutes = (10, 25, 40, 60, 70, 90, 105, 120, 140)
    cited = [Cited("", 60 * minute, group) for group, minute in enumerate(minutes)]
    assert not any(verdict.certain for verdict in judge(cited, None, None))


def test_times_that_were_moved_are_told_with_where_they_belong_and_never_rewritten():
    def change(second, duration, rng):
        there = second + rng.choice((-1, 1)) * rng.randint(90, 400)
        return there if rng.random() < 0.2 and 0 < there < duration else second

    found = judged(change, 2)
    off = [case for case in found if case[0] != case[1]]
    assert share(verdict.state == "moved" for _, _, verdict in off) > 0.75
    assert share(is_right(c, v) for c, _, v in off if v.state == "moved") > 0.8
    assert not any(verdict.certain for _, _, verdict in found)


def test_notes_of_another_talk_are_not_known_to_be_sound_and_nothing_in_them_is_moved():
    states = []
    for video, cited in NOTES:
        for transcript, duration in (TALKS[other] for other in TALKS if other != video):
            within = spoilt(cited, lambda second: min(second, int(duration)))  # noqa: B023
            verdicts = judge(within, transcript, duration)
            assert not any(verdict.certain for verdict in verdicts)
            states += [verdict.state for verdict in verdicts]
    assert share(state == "unknown" for state in states) > 0.95


def test_without_a_transcript_times_alone_tell_what_is_shifted_or_past_the_end():
    video, cited = NOTES[0]
    duration = TALKS[video][1]
    for end in (duration, None):
        verdicts = judge(spoilt(cited, lambda second: 60 * second), None, end)
        assert {verdict.state for verdict in verdicts} == {"shifted"}
        assert all(verdict.certain for verdict in verdicts)
        assert [verdict.place.second for verdict in verdicts] == [c.written for c in cited]
        assert {verdict.state for verdict in judge(cited, None, end)} == {"unknown"}
    late = [*cited[:5], Cited("Late.", int(duration) + 31, 5), *cited[5:]]
    assert [v.state for v in judge(late, None, duration)][4:7] == ["unknown", "past-end", "unknown"]
    assert judge(late, None, None)[5].state == "unknown"


def test_the_share_of_shifted_times_is_known_without_a_transcript():
    _, cited = NOTES[0]
    assert shifted_note(cited, None) == 0
    assert shifted_note(spoilt(cited, lambda second: 60 * second), None) == 1
    assert shifted_note([], 100.0) == 0


def test_a_single_shifted_citation_is_mended_where_its_statement_is_said():
    video, cited = NOTES[0]
    for each in cited[3:12]:
        (verdict,) = judge([Cited(each.statement, 60 * each.written, 0)], *TALKS[video])
        assert (verdict.state, verdict.certain) == ("shifted", True)
        assert verdict.place.second == each.written


def test_a_time_that_cannot_be_read_gets_a_place_and_is_not_written():
    video, cited = NOTES[0]
    unread = [
        Cited(each.statement, None if at == 4 else each.written, at)
        for at, each in enumerate(cited)
    ]
    verdict = judge(unread, *TALKS[video])[4]
    assert (verdict.state, verdict.certain) == ("unknown", False)
    assert abs(verdict.place.second - cited[4].written) <= 15
    assert verdict.candidates[0] == verdict.place


def test_places_are_starts_of_cues_and_candidates_come_likeliest_first():
    found = judged(lambda s, d, rng: int(d) + 500)
    starts = {video: {math.floor(c.start) for c in t.cues} for video, (t, _) in TALKS.items()}
    every = set().union(*starts.values())
    for _, _, verdict in found:
        assert {place.second for place in verdict.candidates} <= every
        confidences = [place.confidence for place in verdict.candidates]
        assert confidences == sorted(confidences, reverse=True)
        assert len({place.second for place in verdict.candidates}) == len(confidences)
        assert all(0 <= each <= 1.001 for each in confidences)


@pytest.mark.parametrize("duration", [None, 0.0, -5.0, math.nan, math.inf, 0.5, 1e9])
def test_a_duration_that_cannot_be_true_harms_nothing(duration):
    video, cited = NOTES[0]
    verdicts = judge(cited, TALKS[video][0], duration)
    assert not any(verdict.certain for verdict in verdicts)
    assert share([v.state == "sound" for v in verdicts] * 5) > 0.9


def test_without_a_duration_the_captions_end_is_not_yet_the_videos():
    video, cited = NOTES[0]
    transcript, _ = TALKS[video]
    outro = [*cited, Cited("Quixotic.", int(transcript.end) + 20, 999)]
    assert judge(outro, transcript, None)[-1].state != "past-end"
    outro = [*cited, Cited("Quixotic.", int(transcript.end) + 200, 999)]
    assert judge(outro, transcript, None)[-1].state == "past-end"


@pytest.mark.parametrize(
    "cues",
    [(), (Cue(0.0, 0.0, ""),), (Cue(0.0, 1.0, "one"),), (Cue(5.0, 1e9, "a"), Cue(1e6, 2.0, "b"))],
)
def test_next_to_no_captions_harm_nothing(cues):
    _, cited = NOTES[0]
    transcript = Transcript("x" * 11, "und", False, cues)
    verdicts = judge(cited, transcript, 700.0)
    assert len(verdicts) == len(cited)
    assert not any(verdict.certain for verdict in verdicts)
    assert judge([], transcript, 700.0) == []


def test_thousands_of_citations_and_books_of_statements_are_judged():
    video, cited = NOTES[0]
    many = [*cited] * 20
    assert len(judge(many, *TALKS[video])) == len(many)
    said = ("a" * 100_000, "\x00\u202e[[", "9" * 9999)
    hostile = [Cited(text, 10**12 - at, at) for at, text in enumerate(said)]
    hostile += [Cited(text, -5, 9) for text in said]
    assert len(judge(hostile, *TALKS[video])) == 6


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real captions are not here")
def test_published_notes_are_changed_only_where_a_time_was_shifted():
    seen = 0
    for path in sorted((SHARED / "vault").rglob("*.md")):
        video, cited = cited_in(path)
        source = SHARED / "captions" / f"{video}.en.json"
        if not cited or not source.exists():
            continue
        data = json.loads(source.read_text("utf-8"))
        cues = tuple(Cue(c["start"], c["duration"], clean(c["text"])) for c in data["cues"])
        captions = Transcript(video, "en", False, cues)
        for each, verdict in zip(cited, judge(cited, captions, data["duration"]), strict=True):
            seen += 1
            if verdict.certain:
                assert each.written % 60 == 0
                assert abs(verdict.place.second - each.written // 60) <= 5
            if each.written > data["duration"]:
                assert verdict.state in {"shifted", "past-end"}
    assert seen > 300
