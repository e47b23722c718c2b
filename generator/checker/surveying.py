"""What every file of a vault can be linked by: its name, its title, and what it was called."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from generator.checker.index import Target
from generator.checker.records import BUSY_SECONDS
from generator.checker.walking import Tree, VaultFile, nfc
from generator.errors import LibraryError
from generator.vault.sidecars import parse_sidecar
from generator.vault.survey import FIRST_BYTES, MOST_BYTES, Front, front_of

MOST_SIDECAR_BYTES = 16 * 1024 * 1024
"""A larger sidecar is none of the program's."""


def targets_of(root: Path, tree: Tree, library: Path | None) -> list[Target]:
    """The files that links can lead to. One that cannot be read has its name alone."""
    fronts = {
        file.path: front_of(_beginning(root / file.path)) if file.size else front_of(b"")
        for file in tree.notes
    }
    former = _in_library(library, {file.channel for file in tree.notes if file.channel})
    for path, names in _in_sidecars(root, tree.notes, fronts).items():
        former.setdefault(path, []).extend(names)
    found = []
    for file in tree.notes:
        path, front = nfc(file.path), fronts[file.path]
        named = filter(None, (front.title, *front.aliases, *former.get(path, ())))
        unique = tuple(dict.fromkeys(named))
        found.append(Target(path, file.channel, unique, front.video_id))
    return found


def _beginning(path: Path) -> bytes:
    """What is read of a file to know its front matter; nothing where it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            data = os.read(descriptor, FIRST_BYTES)
            if len(data) == FIRST_BYTES and b"\n---" not in data:
                data += os.read(descriptor, MOST_BYTES - FIRST_BYTES)
            return data
        finally:
            os.close(descriptor)
    except (OSError, ValueError):
        return b""


def _in_library(library: Path | None, channels: Iterable[str]) -> dict[str, list[str]]:
    """By path, what the library calls a note: its slug, its title and its aliases."""
    from generator.library import Library

    found: dict[str, list[str]] = {}
    if library is None:
        return found
    try:
        with Library.open(library, create=False, busy_seconds=BUSY_SECONDS) as opened:
            for channel in sorted(channels):
                paths = opened.paths(channel)
                for slug, names in opened.names(channel).items():
                    path = paths.get(slug) or f"{channel}/{slug}.md"
                    found.setdefault(nfc(path), []).extend((slug, *names))
    except LibraryError:  # said where it is opened first, or its transcripts are asked for
        return {}
    return found


def _in_sidecars(
    root: Path, notes: Sequence[VaultFile], fronts: Mapping[str, Front]
) -> dict[str, list[str]]:
    """By path, under what name a note was written that its owner renamed since."""
    folder = root / ".generator" / "notes"
    if not folder.is_dir():
        return {}
    there = {(file.channel, file.name) for file in notes}
    named: dict[tuple[str, str], str] = {}
    for file in notes:
        front = fronts[file.path]
        named.setdefault((front.video_id, front.title), nfc(file.path))
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*/*.json")):
        if (nfc(path.parent.name), nfc(path.stem)) in there:
            continue
        with suppress(OSError):
            small = path.stat().st_size <= MOST_SIDECAR_BYTES
            sidecar = parse_sidecar(path.read_bytes()) if small else None
            if sidecar and (new := named.get((sidecar.video.id, sidecar.title))):
                found.setdefault(new, []).extend((path.stem, *sidecar.aliases))
    return found
