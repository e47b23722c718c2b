"""Which list the stand-in for YouTube is asked for, by a page's path or by the inner API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.standins import youtube_lists as lists
from tests.standins.shelves import TABS, Channel, Playlist, channel_of
from tests.standins.talk import Talk

_ALL_UPLOADS = "UU"
_NO_PLAYLIST = "The playlist does not exist."


class Shelves:
    """The channels and playlists that are there; talks are on the channels that they name.

    `page_size` is of a channel's tabs; a playlist's pages have `playlist_page_size`. A channel also
    has the playlist of its uploads.
    """

    def __init__(
        self,
        talks: Iterable[Talk],
        channels: Sequence[Channel],
        playlists: Sequence[Playlist],
        page_size: int,
        playlist_page_size: int,
    ) -> None:
        of_channels: dict[str, list[Talk]] = {}
        for talk in talks:
            of_channels.setdefault(talk.channel_id, []).append(talk)
        self.channels = {key: channel_of(found) for key, found in of_channels.items()}
        self.channels |= {channel.id: channel for channel in channels}
        self.playlists = {playlist.id: playlist for playlist in playlists}
        self._page_size = page_size
        self._playlist_page_size = playlist_page_size

    def page(self, path: str, query: dict[str, str]) -> dict[str, Any] | None:
        """The data in the page of a channel or of a playlist; None where there is no such page."""
        if path == "/playlist":
            return self._playlist_page(query.get("list", ""), whole=False)
        channel, tab = self._channel(path)
        return lists.channel_tab(channel, tab, self._page_size) if channel else None

    def browse(self, said: dict[str, Any]) -> dict[str, Any] | None:
        """The inner API's reply, or None where it knows no such thing."""
        if "url" in said:
            return self._resolved(said["url"])
        if token := said.get("continuation"):
            return self._next_page(token)
        browse_id, params = str(said.get("browseId")), said.get("params")
        if browse_id.startswith("VL"):
            return self._playlist_page(browse_id[2:], whole=params == "wgYCCAA=")
        channel = self.channels.get(browse_id)
        tab = next((tab for tab in TABS if lists.PARAMS[tab] == params), "videos")
        return lists.channel_tab(channel, tab, self._page_size) if channel else None

    def _resolved(self, address: str) -> dict[str, Any] | None:
        url = urlsplit(address)
        if url.path == "/playlist":
            return lists.resolved_playlist(parse_qs(url.query).get("list", [""])[0])
        channel, tab = self._channel(url.path)
        return lists.resolved(channel, tab) if channel else None

    def _next_page(self, token: str) -> dict[str, Any] | None:
        name, part, start = lists.read_token(token)
        if channel := self.channels.get(name):
            items = channel.tab(part) or ()
            page = lists.channel_items(channel, part, items, start, self._page_size)
        elif playlist := self._playlist(name):
            size = self._playlist_page_size
            page = lists.playlist_items(playlist, start, size, whole=part == "whole")
        else:
            return None
        return lists.next_page(page)

    def _playlist_page(self, name: str, *, whole: bool) -> dict[str, Any]:
        playlist = self._playlist(name)
        if playlist is None:
            return lists.alerted(_NO_PLAYLIST)
        return lists.playlist_page(playlist, self._playlist_page_size, whole=whole)

    def _playlist(self, name: str) -> Playlist | None:
        channel = self.channels.get(f"UC{name.removeprefix(_ALL_UPLOADS)}")
        if name not in self.playlists and name.startswith(_ALL_UPLOADS) and channel:
            items = [item for tab in TABS for item in channel.tab(tab) or ()]
            return Playlist(name, f"Uploads from {channel.name}", channel, items)
        return self.playlists.get(name)

    def _channel(self, path: str) -> tuple[Channel | None, str]:
        parts = unquote(path).strip("/").split("/")
        name = "/".join(parts[:2]) if parts[0] in ("channel", "c", "user") else parts[0]
        rest = parts[name.count("/") + 1 :]
        tab = rest[0] if rest and rest[0] in TABS else "videos"
        for channel in self.channels.values():
            known = {channel.handle, f"channel/{channel.id}", channel.id, *channel.names}
            if name.lower() in {each.lower() for each in known}:
                return channel, tab
        return None, tab
