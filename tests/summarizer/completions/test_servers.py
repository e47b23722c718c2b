"""How model servers differ, and how each is asked."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field

from generator.errors import KeyInvalid, ServerUrlInvalid
from generator.summarizer.completions.servers import (
    Dialect,
    Level,
    Message,
    Request,
    Server,
    adapted,
    first_dialect,
    strict_schema,
)

KEY = "sk-proj-Zr7Qm2Lx9WvT4bNc"


class Inner(BaseModel):
    title: str = ""
    line: int | None = None


class Form(BaseModel):
    """What the model sees of it."""

    title: str = Field(description="As an article's.")
    items: tuple[Inner, ...] = ()


REQUEST = Request(
    "outline",
    "tides-00001",
    (Message("system", "Be brief."), Message("user", "1| The Moon pulls.")),
    Form,
    0.2,
    500,
)


# Addresses


@pytest.mark.parametrize(
    ("given", "url"),
    [
        (None, "https://api.openai.com/v1"),
        ("http://localhost:11434/v1/", "http://localhost:11434/v1"),
        (" https://host.example/api/v1/chat/completions ", "https://host.example/api/v1"),
        ("https://anna:Zr7Qm2Lx@host.example/v1?api-version=3#top", "https://host.example/v1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_the_address_that_is_used_and_shown(given: str | None, url: str):
    assert Server("small", given).url == url


@pytest.mark.parametrize(
    "given",
    ["localhost:11434/v1", "ftp://host/v1", "http://?q", "http://a b/", "http://h:x/", "my server"],
)
def test_what_is_no_address_is_said_without_repeating_it(given: str):
    with pytest.raises(ServerUrlInvalid) as caught:
        Server("small", given)
    assert given not in caught.value.message


def test_what_else_an_address_holds():
    server = Server("small", "https://anna:p%40ss@host.example/v1?api-version=3")
    assert server.basic_auth == ("anna", "p@ss")
    assert server.query == {"api-version": "3"}
    assert Server("small", "https://host.example/v1").basic_auth is None


def test_the_url_to_try_instead():
    assert Server("small", "http://localhost:11434").url_with_version == "http://localhost:11434/v1"
    assert Server("small", "https://h.example/v1beta/openai").url_with_version == ""


def test_which_servers_are_openais_and_which_are_near():
    assert Server("small").is_openai
    assert not Server("small", "https://api.openai.com.evil.example/v1").is_openai
    assert Server("small", "http://127.0.0.1:1/v1").is_local
    assert Server("small", "http://localhost:1/v1").is_local
    assert not Server("small", "https://host.example/v1").is_local


# Keys


@pytest.mark.parametrize("key", ["sk two", "sk-\nx", "ключ", "sk-\x00"])
def test_a_key_that_cannot_be_sent_is_refused_without_repeating_it(key: str):
    with pytest.raises(KeyInvalid) as caught:
        Server("small", api_key=key)
    assert key not in caught.value.message


def test_white_space_around_a_key_is_no_part_of_it():
    assert Server("small", api_key=f" {KEY}\r\n").api_key == KEY
    assert Server("small", api_key=" ").api_key is None


def test_the_key_is_not_in_the_repr():
    server = Server("small", f"https://anna:{KEY}@host.example/v1?key={KEY}", KEY)
    assert KEY not in repr(server)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"Incorrect API key provided: {KEY}.", "Incorrect API key provided: [key]."),
        ("Incorrect API key provided: sk-proj-********T4bNc.", "Incorrect API key provided: [key]"),
        (f'{{"token": "{KEY}"}}', '{"token": "[key]"}'),
        ("header was Bearer abc", "header was [key]"),
        ("ends with Lx9WvT4bNc, it seems", "ends with [key], it seems"),
        ("another's AIzaSyA1234567890abcdefgh", "another's [key]"),
        ("no key in here", "no key in here"),
        ("user anna-maria, word p4ssw0rd", "user [key], word [key]"),
    ],
)
def test_a_servers_words_are_shown_without_the_key_or_parts_of_it(said: str, shown: str):
    server = Server("small", "https://anna-maria:p4ssw0rd@host.example/v1", KEY)
    assert server.scrubbed(said).rstrip(".") == shown.rstrip(".")


# The form


def test_the_schema_is_strict_and_has_nothing_that_only_costs():
    assert strict_schema(Form) == {
        "description": "What the model sees of it.",
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "As an article's."},
            "items": {"type": "array", "items": {"$ref": "#/$defs/Inner"}},
        },
        "required": ["title", "items"],
        "additionalProperties": False,
        "$defs": {
            "Inner": {
                "type": "object",
                "properties": {
                    "title": {"type": "string"},
                    "line": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                },
                "required": ["title", "line"],
                "additionalProperties": False,
            }
        },
    }


def test_a_request_at_the_highest_level():
    assert Dialect().parameters("small", REQUEST, REQUEST.messages) == {
        "model": "small",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "1| The Moon pulls."},
        ],
        "temperature": 0.2,
        "max_tokens": 500,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "outline", "schema": strict_schema(Form), "strict": True},
        },
    }


def test_below_it_the_schema_stands_in_the_system_message():
    body = Dialect(Level.JSON_OBJECT).parameters("small", REQUEST, REQUEST.messages)
    assert body["response_format"] == {"type": "json_object"}
    system, user = body["messages"]
    assert system["content"].startswith("Be brief.\n\nReply with one JSON object")
    assert '"additionalProperties": false' in system["content"]
    assert user == {"role": "user", "content": "1| The Moon pulls."}
    lowest = Dialect(Level.PROMPT).parameters("small", REQUEST, REQUEST.messages)
    assert "response_format" not in lowest
    assert lowest["messages"] == body["messages"]


def test_without_system_messages_the_users_says_all():
    body = Dialect(system=False).parameters("small", REQUEST, REQUEST.messages)
    assert body["messages"] == [{"role": "user", "content": "Be brief.\n\n1| The Moon pulls."}]


def test_parameters_that_are_not_known_are_left_out():
    dialect = Dialect(limits=(), temperature=False)
    body = dialect.parameters("small", REQUEST, REQUEST.messages)
    assert set(body) == {"model", "messages", "response_format"}


def test_openais_server_is_asked_with_the_newer_name_of_the_limit_first():
    assert first_dialect(Server("small")).limits[0] == "max_completion_tokens"
    assert first_dialect(Server("small", "http://localhost/v1")).limits[0] == "max_tokens"


def test_room_for_thinking_grows_and_ends():
    dialect = Dialect().with_more_thinking()
    assert dialect is not None
    assert dialect.output_limit(REQUEST) == 8_500
    more = dialect.with_more_thinking()
    assert more is not None
    assert more.output_limit(REQUEST) == 32_500
    assert more.with_more_thinking() is None
    assert Dialect(thinking=8_000, most_output=4096).output_limit(REQUEST) == 4096


# What servers say


OBJECT = Dialect(Level.JSON_OBJECT)


@pytest.mark.parametrize(
    ("sent", "status", "said", "instead"),
    [
        (Dialect(), 400, "This response_format type is unavailable now", OBJECT),
        (Dialect(), 422, "response_format.type: Input should be 'text' or 'json_object'", OBJECT),
        (Dialect(), 500, "Failed to parse grammar", OBJECT),
        (Dialect(), 404, "No endpoints found that support the requested parameters", OBJECT),
        (Dialect(), 400, "Invalid schema for response_format 'outline'", OBJECT),
        (
            OBJECT,
            400,
            "'response_format.type' must be 'json_schema' or 'text'",
            Dialect(Level.PROMPT),
        ),
        (Dialect(Level.PROMPT), 400, "json_schema is not supported", None),
        (
            Dialect(),
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use"
            " 'max_completion_tokens' instead.",
            Dialect(limits=("max_completion_tokens",)),
        ),
        (
            Dialect(limits=("max_completion_tokens",)),
            400,
            "Unknown parameter: max_completion_tokens",
            Dialect(limits=()),
        ),
        (
            Dialect(),
            400,
            "max_tokens is too large: 500. This model supports at most 400 completion tokens.",
            Dialect(most_output=400),
        ),
        (
            Dialect(),
            400,
            "Unsupported value: 'temperature' does not support 0.2 with this model.",
            Dialect(temperature=False),
        ),
        (Dialect(), 400, "System role not supported", Dialect(system=False)),
        (Dialect(), 400, "Developer instruction is not enabled", Dialect(system=False)),
        (Dialect(), 400, "Bad request", None),
        (Dialect(), 500, "internal error: temperature of the room", None),
    ],
)
def test_what_a_server_does_not_know_is_avoided(
    sent: Dialect, status: int, said: str, instead: Dialect | None
):
    assert adapted(sent, status, said) == instead
