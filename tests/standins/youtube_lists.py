"""The replies of the stand-in for YouTube for channels and playlists, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from tests.standins.shelves import TABS, Channel, Item, Playlist
from tests.standins.youtube_lockups import lockup, old_renderer, short_lockup

PARAMS = {
    "videos": "EgZ2aWRlb3PyBgQKAjoA",
    "shorts": "EgZzaG9ydHPyBgUKA5oBAA%3D%3D",
    "streams": "EgdzdHJlYW1z8gYECgJ6AA%3D%3D",
    "featured": "EghmZWF0dXJlZPIGBAoCMgA%3D",
}
TITLES = {"videos": "Videos", "shorts": "Shorts", "streams": "Live", "featured": "Home"}
_VISITOR = {"visitorData": "standin-visitor"}


def resolved(channel: Channel, tab: str = "videos") -> dict[str, Any]:
    """What `/youtubei/v1/navigation/resolve_url` says of a tab of a channel."""
    return _resolved({"browseId": channel.id, "params": PARAMS[tab]}, "CHANNEL")


def resolved_playlist(playlist_id: str) -> dict[str, Any]:
    """What it says of a playlist."""
    return _resolved({"browseId": f"VL{playlist_id}"}, "PLAYLIST")


def _resolved(endpoint: dict[str, Any], kind: str) -> dict[str, Any]:
    page = {"webPageType": f"WEB_PAGE_TYPE_{kind}", "apiUrl": "/youtubei/v1/browse"}
    return {
        "responseContext": _VISITOR,
        "endpoint": {
            "commandMetadata": {
                "webCommandMetadata": {"url": "/youtubei/v1/navigation/resolve_url", **page},
                "resolveUrlCommandMetadata": {"isVanityUrl": True},
            },
            "browseEndpoint": endpoint,
        },
    }


def channel_tab(channel: Channel, tab: str, page_size: int) -> dict[str, Any]:
    """The first page of a channel's tab; the one called Home where the channel does not have it."""
    base = f"/{quote(channel.handle, safe='@')}"
    shown = tab if channel.tab(tab) is not None else "featured"
    tabs = [_tab(channel, base, "featured")]
    tabs += [_tab(channel, base, name) for name in TABS if channel.tab(name) is not None]
    for each in tabs:
        if each["title"] == TITLES[shown]:
            each["selected"] = True
            each["content"] = _content(channel, shown, page_size)
    return {
        "responseContext": _VISITOR,
        "contents": {
            "twoColumnBrowseResultsRenderer": {"tabs": [{"tabRenderer": each} for each in tabs]}
        },
        "header": {"pageHeaderRenderer": {"pageTitle": channel.name}},
        "metadata": {
            "channelMetadataRenderer": {
                "title": channel.name,
                "description": "",
                "externalId": channel.id,
                "ownerUrls": [f"http://www.youtube.com{base}"],
                "channelUrl": f"https://www.youtube.com/channel/{channel.id}",
                "vanityChannelUrl": f"http://www.youtube.com{base}",
                "isFamilySafe": True,
            }
        },
    }


def _content(channel: Channel, tab: str, page_size: int) -> dict[str, Any]:
    if tab == "featured":
        return {"sectionListRenderer": {"contents": []}}
    items = channel.tab(tab) or ()
    return {"richGridRenderer": {"contents": channel_items(channel, tab, items, 0, page_size)}}


def channel_items(
    channel: Channel, tab: str, items: Sequence[Item], start: int, page_size: int
) -> list[dict[str, Any]]:
    """What one page of a channel's tab holds, and the way to the next one."""
    shape = short_lockup if tab == "shorts" else lockup
    page = items[start : start + page_size]
    found: list[dict[str, Any]] = [{"richItemRenderer": {"content": shape(item)}} for item in page]
    return found + _more(f"{channel.id}/{tab}", start + page_size, len(items))


