"""A run whose parts break or are stopped ends, and says why."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import generator
from generator import pipeline
from generator.settings import Settings
from generator.sources import FileSource
from generator.task import Task


class Deaf:
    """A progress that can no longer show anything."""

    def step(self, text: str) -> None:
        """Fails where fetching is told."""
        if text.endswith("fetching"):
            raise OSError("the terminal is gone")

    def notice(self, text: str) -> None: ...

    def detail(self, text: str) -> None:
        """Fails where the failure before is told."""
        if "terminal" in text:
            raise OSError("still gone")


def test_what_breaks_the_fetching_of_all_ends_the_run(tmp_path):
    task = Task((FileSource(tmp_path / "a.vtt"),))
    settings = Settings(output=tmp_path / "vault", engine="extractive")
    work = pipeline._generate(task, settings, Deaf())
    with pytest.raises(OSError, match="still gone"):
        asyncio.run(asyncio.wait_for(work, 30))


def test_the_second_ctrl_c_waits_for_no_fetch(tmp_path):
    command = [sys.executable, "-c", "from generator.cli import main; main()"]
    command += ["--video", "rP2kEF3Mj-o", "--engine", "extractive"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = subprocess.Popen(
            [*command, "--proxy", f"http://127.0.0.1:{silent.getsockname()[1]}"],
            env={
                **os.environ,
                "PYTHONPATH": str(Path(generator.__file__).parents[1]),
                "GENERATE_TIMEOUT": "600",
            },
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        asked, _ = silent.accept()
        with asked:
            process.send_signal(signal.SIGINT)
            assert "ending" in next(line for line in process.stderr if "ending" in line)
            process.send_signal(signal.SIGINT)
            try:
                _, said = process.communicate(timeout=30)
            finally:
                process.kill()
    assert process.returncode == 130
    assert "Interrupted" in said
