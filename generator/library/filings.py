"""What is filed with the notes of a library: their links, what was written, what is to be done."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, overload

from generator.library import rows
from generator.models import Fingerprint

if TYPE_CHECKING:
    import sqlite3

    from generator.library.database import Database

PAGE = ""
"""The slug under which a channel's page is due."""


class Due(NamedTuple):
    """What a run that was stopped left to be done, and where the file was.

    A note that the library has is to be written, any other is to go.
    """

    channel: str
    slug: str
    path: str


class History(Sequence[Fingerprint]):
    """Fingerprints of which only the first is at hand; the others are read if they are asked for.

    A note that was written a hundred times is nearly always as it was written last.
    """

    def __init__(
        self, first: Fingerprint, read_others: Callable[[], Sequence[Fingerprint]]
    ) -> None:
        self._first = first
        self._read_others = read_others

    @functools.cached_property
    def _others(self) -> tuple[Fingerprint, ...]:
        return tuple(self._read_others())

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 1 + len(self._others)

    def __iter__(self) -> Iterator[Fingerprint]:
        yield self._first
        yield from self._others

    @overload
    def __getitem__(self, at: int) -> Fingerprint: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Fingerprint, ...]: ...
    def __getitem__(self, at: int | slice) -> Fingerprint | tuple[Fingerprint, ...]:
        """One of them, or some."""
        return self._first if at == 0 else (self._first, *self._others)[at]


class Filed(NamedTuple):
    """What was filed with a note, and all that was ever written as its file, the last first.

    `links` are as in `Filing`. `sidecar` is a digest of what its sidecar says, but for what the
    file said; empty where that is not known.
    """

    links: str
    sidecar: str
    written: Sequence[Fingerprint]


@dataclass(frozen=True, slots=True)
class Filing:
    """What is kept with a note besides itself.

    `words` are those that it is found by, and `links` tells its links; None for those that it has.
    `links` are empty where its file has others, since its owner edited it. `written` is what the
    file is about to say, unless that is known. `due` says that the file is to be written.
    """

    words: Collection[str] | None
    links: str | None
    written: Fingerprint | None = None
    due: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """What became of notes that were due, by channel and slug.

    `paths` are where the files are that there are, None for the others; `sidecars` the digests of
    those that were made anew.
    """

    paths: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    sidecars: Mapping[tuple[str, str], str] = field(default_factory=dict)


class Filings:
    """The library's record of what is filed with notes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def links(self, channel: str, slug: str) -> str | None:
        """A note's links as its file last had them; None for one never indexed."""
        found = self._database.rows(
            "SELECT links FROM indexed WHERE channel = ? AND slug = ?", (channel, slug)
        )
        return str(found[0]["links"]) if found else None

    def of(self, channel: str, video_id: str) -> dict[str, Filed]:
        """What is filed with a video's notes, by slug; nothing for those never indexed."""
        found = self._database.rows(
            "SELECT notes.slug, links, sidecar, written.digest, front_matter, max(written.position)"
            " FROM notes INDEXED BY notes_in_brief JOIN indexed USING (channel, slug)"
            " LEFT JOIN written USING (channel, slug)"
            " WHERE notes.channel = ? AND video_id = ? GROUP BY notes.slug",
            (channel, video_id),
        )
        return {
            slug: Filed(links, sidecar, self._history(channel, slug, digest, keys))
            for slug, links, sidecar, digest, keys, _ in found
        }

    def record_written(
        self, channel: str, slug: str, digest: str, front_matter: Sequence[str]
    ) -> None:
        """Keep what the note's file is about to say, so that it is known later as unedited.

        To be called before the file is written: a crash in between then leaves no file that looks
        as if its owner had edited it.
        """
        with self._database.transaction() as run:
            save_written(run, channel, slug, Fingerprint(digest, tuple(front_matter)))

    def written(self, channel: str, slug: str) -> Sequence[Fingerprint]:
        """All that was ever written as a note's file, or a page, the last first."""
        found = self._written(channel, slug, 1, 0)
        return self._history(channel, slug, *found[0]) if found else ()

    def _history(
        self, channel: str, slug: str, digest: str | None, keys: str
    ) -> Sequence[Fingerprint]:
        if digest is None:
            return ()

        def earlier() -> list[Fingerprint]:
            return [self._fingerprint(*row) for row in self._written(channel, slug, -1, 1)]

        return History(self._fingerprint(digest, keys), earlier)

    def _written(self, channel: str, slug: str, most: int, after: int) -> list[sqlite3.Row]:
        """At most so many rows, all if negative, after so many, the last first."""
        return self._database.rows(
            "SELECT digest, front_matter FROM written WHERE channel = ? AND slug = ?"
            " ORDER BY position DESC LIMIT ? OFFSET ?",
            (channel, slug, most, after),
        )

    def _fingerprint(self, digest: str, keys: str) -> Fingerprint:
        return Fingerprint(digest, self._database.read(_keys_of, keys))

    # What is to be done

    def due(self) -> list[Due]:
        """What runs that were stopped left to be done; channels' pages have the slug `PAGE`."""
        return [Due._make(row) for row in self._database.rows("SELECT * FROM due")]

    def file(self, filings: Mapping[tuple[str, str], Filing]) -> None:
        """Keeps what is filed with notes, by channel and slug, which are due from then on."""
        if filings:
            with self._database.transaction() as run:
                for (channel, slug), filing in filings.items():
                    save_filing(run, channel, slug, filing)

    def done(self, done: Done) -> None:
        """Notes are written or gone: they are not due any more."""
        if done.paths or done.sidecars:
            with self._database.transaction() as run:
                _save_done(run, done)

    def done_later(self, done: Done) -> None:
        """As `done`, with the next change of the library; who is killed before does it again."""
        if done.paths or done.sidecars:
            self._database.later(lambda run: _save_done(run, done))

    def catch_up(self) -> None:
        """Does what was to be done later."""
        self._database.catch_up()


