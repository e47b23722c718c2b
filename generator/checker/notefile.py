"""One Markdown file as the rules of a note see it: front matter, `From:` line and pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from generator.checker.pieces import Piece, pieces_of, stamps_in, targets_in
from generator.reader.blocks import Lines
from generator.reader.frontmatter import BOM, read_front_matter
from generator.reader.inlines import Span
from generator.reader.notes import FromLine

# Keys and scalars that say the same to YAML as to the eye; YAML itself takes ten times as long.
_SIMPLE = re.compile(
    r"---\n(?P<keys>(?:[A-Za-z]\w*: (?:\"[^\"\\\n]*\"|[A-Za-z0-9][^:#\n]*[^\s:#]) *\n)+)---[ \t]*\n"
)
_SIMPLE_KEY = re.compile(r"(?P<name>\w+): (?P<value>.*?) *\n")
# Words that YAML takes for something else than text are all the same to the eye.
_READ_ANYWAY = ("title", "videoId")


@dataclass(frozen=True)
class NoteFile:
    """A file of the vault. `path` is relative to it, with `/`; `start` is where its body begins.

    `front_error` says why the front matter cannot be read. `title` and `video_id` are as they
    stand there, None where there is no such key. `aliases` are further names.
    `claimed` are spans that a rule has reported, which the rules after it pass over.
    """

    path: str
    channel: str
    slug: str
    text: str
    start: int
    has_front: bool
    front_error: str | None
    title: str | None
    video_id: str | None
    from_line: FromLine | None
    pieces: list[Piece]
    claimed: list[Span] = field(default_factory=list)

    @cached_property
    def lines(self) -> Lines:
        """Its lines, by which places are told."""
        return Lines(self.text)

    @cached_property
    def odd(self) -> list[Piece]:
        """The pieces that hold more than words, whole citations and whole links."""
        return [piece for piece in self.pieces if not piece.plain]

    @cached_property
    def stamps(self) -> list[str | None]:
        """What `data-t` of each citation says, in order."""
        if not self.odd and self.pieces:
            return stamps_in(self.text, self.pieces[0].start, len(self.text))
        return [stamp for piece in self.pieces for stamp in piece.stamps]

    @cached_property
    def targets(self) -> list[str]:
        """What the links have in their brackets before the bar, in order."""
        if not self.odd and self.pieces:
            return targets_in(self.text, self.pieces[0].start, len(self.text))
        return [target for piece in self.pieces for target in piece.targets]

    @cached_property
    def has_linked_heading(self) -> bool:
        """Whether a link stands in a heading."""
        return any(piece.kind == "heading" and piece.targets for piece in self.pieces)


def read_note_file(path: str, channel: str, slug: str, text: str) -> NoteFile:
    """The file's text taken apart. Nothing is refused."""
    block, keys, error = _front(text)
    start = len(block) or (len(BOM) if text.startswith(BOM) else 0)
    from_line, pieces = pieces_of(text, start)
    return NoteFile(
        path=path,
        channel=channel,
        slug=slug,
        text=text,
        start=start,
        has_front=bool(block.strip(BOM)),
        front_error=error,
        title=keys.get("title"),
        video_id=keys.get("videoId"),
        from_line=from_line,
        pieces=pieces,
    )


def _front(text: str) -> tuple[str, dict[str, str], str | None]:
    """The block of front matter, its title and video id, and why it cannot be read."""
    simple = _SIMPLE.match(text)
    if simple:
        keys = {
            found["name"]: found["value"].strip().strip('"')
            for found in _SIMPLE_KEY.finditer(simple["keys"])
        }
        return simple[0], keys, None
    front = read_front_matter(text)
    names = {key.name for key in front.keys}
    return (
        front.block,
        {name: front.text(name) for name in _READ_ANYWAY if name in names},
        front.error,
    )
