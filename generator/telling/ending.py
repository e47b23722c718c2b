"""How a command ends: what it prints last, and its exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

import typer

from generator.errors import GenerateError, RunStopped, UnexpectedError, UsageError
from generator.telling.tables import Told, print_told

if TYPE_CHECKING:
    from generator.planning.plan import Plan
    from generator.telling.report import Report
    from generator.vault.diffs import Diff

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


@contextmanager
def errors_told(*, as_object: bool, verbose: bool = False) -> Iterator[None]:
    """Ends the program with a sentence and an exit code where it would end with a traceback."""
    try:
        yield
    except GenerateError as error:
        fail(error, WRONG_USAGE if isinstance(error, UsageError) else FAILED, as_object=as_object)
    except KeyboardInterrupt:
        complain("Interrupted; what was fetched and written is kept.")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if verbose:
            raise
        fail(UnexpectedError(error), FAILED, as_object=as_object)


def fail(error: GenerateError, code: int, *, as_object: bool) -> NoReturn:
    """Says why nothing could be done, and exits."""
    if as_object:
        with suppress(OSError):
            typer.echo(object_text({"videos": [], "error": error.message, "cause": error.cause}))
    complain(f"error: {error.message}")
    raise typer.Exit(code)


def complain(*told: Told) -> None:
    """Prints on stderr, if anybody listens: the exit code says as much."""
    with suppress(OSError):
        print_told(told, sys.stderr)


def drop_unprinted() -> None:
    """Gives up what a stream could not print: Python would try it again, and exit with 120."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def object_text(value: object) -> str:
    """One JSON object, as it is printed."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text.encode(errors="replace").decode()  # names of files may be no Unicode


def tell_report(
    report: Report,
    *,
    as_object: bool,
    quiet: bool,
    verbose: bool,
    diffs: Sequence[Diff] = (),
) -> None:
    """Prints what a run did, what failed, and last how to go on where it ended early.

    `diffs` are of the files that it left to their owners.
    """
    from generator.telling import failures, summary
    from generator.telling.objects import as_json
    from generator.vault.diffs import as_objects, print_diffs

    if as_object:
        typer.echo(object_text({**as_json(report), **as_objects(diffs)}))
        return
    if not quiet:
        print_told(summary.done(report, verbose=verbose), sys.stdout)
        print_diffs(diffs, sys.stdout)
    groups = summary.failures(report)
    if groups:
        ruled = sys.stderr is not None and sys.stderr.isatty() and len(report.videos) > 1
        complain(*([failures.as_table(groups)] if ruled else failures.as_told(groups)))
    complain(*summary.how_to_go_on(report))


def tell_plan(plan: Plan, *, as_object: bool, verbose: bool) -> None:
    """Prints what a run would do."""
    from generator.planning.told import as_json, as_told
    from generator.vault.diffs import print_diffs

    if as_object:
        typer.echo(object_text(as_json(plan)))
        return
    print_diffs(plan.diffs, sys.stdout)
    print_told(as_told(plan, verbose=verbose), sys.stdout)


def exit_code(report: Report) -> int:
    """0 where all went well: what was passed over or skipped is no failure."""
    of_videos = [video.error for video in report.failed]
    of_lists = [each.error for each in report.lists]
    failures = (report.ended, *of_videos, *of_lists, *report.errors)
    causes = {failure.cause for failure in failures if failure}
    if RunStopped.cause in causes:
        return INTERRUPTED
    return FAILED if causes else 0
