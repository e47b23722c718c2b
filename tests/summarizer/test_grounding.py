"""Evidence made citations, or refused."""

import pytest
from hypothesis import given, settings
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
    WordTime,
    statements_in,
)
from generator.summarizer.folding import fold
from generator.summarizer.grounding import Grounding
from generator.summarizer.lines import make_lines
from generator.text import clean

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


TIMED = Transcript(
    VIDEO.id,
    "en",
    True,
    (
        Cue(
            0.9,
            3.0,
            "the moon pulls on the sea",
            (WordTime(0, 0.9), WordTime(4, 1.4), WordTime(9, 1.99), WordTime(15, 2.0)),
        ),
        Cue(3.0, 4.0, "and 2 seas resist", (WordTime(0, 3.1), WordTime(6, 5.7), WordTime(11, 6.2))),
        Cue(7.0, 4.0, "it is not timed at all"),
        Cue(58.9, 2.0, "the video is over", (WordTime(0, 58.8), WordTime(4, 60.0))),
    ),
)


def cite_timed(quote: str) -> Citation | None:
    grounding = Grounding(TIMED, make_lines(TIMED), VIDEO.duration)
    return grounding.cite(Evidence(1, quote))


@pytest.mark.parametrize(
    ("quote", "second"),
    [
        ("the moon pulls", 0),
        ("moon pulls on the sea", 1),
        ("pulls on the sea", 1),
        ("on the sea and 2", 2),
        ("the sea and 2", 2),  # “the” is not timed: nor is it said before “on”
        ("and 2 seas resist", 3),
        ("2 seas resist", 3),
        ("seas resist it is", 5),
        ("resist it is not", 6),
        ("it is not timed", 7),
        ("not timed at all", 7),
    ],
)
def test_where_words_are_timed_the_second_is_that_of_the_quotes_first_word(quote, second):
    citation = cite_timed(quote)
    assert citation is not None
    assert citation.second == second
    assert TIMED.cues[citation.cue].text[citation.offset :].split()[0] == quote.split()[0]


def test_a_quote_that_begins_inside_a_word_has_that_words_time():
    cue = Cue(3.0, 4.0, "the sea", (WordTime(0, 3.0), WordTime(4, 4.5)))
    assert [cue.time_of(offset) for offset in (0, 3, 4, 6)] == [3.0, 3.0, 4.5, 4.5]
    assert Cue(3.0, 4.0, "a sea", (WordTime(2, 4.5),)).time_of(0) == 3.0
    assert Cue(3.0, 4.0, "a sea").time_of(2) == 3.0


def test_a_word_that_is_said_after_the_end_of_the_video_is_not_cited():
    assert cite_timed("the video is over").second == 58
    assert cite_timed("video is over") is None


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


def test_a_quote_from_up_to_two_lines_away_is_near():
    assert cite(1, "the sun pulls on") == Citation(6, 2, 0, "The sun pulls on", Found.NEAR)
    assert cite(4, "the sun pulls on") == Citation(6, 2, 0, "The sun pulls on", Found.NEAR)


def test_a_quote_in_a_line_further_away_is_found_if_it_is_there_just_once():
    assert cite(5, "the sun pulls on") == Citation(6, 2, 0, "The sun pulls on", Found.MOVED)
    assert cite(10**9, "the sun pulls on") == cite(5, "the sun pulls on")
    assert cite(-1, "the sun pulls on") == cite(5, "the sun pulls on")
    assert cite(10**9, "the moon pulls on the sea") is None


def test_a_quote_that_runs_on_past_the_end_of_its_line_is_there_as_it_is():
    expected = Citation(3, 1, 8, "sea doesn't resist. The sun pulls", Found.EXACT)
    assert cite(1, "sea doesn't resist. The sun pulls") == expected
    assert cite(2, "sea doesn't resist the sun pulls").found == Found.NEAR


def test_of_equally_near_places_the_nearest_to_the_line_is_taken_then_the_first():
    assert cite(2, "the moon pulls on the sea").second == 0
    assert cite(4, "the moon pulls on the sea").second == 14


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("the sun pulls the sea as well", "The sun pulls on the sea as well"),
        (
            "sun pulls on sea as well, only half as hard",
            "sun pulls on the sea as well, though only",
        ),
        ("the sun pulled on the sea", "The sun pulls on the sea"),
        ("that sun pulls on a sea as well", "The sun pulls on the sea as well"),
        ("the sun on pulls the sea as well", "The sun pulls on the sea as well"),
    ],
)
def test_a_badly_copied_quote_is_found_where_what_is_said_is_the_same(quote, said):
    citation = cite(2, quote)
    assert (citation.second, citation.found) == (6, Found.NEAR)
    assert citation.quote.startswith(said)


def test_short_words_are_not_taken_for_misspelt():
    assert cite(2, "the son pulls on the sea as well") is None


