"""Asking again though a reply is kept, and telling what would be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from generator.errors import ModelReplyUnusable
from generator.library import Library
from generator.summarizer.completions.client import Completions, Message, Patience, Request, Server
from generator.summarizer.completions.collecting import Collecting, NotAsked
from generator.summarizer.completions.conversing import input_tokens
from tests.standins.llm import LLMStandIn


class Form(BaseModel):
    title: str


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def request(prompt: str = "outline", words: str = "The Moon pulls.") -> Request:
    messages = (Message("system", f"Be brief: {prompt}."), Message("user", f"1| {words}"))
    return Request(prompt, "tides-00001", messages, Form, 0.2, 100)


def ask(llm: LLMStandIn, library: Library, *requests: Request, force: tuple[str, ...] = ()) -> Any:
    async def no_wait(seconds: float) -> None:
        assert seconds >= 0

    async def within() -> list[Any]:
        server = Server("gpt-standin", llm.base_url, "sk-a-key-of-nobody")
        patience = Patience(timeout=20, wait=no_wait)
        async with Completions(server, library, patience=patience, force=force) as completions:
            return [await completions.ask(each) for each in requests]

    return asyncio.run(within())


def says(*texts: str) -> LLMStandIn:
    left = list(texts)
    return LLMStandIn(lambda question: left.pop(0) if len(left) > 1 else left[0])


def test_what_is_forced_is_asked_once_more_and_replaces_the_old(library: Library):
    with says('{"title": "Old"}', '{"title": "New"}', '{"title": "Newer"}') as llm:
        ask(llm, library, request())
        replies = ask(llm, library, request(), request(), force=("outline",))
        assert replies == [Form(title="New")] * 2
        assert len(llm.requests) == 2
    [kept] = library.completions()
    assert kept.reply == '{"title": "New"}'


def test_only_the_prompts_that_are_named_are_forced(library: Library):
    with says('{"title": "Old"}', '{"title": "Notes"}', '{"title": "New"}') as llm:
        ask(llm, library, request(), request("note"))
        assert ask(llm, library, request(), request("note"), force=("note",)) == [
            Form(title="Old"),
            Form(title="New"),
        ]


def test_what_was_never_asked_is_forced_once(library: Library):
    with says('{"title": "A"}', '{"title": "B"}') as llm:
        assert ask(llm, library, request(), request(), force=("outline",)) == [Form(title="A")] * 2
        assert len(llm.requests) == 1


def test_a_forced_reply_of_no_use_leaves_the_old_one(library: Library):
    with says('{"title": "Old"}', "Well…") as llm:
        ask(llm, library, request())
        with pytest.raises(ModelReplyUnusable):
            ask(llm, library, request(), force=("outline",))
        asked = len(llm.requests)
        assert ask(llm, library, request()) == [Form(title="Old")]
        assert len(llm.requests) == asked


def test_a_forced_reply_that_had_to_be_asked_for_twice_is_found_again(library: Library):
    with says('{"title": "Old"}', "Well…", '{"title": "New"}') as llm:
        ask(llm, library, request())
        assert ask(llm, library, request(), force=("outline",)) == [Form(title="New")]
        asked = len(llm.requests)
        assert ask(llm, library, request()) == [Form(title="New")]
        assert len(llm.requests) == asked == 3


def collect(library: Library, *requests: Request, force: tuple[str, ...] = ()) -> Collecting:
    async def within() -> Collecting:
        server = Server("gpt-standin", "http://127.0.0.1:1/v1")
        async with Collecting(server, library, force=force) as collecting:
            for each in requests:
                try:
                    await collecting.ask(each)
                except NotAsked:
                    continue
            return collecting

    return asyncio.run(within())


def test_what_would_be_asked_is_collected_and_what_is_kept_is_not(library: Library):
    with says('{"title": "Kept"}') as llm:
        ask(llm, library, request())
    other = request("note", "The Sun pulls, too.")
    [missing] = collect(library, request(), other).missing
    assert (missing.prompt, missing.video_id, missing.output_tokens) == ("note", "tides-00001", 100)
    assert missing.input_tokens == input_tokens(other, other.messages)
    with says('{"title": "Asked"}') as llm:
        ask(llm, library, other)
    assert missing.key in {kept.key for kept in library.completions()}
    assert collect(library, request(), other).missing == []


def test_what_is_forced_would_be_asked(library: Library):
    with says('{"title": "Kept"}') as llm:
        ask(llm, library, request(), request("note"))
    forced = collect(library, request(), request("note"), force=("note",))
    assert [each.prompt for each in forced.missing] == ["note"]
