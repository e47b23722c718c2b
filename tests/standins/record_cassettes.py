"""Records the demo's cassettes: the command itself, run against the stand-ins.

    python -m tests.standins.record_cassettes

There is one for each engine. A file that was there is replaced only by one whose replay, with every
way to the network shut, gives the same vault to the byte, and in which nothing of this machine is
left.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tests.standins.llm import HOST, LLMStandIn, demo_answers
from tests.standins.talk import Talk, demo_talks
from tests.standins.youtube import COOKIE, YouTubeStandIn

DEMO = {
    "extractive": Path("cassettes") / "demo.yaml",
    "openai": Path("cassettes") / "demo-openai.yaml",
}
KEY = "sk-of-nobody-0123456789"
"""The key that the stand-in for model servers is asked with."""

NO_PROXY = "http://127.0.0.1:9"
"""The address of nobody: what asks it fails at once."""

_PASSED_ON = {"PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL", "VIRTUAL_ENV", "PYTHONPATH"}
_LOGIN_HEADERS = {"set-cookie", "cookie", "authorization", "proxy-authorization"}
_LOCAL_OR_SECRET = (
    r"127\.0\.0\.1",
    r"\blocalhost\b",
    r"\bAIza[0-9A-Za-z_-]{30}",
    r"\bsk-[0-9A-Za-z_-]{20}",
)
_SECRET_NAME = re.compile("KEY|TOKEN|SECRET|PASSW|CREDENTIAL|COOKIE|AUTH", re.IGNORECASE)


class RecordingFailed(Exception):
    """The new cassette is not fit to be kept; the old one is as it was."""


def record(talks: Sequence[Talk], cassette: Path, engine: str = "extractive") -> list[str]:
    """Records a run over the channels of `talks`, and returns the requests that were made.

    Raises RecordingFailed where a run fails, a request got no good reply, the replay's vault is
    another, or the file says something of this machine.
    """
    with tempfile.TemporaryDirectory(prefix="record-") as folder:
        room = Path(folder)
        fresh = room / cassette.name
        with YouTubeStandIn(talks) as youtube, LLMStandIn(*demo_answers(talks)) as llm:
            environment = youtube.environment | {
                "SSL_CERT_FILE": str(llm.ca_bundle),
                "HTTPS_PROXY": llm.proxy_url,
            }
            generate(talks, fresh, room / "recorded", youtube.proxy_url, environment, engine)
            asked = list(youtube.requests)
            told = list(llm.requests)
            private = [KEY, str(room)]
            for proxy in (youtube.proxy_url, llm.proxy_url):
                private += [proxy, urlsplit(proxy).netloc]
        failed = [
            f"{line.method} {line.path} {line.status}" for line in asked if line.status != 200
        ]
        failed += [f"{line.prompt} {line.status}" for line in told if not line.good]
        if failed:
            raise RecordingFailed(f"These requests failed: {failed}")
        shut = {"HTTPS_PROXY": NO_PROXY}
        generate(talks, fresh, room / "replayed", NO_PROXY, shut, engine)
        recorded, replayed = (files_of(room / name) for name in ("recorded", "replayed"))
        if recorded != replayed or not recorded:
            other = sorted(
                name
                for name in recorded.keys() | replayed.keys()
                if recorded.get(name) != replayed.get(name)
            )
            raise RecordingFailed(f"The replay gives another vault: {other or 'both are empty'}")
        found = leaks(fresh.read_text("utf-8"), [*private, *things_of_this_machine()])
        if found:
            raise RecordingFailed(f"The cassette would tell of this machine: {found}")
        cassette.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fresh, cassette.with_suffix(".new"))
        cassette.with_suffix(".new").replace(cassette)
    requests = [f"{line.method} https://{line.host}{line.path} ({line.video})" for line in asked]
    return requests + [f"POST https://{HOST}{line.path} ({line.prompt})" for line in told]


def generate(
    talks: Sequence[Talk],
    cassette: Path,
    vault: Path,
    proxy: str,
    environment: Mapping[str, str],
    engine: str = "extractive",
) -> None:
    """Runs the command over the talks' channels in a process that has nobody's settings.

    Raises RecordingFailed with what the command said.
    """
    command = [sys.executable, "-c", "from generator.cli import main; main()"]
    channels = sorted({talk.handle for talk in talks})
    lists = [part for channel in channels for part in ("--channel", channel)]
    options = ["--engine", engine, "--cassette", str(cassette), "--proxy", proxy]
    here = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    here["PYTHONPATH"] = os.pathsep.join(
        filter(None, (str(Path(__file__).parents[2]), here.get("PYTHONPATH")))
    )
    run = subprocess.run(
        [*command, *lists, *options, "--output", str(vault)],
        cwd=cassette.parent,
        env={**here, **environment, "HOME": str(cassette.parent), "OPENAI_API_KEY": KEY},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        raise RecordingFailed(f"generate ended with {run.returncode}:\n{run.stdout}{run.stderr}")


def files_of(vault: Path) -> dict[str, bytes]:
    """All files of a vault but its library, which holds the times of its making."""
    return {
        path.relative_to(vault).as_posix(): path.read_bytes()
        for path in sorted(vault.rglob("*"))
        if path.is_file() and not path.name.startswith("library.db")
    }


def things_of_this_machine() -> list[str]:
    """What a cassette must not hold: the stand-in's cookie, places and secrets of this machine."""
    secrets = [
        value for name, value in os.environ.items() if _SECRET_NAME.search(name) and len(value) > 7
    ]
    places = [str(place) for place in (Path.home(), Path.cwd(), Path(sys.prefix))]
    return [COOKIE, *(place for place in places if len(place) > 4), *secrets]


def leaks(cassette: str, private: Sequence[str]) -> list[str]:
    """What a cassette holds of `private`, and login headers, local addresses, keys of any kind."""
    names, texts = [], []
    for name, text in _texts(yaml.safe_load(cassette)):
        names.append(name.lower())
        texts.append(text)
    whole = "\n".join(texts)
    found = [thing for thing in private if thing in whole]
    found += sorted(_LOGIN_HEADERS.intersection(names))
    return found + [hit[0] for pattern in _LOCAL_OR_SECRET if (hit := re.search(pattern, whole))]


def _texts(data: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a cassette, whole and unpacked, with the nearest name above it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, str(key))
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value, name)
    elif isinstance(data, bytes):
        plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        yield name, plain.decode("utf-8", "replace")
    else:
        yield name, str(data)


def main(arguments: Sequence[str]) -> int:
    """Records the demo with the engines named, or all, and says what came of it."""
    talks = demo_talks()
    for engine in arguments or DEMO:
        cassette = DEMO[engine]
        before = cassette.read_bytes() if cassette.exists() else b""
        try:
            asked = record(talks, cassette, engine)
        except RecordingFailed as error:
            print(f"{cassette} was not recorded. {error}", file=sys.stderr)
            return 1
        print("\n".join(asked))
        change = "as it was" if cassette.read_bytes() == before else "new"
        size = cassette.stat().st_size // 1024
        print(f"{cassette}: {len(talks)} talks, {len(asked)} requests, {size} kB, {change}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
