"""A vault as the site knows it: its pages, and what each of them says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a Markdown file of the vault is."""

    NOTE = "note"
    """It is of a video."""
    CHANNEL = "channel"
    """The page of a channel: `<channel>/<channel>.md`."""
    START = "start"
    """`index.md` at the top of the vault."""
    TEXT = "text"
    """Any other text: a README, a page of the owner's."""


@dataclass(frozen=True, slots=True)
class About:
    """What some source says of a video. `published` is an ISO date or empty, `duration` seconds."""

    title: str = ""
    url: str = ""
    published: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A video on a channel's page, and the targets of the links to its notes."""

    video_id: str
    title: str
    url: str
    notes: tuple[str, ...]


class Page(NamedTuple):
    """What the site has to know of one file to make the pages of others.

    `path` is relative to the vault, with `/`, in NFC. `has_evidence` tells whether it is known what
    any of its citations rests on. `language` is a BCP 47 tag, empty where it is not known. `about`
    is what its sidecar or front matter says of its video, `entries` what a channel's page lists;
    `has_text` is false for a page that only lists. `digest` changes with anything that the file and
    its evidence say.
    """

    path: str
    kind: Kind
    title: str
    video_id: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    about: About = About()
    entries: tuple[Entry, ...] = ()
    has_text: bool = True
    has_evidence: bool = False
    language: str = ""
    digest: str = ""

    @property
    def channel(self) -> str:
        """The folder at the top of the vault that it is in; empty for a file in none."""
        folder, slash, _ = self.path.partition("/")
        return folder if slash else ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A link as it was written: to which note, which heading of it, and in which sentence (HTML).

    `target` is empty for a heading of the same note.
    """

    target: str
    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Details:
    """What only a file's own page shows: HTML with slots for links, contents, evidence (JSON).

    `references` are its links in their order, `seconds` its citations, by the numbers that they
    have on the page.
    """

    html: str
    contents: tuple[tuple[str, str, int], ...] = ()
    references: tuple[Reference, ...] = ()
    seconds: tuple[int, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the site could not use, and why; it is built without."""

    path: str
    reason: str


def is_playable(video_id: str) -> bool:
    """Whether an id is one of YouTube's, and not one of a recording from a file."""
    return len(video_id) == 11 and not video_id.startswith("local-")
