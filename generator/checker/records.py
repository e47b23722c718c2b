"""What the library, the sidecars and a folder of transcripts know of a vault's notes and videos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from generator.checker.evidence import Evidence, evidence_of_note, evidence_of_sidecar
from generator.checker.heard import Heard, Spoken
from generator.checker.notefile import NoteFile
from generator.checker.transcripts import ByVideo, Transcripts
from generator.errors import LibraryError, VaultError
from generator.vault.sidecars import Sidecar
from generator.vault.vault import Vault

if TYPE_CHECKING:
    from generator.library import Library
    from generator.models import Video

_T = TypeVar("_T")

BUSY_SECONDS = 2.0
"""How long a library is waited for that another program has locked."""


@dataclass
class Records:
    """Looks up what is known beside a note's own text. What cannot be read is not known.

    `library` is the file's path, None where there is none. `problems` has, by path, why the
    library or a transcript could not be used.
    """

    root: Path
    library: Path | None
    transcripts: ByVideo
    problems: dict[str, str] = field(default_factory=dict)

    def is_recorded(self, note: NoteFile) -> bool:
        """Whether the library or a sidecar has the note under the name and place that it has."""
        if note.path in self._slugs(note.channel):
            return True
        sidecar = self._sidecar(note)
        return sidecar is not None and sidecar.video.id == note.video_id

    def heard(self, note: NoteFile) -> Heard:
        """What is known of the note's video; its transcript is looked for when it is asked for."""
        if not note.video_id:
            return Heard()
        sidecar = self._sidecar(note)
        if sidecar is not None and sidecar.video.id != note.video_id:
            sidecar = None
        video = self._asked(lambda library: _video_in(library, note))
        evidence = evidence_of_sidecar(sidecar) if sidecar else None
        if evidence is None and video is not None:
            evidence = self._asked(lambda library: _evidence_in(library, video, note))
        length = video.duration if video else None
        if length is None and sidecar is not None:
            length = sidecar.video.duration
        return Heard(evidence, length, lambda: self._spoken(note, video, sidecar))

    def _spoken(
        self, note: NoteFile, video: Video | None, sidecar: Sidecar | None
    ) -> Spoken | None:
        """The transcript of the library, else one of the folder."""
        if video is not None:
            track = (sidecar.transcript.language, sidecar.transcript.generated) if sidecar else ()
            transcript = self._asked(
                lambda library: library.transcript(video, *track) or library.transcript(video)
            )
            if transcript is not None:
                return Spoken(transcript, video.duration)
        if note.video_id not in self.transcripts:
            return None
        found = self._files.spoken(note.video_id or "", note.text[note.start :])
        self.problems.update(self._files.problems)
        return found

    def _asked(self, question: Callable[[Library], _T | None]) -> _T | None:
        """What the library answers; nothing where there is none, or it cannot answer."""
        if self._opened is None:
            return None
        try:
            return question(self._opened)
        except LibraryError as error:
            self.problems[str(self.library)] = error.happened
            # Each further question to a library that is locked would be waited for as long.
            self.close()
            self._opened = None
            return None

    def close(self) -> None:
        """Closes the library, if it was opened."""
        if "_opened" in self.__dict__ and self._opened is not None:
            self._opened.close()

    @cached_property
    def _vault(self) -> Vault:
        return Vault(self.root)

    @cached_property
    def _files(self) -> Transcripts:
        return Transcripts(self.transcripts)

    @cached_property
    def _has_sidecars(self) -> bool:
        return (self.root / ".generator" / "notes").is_dir()

    @cached_property
    def _opened(self) -> Library | None:
        from generator.library import Library

        if self.library is None:
            return None
        try:
            return Library.open(self.library, create=False, busy_seconds=BUSY_SECONDS)
        except LibraryError as error:
            self.problems[str(self.library)] = error.happened
            return None

    def _slugs(self, channel: str) -> dict[str, str]:
        """By path, under which slugs the library knows the files of a channel."""
        if channel not in self._slugs_by_channel:
            placed = self._asked(lambda library: library.paths(channel)) or {}
            self._slugs_by_channel[channel] = {
                path or f"{channel}/{slug}.md": slug for slug, path in placed.items()
            }
        return self._slugs_by_channel[channel]

    @cached_property
    def _slugs_by_channel(self) -> dict[str, dict[str, str]]:
        return {}

    def _sidecar(self, note: NoteFile) -> Sidecar | None:
        if not self._has_sidecars:
            return None
        slug = self._slugs(note.channel).get(note.path, note.slug)
        try:
            return self._vault.sidecar(note.channel, slug)
        except (VaultError, ValueError):
            return None


def _video_in(library: Library, note: NoteFile) -> Video | None:
    video_id = note.video_id or ""
    return library.video(video_id, note.channel) or library.video(video_id)


def _evidence_in(library: Library, video: Video, note: NoteFile) -> Evidence | None:
    for kept in library.notes(video=video):
        if kept.slug == note.slug:
            return evidence_of_note(kept)
    return None
