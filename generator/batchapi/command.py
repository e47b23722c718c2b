"""`generate batch`: a vault's batches listed, asked for and cancelled."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator import options
from generator.telling.ending import complain, errors_told, object_text
from generator.telling.tables import Told, print_told

if TYPE_CHECKING:
    from generator.settings import Settings

app = typer.Typer(
    help="Tell of the batches of requests that a server was given, cancel them, or give them up.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Some = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID…]", help="Batches; all that are under way by default."),
]
ToCancel = Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help="Batches to cancel.")]
ToForget = Annotated[list[str], typer.Argument(metavar="ID…", help="Batches to give up.")]
All = Annotated[bool, typer.Option("--all", help="Cancel all that are under way.")]


@app.command("list", help="List all batches that were submitted for the vault; nobody is asked.")
def list_(
    output: options.Output = None,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """List the batches."""
    with errors_told(as_object=json_):
        from generator.batchapi.told import batch_json, list_told
        from generator.batchapi.watching import kept_batches

        found = kept_batches(_settings(output=output, library=library))
        told, objects = list_told(found), [batch_json(each) for each in found]
    _print(told, objects, as_object=json_)


@app.command(help="Ask the server how far batches are; what they brought is taken by the next run.")
def status(
    ids: Some = None,
    output: options.Output = None,
    library: options.Library = None,
    base_url: options.BaseUrl = None,
    json_: options.Json = False,
) -> None:
    """Tell how far batches are."""
    with errors_told(as_object=json_):
        from generator.batchapi.told import watched_json, watched_told
        from generator.batchapi.watching import look_at

        settings = _settings(output=output, library=library, base_url=base_url)
        found = look_at(settings, ids or ())
        told, objects = watched_told(found), [watched_json(each) for each in found]
    _print(told, objects, as_object=json_)


@app.command(help="Cancel batches; what they answered by then is taken by the next run.")
def cancel(
    ids: ToCancel = None,
    all_: All = False,
    output: options.Output = None,
    library: options.Library = None,
    base_url: options.BaseUrl = None,
    json_: options.Json = False,
) -> None:
    """Cancel batches."""
    with errors_told(as_object=json_):
        from generator.batchapi.told import watched_json, watched_told
        from generator.batchapi.watching import cancel as cancelled
        from generator.errors import UsageError

        if bool(ids) == all_:
            raise UsageError("Either ids of batches or --all says what to cancel.")
        settings = _settings(output=output, library=library, base_url=base_url)
        found = cancelled(settings, ids or (), every=all_)
        told, objects = watched_told(found), [watched_json(each) for each in found]
    _print(told, objects, as_object=json_)


@app.command(
    help="Give up batches that nobody can ask for any more. The next run asks anew for what is in"
    " them, and it is paid for twice if they run after all; “cancel” ends what can be asked for."
)
def forget(
    ids: ToForget,
    output: options.Output = None,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Give up batches."""
    with errors_told(as_object=json_):
        from generator.batchapi.told import watched_json, watched_told
        from generator.batchapi.watching import give_up

        found = give_up(_settings(output=output, library=library), ids, complain)
        told, objects = watched_told(found), [watched_json(each) for each in found]
    _print(told, objects, as_object=json_)


def _settings(**given: Any) -> Settings:
    from generator.settings import load_settings

    return load_settings(given)


def _print(told: list[Told], objects: Sequence[object], *, as_object: bool) -> None:
    if as_object:
        typer.echo(object_text({"batches": list(objects)}))
    else:
        print_told(told, sys.stdout)
