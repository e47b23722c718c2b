"""How the program reaches the network: proxies, certificates, time limits, and what is tried again.

No text of another library's error is ever repeated: it may hold a proxy's password.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from generator.errors import ProxyInvalid, WebshareIncomplete
from generator.fetcher.gate import MOST_REFUSALS, Gate, Heard, hear_reply
from generator.fetcher.outages import passing_error
from generator.httpdate import seconds_until

if TYPE_CHECKING:
    import requests
    from tenacity import RetryCallState

T = TypeVar("T")

LONGEST_WAIT = 60.0
"""Seconds that one request may wait for its next tries; who asks for more is not waited for."""

TRIES_WHEN_ROTATING = 10
"""How often a refused request is made: a rotating proxy gives another address with each try."""

_PASSING_STATUS = {500, 502, 503, 504}
_PROXY_SCHEMES = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"}


@dataclass(frozen=True, slots=True)
class Connection:
    """What a user can set about the way to YouTube.

    `timeout` is in seconds of silence, for connecting and between two pieces of an answer.
    `retries` counts the tries after the first. `sleep` waits for the seconds it is given. `gate` is
    what requests go through; one of its own where none is given. Nothing secret is in the `repr`.
    Raises ProxyInvalid for a proxy that cannot be one, and
    WebshareIncomplete for half of Webshare's credentials.
    """

    proxy: str | None = field(default=None, repr=False)
    webshare_username: str | None = field(default=None, repr=False)
    webshare_password: str | None = field(default=None, repr=False)
    cookies: Path | None = None
    cookies_from_browser: str | None = None
    timeout: float = 20.0
    retries: int = 3
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False, compare=False)
    gate: Gate = field(default_factory=Gate, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.rotating:  # where each try comes from another address, one refused says little
            object.__setattr__(self, "gate", Gate(MOST_REFUSALS * TRIES_WHEN_ROTATING))
        if bool(self.webshare_username) != bool(self.webshare_password):
            raise WebshareIncomplete
        if self.proxy:
            _checked_proxy(self.proxy)

    @property
    def proxy_url(self) -> str | None:
        """The proxy to use, `proxy` before Webshare; None leaves it to the environment."""
        if self.proxy:
            return _checked_proxy(self.proxy)
        if self.webshare_username and self.webshare_password:
            from youtube_transcript_api.proxies import WebshareProxyConfig

            return WebshareProxyConfig(self.webshare_username, self.webshare_password).url
        return None

    @property
    def rotating(self) -> bool:
        """Whether each new connection comes from another address."""
        return bool(not self.proxy and self.webshare_username)


def open_session(connection: Connection) -> requests.Session:
    """A session with the connection's proxy, time limits and retries.

    Without a proxy of the user's, `HTTPS_PROXY` and its kin hold; `REQUESTS_CA_BUNDLE` always does.
    A reply that still is 429 or 5xx after the last try is given back as it is.
    """
    import requests

    session = requests.Session()
    # A caller-set auth keeps requests from sending what a .netrc holds.
    session.auth = _no_auth
    proxy = connection.proxy_url
    if (proxy or _proxy_of_environment()).startswith("socks"):
        # yt-dlp brings a SOCKS client and gives it to requests.
        import yt_dlp.networking  # noqa: F401
    if proxy is not None:
        # With trust_env, requests would let the environment's proxies win over these.
        session.trust_env = False
        session.proxies = {"http": proxy, "https": proxy}
        session.verify = ca_bundle() or True
    if connection.rotating:
        session.headers["Connection"] = "close"
    adapter = _patient_adapter(connection)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _proxy_of_environment() -> str:
    from requests.utils import get_environ_proxies, select_proxy

    youtube = "https://www.youtube.com"
    return (select_proxy(youtube, get_environ_proxies(youtube)) or "").lower()


def ca_bundle() -> str | None:
    """The certificate authorities that the environment names instead of the usual ones, if any."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def with_patience(
    call: Callable[[], T],
    connection: Connection,
    judge: Callable[[T | BaseException], float | None],
    hear: Callable[[T | Exception], Heard],
) -> T:
    """What `call` gives or raises, tried again while it fails with what passes.

    `call` makes one request. Every try goes through the connection's gate, which is told by `hear`
    whether YouTube refused it; raises YouTubeNotAsked where that is closed.

    `judge` looks at what `call` gave or raised: None for what will not change by trying again, else
    the seconds that the server asks to wait (0 where it does not say; then the wait doubles from
    one second). After `connection.retries` tries, or when the waits would exceed LONGEST_WAIT, the
    last outcome stands.
    """
    from tenacity import Retrying

    def judged(state: RetryCallState) -> float | None:
        outcome = state.outcome
        if outcome is None:
            return None
        error = outcome.exception()
        return judge(error if error is not None else outcome.result())

    def wait(state: RetryCallState) -> float:
        return judged(state) or min(2.0 ** (state.attempt_number - 1), 10.0)

    def stop(state: RetryCallState) -> bool:
        waited = state.idle_for + state.upcoming_sleep
        return state.attempt_number > connection.retries or waited > LONGEST_WAIT

    retrying = Retrying(
        retry=lambda state: judged(state) is not None,
        wait=wait,
        stop=stop,
        sleep=connection.sleep,
        retry_error_callback=_last_outcome,
    )
    return retrying(lambda: connection.gate.asking(call, hear))


