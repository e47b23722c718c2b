"""What a run's completions took: requests and tokens, by video and in all."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts of requests and tokens.

    `requests` are all that were sent, `retries` those of them that repeated one that had failed.
    `input_tokens` include the `cached_tokens` that the server had seen before. Tokens are as the
    server counts them, or estimated where it does not say. `from_library` are the replies that were
    kept from earlier and cost nothing.
    """

    requests: int = 0
    retries: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    from_library: int = 0

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            *(getattr(self, field.name) + getattr(other, field.name) for field in fields(self))
        )


class UsageBook:
    """Usage by video, and of all videos together."""

    def __init__(self) -> None:
        self._by_video: dict[str, Usage] = {}
        self._total = Usage()

    def add(self, video_id: str, usage: Usage) -> None:
        """Counts usage for a video."""
        self._by_video[video_id] = self.of(video_id) + usage
        self._total += usage

    def of(self, video_id: str) -> Usage:
        """The usage of one video so far."""
        return self._by_video.get(video_id, Usage())

    @property
    def total(self) -> Usage:
        """The usage of all videos so far; asked often, so that it is kept as a sum."""
        return self._total
