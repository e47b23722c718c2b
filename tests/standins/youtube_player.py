"""The player's reply of the stand-in for YouTube: whether a video plays, and what it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from tests.standins.talk import CaptionTrack, Talk

BOT = "Sign in to confirm you\u2019re not a bot"
HELP = "https://support.google.com/youtube/answer/3037019"
TRANSLATIONS = {"en": "English", "de": "German", "ru": "Russian", "uk": "Ukrainian"}

# What a page in a browser says and what the apps say, as status, reason and what stands under it.
_SAID: dict[str, tuple[str, str, str]] = {
    "unavailable": ("ERROR", "Video unavailable", "This video has been removed by the uploader"),
    "private": (
        "LOGIN_REQUIRED",
        "Private video",
        "Sign in if you've been granted access to this video",
    ),
    "age_restricted": (
        "LOGIN_REQUIRED",
        "Sign in to confirm your age",
        "This video may be inappropriate for some users.",
    ),
    "members_only": (
        "UNPLAYABLE",
        "Join this channel to get access to members-only content like this video, and other"
        " exclusive perks.",
        "",
    ),
    "upcoming": ("LIVE_STREAM_OFFLINE", "This live event will begin in 2 hours.", ""),
    "unplayable": ("UNPLAYABLE", "This video requires payment to watch", ""),
    "wrong_country": (
        "UNPLAYABLE",
        "Video unavailable",
        "The uploader has not made this video available in your country",
    ),
    "bot_check": ("LOGIN_REQUIRED", BOT, "This helps protect our community. "),
    "session_limited": (
        "UNPLAYABLE",
        "Video unavailable",
        "This content isn't available, try again later.",
    ),
}
_SAID_BY_APPS = {
    "unavailable": ("ERROR", "This video is unavailable", ""),
    "age_restricted": ("LOGIN_REQUIRED", "This video may be inappropriate for some users.", ""),
}
_NOTHING_TOLD = {"unavailable", "private", "bot_check", "session_limited"}
_GENERATED = " (auto-generated)"
_BROWSERS = {"WEB", "MWEB", "WEB_EMBEDDED_PLAYER", "WEB_REMIX"}


def player(talk: Talk | None, client: str, state: str | None) -> dict[str, Any]:
    """What `/youtubei/v1/player` says to `client` (YouTube's name for it) of a talk.

    `state` is a fault of the video, or None if it plays; without a talk it is not available.
    """
    browser = client in _BROWSERS
    if talk is None:
        state = "unavailable"
    reply: dict[str, Any] = {
        "responseContext": {"visitorData": "standin-visitor", "serviceTrackingParams": []},
        "playabilityStatus": _playability(state, browser),
    }
    if talk is None or state in _NOTHING_TOLD:
        return {**reply, "trackingParams": "standin"}
    if reply["playabilityStatus"]["status"] == "OK":
        reply["streamingData"] = _streams(talk, live=state == "live")
        if talk.tracks and state not in ("live", "captions_disabled"):
            reply["captions"] = _captions(talk, browser, needs_token=state == "po_token")
    reply["videoDetails"] = _details(talk, state)
    if browser:
        reply["microformat"] = {"playerMicroformatRenderer": _microformat(talk, state)}
    return {**reply, "trackingParams": "standin"}


def _playability(state: str | None, browser: bool) -> dict[str, Any]:
    if state not in _SAID:
        return {"status": "OK", "playableInEmbed": True, "contextParams": "standin"}
    status, reason, below = _SAID[state] if browser else _SAID_BY_APPS.get(state, _SAID[state])
    renderer: dict[str, Any] = {
        "reason": _text(reason, browser),
        "icon": {"iconType": "ERROR_OUTLINE"},
    }
    if below:
        renderer["subreason"] = _text(below, browser)
    if state == "bot_check":
        more = {"text": "Learn more", "navigationEndpoint": {"urlEndpoint": {"url": HELP}}}
        renderer["subreason"] = {"runs": [{"text": below}, more]}
    said: dict[str, Any] = {"status": status, "reason": reason, "contextParams": "standin"}
    if state == "members_only" and browser:
        said["errorScreen"] = {"playerLegacyDesktopYpcOfferRenderer": {"itemTitle": "Membership"}}
    elif state == "upcoming":
        said["liveStreamability"] = {
            "liveStreamabilityRenderer": {
                "offlineSlate": {
                    "liveStreamOfflineSlateRenderer": {"mainText": _text(reason, browser)}
                }
            }
        }
    else:
        said["errorScreen"] = {"playerErrorMessageRenderer": renderer}
    if state == "age_restricted" and browser:
        said["desktopLegacyAgeGateReason"] = 1
    return said


def _details(talk: Talk, state: str | None) -> dict[str, Any]:
    details: dict[str, Any] = {
        "videoId": talk.id,
        "title": talk.title,
        "lengthSeconds": "0" if state in ("live", "upcoming") else str(talk.duration),
        "keywords": list(talk.tags),
        "channelId": talk.channel_id,
        "isOwnerViewing": False,
        "shortDescription": talk.description,
        "isCrawlable": True,
        "thumbnail": {"thumbnails": [thumbnail(talk)]},
        "allowRatings": True,
        "viewCount": "1024",
        "author": talk.channel,
        "isPrivate": False,
        "isUnpluggedCorpus": False,
        "isLiveContent": state in ("live", "upcoming"),
    }
    if not talk.tags:
        del details["keywords"]
    if state == "live":
        details |= {"isLive": True, "isLowLatencyLiveStream": True}
    if state == "upcoming":
        details["isUpcoming"] = True
    return details


def _microformat(talk: Talk, state: str | None) -> dict[str, Any]:
    day = f"{talk.published.isoformat()}T08:00:00-08:00"
    microformat: dict[str, Any] = {
        "thumbnail": {"thumbnails": [thumbnail(talk)]},
        "title": {"simpleText": talk.title},
        "description": {"simpleText": talk.description},
        "lengthSeconds": "0" if state in ("live", "upcoming") else str(talk.duration),
        "ownerProfileUrl": f"http://www.youtube.com/{quote(talk.handle, safe='@')}",
        "externalChannelId": talk.channel_id,
        "isFamilySafe": state != "age_restricted",
        "isUnlisted": False,
        "viewCount": "1024",
        "category": "Education",
        "publishDate": day,
        "uploadDate": day,
        "ownerChannelName": talk.channel,
    }
    if state in ("live", "upcoming"):
        microformat["liveBroadcastDetails"] = {
            "isLiveNow": state == "live",
            "startTimestamp": f"{talk.published.isoformat()}T16:00:00+00:00",
        }
    return microformat


def _captions(talk: Talk, browser: bool, needs_token: bool) -> dict[str, Any]:
    tracks = [_caption_track(talk, track, browser, needs_token) for track in talk.tracks]
    return {
        "playerCaptionsTracklistRenderer": {
            "captionTracks": tracks,
            "audioTracks": [{"captionTrackIndices": list(range(len(tracks)))}],
            "translationLanguages": [
                {"languageCode": code, "languageName": _text(name, browser)}
                for code, name in TRANSLATIONS.items()
            ],
            "defaultAudioTrackIndex": 0,
        }
    }


def _caption_track(
    talk: Talk, track: CaptionTrack, browser: bool, needs_token: bool
) -> dict[str, Any]:
    query = {
        "v": talk.id,
        "caps": "asr",
        **({"exp": "xpe"} if needs_token else {}),
        "hl": "en",
        "ip": "0.0.0.0",
        "ipbits": "0",
        "expire": "4102444800",
        "sparams": "ip,ipbits,expire,v,caps",
        "signature": "STANDIN",
        "key": "yt8",
        **({"kind": "asr"} if track.generated else {}),
        "lang": track.language,
    }
    address = f"https://www.youtube.com/api/timedtext?{urlencode(query, safe=',')}"
    name = track.name
    if track.generated and not name.endswith(_GENERATED):
        name += _GENERATED
    described: dict[str, Any] = {
        "baseUrl": address if browser else f"{address}&fmt=srv3",
        "name": _text(name, browser),
        "vssId": f"{'a' if track.generated else ''}.{track.language}",
        "languageCode": track.language,
        "isTranslatable": True,
        "trackName": "",
    }
    return {**described, "kind": "asr"} if track.generated else described


def _streams(talk: Talk, live: bool) -> dict[str, Any]:
    if live:
        manifest = f"https://manifest.googlevideo.com/api/manifest/hls_variant/id/{talk.id}/file/index.m3u8"
        return {"expiresInSeconds": "21540", "hlsManifestUrl": manifest}
    return {
        "expiresInSeconds": "21540",
        "formats": [
            {
                "itag": 18,
                "url": "https://rr1---sn-standin.googlevideo.com/videoplayback?itag=18&id=standin",
                "mimeType": 'video/mp4; codecs="avc1.42001E, mp4a.40.2"',
                "bitrate": 219300,
                "width": 640,
                "height": 360,
                "quality": "medium",
                "fps": 24,
                "qualityLabel": "360p",
                "audioQuality": "AUDIO_QUALITY_LOW",
                "approxDurationMs": str(talk.duration * 1000),
                "audioSampleRate": "44100",
                "audioChannels": 2,
            }
        ],
    }


def thumbnail(talk: Talk) -> dict[str, Any]:
    return {"url": f"https://i.ytimg.com/vi/{talk.id}/hqdefault.jpg", "width": 480, "height": 360}


def _text(text: str, browser: bool) -> dict[str, Any]:
    return {"simpleText": text} if browser else {"runs": [{"text": text}]}
