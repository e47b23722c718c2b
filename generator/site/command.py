"""`generate site` from its options to what was built, told and served."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

import typer

from generator.errors import BaseUrlInvalid, LibraryUnusable
from generator.settings import Settings, load_settings
from generator.site.building import SiteOptions, build
from generator.site.telling import as_json, as_told, changes_told, notices_told
from generator.telling.ending import complain, object_text
from generator.telling.tables import print_told
from generator.text import clean, clip

LONGEST_TITLE = 200
NAMELESS = "Notes"
"""The title of a site whose vault has the name that all vaults have."""


def options_of(
    vault: Path | None,
    *,
    out: Path,
    base_url: str | None = None,
    title: str | None = None,
    library: Path | None = None,
    templates: Path | None = None,
    math: bool | None = None,
) -> SiteOptions:
    """The options of a build, what is not given from the settings.

    Raises UsageError, and LibraryUnusable for a library that was named and is not there."""
    given = {"output": vault, "library": library, "templates": templates, "math": math}
    settings = load_settings(given)
    if library is not None and not library.is_file():
        raise LibraryUnusable(library, "there is no such file")
    return SiteOptions(
        vault=settings.output,
        out=out,
        title=_title(title, settings),
        base_url=base_address(base_url) if base_url else "",
        math=settings.math,
        note_language=settings.note_language,
        templates=settings.templates,
        library=library or _library(settings),
    )


def base_address(given: str) -> str:
    """The address of a site's start page, with `/` at its end. Raises BaseUrlInvalid."""
    try:
        address = urlsplit(given.strip())
        host, port = address.hostname, address.port
    except ValueError as error:
        raise BaseUrlInvalid(given, str(error)) from None
    if address.scheme not in {"http", "https"}:
        raise BaseUrlInvalid(given, "it does not begin with https:// or http://")
    if not host:
        raise BaseUrlInvalid(given, "it names no host")
    if address.username or address.password:
        raise BaseUrlInvalid(given, "it holds a user's name or password, which all would see")
    if address.query or address.fragment:
        raise BaseUrlInvalid(given, "a “?” or “#” cannot be followed by the names of pages")
    if not given.strip().isprintable() or " " in given.strip():
        raise BaseUrlInvalid(given, "there are spaces in it")
    name = host if ":" not in host else f"[{host}]"
    try:
        name = name if ":" in host else name.encode("idna").decode()
    except UnicodeError:
        raise BaseUrlInvalid(given, "its host is no name of one") from None
    path = quote(address.path.rstrip("/"), safe="/-._~%:@!$&'()*+,;=") + "/"
    return f"{address.scheme}://{name}{f':{port}' if port else ''}{path}"


def run_site(options: SiteOptions, *, as_object: bool, quiet: bool, verbose: bool) -> None:
    """Builds a site and tells of it. Raises what `build` raises."""
    from generator.telling.progress import progress_on

    with progress_on(sys.stderr, quiet=quiet or as_object, verbose=verbose) as progress:
        built = build(options, progress.step)
    if as_object:
        typer.echo(object_text(as_json(built)))
        return
    complain(*notices_told(built))
    if not quiet:
        print_told(as_told(built), sys.stdout)


def serve_site(
    options: SiteOptions, port: int, *, as_object: bool, quiet: bool, verbose: bool
) -> None:
    """Builds a site, tells of it, and shows it on this machine until it is interrupted.

    Raises what `build` raises, and PortUnusable.
    """
    from generator.site.serving import Rebuilding, SiteServer, vault_looks

    look = partial(vault_looks, options.vault, options.out, options.library, options.templates)

    def build_again() -> None:
        built = build(options)
        complain(*notices_told(built), f"The notes have changed: {changes_told(built)}.")

    with SiteServer(options.out, port) as server:
        rebuilding = Rebuilding(build_again, look, complain)
        run_site(options, as_object=as_object, quiet=quiet, verbose=verbose)
        server.refresh = rebuilding.refresh
        complain(f"The site is at {server.address} until you press Ctrl-C.")
        with suppress(KeyboardInterrupt):
            server.serve_forever()


def _title(given: str | None, settings: Settings) -> str:
    usual = Settings.model_fields["output"].default
    folder = settings.output.resolve().name
    named = clip(clean(given or ""), LONGEST_TITLE)
    return named or (clean(folder) if folder != str(usual) else "") or NAMELESS


def _library(settings: Settings) -> Path | None:
    """The library's file, where there is one."""
    from generator.vault.files import OWN_FOLDER

    path = settings.library or settings.output / OWN_FOLDER / "library.db"
    try:
        return path if path.is_file() else None
    except OSError:
        return None
