"""Recording to one file, and playing from it with nothing leaving the machine."""

from __future__ import annotations

import gzip
import json
import logging
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from generator.errors import (
    CassetteUnreadable,
    CassetteUnwritable,
    NotInCassette,
    VideoPrivate,
)
from generator.fetcher.cassettes import cassette
from generator.fetcher.http import Connection, open_session
from generator.fetcher.youtube import fetch_video

SECRETS = ["cookievalue", "freshcookie", "keykeykeykey", "Cgt0visitor", "203.0.113.7", "pa55word"]
REPLY = {"visitorData": "Cgt0visitor", "told": "ü – two\nlines", "again": "Cgt0visitor"}


class Handler(BaseHTTPRequestHandler):
    """Counts what is asked; `/busy` is so the first time."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status = 503 if self.path == "/busy" and self.asked.count("/busy") == 1 else 200
        body = json.dumps(REPLY, ensure_ascii=False).encode()
        if self.path == "/lines":
            body = "<p>one \r\n\ttwo\u2028three\x85four\n\U0001f600\n".encode()
        if self.path == "/next-line":
            body = "one\x85two\nthree".encode()
        if self.path == "/binary":
            body = bytes(range(256))
        if self.path == "/gzip":
            body = gzip.compress(body)
        self.send_response(status)
        if self.path == "/gzip":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Set-Cookie", "NEW=freshcookie; Path=/")
        self.send_header("X-Client-Address", "203.0.113.7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(f"POST {self.path}")
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("OneHandler", (Handler,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


def ask(url: str) -> requests.Response:
    headers = {
        "Cookie": "SID=cookievalue",
        "Authorization": "Bearer keykeykeykey",
        "x-api-key": "keykeykeykey",
    }
    return requests.get(url, headers=headers, timeout=5)


def test_what_was_recorded_plays_in_any_order_any_number_of_times(
    server: tuple[str, list[str]], tmp_path: Path
) -> None:
    (base, asked), path = server, tmp_path / "new" / "run.yaml"
    with cassette(path):
        recorded = [ask(f"{base}/{name}").json() for name in ("a", "gzip")]
        assert ask(f"{base}/a?ip=203.0.113.7&x=1").status_code == 200
    asked.clear()
    with cassette(path):
        played = [ask(f"{base}/{name}").json() for name in ("gzip", "a", "gzip", "gzip")]
        ask(f"{base}/a?x=1&ip=198.51.100.1")
    assert recorded == [REPLY, REPLY]
    assert [reply["told"] for reply in played] == [REPLY["told"]] * 4
    assert asked == []


def test_the_file_is_readable_and_holds_no_secret(
    server: tuple[str, list[str]], tmp_path: Path
) -> None:
    (base, _), path = server, tmp_path / "run.yaml"
    with cassette(path):
        ask(f"{base}/gzip?key=keykeykeykey")
        ask(f"{base.replace('//', '//me:pa55word@')}/lines")
        requests.post(
            f"{base}/post", json={"email": "pa55word", "cookie": "cookievalue"}, timeout=5
        )
    text = path.read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in text] == []
    content = yaml.safe_load(text)
    assert content["version"] == 1
    first = content["interactions"][0]
    assert first["request"] == {
        "method": "GET",
        "uri": f"{base}/gzip?key=scrubbed",
        "body": None,
        "headers": {},
    }
    assert first["response"]["headers"] == {"content-type": ["application/json; charset=utf-8"]}
    told = json.loads(first["response"]["body"]["string"])
    assert told == {"visitorData": "scrubbed", "told": "ü – two\nlines", "again": "scrubbed"}
    assert "ü – two" in text


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("name", ["lines", "next-line", "binary"])
def test_bodies_come_back_to_the_byte(
    name: str,
    fast: bool,
    server: tuple[str, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not fast:  # PyYAML without its part in C
        monkeypatch.delattr(yaml, "CSafeDumper", raising=False)
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    (base, _), path = server, tmp_path / "run.yaml"
    with cassette(path):
        recorded = ask(f"{base}/{name}").content
    with cassette(path):
        assert ask(f"{base}/{name}").content == recorded


def test_of_one_request_the_last_reply_is_kept(
    server: tuple[str, list[str]], tmp_path: Path
) -> None:
    (base, asked), path = server, tmp_path / "run.yaml"
    waits: list[float] = []
    with cassette(path), open_session(Connection(sleep=waits.append)) as session:
        assert session.get(f"{base}/busy").status_code == 200
    assert (waits, len(asked)) == ([1.0], 2)
    with cassette(path), open_session(Connection(sleep=waits.append)) as session:
        assert session.get(f"{base}/busy").status_code == 200
    assert (waits, len(asked)) == ([1.0], 2)


def test_a_request_that_was_not_recorded_leaves_nobody(
    server: tuple[str, list[str]], tmp_path: Path
) -> None:
    (base, asked), path = server, tmp_path / "run.yaml"
    with cassette(path):
        ask(f"{base}/a")
    asked.clear()
    waits: list[float] = []
    with cassette(path), open_session(Connection(sleep=waits.append)) as session:
        for url in (f"{base}/b?key=keykeykeykey", "https://nowhere.invalid/x"):
            with pytest.raises(NotInCassette) as caught:
                session.get(url)
            assert url.partition("?")[0] in caught.value.message
            assert "keykeykeykey" not in caught.value.message
    assert (asked, waits) == ([], [])


def test_a_video_that_was_not_recorded_is_told_so_at_once(
    server: tuple[str, list[str]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (base, _), path = server, tmp_path / "run.yaml"
    with cassette(path):
        ask(f"{base}/a")
    waits: list[float] = []
    with cassette(path), pytest.raises(NotInCassette) as caught:
        fetch_video("aaaaaaaaaa1", ("en",), Connection(sleep=waits.append))
    assert "https://www.youtube.com/watch?v=aaaaaaaaaa1" in caught.value.message
    assert waits == []
    assert capfd.readouterr() == ("", "")


def test_nothing_is_written_where_nothing_was_answered(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    with cassette(path), pytest.raises(requests.ConnectionError):
        requests.get("http://127.0.0.1:9/", timeout=5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, ValueError])
def test_nothing_is_written_of_a_run_that_broke_off(
    interruption: type[BaseException], server: tuple[str, list[str]], tmp_path: Path
) -> None:
    path = tmp_path / "run.yaml"
    with pytest.raises(interruption):
        ask_and_break_off(path, f"{server[0]}/a", interruption())
    assert list(tmp_path.iterdir()) == []


def test_what_was_heard_of_a_video_that_cannot_be_had_is_kept(
    server: tuple[str, list[str]], tmp_path: Path
) -> None:
    path = tmp_path / "run.yaml"
    with pytest.raises(VideoPrivate):
        ask_and_break_off(path, f"{server[0]}/a", VideoPrivate("aaaaaaaaaa1"))
    assert path.exists()


def test_a_disk_that_fails_leaves_nothing_half_written(
    server: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "run.yaml"
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CassetteUnwritable), cassette(path):
        ask(f"{server[0]}/a")
    assert list(tmp_path.iterdir()) == []
    assert ask(f"{server[0]}/a").json() == REPLY
    assert len(server[1]) == 2, "the network is not back"


def test_a_place_that_takes_no_file_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CassetteUnwritable), cassette(tmp_path / "file" / "run.yaml"):
        pytest.fail("the run began")


def test_without_a_path_nothing_happens(server: tuple[str, list[str]]) -> None:
    with cassette(None):
        assert ask(f"{server[0]}/a").json() == REPLY


def test_the_network_is_back_afterwards(server: tuple[str, list[str]], tmp_path: Path) -> None:
    (base, asked), path = server, tmp_path / "run.yaml"
    with cassette(path):
        ask(f"{base}/a")
    with cassette(path):
        ask(f"{base}/a")
    asked.clear()
    ask(f"{base}/c")
    assert asked == ["/c"]


def test_nothing_is_logged(
    server: tuple[str, list[str]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (base, _), path = server, tmp_path / "run.yaml"
    with caplog.at_level(logging.DEBUG, logger="vcr"):
        for _ in range(2):
            with cassette(path):
                ask(f"{base}/a?key=keykeykeykey")
    assert [record for record in caplog.records if record.name.startswith("vcr")] == []


def ask_and_break_off(path: Path, url: str, error: BaseException) -> None:
    with cassette(path):
        ask(url)
        raise error


def interaction() -> dict[str, Any]:
    asked = {"method": "GET", "uri": "http://a.invalid/", "body": None, "headers": {}}
    reply = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "hello"}}
    return {"request": asked, "response": reply}


def written(path: Path, *interactions: object) -> Path:
    path.write_text(yaml.safe_dump({"version": 1, "interactions": list(interactions)}))
    return path


def test_a_file_by_hand_plays(tmp_path: Path) -> None:
    path = written(tmp_path / "run.yaml", interaction())
    with cassette(path):
        assert requests.get("http://a.invalid/", timeout=5).text == "hello"


HOSTILE = {
    "empty": "",
    "no YAML": "{",
    "other YAML": "- 1\n- 2\n",
    "no list": "version: 1\ninteractions: 3\n",
    "another version": "version: 2\ninteractions: []\n",
    "a call": "version: 1\ninteractions: !!python/object/apply:os.mkdir [TARGET]\n",
    "an object": "version: 1\ninteractions: [!!python/object/new:io.BytesIO {}]\n",
    "deep": "version: 1\ninteractions: " + "[" * 5000 + "]" * 5000 + "\n",
    "deep enough to end a process": "- " * 200_000,
    "no pair": "version: 1\ninteractions: [1, {}]\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_cassette_is_refused(name: str, tmp_path: Path) -> None:
    target = tmp_path / "made-by-a-cassette"
    path = tmp_path / "run.yaml"
    path.write_text(HOSTILE[name].replace("TARGET", str(target)))
    with pytest.raises(CassetteUnreadable), cassette(path):
        pytest.fail("the run began")
    assert not target.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"uri": 3},
        {"uri": "http://[::1"},
        {"method": None},
        {"body": 3},
        {"status": {"code": "200"}},
        {"status": {"code": 7}},
        {"status": {"code": 200, "message": "OK\r\nX: y"}},
        {"headers": {"x": ["a\r\nSet-Cookie: b"]}},
        {"headers": {"x\n": ["a"]}},
        {"headers": {f"x{n}": ["a"] for n in range(99)}},
    ],
    ids=str,
)
def test_a_damaged_pair_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    one = interaction()
    for name, value in change.items():
        where = "response" if name in {"status", "headers"} else "request"
        one[where][name] = value
    with (
        pytest.raises(CassetteUnreadable) as caught,
        cassette(written(tmp_path / "run.yaml", interaction(), one)),
    ):
        pytest.fail("the run began")
    assert "number 2" in caught.value.message


def test_a_cassette_nested_deeper_than_any_is_not_even_built(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text("version: 1\ninteractions: " + "[" * 20 + "]" * 20)
    with pytest.raises(CassetteUnreadable) as caught, cassette(path):
        pytest.fail("the run began")
    assert "nested too deeply" in str(caught.value)


def test_a_folder_is_no_cassette(tmp_path: Path) -> None:
    with pytest.raises(CassetteUnreadable), cassette(tmp_path):
        pytest.fail("the run began")
