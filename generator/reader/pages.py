"""A channel's page that others may have changed: its videos, their notes, and what is not ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from generator.reader.frontmatter import BOM, FrontMatter, read_front_matter
from generator.reader.inlines import Text, WikiLink, plain_text, scan

_LINE = re.compile(r"([^\r\n]*+)(?:\r\n|\r|\n|\Z)")
_HEADING = re.compile(r"### +(\S.*)")
_LINKED = re.compile(r"\[((?:\\.|[^\[\]\\])*+)\]\(([^()\s]*+)\)")
_ENTRY = re.compile(r"- +(?=\[\[)")


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A video's heading on a channel's page. `line` counts from 1; `url` and `id` may be empty."""

    line: int
    id: str
    title: str
    url: str
    notes: tuple[WikiLink, ...]


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A channel's page. `other` are the numbers, from 1, of the lines that are not in our form."""

    source: str
    front_matter: FrontMatter
    videos: tuple[PageEntry, ...]
    other: tuple[int, ...]

    @property
    def foreign(self) -> bool:
        """Whether anything but front matter, videos and their notes stands on the page."""
        return bool(self.other)


def parse_channel_page(text: str) -> ParsedPage:
    """The videos of a channel's page in their order, each with the links to its notes.

    Nothing is refused: a line that is no heading of a video, no link below one and not blank is
    another's.
    """
    front = read_front_matter(text)
    videos: list[tuple[int, str, str, list[WikiLink]]] = []
    other: list[int] = []
    start = len(front.block) or (len(BOM) if text.startswith(BOM) else 0)
    before = len(re.findall(r"\r\n|\r|\n", text[:start]))
    for number, line in enumerate(_LINE.finditer(text, start), before + 1):
        heading = _HEADING.fullmatch(line[1].rstrip())
        link = _entry_link(text, *line.span(1))
        if heading:
            videos.append((number, *_title_and_url(heading[1]), []))
        elif link and videos:
            videos[-1][3].append(link)
        elif line[1].strip():
            other.append(number)
    entries = tuple(
        PageEntry(number, _video_id(url), title, url, tuple(notes))
        for number, title, url, notes in videos
    )
    return ParsedPage(text, front, entries, tuple(other))


def _entry_link(text: str, start: int, end: int) -> WikiLink | None:
    """The link of a line that lists a note, and has nothing else in it."""
    marker = _ENTRY.match(text, start, end)
    parts = scan(text, marker.end(), end) if marker else ()
    if not parts or not isinstance(parts[0], WikiLink):
        return None
    return None if any(part.source.strip() for part in parts[1:]) else parts[0]


def _title_and_url(heading: str) -> tuple[str, str]:
    linked = _LINKED.fullmatch(heading)
    title, url = (linked[1], linked[2]) if linked else (heading, "")
    parts = scan(title)
    return plain_text(parts) if all(isinstance(part, Text) for part in parts) else title, url


def _video_id(url: str) -> str:
    """The id in the address of a video, as notes and pages write it; empty without one."""
    try:
        address = urlsplit(url)
        ids = parse_qs(address.query, max_num_fields=50).get("v", [])
    except ValueError:
        return ""
    if address.hostname == "youtu.be":
        return address.path.strip("/")
    return ids[0] if ids else ""
