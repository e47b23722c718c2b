"""Prompts: those that are packaged, and those of a user."""

import json
from pathlib import Path

import pytest

from generator.errors import PromptError
from generator.summarizer.completions.servers import strict_schema
from generator.summarizer.openai.prompts import VARIABLES, Prompts
from generator.summarizer.openai.replies import (
    MergeReply,
    NoteReply,
    OutlineReply,
    RepairReply,
    VerifyReply,
)

FORMS = {
    "outline": OutlineReply,
    "note": NoteReply,
    "repair": RepairReply,
    "verify": VerifyReply,
    "merge": MergeReply,
}
PARTS = (
    "{% block system %}\nBe brief.\n{% endblock %}\n"
    "{% block user %}\nHm: {{ lines }}\n{% endblock %}"
)
HEAD = "---\nname: note\npurpose: p\ntemperature: 0.5\nmax_output_tokens: 100\n---\n"


def values(name: str) -> dict[str, object]:
    given = {
        "topics": 5,
        "sections": "2 to 7",
        "fence": "material-0a1b2c3d",
        "language": "English",
        "ranges": "12-40, 44-59",
        "first": True,
        "excerpt": False,
    }
    return {key: given.get(key, "") for key in VARIABLES[name]}


def written(folder: Path, text: str, name: str = "note") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def fails(folder: Path, text: str) -> str:
    with pytest.raises(PromptError) as caught:
        Prompts(written(folder, text))["note"].fill({"lines": "x"})
    assert str(folder / "note.md") in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", FORMS)
def test_what_is_the_same_in_all_requests_is_at_most_1500_tokens(name):
    system, user = Prompts()[name].fill(values(name))
    fixed = len(system) + len(user) + len(json.dumps(strict_schema(FORMS[name])))
    assert fixed / 4 <= 1400


@pytest.mark.parametrize("name", FORMS)
def test_all_that_a_prompt_is_given_is_used_and_the_material_stands_in_the_fence(name):
    given = {key: f"<<{key}>>" for key in VARIABLES[name]} | {"first": True, "excerpt": True}
    if name == "outline":
        given["topics"] = 1
    system, user = Prompts()[name].fill(given | {"fence": "xyzzy"})
    before, inside, after = user.partition("<xyzzy>\n")
    inside, _, after = after.partition("\n</xyzzy>")
    for key in {"metadata", "lines", "statements", "parts", "topic"} & VARIABLES[name]:
        assert f"<<{key}>>" in inside
        assert f"<<{key}>>" not in system + before + after
    assert "xyzzy" not in system
    assert "never" in system


@pytest.mark.parametrize("name", FORMS)
def test_a_schema_is_strict_and_small(name):
    schema = strict_schema(FORMS[name])
    for each in [schema, *schema.get("$defs", {}).values()]:
        assert each["additionalProperties"] is False
        assert sorted(each["required"]) == sorted(each["properties"])
    assert FORMS[name].model_json_schema() == schema


def test_no_prompt_speaks_of_times():
    for name in FORMS:
        for text in Prompts()[name].fill(values(name)):
            assert "second" not in text.lower().replace("seconds", "second").split()
            assert "timestamp" not in text.lower()


def test_a_file_in_the_folder_goes_before_the_programs_own_and_the_others_stay(tmp_path):
    prompts, own = Prompts(written(tmp_path / "mine", HEAD + PARTS)), Prompts()
    note = prompts["note"]
    assert note.fill({"lines": "12| words"}) == ("Be brief.", "Hm: 12| words")
    assert (note.temperature, note.max_output_tokens) == (0.5, 100)
    assert prompts["outline"].path == own["outline"].path


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(PromptError, match="no such folder"):
        Prompts(tmp_path / "nowhere")


def test_an_unknown_variable_is_an_error_that_names_the_file_and_the_variable(tmp_path):
    told = fails(tmp_path, HEAD + PARTS.replace("lines", "transcript"))
    assert "“transcript”" in told
    assert "metadata" in told


def test_a_known_variable_without_a_value_is_an_error_that_names_it(tmp_path):
    assert "'topic' is undefined" in fails(tmp_path, HEAD + PARTS.replace("lines", "topic"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PARTS, "misses: max_output_tokens, name, purpose, temperature"),
        (HEAD.replace("name:", "nmae:") + PARTS, "misses: name"),
        (HEAD.replace("purpose: p", "purpose: p\nmodel: m") + PARTS, "does not know: model"),
        (HEAD.replace("0.5", "hot") + PARTS, "temperature"),
        (HEAD.replace("0.5", ".nan") + PARTS, "temperature"),
        (HEAD.replace("100", "0") + PARTS, "max_output_tokens"),
        (HEAD.replace("0.5", "[") + PARTS, "no YAML"),
        (HEAD + "{% block system %}{% endblock %}", "block user"),
        (HEAD + PARTS + "\nAnd mind this.", "outside"),
        (HEAD + PARTS.replace("{{ lines", "{{ lines +"), "line 11"),
        (HEAD + PARTS.replace("lines", "lines.__class__.__mro__"), "unsafe"),
        (HEAD + PARTS.replace("{{ lines }}", "{% include 'x' %}"), "loader"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_that_says_why(tmp_path, text, told):
    assert told in fails(tmp_path, text)


def test_a_file_that_is_not_text_is_an_error(tmp_path):
    (tmp_path / "note.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PromptError, match="UTF-8"):
        Prompts(tmp_path)


def test_the_servers_own_temperature_can_be_left(tmp_path):
    folder = written(tmp_path, HEAD.replace("0.5", "null") + PARTS)
    assert Prompts(folder)["note"].temperature is None
