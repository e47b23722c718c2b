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
    new = Replacement(path, data)
    try:
        if synced:
            new.sync()
        return new.put()
    finally:
        new.drop()


class Replacement:
    """A file that is being replaced as by `replace_file`, step by step; all raise OSError.

    Several are replaced sooner if all are begun before the first is waited for. `drop` is to be
    called at the end, whatever happened.
    """

    __slots__ = ("_file", "_temporary", "path")

    def __init__(self, path: Path, data: bytes) -> None:
        """Writes the bytes beside what they are to replace."""
        mode = _mode_of(path)
        folder, _ = os.path.split(path)
        self.path = path
        # Not pathlib: a run may write thousands of these.
        self._temporary = f"{folder}{os.sep}.generate-{_host()}-{os.getpid()}-{next(_numbers)}.tmp"
        self._file = open(self._temporary, "xb", buffering=0)  # noqa: SIM115 (until `drop`)
        try:
            if mode is not None:
                os.chmod(self._temporary, mode)
            left = memoryview(data)
            while left:
                left = left[self._file.write(left) :]
        except BaseException:
            self.drop()
            raise

    def sync(self) -> None:
        """Waits until the bytes are on the disk."""
        os.fsync(self._file.fileno())

    def put(self) -> os.stat_result:
        """Gives the new file its name; returns what the file system says of it."""
        status = os.fstat(self._file.fileno())
        self._file.close()
        os.replace(self._temporary, self.path)
        self._temporary = ""
        return status

    def drop(self) -> None:
        """Takes the new file away, unless it has its name."""
        if self._temporary:
            self._file.close()
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)
            self._temporary = ""


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
