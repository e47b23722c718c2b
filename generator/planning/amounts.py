"""Numbers that may not be known yet: as ranges that hold them, and as what is likely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is `least` to `most`, both included; known where these are one."""

    least: int
    most: int

    @classmethod
    def exactly(cls, number: int) -> Range:
        """A number that is known."""
        return cls(number, number)

    @property
    def is_known(self) -> bool:
        """Whether it is one number."""
        return self.least == self.most

    def __add__(self, other: Range) -> Range:
        return Range(self.least + other.least, self.most + other.most)

    def __str__(self) -> str:
        return f"{self.least:,}" if self.is_known else f"{self.least:,}\N{EN DASH}{self.most:,}"


NOTHING = Range(0, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What would be asked with one prompt.

    `requests` and `input_tokens` are ranges where they hang on answers not yet given;
    `output_tokens` is the most that the replies can have. `likely` is how many tokens are likely to
    go in and come out. Requests that fail and are repeated are not in it.
    """

    requests: Range = NOTHING
    input_tokens: Range = NOTHING
    output_tokens: int = 0
    likely: tuple[int, int] = (0, 0)

    def __add__(self, other: Asked) -> Asked:
        return Asked(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            (self.likely[0] + other.likely[0], self.likely[1] + other.likely[1]),
        )


ByPrompt = dict[str, Asked]
"""What would be asked, by prompt."""


def added(amounts: Iterable[ByPrompt]) -> ByPrompt:
    """The sums of amounts, prompt by prompt."""
    sums: ByPrompt = {}
    for each in amounts:
        for prompt, asked in each.items():
            sums[prompt] = sums.get(prompt, Asked()) + asked
    return sums


def total(by_prompt: ByPrompt) -> Asked:
    """All prompts together."""
    return sum(by_prompt.values(), Asked())
