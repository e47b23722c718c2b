"""The pages of the stand-in for YouTube: watch page, consent, captcha, and what stands beside."""

from __future__ import annotations

import html
import json
from typing import Any
from urllib.parse import quote

from tests.standins.talk import Talk
from tests.standins.youtube_player import thumbnail

API_KEY = "standin-key-that-opens-nothing"
PLAYER = "/s/player/00000000/player_es6.vflset/en_US/base.js"
WEB = {"clientName": "WEB", "clientVersion": "2.20260708.00.00", "hl": "en", "gl": "US"}


def settings_script(api_key: bool = True) -> str:
    """The script that every page carries: the inner API's key and version, the player's address."""
    settings: dict[str, Any] = {
        "INNERTUBE_API_VERSION": "v1",
        "INNERTUBE_CLIENT_NAME": "WEB",
        "INNERTUBE_CLIENT_VERSION": WEB["clientVersion"],
        "INNERTUBE_CONTEXT": {"client": {**WEB, "visitorData": "standin-visitor"}},
        "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
        "LOGGED_IN": False,
        "PLAYER_JS_URL": PLAYER,
        "STS": 20000,
        "VISITOR_DATA": "standin-visitor",
    }
    if api_key:
        settings = {"INNERTUBE_API_KEY": API_KEY, **settings}
    return f"<script>ytcfg.set({_in_script(settings)});</script>"


def watch_page(
    talk: Talk | None, player_reply: dict[str, Any], initial: dict[str, Any], api_key: bool = True
) -> str:
    """The page of one video, with `player_reply` and `initial` in it as scripts."""
    head = "<title>YouTube</title>"
    if talk is not None and "videoDetails" in player_reply:
        title, description = html.escape(talk.title), html.escape(talk.description)
        head = (
            f"<title>{title} - YouTube</title>"
            f'<meta property="og:title" content="{title}">'
            f'<meta property="og:description" content="{description}">'
            f'<meta property="og:image" content="{thumbnail(talk)["url"]}">'
            f'<meta itemprop="identifier" content="{talk.id}">'
        )
    return (
        f"<!DOCTYPE html><html lang='en'><head>{head}{settings_script(api_key)}</head><body>"
        f"<script>var ytInitialPlayerResponse = {_in_script(player_reply)};</script>"
        f"<script>var ytInitialData = {_in_script(initial)};</script></body></html>"
    )


def page_with_data(initial: dict[str, Any]) -> str:
    """A page that is no video's (a channel, a playlist)."""
    return (
        f"<!DOCTYPE html><html lang='en'><head>{settings_script()}</head><body>"
        f"<script>var ytInitialData = {_in_script(initial)};</script></body></html>"
    )


def watch_data(talk: Talk | None, told: bool = True) -> dict[str, Any]:
    """What stands around the player: title, date, owner, and the chapters in their panel."""
    if talk is None or not told:
        return {"contents": {"twoColumnWatchNextResults": {"results": {"results": {}}}}}
    channel = {
        "commandMetadata": {"webCommandMetadata": {"url": f"/{quote(talk.handle, safe='@')}"}},
        "browseEndpoint": {
            "browseId": talk.channel_id,
            "canonicalBaseUrl": f"/{quote(talk.handle, safe='@')}",
        },
    }
    day = f"{talk.published:%b} {talk.published.day}, {talk.published.year}"
    owner = {
        "title": {"runs": [{"text": talk.channel, "navigationEndpoint": channel}]},
        "navigationEndpoint": channel,
        "subscriberCountText": {"simpleText": "1.02K subscribers"},
    }
    primary = {"title": {"runs": [{"text": talk.title}]}, "dateText": {"simpleText": day}}
    secondary = {
        "owner": {"videoOwnerRenderer": owner},
        "attributedDescription": {"content": talk.description},
    }
    around = [{"videoPrimaryInfoRenderer": primary}, {"videoSecondaryInfoRenderer": secondary}]
    data: dict[str, Any] = {
        "contents": {"twoColumnWatchNextResults": {"results": {"results": {"contents": around}}}}
    }
    if talk.chapters:
        data["engagementPanels"] = [_chapters_panel(talk)]
    return data


def _chapters_panel(talk: Talk) -> dict[str, Any]:
    items = [
        {
            "macroMarkersListItemRenderer": {
                "title": {"simpleText": title},
                "timeDescription": {"simpleText": clock(start)},
                "onTap": {"watchEndpoint": {"videoId": talk.id, "startTimeSeconds": int(start)}},
            }
        }
        for start, title in talk.chapters
    ]
    name = "engagement-panel-macro-markers-description-chapters"
    return {
        "engagementPanelSectionListRenderer": {
            "panelIdentifier": name,
            "targetId": name,
            "content": {"macroMarkersListRenderer": {"contents": items}},
        }
    }


def oembed(talk: Talk) -> dict[str, Any]:
    """What `/oembed` says of a video."""
    return {
        "title": talk.title,
        "author_name": talk.channel,
        "author_url": f"https://www.youtube.com/{quote(talk.handle, safe='@')}",
        "type": "video",
        "height": 113,
        "width": 200,
        "version": "1.0",
        "provider_name": "YouTube",
        "provider_url": "https://www.youtube.com/",
        "thumbnail_height": 360,
        "thumbnail_width": 480,
        "thumbnail_url": thumbnail(talk)["url"],
        "html": f'<iframe src="https://www.youtube.com/embed/{talk.id}?feature=oembed"></iframe>',
    }


def live_manifest(video: str) -> str:
    """The list of a live stream's qualities, with one that is never asked for."""
    return (
        "#EXTM3U\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=290288,CODECS="mp4a.40.5,avc1.42c00b",RESOLUTION=256x144\n'
        f"https://manifest.googlevideo.com/api/manifest/hls_playlist/id/{video}/itag/91/file/index.m3u8\n"
    )


CONSENT_PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>Before you continue to YouTube</title></head>"
    '<body><form action="https://consent.youtube.com/s" method="POST">'
    '<input type="hidden" name="gl" value="DE">'
    '<input type="hidden" name="v" value="standin-consent">'
    '<button aria-label="Accept all">Accept all</button></form></body></html>'
)

CAPTCHA_PAGE = (
    "<!DOCTYPE html><html><head><title>YouTube</title></head><body>"
    '<form action="/das_captcha" method="post"><div class="g-recaptcha"></div>'
    "</form></body></html>"
)

SORRY_PAGE = (
    "<!DOCTYPE html><html><head><title>Sorry...</title></head><body><h1>We're sorry...</h1>"
    "<p>Something on this network asks like a machine.</p></body></html>"
)

ERROR_PAGE = (
    "<!DOCTYPE html><html lang=en><title>Error</title><p>That’s an error. Please try again later."
)


def clock(seconds: float) -> str:
    """A time as YouTube shows it: `0:07`, `12:30`, `1:02:03`."""
    whole = int(seconds)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"


def _in_script(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
