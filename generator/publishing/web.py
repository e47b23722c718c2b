"""The vault's notes as links know them: found once in a run, and changed in place."""

from __future__ import annotations

import functools
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from generator.itself import code_digest
from generator.library.index import FileRow, NoteEntry
from generator.models import VaultNote
from generator.publishing.directory import Change, Directory
from generator.renderer.slugs import slug_key
from generator.vault.survey import is_note, note_at

if TYPE_CHECKING:
    from generator.library import Library
    from generator.renderer.links import Linker
    from generator.vault.disk import Seen
    from generator.vault.vault import Vault


_LINKING = tuple(
    f"renderer/{name}.py"
    for name in (
        "concepts",
        "entries",
        "escape",
        "inflection",
        "keys",
        "links",
        "matching",
        "slugs",
        "words",
    )
)
_LIBRARIES = ("rapidfuzz", "snowballstemmer", "stopwordsiso")

FRESH_SECONDS = 5.0
"""So long the vault is known as it was when it was looked at: a look at all files takes a tenth of
the time of a new video."""

LINKED = "linked"
"""Under this name the library keeps by what code links, and what finds names, were made."""


class Web:
    """The notes of a vault, and what finds them in others.

    `is_emptied` says that there were files when all links were last made, and none of them is
    there; `changes` is what was found changed by others than this run since it began. `is_indexed`
    says that the library has what finds the names of the notes that they were.
    """

    def __init__(self, vault: Vault, library: Library) -> None:
        self._vault = vault
        self._index = library.index
        self.is_indexed = library.index.mark(LINKED) == linked_by()
        texts: dict[str, str] = {}
        rows = list(library.index.files(texts))
        remembered = {row.path: _seen(row) for row in rows}
        vault.remember(remembered)
        vault.look()
        self._looked_when = time.monotonic()
        self._looked_at = dict(vault.seen_files)
        self.is_emptied = bool(remembered) and remembered.keys().isdisjoint(self._looked_at)
        files = (file for _, file in self._looked_at.values())
        self.directory = Directory(filter(is_note, files), library.index.notes(texts))
        # Where the vault may be other than links were made for: what it was then is in the library.
        self._others_than_made_for = {
            *self._differing(remembered),
            *self._notes_not_as_made_for(rows),
        }
        self._top_made_for = _at_top(remembered)
        self._top = _at_top(self._looked_at)
        self.linker = self._linker()
        self.changes: list[Change] = []

    def expect(
        self,
        channel: str,
        video_id: str,
        entries: Sequence[NoteEntry],
        without_file: Collection[str] = (),
    ) -> None:
        """These are the library's notes of a video now, and their files are about to be there.

        Those with slugs in `without_file` get none.
        """
        self._change(self.directory.expect(channel, video_id, entries, without_file))

    def drop(self, path: str) -> None:
        """The file there was just taken away."""
        self._change(self.directory.drop(path))

    def look(self, *, again: bool = False) -> None:
        """Finds what has changed in the vault; with `again`, only what this run has written.

        So it is, too, where all was looked at just now: what its owner changed since, the next run
        finds.
        """
        if not again and time.monotonic() - self._looked_when >= FRESH_SECONDS:
            self._vault.look()
            self._looked_when = time.monotonic()
        seen = self._vault.seen_files
        differing = self._differing(self._looked_at)
        self._others_than_made_for.update(differing)
        now = {path: seen[path] for path in differing if path in seen}
        gone = [path for path in differing if path not in seen]
        self._looked_at.update(now)
        for path in gone:
            del self._looked_at[path]
        files = (file for _, file in now.values())
        changes = self.directory.look(filter(is_note, files), gone)
        top = self._top.difference(gone).union(_at_top(now))
        if top == self._top:
            self._change(changes)
        else:  # once in a long while
            self._mark(changes)
            self.changes += self._named((*top, *self._top))
            self._top = top
            self.linker = self._linker()
        self.changes += changes

    def changed(self) -> list[Change]:
        """What differs from what links were last made for, or was found to have changed since.

        Those are among it, too, to which links may have another target now, since notes came or
        went that have the same file name.
        """
        changes = list(self.changes)
        for path, row in self.others():
            note = self.directory.note_at(path)
            made_for = row if row and row.linked_as else None
            if _linked_as(note) != (made_for and made_for.linked_as):
                changes.append((_note_of(made_for) if made_for else None, note))
        names = {
            name
            for was, now in changes
            if was is None or now is None or (was.slug, was.channel) != (now.slug, now.channel)
            for note in (was, now)
            if note is not None
            for name in (note.slug, note.channel)
        }
        before = self._top_made_for.symmetric_difference(self._top)
        names.update(path.removesuffix(".md") for path in before)
        return [*changes, *self._named(names)]

    def others(self) -> Iterator[tuple[str, FileRow | None]]:
        """Where the vault may be other than links were last made for, in order; what was there."""
        return self._index.files_at(sorted(self._others_than_made_for))

    def made_for(self, paths: Iterable[str]) -> dict[str, FileRow | None]:
        """What was at some paths when links were last made."""
        return dict(self._index.files_at(paths))

    def _named(self, names: Iterable[str]) -> list[Change]:
        """The notes whose files have one of these names."""
        keys = {slug_key(name) for name in names}
        notes = self.directory.notes if keys else ()
        return [(note, note) for note in notes if slug_key(note.slug) in keys]

    def rows(self) -> tuple[list[tuple[FileRow, FileRow | None]], list[str]]:
        """The vault's files that are others than links were last made for, and the paths gone.

        With each is what it was then, if it was there.
        """
        seen = self._vault.seen_files
        paths = sorted({*self._others_than_made_for, *self._differing(self._looked_at)})
        changed: list[tuple[FileRow, FileRow | None]] = []
        gone = []
        for path, was in self._index.files_at(paths):
            now = _row(*seen[path], self.directory.note_at(path)) if path in seen else None
            if now is None and was:
                gone.append(path)
            elif now and now != was:
                changed.append((now, was))
        return changed, gone

    def made(self) -> None:
        """Links are made for the vault as it is now, and the library has what `rows` gave."""
        self._top_made_for = _at_top(self._vault.seen_files)
        self._others_than_made_for.clear()
        self.changes.clear()
        self.is_indexed = True

    def entries(
        self, changed: Iterable[tuple[FileRow, FileRow | None]]
    ) -> dict[str, frozenset[str]]:
        """What names are found by, by path: of the notes among files that had others, or none.

        `changed` is what `rows` gave.
        """
        from generator.renderer.entries import entries_of

        rows = {
            now.path: now
            for now, was in changed
            if not self.is_indexed or _names_of(now) != _names_of(was)
        }
        if not self.is_indexed:
            rows = {**{row.path: row for row in self._index.files()}, **rows}
        return {
            path: frozenset() if row.channel is None else entries_of(_note_of(row))
            for path, row in rows.items()
        }

    def _linker(self) -> Linker:
        from generator.renderer.links import Linker

        others = (path.removesuffix(".md") for path in self._top)
        if not self.is_indexed:
            return Linker(self.directory.notes, others)
        unindexed = [
            path
            for path, row in self.others()
            if (note := self.directory.note_at(path))
            and (note.title, "\n".join(note.aliases)) != _names_of(row)
        ]
        return Linker(self.directory.notes, others, self._index.named, unindexed)

    def _notes_not_as_made_for(self, rows: Iterable[FileRow]) -> Iterator[str]:
        """The paths of notes that are others than links were made for, and of those that went."""
        notes = {note.path: note for note in self.directory.notes}
        for row in rows:
            note = notes.pop(row.path, None)
            if _linked_as(note) != row.linked_as:
                yield row.path
        yield from notes

    def _differing(self, before: Mapping[str, tuple[Seen, VaultNote]]) -> set[str]:
        """The paths at which something else is seen now, or nothing any more."""
        now = self._vault.seen_files
        return {path for path in self._vault.changed_files if before.get(path) is not now.get(path)}

    def _change(self, changes: Iterable[Change]) -> None:
        """Links can lead to the notes as they are now."""
        self._mark(changes)
        for was, now in changes:
            if now is not None:
                self.linker.add(now)
            elif was is not None:
                self.linker.discard(was)

    def _mark(self, changes: Iterable[Change]) -> None:
        self._others_than_made_for.update(
            note.path for change in changes for note in change if note is not None
        )


