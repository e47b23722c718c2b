"""The files of a vault, without following links, and what of them no one could open."""

from __future__ import annotations

import errno
import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from generator.checker.findings import Finding
from generator.text import printable

MOST_BYTES = 1024 * 1024
"""A larger file is no note: it is some hundred times as long as a long one."""

MOST_LEVELS = 50
"""How deep folders are looked into."""


@dataclass(frozen=True, slots=True)
class VaultFile:
    """A Markdown file of the vault. `path` is relative to it, with `/`, as the disk has it.

    `looks` changes with anything that the file system says of a file that changed; see `looks_of`.
    """

    path: str
    size: int
    looks: str = ""

    @property
    def channel(self) -> str:
        """The folder at the top of the vault that it is in; empty for a file in none."""
        folder, slash, _ = self.path.partition("/")
        return nfc(folder) if slash else ""

    @property
    def name(self) -> str:
        """The file's name without folders and `.md`, in NFC."""
        return nfc(self.path.rpartition("/")[2])[: -len(".md")]


@dataclass(slots=True)
class Tree:
    """What is in a vault's folder: Markdown, the paths of other files, and what is wrong there.

    `links` counts healthy links in the file system, which are not followed.
    """

    notes: list[VaultFile] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    links: int = 0


def walk(root: Path) -> Tree:
    """All files below a folder but hidden ones, by path. Nothing that it meets stops it."""
    tree = Tree()
    folders = [("", str(root), 0)]
    while folders:
        prefix, folder, level = folders.pop()
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            tree.findings.append(_unreadable(prefix.rstrip("/") or ".", error))
            continue
        for entry in entries:
            path = prefix + entry.name
            if entry.name.startswith("."):
                continue
            if _is_hidden_from_view(entry.name):
                shown = "it cannot be shown as it is" if _is_utf8(entry.name) else "it is not UTF-8"
                tree.findings.append(
                    _finding("F506", path, f"other programs pass over it: {shown}")
                )
            try:
                if entry.is_symlink():
                    _look_at_link(tree, root, path, entry)
                elif entry.is_dir(follow_symlinks=False):
                    _look_at_folder(tree, path, level)
                    if level < MOST_LEVELS:
                        folders.append((f"{path}/", entry.path, level + 1))
                elif entry.is_file(follow_symlinks=False):
                    _look_at_file(tree, path, entry)
                elif _is_markdown(path):
                    said = "it is a pipe, a socket or a device, and is not read"
                    tree.findings.append(_finding("F504", path, said))
            except (OSError, ValueError) as error:
                tree.findings.append(_unreadable(path, error))
    tree.notes.sort(key=lambda note: note.path)
    return tree


def nfc(text: str) -> str:
    """A name with composed letters, as links are written; file systems may decompose them."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def looks_of(status: os.stat_result) -> str:
    """What is another whenever a file was written or replaced, whatever its time was set to."""
    return f"{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_size}-{status.st_ino}"


def _look_at_file(tree: Tree, path: str, entry: os.DirEntry[str]) -> None:
    if not _is_markdown(path):
        tree.others.append(nfc(path))
        return
    status = entry.stat(follow_symlinks=False)
    tree.notes.append(VaultFile(path, status.st_size, looks_of(status)))


def _look_at_folder(tree: Tree, path: str, level: int) -> None:
    if _is_markdown(path):
        tree.findings.append(_finding("F504", path, "it is a folder; a note is a file"))
    if level >= MOST_LEVELS:
        said = f"it is more than {MOST_LEVELS} folders deep, and is not looked into"
        tree.findings.append(_finding("F501", path, said))


def _look_at_link(tree: Tree, root: Path, path: str, entry: os.DirEntry[str]) -> None:
    try:
        real = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        circle = isinstance(error, RuntimeError) or error.errno == errno.ELOOP
        said = "it leads in a circle" if circle else "what it leads to is not there"
        tree.findings.append(_finding("F505", path, said))
        return
    if real.is_dir() and Path(entry.path).parent.resolve().is_relative_to(real):
        tree.findings.append(_finding("F505", path, "it leads back to a folder that it is in"))
        return
    tree.links += 1
    if real.is_file():
        tree.others.append(nfc(path))


def _is_markdown(path: str) -> bool:
    return path.lower().endswith(".md")


def _is_utf8(name: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _is_hidden_from_view(name: str) -> bool:
    return not name.isprintable()


def _finding(code: str, path: str, said: str) -> Finding:
    return Finding(code, path, said)


def _unreadable(path: str, error: Exception) -> Finding:
    reason = printable(getattr(error, "strerror", None) or str(error))
    return _finding("F501", path, f"it cannot be read: {reason}")
