"""Which notes a vault has: its files, and what the library knows of those it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.models import Note, VaultNote
from generator.renderer.slugs import slug_key


class Directory:
    """The notes that links can lead to and that pages list.

    Those that the library knows have their aliases and dates from it, and the channel that they
    are of, wherever their owner moved them.
    """

    def __init__(
        self,
        there: Iterable[VaultNote],
        known: Iterable[Note],
        paths: Mapping[str, str | None],
        arriving: Iterable[Note] = (),
    ) -> None:
        """From the vault's files and the library's notes of one channel.

        `paths` says by slug where the files of `known` were last; `arriving` are those of them that
        are about to be written, and so count as there.
        """
        self._notes = {note.path: note for note in there}
        self._files: dict[str, VaultNote] = {}
        by_video: dict[str, list[VaultNote]] = {}
        for file in self._notes.values():
            by_video.setdefault(file.video_id, []).append(file)
        coming = {note.slug for note in arriving}
        for note in known:
            path = paths.get(note.slug) or f"{note.video.channel}/{note.slug}.md"
            found = _file_of(note, by_video.get(note.video.id, []), path)
            if found is None and note.slug in coming:
                found = VaultNote(note.video.channel, note.slug, note.title, note.video.id, path)
            if found is not None:
                self._files[note.slug] = self._notes[found.path] = _completed(found, note)

    @property
    def notes(self) -> list[VaultNote]:
        """All notes of the vault."""
        return list(self._notes.values())

    def file_of(self, note: Note) -> VaultNote | None:
        """The file of a note that the library knows; None where its owner deleted it."""
        return self._files.get(note.slug)


def _file_of(note: Note, of_video: list[VaultNote], path: str) -> VaultNote | None:
    """Where it was last, else what has its title or its name."""
    for file in of_video:
        if file.path == path:
            return file
    for file in of_video:
        if file.title == note.title or slug_key(file.slug) == slug_key(note.slug):
            return file
    return None


def _completed(file: VaultNote, note: Note) -> VaultNote:
    names = dict.fromkeys((note.title, *note.aliases, *file.aliases))
    return replace(
        file,
        channel=note.video.channel,
        aliases=tuple(name for name in names if name != file.title),
        published=note.video.published or file.published,
    )
