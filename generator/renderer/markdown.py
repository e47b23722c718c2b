"""Notes and channels' pages as Markdown: code writes the statements, a template what is around."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from generator.models import (
    Block,
    BulletList,
    Citation,
    Link,
    Note,
    Paragraph,
    Section,
    Statement,
    VaultNote,
)
from generator.renderer.escape import escape, escaped_characters, wiki_label
from generator.renderer.frontmatter import Value, front_matter, obsidian_tags
from generator.renderer.slugs import channel_name
from generator.renderer.templates import fill
from generator.renderer.timestamps import LAST_SECOND, citation_anchor, format_timestamp
from generator.text import clean

if TYPE_CHECKING:
    from generator.reader.notes import ParsedNote

EXTRA_KEYS = ("url", "channel", "published", "aliases", "tags")
"""The front-matter keys that can be asked for, in the order in which they are written."""

OUR_KEYS = ("title", "videoId", *EXTRA_KEYS)
"""The front-matter keys that the program writes; all others are the owner's."""

_ENDS = ".,;:!?…。．！？；：，、।॥؟۔؛،"
_COLONS = (":", "：")
_STOP_IN_QUOTES = re.compile(r"(?<![.,])[.,](?=[\"”’»'」』]+\Z)")
_UNFIT_FOR_TARGET = re.compile(r"[\[\]|#^\\<>`\x00-\x1f\x7f]|%%")


@dataclass(frozen=True)
class RenderOptions:
    """What notes look like beyond the default.

    `front_matter` names keys of EXTRA_KEYS to write besides `title` and `videoId`. With
    `timestamp_links` citations link to YouTube, where the video is there. `math` lets `$…$` be a
    formula in statements with markup. `templates` is a folder whose templates go before the
    built-in ones. Raises ValueError for a key that is not in EXTRA_KEYS.
    """

    front_matter: tuple[str, ...] = ()
    timestamp_links: bool = False
    math: bool = False
    templates: Path | None = None

    def __post_init__(self) -> None:
        unknown = [key for key in self.front_matter if key not in EXTRA_KEYS]
        if unknown:
            raise ValueError(f"no such front-matter keys: {', '.join(unknown)}")


@dataclass(frozen=True)
class PageVideo:
    """A video and its notes, as a channel's page lists them. `url` may be empty."""

    id: str
    title: str
    url: str
    notes: tuple[VaultNote, ...]


@dataclass(frozen=True)
class WrittenBlock:
    """A block as templates get it: either `paragraph`, or `items` with a `lead_in` or without."""

    paragraph: str = ""
    lead_in: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class WrittenSection:
    """A section as templates get it: Markdown in `heading`, 2 or 3 in `level`."""

    heading: str
    level: int
    blocks: tuple[WrittenBlock, ...]


@dataclass(frozen=True)
class WrittenVideo:
    """A video on a channel's page as templates get it; each note is a wiki link."""

    heading: str
    notes: tuple[str, ...]


def render_note(note: Note | ParsedNote, options: RenderOptions | None = None) -> str:
    """A note as Markdown that ends with a newline; a parsed one as the text it was parsed from.

    Raises ValueError for a statement without citations that does not lead into a list, or without
    text, and TemplateError for a template that cannot be filled.
    """
    if not isinstance(note, Note):
        return note.source
    options = options or RenderOptions()
    video = note.video
    values = {
        "front_matter": _note_front_matter(note, options.front_matter),
        "title": escape(clean(note.title)),
        "channel": channel_name(video.channel),
        "video_id": escape(video.id),
        "video_title": escape(clean(video.title)),
        "url": _web_address(video.url),
        "published": video.published.isoformat()[:10] if video.published else "",
        "aliases": tuple(escape(clean(alias)) for alias in note.aliases),
        "lead": _written_blocks(note.lead, note, options),
        "sections": tuple(_written_section(section, note, options) for section in note.sections),
    }
    return _ended(fill("note.md.j2", values, options.templates))


def render_channel_page(
    channel: str,
    entries: Sequence[PageVideo],
    *,
    target: Callable[[VaultNote], str] | None = None,
    templates: Path | None = None,
) -> str:
    """A channel's page with the videos in the given order.

    `target` says what stands in the brackets of a note's link; the note's slug, if not given.
    Raises TemplateError for a template that cannot be filled.
    """
    videos = tuple(
        WrittenVideo(
            heading=_video_heading(entry),
            notes=tuple(_page_link(note, target(note) if target else note.slug) for note in notes),
        )
        for entry in entries
        if (notes := entry.notes)
    )
    values = {"front_matter": front_matter({"title": channel}), "channel": channel}
    return _ended(fill("channel.md.j2", {**values, "videos": videos}, templates))


def split_ending(text: str) -> tuple[str, str]:
    """A statement's words, and the punctuation that ends them and stands after the citations.

    A full stop or comma inside closing quotation marks moves out of them (`… world."` gives
    `… world"` and `.`); question and exclamation marks there stay.
    """
    words = text.rstrip(_ENDS).rstrip()
    if words and len(words) < len(text):
        return words, text[len(words) :].lstrip()
    stop = _STOP_IN_QUOTES.search(text)
    if stop and stop.start() > 0:
        return text[: stop.start()] + text[stop.end() :], stop[0]
    return text, ""


def _note_front_matter(note: Note, extra: Iterable[str]) -> str:
    video = note.video
    all_extra: dict[str, Value] = {
        "url": _web_address(video.url),
        "channel": video.channel,
        "published": video.published or "",
        "aliases": note.aliases,
        "tags": obsidian_tags(video.tags),
    }
    wanted = {key: value for key, value in all_extra.items() if key in tuple(extra)}
    return front_matter({"title": clean(note.title) or note.slug, "videoId": video.id, **wanted})


