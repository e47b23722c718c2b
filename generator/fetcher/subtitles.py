"""Transcripts out of local files: WebVTT, SubRip and JSON, from whatever program wrote them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from generator.errors import InvalidVideoId, SubtitleUnreadable, shorten
from generator.fetcher.cuefiles import has_timings, read_cue_file
from generator.fetcher.cues import mend
from generator.fetcher.filenames import FileName, read_file_name
from generator.fetcher.ids import address_of, made_id, parse_video_id
from generator.fetcher.jsonfiles import About, read_json_file
from generator.fetcher.languages import language_tag
from generator.fetcher.loops import without_loops
from generator.fetcher.rolling import ReadCue, fold
from generator.fetcher.textfiles import read_text
from generator.models import Fetched, Track, Transcript, Video
from generator.text import clean

_LIKE_JSON = re.compile(r"[{\[]\s*[\"{\[\]}]")


def read_subtitles(
    path: Path,
    *,
    video_id: str | None = None,
    title: str | None = None,
    channel: str | None = None,
    language: str | None = None,
) -> Fetched:
    """The video and the transcript that a .vtt, .srt or .json file holds.

    What is not given comes from the file, then from its name as yt-dlp writes it, and at last the
    channel is `local`, the language `und`, and the id one made of channel and name. `video_id` may
    be any form of YouTube URL. Times are in seconds; transcribers' loops are kept once (see
    without_loops). What had to be mended, and the loops, are in the notices.

    Raises SubtitleUnreadable for what is no such file, SubtitleRefused for cues that cannot be
    right, EmptyTranscript for one without words, InvalidVideoId for a `video_id` that is none.
    """
    given_id = parse_video_id(video_id) if video_id is not None else ""
    name = read_file_name(path)
    text = read_text(path, language_tag(language or "") or name.language)
    document = _parse(text.content, path)
    folded = fold(document.cues)
    generated = document.about.generated or name.generated or folded.rolling or folded.timed
    mended = mend(folded.cues, path, generated=generated)
    cues, loops = without_loops(mended.cues)
    wanted = language_tag(language or "")
    tag = wanted or language_tag(document.about.language) or name.language
    unknown: tuple[str, ...] = ()
    if language and not wanted:
        unknown = (
            f"“{shorten(language, 40)}” is no language tag such as en or pt-BR; the file's own was"
            f" taken: {tag}.",
        )
    end = round(max(cue.end for cue in mended.cues), 3)
    video = _video(document.about, name, given_id, title, channel, end)
    return Fetched(
        video,
        Transcript(video.id, tag, generated, cues),
        (Track(tag, tag, generated),),
        (*unknown, *text.notices, *document.notices, *mended.notices, *loops),
    )


def read_transcript(
    path: Path | str, *, video_id: str | None = None, language: str | None = None
) -> Transcript:
    """The transcript in a .vtt, .srt or .json file, cleaned and mended; times in seconds.

    Without `video_id` and `language` they are taken from the file and its name. Raises the errors
    of `read_subtitles`.
    """
    return read_subtitles(Path(path), video_id=video_id, language=language).transcript


@dataclass(frozen=True, slots=True)
class _Document:
    """A file's cues as they stand there, what it says of its video, and what was left out."""

    cues: tuple[ReadCue, ...]
    about: About
    notices: tuple[str, ...]


def _parse(text: str, path: Path) -> _Document:
    """Takes the format from the content; the file's extension only decides where that does not."""
    suffix = path.suffix.lower()
    start = text.lstrip("\ufeff\n\r \t")
    if start.startswith("WEBVTT"):
        webvtt = True
    elif (suffix.startswith(".json") and start.startswith(("{", "["))) or (
        _LIKE_JSON.match(start) and not has_timings(text)
    ):
        file = read_json_file(text, path)
        return _Document(file.cues, file.about, file.notices)
    elif has_timings(text):
        webvtt = suffix in {".vtt", ".webvtt"}
    else:
        known = suffix in {".vtt", ".webvtt", ".srt"}
        is_none = "it is neither WebVTT nor SubRip nor JSON"
        raise SubtitleUnreadable(path, "there are no cues with times in it" if known else is_none)
    found = read_cue_file(text, path, webvtt=webvtt)
    return _Document(found.cues, About(language=found.header.get("language", "")), found.notices)


def _video(
    about: About,
    name: FileName,
    given_id: str,
    title: str | None,
    channel: str | None,
    end: float,
) -> Video:
    from generator.renderer.slugs import channel_name

    folder = channel_name(clean(channel or "") or about.channel or "local")
    video_id = given_id or _own_id(about) or name.video_id or made_id(folder, name.name)
    return Video(
        id=video_id,
        title=clean(title or "") or about.title or name.title or video_id,
        channel=folder,
        url=address_of(video_id),
        duration=about.duration or end,
        published=about.published,
        description=about.description,
        chapters=about.chapters,
        tags=about.tags,
    )


def _own_id(about: About) -> str:
    """The id that a file gives itself, where it is one."""
    for given in (about.video_id, about.url):
        try:
            return parse_video_id(given)
        except InvalidVideoId:
            continue
    return ""
