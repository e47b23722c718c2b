"""Whether YouTube may still be asked: an address that it refuses three times in a row asks no more.

Asking on would make the block last longer. What counts are replies, whoever asked for them.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from generator.errors import BlockedByYouTube, YouTubeNotAsked
from generator.fetcher.causes import cause_of_player

MOST_REFUSALS = 3
"""So many refusals in a row close the gate."""

_PLAYER = "/youtubei/v1/player"
_IN_A_PAGE = re.compile(r"ytInitialPlayerResponse\s*=\s*(?=\{)")
_CAPTCHA = 'class="g-recaptcha"'

_Result = TypeVar("_Result")


class Gate:
    """What all requests of a run to YouTube go through; threads may share it.

    `most` refusals in a row close it, and nothing opens it again.
    """

    def __init__(self, most: int = MOST_REFUSALS) -> None:
        self._most = most
        self._refusals = 0
        self._closed = False
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether nothing is asked any more."""
        return self._closed

    def close(self) -> None:
        """Nothing is asked any more."""
        self._closed = True

    def check(self) -> None:
        """Raises YouTubeNotAsked if nothing is asked any more."""
        if self._closed:
            raise YouTubeNotAsked

    def heard(self, refused: bool | None) -> None:
        """Counts a reply: a refusal, a good one, or (None) one that tells neither."""
        with self._lock:
            if refused is not None:
                self._refusals = self._refusals + 1 if refused else 0
                self._closed = self._closed or self._refusals >= self._most

    def asking(
        self, call: Callable[[], _Result], refused: Callable[[_Result | Exception], bool | None]
    ) -> _Result:
        """What `call`, which makes one request, gives or raises; `refused` says what it tells.

        Raises YouTubeNotAsked in its place where nothing is asked any more.
        """
        self.check()
        try:
            result = call()
        except Exception as error:
            self.heard(refused(error))
            raise
        self.heard(refused(result))
        return result


def is_refusal(status: int, url: str, body: Callable[[], bytes]) -> bool | None:
    """Whether a reply of YouTube's refuses the address that asks; None where it tells neither.

    `body` gives the reply's bytes; it is called only where they tell: for the player's reply, and
    the page of a video, which holds one. Anything else that succeeds was no refusal.
    """
    path = urlsplit(url).path
    telling = path.endswith(_PLAYER) or path == "/watch"
    if status == 429 or (status == 403 and telling):
        return True
    if not 200 <= status < 300:
        return None
    if not telling:
        return False
    text = body().decode("utf-8", "replace")
    if path.endswith(_PLAYER):
        return _is_refused(text, 0)
    found = _IN_A_PAGE.search(text)
    if found is None:
        return True if _CAPTCHA in text else None
    return _is_refused(text, found.end())


def _is_refused(text: str, start: int) -> bool | None:
    """What a reply of the player's that begins at a place of the text tells."""
    try:
        player: Any = json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None
    if not isinstance(player, dict) or "playabilityStatus" not in player:
        return None
    return isinstance(cause_of_player("", player), BlockedByYouTube)
