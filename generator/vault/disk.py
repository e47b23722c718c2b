"""The files of a vault as the program reaches them; a dry run puts others in their place."""

from __future__ import annotations

import errno
import functools
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from generator.vault.atomic import Replacement, sweep

Seen = tuple[int, int, int]
"""What tells that a file has changed: when it last did (in ns), its size in bytes, its inode."""

Finish = Callable[[], list[Seen | OSError]]
"""Ends what was begun: of each file, what tells later changes, or what kept it from its place."""

AT_ONCE = 4
"""How many files are put in their places at a time, each once it is on the disk."""

MOST_OPEN = 64
"""How many files are begun at a time: a process may have a thousand open, or fewer."""

SECTOR, PAGE = 512, 4096
"""So many bytes, at a place divisible by it, are written and read at once."""

READ_AT_ONCE = 64 * 1024

MOST_LEVELS = 50
"""How deep folders are looked into."""


class Disk:
    """The file system, in the few ways in which a vault uses it.

    All that reads or changes a vault's files goes through one of these, so that a run can be tried
    over an overlay that keeps its changes to itself: a class with the same methods. All of them
    raise OSError for what the file system refuses, and take absolute paths. What `resolve` gave is
    what is read, written and removed; the others take paths as the vault has them.
    """

    def __init__(self) -> None:
        self._swept: set[Path] = set()

    def resolve(self, path: Path) -> Path:
        """Where a path leads, links followed, there or not; RuntimeError for links in a circle."""
        return path.resolve()

    def is_link(self, path: Path) -> bool:
        """Whether there is a symbolic link of this name."""
        return path.is_symlink()

    def lexists(self, path: Path) -> bool:
        """Whether there is anything of this name, a link to nothing included."""
        return os.path.lexists(path)

    def names(self, folder: Path) -> list[str]:
        """The names of all that is in a folder, sorted."""
        return sorted(os.listdir(folder))

    def read(self, path: Path, at_most: int) -> bytes:
        """The bytes of a file; just the first `at_most` and one more where it has more.

        Raises FileNotFoundError where there is none, and OSError where there is something else.
        """
        if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would be waited at
            raise OSError(errno.EINVAL, "there is something else than a file of this name")
        with open(path, "rb", buffering=0) as file:
            parts, left = [], at_most + 1
            while left and (part := file.read(min(left, READ_AT_ONCE))):
                parts.append(part)
                left -= len(part)
            return b"".join(parts)

    def write(self, path: Path, data: bytes) -> Seen:
        """Makes `data` the content of a file, all at once, and its folder where there is none."""
        (written,) = self.begin([(path, data)])()
        if isinstance(written, OSError):
            raise written
        return written

    def begin(self, files: Sequence[tuple[Path, bytes]]) -> Finish:
        """Begins to write files; what it returns ends that, and has what `write` of each would.

        Meanwhile the disk is at work on all of them.
        """
        if len(files) > MOST_OPEN:
            done = self.begin(files[:MOST_OPEN])()
            others = self.begin(files[MOST_OPEN:])
            return lambda: [*done, *others()]
        new = [self._begun(path, data) for path, data in files]
        begun = [file for file in new if isinstance(file, Replacement)]
        under_way = {
            file: self._threads.submit(_put, file, synced=True)
            for file in begun
            # A sidecar can be made again: what a loss of power leaves of it is no matter.
            if file.path.suffix == ".md"
        }

        def put(file: Replacement | OSError) -> Seen | OSError:
            if isinstance(file, OSError):
                return file
            return under_way[file].result() if file in under_way else _put(file)

        def finish() -> list[Seen | OSError]:
            try:
                return list(map(put, new))
            finally:
                for file in begun:
                    file.drop()

        return finish

    def amend(self, path: Path, before: bytes, after: bytes) -> None:
        """As `write` of `after` where the file says `before`.

        Where a few bytes are others, only they are written: a run may amend thousands of sidecars,
        and each file that takes another's place is written out by the file system at once. Whoever
        reads the file meanwhile sees the old bytes or the new.
        """
        others = [
            at
            for at in range(0, len(after), SECTOR)
            if before[at : at + SECTOR] != after[at : at + SECTOR]
        ]
        first, last = (others[0], others[-1]) if others else (0, 0)
        in_one_page = len(before) == len(after) and first // PAGE == last // PAGE
        if not in_one_page or os.stat(path).st_nlink > 1:
            self.write(path, after)
            return
        with open(path, "r+b", buffering=0) as file:
            file.seek(first)
            file.write(after[first : last + SECTOR])

    def _begun(self, path: Path, data: bytes) -> Replacement | OSError:
        """The new file beside the one that it is to replace, or what kept it from being made."""
        folder = path.parent
        try:
            if folder not in self._swept:
                folder.mkdir(parents=True, exist_ok=True)
                sweep(folder)
                self._swept.add(folder)
            try:
                return Replacement(path, data)
            except FileNotFoundError:  # the folder went in the meantime
                folder.mkdir(parents=True, exist_ok=True)
                return Replacement(path, data)
        except OSError as error:
            return error

    @functools.cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(AT_ONCE, "disk")

    def unlink(self, path: Path) -> None:
        """Takes a file away, if it is there."""
        path.unlink(missing_ok=True)

    def prune(self, folder: Path) -> None:
        """Takes a folder away if nothing is in it."""
        with suppress(OSError):  # something is in it, or it is a link
            folder.rmdir()

    def take(self, path: Path, reason: str) -> None:
        """Told of a file that is replaced or goes though it is its owner's, and why it is.

        Nothing is to be done; who tells why files change looks here.
        """

    def leave(self, path: Path, theirs: bytes, ours: bytes | None, reason: str) -> None:
        """Told of a file that stays as its owner has it, why, and what else would be there.

        Nothing is to be done; who shows differences looks here.
        """

    def scan(self, root: Path) -> Iterator[tuple[str, Seen]]:
        """The Markdown files below a folder: path from there, with `/`, and what tells changes.

        Left out are hidden files and folders, names that are not UTF-8 or do not show, what links
        lead to, and what cannot be looked at.
        """
        folders = [("", str(root), 0)]
        while folders:
            prefix, folder, level = folders.pop()
            try:
                with os.scandir(folder) as scanned:
                    entries = list(scanned)
            except OSError:
                continue
            for entry in entries:
                name = entry.name
                if name.startswith(".") or not name.isprintable():  # bytes that are no UTF-8
                    continue
                if name[-3:].lower() == ".md" and entry.is_file(follow_symlinks=False):
                    try:
                        seen = seen_in(entry.stat(follow_symlinks=False))
                    except OSError:
                        continue
                    yield prefix + name, seen
                elif entry.is_dir(follow_symlinks=False) and level < MOST_LEVELS:
                    folders.append((f"{prefix}{name}/", entry.path, level + 1))


def _put(file: Replacement, *, synced: bool = False) -> Seen | OSError:
    """Gives a file its name, once it is on the disk if it is to be; or what kept it from that."""
    try:
        if synced:
            file.sync()
        return seen_in(file.put())
    except OSError as error:
        return error


def seen_in(status: os.stat_result) -> Seen:
    """What tells that a file has changed, of what the file system says of it."""
    return status.st_mtime_ns, status.st_size, status.st_ino
