"""Recorded HTTP without secrets: what is left out of a cassette, and how requests are told apart.

What identifies the one who asked (cookies, keys, sessions, addresses) is replaced by SCRUBBED, in
recording and in replaying alike, so that a scrubbed reply leads to requests that are found again.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

SCRUBBED = "scrubbed"

# Headers are kept only if they are known to tell nothing of the one who asked.
_REQUEST_HEADERS = {"accept-language", "content-type"}
_REPLY_HEADERS = {
    "content-type",
    "location",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
}
_SECRET_HEADERS = {
    "api-key",
    "authorization",
    "cookie",
    "openai-organization",
    "openai-project",
    "proxy-authorization",
    "set-cookie",
    "x-api-key",
    "x-goog-api-key",
    "x-goog-authuser",
    "x-goog-pageid",
    "x-goog-visitor-id",
}
# Cookies that say what everybody's do; their values are ordinary words.
_COMMON_COOKIES = {"consent", "pref", "socs", "gps"}

# Parameters of addresses: keys, signatures, the asker's address, and what changes by the hour.
_PARAMETERS = (
    "access_token|api_key|apikey|cpn|ei|expire|ip|ipbits|key|lsig|of|pot|sig|signature|token"
    "|visitor_?data|vm"
)
_PARAMETER = re.compile(_PARAMETERS, re.IGNORECASE)
_PARAMETER_IN_TEXT = re.compile(
    r"((?:[?&]|\\u0026|\\x26|%(?:25)*(?:26|3F))"
    rf"(?:{_PARAMETERS})"
    r"(?:=|\\u003d|\\x3d|%(?:25)*3D))"
    r"((?:(?!%(?:25)*26|%(?:25)*22)[^&\\\"'\s<>])+)",
    re.IGNORECASE,
)
_MEDIA_ADDRESS = re.compile(r"(?:googlevideo\.com|/api/manifest/)[^\"\s<>]*")
_PARAMETER_IN_PATH = re.compile(r"(/(?:ei|expire|ip|lsig|pot|sig|signature)/)([^/?\"\s<>]+)")

# Members of JSON that hold such things, in pages of HTML, too, where quotes may be escaped.
_MEMBERS = (
    "accountName|access_token|api_?key|appInstallData|authorization|cipher|clientIp|coldConfigData"
    "|coldHashData|cpn|csn|datasyncId|DATASYNC_ID|DELEGATED_SESSION_ID|deviceExperimentId|email"
    "|EOM_VISITOR_DATA|EVENT_ID|eventId|hotHashData|ID_TOKEN|INNERTUBE_API_KEY|innertubeApiKey"
    "|poToken|refresh_token|remoteHost|rolloutToken|signatureCipher|USER_SESSION_ID|visitor_?data"
    "|VISITOR_DATA|XSRF_TOKEN"
)
_MEMBER = re.compile(rf'("(?:{_MEMBERS})"\s*:\s*")((?:\\.|[^"\\])+)', re.IGNORECASE)
_ESCAPED_MEMBER = re.compile(
    rf"((?P<quote>\\x22|\\u0022|\\+\"|&quot;)(?:{_MEMBERS})(?P=quote)\s*:\s*(?P=quote))"
    r"(.{1,8192}?)(?=(?P=quote))",
    re.IGNORECASE,
)
_PAIR = re.compile(r'("key"\s*:\s*"visitor_?data"\s*,\s*"value"\s*:\s*")([^"\\]+)', re.IGNORECASE)
_TELLING = re.compile(
    r"\bip\b|visitor|remoteHost|clientIp|email|account|session|datasync|ID_TOKEN|INNERTUBE_API_KEY",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(r"(IP address:?\s*(?:<[^>]*>\s*)*)([0-9a-f]*[.:][0-9a-f.:]+)", re.IGNORECASE)
_KEYS = re.compile(
    r"\b(?:sk-[\w-]{16,}|AIza[\w-]{30,}|org-[A-Za-z0-9]{16,}|proj_[A-Za-z0-9]{16,})|"
    r"(?<=Bearer )[\w.~+/=-]{8,}",
    re.ASCII,
)

# What is kept of a question to YouTube's inner API; the rest describes browser and session.
_QUESTION = (
    "videoId",
    "browseId",
    "params",
    "continuation",
    "query",
    "url",
    "contentCheckOk",
    "racyCheckOk",
)
_CLIENT = ("clientName", "clientVersion", "hl", "gl")
_SHORTEST_SECRET = 7


class Secrets:
    """Values that were seen where secrets stand, to be found wherever else they stand."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def learn_headers(self, headers: Mapping[str, Any]) -> None:
        """Takes the values of headers that hold secrets; a header's value may be a list."""
        for name, value in headers.items():
            if name.lower() in _SECRET_HEADERS:
                for each in value if isinstance(value, list | tuple) else [value]:
                    self._learn_header(name.lower(), _text(each))

    def learn(self, value: str) -> None:
        """Takes one value, with the forms that it has in addresses and in JSON."""
        if len(value) >= _SHORTEST_SECRET and value != SCRUBBED:
            plain = unquote(value)
            self._seen |= {value, plain, quote(plain, safe=""), value.replace("=", "\\u003d")}

    def hide(self, content: Any) -> Any:
        """Text, bytes, or lists and mappings of them, with all that was learned replaced."""
        if isinstance(content, dict):
            return {name: self.hide(value) for name, value in content.items()}
        if isinstance(content, list):
            return [self.hide(value) for value in content]
        if isinstance(content, bytes):
            return self.hide(content.decode("latin-1")).encode("latin-1")
        if isinstance(content, str):
            for value in sorted(self._seen, key=len, reverse=True):
                content = content.replace(value, SCRUBBED)
        return content

    def _learn_header(self, name: str, value: str) -> None:
        if name == "set-cookie":
            value = value.split(";", 1)[0]
        if name in {"cookie", "set-cookie"}:
            for pair in value.split(";"):
                cookie, _, content = pair.strip().partition("=")
                if cookie.lower() not in _COMMON_COOKIES:
                    self.learn(content)
        else:
            self.learn(value)
            self.learn(value.split(" ")[-1])


