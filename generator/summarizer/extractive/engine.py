"""The built-in engine: writes a note out of a talk's own sentences, with no model and no key."""

from __future__ import annotations

import re
from functools import lru_cache

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
from generator.summarizer.extractive.headings import Headings, opening_words
from generator.summarizer.extractive.quoting import Quoting
from generator.summarizer.extractive.ranking import Ranking
from generator.summarizer.extractive.segmentation import KEPT, Model, boundaries
from generator.summarizer.extractive.sentences import Sentence, Speech
from generator.summarizer.extractive.terms import Terms
from generator.summarizer.extractive.titles import aliases_of


class ExtractiveEngine:
    """One note a video: a lead, and the statements that carry each section."""

    name = "extractive"

    def __init__(self, model: Model = KEPT) -> None:
        """`model` divides a talk that has no chapters."""
        self._model = model

    def outline(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...]
    ) -> tuple[Topic, ...]:
        """The one topic: the whole video, under its own title.

        Raises EmptyTranscript where there are no words.
        """
        if not lines or not _speech(transcript).has_words:
            raise EmptyTranscript(_named(video))
        numbers = tuple(line.number for line in lines)
        return (Topic(video.title, aliases_of(video.title, transcript.language), numbers),)

    def write(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...], topic: Topic
    ) -> Draft:
        """The note on a whole video: sections by its author's chapters, else by its own turns.

        Every statement is a sentence of the talk, once, with the words it begins with as evidence;
        a section's start is that of the cue in which it begins. Raises EmptyTranscript.
        """
        speech = _speech(transcript)
        if not lines or not speech.has_words:
            raise EmptyTranscript(_named(video))
        return _Writing(video, speech, lines, topic, self._model).draft()


@lru_cache(maxsize=1)
def _speech(transcript: Transcript) -> Speech:
    """Kept from the outline to the writing of the same transcript."""
    return Speech(transcript)


def _named(video: Video) -> str:
    return f"video {video.id}" if video.id else "this video"


class _Writing:
    def __init__(
        self, video: Video, speech: Speech, lines: tuple[Line, ...], topic: Topic, model: Model
    ) -> None:
        self._topic = topic
        self._model = model
        self._speech = speech
        self._sentences = speech.sentences
        self._chapters = video.chapters
        self._terms = Terms(speech.sentences, speech.language)
        self._ranking = Ranking(speech.sentences, self._terms, topic.title)
        self._quoting = Quoting(speech, lines)

    def draft(self) -> Draft:
        seconds = self._sentences[-1].end - self._sentences[0].start
        count = 1 if seconds < 180 or len(self._sentences) < 8 else 2 if seconds < 480 else 3
        sections: tuple[Section, ...] = ()
        if len(self._sentences) > 3:
            lead = self._ranking.lead(count)
            sections = self._sections(self._spans(), lead)
        else:
            lead = self._ranking.lead(3)
        return Draft(
            title=self._topic.title,
            aliases=self._topic.aliases,
            lead=(Paragraph(tuple(self._statement(i) for i in lead)),),
            sections=sections,
        )

    def _spans(self) -> list[Span]:
        spans = chapter_spans(self._chapters, self._sentences)
        if spans is None:
            found = boundaries(self._sentences, self._terms, self._model)
            spans = [Span(first, "") for first in [0, *found]]
        return spans

    def _sections(self, spans: list[Span], lead: list[int]) -> tuple[Section, ...]:
        headings = self._headings(spans)
        stops = [*(span.first for span in spans[1:]), len(self._sentences)]
        sections = []
        said = frozenset(lead)
        for span, stop, heading in zip(spans, stops, headings, strict=True):
            chosen = self._carrying(span.first, stop, said)
            said = said.union(chosen)
            sections.append(
                Section(
                    heading=heading,
                    level=2,
                    blocks=self._paragraphs(chosen),
                    start=self._start(span.first),
                    end=self._start(stop),
                )
            )
        return tuple(sections)

    def _start(self, sentence: int) -> float:
        if sentence == len(self._sentences):
            return max(cue.end for cue in self._speech.cues)
        return self._speech.cues[self._sentences[sentence].first].start

    def _carrying(self, start: int, stop: int, said: frozenset[int]) -> list[int]:
        seconds = self._sentences[stop - 1].end - self._sentences[start].start
        count = min(7, max(3, round(seconds / 45)), max(1, (stop - start + 1) // 2))
        chosen = self._ranking.carrying(start, stop, count, said)
        # What was said already is said again only where nothing else would be.
        return chosen or self._ranking.carrying(start, stop, count, frozenset())

    def _headings(self, spans: list[Span]) -> list[str]:
        title = self._topic.title.casefold()
        given = [span.title.casefold() for span in spans]
        alike = [not name or name == title or given.count(name) > 1 for name in given]
        if not any(alike):
            return [span.title for span in spans]
        phrases = Headings(self._sentences, self._terms, [span.first for span in spans])
        taken = {title, *given}
        headings = []
        for index, span in enumerate(spans):
            heading = span.title
            if alike[index]:
                own = phrases.name(index, taken) or _numbered(
                    opening_words(self._sentences[span.first].text), taken
                )
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
        sentence = self._sentences[index]
        return Statement(_finished(sentence), (self._quoting.evidence(sentence),))


_OPENING = re.compile(r"^[\s\"'“‘«„(\[¿¡]*")


def _finished(sentence: Sentence) -> str:
    """The sentence with a capital first and a stop last."""
    text = sentence.text
    at = len(_OPENING.match(text)[0])  # type: ignore[index]
    text = text[:at] + text[at : at + 1].upper() + text[at + 1 :]
    if sentence.ended:
        return text
    wide = any("\u3040" <= char <= "\u9fff" for char in text[-3:])
    return text.rstrip(" ,;:-–—、，；：") + ("。" if wide else ".")


def _numbered(text: str, taken: set[str]) -> str:
    number, name = 1, text
    while name.casefold() in taken:
        number += 1
        name = f"{text} ({number})"
    return name
