"""A site built from a vault, from what is read to what is written.

read what changed -> relate -> show -> write what changed -> search index
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from generator import __version__
from generator.errors import NoSuchFolder, SearchError, SearchProgramMissing, SiteUnwritable
from generator.site.assets import planned_assets
from generator.site.database import FORMAT
from generator.site.digests import digest_of
from generator.site.feeds import Feeds
from generator.site.files import Planned, made_here
from generator.site.heard import Heard, heard_of
from generator.site.listpages import ListPages
from generator.site.making import SiteParts, making
from generator.site.pages import Pages
from generator.site.pieces import Masthead, Pieces
from generator.site.places import SEARCH
from generator.site.processes import WORTH_A_PROCESS, spread
from generator.site.reading import Source
from generator.site.relating import Wiki
from generator.site.rendering import Templates
from generator.site.settling import Changes, settle
from generator.site.standing import Counts, Standing, remember, standing
from generator.site.state import State
from generator.site.surveying import Survey, survey
from generator.site.touching import EVERYTHING, Touched, touched_by
from generator.site.wiki import Kind, Notice
from generator.site.writing import Writer, Written, check_folder, state_of

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
    before = standing(state)
    heard = heard_of(options.library, state)
    found = _read(options, heard, state, progress)
    notices = [*heard.notices, *found.notices]
    can_search = _can_search(options.out, notices)
    about = Masthead(options.title, base_url=options.base_url, math=options.math, search=can_search)
    made_of = digest_of(__version__, templates.digest, about, found.others)
    writer = Writer(options.out, state)
    same = before and before.made_of == made_of and not found.before and not heard.changed
    if before and same and writer.is_as_left() and _index_stands(options.out, before.counts):
        done = Written(unchanged=writer.known)
        return _built(options, before.counts, found.read, done, notices)
    progress("looking which pages changed, and writing them")
    changes = Changes(before is None, found.before, found.led)
    settle(state, found.others, changes)
    wiki = Wiki(state, heard.held)
    site = SiteParts(about, state.path, options.templates, heard.path, heard.held)
    with site.pieces(wiki, state, templates) as pieces:
        touched = _touched(before, changes, heard, pieces, state)
        _write(site, touched, pieces, writer)
        common = pieces.common
    hindered = list(writer.done.notices)
    searched = 0
    if can_search:
        progress("indexing what can be searched")
        searched = _index(wiki, writer, options.out, hindered)
    counts = Counts(
        notes=sum(1 for page in wiki.pages.values() if page.kind is Kind.NOTE),
        videos=len(wiki.videos),
        channels=len(wiki.channels),
        searched=searched,
    )
    if not hindered:
        remember(state, Standing(made_of, common, counts))
    return _built(options, counts, found.read, writer.done, notices + hindered)


def _touched(
    before: Standing | None, changes: Changes, heard: Heard, pieces: Pieces, state: State
) -> Touched:
    """What has to be looked at; all of it where what all pages are made of has changed."""
    known, now = state.videos(), pieces.seen_videos
    told = {key: now.get(key, "") for key in known.keys() | now.keys()}
    told = {key: digest for key, digest in told.items() if known.get(key) != digest}
    with state.transaction():
        state.unmark()
        state.keep_videos(told)
    if before is None or before.common != pieces.common:
        return EVERYTHING
    return touched_by(changes, heard.changed, told.keys(), pieces, state)


def _built(
    options: SiteOptions, counts: Counts, read: int, done: Written, notices: Sequence[Notice]
) -> Built:
    return Built(
        out=options.out,
        notes=counts.notes,
        videos=counts.videos,
        channels=counts.channels,
        read=read,
        written=tuple(done.written),
        unchanged=done.unchanged,
        removed=tuple(done.removed),
        searched=counts.searched,
        addressed=bool(options.base_url),
        notices=tuple(notices),
    )


def _read(options: SiteOptions, heard: Heard, state: State, progress: Progress) -> Survey:
    """Brings up to date what is kept of the vault."""
    source = Source(
        root=options.vault,
        math=options.math,
        note_language=options.note_language,
        library=heard.path,
        held=heard.held,
        moved=heard.moved,
    )
    return survey(
        state,
        source,
        apart_from=options.out,
        made_with=digest_of(__version__, FORMAT, options.math, options.note_language)[:12],
        progress=lambda done, of: progress(f"reading the vault: {done:,} of {of:,} files"),
    )


def _write(site: SiteParts, touched: Touched, pieces: Pieces, writer: Writer) -> None:
    """The files of the site, all but the search index."""
    writer.write(planned_assets(pieces.templates))
    writer.write(pieces.transcripts.planned(touched))
    writer.write(pieces.graphs.planned(touched))
    writer.write(Pages(pieces).of_files(touched), partial(_made, site))
    writer.write(ListPages(pieces).planned())
    writer.write(Feeds(pieces).planned(touched))
    writer.remove_others()


def _made(site: SiteParts, planned: Sequence[Planned]) -> Iterator[bytes]:
    """Pages of files: a few are made here, many in several processes."""
    if len(planned) < WORTH_A_PROCESS:
        return made_here(planned)
    return spread(partial(making, site), [each.source for each in planned])


def _index(wiki: Wiki, writer: Writer, out: Path, notices: list[Notice]) -> int:
    """Brings the search index up to date; gives how many pages it has.

    Where that cannot be done, the pages are as good as they are, and it is told.
    """
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
    try:
        return build_index(out, searchable, titles).pages
    except SearchError as error:
        notices.append(Notice(SEARCH, error.message))
        return 0
    except OSError as error:
        raise SiteUnwritable(out / SEARCH, error.strerror or str(error)) from None


def _index_stands(out: Path, before: Counts) -> bool:
    """Whether the search index is as the last build left it."""
    from generator.site.search import index_stands

    return index_stands(out, before.searched)


def _can_search(out: Path, notices: list[Notice]) -> bool:
    """Whether the program is there that makes the search index; else an index that is old goes."""
    from generator.site.pagefind import program
    from generator.site.search import remove_index

    try:
        program()
    except SearchProgramMissing as error:
        notices.append(Notice(SEARCH, error.message))
        remove_index(out)
        return False
    return True
