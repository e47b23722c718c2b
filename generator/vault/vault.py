"""The vault: the folder of Markdown that people open; only this room writes into it.

Nothing is written outside it, whatever links the file system has; every file changes as a whole,
and only when its bytes do; and what its owner wrote stays the owner's. A file that says what the
program last wrote there, up to line endings, a final newline and the owner's front-matter keys, is
the program's to rewrite, wherever the owner moved it. Any other is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import VaultError, VaultUnwritable
from generator.models import Fingerprint, Note, VaultNote
from generator.renderer.slugs import slug_key
from generator.vault.disk import Disk, Seen
from generator.vault.files import OWN_FOLDER, Files, Written, checked
from generator.vault.pages import Pages
from generator.vault.sidecars import Sidecar, SidecarFile, dump_sidecar, parse_sidecar, with_file
from generator.vault.standing import (
    DELETED,
    EDITED,
    EDITED_AND_GONE,
    NOT_OURS,
    Decision,
    StandingFile,
    State,
    decide,
    fingerprint,
    is_owners,
    last_written,
)
from generator.vault.survey import front_of

if TYPE_CHECKING:
    from generator.library import Library


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of a note's file at `place`, which is `path` from the vault's root.

    `fresh` is what it is known by then.
    """

    channel: str
    slug: str
    path: str
    place: Path
    decision: Decision
    fresh: Fingerprint


