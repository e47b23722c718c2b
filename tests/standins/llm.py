"""A stand-in for OpenAI-compatible model servers on this machine, for what the openai package asks.

    with LLMStandIn(ByRule()) as llm:
        ...  # clients given llm.base_url and any key find a server there

    with LLMStandIn(Written(...)) as llm, llm.trusted():
        ...  # clients of https://api.openai.com find it behind a local proxy

By hand, `python -m tests.standins.llm` answers for the demo's talks until Ctrl-C.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.standins.llm_batches import BatchService
from tests.standins.llm_damage import is_refused, spoilt_body, spoilt_reply, spoilt_way
from tests.standins.llm_dialects import DIALECTS
from tests.standins.llm_faults import OUTAGES, REFUSALS, REPLIES, Fault, Faults
from tests.standins.llm_log import Log, Request
from tests.standins.llm_openai import JSON, Completion, dumped
from tests.standins.llm_question import Question, count
from tests.standins.llm_rule import ByRule
from tests.standins.llm_traits import Problem, Traits, masked
from tests.standins.llm_written import Written
from tests.standins.talk import Talk, demo_talks
from tests.standins.tunnel import Answer, Asked, Reply, Tunnel, environment
from tests.standins.youtube import wait_for_interrupt

HOST = "api.openai.com"
MODELS = ("gpt-standin", "gpt-standin-mini")
Answerer = Callable[[Question], "dict[str, Any] | str | None"]
"""Makes a reply's fields, or its text; None where it knows none."""


