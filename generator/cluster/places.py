"""Where a run's workers are, as `--dask` says it, and what cannot be done there."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.errors import ClusterCannot, DaskAddressInvalid, DaskMissing

if TYPE_CHECKING:
    from generator.settings import Settings

MOST_PROCESSES = 256
_NEEDED = ("distributed", "cryptography")
_SCHEMES = {"tcp", "tls", "ws", "wss"}


@dataclass(frozen=True, slots=True)
class LocalProcesses:
    """So many processes of this machine, started for the run and ended with it."""

    number: int


@dataclass(frozen=True, slots=True)
class Scheduler:
    """A cluster that is there already, by the address of its scheduler."""

    address: str


Place = LocalProcesses | Scheduler


def place_of(given: str) -> Place:
    """What `--dask` names: `local:N`, or the address of a scheduler.

    Raises DaskAddressInvalid.
    """
    text = given.strip()
    if text == "local" or text.startswith("local:"):
        number = text.partition(":")[2]
        if not re.fullmatch(r"[0-9]{1,3}", number) or not 1 <= int(number) <= MOST_PROCESSES:
            raise DaskAddressInvalid(given, f"local:N is 1 to {MOST_PROCESSES} processes")
        return LocalProcesses(int(number))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise DaskAddressInvalid(given, "it is not an address") from None
    if parts.scheme not in _SCHEMES or not host or not port or "@" in parts.netloc:
        raise DaskAddressInvalid(given, "a scheduler's address is like tcp://HOST:8786")
    if any(char.isspace() or not char.isprintable() for char in text):
        raise DaskAddressInvalid(given, "it has characters that no address has")
    return Scheduler(text)


def checked_place(settings: Settings) -> Place | None:
    """Where the settings have videos carried out; None for here.

    Raises DaskAddressInvalid, DaskMissing where the extra is not installed, and ClusterCannot for
    settings that make no sense on a cluster.
    """
    if settings.dask is None:
        return None
    place = place_of(settings.dask)
    if not all(map(importlib.util.find_spec, _NEEDED)):
        raise DaskMissing
    if settings.cassette and not settings.cassette.exists():
        raise ClusterCannot(
            "--cassette records what one process asks, and a cluster has several",
            "Record it without --dask; one that is there can be replayed with --dask local:N.",
        )
    if isinstance(place, Scheduler):
        _check_elsewhere(settings)
    return place


def _check_elsewhere(settings: Settings) -> None:
    if settings.cassette:
        raise ClusterCannot(
            "--cassette is a file of this machine, and the cluster's workers are on others",
            "Replay it with --dask local:N, or without --dask.",
        )
    if settings.offline:
        raise ClusterCannot(
            "--offline asks nobody on the network, and the cluster's scheduler is there",
            "Use --dask local:N, or leave out --dask.",
        )
    if settings.cookies or settings.cookies_from_browser:
        raise ClusterCannot(
            "an account's cookies are not sent to a cluster",
            "Set GENERATE_COOKIES in the environment of the workers, and leave it out here.",
        )
