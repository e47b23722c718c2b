"""A site built from a vault, from what is read to what is written.

read vault -> relate -> show -> write what changed -> search index
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator import __version__
from generator.errors import LibraryError, NoSuchFolder, SiteUnwritable
from generator.library.viewing import HeldVideo
from generator.site.assets import planned_assets
from generator.site.feeds import Feeds
from generator.site.graphs import Graphs
from generator.site.pages import About, Pages
from generator.site.places import SEARCH
from generator.site.reading import PageReader
from generator.site.relating import Wiki
from generator.site.rendering import Templates
from generator.site.state import FORMAT, State, digest_of
from generator.site.surveying import Survey, survey
from generator.site.transcripts import Transcripts
from generator.site.wiki import Kind, Notice
from generator.site.writing import Writer, check_folder, state_of

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """What a site is made of, and how. `library` is the library's file, None where there is none.

    `note_language` is the language that a model writes notes in, `same` for the talk's.
    """

    vault: Path
    out: Path
    title: str
    base_url: str = ""
    math: bool = False
    note_language: str = ""
    templates: Path | None = None
    library: Path | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. Paths in `written` and `removed` are relative to the site's root.

    `read` counts the files of the vault that had to be read, `searched` the pages that search
    finds. A site that is not `addressed` has nothing that needs the address it is found at.
    """

    out: Path
    notes: int
    videos: int
    channels: int
    read: int
    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    searched: int = 0
    addressed: bool = False
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Library:
    """What the library knows of the vault's videos; nothing where there is none."""

    path: Path | None = None
    held: Mapping[str, HeldVideo] = field(default_factory=dict)
    moved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def build(options: SiteOptions, progress: Progress = lambda _: None) -> Built:
    """Builds the site: all of it the first time, then what changed.

    Raises NoSuchFolder for a vault that is not there, a SiteError where the site's folder cannot be
    used, and TemplateError.
    """
    if not options.vault.is_dir():
        raise NoSuchFolder("vault", options.vault)
    check_folder(options.out, options.vault)
    templates = Templates(options.templates)
    with state_of(options.out) as state:
        return _build(options, templates, state, progress)


def _build(options: SiteOptions, templates: Templates, state: State, progress: Progress) -> Built:
    library = _look_into(options.library)
    found = _read(options, library, state, progress)
    progress(f"writing the pages of {len(found.pages):,} files")
    wiki = Wiki(found.pages, found.others, library.held)
    writer = Writer(options.out, state)
    _write(options, templates, state, library, wiki, writer)
    notices = (*library.notices, *found.notices, *writer.done.notices)
    search = _index(wiki, writer, options.out, progress)
    return Built(
        out=options.out,
        notes=sum(1 for page in found.pages if page.kind is Kind.NOTE),
        videos=len(wiki.videos),
        channels=len(wiki.channels),
        read=found.read,
        written=tuple(writer.done.written),
        unchanged=writer.done.unchanged,
        removed=tuple(writer.done.removed),
        searched=search,
        addressed=bool(options.base_url),
        notices=notices,
    )


def _read(options: SiteOptions, library: _Library, state: State, progress: Progress) -> Survey:
    """The pages of the vault."""
    reader = PageReader(
        root=options.vault,
        math=options.math,
        note_language=options.note_language,
        library=library.path,
        held=library.held,
        moved=library.moved,
    )
    try:
        return survey(
            state,
            reader,
            apart_from=options.out,
            made_with=digest_of(__version__, FORMAT, options.math, options.note_language)[:12],
            progress=lambda done, of: progress(f"reading the vault: {done:,} of {of:,} files"),
        )
    finally:
        reader.close()


def _write(
    options: SiteOptions,
    templates: Templates,
    state: State,
    library: _Library,
    wiki: Wiki,
    writer: Writer,
) -> None:
    """The files of the site, all but the search index."""
    about = About(options.title, base_url=options.base_url, math=options.math)
    graphs = Graphs(wiki)
    transcripts = Transcripts(
        tuple(wiki.pages.values()), wiki.places, state, library.path, library.held
    )
    pages = Pages(about, wiki, state, templates, graphs, transcripts)
    feeds = Feeds(wiki, pages, templates)
    try:
        writer.write(planned_assets(templates))
        for made in (transcripts, graphs, pages, feeds):
            writer.write(made.planned())
    finally:
        transcripts.close()
    writer.remove_others()


def _index(wiki: Wiki, writer: Writer, out: Path, progress: Progress) -> int:
    """Brings the search index up to date; gives how many pages it has."""
    from generator.site.search import Searchable, build_index

    searchable = []
    for page in wiki.pages.values():
        place = wiki.places.of(page.path)
        digest = writer.digest(place)
        if page.kind in {Kind.NOTE, Kind.TEXT} and digest:
            searchable.append(
                Searchable(place, page.title, page.aliases, page.channel, page.language, digest)
            )
    titles = {channel.name: channel.title for channel in wiki.channels}
    progress("indexing what can be searched")
    try:
        return build_index(out, searchable, titles).pages
    except OSError as error:
        raise SiteUnwritable(out / SEARCH, error.strerror or str(error)) from None


def _look_into(path: Path | None) -> _Library:
    """The library's videos; where it cannot be used, the site is made without it."""
    from generator.library.viewing import viewing

    if path is None:
        return _Library()
    try:
        with viewing(path) as view:
            return _Library(path, view.videos(), view.moved())
    except LibraryError as error:
        return _Library(notices=(Notice(str(path), error.happened),))
