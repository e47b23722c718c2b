"""Video ids: from what people paste to the 11 characters, and back to an address."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

from generator.errors import InvalidVideoId

_ID = re.compile(r"[0-9A-Za-z_-]{11}", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SHORT_HOSTS = {"youtu.be", "www.youtu.be"}
_LONG_HOSTS = {
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "music.youtube.com",
    "gaming.youtube.com",
    "youtube-nocookie.com",
    "www.youtube-nocookie.com",
}
_ID_FOLLOWS = {"watch", "v", "e", "vi", "embed", "shorts", "live"}
_MADE = "local-"
# Eleven characters that stand where an id would in addresses of playlists and of channels.
_NO_IDS = {"videoseries", "live_stream"}


def parse_video_id(text: str) -> str:
    """The 11-character id in `text`, an id itself or any form of YouTube URL of one video.

    Raises InvalidVideoId for everything else: other sites, addresses with a user name in them (a
    way to make `youtube.com` stand where no host does), and pages of a playlist or a channel.
    """
    given = text.strip()
    if _ID.fullmatch(given):
        return given
    found = _id_in_url(given)
    if found is None:
        raise InvalidVideoId(text)
    return found


def made_id(channel: str, name: str) -> str:
    """An id for a recording that has none, `local-` and 5 characters; the same on every machine."""
    digest = hashlib.sha256(f"{channel}\n{unicodedata.normalize('NFC', name)}".encode()).digest()
    return _MADE + base64.urlsafe_b64encode(digest).decode()[:5]


def watch_url(video_id: str) -> str:
    """The address at which a browser plays the video."""
    return f"https://www.youtube.com/watch?v={video_id}"


def address_of(video_id: str) -> str:
    """The address of a video, empty for one that has a made id, and for what is no id at all."""
    made = video_id.startswith(_MADE)
    return watch_url(video_id) if _ID.fullmatch(video_id) and not made else ""


def split_youtube(given: str) -> tuple[str, list[str], dict[str, list[str]]] | None:
    """The host, the parts of the path and the query of a YouTube address; None for all others.

    The scheme may be missing. Parts are as they stand, percent signs and all.
    """
    if not given or any(char.isspace() or not char.isprintable() or char == "\\" for char in given):
        return None
    if not _SCHEME.match(given):
        given = "https://" + given.removeprefix("//")
    try:
        url = urlsplit(given)
        port = url.port
    except ValueError:
        return None
    if url.scheme not in {"http", "https"} or "@" in url.netloc or port not in {None, 80, 443}:
        return None
    host = url.hostname or ""
    if host not in _SHORT_HOSTS | _LONG_HOSTS:
        return None
    return host, [part for part in url.path.split("/") if part], parse_qs(url.query)


def _id_in_url(given: str) -> str | None:
    split = split_youtube(given)
    if split is None:
        return None
    host, parts, query = split
    candidates: list[str] = []
    if host in _SHORT_HOSTS:
        candidates = parts[:1]
    elif parts == ["watch"]:
        candidates = query.get("v", [])[:1]
    elif len(parts) >= 2 and parts[0] in _ID_FOLLOWS and parts[1] not in _NO_IDS:
        candidates = [parts[1]]
    return next((found for found in candidates if _ID.fullmatch(found)), None)


def is_video_id(text: object) -> bool:
    """Whether it is the 11 characters of an id."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None
