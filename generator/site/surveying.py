"""The files of a vault for the site, read again only where they changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from generator.checker.walking import VaultFile, looks_of, nfc, walk
from generator.site.filerows import ReadPage, Seen, packed_page
from generator.site.processes import spread
from generator.site.source import Source
from generator.site.state import State
from generator.site.wiki import Notice, Page
from generator.vault.files import OWN_FOLDER

AT_ONCE = 200
"""How many files are read before what they say is kept."""


TOLD_EVERY = 2000
"""After how many files it is told how far the reading is."""


class Due(NamedTuple):
    """A file to be read, with the path of its sidecar, empty for none; `looks` tells whether either
    changes. `path` is the file's in NFC."""

    path: str
    file: VaultFile
    looks: str
    sidecar: str


@dataclass(frozen=True, slots=True)
class Survey:
    """The paths of a vault's other files, what could not be read, how many files had to be read,
    and by path the pages that came of it (None) or went, or changed, as they were before, and where
    their links led."""

    others: tuple[str, ...]
    notices: tuple[Notice, ...]
    read: int
    before: dict[str, Page | None]
    led: dict[str, set[str]]


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
        seen = known.get(each.path)
        if (
            seen is not None
            and seen.looks == each.looks
            and seen.heard == _heard(source, each, seen.video_id)
        ):
            there.add(each.path)
        else:
            due.append(each)
    before: dict[str, Page | None] = {}
    led: dict[str, set[str]] = {}
    reading = spread(partial(_reading, source), due)
    for at in range(0, len(due), AT_ONCE):
        with state.transaction():
            for each in due[at : at + AT_ONCE]:
                read = next(reading)
                if isinstance(read, str):
                    notices.append(Notice(each.path, read))
                    continue
                path = read.page.path
                there.add(path)
                video_id = read.page.video_id
                seen = Seen(each.looks, _heard(source, each, video_id), video_id)
                page = state.page(path) if path in known else None
                if page == read.page:
                    state.keep_seen(path, seen)
                else:
                    before[path], led[path] = page, state.leads(path)
                    state.keep_page(seen, read)
        if at and at % TOLD_EVERY == 0:
            progress(at, len(due))
    with state.transaction():
        for path in sorted(known.keys() - there):
            before[path], led[path] = state.page(path), state.leads(path)
            state.drop_page(path)
    others = [path for path in tree.others if not _is_below(path, skipped)]
    return Survey(tuple(others), tuple(notices), len(due), before, led)


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
        if _is_below(path, skipped) or not (path.isascii() or _is_utf8(path)):
            continue
        if path in seen:
            notices.append(Notice(path, "another file has the same name in other characters"))
            continue
        seen.add(path)
        where = source.moved.get(path)
        slug = f"{where[0]}/{where[1]}" if where else path[: -len(".md")]
        usual = slug.count("/") == 1
        sidecar, looks = sidecars.get(slug, ("", "")) if usual else ("", "")
        yield Due(path, file, f"{made_with} {file.looks} {looks}", sidecar)


@contextmanager
def _reading(source: Source) -> Iterator[Callable[[Due], ReadPage | str]]:
    """What reads a file; of one that cannot be read it says why."""
    from generator.checker.index import slug_meant
    from generator.site.reading import PageReader, Unreadable

    reader = PageReader(source)

    def read(due: Due) -> ReadPage | str:
        try:
            page, details = reader.read(due.file, Path(due.sidecar) if due.sidecar else None)
            names = (slug_meant(each.target, page.path) for each in details.references)
            return packed_page(page, details, names)
        except Unreadable as error:
            return str(error)

    try:
        yield read
    finally:
        reader.close()


def _heard(source: Source, due: Due, video_id: str) -> str:
    """Without a sidecar a file is shown with the transcript of its video: which one that is."""
    held = source.held.get(video_id) if video_id and not due.sidecar else None
    return held.digest if held else ""


def _sidecars(root: Path) -> dict[str, tuple[str, str]]:
    """By channel and slug, as `channel/slug`, the sidecars that there are, and how they look."""
    found: dict[str, tuple[str, str]] = {}
    folder = root / OWN_FOLDER / "notes"
    try:
        with os.scandir(folder) as entries:
            channels = sorted((entry.name, entry.path) for entry in entries if entry.is_dir())
    except OSError:
        return found
    for channel, below in channels:
        prefix = f"{nfc(channel)}/"
        try:
            with os.scandir(below) as entries:
                for entry in entries:
                    if entry.name.endswith(".json") and entry.is_file():
                        slug = prefix + nfc(entry.name[: -len(".json")])
                        found[slug] = (entry.path, looks_of(entry.stat()))
        except OSError:
            continue
    return found


def _is_utf8(path: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in path)


def _prefix(folder: Path, root: Path) -> str:
    """The path of a folder in the vault, with a slash; empty for one that is elsewhere."""
    try:
        return nfc(folder.resolve().relative_to(root.resolve()).as_posix()) + "/"
    except ValueError:
        return ""


def _is_below(path: str, prefix: str) -> bool:
    return bool(prefix) and f"{path}/".startswith(prefix)