LAB = Transcript(
    VIDEO.id,
    "en",
    False,
    (
        Cue(0, 5, "Well, we measured twenty-one samples of the ocean water in 1,500 places."),
        Cue(5, 5, "The temperature does not change the density before midnight."),
        Cue(10, 5, "Um, the salinity, you know, really changes the density of a sample."),
        Cue(15, 5, "Bacteria eat plankton, and 3 of 5 vessels hold both."),
    ),
)


def in_lab(line: int, quote: str, *, language: str = "en") -> str | None:
    transcript = Transcript(LAB.video_id, language, LAB.generated, LAB.cues)
    citation = Grounding(transcript, make_lines(transcript)).cite(Evidence(line, quote))
    return citation and citation.quote


@pytest.mark.parametrize(
    ("line", "quote", "said"),
    [
        (1, "measured 21 samples of the ocean", "measured twenty-one samples of the ocean"),
        (1, "water in 1500 places", "water in 1,500 places"),
        (1, "ocean water in fifteen hundred places", "ocean water in 1,500 places"),
        (3, "the salinity really changes the density", "the salinity, you know, really changes"),
        (3, "changes the densty of a sample", "changes the density of a sample"),
        (2, "temperature doesn't change the density", "temperature does not change the density"),
        (4, "three of five vessels hold both", "3 of 5 vessels hold both"),
    ],
)
def test_numbers_fillers_misspellings_and_contractions_do_not_hide_a_quote(line, quote, said):
    assert in_lab(line, quote).startswith(said)


@pytest.mark.parametrize(
    ("line", "quote"),
    [
        (1, "measured 22 samples of the ocean"),
        (1, "measured two samples of the ocean water"),
        (1, "water in 1600 places"),
        (1, "we measured salty samples of the ocean water"),
        (1, "we measured twenty-one new samples of the ocean water"),
        (2, "the temperature does change the density before midnight"),
        (2, "temperature does not change the density after midnight"),
        (2, "the temperature does not change the salinity before midnight"),
        (3, "the salinity never really changes the density of a sample"),
        (4, "plankton eat bacteria, and 3 of 5 vessels"),
        (4, "bacteria eat plankton, and 5 of 3 vessels hold both"),
    ],
)
@pytest.mark.parametrize("language", ["en", "und"])
def test_a_quote_that_says_something_else_is_not_found(line, quote, language):
    assert in_lab(line, quote, language=language) is None


def test_a_word_of_the_talk_is_not_another_one_misspelt():
    cues = (Cue(0, 5, "The casual observer sees the planets."), Cue(5, 5, "A causal link is none."))
    transcript = Transcript(VIDEO.id, "en", False, cues)
    grounding = Grounding(transcript, make_lines(transcript))
    assert grounding.cite(Evidence(1, "the casaul observer sees the planets")).second == 0
    assert grounding.cite(Evidence(1, "the causal observer sees the planets")) is None


def found_in(said: str, quote: str) -> str | None:
    """What is kept of a quote from a talk of one cue."""
    transcript = Transcript(VIDEO.id, "en", False, (Cue(0, 5, said),))
    citation = Grounding(transcript, make_lines(transcript)).cite(Evidence(1, quote))
    return citation and citation.quote


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("We should never stop adding many circles.", "should stop adding many circles"),
        ("Circles to never stop and just add infinitely.", "to stop and just add infinitely"),
        ("Do add circles and stop, just never to.", "add circles and stop, just to"),
    ],
)
def test_a_negation_is_not_left_out_with_the_first_or_last_word(said, quote):
    assert found_in(said, quote) is None


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("Then vessel 3 slowly heats the ocean water.", "then 3 vessel slowly heats the ocean"),
        (
            "Bacteria eat plankton while vessels hold both.",
            "eat bacteria plankton while hold vessels",
        ),
        (
            "Bacteria eat plankton while vessels hold both.",
            "eat plankton bacteria while vessels hold",
        ),
        ("We counted 25 boats in the harbour.", "we counted 2 5 boats in the harbour"),
        ("The model100 beats all others by far.", "the model200 beats all others by far"),
        ("It took a second to stop the big wheel.", "it took a 2 to stop the big wheel"),
        ("Gravity, as he had described it long ago, bends light.", "gravity bends light"),
        ("Well, that is in it, and so on.", "well, this is in it"),
        ("And so this is in it for us.", "and so that is in it for us"),
        ("Gravity of a very old and distant star bends light.", "gravity bends light"),
    ],
)
def test_order_numbers_and_how_much_is_left_out_count(said, quote):
    assert found_in(said, quote) is None


def test_one_word_of_matter_is_enough_where_almost_all_is_the_same():
    said = "A number that does not surpass it."
    assert found_in(said, "that doesn't surpass it") == "that does not surpass it"


