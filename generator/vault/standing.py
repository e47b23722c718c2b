"""A Markdown file as it stands in the vault, and what may become of it when a note is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from generator.errors import VaultUnwritable
from generator.models import Fingerprint
from generator.reader.frontmatter import (
    content_digest,
    in_the_form_of,
    merge_front_matter,
    split_front_matter,
)
from generator.vault.disk import Disk

MOST_BYTES = 32 * 1024 * 1024
"""A file larger than this is no note of the program's, and is not read."""

MOST_FRONT_MATTER = 32 * 1024
"""Front matter with more characters than this is not read: a parser can take minutes for it."""

NOT_OURS = "this program did not write it"
EDITED = "it was edited by hand"
EDITED_AND_GONE = "its note is gone, but it was edited by hand"


DELETED = "its owner deleted it"


class State(StrEnum):
    """What became of a file: written, already as it should be, or kept as its owner has it."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class StandingFile:
    """A file in the vault, or the place for one.

    `path` is as the vault has it, before links in the file system are followed. `text` is None
    where there is no file, or none that can be taken for a note.
    """

    path: Path
    exists: bool = False
    data: bytes = b""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a file, the bytes that it then has, and why, where it is kept."""

    state: State
    data: bytes
    reason: str = ""


def read_standing(path: Path, real: Path, disk: Disk) -> StandingFile:
    """What stands at `path`, which leads to `real`; raises VaultUnwritable if no file can."""
    data = read_bytes(path, real, disk)
    if data is None:
        return StandingFile(path)
    if len(data) > MOST_BYTES:
        return StandingFile(path, exists=True)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return StandingFile(path, exists=True, data=data)
    readable = len(split_front_matter(text)[0]) <= MOST_FRONT_MATTER
    return StandingFile(path, exists=True, data=data, text=text if readable else None)


def read_bytes(path: Path, real: Path, disk: Disk) -> bytes | None:
    """As `read_standing`, what a file holds, or of a larger one more than MOST_BYTES."""
    try:
        return disk.read(real, MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VaultUnwritable(path, error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the name
        raise VaultUnwritable(path, str(error)) from error


def fingerprint(text: str, keys: Sequence[str]) -> Fingerprint:
    """By what a file that says `text` is known later, `keys` of its front matter being ours."""
    return Fingerprint(content_digest(text, keys), tuple(keys))


def last_written(standing: StandingFile, known: Sequence[Fingerprint]) -> Fingerprint | None:
    """Which of `known` the file still is; None where it was edited, or is of another origin."""
    text = standing.text
    if text is None:
        return None
    digests: dict[tuple[str, ...], str] = {}
    for of in known:
        keys = of.front_matter
        if keys not in digests:
            digests[keys] = content_digest(text, keys)
        if of.digest == digests[keys]:
            return of
    return None


def decide(
    text: str,
    keys: Sequence[str],
    standing: StandingFile,
    known: Sequence[Fingerprint],
    *,
    overwrite: bool,
) -> Decision:
    """What becomes of a note's file that should say `text`.

    `known` is what the program wrote there before, the last first.
    """
    if standing.exists and standing.data == text.encode():
        return Decision(State.UNCHANGED, standing.data)
    was = last_written(standing, known)
    if was is None and not overwrite and not is_free(standing):
        if standing.text and content_digest(standing.text, keys) == content_digest(text, keys):
            return Decision(State.UNCHANGED, standing.data)
        return Decision(State.KEPT, standing.data, EDITED if known else NOT_OURS)
    if was is None and known:
        was = known[0]
    return put_in_place(standing, text, (*keys, *(was.front_matter if was else ())))


def put_in_place(standing: StandingFile, text: str, ours: Collection[str]) -> Decision:
    """`text` in the place of a file, with what is the owner's in it; kept where that cannot be.

    The owner's are the front-matter keys that are not in `ours`, line ends, a byte order mark, and
    that the last line has no end. A file that says the same already stays as it is.
    """
    if standing.text is None or is_free(standing):
        return Decision(State.WRITTEN, text.encode())
    if content_digest(standing.text, ours) == content_digest(text, ours):
        return Decision(State.UNCHANGED, standing.data)
    try:
        merged = merge_front_matter(text, standing.text, ours)
    except ValueError as error:
        return Decision(State.KEPT, standing.data, str(error))
    return Decision(State.WRITTEN, in_the_form_of(standing.text, merged).encode())


def is_owners(standing: StandingFile, known: Sequence[Fingerprint]) -> bool:
    """Whether a file has something in it that the program did not write."""
    return not is_free(standing) and last_written(standing, known) is None


def is_free(standing: StandingFile) -> bool:
    """Whether nothing is there to be lost; editors make an empty file of a link to no note."""
    return not standing.exists or (standing.text is not None and not standing.text.strip())
