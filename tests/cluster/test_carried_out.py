"""Videos carried out by a cluster of three processes, some of which are lost, slow or blocked."""

import itertools
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

import generator
from generator.cluster import crew
from generator.cluster.roster import Bearing
from generator.errors import UsageError, WorkerOfOtherVersion, WorkerWithoutKey
from generator.fetcher.gate import MOST_REFUSALS
from generator.pipeline import generate
from generator.settings import load_settings
from generator.sources import ListSource
from generator.task import Task
from generator.telling.progress import Silent
from tests.standins.dasked import Dasked
from tests.standins.forked import Forked
from tests.standins.llm import LLMStandIn
from tests.standins.llm_rule import ByRule
from tests.standins.many import HANDLE, many_talks
from tests.standins.tunnel import environment
from tests.standins.youtube import YouTubeStandIn

pytestmark = pytest.mark.xdist_group("dask")

TALKS = many_talks(6, lines=24, minutes=6.5)
IDS = [talk.id for talk in TALKS]
JOBS = 3
KEY = "sk-of-the-workers-alone"


@pytest.fixture(scope="module")
def addresses():
    """Two ways to YouTube, as if from two addresses, and one authority file for both."""
    with YouTubeStandIn(TALKS) as one, YouTubeStandIn(TALKS) as other:
        both = one.ca_bundle.with_name("both.pem")
        both.write_bytes(one.ca_bundle.read_bytes() + other.ca_bundle.read_bytes())
        with environment({name: str(both) for name in one.environment}):
            yield one, other


@pytest.fixture
def youtube(addresses):
    for each in addresses:
        each.faults.clear()
        each.requests.clear()
        each.pause = None
    return addresses[0]


@pytest.fixture(scope="module")
def served():
    with LLMStandIn(ByRule(), talks=TALKS) as server:
        yield server


@pytest.fixture
def llm(served):
    served.forget()
    served.pause = None
    served.traits = replace(served.traits, key=None)
    return served


@pytest.fixture(scope="module")
def started(addresses):
    with Workers() as cluster:
        yield cluster


@pytest.fixture
def cluster(started, youtube):
    """A scheduler, and nothing left of the test before."""
    started.kill_all()
    started.scheduler()
    return started


def of_worker(youtube, **other) -> dict[str, str]:
    """The environment of a worker, its key in it."""
    return {"GENERATE_PROXY": youtube.proxy_url, "OPENAI_API_KEY": KEY, **other}


class Workers(Dasked):
    """A cluster whose workers are alike."""

    def workers(self, number: int, youtube) -> list[int]:
        return [self.worker(f"w{at}", environment=of_worker(youtube)) for at in range(number)]


class Heard(Silent):
    """Remembers what the user is told that did not fail."""

    def __init__(self) -> None:
        self.notices: list[str] = []

    def notice(self, text: str) -> None:
        self.notices.append(text)


@pytest.fixture
def run(tmp_path, monkeypatch, youtube, llm):
    """Runs the program on the channel; its report, and the notices."""
    monkeypatch.chdir(tmp_path)

    def ran(vault: str, *, force: bool = False, **settings):
        heard = Heard()
        made = {**having(youtube, llm), "output": vault, **settings}
        task = Task((ListSource("channel", HANDLE),), force=force)
        return generate(task, load_settings(made), heard), heard.notices

    return ran


def having(youtube, llm) -> dict[str, object]:
    """The settings of all runs."""
    return {
        "engine": "openai",
        "base_url": llm.base_url,
        "proxy": youtube.proxy_url,
        "jobs": JOBS,
        "fetch_interval": 0,
        "retries": 0,
    }


@pytest.fixture(scope="module")
def wanted(addresses, served, tmp_path_factory):
    """What one machine writes, and what it asks a model."""
    vault = tmp_path_factory.mktemp("one") / "vault"
    made = {**having(addresses[0], served), "output": str(vault)}
    assert not generate(Task((ListSource("channel", HANDLE),)), load_settings(made)).failed
    return files(vault), {line.key for line in served.asked()}


def files(vault: Path | str) -> dict[str, bytes]:
    """All of a vault but its library."""
    return {
        path.relative_to(vault).as_posix(): path.read_bytes()
        for path in Path(vault).rglob("*")
        if path.is_file() and ".db" not in path.name
    }


