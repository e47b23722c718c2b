"""Statements of a draft or a note changed or taken out, and what is left put in shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from generator.models import Block, BulletList, Draft, Note, Paragraph, Section, Statement

Change = Callable[[Statement], Statement | None]

_Shaped = TypeVar("_Shaped", Draft, Note)


def reshape(
    note: _Shaped, change: Change, orphaned: Callable[[Statement], None] = lambda _: None
) -> _Shaped:
    """The note with every statement as `change` gives it; those for which it gives None go.

    A paragraph, a list or a section that has no statement left goes too, but for a section that
    still has subsections; a subsection that then comes first becomes a section. A list whose
    lead-in goes keeps its items; `orphaned` is told of a lead-in that goes with its list.
    """
    sections = [
        replace(section, blocks=_blocks(section.blocks, change, orphaned))
        for section in note.sections
    ]
    lead = _blocks(note.lead, change, orphaned)
    return replace(note, lead=lead, sections=_without_empty(sections))


def _blocks(
    blocks: tuple[Block, ...], change: Change, orphaned: Callable[[Statement], None]
) -> tuple[Block, ...]:
    kept: list[Block] = []
    for block in blocks:
        said = block.statements if isinstance(block, Paragraph) else block.items
        changed = tuple(new for old in said if (new := change(old)) is not None)
        if isinstance(block, Paragraph):
            kept += [Paragraph(changed)] if changed else []
        elif changed:
            kept.append(BulletList(changed, change(block.lead_in) if block.lead_in else None))
        elif block.lead_in:
            orphaned(block.lead_in)
    return tuple(kept)


def _without_empty(sections: list[Section]) -> tuple[Section, ...]:
    """The sections that say something; one whose subsections do stays as their heading."""
    kept: list[Section] = []
    for index, section in enumerate(sections):
        following = sections[index + 1 :]
        subsections = following[: next((i for i, s in enumerate(following) if s.level == 2), None)]
        if section.blocks or (section.level == 2 and any(s.blocks for s in subsections)):
            kept.append(section if kept else replace(section, level=2))
    return tuple(kept)
