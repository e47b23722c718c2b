"""The options of `generate check`: their types, names and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Vault = Annotated[Path | None, typer.Argument(metavar="VAULT", help="The vault [output].")]
Transcripts = Annotated[
    Path | None,
    typer.Option(
        "--transcripts", metavar="DIR", help="Subtitle files named by the ids of their videos."
    ),
]
Fix = Annotated[bool, typer.Option("--fix", help="Mend what has one right answer.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show what is, or would be, mended.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what --fix would do; write nothing.")]
Format = Annotated[
    str, typer.Option("--format", metavar="NAME", help="table, json or github (annotations).")
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODES", help="Only these, or their beginnings: C,L201."),
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="CODES", help="All but these.")
]
