"""Rules of cited times: that each can be read, is in the video, and is where it was said."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from generator.checker.citations import is_whole, rewritten, statements_and_citations
from generator.checker.findings import Findings
from generator.checker.heard import Heard
from generator.checker.judgement import Cited, Verdict, judge
from generator.checker.notefile import NoteFile
from generator.models import Transcript
from generator.reader.inlines import CitationAnchor
from generator.reader.notes import Edit
from generator.reader.readings import Reading, read_time
from generator.renderer.timestamps import LAST_SECOND, format_timestamp
from generator.text import clip, printable

NEAR = 2
"""How many seconds a cited time may be from where a caption starts or a word is said: it was
rounded, or was one early."""

ALIKE = 30
"""How many seconds the place of a statement may be from the time that is shown, to confirm it."""

_FAR = 600
"""How many seconds nearer to its neighbours a time is that is likelier than another."""

_CODES = ("C101", "C102", "C103", "C104", "C105", "C106", "C107", "C108")
_UNKNOWN = Verdict("unknown")


@dataclass(frozen=True, slots=True)
class _Case:
    """One citation, what its time and its label mean, and what is found of it."""

    citation: CitationAnchor
    time: Reading
    label: Reading
    verdict: Verdict
    statement: str = ""
    proven: int | None = None


def check_times(note: NoteFile, heard: Heard, found: Findings) -> int:
    """The rules of times; gives how many citations could not be held against what was said."""
    stamps = note.stamps
    if not stamps or not found.wants(*_CODES):
        return 0
    if heard.tells:
        cases = _from_words(note, heard)
    elif _may_err(stamps, heard):
        cases = _from_times(note, heard)
    else:
        # One that is odd is held against its neighbours, whatever these are.
        pieces = note.pieces if any(piece.citations for piece in note.odd) else []
        readings = [_readings(each) for piece in pieces for each in piece.citations]
        cases = [_Case(*each, _UNKNOWN) for each in readings]
    for number, case in enumerate(cases):
        _check(case, cases[max(0, number - 1) : number + 2], heard, found)
    unproven = len(stamps) - sum(1 for case in cases if case.proven is not None)
    return 0 if not unproven or heard.transcript is not None else unproven


def _may_err(stamps: Sequence[str | None], heard: Heard) -> bool:
    """Whether times, from themselves alone, may be wrong.

    That is where one is past the end, and where one may be `mm:ss` in the place of `hh:mm`.
    """
    written = [stamp or "" for stamp in stamps]
    if heard.duration is not None and max(written) > _stamp(heard.duration):
        return True
    return any(stamp.endswith(":00") and stamp >= "01:00:00" for stamp in written)


def _from_times(note: NoteFile, heard: Heard) -> list[_Case]:
    """All citations, where nothing is known of what was said."""
    readings = [_readings(each) for piece in note.pieces for each in piece.citations]
    cited = [Cited("", _written(each), group) for group, each in enumerate(readings)]
    verdicts = judge(cited, None, heard.duration)
    return [_Case(*each, verdict) for each, verdict in zip(readings, verdicts, strict=True)]


def _readings(citation: CitationAnchor) -> tuple[CitationAnchor, Reading, Reading]:
    return citation, read_time(citation.data_t or ""), read_time(citation.label)


def _written(readings: tuple[CitationAnchor, Reading, Reading]) -> int | None:
    """The second that a citation opens or, where that cannot be read, shows."""
    _, time, label = readings
    return time.second if time.second is not None else label.second


def _from_words(note: NoteFile, heard: Heard) -> list[_Case]:
    """All citations with what they support, held against the transcript and the evidence."""
    cited: list[Cited] = []
    parts: list[tuple[tuple[CitationAnchor, Reading, Reading], str, int | None]] = []
    for group, (statement, citations) in enumerate(statements_and_citations(note.pieces)):
        readings = [_readings(citation) for citation in citations]
        written = [_written(each) for each in readings]
        proven = heard.evidence.seconds(statement, written) if heard.evidence else None
        for at, each in enumerate(readings):
            cited.append(Cited(statement, written[at], group))
            parts.append((each, statement, proven[at] if proven else None))
    if heard.evidence and all(second is not None for _, _, second in parts):
        verdicts = [Verdict("sound")] * len(parts)
    else:
        verdicts = judge(cited, heard.transcript, heard.duration)
    return [
        _Case(*each, verdict, statement, proven)
        for (each, statement, proven), verdict in zip(parts, verdicts, strict=True)
    ]


def _check(case: _Case, around: Sequence[_Case], heard: Heard, found: Findings) -> None:
    """The rules of one citation. Where it has one right second, every finding of it leads there."""
    code, second, candidates = _judged(case, heard)
    if second is None and code is None:
        second = _as_written(case, around)
    edits = rewritten(case.citation, second) if second is not None else []
    place = case.citation.span.start
    if code is not None:
        said = _explained(code, case, second, candidates, heard)
        shown = [_stamp(each) for each in candidates]
        found.add(code, place, said, candidates=shown, edits=edits)
    _check_form(case, edits, found)
    opens = case.time.second
    if code is None and case.proven is None and opens is not None and heard.transcript:
        _check_cue(case, opens, heard.transcript, found)


def _judged(case: _Case, heard: Heard) -> tuple[str | None, int | None, list[int]]:
    """The rule that a time breaks, the one right second if there is one, and likely ones."""
    time, label, verdict = case.time, case.label, case.verdict
    if case.proven is not None:
        code = None if case.proven == time.second else _code_of(time.second, case.proven, heard)
        return code, case.proven, [case.proven]
    if time.negative:
        return "C105", None, [0]
    likely = [place.second for place in verdict.candidates]
    if verdict.place is not None:
        likely = list(dict.fromkeys([verdict.place.second, *likely]))
    sure = verdict.place.second if verdict.certain and verdict.place is not None else None
    if label.second and time.second == label.second * 60 and verdict.state != "sound":
        # The label was not shifted.
        return "C106", sure if sure is not None else label.second, [label.second]
    past = verdict.state == "past-end" or _is_past(time.second, heard.duration)
    if past and label.second and not _is_past(label.second, heard.end):
        likely = list(dict.fromkeys([label.second, *likely]))
        agrees = sure is None or abs(sure - label.second) <= ALIKE
        return "C104", label.second if agrees else None, likely
    if verdict.state == "shifted":
        return "C106", sure, likely
    if past:
        return "C104", sure, likely
    if verdict.state == "moved":
        return "C108", sure, likely
    return None, None, []


def _is_past(second: int | None, end: float | None) -> bool:
    return second is not None and end is not None and second > end


def _code_of(written: int | None, proven: int, heard: Heard) -> str | None:
    """The rule that a time breaks which the note's evidence says is another."""
    if written is None:
        return None
    if written == proven * 60:
        return "C106"
    return "C104" if heard.end is not None and written > heard.end else "C108"