class LLMStandIn(Log):
    """Answers POST …/chat/completions, GET …/models and for batches while it is entered.

    `answer` makes the replies, several are asked one after the other. `traits` is what the server
    is like, `faults` the switches for what goes wrong, `requests` the log. `batches` is its batch
    service. `dialect` is one of DIALECTS. `talks` (or `videos`: the texts of the lines, by id) tell
    which video a request is on.
    """

    def __init__(
        self,
        *answer: Answerer,
        dialect: str = "openai",
        talks: Sequence[Talk] = (),
        videos: Mapping[str, Sequence[str]] | None = None,
        **traits: Any,
    ) -> None:
        super().__init__()
        self.traits = Traits(**traits)
        self.faults = Faults()
        self.pause: Callable[[Question, str | None], object] | None = None
        self._answers = answer or (ByRule(),)
        self._dialect = DIALECTS[dialect]
        self._videos = Written({**lines_of(talks), **(videos or {})}, folder=Path("-"))
        self._in_flight = 0
        self._gate = threading.Event()
        self._gate.set()
        self._prompts: list[str] = []
        self._known: dict[tuple[str, str, str], str] = {}
        self.batches = BatchService(self._in_batch)
        self._tunnel = Tunnel((HOST,), self._answer, lambda host: None)

    @property
    def base_url(self) -> str:
        """What to give as `--base-url`."""
        return self._tunnel.proxy_url + self._dialect.prefix

    @property
    def proxy_url(self) -> str:
        """The proxy behind which the server is api.openai.com."""
        return self._tunnel.proxy_url

    @property
    def ca_bundle(self) -> Path:
        """The certificate authority to trust, as a PEM file."""
        return self._tunnel.ca_bundle

    @contextmanager
    def trusted(self, *others: Path) -> Iterator[None]:
        """This process finds the stand-in as https://api.openai.com, and nothing else by HTTPS.

        The openai package reads both variables when a client is made. `others` are certificate
        authorities to trust beside this one, as PEM files.
        """
        bundle = self.ca_bundle.with_name("trusted.pem")
        bundle.write_bytes(b"".join(path.read_bytes() for path in (self.ca_bundle, *others)))
        wanted = {"HTTPS_PROXY": self.proxy_url, "SSL_CERT_FILE": str(bundle)}
        others_of_the_name = ("https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
        with environment(wanted, *others_of_the_name):
            yield

    @contextmanager
    def held(self) -> Iterator[Callable[[int], None]]:
        """No reply goes out until this is left; what it gives waits until so many are waiting."""
        self._gate.clear()
        try:
            yield self._wait_for
        finally:
            self._gate.set()

    def __enter__(self) -> Self:
        self._tunnel.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._gate.set()
        self._tunnel.close()

    def _wait_for(self, waiting: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._in_flight >= waiting, timeout=30):
                raise AssertionError(f"{self._in_flight} requests are waiting, not {waiting}")

    def _answer(self, asked: Asked) -> Answer:
        question = Question(asked)
        place = asked.path.removeprefix(self._dialect.prefix)
        if not asked.path.startswith(self._dialect.prefix):
            place = ""
        if (asked.method, place) == ("GET", "/models"):
            names = self.traits.models or MODELS
            problem = self.traits.key_problem(question)
            reply = (
                self._dialect.refuse(problem, question)
                if problem
                else Reply(200, dumped(self._dialect.models(names)), JSON)
            )
            self._log(question, None, problem, reply)
            return reply
        if place.startswith(("/files", "/batches")):
            problem = self.traits.key_problem(question)
            if problem:
                return self._dialect.refuse(problem, question)
            return self.batches.answer(asked, place)
        if (asked.method, place) != ("POST", "/chat/completions"):
            reply = self._dialect.wrong_path(question)
            self._log(question, None, Problem("wrong_path"), reply)
            return reply
        with self._changed:
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
            self._changed.notify_all()
        try:
            self._gate.wait()
            return self._complete(question)
        finally:
            with self._changed:
                self._in_flight -= 1

    def _in_batch(self, question: Question) -> Reply:
        """The reply to a request of a batch; a bad way there is the service's own."""
        answer = self._complete(question)
        return answer if isinstance(answer, Reply) else Reply(500, dumped({"error": {}}), JSON)

    def _complete(self, question: Question) -> Answer:
        video = self._videos.video(question)
        if self.pause:
            self.pause(question, video)
        question.key = self._first_key(question)
        fault = self.faults.take(question.key, question.prompt, video)
        name = fault.name if fault else ""
        if fault and is_refused(name):
            problem = Problem(name, self._words(question))
            refusal = self._dialect.refuse(problem, question, fault)
            self._log(question, fault, None, refusal, video=video)
            return refusal
        wrong = self.traits.problem(question)
        if wrong is not None:
            refusal = self._dialect.refuse(wrong, question)
            self._log(question, fault, wrong, refusal, video=video)
            return refusal
        written = self._written(question)
        spoilt = spoilt_reply(name, written)
        spoilt = replace(spoilt, output=count(len(spoilt.content or "") + len(spoilt.reasoning)))
        body = spoilt_body(name, self._dialect.completion(question, spoilt))
        reply = Reply(200, dumped_as_it_is(body), self._dialect.headers(question))
        answer = spoilt_way(name, reply)
        heeded = self.traits.heeds(question)
        whole = heeded and name not in _ASK_AGAIN and written.finish == "stop"
        self._log(question, fault, None, answer, written=spoilt, video=video, good=whole)
        return answer

    def _first_key(self, question: Question) -> str:
        """The key under which it was first asked: asked anew, it has words added to its end."""
        with self._changed:
            for (model, prompt, asks), key in self._known.items():
                same = (model, prompt) == (question.model, question.prompt)
                if same and (question.asks + "\n\n").startswith(asks + "\n\n"):
                    return key
            self._known[question.model, question.prompt, question.asks] = question.key
            return question.key

    def _written(self, question: Question) -> Completion:
        """What the model writes, cut off at the limit of its output."""
        reply = next((made for each in self._answers if (made := each(question)) is not None), {})
        if not self.traits.heeds(question) and not isinstance(reply, str):
            reply = {"answer": "Here is what I think of it.", "sure": True}
        content = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
        cached = self._cached(question) if self.traits.caches else 0
        limit = question.output_limit
        if limit is not None and count(len(content)) > limit:
            return Completion(content[: 4 * limit], "length", cached=cached)
        return Completion(content, cached=cached)

    def _cached(self, question: Question) -> int:
        """The tokens of a prompt's beginning that an earlier prompt had: 1024 and up, by 128."""
        with self._changed:
            shared = max(
                (_shared(question.text, earlier) for earlier in self._prompts),
                default=0,
            )
            self._prompts.append(question.text)
        tokens = shared // 4 // 128 * 128
        return tokens if tokens >= 1024 else 0

    def _words(self, question: Question) -> dict[str, Any]:
        given = question.asked.headers.get("authorization", "").removeprefix("Bearer ").strip()
        return {"key": masked(given), "what": "Bad request."}

    def _log(
        self,
        question: Question,
        fault: Fault | None,
        problem: Problem | None,
        answer: Answer,
        *,
        written: Completion | None = None,
        video: str | None = None,
        good: bool = False,
    ) -> None:
        beside = question.said or {}
        form = beside.get("response_format")
        line = Request(
            path=question.asked.path,
            model=question.model,
            prompt=question.prompt,
            video=video,
            key=question.key,
            digest=question.digest,
            level=question.level,
            fault=fault.name if fault else None,
            problem=problem.name if problem else None,
            status=answer.status if isinstance(answer, Reply) else 200 if written else 0,
            input_tokens=question.tokens if written else 0,
            output_tokens=written.output if written else 0,
            cached_tokens=written.cached if written else 0,
            text_characters=sum(map(len, question.lines.values())),
            schema_characters=len(json.dumps(form, ensure_ascii=False)) if form else 0,
            authorized="authorization" in question.asked.headers,
            good=good,
            batch=question.batch,
        )
        with self._changed:
            self.requests.append(line)
            self._changed.notify_all()


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


# What cannot be mended for sure is among them, too.
_ASK_AGAIN = {*REFUSALS, *OUTAGES, *REPLIES, "null_characters", "trailing_commas"}


def dumped_as_it_is(body: Any) -> bytes:
    """A body as it is sent, with half of a surrogate pair as the escape it came as."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")


def lines_of(talks: Sequence[Talk]) -> dict[str, list[str]]:
    """The texts of each talk's lines, of all its tracks, as the program makes them."""
    from generator.models import Cue, Transcript
    from generator.summarizer.lines import make_lines

    found: dict[str, list[str]] = {}
    for talk in talks:
        for track in talk.tracks:
            cues = tuple(Cue(cue.start, cue.duration, cue.text) for cue in track.cues)
            transcript = Transcript(talk.id, track.language, track.generated, cues)
            found.setdefault(talk.id, []).extend(line.text for line in make_lines(transcript))
    return found


def demo_answers(talks: Sequence[Talk] | None = None) -> tuple[Answerer, Answerer]:
    """What was written for the demo's talks; where nothing was, replies by rule."""
    return Written(lines_of(talks or demo_talks())), ByRule()


def main() -> None:
    """Answers for the demo's talks and says how to reach it."""
    talks = demo_talks()
    with LLMStandIn(*demo_answers(talks), talks=talks) as llm:
        print("export OPENAI_API_KEY=any")
        print(f"generate --engine openai --base-url {llm.base_url} --model {MODELS[1]} …")
        print("Ctrl-C ends it.", flush=True)
        wait_for_interrupt()


if __name__ == "__main__":
    main()
