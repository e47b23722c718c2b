"""What models write around and inside their JSON, and what may be made of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from generator.summarizer.completions.mending import NotTheForm, read_reply, without_thoughts


class Item(BaseModel):
    line: int
    quote: str


class Form(BaseModel):
    title: str
    items: list[Item]


PLAIN = '{"title": "Tides", "items": [{"line": 3, "quote": "twice a day"}]}'
TIDES = Form(title="Tides", items=[Item(line=3, quote="twice a day")])


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"\ufeff{PLAIN}",
        f"  \n{PLAIN}\n\n",
        f"```json\n{PLAIN}\n```",
        f"```\n{PLAIN}\n```\nI hope this helps!",
        f"Here is what you asked for, with {{title}} filled in:\n\n{PLAIN}\nAnything else?",
        f'<think>Is it {{"title": "Waves", "items": []}}? No.</think>\n{PLAIN}',
        f"<thinking>\nNo {{braces}}.\n</thinking>{PLAIN}",
        f"The tags may lack their first half.</think>\n\n{PLAIN}",
        f"{PLAIN}\n{PLAIN}",
        '{"title": "Tides", "items": [{"line": 3, "quote": "twice a day",},],}',
        '{"title": "Tides", "items": [{"line": "3", "quote": "twice a day"}]}',
    ],
)
def test_the_object_is_found_in_what_stands_around_it(text: str):
    assert read_reply(text, Form) == TIDES


def test_raw_control_characters_in_strings_are_taken_as_they_are():
    text = '{"title": "Ebb\nand\tflow\x01", "items": []}'
    assert read_reply(text, Form) == Form(title="Ebb\nand\tflow\x01", items=[])


def test_what_looks_like_a_trailing_comma_in_a_string_stays():
    text = '{"title": "a,} ,] \\",}", "items": [],}'
    assert read_reply(text, Form).title == 'a,} ,] ",}'


def test_half_of_a_surrogate_pair_becomes_the_replacement_character():
    text = '{"title": "\\ud83d", "items": []}'
    assert read_reply(text, Form).title == "\ufffd"


@pytest.mark.parametrize("end", range(1, len(PLAIN)))
def test_a_reply_that_breaks_off_is_never_completed(end: int):
    with pytest.raises(NotTheForm):
        read_reply(PLAIN[:end], Form)


def test_the_inside_of_an_object_that_breaks_off_is_not_taken_for_it():
    whole = '{"title": "Moon", "items": []}'
    for cut in (f'{{"topics": [{whole}', f'{{"topics": [{whole}, {{"title": "Su'):
        with pytest.raises(NotTheForm, match="not one complete JSON object"):
            read_reply(cut, Form)


def test_two_objects_that_differ_are_not_chosen_between():
    other = PLAIN.replace("Tides", "Waves")
    with pytest.raises(NotTheForm, match="several different objects"):
        read_reply(f"{PLAIN}\n{other}", Form)


@pytest.mark.parametrize(
    ("text", "reason", "found_json"),
    [
        ("", "it is empty", False),
        ("I cannot do that.", "it is not one complete JSON object", False),
        ('{"title": NaN, "items": []}', "it is not one complete JSON object", False),
        ("[" * 100_000, "it is not one complete JSON object", False),
        ('{"a":' * 100_000, "it is not one complete JSON object", False),
        ("{" * 1_000_000, "it is not one complete JSON object", False),
        ('{"' + '\\"' * 300_000, "it is not one complete JSON object", False),
        ("<think>and on and on", "it is not one complete JSON object", False),
        ('{"items": []}', "title: Field required", True),
        (
            '{"title": 5, "items": [{"line": "x"}]}',
            "title: Input should be a valid string; items.0.line: Input should be a valid integer,"
            " unable to parse string as an integer; items.0.quote: Field required",
            True,
        ),
        ("{}", "title: Field required; items: Field required", True),
    ],
)
def test_the_reason_says_what_is_wrong_and_not_what_stood_there(
    text: str, reason: str, found_json: bool
):
    with pytest.raises(NotTheForm) as caught:
        read_reply(text, Form)
    assert (str(caught.value), caught.value.found_json) == (reason, found_json)


def test_of_many_problems_the_first_are_told():
    items = ", ".join(["{}"] * 20)
    with pytest.raises(NotTheForm, match=r"items\.1\.quote: Field required;.*; and 35 more$"):
        read_reply(f'{{"title": "", "items": [{items}]}}', Form)


def test_what_was_only_thought_is_nothing():
    assert without_thoughts("<think>Let me see") == ""
    assert without_thoughts("<think>Let me see</think>\n{}") == "{}"
    assert without_thoughts("\ufeff{} ") == "{}"


words = st.text(max_size=30)
forms = st.builds(
    Form, title=words, items=st.lists(st.builds(Item, line=st.integers(), quote=words), max_size=3)
)


@given(forms, st.sampled_from(["{}", "```json\n{}\n```", "Sure:\n{}", "<think>{{</think>{}"]))
def test_whatever_the_fields_say_is_read_as_it_was_written(form: Form, around: str):
    written = around.replace("{}", "\0").replace("{{", "{").replace("\0", form.model_dump_json())
    assert read_reply(written, Form) == form


@given(st.text(alphabet='{}[]",:\\ntru0 <>/`', max_size=60))
def test_no_text_at_all_ends_in_another_error(text: str):
    try:
        read_reply(text, Form)
    except NotTheForm:
        pass
    else:
        json.loads(text[text.index("{") : text.rindex("}") + 1])
