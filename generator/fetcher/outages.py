"""When the network fails: which failures pass, and what to say of the others.

The libraries' own texts are read and never repeated: they may hold a proxy's password. Their
classes are told by name, since three libraries have one of each and none is imported for that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from generator.errors import NetworkDown

_BROKEN = {"ConnectionResetError", "RemoteDisconnected", "BrokenPipeError", "IncompleteRead"}


def passing_error(error: BaseException) -> bool:
    """Whether the network failed in a way that passes: silence, or a connection that broke off.

    Who cannot be reached at all (no such name, refused, no route), a certificate or a proxy that
    says no, are the same a second later.
    """
    chain = list(_chain(error))
    names = {type(link).__name__ for link in chain}
    if names & {"ConnectTimeout", "ConnectTimeoutError", "ReadTimeout", "ReadTimeoutError"}:
        return True
    if names & _BROKEN:
        return True
    if names & {"NewConnectionError", "NameResolutionError", "SSLError", "CertificateVerifyError"}:
        return False
    if "ProxyError" in names:
        return any("Tunnel connection failed: 5" in str(link) for link in chain)
    return bool(names & {"ConnectionError", "ChunkedEncodingError", "TransportError"})


def network_down(error: BaseException) -> NetworkDown | None:
    """The error for a user, if `error` says that the network failed, in words of our own."""
    chain = list(_chain(error))
    names = {type(link).__name__ for link in chain}
    if names & _BROKEN:
        return NetworkDown("YouTube", "the connection broke off")
    if "ProxyError" in names:
        passes = any("Tunnel connection failed: 5" in str(link) for link in chain)
        return NetworkDown("The proxy", _proxy_reason(chain), unreached=not passes)
    # The addresses asked for are the libraries' own: one that is none is the environment's proxy.
    if names & {"InvalidProxyURL", "InvalidSchema", "InvalidURL"}:
        return NetworkDown("The proxy", "its address is not understood")
    if names & {"SSLError", "SSLCertVerificationError", "CertificateVerifyError"}:
        return NetworkDown("YouTube", f"no secure connection could be made{_verdict(chain)}")
    if any("CA certificate bundle" in str(link) for link in chain if isinstance(link, OSError)):
        return NetworkDown("YouTube", "the file that REQUESTS_CA_BUNDLE names is not there")
    if any("Timeout" in name for name in names):
        return NetworkDown("YouTube", "it did not answer in time")
    if names & {"NameResolutionError", "gaierror"}:
        reason = "its name could not be resolved; there may be no network"
        return NetworkDown("YouTube", reason, unreached=True)
    for link in reversed(chain):
        if isinstance(link, OSError) and link.strerror and isinstance(link.errno, int):
            unreached = "NewConnectionError" in names
            return NetworkDown("YouTube", os.strerror(link.errno).lower(), unreached=unreached)
    if names & {"ConnectionError", "ChunkedEncodingError", "TransportError"}:
        return NetworkDown("YouTube", "the connection broke off")
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what led to it, by every way the libraries hand a cause on."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        link = waiting.pop(0)
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [link.__cause__, link.__context__]
        waiting += [getattr(link, name, None) for name in ("cause", "reason", "original_error")]
        waiting += [arg for arg in link.args if isinstance(arg, BaseException)]


def _proxy_reason(chain: list[BaseException]) -> str:
    text = " ".join(str(link) for link in chain)
    if found := re.search(r"Tunnel connection failed: (\d{3})", text):
        status = found[1]
        return "it wants other credentials" if status == "407" else f"it answered {status}"
    for link in chain:
        if isinstance(link, ConnectionRefusedError):
            return "it refuses connections"
        if type(link).__name__ in {"gaierror", "NameResolutionError"}:
            return "its name could not be resolved"
        if "Timeout" in type(link).__name__:
            return "it did not answer in time"
    return "it did not connect to YouTube"


def _verdict(chain: list[BaseException]) -> str:
    for link in chain:
        if message := getattr(link, "verify_message", ""):
            return f" ({message})"
    return ""
