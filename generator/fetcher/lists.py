"""The videos of channels and playlists as YouTube lists them, through yt-dlp, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from generator.errors import (
    BlockedByYouTube,
    FetchError,
    GenerateError,
    ListBlocked,
    ListEmpty,
    ListError,
    ListNotUnderstood,
    ListPrivate,
    NoSuchList,
    ReplyNotUnderstood,
)
from generator.fetcher.addresses import ListAddress, Tab, uploads_playlist
from generator.fetcher.causes import cause_of_anything
from generator.fetcher.entries import listed_video
from generator.fetcher.http import Connection
from generator.fetcher.tabs import tab_extractor
from generator.fetcher.ytdlp import Listener, leashed
from generator.models import ListedVideo
from generator.text import clean, clip

_MAX_NAME = 200
_REDIRECTS = 3
_UCID = re.compile(r"UC[0-9A-Za-z_-]{22}", re.ASCII)
_NO_TAB = re.compile(r"does not have an? \w+ tab")
# What YouTube and yt-dlp say of a list that they do not give; the first that is found decides.
_SAID = [
    ("blocked", r"not a bot|captcha|unusual traffic|too many requests|try again later"),
    ("private", r"\bprivate\b"),
    (
        "none",
        r"does not exist|doesn't exist|not found|unavailable|not available|isn't available"
        r"|no longer available|removed"
        r"|terminated|closed|deleted|suspended|home page|unviewable",
    ),
    ("blocked", r"sign in|log ?in\b"),
]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list while it is read. `videos` asks for the next page when it has given out the last one.

    `title` is the channel's or the playlist's; `handle` (with `@`) and `channel_id` are those of
    its owner, as far as YouTube tells. `others` are tabs of the channel with further videos, which
    are not in the list. What `videos` raises is what open_list does.
    """

    title: str
    handle: str
    channel_id: str | None
    videos: Iterator[ListedVideo]
    others: frozenset[str] = field(default_factory=frozenset)


@contextmanager
def open_list(address: ListAddress, connection: Connection) -> Iterator[Listing]:
    """The list at an address, its first page asked for.

    A channel's list is its videos tab. Shorts and past live streams are on tabs of their own, which
    are lists of their own (`@handle/shorts`, `@handle/streams`); a channel that has no videos tab
    gives its streams, and one without any tabs its uploads.

    Raises a ListError, ListBlocked, NetworkDown, NotInCassette, or CookiesUnreadable.
    """
    if address.owners_only and not (connection.cookies or connection.cookies_from_browser):
        raise ListPrivate(address.name)
    # Without the check, cookies do not keep a list from coming by the inner API alone.
    asking = {"youtube": {"raise_incomplete_data": ["true"]}, "youtubetab": {"skip": ["authcheck"]}}
    with leashed(connection, Listener(), asking) as ydl:
        reader = _Reader(address, tab_extractor(ydl, connection))
        with reader.own_errors():
            info, tab = reader.first()
        yield reader.listing(info, tab)


class _NoTabError(Exception):
    """The channel does not have the tab."""


