"""The files of a vault, read, replaced and removed, and nothing outside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.errors import VaultError, VaultUnwritable
from generator.renderer.slugs import slug_key
from generator.vault.disk import Disk, Seen
from generator.vault.places import Places
from generator.vault.standing import StandingFile, State, read_bytes, read_standing
from generator.vault.survey import Survey

OWN_FOLDER = ".generator"
"""The folder in the vault that holds the library and the sidecars."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a file, where it is, relative to the vault with `/`, and why it was kept."""

    state: State
    path: str
    reason: str = ""


class Files:
    """The files below a folder. All raise VaultUnwritable, or OutsideVault where links lead out."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root = root
        self.disk = disk
        self.survey = Survey(root, disk)
        self.places = Places(root, disk)
        self.sidecars = root / OWN_FOLDER / "notes"
        self.wrote: dict[str, Seen] = {}
        """The Markdown files that this object wrote, by path, and what tells that they changed."""

    def read(self, path: Path) -> StandingFile:
        """What stands at a path, there or not."""
        return read_standing(path, self.places.inside(path), self.disk)

    def data(self, path: Path) -> bytes:
        """The bytes of a file; none where there is none."""
        return read_bytes(path, self.places.inside(path), self.disk) or b""

    def usual(self, channel: str, name: str) -> StandingFile:
        """The file `<channel>/<name>.md`, there or not."""
        return self.read(self.places.on_disk(self.places.on_disk(self.root, channel), f"{name}.md"))

    def at(self, path: str) -> StandingFile | None:
        """The Markdown file at a path that was remembered or found; None where there is none."""
        try:
            standing = self.read(self.root / path) if path.endswith(".md") else None
        except (VaultError, ValueError):
            return None
        return standing if standing and standing.exists else None

    def write(self, *files: tuple[Path, bytes]) -> None:
        """Writes files; raises for the first that could not be, and then others are."""
        self.begin(*files)()

    def begin(self, *files: tuple[Path, bytes]) -> Callable[[], None]:
        """Begins to write files; what it returns ends that, and raises as `write`."""
        finish = self.disk.begin([(self.places.inside(path), data) for path, data in files])

        def end() -> None:
            failed: tuple[Path, OSError] | None = None
            for (path, data), written in zip(files, finish(), strict=True):
                if isinstance(written, OSError):
                    failed = failed or (path, written)
                    continue
                self.places.came(path)
                if path.suffix == ".md":
                    name = path.relative_to(self.root).as_posix()
                    self.survey.read(name, written, data)
                    self.wrote[self.survey.seen[name][1].path] = written
            if failed:
                path, error = failed
                raise VaultUnwritable(path, error.strerror or str(error)) from error

        return end

    def amend(self, path: Path, before: bytes, after: bytes) -> None:
        """Makes a file say `after` that says `before`, in place where that is as safe."""
        try:
            self.disk.amend(self.places.inside(path), before, after)
        except OSError as error:
            raise VaultUnwritable(path, error.strerror or str(error)) from error

    def remove(self, path: Path, channel: str) -> None:
        """Takes a file away, and with the last one of a channel the channel's folder."""
        try:
            self.disk.unlink(self.places.inside(path))
        except OSError as error:
            raise VaultUnwritable(path, error.strerror or str(error)) from error
        self.survey.forget(path.relative_to(self.root).as_posix())
        folder = path.parent
        above = (self.root, self.sidecars)
        if folder.parent in above and slug_key(folder.name) == slug_key(channel):
            self.disk.prune(folder)
            self.places.went(folder)


def checked(name: str) -> str:
    """A channel or slug; raises ValueError if it is not the name of a file that shows."""
    if not name or name.startswith(".") or any(char in name for char in "/\\\0"):
        raise ValueError(f"{name!r} is not a name that a file can have")
    return name
