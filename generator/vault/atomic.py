"""Files replaced as a whole: whoever reads one, at any moment, sees the old bytes or the new."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import os
import platform
import re
import stat
import time
from pathlib import Path

ABANDONED_SECONDS = 24 * 3600
"""The age at which a temporary file whose writer cannot be asked for counts as left behind."""

_TEMPORARY = re.compile(r"\.generate-(?P<host>[0-9a-f]{8})-(?P<process>[0-9]{1,10})-[0-9]+\.tmp")
_numbers = itertools.count(1)


def replace_file(path: Path, data: bytes, *, synced: bool = True) -> os.stat_result:
    """Make `data` the content of the file, with the mode of the one it replaces.

    Returns what the file system says of the new file. Its bytes are on the disk before it has its
    name; if it need not be `synced`, a loss of power may leave it empty. A process that is killed
    leaves the old file, and at worst a hidden temporary one beside it (see `sweep`). Raises
    OSError, and then what stood there is as it was. A file that its owner made read-only is not
    replaced.
    """
    mode = _mode_of(path)
    folder, _ = os.path.split(path)
    # Not pathlib: a run may write thousands of these.
    temporary = f"{folder}{os.sep}.generate-{_host()}-{os.getpid()}-{next(_numbers)}.tmp"
    try:
        status = _write_new(temporary, data, mode, synced=synced)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return status


def sweep(folder: Path) -> None:
    """Remove the temporary files that runs which were killed left in a folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = _TEMPORARY.fullmatch(entry.name)
            if match and _is_abandoned(entry, match["host"], int(match["process"])):
                with contextlib.suppress(OSError):
                    Path(entry).unlink()


def _mode_of(path: Path) -> int | None:
    """The permissions of the file there, None without one; raises PermissionError if read-only."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "the file is read-only")
    return stat.S_IMODE(found.st_mode)


def _write_new(path: str, data: bytes, mode: int | None, *, synced: bool) -> os.stat_result:
    with open(path, "xb", buffering=0) as file:
        if mode is not None:
            os.chmod(path, mode)
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
        if synced:
            os.fsync(file.fileno())
        return os.fstat(file.fileno())


def _is_abandoned(entry: os.DirEntry[str], host: str, process: int) -> bool:
    if host == _host() and os.name == "posix":
        return not _is_running(process)
    # Written on another machine that shares the folder, or where processes cannot be asked for.
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > ABANDONED_SECONDS


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it runs, as another user
        return True
    return True


@functools.cache
def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]
