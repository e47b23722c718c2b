"""The `generate` command: reads options, calls the library's functions, sets the exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from generator import __version__
from generator.errors import GenerateError, RunStopped, UnexpectedError, UsageError

if TYPE_CHECKING:
    from generator.report import Report

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"generate {__version__}")
        raise typer.Exit


@app.command(
    help="Turn YouTube videos into cited wiki notes: every statement opens the video where it was"
    " said.",
    epilog="Example: generate --video https://youtu.be/rP2kEF3Mj-o --language ru,en",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def generate(
    context: typer.Context,
    video: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A YouTube video: id or any URL. Repeatable."),
    ] = None,
    transcript: Annotated[
        list[Path] | None,
        # One that cannot be read is that file's failure: it stops no other.
        typer.Option(
            metavar="FILE", help="A subtitle file: .vtt, .srt, .json. Repeatable.", readable=False
        ),
    ] = None,
    video_id: Annotated[
        str | None, typer.Option(metavar="ID", help="The video that --transcript is of.")
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The title of that video.")
    ] = None,
    channel_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The channel of that video.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="The vault [output]."),
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The library [VAULT/.generator/library.db]."),
    ] = None,
    templates: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of your own templates.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="auto, extractive or openai; auto is openai when a key or base URL is set.",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="LIST",
            help="Transcript languages, preferred first (ru,en) [the video's own].",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="The model that openai asks.")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The model server (http://localhost:11434/v1)."),
    ] = None,
    topics: Annotated[
        int | None, typer.Option(metavar="N", help="The most notes a video gets [5].")
    ] = None,
    note_language: Annotated[
        str | None,
        typer.Option(metavar="TAG", help="Language of notes [en]; same: the talk's own."),
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of your own prompts.")
    ] = None,
    verify: Annotated[
        bool | None,
        typer.Option("--verify", help="Have the model check each statement against its lines."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Requests to the model at once [4].")
    ] = None,
    context_tokens: Annotated[
        int | None, typer.Option(metavar="N", help="Tokens that the model takes in all [32000].")
    ] = None,
    max_tokens_total: Annotated[
        int | None, typer.Option(metavar="N", help="Tokens after which a run asks no more.")
    ] = None,
    front_matter: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Also write these: url,channel,published,aliases,tags."),
    ] = None,
    timestamp_links: Annotated[
        bool | None,
        typer.Option(
            "--timestamp-links/--no-timestamp-links",
            help="Make each timestamp a link to the video.",
        ),
    ] = None,
    math: Annotated[
        bool | None,
        typer.Option("--math/--no-math", help="Take $…$ as a formula."),
    ] = None,
    overwrite: Annotated[
        bool | None,
        typer.Option("--overwrite", help="Replace notes edited by hand."),
    ] = None,
    refetch: Annotated[
        bool | None,
        typer.Option("--refetch", help="Ask YouTube again for what is kept."),
    ] = None,
    cassette: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Replay all HTTP from this file; record it if new."),
    ] = None,
    proxy: Annotated[
        str | None, typer.Option(metavar="URL", help="Proxy for YouTube: URL.")
    ] = None,
    cookies: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="cookies.txt of a YouTube account."),
    ] = None,
    cookies_from_browser: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Browser to read such cookies from."),
    ] = None,
    json_: Annotated[
        bool,
        typer.Option("--json", help="Print one JSON object, nothing else."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every detail.")] = False,
    show_settings: Annotated[
        bool,
        typer.Option("--show-settings", help="Print each setting and its source."),
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Turn YouTube videos into cited wiki notes."""
    options = {
        "output": output,
        "library": library,
        "templates": templates,
        "engine": engine,
        "language": language,
        "model": model,
        "base_url": base_url,
        "topics": topics,
        "note_language": note_language,
        "prompts": prompts,
        "verify": verify,
        "jobs": jobs,
        "context_tokens": context_tokens,
        "max_tokens_total": max_tokens_total,
        "front_matter": front_matter,
        "timestamp_links": timestamp_links,
        "math": math,
        "overwrite": overwrite,
        "refetch": refetch,
        "cassette": cassette,
        "proxy": proxy,
        "cookies": cookies,
        "cookies_from_browser": cookies_from_browser,
    }
    sources = {
        "videos": video or [],
        "transcripts": transcript or [],
        "video_id": video_id,
        "title": title,
        "channel": channel_name,
    }
    if not any((*sources.values(), *options.values(), json_, quiet, verbose, show_settings)):
        typer.echo(context.get_help())
        return
    failures: list[GenerateError] = []
    with _errors_told(json_, verbose):
        if show_settings:
            told = _settings_told(options, json_=json_)
        else:
            report = _run(options, sources, quiet=quiet or json_, verbose=verbose)
            told = _report_told(report, json_=json_, quiet=quiet)
            failures = [failed.error for failed in report.failed if failed.error]
    if told:
        typer.echo(told)
    for failure in dict.fromkeys(failed.message for failed in failures if not json_):
        _complain(f"failed: {failure}")
    if failures:
        stopped = any(isinstance(failed, RunStopped) for failed in failures)
        raise typer.Exit(INTERRUPTED if stopped else FAILED)


def _run(options: dict[str, Any], sources: dict[str, Any], *, quiet: bool, verbose: bool) -> Report:
    from generator.pipeline import generate as run
    from generator.progress import progress_on
    from generator.settings import load_settings
    from generator.sources import sources_of

    asked = sources_of(**sources)
    settings = load_settings(options)
    with progress_on(sys.stderr, quiet=quiet, verbose=verbose) as progress:
        return run(asked, settings, progress)


def _report_told(report: Report, *, json_: bool, quiet: bool) -> str:
    from generator.report import as_json, as_lines

    if json_:
        return _as_json(as_json(report))
    return "" if quiet else "\n".join(as_lines(report))


def _settings_told(options: dict[str, Any], *, json_: bool) -> str:
    from generator.settings import explain_settings

    origins = explain_settings(options)
    if json_:
        return _as_json({o.name: {"value": o.value, "source": o.source} for o in origins})
    names = max(len(origin.name) for origin in origins)
    values = max(len(origin.value) for origin in origins)
    return "\n".join(f"{o.name:{names}}  {o.value:{values}}  {o.source}" for o in origins)


def _as_json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=2)


@contextmanager
def _errors_told(json_: bool, verbose: bool) -> Iterator[None]:
    """Ends the program with a sentence and an exit code where it would end with a traceback."""
    try:
        yield
    except GenerateError as error:
        _fail(error, WRONG_USAGE if isinstance(error, UsageError) else FAILED, json_)
    except KeyboardInterrupt:
        _complain("Interrupted; what was fetched and written is kept.")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if verbose:
            raise
        _fail(UnexpectedError(error), FAILED, json_)


def _fail(error: GenerateError, code: int, json_: bool) -> NoReturn:
    if json_:
        with suppress(OSError):
            typer.echo(_as_json({"videos": [], "error": error.message, "cause": error.cause}))
    _complain(f"error: {error.message}")
    raise typer.Exit(code)


def _complain(text: str) -> None:
    """Prints on stderr, if anybody listens: the exit code says as much."""
    with suppress(OSError):
        typer.echo(text, err=True)


def main() -> None:
    """The entry point of the `generate` command."""
    try:
        app(prog_name="generate")
    except OSError as error:  # what was to be printed; all else has ended in a sentence before
        sys.exit(f"error: the output cannot be printed: {error.strerror or error}")
