"""One note on its way from the library into its file: linked, rendered, compared, written."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from generator.itself import code_digest
from generator.library.filings import Filed, Filing
from generator.models import (
    Block,
    BulletList,
    Line,
    Link,
    Note,
    Paragraph,
    Statement,
    Transcript,
    VaultNote,
    statements_in,
)
from generator.vault.standing import State

if TYPE_CHECKING:
    from generator.library import Library
    from generator.models import Fingerprint
    from generator.publishing.directory import NoteId
    from generator.publishing.web import Web
    from generator.settings import Settings
    from generator.telling.report import NoteState
    from generator.vault.files import Written
    from generator.vault.sidecars import Sidecar
    from generator.vault.vault import Plan, Vault


_SIDECARS = ("vault/sidecars.py", "summarizer/lines.py", "renderer/timestamps.py")


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a file: its path from the working directory, its note, and why it was kept.

    `slug` is empty for a page.
    """

    state: NoteState
    path: str
    slug: str = ""
    reason: str = ""


class Whereabouts(NamedTuple):
    """Where a note's file was last, if anywhere, and the files of its video's notes."""

    path: str | None
    files: Sequence[VaultNote]


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
        at = whereabouts((note.video.channel, note.slug), note.video.id, web)
        if not links:
            return self.draft(note, self.linked(note, web), at)
        return self.draft(note, with_links(note, links), at, is_known=True)

    def draft_as_filed(self, note: Note, filed: Filed, at: Whereabouts) -> Drafted:
        """As `draft_anew`, of a note that the library has as it is."""
        linked = with_links(note, filed.links)
        return self.draft(note, linked, at, is_known=True, recorded=filed.written)

    def draft(
        self,
        note: Note,
        linked: Note,
        at: Whereabouts,
        *,
        is_known: bool = False,
        recorded: Sequence[Fingerprint] | None = None,
    ) -> Drafted:
        """What is to become of a note's file; raises TemplateError and VaultError.

        `recorded` is what the library knows to have been written as this note.
        """
        from generator.renderer.markdown import render_note

        channel, slug = note.video.channel, note.slug
        recorded = self._library.filings.written(channel, slug) if recorded is None else recorded
        plan = self._vault.plan_note(
            note,
            render_note(linked, self._options),
            keys=("title", "videoId", *self._settings.front_matter),
            recorded=recorded,
            last_path=at.path,
            files=at.files,
            overwrite=self._settings.overwrite,
        )
        return Drafted(
            note, plan, links_text(linked), plan.fresh == next(iter(recorded), None), is_known
        )

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
        links = None if drafted.is_known else drafted.links
        return Filing(words, links, None if drafted.recorded else drafted.plan.fresh)

    def filing_of_deleted(self, note: Note) -> Filing:
        """What the library is to keep with a note whose file its owner deleted."""
        from generator.renderer.keys import keys_of_note

        return Filing(keys_of_note(note), "", due=False)

    def begin(
        self, drafts: Sequence[tuple[Drafted, Sidecar | bytes | None]]
    ) -> Callable[[], list[Published]]:
        """Begins to write notes' files, and sidecars with those that are not kept.

        What it returns ends that, and is to be called. Both raise VaultError.
        """
        finish = self._vault.begin_notes([(each.plan, sidecar) for each, sidecar in drafts])
        return lambda: [
            self.published(done, each.note.slug)
            for (each, _), done in zip(drafts, finish(), strict=True)
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

    def standing_sidecar(self, note: Note, engine: str, known_by: str) -> bytes | None:
        """A note's sidecar as it is there, if making it would give the same again.

        `known_by` is what `sidecar_digest` gave when it was made, of the note with the same text.
        """
        from generator.vault.sidecars import digest_without_file

        if not known_by:
            return None
        data = self._vault.sidecar_bytes(note.video.channel, note.slug)
        return data if digest_without_file(data, _made_of(note, engine)) == known_by else None

    def sidecar_digest(self, note: Note, engine: str, sidecar: Sidecar) -> str:
        """By what the sidecar of a note is known later; see `standing_sidecar`."""
        from generator.vault.sidecars import digest_without_file, dump_sidecar

        return digest_without_file(dump_sidecar(sidecar), _made_of(note, engine))

    def cited(self, note: Note) -> Cited | None:
        """The transcript that a note cites, with its lines; None where the library has it not."""
        from generator.summarizer.lines import make_lines

        transcript = self._library.transcript(note.video, note.language, note.generated)
        return Cited(transcript, make_lines(transcript)) if transcript else None


def whereabouts(note: NoteId, video_id: str, web: Web) -> Whereabouts:
    """Where a note of the library is in the vault, as far as is known."""
    place = web.directory.place_of(note)
    return Whereabouts(place.path if place else None, web.directory.files_of(video_id))


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


def _made_of(note: Note, engine: str) -> str:
    """What a sidecar is made of besides the note's text and its transcript."""
    about = (note.title, note.slug, note.aliases, note.video, note.language, note.generated, engine)
    return f"{code_digest(_SIDECARS, ())} {about!r}"


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
