"""A request to the stand-in for YouTube, read as what it is for: place, video, who asks."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standins.tunnel import Asked
from tests.standins.youtube_faults import Asker, Place

_CHANNEL = re.compile(
    r"/(@|%40|channel/|c/|user/|[0-9A-Za-z]+(/(videos|shorts|streams))?$)", re.IGNORECASE
)


class Question:
    """A request read as what it is for: the place, the video, who asks as which client."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.said: dict[str, Any] = {}
        if asked.headers.get("content-type", "").startswith("application/json"):
            self.said = json.loads(asked.body)
        self.client: str = self.said.get("context", {}).get("client", {}).get("clientName", "")
        self.place = self._place()
        self.video = self._video()
        self.asker = self._asker()

    @property
    def signed_in(self) -> bool:
        """Whether the cookies of an account came along, in the names that YouTube gives them."""
        cookies = self.asked.headers.get("cookie", "")
        return "LOGIN_INFO=" in cookies and "SAPISID=" in cookies

    def _place(self) -> Place | None:
        path = self.asked.path
        exact: dict[str, Place] = {
            "/watch": "watch",
            "/playlist": "playlist",
            "/youtubei/v1/player": "player",
            "/youtubei/v1/next": "next",
            "/youtubei/v1/browse": "browse",
            "/youtubei/v1/navigation/resolve_url": "browse",
            "/api/timedtext": "captions",
            "/oembed": "oembed",
            "/tv": "embed",
            "/iframe_api": "embed",
            "/": "embed",
        }
        if path in exact:
            return exact[path]
        if path.startswith("/embed/"):
            return "embed"
        if path.startswith("/api/manifest/"):
            return "manifest"
        return "channel" if _CHANNEL.match(path) else None

    def _video(self) -> str | None:
        query = self.asked.query
        if self.place == "oembed":
            return _video_in(query.get("url", ""))
        if found := re.match(r"/(?:embed|api/manifest/hls_variant/id)/([^/]+)", self.asked.path):
            return found[1]
        video = query.get("v") or self.said.get("videoId")
        return str(video) if video else None

    def _asker(self) -> Asker | None:
        """Told apart by what only one of them sends; oEmbed is asked by neither."""
        query = self.asked.query
        if self.place == "oembed":
            return None
        if self.place == "watch":
            return "metadata" if "has_verified" in query else "transcript"
        if self.place == "player":
            return "metadata" if "prettyPrint" in query else "transcript"
        if self.place == "captions":
            plain = self.asked.headers.get("user-agent", "").startswith("python-requests")
            return "transcript" if plain else "metadata"
        return "metadata"


def _video_in(address: str) -> str | None:
    parts = urlsplit(address)
    if parts.hostname == "youtu.be":
        return parts.path.strip("/")
    return next(iter(parse_qs(parts.query).get("v", [])), None)
