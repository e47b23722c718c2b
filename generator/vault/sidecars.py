"""Sidecars: each note's statements, citations and the lines they cite, as JSON beside the library.

`<vault>/.generator/notes/<channel>/<slug>.json` is UTF-8, indented by two spaces, and ends with a
newline; the same note gives the same bytes. Seconds are numbers, a value that is not known is
`null`. Its fields:

- `version`: 1, the number of this format.
- `title`, `slug`, `aliases`: the note's.
- `video`: `id`, `title`, `channel` (the folder's name), `channelId` (YouTube's), `url` (empty for a
  recording that is not on YouTube), `duration` in seconds, `published` (`YYYY-MM-DD`).
- `engine`: what wrote the note.
- `transcript`: its `language` (BCP 47) and whether a machine `generated` it.
- `file`: what the note's Markdown said when it was written: the `digest` of all in it that is the
  program's, and which front-matter keys are (`frontMatter`). With it, an edit is told from what the
  program wrote, even where the library was lost.
- `sections`: for each, in order, `heading`, `level` (2 or 3), and the part of the video it treats,
  from `start` to `end`.
- `statements`: for each, in reading order:
  - `section`: the index of its section in `sections`, or `null` in the lead;
  - `leadIn`: whether it leads into a list; its citations are then not shown in the note;
  - `text`: without citations;
  - `citations`: for each, `second` (what the link opens: the whole second in which the quote's
    first word is said or, if the caption does not time its words, in which the caption starts),
    `timestamp` (the same as `HH:MM:SS`),
    `line` (the number of the line in which it begins), `cue` (the caption in which the quote
    begins: `index` in the transcript, `start`, `duration`, `text`), `offset` (the quote's first
    character in the cue's text), `quote` (the words, as the transcript has them), and `found`
    (`exact`, `near` or `moved`: how the quote was found);
  - `lines`: the numbers of the lines that its quotes stand in.
- `lines`: every line that a quote stands in: `number`, `start`, `end`, `text`.
"""

from __future__ import annotations

import functools
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from generator.models import (
    Block,
    BulletList,
    Citation,
    Cue,
    Found,
    Line,
    Note,
    Paragraph,
    Statement,
    Transcript,
)
from generator.renderer.timestamps import format_timestamp

if TYPE_CHECKING:
    from pydantic import TypeAdapter

VERSION = 1


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


class _Camel:
    """Names in JSON are written as JavaScript would, which reads them on the site."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"alias_generator": _camel_case}


@dataclass(frozen=True, slots=True)
class SidecarVideo(_Camel):
    """The video that a note is from."""

    id: str
    title: str
    channel: str
    channel_id: str | None
    url: str
    duration: float | None
    published: date | None


@dataclass(frozen=True, slots=True)
class SidecarTranscript(_Camel):
    """Which of the video's transcripts the note was written from."""

    language: str
    generated: bool


@dataclass(frozen=True, slots=True)
class SidecarFile(_Camel):
    """What the note's Markdown said when it was written, and which front-matter keys are ours."""

    digest: str = ""
    front_matter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SidecarSection(_Camel):
    """A heading, and the part of the video that it treats, in seconds."""

    heading: str
    level: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SidecarCue(_Camel):
    """A caption and its index in the transcript, times in seconds."""

    index: int
    start: float
    duration: float
    text: str


@dataclass(frozen=True, slots=True)
class SidecarCitation(_Camel):
    """A citation with the caption and the number of the line in which its quote begins."""

    second: int
    timestamp: str
    line: int
    cue: SidecarCue
    offset: int
    quote: str
    found: Found


