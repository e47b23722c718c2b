"""Asking a model: replies kept, asked once, mended or asked again, and within the run's limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from generator.errors import (
    BudgetSpent,
    CompletionTooLong,
    LibraryUnusable,
    ModelRefused,
    ModelReplyUnusable,
    RunStopped,
)
from generator.library import Library
from generator.summarizer.completions.client import Completions, Message, Patience, Request, Server
from generator.summarizer.completions.usage import Usage
from tests.standins.llm import LLMStandIn

VIDEO = "tides-00001"


class Form(BaseModel):
    title: str


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def patience(self, **more: Any) -> Patience:
        return Patience(timeout=20, wait=self.wait, clock=lambda: self.now, **more)


def request(words: str = "The Moon pulls.", **more: Any) -> Request:
    fields: dict[str, Any] = {
        "prompt": "outline",
        "video_id": VIDEO,
        "messages": (Message("system", "Be brief."), Message("user", f"1| {words}")),
        "reply": Form,
        "temperature": 0.2,
        "max_output_tokens": 100,
    }
    return Request(**{**fields, **more})


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


@pytest.fixture
def llm() -> Iterator[LLMStandIn]:
    with LLMStandIn(says('{"title": "Tides"}')) as standing:
        yield standing


def says(*texts: str) -> Callable[[Any], str]:
    """Replies in this order, the last for all that follow."""
    left = list(texts)
    return lambda question: left.pop(0) if len(left) > 1 else left[0]


def run(
    llm: LLMStandIn,
    library: Library,
    use: Callable[[Completions], Awaitable[Any]],
    *,
    model: str = "gpt-standin",
    **more: Any,
) -> Any:
    async def within() -> Any:
        options = {"patience": Clock().patience(), **more}
        server = Server(model, llm.base_url, "sk-a-key-of-nobody")
        async with Completions(server, library, **options) as completions:
            return await use(completions)

    return asyncio.run(within())


def ask(llm: LLMStandIn, library: Library, asked: Request | None = None, **more: Any) -> Any:
    return run(llm, library, lambda completions: completions.ask(asked or request()), **more)


# Kept, and not asked twice


def test_a_reply_is_kept_and_not_asked_for_again(llm: LLMStandIn, library: Library):
    async def twice(completions: Completions) -> tuple[Any, ...]:
        return await completions.ask(request()), await completions.ask(request())

    assert run(llm, library, twice) == (Form(title="Tides"), Form(title="Tides"))
    assert ask(llm, library) == Form(title="Tides")
    assert len(llm.requests) == 1
    [kept] = library.completions(VIDEO)
    assert (kept.prompt, kept.model, kept.reply, kept.ended, kept.answered_by) == (
        "outline",
        "gpt-standin",
        '{"title": "Tides"}',
        "stop",
        llm_answers_as(kept.answered_by),
    )
    [logged] = llm.requests
    assert (kept.input_tokens, kept.output_tokens) == (logged.input_tokens, logged.output_tokens)


def llm_answers_as(name: str) -> str:
    """Servers name a dated version of the model."""
    assert name.startswith("gpt-standin")
    return name


def test_what_is_kept_is_there_for_a_run_without_a_server(llm: LLMStandIn, library: Library):
    ask(llm, library)

    async def within() -> Any:
        server = Server("gpt-standin", "http://127.0.0.1:1/v1")
        async with Completions(server, library) as completions:
            return await completions.ask(request()), completions.usage.total

    assert asyncio.run(within()) == (Form(title="Tides"), Usage(from_library=1))


class Wider(BaseModel):
    title: str
    more: str = ""


@pytest.mark.parametrize(
    "other",
    [
        {"temperature": 0.3},
        {"temperature": None},
        {"max_output_tokens": 101},
        {"reply": Wider},
        {"messages": (Message("system", "Be brief."), Message("user", "2| The Moon pulls."))},
        {"messages": (Message("user", "Be brief."), Message("user", "1| The Moon pulls."))},
    ],
)
def test_what_could_change_the_reply_asks_anew(
    llm: LLMStandIn, library: Library, other: dict[str, Any]
):
    ask(llm, library)
    ask(llm, library, request(**other))
    assert len(llm.requests) == 2


def test_another_model_asks_anew_and_another_prompts_name_does_not(
    llm: LLMStandIn, library: Library
):
    ask(llm, library)
    ask(llm, library, request(prompt="note", video_id="waves-00001"))
    assert len(llm.requests) == 1
    ask(llm, library, model="gpt-standin-mini")
    assert len(llm.requests) == 2


def test_the_same_request_in_flight_is_sent_once(llm: LLMStandIn, library: Library):
    async def together(completions: Completions) -> list[Any]:
        return list(await asyncio.gather(*(completions.ask(request()) for _ in range(5))))

    assert run(llm, library, together) == [Form(title="Tides")] * 5
    assert len(llm.requests) == 1


def test_a_reply_is_kept_even_if_it_is_of_no_use(llm: LLMStandIn, library: Library):
    with LLMStandIn(says("Well…", '{"titel": 1}', '{"title": "Tides"}')) as odd:
        assert ask(odd, library) == Form(title="Tides")
    assert [kept.reply for kept in library.completions()] == [
        "Well…",
        '{"titel": 1}',
        '{"title": "Tides"}',
    ]
    assert ask(llm, library) == Form(title="Tides")
    assert llm.requests == []


# Replies that are of no use


def test_a_reply_is_asked_for_again_with_what_is_wrong(library: Library):
    shown: list[list[tuple[str, str]]] = []

    def answer(question: Any) -> str:
        shown.append(list(question.messages))
        return '{"title": 7}' if len(shown) == 1 else '{"title": "Tides"}'

    with LLMStandIn(answer) as llm:
        assert ask(llm, library) == Form(title="Tides")
    first, second = shown
    assert [role for role, _ in second] == ["system", "user", "assistant", "user"]
    assert second[1] == first[1]
    assert second[2] == ("assistant", '{"title": 7}')
    assert "title: Input should be a valid string" in second[3][1]


def test_after_two_more_replies_of_no_use_it_is_an_error(library: Library):
    with LLMStandIn(says('{"titel": "Tides"}')) as llm:
        with pytest.raises(ModelReplyUnusable, match="title: Field required"):
            ask(llm, library)
        assert len(llm.requests) == 3


def test_what_failed_to_the_end_is_asked_anew_by_the_next_run(llm: LLMStandIn, library: Library):
    with LLMStandIn(says("Well…")) as odd, pytest.raises(ModelReplyUnusable):
        ask(odd, library)
    assert ask(llm, library) == Form(title="Tides")
    assert len(llm.requests) == 1
    assert ask(llm, library) == Form(title="Tides")
    assert len(llm.requests) == 1


def test_what_was_broken_off_goes_on_where_it_was(llm: LLMStandIn, library: Library):
    async def once(completions: Completions) -> None:
        completions._ending.check = _ends_after(1, completions)  # type: ignore[method-assign]
        await completions.ask(request())

    with LLMStandIn(says("Well…")) as odd:
        with pytest.raises(RunStopped):
            run(odd, library, once)
        assert len(odd.requests) == 1
    assert ask(llm, library) == Form(title="Tides")
    assert [kept.reply for kept in library.completions()] == ["Well…", '{"title": "Tides"}']


def _ends_after(sent: int, completions: Completions) -> Callable[[], None]:
    def check() -> None:
        if completions.usage.total.requests >= sent:
            raise RunStopped

    return check


def test_a_refusal_is_asked_again_and_then_told(library: Library):
    with LLMStandIn(says('{"title": "Tides"}')) as llm:
        llm.faults.add("refusal", times=1)
        assert ask(llm, library) == Form(title="Tides")
        llm.faults.add("refusal")
        with pytest.raises(ModelRefused, match="refuses to write about this video"):
            ask(llm, library, request("Something else."))
        assert len(llm.requests) == 2 + 3


def test_what_is_cut_off_is_too_long_and_stays_so(llm: LLMStandIn, library: Library):
    llm.faults.add("length")
    for _ in range(2):
        with pytest.raises(CompletionTooLong):
            ask(llm, library)
    assert len(llm.requests) == 1


def test_a_request_that_does_not_fit_is_too_long_and_stays_so(library: Library):
    with LLMStandIn(says("{}"), context=50) as llm:
        for _ in range(2):
            with pytest.raises(CompletionTooLong):
                ask(llm, library)
        assert len(llm.requests) == 1
    [kept] = library.completions()
    assert (kept.ended, kept.reply, kept.output_tokens) == ("too-long", "", 0)


def test_a_model_that_thinks_gets_room_for_it(llm: LLMStandIn, library: Library):
    async def two(completions: Completions) -> Any:
        await completions.ask(request())
        await completions.ask(request("Something else."))
        return completions.usage.total

    llm.faults.add("thought_too_long", times=1)
    total = run(llm, library, two)
    assert [logged.fault for logged in llm.requests] == ["thought_too_long", None, None]
    assert (total.requests, total.retries) == (3, 0)
    assert total.output_tokens == sum(logged.output_tokens for logged in llm.requests)
    assert [kept.ended for kept in library.completions()] == ["stop", "stop"]


def test_what_was_only_thought_when_a_run_broke_off_is_asked_for_again(
    llm: LLMStandIn, library: Library
):
    ask(llm, library)
    [kept] = library.completions()
    library.save_completion(replace(kept, reply="<think>Let me see", ended="length"))
    assert ask(llm, library) == Form(title="Tides")
    assert len(llm.requests) == 2


# Counts and limits


def test_usage_is_counted_by_video_and_in_all(library: Library):
    async def three(completions: Completions) -> Any:
        await completions.ask(request())
        await completions.ask(request("Other words.", video_id="waves-00001"))
        await completions.ask(request())
        return completions.usage

    with LLMStandIn(says('{"title": "Tides"}')) as llm:
        llm.faults.add("overloaded", times=2)
        usage = run(llm, library, three)
        good = [logged for logged in llm.requests if logged.good]
    first = Usage(
        requests=3,
        retries=2,
        input_tokens=good[0].input_tokens,
        output_tokens=good[0].output_tokens,
        from_library=1,
    )
    assert usage.of(VIDEO) == first
    assert usage.of("waves-00001").requests == 1
    assert usage.total == first + usage.of("waves-00001")
    assert usage.of("clock-00001") == Usage()


def test_tokens_that_the_server_does_not_count_are_estimated(llm: LLMStandIn, library: Library):
    async def one(completions: Completions) -> Any:
        await completions.ask(request())
        return completions.usage.total

    llm.faults.add("no_usage")
    total = run(llm, library, one)
    assert total.input_tokens >= llm.requests[0].input_tokens
    assert total.output_tokens == 11
    assert library.completions()[0].output_tokens == 11


def test_no_more_requests_are_in_flight_than_jobs(library: Library):
    async def many(completions: Completions) -> None:
        await completions.ask(request())
        with llm.held() as until:
            asked = [
                asyncio.create_task(completions.ask(request(f"Line {number}.")))
                for number in range(7)
            ]
            await asyncio.to_thread(until, 3)
        await asyncio.gather(*asked)

    with LLMStandIn(says('{"title": "Tides"}')) as llm:
        run(llm, library, many, jobs=3)
        assert (len(llm.requests), llm.most_in_flight) == (8, 3)


def test_a_run_stops_before_it_could_exceed_its_tokens(llm: LLMStandIn, library: Library):
    async def many(completions: Completions) -> list[Any]:
        asks = (completions.ask(request(f"Line {number}.")) for number in range(9))
        outcomes = await asyncio.gather(*asks, return_exceptions=True)
        assert completions.usage.total.tokens <= 300
        return list(outcomes)

    outcomes = run(llm, library, many, max_tokens_total=300)
    written = [outcome for outcome in outcomes if outcome == Form(title="Tides")]
    stopped = [outcome for outcome in outcomes if isinstance(outcome, BudgetSpent)]
    assert 0 < len(written) == len(llm.requests)
    assert len(written) + len(stopped) == 9
    again = run(llm, library, many, max_tokens_total=300)
    assert len(llm.requests) > len(written), "what was kept costs nothing, so that more can be done"
    assert again.count(Form(title="Tides")) == len(llm.requests)


def test_too_few_tokens_for_one_request_send_none(llm: LLMStandIn, library: Library):
    with pytest.raises(BudgetSpent, match=r"used 0 tokens.* limit of 100"):
        ask(llm, library, max_tokens_total=100)
    assert llm.requests == []


def test_once_the_tokens_are_spent_smaller_requests_are_not_sent_either(
    llm: LLMStandIn, library: Library
):
    async def both(completions: Completions) -> None:
        with pytest.raises(BudgetSpent):
            await completions.ask(request(max_output_tokens=5000))
        with pytest.raises(BudgetSpent):
            await completions.ask(request())

    run(llm, library, both, max_tokens_total=1000)
    assert llm.requests == []


# Ends


def test_draining_finishes_what_is_in_flight_and_sends_nothing_more(library: Library):
    async def stopped(completions: Completions) -> list[Any]:
        await completions.ask(request())
        with llm.held() as until:
            asked = [
                asyncio.create_task(completions.ask(request(f"Line {number}.")))
                for number in range(5)
            ]
            await asyncio.to_thread(until, 2)
            completions.drain()
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert await completions.ask(request()) == Form(title="Tides")
        with pytest.raises(RunStopped):
            await completions.ask(request("Later."))
        return list(outcomes)

    with LLMStandIn(says('{"title": "Tides"}')) as llm:
        outcomes = run(llm, library, stopped, jobs=2)
        assert len(llm.requests) == 3
    assert outcomes[:2] == [Form(title="Tides")] * 2
    assert [type(outcome) for outcome in outcomes[2:]] == [RunStopped] * 3
    assert len(library.completions()) == 3


def test_draining_does_not_wait_for_another_try(llm: LLMStandIn, library: Library):
    async def stopped(completions: Completions) -> None:
        asked = asyncio.create_task(completions.ask(request()))
        await waiting.wait()
        completions.drain()
        with pytest.raises(RunStopped):
            await asked

    async def forever(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    waiting = asyncio.Event()
    llm.faults.add("overloaded", retry_after=30)
    run(llm, library, stopped, patience=Patience(wait=forever))
    assert len(llm.requests) == 1


def test_cancelling_stops_at_once(library: Library):
    async def cancelled(completions: Completions) -> None:
        with llm.held() as until:
            asked = asyncio.create_task(completions.ask(request()))
            await asyncio.to_thread(until, 1)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
        assert completions._flights == {}

    with LLMStandIn(says('{"title": "Tides"}')) as llm:
        run(llm, library, cancelled)
    assert library.completions() == []


def test_one_who_waits_for_a_shared_request_may_go_without_ending_it(library: Library):
    async def shared(completions: Completions) -> Any:
        with llm.held() as until:
            one = asyncio.create_task(completions.ask(request()))
            other = asyncio.create_task(completions.ask(request()))
            await asyncio.to_thread(until, 1)
            one.cancel()
            await asyncio.gather(one, return_exceptions=True)
        return await other

    with LLMStandIn(says('{"title": "Tides"}')) as llm:
        assert run(llm, library, shared) == Form(title="Tides")
        assert len(llm.requests) == 1


def test_what_cannot_be_kept_is_not_asked_for(
    llm: LLMStandIn, library: Library, monkeypatch: pytest.MonkeyPatch
):
    def full(completion: object) -> None:
        raise LibraryUnusable(library.path, "database or disk is full")

    async def several(completions: Completions) -> list[Any]:
        asks = (completions.ask(request(f"Line {number}.")) for number in range(4))
        return list(await asyncio.gather(*asks, return_exceptions=True))

    monkeypatch.setattr(library, "save_completion", full)
    outcomes = run(llm, library, several)
    assert [type(outcome) for outcome in outcomes] == [LibraryUnusable] * 4
    assert len(llm.requests) == 1