def _at_top(paths: Iterable[str]) -> frozenset[str]:
    """The files in no folder: links can mean them by their names, too."""
    return frozenset(path for path in paths if "/" not in path)


def _linked_as(note: VaultNote | None) -> tuple[str, ...] | None:
    """What links go by, as a row has it; None for what is no note."""
    if note is None:
        return None
    dated = note.published.isoformat() if note.published else ""
    return note.title, note.video_id, note.channel, "\n".join(note.aliases), dated


def _names_of(row: FileRow | None) -> tuple[str, str | None] | None:
    """The title and the aliases of what was a note; None for anything else."""
    return (row.title, row.names) if row and row.channel is not None else None


def _row(seen: Seen, file: VaultNote, note: VaultNote | None) -> FileRow:
    published = file.published.isoformat() if file.published else ""
    of_file = (file.title, file.video_id, "\n".join(file.aliases), published)
    known = _linked_as(note)
    return FileRow(file.path, *seen, *of_file, *(known[-3:] if known else (None,) * 3))


def _seen(row: FileRow) -> tuple[Seen, VaultNote]:
    of_file = row.title, row.video_id, _lines(row.aliases), _day(row.published)
    return row.seen, note_at(row.path, *of_file)


def _note_of(row: FileRow) -> VaultNote:
    """The note of a row as links went by it."""
    names, dated = _lines(row.names or ""), _day(row.dated or "")
    note = note_at(row.path, row.title, row.video_id, names, dated)
    return replace(note, channel=row.channel or "")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


@functools.lru_cache(maxsize=4096)  # many notes are of one day
def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def linked_by() -> str:
    """A digest of the code that makes links: with other code, all may be others."""
    return code_digest(_LINKING, _LIBRARIES)
