"""What is known of a note's video, looked up only as far as it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from generator.checker.evidence import Evidence
from generator.models import Transcript


@dataclass(frozen=True, slots=True)
class Spoken:
    """A video's words and, where it is known, its length in seconds."""

    transcript: Transcript
    duration: float | None = None


def nothing() -> None:
    """Where no transcript is."""
    return


@dataclass(frozen=True)
class Heard:
    """A note's evidence, and its video's length and transcript, which `find` finds."""

    evidence: Evidence | None = None
    length: float | None = None
    find: Callable[[], Spoken | None] = nothing

    @cached_property
    def _spoken(self) -> Spoken | None:
        return self.find()

    @property
    def transcript(self) -> Transcript | None:
        """The video's words, None where there are none."""
        return self._spoken.transcript if self._spoken else None

    @property
    def duration(self) -> float | None:
        """The video's length in seconds, None where it is not known."""
        if self.length is not None:
            return self.length
        return self._spoken.duration if self._spoken else None

    @property
    def tells(self) -> bool:
        """Whether anything is known of what is said when."""
        return self.evidence is not None or self.transcript is not None

    @property
    def end(self) -> float | None:
        """The second at which the video ends, as far as is known."""
        if self.duration is not None:
            return self.duration
        return self.transcript.end if self.transcript else None
