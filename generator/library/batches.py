"""What was given to a server's batch service: batches, their requests, and what came of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.library.replies import save_reply

if TYPE_CHECKING:
    from generator.library.database import Database
    from generator.models import Completion

TABLES = (
    """
    CREATE TABLE batches (
        submission TEXT NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL UNIQUE,
        server TEXT NOT NULL,
        model TEXT NOT NULL,
        created TEXT NOT NULL,
        dialect TEXT NOT NULL,
        prompts TEXT NOT NULL,
        requests INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        file_id TEXT NOT NULL,
        batch_id TEXT NOT NULL,
        status TEXT NOT NULL,
        over INTEGER NOT NULL CHECK (over IN (0, 1)),
        answered INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        files TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX batches_open ON batches (position) WHERE over = 0",
    """
    CREATE TABLE batched (
        key TEXT NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL UNIQUE,
        prompt TEXT NOT NULL,
        video_id TEXT NOT NULL,
        model TEXT NOT NULL,
        request TEXT NOT NULL,
        schema TEXT NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
        submission TEXT NOT NULL,
        heard INTEGER NOT NULL CHECK (heard IN (0, 1)),
        tries INTEGER NOT NULL,
        status INTEGER NOT NULL,
        said TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX batched_by_submission ON batched (submission, wanted, position)",
    "CREATE INDEX batched_by_video ON batched (video_id)",
    """
    CREATE TABLE discounted (
        key TEXT NOT NULL PRIMARY KEY REFERENCES completions (key) ON DELETE CASCADE,
        model TEXT NOT NULL,
        prompt TEXT NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE TABLE came (key TEXT NOT NULL PRIMARY KEY) STRICT",
    "CREATE TABLE awaiting (video_id TEXT NOT NULL PRIMARY KEY, since INTEGER NOT NULL) STRICT",
    """
    CREATE TABLE servers (
        server TEXT NOT NULL,
        model TEXT NOT NULL,
        dialect TEXT NOT NULL,
        enqueued INTEGER,
        PRIMARY KEY (server, model)
    ) STRICT
    """,
)

ACCOUNTS = ("ALTER TABLE batches ADD COLUMN account TEXT NOT NULL DEFAULT ''",)

BEGUN = "begun"
"""The status of a batch that is not known to the service, or not known to be: a crash came between.
"""


@dataclass(frozen=True, slots=True)
class BatchedRequest:
    """A request that goes, or went, into a batch.

    `request` is JSON as in `Completion`, in which names are sorted; `schema` is the reply's, its
    fields in the order in which a model is to write them (JSON). `input_tokens` are estimated,
    `output_tokens` the most that the reply may have. `submission` is the batch that it is in, empty
    for none. `tries` counts the batches that gave no reply for it, `status` and `said` are what the
    last of them said, 0 and a code of the service where no server had been asked. `heard` says that
    its batch has brought a reply.
    """

    key: str
    prompt: str
    video_id: str
    model: str
    request: str
    schema: str
    input_tokens: int
    output_tokens: int
    submission: str = ""
    tries: int = 0
    status: int = 0
    said: str = ""
    heard: bool = False


@dataclass(frozen=True, slots=True)
class SubmittedBatch:
    """A batch as the library knows it.

    `submission` is the name that we gave it, `batch_id` the service's, empty where none is known.
    `dialect` is how its requests were put (JSON). `prompts` counts its requests by prompt; tokens
    are as in `BatchedRequest`. `status` is the service's word when it was last asked, or BEGUN.
    `over` says that nothing more is expected of it; `answered` and `refused` count what came.
    `files` are those at the service that nobody needs any more. `account` tells apart the keys with
    which batches were submitted, as `Service.account` does; it is empty where that was not kept.
    """

    submission: str
    server: str
    model: str
    dialect: str
    prompts: Mapping[str, int]
    requests: int
    input_tokens: int
    output_tokens: int
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    file_id: str = ""
    batch_id: str = ""
    status: str = BEGUN
    over: bool = False
    answered: int = 0
    refused: int = 0
    files: tuple[str, ...] = ()
    account: str = ""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What a batch said of a request in place of a reply; `counts` says whether it was a try."""

    key: str
    status: int
    said: str
    counts: bool = True


class Batches:
    """The library's batches. What a method changes, it changes in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Requests that wait to be submitted

    def want_nothing(self) -> None:
        """No request waits to be submitted; what is known of those that failed stays."""
        with self._database.transaction() as run:
            run("DELETE FROM batched WHERE submission = '' AND tries = 0 AND said = ''")
            run("UPDATE batched SET wanted = 0 WHERE submission = '' AND wanted = 1")

    def want(self, requests: Iterable[BatchedRequest]) -> None:
        """These wait to be submitted, but for those that are in a batch."""
        with self._database.transaction() as run:
            for each in requests:
                run(
                    "INSERT INTO batched (key, position, prompt, video_id, model, request,"
                    " schema, input_tokens, output_tokens, wanted, submission, heard, tries,"
                    " status, said)"
                    " VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM batched),"
                    " ?, ?, ?, ?, ?, ?, ?, 1, '', 0, 0, 0, '')"
                    " ON CONFLICT (key) DO UPDATE SET wanted = 1 WHERE submission = ''",
                    (
                        each.key,
                        each.prompt,
                        each.video_id,
                        each.model,
                        each.request,
                        each.schema,
                        each.input_tokens,
                        each.output_tokens,
                    ),
                )

    def wanted(self) -> Iterator[BatchedRequest]:
        """The requests that wait to be submitted, in the order in which they came."""
        return self._requests("submission = '' AND wanted = 1", ())

    def has_wanted(self) -> bool:
        """Whether any request waits to be submitted."""
        return bool(
            self._database.rows(
                "SELECT 1 FROM batched WHERE submission = '' AND wanted = 1 LIMIT 1"
            )
        )

    def request(self, key: str) -> BatchedRequest | None:
        """What is known of a request; None where it is neither in a batch nor failed in one."""
        found = self._database.rows("SELECT * FROM batched WHERE key = ?", (key,))
        return _request_of(found[0]) if found else None

    def give_up(self, key: str) -> None:
        """Forget a request, and that it came, so that it may be asked anew as at first."""
        with self._database.transaction() as run:
            run("DELETE FROM batched WHERE key = ?", (key,))
            run("DELETE FROM came WHERE key = ?", (key,))

    # Batches

    def intend(self, batch: SubmittedBatch, keys: Sequence[str]) -> None:
        """Keep a batch that is about to be submitted, with its requests; before anything is sent.

        Raises ValueError where one of them is in a batch already.
        """
        with self._database.transaction() as run:
            run(
                "INSERT INTO batches (submission, position, server, model, created, dialect,"
                " prompts, requests, input_tokens, output_tokens, file_id, batch_id, status, over,"
                " answered, refused, files, account) VALUES"
                " (?, (SELECT coalesce(max(position), 0) + 1 FROM batches),"
                " ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, 0, 0, 0, '[]', ?)",
                (
                    batch.submission,
                    batch.server,
                    batch.model,
                    batch.created.isoformat(timespec="seconds"),
                    batch.dialect,
                    json.dumps(dict(batch.prompts)),
                    batch.requests,
                    batch.input_tokens,
                    batch.output_tokens,
                    BEGUN,
                    batch.account,
                ),
            )
            for key in keys:
                taken = run(
                    "UPDATE batched SET submission = ?, wanted = 0, heard = 0"
                    " WHERE key = ? AND submission = ''",
                    (batch.submission, key),
                )
                if taken.rowcount != 1:
                    raise ValueError("a request is in a batch already, or in none")

    def uploaded(self, submission: str, file_id: str) -> None:
        """The service has the batch's file."""
        with self._database.transaction() as run:
            run("UPDATE batches SET file_id = ? WHERE submission = ?", (file_id, submission))

    def created(self, submission: str, batch_id: str, status: str) -> None:
        """The service has the batch."""
        with self._database.transaction() as run:
            run(
                "UPDATE batches SET batch_id = ?, status = ? WHERE submission = ?",
                (batch_id, status, submission),
            )

    def withdraw(self, submission: str, *, wanted: bool = False) -> None:
        """A batch that the service never had: it is as if it had not been begun.

        `wanted` says whether its requests wait to be submitted again.
        """
        with self._database.transaction() as run:
            run(
                "UPDATE batched SET submission = '', wanted = ? WHERE submission = ?",
                (int(wanted), submission),
            )
            run("DELETE FROM batches WHERE submission = ?", (submission,))

    def seen(self, submission: str, status: str) -> None:
        """What the service says of a batch now."""
        with self._database.transaction() as run:
            run("UPDATE batches SET status = ? WHERE submission = ?", (status, submission))

    def take(
        self, submission: str, replies: Sequence[Completion], failed: Sequence[Unanswered]
    ) -> None:
        """Keep replies as completions, and what was said of requests without one."""
        with self._database.transaction() as run:
            for reply in replies:
                save_reply(run, reply)
                run(
                    "INSERT INTO discounted VALUES (?, ?, ?, ?, ?)",
                    (
                        reply.key,
                        reply.model,
                        reply.prompt,
                        reply.input_tokens,
                        reply.output_tokens,
                    ),
                )
                run("INSERT OR IGNORE INTO came VALUES (?)", (reply.key,))
                run("UPDATE batched SET heard = 1 WHERE key = ?", (reply.key,))
            run(
                "UPDATE batches SET answered = answered + ?, refused = refused + ?"
                " WHERE submission = ?",
                (len(replies), len(failed), submission),
            )
            for each in failed:
                _failed(run, submission, each)

    def end(self, submission: str, status: str, rest: Unanswered, files: Sequence[str]) -> None:
        """Nothing more is expected of a batch; its requests that were not heard of are free again.

        `rest` is what is said of each of these (its key does not count); `files` are the service's
        that nobody needs any more.
        """
        with self._database.transaction() as run:
            run("DELETE FROM batched WHERE submission = ? AND heard = 1", (submission,))
            run(
                "UPDATE batched SET submission = '', tries = tries + ?, status = ?,"
                " said = ? WHERE submission = ?",
                (int(rest.counts), rest.status, rest.said, submission),
            )
            run(
                "UPDATE batches SET status = ?, over = 1, files = ? WHERE submission = ?",
                (status, json.dumps(list(files)), submission),
            )

    def deleted(self, submission: str, left: Sequence[str]) -> None:
        """Of a batch's files these are still at the service."""
        with self._database.transaction() as run:
            run(
                "UPDATE batches SET files = ? WHERE submission = ?",
                (json.dumps(list(left)), submission),
            )

    def requests_of(self, submission: str) -> Iterator[BatchedRequest]:
        """The requests of a batch of which nothing was heard yet, in their order."""
        return self._requests("submission = ? AND heard = 0", (submission,))

    def open(self) -> list[SubmittedBatch]:
        """The batches of which something is expected, the first first."""
        return self._batches(over=False)

    def littered(self) -> list[SubmittedBatch]:
        """The batches that are over and have files at the service."""
        return [batch for batch in self._batches(over=True) if batch.files]

    def all(self) -> list[SubmittedBatch]:
        """All batches, the first first."""
        return self._batches()

    def count(self) -> int:
        """How many batches there ever were."""
        found = self._database.rows("SELECT coalesce(max(position), 0) AS last FROM batches")
        return int(found[0]["last"])

    # What came, and who waits

    def has_come(self, key: str) -> bool:
        """Whether a batch brought a reply to the request since the last `settle`."""
        return bool(self._database.rows("SELECT 1 FROM came WHERE key = ?", (key,)))

    def came(self) -> set[str]:
        """The requests to which batches brought replies since the last `settle`."""
        return {row["key"] for row in self._database.rows("SELECT key FROM came")}

    def await_replies(self, waiting: Iterable[str], of: Iterable[str]) -> None:
        """Of these videos so many wait for replies, each since the run in which it began to."""
        with self._database.transaction() as run:
            found = run("SELECT video_id, since FROM awaiting").fetchall()
            since = {row["video_id"]: row["since"] for row in found}
            now = max(since.values(), default=0) + 1
            still = set(waiting)
            for over in set(of) - still:
                run("DELETE FROM awaiting WHERE video_id = ?", (over,))
            for new in still - since.keys():
                run("INSERT INTO awaiting VALUES (?, ?)", (new, now))

    def awaiting(self) -> dict[str, int]:
        """The videos that wait for replies; those that began in an earlier run have less."""
        found = self._database.rows("SELECT video_id, since FROM awaiting")
        return {row["video_id"]: row["since"] for row in found}

    def settle(self) -> None:
        """Where no batch is open and no video waits, it is forgotten how that came to be."""
        if self.open() or self.awaiting():
            return
        with self._database.transaction() as run:
            run("DELETE FROM came")
            run("DELETE FROM batched WHERE submission = ''")
            run("UPDATE servers SET enqueued = NULL")

    # Servers

    def dialect(self, server: str, model: str) -> str:
        """How the server was last known to take requests for the model (JSON); empty if never."""
        return str(self._server(server, model, "dialect") or "")

    def save_dialect(self, server: str, model: str, dialect: str) -> None:
        """Keep how the server takes requests for the model."""
        with self._database.transaction() as run:
            run(
                "INSERT INTO servers VALUES (?, ?, ?, NULL)"
                " ON CONFLICT DO UPDATE SET dialect = excluded.dialect",
                (server, model, dialect),
            )

    def enqueued(self, server: str, model: str) -> int | None:
        """The tokens that the service takes at once, as far as it has refused more."""
        found = self._server(server, model, "enqueued")
        return None if found is None else int(found)

    def save_enqueued(self, server: str, model: str, tokens: int) -> None:
        """Keep how many tokens the service takes at once."""
        with self._database.transaction() as run:
            run(
                "INSERT INTO servers VALUES (?, ?, '', ?)"
                " ON CONFLICT DO UPDATE SET enqueued = excluded.enqueued",
                (server, model, tokens),
            )

    def _server(self, server: str, model: str, column: str) -> str | int | None:
        found = self._database.rows(
            "SELECT * FROM servers WHERE server = ? AND model = ?", (server, model)
        )
        value: str | int | None = found[0][column] if found else None
        return value

    def _batches(self, *, over: bool | None = None) -> list[SubmittedBatch]:
        found = self._database.having("batches", {"over": over}, "position")
        return [self._database.read(_batch_of, row) for row in found]

    def _requests(self, where: str, values: Sequence[object]) -> Iterator[BatchedRequest]:
        """Some at a time: all of them are as large as the talks that they show."""
        last = 0
        while True:
            found = self._database.rows(
                f"SELECT * FROM batched WHERE {where} AND position > ?"  # noqa: S608 (ours)
                " ORDER BY position LIMIT 100",
                (*values, last),
            )
            yield from map(_request_of, found)
            if not found:
                return
            last = found[-1]["position"]


def _failed(run: Callable[..., sqlite3.Cursor], submission: str, each: Unanswered) -> None:
    run(
        "UPDATE batched SET submission = '', tries = tries + ?, status = ?, said = ?"
        " WHERE key = ? AND submission = ?",
        (int(each.counts), each.status, each.said, each.key, submission),
    )


def _request_of(row: sqlite3.Row) -> BatchedRequest:
    values = {name: row[name] for name in BatchedRequest.__dataclass_fields__}
    return BatchedRequest(**{**values, "heard": bool(row["heard"])})


def _batch_of(row: sqlite3.Row) -> SubmittedBatch:
    there = set(row.keys())  # older libraries, which are only looked at, have fewer columns
    values = {name: row[name] for name in SubmittedBatch.__dataclass_fields__ if name in there}
    prompts, files = json.loads(row["prompts"]), json.loads(row["files"])
    if not isinstance(prompts, dict) or not isinstance(files, list):
        raise ValueError("what is kept of a batch is no JSON of its form")  # noqa: TRY004
    values |= {
        "created": datetime.fromisoformat(row["created"]),
        "over": bool(row["over"]),
        "prompts": {str(name): int(count) for name, count in prompts.items()},
        "files": tuple(map(str, files)),
    }
    return SubmittedBatch(**values)