def playlist_page(playlist: Playlist, page_size: int, *, whole: bool) -> dict[str, Any]:
    """The first page of a playlist; only a `whole` one has the videos that cannot be watched."""
    if playlist.refusal:
        return {"responseContext": _VISITOR, "alerts": [_alert("ERROR", playlist.refusal)]}
    items = playlist_items(playlist, 0, page_size, whole=whole)
    if playlist.old:
        inner: list[dict[str, Any]] = [
            {"playlistVideoListRenderer": {"contents": items, "playlistId": playlist.id}}
        ]
    else:
        inner = items
    section = {"itemSectionRenderer": {"contents": inner}}
    tab = {
        "selected": True,
        "content": {"sectionListRenderer": {"contents": [section]}},
    }
    hidden = len(playlist.items) - len(shown_items(playlist, whole=whole))
    said = f"{hidden} unavailable video{'s are' if hidden > 1 else ' is'} hidden"
    return {
        "responseContext": _VISITOR,
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": [{"tabRenderer": tab}]}},
        **({"alerts": [_alert("INFO", said)]} if hidden else {}),
        "metadata": {"playlistMetadataRenderer": {"title": playlist.title}},
        "header": {"playlistHeaderRenderer": _playlist_header(playlist)},
    }


def _playlist_header(playlist: Playlist) -> dict[str, Any]:
    owner = playlist.owner
    browse = {"browseId": owner.id, "canonicalBaseUrl": f"/{quote(owner.handle, safe='@')}"}
    run = {"text": owner.name, "navigationEndpoint": {"browseEndpoint": browse}}
    return {
        "playlistId": playlist.id,
        "title": {"simpleText": playlist.title},
        "numVideosText": {"runs": [{"text": f"{len(playlist.items)}"}, {"text": " videos"}]},
        "ownerText": {"runs": [run]},
        "privacy": "PUBLIC",
    }


def shown_items(playlist: Playlist, *, whole: bool) -> Sequence[Item]:
    """The videos of a playlist, or of those the ones that YouTube shows unasked."""
    if whole:
        return playlist.items
    return [item for item in playlist.items if item.state not in ("private", "deleted")]


def playlist_items(
    playlist: Playlist, start: int, page_size: int, *, whole: bool
) -> list[dict[str, Any]]:
    """What one page of a playlist holds, and the way to the next one."""
    shape = old_renderer if playlist.old else lockup
    items = shown_items(playlist, whole=whole)
    found = [shape(item, playlist.owner) for item in items[start : start + page_size]]
    key = f"{playlist.id}/{'whole' if whole else 'shown'}"
    return found + _more(key, start + page_size, len(items))


def next_page(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The page that a continuation token stands for."""
    action = {"appendContinuationItemsAction": {"continuationItems": items}}
    return {"responseContext": _VISITOR, "onResponseReceivedActions": [action]}


def read_token(token: str) -> tuple[str, str, int]:
    """What a continuation token goes on with: a list's id, its tab or part, and from where."""
    _, key, start = token.split(":")
    name, _, part = key.partition("/")
    return name, part, int(start)


def alerted(text: str) -> dict[str, Any]:
    """A page that only says what is wrong."""
    return {"responseContext": _VISITOR, "alerts": [_alert("ERROR", text)]}


def _alert(kind: str, text: str) -> dict[str, Any]:
    return {"alertRenderer": {"type": kind, "text": {"runs": [{"text": text}]}}}


def _more(key: str, end: int, count: int) -> Iterable[dict[str, Any]]:
    if end >= count:
        return []
    command = {"token": f"standin:{key}:{end}", "request": "CONTINUATION_REQUEST_TYPE_BROWSE"}
    item = {
        "trigger": "CONTINUATION_TRIGGER_ON_ITEM_SHOWN",
        "continuationEndpoint": {"continuationCommand": command},
    }
    return [{"continuationItemRenderer": item}]


def _tab(channel: Channel, base: str, name: str) -> dict[str, Any]:
    url = {"url": f"{base}/{name}", "webPageType": "WEB_PAGE_TYPE_CHANNEL"}
    return {
        "endpoint": {
            "commandMetadata": {"webCommandMetadata": url},
            "browseEndpoint": {
                "browseId": channel.id,
                "params": PARAMS[name],
                "canonicalBaseUrl": base,
            },
        },
        "title": TITLES[name],
    }
