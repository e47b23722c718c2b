"""Transcripts in a folder, in files that are named by the ids of their videos."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.checker.heard import Spoken
from generator.checker.index import worded
from generator.errors import GenerateError

MOST_BYTES = 64 * 1024 * 1024
"""A larger file is no transcript that anybody made of one video."""

MOST_KEPT = 6
"""How many videos' transcripts are kept while their notes are checked, one video after another."""

_NAMED = re.compile(r"([0-9A-Za-z_-]{11})(?=\.)")
_IN_BRACKETS = re.compile(r"\[([0-9A-Za-z_-]{11})\]")
_READ = (".vtt", ".webvtt", ".srt", ".json", ".json3", ".txt")

ByVideo = Mapping[str, Sequence[str]]
"""The paths of transcript files by their videos' ids."""


@dataclass(frozen=True, slots=True)
class _File:
    """What a file holds, and its words."""

    spoken: Spoken
    words: frozenset[str]


def find_transcripts(folder: Path) -> dict[str, list[str]]:
    """The subtitle files in a folder and those below it, by the ids in their names."""
    found: dict[str, list[str]] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(_READ):
                named = _NAMED.match(name)
                ids = {*_IN_BRACKETS.findall(name), *([named[1]] if named else [])}
                for video_id in ids:
                    found.setdefault(video_id, []).append(str(Path(place, name)))
    return found


class Transcripts:
    """Reads the transcripts of the videos that are asked for; those last read are kept."""

    def __init__(self, by_video: ByVideo) -> None:
        self._by_video = by_video
        self._kept: OrderedDict[str, list[_File]] = OrderedDict()
        self.problems: dict[str, str] = {}

    def spoken(self, video_id: str, text: str) -> Spoken | None:
        """The transcript of a video that a note with this text was most likely made from.

        Of several it is the one with the most of the note's words, which is that in its language;
        of such that are alike, one that was made by hand. `problems` has, by their paths, why
        files could not be read.
        """
        found = self._read(video_id)
        if not found:
            return None
        words = _words(text) if len(found) > 1 else frozenset()
        most = max(
            found, key=lambda of: (len(words & of.words), not of.spoken.transcript.generated)
        )
        return most.spoken

    def _read(self, video_id: str) -> list[_File]:
        if video_id not in self._kept:
            paths = self._by_video.get(video_id, ())
            read = [self._file(Path(path), video_id) for path in paths]
            self._kept[video_id] = [file for file in read if file is not None]
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return self._kept[video_id]

    def _file(self, path: Path, video_id: str) -> _File | None:
        from generator.fetcher.subtitles import read_subtitles

        try:
            if path.stat().st_size > MOST_BYTES:
                self.problems[str(path)] = "it is too large for a transcript"
                return None
            fetched = read_subtitles(path, video_id=video_id)
        except GenerateError as error:
            self.problems[str(path)] = error.happened
            return None
        except (OSError, ValueError, RecursionError) as error:
            self.problems[str(path)] = str(error)
            return None
        text = " ".join(cue.text for cue in fetched.transcript.cues)
        return _File(Spoken(fetched.transcript, fetched.video.duration), _words(text))


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in worded(text).split() if len(word) > 2)
