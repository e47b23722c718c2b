"""The batch service of the stand-in for model servers: files, and batches that take their time.

Time goes by a clock of its own, which a test moves (`advance`), or each look at a batch (`a_look`).
"""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, TypeVar

from tests.standins.llm_openai import CREATED, JSON, dumped
from tests.standins.llm_question import Question
from tests.standins.tunnel import Answer, Asked, Reply

ENDPOINT = "/v1/chat/completions"
FINAL = ("completed", "failed", "expired", "cancelled")
Lines = list[bytes]


@dataclass
class File:
    """A file at the service."""

    id: str
    name: str
    purpose: str
    content: bytes
    created: int
    owner: str = ""


@dataclass
class Batch:
    """A batch: `lines` are its file's, `results` what was answered of it so far, by number."""

    id: str
    file: str
    metadata: Mapping[str, str]
    created: float
    lines: Sequence[Mapping[str, Any]]
    errors: list[dict[str, Any]]
    tokens: int
    state: str = "validating"
    times: dict[str, int] = field(default_factory=dict)
    results: dict[int, Reply] = field(default_factory=dict)
    output: str | None = None
    error: str | None = None
    owner: str = ""


_Owned = TypeVar("_Owned", File, Batch)


class BatchService:
    """Answers for /files and /batches.

    A batch is validated, worked at and finalized for so many seconds each (`validating`, `working`,
    `finalizing`); after `window` seconds it expires with what was done by then, and cancelling
    takes `cancelling` seconds. `status` is what every request is answered with where there are no
    batches. `enqueued` are the tokens that may be in batches at once. `page` is the most that a
    page of a list has; `keeps_metadata` and `deletes` say whether it does, `apart` whether
    each key is of another account, to which nothing of the others is known. `trouble` may answer in
    the place of the service, `before` or `after` it has done what was asked. `spoil` changes the
    lines of a file of results.
    """

    def __init__(self, ask: Callable[[Question], Reply]) -> None:
        self.status: int | None = None
        self.validating, self.working, self.finalizing = 10.0, 600.0, 20.0
        self.window, self.cancelling = 86_400.0, 60.0
        self.a_look = 0.0
        self.enqueued: int | None = None
        self.most_requests, self.most_bytes = 50_000, 200_000_000
        self.page = 100
        self.keeps_metadata = True
        self.deletes = True
        self.apart = False
        self.trouble: Callable[[str, str, str], Answer | None] = lambda method, place, when: None
        self.spoil: Callable[[str, Lines], Lines] = lambda kind, lines: lines
        self.files: dict[str, File] = {}
        self.batches: dict[str, Batch] = {}
        self.asked: list[str] = []
        self.now = float(CREATED)
        self._ask = ask
        self._lock = threading.RLock()
        self._numbers = 0
        self._asker = ""

    def forget(self) -> None:
        """No file and no batch was ever there."""
        with self._lock:
            self.files.clear()
            self.batches.clear()
            self.asked.clear()

    def advance(self, seconds: float) -> None:
        """Lets time go by."""
        with self._lock:
            self.now += seconds
            for batch in self.batches.values():
                self._move(batch)

    def custom_ids(self) -> list[str]:
        """The requests of all batches that were not refused, in their order."""
        return [
            line["custom_id"]
            for batch in self.batches.values()
            if batch.state != "failed"
            for line in batch.lines
        ]

    def answer(self, asked: Asked, place: str) -> Answer:
        """The answer to a request; `place` is its path behind the version."""
        with self._lock:
            self.asked.append(f"{asked.method} {re.sub('(file-|batch_)[0-9]+', '…', place)}")
            self._asker = asked.headers.get("authorization", "") if self.apart else ""
            if self.status is not None:
                return _refusal(self.status, "Not found.")
            if (odd := self.trouble(asked.method, place, "before")) is not None:
                return odd
            answer = self._answer(asked, place)
            odd = self.trouble(asked.method, place, "after")
            return answer if odd is None else odd

    def _answer(self, asked: Asked, place: str) -> Answer:
        kind, _, rest = place.strip("/").partition("/")
        name, _, verb = rest.partition("/")
        routes: dict[tuple[str, str, bool, str], Callable[[], Answer]] = {
            ("GET", "batches", False, ""): lambda: self._list(
                [self._told(each) for each in self._theirs(self.batches)], asked
            ),
            ("POST", "batches", False, ""): lambda: self._create(asked),
            ("GET", "batches", True, ""): lambda: self._look(name),
            ("POST", "batches", True, "cancel"): lambda: self._cancel(name),
            ("GET", "files", False, ""): lambda: self._list(
                [_file_told(each) for each in self._theirs(self.files)], asked
            ),
            ("POST", "files", False, ""): lambda: self._upload(asked),
            ("GET", "files", True, ""): lambda: self._file(name),
            ("GET", "files", True, "content"): lambda: self._content(name),
            ("DELETE", "files", True, ""): lambda: self._delete(name),
        }
        route = routes.get((asked.method, kind, bool(name), verb))
        return route() if route else _refusal(404, "Invalid URL")

    def _known(self, things: Mapping[str, _Owned], name: str | None) -> _Owned | None:
        """A file or batch of whoever asks."""
        found = things.get(name or "")
        return found if found and found.owner in ("", self._asker) else None

    def _theirs(self, things: Mapping[str, _Owned]) -> list[_Owned]:
        """The files or batches of whoever asks, the newest first."""
        return [each for each in reversed(things.values()) if each.owner in ("", self._asker)]

    # Files

    def _upload(self, asked: Asked) -> Answer:
        head = f"Content-Type: {asked.headers.get('content-type', '')}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + asked.body)
        parts = {
            part.get_param("name", header="content-disposition"): part for part in form.iter_parts()
        }
        purpose = str(parts["purpose"].get_payload(decode=True), "utf-8").strip()
        content = parts["file"].get_payload(decode=True)
        name = parts["file"].get_filename()
        if purpose != "batch" or not name or not name.endswith(".jsonl"):
            return _refusal(400, "Invalid file format for Batch API. Must be .jsonl")
        if len(content) > self.most_bytes:
            return _refusal(413, "Request too large: maximum file size exceeded.")
        file = self._new_file(name, "batch", content)
        return _reply(_file_told(file))

    def _file(self, name: str) -> Answer:
        file = self._known(self.files, name)
        return _reply(_file_told(file)) if file else _refusal(404, f"No such File object: {name}")

    def _content(self, name: str) -> Answer:
        file = self._known(self.files, name)
        if file is None:
            return _refusal(404, f"No such File object: {name}")
        return Reply(200, file.content, {"Content-Type": "application/octet-stream"})

    def _delete(self, name: str) -> Answer:
        if not self.deletes:
            return _refusal(500, "The file could not be deleted.")
        if self._known(self.files, name) is None:
            return _refusal(404, f"No such File object: {name}")
        del self.files[name]
        return _reply({"id": name, "object": "file", "deleted": True})

    def _new_file(self, name: str, purpose: str, content: bytes, owner: str = "") -> File:
        self._numbers += 1
        number, now = self._numbers, int(self.now)
        file = File(f"file-{number:04}", name, purpose, content, now, owner or self._asker)
        self.files[file.id] = file
        return file

    # Batches

    def _create(self, asked: Asked) -> Answer:
        said = json.loads(asked.body)
        file = self._known(self.files, said.get("input_file_id"))
        if file is None:
            return _refusal(400, "Invalid input_file_id")
        if said.get("endpoint") != ENDPOINT or said.get("completion_window") != "24h":
            return _refusal(400, "Invalid endpoint or completion_window")
        metadata = said.get("metadata") or {}
        if len(metadata) > 16 or any(len(k) > 64 or len(v) > 512 for k, v in metadata.items()):
            return _refusal(400, "Invalid metadata")
        lines, errors = _read(file.content)
        errors += self._wrong(lines)
        self._numbers += 1
        batch = Batch(
            id=f"batch_{self._numbers:04}",
            file=file.id,
            metadata=metadata if self.keeps_metadata else {},
            created=self.now,
            lines=lines,
            errors=errors,
            tokens=sum(_question(line).tokens for line in lines),
            owner=self._asker,
        )
        self.batches[batch.id] = batch
        return _reply(self._told(batch))

    def _wrong(self, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        if not lines:
            return [_error("empty_file", "The file has no requests.")]
        if len(lines) > self.most_requests:
            return [_error("too_many_tasks", "The file has too many requests.")]
        if len({line["custom_id"] for line in lines}) < len(lines):
            return [_error("duplicate_custom_id", "A custom_id was seen before.")]
        if len({line["body"]["model"] for line in lines}) > 1:
            return [_error("mismatched_model", "The file has requests to several models.")]
        if any(line["url"] != ENDPOINT or line["method"] != "POST" for line in lines):
            return [_error("invalid_url", "A line is for another endpoint.")]
        return []

    def _look(self, name: str) -> Answer:
        self.advance(self.a_look)
        batch = self._known(self.batches, name)
        return _reply(self._told(batch)) if batch else _refusal(404, f"No batch {name}")

    def _cancel(self, name: str) -> Answer:
        batch = self._known(self.batches, name)
        if batch is None:
            return _refusal(404, f"No batch {name}")
        if batch.state in FINAL:
            return _refusal(409, f"Cannot cancel a batch with status '{batch.state}'.")
        if batch.state != "cancelling":
            self._to(batch, "cancelling")
        return _reply(self._told(batch))

    def _move(self, batch: Batch) -> None:
        """Where a batch has come to by now."""
        age = self.now - batch.created
        if batch.state == "validating" and age >= self.validating:
            full = self._is_full(batch)
            if full:
                batch.errors.append(full)
            self._to(batch, "failed" if batch.errors else "in_progress")
        worked = (age - self.validating) / self.working if self.working else 1.0
        if batch.state == "in_progress":
            in_time = min(worked, (self.window - self.validating) / (self.working or 1.0))
            self._work(batch, in_time)
            if age >= self.window:
                self._end(batch, "expired")
            elif worked >= 1:
                self._to(batch, "finalizing")
        done = age >= self.validating + self.working + self.finalizing
        if batch.state == "finalizing" and done:
            self._end(batch, "completed")
        cancelled = batch.times.get("cancelling_at", self.now) + self.cancelling
        if batch.state == "cancelling" and self.now >= cancelled:
            self._end(batch, "cancelled")

    def _is_full(self, batch: Batch) -> dict[str, Any] | None:
        others = sum(
            each.tokens
            for each in self.batches.values()
            if each is not batch and each.state in ("in_progress", "finalizing")
        )
        if self.enqueued is None or others + batch.tokens <= self.enqueued:
            return None
        return _error(
            "token_limit_exceeded",
            f"Enqueued token limit reached for gpt-standin in organization org-x. Limit:"
            f" {self.enqueued:,} enqueued tokens. Please try again once some in_progress batches"
            " have been completed.",
        )

    def _work(self, batch: Batch, share: float) -> None:
        for number in range(min(len(batch.lines), int(share * len(batch.lines) + 1e-9))):
            if number not in batch.results:
                question = _question(batch.lines[number])
                question.batch = batch.id
                batch.results[number] = self._ask(question)

    def _end(self, batch: Batch, state: str) -> None:
        outputs: Lines = []
        errors: Lines = []
        for number, line in enumerate(batch.lines):
            reply = batch.results.get(number)
            result = {"id": f"batch_req_{number:04}", "custom_id": line["custom_id"]}
            if reply is None:
                if state == "completed":
                    continue
                why = {"code": f"batch_{state}", "message": "This request was not executed."}
                errors.append(dumped({**result, "response": None, "error": why}))
                continue
            try:
                body = json.loads(reply.body)
            except ValueError:
                body = reply.body.decode("utf-8", "replace")
            response = {"status_code": reply.status, "request_id": "req", "body": body}
            told = dumped({**result, "response": response, "error": None})
            (outputs if reply.status == 200 else errors).append(told)
        random.Random(batch.id).shuffle(outputs)
        outputs, errors = self.spoil("output", outputs), self.spoil("error", errors)
        if outputs:
            batch.output = self._new_file(
                f"{batch.id}_output.jsonl", "batch_output", b"\n".join(outputs) + b"\n", batch.owner
            ).id
        if errors:
            batch.error = self._new_file(
                f"{batch.id}_error.jsonl", "batch_output", b"\n".join(errors) + b"\n", batch.owner
            ).id
        self._to(batch, state)

    def _to(self, batch: Batch, state: str) -> None:
        batch.state = state
        batch.times[f"{state}_at"] = int(self.now)

    def _told(self, batch: Batch) -> dict[str, Any]:
        failed = sum(reply.status != 200 for reply in batch.results.values())
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": ENDPOINT,
            "errors": {"object": "list", "data": batch.errors} if batch.state == "failed" else None,
            "input_file_id": batch.file,
            "completion_window": "24h",
            "status": batch.state,
            "output_file_id": batch.output,
            "error_file_id": batch.error,
            "created_at": int(batch.created),
            "expires_at": int(batch.created + self.window),
            **batch.times,
            "request_counts": {
                "total": 0 if batch.state == "validating" else len(batch.lines),
                "completed": len(batch.results) - failed,
                "failed": failed,
            },
            "metadata": dict(batch.metadata),
        }

    def _list(self, found: list[dict[str, Any]], asked: Asked) -> Answer:
        """One page, the newest first."""
        ids = [each["id"] for each in found]
        after = asked.query.get("after")
        begin = ids.index(after) + 1 if after in ids else 0
        end = begin + min(int(asked.query.get("limit", "20")), self.page)
        page = found[begin:end]
        return _reply(
            {
                "object": "list",
                "data": page,
                "first_id": page[0]["id"] if page else None,
                "last_id": page[-1]["id"] if page else None,
                "has_more": end < len(found),
            }
        )


def _question(line: Mapping[str, Any]) -> Question:
    return Question(Asked("POST", "", ENDPOINT, {}, {}, dumped(line["body"])))


def _read(content: bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    lines, errors = [], []
    for number, text in enumerate(content.splitlines(), start=1):
        try:
            line = json.loads(text)
            _ = line["custom_id"], line["body"]["model"], line["url"], line["method"]
        except (ValueError, KeyError, TypeError):
            errors.append({**_error("invalid_json_line", "This line is not JSON."), "line": number})
            continue
        lines.append(line)
    return lines, errors


def _error(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "param": None, "line": None}


def _file_told(file: File) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "file",
        "bytes": len(file.content),
        "created_at": file.created,
        "filename": file.name,
        "purpose": file.purpose,
        "status": "processed",
    }


def _reply(body: dict[str, Any]) -> Reply:
    return Reply(200, dumped(body), JSON)


def _refusal(status: int, message: str) -> Reply:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return Reply(status, dumped({"error": error}), JSON)
