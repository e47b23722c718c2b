"""Whether YouTube may still be asked: an address that it refuses three times in a row asks no more.

Asking on would make the block last longer. What counts are replies, whoever asked for them.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from generator.errors import BlockedByYouTube, YouTubeNotAsked
from generator.fetcher.causes import cause_of_player

MOST_REFUSALS = 3
"""So many refusals in a row close the gate."""

Place = Literal["page", "player", "captions", "other"]
"""What is asked for: a video's page, the player's reply, captions, or anything else."""

_PLAYER = "/youtubei/v1/player"
_CAPTIONS = "/timedtext"
_IN_A_PAGE = re.compile(r"ytInitialPlayerResponse\s*=\s*(?=\{)")
_CAPTCHA = 'class="g-recaptcha"'

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a reply tells: that YouTube refused it, that it did not, or (None) neither."""

    refused: bool | None
    place: Place = "other"


class Gate:
    """What all requests of a run to YouTube go through; threads may share it.

    `most` refusals in a row close it, and nothing opens it again. A video's page that comes says
    nothing where it was the player that was refused: only a good reply to what was refused ends a
    row, or captions, for which all else is asked.
    """

    def __init__(self, most: int = MOST_REFUSALS) -> None:
        self._most = most
        self._refusals = 0
        self._refused_at: set[Place] = set()
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

    def heard(self, heard: Heard) -> None:
        """Counts a reply."""
        with self._lock:
            if heard.refused:
                self._refusals += 1
                self._refused_at.add(heard.place)
                self._closed = self._closed or self._refusals >= self._most
            elif heard.refused is not None:
                self._refused_at.discard(heard.place)
                if heard.place == "captions" or not self._refused_at:
                    self._refused_at.clear()
                    self._refusals = 0

    def asking(
        self, call: Callable[[], _Result], hear: Callable[[_Result | Exception], Heard]
    ) -> _Result:
        """What `call`, which makes one request, gives or raises; `hear` says what that tells.

        Raises YouTubeNotAsked in its place where nothing is asked any more.
        """
        self.check()
        try:
            result = call()
        except Exception as error:
            self.heard(hear(error))
            raise
        self.heard(hear(result))
        return result


def hear_reply(status: int, url: str, body: Callable[[], bytes]) -> Heard:
    """What a reply of YouTube's tells; `body` as for is_refusal."""
    return Heard(is_refusal(status, url, body), _place_of(url))


def _place_of(url: str) -> Place:
    path = urlsplit(url).path
    if path == "/watch":
        return "page"
    if path.endswith(_PLAYER):
        return "player"
    return "captions" if path.endswith(_CAPTIONS) else "other"


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
