"""The engine that the settings ask for, ready for one run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.library import Library
    from generator.settings import Settings
    from generator.summarizer.engine import Engine
    from generator.summarizer.usage import UsageBook


@dataclass(frozen=True, slots=True)
class OpenEngine:
    """An engine, what it took so far (None for one that costs nothing), and how to end its asking.

    After `drain` nothing new is asked; what is in flight is waited for and kept.
    """

    engine: Engine
    usage: UsageBook | None = None
    drain: Callable[[], None] = lambda: None


@asynccontextmanager
async def open_engine(settings: Settings, library: Library) -> AsyncIterator[OpenEngine]:
    """The engine of a run. Raises UsageError for a server address or prompts that cannot be."""
    if settings.engine_name == "extractive":
        from generator.summarizer.extractive import ExtractiveEngine

        yield OpenEngine(ExtractiveEngine())
        return
    from generator.summarizer.asking import Options
    from generator.summarizer.completions import Completions, Patience, Server
    from generator.summarizer.openai import OpenAIEngine
    from generator.summarizer.prompts import Prompts

    key = settings.api_key.get_secret_value() if settings.api_key else None
    prompts = Prompts(settings.prompts)
    completions = Completions(
        Server(settings.model, settings.base_url, key),
        library,
        jobs=settings.jobs,
        max_tokens_total=settings.max_tokens_total,
        patience=Patience(retries=settings.model_retries, timeout=settings.model_timeout),
    )
    options = Options(
        topics=settings.topics,
        note_language=settings.note_language,
        context_tokens=settings.context_tokens,
    )
    async with completions:
        yield OpenEngine(
            OpenAIEngine(completions, prompts, options), completions.usage, completions.drain
        )
