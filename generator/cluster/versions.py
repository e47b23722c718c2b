"""Whether a worker would write the same notes: the same program, over the same libraries."""

from __future__ import annotations

import platform
from importlib import metadata

from generator import __version__
from generator.itself import code_digest

NAMED = ("numpy", "RapidFuzz", "snowballstemmer", "stopwordsiso", "regex", "Jinja2", "pydantic")
"""Libraries that have a part in what a prompt or a note says."""

_CODE = (
    "itself.py",
    "cluster",
    "engines.py",
    "errors.py",
    "fetcher",
    "fetching.py",
    "models.py",
    "settings.py",
    "summarizer",
    "text.py",
    "writing.py",
)

PROGRAM, CODE, PYTHON, DASK = "the program", "its code", "Python", "Dask"


def versions() -> dict[str, str]:
    """What this process is made of, by name. Called on workers, too."""
    found = {
        PROGRAM: __version__,
        CODE: code_digest(_CODE, ()),
        PYTHON: ".".join(platform.python_version_tuple()[:2]),
        DASK: metadata.version("distributed"),
    }
    for name in NAMED:
        found[name] = metadata.version(name)
    return found


def difference(theirs: dict[str, str], ours: dict[str, str]) -> tuple[str, str] | None:
    """How two differ in what decides on the notes: both in words; None where they do not.

    Dask itself may differ: what it can still understand is its own to say.
    """
    for name in (PROGRAM, PYTHON, *NAMED):
        if theirs.get(name) != ours.get(name):
            return _said(name, theirs.get(name)), _said(name, ours.get(name))
    if theirs.get(CODE) != ours.get(CODE):
        return tuple(  # type: ignore[return-value]
            f"{_said(PROGRAM, each.get(PROGRAM))} with the code {each.get(CODE)}"
            for each in (theirs, ours)
        )
    return None


def _said(name: str, version: str | None) -> str:
    called = "version" if name == PROGRAM else name
    return f"{called} {version}" if version else f"no {name}"
