"""What a run is asked to do, besides how (which the settings say)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.errors import InvalidVideoId, UsageError, shorten
from generator.fetcher.ids import parse_video_id
from generator.listing.selection import EVERYTHING, Selection, selection_of
from generator.sources import Source, sources_of


@dataclass(frozen=True, slots=True)
class Task:
    """One run's work.

    `sources` are in the order in which notes get their names. With `regenerate` they are taken from
    the library alone; where none is named, what `selection` admits of all that it holds.
    `retry_failed` also tries again what cannot be expected to do better. `force` asks a model again
    though its reply is kept, for the `prompts` that are named, or for all. `exclude` are the ids of
    videos that are not wanted any more.
    """

    sources: tuple[Source, ...] = ()
    regenerate: bool = False
    retry_failed: bool = False
    force: bool = False
    prompts: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    selection: Selection = EVERYTHING

    @property
    def forced(self) -> tuple[str, ...]:
        """The prompts for which a model is asked anew."""
        from generator.summarizer.openai.prompts import VARIABLES

        return (self.prompts or tuple(VARIABLES)) if self.force else ()


def task_of(given: Mapping[str, Any]) -> Task:
    """The task that the options of the command line ask for; those not given are None or missing.

    Raises UsageError for what cannot be meant.
    """

    def listed(name: str) -> Any:
        return given.get(name) or ()

    names = ("limit", "since", "until", "sort", "min_duration", "max_duration", "match")
    selection = selection_of(
        **{name: given.get(name) for name in names}, with_shorts=bool(given.get("with_shorts"))
    )
    _check_prompts(listed("prompt"), force=bool(given.get("force")))
    regenerate, exclude = bool(given.get("regenerate")), tuple(map(video_id_of, listed("exclude")))
    sources = sources_of(
        listed("video"),
        listed("transcript"),
        channels=listed("channel"),
        playlists=listed("playlist"),
        videos_files=listed("videos"),
        selection=selection,
        video_id=given.get("video_id"),
        title=given.get("title"),
        channel=given.get("channel_name"),
        may_be_none=regenerate or bool(exclude),
    )
    if regenerate and listed("transcript"):
        raise UsageError(
            "--regenerate writes anew what the library holds, and --transcript brings something.",
            "Leave one of them out.",
        )
    if regenerate and selection.sort == "views":
        raise UsageError(
            "--regenerate goes by the library, which does not keep how often videos were watched.",
            "Leave out --sort views: of more videos than --limit it takes the newest.",
        )
    return Task(
        sources=tuple(sources),
        regenerate=regenerate,
        retry_failed=bool(given.get("retry_failed")),
        force=bool(given.get("force")),
        prompts=tuple(listed("prompt")),
        exclude=exclude,
        selection=selection,
    )


def _check_prompts(names: Sequence[str], *, force: bool) -> None:
    from generator.summarizer.openai.prompts import VARIABLES

    if names and not force:
        raise UsageError("--prompt says where --force asks again, and there is no --force.")
    for name in names:
        if name not in VARIABLES:
            known = ", ".join(VARIABLES)
            raise UsageError(
                f"--prompt {shorten(name)} is none of the prompts.", f"There are {known}."
            )


def video_id_of(given: str) -> str:
    """The id of the video that is given by id or URL; raises UsageError for what is none."""
    try:
        return parse_video_id(given)
    except InvalidVideoId as error:
        raise UsageError(error.happened, error.remedy) from None
