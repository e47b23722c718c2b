"""What the process that was started and its workers tell each other; all of it can be pickled."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from generator.errors import FetchError, GenerateError
from generator.fetcher.catalog import Shown
from generator.models import Completion, Fetched
from generator.summarizer.completions.usage import Usage
from generator.writing import WrittenNote

# To a worker


@dataclass(frozen=True, slots=True)
class Brief:
    """What all videos of a run have in common; nothing secret is in it.

    `run` is a name that no other run has. `settings` are values of Settings, `prompts` by their
    names where each is from and what it says. `keyed` says that the model server is asked with a
    key, `budgeted` and `rated` that tokens in all, or in a minute, are to be asked for first.
    """

    run: str
    settings: Mapping[str, Any]
    prompts: Mapping[str, tuple[str, str]]
    force: tuple[str, ...] = ()
    keyed: bool = False
    budgeted: bool = False
    rated: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One video: to be fetched where `fetched` is None, then written, from the replies kept.

    `asked_anew` are the keys of requests that were asked again in this run already (`--force`).
    """

    run: str
    number: int
    video_id: str
    shown: Shown | None = None
    fetched: Fetched | None = None
    completions: tuple[Completion, ...] = ()
    asked_anew: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Write:
    """A video that the worker fetched is to be written, from this."""

    job: int
    fetched: Fetched
    completions: tuple[Completion, ...] = ()
    asked_anew: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drop:
    """A video is not wanted any more."""

    job: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What was wanted is given, or (with an error) never will be."""

    lease: int
    error: GenerateError | None = None


@dataclass(frozen=True, slots=True)
class Drain:
    """Nothing new is asked of a model, for this reason."""

    reason: GenerateError


# From a worker


@dataclass(frozen=True, slots=True)
class Has:
    """The video was fetched."""

    job: int
    fetched: Fetched


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply came, and is to be kept."""

    completion: Completion


@dataclass(frozen=True, slots=True)
class Used:
    """What was used for a video."""

    video_id: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody who looks for a cause wants to know; of a job, if it has a number."""

    text: str
    job: int | None = None


@dataclass(frozen=True, slots=True)
class Wants:
    """Something of which there is only so much, for the sake of a video."""

    lease: int
    what: Literal["slot", "tokens", "turn"]
    work: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Returns:
    """What was given is free again, or not wanted any more."""

    lease: int


@dataclass(frozen=True, slots=True)
class Spent:
    """A reply took so many of the tokens that were reserved for it."""

    tokens: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a job. `fetching` is why the worker asks YouTube for no more, if so."""

    job: int
    notes: tuple[WrittenNote, ...] = ()
    error: GenerateError | None = None
    fetching: FetchError | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A worker that is ready for a run. `way` tells apart the addresses that YouTube sees."""

    way: str = ""
    proxied: bool = False
    error: GenerateError | None = None


ToWorker = Write | Drop | Granted | Drain
FromWorker = Has | Kept | Used | Told | Wants | Returns | Spent | Ended


def packed(messages: Sequence[ToWorker | FromWorker]) -> bytes:
    """Messages for the wire."""
    return pickle.dumps(list(messages), protocol=5)


def unpacked(data: bytes) -> list[Any]:
    """Messages from the wire: from a process of the same program, as was found out before."""
    return list(pickle.loads(data)) if data else []  # noqa: S301 - Dask itself runs code
