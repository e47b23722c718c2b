"""What a model wrote, taken as JSON: mended where only one meaning is possible, else refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    Reply = TypeVar("Reply", bound=BaseModel)

# A reply's thinking aloud, in the tags that servers leave in when they do not take it out.
_THOUGHT = re.compile(r"\s*<(think|thinking|thought|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_THOUGHT_UNOPENED = re.compile(r"[^{]*</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
# A string without an end goes to the end, so that no other is looked for in it.
_STRING_OR_COMMA = re.compile(r'("(?:\\.|[^"\\])*(?:"|\\?\Z))|,(?=\s*[}\]])', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_STARTS = 20
_MOST_PROBLEMS = 5


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_number)


class NotTheForm(ValueError):
    """A text that is not the object asked for. `found_json` says whether it is JSON at all."""

    def __init__(self, reason: str, *, found_json: bool) -> None:
        super().__init__(reason)
        self.found_json = found_json


def read_reply(text: str, form: type[Reply]) -> Reply:
    """The one object of the form asked for that the text holds.

    Passed over are a byte order mark, thinking aloud, fences and words around the object; taken are
    raw control characters in strings, commas before a closing bracket, and halves of surrogate
    pairs (as U+FFFD). Nothing is ever added: a text that breaks off is refused.

    Raises NotTheForm with a reason fit for the model, also where two objects would do that differ.
    """
    from pydantic import ValidationError

    first_problem: ValidationError | None = None
    fitting: list[Reply] = []
    bare = _without_thoughts(text.lstrip("\ufeff"))
    for variant in dict.fromkeys((bare, _STRING_OR_COMMA.sub(r"\1", bare))):
        for value in _objects(variant):
            try:
                reply = form.model_validate_json(json.dumps(_sound(value)))
            except ValidationError as error:
                first_problem = first_problem or error
            except RecursionError:
                continue
            else:
                fitting.append(reply)
        if fitting:
            break
    if fitting and all(reply == fitting[0] for reply in fitting):
        return fitting[0]
    if fitting:
        raise NotTheForm("it holds several different objects of the form", found_json=True)
    if first_problem is not None:
        raise NotTheForm(_described(first_problem), found_json=True)
    if not text.strip():
        raise NotTheForm("it is empty", found_json=False)
    raise NotTheForm("it is not one complete JSON object", found_json=False)


def without_thoughts(text: str) -> str:
    """The text without what a model thought aloud ahead of its reply."""
    return _without_thoughts(text.lstrip("\ufeff")).strip()


def _without_thoughts(text: str) -> str:
    found = _THOUGHT.match(text) or _THOUGHT_UNOPENED.match(text)
    if found:
        return text[found.end() :]
    # A thought that never ends is all there is.
    return "" if re.match(r"\s*<(?:think|thinking)>", text, re.IGNORECASE) else text


def _objects(text: str) -> Iterator[Any]:
    """The JSON objects that stand side by side in the text."""
    at = text.find("{")
    for _ in range(_MOST_STARTS):
        if at < 0:
            return
        try:
            value, end = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            # What stands inside an object that breaks off is not the object asked for.
            if error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip()):
                return
            end = at + 1
        except (ValueError, RecursionError):
            return
        else:
            yield value
        at = text.find("{", end)


def _sound(value: Any) -> Any:
    """The value with text that is Unicode."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_sound(each) for each in value]
    if isinstance(value, dict):
        return {_sound(name): _sound(each) for name, each in value.items()}
    return value


def _described(error: ValidationError) -> str:
    """What does not fit, place by place, without repeating what stood there."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    told = [
        f"{'.'.join(str(part)[:40] for part in problem['loc']) or 'the object'}: {problem['msg']}"
        for problem in problems[:_MOST_PROBLEMS]
    ]
    more = len(problems) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")
