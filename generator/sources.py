"""What a run is asked to write notes of: videos and lists on YouTube, local subtitle files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generator.errors import InvalidVideoId, UsageError
from generator.fetcher.ids import parse_video_id
from generator.listing.selection import EVERYTHING, Selection
from generator.text import clean


@dataclass(frozen=True, slots=True)
class VideoSource:
    """A video on YouTube. `id` is what was given, where that is no video's id."""

    id: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return clean(self.id)


@dataclass(frozen=True, slots=True)
class FileSource:
    """A local subtitle file, and whose it is as far as the user says."""

    path: Path
    video_id: str | None = None
    title: str | None = None
    channel: str | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return clean(self.path.name)


@dataclass(frozen=True, slots=True)
class ListSource:
    """The videos of a channel or of a playlist, as `given` by the user, as far as they are wanted.

    Given is an id, a handle or a URL.
    """

    kind: Literal["channel", "playlist"]
    given: str
    selection: Selection = EVERYTHING

    @property
    def name(self) -> str:
        """What messages call it."""
        return clean(self.given)


STDIN = "-"
"""The file of ids that is the standard input."""


@dataclass(frozen=True, slots=True)
class VideosFileSource:
    """The videos of a file of ids or URLs, one a line, as far as they are wanted."""

    path: Path
    selection: Selection = EVERYTHING

    @property
    def name(self) -> str:
        """What messages call it."""
        return clean(name_of_file(self.path))


def name_of_file(path: Path) -> str:
    """What messages call a file of ids."""
    return "the standard input" if str(path) == STDIN else str(path)


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A video that the library holds under a channel, to be written anew from there alone."""

    channel: str
    id: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return clean(self.id)


OneSource = VideoSource | FileSource | KeptSource
Source = OneSource | ListSource | VideosFileSource


def sources_of(
    videos: Sequence[str] = (),
    transcripts: Sequence[Path | str] = (),
    *,
    channels: Sequence[str] = (),
    playlists: Sequence[str] = (),
    videos_files: Sequence[Path | str] = (),
    selection: Selection = EVERYTHING,
    video_id: str | None = None,
    title: str | None = None,
    channel: str | None = None,
    may_be_none: bool = False,
) -> list[Source]:
    """What a run is asked for, in order, each once.

    That is videos, transcript files, channels, playlists and files of ids; `selection` is what of
    each channel, playlist and file of ids is wanted.

    `video_id`, `title` and `channel` say whose the files are.

    What is no video is kept as given, to fail by itself: it stops no other.

    Raises UsageError where nothing is asked for, where what is true of one file is said of several,
    and where there is nothing to select from.
    """
    if not any((videos, transcripts, channels, playlists, videos_files, may_be_none)):
        raise UsageError(
            "There is nothing to write notes of.",
            "Give --video ID, --channel @NAME, --playlist ID or --transcript FILE.",
        )
    lists = (*channels, *playlists, *videos_files)
    if selection.options and not lists and (videos or transcripts):
        raise UsageError(
            f"{' and '.join(selection.options)} would leave out videos of a list, and there is"
            " none: what --video and --transcript name is taken in any case.",
            "Leave it out, or give a list with --channel, --playlist or --videos FILE.",
        )
    if (video_id or title) and len(transcripts) != 1:
        raise UsageError(
            "--video-id and --title say whose a transcript is, so they go with one --transcript.",
            "Run once for each file.",
        )
    if channel and not transcripts:
        raise UsageError(
            "--channel-name says whose a transcript is, and there is no --transcript.",
            "Leave it out: the channel of a video is YouTube's to say.",
        )
    sources: list[Source] = [VideoSource(_id_or_given(video)) for video in videos]
    try:
        checked = parse_video_id(video_id) if video_id else None
    except InvalidVideoId as error:
        raise UsageError(error.happened, error.remedy) from None
    sources += [FileSource(Path(path), checked, title, channel) for path in transcripts]
    sources += [ListSource("channel", given, selection) for given in channels]
    sources += [ListSource("playlist", given, selection) for given in playlists]
    sources += [VideosFileSource(Path(path), selection) for path in videos_files]
    return list(dict.fromkeys(sources))


def _id_or_given(video: str) -> str:
    try:
        return parse_video_id(video)
    except InvalidVideoId:
        return video