@pytest.fixture
def at_request(cluster, llm):
    """Has something done once, beside the replies, when a model is asked so many times.

    What is in flight then is answered so many seconds later.
    """
    threads: list[threading.Thread] = []

    def set_up(number: int, do, *, slow: float = 0) -> None:
        asked = itertools.count(1)

        def pause(*_: object) -> None:
            at = next(asked)
            if at == number:
                threads.append(threading.Thread(target=do))
                threads[-1].start()
            if number <= at < number + JOBS:
                time.sleep(slow)

        llm.pause = pause

    yield set_up
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("force", [False, True])
def test_what_batches_brought_is_not_asked_by_workers(cluster, youtube, llm, run, wanted, force):
    report, _ = run("vault", batch=True, force=force)
    assert set(states(report).values()) == {"pending"}
    cluster.workers(2, youtube)
    with pytest.raises(UsageError, match="1 batch with 6 requests is under way"):
        run("vault", dask=cluster.address, force=force)
    llm.batches.advance(1000)
    report, _ = run("vault", dask=cluster.address, force=force)
    assert states(report) == dict.fromkeys(IDS, "written")
    assert files("vault") == wanted[0]
    assert {line.key for line in llm.asked()} == wanted[1]
    assert {line.prompt for line in llm.asked() if line.batch} == {"outline"}
    llm.assert_nothing_paid_twice()
    assert llm.batches.files == {}


def states(report) -> dict[str, str]:
    return {video.id: video.state for video in report.videos}


def test_a_cluster_writes_what_one_machine_writes_and_asks_the_same(
    cluster, youtube, llm, run, wanted
):
    cluster.workers(3, youtube)
    llm.traits = replace(llm.traits, key=KEY)  # the process that is started has none
    begun = itertools.count()
    # The first are answered slowly: all that may be asked at once comes meanwhile.
    llm.pause = lambda *_: time.sleep(0.3 if next(begun) < 2 * JOBS else 0)
    counted = {
        "requests_per_minute": 10**6,
        "tokens_per_minute": 10**9,
        "max_tokens_total": 10**9,
    }
    report, _ = run("vault", dask=cluster.address, **counted)
    assert states(report) == dict.fromkeys(IDS, "written")
    vault, requests = wanted
    assert files("vault") == vault
    assert {line.key for line in llm.asked()} == requests
    llm.assert_nothing_paid_twice()
    assert llm.most_in_flight <= JOBS
    assert report.usage.requests == len(llm.asked())


def test_workers_that_are_killed_lose_what_they_had_in_flight_and_no_more(
    cluster, at_request, youtube, llm, run, wanted
):
    first, second, _ = cluster.workers(3, youtube)
    # Late enough for them to have more replies than can be in flight.
    at_request(14, lambda: cluster.kill(first, second))
    report, notices = run("vault", dask=cluster.address)
    assert states(report) == dict.fromkeys(IDS, "written")
    assert any("is lost; what it had in hand goes to others" in each for each in notices)
    assert files("vault") == wanted[0]
    assert {line.key for line in llm.asked()} == wanted[1]
    assert len(llm.paid_twice()) <= JOBS


def test_a_scheduler_that_is_lost_and_started_again_holds_a_run_up_and_no_more(
    cluster, at_request, youtube, llm, run, wanted
):
    cluster.workers(3, youtube)

    def again() -> None:
        cluster.kill_all()
        cluster.scheduler()
        cluster.workers(3, youtube)

    at_request(14, again)
    report, notices = run("vault", dask=cluster.address)
    assert states(report) == dict.fromkeys(IDS, "written")
    assert any("connection to the scheduler is lost" in notice for notice in notices)
    assert files("vault") == wanted[0]
    assert len(llm.paid_twice()) <= JOBS


def test_a_scheduler_that_does_not_come_back_ends_the_run_with_a_sentence(
    cluster, at_request, youtube, llm, run, monkeypatch
):
    monkeypatch.setattr(crew, "Bearing", lambda: Bearing(scheduler=1.0))
    cluster.workers(3, youtube)
    at_request(6, cluster.kill_all)
    report, _ = run("vault", dask=cluster.address)
    assert report.ended.cause == "cluster"
    assert "did not come back within 1 seconds" in report.ended.happened
    cluster.scheduler()
    cluster.workers(3, youtube)
    llm.pause = None
    report, _ = run("vault", dask=cluster.address)
    assert set(states(report).values()) <= {"written", "passed-over"}
    assert len(llm.paid_twice()) <= JOBS


