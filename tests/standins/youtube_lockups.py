"""One video in the lists of the stand-in for YouTube, in each of the forms that YouTube has."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.standins.shelves import Channel, Item
from tests.standins.youtube_pages import clock

_STYLE = "THUMBNAIL_OVERLAY_BADGE_STYLE_"
_HIDDEN = {"private": "[Private video]", "deleted": "[Deleted video]"}


def lockup(item: Item, owner: Channel | None = None) -> dict[str, Any]:
    """A video of a channel's tabs, or of a playlist since 2025; there it names its `owner`."""
    text, style = _badge(item)
    overlays: list[dict[str, Any]] = []
    if text:
        badge = {"thumbnailBadgeViewModel": {"text": text, "badgeStyle": _STYLE + style}}
        overlays = [{"thumbnailBottomOverlayViewModel": {"badges": [badge]}}]
    path = f"/shorts/{item.id}" if item.state == "short" else f"/watch?v={item.id}"
    watch = "reelWatchEndpoint" if item.state == "short" else "watchEndpoint"
    tap = {
        "commandMetadata": {"webCommandMetadata": {"url": path}},
        watch: {"videoId": item.id},
    }
    view = {
        "contentImage": {
            "thumbnailViewModel": {"image": {"sources": [_thumbnail(item)]}, "overlays": overlays}
        },
        "metadata": {
            "lockupMetadataViewModel": {
                "title": {"content": _HIDDEN.get(item.state, item.title)},
                "metadata": {
                    "contentMetadataViewModel": {
                        "metadataRows": _rows(item, owner),
                        "delimiter": " • ",
                    }
                },
            }
        },
        "contentId": item.id,
        "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
        "rendererContext": {"commandContext": {"onTap": {"innertubeCommand": tap}}},
    }
    return {"lockupViewModel": view}


def short_lockup(item: Item) -> dict[str, Any]:
    """A video of a channel's shorts tab: no length, no age."""
    tap = {"innertubeCommand": {"reelWatchEndpoint": {"videoId": item.id}}}
    view = {
        "entityId": f"shorts-shelf-item-{item.id}",
        "accessibilityText": f"{item.title}, {item.views} - play Short",
        "thumbnailViewModel": {"thumbnailViewModel": {"image": {"sources": [_thumbnail(item)]}}},
        "onTap": tap,
        "overlayMetadata": {
            "primaryText": {"content": item.title},
            "secondaryText": {"content": item.views},
        },
    }
    return {"shortsLockupViewModel": view}


def old_renderer(item: Item, owner: Channel) -> dict[str, Any]:
    """A video of a playlist as it was up to 2025."""
    renderer: dict[str, Any] = {
        "videoId": item.id,
        "title": {"runs": [{"text": _HIDDEN.get(item.state, item.title)}]},
        "thumbnail": {"thumbnails": [_thumbnail(item)]},
        "isPlayable": item.state not in _HIDDEN,
    }
    if item.state in _HIDDEN:
        return {"playlistVideoRenderer": renderer}
    base = f"/{quote(owner.handle, safe='@')}"
    browse = {"browseId": owner.id, "canonicalBaseUrl": base}
    path = f"/shorts/{item.id}" if item.state == "short" else f"/watch?v={item.id}"
    renderer |= {
        "shortBylineText": {
            "runs": [{"text": owner.name, "navigationEndpoint": {"browseEndpoint": browse}}]
        },
        "navigationEndpoint": {"commandMetadata": {"webCommandMetadata": {"url": path}}},
    }
    if item.state == "live":
        style = {"style": "LIVE", "text": {"runs": [{"text": "LIVE"}]}}
        renderer["thumbnailOverlays"] = [{"thumbnailOverlayTimeStatusRenderer": style}]
        renderer["videoInfo"] = {"runs": [{"text": "12 watching"}]}
    elif item.state == "upcoming":
        renderer["upcomingEventData"] = {"startTime": "4102444800"}
    else:
        age = f"Streamed {item.age}" if item.state == "streamed" else item.age
        renderer["lengthSeconds"] = str(item.duration)
        renderer["lengthText"] = {"simpleText": clock(item.duration)}
        renderer["videoInfo"] = {"runs": [{"text": item.views}, {"text": " • "}, {"text": age}]}
    if item.state == "members_only":
        badge = {"style": "BADGE_STYLE_TYPE_MEMBERS_ONLY", "label": "Members only"}
        renderer["badges"] = [{"metadataBadgeRenderer": badge}]
    return {"playlistVideoRenderer": renderer}


def _badge(item: Item) -> tuple[str, str]:
    if item.state in _HIDDEN:
        return "", ""
    if item.state == "live":
        return "LIVE", "LIVE"
    if item.state == "upcoming":
        return "Upcoming", "DEFAULT"
    return ("SHORTS" if item.state == "short" else clock(item.duration)), "DEFAULT"


def _rows(item: Item, owner: Channel | None) -> list[dict[str, Any]]:
    if item.state in _HIDDEN:
        return []
    texts = [item.views, item.age]
    if item.state == "live":
        texts = ["12 watching"]
    elif item.state == "upcoming":
        texts = ["3 waiting", "Scheduled for 12/1/99, 8:00 PM"]
    elif item.state == "streamed":
        texts = [item.views, f"Streamed {item.age}"]
    rows: list[dict[str, Any]] = []
    if owner is not None:
        base = f"/{quote(owner.handle, safe='@')}"
        browse = {"browseId": owner.id, "canonicalBaseUrl": base}
        tap = {"onTap": {"innertubeCommand": {"browseEndpoint": browse}}}
        rows.append({"metadataParts": [{"text": {"content": owner.name, "commandRuns": [tap]}}]})
    rows.append({"metadataParts": [{"text": {"content": text}} for text in texts]})
    if item.state == "members_only":
        badge = {"badgeText": "Members only", "badgeStyle": "BADGE_MEMBERS_ONLY"}
        rows.append({"badges": [{"badgeViewModel": badge}]})
    return rows


def _thumbnail(item: Item) -> dict[str, Any]:
    return {"url": f"https://i.ytimg.com/vi/{item.id}/hqdefault.jpg", "width": 480, "height": 360}
