"""One note on its way from the library into its file: linked, rendered, compared, written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.library.index import Filing
from generator.models import Line, Note, Transcript, statements_in
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
    """A note with what is to become of its file, and a digest of the links that it has there."""

    note: Note
    plan: Plan
    links: str


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

    def draft(self, note: Note, linked: Note, web: Web) -> Drafted:
        """What is to become of a note's file; raises TemplateError and VaultError."""
        from generator.renderer.markdown import render_note

        channel, slug = note.video.channel, note.slug
        place = web.directory.place_of((channel, slug))
        plan = self._vault.plan_note(
            note,
            render_note(linked, self._options),
            keys=("title", "videoId", *self._settings.front_matter),
            recorded=self._library.written(channel, slug),
            last_path=place.path if place else None,
            files=web.directory.files_of(note.video.id),
            overwrite=self._settings.overwrite,
        )
        return Drafted(note, plan, links_digest(linked))

    def filing(self, drafted: Drafted) -> Filing:
        """What the library is to keep with a note before it is written."""
        from generator.renderer.keys import keys_of_note

        plan, note = drafted.plan, drafted.note
        words = keys_of_note(note)
        if plan.decision.state is State.KEPT:
            return Filing(words, "")
        recorded = self._library.written(note.video.channel, note.slug)
        return Filing(words, drafted.links, None if plan.fresh in recorded[:1] else plan.fresh)

    def write(self, drafted: Drafted, sidecar: Sidecar | None) -> Written:
        """Writes a note's file, and its sidecar unless the file is kept; raises VaultError."""
        return self._vault.write_note(drafted.plan, sidecar)

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


def links_digest(linked: Note) -> str:
    """A short hash of where a note's links stand and where they lead."""
    links = [
        (index, link.start, link.end, link.target)
        for index, statement in enumerate(statements_in(linked))
        for link in statement.links
    ]
    return hashlib.sha256(repr(links).encode()).hexdigest()[:32]


def paths_of(drafts: Sequence[Drafted]) -> dict[tuple[str, str], str | None]:
    """Where the files of notes are now; None for those that are kept as they are."""
    return {
        (each.plan.channel, each.plan.slug): (
            None if each.plan.decision.state is State.KEPT else each.plan.path
        )
        for each in drafts
    }
