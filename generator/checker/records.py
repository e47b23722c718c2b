"""What the library, the sidecars and a folder of transcripts know of a vault's notes and videos."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator.checker.evidence import Evidence, evidence_of_note, evidence_of_sidecar
from generator.checker.notefile import NoteFile
from generator.checker.times import Heard
from generator.checker.transcripts import ByVideo, Transcripts
from generator.errors import LibraryError, VaultError
from generator.sidecars import Sidecar
from generator.vault import Vault

if TYPE_CHECKING:
    from generator.library import Library
    from generator.models import Video


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
        paths = self._paths(note.channel)
        if note.slug in paths or note.path in paths.values():
            return True
        sidecar = self._sidecar(note)
        return sidecar is not None and sidecar.video.id == note.video_id

    def heard(self, note: NoteFile) -> Heard:
        """The note's video as far as it is known: its length, its words, the note's evidence."""
        if not note.video_id:
            return Heard()
        sidecar = self._sidecar(note)
        if sidecar is not None and sidecar.video.id != note.video_id:
            sidecar = None
        known = self._from_library(note, sidecar)
        if known.transcript is None and note.video_id in self.transcripts:
            spoken = self._files.spoken(note.video_id, note.text[note.start :])
            self.problems.update(self._files.problems)
            if spoken is not None:
                length = known.duration if known.duration is not None else spoken.duration
                return Heard(length, spoken.transcript, known.evidence)
        return known

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
            return Library.open(self.library, create=False)
        except LibraryError as error:
            self.problems[str(self.library)] = error.happened
            return None

    @cached_property
    def _paths_by_channel(self) -> dict[str, dict[str, str | None]]:
        return {}

    def _paths(self, channel: str) -> dict[str, str | None]:
        if channel not in self._paths_by_channel:
            found: dict[str, str | None] = {}
            if self._opened is not None:
                try:
                    found = self._opened.paths(channel)
                except LibraryError as error:
                    self.problems[str(self.library)] = error.happened
            self._paths_by_channel[channel] = found
        return self._paths_by_channel[channel]

    def _sidecar(self, note: NoteFile) -> Sidecar | None:
        if not self._has_sidecars:
            return None
        slug = next(
            (slug for slug, path in self._paths(note.channel).items() if path == note.path),
            note.slug,
        )
        try:
            return self._vault.sidecar(note.channel, slug)
        except (VaultError, ValueError):
            return None

    def _from_library(self, note: NoteFile, sidecar: Sidecar | None) -> Heard:
        evidence = evidence_of_sidecar(sidecar) if sidecar else None
        length = sidecar.video.duration if sidecar else None
        if self._opened is None or not note.video_id:
            return Heard(length, None, evidence)
        try:
            video = self._opened.video(note.video_id, note.channel) or self._opened.video(
                note.video_id
            )
            if video is None:
                return Heard(length, None, evidence)
            evidence = evidence or self._kept_evidence(self._opened, video, note)
            track = (sidecar.transcript.language, sidecar.transcript.generated) if sidecar else ()
            transcript = self._opened.transcript(video, *track) or self._opened.transcript(video)
        except LibraryError as error:
            self.problems[str(self.library)] = error.happened
            return Heard(length, None, evidence)
        return Heard(video.duration if video.duration is not None else length, transcript, evidence)

    def _kept_evidence(self, library: Library, video: Video, note: NoteFile) -> Evidence | None:
        for kept in library.notes(video=video):
            if kept.slug == note.slug:
                return evidence_of_note(kept)
        return None
