"""How long a batch takes beside the least that it could, and how much memory.

    python benchmarks/batch.py [--scale 0.1] [--videos 200] [--memory 200 2000]

Stand-ins answer with set latencies: a fetch takes 0.2 s, a reply of the model 0.5 to 3 s, by a draw
that is the same in every run; `--scale` makes all of them shorter, for a quick look. The least that
a run could take is the larger of the replies' sum divided by the jobs, and the longest chain of one
video (its fetch, its outline, its longest note). Beside it is the way with barriers: all fetched,
then all outlines, then all notes. Every run is a process of its own; memory is its peak.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.memory import peak_megabytes
from tests.standins.llm import LLMStandIn
from tests.standins.llm_question import Question
from tests.standins.llm_rule import ByRule
from tests.standins.many import CHANNEL_ID, HANDLE, many_talks
from tests.standins.talk import Talk

JOBS, FETCH, REPLY = 8, 0.2, (0.5, 3.0)
MEMORY_SCALE = 0.002
TARGET_TIME, TARGET_MEMORY = 1.10, 1.20


def talks(number: int, first: int = 0) -> list[Talk]:
    """Talks with two notes each."""
    return many_talks(number, first=first, lines=24, minutes=6.5)


# In the process that is measured


def measured(way: str, number: int, base_url: str, fetch_seconds: float) -> None:
    """Prints the seconds, those of a processor, and the peak memory (MB) of one run."""
    _fetch_in(fetch_seconds)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        failed = (_batch if way == "batch" else _barriers)(Path(folder), number, base_url)
        seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    busy, peak = used.ru_utime + used.ru_stime, peak_megabytes()
    print(json.dumps({"seconds": seconds, "busy": busy, "peak": peak, "failed": failed}))


def _fetch_in(seconds: float) -> None:
    """A fetch takes so long, and gives the talk: what is measured is not yt-dlp."""
    from generator.fetcher import youtube

    def fetched(video_id: str, *_: Any) -> Any:
        time.sleep(seconds)
        return _fetched(talks(1, int(video_id.removeprefix("many")))[0])

    youtube.fetch_video = fetched


def _fetched(talk: Talk) -> Any:
    from generator.models import Cue, Fetched, Transcript, Video

    (track,) = talk.tracks
    video = Video(
        talk.id, talk.title, HANDLE.removeprefix("@"), CHANNEL_ID, f"https://youtu.be/{talk.id}"
    )
    cues = tuple(Cue(cue.start, cue.duration, cue.text) for cue in track.cues)
    return Fetched(video, Transcript(talk.id, track.language, track.generated, cues))


def _settings(folder: Path, base_url: str) -> Any:
    from generator.settings import Settings

    return Settings(
        output=folder / "vault", engine="openai", base_url=base_url, jobs=JOBS, fetch_interval=0
    )


def _batch(folder: Path, number: int, base_url: str) -> int:
    from generator.pipeline import generate
    from generator.sources import VideosFileSource
    from generator.task import Task

    listed = folder / "list.txt"
    listed.write_text("".join(f"many{at:07d}\n" for at in range(number)))
    report = generate(Task((VideosFileSource(listed),)), _settings(folder, base_url))
    return len(report.failed)


def _barriers(folder: Path, number: int, base_url: str) -> int:
    return asyncio.run(_stage_by_stage(folder, number, base_url))


async def _stage_by_stage(folder: Path, number: int, base_url: str) -> int:
    from generator.engines import open_engine
    from generator.fetcher.youtube import fetch_video
    from generator.library import Library
    from generator.publishing.publisher import Publisher
    from generator.writing import write_notes

    settings = _settings(folder, base_url)
    fetched = [fetch_video(f"many{at:07d}") for at in range(number)]  # type: ignore[call-arg]
    with Library.open(folder / "library.db") as library:
        async with open_engine(settings, library) as opened:
            engine: Any = _AllOutlinesFirst(opened.engine, number)
            for each in fetched:
                library.save_fetched(each)
            written = await asyncio.gather(*(write_notes(each, engine) for each in fetched))
        publisher = Publisher(settings, library)
        for each, notes in zip(fetched, written, strict=True):
            publisher.publish(each.video, "openai", [note.note for note in notes])
        publisher.settle()
    return 0


class _AllOutlinesFirst:
    """An engine that gives no outline before it has those of all videos."""

    def __init__(self, engine: Any, number: int) -> None:
        self._engine = engine
        self._left = number
        self._all = asyncio.Event()
        self.write, self.repair = engine.write, engine.repair

    async def outline(self, *arguments: Any) -> Any:
        """The engine's, once all are there."""
        topics = await self._engine.outline(*arguments)
        self._left -= 1
        if not self._left:
            self._all.set()
        await self._all.wait()
        return topics


