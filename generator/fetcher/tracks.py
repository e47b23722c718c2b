"""Transcripts that a video has: which one to take, and its captions made into cues."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence

from generator.fetcher.jsonfiles import read_json3_event
from generator.fetcher.timedtext import TimedText, joined, plausible_words, time_single_words
from generator.models import Cue, Track, Transcript
from generator.text import clean

# Codes that YouTube still uses, and the ones that replaced them (BCP 47's registry).
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}


def choose_track(tracks: Sequence[Track], languages: Sequence[str]) -> Track | None:
    """The track to take of those a video has; None if it has none.

    `languages` are BCP 47 tags, the most wanted first. For each in turn: written by hand before
    generated, and among these the tag itself before its variants (`en` also takes `en-GB`) before
    what it is a variant of (`pt-BR` also takes `pt`). If none fits, or none is wanted, the video's
    own language, told by its generated track: by hand, then any other by hand, then generated.
    """
    return preferred_track(tracks, languages) or _own(tracks)


def preferred_track(tracks: Sequence[Track], languages: Sequence[str]) -> Track | None:
    """The track to take of those in a wanted language, as `choose_track`; None if none is."""
    for wanted in languages:
        fitting = [(_distance(track.language, wanted), track) for track in tracks]
        ranked = [
            (track.generated, distance, place, track)
            for place, (distance, track) in enumerate(fitting)
            if distance is not None
        ]
        if ranked:
            return min(ranked)[3]
    return None


def notice_of_language(
    transcript: Transcript, languages: Sequence[str], tracks: Sequence[Track]
) -> tuple[str, ...]:
    """What to tell where a transcript is in none of the wanted languages: a sentence, or none.

    `tracks` are those that the video has.
    """
    if not languages or any(
        _distance(transcript.language, wanted) is not None for wanted in languages
    ):
        return ()
    how = "generated" if transcript.generated else "hand-made"
    return (
        f"Video {transcript.video_id} has no transcript in {', '.join(languages)}, only in"
        f" {', '.join(languages_of(tracks))}; the {how} one in {transcript.language} was taken.",
    )


def languages_of(tracks: Sequence[Track]) -> tuple[str, ...]:
    """The languages that a video's tracks are in, each once, in the order of the tracks."""
    return tuple(dict.fromkeys(track.language for track in tracks))


def make_cues(captions: Iterable[tuple[float, float, str]]) -> tuple[Cue, ...]:
    """Cues in order of their start, from (start, duration, text) with times in seconds.

    Captions without words, and those whose times are no times, are left out.
    """
    return _cues((start, duration, TimedText(clean(text))) for start, duration, text in captions)


def cues_of_json3(text: str) -> tuple[Cue, ...]:
    """The cues of YouTube's `json3` format, with the times of their words where it has them.

    Events that cannot be read are left out. Raises ValueError for what is not json3.
    """
    data = json.loads(text)
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list):
        raise ValueError("no events in it")  # noqa: TRY004
    captions = []
    for number, event in enumerate(events, 1):
        try:
            cue = read_json3_event(number, event)
        except ValueError:
            continue
        if cue is not None:
            duration = round(cue.end - cue.start, 3) if cue.end is not None else 0.0
            captions.append((cue.start, duration, joined(cue.lines)))
    return _cues(captions)


def _cues(captions: Iterable[tuple[float, float, TimedText]]) -> tuple[Cue, ...]:
    cues = []
    for start, duration, said in captions:
        if not math.isfinite(start) or start < 0 or not said.text:
            continue
        known = math.isfinite(duration) and duration > 0
        words = plausible_words(said.words, start, start + duration if known else None)
        cues.append(Cue(start, duration if known else 0.0, said.text, words))
    return time_single_words(sorted(cues, key=lambda cue: cue.start))


def _own(tracks: Sequence[Track]) -> Track | None:
    """The track in the video's own language, else the first by hand, else the first there is."""
    written = [track for track in tracks if not track.generated]
    spoken = next((track.language for track in tracks if track.generated), None)
    if spoken is not None and (own := [t for t in written if _distance(t.language, spoken) == 0]):
        return own[0]
    if spoken is not None and (near := [t for t in written if _primary(t) == _codes(spoken)[0]]):
        return near[0]
    return next(iter(written or tracks), None)


def _primary(track: Track) -> str:
    return _codes(track.language)[0]


def _codes(language: str) -> tuple[str, ...]:
    first, *rest = language.strip().lower().replace("_", "-").split("-")
    return (_RENAMED.get(first, first), *rest)


def _distance(language: str, wanted: str) -> int | None:
    """0 for the same language, 1 for a variant of it, 2 for what it is a variant of, else None."""
    have, want = _codes(language), _codes(wanted)
    if have == want:
        return 0
    if have[: len(want)] == want:
        return 1
    if want[: len(have)] == have:
        return 2
    return None
