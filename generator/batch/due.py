"""Which videos of a list a run has to do with, and what it says of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from generator.errors import EngineError, FetchError, GenerateError, UsageError
from generator.models import Stage, VideoState
from generator.telling.report import Failure

if TYPE_CHECKING:
    from generator.settings import Settings


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Why there is nothing to do: `reason` in words that follow “because”, and an earlier error."""

    state: Literal["passed-over", "skipped"]
    reason: str
    error: Failure | None = None


def passed_over(
    known: VideoState | None, settings: Settings, *, retry_failed: bool = False
) -> PassedOver | None:
    """What to say of a listed video with which nothing is done, or None where it is due.

    One that failed is due again where that can help: where its cause passes, where it is tried with
    other things now (a language, cookies, a model), or where the user says so (`retry_failed`).
    """
    if known is None or known.stage in (Stage.PENDING, Stage.FETCHED):
        return None
    if known.stage is Stage.EXCLUDED:
        return PassedOver("passed-over", "it is not wanted")
    if known.stage is Stage.WRITTEN:
        anew = settings.refetch and not settings.offline
        return None if anew else PassedOver("passed-over", "its notes are written")
    if known.passing or retry_failed or known.tried not in _tried_with(settings):
        return None
    reason = "it failed before, and trying again cannot be expected to help"
    return PassedOver("passed-over", reason, Failure.of(known))


def state_after(
    video_id: str, error: GenerateError, settings: Settings, *, fetched: bool
) -> VideoState:
    """What is kept of a video that came to no end, or a bad one.

    What would have met any other video alike (a block, a key, the user's Ctrl-C) is no failure of
    this one: it stays as far as it came.
    """
    told = (error.cause, error.happened, error.remedy)
    if is_of_the_run(error):
        stage = Stage.FETCHED if fetched else Stage.PENDING
        return VideoState(video_id, stage, *told, passing=True)
    of_the_video = isinstance(error, FetchError | EngineError)
    passing = error.passing or not of_the_video
    return VideoState(video_id, Stage.FAILED, *told, passing, tried=_tried(error, settings))


def is_of_the_run(error: GenerateError) -> bool:
    """Whether an error would have met any other video alike."""
    return error.cause in _NOBODYS_FAULT or error.fatal or isinstance(error, UsageError)


_NOBODYS_FAULT = {"blocked", "offline", "not-in-cassette"}


def _tried_with(settings: Settings) -> tuple[str, str]:
    """With what videos are fetched, and written, in words; nothing secret is in them."""
    languages = ",".join(settings.language) or "any language"
    cookies = settings.cookies or settings.cookies_from_browser
    proxy = settings.proxy or settings.webshare_username
    ways = [name for name, used in (("cookies", cookies), ("a proxy", proxy)) if used]
    fetched = ", ".join([f"captions in {languages}", *ways])
    if settings.engine_name == "extractive":
        return fetched, "extractive"
    return fetched, f"{settings.model}, notes in {settings.note_language}"


def _tried(error: GenerateError, settings: Settings) -> str:
    fetched, written = _tried_with(settings)
    return fetched if isinstance(error, FetchError) else written
