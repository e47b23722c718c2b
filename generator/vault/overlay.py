"""Vaults as they would be: files that a run changes are kept in memory, and the disk is not."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.vault.disk import Disk, Finish, Seen

MOST_BYTES = 32 * 1024 * 1024
"""More of a file is not compared."""


@dataclass(frozen=True, slots=True)
class Left:
    """A file that stays as its owner has it; `ours` is what else would be there, None for none."""

    path: Path
    theirs: bytes
    ours: bytes | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after a run; None where there is none."""

    path: Path
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class _Packed:
    """A file's bytes, compressed, and what tells this version of it from others."""

    packed: bytes
    seen: Seen

    @property
    def data(self) -> bytes:
        return zlib.decompress(self.packed)


class Watched(Disk):
    """The file system, with a record of what became of its files. Paths are in the order met."""

    def __init__(self) -> None:
        super().__init__()
        self._left: dict[Path, tuple[bytes, bytes | None, str]] = {}
        self.removed: dict[Path, None] = {}
        self.taken: dict[Path, str] = {}

    @property
    def left(self) -> Iterator[Left]:
        """The files that stay as their owners have them."""
        for path, (theirs, ours, reason) in self._left.items():
            yield Left(
                path,
                zlib.decompress(theirs),
                None if ours is None else zlib.decompress(ours),
                reason,
            )

    def leave(self, path: Path, theirs: bytes, ours: bytes | None, reason: str) -> None:
        """Keeps what both sides have."""
        packed = None if ours is None else zlib.compress(ours, 1)
        self._left[path] = (zlib.compress(theirs, 1), packed, reason)

    def take(self, path: Path, reason: str) -> None:
        """Keeps why the file is its owner's."""
        self.taken[self.resolve(path)] = reason

    def unlink(self, path: Path) -> None:
        """Takes a file away, and notes it where it was there."""
        if self.lexists(path):
            self.removed[path] = None
        super().unlink(path)


class Overlay(Watched):
    """The file system below what a run would have written; nothing on it changes.

    Files are known by where their paths really lead.
    """

    def __init__(self) -> None:
        super().__init__()
        self._files: dict[str, _Packed | None] = {}
        self._folders: set[str] = set()
        self._written = 0

    @property
    def changes(self) -> Iterator[Change]:
        """The files that would be others, by path."""
        for name in sorted(self._files):
            file, path = self._files[name], Path(name)
            after = file.data if file else None
            try:
                before = super().read(path, MOST_BYTES)
            except OSError:
                before = None
            if before != after:
                yield Change(path, before, after)

    def lexists(self, path: Path) -> bool:
        """As if what was written were there."""
        real = str(self.resolve(path))
        if real in self._files:
            return self._files[real] is not None
        return real in self._folders or super().lexists(path)

    def names(self, folder: Path) -> list[str]:
        """As if what was written were there."""
        try:
            names = set(super().names(folder))
        except FileNotFoundError:
            if str(folder) not in self._folders:
                raise
            names = set()
        prefix = f"{folder}{os.sep}"
        below = {
            n.removeprefix(prefix): n
            for n in (*self._files, *self._folders)
            if n.startswith(prefix)
        }
        names |= {name for name in below if os.sep not in name}
        gone = {
            name
            for name, real in below.items()
            if real in self._files and not self.lexists(Path(real))
        }
        return sorted(names - gone)

    def read(self, path: Path, at_most: int) -> bytes:
        """What was written there, else what is."""
        if (name := str(path)) not in self._files:
            return super().read(path, at_most)
        file = self._files[name]
        if file is None:
            raise FileNotFoundError(name)
        return file.data[: at_most + 1]

    def begin(self, files: Sequence[tuple[Path, bytes]]) -> Finish:
        """Keeps the bytes, in the end."""
        return lambda: [self._keep(path, data) for path, data in files]

    def amend(self, path: Path, before: bytes, after: bytes) -> None:
        """Keeps the bytes."""
        self._keep(path, after)

    def _keep(self, path: Path, data: bytes) -> Seen:
        self._written += 1
        seen = (self._written, len(data), 0)
        self._files[str(path)] = _Packed(zlib.compress(data, 1), seen)
        self._folders.update(map(str, path.parents))
        return seen

    def unlink(self, path: Path) -> None:
        """As if the file were gone."""
        if self.lexists(path):
            self.removed[path] = None
        self._files[str(path)] = None

    def prune(self, folder: Path) -> None:
        """Nothing: a folder without files is no change that anybody is told of."""

    def scan(self, root: Path) -> Iterator[tuple[str, Seen]]:
        """As if what was written were there."""
        prefix = f"{self.resolve(root)}{os.sep}"
        ours = {
            n.removeprefix(prefix).replace(os.sep, "/"): n
            for n in self._files
            if n.startswith(prefix)
        }
        for path, seen in super().scan(root):
            if path not in ours:
                yield path, seen
        for path, name in ours.items():
            file = self._files[name]
            hidden = any(part.startswith(".") for part in path.split("/"))
            if file and not hidden and path.lower().endswith(".md"):
                yield path, file.seen
