"""What becomes of a model's reply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.models import (
    BulletList,
    Evidence,
    Mention,
    Paragraph,
    Section,
    Statement,
    statements_of,
)
from generator.summarizer.openai.drafts import Part, evidence_of, join, mentions_of, part_of
from generator.summarizer.openai.replies import EvidenceReply, MentionReply, NoteReply
from tests.summarizer.openai.asked import paragraph, said, section, talk

_, LINES = talk(2)  # 12 lines of 10 seconds


def part(*sections, lead=()) -> Part:
    return part_of(
        NoteReply.model_validate({"lead": list(lead), "sections": list(sections)}), LINES
    )


def texts(blocks) -> list[str]:
    return [statement.text for statement in statements_of(blocks)]


def test_a_reply_becomes_statements_with_evidence_mentions_and_markup():
    reply = part(
        section("The moon", paragraph(said("The moon *pulls*", 3, "what comes at", moon="Moon"))),
        lead=[paragraph(said("Vera speaks.", 1))],
    )
    statement = Statement(
        "The moon *pulls*.",
        (Evidence(3, "what comes at"),),
        mentions=(Mention(4, 8, "Moon"),),
        markup=True,
    )
    assert reply == Part(
        lead=(
            Paragraph((Statement("Vera speaks.", (Evidence(1, "Sentence number"),), markup=True),)),
        ),
        sections=(Section("The moon", 2, (Paragraph((statement,)),), 20.0, 30.0),),
    )


def test_a_section_lasts_from_the_first_to_the_last_line_that_its_evidence_names():
    found = part(
        section("A", paragraph(said("One.", 5), said("Two.", 3), said("Three.", 10**9))),
        section("B", paragraph(said("One.", 99))),
        section(
            "C",
            subsections=[{"heading": "D", "blocks": [paragraph(said("One.", 7), said("Two.", 9))]}],
        ),
    )
    assert [(each.start, each.end) for each in found.sections] == [
        (20.0, 50.0),
        (0.0, 120.0),
        (60.0, 90.0),
        (60.0, 90.0),
    ]


def bullets(lead_in, *statements):
    return {"kind": "list", "lead_in": lead_in, "statements": list(statements)}


def test_a_list_has_its_lead_in_with_a_colon():
    (only,) = part(section("A", bullets(said("They are"), said("One"), said("Two.")))).sections
    (block,) = only.blocks
    assert isinstance(block, BulletList)
    assert block.lead_in.text == "They are:"
    assert block.lead_in.evidence == (Evidence(1, "Sentence number"),)
    assert [item.text for item in block.items] == ["One", "Two."]


def test_a_list_takes_the_statement_with_a_colon_before_it():
    found = part(section("A", paragraph(said("X."), said("They are:")), bullets(None, said("One"))))
    before, block = found.sections[0].blocks
    assert texts((before,)) == ["X."]
    assert block.lead_in.text == "They are:"
    alone = part(section("A", paragraph(said("They are:")), bullets(None, said("One"))))
    assert len(alone.sections[0].blocks) == 1


def test_a_lead_in_without_a_list_is_a_statement():
    found = part(section("A", bullets(said("They are:")), bullets(said("So:"), said("…"))))
    assert [type(block) for block in found.sections[0].blocks] == [Paragraph, Paragraph]
    assert texts(found.sections[0].blocks) == ["They are.", "So."]


def test_a_clause_goes_on_with_a_comma():
    found = part(section("A", paragraph(said("While it pulls"), said("the sea stays"))))
    assert texts(found.sections[0].blocks) == ["While it pulls,", "the sea stays."]


def test_statements_without_words_and_sections_without_statements_go():
    found = part(
        section("A", paragraph(said(""), said("…"), said("One."))),
        section("B", paragraph(said(" "))),
        section("C", subsections=[{"heading": "D", "blocks": []}]),
    )
    assert [each.heading for each in found.sections] == ["A"]
    assert texts(found.sections[0].blocks) == ["One."]


def test_headings_are_cleaned_and_never_empty():
    found = part(
        section("", paragraph(said("First."))),
        section("## [[moon | The *moon*]]:", paragraph(said("Second."))),
        section("***", paragraph(said("Third."))),
        section("word " * 60, paragraph(said("Fourth."))),
    )
    assert texts(found.lead) == ["First."]
    assert [each.heading for each in found.sections] == [
        "The moon",
        " ".join(["word"] * 20),
    ]
    assert texts(found.sections[0].blocks) == ["Second.", "Third."]


def test_subsections_follow_their_section():
    sub = {"heading": "B", "blocks": [paragraph(said("Two."))]}
    empty = {"heading": "C", "blocks": []}
    found = part(section("A", paragraph(said("One.")), subsections=[sub, empty]))
    assert [(each.heading, each.level) for each in found.sections] == [("A", 2), ("B", 3)]


def test_a_subsection_is_never_without_a_section():
    sub = {"heading": "B", "blocks": [paragraph(said("Two."))]}
    found = part(section("", subsections=[sub]))
    assert [(each.heading, each.level) for each in found.sections] == [("B", 2)]


def test_sections_over_seven_are_subsections_and_lose_nothing():
    found = part(*(section(f"S{n}", paragraph(said(f"Number {n}."))) for n in range(60)))
    assert [each.level for each in found.sections[:9]] == [2] * 7 + [3] * 2
    assert len(found.sections) <= 31
    assert len(texts([block for each in found.sections for block in each.blocks])) == 60


def test_evidence_of_any_line_is_passed_on_and_quotes_are_what_stands_together():
    given = [
        EvidenceReply(line=10**30, quote="12| words\nof it"),
        EvidenceReply(line=-1, quote="a few … many more words [...] end"),
        EvidenceReply(line=1, quote="…"),
        EvidenceReply(line=-1, quote="many more words"),
    ]
    assert evidence_of(given) == (Evidence(10**30, "words of it"), Evidence(-1, "many more words"))


def test_evidence_is_a_few_pieces_at_most():
    given = [EvidenceReply(line=n, quote=f"words number {n}") for n in range(9)]
    assert len(evidence_of(given)) == 4


def mentions(text, **given):
    return mentions_of(text, [MentionReply(words=w, concept=c) for w, c in given.items()])


def test_a_mention_is_where_its_words_first_stand_whole():
    assert mentions("A party of art and art.", art="Art") == (Mention(11, 14, "Art"),)
    assert mentions("The Moon pulls.", moon="Moon") == (Mention(4, 8, "Moon"),)
    assert mentions("月の重力が起こす。", 重力="重力") == (Mention(2, 4, "重力"),)


@pytest.mark.parametrize(("words", "concept"), [("sun", "Sun"), ("", "Moon"), ("moon", "…")])
def test_a_mention_that_names_nothing_is_dropped(words, concept):
    assert mentions("The moon pulls.", **{words: concept}) == ()


def test_of_overlapping_mentions_the_longest_stays():
    found = mentions("The peace talks began.", peace="Peace", **{"peace talks": "Peace talks"})
    assert found == (Mention(4, 15, "Peace talks"),)


def piece(*sections: Section, lead=()) -> Part:
    return Part(lead, sections)


BLOCK = Paragraph((Statement("One."),))
OTHER = Paragraph((Statement("Two."),))


def test_parts_are_joined_with_the_lead_of_the_first():
    one, two = Section("A", 2, (BLOCK,), 0, 10), Section("B", 2, (OTHER,), 10, 20)
    assert join([piece(one, lead=(BLOCK,)), piece(two, lead=(OTHER,))]) == Part(
        (BLOCK,), (one, two)
    )


def test_a_part_that_goes_on_under_the_same_heading_is_one_section():
    one, two = Section("A", 2, (BLOCK,), 0, 10), Section("a", 2, (OTHER,), 10, 20)
    assert join([piece(one), piece(two)]) == piece(Section("A", 2, (BLOCK, OTHER), 0, 20))


def test_a_later_part_without_sections_is_not_lost():
    one = Section("A", 2, (BLOCK,), 0, 10)
    assert join([piece(one), piece(lead=(OTHER,))]) == piece(Section("A", 2, (BLOCK, OTHER), 0, 10))


statement_fields = st.fixed_dictionaries(
    {
        "evidence": st.lists(
            st.fixed_dictionaries({"line": st.integers(), "quote": st.text()}), max_size=3
        ),
        "text": st.text(),
        "mentions": st.lists(
            st.fixed_dictionaries({"words": st.text(), "concept": st.text()}), max_size=2
        ),
    }
)
block_fields = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["paragraph", "list"]),
        "lead_in": st.none() | statement_fields,
        "statements": st.lists(statement_fields, max_size=3),
    }
)
section_fields = st.fixed_dictionaries(
    {
        "heading": st.text(),
        "blocks": st.lists(block_fields, max_size=2),
        "subsections": st.lists(
            st.fixed_dictionaries(
                {"heading": st.text(), "blocks": st.lists(block_fields, max_size=1)}
            ),
            max_size=2,
        ),
    }
)


@given(st.lists(block_fields, max_size=2), st.lists(section_fields, max_size=3))
def test_whatever_a_model_writes_a_draft_has_its_form(lead, sections):
    found = part(*sections, lead=lead)
    assert [each.level for each in found.sections][:1] in ([], [2])
    for each in found.sections:
        assert each.level in (2, 3)
        assert 0 < len(each.heading) <= 100
    for blocks in [found.lead, *(each.blocks for each in found.sections)]:
        for statement in statements_of(blocks):
            assert any(char.isalnum() for char in statement.text)
            for mention in statement.mentions:
                assert 0 <= mention.start < mention.end <= len(statement.text)
        for block in blocks:
            assert not isinstance(block, BulletList) or block.items
