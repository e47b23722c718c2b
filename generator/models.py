"""The words of the program as typed, immutable data; every stage takes and gives these."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter that the author of a video published; it lasts until the next one starts.

    `start` is in seconds.
    """

    start: float
    title: str


@dataclass(frozen=True, slots=True)
class Video:
    """What is known of a video besides its words.

    `id` has 11 characters. `channel` is the channel's handle without `@`, in lower case, fit to be
    a folder's name; `channel_id` is YouTube's own (`UC…`). `url` is empty for a local recording
    that is not on YouTube. `duration` is in seconds. `chapters` are in order of their start.
    """

    id: str
    title: str
    channel: str
    channel_id: str | None = None
    url: str = ""
    duration: float | None = None
    published: date | None = None
    description: str = ""
    chapters: tuple[Chapter, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """A transcript that a video has, not yet fetched. `language` is a BCP 47 tag."""

    language: str
    name: str
    generated: bool


class WordTime(NamedTuple):
    """When the word at character `offset` of a cue's text is said, in seconds of the video."""

    offset: int
    start: float


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption as its source gives it, times in seconds.

    `words` has the time of each word, in the order of the text, where the source times its words;
    otherwise it is empty. `speaker` is who speaks, where the source names them.
    """

    start: float
    duration: float
    text: str
    words: tuple[WordTime, ...] = ()
    speaker: str = ""

    @property
    def end(self) -> float:
        """The second at which the caption goes."""
        return self.start + self.duration

    def time_of(self, offset: int) -> float:
        """Return the second at which the character at `offset` of the text is said.

        It is the time of the character's word or, if the source does not time that word, of the
        nearest one before it that is timed. Without any, it is the start of the cue.
        """
        after = bisect_right(self.words, offset, key=attrgetter("offset"))
        return self.words[after - 1].start if after else self.start


@dataclass(frozen=True, slots=True)
class Transcript:
    """A video's cues in one language, in order of their start.

    `language` is a BCP 47 tag, or `und` where the source does not tell. `generated` says whether a
    machine wrote the captions.
    """

    video_id: str
    language: str
    generated: bool
    cues: tuple[Cue, ...]

    @property
    def end(self) -> float:
        """The second at which the last caption goes; 0 without captions."""
        return max((cue.end for cue in self.cues), default=0.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A numbered run of whole cues, about a sentence, at most some 20 s.

    `number` counts from 1. `first` and `last` are indices into the transcript's cues, both
    inclusive. `text` is the cues' texts joined by single spaces; `start` and `end` in seconds.
    """

    number: int
    first: int
    last: int
    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Topic:
    """What one note is about. `lines` are the numbers of the lines that treat it, ascending."""

    title: str
    aliases: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an engine says a statement is from: a line's number and words copied from it."""

    line: int
    quote: str


class Found(StrEnum):
    """How grounding found a quote."""

    EXACT = "exact"
    NEAR = "near"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Citation:
    """What grounding makes of evidence.

    The quote begins in cue number `cue` (an index into the transcript's cues), at character
    `offset` of the cue's text. `second` is the whole second in which its first word is said, where
    the cue times that word, else the whole second in which the cue starts. `quote` is the words as
    the transcript has them; they may run on into the next cues.
    """

    second: int
    cue: int
    offset: int
    quote: str
    found: Found


@dataclass(frozen=True, slots=True)
class Mention:
    """The characters `start:end` of a statement's text, and the concept that they stand for."""

    start: int
    end: int
    concept: str


@dataclass(frozen=True, slots=True)
class Link:
    """The characters `start:end` of a statement's text, and the note they lead to.

    `target` is what stands in the brackets: `slug`, or `channel/slug` where that is ambiguous.
    """

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The text up to and with its citations, as one line without the citations.

    The text ends with its own punctuation; rendering puts the citations ahead of it. With `markup`,
    `**bold**`, `*italic*` and `` `code` `` in it are meant as such; without, all of it is plain
    characters. An engine gives `evidence`, grounding adds `citations`, the linker `links`.
    """

    text: str
    evidence: tuple[Evidence, ...] = ()
    citations: tuple[Citation, ...] = ()
    mentions: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()
    markup: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Statements that stand in one paragraph, in order."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list, each item one statement, and the statement that leads into it, if any."""

    items: tuple[Statement, ...]
    lead_in: Statement | None = None


Block = Paragraph | BulletList


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 2 or 3 and what stands under it, up to the next heading.

    `start` and `end` are the part of the video that the section treats, in seconds.
    """

    heading: str
    level: int
    blocks: tuple[Block, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A note as an engine wrote it: statements with evidence, and no citation yet."""

    title: str
    aliases: tuple[str, ...]
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Everything of a note but its Markdown; all statements in it have citations.

    `language` and `generated` tell which of the video's transcripts the citations are of.
    """

    title: str
    aliases: tuple[str, ...]
    slug: str
    video: Video
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    language: str = "und"
    generated: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """One reply of a model to one request, and what it took.

    `key` is a hash of all that could change the reply. `prompt` names what the request was for.
    `model` is the one asked, `answered_by` the one that the server says replied. `request` is JSON.
    `ended` is `stop`, `length` (the reply is cut off), `refused` (the reply is the refusal), or
    `too-long` (the request was refused for its length; there is no reply).
    """

    key: str
    prompt: str
    video_id: str
    model: str
    request: str
    reply: str
    ended: str
    answered_by: str = ""
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class VaultNote:
    """A note as the vault knows it: what a link can lead to and a channel's page lists.

    `path` is relative to the vault, with `/`. `slug` is the file's name without `.md`.
    """

    channel: str
    slug: str
    title: str
    video_id: str
    path: str
    aliases: tuple[str, ...] = ()
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a note's file said when the program wrote it.

    `digest` is of all of the file that is ours; `front_matter` names the keys that are.
    """

    digest: str
    front_matter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedVideo:
    """A video as a channel's or a playlist's list shows it.

    `duration` is in seconds. `earliest` and `latest` are the days between which it was published,
    as far as the list tells (`2 years ago` is a year long). `barred` says in words why it cannot be
    taken (`it is private`); empty where it can.
    """

    id: str
    title: str = ""
    duration: float | None = None
    views: int | None = None
    earliest: date | None = None
    latest: date | None = None
    short: bool = False
    barred: str = ""


@dataclass(frozen=True, slots=True)
class VideoList:
    """A channel's or a playlist's videos, in its order, as far as they were listed.

    `address` is the one address by which the list is known. `title` is the channel's or the
    playlist's; `channel` is a handle as `Video.channel` has it, empty where the list is of several.
    `listed` is when it was asked for, in UTC. `complete` says that no page was left out.
    """

    address: str
    title: str
    channel: str
    channel_id: str | None
    listed: datetime
    complete: bool
    videos: tuple[ListedVideo, ...]


class Stage(StrEnum):
    """How far a video has come; `excluded` is one that its owner does not want."""

    PENDING = "pending"
    FETCHED = "fetched"
    WRITTEN = "written"
    FAILED = "failed"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class VideoState:
    """What has become of a video.

    For a failed one `cause` is the error's stable word, `happened` and `remedy` its sentences, and
    `passing` says whether trying again can help, and `tried` with what it was tried: with anything
    else it may end otherwise. `changed` is when it came to be so, in UTC.
    """

    video_id: str
    stage: Stage
    cause: str = ""
    happened: str = ""
    remedy: str = ""
    passing: bool = False
    changed: datetime | None = None
    tried: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A video, one transcript of it, and what else there is.

    `tracks` are all transcripts that the source offers. `notices` are sentences for the user: that
    another language than the first preferred was taken, that the title could not be had.
    """

    video: Video
    transcript: Transcript
    tracks: tuple[Track, ...] = ()
    notices: tuple[str, ...] = ()


def statements_of(blocks: tuple[Block, ...]) -> list[Statement]:
    """The statements of blocks in reading order, lead-ins included."""
    found: list[Statement] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.extend(block.statements)
        else:
            found.extend([block.lead_in] if block.lead_in else [])
            found.extend(block.items)
    return found


def statements_in(note: Note | Draft) -> list[Statement]:
    """All statements of a note in reading order: the lead's, then each section's."""
    found = statements_of(note.lead)
    for section in note.sections:
        found.extend(statements_of(section.blocks))
    return found