def test_a_slow_worker_holds_up_what_it_has_and_nobody_else(
    cluster, addresses, youtube, llm, run, wanted
):
    slow = addresses[1]
    others_done = threading.Event()

    def pause(question, video) -> None:
        written.add(video)
        if len(written) >= len(IDS) - 1:
            others_done.set()

    written: set[str] = set()
    llm.pause = pause
    slow.pause = lambda: others_done.wait(60)
    cluster.worker("slow", environment=of_worker(slow))
    cluster.workers(2, youtube)
    report, _ = run("vault", dask=cluster.address)
    assert others_done.is_set()
    assert states(report) == dict.fromkeys(IDS, "written")
    assert len({line.video for line in slow.asked("captions")}) == 1
    assert files("vault") == wanted[0]


def test_the_videos_of_a_blocked_worker_go_to_others(cluster, addresses, youtube, llm, run, wanted):
    blocked = addresses[1]
    blocked.faults.add("blocked")
    cluster.worker("blocked", environment=of_worker(blocked))
    cluster.workers(2, youtube)
    report, _ = run("vault", dask=cluster.address)
    assert states(report) == dict.fromkeys(IDS, "written")
    assert 0 < len(blocked.requests) <= MOST_REFUSALS
    assert files("vault") == wanted[0]


def test_where_all_workers_are_blocked_fetching_ends_as_on_one_machine(
    cluster, addresses, youtube, llm, run
):
    blocked = addresses[1]
    blocked.faults.add("blocked")
    for name in "abc":
        cluster.worker(name, environment=of_worker(blocked))
    report, _ = run("vault", dask=cluster.address)
    assert report.ended.cause == "blocked"
    assert set(states(report).values()) == {"pending"}
    assert len(blocked.requests) <= 3 * MOST_REFUSALS
    assert not llm.asked()


def test_a_worker_of_another_version_is_refused_and_both_are_named(cluster, youtube, llm, run):
    cluster.worker("old", version="0.0.1", environment=of_worker(youtube))
    with pytest.raises(WorkerOfOtherVersion) as refused:
        run("vault", dask=cluster.address)
    said = str(refused.value)
    assert f"version 0.0.1, and this process version {generator.__version__}" in said
    cluster.workers(1, youtube)
    report, notices = run("vault", dask=cluster.address)
    assert states(report) == dict.fromkeys(IDS, "written")
    assert any(said in notice for notice in notices)


def test_a_budget_holds_over_all_workers(cluster, youtube, llm, run):
    cluster.workers(3, youtube)
    report, _ = run("vault", dask=cluster.address, max_tokens_total=20_000)
    assert report.ended.cause == "budget"
    assert 0 < report.usage.tokens <= 20_000
    assert report.usage.requests == len(llm.asked())


def test_a_worker_without_a_key_is_refused_by_name(cluster, youtube, llm, run):
    cluster.worker("keyless", environment=of_worker(youtube, OPENAI_API_KEY=""))
    with pytest.raises(WorkerWithoutKey, match="worker keyless is not used: it has no key"):
        run("vault", dask=cluster.address, api_key="sk-of-the-one-who-asks")


def test_told_to_stop_a_run_keeps_what_is_in_flight_and_the_next_goes_on(
    cluster, at_request, youtube, llm, run, wanted
):
    cluster.workers(3, youtube)
    at_request(4, lambda: os.kill(os.getpid(), signal.SIGINT), slow=1.0)
    report, _ = run("vault", dask=cluster.address)
    assert report.ended.cause == "stopped"
    assert len(llm.asked()) < len(wanted[1]) / 2  # nor is what was begun gone on with
    llm.pause = None
    report, _ = run("vault", dask=cluster.address)
    assert files("vault") == wanted[0]
    assert {line.key for line in llm.asked()} == wanted[1]
    llm.assert_nothing_paid_twice()


def test_a_run_that_is_killed_is_gone_on_with_by_the_next(
    cluster, at_request, youtube, llm, run, wanted, tmp_path
):
    cluster.workers(3, youtube)
    made = {**having(youtube, llm), "output": str(tmp_path / "vault"), "dask": cluster.address}
    with Forked() as forked:
        begun: list[int] = []
        killed = threading.Event()

        def kill() -> None:
            os.kill(begun[0], signal.SIGKILL)
            killed.set()

        at_request(6, kill)
        begun.append(forked.start(HANDLE, **made))
        assert killed.wait(60)
        assert forked.ended() == -signal.SIGKILL
    report, _ = run("vault", dask=cluster.address)
    assert not report.failed
    assert files("vault") == wanted[0]
    assert len(llm.paid_twice()) <= JOBS
