"""Addresses of lists: from what people paste to one address for each channel and playlist."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, unquote

from generator.errors import InvalidChannel, InvalidPlaylist, PlaylistIsMix
from generator.fetcher.ids import split_youtube

ListKind = Literal["channel", "playlist"]
Tab = Literal["videos", "shorts", "streams"]

YOUTUBE = "https://www.youtube.com"
_CHANNEL_ID = re.compile(r"UC[0-9A-Za-z_-]{22}", re.ASCII)
_PLAYLIST_ID = re.compile(r"(?:PL|UU|FL|EC|LP|TL|PU|OLAK5uy_)[0-9A-Za-z_-]{2,80}", re.ASCII)
_MIX = re.compile(r"(?:RD|UL)[0-9A-Za-z_-]{2,}", re.ASCII)
# What only its owner sees: liked videos, those to watch later, the history.
_OWNERS = {"WL", "LL", "LM", "HL"}
_ID_OF_LIST_LENGTH = 13
_TABS: dict[str, Tab] = {"videos": "videos", "shorts": "shorts", "streams": "streams"}
_LONGEST_NAME = 100
# The first parts of YouTube's paths that are no channel's own address.
_NOT_CHANNELS = re.compile(
    r"about|account|attribution_link|browse|clip|e|embed|explore|feed|feeds|gaming|hashtag"
    r"|index|iframe_api|kids|live|logout|movies|music|oembed|oops|playlist|post|premium"
    r"|redirect|results|s|search|shared|shorts|signin|source|storefront|t|trending|upload"
    r"|v|vi|w|watch|watch_popup|youtubei",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ListAddress:
    """Where a list is. `url` is the one address by which it is known, in ASCII.

    `name` is what messages call it (`channel @bonus_professor`). `handle` is the channel's as the
    user gave it, with `@`, empty where an id or an older name was given. `tab` is the one of a
    channel's tabs that was asked for by name.
    """

    kind: ListKind
    url: str
    name: str
    handle: str = ""
    tab: Tab | None = None

    @property
    def owners_only(self) -> bool:
        """Whether YouTube shows it to nobody but the account that it belongs to."""
        return self.url.rpartition("=")[2] in _OWNERS

    @property
    def channel_id(self) -> str:
        """YouTube's id of the channel, where that was given; else empty."""
        name = self.url.rpartition("/channel/")[2]
        return name if _CHANNEL_ID.fullmatch(name) else ""

    @property
    def uploads_of(self) -> str | None:
        """The id of the channel all of whose uploads the playlist is, newest first; else None."""
        playlist = self.url.rpartition("=")[2]
        is_uploads = self.kind == "playlist" and re.fullmatch(r"UU(LF)?[0-9A-Za-z_-]{22}", playlist)
        return f"UC{playlist[-22:]}" if is_uploads else None

    @property
    def newest_first(self) -> bool:
        """Whether what is new stands at the beginning; a playlist's owner may put it anywhere."""
        return self.kind == "channel" or self.uploads_of is not None

    @property
    def shorts(self) -> ListAddress:
        """The list of a channel's shorts."""
        name = self.name.partition(" (")[0]
        return replace(self, url=self.tab_url("shorts"), name=f"{name} (shorts)", tab="shorts")

    def tab_url(self, tab: Tab) -> str:
        """The address of one of a channel's tabs."""
        return f"{self.url.removesuffix(f'/{self.tab}')}/{tab}"


