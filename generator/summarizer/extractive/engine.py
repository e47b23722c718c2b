"""The built-in engine: writes a note out of a talk's own sentences, with no model and no key."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from generator.errors import EmptyTranscript
from generator.models import (
    Block,
    Draft,
    Line,
    Paragraph,
    Section,
    Statement,
    Topic,
    Transcript,
    Video,
)
from generator.summarizer.extractive.chapters import Span, chapter_spans
from generator.summarizer.extractive.display import Display
from generator.summarizer.extractive.headings import Headings, opening_words
from generator.summarizer.extractive.learned import Models, learned
from generator.summarizer.extractive.quoting import Quoting
from generator.summarizer.extractive.sections import boundaries
from generator.summarizer.extractive.sentences import find_sentences
from generator.summarizer.extractive.speech import Speech
from generator.summarizer.extractive.statements import Choice, statement_count
from generator.summarizer.extractive.terms import Terms
from generator.summarizer.extractive.titles import aliases_of

LEAD_ONLY = 3
"""A talk of so few sentences has a lead and no sections."""


class ExtractiveEngine:
    """One note a video: a lead, and the statements that carry each section."""

    name = "extractive"

    def __init__(self, models: Models | None = None) -> None:
        """`models` are what the engine has learned; by default what the package keeps."""
        self._models = models

    def outline(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...]
    ) -> tuple[Topic, ...]:
        """Give the one topic: the whole video, under its own title.

        Raises EmptyTranscript if there are no words.
        """
        if not lines or not _speech(transcript).has_words:
            raise EmptyTranscript(_named(video))
        numbers = tuple(line.number for line in lines)
        return (Topic(video.title, aliases_of(video.title, transcript.language), numbers),)

    def write(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...], topic: Topic
    ) -> Draft:
        """Write the note on a whole video, in sections.

        These are the author's chapters, or else begin where the talk turns to something else. Every
        statement is a sentence of the talk, used once, and its evidence is the words it begins
        with. A section starts when its first word is said. Raises EmptyTranscript.
        """
        speech = _speech(transcript)
        if not lines or not speech.has_words:
            raise EmptyTranscript(_named(video))
        return _Writing(video, speech, lines, topic, self._models or learned()).draft()


@lru_cache(maxsize=1)
def _speech(transcript: Transcript) -> Speech:
    """Kept from the outline to the writing of the same transcript."""
    return Speech(transcript)


def _named(video: Video) -> str:
    return f"video {video.id}" if video.id else "this video"


class _Writing:
    def __init__(
        self,
        video: Video,
        speech: Speech,
        lines: tuple[Line, ...],
        topic: Topic,
        models: Models,
    ) -> None:
        self._topic = topic
        self._speech = speech
        self._models = models
        self._sentences = find_sentences(speech, models.pauses)
        self._chapters = video.chapters
        self._terms = Terms(self._sentences, speech.language)
        self._choice = Choice(self._sentences, self._terms, topic.title, models.statements)
        self._display = Display(speech, video)
        self._quoting = Quoting(speech, lines)

    def draft(self) -> Draft:
        count = len(self._sentences)
        seconds = self._sentences[-1].end - self._sentences[0].start
        sections: tuple[Section, ...] = ()
        if count <= LEAD_ONLY:
            lead = list(range(count))
        else:
            lead = self._choice.lead(1 if seconds < 180 or count < 8 else 2 if seconds < 480 else 3)
            sections = self._sections(self._spans(), statement_count(seconds, count))
        return Draft(
            title=self._topic.title,
            aliases=self._topic.aliases,
            lead=(Paragraph(tuple(self._statement(i) for i in lead)),),
            sections=sections,
        )

    def _spans(self) -> list[Span]:
        spans = chapter_spans(self._chapters, self._sentences)
        if spans is None:
            found = boundaries(self._sentences, self._terms, self._models.sections)
            # A section in which no sentence is sure has nothing to show: it joins the one before.
            bounds = pairwise([*found, len(self._sentences)])
            kept = [first for first, stop in bounds if self._choice.is_sure(first, stop)]
            spans = [Span(first, "") for first in [0, *kept]]
        return spans

    def _sections(self, spans: list[Span], total: int) -> tuple[Section, ...]:
        firsts = [span.first for span in spans]
        chosen = self._choice.sections(firsts, total)
        starts = [self._sentences[first].start for first in firsts]
        end = max(cue.end for cue in self._speech.cues)
        return tuple(
            Section(heading, 2, self._paragraphs(statements), start, stop)
            for heading, statements, start, stop in zip(
                self._headings(spans), chosen, starts, [*starts[1:], end], strict=True
            )
        )

    def _headings(self, spans: list[Span]) -> list[str]:
        """The chapters' titles; for those without one of their own, what the section is about."""
        title = self._topic.title.casefold()
        given = [span.title.casefold() for span in spans]
        alike = [not name or name == title or given.count(name) > 1 for name in given]
        if not any(alike):
            return [span.title for span in spans]
        phrases = Headings(
            self._sentences,
            self._terms,
            [span.first for span in spans],
            self._topic.title,
            self._display.phrase,
            self._models.headings,
        )
        taken = {title, *given}
        headings = []
        for index, span in enumerate(spans):
            heading = span.title
            if alike[index]:
                opening = opening_words(self._display.phrase(self._sentences[span.first].text))
                own = phrases.name(index, taken) or _numbered(opening, taken)
                taken.add(own.casefold())
                heading = f"{heading}: {own}" if heading else own
            headings.append(heading)
        return headings

    def _paragraphs(self, chosen: list[int]) -> tuple[Block, ...]:
        """One paragraph, or two that part where most time passes between statements."""
        statements = [self._statement(index) for index in chosen]
        if len(chosen) < 5:
            return (Paragraph(tuple(statements)),) if statements else ()
        starts = [self._sentences[index].start for index in chosen]
        cut = max(range(2, len(chosen) - 1), key=lambda i: starts[i] - starts[i - 1])
        return (Paragraph(tuple(statements[:cut])), Paragraph(tuple(statements[cut:])))

    def _statement(self, index: int) -> Statement:
        text, shown = self._display.statement(self._choice.statement(index))
        return Statement(text, (self._quoting.evidence(shown),))


def _numbered(text: str, taken: set[str]) -> str:
    number, name = 1, text
    while name.casefold() in taken:
        number += 1
        name = f"{text} ({number})"
    return name
