"""A model for tests: answers each prompt as a function says, and keeps what it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from generator.models import Cue, Line, Topic, Transcript, Video
from generator.summarizer.completions.client import Request
from generator.summarizer.lines import make_lines

VIDEO = Video("rP2kEF3Mj-o", "Tides | Part 1", "kettle_and_chalk")


class Model:
    """`answers` are the fields of a reply by prompt, or what makes them of the request, or an
    error to raise."""

    def __init__(self, **answers: Any) -> None:
        self.requests: list[Request] = []
        self._answers = answers

    async def ask(self, request: Request) -> Any:
        self.requests.append(request)
        answer = self._answers[request.prompt]
        fields = answer(request) if isinstance(answer, Callable) else answer
        if isinstance(fields, Exception):
            raise fields
        return request.reply.model_validate(fields)

    def asked(self, prompt: str) -> list[Request]:
        return [request for request in self.requests if request.prompt == prompt]


def user(request: Request) -> str:
    return request.messages[1].content


def numbers(request: Request) -> list[int]:
    """The numbers of the lines that a request shows."""
    return [int(number) for number in re.findall(r"^(\d+)\| ", user(request), re.MULTILINE)]


def talk(minutes: float, seconds: float = 10.0) -> tuple[Transcript, tuple[Line, ...]]:
    """A talk of so many minutes, one sentence a cue and one cue a line."""
    cues = tuple(
        Cue(i * seconds, seconds, f"Sentence number {i + 1} says what comes at place {i + 1}.")
        for i in range(int(minutes * 60 / seconds))
    )
    transcript = Transcript(VIDEO.id, "en", False, cues)
    return transcript, make_lines(transcript)


def outlined(*topics: tuple[str, int, int]) -> dict[str, Any]:
    """An outline's fields, of titles with their first and last lines."""
    return {
        "topics": [
            {"title": title, "aliases": [], "ranges": [{"first": first, "last": last}]}
            for title, first, last in topics
        ]
    }


def said(
    text: str, line: int = 1, quote: str = "Sentence number", **mentions: str
) -> dict[str, Any]:
    """A statement's fields."""
    named = [{"words": words, "concept": concept} for words, concept in mentions.items()]
    return {"evidence": [{"line": line, "quote": quote}], "text": text, "mentions": named}


def paragraph(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "paragraph", "lead_in": None, "statements": list(statements)}


def section(heading: str, *blocks: dict[str, Any], subsections: Any = ()) -> dict[str, Any]:
    return {"heading": heading, "blocks": list(blocks), "subsections": list(subsections)}


def topic(first: int, last: int, title: str = "Tides") -> Topic:
    return Topic(title, (), tuple(range(first, last + 1)))
