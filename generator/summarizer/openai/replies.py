"""What a model's replies look like: the pydantic models whose JSON schema a request carries.

The schemas are strict (every field required, no others), which keeps servers that enforce them to
the form. What a lesser server leaves out or adds is mended where that is safe: a missing list is
empty, an unknown key is passed over. Values are judged where they are used, not here.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


def _strict(schema: dict[str, Any]) -> None:
    """All fields required and no others; without titles and defaults, which only cost tokens."""
    schema.pop("title", None)
    schema.pop("description", None)
    properties = schema.get("properties", {})
    for field in properties.values():
        field.pop("title", None)
        field.pop("default", None)
    schema["required"] = list(properties)
    schema["additionalProperties"] = False


class Reply(BaseModel):
    """A reply, or a part of one."""

    model_config = ConfigDict(json_schema_extra=_strict, frozen=True)


class RangeReply(Reply):
    """The lines `first` to `last`, both included."""

    first: int
    last: int


class TopicReply(Reply):
    """A topic of a transcript, and where it is treated."""

    title: str
    aliases: tuple[str, ...] = ()
    ranges: tuple[RangeReply, ...] = ()


class OutlineReply(Reply):
    """The reply to `outline.md`."""

    topics: tuple[TopicReply, ...]


class MergedReply(Reply):
    """A topic made of several; `parts` are their numbers as the request shows them, from 1."""

    title: str
    aliases: tuple[str, ...] = ()
    parts: tuple[int, ...] = ()


class MergeReply(Reply):
    """The reply to `merge.md`."""

    topics: tuple[MergedReply, ...]


class EvidenceReply(Reply):
    """A line's number and words copied from it."""

    line: int
    quote: str


class MentionReply(Reply):
    """Words of a statement, and the title of the article that a wiki would have on them."""

    words: str
    concept: str


class StatementReply(Reply):
    """A statement. Its evidence comes first: a model that has just copied it keeps closer to it."""

    evidence: tuple[EvidenceReply, ...] = ()
    text: str
    mentions: tuple[MentionReply, ...] = ()


class BlockReply(Reply):
    """A paragraph, whose `lead_in` is null, or a list with the statement that leads into it."""

    kind: Literal["paragraph", "list"] = "paragraph"
    lead_in: StatementReply | None = None
    statements: tuple[StatementReply, ...] = ()


class SubsectionReply(Reply):
    """A heading of level 3 and what stands under it."""

    heading: str
    blocks: tuple[BlockReply, ...] = ()


class SectionReply(Reply):
    """A heading of level 2, what stands under it, and its subsections."""

    heading: str
    blocks: tuple[BlockReply, ...] = ()
    subsections: tuple[SubsectionReply, ...] = ()


class NoteReply(Reply):
    """The reply to `note.md`."""

    lead: tuple[BlockReply, ...] = ()
    sections: tuple[SectionReply, ...]


class RepairedReply(Reply):
    """Other evidence for the statement of that number; none, if no line says it."""

    statement: int
    evidence: tuple[EvidenceReply, ...] = ()


class RepairReply(Reply):
    """The reply to `repair.md`."""

    statements: tuple[RepairedReply, ...]


class VerdictReply(Reply):
    """Whether its lines support the statement of that number."""

    statement: int
    supported: bool


class VerifyReply(Reply):
    """The reply to `verify.md`."""

    verdicts: tuple[VerdictReply, ...]
