"""Makes a draft of a model's reply: cleaned, in form, and with nothing in it that is not text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from generator.models import (
    Block,
    BulletList,
    Evidence,
    Line,
    Mention,
    Paragraph,
    Section,
    Statement,
    statements_of,
)
from generator.summarizer.folding import is_unspaced
from generator.summarizer.openai.phrasing import ended, leading_in, name, sentence
from generator.summarizer.openai.replies import (
    BlockReply,
    EvidenceReply,
    MentionReply,
    NoteReply,
    StatementReply,
)
from generator.text import clean

MAX_SECTIONS = 7
MAX_SUBSECTIONS = 12
MAX_EVIDENCE = 4
MAX_MENTIONS = 8

_NUMBERED = re.compile(r"^\s*\d+\s*\|\s*")
_GAP = re.compile(r"\s*(?:\.{3,}|…|\[\.\.\.\]|\(\.\.\.\))\s*")
_MAX_QUOTE = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """What was written from some of a topic's lines: the whole of a note, or a piece of it."""

    lead: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


def part_of(reply: NoteReply, lines: tuple[Line, ...]) -> Part:
    """A reply as blocks and sections; `lines` are the topic's.

    Sections over MAX_SECTIONS become subsections of the last one. What a section without a heading
    holds stands at the end of the one before it, or of the lead.
    """
    lead = list(_blocks(reply.lead))
    sections: list[Section] = []
    tops = 0
    for given in reply.sections:
        subsections = given.subsections[:MAX_SUBSECTIONS]
        pieces = [(2, given.heading, given.blocks)]
        pieces += [(3, each.heading, each.blocks) for each in subsections]
        whole = tuple(block for _, _, replies in pieces for block in _blocks(replies))
        if not whole:
            continue
        for level, text, replies in pieces:
            heading, blocks = name(text), _blocks(replies)
            if not heading or len(sections) >= MAX_SECTIONS + 2 * MAX_SUBSECTIONS:
                _append(blocks, sections, lead)
                continue
            if level == 2 and tops < MAX_SECTIONS:
                tops += 1
                sections.append(_section(heading, 2, blocks, whole, lines))
            elif blocks:
                sections.append(_section(heading, 3 if tops else 2, blocks, blocks, lines))
                tops = max(tops, 1)
    return Part(tuple(lead), tuple(sections))


def join(parts: Iterable[Part]) -> Part:
    """Parts of one note, in order: the lead of the first, the sections of all.

    A later part that has no sections adds what it says to the last section so far. Where a part
    goes on under the heading on which the one before ended, it is one section.
    """
    lead: list[Block] = []
    sections: list[Section] = []
    for index, part in enumerate(parts):
        if index == 0:
            lead.extend(part.lead)
        elif not part.sections:
            _append(part.lead, sections, lead)
        following = list(part.sections)
        if sections and following and _is_continued(sections[-1], following[0]):
            last, more = sections.pop(), following.pop(0)
            blocks = (*last.blocks, *more.blocks)
            span = (min(last.start, more.start), max(last.end, more.end))
            sections.append(replace(last, blocks=blocks, start=span[0], end=span[1]))
        sections.extend(following)
    return Part(tuple(lead), tuple(sections))


def evidence_of(replies: Iterable[EvidenceReply]) -> tuple[Evidence, ...]:
    """Evidence as given, any line number: whether it is there is for grounding to say.

    Of a quote, a line's number copied with it goes, and of one with words left out (`…`) the
    longest piece stays: what stands together is what can be found.
    """
    found = []
    for given in replies:
        quote = clean(_NUMBERED.sub("", given.quote[:_MAX_QUOTE]))
        quote = max(_GAP.split(quote), key=len)
        if quote:
            found.append(Evidence(given.line, quote))
    return tuple(dict.fromkeys(found))[:MAX_EVIDENCE]


