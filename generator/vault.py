"""The vault: the folder of Markdown that people open, and the only module that writes into it.

Nothing is written outside it, whatever links the file system has; every file is replaced as a
whole, and only when its bytes change; and what its owner wrote stays the owner's. A file that says
what the program last wrote there, up to line endings, a final newline and the owner's front-matter
keys, is the program's to rewrite, wherever the owner moved it. Any other is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.disk import Disk
from generator.errors import OutsideVault, VaultError, VaultUnwritable
from generator.models import Fingerprint, Note, VaultNote
from generator.renderer.slugs import slug_key
from generator.sidecars import Sidecar, SidecarFile, dump_sidecar, parse_sidecar
from generator.standing import (
    EDITED,
    Decision,
    StandingFile,
    State,
    decide,
    fingerprint,
    is_free,
    last_written,
    put_in_place,
    read_standing,
)
from generator.survey import Survey, front_of

if TYPE_CHECKING:
    from generator.library import Library
    from generator.reader.pages import ParsedPage

OWN_FOLDER = ".generator"
"""The folder in the vault that holds the library and the sidecars."""

PAGE_KEYS = ("title",)
"""The front-matter keys of a channel's page that are the program's."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a file, where it is, relative to the vault with `/`, and why it was kept."""

    state: State
    path: str
    reason: str = ""


