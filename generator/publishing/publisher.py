"""From the library into the vault: link, render, write. Costs nothing and needs no network."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.library.filings import PAGE, Done, Filed
from generator.library.index import NoteEntry
from generator.models import Note, VaultNote, Video
from generator.publishing.ahead import Ahead
from generator.publishing.drafting import (
    Cited,
    Drafted,
    Drafting,
    Published,
    paths_of,
    whereabouts,
)
from generator.publishing.earlier import Earlier
from generator.publishing.renewals import Outcome, Renewal, Renewals
from generator.publishing.settling import Settled, Settling
from generator.vault.standing import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.library import Library
    from generator.publishing.directory import NoteId
    from generator.publishing.web import Web
    from generator.settings import Settings
    from generator.vault.disk import Disk
    from generator.vault.files import Written
    from generator.vault.sidecars import Sidecar

__all__ = ["Published", "Publisher", "Settled"]


class Publisher:
    """Writes the notes of one library into one vault.

    What the vault has is found out once, when something is first published, and then kept in step;
    a video costs what its notes hold, whatever the vault holds. `settle` looks at the vault again.
    """

    def __init__(self, settings: Settings, library: Library, disk: Disk | None = None) -> None:
        """`disk` is where the vault's files are read and written: the file system by default."""
        from generator.vault.vault import Vault

        self._settings = settings
        self._library = library
        self._vault = Vault(settings.output, disk)
        self._drafting = Drafting(settings, library, self._vault)
        self._earlier = Earlier(library, self._vault)
        self._known: Web | None = None
        self._left: list[Published] = []
        self._gone: dict[str, Published] = {}
        self._renewals = Renewals(library.filings)
        # What is tried over another disk is not in this one.
        self._ahead = None if disk else Ahead(settings, library.path)

    def publish(
        self, video: Video, engine: str, notes: Sequence[Note], *, bring_back: bool = True
    ) -> Outcome:
        """Makes these the notes of a video, in the library and in the vault.

        Their links are as the vault is now; the links of others, and pages, follow with `settle`.
        A topic that the video had before keeps its slug, and its former titles become aliases. A
        file of an earlier note that is gone goes, unless its owner edited it; one that was kept for
        that is looked at again. Without `bring_back`, a file that its owner deleted stays away,
        unless files are to be overwritten.

        Returns what became of each, in order, and the files of earlier notes that are kept. Raises
        LibraryError, VaultError and TemplateError; what stood in the vault before is whole.
        """
        with self._step() as web:
            named, former = self._earlier.named(video, notes, web)
            entries = {
                entry.slug: entry for entry in web.directory.entries_of(video.id, video.channel)
            }
            places = {slug: web.directory.place_of((video.channel, slug)) for slug in entries}
            moved: dict[NoteId, str | None] = {
                (video.channel, slug): place.path
                for slug, place in places.items()
                if place and place.path != entries[slug].path
            }
            if moved:
                self._library.filings.done(Done(moved))
            stay_away: dict[str, str] = {}
            if not (bring_back or self._settings.overwrite):
                stay_away = {
                    slug: entry.path
                    for slug, entry in entries.items()
                    if entry.path and places[slug] is None
                }
            paths = {slug: place.path for slug, place in places.items() if place} | stay_away
            coming = [
                _entry(note, position, paths.get(note.slug)) for position, note in enumerate(named)
            ]
            web.expect(video.channel, video.id, coming, stay_away)
            drafts = [
                self._drafting.draft_anew(note, web) for note in named if note.slug not in stay_away
            ]
            filings = {
                each.note.slug: filing
                for each in drafts
                if (filing := self._drafting.filing(each)) is not None
            }
            filings.update(
                (note.slug, self._drafting.filing_of_deleted(note))
                for note in named
                if note.slug in stay_away
            )
            gone = self._library.save_notes(video, engine, named, filings, former)
            finish, sidecars = self._begin(drafts, engine, {})
            of_slug = {each.slug: each for each in finish()}
            published = [
                of_slug.get(note.slug) or self._leave_deleted(note, stay_away[note.slug])
                for note in named
            ]
            kept = []
            for slug in gone:
                place = places[slug]
                if left := self._remove(video.channel, slug, place):
                    kept.append(self._drafting.published(left))
                elif place:
                    self._drop(place, web)
            for slug, file in self._earlier.left_before(video, web).items():
                if slug in entries or slug in filings:
                    continue
                if left := self._remove(video.channel, slug, file):
                    kept.append(self._drafting.published(left))
                else:
                    self._drop(file, web)
            done: dict[NoteId, str | None] = {(video.channel, slug): None for slug in gone}
            due = [each for each in drafts if each.note.slug in filings]
            self._library.filings.done(Done({**done, **paths_of(due)}, sidecars))
        return published, kept

    def renew(
        self, video: Video, engine: str, notes: Sequence[Note], *, bring_back: bool = True
    ) -> Renewal:
        """As `publish`, of notes that the library has just so: only their files may be others.

        Where the vault has these files, and no others of the video, nothing has to be found out
        anew but what the files are to say; and while the disk is at work on them, others can be
        renewed. Raises as `publish`, and so does what it returns.
        """
        with self._step(flush=False) as web:
            filed = self._library.filings.of(video.channel, video.id)
            if all_as_filed(video, notes, filed, web):
                drafts = (self._ahead and self._ahead.take(video, notes, filed)) or [
                    self._drafting.draft_as_filed(
                        note,
                        filed[note.slug],
                        whereabouts((video.channel, note.slug), video.id, web),
                    )
                    for note in notes
                ]
                filings = {
                    (video.channel, each.note.slug): filing
                    for each in drafts
                    if (filing := self._drafting.filing(each)) is not None
                }
                due = paths_of(
                    [each for each in drafts if (video.channel, each.note.slug) in filings]
                )

                def begin() -> Callable[[], Outcome]:
                    with self._known_unless_failed():
                        finish, sidecars = self._begin(drafts, engine, filed)
                    return lambda: self._renewed(finish, Done(due, sidecars))

                return self._renewals.add(filings, begin)
        return Renewal.over(self.publish(video, engine, notes, bring_back=bring_back))

    def foresee(self, channel: str, video_id: str, more: int) -> None:
        """Says that a video of the library is about to be renewed, and so many after it.

        Its notes may then be drafted beforehand, by another process.
        """
        if not self._ahead:
            return
        self._ahead.begin(more)
        key = (channel, video_id)
        if self._known and self._ahead.has_room(key):
            at = {
                entry.slug: whereabouts((channel, entry.slug), video_id, self._known)
                for entry in self._known.directory.entries_of(video_id, channel)
            }
            self._ahead.ask(key, at)

    def _renewed(self, finish: Callable[[], list[Published]], done: Done) -> Outcome:
        with self._known_unless_failed():
            published = finish()
        self._library.filings.done_later(done)
        return published, []

    def end_renewals(self) -> None:
        """Has the files in their places that `renew` left on their way; no more are foreseen."""
        try:
            self._renewals.end()
        finally:
            if self._ahead:
                self._ahead.end()

    def withdraw(self, video_id: str) -> list[Published]:
        """Takes all notes of a video out of the library and the vault, whatever channel it is of.

        Returns the files that are kept, since their owner edited them. Links to them and entries
        of pages go with `settle`. Raises as `publish`.
        """
        with self._step() as web:
            channels = dict.fromkeys(e.channel for e in web.directory.entries_of(video_id))
            channels.update((f.channel, None) for f in web.directory.files_of(video_id))
        videos = [self._library.video(video_id, channel) for channel in channels]
        return [kept for video in videos if video for kept in self.publish(video, "", [])[1]]

    def settle(self, tell: Callable[[str], None] = lambda _: None) -> Settled:
        """Looks at the whole vault, and makes links and pages be as its notes are now.

        To be called at the end of a run. Those notes are linked anew whose links can have changed
        since they were last made: others came, went, or were renamed, by this program or by the
        vault's owner. Only files that change are written; notes whose files their owner deleted are
        not, and edited files are kept. What a run that was stopped left is done now. Files of notes
        that went since this was last called are among what went. Where it takes long, `tell` is
        told how far it is. Raises LibraryError; other errors are among what it returns.
        """
        try:
            with self._step() as web:
                parts = self._settings, self._library, self._vault, self._drafting, web
                settled = Settling(*parts, tell).run()
        finally:
            gc.unfreeze()
        settled = replace(
            settled,
            kept=(*self._left, *settled.kept),
            removed=(*self._gone.values(), *settled.removed),
        )
        self._left.clear()
        self._gone.clear()
        return settled

    @contextmanager
    def _step(self, *, flush: bool = True) -> Iterator[Web]:
        """The vault as it is known; after an error it is not, and is found out anew.

        With `flush`, all that was done before is in the library and in the vault.
        """
        from generator.publishing.web import Web

        self._vault.forget_folders()
        if flush or self._known is None:
            self._renewals.end()
            self._library.filings.catch_up()
        if self._known is None:
            self._finish_removals()
            with _uncollected():
                self._known = Web(self._vault, self._library)
            if self._known.is_emptied:
                # Not one note was deleted but all that there was: the vault is made from scratch.
                self._library.index.begin_anew()
                self._known = Web(self._vault, self._library)
        with self._known_unless_failed():
            yield self._known

    @contextmanager
    def _known_unless_failed(self) -> Iterator[None]:
        """After an error the vault is not known."""
        try:
            yield
        except BaseException:
            self._known = None
            raise

    def _finish_removals(self) -> None:
        """Takes away the files of notes that went when a run was stopped: their names are free."""
        library = self._library
        for channel, slug, path in library.filings.due():
            if slug != PAGE and library.note(channel, slug) is None:
                recorded = library.filings.written(channel, slug)
                overwrite = self._settings.overwrite
                if kept := self._vault.remove_note(
                    channel, slug, path, recorded, overwrite=overwrite
                ):
                    self._left.append(self._drafting.published(kept))
                library.filings.done(Done({(channel, slug): None}))

    def _begin(
        self, drafts: Sequence[Drafted], engine: str, filed: Mapping[str, Filed]
    ) -> tuple[Callable[[], list[Published]], dict[NoteId, str]]:
        """Begins to write a video's notes with their sidecars; its transcript is read once at most.

        A sidecar stays that is `filed` and that is there. Returns what ends it, and then tells what
        became of the notes; and the digests of the sidecars that are made.
        """
        cited: Cited | None = None
        pairs: list[tuple[Drafted, Sidecar | bytes | None]] = []
        made: dict[NoteId, str] = {}
        for each in drafts:
            note, known_by = each.note, filed[each.note.slug].sidecar if filed else ""
            sidecar: Sidecar | bytes | None = self._drafting.standing_sidecar(
                note, engine, known_by
            )
            if sidecar is None:
                if cited is None or not cited.is_of(note):
                    cited = self._drafting.cited(note)
                sidecar = made_now = self._drafting.sidecar(note, engine, cited) if cited else None
                if made_now and each.plan.decision.state is not State.KEPT:
                    digest = self._drafting.sidecar_digest(note, engine, made_now)
                    made[note.video.channel, note.slug] = digest
            pairs.append((each, sidecar))
        for each in drafts:
            self._gone.pop(each.plan.path, None)
        return self._drafting.begin(pairs), made

    def _drop(self, file: VaultNote, web: Web) -> None:
        """A file that was taken away is told of, and has no links any more."""
        web.drop(file.path)
        path = str(self._settings.output / file.path)
        self._gone[file.path] = Published("written", path, file.slug)

    def _leave_deleted(self, note: Note, path: str) -> Published:
        """What is told of a note whose file stays away."""
        return self._drafting.published(self._vault.leave_deleted(path), note.slug)

    def _remove(self, channel: str, slug: str, place: VaultNote | None) -> Written | None:
        recorded = self._library.filings.written(channel, slug)
        path, overwrite = place.path if place else None, self._settings.overwrite
        return self._vault.remove_note(channel, slug, path, recorded, overwrite=overwrite)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Many objects are made that stay: to look among them for what can go takes a fifth longer.

    Until `gc.unfreeze` they are not looked at any more.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collects:
            gc.enable()


def all_as_filed(video: Video, notes: Sequence[Note], filed: Mapping[str, Filed], web: Web) -> bool:
    """Whether the library's notes of a video are these, each with its file and what is filed.

    The files are where they were last, their owner has edited none when they were last written, and
    the vault has no others of the video.
    """
    directory = web.directory
    entries = directory.entries_of(video.id, video.channel)
    if [entry.slug for entry in entries] != [note.slug for note in notes]:
        return False
    for entry in entries:
        place = directory.place_of((entry.channel, entry.slug))
        of_note = filed.get(entry.slug)
        if place is None or place.path != entry.path or not (of_note and of_note.links):
            return False
    return all(directory.id_at(file.path) for file in directory.files_of(video.id))


def _entry(note: Note, position: int, path: str | None) -> NoteEntry:
    video = note.video
    names = (note.title, note.aliases)
    return NoteEntry(video.channel, note.slug, video.id, position, *names, video.published, path)
