"""What can go wrong with the stand-in for YouTube, and the switches for it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

Asker = Literal["transcript", "metadata"]
"""Who asks: youtube-transcript-api, or yt-dlp."""

Place = Literal[
    "watch",
    "player",
    "next",
    "captions",
    "oembed",
    "channel",
    "playlist",
    "browse",
    "embed",
    "manifest",
]
"""What is asked for; `embed`, `next` and `manifest` are yt-dlp's fallbacks and formats."""

STATES = {
    "unavailable": "the video was removed or never existed",
    "private": "its owner shares it with named people",
    "age_restricted": "for signed-in adults only",
    "members_only": "for the channel's paying members",
    "live": "being streamed now, no captions yet",
    "upcoming": "a stream that was announced",
    "captions_disabled": "it plays and has no captions",
    "unplayable": "it costs money",
    "wrong_country": "not shown in the country that asks",
    "bot_check": "YouTube wants a sign-in to see that no machine asks",
    "session_limited": "YouTube asks this session to come back later",
    "po_token": "its caption addresses need a token that only a browser makes",
}
"""Faults of a video: YouTube answers in good form, with bad news."""

FAILURES = {
    "blocked": "429 to everything, with Google's page for machines",
    "recaptcha": "a captcha where the watch page should be, 429 to the rest",
    "rate_limited": "429, with Retry-After if told",
    "server_error": "503, with Retry-After if told",
    "hang": "no answer until the stand-in closes",
    "connection_reset": "the connection breaks in place of an answer",
    "no_metadata": "403 to all of yt-dlp's requests, the transcript is there",
    "no_oembed": "401 from oEmbed",
    "consent": "the EU's consent page until its cookie is set",
    "consent_again": "the consent page whatever cookie is set",
    "no_api_key": "a watch page in which the key of the inner API is not found",
    "html_for_json": "a page of HTML where JSON should be",
    "truncated_json": "JSON that stops in the middle",
    "no_data": "a page of a list without the list in it",
    "empty_reply": "JSON in good form that says nothing",
    "cut_off": "the connection breaks in the middle of a reply",
    "empty_captions": "200 and not one byte of captions",
    "truncated_captions": "captions that stop in the middle",
    "proxy_refuses": "the proxy opens no tunnel: 403",
    "proxy_login": "the proxy wants a password: 407",
    "proxy_reset": "the proxy breaks the connection",
}
"""Faults of the way: what comes is not the reply that was asked for."""


@dataclass
class Fault:
    """One switched-on fault. None for `video`, `asker` or `at` means any.

    `times` counts down, and before it `after`, the requests that are spared.
    """

    name: str
    video: str | None
    asker: Asker | None
    at: tuple[Place, ...]
    times: int | None
    retry_after: str | None
    login_helps: bool
    after: int = 0

    def concerns(
        self, video: str | None, asker: Asker | None, place: Place, signed_in: bool
    ) -> bool:
        return (
            (self.times is None or self.times > 0)
            and not (self.login_helps and signed_in)
            and self.video in (None, video)
            and self.asker in (None, asker)
            and (not self.at or place in self.at)
        )


class Faults:
    """The faults that are on. Safe to switch while the server answers."""

    def __init__(self) -> None:
        self._on: list[Fault] = []
        self._lock = threading.Lock()

    def add(
        self,
        name: str,
        *,
        video: str | None = None,
        asker: Asker | None = None,
        at: Place | tuple[Place, ...] = (),
        times: int | None = None,
        retry_after: int | str | None = None,
        login_helps: bool = False,
        after: int = 0,
    ) -> None:
        """Switches a fault of STATES or FAILURES on.

        It concerns one `video` or all, one `asker` or both, the places `at` or every place that
        knows the fault, and the next `times` requests or all, `after` some that it spares.
        `retry_after` is the header of `rate_limited` and `server_error`: seconds, or an HTTP date.
        With `login_helps` it spares requests that bring the cookies of an account.
        """
        if name not in STATES and name not in FAILURES:
            raise ValueError(
                f"No fault is called {name}; there are {sorted({**STATES, **FAILURES})}"
            )
        places = (at,) if isinstance(at, str) else at
        delay = None if retry_after is None else str(retry_after)
        with self._lock:
            self._on.append(Fault(name, video, asker, places, times, delay, login_helps, after))

    def clear(self) -> None:
        """Switches all off."""
        with self._lock:
            self._on.clear()

    def take(
        self,
        names: set[str],
        *,
        video: str | None,
        asker: Asker | None,
        place: Place,
        signed_in: bool = False,
    ) -> Fault | None:
        """The first fault among `names` that concerns a request, counted down by this one."""
        with self._lock:
            for fault in self._on:
                if fault.name in names and fault.concerns(video, asker, place, signed_in):
                    if fault.after > 0:
                        fault.after -= 1
                        continue
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def take_proxy(self) -> Fault | None:
        """The fault that concerns the opening of a tunnel, if any."""
        names = {"proxy_refuses", "proxy_login", "proxy_reset"}
        return self.take(names, video=None, asker=None, place="watch")
