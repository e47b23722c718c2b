"""What Dask calls on a worker: a run is opened there, spoken with, and its videos carried out."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

from generator.cluster.line import Line
from generator.cluster.messages import Brief, Job, Opened, unpacked
from generator.errors import GenerateError, WorkerWithoutKey

if TYPE_CHECKING:
    from distributed import Worker

    from generator.cluster.station import Station
    from generator.settings import Settings

HEAR, TELL, CLOSE = "generate-hear", "generate-tell", "generate-close"
"""The operations that a worker has once a run is opened on it."""

_stations: dict[str, tuple[Station, Line]] = {}


async def open_run(brief: Brief, dask_worker: Worker) -> Opened:
    """Makes the worker ready for a run, in Dask's event loop. What goes wrong is in the answer."""
    from generator.cluster.briefs import host_of, settings_here, way_to_youtube
    from generator.cluster.station import Station

    try:
        settings = settings_here(brief)
        _check_key(settings, brief, str(dask_worker.name))
        line = Line()
        station = Station(brief, settings, line)
        await station.open()
    except GenerateError as error:
        return Opened(error=error.with_traceback(None))
    close_run(brief.run)
    for over in [run for run, (each, _) in _stations.items() if each.closed]:
        del _stations[over]  # of a run that was killed, and told nobody
    _stations[brief.run] = station, line
    dask_worker.handlers.update({HEAR: hear_run, TELL: tell_run, CLOSE: close_run})
    return Opened(
        way=way_to_youtube(settings, host_of(dask_worker.address), brief.run),
        proxied=bool(settings.proxy or settings.webshare_username),
    )


def _check_key(settings: Settings, brief: Brief, name: str) -> None:
    """Raises WorkerWithoutKey where a key is needed that the worker has not."""
    if settings.engine_name != "openai":
        return
    from generator.engines import server_of

    server = server_of(settings)
    needed = brief.keyed or server.is_openai
    if needed and not server.api_key and not settings.cassette:
        raise WorkerWithoutKey(name, server.url)


async def hear_run(run: str) -> bytes | None:
    """What the worker has to say of a run, waited for a while; None where it is not open."""
    station = _stations.get(run)
    if station is None or station[0].closed:
        return None
    return await station[1].hear()


def tell_run(run: str, messages: bytes) -> bool:
    """Tells a run on this worker something; False where it is not open."""
    station = _stations.get(run)
    if station is None:
        return False
    station[0].hear(unpacked(messages))
    return True


def close_run(run: str) -> bool:
    """Ends a run on this worker at once."""
    station = _stations.pop(run, None)
    if station:
        station[0].close()
    return station is not None


def carry_out(job: bytes) -> bool:
    """The task of a video; False where the run is not open here.

    It leaves the worker's threads free: it mostly waits, and how many wait at once is not for
    their number to decide.
    """
    from distributed import secede

    found: Any = pickle.loads(job)  # noqa: S301 - Dask itself runs code
    if not isinstance(found, Job) or (station := _stations.get(found.run)) is None:
        return False
    secede()  # type: ignore[no-untyped-call]
    return station[0].carry_out(found)
