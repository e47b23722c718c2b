"""A site built from a vault, from what is read to what is written.

read what changed -> relate -> write what that touches -> search index

What comes after the reading is in `renewing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import __version__
from generator.errors import NoSuchFolder, SearchProgramMissing
from generator.site.changes import Changes
from generator.site.database import FORMAT
from generator.site.digests import digest_of
from generator.site.heard import Heard, heard_of
from generator.site.places import SEARCH
from generator.site.processes import seldom_collected
from generator.site.rendering import Masthead, Templates
from generator.site.source import Source
from generator.site.standing import Counts, Standing, remember, standing
from generator.site.state import State
from generator.site.surveying import Survey, survey
from generator.site.wiki import Notice
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
    with seldom_collected(), state_of(options.out) as state:
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
    # What makes pages is not even imported where there are none to make.
    from generator.site.making import SiteParts
    from generator.site.renewing import Renewing

    site = SiteParts(about, state.path, options.templates, heard.path, heard.held)
    changes = Changes(before.common if before else "", found.before, found.led, heard.changed)
    renewing = Renewing(site, state, templates, writer, progress)
    common = renewing.write(found.others, changes)
    counts = renewing.index(options.out)
    if not writer.done.notices:
        remember(state, Standing(made_of, common, counts))
    return _built(options, counts, found.read, writer.done, notices + writer.done.notices)


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
