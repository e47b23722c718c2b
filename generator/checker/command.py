"""`generate check` from its options to what is printed and whether it failed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.checker.checked import Checked, CheckOptions
from generator.errors import UsageError

if TYPE_CHECKING:
    from generator.vault.diffs import Diff

FORMATS = ("table", "json", "github")


def run_check(
    vault: Path | None,
    *,
    transcripts: Path | None = None,
    library: Path | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fix: bool = False,
    diff: bool = False,
    dry_run: bool = False,
    format_: str = "table",
    verbose: bool = False,
) -> tuple[str, Sequence[Diff], bool]:
    """Checks a vault, the one of the settings if none is given.

    `diff` without `fix` shows what `fix` would change. Returns what to print, the diffs to print
    before it, and whether errors are left. Raises UsageError for options that cannot be, and what
    `check` raises.
    """
    from generator.checker.checking import check
    from generator.checker.formats import as_diffs
    from generator.settings import load_settings

    if format_ not in FORMATS:
        raise UsageError(f"There is no format “{format_}”.", f"Choose of {', '.join(FORMATS)}.")
    if diff and format_ != "table":
        raise UsageError("--diff is for people.", "Take --format away, or --diff.")
    settings = load_settings({"output": vault, "library": library})
    configured = settings.library if settings.library and settings.library.exists() else None
    options = CheckOptions(
        library=library or configured,
        transcripts=transcripts,
        select=_split(select),
        ignore=_split(ignore),
        fix=fix or diff or dry_run,
        dry_run=dry_run or not fix,
        keep_changes=diff,
    )
    checked = check(settings.output, options)
    return _told(checked, format_, verbose=verbose), as_diffs(checked), checked.failed


def _told(checked: Checked, format_: str, *, verbose: bool) -> str:
    from generator.checker.formats import as_annotations, as_json
    from generator.checker.reporting import as_table

    if format_ == "json":
        return as_json(checked)
    lines = as_annotations(checked) if format_ == "github" else as_table(checked, verbose=verbose)
    return "\n".join(lines)


def _split(given: Sequence[str]) -> tuple[str, ...]:
    """Codes as they were given: several options, or several in one with commas."""
    return tuple(part.strip() for each in given for part in each.split(",") if part.strip())
