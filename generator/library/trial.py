"""A library to try things on: a copy of one that goes when it is done, or an empty one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.library.database import copy_of
from generator.library.library import Library


@contextmanager
def trial_of(path: Path) -> Iterator[Library]:
    """A library that holds what the one at `path` does, empty where there is none.

    It lies in the folder for temporary files. The one at `path` is only read. Raises LibraryError
    for one that cannot be, and LibraryUnusable where there is no room for a copy.
    """
    with tempfile.TemporaryDirectory(prefix="generate-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "library.db"
        if path.exists():
            copy_of(path, copy)
        with Library.open(copy) as library:
            yield library
