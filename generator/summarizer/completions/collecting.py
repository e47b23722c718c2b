"""A client that sends nothing: what would be asked of a model is collected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from generator.library import Library
from generator.models import Completion
from generator.summarizer.completions.client import Completions, Keep
from generator.summarizer.completions.conversing import input_tokens, key_of, logical
from generator.summarizer.completions.servers import Dialect, Message, Request, Server


class NotAsked(Exception):
    """A reply is needed that is not in the library; what follows from it cannot be known."""


@dataclass(frozen=True, slots=True)
class MissingCall:
    """A request that would be sent.

    `input_tokens` are estimated, `output_tokens` are the most that the reply may have.
    """

    key: str
    prompt: str
    video_id: str
    input_tokens: int
    output_tokens: int


class Collecting(Completions):
    """Replies from the library; in place of sending for others, `missing` tells what they are."""

    def __init__(self, server: Server, library: Library, *, force: Collection[str] = ()) -> None:
        super().__init__(server, library, force=force)
        self.missing: list[MissingCall] = []

    async def _asked(
        self, request: Request, messages: Sequence[Message], keep: Keep
    ) -> tuple[Completion, Dialect]:
        """Raises NotAsked, once the request is noted."""
        self.missing.append(
            MissingCall(
                key_of(logical(self._server.model, request, messages)),
                request.prompt,
                request.video_id,
                input_tokens(request, messages),
                request.max_output_tokens,
            )
        )
        raise NotAsked(request.prompt)