class Vault:
    """A folder of notes, `<channel>/<slug>.md`; it is made when something is first written."""

    def __init__(self, root: Path | str, disk: Disk | None = None) -> None:
        """`disk` is where all reading and writing goes: the file system, unless it is tried out."""
        self.root = Path(root).absolute()
        self._disk = disk or Disk()
        self._survey = Survey(self.root, self._disk)
        self._names: dict[Path, dict[str, str]] = {}

    @property
    def library_path(self) -> Path:
        """Where the vault's library is by default; raises OutsideVault where a link leads out."""
        return self._inside(self.root / OWN_FOLDER / "library.db")

    def notes(self, channel: str | None = None) -> list[VaultNote]:
        """What the vault's Markdown files are, any tool's included, by path (see `Survey`)."""
        return self._survey.notes(channel)

    def write_note(
        self,
        note: Note,
        text: str,
        *,
        keys: Sequence[str],
        library: Library | None = None,
        sidecar: Sidecar | None = None,
        overwrite: bool = False,
    ) -> Written:
        """Make `text` what the note's file says, unless its owner edited it; with it, its sidecar.

        `keys` are the front-matter keys in `text`. Those that the program wrote last time and that
        are no longer among them go, and the owner's stay. The file is the one that the library
        knows, else `<channel>/<slug>.md`, else one that was moved or renamed. A file that was
        edited by hand, or is of another origin, is kept, and its sidecar too, unless `overwrite`.

        Raises VaultUnwritable or OutsideVault, what the library raises, and ValueError for a
        channel or slug that is no file's name.
        """
        channel, slug = _checked(note.video.channel), _checked(note.slug)
        if sidecar:  # refused before the note is written, not after
            self._inside(self._sidecar_path(channel, slug))
        recorded = library.written(channel, slug) if library else []
        known = [*recorded, *self._in_sidecar(channel, slug)]
        standing = self._standing(note, known, library)
        decision = decide(text, keys, standing, known, overwrite=overwrite)
        path = standing.path.relative_to(self.root).as_posix()
        if decision.state is State.KEPT:
            ours = decide(text, keys, standing, known, overwrite=True).data
            self._disk.leave(standing.path, standing.data, ours, decision.reason)
            return Written(State.KEPT, path, decision.reason)
        fresh = fingerprint(text, keys)
        # Before the file: a crash in between then leaves none that looks edited by hand.
        if library and fresh not in recorded[:1]:
            library.record_written(channel, slug, fresh.digest, keys)
        if decision.state is State.WRITTEN:
            self._write(standing.path, decision.data)
        if library and library.path_of(channel, slug) != path:
            library.set_path(channel, slug, path)
        if sidecar:
            file = SidecarFile(fresh.digest, fresh.front_matter)
            path_of_it = self._sidecar_path(channel, slug)
            data = dump_sidecar(sidecar, file)
            if self._read(path_of_it).data != data:
                self._write(path_of_it, data)
        return Written(decision.state, path)

    def remove_note(
        self, channel: str, slug: str, path: str | None, library: Library
    ) -> Written | None:
        """Takes the file and the sidecar of a note away, unless its owner edited it.

        `path` is where the file was last. Returns the file that is kept, if one is. Raises as
        `write_note`.
        """
        known = [*library.written(channel, slug), *self._in_sidecar(channel, slug)]
        standing = self._at(path or f"{channel}/{slug}.md")
        if standing and last_written(standing, known) is None:
            self._disk.leave(standing.path, standing.data, None, EDITED)
            return Written(State.KEPT, standing.path.relative_to(self.root).as_posix(), EDITED)
        for gone in (standing.path if standing else None, self._sidecar_path(channel, slug)):
            try:
                if gone:
                    self._disk.unlink(self._inside(gone))
            except OSError as error:
                raise VaultUnwritable(gone or self.root, error.strerror or str(error)) from error
        return None

    def write_channel_page(
        self,
        channel: str,
        text: str,
        *,
        library: Library | None = None,
        overwrite: bool = False,
    ) -> Written:
        """Make `text` what the channel's page says, unless its owner wrote something into it.

        A page that lists videos and notes, and nothing else, is rewritten whoever wrote it. The
        owner's front-matter keys stay. Raises as `write_note`.
        """
        standing = self._usual(_checked(channel), channel)
        path = standing.path.relative_to(self.root).as_posix()
        # No note has its channel's name as slug.
        known = library.written(channel, channel) if library else []
        may_go = overwrite or is_free(standing) or last_written(standing, known) is not None
        decision = put_in_place(standing, text, PAGE_KEYS)
        if decision.state is State.WRITTEN and not may_go and _is_owners(standing.text, text):
            self._disk.leave(standing.path, standing.data, decision.data, EDITED)
            decision = Decision(State.KEPT, standing.data, EDITED)
        if decision.state is State.KEPT:
            return Written(State.KEPT, path, decision.reason)
        fresh = fingerprint(text, PAGE_KEYS)
        if library and fresh not in known[:1]:
            library.record_written(channel, channel, fresh.digest, PAGE_KEYS)
        if decision.state is State.WRITTEN:
            self._write(standing.path, decision.data)
        return Written(decision.state, path)

    def mend(self, path: str, before: bytes, after: bytes, library: Library | None = None) -> None:
        """Make a file say `after` that says `before`.

        A file that was the program's stays the program's: what it says now is kept as what was
        written. Raises VaultUnwritable, for a file that has changed meanwhile too, OutsideVault,
        and what the library raises.
        """
        standing = self._read(self.root / path)
        if standing.data != before:
            raise VaultUnwritable(standing.path, "it was changed meanwhile")
        channel, _, name = path.removesuffix(".md").partition("/")
        slug = name
        if library and library.path_of(channel, name) != path:
            placed = library.paths(channel)
            slug = next((slug for slug, at in placed.items() if at == path), name)
        if "/" not in slug:
            self._record_mended(channel, slug, standing, after.decode(), library)
        self._write(standing.path, after)

    def _record_mended(
        self, channel: str, slug: str, standing: StandingFile, text: str, library: Library | None
    ) -> None:
        """Keeps what a file of the program's is about to say, if it is one."""
        recorded = library.written(channel, slug) if library else []
        try:
            sidecar = self.sidecar(channel, slug)
        except ValueError:  # a name that no note of the program's has
            return
        known = [*recorded, *self._in_sidecar(channel, slug)]
        was = last_written(standing, known)
        if was is None:
            return
        fresh = fingerprint(text, was.front_matter)
        if library:
            library.record_written(channel, slug, fresh.digest, fresh.front_matter)
        if sidecar and sidecar.file.digest == was.digest:
            file = SidecarFile(fresh.digest, fresh.front_matter)
            self._write(self._sidecar_path(channel, slug), dump_sidecar(sidecar, file))

    def page(self, channel: str) -> ParsedPage:
        """The channel's page as it is; an empty one where there is none, or none of text."""
        from generator.reader.pages import parse_channel_page

        standing = self._usual(_checked(channel), channel)
        return parse_channel_page(standing.text or "")

    def sidecar(self, channel: str, slug: str) -> Sidecar | None:
        """The note's sidecar; None where there is none, or none that can be understood."""
        try:
            data = self._read(self._sidecar_path(_checked(channel), _checked(slug))).data
        except VaultError:
            return None
        return parse_sidecar(data)

    # Which file is a note's

    def _usual(self, channel: str, name: str) -> StandingFile:
        """The file `<channel>/<name>.md`, there or not."""
        return self._read(self._on_disk(self._on_disk(self.root, channel), f"{name}.md"))

    def _standing(
        self, note: Note, known: Sequence[Fingerprint], library: Library | None
    ) -> StandingFile:
        """The note's file, or the place where it will be."""
        channel, slug = note.video.channel, note.slug
        usual = self._usual(channel, slug)
        if not known:  # never written before
            return usual
        last_path = library.path_of(channel, slug) if library else None
        last = self._at(last_path) if last_path else None
        for standing in filter(None, (last, usual)):
            if last_written(standing, known) or _video_id(standing) == note.video.id:
                return standing
        return self._moved(note, known) or usual

    def _moved(self, note: Note, known: Sequence[Fingerprint]) -> StandingFile | None:
        """The note's file where its owner moved or renamed it; one that was edited too comes last.

        An edited one is known by its video and its name or title.
        """
        edited: StandingFile | None = None
        for found in self._survey.files():
            standing = self._at(found.path) if found.video_id == note.video.id else None
            if standing is None:
                continue
            if last_written(standing, known):
                return standing
            if slug_key(found.slug) == slug_key(note.slug) or found.title == note.title:
                edited = edited or standing
        return edited

    def _at(self, path: str) -> StandingFile | None:
        """The Markdown file at a path that was remembered or found; None where there is none."""
        try:
            standing = self._read(self.root / path) if path.endswith(".md") else None
        except (VaultError, ValueError):
            return None
        return standing if standing and standing.exists else None

    def _in_sidecar(self, channel: str, slug: str) -> list[Fingerprint]:
        """What the sidecar knows of the note's file: all there is, where the library was lost."""
        sidecar = self.sidecar(channel, slug)
        if sidecar is None or not sidecar.file.digest:
            return []
        return [Fingerprint(sidecar.file.digest, sidecar.file.front_matter)]

    def _sidecar_path(self, channel: str, slug: str) -> Path:
        return self.root / OWN_FOLDER / "notes" / channel / f"{slug}.json"

    # The file system

    def _read(self, path: Path) -> StandingFile:
        return read_standing(path, self._inside(path), self._disk)

    def _write(self, path: Path, data: bytes) -> None:
        real = self._inside(path)
        try:
            self._disk.write(real, data)
        except OSError as error:
            raise VaultUnwritable(path, error.strerror or str(error)) from error
        self._names.get(path.parent, {})[slug_key(path.name)] = path.name

    def _inside(self, path: Path) -> Path:
        """Where a path in the vault leads; raises OutsideVault if out of it."""
        try:
            root, real = self._disk.resolve(self.root), self._disk.resolve(path)
        except (OSError, RuntimeError) as error:  # links in a circle
            raise VaultUnwritable(path, "links in the file system lead in a circle") from error
        if not real.is_relative_to(root):
            raise OutsideVault(path, self.root)
        return real

    def _on_disk(self, folder: Path, name: str) -> Path:
        """The path of what has this name in the folder, however its letters are written there.

        Vaults are carried between file systems that tell upper from lower case, or composed from
        decomposed letters, and such that do not; two such names would be one file on the latter.
        """
        if self._disk.lexists(folder / name):
            return folder / name
        if folder not in self._names:
            try:
                there = self._disk.names(self._inside(folder))
            except OSError:
                there = []
            self._names[folder] = {slug_key(other): other for other in reversed(there)}
        other = self._names[folder].get(slug_key(name), name)
        return folder / (other if self._disk.lexists(folder / other) else name)


def _checked(name: str) -> str:
    """A channel or slug; raises ValueError if it is not the name of a file that shows."""
    if not name or name.startswith(".") or any(char in name for char in "/\\\0"):
        raise ValueError(f"{name!r} is not a name that a file can have")
    return name


def _is_owners(existing: str | None, text: str) -> bool:
    """Whether a channel's page holds more than the program writes, such as a list of favourites."""
    from generator.reader.pages import parse_channel_page

    if existing is None:
        return True
    page = parse_channel_page(existing)
    ours = {video.title for video in parse_channel_page(text).videos}
    # Only a recording that is not on YouTube has a heading without address.
    return page.foreign or any(not of.url and of.title not in ours for of in page.videos)


def _video_id(standing: StandingFile) -> str:
    return front_of(standing.data).video_id
