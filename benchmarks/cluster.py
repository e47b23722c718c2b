"""How much faster a batch is with several processes of a cluster and as many more requests at once.

    python benchmarks/cluster.py [--videos 400] [--scale 1.0] [--processes 1 2 4] [--small]

A scheduler, the workers, the model server and the run are processes of their own, all on this
machine; the cluster stands when the run begins. A fetch takes 0.2 s, a reply of the model 0.5 to
3 s, by a draw that is the same in every run; `--scale` makes all of them shorter, and `--small` is
60 videos. With one process there are 8 requests at once, with each more 8 more. The least is the
replies' sum divided by the requests at once, or the longest chain of one video.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.batch import FETCH, REPLY, _fetch_in, talks
from tests.standins.dasked import Dasked
from tests.standins.llm import LLMStandIn
from tests.standins.llm_rule import ByRule

JOBS = 8
TARGET = 1.10
SMALL = 60


def prepare() -> None:
    """In each worker: what is measured is not yt-dlp."""
    _fetch_in(float(os.environ["BENCHMARK_FETCH"]))


# The run, in a process of its own


def measured(address: str, number: int, jobs: int, base_url: str) -> None:
    """Prints the seconds of a run, those of a processor, and what did not go well."""
    from generator.pipeline import generate
    from generator.settings import Settings
    from generator.sources import VideosFileSource
    from generator.task import Task

    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "list.txt")
        listed.write_text("".join(f"many{at:07d}\n" for at in range(number)))
        settings = Settings(
            output=Path(folder, "vault"),
            engine="openai",
            base_url=base_url,
            jobs=jobs,
            fetch_interval=0,
            dask=address,
        )
        began = time.perf_counter()
        report = generate(Task((VideosFileSource(listed),)), settings)
        seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    busy = used.ru_utime + used.ru_stime
    print(json.dumps({"seconds": seconds, "busy": busy, "failed": len(report.failed)}))


# The model server, in a process of its own


def serve(number: int, scale: float, pipe: Any) -> None:
    """Answers until it is told to end; then says how many, and how long they took in sum."""
    total = 0.0

    def pause(question: Any, _: str | None) -> None:
        nonlocal total
        seconds = random.Random(question.key).uniform(*REPLY) * scale
        total += seconds
        time.sleep(seconds)

    with LLMStandIn(ByRule(), talks=talks(number)) as llm:
        llm.pause = pause
        pipe.send(llm.base_url)
        pipe.recv()
        pipe.send((len(llm.requests), total, llm.most_in_flight, len(llm.paid_twice())))


@contextmanager
def server(number: int, scale: float) -> Iterator[Any]:
    """The pipe to a model server; its address is there to be read."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(number, scale, there), daemon=True
    )
    process.start()
    try:
        yield here
    finally:
        process.kill()


def one_run(processes: int, number: int, scale: float) -> dict[str, Any]:
    """What a run on so many processes took."""
    jobs = JOBS * processes
    own = {"BENCHMARK_FETCH": str(FETCH * scale)}
    with server(number, scale) as model, Dasked() as cluster:
        base_url = model.recv()
        cluster.scheduler()
        for at in range(processes):
            cluster.worker(f"w{at}", environment=own, first="benchmarks.cluster:prepare")
        job = ["--measured", cluster.address, str(number), str(jobs), base_url]
        told = subprocess.run(
            [sys.executable, __file__, *job], check=True, capture_output=True, text=True
        )
        model.send("end")
        requests, total, most, again = model.recv()
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    if found["failed"] or again:
        raise SystemExit(f"{found['failed']} videos failed, {again} replies were paid for twice")
    return {**found, "jobs": jobs, "requests": requests, "most": most, "least": total / jobs}


def main() -> None:
    """Runs all, or the one that a process was started for."""
    if sys.argv[1:2] == ["--measured"]:
        address, number, jobs, base_url = sys.argv[2:]
        measured(address, int(number), int(jobs), base_url)
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of all latencies")
    parser.add_argument("--videos", type=int, default=400)
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--small", action="store_true", help=f"{SMALL} videos")
    given = parser.parse_args()
    number = SMALL if given.small else given.videos
    print(f"{number} videos, latencies x {given.scale:g}")
    print(
        f"{'processes':>9} {'jobs':>5} {'requests':>8} {'at once':>8} {'seconds':>8} {'least':>8}"
        f" {'of share':>8} {'busy':>6}"
    )
    alone = 0.0
    for processes in given.processes:
        found = one_run(processes, number, given.scale)
        alone = alone or found["seconds"] * processes
        print(
            f"{processes:9} {found['jobs']:5} {found['requests']:8} {found['most']:8}"
            f" {found['seconds']:8.1f} {found['least']:8.1f}"
            f" {found['seconds'] / (alone / processes):8.2f} {found['busy']:6.1f}",
            flush=True,
        )
    print(
        f"of share: of the seconds at one process, divided by the processes; at most {TARGET:.2f}"
    )
    print("busy: seconds of a processor that the run itself took, its workers aside")


if __name__ == "__main__":
    main()
