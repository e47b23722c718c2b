"""The model engine: notes written by any OpenAI-compatible server, in pieces that it can take."""

from __future__ import annotations

import bisect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from generator.errors import CompletionTooLong, EmptyTranscript
from generator.models import Draft, Evidence, Line, Statement, Topic, Transcript, Video
from generator.summarizer.openai.asking import Asking, Asks, Options, tokens_of
from generator.summarizer.openai.chunks import chunks, halves, in_pieces, together
from generator.summarizer.openai.drafts import MAX_SECTIONS, Part, evidence_of, join, part_of
from generator.summarizer.openai.likeliest import Likeliest
from generator.summarizer.openai.phrasing import name
from generator.summarizer.openai.topics import (
    first_named,
    join_copies,
    joined_by,
    largest,
    topic_count,
    topics_of,
    without_overlap,
)

if TYPE_CHECKING:
    from generator.summarizer.openai.prompts import Prompts

OPENING_TOKENS = 3_000
"""So much of a talk is shown to name the one note on all of it."""

LINES_A_SECTION = 8
"""A note has at most one section for so many lines, but may always have two."""

_Result = TypeVar("_Result")


class OpenAIEngine:
    """Writes notes with a model. A request holds one video's words and nothing of the vault."""

    name = "openai"

    def __init__(self, completions: Asks, prompts: Prompts, options: Options | None = None) -> None:
        self._completions = completions
        self._prompts = prompts
        self._options = options or Options()

    async def outline(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...]
    ) -> tuple[Topic, ...]:
        """The topics of a talk, one note each, in the order in which they are first treated.

        No line belongs to two of them, and no two have one title. A talk longer than the context is
        read in parts. Raises EmptyTranscript, CompletionTooLong where no part is small enough, and
        what else a request raises.
        """
        if not any(char.isalnum() for line in lines for char in line.text):
            raise EmptyTranscript(f"video {video.id}")
        asking = self._asking(video, transcript.language)
        count = topic_count(lines, self._options.topics)
        if count == 1:
            return (await self._whole(asking, video, lines),)

        async def outlined(part: tuple[Line, ...]) -> tuple[Topic, ...]:
            excerpt = len(part) < len(lines)
            wanted = max(2, topic_count(part, count)) if excerpt else count
            return topics_of(await asking.outline(part, wanted, excerpt=excerpt), part)

        found = await in_pieces(outlined, chunks(lines, asking.room("outline"), tokens_of))
        topics = join_copies(topic for each in found for topic in each)
        if len(topics) > count and len(found) > 1:
            topics = join_copies(await self._merge(asking, topics, count))
        return without_overlap(largest(topics, count)) or (_untitled(video, lines),)

    async def write(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...], topic: Topic
    ) -> Draft:
        """A draft on one topic, from its lines and a margin; a long topic is written in parts.

        Statements have the evidence that the model gave, right or wrong. Raises CompletionTooLong
        where no part is small enough, and what else a request raises.
        """
        numbers = set(topic.lines)
        own = tuple(line for line in lines if line.number in numbers)
        asking = self._asking(video, transcript.language)

        async def written(part: tuple[Line, ...]) -> Part:
            first = part[0].number == own[0].number
            most = max(2, min(MAX_SECTIONS * len(part) // len(own), len(part) // LINES_A_SECTION))
            sections = (2 if first else 1, most)
            return part_of(await asking.note(lines, part, topic, sections, first=first), part)

        whole = join(await in_pieces(written, chunks(own, asking.room("note"), tokens_of)))
        return Draft(topic.title, topic.aliases, whole.lead, whole.sections)

    async def repair(
        self, video: Video, lines: tuple[Line, ...], statements: tuple[Statement, ...]
    ) -> tuple[Statement | None, ...]:
        """Each statement with other evidence, or None where the model has none, in their order.

        One request; more only where it does not fit. `lines` are all of the video's. Raises what a
        request raises.
        """
        likeliest = Likeliest(lines)
        near = {index: likeliest.of(each) for index, each in enumerate(statements)}
        asking = self._asking(video)

        async def repaired(chosen: tuple[int, ...]) -> dict[int, tuple[Evidence, ...]]:
            reply = await asking.repair(lines, [(statements[i], near[i]) for i in chosen])
            found: dict[int, tuple[Evidence, ...]] = {}
            for each in reply.statements:
                evidence = evidence_of(each.evidence)
                if 1 <= each.statement <= len(chosen) and evidence:
                    found.setdefault(chosen[each.statement - 1], evidence)
            return found

        some = tuple(index for index, numbers in near.items() if numbers)
        evidence: dict[int, tuple[Evidence, ...]] = {}
        for found in await _as_far_as_it_fits(repaired, some):
            evidence.update(found)
        return tuple(
            replace(each, evidence=evidence[index], citations=()) if index in evidence else None
            for index, each in enumerate(statements)
        )

    async def verify(
        self, video: Video, lines: tuple[Line, ...], statements: tuple[Statement, ...]
    ) -> tuple[bool, ...]:
        """Whether its lines support each statement, in their order; what is not judged, passes.

        A statement's lines are those that hold its citations, else those that its evidence names.
        One request; more only where it does not fit. Raises what a request raises.
        """
        cited = {index: _lines_of(each, lines) for index, each in enumerate(statements)}
        asking = self._asking(video)

        async def refused(chosen: tuple[int, ...]) -> set[int]:
            reply = await asking.verify(lines, [(statements[i], cited[i]) for i in chosen])
            return {
                chosen[each.statement - 1]
                for each in reply.verdicts
                if 1 <= each.statement <= len(chosen) and not each.supported
            }

        some = tuple(index for index, numbers in cited.items() if numbers)
        unsupported = set().union(*await _as_far_as_it_fits(refused, some))
        return tuple(index not in unsupported for index in range(len(statements)))

    def _asking(self, video: Video, spoken: str = "und") -> Asking:
        return Asking(self._completions, self._prompts, self._options, video, spoken)

    async def _whole(self, asking: Asking, video: Video, lines: tuple[Line, ...]) -> Topic:
        """All lines as one topic, named from what is known of the video and how it begins.

        Where the model finds no name, the video's title is it.
        """
        topic = _untitled(video, lines)
        room = min(OPENING_TOKENS, asking.room("outline"))
        opening = chunks(lines, room, tokens_of)[0]
        while opening:
            try:
                reply = await asking.outline(opening, 1, excerpt=len(opening) < len(lines))
            except CompletionTooLong:
                opening = halves(opening)[0]
                continue
            title, aliases = first_named(reply)
            return replace(topic, title=title, aliases=aliases) if title else topic
        return topic

    async def _merge(
        self, asking: Asking, topics: tuple[Topic, ...], count: int
    ) -> tuple[Topic, ...]:
        """At most `count` topics made of many; what is too long a list is joined half by half."""
        try:
            reply = await asking.merge(topics, count)
        except CompletionTooLong:
            if len(topics) <= 2 * count:
                return largest(topics, count)
        else:
            return largest(joined_by(reply, topics) or topics, count)
        found = await together(self._merge(asking, half, count) for half in halves(topics))
        return await self._merge(asking, tuple(topic for each in found for topic in each), count)


def _untitled(video: Video, lines: tuple[Line, ...]) -> Topic:
    """The whole video under its own title."""
    return Topic(name(video.title) or video.id, (), tuple(line.number for line in lines))


def _lines_of(statement: Statement, lines: tuple[Line, ...]) -> tuple[int, ...]:
    """The numbers of the lines that hold a statement's citations, else of those it names."""
    if not statement.citations:
        named = {evidence.line for evidence in statement.evidence}
        return tuple(line.number for line in lines if line.number in named)
    firsts = [line.first for line in lines]
    places = {bisect.bisect_right(firsts, each.cue) - 1 for each in statement.citations}
    return tuple(lines[place].number for place in sorted(places) if place >= 0)


async def _as_far_as_it_fits(
    work: Callable[[tuple[int, ...]], Awaitable[_Result]], chosen: tuple[int, ...]
) -> list[_Result]:
    """What `work` makes of all that is chosen, or of its halves; nothing of what never fits."""
    if not chosen:
        return []

    async def fitting(part: tuple[int, ...]) -> list[_Result]:
        try:
            return [await work(part)]
        except CompletionTooLong:
            if len(part) > 1:
                raise
            return []

    try:
        return [result for each in await in_pieces(fitting, (chosen,)) for result in each]
    except CompletionTooLong:
        return []
