"""A client that sends nothing: what would be asked of a model is collected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from generator.errors import GenerateError
from generator.library import Library
from generator.models import Completion
from generator.summarizer.completions.client import Completions, Keep
from generator.summarizer.completions.conversing import input_tokens, key_of, logical
from generator.summarizer.completions.servers import Dialect, Message, Request, Server


class NotAsked(GenerateError):
    """A reply is needed that is not there; no user meets this: it ends the trial of one video."""

    cause = "not-asked"

    def __init__(self, prompt: str) -> None:
        super().__init__(f"A reply to the prompt {prompt} is needed.")


@dataclass(frozen=True, slots=True)
class MissingCall:
    """A request that would be sent.

    `input_tokens` are estimated, `output_tokens` are the most that the reply may have. `in_batch`
    says that it was sent: a batch has it.
    """

    key: str
    prompt: str
    video_id: str
    input_tokens: int
    output_tokens: int
    in_batch: bool = False


class Collecting(Completions):
    """Replies from the library; in place of sending for others, `missing` tells what they are."""

    def __init__(self, server: Server, library: Library, *, force: Collection[str] = ()) -> None:
        super().__init__(server, library, force=force)
        self.missing: list[MissingCall] = []
        self._batches = library.batches
        self._noted: set[str] = set()

    async def _asked(
        self, request: Request, messages: Sequence[Message], keep: Keep
    ) -> tuple[Completion, Dialect]:
        """Raises NotAsked, once the request is noted; what two videos ask is sent once."""
        key = key_of(logical(self._server.model, request, messages))
        if key not in self._noted:
            self._noted.add(key)
            known = self._batches.request(key)
            self.missing.append(
                MissingCall(
                    key,
                    request.prompt,
                    request.video_id,
                    input_tokens(request, messages),
                    request.max_output_tokens,
                    in_batch=known is not None and bool(known.submission),
                )
            )
        raise NotAsked(request.prompt)
