"""Where the paths of a vault lead: links in the file system, and how names are written there."""

from __future__ import annotations

import os
from pathlib import Path

from generator.errors import OutsideVault, VaultUnwritable
from generator.renderer.slugs import slug_key
from generator.vault.disk import Disk


class Places:
    """The places in one vault. What was found out of folders is kept, until it is forgotten."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root = root
        self._root_text = str(root)
        self._disk = disk
        self._names: dict[Path, dict[str, str]] = {}
        self._real: dict[str, Path] = {}
        self._real_root: Path | None = None

    def forget(self) -> None:
        """Where names and links lead is found out anew: their owner may have changed it."""
        self._names.clear()
        self._real.clear()
        self._real_root = None

    def came(self, path: Path) -> None:
        """A file was just written."""
        self._names.get(path.parent, {})[slug_key(path.name)] = path.name

    def went(self, folder: Path) -> None:
        """A folder may be gone."""
        self._names.pop(folder, None)
        self._names.pop(folder.parent, None)

    def inside(self, path: Path) -> Path:
        """Where a path in the vault leads.

        Raises OutsideVault if out of it, and VaultUnwritable for links in a circle.
        """
        try:
            text = str(path)
            folder, name = os.path.split(text)
            if text == self._root_text or not name:
                return self._resolved(path)
            if folder not in self._real:
                self._real[folder] = self._resolved(path.parent)
            real = self._real[folder] / name
            return self._resolved(path) if self._disk.is_link(real) else real
        except (OSError, RuntimeError) as error:  # links in a circle
            raise VaultUnwritable(path, "links in the file system lead in a circle") from error

    def on_disk(self, folder: Path, name: str) -> Path:
        """The path of what has this name in the folder, however its letters are written there.

        Vaults are carried between file systems that tell upper from lower case, or composed from
        decomposed letters, and such that do not; two such names would be one file on the latter.
        """
        if self._disk.lexists(folder / name):
            return folder / name
        if folder not in self._names:
            try:
                there = self._disk.names(self.inside(folder))
            except OSError:
                there = []
            self._names[folder] = {slug_key(other): other for other in reversed(there)}
        other = self._names[folder].get(slug_key(name), name)
        return folder / (other if self._disk.lexists(folder / other) else name)

    def _resolved(self, path: Path) -> Path:
        if self._real_root is None:
            self._real_root = self._disk.resolve(self._root)
        real = self._disk.resolve(path)
        if not real.is_relative_to(self._real_root):
            raise OutsideVault(path, self._root)
        return real