# In the process that measures


class Latencies:
    """Lets every reply wait for its time, and adds these up."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self.total = 0.0
        self._by_video: dict[str | None, dict[str, list[float]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def __call__(self, question: Question, video: str | None) -> None:
        seconds = random.Random(question.key).uniform(*REPLY) * self._scale
        self.total += seconds
        self._by_video[video][question.prompt].append(seconds)
        time.sleep(seconds)

    @property
    def least(self) -> float:
        """The least that the replies could have taken, in seconds."""
        chains = (
            FETCH * self._scale + sum(max(found.get(name, [0.0])) for name in ("outline", "note"))
            for found in self._by_video.values()
        )
        return max(self.total / JOBS, *chains)


def one_run(way: str, number: int, scale: float, *, known: bool) -> tuple[dict[str, Any], float]:
    """What a run in a process of its own took, and the least that it could have taken."""
    latencies = Latencies(scale)
    with LLMStandIn(ByRule(), talks=talks(number) if known else ()) as llm:
        llm.pause = latencies
        job = ["--measured", way, str(number), llm.base_url, str(FETCH * scale)]
        told = subprocess.run(
            [sys.executable, __file__, *job], check=True, capture_output=True, text=True
        )
        asked = len(llm.requests)
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    if found["failed"]:
        raise SystemExit(f"{found['failed']} videos failed")
    return {**found, "requests": asked}, latencies.least


def times(number: int, scale: float) -> None:
    """Prints how long both ways take."""
    print(f"{number} videos, {JOBS} jobs, latencies x {scale:g}")
    print(
        f"{'way':10} {'requests':>8} {'seconds':>8} {'least':>8} {'of least':>8} {'busy':>8}"
        f" {'ms each':>8}"
    )
    seconds = {}
    for way in ("batch", "barriers"):
        found, least = one_run(way, number, scale, known=True)
        seconds[way] = found["seconds"]
        print(
            f"{way:10} {found['requests']:8} {found['seconds']:8.1f} {least:8.1f}"
            f" {found['seconds'] / least:8.2f} {found['busy']:8.1f}"
            f" {1000 * found['busy'] / found['requests']:8.1f}"
        )
    print(f"barriers take {seconds['barriers'] / seconds['batch']:.2f} times as long")
    print(f"target: batch at most {TARGET_TIME:.2f} of the least; busy is a processor's seconds")


def memory(numbers: Sequence[int]) -> None:
    """Prints the peak memory of batches of different sizes."""
    print(f"\n{'videos':>6} {'notes a s':>9} {'peak MB':>8}")
    peaks = []
    for number in numbers:
        found, _ = one_run("batch", number, MEMORY_SCALE, known=False)
        peaks.append(found["peak"])
        print(f"{number:6} {2 * number / found['seconds']:9.1f} {found['peak']:8.0f}")
    print(f"the largest takes {max(peaks) / min(peaks):.2f} times the memory of the smallest")
    print(f"target: at most {TARGET_MEMORY:.2f} times")


def main() -> None:
    """Runs all, or the one that a process was started for."""
    if sys.argv[1:2] == ["--measured"]:
        way, number, base_url, fetch_seconds = sys.argv[2:]
        measured(way, int(number), base_url, float(fetch_seconds))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of all latencies")
    parser.add_argument("--videos", type=int, default=200, help="0: no times are measured")
    parser.add_argument("--memory", type=int, nargs="*", default=[200, 2000], help="videos")
    given = parser.parse_args()
    if given.videos:
        times(given.videos, given.scale)
    if given.memory:
        memory(given.memory)


if __name__ == "__main__":
    main()