class Vault:
    """A folder of notes, `<channel>/<slug>.md`; it is made when something is first written."""

    def __init__(self, root: Path | str, disk: Disk | None = None) -> None:
        """`disk` is where all reading and writing goes: the file system, unless it is tried out."""
        self.root = Path(root).absolute()
        self._disk = disk or Disk()
        self._files = Files(self.root, self._disk)
        self.pages = Pages(self._files)

    @property
    def library_path(self) -> Path:
        """Where the vault's library is by default; raises OutsideVault where a link leads out."""
        return self._files.places.inside(self.root / OWN_FOLDER / "library.db")

    def notes(self, channel: str | None = None) -> list[VaultNote]:
        """What the vault's Markdown files are, any tool's included, by path (see `Survey`)."""
        return self._files.survey.notes(channel)

    def look(self) -> None:
        """Finds out what the vault's files are now; `seen_files` has them then."""
        self._files.survey.look()

    def remember(self, seen: Mapping[str, tuple[Seen, VaultNote]]) -> None:
        """Takes what earlier runs saw of files, by path; those that have not changed are not read.

        `seen_files` is where it comes from.
        """
        self._files.survey.remember(seen)

    @property
    def seen_files(self) -> Mapping[str, tuple[Seen, VaultNote]]:
        """What is known of the vault's files, by path: what tells changes, and what they are."""
        return self._files.survey.seen

    @property
    def changed_files(self) -> Set[str]:
        """Where files changed, came or went since those that are remembered."""
        return self._files.survey.changed

    @property
    def wrote(self) -> Mapping[str, Seen]:
        """The Markdown files that this object wrote, by path, and what tells that they changed."""
        return self._files.wrote

    def forget_folders(self) -> None:
        """Where names and links lead is found out anew: their owner may have changed it."""
        self._files.places.forget()

    def plan_note(
        self,
        note: Note,
        text: str,
        *,
        keys: Sequence[str],
        recorded: Sequence[Fingerprint] = (),
        last_path: str | None = None,
        files: Sequence[VaultNote] | None = None,
        overwrite: bool = False,
    ) -> Plan:
        """What is to become of a note's file that should say `text`; nothing is written yet.

        `keys` are the front-matter keys in `text`. Those that the program wrote last time and that
        are no longer among them go, and the owner's stay. `recorded` is what it wrote, the last
        first. The file is the one at `last_path`, else `<channel>/<slug>.md`, else one that was
        moved or renamed; it is looked for among `files`, those of the note's video, or in the whole
        vault. A file that was edited by hand, or is of another origin, is kept, unless `overwrite`.

        Raises VaultUnwritable or OutsideVault, and ValueError for a channel or slug that is no
        file's name.
        """
        channel, slug = checked(note.video.channel), checked(note.slug)
        # Refused before anything is written.
        self._files.places.inside(self._sidecar_path(channel, slug))
        known = recorded or self._in_sidecar(channel, slug)
        standing = self._standing(note, known, last_path, files)
        if recorded and standing.exists and last_written(standing, known) is None:
            # Another machine may have written it; what it knew came with the file.
            known = [*recorded, *self._in_sidecar(channel, slug)]
        decision = decide(text, keys, standing, known, overwrite=overwrite)
        if decision.state is State.KEPT:
            ours = decide(text, keys, standing, known, overwrite=True).data
            self._disk.leave(standing.path, standing.data, ours, decision.reason)
        elif overwrite and decision.state is State.WRITTEN and is_owners(standing, known):
            self._disk.take(standing.path, EDITED if known else NOT_OURS)
        path = standing.path.relative_to(self.root).as_posix()
        return Plan(channel, slug, path, standing.path, decision, fingerprint(text, keys))

    def leave_deleted(self, path: str) -> Written:
        """Leaves a note's file away that its owner deleted from `path`."""
        self._disk.leave(self.root / path, b"", None, DELETED)
        return Written(State.KEPT, path, DELETED)

    def begin_notes(
        self, planned: Sequence[tuple[Plan, Sidecar | bytes | None]]
    ) -> Callable[[], list[Written]]:
        """Begins what is planned for notes' files; what it returns ends it, and is to be called.

        Sidecars are written with the files that are not kept. A sidecar may be the bytes of the one
        that is there: then it only says what the file does. What plans call `fresh` is to be kept
        in the library before: a crash in between then leaves no file that looks edited by hand.
        Both raise VaultUnwritable or OutsideVault.
        """
        files: list[tuple[Path, bytes]] = []
        amended: list[tuple[Path, bytes, bytes]] = []
        for plan, sidecar in planned:
            if plan.decision.state is State.WRITTEN:
                files.append((plan.place, plan.decision.data))
            if not sidecar or plan.decision.state is State.KEPT:
                continue
            file = SidecarFile(plan.fresh.digest, plan.fresh.front_matter)
            path = self._sidecar_path(plan.channel, plan.slug)
            if isinstance(sidecar, bytes):
                amended.append((path, sidecar, with_file(sidecar, file)))
            elif (data := dump_sidecar(sidecar, file)) != self.sidecar_bytes(
                plan.channel, plan.slug
            ):
                files.append((path, data))
        finish = self._files.begin(*files)

        def end() -> list[Written]:
            finish()
            for path, before, after in amended:
                if before != after:
                    self._files.amend(path, before, after)
            return [
                Written(plan.decision.state, plan.path, plan.decision.reason) for plan, _ in planned
            ]

        return end

    def remove_note(
        self,
        channel: str,
        slug: str,
        path: str | None,
        recorded: Sequence[Fingerprint],
        *,
        overwrite: bool = False,
    ) -> Written | None:
        """Takes the file and the sidecar of a note away, unless its owner edited it.

        `path` is where the file was last. With `overwrite` an edited file goes too, if it was once
        the program's. Returns the file that is kept, if one is. Raises as `begin_notes`.
        """
        known = [*recorded, *self._in_sidecar(channel, slug)]
        standing = self._files.at(path or f"{channel}/{slug}.md")
        if standing and last_written(standing, known) is None:
            if not (overwrite and known):
                self._disk.leave(standing.path, standing.data, None, EDITED_AND_GONE)
                place = standing.path.relative_to(self.root).as_posix()
                return Written(State.KEPT, place, EDITED_AND_GONE)
            self._disk.take(standing.path, EDITED)
        if standing:
            self._files.remove(standing.path, channel)
        self._files.remove(self._sidecar_path(channel, slug), channel)
        return None

    def mend(self, path: str, before: bytes, after: bytes, library: Library | None = None) -> None:
        """Make a file say `after` that says `before`.

        A file that was the program's stays the program's: what it says now is kept as what was
        written. Raises VaultUnwritable, for a file that has changed meanwhile too, OutsideVault,
        and what the library raises.
        """
        standing = self._files.read(self.root / path)
        if standing.data != before:
            raise VaultUnwritable(standing.path, "it was changed meanwhile")
        channel, _, name = path.removesuffix(".md").partition("/")
        placed = library.paths(channel) if library else {}
        slug = next((slug for slug, at in placed.items() if at == path), name)
        if "/" not in slug:
            self._record_mended(channel, slug, standing, after.decode(), library)
        self._files.write((standing.path, after))

    def _record_mended(
        self, channel: str, slug: str, standing: StandingFile, text: str, library: Library | None
    ) -> None:
        """Keeps what a file of the program's is about to say, if it is one."""
        recorded = library.filings.written(channel, slug) if library else []
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
            library.filings.record_written(channel, slug, fresh.digest, fresh.front_matter)
        if sidecar and sidecar.file.digest == was.digest:
            file = SidecarFile(fresh.digest, fresh.front_matter)
            self._files.write((self._sidecar_path(channel, slug), dump_sidecar(sidecar, file)))

    def sidecar(self, channel: str, slug: str) -> Sidecar | None:
        """The note's sidecar; None where there is none, or none that can be understood."""
        try:
            return parse_sidecar(self.sidecar_bytes(channel, slug))
        except VaultError:
            return None

    def sidecar_bytes(self, channel: str, slug: str) -> bytes:
        """The bytes of a note's sidecar as it is; none where there is none."""
        return self._files.data(self._sidecar_path(checked(channel), checked(slug)))

    def says(self, channel: str, slug: str, path: str, written: Fingerprint) -> bool:
        """Whether a note's file at `path`, and its sidecar, say what was `written`."""
        standing = self._files.at(path)
        if standing is None or last_written(standing, [written]) is None:
            return False
        try:
            data = self.sidecar_bytes(channel, slug)
            return with_file(data, SidecarFile(written.digest, written.front_matter)) == data
        except (VaultError, ValueError):  # none, or none of the program's
            return False

    # Which file is a note's

    def _standing(
        self,
        note: Note,
        known: Sequence[Fingerprint],
        last_path: str | None,
        files: Sequence[VaultNote] | None,
    ) -> StandingFile:
        """The note's file, or the place where it will be."""
        channel, slug = note.video.channel, note.slug
        if not known:  # never written before
            return self._files.usual(channel, slug)

        def is_it(standing: StandingFile) -> bool:
            is_ours = last_written(standing, known) is not None
            return is_ours or front_of(standing.data).video_id == note.video.id

        last = self._files.at(last_path) if last_path else None
        if last and is_it(last):
            return last
        usual = self._files.usual(channel, slug)
        if is_it(usual):
            return usual
        if files is None or any(file.path == last_path for file in files):
            files = self._files.survey.files()  # what was there is not any more
        return self._moved(note, known, files) or usual

    def _moved(
        self, note: Note, known: Sequence[Fingerprint], files: Iterable[VaultNote]
    ) -> StandingFile | None:
        """The note's file where its owner moved or renamed it; one that was edited too comes last.

        An edited one is known by its video and its name or title.
        """
        edited: StandingFile | None = None
        for found in files:
            standing = self._files.at(found.path) if found.video_id == note.video.id else None
            if standing is None:
                continue
            if last_written(standing, known):
                return standing
            if slug_key(found.slug) == slug_key(note.slug) or found.title == note.title:
                edited = edited or standing
        return edited

    def _in_sidecar(self, channel: str, slug: str) -> list[Fingerprint]:
        """What the sidecar knows of the note's file: all there is, where the library was lost."""
        sidecar = self.sidecar(channel, slug)
        if sidecar is None or not sidecar.file.digest:
            return []
        return [Fingerprint(sidecar.file.digest, sidecar.file.front_matter)]

    def _sidecar_path(self, channel: str, slug: str) -> Path:
        return self._files.sidecars / channel / f"{slug}.json"
