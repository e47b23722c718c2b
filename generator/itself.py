"""The program's own code, as far as what it makes hangs on it."""

from __future__ import annotations

import functools
import hashlib
from importlib import metadata
from pathlib import Path

from generator import __version__

PACKAGE = Path(__file__).resolve().parent


@functools.cache
def code_digest(parts: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """What tells whether these parts of the program, and the libraries they use, are the same."""
    files: list[Path] = []
    for part in parts:
        place = PACKAGE / part
        files += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    hashed = hashlib.sha256()
    for file in files:
        try:
            hashed.update(file.read_bytes())
        except OSError:  # not installed as files: the version has to do
            hashed.update(__version__.encode())
    for name in libraries:
        hashed.update(f"{name} {metadata.version(name)}".encode())
    return hashed.hexdigest()[:16]
