"""Runs of the program in processes of their own that begin at once, to be killed.

One process imports all that a run needs and forks each run: one that was started by itself would
spend most of its time on imports. `python -m tests.standins.forked` is that process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Forked:
    """Starts runs, one at a time, while it is entered."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.standins.forked"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, channel: str, **settings: Any) -> int:
        """Begins a run on a channel with these settings; its process's id."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"channel": channel, "settings": settings}) + "\n")
        self._process.stdin.flush()
        return int(self._lines.get(timeout=60))

    def ended(self, timeout: float = 60) -> int | None:
        """How the run ended: its exit code, or the negative number of the signal that ended it.

        None where it does not end in so many seconds.
        """
        with suppress(Empty):
            return int(self._lines.get(timeout=timeout))
        return None

    def __enter__(self) -> Self:
        self._lines.get(timeout=60)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)


def main() -> None:
    """Forks a run for each line of the standard input, and prints its id and how it ended."""
    _import_all()
    print("ready", flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 70
            with suppress(BaseException):
                code = _run(job["channel"], job["settings"])
            os._exit(code)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(channel: str, settings: dict[str, Any]) -> int:
    from generator.pipeline import generate
    from generator.settings import Settings
    from generator.sources import ListSource
    from generator.task import Task

    report = generate(Task((ListSource("channel", channel),)), Settings(**settings))
    return 1 if report.failed or report.lists or report.ended else 0


def _import_all() -> None:
    """What a run imports, and what it makes once: nothing of it starts a thread that stays."""
    import openai.resources.chat.completions
    import vcr
    import youtube_transcript_api  # noqa: F401
    import yt_dlp.extractor.youtube  # noqa: F401

    from generator.pipeline import generate
    from generator.settings import Settings
    from generator.sources import FileSource
    from generator.summarizer.openai import engine  # noqa: F401
    from generator.summarizer.openai.prompts import Prompts
    from generator.task import Task

    Prompts()
    assert openai.AsyncOpenAI
    assert vcr.VCR
    with tempfile.TemporaryDirectory() as folder:
        talk = Path(folder, "a.vtt")
        talk.write_text("WEBVTT\n\n00:00.000 --> 00:09.000\nThe tide rises twice a day, slowly.\n")
        settings = Settings(output=Path(folder, "vault"), engine="extractive")
        generate(Task((FileSource(talk),)), settings)


if __name__ == "__main__":
    main()
