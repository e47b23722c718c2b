"""A vault of many notes with its library, for what it costs to make a site of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.vault import NOTES_A_VIDEO, made, title
from generator.library import Library
from generator.models import Block, Fetched, Link, Note, Paragraph, Statement
from generator.renderer.markdown import render_note
from generator.summarizer.lines import make_lines
from generator.vault.sidecars import dump_sidecar, make_sidecar

CYRILLIC = str.maketrans("abcdefghiklmnoprstuv", "абцдефгхиклмнопрстув")
IN_CYRILLIC, WITHOUT_SIDECARS = "channel_7", "channel_6"


def build_vault(root: Path, notes: int) -> None:
    """The vault and its library, much as so many videos leave them.

    Written without the publisher, which looks for near-copies and better links as it goes.
    """
    videos = notes // NOTES_A_VIDEO
    slugs = {
        title(number, place): f"note_{number}_{place}"
        for number in range(videos)
        for place in range(NOTES_A_VIDEO)
    }
    pages = defaultdict[str, list[str]](list)
    with Library.open(root / ".generator" / "library.db") as library:
        for number in range(videos):
            fetched, of_video = made(number)
            video = fetched.video
            if video.channel == IN_CYRILLIC:
                fetched, of_video = in_cyrillic(fetched, of_video)
            library.save_fetched(fetched)
            lines = make_lines(fetched.transcript)
            listed = [f"### [{video.title}]({video.url})"]
            for place, note in enumerate(of_video):
                slug = f"note_{number}_{place}"
                linked = with_links(replace(note, slug=slug), slugs)
                path = root / video.channel / f"{slug}.md"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(render_note(linked), "utf-8")
                listed.append(f"- [[{slug} | {note.title}]]")
                if video.channel != WITHOUT_SIDECARS:
                    sidecar = make_sidecar(linked, fetched.transcript, lines, "openai")
                    beside = root / ".generator" / "notes" / video.channel / f"{slug}.json"
                    beside.parent.mkdir(parents=True, exist_ok=True)
                    beside.write_bytes(dump_sidecar(sidecar))
            pages[video.channel].append("\n".join(listed))
    for channel, listed in pages.items():
        text = f"---\ntitle: {channel}\n---\n" + "\n".join(reversed(listed)) + "\n"
        (root / channel / f"{channel}.md").write_text(text, "utf-8")


def with_links(note: Note, slugs: dict[str, str]) -> Note:
    """The note with its mentions as links to the notes of these titles."""

    def linked(statement: Statement) -> Statement:
        links = tuple(
            Link(each.start, each.end, slugs[each.concept])
            for each in statement.mentions
            if slugs.get(each.concept, note.slug) != note.slug
        )
        return replace(statement, links=links)

    return changed(note, linked)


def in_cyrillic(fetched: Fetched, notes: list[Note]) -> tuple[Fetched, list[Note]]:
    """The same talk and notes in other letters, which is another language to all that reads it."""
    cues = tuple(
        replace(cue, text=cue.text.lower().translate(CYRILLIC)) for cue in fetched.transcript.cues
    )
    transcript = replace(fetched.transcript, language="ru", cues=cues)

    def translated(statement: Statement) -> Statement:
        cited = tuple(
            replace(each, quote=each.quote.lower().translate(CYRILLIC))
            for each in statement.citations
        )
        return replace(statement, text=statement.text.lower().translate(CYRILLIC), citations=cited)

    return replace(fetched, transcript=transcript), [changed(note, translated) for note in notes]


def changed(note: Note, change: Callable[[Statement], Statement]) -> Note:
    """The note with each of its statements changed; all of them stand in paragraphs."""

    def of(blocks: Sequence[Block]) -> tuple[Block, ...]:
        return tuple(
            replace(block, statements=tuple(map(change, block.statements)))
            for block in blocks
            if isinstance(block, Paragraph)
        )

    sections = tuple(replace(section, blocks=of(section.blocks)) for section in note.sections)
    return replace(note, lead=of(note.lead), sections=sections)
