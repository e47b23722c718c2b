"""The catalogue, and that its documentation says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.checker.codes import BY_CODE, RULES, selected_codes
from generator.errors import UnknownCode

DOCS = (Path(__file__).parents[2] / "docs/checks.md").read_text("utf-8")


def test_the_documentation_lists_every_rule_as_it_is():
    rows = re.findall(
        r"^\| \[(\w+)\]\(#(\w+)\) \| (\w+) \| (.+?) \| (mends|) \|$", DOCS, re.MULTILINE
    )
    assert rows == [
        (rule.code, rule.code.lower(), rule.severity.value, rule.reason, "mends" * rule.mended)
        for rule in RULES
    ]


def test_every_rule_is_explained_with_an_example():
    sections = re.split(r"^### ", DOCS, flags=re.MULTILINE)[1:]
    explained = {section.split("\n")[0]: section for section in sections}
    assert list(explained) == [rule.code for rule in RULES]
    for rule in RULES:
        assert f"{rule.reason[0].upper()}{rule.reason[1:]}." in explained[rule.code]
        assert "```markdown" in explained[rule.code] or rule.code.startswith("F")


def test_codes_are_selected_by_their_beginnings():
    assert selected_codes() == BY_CODE.keys()
    assert selected_codes(["c10", " L208 "]) == {
        *(f"C10{number}" for number in range(1, 10)),
        "L208",
    }
    assert selected_codes(["C"], ["C10"]) == {"C110"}
    assert selected_codes([], ["C", "L", "N", "H", "F50"]) == set()


@pytest.mark.parametrize("given", ["X", "C4", "C1011", "101", "C101 L201"])
def test_a_code_that_is_none_is_wrong_usage(given):
    with pytest.raises(UnknownCode, match=given):
        selected_codes([given])
