"""Which notes a vault has: its files, and what the library knows of those it wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from generator.library.index import NoteEntry
from generator.models import VaultNote
from generator.renderer.slugs import slug_key

NoteId = tuple[str, str]
"""A note of the library: its channel and its slug."""

Change = tuple[VaultNote | None, VaultNote | None]
"""A note of the vault as it was, and as it is now; None where there is none."""


class Directory:
    """The notes that links can lead to and that pages list, changed in place.

    Those that the library knows have their aliases and dates from it, and the channel that they
    are of, wherever their owner moved them. What one video changes costs what the video has.
    """

    def __init__(self, files: Iterable[VaultNote], known: Iterable[NoteEntry]) -> None:
        """From the vault's files that are notes, and all notes of the library."""
        self._files: dict[str, VaultNote] = {}
        self._of_video: dict[str, set[str]] = {}
        self._known: dict[str, dict[NoteId, NoteEntry]] = {}
        self._expected: dict[NoteId, VaultNote] = {}
        # What comes of these: notes by path, those of each video, and which are the library's.
        self._notes: dict[str, VaultNote] = {}
        self._shown: dict[str, tuple[str, ...]] = {}
        self._ids: dict[str, NoteId] = {}
        self._places: dict[NoteId, str] = {}
        self._taken: dict[str, Counter[str]] = {}
        for entry in known:
            self._known.setdefault(entry.video_id, {})[entry.channel, entry.slug] = entry
        for file in files:
            self._put(file)
            if not file.video_id:
                self._notes[file.path] = file
        for video_id in self._of_video:
            self._place(video_id)

    @property
    def notes(self) -> Iterable[VaultNote]:
        """All notes of the vault."""
        return self._notes.values()

    def place_of(self, note: NoteId) -> VaultNote | None:
        """The file of a note that the library knows; None where its owner deleted it."""
        path = self._places.get(note)
        return self._notes[path] if path is not None else None

    def id_at(self, path: str) -> NoteId | None:
        """Which note of the library has its file there."""
        return self._ids.get(path)

    def note_at(self, path: str) -> VaultNote | None:
        """The note whose file is there."""
        return self._notes.get(path)

    def entries(self) -> Iterable[NoteEntry]:
        """All notes of the library, in brief."""
        return (entry for of_video in self._known.values() for entry in of_video.values())

    @property
    def channels(self) -> set[str]:
        """The channels that the library has notes of."""
        return {entry.channel for entry in self.entries()}

    def entries_of(self, video_id: str, channel: str | None = None) -> list[NoteEntry]:
        """The library's notes of a video, under one channel or whatever it is under, in order."""
        entries = self._known.get(video_id, {}).values()
        return [entry for entry in entries if channel in (None, entry.channel)]

    def files_of(self, video_id: str) -> list[VaultNote]:
        """The files of a video's notes as they stand there, by path."""
        paths = self._of_video.get(video_id, ()) if video_id else ()
        return [self._files[path] for path in sorted(paths)]

    def is_taken(self, channel: str, slug: str) -> bool:
        """Whether a file or a note of a channel has this name."""
        key = slug_key(channel)
        if key not in self._taken:
            there = [(file.channel, file.slug) for file in self._files.values()]
            there += [(entry.channel, entry.slug) for entry in self.entries()]
            same = {name for name in {name for name, _ in there} if slug_key(name) == key}
            self._taken[key] = Counter(slug_key(slug) for name, slug in there if name in same)
        return self._taken[key][slug_key(slug)] > 0

    def expect(
        self,
        channel: str,
        video_id: str,
        entries: Sequence[NoteEntry],
        without_file: Collection[str] = (),
    ) -> list[Change]:
        """These are the library's notes of a video of a channel now, and their files will be there.

        Those with slugs in `without_file` get none. Returns what that changes among the vault's
        notes.
        """
        known = self._known.setdefault(video_id, {})
        for note in [note for note in known if note[0] == channel]:
            del known[note]
            self._expected.pop(note, None)
            self._count(*note, -1)
        for entry in entries:
            note = (channel, entry.slug)
            known[note] = entry
            self._count(*note, 1)
            if entry.slug in without_file:
                continue
            path = f"{channel}/{entry.slug}.md"
            self._expected[note] = VaultNote(channel, entry.slug, entry.title, video_id, path)
        return self._match({video_id}, {})

    def look(self, others: Iterable[VaultNote], gone: Iterable[str]) -> list[Change]:
        """The vault has these files that are new or may be others, and none at the paths `gone`.

        Returns what that changes among the vault's notes.
        """
        now = {file.path: file for file in others}
        new = [file for path, file in now.items() if self._files.get(path) != file]
        old = [was for file in new if (was := self._files.get(file.path))]
        old += [self._files[path] for path in gone if path in self._files]
        videos = {file.video_id for file in (*old, *new)}
        videos.update(file.video_id for file in self._expected.values())
        self._expected.clear()
        before: dict[str, VaultNote | None] = {}
        for file in old:
            self._take(file)
            if not file.video_id:
                before[file.path] = self._notes.pop(file.path)
        for file in new:
            self._put(file)
            if not file.video_id:
                before.setdefault(file.path, self._notes.get(file.path))
                self._notes[file.path] = file
        return self._match(videos - {""}, before)

    def drop(self, path: str) -> list[Change]:
        """The file there is gone; returns what that changes among the vault's notes."""
        file = self._files.get(path)
        if file is None:
            return []
        self._take(file)
        if file.video_id:
            return self._match({file.video_id}, {})
        return [(self._notes.pop(path), None)]

    def _put(self, file: VaultNote) -> None:
        self._files[file.path] = file
        if file.video_id:
            self._of_video.setdefault(file.video_id, set()).add(file.path)
        self._count(file.channel, file.slug, 1)

    def _take(self, file: VaultNote) -> None:
        del self._files[file.path]
        if file.video_id:
            self._of_video[file.video_id].discard(file.path)
        self._count(file.channel, file.slug, -1)

    def _count(self, channel: str, slug: str, by: int) -> None:
        if self._taken and (taken := self._taken.get(slug_key(channel))) is not None:
            taken[slug_key(slug)] += by

    def _match(self, videos: set[str], before: dict[str, VaultNote | None]) -> list[Change]:
        """Finds the files of some videos' notes anew.

        Returns all that has changed, `before` being what is known to have been at some paths.
        """
        for video_id in videos:
            for path in self._shown.pop(video_id, ()):
                before.setdefault(path, self._notes.get(path))
                if path not in self._files or self._files[path].video_id:
                    self._notes.pop(path, None)
                if (note := self._ids.pop(path, None)) is not None:
                    del self._places[note]
        for video_id in videos:
            for path in self._place(video_id):
                before.setdefault(path, None)
        changes = ((was, self._notes.get(path)) for path, was in before.items())
        return [(was, now) for was, now in changes if was != now]

    def _place(self, video_id: str) -> Iterable[str]:
        """Makes a video's files notes, those of the library among them; returns their paths."""
        notes = {path: self._files[path] for path in self._of_video.get(video_id, ())}
        known = self._known.get(video_id, {})
        for note, file in self._found(video_id).items():
            self._ids[file.path], self._places[note] = note, file.path
            notes[file.path] = _completed(file, known[note])
        self._notes.update(notes)
        if notes:
            self._shown[video_id] = tuple(notes)
        return notes

    def _found(self, video_id: str) -> dict[NoteId, VaultNote]:
        """The files of the library's notes of a video.

        A note's file is where it was last; else it is one that has its title or its name.
        """
        known = self._known.get(video_id, {})
        left = set(self._of_video.get(video_id, ()))
        found: dict[NoteId, VaultNote] = {}
        for note, entry in known.items():
            path = entry.path or f"{entry.channel}/{entry.slug}.md"
            if path in left:
                left.discard(path)
                found[note] = self._files[path]
        if len(found) == len(known):
            return found
        free = {path: self._files[path] for path in sorted(left)}
        for note, entry in known.items():
            if note not in found and (other := _like(entry, free.values())):
                found[note] = free.pop(other.path)
        for note in known:
            expected = self._expected.get(note)
            if expected and note not in found and expected.path not in self._files:
                found[note] = expected
        return found


def _like(entry: NoteEntry, files: Iterable[VaultNote]) -> VaultNote | None:
    key = slug_key(entry.slug)
    for file in files:
        if file.title == entry.title or slug_key(file.slug) == key:
            return file
    return None


def _completed(file: VaultNote, entry: NoteEntry) -> VaultNote:
    names = entry.aliases
    if file.aliases or entry.title != file.title or file.title in names or len(names) > 1:
        others = dict.fromkeys((entry.title, *names, *file.aliases))
        others.pop(file.title, None)
        names = tuple(others)
    return VaultNote(
        entry.channel,
        file.slug,
        file.title,
        file.video_id,
        file.path,
        names,
        entry.published or file.published,
    )
