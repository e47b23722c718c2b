"""Cassettes: all HTTP of a run kept in one readable file, and played instead of the network."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from generator.errors import (
    CassetteUnreadable,
    CassetteUnwritable,
    GenerateError,
    NotInCassette,
)
from generator.fetcher.scrubbing import (
    Secrets,
    request_key,
    scrub_headers,
    scrub_reply_body,
    scrub_request_body,
    scrub_url,
)

_VERSION = 1
_MOST_HEADERS = 50
# A cassette has six levels; of a hundred thousand, libyaml's composer would end the process.
_DEEPEST = 12
# What a block of YAML cannot hold as it is: other ends of a line than the plain one.
_LINE_ENDS = "\r\x85\u2028\u2029"


@contextmanager
def cassette(path: Path | None) -> Iterator[None]:
    """While it is entered, all HTTP comes from the file if there is one, else is recorded to it.

    Replayed, no request leaves: one that the file does not hold raises NotInCassette where it is
    made. A reply plays any number of times. Recorded, the file is written at the end, in one piece,
    without secrets, and with the last reply to each request; not at all if nothing was answered or
    the run broke off. Without a path, nothing happens.

    Raises CassetteUnreadable, and CassetteUnwritable before anything is asked.
    """
    if path is None:
        yield
        return
    failure: GenerateError | None = None
    persister = _Persister(path)
    with _quiet_logs(), _tape(path, persister):
        try:
            yield
        except GenerateError as error:
            # A video that cannot be had is an end of the run, too: what was heard of it is kept.
            failure = error
    failure = persister.failure or failure
    if failure is not None:
        raise failure


def _tape(path: Path, persister: _Persister) -> Any:
    import vcr

    replayed = path.exists()
    if not replayed:
        _check_writable(path)
    recorder = vcr.VCR(record_mode="none" if replayed else "once")
    recorder.register_matcher("scrubbed", lambda one, other: _key(one) == _key(other))
    return recorder.use_cassette(
        path,
        match_on=["scrubbed"],
        persister=persister,
        before_record_request=persister.scrub_request,
        before_record_response=persister.scrub_reply,
        allow_playback_repeats=replayed,
        record_on_exception=False,
    )


class _Persister:
    """Reads and writes one cassette; vcrpy calls it, and hands it requests and replies.

    `failure` is why the file could not be written: raised while vcrpy saves, it would leave vcrpy
    between the program and the network.
    """

    def __init__(self, path: Path) -> None:
        self.failure: GenerateError | None = None
        self._path = path
        self._secrets = Secrets()
        self._keys: set[tuple[Any, ...]] | None = None

    def load_cassette(self, cassette_path: object, serializer: object) -> tuple[Any, Any]:
        """The requests and replies of the file. Raises CassetteUnreadable."""
        from vcr.persisters.filesystem import CassetteNotFoundError

        if not self._path.exists():
            raise CassetteNotFoundError
        requests, replies = _read(self._path)
        self._keys = {_key(request) for request in requests}
        return requests, replies

    def save_cassette(self, cassette_path: object, recorded: dict[str, Any], **_: object) -> None:
        """Writes the last reply to each request: the ones before it were tried again."""
        latest: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        for request, reply in zip(recorded["requests"], recorded["responses"], strict=True):
            latest[_key(request)] = request, reply
        interactions = [
            {"request": _written_request(request), "response": reply}
            for request, reply in latest.values()
        ]
        if interactions:
            try:
                _write(self._path, _dumped(self._secrets.hide(interactions)))
            except GenerateError as error:
                self.failure = error

    def scrub_request(self, request: Any) -> Any:
        """The request as it is kept and looked for. Raises NotInCassette if it is not there."""
        self._secrets.learn_headers(request.headers)
        request.body = scrub_request_body(request.uri, request.body, self._secrets)
        request.uri = scrub_url(request.uri)
        if self._keys is not None and _key(request) not in self._keys:
            raise NotInCassette(self._path, request.uri)
        request.headers = {
            name: values[0] for name, values in scrub_headers(request.headers, reply=False).items()
        }
        return request

    def scrub_reply(self, reply: dict[str, Any]) -> dict[str, Any]:
        """The reply as it is kept: status, few headers, the body as text."""
        headers = {name.lower(): values for name, values in reply["headers"].items()}
        self._secrets.learn_headers(headers)
        packed = ",".join(headers.get("content-encoding", []))
        body = scrub_reply_body(reply["body"]["string"], packed.split(","), self._secrets)
        return {
            "status": {"code": reply["status"]["code"], "message": reply["status"]["message"]},
            "headers": scrub_headers(headers, reply=True),
            "body": {"string": body if self._keys is None else _bytes(body)},
        }


def _key(request: Any) -> tuple[Any, ...]:
    """The request's key, worked out once: vcrpy compares every request with every other."""
    known: tuple[Any, ...] | None = getattr(request, "_key", None)
    if known is None:
        known = request_key(request.method, request.uri, request.body)
        request._key = known
    return known