def _written_section(section: Section, note: Note, options: RenderOptions) -> WrittenSection:
    # A heading of nothing would join what it parts; its place in the video names it well enough.
    name = clean(section.heading) or format_timestamp(min(int(section.start), LAST_SECOND))
    return WrittenSection(
        heading=escape(name, block_start=True),
        level=min(max(section.level, 2), 3),
        blocks=_written_blocks(section.blocks, note, options),
    )


def _written_blocks(
    blocks: Sequence[Block], note: Note, options: RenderOptions
) -> tuple[WrittenBlock, ...]:
    """Blocks as Markdown. A paragraph whose last words end with a colon leads into a list that has
    no lead-in of its own: these words are the lead-in, in the paragraph's line.
    """
    written: list[WrittenBlock] = []
    opening = ""
    for block, following in zip_longest(blocks, blocks[1:]):
        if isinstance(block, Paragraph):
            statements = block.statements
            leads_in = _leads_into(block, following)
            texts = [
                _cited(statement, note, options, block_start=index == 0)
                for index, statement in enumerate(statements[:-1] if leads_in else statements)
            ]
            if leads_in:
                texts.append(_lead_in(statements[-1], options, block_start=not texts))
                opening = " ".join(texts)
            elif texts:
                written.append(WrittenBlock(paragraph=" ".join(texts)))
        elif block.items:
            items = tuple(_cited(item, note, options, block_start=True) for item in block.items)
            if block.lead_in:
                opening = _lead_in(block.lead_in, options, block_start=True)
            written.append(WrittenBlock(lead_in=opening, items=items))
            opening = ""
    return tuple(written)


def _leads_into(block: Paragraph, following: Block | None) -> bool:
    is_open = isinstance(following, BulletList) and following.items and not following.lead_in
    last = block.statements[-1].text if is_open and block.statements else ""
    return clean(last).endswith(_COLONS)


def _cited(statement: Statement, note: Note, options: RenderOptions, *, block_start: bool) -> str:
    """A statement with its citations, one space ahead, before the punctuation that ends it."""
    text, ending = _text_and_ending(statement)
    if not statement.citations:
        raise ValueError(f"a statement without citations: {text[:80]}")
    words = _linked_words(statement, text, options, block_start=block_start)
    return f"{words} {_anchors(statement.citations, note, options)}{ending}"


def _lead_in(statement: Statement, options: RenderOptions, *, block_start: bool) -> str:
    """The line before a list, which shows no citation and ends with a colon."""
    text, ending = _text_and_ending(statement)
    if not ending.endswith(_COLONS):
        ending = ending.rstrip(".,;…。，；") + ":"
    return _linked_words(statement, text, options, block_start=block_start) + ending


def _text_and_ending(statement: Statement) -> tuple[str, str]:
    text, ending = split_ending(clean(statement.text))
    if not text:
        raise ValueError("a statement without text")
    return text, ending


def _anchors(citations: Iterable[Citation], note: Note, options: RenderOptions) -> str:
    seconds = dict.fromkeys(citation.second for citation in citations)
    linked = note.video.id if options.timestamp_links and note.video.url else None
    return ", ".join(citation_anchor(second, link_video_id=linked) for second in seconds)


def _linked_words(
    statement: Statement, words: str, options: RenderOptions, *, block_start: bool
) -> str:
    """The words of a statement with its links. A link that cannot be written safely is left out."""
    links = _fitting(statement, words)
    while True:
        edges = {edge for link in links for edge in (link.start, link.end)}
        written = escaped_characters(
            words,
            block_start=block_start,
            markup=statement.markup,
            math=options.math and statement.markup,
            edges=edges,
        )
        # Wiki links know no escapes: a label must need none, markup included.
        safe = [link for link in links if _needs_no_escape(words, written, link)]
        if len(safe) == len(links):
            break
        links = safe
    parts: list[str] = []
    at = 0
    for link in links:
        parts.append("".join(written[at : link.start]))
        parts.append(f"[[{link.target} | {words[link.start : link.end]}]]")
        at = link.end
    parts.append("".join(written[at:]))
    return "".join(parts)


def _fitting(statement: Statement, words: str) -> list[Link]:
    """The links that lie within the words, do not overlap, and have a target to be written."""
    text = statement.text
    if clean(text) != text:  # then the spans are of another text than the one written
        return []
    links = sorted(statement.links, key=lambda link: (link.start, -link.end))
    inside = [link for link in links if 0 <= link.start < link.end <= len(words)]
    clashing = {later for first, later in pairwise(inside) if later.start < first.end}
    return [
        link
        for link in inside
        if link not in clashing
        and link.target.strip()
        and not _UNFIT_FOR_TARGET.search(link.target)
        and text[link.start : link.end].strip() == words[link.start : link.end]
    ]


def _needs_no_escape(words: str, written: list[str], link: Link) -> bool:
    label = words[link.start : link.end]
    plain = label == "".join(written[link.start : link.end])
    return plain and not any(char in label for char in "*`[]|<>")


def _video_heading(video: PageVideo) -> str:
    title = clean(video.title) or video.id
    url = _web_address(video.url)
    return f"[{escape(title)}]({url})" if url else escape(title, block_start=True)


def _page_link(note: VaultNote, target: str) -> str:
    return f"[[{target} | {wiki_label(clean(note.title)) or note.slug}]]"


def _web_address(url: str) -> str:
    """An http address that cannot end a Markdown link, or nothing."""
    safe = quote(clean(url), safe=":/?&=%#@+,;~-._!")
    try:
        return safe if urlsplit(safe).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _ended(text: str) -> str:
    return text.rstrip("\n") + "\n"
