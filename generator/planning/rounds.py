"""In which rounds a run's requests would go, if they went into batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.planning.amounts import ByPrompt, total

ORDER = ("outline", "merge", "note", "repair", "verify")
"""The prompts in the order in which one hangs on the replies to those before it."""


@dataclass(frozen=True, slots=True)
class Round:
    """What would be submitted at once, by prompt. Requests of one video are in several rounds."""

    asked: ByPrompt

    @property
    def is_certain(self) -> bool:
        """Whether there is anything in it in any case."""
        return total(self.asked).requests.least > 0


def rounds_of(videos: Iterable[ByPrompt]) -> tuple[Round, ...]:
    """The rounds of what would be asked on each video, the first first.

    A round has all videos' next requests, so that there are as many as one video needs at most.
    Replies that have to be asked for again take more.
    """
    rounds: list[ByPrompt] = []
    for asked in videos:
        prompts = [prompt for prompt in ORDER if prompt in asked]
        for number, prompt in enumerate(prompts):
            if number == len(rounds):
                rounds.append({})
            known = rounds[number].get(prompt)
            rounds[number][prompt] = asked[prompt] if known is None else known + asked[prompt]
    return tuple(Round(each) for each in rounds)
