"""A site built from a vault, from what is read to what is written.

read vault -> relate -> show -> write what changed -> search index
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator import __version__
from generator.errors import LibraryError, NoSuchFolder
from generator.library.viewing import HeldVideo
from generator.site.assets import planned_assets
from generator.site.pages import About, Pages
from generator.site.reading import PageReader
from generator.site.relating import Wiki
from generator.site.rendering import Templates
from generator.site.state import State, digest_of
from generator.site.surveying import survey
from generator.site.wiki import Kind, Notice
from generator.site.writing import Writer, check_folder, state_of

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """What a site is made of, and how.

    `library` is the library's file if there is one; it has to be there if it was `named`.
    """

    vault: Path
    out: Path
    title: str
    base_url: str = ""
    math: bool = False
    templates: Path | None = None
    library: Path | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. Paths in `written` and `removed` are relative to the site's root."""

    out: Path
    notes: int
    videos: int
    channels: int
    read: int
    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
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
    reader = PageReader(options.vault, options.math, library.path, library.held, library.moved)
    try:
        found = survey(
            state,
            reader,
            apart_from=options.out,
            made_with=digest_of(__version__, options.math)[:12],
            progress=lambda done, of: progress(f"read {done:,} of {of:,} files"),
        )
    finally:
        reader.close()
    wiki = Wiki(found.pages, found.others, library.held)
    about = About(title=options.title, base_url=options.base_url, math=options.math, search=False)
    pages = Pages(about, wiki, state, templates)
    writer = Writer(options.out, state)
    writer.write(planned_assets(templates))
    writer.write(pages.planned())
    writer.remove_others()
    done = writer.done
    return Built(
        out=options.out,
        notes=sum(1 for page in found.pages if page.kind is Kind.NOTE),
        videos=len(wiki.videos),
        channels=len(wiki.channels),
        read=found.read,
        written=tuple(done.written),
        unchanged=done.unchanged,
        removed=tuple(done.removed),
        notices=(*library.notices, *found.notices, *done.notices),
    )


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
