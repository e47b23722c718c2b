import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.models import (
    BulletList,
    Citation,
    Cue,
    Draft,
    Evidence,
    Found,
    Paragraph,
    Section,
    Statement,
    Transcript,
    Video,
    statements_in,
)
from generator.summarizer.folding import fold
from generator.summarizer.grounding import Grounding
from generator.summarizer.lines import make_lines

VIDEO = Video("rP2kEF3Mj-o", "Tides", "made_up", duration=60.0)
TRANSCRIPT = Transcript(
    VIDEO.id,
    "en",
    False,
    (
        Cue(0.9, 3.0, "The moon pulls on the sea,"),
        Cue(3.9, 3.0, "and the sea doesn't resist."),
        Cue(6.9, 4.0, "The sun pulls on the sea as well,"),
        Cue(10.9, 4.0, "though only half as hard."),
        Cue(14.9, 4.0, "The moon pulls on the sea, I said."),
        Cue(59.5, 0.4, "Half as hard."),
        Cue(70.0, 4.0, "Words after the end of the video."),
    ),
)
LINES = make_lines(TRANSCRIPT)


def cite(line: int, quote: str) -> Citation | None:
    return Grounding(TRANSCRIPT, LINES, VIDEO.duration).cite(Evidence(line, quote))


def test_the_lines_are_as_the_tests_below_take_them():
    assert [(line.first, line.last) for line in LINES] == [(0, 1), (2, 3), (4, 4), (5, 5), (6, 6)]


def test_a_citation_is_the_whole_second_of_the_cue_that_the_quote_begins_in():
    assert cite(1, "and the sea") == Citation(3, 1, 0, "and the sea", Found.EXACT)
    assert cite(2, "sun pulls on") == Citation(6, 2, 4, "sun pulls on", Found.EXACT)


def test_a_quote_may_run_on_into_the_next_cue():
    assert cite(1, "the sea, and the sea") == Citation(
        0, 0, 18, "the sea, and the sea", Found.EXACT
    )


@pytest.mark.parametrize(
    "quote",
    [
        "THE SEA DOESN’T RESIST",
        "the sea doesn't  resist!",
        "…the sea, doesn't resist",
        "the sea doesnt resist",
    ],
)
def test_case_punctuation_and_spacing_do_not_count(quote):
    assert cite(1, quote) == Citation(3, 1, 4, "the sea doesn't resist", Found.EXACT)


def test_a_quote_in_another_line_is_found_if_it_is_there_just_once():
    assert cite(1, "the sun pulls on") == Citation(6, 2, 0, "The sun pulls on", Found.MOVED)
    assert cite(10**9, "the sun pulls on") == cite(1, "the sun pulls on")
    assert cite(-1, "the sun pulls on") == cite(1, "the sun pulls on")
    assert cite(2, "the moon pulls on the sea") is None


def test_its_line_says_which_of_two_places_is_meant():
    assert cite(1, "the moon pulls on").second == 0
    assert cite(3, "the moon pulls on").second == 14


@pytest.mark.parametrize(
    "quote", ["", "…", "the sea", "pulls", "stars pull on the sea", "x" * 2000]
)
def test_a_quote_that_is_not_said_or_could_be_anywhere_is_not_found(quote):
    assert cite(1, quote) is None


def test_words_are_found_whole():
    assert cite(1, "he moon pulls on") is None
    assert cite(1, "the moon pulls o") is None


def test_nothing_is_cited_past_the_end_of_the_video():
    assert cite(5, "words after the end") is None
    unknown_end = Grounding(TRANSCRIPT, LINES).cite(Evidence(5, "words after the end"))
    assert unknown_end.second == 70


def test_a_script_without_spaces_is_quoted_by_characters():
    cues = (Cue(0, 3, "潮の満ち引きは月の重力が"), Cue(3, 3, "起こしている。"))
    transcript = Transcript(VIDEO.id, "ja", False, cues)
    grounding = Grounding(transcript, make_lines(transcript))
    assert grounding.cite(Evidence(1, "月の重力が起こ")) == Citation(
        0, 0, 7, "月の重力が 起こ", Found.EXACT
    )


