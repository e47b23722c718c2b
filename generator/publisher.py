"""From the library into the vault: link, render, write. Costs nothing and needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.directory import Directory
from generator.errors import GenerateError
from generator.models import Note, VaultNote, Video
from generator.naming import slugs_for
from generator.renderer.slugs import slug_key, slugify

if TYPE_CHECKING:
    from generator.disk import Disk
    from generator.library import Library
    from generator.renderer.links import Linker
    from generator.renderer.markdown import PageVideo
    from generator.report import NoteState
    from generator.settings import Settings
    from generator.sidecars import Sidecar
    from generator.vault import Written


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a file: its path from the working directory, its note, and why it was kept."""

    state: NoteState
    path: str
    slug: str = ""
    reason: str = ""


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


class Publisher:
    """Writes the notes of one library into one vault."""

    def __init__(self, settings: Settings, library: Library, disk: Disk | None = None) -> None:
        """`disk` is where the vault's files are read and written: the file system by default."""
        from generator.renderer.markdown import RenderOptions
        from generator.vault import Vault

        self._settings = settings
        self._library = library
        self._vault = Vault(settings.output, disk)
        self._options = RenderOptions(
            front_matter=settings.front_matter,
            timestamp_links=settings.timestamp_links,
            math=settings.math,
            templates=settings.templates,
        )

    def publish(
        self, video: Video, engine: str, notes: Sequence[Note]
    ) -> tuple[list[Published], list[Published]]:
        """Makes these the notes of a video, in the library and in the vault.

        Returns what became of each, in order, and the files of earlier notes that are gone now but
        are kept, since their owner edited them. Raises LibraryError, VaultError and TemplateError;
        what stood in the vault before is whole.
        """
        channel = video.channel
        paths = self._library.paths(channel)
        named = [
            replace(note, slug=slug)
            for note, slug in zip(notes, self._slugs_for(video, notes), strict=True)
        ]
        gone = self._library.save_notes(video, engine, named)
        directory = self._directory(channel, self._library.notes(channel), named)
        linker = _linker(directory)
        published = [self._write(note, directory, linker, fresh=True) for note in named]
        kept = [
            self._published(left)
            for slug in gone
            if (left := self._vault.remove_note(channel, slug, paths[slug], self._library))
        ]
        return published, kept

    def _slugs_for(self, video: Video, notes: Sequence[Note]) -> list[str]:
        """The slugs of a video's notes; a file in the vault counts as an earlier note of it."""
        there = self._vault.notes(video.channel)
        earlier: dict[str, Sequence[str]] = {
            note.slug: (note.title, *note.aliases) for note in self._library.notes(video=video)
        }
        ours = set(earlier)
        for file in there:
            if file.video_id == video.id and file.slug not in ours:
                written_as = self._slug_in_sidecar(video.channel, file)
                ours.update([written_as] if written_as else [])
                earlier.setdefault(written_as or file.slug, (file.title, *file.aliases))
        taken = {file.slug for file in there} | {*self._library.slugs(video.channel)}
        return slugs_for(notes, earlier, ours, taken)

    def _slug_in_sidecar(self, channel: str, file: VaultNote) -> str | None:
        """The slug under which a file was written, renamed since or not; None for others' files."""
        usual = slugify(file.title, video_id=file.video_id, channel=channel)
        for slug in (file.slug, usual):
            with suppress(ValueError):  # a name that no note of ours can have
                sidecar = self._vault.sidecar(channel, slug)
                if sidecar and sidecar.video.id == file.video_id:
                    return slug
        return None

    def withdraw(self, video_id: str) -> list[Published]:
        """Takes all notes of a video out of the library and the vault, whatever channel it is of.

        Returns the files that are kept, since their owner edited them. Links to them and entries
        of pages go with `settle`. Raises as `publish`.
        """
        channels = dict.fromkeys(
            note.video for note in self._library.notes() if note.video.id == video_id
        )
        return [kept for video in channels for kept in self.publish(video, "", [])[1]]

    def settle(self) -> Settled:
        """Looks at the whole vault, and makes links and pages be as its notes are now.

        To be called at the end of a run. Notes whose files their owner deleted are not written, and
        edited files are kept.
        """
        changed: list[Published] = []
        errors: list[GenerateError] = []
        for channel in sorted({video.channel for video in self._library.videos()}):
            try:
                changed += self._relink(channel)
            except GenerateError as error:
                errors.append(error)
        return Settled(
            written=tuple(each for each in changed if each.state == "written"),
            kept=tuple(each for each in changed if each.state == "kept"),
            errors=tuple(errors),
        )

    def _relink(self, channel: str) -> list[Published]:
        known = self._library.notes(channel)
        directory = self._directory(channel, known)
        linker = _linker(directory)
        found = [
            self._write(note, directory, linker, fresh=False)
            for note in known
            if directory.file_of(note)
        ]
        page = self._write_page(channel, directory, linker)
        return [*found, page] if page else found

    def _directory(
        self, channel: str, known: Sequence[Note], arriving: Sequence[Note] = ()
    ) -> Directory:
        return Directory(self._vault.notes(), known, self._library.paths(channel), arriving)

    def _write(self, note: Note, directory: Directory, linker: Linker, *, fresh: bool) -> Published:
        """Writes one note. A fresh one gets its sidecar anew, any other if its text changes."""
        from generator.renderer.markdown import render_note

        file = directory.file_of(note)
        linked = linker.link(replace(note, slug=file.slug if file else note.slug))
        text = render_note(linked, self._options)
        keys = ("title", "videoId", *self._settings.front_matter)

        def write(sidecar: Sidecar | None) -> Published:
            written = self._vault.write_note(
                note,
                text,
                keys=keys,
                library=self._library,
                sidecar=sidecar,
                overwrite=self._settings.overwrite,
            )
            return self._published(written, note.slug)

        published = write(self._sidecar(note) if fresh else None)
        if published.state == "written" and not fresh:
            write(self._sidecar(note))
        return published

    def _published(self, written: Written, slug: str = "") -> Published:
        path = str(self._settings.output / written.path)
        return Published(written.state.value, path, slug, written.reason)

    def _sidecar(self, note: Note) -> Sidecar | None:
        """None where the library no longer has the transcript that the note cites."""
        from generator.sidecars import make_sidecar
        from generator.summarizer.lines import make_lines

        transcript = self._library.transcript(note.video, note.language, note.generated)
        if transcript is None:
            return None
        engine = self._library.engine_of(note.video.channel, note.slug)
        return make_sidecar(note, transcript, make_lines(transcript), engine)

    def _write_page(self, channel: str, directory: Directory, linker: Linker) -> Published | None:
        from generator.renderer.markdown import render_channel_page

        notes = [
            note
            for note in directory.notes
            if note.video_id and slug_key(note.channel) == slug_key(channel)
        ]
        if not notes:
            return None
        text = render_channel_page(
            channel,
            self._page_videos(channel, notes),
            target=linker.target,
            templates=self._settings.templates,
        )
        written = self._vault.write_channel_page(
            channel, text, library=self._library, overwrite=self._settings.overwrite
        )
        return self._published(written)

    def _page_videos(self, channel: str, notes: Sequence[VaultNote]) -> list[PageVideo]:
        """The videos that notes are of, newest first, each with its notes in order.

        Those without a date come last: in the order of the page as it is, then as they came.
        """
        from generator.fetcher.ids import address_of
        from generator.renderer.markdown import PageVideo

        videos = {video.id: video for video in self._library.videos(channel)}
        titles = {video.id: video.title for video in self._vault.page(channel).videos}
        order = {id_: at for at, id_ in enumerate(dict.fromkeys([*titles, *videos]))}
        places = {slug: at for at, slug in enumerate(self._library.slugs(channel))}
        by_video: dict[str, list[VaultNote]] = {}
        for note in sorted(notes, key=lambda note: (places.get(note.slug, len(places)), note.path)):
            by_video.setdefault(note.video_id, []).append(note)

        def newest_first(video_id: str) -> tuple[int, int, str]:
            dates = [note.published for note in by_video[video_id] if note.published]
            day = -max(dates).toordinal() if dates else 0
            return day, order.get(video_id, len(order)), video_id

        def url(video_id: str) -> str:
            return videos[video_id].url if video_id in videos else address_of(video_id)

        return [
            PageVideo(
                id=id_,
                title=videos[id_].title if id_ in videos else titles.get(id_, id_),
                url=url(id_),
                notes=tuple(by_video[id_]),
            )
            for id_ in sorted(by_video, key=newest_first)
        ]


def _linker(directory: Directory) -> Linker:
    from generator.renderer.links import Linker

    return Linker(directory.notes)