def passing_status(status: int, retry_after: str | None) -> float | None:
    """The seconds to wait after a reply with this status, 0 if it names none; None if it stands.

    A 429 without Retry-After stands: that is YouTube blocking an address, not asking for patience.
    """
    if status in _PASSING_STATUS or (status == 429 and retry_after):
        return seconds_of(retry_after, datetime.now(UTC))
    return None


def seconds_of(retry_after: str | None, now: datetime) -> float:
    """A Retry-After header, a number or an HTTP date, as seconds from `now`; 0 if it has none."""
    value = (retry_after or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    return seconds_until(value, now) or 0.0


def _checked_proxy(proxy: str) -> str:
    """The proxy's URL with its scheme; raises ProxyInvalid without repeating it."""
    given = proxy.strip()
    url = given if "://" in given else f"http://{given}"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ProxyInvalid("its address is not a URL") from None
    if parts.scheme not in _PROXY_SCHEMES:
        raise ProxyInvalid("its address must begin with http://, https:// or socks5://")
    if not host or any(char.isspace() for char in url):
        raise ProxyInvalid("its address names no host")
    return url


def _patient_adapter(connection: Connection) -> requests.adapters.HTTPAdapter:
    from requests.adapters import HTTPAdapter

    class PatientAdapter(HTTPAdapter):
        """Adds the time limits that youtube-transcript-api does not set, and tries again."""

        def send(  # type: ignore[override]
            self, request: Any, stream: bool = False, timeout: Any = None, **options: Any
        ) -> requests.Response:
            limit = connection.timeout if timeout is None else timeout

            def once() -> requests.Response:
                reply = HTTPAdapter.send(self, request, stream=stream, timeout=limit, **options)
                if not stream:
                    _ = reply.content  # a connection can break off in the body, too
                return reply

            answered: requests.Response = with_patience(once, connection, _judge_reply, _hear_reply)
            return answered

    return PatientAdapter()


def _judge_reply(outcome: Any) -> float | None:
    if isinstance(outcome, BaseException):
        return 0.0 if passing_error(outcome) else None
    return passing_status(outcome.status_code, outcome.headers.get("Retry-After"))


def _hear_reply(outcome: Any) -> Heard:
    if isinstance(outcome, Exception):
        return Heard(None)
    return hear_reply(outcome.status_code, outcome.url or "", lambda: bytes(outcome.content))


def _last_outcome(state: RetryCallState) -> Any:
    assert state.outcome is not None  # noqa: S101
    return state.outcome.result()


def _no_auth(request: Any) -> Any:
    return request
