"""The way through: fetch, outline, write, ground, link, render; for one video and for many."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.errors import (
    EmptyTranscript,
    GenerateError,
    NothingToWrite,
    UnexpectedError,
    UsageError,
)
from generator.fetcher.ids import parse_video_id
from generator.models import Fetched, Note, Video, statements_in
from generator.progress import Progress, Silent
from generator.renderer.slugs import channel_name
from generator.report import NoteReport, Report, SectionReport, VideoReport
from generator.sources import Source, VideoSource
from generator.text import clip

if TYPE_CHECKING:
    from generator.fetcher.http import Connection
    from generator.library import Library
    from generator.publisher import Published, Publisher
    from generator.settings import Settings
    from generator.summarizer.engine import Engine
    from generator.summarizer.grounding import Grounded


MAX_TITLE = 300
"""Characters of a title; YouTube takes 100."""


def generate(
    sources: Sequence[Source], settings: Settings, progress: Progress | None = None
) -> Report:
    """Writes the notes of all sources into the vault; one that fails does not stop the others.

    Raises UsageError for settings that cannot work, some of which (cookies) only show when they are
    used, LibraryError where the library cannot be used, and OutsideVault where a link leads to it
    out of the vault; all other errors are in the report.
    """
    from generator.fetcher.cassettes import cassette
    from generator.library import Library
    from generator.publisher import Publisher
    from generator.vault import Vault

    progress = progress or Silent()
    engine = make_engine(settings)
    progress.detail(f"engine: {engine.name}")
    connection_of(settings)
    library_path = settings.library or Vault(settings.output).library_path
    with cassette(settings.cassette), Library.open(library_path) as library:
        publisher = Publisher(settings, library)
        run = _Run(settings, engine, library, publisher, progress)
        works = run.without_twins([run.take(source) for source in sources])
        run.relink(works)
        return Report(engine.name, tuple(_report(work) for work in works))


def make_engine(settings: Settings) -> Engine:
    """The engine that the settings ask for. Raises UsageError where there is none such."""
    if settings.engine_name == "openai":
        chosen = "" if settings.engine == "openai" else ", chosen since a key or base URL is set,"
        raise UsageError(
            f"The openai engine{chosen} is not part of this version yet.",
            "Use --engine extractive, which needs no key.",
        )
    from generator.summarizer.extractive import ExtractiveEngine

    return ExtractiveEngine()


def connection_of(settings: Settings) -> Connection:
    """How YouTube is reached. Raises UsageError for a proxy that cannot be one."""
    from generator.fetcher.http import Connection

    def secret(name: str) -> str | None:
        value = getattr(settings, name)
        return value.get_secret_value() if value else None

    return Connection(
        proxy=secret("proxy"),
        webshare_username=secret("webshare_username"),
        webshare_password=secret("webshare_password"),
        cookies=settings.cookies,
        cookies_from_browser=settings.cookies_from_browser,
        timeout=settings.timeout,
        retries=settings.retries,
    )


def fetch(source: Source, settings: Settings, library: Library, progress: Progress) -> Fetched:
    """The source's video and transcript: from the library if it is there, else from outside.

    Raises FetchError.
    """
    if not isinstance(source, VideoSource):
        from generator.fetcher.subtitles import read_subtitles

        read = read_subtitles(
            source.path,
            video_id=source.video_id,
            title=source.title,
            channel=source.channel,
        )
        return replace(read, video=bounded(read.video))
    video_id = parse_video_id(source.id)
    kept = None if settings.refetch else fetch_kept(video_id, settings.language, library)
    if kept:
        return kept
    from generator.fetcher.youtube import fetch_video

    fetched = fetch_video(video_id, settings.language, connection_of(settings), progress.detail)
    known = library.video(video_id)
    video = bounded(fetched.video)
    return replace(fetched, video=completed(video, known) if known else video)


def bounded(video: Video) -> Video:
    """The video with no text in it longer than any that YouTube takes, by some margin."""
    return replace(
        video,
        title=clip(video.title, MAX_TITLE),
        chapters=tuple(
            replace(chapter, title=clip(chapter.title, MAX_TITLE)) for chapter in video.chapters
        ),
    )


def completed(video: Video, known: Video) -> Video:
    """The video with what is known of it from earlier where now less could be had."""
    untitled = video.title == video.id
    unnamed = video.channel == channel_name("")
    return replace(
        video,
        title=known.title if untitled else video.title,
        channel=known.channel if unnamed else video.channel,
        channel_id=video.channel_id or known.channel_id,
        duration=video.duration or known.duration,
        published=video.published or known.published,
        description=video.description or known.description,
        chapters=video.chapters or known.chapters,
        tags=video.tags or known.tags,
    )


def fetch_kept(video_id: str, languages: tuple[str, ...], library: Library) -> Fetched | None:
    """What the library holds of a video, if that is the transcript that would be fetched.

    What a file brought is not, unless the id was made for it: it has no channel id.
    """
    from generator.fetcher.tracks import choose_track, notice_of_language

    video = library.video(video_id)
    if video is None or (video.url and not video.channel_id):
        return None
    tracks = library.tracks(video)
    best = choose_track(tracks, languages)
    transcript = library.transcript(video, best.language, best.generated) if best else None
    if transcript is None:
        return None
    notices = notice_of_language(transcript, languages, tracks)
    return Fetched(video, transcript, tuple(tracks), notices)


def write(fetched: Fetched, engine: Engine, publisher: Publisher) -> list[Grounded]:
    """The notes of a video, grounded: outline, write, ground.

    Raises EngineError and EmptyTranscript; NothingToWrite where no statement can be cited.
    """
    from generator.summarizer.grounding import Grounding
    from generator.summarizer.lines import make_lines

    video, transcript = fetched.video, fetched.transcript
    if not transcript.cues:
        raise EmptyTranscript(video.id)
    lines = make_lines(transcript)
    topics = engine.outline(video, transcript, lines)
    drafts = [engine.write(video, transcript, lines, topic) for topic in topics]
    slugs = publisher.slugs_for(video, [draft.title for draft in drafts])
    grounding = Grounding(transcript, lines, video.duration)
    grounded = [
        grounding.ground(draft, video, slug) for draft, slug in zip(drafts, slugs, strict=True)
    ]
    kept = [each for each in grounded if statements_in(each.note)]
    if not kept:
        raise NothingToWrite(video.id, "no statement's words were found in its transcript")
    return kept


@dataclass(slots=True)
class _Work:
    """What has become so far of one source."""

    source: Source
    fetched: Fetched | None = None
    grounded: list[Grounded] = field(default_factory=list)
    published: dict[str, Published] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    error: GenerateError | None = None
    twin: bool = False


class _Run:
    """What the sources of one run share."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        library: Library,
        publisher: Publisher,
        progress: Progress,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._library = library
        self._publisher = publisher
        self._progress = progress
        self._seen: dict[tuple[str, str], _Work] = {}

    def take(self, source: Source) -> _Work:
        """One source all the way into the vault, or as far as it goes.

        Raises UsageError: what is wrong with the settings is so for every source.
        """
        work = _Work(source)
        try:
            self._take(work)
        except UsageError:
            raise
        except GenerateError as error:
            work.error = error
        except Exception as error:
            self._progress.detail(traceback.format_exc())
            work.error = UnexpectedError(error)
        return work

    def _take(self, work: _Work) -> None:
        name = work.source.name
        self._progress.step(f"{name}: fetching")
        work.fetched = fetch(work.source, self._settings, self._library, self._progress)
        video = work.fetched.video
        for notice in work.fetched.notices:
            self._notice(work, notice)
        first = self._seen.get((video.channel, video.id))
        if first and not first.error:
            work.twin = True
            self._notice(work, f"skipped, another transcript of {video.id} was taken")
            first.notices.append(f"{name} is {work.notices[-1]}")
            return
        self._seen[video.channel, video.id] = work
        self._library.save_fetched(work.fetched)

        transcript = work.fetched.transcript
        how = "generated" if transcript.generated else "hand-made"
        self._progress.step(
            f"{name}: writing notes from its {how} captions ({transcript.language})"
            f" with the {self._engine.name} engine"
        )
        work.grounded = write(work.fetched, self._engine, self._publisher)
        for each in work.grounded:
            for dropped in each.dropped:
                self._progress.detail(f"left out, {dropped.reason}: {dropped.statement.text}")
        self._library.save_notes(video, self._engine.name, [each.note for each in work.grounded])

        self._progress.step(f"{name}: publishing")
        work.published = self._publisher.publish(video)
        for published in work.published.values():
            if published.state == "kept":
                self._notice(work, _kept(published))

    def _notice(self, work: _Work, text: str) -> None:
        work.notices.append(text)
        self._progress.notice(f"{work.source.name}: {text}")

    def without_twins(self, works: list[_Work]) -> list[_Work]:
        """The works but those whose video another one brought already."""
        return [work for work in works if not work.twin]

    def relink(self, works: list[_Work]) -> None:
        """The channels' other notes and pages, which may now link to what is new.

        So may those of other channels: a link by a name that a second note has now is ambiguous.
        """
        written = {
            slug
            for work in works
            for slug, published in work.published.items()
            if published.state == "written"
        }
        channels = {channel for channel, _ in self._seen} | self._publisher.channels_with(written)
        for channel in sorted(channels):
            of_channel = [
                work
                for work in works
                if work.fetched and work.fetched.video.channel == channel and not work.error
            ]
            try:
                again, page = self._publisher.relink(channel)
            except GenerateError as error:
                for work in of_channel:
                    work.error = error
                if not of_channel:  # no video's failure, and no reason to hide it
                    self._progress.notice(error.message)
                continue
            for work in of_channel:
                for slug, published in work.published.items():
                    if slug in again and published.state == "unchanged":
                        work.published[slug] = again[slug]
            if page and page.state == "kept":
                self._progress.notice(_kept(page))


def _kept(published: Published) -> str:
    return f"{published.path} is left as it is: {published.reason}; --overwrite replaces it"


def _report(work: _Work) -> VideoReport:
    video = work.fetched.video if work.fetched else None
    states = [published.state for published in work.published.values()]
    return VideoReport(
        id=video.id if video else work.source.name,
        title=video.title if video else "",
        channel=video.channel if video else "",
        state="failed" if work.error else "written" if "written" in states else "unchanged",
        notes=() if work.error else tuple(_note(each, work.published) for each in work.grounded),
        notices=tuple(work.notices),
        error=work.error,
    )


def _note(grounded: Grounded, published: dict[str, Published]) -> NoteReport:
    note: Note = grounded.note
    statements = statements_in(note)
    return NoteReport(
        path=published[note.slug].path,
        title=note.title,
        slug=note.slug,
        state=published[note.slug].state,
        statements=len(statements),
        citations=sum(len(statement.citations) for statement in statements),
        dropped=len(grounded.dropped),
        sections=tuple(
            SectionReport(section.heading, section.start, section.end) for section in note.sections
        ),
    )