def _as_written(case: _Case, around: Sequence[_Case]) -> int | None:
    """The second that a citation opens or, where that cannot be read, shows; None if unsure."""
    time, label = case.time, case.label
    if time.certain:
        return None if _label_fits_better(case, around) else time.second
    if time.second is not None:
        confirmed = time.second == label.second or case.verdict.state == "sound"
        return time.second if confirmed and label.exact else None
    return label.second if label.certain else None


def _label_fits_better(case: _Case, around: Sequence[_Case]) -> bool:
    """Whether the order of the neighbours speaks for the label, and against what is opened."""
    opened, shown = case.time.second, case.label.second
    if (
        opened is None
        or shown is None
        or abs(opened - shown) <= 60
        or case.verdict.state == "sound"
    ):
        return False
    near = [other.time.second for other in around if other is not case]
    seconds = [second for second in near if second is not None]
    if len(seconds) < 2:
        return False
    low, high = min(seconds), max(seconds)
    off_opened, off_shown = (max(low - each, each - high, 0) for each in (opened, shown))
    return off_opened > off_shown and (off_shown == 0 or off_opened - off_shown > _FAR)


def _check_form(case: _Case, edits: Sequence[Edit], found: Findings) -> None:
    """That the anchor is whole, and says one time in the one form, twice."""
    citation, time, label = case.citation, case.time, case.label
    place = citation.span.start
    shown = printable(clip(" ".join(citation.source.split()), 90))
    candidates = [_stamp(each.second) for each in (time, label) if each.second is not None]
    if not is_whole(citation):
        what = "it shows nothing to click on" if not citation.label.strip() else "it is not whole"
        found.add("C101", place, f"“{shown}”: {what}", candidates=candidates, edits=edits)
    if citation.data_t is not None and not time.exact and not time.negative:
        said = f"“{printable(clip(citation.data_t, 30))}” is not HH:MM:SS"
        said += f"; {_stamp(time.second)} may be meant" if time.second is not None else ""
        found.add("C102", place, said, candidates=candidates, edits=edits)
    opens = time.second
    if opens is not None and citation.label.strip() and label.second != opens:
        said = f"it shows {printable(clip(citation.label, 30))}, and opens {_stamp(opens)}"
        found.add("C103", place, said, candidates=candidates, edits=edits)
    elif opens is not None and time.exact and label.second == opens and not label.exact:
        said = f"it shows {printable(clip(citation.label, 30))}, and not [{_stamp(opens)}]"
        found.add("C102", place, said, candidates=candidates, edits=edits)
    elif opens is not None and edits and any(edit.span == citation.href_span for edit in edits):
        found.add(
            "C103", place, f"its address opens another second than {_stamp(opens)}", edits=edits
        )