def test_of_equally_like_passages_the_nearest_to_the_line_is_taken_then_the_first():
    texts = ("The sun pulls gently at noon.", "It really does so.", "The sun pulls gently at noon.")
    cues = tuple(Cue(5.0 * i, 5, text) for i, text in enumerate(texts))
    transcript = Transcript(VIDEO.id, "en", False, cues)
    grounding = Grounding(transcript, make_lines(transcript))
    seconds = [
        grounding.cite(Evidence(n, "the sun pulls gentle at noon")).second for n in (1, 2, 3)
    ]
    assert seconds == [0, 0, 10]


def test_a_near_quote_begins_with_its_first_word_even_where_the_next_ones_are_left_out():
    cues = (
        Cue(0, 3, "Now gravity, well, you know,"),
        Cue(3, 3, "bends the path of light."),
    )
    transcript = Transcript(VIDEO.id, "en", False, cues)
    grounding = Grounding(transcript, make_lines(transcript))
    citation = grounding.cite(Evidence(1, "gravity bends the path of light"))
    assert citation == Citation(
        0, 0, 4, "gravity, well, you know, bends the path of light", Found.NEAR
    )


def test_a_near_quote_ends_with_its_last_word_even_where_the_ones_before_are_left_out():
    cues = (Cue(0, 3, "Gravity bends light, um, well, sharply."),)
    transcript = Transcript(VIDEO.id, "en", False, cues)
    grounding = Grounding(transcript, make_lines(transcript))
    citation = grounding.cite(Evidence(1, "gravity bends light sharply"))
    assert citation.quote == "Gravity bends light, um, well, sharply"


def test_near_quotes_in_a_language_without_word_lists_and_in_one_without_spaces():
    cues = (
        Cue(0, 3, "პლანეტები მზის გარშემო ბრუნავენ ყოველთვის."),
        Cue(3, 3, "潮の満ち引きは月の重力が起こしている。"),
    )
    transcript = Transcript(VIDEO.id, "und", False, cues)
    grounding = Grounding(transcript, make_lines(transcript))
    assert grounding.cite(Evidence(1, "პლანეტები მზის გარშემო ყოველთვის")).cue == 0
    assert grounding.cite(Evidence(1, "პლანეტები მთვარის გარშემო ყოველთვის")) is None
    assert grounding.cite(Evidence(2, "潮満ち引きは月の重力")).quote == "潮の満ち引きは月の重力"
    assert grounding.cite(Evidence(2, "潮の満ち引きは日の重力")) is None


def test_its_line_says_which_of_two_places_is_meant():
    assert cite(1, "the moon pulls on").second == 0
    assert cite(3, "the moon pulls on").second == 14


@pytest.mark.parametrize(
    "quote", ["", "…", "the sea", "pulls", "stars pull on the sea", "x" * 2000]
)
def test_a_quote_that_is_not_said_or_could_be_anywhere_is_not_found(quote):
    assert cite(1, quote) is None


def test_words_are_found_whole():
    assert cite(10**9, "he sun pulls on") is None
    assert cite(10**9, "the sun pulls o") is None


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


WORDS = sorted({word for cue in TRANSCRIPT.cues for word in cue.text.split()} | {"not", "3", "x"})
quotes = (
    st.text()
    | st.sampled_from([cue.text for cue in TRANSCRIPT.cues])
    | st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
)


def is_held(citation: Citation, transcript: Transcript) -> bool:
    """Whether the cited second begins the cue in which the kept words begin."""
    cue = transcript.cues[citation.cue]
    said = " ".join(cue.text for cue in transcript.cues[citation.cue :])
    return (
        citation.second == int(cue.start)
        and said[citation.offset :].startswith(citation.quote)
        and citation.offset < len(cue.text)
        and citation.quote.strip() != ""
    )


@settings(deadline=None)
@given(st.integers() | st.integers(-1, 7), quotes)
def test_every_cited_second_begins_a_cue_that_holds_the_beginning_of_the_quote(line, quote):
    citation = cite(line, quote)
    if citation:
        assert is_held(citation, TRANSCRIPT)
        if citation.found != Found.NEAR:
            assert fold(citation.quote).text == fold(quote).text


@settings(deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=8), st.data(), quotes)
def test_that_holds_in_any_transcript(texts, data, other):
    cues = tuple(Cue(2.5 * i, 2.5, clean(text) or "…") for i, text in enumerate(texts))
    transcript = Transcript(
        VIDEO.id, data.draw(st.sampled_from(["en", "und", "ja", "xx"])), True, cues
    )
    whole = " ".join(cue.text for cue in cues)
    at = data.draw(st.integers(0, len(whole)))
    quote = data.draw(st.sampled_from([whole[at : at + 40], other, whole[at : at + 9] + other]))
    citation = Grounding(transcript, make_lines(transcript)).cite(
        Evidence(data.draw(st.integers(-2, 10)), quote)
    )
    assert citation is None or is_held(citation, transcript)
