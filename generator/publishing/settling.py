"""The vault's links and pages made to be as its notes are now, at the cost of what changed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import GenerateError
from generator.library.filings import PAGE, Done, Due
from generator.models import VaultNote
from generator.publishing.drafting import (
    Drafted,
    Drafting,
    Published,
    links_text,
    paths_of,
    whereabouts,
)
from generator.publishing.pages import channel_page, notes_by_channel
from generator.publishing.web import LINKED, linked_by
from generator.renderer.slugs import slug_key
from generator.vault.standing import State

if TYPE_CHECKING:
    from generator.library import Library
    from generator.publishing.directory import Change, NoteId
    from generator.publishing.web import Web
    from generator.renderer.links import Naming
    from generator.settings import Settings
    from generator.vault.files import Written
    from generator.vault.vault import Vault

AT_ONCE = 50
"""How many notes are kept in the library, and then written, at a time."""

MOST_NAMES = 2000
"""Where more notes changed than this, or a quarter of all, all others are looked at."""

MANY = 1000
"""Where so many notes are looked at, it is told how far that is, after each so many."""

ROUNDS = 5
"""How often what was written is looked at for names that it changed; once is enough but where the
owner's files change at the same time."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a look at the whole vault came to: the files that changed, and those that are kept.

    Notes have their slug, pages have none. `errors` are what could not be done; it is tried again
    the next time.
    """

    written: tuple[Published, ...] = ()
    kept: tuple[Published, ...] = ()
    removed: tuple[Published, ...] = ()
    errors: tuple[GenerateError, ...] = ()


class Settling:
    """One pass over what has changed in the vault since its links were last made."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        vault: Vault,
        drafting: Drafting,
        web: Web,
        tell: Callable[[str], None],
    ) -> None:
        """`tell` is told how far it is, where many notes are looked at."""
        self._settings = settings
        self._library = library
        self._vault = vault
        self._drafting = drafting
        self._web = web
        self._say = tell
        self._found: dict[str, Published] = {}
        self._removed: list[Published] = []
        self._errors: list[GenerateError] = []

    def run(self) -> Settled:
        """Links, then pages; what they were made for is kept only when all of it is done."""
        web, library = self._web, self._library
        due = library.filings.due()
        self._finish(due)
        web.look()
        pages = {each.channel for each in due if each.slug == PAGE}
        certain = {*self._touched(), *library.index.unindexed()}
        for _ in range(ROUNDS):
            changes = web.changed()
            pages |= {note.channel for change in changes for note in change if note is not None}
            self._relink(*self._concerned(changes), certain)
            was = len(web.changes)
            web.look(again=True)
            if len(web.changes) == was:
                break
        self._write_pages(pages | self._missing_pages())
        if not self._errors:
            self._keep()
        found = self._found.values()
        return Settled(
            written=tuple(each for each in found if each.state == "written"),
            kept=tuple(each for each in found if each.state == "kept"),
            removed=tuple(self._removed),
            errors=tuple(self._errors),
        )

    # What stopped runs left

    def _finish(self, due: Sequence[Due]) -> None:
        """Writes the notes that the library has and the vault may not."""
        for each in due:
            try:
                note = self._library.note(each.channel, each.slug)
                if note is not None:
                    linked = self._drafting.linked(note, self._web)
                    at = whereabouts((each.channel, each.slug), note.video.id, self._web)
                    self._write([self._drafting.draft(note, linked, at)], anew=True)
            except GenerateError as error:
                self._errors.append(error)

    # Notes

    def _touched(self) -> set[NoteId]:
        """The notes whose files others than this run changed."""
        touched: set[NoteId] = set()
        were_notes: dict[NoteId, str] = {}
        for path, row in self._web.others():
            seen, _ = self._vault.seen_files.get(path, (None, None))
            if seen is None or (row and row.seen == seen) or self._vault.wrote.get(path) == seen:
                continue
            if note := self._web.directory.id_at(path):
                touched.add(note)
                if row and row.channel is not None:
                    were_notes[note] = path
        return touched - self._as_written(were_notes)

    def _as_written(self, touched: Mapping[NoteId, str]) -> set[NoteId]:
        """The notes whose files were moved to another disk or copied, and say what they said.

        Their links are those that the library knows: only a change of names can make them others.
        """
        found = set()
        filed = functools.cache(self._library.filings.of)
        for (channel, slug), path in touched.items():
            file = self._web.directory.note_at(path)
            of = filed(channel, file.video_id).get(slug) if file else None
            if (
                of
                and of.links
                and of.written
                and self._vault.says(channel, slug, path, of.written[0])
            ):
                found.add((channel, slug))
        return found

    def _concerned(self, changes: Sequence[Change]) -> tuple[set[NoteId], Naming | None]:
        """The library's notes whose links these changes can change, as their words tell.

        Of these, those alone do that name what changed; nothing more is known without that.
        """
        from generator.renderer.keys import forms_of_names
        from generator.renderer.links import Naming

        entries = list(self._web.directory.entries())
        if self._library.index.mark(LINKED) != linked_by() or len(changes) > max(
            AT_ONCE, min(MOST_NAMES, len(entries) // 4)
        ):
            return {(entry.channel, entry.slug) for entry in entries}, None
        index, names = self._library.index, dict[str, None]()
        for change in changes:
            names.update((name, None) for of in change if of for name in (of.title, *of.aliases))
        words = functools.cache(index.words)
        asked = dict.fromkeys(forms_of_names(names, words))
        naming = Naming(of for change in changes for of in change if of)
        return {note for forms in asked for note in index.having(forms)}, naming

    def _relink(
        self, concerned: Iterable[NoteId], naming: Naming | None, certain: set[NoteId]
    ) -> None:
        """Writes those notes again that have other links than their files.

        Of those `concerned`, only those are looked at closely in which there is what `naming` says.

        Those that are `certain` are compared with their files in any case.
        """
        drafts: list[Drafted] = []
        looked_at = sorted({*concerned, *certain})
        for number, (channel, slug) in enumerate(looked_at):
            if len(looked_at) >= MANY and number % MANY == 0:
                self._say(f"looking at the links of {len(looked_at):,} notes: {number:,} done")
            if self._web.directory.place_of((channel, slug)) is None:
                continue
            try:
                is_certain = (channel, slug) in certain
                drafted = self._drafted(channel, slug, naming, is_certain=is_certain)
                drafts += [drafted] if drafted else []
                if len(drafts) >= AT_ONCE:
                    self._write(drafts)
                    drafts = []
            except GenerateError as error:
                self._errors.append(error)
        try:
            self._write(drafts)
        except GenerateError as error:
            self._errors.append(error)
        certain.clear()

    def _drafted(
        self, channel: str, slug: str, naming: Naming | None, *, is_certain: bool
    ) -> Drafted | None:
        """A note with its links as they are now; None where its file has these."""
        note = self._library.note(channel, slug)
        if note is None or (naming and not is_certain and not naming.is_in(note)):
            return None
        linked = self._drafting.linked(note, self._web)
        if not is_certain and self._library.filings.links(channel, slug) == links_text(linked):
            return None
        at = whereabouts((channel, slug), note.video.id, self._web)
        return self._drafting.draft(note, linked, at)

    def _write(self, drafts: Sequence[Drafted], *, anew: bool = False) -> None:
        """Writes notes; their sidecars are made `anew`, or else only say what the files do."""
        filings = {
            (each.note.video.channel, each.note.slug): filing
            for each in drafts
            if (filing := self._drafting.filing(each)) is not None
        }
        if not drafts:
            return
        self._library.filings.file(filings)
        pairs = []
        for each in drafts:
            channel, slug = each.note.video.channel, each.note.slug
            sidecar = None if anew else self._vault.sidecar(channel, slug)
            if sidecar is None and each.plan.decision.state is not State.KEPT:
                engine = self._library.engine_of(channel, slug)
                sidecar = self._drafting.sidecar(each.note, engine, None)
            pairs.append((each, sidecar))
        for published in self._drafting.begin(pairs)():
            self._tell(published)
        self._library.filings.done(Done(paths_of(drafts)))

    # Pages

    def _missing_pages(self) -> set[str]:
        """The channels whose page others than this run changed or took away, or that have none."""
        seen = self._vault.seen_files
        pages = {}
        for channel in self._web.directory.channels:
            usual = f"{channel}/{channel}.md"
            pages[channel] = usual if usual in seen else self._page_named(slug_key(usual))
        made_for = self._web.made_for(filter(None, pages.values()))
        return {
            channel
            for channel, path in pages.items()
            if path is None or (row := made_for[path]) is None or row.seen != seen[path][0]
        }

    def _page_named(self, key: str) -> str | None:
        """The path of a page however its letters are written there."""
        paths = (path for path in self._vault.seen_files if path.count("/") == 1)
        return next((path for path in paths if slug_key(path) == key), None)

    def _write_pages(self, dirty: set[str]) -> None:
        """The pages of channels whose notes changed, and the one of all channels."""
        library, web = self._library, self._web
        with_notes = {note.channel for note in web.directory.notes if note.video_id}
        listed = {slug_key(name): name for name in sorted(with_notes)}
        channels = {**listed, **{slug_key(name): name for name in web.directory.channels}}
        # Pages are for channels that the library has notes of, or had.
        ours = set(web.directory.channels)
        ours.update(name for name in channels.values() if library.filings.written(name, name))
        keys = sorted(map(slug_key, dirty))
        notes = notes_by_channel(web.directory, keys) if keys else {}
        for key in keys:
            channel = channels.get(key, key)
            try:
                if key not in listed:
                    self._tell_removed(self._vault.pages.remove_channel(channel, library))
                elif channel in ours:
                    self._tell_page(self._write_page(channel, notes[key]))
            except GenerateError as error:
                self._errors.append(error)
        try:
            self._write_index(sorted(name for key, name in channels.items()
                                     if name in ours and key in listed))  # fmt: skip
        except GenerateError as error:
            self._errors.append(error)

    def _write_page(self, channel: str, notes: Sequence[VaultNote]) -> Written:
        text = channel_page(
            channel,
            notes,
            self._web.directory,
            self._library.index.videos(channel),
            lambda: {video.id: video.title for video in self._vault.pages.channel(channel).videos},
            self._web.linker.target,
            self._settings.templates,
        )
        return self._vault.pages.write_channel(
            channel, text, library=self._library, overwrite=self._settings.overwrite
        )

    def _write_index(self, channels: Sequence[str]) -> None:
        from generator.renderer.markdown import render_index

        if not channels:
            self._tell_removed(self._vault.pages.remove_index(self._library))
            return
        target = self._web.linker.target
        listed = (VaultNote(name, name, name, "", f"{name}/{name}.md") for name in channels)
        text = render_index(map(target, listed), self._settings.templates)
        overwrite = self._settings.overwrite
        written = self._vault.pages.write_index(text, library=self._library, overwrite=overwrite)
        self._tell_page(written)

    # What is kept, and told

    def _keep(self) -> None:
        """Links are made for the vault as it is now."""
        changed, gone = self._web.rows()
        entries = self._web.entries(changed)
        now = [row for row, _ in changed]
        self._library.index.settle(now, gone, entries, {LINKED: linked_by()})
        self._web.made()

    def _tell(self, published: Published) -> None:
        # A note that was written in one round stays so in the next.
        if published.state != "unchanged":
            self._found[published.path] = published

    def _tell_page(self, written: Written) -> None:
        self._tell(self._drafting.published(written))

    def _tell_removed(self, gone: Written | None) -> None:
        if gone and gone.state is State.KEPT:
            self._tell_page(gone)
        elif gone:
            self._removed.append(self._drafting.published(gone))
