"""No secret stays in what is recorded, and what is scrubbed is still found again."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.fetcher.scrubbing import (
    SCRUBBED,
    Secrets,
    request_key,
    scrub_headers,
    scrub_reply_body,
    scrub_request_body,
    scrub_text,
    scrub_url,
)

PLAYER = "https://www.youtube.com/youtubei/v1/player"


def test_addresses_keep_what_asks_and_lose_who_asks() -> None:
    url = (
        "https://me:pw@www.youtube.com/api/timedtext?v=abc&ei=E1&caps=asr&ip=10.1.2.3&ipbits=0"
        "&expire=17&sparams=ip,v&signature=AB.CD&key=yt8&lang=en&fmt=json3#part"
    )
    assert scrub_url(url) == (
        f"https://www.youtube.com/api/timedtext?v=abc&ei={SCRUBBED}&caps=asr&ip={SCRUBBED}"
        f"&ipbits={SCRUBBED}&expire={SCRUBBED}&sparams=ip,v&signature={SCRUBBED}&key={SCRUBBED}"
        "&lang=en&fmt=json3"
    )


@pytest.mark.parametrize(
    "text",
    [
        '"baseUrl":"https://x/api/timedtext?v=a&signature=SEcret1&lang=en"',
        '"baseUrl":"https://x/api/timedtext?v=a\\u0026signature=SEcret1\\u0026lang=en"',
        "<a href='https://x/y?v=a&amp;v=b'>https://x/y?ip=SEcret1&amp;c=d</a>",
        '"url=https%3A%2F%2Fx%2Fy%3Fip%3DSEcret1%26c%3Dd"',
        '"url=https%253A%252F%252Fx%253Fip%253DSEcret1%2526c%253Dd"',
        '"https://r1.googlevideo.com/videoplayback/ip/SEcret1/sig/x/c/d"',
        '"https://manifest.googlevideo.com/api/manifest/hls/expire/1/signature/SEcret1/x"',
        '{"visitorData":"SEcret1"}',
        '{"visitorData": "SEcr\\"SEcret1"}',
        'ytcfg.set({"VISITOR_DATA":"SEcret1","A":1})',
        'ytcfg.set({\\"VISITOR_DATA\\":\\"SEcret1\\"})',
        "var x = '\\x7b\\x22VISITOR_DATA\\x22:\\x22SEcret1\\x22\\x7d'",
        "&quot;visitorData&quot;:&quot;SEcret1&quot;",
        '{"key":"visitor_data","value":"SEcret1"}',
        '{"remoteHost":"SEcret1"}',
        '{"INNERTUBE_API_KEY":"SEcret1"}',
        '{"DATASYNC_ID":"SEcret1||"}',
        '{"signatureCipher":"s=SEcret1&sp=sig"}',
        '{"email":"SEcret1@example.org"}',
        '{"poToken":"SEcret1"}',
        "Incorrect key: sk-proj-SEcret1SEcret1SEcret1.",
        "AIzaSEcret1SEcret1SEcret1SEcret1SEcret1",
        "Authorization: Bearer SEcret1SEcret1",
        "the organization org-SEcret1SEcret1SEcret1",
    ],
)
def test_secrets_in_text_go(text: str) -> None:
    scrubbed = scrub_text(text)
    assert "SEcret1" not in scrubbed
    assert SCRUBBED in scrubbed
    assert scrub_text(scrubbed) == scrubbed


def test_an_address_on_a_page_goes() -> None:
    page = "About this page<br>IP address: 203.0.113.7<br>Time: 2026"
    assert "203.0.113.7" not in scrub_text(page)
    assert "2001:db8::7" not in scrub_text("IP address: 2001:db8::7")


@pytest.mark.parametrize(
    "text",
    [
        "Plain words about keys, tokens and ip addresses.",
        '{"videoId":"sk-aaaaaaaa","title":"Version 1.2.3.4 & more","key":"c"}',
        '{"lengthSeconds":"316","isLive":false}',
        "https://example.org/path?a=b&c=d",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert scrub_text(text) == text


def test_scrubbed_json_is_still_json() -> None:
    said = {"visitorData": 'a"b\\', "urls": ["https://x/?ip=1&c=ü"], "n": 1}
    scrubbed = json.loads(scrub_text(json.dumps(said)))
    assert scrubbed == {"visitorData": SCRUBBED, "urls": [f"https://x/?ip={SCRUBBED}&c=ü"], "n": 1}


def test_what_was_seen_as_a_secret_is_hidden_everywhere() -> None:
    secrets = Secrets()
    secrets.learn_headers(
        {
            "Cookie": "SID=cookievalue; PREF=hl=en&tz=UTC; X=1",
            "Set-Cookie": ["NEW=fresh-value%3D; Path=/; Domain=.youtube.com"],
            "Authorization": "Bearer sekretsekret",
            "Content-Type": "application/json",
        }
    )
    text = scrub_text('{"visitorData":"Cgt0visitor%3D%3D"} {"remoteHost":"203.0.113.7"}', secrets)
    hidden = secrets.hide(
        {
            "a": ["cookievalue hl=en&tz=UTC Path=/ application/json", b"\xff fresh-value= \xff"],
            "b": "sekretsekret Cgt0visitor== Cgt0visitor%3D%3D from 203.0.113.7",
        }
    )
    assert "visitor%3D" not in text
    assert hidden == {
        "a": [
            f"{SCRUBBED} hl=en&tz=UTC Path=/ application/json",
            b"\xff " + SCRUBBED.encode() + b" \xff",
        ],
        "b": f"{SCRUBBED} {SCRUBBED} {SCRUBBED} from {SCRUBBED}",
    }


def test_ordinary_words_are_never_taken_for_secrets() -> None:
    secrets = Secrets()
    scrub_text("https://x/?a=b&token=download&key=download https://x/?a&ip=download", secrets)
    assert secrets.hide("download this") == "download this"


def test_only_harmless_headers_stay() -> None:
    headers = {
        "Authorization": "x",
        "api-key": "x",
        "x-api-key": "x",
        "OpenAI-Organization": "x",
        "openai-project": "x",
        "Cookie": "x",
        "X-Goog-Visitor-Id": "x",
        "User-Agent": "x",
        "Content-Type": b"application/json",
        "Accept-Language": "en-US",
    }
    assert scrub_headers(headers, reply=False) == {
        "accept-language": ["en-US"],
        "content-type": ["application/json"],
    }
    reply = {"Set-Cookie": ["x"], "Location": ["https://a/b?ip=1&c=2"], "Retry-After": ["3"]}
    assert scrub_headers(reply, reply=True) == {
        "location": [f"https://a/b?ip={SCRUBBED}&c=2"],
        "retry-after": ["3"],
    }


def test_a_question_to_youtube_keeps_what_it_asks() -> None:
    asked = {
        "context": {
            "client": {"clientName": "WEB", "clientVersion": "2", "hl": "en", "visitorData": "v"},
            "user": {"x": 1},
        },
        "videoId": "abc",
        "serviceIntegrityDimensions": {"poToken": "p"},
        "playbackContext": {"signatureTimestamp": 1},
    }
    kept = scrub_request_body(PLAYER, json.dumps(asked).encode())
    assert isinstance(kept, str)
    assert json.loads(kept) == {
        "videoId": "abc",
        "context": {"client": {"clientName": "WEB", "clientVersion": "2", "hl": "en"}},
    }
    assert scrub_request_body(PLAYER, kept) == kept
    assert scrub_request_body("https://a/b", None) is None


@pytest.mark.parametrize("body", ["", "no json", "[]", "3", '{"context": 3}'])
def test_an_odd_question_is_kept_as_far_as_it_is_one(body: str) -> None:
    request_key("POST", PLAYER, scrub_request_body(PLAYER, body))


def test_bodies_are_unpacked() -> None:
    text = '{"visitorData":"x","a":"ü"}'
    expected = f'{{"visitorData":"{SCRUBBED}","a":"ü"}}'
    data = text.encode()
    assert scrub_reply_body(gzip.compress(data), ["gzip"]) == expected
    assert scrub_reply_body(zlib.compress(data), [" Deflate"]) == expected
    assert scrub_reply_body(data, ["gzip"]) == expected
    assert scrub_reply_body(b'\xff{"visitorData":"x"}', []) == (
        b'\xff{"visitorData":"' + SCRUBBED.encode() + b'"}'
    )


def key(url: str, body: object = None, method: str = "GET") -> tuple[object, ...]:
    return request_key(method, url, json.dumps(body) if body else None)


def test_requests_are_the_same_whoever_asks_and_whenever() -> None:
    assert key("https://a/b?x=1&ip=1.2.3.4&expire=5") == key("https://a/b?expire=9&x=1")
    assert key("https://a/b?ip=1&x=1") == key(scrub_url("https://a/b?ip=1&x=1"))
    one = {"videoId": "a", "context": {"client": {"clientName": "WEB", "clientVersion": "1"}}}
    two = {"videoId": "a", "context": {"client": {"clientName": "WEB", "clientVersion": "2"}}}
    assert key(PLAYER, one, "POST") == key(f"{PLAYER}?key=k", two, "post")
    assert key("https://a/v1/chat", {"a": 1, "b": 2}) == key("https://a/v1/chat", {"b": 2, "a": 1})


def test_other_questions_are_other_requests() -> None:
    android = {"videoId": "a", "context": {"client": {"clientName": "ANDROID"}}}
    web = {"videoId": "a", "context": {"client": {"clientName": "WEB"}}}
    keys = {
        key("https://a/b"),
        key("http://a/b"),
        key("https://a:444/b"),
        key("https://a/b", None, "POST"),
        key("https://a/b?x=1"),
        key("https://a/b?x=2"),
        key("https://a/b?x="),
        key("https://c/b"),
        key(PLAYER, android),
        key(PLAYER, web),
        key(PLAYER, {**web, "videoId": "b"}),
        key(PLAYER, {**web, "continuation": "c"}),
        key("https://a/v1/chat", {"a": 1}),
        key("https://a/v1/chat", {"a": 2}),
    }
    assert len(keys) == 14


@given(st.text())
def test_any_text_is_scrubbed_once_and_for_all(text: str) -> None:
    once = scrub_text(text, Secrets())
    assert scrub_text(once) == once