@dataclass(frozen=True, slots=True)
class SidecarStatement(_Camel):
    """A statement, the index of its section (None in the lead), and what it rests on."""

    section: int | None
    lead_in: bool
    text: str
    citations: tuple[SidecarCitation, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SidecarLine(_Camel):
    """A line that a quote stands in, times in seconds."""

    number: int
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Sidecar(_Camel):
    """All that a sidecar holds; the module says what each field means."""

    version: int
    title: str
    slug: str
    aliases: tuple[str, ...]
    video: SidecarVideo
    engine: str
    transcript: SidecarTranscript
    file: SidecarFile
    sections: tuple[SidecarSection, ...]
    statements: tuple[SidecarStatement, ...]
    lines: tuple[SidecarLine, ...]


def make_sidecar(
    note: Note, transcript: Transcript, lines: tuple[Line, ...], engine: str
) -> Sidecar:
    """The sidecar of a note whose citations point into the transcript, and its lines.

    `file` is left empty: it is for who writes the note. Raises ValueError where a citation points
    at a cue that is not there.
    """
    statements = tuple(
        _statement(section, lead_in, statement, transcript.cues, lines)
        for section, lead_in, statement in _in_order(note)
    )
    cited = {number for statement in statements for number in statement.lines}
    video = note.video
    return Sidecar(
        version=VERSION,
        title=note.title,
        slug=note.slug,
        aliases=note.aliases,
        video=SidecarVideo(
            id=video.id,
            title=video.title,
            channel=video.channel,
            channel_id=video.channel_id,
            url=video.url,
            duration=video.duration,
            published=video.published,
        ),
        engine=engine,
        transcript=SidecarTranscript(transcript.language, transcript.generated),
        file=SidecarFile(),
        sections=tuple(
            SidecarSection(of.heading, of.level, of.start, of.end) for of in note.sections
        ),
        statements=statements,
        lines=tuple(
            SidecarLine(line.number, line.start, line.end, line.text)
            for line in lines
            if line.number in cited
        ),
    )


def dump_sidecar(sidecar: Sidecar, file: SidecarFile | None = None) -> bytes:
    """The sidecar as the bytes of its file; `file`, if given, takes its place."""
    if file is not None:
        sidecar = replace(sidecar, file=file)
    return _codec().dump_json(sidecar, indent=2, by_alias=True) + b"\n"


def with_file(data: bytes, file: SidecarFile) -> bytes:
    """A sidecar's bytes, as `dump_sidecar` gave them, with `file` in the place of its own.

    Raises ValueError for other bytes.
    """
    before, after = _around_file(data)
    dumped = _file_codec().dump_json(file, indent=2, by_alias=True)
    return before + dumped.replace(b"\n", b"\n  ") + after


def digest_without_file(data: bytes, made_of: str) -> str:
    """What a sidecar's bytes are known by, whatever they say of the note's file.

    `made_of` tells what it is made of besides the note's text. Empty for bytes that `dump_sidecar`
    did not give.
    """
    try:
        before, after = _around_file(data)
    except ValueError:
        return ""
    made = made_of.encode(errors="surrogatepass")
    parts = b"%d %d %b%b%b" % (len(made), len(before), made, before, after)
    return hashlib.sha256(parts).hexdigest()[:32]


def _around_file(data: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the value of `file`.

    No text in JSON has a line end in it, so that what is indented so is a key of the whole.
    """
    before, opening, rest = data.partition(b'\n  "file": ')
    value, closing, after = rest.partition(b"\n  },\n")
    if not closing or not value.startswith(b"{\n"):
        raise ValueError("not the bytes of a sidecar")
    return before + opening, closing[-len(b",\n") :] + after


def parse_sidecar(data: bytes) -> Sidecar | None:
    """The sidecar that a file's bytes hold; None for damaged ones and those of another version."""
    try:
        sidecar = _codec().validate_json(data)
    except ValueError:  # pydantic's ValidationError is one
        return None
    return sidecar if sidecar.version == VERSION else None


def _in_order(note: Note) -> Iterator[tuple[int | None, bool, Statement]]:
    """Each statement with the index of its section and whether it leads into a list."""
    parts: list[tuple[int | None, tuple[Block, ...]]] = [(None, note.lead)]
    parts.extend((index, section.blocks) for index, section in enumerate(note.sections))
    for index, blocks in parts:
        for block in blocks:
            if isinstance(block, BulletList) and block.lead_in:
                yield index, True, block.lead_in
            for statement in block.statements if isinstance(block, Paragraph) else block.items:
                yield index, False, statement


def _statement(
    section: int | None,
    lead_in: bool,
    statement: Statement,
    cues: tuple[Cue, ...],
    lines: tuple[Line, ...],
) -> SidecarStatement:
    citations: list[SidecarCitation] = []
    numbers: set[int] = set()
    for citation in statement.citations:
        standing_in = _lines_of(citation, cues, lines)
        numbers.update(standing_in)
        cue = cues[citation.cue]
        citations.append(
            SidecarCitation(
                second=citation.second,
                timestamp=format_timestamp(citation.second),
                line=standing_in[0],
                cue=SidecarCue(citation.cue, cue.start, cue.duration, cue.text),
                offset=citation.offset,
                quote=citation.quote,
                found=citation.found,
            )
        )
    return SidecarStatement(
        section, lead_in, statement.text, tuple(citations), tuple(sorted(numbers))
    )


def _lines_of(citation: Citation, cues: tuple[Cue, ...], lines: tuple[Line, ...]) -> list[int]:
    """The numbers of the lines that a quote stands in, at least one, ascending."""
    if not 0 <= citation.cue < len(cues):
        raise ValueError(f"there is no cue {citation.cue}")
    last = citation.cue
    # A quote that runs on has one space between the texts of two cues.
    left = len(citation.quote) - (len(cues[last].text) - citation.offset)
    while left > 0 and last + 1 < len(cues):
        last += 1
        left -= 1 + len(cues[last].text)
    # Lines are in order, and no two have a cue in common.
    first = bisect_left(lines, citation.cue, key=lambda line: line.last)
    after = bisect_right(lines, last, key=lambda line: line.first)
    numbers = [line.number for line in lines[first:after]]
    if not numbers:
        raise ValueError(f"no line holds cue {citation.cue}")
    return numbers


@functools.cache
def _codec() -> TypeAdapter[Sidecar]:
    from pydantic import TypeAdapter

    return TypeAdapter(Sidecar)


@functools.cache
def _file_codec() -> TypeAdapter[SidecarFile]:
    from pydantic import TypeAdapter

    return TypeAdapter(SidecarFile)
