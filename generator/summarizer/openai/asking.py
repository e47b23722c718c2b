"""The model engine's requests on one video: each shows the model material and asks one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from generator.errors import CompletionTooLong
from generator.models import Line, Statement, Topic, Video
from generator.summarizer.completions.client import Message, Request
from generator.summarizer.completions.tokens import estimate_tokens
from generator.summarizer.openai.material import (
    fence,
    metadata,
    numbered,
    show_lines,
    show_ranges,
    shown,
    with_margin,
)
from generator.summarizer.openai.replies import (
    MergeReply,
    NoteReply,
    OutlineReply,
    RepairReply,
    Reply,
    VerifyReply,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

    from generator.summarizer.openai.prompts import Prompt, Prompts

FIXED_TOKENS = 2_000
"""Kept free in a request for instructions, schema and metadata."""

LEAST_TOKENS = 250
"""A request shows so much of a talk however small the context is said to be."""

_Form = TypeVar("_Form", bound=Reply)
_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


class Asks(Protocol):
    """What is needed of `completions.Completions`."""

    async def ask(self, request: Request) -> BaseModel:
        """An instance of the request's reply model. Raises CompletionTooLong."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What is wanted of the engine.

    `topics` is how many notes a video has at most. `note_language` is a BCP 47 tag, or `same` for
    the transcript's own. `context_tokens` is how much a model takes, request and reply together.
    """

    topics: int = 5
    note_language: str = "en"
    context_tokens: int = 32_000


def tokens_of(line: Line) -> int:
    """The tokens that a line takes in a request, estimated."""
    return estimate_tokens(numbered(line)) + 1


def output_of(prompt: Prompt, options: Options) -> int:
    """How many tokens the reply to a prompt may have."""
    return max(1, min(prompt.max_output_tokens, options.context_tokens // 3))


def room_for(prompt: Prompt, options: Options) -> int:
    """How many tokens of material fit into a prompt's request beside all else."""
    return max(LEAST_TOKENS, options.context_tokens - output_of(prompt, options) - FIXED_TOKENS)


class Asking:
    """What can be asked on one video. All methods raise what a request raises.

    That is CompletionTooLong where it does not fit the model, and the errors of servers.

    `spoken` is the language of the transcript, as a BCP 47 tag or `und`.
    """

    def __init__(
        self, completions: Asks, prompts: Prompts, options: Options, video: Video, spoken: str
    ) -> None:
        self._completions = completions
        self._prompts = prompts
        self._options = options
        self._video = video
        self._metadata = metadata(video)
        self._language = language_named(options.note_language, spoken)

    def room(self, prompt: str) -> int:
        """How many tokens of material fit into a request beside all else."""
        return room_for(self._prompts[prompt], self._options)

    async def outline(self, lines: tuple[Line, ...], topics: int, *, excerpt: bool) -> OutlineReply:
        """At most so many topics of these lines: the whole talk, or an `excerpt` of it."""
        text = show_lines(lines)
        values = {"topics": topics, "excerpt": excerpt, "language": self._language}
        return await self._ask("outline", OutlineReply, {"lines": text}, values)

    async def merge(self, topics: Sequence[Topic], count: int) -> MergeReply:
        """At most `count` topics made of these."""
        parts = "\n".join(_listed(number, each) for number, each in enumerate(topics, start=1))
        self._check("merge", parts)
        values = {"topics": count, "language": self._language}
        return await self._ask("merge", MergeReply, {"parts": parts}, values)

    async def note(
        self,
        lines: tuple[Line, ...],
        own: tuple[Line, ...],
        topic: Topic,
        sections: tuple[int, int],
        *,
        first: bool,
    ) -> NoteReply:
        """A note on the topic from its lines `own`, or what these add to a note already begun.

        `sections` are the fewest and the most that it is to have.
        """
        numbers = tuple(line.number for line in own)
        names = " / ".join(shown(each) for each in (topic.title, *topic.aliases))
        return await self._ask(
            "note",
            NoteReply,
            {"lines": show_lines(with_margin(lines, numbers)), "topic": names},
            {
                "ranges": show_ranges(numbers),
                "sections": " to ".join(str(count) for count in dict.fromkeys(sections)),
                "first": first,
                "language": self._language,
            },
        )

    async def repair(
        self, lines: tuple[Line, ...], failed: Sequence[tuple[Statement, tuple[int, ...]]]
    ) -> RepairReply:
        """Other evidence for statements, each with the numbers of its likeliest lines."""
        text = _some(lines, failed, margin=0)
        statements = "\n".join(
            "\n".join(
                [f"S{at}| {shown(statement.text)}"]
                + [
                    f"    not in line {each.line}: {shown(each.quote)}"
                    for each in statement.evidence
                ]
            )
            for at, (statement, _) in enumerate(failed, start=1)
        )
        self._check("repair", text, statements)
        untrusted = {"lines": text, "statements": statements}
        return await self._ask("repair", RepairReply, untrusted, {})

    async def verify(
        self, lines: tuple[Line, ...], cited: Sequence[tuple[Statement, tuple[int, ...]]]
    ) -> VerifyReply:
        """Whether statements follow from their lines, whose numbers stand with each."""
        text = _some(lines, cited, margin=1)
        statements = "\n".join(
            f"S{at}| {shown(statement.text)} (lines {show_ranges(numbers)})"
            for at, (statement, numbers) in enumerate(cited, start=1)
        )
        self._check("verify", text, statements)
        untrusted = {"lines": text, "statements": statements}
        return await self._ask("verify", VerifyReply, untrusted, {})

    def _check(self, prompt: str, *material: str) -> None:
        if sum(map(estimate_tokens, material)) > self.room(prompt):
            raise CompletionTooLong("request")

    async def _ask(
        self,
        prompt: str,
        form: type[_Form],
        untrusted: Mapping[str, str],
        values: Mapping[str, object],
    ) -> _Form:
        """A reply to a prompt; `untrusted` are those of its values that stand in the fence."""
        file = self._prompts[prompt]
        mark = fence(self._metadata, *untrusted.values())
        system, user = file.fill({**values, **untrusted, "metadata": self._metadata, "fence": mark})
        request = Request(
            prompt=prompt,
            video_id=self._video.id,
            messages=(Message("system", system), Message("user", user)),
            reply=form,
            temperature=file.temperature,
            max_output_tokens=output_of(file, self._options),
        )
        return form.model_validate(await self._completions.ask(request))


def language_named(wanted: str, spoken: str) -> str:
    """A language as prompts name it: `English`, or by its tag where that says more."""
    if wanted != "same":
        tag = wanted
    elif spoken in ("", "und"):
        return "the language of the talk"
    else:
        tag = spoken
    tag = "".join(char for char in tag[:35] if char.isalnum() or char == "-")
    return _LANGUAGES.get(tag.lower(), f"the language with the BCP 47 tag {tag}")


def _some(
    lines: tuple[Line, ...],
    statements: Sequence[tuple[Statement, tuple[int, ...]]],
    margin: int,
) -> str:
    """The lines that statements come with, each once, and so many on both sides of them."""
    numbers = {number for _, numbers in statements for number in numbers}
    return show_lines(with_margin(lines, numbers, margin))


def _listed(number: int, topic: Topic) -> str:
    aliases = (
        f" (also: {'; '.join(shown(each) for each in topic.aliases)})" if topic.aliases else ""
    )
    return f"{number}| {shown(topic.title)}{aliases}, lines {show_ranges(topic.lines)}"
