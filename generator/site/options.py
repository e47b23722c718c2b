"""The options of `generate site`: their types, names and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Vault = Annotated[Path | None, typer.Argument(metavar="VAULT", help="The vault [output].")]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Where the site goes, a folder of its own.")
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="URL",
        help="Where the site will be found: for feeds, sitemap and canonical links.",
    ),
]
Title = Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The site's title.")]
Serve = Annotated[
    bool, typer.Option("--serve", help="Show it on this machine, built again as notes change.")
]
Port = Annotated[
    int,
    typer.Option("--port", metavar="N", min=0, max=65535, help="With --serve: where; 0 is any."),
]
