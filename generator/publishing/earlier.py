"""What notes a video had before, in the library and in the vault: its new ones take their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.models import Note, VaultNote, Video
from generator.publishing.naming import Former, known_again, slugs_for
from generator.renderer.slugs import slugify

if TYPE_CHECKING:
    from generator.library import Library
    from generator.publishing.web import Web
    from generator.vault.vault import Vault


class Earlier:
    """The earlier notes of videos."""

    def __init__(self, library: Library, vault: Vault) -> None:
        self._library = library
        self._vault = vault

    def named(
        self, video: Video, notes: Sequence[Note], web: Web
    ) -> tuple[list[Note], dict[str, tuple[str, ...]]]:
        """The notes under their slugs and with former titles as aliases; and these, by slug."""
        channel, directory = video.channel, web.directory
        earlier = self._earlier(video, web)
        known = known_again(notes, earlier, lambda: self._texts(video))
        slugs = slugs_for(notes, known, lambda slug: directory.is_taken(channel, slug))
        kept = self._library.index.former(channel, video.id) if earlier else {}
        taken = {note.title for note in notes}
        named, former = [], {}
        for index, (note, slug) in enumerate(zip(notes, slugs, strict=True)):
            titles = [*kept.get(slug, ()), *(known[index].names[:1] if index in known else ())]
            titles = [title for title in dict.fromkeys(titles) if title not in taken]
            former[slug] = tuple(titles)
            aliases = tuple(dict.fromkeys((*note.aliases, *titles)))
            named.append(replace(note, slug=slug, aliases=aliases))
        return named, former

    def _earlier(self, video: Video, web: Web) -> list[Former]:
        """The notes that a video had; a file of it in the vault counts as one."""
        entries = web.directory.entries_of(video.id, video.channel)
        found = {e.slug: Former(e.slug, (e.title, *e.aliases), True) for e in entries}
        for file in web.directory.files_of(video.id):
            in_channel = file.path.startswith(f"{video.channel}/")
            if not in_channel or web.directory.id_at(file.path):
                continue
            written_as = self._slug_in_sidecar(video.channel, file)
            slug = written_as or file.slug
            names = (file.title, *file.aliases)
            found.setdefault(slug, Former(slug, names, written_as is not None))
        return list(found.values())

    def left_before(self, video: Video, web: Web) -> dict[str, VaultNote]:
        """The files of notes that the library has no more, under the names they were written."""
        return {
            file.slug: file
            for file in web.directory.files_of(video.id)
            if file.path == f"{video.channel}/{file.slug}.md"
            and not web.directory.id_at(file.path)
            and self._slug_in_sidecar(video.channel, file) == file.slug
        }

    def _slug_in_sidecar(self, channel: str, file: VaultNote) -> str | None:
        """The slug under which a file was written, renamed since or not; None for others' files."""
        usual = slugify(file.title, video_id=file.video_id, channel=channel)
        for slug in (file.slug, usual):
            with suppress(ValueError):  # a name that no note of ours can have
                sidecar = self._vault.sidecar(channel, slug)
                if sidecar and sidecar.video.id == file.video_id:
                    return slug
        return None

    def _texts(self, video: Video) -> Mapping[str, Note]:
        return {note.slug: note for note in self._library.notes(video=video)}
