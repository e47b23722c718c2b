"""The pages of a vault, of channels and of all channels: written unless their owner edited them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.reader.frontmatter import split_front_matter
from generator.vault.files import Files, Written, checked
from generator.vault.standing import (
    EDITED,
    Decision,
    StandingFile,
    State,
    fingerprint,
    is_free,
    last_written,
    put_in_place,
)

if TYPE_CHECKING:
    from generator.library import Library
    from generator.reader.pages import ParsedPage

INDEX = "index"
"""The name of the page that lists the channels, without `.md`."""

PAGE_KEYS = ("title",)
"""The front-matter keys of a channel's page that are the program's."""

_LISTED = re.compile(r"- \[\[[^\[\]]+\]\]")


@dataclass(frozen=True, slots=True)
class _Page:
    """A page, and under which channel and name the library knows it."""

    standing: StandingFile
    channel: str
    name: str


class Pages:
    """The pages in the files of a vault. All raise VaultUnwritable or OutsideVault."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def channel(self, channel: str) -> ParsedPage:
        """The channel's page as it is; an empty one where there is none, or none of text."""
        from generator.reader.pages import parse_channel_page

        standing = self._files.usual(checked(channel), channel)
        return parse_channel_page(standing.text or "")

    def write_channel(
        self,
        channel: str,
        text: str,
        *,
        library: Library | None = None,
        overwrite: bool = False,
    ) -> Written:
        """Make `text` what the channel's page says, unless its owner wrote something into it.

        A page that lists videos and notes, and nothing else, is rewritten whoever wrote it. The
        owner's front-matter keys stay. Raises what the library raises, too.
        """
        # No note has its channel's name as slug.
        page = _Page(self._files.usual(checked(channel), channel), channel, channel)
        return self._write(page, text, _is_owners_page, library, overwrite)

    def write_index(
        self, text: str, *, library: Library | None = None, overwrite: bool = False
    ) -> Written:
        """Make `text` what `index.md` says, unless its owner wrote it or something into it.

        Raises as `write_channel`.
        """
        page = _Page(self._index(), "", INDEX)
        return self._write(page, text, _is_owners_index, library, overwrite)

    def remove_channel(self, channel: str, library: Library) -> Written | None:
        """Takes the page of a channel without notes away, unless its owner wrote something into it.

        Returns the page as it was taken away or is kept; None where the program wrote none.
        """
        page = _Page(self._files.usual(checked(channel), channel), channel, channel)
        return self._remove(page, _is_owners_page, library)

    def remove_index(self, library: Library) -> Written | None:
        """As `remove_channel`, of `index.md`."""
        page = _Page(self._index(), "", INDEX)
        return self._remove(page, _is_owners_index, library)

    def _index(self) -> StandingFile:
        return self._files.read(self._files.places.on_disk(self._files.root, f"{INDEX}.md"))

    def _remove(
        self, page: _Page, is_owners: Callable[[str | None, str], bool], library: Library
    ) -> Written | None:
        standing = page.standing
        if not standing.exists:
            return None
        path = standing.path.relative_to(self._files.root).as_posix()
        known = library.filings.written(page.channel, page.name)
        if not known:
            return None
        if last_written(standing, known) is None and is_owners(standing.text, ""):
            self._files.disk.leave(standing.path, standing.data, None, EDITED)
            return Written(State.KEPT, path, EDITED)
        self._files.remove(standing.path, page.channel)
        return Written(State.WRITTEN, path)

    def _write(
        self,
        page: _Page,
        text: str,
        is_owners: Callable[[str | None, str], bool],
        library: Library | None,
        overwrite: bool,
    ) -> Written:
        standing = page.standing
        path = standing.path.relative_to(self._files.root).as_posix()
        known = library.filings.written(page.channel, page.name) if library else []
        decision = put_in_place(standing, text, PAGE_KEYS)
        if decision.state is State.WRITTEN and not overwrite and not is_free(standing):
            theirs = last_written(standing, known) is None and is_owners(standing.text, text)
            if theirs:
                self._files.disk.leave(standing.path, standing.data, decision.data, EDITED)
                decision = Decision(State.KEPT, standing.data, EDITED)
        if decision.state is State.KEPT:
            return Written(State.KEPT, path, decision.reason)
        fresh = fingerprint(text, PAGE_KEYS)
        if library and fresh != next(iter(known), None):
            library.filings.record_written(page.channel, page.name, fresh.digest, PAGE_KEYS)
        if decision.state is State.WRITTEN:
            self._files.write((standing.path, decision.data))
        return Written(decision.state, path)


def _is_owners_page(existing: str | None, text: str) -> bool:
    """Whether a channel's page holds more than the program writes, such as a list of favourites."""
    from generator.reader.pages import parse_channel_page

    if existing is None:
        return True
    page = parse_channel_page(existing)
    ours = {video.title for video in parse_channel_page(text).videos}
    # Only a recording that is not on YouTube has a heading without address.
    return page.foreign or any(not of.url and of.title not in ours for of in page.videos)


def _is_owners_index(existing: str | None, text: str) -> bool:
    """Whether `index.md` holds more than links to pages, one a line."""
    if existing is None:
        return True
    body = split_front_matter(existing)[1]
    return any(line.strip() and not _LISTED.fullmatch(line.rstrip()) for line in body.splitlines())
