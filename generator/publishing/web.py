"""The vault's notes as links know them: found once in a run, and changed in place."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from generator.library.index import FileRow, NoteEntry
from generator.models import VaultNote
from generator.publishing.directory import Change, Directory
from generator.renderer.slugs import slug_key
from generator.vault.survey import Front, as_note, is_note

if TYPE_CHECKING:
    from generator.library import Library
    from generator.renderer.links import Linker
    from generator.vault.disk import Seen
    from generator.vault.vault import Vault


LINKED = "linked"
"""Under this name the library keeps by what code links, and what finds names, were made."""


class Web:
    """The notes of a vault, and what finds them in others.

    `made_for` are the vault's files, by path, as they were when all links were last made, and
    `changes` what was found changed by others than this run since it began. `is_indexed` says that
    the library has what finds the names of the notes that they were.
    """

    def __init__(self, vault: Vault, library: Library) -> None:
        self._vault = vault
        self.made_for = {row.path: row for row in library.index.files()}
        vault.remember({path: _seen(row) for path, row in self.made_for.items()})
        files = vault.files()
        self.directory = Directory(filter(is_note, files), library.index.notes())
        self._index = library.index
        self.is_indexed = library.index.mark(LINKED) == linked_by()
        self._others = _other_names(files)
        self.linker = self._linker()
        self.changes: list[Change] = []

    def expect(self, channel: str, video_id: str, entries: Sequence[NoteEntry]) -> None:
        """These are the library's notes of a video now, and their files are about to be there."""
        self._apply(self.directory.expect(channel, video_id, entries))

    def drop(self, path: str) -> None:
        """The file there was just taken away."""
        self._apply(self.directory.drop(path))

    def look(self, *, again: bool = False) -> None:
        """Finds what has changed in the vault; with `again`, only what this run has written."""
        seen = self._vault.seen_files
        files = [file for _, file in seen.values()] if again else self._vault.files()
        changes = self.directory.look(filter(is_note, files))
        others = _other_names(files)
        if others == self._others:
            self._apply(changes)
        else:  # once in a long while
            self.changes += self._named((*others, *self._others))
            self._others = others
            self.linker = self._linker()
        self.changes += changes

    def changed(self) -> list[Change]:
        """What differs from what links were last made for, or was found to have changed since.

        Those are among it, too, to which links may have another target now, since notes came or
        went that have the same file name.
        """
        changes = list(self.changes)
        left = {note.path: note for note in self.directory.notes}
        for path, row in self.made_for.items():
            note = left.pop(path, None)
            if row.channel is None:
                changes.extend([(None, note)] if note else [])
            elif note is None or _known(note) != (row.title, row.video_id, *row[-3:]):
                changes.append((_note_of(row), note))
        changes.extend((None, note) for note in left.values())
        names = {
            name
            for was, now in changes
            if was is None or now is None or (was.slug, was.channel) != (now.slug, now.channel)
            for note in (was, now)
            if note is not None
            for name in (note.slug, note.channel)
        }
        before = {path for path in self.made_for if "/" not in path}
        names.update(path.removesuffix(".md") for path in before.symmetric_difference(self._others))
        return [*changes, *self._named(names)]

    def _named(self, names: Iterable[str]) -> list[Change]:
        """The notes whose files have one of these names."""
        keys = {slug_key(name) for name in names}
        notes = self.directory.notes if keys else ()
        return [(note, note) for note in notes if slug_key(note.slug) in keys]

    def rows(self) -> dict[str, FileRow]:
        """The vault's files as they are now, by path."""
        notes = {note.path: note for note in self.directory.notes}
        return {
            path: _row(seen, file, notes.get(path))
            for path, (seen, file) in self._vault.seen_files.items()
        }

    def entries(self, rows: Iterable[FileRow]) -> dict[str, frozenset[str]]:
        """What names are found by, by path: of the notes among files that had others, or none."""
        from generator.renderer.entries import entries_of

        return {
            row.path: frozenset() if row.channel is None else entries_of(_note_of(row))
            for row in rows
            if not self.is_indexed or _names_of(row) != _names_of(self.made_for.get(row.path))
        }

    def _linker(self) -> Linker:
        from generator.renderer.links import Linker

        others = (path.removesuffix(".md") for path in self._others)
        if not self.is_indexed:
            return Linker(self.directory.notes, others)
        unindexed = [
            note.path
            for note in self.directory.notes
            if (note.title, "\n".join(note.aliases)) != _names_of(self.made_for.get(note.path))
        ]
        return Linker(self.directory.notes, others, self._index.named, unindexed)

    def _apply(self, changes: Iterable[Change]) -> None:
        for was, now in changes:
            if now is not None:
                self.linker.add(now)
            elif was is not None:
                self.linker.discard(was)


def _other_names(files: Iterable[VaultNote]) -> frozenset[str]:
    """The paths of the files in no folder: links can mean them by their names, too."""
    return frozenset(file.path for file in files if not file.channel)


def _known(note: VaultNote) -> tuple[str, ...]:
    """What links go by, as a row has it."""
    dated = note.published.isoformat() if note.published else ""
    return note.title, note.video_id, note.channel, "\n".join(note.aliases), dated


def _names_of(row: FileRow | None) -> tuple[str, str | None] | None:
    """The title and the aliases of what was a note; None for anything else."""
    return (row.title, row.names) if row and row.channel is not None else None


def _row(seen: Seen, file: VaultNote, note: VaultNote | None) -> FileRow:
    published = file.published.isoformat() if file.published else ""
    of_file = (file.title, file.video_id, "\n".join(file.aliases), published)
    return FileRow(file.path, *seen, *of_file, *(_known(note)[-3:] if note else (None,) * 3))


def _seen(row: FileRow) -> tuple[Seen, VaultNote]:
    front = Front(row.title, row.video_id, _lines(row.aliases), _day(row.published))
    return row[1:4], as_note(row.path, front)


def _note_of(row: FileRow) -> VaultNote:
    """The note of a row as links went by it."""
    slug = as_note(row.path, Front()).slug
    names, dated = _lines(row.names or ""), _day(row.dated or "")
    return VaultNote(row.channel or "", slug, row.title, row.video_id, row.path, names, dated)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@functools.cache
def linked_by() -> str:
    """A digest of the code that makes links: with other code, all may be others."""
    code = hashlib.sha256()
    for path in sorted((Path(__file__).resolve().parents[1] / "renderer").glob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()[:32]
