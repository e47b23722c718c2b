"""Runs over batches without videos: each story asks three things, one after the other's reply."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict

from generator.batchapi.client import Batched, Way
from generator.batchapi.rounds import Rounds, RoundsReport
from generator.batchapi.service import Service
from generator.batchapi.submitting import Limits
from generator.errors import GenerateError, InBatch
from generator.library import Library
from generator.summarizer.completions.client import Completions, Message, Patience, Request, Server
from generator.summarizer.completions.usage import Usage
from generator.telling.progress import Silent
from tests.standins.llm import LLMStandIn
from tests.standins.llm_question import Question

KEY = "sk-of-nobody-0123456789"
STORIES = ("one", "two", "three")
BY_BATCH = Way(collects=True, finish_live=False)
OR_LIVE = Way(collects=True, finish_live=True)
LIVE = Way(collects=False, finish_live=False)
NOW = Way(collects=False, finish_live=True)


class Line(BaseModel):
    """The reply to everything that a story asks."""

    model_config = ConfigDict(frozen=True)
    text: str


def answer(question: Question) -> dict[str, Any]:
    """A reply that is the same for the same question, and another for every other one."""
    return {"text": f"said of {question.key}"}


def standin(**traits: Any) -> LLMStandIn:
    """A server whose batches take ten minutes of its own clock."""
    return LLMStandIn(answer, **traits)


@dataclass
class Told(Silent):
    """Keeps what a run says."""

    notices: list[str] = field(default_factory=list)

    def notice(self, text: str) -> None:
        self.notices.append(text)


@dataclass
class Run:
    """What came of a run: the last reply of each story, or why there is none."""

    replies: dict[str, str]
    errors: dict[str, GenerateError]
    ended: GenerateError | None
    report: RoundsReport | None
    usage: Usage
    notices: list[str]


def request(story: str, prompt: str, before: str = "") -> Request:
    messages = (Message("system", f"Tell {prompt}."), Message("user", f"{story}: {before}"))
    return Request(prompt, story, messages, Line, 0.0, 500)


async def tell(client: Completions, story: str) -> str:
    """Three requests, each of which has the reply to the one before in it."""
    said = ""
    for prompt in ("outline", "note", "repair"):
        said = (await client.ask(request(story, prompt, said))).text
    return said


def run(
    llm: LLMStandIn,
    path: Path,
    *,
    way: Way = BY_BATCH,
    wait: bool = True,
    stories: Sequence[str] = STORIES,
    limits: Limits | None = None,
    budget: int | None = None,
    force: Sequence[str] = (),
    model: str = "gpt-standin",
    key: str = KEY,
) -> Run:
    """One run, in which time goes by only where it waits."""
    return asyncio.run(_run(llm, path, way, wait, stories, limits, budget, force, model, key))


async def _run(
    llm: LLMStandIn,
    path: Path,
    way: Way,
    wait: bool,
    stories: Sequence[str],
    limits: Limits | None,
    budget: int | None,
    force: Sequence[str],
    model: str,
    key: str,
) -> Run:
    async def pass_by(seconds: float) -> None:
        llm.batches.advance(seconds)

    patience = Patience(retries=2, timeout=20, wait=pass_by, random=Random(1))
    server = Server(model, llm.base_url, key)
    told = Told()
    done = Run({}, {}, None, None, Usage(), told.notices)
    with Library.open(path) as library:
        async with Batched(
            server, library, way, patience=patience, max_tokens_total=budget, force=force
        ) as client:
            service = Service(server, patience, client.ending)
            rounds = Rounds(
                client, service, library, limits=limits or Limits(), wait=wait, poll=60.0
            )
            try:
                await rounds.begin(told)
                await _all(client, rounds, stories, done)
            except GenerateError as error:
                done.ended = error
            finally:
                await service.close()
            waiting = [story for story, error in done.errors.items() if error.cause == "in-batch"]
            done.report = await rounds.conclude(waiting, stories)
            done.usage = client.usage.total
    return done


async def _all(client: Batched, rounds: Rounds, stories: Sequence[str], done: Run) -> None:
    left = list(stories)
    while left:
        for story in list(left):
            done.errors.pop(story, None)
            try:
                done.replies[story] = await tell(client, story)
                left.remove(story)
            except InBatch as error:
                done.errors[story] = error
            except GenerateError as error:
                done.errors[story] = error
                left.remove(story)
        if not rounds.collects or not left or not await rounds.turn():
            return


def live(llm: LLMStandIn, path: Path) -> dict[str, Any]:
    """All completions of the stories asked one by one."""

    async def asked() -> None:
        with Library.open(path) as library:
            server = Server("gpt-standin", llm.base_url, KEY)
            async with Completions(server, library, jobs=1) as client:
                for story in STORIES:
                    await tell(client, story)

    asyncio.run(asked())
    return completions(path)


def completions(path: Path) -> dict[str, Any]:
    with Library.open(path) as library:
        return {each.key: each for each in library.completions()}


def submitted(llm: LLMStandIn) -> list[str]:
    """What was asked in batches that were not refused: each is to be there once."""
    return llm.batches.custom_ids()


def texts_of(lines: Sequence[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def number_in(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found
    return int(found[0])
