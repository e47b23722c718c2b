"""The `generate` command: reads options, calls the library's functions, sets the exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from generator import __version__, options
from generator.checker import options as checker
from generator.errors import GenerateError, RunStopped, UnexpectedError, UsageError
from generator.text import printable

if TYPE_CHECKING:
    from generator.report import Failure, Report

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


class _Commands(TyperGroup):
    """Says what to do with a video that was given as if it were a command."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As the base class; what is no command ends in a sentence."""
        if self.get_command(ctx, args[0]) is None:
            commands = ", ".join(self.list_commands(ctx))
            ctx.fail(
                f"“{printable(args[0])}” is none of the commands: {commands}. A video is given as"
                " --video ID, a channel as --channel NAME."
            )
        return super().resolve_command(ctx, args)


app = typer.Typer(cls=_Commands, rich_markup_mode=None, pretty_exceptions_enable=False)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"generate {__version__}")
        raise typer.Exit


@app.callback(
    invoke_without_command=True,
    help="Turn YouTube videos into cited wiki notes: every statement opens the video where it was"
    " said.",
    epilog="Example: generate --channel @bonus_professor --limit 50 --language ru,en",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def generate(
    context: typer.Context,
    video: options.Video = None,
    channel: options.Channel = None,
    playlist: options.Playlist = None,
    videos: options.Videos = None,
    transcript: options.Transcript = None,
    video_id: options.VideoId = None,
    title: options.Title = None,
    channel_name: options.ChannelName = None,
    limit: options.Limit = None,
    since: options.Since = None,
    until: options.Until = None,
    sort: options.Sort = None,
    min_duration: options.MinDuration = None,
    max_duration: options.MaxDuration = None,
    match: options.Match = None,
    with_shorts: options.WithShorts = False,
    exclude: options.Exclude = None,
    regenerate: options.Regenerate = False,
    retry_failed: options.RetryFailed = False,
    dry_run: options.DryRun = False,
    force: options.Force = False,
    prompt: options.Prompt = None,
    diff: options.Diff = False,
    yes: options.Yes = False,
    output: options.Output = None,
    library: options.Library = None,
    templates: options.Templates = None,
    engine: options.Engine = None,
    language: options.Language = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    topics: options.Topics = None,
    note_language: options.NoteLanguage = None,
    prompts: options.Prompts = None,
    verify: options.Verify = None,
    jobs: options.Jobs = None,
    context_tokens: options.ContextTokens = None,
    max_tokens_total: options.MaxTokensTotal = None,
    confirm_above: options.ConfirmAbove = None,
    price_in: options.PriceIn = None,
    price_out: options.PriceOut = None,
    front_matter: options.FrontMatter = None,
    timestamp_links: options.TimestampLinks = None,
    math: options.Math = None,
    overwrite: options.Overwrite = None,
    refetch: options.Refetch = None,
    offline: options.Offline = None,
    fetch_interval: options.FetchInterval = None,
    cassette: options.Cassette = None,
    proxy: options.Proxy = None,
    cookies: options.Cookies = None,
    cookies_from_browser: options.CookiesFromBrowser = None,
    json_: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    show_settings: options.ShowSettings = False,
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
    sources = map(context.get_parameter_source, context.params)
    given = any(source and source.name == "COMMANDLINE" for source in sources)
    if context.invoked_subcommand:
        if given:
            context.fail("Options stand after the command, not before it.")
        return
    if not given:
        typer.echo(context.get_help())
        return
    failures: list[Failure] = []
    with _errors_told(json_, verbose):
        if show_settings:
            told = _settings_told(context.params, json_=json_)
        else:
            report = _run(context.params, quiet=quiet or json_, verbose=verbose)
            told = _report_told(report, json_=json_, quiet=quiet)
            failures = [failed.error for failed in report.failed if failed.error]
    if told:
        typer.echo(told)
    for failure in dict.fromkeys(failed.message for failed in failures if not json_):
        _complain(f"failed: {failure}")
    if failures:
        stopped = any(failed.cause == RunStopped.cause for failed in failures)
        raise typer.Exit(INTERRUPTED if stopped else FAILED)


@app.command(help="Find what is wrong in a vault of such notes, and mend what has one answer.")
def check(
    vault: checker.Vault = None,
    transcripts: checker.Transcripts = None,
    library: options.Library = None,
    fix: checker.Fix = False,
    diff: checker.Diff = False,
    dry_run: checker.DryRun = False,
    format_: checker.Format = "table",
    select: checker.Select = None,
    ignore: checker.Ignore = None,
    verbose: options.Verbose = False,
) -> None:
    """Find what is wrong in a vault; exit code 1 says that there are errors."""
    from generator.checker.command import run_check

    with _errors_told(json_=False, verbose=verbose):
        told, failed = run_check(
            vault,
            transcripts=transcripts,
            library=library,
            fix=fix,
            diff=diff,
            dry_run=dry_run,
            format_=format_,
            select=select or (),
            ignore=ignore or (),
            verbose=verbose,
        )
    if told:
        typer.echo(told)
    if failed:
        raise typer.Exit(FAILED)


def _run(given: Mapping[str, Any], *, quiet: bool, verbose: bool) -> Report:
    from generator.pipeline import generate as run
    from generator.progress import progress_on
    from generator.settings import load_settings
    from generator.task import task_of

    task = task_of(given)
    settings = load_settings(_settings_in(given))
    with progress_on(sys.stderr, quiet=quiet, verbose=verbose) as progress:
        return run(task, settings, progress)


def _settings_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the options that are settings."""
    from generator.settings import Settings

    return {name: value for name, value in given.items() if name in Settings.model_fields}


def _report_told(report: Report, *, json_: bool, quiet: bool) -> str:
    from generator.telling.objects import as_json
    from generator.telling.summary import as_lines

    if json_:
        return _as_json(as_json(report))
    return "" if quiet else "\n".join(as_lines(report))


def _settings_told(given: Mapping[str, Any], *, json_: bool) -> str:
    from generator.settings import explain_settings

    origins = explain_settings(_settings_in(given))
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