def mentions_of(text: str, replies: Iterable[MentionReply]) -> tuple[Mention, ...]:
    """The mentions whose words stand in a text, at their first place; the longer of two that
    overlap."""
    found: list[Mention] = []
    for given in replies:
        words, concept = clean(given.words[:_MAX_QUOTE]), name(given.concept)
        place = _place(text, words) if words and concept else None
        if place is not None:
            found.append(Mention(place, place + len(words), concept))
    found.sort(key=lambda m: (m.start - m.end, m.start, m.concept))
    kept: list[Mention] = []
    for mention in found[: 4 * MAX_MENTIONS]:
        if all(mention.end <= k.start or k.end <= mention.start for k in kept):
            kept.append(mention)
    return tuple(sorted(kept[:MAX_MENTIONS], key=lambda m: m.start))


def _blocks(replies: Iterable[BlockReply]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for given in replies:
        statements = _statements(given.statements)
        lead_in = _statements((given.lead_in,) if given.lead_in else ())
        if given.kind == "paragraph" or len(statements) == 0:
            if lead_in or statements:
                blocks.append(Paragraph((*lead_in, *statements)))
            continue
        blocks.append(BulletList(statements, lead_in[0] if lead_in else _taken(blocks)))
    return tuple(_finished(block) for block in blocks)


def _taken(blocks: list[Block]) -> Statement | None:
    """The statement with a colon that the paragraph before a list ends with, out of it."""
    before = blocks[-1] if blocks else None
    if not isinstance(before, Paragraph) or before.statements[-1].text[-1] not in ":：":
        return None
    blocks.pop()
    if len(before.statements) > 1:
        blocks.append(Paragraph(before.statements[:-1]))
    return before.statements[-1]


def _finished(block: Block) -> Block:
    if isinstance(block, BulletList):
        lead_in = block.lead_in
        if lead_in:
            lead_in = replace(lead_in, text=leading_in(lead_in.text))
        return replace(block, lead_in=lead_in)
    texts = [statement.text for statement in block.statements]
    following = [*texts[1:], ""]
    return Paragraph(
        tuple(
            replace(statement, text=ended(statement.text, after))
            for statement, after in zip(block.statements, following, strict=True)
        )
    )


def _statements(replies: Iterable[StatementReply]) -> tuple[Statement, ...]:
    found = []
    for given in replies:
        evidence = evidence_of(given.evidence)
        text = sentence(given.text, {each.line for each in evidence})
        if text:
            mentions = mentions_of(text, given.mentions)
            found.append(Statement(text, evidence, mentions=mentions, markup=True))
    return tuple(found)


def _section(
    heading: str,
    level: int,
    blocks: tuple[Block, ...],
    whole: tuple[Block, ...],
    lines: tuple[Line, ...],
) -> Section:
    """A section from the first to the last of the topic's lines that the evidence in it names.

    `whole` are its blocks and those of its subsections.
    """
    named = {each.line for statement in statements_of(whole) for each in statement.evidence}
    treated = [line for line in lines if line.number in named] or lines
    start = min((line.start for line in treated), default=0.0)
    return Section(heading, level, blocks, start, max((line.end for line in treated), default=0.0))


def _append(blocks: tuple[Block, ...], sections: list[Section], lead: list[Block]) -> None:
    if sections:
        sections[-1] = replace(sections[-1], blocks=(*sections[-1].blocks, *blocks))
    else:
        lead.extend(blocks)


def _is_continued(last: Section, following: Section) -> bool:
    return (last.level, last.heading.casefold()) == (following.level, following.heading.casefold())


def _place(text: str, words: str) -> int | None:
    """Where whole words first stand in a text, in their own case if they do, else in any."""
    for there, sought in ((text, words), (text.lower(), words.lower())):
        if len(there) != len(text) or len(sought) != len(words):
            return None
        at = there.find(sought)
        while at >= 0:
            if _is_whole(text, at, at + len(words)):
                return at
            at = there.find(sought, at + 1)
    return None


def _is_whole(text: str, start: int, end: int) -> bool:
    def parts(at: int) -> bool:
        if at in (0, len(text)):
            return True
        before, after = text[at - 1], text[at]
        inside = before.isalnum() and after.isalnum()
        return not inside or is_unspaced(before) or is_unspaced(after)

    return parts(start) and parts(end)
