"""What a batch service says of a batch, read as far as it makes sense."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SUBMISSION = "generate_submission"
"""The name in a batch's metadata under which our own name of it stands."""

COMPLETED, FAILED, EXPIRED, CANCELLED = "completed", "failed", "expired", "cancelled"
_OVER = {COMPLETED, FAILED, EXPIRED, CANCELLED}
_FULL = re.compile(
    r"token_limit_exceeded|enqueued (?:token|request)s?\b.{0,200}limit|enqueued token"
)
_LIMIT = re.compile(r"limit(?: of)?:? ?([0-9][0-9,. ]{0,20}) ?([kmb]?)\b", re.IGNORECASE)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@=-]{0,199}")
_WORD = re.compile(r"[a-z_]{1,40}")
_MOST_PROBLEMS = 1_000


class NotAJob(Exception):
    """A reply that tells of no batch, or of no list of them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a service did not take a batch; `line` of its file, from 1, where one is to blame."""

    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A batch at its service. Counts are 0 and ids empty where nothing is said of them."""

    id: str
    status: str
    submission: str = ""
    input_file: str = ""
    output_file: str = ""
    error_file: str = ""
    total: int = 0
    done: int = 0
    failed: int = 0
    problems: tuple[Problem, ...] = ()
    expires_at: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in _OVER

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it has at the service."""
        return tuple(filter(None, (self.input_file, self.output_file, self.error_file)))


def is_full(said: str) -> bool:
    """Whether a service says that it has as many tokens enqueued as it takes."""
    return bool(_FULL.search(said.lower()))


def limit_in(said: str) -> int | None:
    """How many tokens a service takes at once, if it says: `Limit: 2,000,000 enqueued tokens`."""
    found = _LIMIT.search(said)
    if found is None:
        return None
    try:
        number = float(re.sub("[, ]", "", found[1]).rstrip("."))
    except ValueError:
        return None
    return max(1, int(number * _TIMES[found[2].lower()]))


def read_job(body: bytes) -> Job:
    """The batch that a reply tells of. Raises NotAJob."""
    return _job(_object(body))


def read_page(body: bytes) -> tuple[list[Job], bool]:
    """The batches that a page of a list has, and whether there are more. Raises NotAJob."""
    page = _object(body)
    data = page.get("data")
    if not isinstance(data, list):
        raise NotAJob
    jobs = []
    for each in data:
        if isinstance(each, dict):
            try:
                jobs.append(_job(each))
            except NotAJob:
                continue
    return jobs, page.get("has_more") is True and bool(jobs)


def read_files(body: bytes) -> tuple[list[tuple[str, str]], bool]:
    """The ids and names of the files that a page of a list has, and whether there are more."""
    page = _object(body)
    data = page.get("data")
    if not isinstance(data, list):
        raise NotAJob
    files = [
        (file_id, str(each.get("filename") or ""))
        for each in data
        if isinstance(each, dict) and (file_id := _id(each.get("id")))
    ]
    return files, page.get("has_more") is True and bool(files)


def read_file_id(body: bytes) -> str:
    """The id of the file that a reply tells of. Raises NotAJob."""
    file_id = _id(_object(body).get("id"))
    if not file_id:
        raise NotAJob
    return file_id


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise NotAJob from None
    if not isinstance(found, dict):
        raise NotAJob
    return found


def _job(found: Mapping[str, Any]) -> Job:
    job_id, status = _id(found.get("id")), found.get("status")
    if not job_id or not isinstance(status, str) or not _WORD.fullmatch(status):
        raise NotAJob
    metadata, counts = found.get("metadata"), found.get("request_counts")
    counts = counts if isinstance(counts, dict) else {}
    submission = metadata.get(SUBMISSION) if isinstance(metadata, dict) else ""
    return Job(
        id=job_id,
        status=status,
        submission=submission if isinstance(submission, str) else "",
        input_file=_id(found.get("input_file_id")),
        output_file=_id(found.get("output_file_id")),
        error_file=_id(found.get("error_file_id")),
        total=_count(counts.get("total")),
        done=_count(counts.get("completed")),
        failed=_count(counts.get("failed")),
        problems=tuple(_problems(found.get("errors"))),
        expires_at=_count(found.get("expires_at")),
    )


def _problems(errors: object) -> list[Problem]:
    data = errors.get("data") if isinstance(errors, dict) else errors
    return [
        Problem(
            code=str(each.get("code") or "")[:100],
            message=str(each.get("message") or "")[:2000],
            line=line if isinstance(line := each.get("line"), int) and line > 0 else None,
        )
        for each in (data if isinstance(data, list) else [])[:_MOST_PROBLEMS]
        if isinstance(each, dict)
    ]


def _id(value: object) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**15:
        return 0
    return int(value)
