"""The libraries as tests of the stand-in for YouTube use them, and a tiny talk to serve."""

from __future__ import annotations

from typing import Any

import requests
import yt_dlp
from youtube_transcript_api import YouTubeTranscriptApi
from youtube_transcript_api.proxies import GenericProxyConfig

from tests.standins.talk import Talk, read_talk
from tests.standins.youtube import YouTubeStandIn

BENDS = "aB3-_xYz901"
MILLS = "-1e5_mills0"


def made_talk(video: str, **other: Any) -> dict[str, Any]:
    """The tiny talk of these tests, as its file would say it."""
    english = [
        {"start": 0.5, "duration": 2.25, "text": "Rivers don't run straight & true."},
        {"start": 3.0, "duration": 2.0, "text": "In HTML a < is &lt;."},
    ]
    russian = [
        {"start": 0.5, "duration": 3.5, "text": "реки никогда не текут"},
        {"start": 3.0, "duration": 3.0, "text": "прямо"},
    ]
    return {
        "id": video,
        "title": "Why rivers bend & <wander>",
        "channel": {
            "handle": "@made.up_talks",
            "name": "Made-up “Talks”",
            "id": "UCmadeUpTalks-_01234567a",
        },
        "published": "2026-03-05",
        "duration": 600,
        "description": 'About rivers.\n\nWith "bends" & more.',
        "tags": ["rivers", "bends & bars"],
        "chapters": [{"start": 0, "title": "Water"}, {"start": 125.5, "title": "Bends"}],
        "tracks": [
            {"language": "en", "name": "English", "generated": False, "cues": english},
            {"language": "ru", "name": "Russian", "generated": True, "cues": russian},
        ],
        **other,
    }


def transcripts(youtube: YouTubeStandIn) -> YouTubeTranscriptApi:
    return YouTubeTranscriptApi(GenericProxyConfig(https_url=youtube.proxy_url))


class Silent:
    """A log for yt-dlp that shows nothing."""

    def debug(self, message: str) -> None: ...

    warning = error = debug


def metadata(youtube: YouTubeStandIn, address: str, **options: Any) -> dict[str, Any]:
    settings = {
        "proxy": youtube.proxy_url,
        "compat_opts": {"no-certifi"},
        "extractor_retries": 0,
        "extractor_args": {"youtube": {"player_client": ["visionos"]}},
        "logger": Silent(),
        "cachedir": False,
        **options,
    }
    with yt_dlp.YoutubeDL(settings) as client:
        info: dict[str, Any] = client.extract_info(address, download=False)
        if "entries" in info:
            info["entries"] = list(info["entries"])
        return info


def get(youtube: YouTubeStandIn, address: str, **options: Any) -> requests.Response:
    return requests.get(
        address, **{"timeout": 10, "proxies": {"https": youtube.proxy_url}, **options}
    )


def watch(video: str) -> str:
    return f"https://www.youtube.com/watch?v={video}"


def oembed_address(video: str) -> str:
    return f"https://www.youtube.com/oembed?url={watch(video)}&format=json"


TALK: Talk = read_talk(made_talk(BENDS))
