"""A web of hand-made replies under `requests`, which both of the fetcher's libraries stand on."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "youtube"
ID = "aaaaaaaaaa1"
SETTINGS = {
    "INNERTUBE_API_KEY": "key-of-all",
    "INNERTUBE_CONTEXT": {"client": {"clientName": "WEB", "clientVersion": "2.1"}},
}
WATCH = f"<html><script>ytcfg.set({json.dumps(SETTINGS)});</script></html>"


@dataclass
class Reply:
    """A reply by hand: `body` is text, or what becomes JSON."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answer = Reply | Exception | Callable[[requests.PreparedRequest], "Reply | Exception"]


class Web:
    """What the addresses give, and the log of what was asked.

    A name stands for the requests whose address holds it, a list for one answer after the other,
    the last for all that follow.
    """

    def __init__(self, **answers: Answer | list[Answer]) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, requests.PreparedRequest, dict[str, Any]]] = []
        for name, answer in answers.items():
            self.put(name, *(answer if isinstance(answer, list) else [answer]))

    def put(self, name: str, *answers: Answer) -> None:
        self.answers[name] = list(answers)

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.asked]

    def answer(self, request: requests.PreparedRequest, options: dict[str, Any]) -> Reply:
        name = place_of(request)
        self.asked.append((name, request, options))
        answers = self.answers.get(name, [Reply("not here", 404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer) and not isinstance(answer, Reply | Exception):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @contextmanager
    def up(self) -> Iterator[Web]:
        def send(
            adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            reply = self.answer(request, options)
            body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            raw = urllib3.HTTPResponse(
                io.BytesIO(body.encode()),
                headers=reply.headers,
                status=reply.status,
                reason="as told",
                preload_content=False,
                request_url=request.url,
            )
            return adapter.build_response(request, raw)

        with patch.object(HTTPAdapter, "send", send):
            yield self


def place_of(request: requests.PreparedRequest) -> str:
    """`watch`, `player`, `captions` as youtube-transcript-api and we ask; `…2` as yt-dlp does."""
    url = urlsplit(request.url or "")
    query = parse_qs(url.query)
    name = {
        "/watch": "watch",
        "/youtubei/v1/player": "player",
        "/youtubei/v1/next": "next",
        "/api/timedtext": "captions",
        "/oembed": "oembed",
    }.get(url.path, url.path)
    ours = str(request.headers.get("User-Agent", "")).startswith("python-requests")
    captions = name == "captions" and not ours
    second = "has_verified" in query or "prettyPrint" in query or captions
    return f"{name}2" if second and name != "next" else name


def caption_track(language: str, *, generated: bool = False, extra: str = "") -> dict[str, Any]:
    kind = "&kind=asr" if generated else ""
    return {
        "baseUrl": f"https://www.youtube.com/api/timedtext?v={ID}&lang={language}{kind}{extra}",
        "name": {"runs": [{"text": f"Name of {language}"}]},
        "vssId": ("a." if generated else ".") + language,
        "languageCode": language,
        **({"kind": "asr"} if generated else {}),
    }


def player(*tracks: dict[str, Any], **details: Any) -> dict[str, Any]:
    """A reply of YouTube's player for a video that plays."""
    reply: dict[str, Any] = {
        "playabilityStatus": {"status": "OK"},
        "streamingData": {},
        "videoDetails": {
            "videoId": ID,
            "title": "The player's title",
            "lengthSeconds": "90",
            "keywords": ["one", "two"],
            "channelId": "UC0123456789012345678901",
            "shortDescription": "First line.\nSecond line.",
            "author": "A Name",
            **details,
        },
    }
    if tracks:
        renderer = {"captionTracks": list(tracks)}
        reply["captions"] = {"playerCaptionsTracklistRenderer": renderer}
    return reply


def refused(status: str, reason: str, *subreasons: str, **more: Any) -> dict[str, Any]:
    """A reply of YouTube's player for a video that does not play."""
    runs = [{"text": text} for text in subreasons]
    screen = {"playerErrorMessageRenderer": {"subreason": {"runs": runs}}}
    told = {"status": status, "reason": reason, "errorScreen": screen, **more}
    return {"playabilityStatus": told, "videoDetails": {"videoId": ID}}


def page(player_reply: dict[str, Any], initial: dict[str, Any] | None = None) -> str:
    """The page that a browser shows, as yt-dlp reads it."""
    data = {"contents": {"x": 1}, **(initial or {})}
    return (
        f"<html><script>ytcfg.set({json.dumps(SETTINGS)});</script>"
        f"<script>var ytInitialPlayerResponse = {json.dumps(player_reply)};</script>"
        f"<script>var ytInitialData = {json.dumps(data)};</script></html>"
    )


def owner(handle: str) -> dict[str, Any]:
    """The part of a page's data that names the channel."""
    renderer = {
        "title": {"runs": [{"text": "A Name"}]},
        "navigationEndpoint": {"browseEndpoint": {"canonicalBaseUrl": f"/{handle}"}},
    }
    secondary = {"videoSecondaryInfoRenderer": {"owner": {"videoOwnerRenderer": renderer}}}
    results = {"results": {"results": {"contents": [secondary]}}}
    return {"contents": {"twoColumnWatchNextResults": results}}


def spoken(*captions: tuple[str, str, str]) -> str:
    """Captions in YouTube's XML from (start, duration, text), the text as it stands there."""
    lines = "".join(f'<text start="{a}" dur="{b}">{text}</text>' for a, b, text in captions)
    return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{lines}</transcript>'


def a_video(*tracks: dict[str, Any], said: str = "Said.") -> Web:
    """The web of one video that plays, with these tracks and everything else in order."""
    reply = player(*(tracks or [caption_track("en")]))
    return Web(
        watch=Reply(WATCH),
        player=Reply(reply),
        captions=Reply(spoken(("0", "1.5", said))),
        watch2=Reply(page(reply, owner("@Some.Handle"))),
    )
