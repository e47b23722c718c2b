"""One note on its way from the library into its file: linked, rendered, compared, written."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.library.index import Filing
from generator.models import (
    Block,
    BulletList,
    Line,
    Link,
    Note,
    Paragraph,
    Statement,
    Transcript,
    statements_in,
)
from generator.vault.standing import State

if TYPE_CHECKING:
    from generator.library import Library
    from generator.publishing.web import Web
    from generator.settings import Settings
    from generator.telling.report import NoteState
    from generator.vault.sidecars import Sidecar
    from generator.vault.vault import Plan, Vault, Written


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a file: its path from the working directory, its note, and why it was kept.

    `slug` is empty for a page.
    """

    state: NoteState
    path: str
    slug: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A note with what is to become of its file.

    `links` are those that it has there (see `links_text`); `is_known` says that the library has the
    note with this text and these links.
    """

    note: Note
    plan: Plan
    links: str
    recorded: bool
    is_known: bool


class Drafting:
    """How notes become files, with the settings of one run."""

    def __init__(self, settings: Settings, library: Library, vault: Vault) -> None:
        from generator.renderer.markdown import RenderOptions

        self._settings = settings
        self._library = library
        self._vault = vault
        self._options = RenderOptions(
            front_matter=settings.front_matter,
            timestamp_links=settings.timestamp_links,
            math=settings.math,
            templates=settings.templates,
        )

    def linked(self, note: Note, web: Web) -> Note:
        """A note of the library with the links that it can have, under the name of its file."""
        file = web.directory.place_of((note.video.channel, note.slug))
        return web.linker.link(replace(note, slug=file.slug if file else note.slug))

    def draft_anew(self, note: Note, web: Web) -> Drafted:
        """What is to become of a note's file, its links being found; raises as `draft`.

        Where the library has the note as it is, its links are what they were: to bring them up to
        what has changed since in the vault is what settling does.
        """
        links = self._library.links_of_same(note)
        if not links:
            return self.draft(note, self.linked(note, web), web)
        return self.draft(note, with_links(note, links), web, is_known=True)

    def draft(self, note: Note, linked: Note, web: Web, *, is_known: bool = False) -> Drafted:
        """What is to become of a note's file; raises TemplateError and VaultError."""
        from generator.renderer.markdown import render_note

        channel, slug = note.video.channel, note.slug
        place = web.directory.place_of((channel, slug))
        recorded = self._library.written(channel, slug)
        plan = self._vault.plan_note(
            note,
            render_note(linked, self._options),
            keys=("title", "videoId", *self._settings.front_matter),
            recorded=recorded,
            last_path=place.path if place else None,
            files=web.directory.files_of(note.video.id),
            overwrite=self._settings.overwrite,
        )
        return Drafted(note, plan, links_text(linked), plan.fresh in recorded[:1], is_known)

    def filing(self, drafted: Drafted) -> Filing | None:
        """What the library is to keep with a note before it is written; None if it has all of it.

        A note that is not to be written, neither, is not due.
        """
        from generator.renderer.keys import keys_of_note

        state = drafted.plan.decision.state
        if drafted.is_known and drafted.recorded and state is State.UNCHANGED:
            return None
        words = None if drafted.is_known else keys_of_note(drafted.note)
        if state is State.KEPT:
            return Filing(words, "")
        return Filing(words, drafted.links, None if drafted.recorded else drafted.plan.fresh)

    def write(self, drafts: Sequence[tuple[Drafted, Sidecar | None]]) -> list[Published]:
        """Writes notes' files, and sidecars with those that are not kept; raises VaultError."""
        written = self._vault.write_notes([(each.plan, sidecar) for each, sidecar in drafts])
        return [
            self.published(done, each.note.slug)
            for (each, _), done in zip(drafts, written, strict=True)
        ]

    def published(self, written: Written, slug: str = "") -> Published:
        """What became of a file, as users are told."""
        path = str(self._settings.output / written.path)
        return Published(written.state.value, path, slug, written.reason)

    def sidecar(self, note: Note, engine: str, cited: Cited | None) -> Sidecar | None:
        """A note's sidecar; None where the library no longer has the transcript that it cites."""
        from generator.vault.sidecars import make_sidecar

        cited = cited or self.cited(note)
        if cited is None:
            return None
        return make_sidecar(note, cited.transcript, cited.lines, engine)

    def cited(self, note: Note) -> Cited | None:
        """The transcript that a note cites, with its lines; None where the library has it not."""
        from generator.summarizer.lines import make_lines

        transcript = self._library.transcript(note.video, note.language, note.generated)
        return Cited(transcript, make_lines(transcript)) if transcript else None


@dataclass(frozen=True, slots=True)
class Cited:
    """A transcript and its lines."""

    transcript: Transcript
    lines: tuple[Line, ...]

    def is_of(self, note: Note) -> bool:
        """Whether it is the transcript that a note cites."""
        of = self.transcript
        return (of.video_id, of.language, of.generated) == (
            note.video.id,
            note.language,
            note.generated,
        )


def links_text(linked: Note) -> str:
    """A note's links as JSON: of each its statement's index, where it stands and leads to."""
    links = [
        (index, link.start, link.end, link.target)
        for index, statement in enumerate(statements_in(linked))
        for link in statement.links
    ]
    return json.dumps(links, ensure_ascii=False, separators=(",", ":"))


def with_links(note: Note, links: str) -> Note:
    """A note with the links that `links_text` told of, in place of those that it had."""
    of: dict[int, list[Link]] = {}
    for index, start, end, target in json.loads(links):
        of.setdefault(index, []).append(Link(start, end, target))
    numbers = itertools.count()

    def linked(statement: Statement) -> Statement:
        found = tuple(of.get(next(numbers), ()))
        return statement if found == statement.links else replace(statement, links=found)

    def blocks(given: tuple[Block, ...]) -> tuple[Block, ...]:
        done: list[Block] = []
        for block in given:
            if isinstance(block, Paragraph):
                done.append(Paragraph(tuple(map(linked, block.statements))))
            else:
                lead_in = linked(block.lead_in) if block.lead_in else None
                done.append(BulletList(tuple(map(linked, block.items)), lead_in))
        return tuple(done)

    lead = blocks(note.lead)
    sections = tuple(replace(part, blocks=blocks(part.blocks)) for part in note.sections)
    return replace(note, lead=lead, sections=sections)


def paths_of(drafts: Sequence[Drafted]) -> dict[tuple[str, str], str | None]:
    """Where the files of notes are now; None for those that are kept as they are."""
    return {
        (each.plan.channel, each.plan.slug): (
            None if each.plan.decision.state is State.KEPT else each.plan.path
        )
        for each in drafts
    }