def save_filing(
    run: Callable[..., sqlite3.Cursor], channel: str, slug: str, filing: Filing
) -> None:
    """Within a transaction: what is filed with a note, which is due from now on."""
    if filing.links is not None:
        run(
            "INSERT INTO indexed (channel, slug, links, digest) VALUES (?1, ?2, ?3, '')"
            " ON CONFLICT DO UPDATE SET links = excluded.links",
            (channel, slug, filing.links),
        )
    if filing.words is not None:  # the note's text may be another: its sidecar is to be made anew
        _save_words(run, channel, slug, sorted(filing.words))
        run("UPDATE indexed SET sidecar = '' WHERE channel = ? AND slug = ?", (channel, slug))
    if filing.written:
        save_written(run, channel, slug, filing.written)
    if filing.due:
        save_due(run, channel, slug, "")


def _save_done(run: Callable[..., sqlite3.Cursor], done: Done) -> None:
    for (channel, slug), digest in done.sidecars.items():
        run(
            "UPDATE indexed SET sidecar = ? WHERE channel = ? AND slug = ?",
            (digest, channel, slug),
        )
    for (channel, slug), path in done.paths.items():
        run("DELETE FROM due WHERE channel = ? AND slug = ?", (channel, slug))
        if path is not None:
            run(
                "UPDATE notes SET path = ?1 WHERE channel = ?2 AND slug = ?3 AND path IS NOT ?1",
                (path, channel, slug),
            )


def _save_words(
    run: Callable[..., sqlite3.Cursor], channel: str, slug: str, words: Sequence[str]
) -> None:
    digest = rows.digest_of(words)
    (row,) = run("SELECT id, digest FROM indexed WHERE channel = ? AND slug = ?", (channel, slug))
    if row["digest"] != digest:
        run("DELETE FROM words WHERE rowid = ?", (row["id"],))
        run("INSERT INTO words (rowid, of_note) VALUES (?, ?)", (row["id"], " ".join(words)))
        run("UPDATE indexed SET digest = ? WHERE id = ?", (digest, row["id"]))


def save_written(
    run: Callable[..., sqlite3.Cursor], channel: str, slug: str, written: Fingerprint
) -> None:
    """Within a transaction: what a note's file is about to say."""
    run(
        "INSERT INTO written (channel, slug, digest, front_matter, position) VALUES"
        " (?1, ?2, ?3, ?4, (SELECT coalesce(max(position), 0) + 1 FROM written"
        " WHERE channel = ?1 AND slug = ?2))"
        " ON CONFLICT DO UPDATE SET position = excluded.position",
        (channel, slug, written.digest, rows.words_to_json(written.front_matter)),
    )


def save_due(run: Callable[..., sqlite3.Cursor], channel: str, slug: str, path: str) -> None:
    """Within a transaction: a note whose file is to be written, or to go from where it is."""
    run("INSERT OR REPLACE INTO due (channel, slug, path) VALUES (?, ?, ?)", (channel, slug, path))


def drop_filing(run: Callable[..., sqlite3.Cursor], channel: str, slug: str) -> None:
    """Within a transaction: nothing is filed any more with a note that goes."""
    of_note = (channel, slug)
    run(
        "DELETE FROM words WHERE rowid = (SELECT id FROM indexed WHERE channel = ? AND slug = ?)",
        of_note,
    )
    run("DELETE FROM indexed WHERE channel = ? AND slug = ?", of_note)


@functools.lru_cache(maxsize=64)  # nearly all files have the same
def _keys_of(text: str) -> tuple[str, ...]:
    return rows.words_of(text)
