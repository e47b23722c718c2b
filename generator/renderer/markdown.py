"""Notes and channels' pages as Markdown: code writes the statements, a template what is around."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from generator.models import Block, BulletList, Note, Paragraph, Section, VaultNote
from generator.renderer.escape import escape, wiki_label
from generator.renderer.frontmatter import Value, front_matter, obsidian_tags
from generator.renderer.slugs import channel_name
from generator.renderer.statements import COLONS, write_cited, write_lead_in
from generator.renderer.templates import Part, fill
from generator.renderer.timestamps import LAST_SECOND, format_timestamp
from generator.text import clean

if TYPE_CHECKING:
    from generator.reader.notes import ParsedNote

EXTRA_KEYS = ("url", "channel", "published", "aliases", "tags")
"""The front-matter keys that can be asked for, in the order in which they are written."""


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
class WrittenBlock(Part):
    """A block as templates get it: either `paragraph`, or `items` with a `lead_in` or without."""

    paragraph: str = ""
    lead_in: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class WrittenSection(Part):
    """A section as templates get it: Markdown in `heading`, 2 or 3 in `level`."""

    heading: str
    level: int
    blocks: tuple[WrittenBlock, ...]


@dataclass(frozen=True)
class WrittenVideo(Part):
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


def render_index(targets: Iterable[str], templates: Path | None = None) -> str:
    """The page of all channels, in the given order; `targets` are what links to their pages have.

    Raises TemplateError for a template that cannot be filled.
    """
    channels = tuple(f"[[{target}]]" for target in targets)
    values = {"front_matter": front_matter({"title": "Channels"}), "channels": channels}
    return _ended(fill("index.md.j2", values, templates))


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
    math = options.math
    linked = note.video.id if options.timestamp_links and note.video.url else None
    cited = partial(write_cited, math=math, link_video_id=linked)
    written: list[WrittenBlock] = []
    opening = ""
    for block, following in zip_longest(blocks, blocks[1:]):
        if isinstance(block, Paragraph):
            statements = block.statements
            leads_in = _leads_into(block, following)
            texts = [
                cited(statement, block_start=index == 0)
                for index, statement in enumerate(statements[:-1] if leads_in else statements)
            ]
            if leads_in:
                texts.append(write_lead_in(statements[-1], block_start=not texts, math=math))
                opening = " ".join(texts)
            elif texts:
                written.append(WrittenBlock(paragraph=" ".join(texts)))
        elif block.items:
            items = tuple(cited(item, block_start=True) for item in block.items)
            if block.lead_in:
                opening = write_lead_in(block.lead_in, block_start=True, math=math)
            written.append(WrittenBlock(lead_in=opening, items=items))
            opening = ""
    return tuple(written)


def _leads_into(block: Paragraph, following: Block | None) -> bool:
    is_open = isinstance(following, BulletList) and following.items and not following.lead_in
    last = block.statements[-1].text if is_open and block.statements else ""
    return clean(last).endswith(COLONS)


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