def scrub_url(url: str) -> str:
    """The address without user name and password, and its telling parameters scrubbed."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    query = [
        (name, SCRUBBED if _PARAMETER.fullmatch(name) else value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    path = _PARAMETER_IN_PATH.sub(rf"\g<1>{SCRUBBED}", parts.path)
    return urlunsplit((parts.scheme, host, path, urlencode(query, safe="/:,@"), ""))


def scrub_text(text: str, secrets: Secrets | None = None) -> str:
    """Text of any kind without what identifies the one who asked; `secrets` learns what it was."""
    learn = secrets.learn if secrets else lambda value: None

    def hidden(match: re.Match[str]) -> str:
        value = match[match.lastindex or 0]
        # Words are no secrets, and would be missed in all the other places where they stand.
        if _TELLING.search(match[1]) and re.search("[0-9@]", value):
            learn(value)
        return match[1] + SCRUBBED

    text = _MEDIA_ADDRESS.sub(
        lambda match: _PARAMETER_IN_PATH.sub(rf"\g<1>{SCRUBBED}", match[0]), text
    )
    text = _PARAMETER_IN_TEXT.sub(hidden, text)
    text = _MEMBER.sub(hidden, text)
    text = _ESCAPED_MEMBER.sub(hidden, text)
    text = _PAIR.sub(hidden, text)
    text = _IN_WORDS.sub(hidden, text)
    return _KEYS.sub(SCRUBBED, text)


def scrub_request_body(
    url: str, body: object, secrets: Secrets | None = None
) -> str | bytes | None:
    """What is kept of a request's body: for YouTube's inner API the question, else all of it."""
    if not body:
        return None
    text = _text(body)
    if _is_inner_api(url):
        return json.dumps(_question(text), ensure_ascii=False)
    return scrub_text(text, secrets)


def scrub_headers(headers: Mapping[str, Any], *, reply: bool) -> dict[str, list[str]]:
    """The headers that tell nothing, under lower-case names, in the order of these."""
    kept: dict[str, list[str]] = {}
    for name, value in headers.items():
        if name.lower() in (_REPLY_HEADERS if reply else _REQUEST_HEADERS):
            values = [_text(each) for each in (value if isinstance(value, list) else [value])]
            if name.lower() == "location":
                values = [scrub_url(each) for each in values]
            kept[name.lower()] = [scrub_text(each) for each in values]
    return dict(sorted(kept.items()))


def scrub_reply_body(
    body: bytes, encodings: Iterable[str], secrets: Secrets | None = None
) -> str | bytes:
    """A reply's body, unpacked and scrubbed: as text if it is UTF-8."""
    for encoding in encodings:
        body = _unpacked(body, encoding.strip().lower())
    try:
        return scrub_text(body.decode("utf-8"), secrets)
    except UnicodeDecodeError:
        return scrub_text(body.decode("latin-1"), secrets).encode("latin-1")


def request_key(method: str, url: str, body: object) -> tuple[Any, ...]:
    """What makes two requests the same: nothing that depends on time, machine or session."""
    parts = urlsplit(url)
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _PARAMETER.fullmatch(name)
    )
    path = _PARAMETER_IN_PATH.sub(rf"\g<1>{SCRUBBED}", parts.path)
    return (
        method.upper(),
        parts.scheme,
        parts.hostname,
        parts.port,
        path,
        tuple(query),
        _asked(url, body),
    )


def _asked(url: str, body: object) -> str:
    text = _text(body) if body else ""
    if text and _is_inner_api(url):
        question = _question(text)
        client = question.get("context", {}).get("client", {}).get("clientName")
        kept = {name: value for name, value in question.items() if name != "context"}
        return json.dumps([client, kept], sort_keys=True)
    text = scrub_text(text)
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except (ValueError, RecursionError):
        return text


def _is_inner_api(url: str) -> bool:
    return "/youtubei/v1/" in url


def _question(text: str) -> dict[str, Any]:
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(asked, dict):
        return {}
    context = asked.get("context")
    client = context.get("client") if isinstance(context, dict) else None
    kept = {name: asked[name] for name in _QUESTION if name in asked}
    if isinstance(client, dict):
        kept["context"] = {"client": {name: client[name] for name in _CLIENT if name in client}}
    return kept


def _unpacked(body: bytes, encoding: str) -> bytes:
    """The body decoded; as it is if it was already, which is how some of it reaches a recorder."""
    try:
        if encoding == "gzip":
            return gzip.decompress(body)
        if encoding == "deflate":
            return zlib.decompress(body)
    except (OSError, EOFError, zlib.error):
        return body
    return body


def _text(value: object) -> str:
    if isinstance(value, bytes | bytearray):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else str(value)