def parse_channel(text: str) -> ListAddress:
    """The channel that `text` names: `@handle` or `handle`, `UC…`, or an address of its pages.

    The addresses are `/@handle`, `/channel/UC…`, `/c/NAME`, `/user/NAME` and `/NAME`, with the name
    of a tab behind it or not; `/shorts` and `/streams` are lists of their own, other tabs are not
    told apart. Raises InvalidChannel for everything else, single videos and playlists too.
    """
    given = unicodedata.normalize("NFC", text.strip())
    split = split_youtube(given) if not given.startswith("@") and "/" in given else None
    if split is None:
        kind, name, rest = _without_host(given)
    else:
        kind, name, rest = _in_path(split[1])
    if not name:
        raise InvalidChannel(text)
    tab = _TABS.get(rest[0].lower()) if rest else None
    suffix = f"/{tab}" if tab in ("shorts", "streams") else ""
    shown = f"channel {name if kind != '@' else '@' + name}" + (f" ({tab})" if suffix else "")
    prefix = {"@": "@", "channel": "channel/", "c": "c/", "user": "user/", "": ""}[kind]
    return ListAddress(
        "channel",
        f"{YOUTUBE}/{prefix}{quote(name, safe='')}{suffix}",
        shown,
        handle=f"@{name}" if kind == "@" else "",
        tab=tab if suffix else None,
    )


def parse_playlist(text: str) -> ListAddress:
    """The playlist that `text` names: its id, or any YouTube address with `list=` in it.

    Raises InvalidPlaylist for everything else, and PlaylistIsMix for mixes, which have no end.
    """
    given = text.strip()
    playlist = given.removeprefix("VL")
    if not _is_playlist(playlist):
        split = split_youtube(given)
        playlist = split[2].get("list", [""])[0] if split else ""
        if split and split[1][:1] == ["browse"]:
            playlist = split[1][1].removeprefix("VL") if len(split[1]) > 1 else ""
    if _MIX.fullmatch(playlist):
        raise PlaylistIsMix(text)
    if not _is_playlist(playlist):
        raise InvalidPlaylist(text)
    return ListAddress("playlist", f"{YOUTUBE}/playlist?list={playlist}", f"playlist {playlist}")


def uploads_playlist(channel_id: str) -> ListAddress:
    """The playlist of all that a channel has uploaded."""
    return parse_playlist(f"UU{channel_id.removeprefix('UC')}")


def _is_playlist(text: str) -> bool:
    return bool(_PLAYLIST_ID.fullmatch(text) or _MIX.fullmatch(text) or text in _OWNERS)


def _without_host(given: str) -> tuple[str, str, list[str]]:
    """What is no address: an id or a handle, and the tab behind it."""
    name, *rest = given.split("/")
    name = unquote(name, errors="replace")
    if _CHANNEL_ID.fullmatch(name):
        return "channel", name, rest
    marked = name.startswith("@")
    if not marked and (rest or _looks_like_another(name)):
        return "@", "", []
    return "@", _handle(name.removeprefix("@")), rest


def _in_path(parts: list[str]) -> tuple[str, str, list[str]]:
    parts = [unicodedata.normalize("NFC", unquote(part, errors="replace")) for part in parts]
    first = parts[0] if parts else ""
    if first.startswith("@"):
        return "@", _handle(first[1:]), parts[1:]
    if first == "channel":
        name = parts[1] if len(parts) > 1 else ""
        return "channel", name if _CHANNEL_ID.fullmatch(name) else "", parts[2:]
    if first in ("c", "user"):
        return first, _name(parts[1]) if len(parts) > 1 else "", parts[2:]
    if _NOT_CHANNELS.fullmatch(first):
        return "", "", []
    return "", _name(first), parts[1:]


def _looks_like_another(name: str) -> bool:
    """Whether it is a playlist's id, or an address of YouTube's own, and no handle."""
    is_playlist = _is_playlist(name) and len(name) >= _ID_OF_LIST_LENGTH
    return is_playlist or split_youtube(name) is not None


def _handle(name: str) -> str:
    """A handle is the same in capitals and in small letters."""
    return _name(name).lower()


def _name(name: str) -> str:
    """The name if letters, marks and digits of any script and `_-.·’'` are all there is in it."""
    kinds = {unicodedata.category(char)[0] for char in name if char not in "_-.·’'"}
    return name if name.strip(".") and len(name) <= _LONGEST_NAME and kinds <= set("LMN") else ""