class _Reader:
    """Asks for one list and its parts."""

    def __init__(self, address: ListAddress, extractor: Any) -> None:
        self._address = address
        self._extractor = extractor
        self._now = datetime.now(UTC)

    def first(self) -> tuple[Mapping[str, Any], Tab | None]:
        """The beginning of the list, and which of a channel's tabs it is from."""
        address = self._address
        if address.kind == "playlist":
            return self._extract(address.url), None
        wanted: Tab = address.tab or "videos"
        try:
            return self._extract(address.tab_url(wanted)), wanted
        except _NoTabError:
            there = self._extractor.tabs
        if address.tab is None and "streams" in there:
            return self._extract(address.tab_url("streams")), "streams"
        channel_id = _channel_id(self._extractor.metadata)
        if address.tab or "shorts" in there or channel_id is None:
            raise ListEmpty(address.name, "shorts" if "shorts" in there else "")
        return self._extract(uploads_playlist(channel_id).url), None

    def listing(self, info: Mapping[str, Any], tab: Tab | None) -> Listing:
        """The list that begins with `info`."""
        is_channel = self._address.kind == "channel"
        others = {"shorts", "streams"} & set(self._extractor.tabs) - {tab}
        return Listing(
            title=_line((is_channel and info.get("channel")) or info.get("title")),
            handle=_handle(info.get("uploader_id")) or self._address.handle,
            channel_id=_channel_id(info),
            videos=self._videos(info, tab),
            others=frozenset(others if is_channel and self._address.tab is None else ()),
        )

    def _videos(self, info: Mapping[str, Any], tab: Tab | None) -> Iterator[ListedVideo]:
        with self.own_errors():
            for entry in info.get("entries") or ():
                video = (
                    listed_video(entry, self._now, short=tab == "shorts")
                    if isinstance(entry, dict)
                    else None
                )
                if video is not None:
                    yield video

    def _extract(self, url: str) -> Mapping[str, Any]:
        """What yt-dlp makes of an address, its redirections followed."""
        for _ in range(_REDIRECTS + 1):
            info = self._info(url)
            if not isinstance(info, dict):
                break
            if info.get("_type") == "playlist":
                return info
            url = str(info.get("url") or "")
            if not self._extractor.suitable(url):
                break
        raise ListNotUnderstood(self._address.name, "there is no list in it")

    def _info(self, url: str) -> Any:
        from yt_dlp.utils import ExtractorError

        try:
            return self._extractor.extract(url)
        except ExtractorError as error:
            if _NO_TAB.search(str(error.orig_msg)):
                raise _NoTabError from None
            raise

    @contextmanager
    def own_errors(self) -> Iterator[None]:
        """What yt-dlp raises, as errors of this list."""
        try:
            yield
        except BlockedByYouTube as error:
            if type(error) is not BlockedByYouTube:
                raise
            raise ListBlocked(self._address.name) from None
        except (GenerateError, GeneratorExit):
            raise
        except Exception as error:  # a reply that yt-dlp did not foresee can raise anything
            raise _cause(self._address, error) from None


def _cause(address: ListAddress, error: Exception) -> GenerateError:
    """The error for whatever yt-dlp raised."""
    from yt_dlp.utils import ExtractorError

    if isinstance(error, _NoTabError):
        return ListEmpty(address.name)
    if isinstance(error, ExtractorError):
        status = getattr(error.cause, "status", None)
        if status in {401, 403, 429}:
            return ListBlocked(address.name)
        if status in {404, 410}:
            return NoSuchList(address.name)
        said = str(error.orig_msg) if error.expected else ""
        if told := _cause_of_words(address, said):
            return told
    why: FetchError = cause_of_anything("", error)
    if isinstance(why, BlockedByYouTube):
        return ListBlocked(address.name)
    if isinstance(why, ReplyNotUnderstood):
        return ListNotUnderstood(address.name, "yt-dlp could not read it")
    return why


def _cause_of_words(address: ListAddress, said: str) -> ListError | ListBlocked | None:
    words = said.replace("’", "'").lower()
    cause = next((cause for cause, pattern in _SAID if re.search(pattern, words)), None)
    quoted = clean(said.removeprefix("YouTube said: ")) if said.startswith("YouTube said") else ""
    if cause == "private":
        return ListPrivate(address.name)
    if cause == "none":
        return NoSuchList(address.name, quoted)
    if cause == "blocked":
        return ListBlocked(address.name)
    return ListNotUnderstood(address.name, f"YouTube says “{quoted}”") if quoted else None


def _line(value: object) -> str:
    return clip(clean(value), _MAX_NAME) if isinstance(value, str) else ""


def _handle(value: object) -> str:
    text = _line(value)
    return text if text.startswith("@") and len(text) > 1 else ""


def _channel_id(info: Mapping[str, Any]) -> str | None:
    value = info.get("channel_id")
    return value if isinstance(value, str) and _UCID.fullmatch(value) else None
