"""The site's files: written where they changed, removed where nothing makes them any more."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import SiteFolderRefused, SiteInUse, SiteUnwritable
from generator.site.digests import digest_of_bytes
from generator.site.files import Make, Planned, made_here
from generator.site.places import SEARCH
from generator.site.state import FOLDER, Output, State
from generator.site.wiki import Notice
from generator.vault.atomic import replace_file, sweep

AT_ONCE = 200
"""How many files are entered in the record at a time, before they are written."""

LOCK, DATABASE = "lock", "site.db"


@dataclass(slots=True)
class Written:
    """What became of the site's files."""

    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def check_folder(out: Path, vault: Path) -> None:
    """Raises SiteFolderRefused where a site cannot be put into `out`, which need not be there."""
    try:
        there, source = out.resolve(), vault.resolve()
        if there == source:
            raise SiteFolderRefused(out, "it is the vault itself")
        if source.is_relative_to(there):
            raise SiteFolderRefused(out, f"the vault {vault} is in it")
        if there.exists() and not there.is_dir():
            raise SiteFolderRefused(out, "it is a file")
        own = (there / FOLDER / DATABASE).is_file()
        if there.is_dir() and not own and any(_foreign(there)):
            raise SiteFolderRefused(out, "it holds files that are not of a site of this program")
    except (OSError, RuntimeError, ValueError) as error:
        raise SiteFolderRefused(out, getattr(error, "strerror", "") or str(error)) from None


def _foreign(out: Path) -> Iterator[str]:
    with os.scandir(out) as entries:
        for entry in entries:
            if entry.name != FOLDER:
                yield entry.name


@contextmanager
def state_of(out: Path) -> Iterator[State]:
    """The record of the site in `out`, which no other run may use meanwhile.

    Raises SiteInUse, SiteUnwritable and SiteStateUnusable.
    """
    from filelock import FileLock, Timeout

    folder = out / FOLDER
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False, fallback_to_soft=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise SiteInUse(out) from None
    except OSError as error:
        raise SiteUnwritable(folder, error.strerror or str(error)) from None
    try:
        state = State(folder / DATABASE)
        try:
            yield state
        finally:
            state.close()
    finally:
        with suppress(OSError):
            lock.release()


class Writer:
    """Writes the files of one build into the site's folder.

    A file is made again if what it is made of is not what it was, or if it does not look as it was
    left; it is written only if its bytes are others. One that somebody else put there is kept.
    """

    def __init__(self, out: Path, state: State) -> None:
        self._out = out
        self._state = state
        self._known = state.outputs()
        self._looks = _looks(out)
        self._as_left = {
            place for place, known in self._known.items() if known.seen == self._looks.get(place)
        }
        self._planned: set[str] = set()
        self._folders: set[Path] = set()
        self.done = Written()

    @property
    def known(self) -> int:
        """How many files the site had before."""
        return len(self._known)

    def is_as_left(self) -> bool:
        """Whether all files that were written before look as they were left."""
        return len(self._as_left) == len(self._known)

    def leave(self, places: Set[str]) -> Set[str]:
        """Leaves files of which nothing changed as they are; gives those that must be made again,
        for they do not look as they were left."""
        stand = places & self._as_left
        self._planned |= stand
        self.done.unchanged += len(stand)
        return places - stand

    def write(self, planned: Iterable[Planned], make: Make = made_here) -> None:
        """Writes those of these files that have to be; `make` makes them."""
        due = [each for each in planned if self._is_due(each)]
        made = make(due)
        for at in range(0, len(due), AT_ONCE):
            self._keep([(each, next(made)) for each in due[at : at + AT_ONCE]])

    def _is_due(self, planned: Planned) -> bool:
        place = planned.place
        self._planned.add(place)
        known = self._known.get(place)
        if (known is None and place in self._looks) or self._is_barred(place):
            reason = "another file stands where a page would; it was kept, and the page left out"
            self.done.notices.append(Notice(place, reason))
            return False
        if known and place in self._as_left and planned.made_of in {None, known.made_of}:
            self.done.unchanged += 1
            return False
        return True

    def _is_barred(self, place: str) -> bool:
        """Whether a file, or a link that leads who knows where, stands in the place of a folder."""
        folder = place.rpartition("/")[0]
        while folder:
            if folder in self._looks and folder not in self._known:
                return True
            folder = folder.rpartition("/")[0]
        return False

    def _keep(self, files: Sequence[tuple[Planned, bytes]]) -> None:
        """Writes files whose bytes are others than those that are there."""
        made: dict[str, Output] = {}
        due: list[tuple[str, bytes]] = []
        for planned, data in files:
            known, digest = self._known.get(planned.place, Output()), digest_of_bytes(data)
            made_of = known.made_of if planned.made_of is None else planned.made_of
            made[planned.place] = Output(made_of, digest, known.seen)
            looks = self._looks.get(planned.place)
            if looks is not None and (known.digest, known.seen) == (digest, looks):
                self.done.unchanged += 1
            else:
                due.append((planned.place, data))
        with self._state.transaction():
            self._state.keep_outputs(
                {place: Output() for place, _ in due if place not in self._known}
            )
        for place, data in due:
            made[place] = made[place]._replace(seen=self._write(place, data))
            self.done.written.append(place)
        with self._state.transaction():
            self._state.keep_outputs(made)
        self._known |= made

    def digest(self, place: str) -> str:
        """A digest of a file of the site; empty for one that was left out."""
        known = self._known.get(place)
        return known.digest if known and place in self._planned else ""

    def remove_others(self) -> None:
        """Removes what earlier builds wrote and this one would not."""
        gone = sorted(self._known.keys() - self._planned)
        for place in gone:
            if place not in self._looks:  # gone already, or behind a link that leads elsewhere
                continue
            path = self._out / place
            try:
                if self._is_changed(place, path):
                    reason = "somebody changed it since it was written; it was kept"
                    self.done.notices.append(Notice(place, reason))
                    continue
                path.unlink(missing_ok=True)
            except OSError as error:
                raise SiteUnwritable(path, error.strerror or str(error)) from None
            self.done.removed.append(place)
            with suppress(OSError):  # as long as other files are in it
                for folder in path.relative_to(self._out).parents[:-1]:
                    (self._out / folder).rmdir()
        with self._state.transaction():
            self._state.drop_outputs(gone)

    def _is_changed(self, place: str, path: Path) -> bool:
        known = self._known[place]
        if not known.seen or known.seen == self._looks[place]:
            return False
        return digest_of_bytes(path.read_bytes()) != known.digest

    def _write(self, place: str, data: bytes) -> str:
        path = self._out / place
        try:
            if path.parent not in self._folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                sweep(path.parent)
                self._folders.add(path.parent)
            return _look(replace_file(path, data, synced=False))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SiteUnwritable(path, reason) from None


def _looks(out: Path) -> dict[str, str]:
    """By path, what tells whether a file of the site is still as it was left.

    The search index is not among them: what makes it looks after its files.
    """
    found: dict[str, str] = {}
    folders = [("", str(out))]
    while folders:
        prefix, folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    path = prefix + entry.name
                    if path in {FOLDER, SEARCH}:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append((f"{path}/", entry.path))
                    else:
                        found[path] = _look(entry.stat(follow_symlinks=False))
        except OSError as error:
            raise SiteUnwritable(Path(folder), error.strerror or str(error)) from None
    return found


def _look(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns} {status.st_size}"