def _written_request(request: Any) -> dict[str, Any]:
    body = request.body
    return {
        "method": request.method,
        "uri": request.uri,
        "body": body.decode("utf-8") if isinstance(body, bytes) else body,
        "headers": {name: [value] for name, value in request.headers.items()},
    }


def _dumped(interactions: list[dict[str, Any]]) -> str:
    import yaml

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Writes text of several lines as a block, and nothing by reference."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    def text(dumper: Any, value: str) -> Any:
        style = "|" if "\n" in value else None
        if any(end in value for end in _LINE_ENDS):
            style = '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    content = {"version": _VERSION, "interactions": interactions}
    return str(yaml.dump(content, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=2**30))


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise CassetteUnwritable(path, error.strerror or "the disk does not take it") from None
    finally:
        temporary.unlink(missing_ok=True)


def _check_writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CassetteUnwritable(path, error.strerror or "the folder takes no file") from None


def _read(path: Path) -> tuple[list[Any], list[dict[str, Any]]]:
    """The requests and replies of a cassette, which anybody may have written."""
    import yaml
    from vcr.request import Request

    try:
        text = path.read_text(encoding="utf-8")
        if _is_too_deep(text):
            _refuse(path, "it is nested too deeply")
        content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except OSError as error:
        _refuse(path, (error.strerror or "it cannot be opened").lower())
    except (yaml.YAMLError, ValueError, RecursionError):
        _refuse(path, "it is not YAML of plain data")
    interactions = content.get("interactions") if isinstance(content, dict) else None
    if not isinstance(interactions, list) or content.get("version") != _VERSION:
        _refuse(path, "it holds no recorded requests")
    requests, replies = [], []
    for number, each in enumerate(interactions, start=1):
        with suppress(KeyError, TypeError, AttributeError, ValueError):
            asked, answered = each["request"], each["response"]
            requests.append(
                Request(_str(asked["method"]), _str(asked["uri"]), _body(asked.get("body")), {})
            )
            replies.append(_checked_reply(answered))
            _key(requests[-1])
        if len(replies) != number:
            _refuse(path, f"its request number {number} is damaged")
    return requests, replies


def _is_too_deep(text: str) -> bool:
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return True
    return False


def _checked_reply(reply: dict[str, Any]) -> dict[str, Any]:
    code, body = reply["status"]["code"], reply["body"]["string"]
    headers = {
        _line(name): [_line(value) for value in values]
        for name, values in reply["headers"].items()
        if isinstance(values, list)
    }
    if not isinstance(code, int) or not 100 <= code <= 599 or len(headers) > _MOST_HEADERS:
        raise ValueError("no reply of HTTP")
    return {
        "status": {"code": code, "message": _line(reply["status"].get("message") or "")},
        "headers": headers,
        "body": {"string": _bytes(_body(body) or b"")},
    }


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _line(value: object) -> str:
    line = _str(value)
    if len(line) > 8192 or not line.isprintable() or not line.isascii():
        raise ValueError("no header of HTTP")
    return line


def _body(value: object) -> str | bytes | None:
    if not isinstance(value, str | bytes | None):
        raise TypeError("a body expected")
    return value


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8") if isinstance(value, str) else value


def _refuse(path: Path, reason: str) -> NoReturn:
    raise CassetteUnreadable(path, reason) from None


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """vcrpy logs addresses with their keys, and whole replies."""
    log = logging.getLogger("vcr")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
