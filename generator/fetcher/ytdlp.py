"""yt-dlp kept on a short leash: no files, no output, no media, and errors of our own."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import (
    BlockedByYouTube,
    CookiesUnreadable,
    FetchError,
    GenerateError,
    NetworkDown,
    ReplyNotUnderstood,
)
from generator.fetcher.causes import cause_of_anything, cause_of_status, cause_of_words
from generator.fetcher.cookies import browser_named, cookie_text, whose
from generator.fetcher.gate import Heard, hear_reply
from generator.fetcher.http import (
    Connection,
    ca_bundle,
    passing_status,
    with_patience,
)
from generator.fetcher.ids import watch_url
from generator.fetcher.outages import network_down, passing_error

if TYPE_CHECKING:
    import ssl


@dataclass(frozen=True, slots=True)
class Extraction:
    """What yt-dlp found out of a video: its `info`, and what it warned of on the way."""

    info: Mapping[str, Any]
    said: tuple[str, ...]


class Extractor:
    """One video at a time through yt-dlp; made by open_ytdlp."""

    def __init__(self, ydl: Any, heard: Listener) -> None:
        self._ydl = ydl
        self._heard = heard

    def extract(self, video_id: str) -> Extraction:
        """What YouTube's pages say of the video, without its media.

        Raises a FetchError for what kept yt-dlp from finding anything.
        """
        from yt_dlp.utils import DownloadError

        self._heard.lines.clear()
        self._ydl.video_id = video_id
        try:
            info = self._ydl.extract_info(
                watch_url(video_id), download=False, process=False, ie_key="Youtube"
            )
        except GenerateError:
            raise
        except DownloadError as error:
            raise self._cause(video_id, error) from None
        except Exception as error:  # a reply that yt-dlp did not foresee can raise anything
            raise cause_of_anything(video_id, error) from None
        if not isinstance(info, dict):
            raise ReplyNotUnderstood(video_id, "yt-dlp found nothing in it")
        return Extraction(info, tuple(self._heard.lines))

    def read(self, video_id: str, url: str) -> str:
        """The text at an address that yt-dlp gave. Raises a FetchError."""
        self._ydl.video_id = video_id
        try:
            with self._ydl.urlopen(url) as reply:
                return str(reply.read().decode("utf-8", "replace"))
        except GenerateError:
            raise
        except Exception as error:
            raise cause_of_anything(video_id, error) from None

    def _cause(self, video_id: str, error: Any) -> FetchError:
        original: Any = error.exc_info[1] if error.exc_info else None
        status = getattr(getattr(original, "cause", None), "status", None)
        if status is not None:
            return cause_of_status(video_id, str(status))
        # What is `expected` is YouTube's own word; the rest is yt-dlp's about replies it gets.
        said = original.orig_msg if getattr(original, "expected", False) else ""
        return cause_of_words(video_id, said) or ReplyNotUnderstood(
            video_id, "yt-dlp could not read it"
        )


@contextmanager
def open_ytdlp(connection: Connection, *, captions: bool) -> Iterator[Extractor]:
    """yt-dlp with the connection's proxy, certificates, cookies, time limits and retries.

    Without `captions` it asks for one page only, the one a browser shows. With them it also asks
    the clients whose caption tracks can be read.

    Raises CookiesUnreadable.
    """
    from yt_dlp.extractor.youtube import YoutubeIE

    youtube = {
        "player_client": ["default"] if captions else ["web"],
        "player_skip": ["js"] if captions else ["js", "configs"],
        "skip": ["hls", "dash", "translated_subs"],
    }
    heard = Listener()
    # writesubtitles: nothing is written; it has missing ones reported.
    with leashed(connection, heard, {"youtube": youtube}, writesubtitles=captions) as ydl:
        ydl.add_info_extractor(YoutubeIE())
        yield Extractor(ydl, heard)


@contextmanager
def leashed(
    connection: Connection, heard: Listener, extractor_args: Mapping[str, Any], **more: Any
) -> Iterator[Any]:
    """A YoutubeDL that asks the network as the rest of the program does, with no extractors yet.

    Raises CookiesUnreadable.
    """
    from yt_dlp.cookies import CookieLoadError
    from yt_dlp.utils import DownloadError

    options = {**_options(connection, heard), "extractor_args": extractor_args, **more}
    ydl = _leashed(connection)(options, auto_init=False)
    try:
        _ = ydl.cookiejar
    except (CookieLoadError, DownloadError):
        raise CookiesUnreadable(whose(connection), "yt-dlp did not get at them") from None
    try:
        yield ydl
    finally:
        ydl.close()


def _options(connection: Connection, heard: Listener) -> dict[str, Any]:
    options: dict[str, Any] = {
        "logger": heard,
        "quiet": True,
        "no_color": True,
        "cachedir": False,
        "check_formats": False,
        "ignore_no_formats_error": True,
        "noplaylist": True,
        "extractor_retries": 0,
        "js_runtimes": {},
        "socket_timeout": connection.timeout,
    }
    if (proxy := connection.proxy_url) is not None:
        options["proxy"] = proxy
    if connection.cookies is not None:
        options["cookiefile"] = io.StringIO(cookie_text(connection.cookies))
    if connection.cookies_from_browser:
        options["cookiesfrombrowser"] = browser_named(connection.cookies_from_browser)
    return options


def _leashed(connection: Connection) -> Any:
    """The class of yt-dlp's that asks the network in our way."""
    from yt_dlp import YoutubeDL
    from yt_dlp.networking.exceptions import HTTPError, NoSupportingHandlers, RequestError

    class LeashedYoutubeDL(YoutubeDL):  # type: ignore[misc]
        """Tries again as the rest of the program does, and gives up where trying is no use."""

        video_id = ""

        def urlopen(self, req: Any) -> Any:
            try:
                once = partial(_read, super().urlopen, req)
                return with_patience(once, connection, _judge, _hear)
            except HTTPError as error:
                if error.status == 429 or (error.status == 403 and "/watch?" in error.response.url):
                    raise BlockedByYouTube(self.video_id) from None
                if error.status >= 500:
                    raise NetworkDown("YouTube", f"it answers with error {error.status}") from None
                raise
            except NoSupportingHandlers as error:
                for unexpected in error.unexpected_errors:
                    raise cause_of_anything(self.video_id, unexpected) from None
                raise
            except RequestError as error:
                raise network_down(error) or error from None

        def build_request_director(self, handlers: Any, preferences: Any = None) -> Any:
            # The handler on top of requests: the one that cassettes record, like all else here.
            chosen = [handler for handler in handlers if handler.RH_KEY == "Requests"]
            director = super().build_request_director(chosen or handlers, preferences)
            if bundle := ca_bundle():
                for handler in director.handlers.values():
                    handler._make_sslcontext = partial(_trusting, bundle, handler._make_sslcontext)
            return director

    return LeashedYoutubeDL


