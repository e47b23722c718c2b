"""Opening a SQLite file as a library: its format, transactions, and what SQLite's errors mean."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from generator.errors import (
    LibraryCorrupt,
    LibraryError,
    LibraryTooNew,
    LibraryUnusable,
    NoLibraryYet,
)
from generator.library.schema import APPLICATION_ID, MIGRATIONS

BUSY_SECONDS = 20.0
"""How long to wait for another run that is writing."""

# What SQLite says of the world around the file. Everything else it says of what is in the file.
_NOT_THE_FILES_FAULT = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_AUTH,
}


_T = TypeVar("_T")


class Database:
    """An open SQLite file, asked with SQL; what goes wrong is raised as what a user can meet."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._later: list[Callable[[Callable[..., sqlite3.Cursor]], object]] = []

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """Gives the connection's `execute`; all that it runs is kept, or nothing."""
        later = tuple(self._later)
        with translated(self.path), transaction(self._connection):
            for change in later:
                change(self._connection.execute)
            yield self._connection.execute
        del self._later[: len(later)]

    def later(self, change: Callable[[Callable[..., sqlite3.Cursor]], object]) -> None:
        """Has a change made with the next transaction, which costs a wait for the disk less.

        For what can be found out again: who is killed before then has lost it.
        """
        self._later.append(change)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """All rows that a query gives."""
        with translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def having(
        self, tables: str, values: Mapping[str, object], order: str = "", columns: str = "*"
    ) -> list[sqlite3.Row]:
        """The rows of tables whose columns have these values, None being any, in an order.

        `? IS NULL OR …` in the place of a condition less would keep SQLite from using an index.
        """
        asked = {column: value for column, value in values.items() if value is not None}
        conditions = " AND ".join(f"{column} = ?" for column in asked)
        condition = f" WHERE {conditions}" if conditions else ""
        ordered = f" ORDER BY {order}" if order else ""
        sql = f"SELECT {columns} FROM {tables}{condition}{ordered}"  # noqa: S608 (all ours)
        return self.rows(sql, list(asked.values()))

    def each(self, sql: str, values: Sequence[object] = ()) -> Iterator[sqlite3.Row]:
        """The rows that a query gives, one at a time."""
        with translated(self.path):
            yield from self._connection.execute(sql, values)

    def read(self, convert: Callable[..., _T], *values: object) -> _T:
        """What a row says; a row that makes no sense is the library's fault, not the program's."""
        try:
            return convert(*values)
        except (ValueError, TypeError) as error:
            raise LibraryCorrupt(self.path, str(error)) from error

    def copy_into(self, target: sqlite3.Connection) -> None:
        """Makes another database one with the same content."""
        with translated(self.path):
            self._connection.backup(target)

    def catch_up(self) -> None:
        """Makes the changes that were to be made later."""
        if self._later:
            with self.transaction():
                pass

    def close(self) -> None:
        """Makes the changes that were to be made later, and closes the file."""
        try:
            self.catch_up()
        finally:
            self._connection.close()


def connect(
    path: Path,
    *,
    create: bool,
    migrations: Sequence[Sequence[str]] = MIGRATIONS,
    busy_seconds: float = BUSY_SECONDS,
) -> sqlite3.Connection:
    """Open the library at `path`, in the format that `migrations` lead to; rows have names.

    A missing file and its folder are made, or without `create` refused. A file that is not a
    library is left as it is. Another program that has it locked is waited for, whenever it is asked
    something, for `busy_seconds`. Raises `LibraryUnusable`, `LibraryCorrupt` or `LibraryTooNew`.
    """
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.exists():
            raise LibraryUnusable(path, "there is no such file")
    except OSError as error:
        raise LibraryUnusable(path, error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the name
        raise LibraryUnusable(path, str(error)) from error
    with translated(path):
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            _bring_to_format(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def looking(path: Path) -> Iterator[Database]:
    """The library at `path`, of this format or an older one, as it is at one moment; only read.

    Runs that write are neither waited for nor held up. Raises `NoLibraryYet` where there is none,
    besides what `connect` raises.
    """
    try:
        there = path.exists()
    except OSError as error:
        raise LibraryUnusable(path, error.strerror or str(error)) from error
    if not there:
        raise NoLibraryYet(path)
    with translated(path):
        connection = _open_to_look(path)
        try:
            connection.row_factory = sqlite3.Row
            if _format(connection, path, MIGRATIONS) == 0:  # begun by another run, and not yet made
                raise NoLibraryYet(path)
            yield Database(path, connection)
        finally:
            connection.close()


def copy_of(path: Path, target: Path) -> None:
    """Makes `target` a copy of the library at `path`, as it is at one moment.

    Raises as `looking`, and LibraryUnusable where the copy cannot be written.
    """
    with looking(path) as database, translated(target):
        copy = sqlite3.connect(target)
        try:
            database.copy_into(copy)
        finally:
            copy.close()


def _open_to_look(path: Path) -> sqlite3.Connection:
    """A connection in a transaction that reads.

    Asked to read alone, SQLite would leave two files beside the library; so it may write, and is
    told not to. Where nobody can write, no run could change what is read.
    """
    try:
        return _reading(path, "mode=rw")
    except sqlite3.OperationalError as error:
        nobody_writes = error.sqlite_errorcode & 0xFF in (
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_READONLY,
        )
        if not nobody_writes or path.with_name(f"{path.name}-wal").exists():
            raise
    return _reading(path, "immutable=1")


def _reading(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """What is run inside is kept as a whole, or, where anything raises, not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raises SQLite's errors as the ones that a user can meet."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):  # the program's own fault
        raise
    except sqlite3.Error as error:
        raise _as_library_error(path, error) from error
    except UnicodeDecodeError as error:  # text in a damaged file, and SQLite's words on it
        raise LibraryCorrupt(path, str(error)) from error


def _as_library_error(path: Path, error: sqlite3.Error) -> LibraryError:
    code = getattr(error, "sqlite_errorcode", None)
    # The low byte is the cause; the rest of an extended code tells where it struck.
    if code is not None and code & 0xFF in _NOT_THE_FILES_FAULT:
        return LibraryUnusable(path, str(error))
    return LibraryCorrupt(path, str(error))


def _bring_to_format(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Sequence[str]]
) -> None:
    if _format(connection, path, migrations) == len(migrations):
        return
    # The mode is the file's, kept with it: readers then never wait for the one that writes.
    connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection):
        # Another run may have done it while this one waited.
        for number in range(_format(connection, path, migrations), len(migrations)):
            for statement in migrations[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _format(connection: sqlite3.Connection, path: Path, migrations: Sequence[Sequence[str]]) -> int:
    """The number of the file's format; 0 for an empty file."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    if number > len(migrations):
        raise LibraryTooNew(path, number, len(migrations))
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (
        number < 0
        or application != (APPLICATION_ID if tables else 0)
        or bool(tables) != (number > 0)
    ):
        raise LibraryCorrupt(path, "it is a database of another program")
    return int(number)
