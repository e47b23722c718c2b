"""The files of a vault for the site, read again only where they changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from generator.checker.walking import VaultFile, nfc, walk
from generator.site.processes import spread
from generator.site.reading import PageReader, Source, Unreadable
from generator.site.state import ReadPage, Seen, State, packed_page
from generator.site.wiki import Notice
from generator.vault.vault import OWN_FOLDER

AT_ONCE = 200
"""How many files are read before what they say is kept."""


TOLD_EVERY = 2000
"""After how many files it is told how far the reading is."""


@dataclass(frozen=True, slots=True)
class Due:
    """A file to be read, with its sidecar if it has one; `looks` tells whether it changes."""

    file: VaultFile
    looks: str
    sidecar: Path | None


@dataclass(frozen=True, slots=True)
class Survey:
    """The paths of a vault's other files, what could not be read, how many files had to be read,
    and whether any page came of it or went."""

    others: tuple[str, ...]
    notices: tuple[Notice, ...]
    read: int
    changed: bool


def survey(
    state: State,
    source: Source,
    *,
    apart_from: Path,
    made_with: str,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Survey:
    """Brings what is kept of a vault up to date, without what is in the folder `apart_from`.

    `made_with` is of all besides the files themselves that goes into what is read; when it changes,
    all are read anew. `progress` is told how many of the files that had to be were read.
    """
    tree = walk(source.root)
    skipped = _prefix(apart_from, source.root)
    notices = [
        Notice(finding.path, finding.message)
        for finding in tree.findings
        if not _is_below(finding.path, skipped)
    ]
    known = state.seen()
    there: set[str] = set()
    due: list[Due] = []
    for each in _files(source, tree.notes, skipped, made_with, notices):
        path = nfc(each.file.path)
        seen = known.get(path)
        if seen is not None and seen == _seen(source, each, seen.video_id):
            there.add(path)
        else:
            due.append(each)
    changed = False
    reading = spread(partial(_reading, source), due)
    for at in range(0, len(due), AT_ONCE):
        with state.transaction():
            for each in due[at : at + AT_ONCE]:
                read = next(reading)
                if isinstance(read, str):
                    notices.append(Notice(nfc(each.file.path), read))
                else:
                    state.keep_page(_seen(source, each, read.page.video_id), read)
                    there.add(read.page.path)
                    changed = True
        if at and at % TOLD_EVERY == 0:
            progress(at, len(due))
    gone = known.keys() - there
    with state.transaction():
        state.drop_pages(gone)
    others = [path for path in tree.others if not _is_below(path, skipped)]
    return Survey(tuple(others), tuple(notices), len(due), changed or bool(gone))


def _files(
    source: Source,
    files: Sequence[VaultFile],
    skipped: str,
    made_with: str,
    notices: list[Notice],
) -> Iterator[Due]:
    """The files to be shown, and how they look."""
    sidecars = _sidecars(source.root)
    seen: set[str] = set()
    for file in files:
        path = nfc(file.path)
        if _is_below(path, skipped) or any("\ud800" <= char <= "\udfff" for char in path):
            continue
        if path in seen:
            notices.append(Notice(path, "another file has the same name in other characters"))
            continue
        seen.add(path)
        channel, slug = source.moved.get(path, (file.channel, file.name))
        usual = path.count("/") == 1 or path in source.moved
        sidecar, looks = sidecars.get((channel, slug), (None, "")) if usual else (None, "")
        try:
            status = os.stat(f"{source.root}/{file.path}")  # noqa: PTH116 - of all files at once
        except OSError:  # it is gone since, or cannot be read: reading it tells
            yield Due(file, "", sidecar)
            continue
        yield Due(file, f"{made_with} {_look(status)} {looks}", sidecar)


@contextmanager
def _reading(source: Source) -> Iterator[Callable[[Due], ReadPage | str]]:
    """What reads a file; of one that cannot be read it says why."""
    reader = PageReader(source)

    def read(due: Due) -> ReadPage | str:
        try:
            return packed_page(*reader.read(due.file, due.sidecar))
        except Unreadable as error:
            return str(error)

    try:
        yield read
    finally:
        reader.close()


def _seen(source: Source, due: Due, video_id: str) -> Seen:
    """How a file looks; without a sidecar it is shown with the transcript of its video."""
    held = source.held.get(video_id) if due.sidecar is None and video_id else None
    return Seen(due.looks, held.digest if held else "", video_id)


def _sidecars(root: Path) -> dict[tuple[str, str], tuple[Path, str]]:
    """By channel and slug, the sidecars that there are, and how they look."""
    found: dict[tuple[str, str], tuple[Path, str]] = {}
    folder = root / OWN_FOLDER / "notes"
    try:
        channels = sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())
    except OSError:
        return found
    for channel in channels:
        try:
            with os.scandir(channel) as entries:
                for entry in entries:
                    if entry.name.endswith(".json") and entry.is_file():
                        key = (nfc(Path(channel).name), nfc(entry.name[: -len(".json")]))
                        found[key] = (Path(entry.path), _look(entry.stat()))
        except OSError:
            continue
    return found


def _look(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_size}-{status.st_ino}"


def _prefix(folder: Path, root: Path) -> str:
    """The path of a folder in the vault, with a slash; empty for one that is elsewhere."""
    try:
        return nfc(folder.resolve().relative_to(root.resolve()).as_posix()) + "/"
    except ValueError:
        return ""


def _is_below(path: str, prefix: str) -> bool:
    return bool(prefix) and f"{path}/".startswith(prefix)
