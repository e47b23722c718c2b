"""Replies of the stand-in for model servers, spoilt as models and servers spoil them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.standins.llm_faults import OUTAGES, REFUSALS
from tests.standins.llm_openai import HTML, PAGE, Completion, dumped
from tests.standins.tunnel import Answer, CutOff, Hang, Reply, Reset, Slow

_THOUGHT = 'First I look at {"the lines": [1, 2]}, then at what stands in them.'


def spoilt_reply(name: str, completion: Completion) -> Completion:
    """What the model wrote, with one of REPLIES or MENDABLE; as it is if that is not of a text."""
    text = completion.content or ""
    half = text[: len(text) // 2]
    changes: dict[str, Callable[[], dict[str, Any]]] = {
        "refusal": lambda: {"content": None, "refusal": "I'm sorry, I can't help with that."},
        "no_content": lambda: {"content": None},
        "empty_content": lambda: {"content": ""},
        "content_filter": lambda: {"content": half, "finish": "content_filter"},
        "length": lambda: {"content": half, "finish": "length"},
        "thought_too_long": lambda: {"content": "", "finish": "length", "reasoning": _THOUGHT},
        "invalid_json": lambda: {"content": half},
        "prose": lambda: {"content": "I am sorry, but I would rather talk about the weather."},
        "missing_fields": lambda: {"content": _changed(text, _without_last)},
        "wrong_types": lambda: {"content": _changed(text, _of_other_type)},
        "nothing_in_it": lambda: {"content": "{}"},
        "not_a_number": lambda: {"content": _changed(text, _nan)},
        "control_characters": lambda: {"content": _in_strings(text, "\n", "\t")},
        "null_characters": lambda: {"content": _in_strings(text, "\\u0000 ", " \\ud800")},
        "fenced": lambda: {"content": f"```json\n{text}\n```"},
        "prefaced": lambda: {
            "content": f"Here is the JSON {{as asked}}:\n\n{text}\n\nI hope this helps [a lot]!"
        },
        "thinking": lambda: {"content": f"<think>\n{_THOUGHT}\n</think>\n\n{text}"},
        "extra_fields": lambda: {"content": _changed(text, _with_extra)},
        "byte_order_mark": lambda: {"content": "\ufeff" + text},
        "trailing_commas": lambda: {"content": _with_commas(text)},
        "no_finish_reason": lambda: {"finish": None},
        "thinking_field": lambda: {"reasoning": _THOUGHT},
    }
    return replace(completion, **changes[name]()) if name in changes else completion


def spoilt_body(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body of a reply, with what of REPLIES or MENDABLE concerns it."""
    spoilt = dict(body)
    if name == "no_choices":
        spoilt["choices"] = []
    elif name == "null_choices":
        spoilt["choices"] = None
    elif name == "no_usage":
        del spoilt["usage"]
    elif name == "null_usage":
        spoilt["usage"] = None
    return spoilt


def spoilt_way(name: str, reply: Reply) -> Answer:
    """The reply on its way, with what of OUTAGES or MENDABLE concerns that."""
    answers: dict[str, Callable[[], Answer]] = {
        "hang": Hang,
        "reset": Reset,
        "cut_off": lambda: CutOff(reply, len(reply.body) // 2),
        "stall": lambda: Slow(reply, 2, 3600),
        "slow": lambda: Slow(reply, 5, 0.01),
        "padded": lambda: replace(reply, body=b"\n         \n" * 20 + reply.body),
        "html_200": lambda: Reply(200, PAGE.format("Welcome").encode(), HTML),
        "not_json": lambda: replace(reply, body=reply.body[: len(reply.body) // 2]),
        "bad_gateway": lambda: Reply(502, PAGE.format("502 Bad Gateway").encode(), HTML),
        "gateway_timeout": lambda: Reply(504, b"", {}),
        "wrong_path": lambda: Reply(404, PAGE.format("404 Not Found").encode(), HTML),
    }
    return answers[name]() if name in answers else reply


def is_refused(name: str) -> bool:
    """Whether a server with this fault says so in an error's form, and nothing is completion."""
    said_otherwise = {"hang", "reset", "cut_off", "stall", "html_200", "not_json"}
    by_page = {"bad_gateway", "gateway_timeout", "wrong_path"}
    return name in (REFUSALS | OUTAGES) and name not in said_otherwise | by_page


def _changed(text: str, change: Callable[[Any], Any]) -> str:
    """The JSON with `change` made to every part of it, the innermost first."""

    def walked(part: Any) -> Any:
        if isinstance(part, dict):
            return change({name: walked(value) for name, value in part.items()})
        if isinstance(part, list):
            return change([walked(value) for value in part])
        return change(part)

    return dumped(walked(json.loads(text))).decode()


def _without_last(part: Any) -> Any:
    return dict(list(part.items())[:-1]) if isinstance(part, dict) else part


def _with_extra(part: Any) -> Any:
    return {**part, "timestamp": "00:00:01"} if isinstance(part, dict) else part


def _of_other_type(part: Any) -> Any:
    if isinstance(part, bool):
        return "perhaps"
    if isinstance(part, str):
        return len(part)
    if isinstance(part, int | float):
        return f"line {part}"
    return {str(index): value for index, value in enumerate(part)} if part == [] else part


def _nan(part: Any) -> Any:
    is_number = isinstance(part, int | float) and not isinstance(part, bool)
    return float("nan") if is_number or isinstance(part, str) else part


def _in_strings(text: str, first: str, second: str) -> str:
    """The JSON with the first two spaces inside of each string exchanged in its raw text."""

    def spoilt(string: re.Match[str]) -> str:
        return string[0].replace(" ", first, 1).replace(" ", second, 1)

    return re.sub(r'"(?:[^"\\]|\\.)*"', spoilt, text)


def _with_commas(text: str) -> str:
    """The JSON with a comma ahead of each end of a list that is not empty."""
    spread = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    lines = spread.split("\n")
    return "\n".join(
        line + "," if following.lstrip().startswith("]") and not line.endswith("[") else line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
    )
