"""How much would be asked of a model on one video, as far as that can be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from generator.models import Transcript, Video
from generator.planning.amounts import NOTHING, Asked, ByPrompt, Range, added
from generator.summarizer.lines import make_lines
from generator.summarizer.openai.asking import Options
from generator.summarizer.openai.bounds import Bound, Bounds, Size, size_by_time, size_of
from generator.summarizer.openai.prompts import Prompts

if TYPE_CHECKING:
    from generator.settings import Settings
    from generator.summarizer.completions.collecting import MissingCall


class AskedFor:
    """How much is asked on a video, as far as that can be told."""

    def __init__(self, settings: Settings) -> None:
        self._verify = settings.verify
        self._options = Options(
            topics=settings.topics,
            note_language=settings.note_language,
            context_tokens=settings.context_tokens,
        )
        asks = settings.engine_name == "openai"
        self._prompts = Prompts(settings.prompts) if asks else None

    def of_unfetched(self, video: Video, seconds: float | None) -> tuple[ByPrompt, Range, bool]:
        """Of a video of which the duration is known at best; whether it could be told."""
        notes = Range(1, self._options.topics)
        if self._prompts is None:
            return {}, Range(1, 1), True
        if not seconds:
            return {}, notes, False
        size = size_by_time(seconds, self._options)
        bounds = self._bounds(video, self._prompts)
        return _asked(bounds.all(size)), Range(1, size.topics[2]), True

    def of_missing(
        self, video: Video, transcript: Transcript, missing: Sequence[MissingCall]
    ) -> tuple[ByPrompt, Range]:
        """Of a video of which some replies are not there: these, and what hangs on them.

        What is in a batch was asked.
        """
        if self._prompts is None:
            return {}, NOTHING
        size = size_of(make_lines(transcript), self._options)
        exact = added(
            {
                call.prompt: Asked(
                    Range.exactly(1),
                    Range.exactly(call.input_tokens),
                    call.output_tokens,
                    (call.input_tokens, min(call.output_tokens, _LIKELY_OUTPUT)),
                )
            }
            for call in missing
            if not call.in_batch
        )
        awaited = Counter(call.prompt for call in missing)
        follows = self._following(awaited, size, self._bounds(video, self._prompts))
        return added([exact, _asked(follows)]), Range(1, size.topics[2])

    def _following(
        self, awaited: Mapping[str, int], size: Size, bounds: Bounds
    ) -> Mapping[str, Bound]:
        """What hangs on so many replies to each prompt, which are not there yet."""
        outlines, notes, repairs = (awaited.get(of, 0) for of in ("outline", "note", "repair"))
        if outlines or awaited.get("merge"):
            return bounds.after_outline(size, in_parts=outlines > 1)
        if notes:
            return bounds.after_notes(notes, notes, size)
        if repairs and self._verify:
            return {"verify": bounds.after_notes(repairs, repairs, size)["verify"]}
        return {}

    def _bounds(self, video: Video, prompts: Prompts) -> Bounds:
        return Bounds(prompts, self._options, video, verify=self._verify)


_LIKELY_OUTPUT = 1_600


def _asked(bounds: Mapping[str, Bound]) -> ByPrompt:
    return {
        prompt: Asked(
            Range(*bound.requests), Range(*bound.input_tokens), bound.output_tokens, bound.likely
        )
        for prompt, bound in bounds.items()
    }
