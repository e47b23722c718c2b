"""A batch that is killed again and again ends as one that never was, and pays for nothing twice.

What was in flight at the moment of a kill may be asked again: at most `jobs` requests each time.
"""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from generator.library import Library
from generator.models import Stage
from tests.standins.forked import Forked
from tests.standins.llm import LLMStandIn
from tests.standins.llm_rule import ByRule
from tests.standins.many import HANDLE, many_talks
from tests.standins.youtube import YouTubeStandIn

KILLS, KILLS_A_BATCH, JOBS = 50, 10, 3
TALKS = many_talks(4, lines=24, minutes=6.5)


@pytest.fixture(scope="module")
def youtube():
    with YouTubeStandIn(TALKS) as server, server.trusted():
        yield server


@pytest.fixture(scope="module")
def llm():
    with LLMStandIn(ByRule(), talks=TALKS) as server:
        server.pause = lambda question, _: time.sleep(random.Random(question.key).uniform(0, 0.06))
        yield server


@pytest.fixture(scope="module")
def forked(llm):
    with Forked() as running:
        yield running


def files(vault: Path) -> dict[str, bytes]:
    """All of a vault but its library: notes, pages, sidecars, and whatever was left behind."""
    return {
        str(path.relative_to(vault)): path.read_bytes()
        for path in vault.rglob("*")
        if path.is_file() and ".db" not in path.name
    }


def progress(youtube, llm) -> int:
    """How far a batch is: how many different things were asked for so far."""
    fetched = {(line.path, line.video, line.asker) for line in list(youtube.requests)}
    return len(fetched) + len({line.key for line in llm.asked()})


def start(forked, vault: Path, youtube, llm) -> int:
    settings = {"engine": "openai", "base_url": llm.base_url, "proxy": youtube.proxy_url}
    return forked.start(HANDLE, output=str(vault), fetch_interval=0, jobs=JOBS, **settings)


def killed(forked, vault: Path, moment: float, delay: float, youtube, llm) -> bool:
    """Whether a run could be killed once its batch was so far, and some seconds later."""
    process = start(forked, vault, youtube, llm)
    ended = None
    while ended is None and progress(youtube, llm) < moment:
        ended = forked.ended(timeout=0.002)
    if ended is None:
        ended = forked.ended(timeout=delay)
    if ended is None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        ended = forked.ended()
    assert ended in (0, -signal.SIGKILL)
    return ended == -signal.SIGKILL


def test_killed_at_any_moment_a_batch_ends_the_same_and_pays_for_nothing_twice(
    youtube, llm, forked, tmp_path
):
    start(forked, tmp_path / "undisturbed", youtube, llm)
    assert forked.ended() == 0
    wanted, whole = files(tmp_path / "undisturbed"), progress(youtube, llm)
    assert len(wanted) > 2 * len(TALKS)
    draw, kills = random.Random(20), 0
    while kills < KILLS:
        youtube.requests.clear()
        llm.forget()
        vault, before = tmp_path / str(kills), kills
        # Beyond the last request there is still something to publish.
        for moment in sorted(draw.uniform(0, whole + 2) for _ in range(KILLS_A_BATCH)):
            delay = draw.uniform(0, 0.5 if moment >= whole else 0.05)
            kills += killed(forked, vault, min(moment, whole), delay, youtube, llm)
        start(forked, vault, youtube, llm)
        assert forked.ended() == 0
        assert files(vault) == wanted
        assert len(llm.paid_twice()) <= JOBS * (kills - before)
        assert len(youtube.asked("captions")) <= len(TALKS) + kills - before
        with Library.open(vault / ".generator/library.db") as library:
            assert {state.stage for state in library.states.of().values()} == {Stage.WRITTEN}
