"""The evidence beside citations: the right lines, the quoted words, and never a wrong one."""

from __future__ import annotations

import json
from typing import Any

from generator.models import Cue, Found, Line, Transcript
from generator.site.arranging import Cited
from generator.site.evidence import evidence_in_lines, evidence_in_sidecar
from generator.summarizer.lines import make_lines
from generator.vault.sidecars import (
    Sidecar,
    SidecarCitation,
    SidecarCue,
    SidecarFile,
    SidecarLine,
    SidecarStatement,
    SidecarTranscript,
    SidecarVideo,
)

LINES = (
    SidecarLine(3, 9.5, 14.0, "Well. A glass 🔦 lens bends the light."),
    SidecarLine(4, 14.0, 19.0, "of one flame into a beam."),
)


def citation(second: int, quote: str, cue: str, offset: int = 0) -> SidecarCitation:
    return SidecarCitation(
        second, "00:00:10", 3, SidecarCue(7, 10.2, 3.0, cue), offset, quote, Found.EXACT
    )


def sidecar(*statements: tuple[str, SidecarCitation], lead_in: bool = False) -> Sidecar:
    return Sidecar(
        version=1,
        title="Lens",
        slug="lens",
        aliases=(),
        video=SidecarVideo("LampsOfSea1", "Lamps", "lamps", None, "", None, None),
        engine="openai",
        transcript=SidecarTranscript("en", False),
        file=SidecarFile(),
        sections=(),
        statements=tuple(
            SidecarStatement(None, lead_in, text, (cited,), (3,)) for text, cited in statements
        ),
        lines=LINES,
    )


QUOTED = citation(10, "A glass 🔦 lens bends the light. of one flame", "A glass 🔦 lens bends")
ONE = sidecar(("A **lens** bends light.", QUOTED))


def evidence(kept: Sidecar, *cited: Cited) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(evidence_in_sidecar(kept, cited) or "{}")
    return found


def test_the_lines_of_a_quote_with_its_words_marked() -> None:
    found = evidence(ONE, Cited(10, "A lens bends light."))
    assert found == {
        "lines": [
            {"start": 9.5, "end": 14.0, "text": "Well. A glass 🔦 lens bends the light."},
            {"start": 14.0, "end": 19.0, "text": "of one flame into a beam."},
        ],
        "citations": [
            {"t": 10, "found": "exact", "marks": [[0, 6, 38], [1, 0, 12]], "lines": [0, 1]}
        ],
    }


def test_marks_count_as_javascript_counts() -> None:
    start, end = evidence(ONE, Cited(10, "A lens bends light."))["citations"][0]["marks"][0][1:]
    units = LINES[0].text.encode("utf-16-le")
    assert units[2 * start : 2 * end].decode("utf-16-le") == "A glass 🔦 lens bends the light."


def test_of_words_that_stand_twice_the_cited_ones_are_marked() -> None:
    line = SidecarLine(3, 0.0, 9.0, "so it is. and so it was.")
    kept = sidecar(("It was.", citation(4, "so it was", "and so it was.", 4)))
    kept = Sidecar(
        **{**{name: getattr(kept, name) for name in Sidecar.__slots__}, "lines": (line,)}
    )
    (found,) = evidence(kept, Cited(4, "It was."))["citations"]
    assert line.text[found["marks"][0][1] : found["marks"][0][2]] == "so it was"
    assert found["marks"][0][1] == 14


def test_an_edited_statement_or_a_moved_second_has_no_evidence() -> None:
    assert evidence(ONE, Cited(11, "A lens bends light.")) == {}
    assert evidence(ONE, Cited(10, "A lens breaks light.")) == {}
    both = evidence(ONE, Cited(10, "Another claim."), Cited(10, "A lens bends light."))
    assert both["citations"][0] is None
    assert both["citations"][1]["t"] == 10


def test_markup_punctuation_and_case_make_no_other_statement_of_it() -> None:
    assert evidence(ONE, Cited(10, "A lens bends light"))["citations"][0] is not None


def test_a_lead_in_is_no_evidence_for_what_is_cited() -> None:
    kept = sidecar(("A lens bends light.", QUOTED), lead_in=True)
    assert evidence(kept, Cited(10, "A lens bends light.")) == {}


def test_a_quote_that_is_not_in_its_line_marks_nothing() -> None:
    kept = sidecar(("A lens bends light.", citation(10, "never said", "never said")))
    (found,) = evidence(kept, Cited(10, "A lens bends light."))["citations"]
    assert (found["marks"], found["lines"]) == ([], [0])


def test_of_a_transcript_alone_the_line_at_the_second_is_shown_unmarked() -> None:
    cues = (Cue(0.0, 4.0, "Good evening."), Cue(10.7, 4.0, "A lens."), Cue(30.0, 5.0, "The end."))
    lines = make_lines(Transcript("LampsOfSea1", "en", False, cues))
    cited = (Cited(10, "A lens."), Cited(20, "Silence."), Cited(31, "End."), Cited(99, "After."))
    found = json.loads(evidence_in_lines(lines, cited))
    assert [each["text"] for each in found["lines"]] == ["A lens.", "The end."]
    assert found["citations"] == [
        {"t": 10, "found": None, "marks": [], "lines": [0]},
        None,
        {"t": 31, "found": None, "marks": [], "lines": [1]},
        None,
    ]
    assert evidence_in_lines((Line(1, 0, 0, "x", 50.0, 60.0),), cited) == ""
