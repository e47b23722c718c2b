"""What notes a vault has: a quick look at the front matter of every Markdown file in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.models import VaultNote
from generator.reader.plainlines import plain_values
from generator.renderer.slugs import slug_key
from generator.text import clean
from generator.vault.disk import Disk, Seen

FIRST_BYTES = 4 * 1024
"""What is read of a file; nearly all front matter ends within."""

MOST_BYTES = 16 * 1024
"""Front matter longer than this is not looked at."""

_OPENING_BYTES = re.compile(rb"(?:\xef\xbb\xbf)?---")
_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Front:
    """What a file's front matter says, as far as it matters here."""

    title: str = ""
    video_id: str = ""
    aliases: tuple[str, ...] = ()
    published: date | None = None


class Survey:
    """The notes below a vault's root. A file that has not changed is read only once."""

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self._root = root
        self._disk = disk or Disk()
        self._seen: dict[str, tuple[Seen, VaultNote]] = {}
        self._changed: set[str] = set()

    @property
    def changed(self) -> Set[str]:
        """Where something else was seen since what is remembered, or nothing any more."""
        return self._changed

    @property
    def seen(self) -> Mapping[str, tuple[Seen, VaultNote]]:
        """By path, what tells that a file has changed, and what it was when it was last read."""
        return self._seen

    def remember(self, seen: Mapping[str, tuple[Seen, VaultNote]]) -> None:
        """Takes over what another survey of the same folder saw (see `seen`)."""
        self._seen.update(seen)

    def read(self, path: str, seen: Seen, data: bytes) -> None:
        """Takes over what a file says that was just written."""
        note, known = as_note(path, front_of(data)), self._seen.get(path)
        # One that says the same stays as it is at hand: there may be many.
        self._seen[path] = (seen, known[1] if known and known[1] == note else note)
        self._changed.add(path)

    def forget(self, path: str) -> None:
        """A file was just taken away."""
        self._seen.pop(path, None)
        self._changed.add(path)

    def notes(self, channel: str | None = None) -> list[VaultNote]:
        """All Markdown files in folders of the vault, or of one channel, by path.

        Left out are hidden files and folders, what symbolic links lead to, the pages of channels,
        `index.md`, files in no folder, and those that cannot be read. What has no `title` has its
        file's name as one; what has no `videoId` has an empty one.
        """
        found = [note for note in self.files() if is_note(note)]
        if channel is None:
            return found
        return [note for note in found if slug_key(note.channel) == slug_key(channel)]

    def files(self) -> list[VaultNote]:
        """As `notes`, with the pages, and with the files in no folder, whose channel is empty."""
        self.look()
        return [self._seen[path][1] for path in sorted(self._seen)]

    def look(self) -> None:
        """Finds out what the vault's files are now (see `seen`)."""
        now: dict[str, tuple[Seen, VaultNote]] = {}
        for path, seen in self._disk.scan(self._root):
            known = self._seen.get(path)
            if known is None or known[0] != seen:
                try:
                    known = (seen, as_note(path, self._read_front(path)))
                except OSError:
                    continue
                self._changed.add(known[1].path)
            now[known[1].path] = known
        self._changed.update(self._seen.keys() - now.keys())
        self._seen = now

    def _read_front(self, path: str) -> Front:
        file = self._root / path
        data = self._disk.read(file, FIRST_BYTES)
        front = _front_matter(data)
        if front is None and len(data) > FIRST_BYTES and _OPENING_BYTES.match(data):
            return front_of(self._disk.read(file, MOST_BYTES))
        return _understood(_values(front)) if front else Front()


def as_note(path: str, front: Front) -> VaultNote:
    """The file at a path of the vault, with what its front matter says."""
    return note_at(path, front.title, front.video_id, front.aliases, front.published)


def note_at(
    path: str, title: str, video_id: str, aliases: tuple[str, ...], published: date | None
) -> VaultNote:
    """The file at a path of the vault; without a title, its name is one."""
    folder, _, name = unicodedata.normalize("NFC", path).rpartition("/")
    slug = name[: -len(".md")]
    channel = folder.partition("/")[0]
    return VaultNote(channel, slug, title or slug, video_id, path, aliases, published)


def is_note(file: VaultNote) -> bool:
    """Whether a file of the vault is a note: it is in a folder, and is no page."""
    return bool(file.channel) and not is_page(file)


def is_page(file: VaultNote) -> bool:
    """Whether a file of the vault is a channel's page, or an `index.md`."""
    if file.slug == "index":
        return True
    if len(file.slug) != len(file.channel) and (file.slug + file.channel).isascii():
        return False  # as nearly all are: in a large vault this is asked often
    at_top = file.path.count("/") == 1
    return at_top and slug_key(file.slug) == slug_key(file.channel)


def front_of(data: bytes) -> Front:
    """What the front matter at the beginning of a file says."""
    front = _front_matter(data[:MOST_BYTES])
    return _understood(_values(front)) if front else Front()


def _front_matter(data: bytes) -> str | None:
    """What stands between the two lines of dashes, with `\\n`; None where they are not there."""
    text = data.decode("utf-8-sig", errors="replace")
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing:
        return None
    return text[opening.end() : closing.start()].replace("\r\n", "\n")


def _values(front: str) -> Mapping[str, object]:
    """Front matter as texts, and lists of texts; empty where it is not a mapping or is hostile."""
    plain = plain_values(front)
    return _parsed(front) if plain is None else plain


def _parsed(front: str) -> Mapping[str, object]:
    from generator.reader.frontmatter import read_front_matter

    try:
        keys = read_front_matter(f"---\n{front.rstrip()}\n---\n").keys
    except Exception:  # made to break it, as like as not; what a parser raises then is anything
        return {}
    return {key.name: key.value for key in keys}


def _understood(values: Mapping[str, object]) -> Front:
    aliases = values.get("aliases")
    listed = aliases if isinstance(aliases, list) else [aliases]
    try:
        published = date.fromisoformat(_text(values.get("published")))
    except ValueError:
        published = None
    return Front(
        title=_text(values.get("title")),
        video_id=_text(values.get("videoId")),
        aliases=tuple(filter(None, map(_text, listed))),
        published=published,
    )


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
