"""Videos that are not wanted any more: their notes go, and on request all that is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import GenerateError, NoLibraryYet
from generator.library import Library
from generator.library.trial import trial_of
from generator.models import Stage, VideoState
from generator.publishing.publisher import Published, Publisher
from generator.vault.locking import vault_lock
from generator.vault.overlay import Overlay, Watched
from generator.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from generator.settings import Settings


@dataclass(frozen=True, slots=True)
class ForgottenVideo:
    """A video that was forgotten, and its title as far as it was known.

    With `known` false nobody ever heard of it here, and nothing was done.
    """

    id: str
    title: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of a vault without some videos. Paths are from the working directory.

    `removed` are the files that went, `relinked` those that changed for it, `kept` those that
    should have gone or changed and stay, since their owner edited them.
    """

    videos: tuple[ForgottenVideo, ...]
    removed: tuple[str, ...] = ()
    relinked: tuple[str, ...] = ()
    kept: tuple[Published, ...] = ()
    errors: tuple[GenerateError, ...] = ()


def forget(
    ids: Sequence[str],
    settings: Settings,
    *,
    dry_run: bool = False,
    notice: Callable[[str], None] = lambda _: None,
) -> Forgotten:
    """Takes videos out of vault and library, transcripts and replies with them, for good.

    Lists pass them over from then on. With `dry_run` nothing is changed, and what would be is told.
    Raises NoLibraryYet where there is no library, VaultInUse where another run writes, LibraryError
    and VaultError.
    """
    path = settings.library or Vault(settings.output).library_path
    if not path.exists():
        raise NoLibraryYet(path)
    with ExitStack() as stack:
        if dry_run:
            disk: Watched = Overlay()
            library = stack.enter_context(trial_of(path))
        else:
            disk = Watched()
            stack.enter_context(vault_lock(settings.output, notice))
            library = stack.enter_context(Library.open(path, create=False))
        publisher = Publisher(settings, library, disk)
        videos = [_known(video_id, library) for video_id in dict.fromkeys(ids)]
        kept: list[Published] = []
        for video in videos:
            if video.known:
                kept += exclude([video.id], library, publisher)
                library.holdings.forget(video.id)
        settled = publisher.settle()
        return Forgotten(
            tuple(videos),
            _paths(disk.removed, settings),
            tuple(each.path for each in settled.written),
            (*kept, *(each for each in settled.kept if each not in kept)),
            settled.errors,
        )


def exclude(ids: Iterable[str], library: Library, publisher: Publisher) -> list[Published]:
    """Takes the notes of videos that are not wanted out of library and vault.

    Returns the files that are kept, since their owner edited them. Links to what went and entries
    of pages go when the publisher settles. Raises as `Publisher.publish`.
    """
    kept: list[Published] = []
    for video_id in ids:
        # First, so that a run that is killed here does not bring back what goes next.
        library.states.save(VideoState(video_id, Stage.EXCLUDED))
        kept += publisher.withdraw(video_id)
    return kept


def _known(video_id: str, library: Library) -> ForgottenVideo:
    video = library.video(video_id)
    known = library.holdings.is_known(video_id)
    return ForgottenVideo(video_id, video.title if video else "", known)


def _paths(removed: Iterable[Path], settings: Settings) -> tuple[str, ...]:
    """The notes among files that went, as the user knows the vault."""
    root = Vault(settings.output).root.resolve()
    return tuple(
        str(settings.output / path.relative_to(root)) for path in removed if path.suffix == ".md"
    )
