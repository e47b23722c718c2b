"""The slices of a search index on the disk: what each was made of, and which files are its own."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.vault.atomic import replace_file

FOLDER = "pagefind"
"""Where the index is in a site."""

_FORMAT = "4"
_NAME = re.compile(r"[a-z]+-[0-9]+")
_INSIDE = re.compile(r"[^/\\:\0][^\\:\0]*")
_STATE = Path(".generate", "search.json")
_PAGES = Path(".generate", "searched")


@dataclass(frozen=True, slots=True)
class Slice:
    """What a slice was made of (`pages`: the digests of the pages; `texts`: of what is searched).

    `files` are relative to the index's folder. A slice without digests has to be made again.
    """

    pages: str = ""
    texts: str = ""
    files: tuple[str, ...] = ()


class Slices:
    """The slices of the site in a folder, as the last build left them and this one changes them.

    What is written or removed is noted ahead, so that a build that breaks off leaves no file that
    the next one would not know for its own. Methods raise OSError.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._slices = _read(out / _STATE)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._slices))

    def get(self, name: str) -> Slice:
        """What is known of a slice; of one that is not there, nothing."""
        return self._slices.get(name, Slice())

    def is_whole(self, name: str) -> bool:
        """Whether a slice was made, or found to be empty, and all its files are there."""
        known = self.get(name)
        if not known.pages:
            return False
        wanted = defaultdict[str, set[str]](set)
        for file in known.files:
            folder, _, own = file.rpartition("/")
            wanted[folder].add(own)
        # To ask for each of many thousands of files would take longer than to list their folders.
        return all(names <= self._names_in(folder) for folder, names in wanted.items())

    def _names_in(self, folder: str) -> set[str]:
        try:
            return set(os.listdir(f"{self._out}/{FOLDER}/{folder}"))  # noqa: PTH208
        except OSError:
            return set()

    def read_pages(self, name: str) -> dict[str, tuple[str, str]]:
        """By path, how the pages of a slice looked when they were read, and digests of their texts.

        Nothing where that is not known.
        """
        try:
            read = json.loads(self._pages_file(name).read_bytes())
            return {str(path): (str(looks), str(text)) for path, (looks, text) in read.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def note(self, name: str, pages: str, texts: str, read: Mapping[str, tuple[str, str]]) -> None:
        """Keep what a slice, whose files are as they are to be, was made of; see `read_pages`."""
        file = self._pages_file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, json.dumps(read, ensure_ascii=False).encode(), synced=False)
        self._keep(name, Slice(pages, texts, self.get(name).files))

    def put(self, name: str, bundle: Path, files: Iterable[str]) -> None:
        """Move the files of a bundle to where browsers look for the slice; its others go."""
        before = self.get(name).files
        now = tuple(f"{name}/{file}" for file in sorted(files))
        self._keep(name, Slice(files=tuple(sorted({*before, *now}))))
        target = f"{self._out}/{FOLDER}"
        for folder in sorted({os.path.dirname(file) for file in now}):  # noqa: PTH120
            os.makedirs(f"{target}/{folder}", exist_ok=True)  # noqa: PTH103
        for file in now:  # not pathlib: there may be many thousands
            os.replace(f"{bundle}/{file.partition('/')[2]}", f"{target}/{file}")  # noqa: PTH105
        self._unlink(set(before) - set(now))
        self._keep(name, Slice(files=now))

    def drop(self, name: str) -> None:
        """Remove a slice with its files."""
        self._unlink(self.get(name).files)
        self._pages_file(name).unlink(missing_ok=True)
        del self._slices[name]
        self._save()

    def forget(self) -> None:
        """Remove what is kept of the slices; they have been dropped."""
        (self._out / _STATE).unlink(missing_ok=True)

    def _pages_file(self, name: str) -> Path:
        return self._out / _PAGES / f"{name}.json"

    def _keep(self, name: str, known: Slice) -> None:
        self._slices[name] = known
        self._save()

    def _save(self) -> None:
        slices = {
            name: {"pages": of.pages, "texts": of.texts, "files": of.files}
            for name, of in sorted(self._slices.items())
        }
        text = json.dumps({"made_by": _made_by(), "slices": slices}, ensure_ascii=False)
        file = self._out / _STATE
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, text.encode(), synced=False)

    def _unlink(self, files: Iterable[str]) -> None:
        """Removes files of the index, and folders that are empty then."""
        folders = set()
        for file in files:
            target = self._out / FOLDER / file
            target.unlink(missing_ok=True)
            folders |= {target.parent, target.parent.parent}
        for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def _read(file: Path) -> dict[str, Slice]:
    """What is known from the last build; nothing if that cannot be read."""
    try:
        read = json.loads(file.read_bytes())
        current = read["made_by"] == _made_by()
        return {
            name: Slice(
                str(of["pages"]) if current else "",
                str(of["texts"]) if current else "",
                tuple(file for file in of["files"] if _is_inside(file)),
            )
            for name, of in read["slices"].items()
            if _NAME.fullmatch(name)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is_inside(file: object) -> bool:
    """Whether a name in the state, which anybody can have edited, stays in the index's folder."""
    return isinstance(file, str) and ".." not in file and _INSIDE.fullmatch(file) is not None


def _made_by() -> str:
    """What else but the pages the slices depend on."""
    versions = []
    for package in ("pagefind", "pagefind_bin", "pagefind_bin_extended"):
        try:
            versions.append(importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            versions.append("none")
    return "/".join((_FORMAT, *versions))