SAID = Statement("The sun pulls too.", evidence=(Evidence(2, "The sun pulls on"),))
NOT_SAID = Statement("Stars pull too.", evidence=(Evidence(2, "The stars pull on"),))
NO_EVIDENCE = Statement("Everything pulls.")


def ground(*sections: Section, lead=()):
    draft = Draft("Tides", (), lead, sections)
    return Grounding(TRANSCRIPT, LINES, VIDEO.duration).ground(draft, VIDEO, "tides")


def section(*statements: Statement, level: int = 2, heading: str = "Sun") -> Section:
    return Section(heading, level, (Paragraph(statements),) if statements else (), 0, 60)


def test_a_statement_whose_evidence_is_not_found_is_dropped_and_told():
    grounded = ground(section(SAID, NOT_SAID, NO_EVIDENCE))
    assert [s.text for s in statements_in(grounded.note)] == ["The sun pulls too."]
    assert [d.statement for d in grounded.dropped] == [NOT_SAID, NO_EVIDENCE]


def test_two_pieces_of_evidence_in_one_second_make_one_citation_and_they_stand_in_order():
    twice = Statement(
        "It does.",
        evidence=(
            Evidence(2, "though only half"),
            Evidence(2, "the sun pulls"),
            Evidence(2, "sun pulls on the sea"),
        ),
    )
    (statement,) = statements_in(ground(section(twice)).note)
    assert [(c.second, c.cue) for c in statement.citations] == [(6, 2), (10, 3)]


def test_what_is_left_empty_disappears():
    grounded = ground(
        section(NOT_SAID, heading="Gone"),
        section(heading="Kept by its subsection"),
        section(SAID, level=3, heading="Sub"),
        section(NOT_SAID, heading="Gone with its subsection"),
        section(NOT_SAID, level=3, heading="Gone too"),
        lead=(Paragraph((NOT_SAID,)),),
    )
    assert grounded.note.lead == ()
    assert [s.heading for s in grounded.note.sections] == ["Kept by its subsection", "Sub"]


def test_a_subsection_whose_section_is_gone_and_that_comes_first_is_a_section():
    grounded = ground(section(SAID, level=3, heading="Sub"))
    assert [(s.heading, s.level) for s in grounded.note.sections] == [("Sub", 2)]


def test_a_lead_in_is_grounded_and_goes_when_its_list_does():
    kept = ground(Section("A", 2, (BulletList((SAID,), SAID),), 0, 60))
    (block,) = kept.note.sections[0].blocks
    assert block.lead_in.citations
    assert block.items[0].citations
    bare = ground(Section("A", 2, (BulletList((SAID, NOT_SAID), NOT_SAID),), 0, 60))
    (block,) = bare.note.sections[0].blocks
    assert (block.lead_in, len(block.items)) == (None, 1)
    gone = ground(Section("A", 2, (BulletList((NOT_SAID,), SAID),), 0, 60))
    assert (gone.note.sections, len(gone.dropped)) == ((), 2)


@given(st.integers(), st.text() | st.sampled_from([cue.text for cue in TRANSCRIPT.cues]))
def test_every_cited_second_begins_a_cue_that_holds_the_beginning_of_the_quote(line, quote):
    citation = cite(line, quote)
    if citation:
        cue = TRANSCRIPT.cues[citation.cue]
        assert citation.second == int(cue.start)
        said = " ".join(cue.text for cue in TRANSCRIPT.cues[citation.cue :])
        assert said[citation.offset :].startswith(citation.quote)
        assert citation.offset < len(cue.text)
        assert fold(citation.quote).text == fold(quote).text


def test_folding_keeps_the_way_back_to_the_source():
    folded = fold("“Don’t—STOP…” said Ｆred")
    assert folded.text == "dont stop said fred"
    assert folded.find("stop said") == (7, 18)
    assert folded.source[7:18] == "STOP…” said"
    assert folded.find("top said") is None
