"""The `generate` command: reads options, calls the library's functions, sets the exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from generator import __version__, options
from generator.batchapi import command as batches
from generator.checker import options as checker
from generator.site import options as of_site
from generator.telling.ending import (
    FAILED,
    complain,
    drop_unprinted,
    errors_told,
    exit_code,
    object_text,
    tell_plan,
    tell_report,
)
from generator.telling.tables import print_told
from generator.text import printable

if TYPE_CHECKING:
    from generator.pipeline import Confirm
    from generator.planning.plan import Plan
    from generator.telling.progress import Progress
    from generator.telling.report import Report
    from generator.vault.diffs import Diff


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
app.add_typer(batches.app, name="batch")


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
    requests_per_minute: options.RequestsPerMinute = None,
    tokens_per_minute: options.TokensPerMinute = None,
    dask: options.Dask = None,
    context_tokens: options.ContextTokens = None,
    max_tokens_total: options.MaxTokensTotal = None,
    confirm_above: options.ConfirmAbove = None,
    price_in: options.PriceIn = None,
    price_out: options.PriceOut = None,
    batch: options.Batch = None,
    wait: options.Wait = None,
    finish_live: options.FinishLive = None,
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
    if show_settings:
        with errors_told(as_object=json_, verbose=verbose):
            told = _settings_told(context.params, as_object=json_)
        typer.echo(told)
        return
    if dry_run:
        with errors_told(as_object=json_, verbose=verbose):
            found = _plan(context.params, quiet=quiet or json_, verbose=verbose)
        tell_plan(found, as_object=json_, verbose=verbose)
        return
    with errors_told(as_object=json_, verbose=verbose):
        report, diffs = _run(context.params, quiet=quiet or json_, verbose=verbose)
    tell_report(report, as_object=json_, quiet=quiet, verbose=verbose, diffs=diffs)
    if code := exit_code(report):
        raise typer.Exit(code)


@app.command(help="Tell how far the vault is: videos, notes, lists, failures, tokens spent.")
def status(
    output: options.Output = None,
    library: options.Library = None,
    price_in: options.PriceIn = None,
    price_out: options.PriceOut = None,
    json_: options.Json = False,
) -> None:
    """Tell how far the vault is."""
    with errors_told(as_object=json_):
        from generator.settings import load_settings
        from generator.telling.status import as_json, as_told, status_of

        given = {"output": output, "library": library, "price_in": price_in, "price_out": price_out}
        found = status_of(load_settings(given))
        text = object_text(as_json(found)) if json_ else ""
        told = as_told(found)
    if json_:
        typer.echo(text)
    else:
        print_told(told, sys.stdout)


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
    from generator.vault.diffs import print_diffs

    with errors_told(as_object=format_ == "json", verbose=verbose):
        told, diffs, failed = run_check(
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
    print_diffs(diffs, sys.stdout)
    if told:
        typer.echo(f"\n{told}" if diffs else told)
    if failed:
        raise typer.Exit(FAILED)


@app.command(help="Make a web site of a vault: notes with the video and the evidence beside.")
def site(
    vault: of_site.Vault = None,
    out: of_site.Out = Path("site"),
    base_url: of_site.BaseUrl = None,
    title: of_site.Title = None,
    serve: of_site.Serve = False,
    port: of_site.Port = 8000,
    library: options.Library = None,
    templates: options.Templates = None,
    math: options.Math = None,
    json_: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Make a web site of a vault."""
    with errors_told(as_object=json_, verbose=verbose):
        from generator.site.command import options_of, run_site, serve_site

        asked = options_of(
            vault,
            out=out,
            base_url=base_url,
            title=title,
            library=library,
            templates=templates,
            math=math,
        )
        if serve:
            serve_site(asked, port, as_object=json_, quiet=quiet, verbose=verbose)
        else:
            run_site(asked, as_object=json_, quiet=quiet, verbose=verbose)


@app.command(help="Take videos that are not wanted any more out of the vault, and forget them.")
def forget(
    ids: options.Ids,
    output: options.Output = None,
    library: options.Library = None,
    dry_run: options.DryRun = False,
    json_: options.Json = False,
) -> None:
    """Take videos out of vault and library."""
    with errors_told(as_object=json_):
        from generator.publishing.forgetting import forget as forgotten
        from generator.settings import load_settings
        from generator.task import video_id_of
        from generator.telling.forgotten import as_json, as_told

        settings = load_settings({"output": output, "library": library})
        videos = [video_id_of(each) for each in ids]
        found = forgotten(videos, settings, dry_run=dry_run, notice=complain)
    if json_:
        typer.echo(object_text(as_json(found, dry_run=dry_run)))
    else:
        print_told(as_told(found, dry_run=dry_run), sys.stdout)
    if found.errors or not all(video.known for video in found.videos):
        raise typer.Exit(FAILED)


def _run(given: Mapping[str, Any], *, quiet: bool, verbose: bool) -> tuple[Report, Sequence[Diff]]:
    from generator.pipeline import generate as run
    from generator.settings import load_settings
    from generator.task import task_of
    from generator.telling.progress import progress_on
    from generator.vault.diffs import left_in
    from generator.vault.overlay import Watched

    task = task_of(given)
    settings = load_settings(_settings_in(given))
    disk = Watched() if given["diff"] else None
    with progress_on(sys.stderr, quiet=quiet, verbose=verbose) as progress:
        confirm = None if given["yes"] else confirm_of(progress)
        report = run(task, settings, progress, confirm=confirm, disk=disk)
    return report, left_in(disk, settings.output) if disk else ()


def confirm_of(progress: Progress) -> Confirm:
    """What asks the user before a costly run."""
    from generator.telling.confirming import confirm_on

    # A display that is live puts itself in the place of stderr, and takes [y/N] for its markup.
    stderr = getattr(sys.stderr, "rich_proxied_file", sys.stderr)
    return confirm_on(sys.stdin, stderr, progress)


def _plan(given: Mapping[str, Any], *, quiet: bool, verbose: bool) -> Plan:
    from generator.planning.planner import plan
    from generator.settings import load_settings
    from generator.task import task_of
    from generator.telling.progress import progress_on

    task = task_of(given)
    settings = load_settings(_settings_in(given))
    with progress_on(sys.stderr, quiet=quiet, verbose=verbose) as progress:
        return plan(task, settings, progress, diffs=given["diff"])


def _settings_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the options that are settings."""
    from generator.settings import Settings

    return {name: value for name, value in given.items() if name in Settings.model_fields}


def _settings_told(given: Mapping[str, Any], *, as_object: bool) -> str:
    from generator.settings import explain_settings

    origins = explain_settings(_settings_in(given))
    if as_object:
        return object_text({o.name: {"value": o.value, "source": o.source} for o in origins})
    names = max(len(origin.name) for origin in origins)
    values = max(len(origin.value) for origin in origins)
    return "\n".join(f"{o.name:{names}}  {o.value:{values}}  {o.source}" for o in origins)


def main() -> None:
    """The entry point of the `generate` command."""
    try:
        app(prog_name="generate")
    except OSError as error:  # what was to be printed; all else has ended in a sentence before
        sys.exit(f"error: the output cannot be printed: {error.strerror or error}")
    finally:
        drop_unprinted()
