"""Asking servers of all kinds, which fail in all ways: what is tried again, and what ends a run."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import BaseModel

from generator.errors import (
    GenerateError,
    KeyMissing,
    KeyRefused,
    ModelUnknown,
    NoQuota,
    NotInCassette,
    RateLimited,
    RequestRefused,
    ServerFailing,
    ServerForbids,
    ServerUnreachable,
    ServerUrlWrong,
)
from generator.fetcher.cassettes import cassette
from generator.library import Library
from generator.summarizer.completions.client import Completions, Message, Patience, Request, Server
from tests.standins.llm import LLMStandIn
from tests.standins.llm_dialects import DIALECTS
from tests.standins.llm_faults import MENDABLE, OUTAGES, REPLIES

KEY = "sk-proj-Zr7Qm2Lx9WvT4bNcYd3H"
HANGING = ("hang", "stall")


class Form(BaseModel):
    title: str


TIDES = Form(title="Tides")


def says_tides(question: object) -> dict[str, Any]:
    return {"title": "Tides"}


class Run:
    """Asks with a clock of its own; what it waited for is kept."""

    def __init__(self, library: Library, url: str, *, key: str | None = KEY, **more: Any) -> None:
        self.waits: list[float] = []
        self._now = 0.0
        patience = {"timeout": 20.0, "random": Random(1), **more}
        self._patience = Patience(wait=self._wait, clock=lambda: self._now, **patience)
        self._server = Server("gpt-standin", url, key)
        self._library = library
        self.completions: Completions

    async def _wait(self, seconds: float) -> None:
        self.waits.append(round(seconds, 1))
        self._now += seconds

    def ask(self, *words: str) -> list[Any]:
        """What came of asking all at once; errors stand where they came."""

        async def all_at_once() -> list[Any]:
            async with Completions(
                self._server, self._library, patience=self._patience
            ) as completions:
                self.completions = completions
                asks = (completions.ask(request(word)) for word in words or ("The Moon.",))
                return list(await asyncio.gather(*asks, return_exceptions=True))

        return asyncio.run(all_at_once())


def request(words: str) -> Request:
    messages = (Message("system", "Be brief."), Message("user", f"1| {words}"))
    return Request("outline", "tides-00001", messages, Form, 0.2, 100)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


# How the form is told


@pytest.mark.parametrize(
    ("structured", "levels"),
    [
        ("strict", ["json_schema"]),
        ("schema_only", ["json_schema"]),
        ("json_object", ["json_schema", "json_object"]),
        ("text", ["json_schema", "json_object", "text"]),
        ("deaf", ["json_schema", "json_object"]),
    ],
)
@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_the_level_that_works_is_found_once_and_kept(
    library: Library, dialect: str, structured: Any, levels: list[str]
):
    with LLMStandIn(says_tides, dialect=dialect, structured=structured) as llm:
        run = Run(library, llm.base_url)
        assert run.ask("One.", "Two.", "Three.") == [TIDES] * 3
        assert [logged.level for logged in llm.requests] == [*levels, levels[-1], levels[-1]]
    assert run.waits == []


@pytest.mark.parametrize("dialect", ["openai", "llama.cpp"])
def test_a_server_that_fails_at_the_schema_is_asked_without(library: Library, dialect: str):
    with LLMStandIn(says_tides, dialect=dialect, structured="fails") as llm:
        assert Run(library, llm.base_url).ask("One.", "Two.") == [TIDES] * 2
        levels = [logged.level for logged in llm.requests]
    assert levels[-2:] == ["json_object", "json_object"]
    # One that says why is believed at once, another after failing twice.
    assert levels[:-2] == ["json_schema"] * (1 if dialect == "llama.cpp" else 2)


@pytest.mark.parametrize(
    "fault", ["rate_limited", "overloaded", "bad_gateway", "reset", "server_error", "invalid_json"]
)
def test_what_may_pass_does_not_lower_the_level(library: Library, fault: str):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add(fault, times=1)
        assert Run(library, llm.base_url).ask("One.", "Two.") == [TIDES] * 2
        assert {logged.level for logged in llm.requests} == {"json_schema"}


def test_parameters_that_a_server_rejects_are_not_sent_again(library: Library):
    rejects = frozenset({"max_tokens", "temperature"})
    with LLMStandIn(says_tides, rejects=rejects) as llm:
        run = Run(library, llm.base_url)
        assert run.ask("One.", "Two.", "Three.") == [TIDES] * 3
        assert [logged.status for logged in llm.requests] == [400, 400, 200, 200, 200]
    assert run.completions.usage.total.retries == 2


def test_a_request_that_is_refused_in_every_form_is_an_error_of_its_own(library: Library):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add("bad_request", times=3)
        refused, reply = Run(library, llm.base_url).ask("One.", "Two.")
        assert (type(refused), reply) == (RequestRefused, TIDES)
        levels = [logged.level for logged in llm.requests]
        assert levels == ["json_schema", "json_object", "text", "json_schema"]


# What passes


@pytest.mark.parametrize("fault", sorted({*OUTAGES, *REPLIES} - {"length", *HANGING}))
def test_whatever_goes_wrong_once_is_got_over(library: Library, fault: str):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add(fault, times=1)
        assert Run(library, llm.base_url).ask() == [TIDES]
        assert [logged.fault for logged in llm.requests] == [fault, None]
    assert Run(library, "http://127.0.0.1:1/v1").ask() == [TIDES]


@pytest.mark.parametrize("fault", sorted(MENDABLE))
def test_what_can_be_mended_is_not_asked_for_again(library: Library, fault: str):
    with LLMStandIn(lambda question: '{"title": "Tides\\n"}') as llm:
        llm.faults.add(fault)
        [reply] = Run(library, llm.base_url).ask()
        assert reply.title.startswith("Tides")
        assert len(llm.requests) == 1


@pytest.mark.parametrize("fault", HANGING)
def test_a_server_that_says_nothing_is_not_waited_for(library: Library, fault: str):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add(fault, times=1)
        assert Run(library, llm.base_url, timeout=0.3).ask() == [TIDES]
        assert [logged.fault for logged in llm.requests] == [fault, None]


def test_a_server_that_says_nothing_is_not_asked_as_often_as_others(library: Library):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add("hang")
        run = Run(library, llm.base_url, timeout=0.1)
        [failed] = run.ask()
        assert type(failed) is ServerUnreachable
        assert "no answer came within 0.1 seconds" in failed.message
        assert run.completions.usage.total.requests == 3


def test_mixed_failures_of_most_requests_are_got_over(library: Library):
    names = [name for name in (*OUTAGES, *REPLIES, *MENDABLE) if name not in (*HANGING, "length")]
    with LLMStandIn(says_tides) as llm:
        llm.faults.mix(names, share=0.6, seed=7)
        run = Run(library, llm.base_url)
        words = [f"Line {number}." for number in range(40)]
        assert [type(outcome) for outcome in run.ask(*words)] == [Form] * 40
        good = [logged.key for logged in llm.asked(good=True)]
        assert len(set(good)) == len(good) > 20
        last = {logged.key: logged for logged in llm.requests}
        assert all(last[key].good for key in good), "none is asked again after it was answered"
        assert run.completions.usage.total.requests == len(llm.requests) > 45


def test_the_waits_grow_and_end(library: Library):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add("overloaded")
        run = Run(library, llm.base_url, retries=5)
        [failed] = run.ask()
        assert type(failed) is ServerFailing
        assert "failed 6 times in a row: status 503" in failed.message
        assert len(llm.requests) == 6
    assert len(run.waits) == 5
    assert all(0 <= wait <= 2**number for number, wait in enumerate(run.waits, start=1))
    assert len(set(run.waits)) == 5


@pytest.mark.parametrize(
    ("said", "least"),
    [
        ({"retry_after": 20}, 20),
        ({"reset": "1m5s"}, 65),
        ({"retry_after": "Fri, 01 Jan 2021 00:00:00 GMT"}, 0),
    ],
)
def test_the_wait_that_a_server_asks_for_is_kept(
    library: Library, said: dict[str, Any], least: float
):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add("rate_limited", times=1, **said)
        run = Run(library, llm.base_url)
        assert run.ask() == [TIDES]
    assert [least <= wait <= least + 2 for wait in run.waits] == [True]


def test_a_wait_that_no_run_has_ends_it(library: Library):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add("rate_limited", retry_after=3600)
        run = Run(library, llm.base_url)
        outcomes = run.ask("One.", "Two.", "Three.")
        assert [type(outcome) for outcome in outcomes] == [RateLimited] * 3
        assert "wants 3600 seconds" in outcomes[0].message
        assert len(llm.requests) == 1
    assert run.waits == []


def test_while_one_waits_for_a_limit_no_other_is_sent(library: Library):
    waits: list[float] = []
    asked: list[asyncio.Task[Any]] = []
    sent: list[int] = []
    now = 0.0

    async def wait(seconds: float) -> None:
        nonlocal now
        waits.append(round(seconds, 1))
        if len(waits) == 1:
            asked.append(asyncio.create_task(completions.ask(request("Another."))))
            for _ in range(1000):
                if len(waits) > 1:
                    break
                await asyncio.sleep(0)
        sent.append(len(llm.requests))
        now = 20.0

    async def limited() -> Any:
        await completions.ask(request("First."))
        llm.faults.add("rate_limited", times=1, retry_after=20)
        reply = await completions.ask(request("One."))
        return [reply, *await asyncio.gather(*asked)]

    with LLMStandIn(says_tides) as llm:
        patience = Patience(wait=wait, clock=lambda: now, random=Random(1))
        server = Server("gpt-standin", llm.base_url, KEY)
        completions = Completions(server, library, patience=patience)
        assert asyncio.run(limited()) == [TIDES] * 2
    assert (len(waits), waits[1], sent) == (2, 20.0, [2, 2])


# What ends a run


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ("bad_key", KeyRefused),
        ("no_quota", NoQuota),
        ("unknown_model", ModelUnknown),
        ("wrong_path", ServerUrlWrong),
    ],
)
@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_what_would_meet_all_requests_is_met_once(
    library: Library, dialect: str, fault: str, meaning: type[GenerateError]
):
    with LLMStandIn(says_tides, dialect=dialect) as llm:
        llm.faults.add(fault)
        outcomes = Run(library, llm.base_url).ask("One.", "Two.", "Three.")
        assert [type(outcome) for outcome in outcomes] == [meaning] * 3
        assert all(outcome.fatal for outcome in outcomes)
        assert len(llm.requests) == 1


def test_a_server_that_forbids_its_use_says_why(library: Library):
    with LLMStandIn(says_tides) as llm:
        llm.faults.add("forbidden")
        [outcome] = Run(library, llm.base_url).ask()
    assert type(outcome) is ServerForbids
    assert "Country, region, or territory not supported" in outcome.message


def test_where_nothing_listens_nothing_is_waited_for(library: Library):
    run = Run(library, "http://127.0.0.1:1/v1")
    outcomes = run.ask("One.", "Two.")
    assert [type(outcome) for outcome in outcomes] == [ServerUnreachable] * 2
    assert "nothing listens at this address" in outcomes[0].message
    assert (run.waits, run.completions.usage.total.requests) == ([], 1)


def test_a_name_without_an_address_is_said_so(library: Library):
    [outcome] = Run(library, "http://no-such-host.invalid/v1").ask()
    assert type(outcome) is ServerUnreachable
    assert outcome.fatal


def test_a_page_at_the_address_is_no_model_server(library: Library):
    with wire(http("<!DOCTYPE html><title>Hello</title>")) as (url, asked):
        outcomes = Run(library, url, retries=1).ask("One.", "Two.")
    assert [type(outcome) for outcome in outcomes] == [ServerUrlWrong] * 2
    assert f"Try --base-url {url}/v1." in outcomes[0].message
    assert len(asked) == 2


def test_openais_server_is_not_asked_without_a_key(library: Library):
    run = Run(library, "https://api.openai.com/v1", key=None)
    assert [type(outcome) for outcome in run.ask()] == [KeyMissing]
    assert run.completions.usage.total.requests == 0


# The wire


@contextmanager
def wire(*replies: bytes) -> Iterator[tuple[str, list[tuple[str, dict[str, str], Any]]]]:
    """A server that gives these replies as they are, and what it was sent."""
    asked: list[tuple[str, dict[str, str], Any]] = []
    left = list(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.append((self.path, headers, json.loads(body)))
            self.wfile.write(left.pop(0) if len(left) > 1 else left[0])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def http(body: str, status: str = "200 OK", *headers: str) -> bytes:
    content = body.encode()
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(content)}", "connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


GOOD = http(json.dumps({"choices": [{"message": {"content": '{"title": "Tides"}'}}]}))


def test_what_is_sent_with_a_key(library: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-server")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-another-server")
    with wire(GOOD) as (url, asked):
        assert Run(library, f"{url}/v1?version=7").ask() == [TIDES]
    [(path, headers, body)] = asked
    assert path == "/v1/chat/completions?version=7"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "org-of" not in str(headers)
    assert "project-of" not in str(headers)
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("gpt-standin", 100, 0.2)
    assert "stream" not in body


def test_without_a_key_none_is_sent_whatever_else_is_set(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    with wire(GOOD) as (url, asked):
        assert Run(library, url, key=None).ask() == [TIDES]
    assert "authorization" not in asked[0][1]
    assert KEY not in str(asked)


def test_user_and_password_of_the_address_are_sent_as_such(library: Library):
    with wire(GOOD) as (url, asked):
        address = url.replace("http://", "http://anna:p%40ss@")
        assert Run(library, address, key=None).ask() == [TIDES]
    assert asked[0][1]["authorization"] == "Basic YW5uYTpwQHNz"


def test_a_server_on_this_machine_is_asked_without_the_proxy(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with wire(GOOD) as (url, _):
        assert Run(library, url).ask() == [TIDES]


def test_nobody_is_followed_elsewhere(library: Library):
    with wire(GOOD) as (elsewhere, followed):
        moved = http("", "307 Temporary Redirect", f"location: {elsewhere}/v1/chat/completions")
        with wire(moved) as (url, _):
            [outcome] = Run(library, f"{url}/v1").ask()
    assert type(outcome) is ServerUrlWrong
    assert followed == []


def test_half_of_a_surrogate_pair_and_nul_can_be_kept(library: Library):
    content = '{"title": "\ud83d \\ud83d \\u0000"}'
    with wire(http(json.dumps({"choices": [{"message": {"content": content}}]}))) as (url, _):
        [reply] = Run(library, url).ask()
    assert reply.title == "\ufffd \ufffd \0"


def test_answers_come_out_of_a_cassette_without_a_server_or_a_key(tmp_path: Path):
    tape = tmp_path / "tape.yaml"
    with LLMStandIn(says_tides, structured="json_object") as llm, cassette(tape):
        llm.faults.add("overloaded", times=1)
        with Library.open(tmp_path / "one.db") as library:
            assert Run(library, llm.base_url).ask("One.", "Two.") == [TIDES] * 2
    assert KEY not in tape.read_text(encoding="utf-8")
    with cassette(tape), Library.open(tmp_path / "two.db") as library:
        assert Run(library, llm.base_url, key=None).ask("One.", "Two.") == [TIDES] * 2


def test_what_a_cassette_does_not_hold_is_said_so(tmp_path: Path):
    tape = tmp_path / "tape.yaml"
    with Library.open(tmp_path / "one.db") as library, LLMStandIn(says_tides) as llm:
        with cassette(tape):
            Run(library, llm.base_url).ask("One.")
        with cassette(tape):
            assert [type(it) for it in Run(library, llm.base_url).ask("Two.")] == [NotInCassette]
        assert len(llm.requests) == 1


# The key

_ECHOES: dict[str, Callable[[str], bytes]] = {
    "unauthorized": lambda said: http(said, "401 Unauthorized"),
    "forbidden": lambda said: http(said, "403 Forbidden"),
    "bad request": lambda said: http(said, "400 Bad Request"),
    "not found": lambda said: http(said, "404 Not Found"),
    "busy": lambda said: http(said, "503 Busy"),
    "teapot": lambda said: http(said, "418 Teapot"),
    "moved": lambda said: http("", "301 Moved", f"location: https://h.example/{KEY}?{KEY}"),
    "refusal": lambda said: http(
        json.dumps({"choices": [{"message": {"content": None, "refusal": said}}], "model": KEY})
    ),
    "reply": lambda said: http(
        json.dumps({"choices": [{"message": {"content": json.dumps({KEY: said})}}], "model": KEY})
    ),
    "inside": lambda said: http(json.dumps({"error": {"message": said, "code": 429}})),
    "broken": lambda said: b"HTTP/1.1 200 " + KEY.encode() + b"\r\ncontent-length: 99\r\n\r\n{",
    "nonsense": lambda said: KEY.encode() + b"\r\n\r\n",
}


@pytest.mark.parametrize("echo", sorted(_ECHOES))
def test_the_key_is_nowhere_whatever_the_server_does(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    echo: str,
):
    said = json.dumps({"error": {"message": f"Not with {KEY}, nor {KEY[:10]}…{KEY[-8:]}!"}})
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("OPENAI_LOG", "debug")
    path = tmp_path / "library.db"
    with Library.open(path) as library, wire(_ECHOES[echo](said)) as (url, asked):
        run = Run(library, f"{url}/v1", retries=1)
        [outcome] = run.ask()
        assert KEY in asked[0][1]["authorization"]
        shown = [
            "".join(traceback.format_exception(outcome)),
            repr(outcome),
            outcome.message,
            repr(vars(run)),
            repr(vars(run.completions)),
            caplog.text,
            *capfd.readouterr(),
        ]
    assert isinstance(outcome, GenerateError)
    for text in shown:
        assert KEY not in text
        assert KEY[-8:] not in text
    if echo in ("refusal", "reply"):
        return  # a model's own words are kept as they came; the program never gives it the key
    for file in tmp_path.iterdir():
        assert KEY.encode() not in file.read_bytes()
