"""A Dask cluster of processes of this machine that begin at once, to be killed.

One process imports all that they need and forks each. `python -m tests.standins.dasked` is that
process.
"""

from __future__ import annotations

import asyncio
import json
import os
import pkgutil
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Dasked:
    """Starts schedulers and workers while it is entered; all of them end with it.

    `address` is the scheduler's, the same for each that is started.
    """

    def __init__(self) -> None:
        self.address = f"tcp://127.0.0.1:{_free_port()}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.standins.dasked"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._running: list[int] = []
        self._lock = threading.Lock()

    def scheduler(self) -> int:
        """Starts a scheduler; its process's id, once it listens."""
        return self._started(kind="scheduler")

    def worker(
        self,
        name: str,
        *,
        version: str | None = None,
        environment: dict[str, str] | None = None,
        first: str = "",
    ) -> int:
        """Starts a worker; its process's id, once the scheduler knows it.

        It says that it has that version of the program, has this in its environment, and calls
        `first`, a function by the name of its module and its own (`a.b:c`).
        """
        env = environment or {}
        return self._started(kind="worker", name=name, version=version, env=env, first=first)

    def kill(self, *processes: int) -> None:
        """Ends processes at once, as kill -9 does."""
        for process in processes:
            self._running.remove(process)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                while True:  # until its ports are free
                    os.kill(process, 0)
                    time.sleep(0.01)

    def kill_all(self) -> None:
        """Ends all that run."""
        self.kill(*list(self._running))

    def __enter__(self) -> Self:
        self._line()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill_all()
        self._process.kill()
        self._process.communicate()

    def _started(self, **job: Any) -> int:
        assert self._process.stdin
        with self._lock:
            self._process.stdin.write(json.dumps({"address": self.address, **job}) + "\n")
            self._process.stdin.flush()
            process = int(self._line())
            self._running.append(process)
            became = self._line()
        if became != "up":
            raise AssertionError(f"a {job['kind']} did not start: {became}")
        return process

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


def _free_port() -> int:
    """One that no connection is given by chance, in the time between two schedulers."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def main() -> None:
    """Forks a process for each line of the standard input, and prints its id, and when it is up."""
    _import_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            print(os.getpid(), flush=True)
            try:
                asyncio.run(_scheduler(job) if job["kind"] == "scheduler" else _worker(job))
            except BaseException as error:
                if not _is_up:
                    print(repr(error), flush=True)
            os._exit(0)


_is_up: list[bool] = []


def _up() -> None:
    _is_up.append(True)
    print("up", flush=True)


async def _scheduler(job: dict[str, Any]) -> None:
    from distributed import Scheduler

    host, _, port = job["address"].removeprefix("tcp://").partition(":")
    async with Scheduler(host=host, port=int(port), dashboard_address=":0") as scheduler:
        _up()
        await scheduler.finished()


async def _worker(job: dict[str, Any]) -> None:
    from distributed import Worker

    os.environ.update(job["env"])
    if job["version"]:
        import generator

        generator.__version__ = job["version"]
    if job["first"]:
        pkgutil.resolve_name(job["first"])()
    async with Worker(
        job["address"], name=job["name"], nthreads=1, host="127.0.0.1", memory_limit=0
    ) as worker:
        _up()
        await worker.finished()


def _import_all() -> None:
    import logging

    import distributed
    import openai.resources.chat.completions
    import youtube_transcript_api  # noqa: F401
    import yt_dlp.extractor.youtube  # noqa: F401

    from generator.cluster import station, worker  # noqa: F401
    from generator.summarizer.openai import engine  # noqa: F401
    from generator.summarizer.openai.prompts import Prompts

    Prompts()
    assert openai.AsyncOpenAI
    assert distributed.Worker
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("distributed"):
            logging.getLogger(name).handlers = [logging.NullHandler()]


if __name__ == "__main__":
    main()
