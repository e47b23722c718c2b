"""What an engine is: the only part of the program that chooses what a note says."""

from __future__ import annotations

from typing import Protocol

from generator.models import Draft, Line, Statement, Topic, Transcript, Video


class Engine(Protocol):
    """Writes notes from a transcript. It sees one video and nothing of the vault."""

    @property
    def name(self) -> str:
        """The word that `--engine` knows it by."""
        ...

    async def outline(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...]
    ) -> tuple[Topic, ...]:
        """The topics of a transcript, one note each, in the order they are first treated.

        Raises EmptyTranscript where there are no words, and EngineError.
        """
        ...

    async def write(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...], topic: Topic
    ) -> Draft:
        """A draft on one topic; every statement in it has evidence. Raises EngineError."""
        ...

    async def repair(
        self, video: Video, lines: tuple[Line, ...], statements: tuple[Statement, ...]
    ) -> tuple[Statement | None, ...]:
        """Statements whose evidence is not found, in the same order with other evidence, or None.

        Asked once a note. Raises EngineError.
        """
        ...

    async def verify(
        self, video: Video, lines: tuple[Line, ...], statements: tuple[Statement, ...]
    ) -> tuple[bool, ...]:
        """Which statements the lines that they cite support, in the same order.

        Raises EngineError.
        """
        ...
