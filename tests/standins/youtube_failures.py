"""What the stand-in for YouTube sends where a failure is switched on, and plain replies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.standins import youtube_pages as pages
from tests.standins.tunnel import Answer, Asked, CutOff, Hang, Reply, Reset
from tests.standins.youtube_captions import KINDS
from tests.standins.youtube_faults import Fault
from tests.standins.youtube_question import Question

HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json; charset=UTF-8"}


def failures_at(question: Question) -> set[str]:
    """The failures that can happen to a question: captions cannot come as a consent page."""
    everywhere = {"blocked", "rate_limited", "server_error", "hang", "connection_reset", "cut_off"}
    known = everywhere | {"recaptcha"}
    if question.asker == "metadata":
        known.add("no_metadata")
    if question.place == "oembed":
        known.add("no_oembed")
    if question.place == "watch":
        known |= {"no_api_key", "consent_again"}
        if not _consented(question.asked):
            known.add("consent")
    if question.place in ("player", "oembed", "browse", "next"):
        known |= {"html_for_json", "truncated_json", "empty_reply"}
    if question.place in ("channel", "playlist"):
        known |= {"no_data", "html_for_json"}
    if question.place == "captions":
        known |= {"empty_captions", "truncated_captions"}
    return known


def failed(fault: Fault, question: Question) -> Answer | None:
    """What comes in place of the reply, or None if the fault damages the reply itself."""
    retry = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    sorry = Reply(429, pages.SORRY_PAGE.encode(), {**HTML, **retry})
    answers: dict[str, Answer] = {
        "blocked": sorry,
        "rate_limited": sorry,
        "recaptcha": html_reply(pages.CAPTCHA_PAGE) if question.place == "watch" else sorry,
        "server_error": Reply(503, pages.ERROR_PAGE.encode(), {**HTML, **retry}),
        "hang": Hang(),
        "connection_reset": Reset(),
        "no_metadata": Reply(403, pages.ERROR_PAGE.encode(), HTML),
        "no_oembed": Reply(401, b"Unauthorized", HTML),
        "consent": html_reply(pages.CONSENT_PAGE),
        "consent_again": html_reply(pages.CONSENT_PAGE),
        "html_for_json": html_reply(pages.ERROR_PAGE),
        "no_data": html_reply(pages.ERROR_PAGE),
        "empty_reply": json_reply({"responseContext": {"visitorData": "standin-visitor"}}),
        "empty_captions": Reply(200, b"", {"Content-Type": KINDS["srv1"]}),
    }
    return answers.get(fault.name)


def damaged(name: str, reply: Reply) -> Answer:
    """The reply as `no_api_key`, `cut_off`, `truncated_json` and `truncated_captions` leave it."""
    if name == "cut_off":
        return CutOff(reply, len(reply.body) // 2)
    body = reply.body[: len(reply.body) // 2]
    if name == "no_api_key":
        body = reply.body.replace(b'"INNERTUBE_API_KEY"', b'"INNERTUBE_API_LOCK"')
    return Reply(reply.status, body, reply.headers)


def _consented(asked: Asked) -> bool:
    cookies = asked.headers.get("cookie", "")
    return "CONSENT=YES" in cookies or "SOCS=CA" in cookies


def html_reply(text: str, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(200, text.encode(), {**HTML, **(headers or {})})


def json_reply(data: Any) -> Reply:
    return Reply(200, json.dumps(data, ensure_ascii=False, indent=2).encode(), JSON)


def not_found() -> Reply:
    error = {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
    return Reply(404, json.dumps({"error": error}).encode(), JSON)
