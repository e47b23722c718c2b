"""One video's notes: outline, write, ground, repair, verify; all for which an engine is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generator.errors import EmptyTranscript, MostLost, NothingToWrite
from generator.models import Draft, Fetched, Line, Note, Topic, statements_in
from generator.summarizer.doubts import Doubt, doubts_of
from generator.summarizer.engine import Engine
from generator.summarizer.grounding import Dropped, Grounded, Grounding
from generator.summarizer.lines import make_lines
from generator.summarizer.openai.chunks import together
from generator.summarizer.quotations import share_language, without_false_quotations
from generator.summarizer.shaping import reshape

NOT_NAMED = ""
"""The slug of a note that has not got one yet."""


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note of which every statement is cited, and what to know of how it came about.

    `repaired` counts the statements whose evidence was found only when asked for again.
    """

    note: Note
    dropped: tuple[Dropped, ...]
    repaired: int
    doubts: tuple[Doubt, ...]


async def write_notes(
    fetched: Fetched,
    engine: Engine,
    *,
    language: str | None = None,
    verify: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> list[WrittenNote]:
    """The notes of a video, not yet named.

    `language` is the one that the engine writes in, None for the talk's own. With `verify`, what
    its lines do not support is dropped. `tell` is called with what is left out, and why.

    Raises EngineError and EmptyTranscript; NothingToWrite where no statement can be cited, and
    MostLost where more than half of a note's cannot.
    """
    video, transcript = fetched.video, fetched.transcript
    if not transcript.cues:
        raise EmptyTranscript(video.id)
    lines = make_lines(transcript)
    writing = _Writing(fetched, engine, lines, language, verify=verify, tell=tell)
    topics = await engine.outline(video, transcript, lines)
    notes = await together(writing.note(topic) for topic in topics)
    kept = [written for written in notes if statements_in(written.note)]
    if not kept:
        raise NothingToWrite(video.id, "no statement's words were found in its transcript")
    return kept


class _Writing:
    """What the notes of one video share."""

    def __init__(
        self,
        fetched: Fetched,
        engine: Engine,
        lines: tuple[Line, ...],
        language: str | None,
        *,
        verify: bool,
        tell: Callable[[str], None],
    ) -> None:
        self._video = fetched.video
        self._transcript = fetched.transcript
        self._engine = engine
        self._lines = lines
        self._verify = verify
        self._tell = tell
        spoken = fetched.transcript.language
        self._written_in = spoken if language is None else language
        self._same_language = share_language(self._written_in, spoken)
        self._grounding = Grounding(fetched.transcript, lines, fetched.video.duration)

    async def note(self, topic: Topic) -> WrittenNote:
        """One note, from its topic to what can be cited."""
        draft = await self._engine.write(self._video, self._transcript, self._lines, topic)
        grounded = self._ground(draft)
        lost = len(grounded.dropped)
        if lost:
            grounded = self._ground(await self._repaired(draft, grounded))
        repaired = lost - len(grounded.dropped)
        if self._verify:
            grounded = await self._verified(grounded)
        for dropped in grounded.dropped:
            self._tell(f"left out, {dropped.reason}: {dropped.statement.text}")
        said = len(statements_in(grounded.note))
        if len(grounded.dropped) > said:
            raise MostLost(self._video.id, draft.title, len(grounded.dropped), said)
        note = self._with_true_quotations(grounded.note)
        return WrittenNote(note, grounded.dropped, repaired, self._doubts(note))

    def _ground(self, draft: Draft) -> Grounded:
        return self._grounding.ground(draft, self._video, NOT_NAMED)

    async def _repaired(self, draft: Draft, grounded: Grounded) -> Draft:
        """The draft with other evidence where an engine has it; asked for once."""
        lost = tuple(dropped.statement for dropped in grounded.dropped)
        found = await self._engine.repair(self._video, self._lines, lost)
        better = {old: new for old, new in zip(lost, found, strict=True) if new is not None}
        return reshape(draft, lambda said: better.get(said, said))

    async def _verified(self, grounded: Grounded) -> Grounded:
        """Without the statements of which an engine says that their lines do not support them."""
        statements = tuple(statements_in(grounded.note))
        supported = await self._engine.verify(self._video, self._lines, statements)
        refused = [said for said, holds in zip(statements, supported, strict=True) if not holds]
        note = reshape(grounded.note, lambda said: None if said in refused else said)
        dropped = (Dropped(said, "its lines do not support it") for said in refused)
        return Grounded(note, (*grounded.dropped, *dropped))

    def _with_true_quotations(self, note: Note) -> Note:
        """Where talk and note share a language, quotation marks stand around what was said."""
        if not self._same_language:
            return note
        return reshape(
            note, lambda said: without_false_quotations(said, self._transcript, self._lines)
        )

    def _doubts(self, note: Note) -> tuple[Doubt, ...]:
        """Numbers and names that nobody says near the evidence, nor the metadata has."""
        video = self._video
        allowed = (video.title, video.channel, video.description, *map(str, (video.published,)))
        return tuple(
            doubt
            for statement in statements_in(note)
            for doubt in doubts_of(
                statement, self._transcript, self._lines, allowed, self._written_in
            )
        )