def _check_cue(case: _Case, second: int, transcript: Transcript, found: Findings) -> None:
    """Report a time near which no caption starts and no word is said, where words are timed."""
    at = bisect_left(transcript.cues, float(second), key=lambda cue: cue.start)
    starts = [cue.start for cue in transcript.cues[max(0, at - 1) : at + 1]]
    # Captions can overlap: what is said now may be in the one before the last that started.
    words = [word.start for cue in transcript.cues[max(0, at - 2) : at + 1] for word in cue.words]
    nearest = min(starts, key=lambda start: abs(start - second), default=second)
    if all(abs(moment - second) > NEAR for moment in (*starts, *words)):
        what = "no word is said" if words else "no caption starts"
        said = f"{what} at {_stamp(second)}; the nearest caption starts at {_stamp(nearest)}"
        found.add("C107", case.citation.span.start, said, candidates=[_stamp(nearest)])


def _explained(
    code: str, case: _Case, second: int | None, candidates: Sequence[int], heard: Heard
) -> str:
    """What is wrong with a time, in words."""
    written = printable(clip(case.citation.data_t or case.citation.label, 30))
    if code == "C105":
        return f"{written} is before the start"
    likely = second if second is not None else candidates[0] if candidates else None
    meant = (
        f"{_stamp(likely)} {'is' if second is not None else 'may be'} meant"
        if likely is not None
        else ""
    )
    if code == "C106":
        surely = "is" if second is not None else "may be"
        said = f"{written} {surely} minutes and seconds in the place of hours and minutes"
        return f"{said}; {meant}" if meant else said
    where = f"it is said at {_stamp(likely)}" if second is not None else ""
    if likely is not None and second is None:
        sure = next((p.confidence for p in case.verdict.candidates if p.second == likely), None)
        percent = f" ({sure:.0%} sure)" if sure is not None else ""
        where = f"it may be said at {_stamp(likely)}{percent}"
    if code == "C104":
        length = _stamp(heard.end or 0)
        return f"the video ends at {length}, before {written}" + (f"; {where}" if where else "")
    about = printable(clip(case.statement, 50))
    return f"“{about}” is not said at {written}" + (f"; {where}" if where else "")


def _stamp(second: float | None) -> str:
    return format_timestamp(min(max(0, int(second or 0)), LAST_SECOND))
