"""The engine that the settings ask for, ready for one run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.errors import Offline, UsageError, shorten

if TYPE_CHECKING:
    from generator.batchapi.rounds import Rounds
    from generator.library import Library
    from generator.models import Draft, Line, Statement, Topic, Transcript, Video
    from generator.settings import Settings
    from generator.summarizer.completions.client import Completions, Patience, Replies, Server
    from generator.summarizer.completions.collecting import Collecting
    from generator.summarizer.completions.limits import Limits, OwnLimits
    from generator.summarizer.completions.usage import UsageBook
    from generator.summarizer.engine import Engine
    from generator.summarizer.extractive.engine import ExtractiveEngine
    from generator.summarizer.openai.prompts import Prompts


@dataclass(frozen=True, slots=True)
class OpenEngine:
    """An engine, what it took so far (None for one that costs nothing), and how to end its asking.

    `language` is the one that it writes in, None for the talk's own. After `drain` nothing new is
    asked, for a reason where one is given; what is in flight is waited for and kept.
    `asked_anew` marks requests, by their keys, as asked for again already. `ingredients` name what
    of the settings decides what it writes. `rounds` are the batches that requests go into, or went
    into in earlier runs.
    """

    engine: Engine
    language: str | None = None
    usage: UsageBook | None = None
    drain: Callable[..., None] = lambda *_: None
    asked_anew: Callable[[Collection[str]], None] = lambda _: None
    ingredients: Mapping[str, str] = field(default_factory=dict)
    rounds: Rounds | None = None


@asynccontextmanager
async def open_engine(
    settings: Settings,
    library: Replies,
    *,
    force: Collection[str] = (),
    limits: Limits | None = None,
    usage: UsageBook | None = None,
    prompts: Prompts | None = None,
) -> AsyncIterator[OpenEngine]:
    """The engine of a run, which asks anew for the prompts in `force`.

    `limits`, `usage` and `prompts` take the places of those that the settings lead to. Raises
    UsageError for a server address or prompts that cannot be.
    """
    check_batch_settings(settings)
    if settings.engine_name == "extractive":
        yield _extractive()
        return
    from generator.library import Library
    from generator.summarizer.completions.client import Completions

    server = server_of(settings)
    if isinstance(library, Library) and (settings.batch or library.batches.open()):
        async with _with_batches(settings, server, library, force) as opened:
            yield opened
        return
    async with Completions(
        server,
        library,
        limits=limits or limits_of(settings),
        patience=patience_of(settings),
        force=force,
        usage=usage,
    ) as completions:
        if settings.offline and not server.is_local:
            completions.drain(_offline(server.url))
        yield _asking(settings, completions, prompts)


@asynccontextmanager
async def _with_batches(
    settings: Settings, server: Server, library: Library, force: Collection[str]
) -> AsyncIterator[OpenEngine]:
    """The engine of a run whose requests go into batches, or may be in some."""
    from generator.batchapi.client import Batched, Way
    from generator.batchapi.rounds import Rounds
    from generator.batchapi.service import Service
    from generator.batchapi.submitting import Limits

    patience = patience_of(settings)
    async with Batched(
        server,
        library,
        Way(settings.batch, settings.finish_live),
        limits=limits_of(settings),
        patience=patience,
        force=force,
    ) as client:
        if settings.offline and not server.is_local:
            client.drain(_offline(server.url))
            yield _asking(settings, client)
            return
        service = Service(server, patience, client.ending)
        replayed = settings.cassette is not None and settings.cassette.exists()
        rounds = Rounds(
            client,
            service,
            library,
            limits=Limits(settings.batch_requests, settings.batch_bytes, settings.batch_tokens),
            wait=settings.batch and settings.wait,
            poll=0.0 if replayed else settings.batch_poll,
            salt="" if settings.cassette else None,
        )
        try:
            yield replace(_asking(settings, client), rounds=rounds)
        finally:
            await service.close()


def check_batch_settings(settings: Settings) -> None:
    """Raises UsageError for settings that cannot go with batches, or not without."""
    if settings.wait and not settings.batch:
        raise UsageError("--wait says how long --batch stays, and there is no --batch.", "Add it.")
    if not settings.batch:
        return
    if settings.engine_name == "extractive":
        raise UsageError(
            "--batch gives requests to a model server, and the extractive engine makes none.",
            "Leave it out, or set a key or --base-url of a model server.",
        )
    if settings.dask:
        raise UsageError(
            "--batch gives requests to one service, and with --dask workers ask by themselves.",
            "Leave one of them out.",
        )
    if settings.offline and not server_of(settings).is_local:
        raise UsageError(
            "--batch asks a model server on the network, and with --offline nobody there is asked.",
            "Leave one of them out.",
        )


def _offline(server: str) -> Offline:
    """Why a run that asks nobody on the network has no reply."""
    return Offline(
        f"The library does not have all replies, and the model server {shorten(server)} is not on"
        " this machine",
        "Run the same command without --offline, or with the --base-url of a server on this"
        " machine, or with --engine extractive.",
    )


@asynccontextmanager
async def try_engine(
    settings: Settings, library: Library, *, force: Collection[str] = ()
) -> AsyncIterator[tuple[OpenEngine, Collecting | None]]:
    """As `open_engine`, an engine that asks nobody; with it, what would be asked is collected.

    None is collected for an engine that makes no requests.
    """
    check_batch_settings(settings)
    if settings.engine_name == "extractive":
        yield _extractive(), None
        return
    from generator.summarizer.completions.collecting import Collecting

    async with Collecting(server_of(settings), library, force=force) as collecting:
        yield _asking(settings, collecting), collecting


def _extractive() -> OpenEngine:
    from generator.summarizer.extractive.engine import ExtractiveEngine

    return OpenEngine(_Awaited(ExtractiveEngine()), ingredients={"engine": "extractive"})


def _asking(
    settings: Settings, completions: Completions, prompts: Prompts | None = None
) -> OpenEngine:
    from generator.summarizer.openai.asking import Options
    from generator.summarizer.openai.engine import OpenAIEngine
    from generator.summarizer.openai.prompts import VARIABLES, Prompts

    prompts = prompts or Prompts(settings.prompts)
    options = Options(
        topics=settings.topics,
        note_language=settings.note_language,
        context_tokens=settings.context_tokens,
    )
    return OpenEngine(
        OpenAIEngine(completions, prompts, options),
        None if settings.note_language == "same" else settings.note_language,
        completions.usage,
        completions.drain,
        completions.asked_anew,
        {
            "engine": "openai",
            "model": settings.model,
            "setting topics": str(settings.topics),
            "setting note_language": settings.note_language,
            "setting context_tokens": str(settings.context_tokens),
            **{f"prompt {name}": prompts[name].digest for name in VARIABLES},
        },
    )


def server_of(settings: Settings) -> Server:
    """The model server of a run. Raises UsageError for an address or a key that cannot be."""
    from generator.summarizer.completions.client import Server

    key = settings.api_key.get_secret_value() if settings.api_key else None
    return Server(settings.model, settings.base_url, key)


def limits_of(settings: Settings) -> OwnLimits:
    """How many requests a run makes at once, in a minute, and for how many tokens in all."""
    from generator.summarizer.completions.limits import OwnLimits
    from generator.summarizer.completions.rates import Rates

    rates = Rates(settings.requests_per_minute, settings.tokens_per_minute)
    return OwnLimits(settings.jobs, settings.max_tokens_total, rates)


def patience_of(settings: Settings) -> Patience:
    """How long a run bears with a model server."""
    from generator.summarizer.completions.client import Patience

    return Patience(retries=settings.model_retries, timeout=settings.model_timeout)


class _Awaited:
    """The extractive engine as one that is awaited. It quotes, so that nothing needs repair."""

    def __init__(self, engine: ExtractiveEngine) -> None:
        self._engine = engine
        self.name = engine.name

    async def outline(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...]
    ) -> tuple[Topic, ...]:
        return self._engine.outline(video, transcript, lines)

    async def write(
        self, video: Video, transcript: Transcript, lines: tuple[Line, ...], topic: Topic
    ) -> Draft:
        return self._engine.write(video, transcript, lines, topic)

    async def repair(
        self, video: Video, lines: tuple[Line, ...], statements: tuple[Statement, ...]
    ) -> tuple[Statement | None, ...]:
        return (None,) * len(statements)

    async def verify(
        self, video: Video, lines: tuple[Line, ...], statements: tuple[Statement, ...]
    ) -> tuple[bool, ...]:
        return (True,) * len(statements)
