"""One run at a time writes into a vault: the others are told who does, and touch nothing."""

from __future__ import annotations

import errno
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from generator.errors import OutsideVault, VaultInUse, VaultUnwritable
from generator.vault.atomic import replace_file, sweep

LOCK, HOLDER = "library.db.lock", "library.db.holder"
"""The names in the vault's own folder: what is locked, and the file that says by whom.

Like the library they stay out of git, by the same pattern.
"""

_MOST_BYTES = 10_000
_LONGEST_COMMAND = 500
# What systems say that know no locks there: some network file systems, and FUSE.
_NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP}
# What of a command line may be shown: the values of other options may be secrets.
_SHOWN = {"--video", "--channel", "--playlist", "--videos", "--transcript", "--limit", "--engine"}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes into a vault: a process, on which machine, since when (UTC), by which command."""

    pid: int
    host: str
    since: str
    command: str


@contextmanager
def vault_lock(root: Path, notice: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """While it is entered, no other run writes into the vault.

    The operating system ends the lock with the process, however that ends. Where a file system has
    no locks, `notice` is told, and the run goes on without.

    Raises VaultInUse where another run holds it, VaultUnwritable, and OutsideVault where the
    vault's own folder is a link that leads out of it.
    """
    from filelock import FileLock, Timeout

    folder = _own_folder(root)
    # A lock that is only a file's existence would outlive a process that is killed.
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False, fallback_to_soft=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            notice(f"{root} is on a file system without locks; let no other run write there")
        _sweep_after_a_crash(root, folder)
        replace_file(folder / HOLDER, _facts(_this_process()))
    except Timeout:
        raise VaultInUse(root, *_told(_holder(folder / HOLDER))) from None
    except (OSError, ValueError) as error:  # a NUL in the name
        lock.release()
        raise VaultUnwritable(folder / LOCK, getattr(error, "strerror", "") or str(error)) from None
    try:
        yield
    finally:
        with suppress(OSError):
            (folder / HOLDER).unlink(missing_ok=True)
        with suppress(OSError):
            lock.release()


def _own_folder(root: Path) -> Path:
    from generator.vault.files import OWN_FOLDER

    try:
        vault, folder = root.resolve(), (root / OWN_FOLDER).resolve()
    except (OSError, RuntimeError, ValueError):
        raise VaultUnwritable(root, "there can be no such folder") from None
    if not folder.is_relative_to(vault):
        raise OutsideVault(root / OWN_FOLDER, root)
    return folder


def _sweep_after_a_crash(root: Path, own: Path) -> None:
    """Removes what a run that was killed left half written, wherever that was."""
    sweep(own)
    if not (own / HOLDER).exists():  # the last one ended as it should
        return
    for folder, inner, _ in os.walk(root.resolve()):
        inner[:] = [name for name in inner if not name.startswith(".") or Path(folder, name) == own]
        sweep(Path(folder))


def _this_process() -> Holder:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return Holder(os.getpid(), platform.node(), since, command_shown(sys.argv))


def command_shown(arguments: Sequence[str]) -> str:
    """A command line without the values of options that may be secrets: `generate --video ID`."""
    shown = [Path(arguments[0]).name] if arguments else []
    keeps = False
    for argument in arguments[1:]:
        option, _, value = argument.partition("=")
        if option.startswith("--"):
            keeps = option in _SHOWN
            shown.append(argument if keeps or not value else option)
        elif keeps and not argument.startswith("-"):
            shown.append(argument)
    return " ".join(shown)[:_LONGEST_COMMAND]


def _facts(holder: Holder) -> bytes:
    return (json.dumps(asdict(holder), ensure_ascii=False, indent=2) + "\n").encode(
        "utf-8", "backslashreplace"
    )


def _holder(path: Path) -> Holder | None:
    """Who the file says it is; None where there is none, or none that can be understood."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_MOST_BYTES))
        return Holder(int(said["pid"]), str(said["host"]), str(said["since"]), str(said["command"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _told(holder: Holder | None) -> tuple[str, str]:
    """The holder in words, and the command that it runs."""
    if holder is None:
        return "another run", ""
    return f"process {holder.pid} on {holder.host}, since {holder.since}", holder.command
