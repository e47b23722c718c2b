"""The lists of a channel's videos that the stand-in for YouTube gives, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from tests.standins.talk import Talk
from tests.standins.youtube_pages import clock
from tests.standins.youtube_player import thumbnail

VIDEOS_TAB = "EgZ2aWRlb3M%3D"


def newest_first(talks: Sequence[Talk]) -> list[Talk]:
    """Talks in the order of a channel's videos tab."""
    return sorted(talks, key=lambda talk: talk.published, reverse=True)


def resolved(talk: Talk) -> dict[str, Any]:
    """What `/youtubei/v1/navigation/resolve_url` says of the channel of a talk."""
    page = {"webPageType": "WEB_PAGE_TYPE_CHANNEL", "apiUrl": "/youtubei/v1/browse"}
    return {
        "responseContext": {"visitorData": "standin-visitor"},
        "endpoint": {
            "commandMetadata": {
                "webCommandMetadata": {"url": "/youtubei/v1/navigation/resolve_url", **page},
                "resolveUrlCommandMetadata": {"isVanityUrl": True},
            },
            "browseEndpoint": {"browseId": talk.channel_id, "params": VIDEOS_TAB},
        },
    }


def videos_tab(talks: Sequence[Talk], page_size: int) -> dict[str, Any]:
    """The first page of a channel's videos tab; all of `talks` are the channel's, newest first."""
    channel = talks[0]
    base = f"/{quote(channel.handle, safe='@')}"
    tabs = [
        _tab(channel, base, "Home", "featured"),
        {
            **_tab(channel, base, "Videos", "videos"),
            "selected": True,
            "content": {"richGridRenderer": {"contents": _page(talks, 0, page_size)}},
        },
    ]
    return {
        "responseContext": {"visitorData": "standin-visitor"},
        "contents": {
            "twoColumnBrowseResultsRenderer": {"tabs": [{"tabRenderer": tab} for tab in tabs]}
        },
        "header": {"pageHeaderRenderer": {"pageTitle": channel.channel}},
        "metadata": {
            "channelMetadataRenderer": {
                "title": channel.channel,
                "description": "",
                "externalId": channel.channel_id,
                "ownerUrls": [f"http://www.youtube.com{base}"],
                "channelUrl": f"https://www.youtube.com/channel/{channel.channel_id}",
                "vanityChannelUrl": f"http://www.youtube.com{base}",
                "isFamilySafe": True,
            }
        },
    }


def next_page(talks: Sequence[Talk], token: str, page_size: int) -> dict[str, Any]:
    """The page that a continuation token stands for."""
    start = int(token.rpartition(":")[2])
    return {
        "responseContext": {"visitorData": "standin-visitor"},
        "onResponseReceivedActions": [
            {"appendContinuationItemsAction": {"continuationItems": _page(talks, start, page_size)}}
        ],
    }


def channel_of_token(token: str) -> str:
    """The channel id that a continuation token goes on with."""
    return token.split(":")[1]


def _tab(channel: Talk, base: str, title: str, name: str) -> dict[str, Any]:
    url = {"url": f"{base}/{name}", "webPageType": "WEB_PAGE_TYPE_CHANNEL"}
    return {
        "endpoint": {
            "commandMetadata": {"webCommandMetadata": url},
            "browseEndpoint": {"browseId": channel.channel_id, "canonicalBaseUrl": base},
        },
        "title": title,
    }


def _page(talks: Sequence[Talk], start: int, page_size: int) -> list[dict[str, Any]]:
    end = start + page_size
    items: list[dict[str, Any]] = [
        {"richItemRenderer": {"content": _lockup(talk)}} for talk in talks[start:end]
    ]
    if end < len(talks):
        command = {
            "token": f"standin:{talks[0].channel_id}:{end}",
            "request": "CONTINUATION_REQUEST_TYPE_BROWSE",
        }
        trigger = "CONTINUATION_TRIGGER_ON_ITEM_SHOWN"
        endpoint = {"continuationCommand": command}
        items.append(
            {"continuationItemRenderer": {"trigger": trigger, "continuationEndpoint": endpoint}}
        )
    return items


def _lockup(talk: Talk) -> dict[str, Any]:
    badge = {"text": clock(talk.duration), "badgeStyle": "THUMBNAIL_OVERLAY_BADGE_STYLE_DEFAULT"}
    overlay = {"thumbnailBottomOverlayViewModel": {"badges": [{"thumbnailBadgeViewModel": badge}]}}
    parts = [{"text": {"content": "1K views"}}, {"text": {"content": "1 year ago"}}]
    view = {
        "contentImage": {
            "thumbnailViewModel": {
                "image": {"sources": [thumbnail(talk)]},
                "overlays": [overlay],
            }
        },
        "metadata": {
            "lockupMetadataViewModel": {
                "title": {"content": talk.title},
                "metadata": {
                    "contentMetadataViewModel": {
                        "metadataRows": [{"metadataParts": parts}],
                        "delimiter": " • ",
                    }
                },
            }
        },
        "contentId": talk.id,
        "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
    }
    return {"lockupViewModel": view}
