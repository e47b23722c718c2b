"""The pages of a vault that list its notes: one a channel, and `index.md` with the channels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from generator.models import VaultNote
from generator.publishing.directory import Directory
from generator.renderer.slugs import slug_key

if TYPE_CHECKING:
    from pathlib import Path

    from generator.library.index import VideoEntry
    from generator.renderer.markdown import PageVideo


def notes_by_channel(directory: Directory, keys: Iterable[str]) -> dict[str, list[VaultNote]]:
    """The notes that pages list: those of videos, by the `slug_key` of these channels."""
    found: dict[str, list[VaultNote]] = {key: [] for key in keys}
    for channel, notes in _by_channel(directory).items():
        if (key := slug_key(channel)) in found:
            found[key] += notes
    return found


def _by_channel(directory: Directory) -> dict[str, list[VaultNote]]:
    by_channel: dict[str, list[VaultNote]] = {}
    for note in directory.notes:
        if note.video_id:
            by_channel.setdefault(note.channel, []).append(note)
    return by_channel


def channel_page(
    channel: str,
    notes: Sequence[VaultNote],
    directory: Directory,
    videos: Sequence[VideoEntry],
    listed: Callable[[], Mapping[str, str]],
    target: Callable[[VaultNote], str],
    templates: Path | None,
) -> str:
    """The text of a channel's page with these notes; raises TemplateError.

    Newest video first; those of one day, or without one, as they came. `videos` are those that the
    library knows of the channel, as they came. `listed` gives the videos of the page as it is, ids
    with titles; it is called only where the library does not know one. `target` is what a link to a
    note has in its brackets.
    """
    from generator.fetcher.ids import address_of
    from generator.renderer.markdown import PageVideo, render_channel_page

    known = {video.id: video for video in videos}
    by_video = _by_video(notes, directory)
    titles = {} if by_video.keys() <= known.keys() else listed()
    order = [*(id_ for id_ in titles if id_ not in known), *known]
    places = {id_: at for at, id_ in enumerate(order)}

    def newest_first(video_id: str) -> tuple[int, int, str]:
        days = [note.published for note in by_video[video_id] if note.published]
        day = -max(days).toordinal() if days else 0
        return day, places.get(video_id, len(places)), video_id

    def entry(video_id: str) -> PageVideo:
        video = known.get(video_id)
        return PageVideo(
            id=video_id,
            title=video.title if video else titles.get(video_id, video_id),
            url=video.url if video else address_of(video_id),
            notes=tuple(by_video[video_id]),
        )

    entries = [entry(video_id) for video_id in sorted(by_video, key=newest_first)]
    return render_channel_page(channel, entries, target=target, templates=templates)


def _by_video(notes: Iterable[VaultNote], directory: Directory) -> dict[str, list[VaultNote]]:
    """Notes by their video; a video's in their order, those that the library does not know last."""
    by_video: dict[str, list[VaultNote]] = {}
    for note in notes:
        by_video.setdefault(note.video_id, []).append(note)
    for video_id, of_video in by_video.items():
        if len(of_video) > 1:
            places = {
                (entry.channel, entry.slug): entry.position
                for entry in directory.entries_of(video_id)
            }
            of_video.sort(key=lambda note: _place(note, directory, places))
    return by_video


def _place(
    note: VaultNote, directory: Directory, places: Mapping[tuple[str, str], int]
) -> tuple[int, str]:
    of_library = directory.id_at(note.path)
    return places.get(of_library, len(places)) if of_library else len(places), note.path
