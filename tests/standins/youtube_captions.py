"""Captions in the forms that YouTube's caption server writes, generated ones in all their ways."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape

from tests.standins.talk import CaptionTrack, Cue

MARKUP = "text/xml; charset=UTF-8"
KINDS = {
    "srv1": MARKUP,
    "srv3": MARKUP,
    "json3": "application/json; charset=UTF-8",
    "vtt": "text/vtt; charset=UTF-8",
    "srt": "text/plain; charset=UTF-8",
}


def captions(track: CaptionTrack, form: str) -> str:
    """The captions as `fmt=form` asks for them: one of KINDS.

    Generated captions in `json3`, `srv3` and `vtt` come as YouTube rolls them over the screen:
    word for word with times, line ends as events of their own, in WebVTT each line three times.
    """
    writers = {"srv1": _srv1, "srv3": _srv3, "json3": _json3, "vtt": _vtt, "srt": _srt}
    return writers[form](track)


def _srv1(track: CaptionTrack) -> str:
    cues = "".join(
        f'<text start="{cue.start:g}" dur="{cue.duration:g}">{escape(_entities(cue.text))}</text>'
        for cue in track.cues
    )
    return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{cues}</transcript>'


def _srv3(track: CaptionTrack) -> str:
    lines = []
    for cue, line_end in zip(track.cues, _line_ends(track), strict=True):
        begin, length = _ms(cue.start), _ms(cue.duration)
        if not track.generated:
            lines.append(f'<p t="{begin}" d="{length}">{escape(cue.text)}</p>')
            continue
        words = "".join(
            (f'<s t="{offset}" ac="0">' if offset else '<s ac="0">') + f"{escape(word)}</s>"
            for offset, word in _words(cue)
        )
        lines.append(f'<p t="{begin}" d="{length}" w="1">{words}</p>')
        if line_end is not None:
            lines.append(f'<p t="{line_end[0]}" d="{line_end[1]}" w="1" a="1">\n</p>')
    body = "\n".join(lines)
    return (
        '<?xml version="1.0" encoding="utf-8" ?><timedtext format="3">\n<head>\n</head>\n'
        f"<body>\n{body}\n</body>\n</timedtext>\n"
    )


def _json3(track: CaptionTrack) -> str:
    events: list[dict[str, object]] = []
    for cue, line_end in zip(track.cues, _line_ends(track), strict=True):
        event: dict[str, object] = {"tStartMs": _ms(cue.start), "dDurationMs": _ms(cue.duration)}
        if not track.generated:
            events.append({**event, "segs": [{"utf8": cue.text}]})
            continue
        segments = [
            {"utf8": word, **({"tOffsetMs": offset} if offset else {}), "acAsrConf": 0}
            for offset, word in _words(cue)
        ]
        events.append({**event, "wWinId": 1, "segs": segments})
        if line_end is not None:
            begin, length = line_end
            appended = {"tStartMs": begin, "dDurationMs": length, "wWinId": 1, "aAppend": 1}
            events.append({**appended, "segs": [{"utf8": "\n"}]})
    if track.generated and track.cues:
        whole = {"tStartMs": 0, "dDurationMs": _ms(_end(track)), "id": 1, "wpWinPosId": 1}
        events.insert(0, {**whole, "wsWinStyleId": 1})
    return json.dumps({"wireMagic": "pb3", "events": events}, ensure_ascii=False)


def _vtt(track: CaptionTrack) -> str:
    head = f"WEBVTT\nKind: captions\nLanguage: {track.language}\n\n"
    if track.generated:
        return head + "".join(_rolling(track))
    return head + "".join(
        f"{_clock(cue.start)} --> {_clock(cue.start + cue.duration)}\n{_vtt_text(cue.text)}\n\n"
        for cue in track.cues
    )


def _rolling(track: CaptionTrack) -> Iterator[str]:
    """Each line growing word by word under the one before, then 10 ms of it standing alone."""
    ends = [later.start for _, later in pairwise(track.cues)] + [_end(track)]
    before = " "
    for cue, end in zip(track.cues, ends, strict=True):
        words = list(_words(cue))
        growing = _vtt_text(words[0][1]) if words else ""
        for offset, word in words[1:]:
            growing += f"<{_clock(cue.start + offset / 1000)}><c>{_vtt_text(word)}</c>"
        turn = max(cue.start, end - 0.01)
        place = "align:start position:0%"
        yield f"{_clock(cue.start)} --> {_clock(turn)} {place}\n{before}\n{growing}\n\n"
        before = _vtt_text(cue.text)
        yield f"{_clock(turn)} --> {_clock(end)} {place}\n{before}\n \n\n"


def _srt(track: CaptionTrack) -> str:
    return "".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.start + cue.duration, ',')}\n"
        f"{cue.text}\n\n"
        for number, cue in enumerate(track.cues, 1)
    )


def _words(cue: Cue) -> Iterator[tuple[int, str]]:
    """A cue's words as (ms after its start, word), spaces ahead; at even steps if not timed."""
    words = cue.text.split()
    for index, word in enumerate(words):
        if cue.words:
            offset = _ms(cue.words[index]) - _ms(cue.start)
        else:
            offset = _ms(cue.duration * index / len(words))
        yield offset, word if index == 0 else " " + word


def _line_ends(track: CaptionTrack) -> list[tuple[int, int] | None]:
    """After each generated cue its line end, 10 ms ahead of the next: (ms, how long in ms)."""
    ends: list[tuple[int, int] | None] = []
    for cue, later in pairwise(track.cues):
        begin = max(_ms(cue.start), _ms(later.start) - 10)
        ends.append((begin, max(0, _ms(cue.start + cue.duration) - begin)))
    return [*ends, None] if track.cues else []


def _end(track: CaptionTrack) -> float:
    return max((cue.start + cue.duration for cue in track.cues), default=0.0)


def _entities(text: str) -> str:
    return html.escape(text).replace("&#x27;", "&#39;")


def _vtt_text(text: str) -> str:
    return html.escape(text, quote=False)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _clock(seconds: float, point: str = ".") -> str:
    whole, ms = divmod(_ms(seconds), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{ms:03}"
