"""Transcripts that a video has: which one to take, and its captions made into cues."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterable, Sequence

from generator.models import Cue, Track, Transcript
from generator.text import clean

# Codes that YouTube still uses, and the ones that replaced them (BCP 47's registry).
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}
_TAG = re.compile(r"<[^<>]*>")


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
    cues = [
        Cue(start, duration if math.isfinite(duration) and duration > 0 else 0.0, said)
        for start, duration, text in captions
        if math.isfinite(start) and start >= 0 and (said := clean(text))
    ]
    return tuple(sorted(cues, key=lambda cue: cue.start))


def cues_of_json3(text: str) -> tuple[Cue, ...]:
    """The cues of YouTube's `json3` format: events of segments, times in milliseconds.

    Raises ValueError for anything else.
    """
    data = json.loads(text)
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list):
        raise ValueError("no events in it")  # noqa: TRY004
    return make_cues(caption for event in events if (caption := _caption(event)) is not None)


def _caption(event: object) -> tuple[float, float, str] | None:
    if not isinstance(event, dict) or not isinstance(event.get("segs"), list):
        return None
    start, duration = event.get("tStartMs"), event.get("dDurationMs", 0)
    if not isinstance(start, int | float) or not isinstance(duration, int | float):
        return None
    said = "".join(str(seg.get("utf8", "")) for seg in event["segs"] if isinstance(seg, dict))
    return start / 1000, duration / 1000, _TAG.sub("", html.unescape(said))


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