def _judge(outcome: Any) -> float | None:
    from yt_dlp.networking.exceptions import HTTPError

    if isinstance(outcome, HTTPError):
        return passing_status(outcome.status, outcome.response.headers.get("Retry-After"))
    return 0.0 if isinstance(outcome, BaseException) and passing_error(outcome) else None


def _hear(outcome: Any) -> Heard:
    from yt_dlp.networking.exceptions import HTTPError

    if isinstance(outcome, HTTPError):
        return hear_reply(outcome.status, outcome.response.url, bytes)
    if isinstance(outcome, Exception):
        return Heard(None)
    return hear_reply(outcome.status, outcome.url, outcome.fp.getvalue)


def _read(urlopen: Any, request: Any) -> Any:
    """The reply with its body read: it may say that YouTube refuses, or break off."""
    from yt_dlp.networking.common import Response

    with urlopen(request) as reply:
        body = io.BytesIO(reply.read())
        return Response(body, reply.url, reply.headers, reply.status, reply.reason)


def _trusting(bundle: str, make: Any, *args: Any, **options: Any) -> ssl.SSLContext:
    """yt-dlp trusts certifi's authorities only; the environment's are for it, too."""
    context: ssl.SSLContext = make(*args, **options)
    if Path(bundle).is_dir():
        context.load_verify_locations(capath=bundle)
    else:
        context.load_verify_locations(cafile=bundle)
    return context


class Listener:
    """Takes what yt-dlp would print, and keeps what it warns of."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, message: str) -> None:
        """Progress, of no interest."""

    def info(self, message: str) -> None:
        """Progress, of no interest."""

    def warning(self, message: str, **_: Any) -> None:
        """Kept."""
        self.lines.append(message)

    def error(self, message: str, **_: Any) -> None:
        """Kept."""
        self.lines.append(message)
