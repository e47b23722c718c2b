"""Formulas as MathML that can neither link nor load nor run anything."""

from __future__ import annotations

import pytest

from generator.site.formulas import mathml
from generator.site.prose import prose_of
from tests.site.vaults import Elements


def test_a_formula_is_mathml() -> None:
    made = mathml(r"\frac{1}{2}")
    assert made is not None
    assert made.startswith("<math")
    assert "<mfrac>" in made


def test_a_block_is_displayed_as_one() -> None:
    assert '<div class="formula"><math display="block">' in prose_of("$$x$$\n", math=True).html


@pytest.mark.parametrize(
    "formula", [r"\href{javascript:alert(1)}{x}", r"\color{url(https://evil.example)}{x}"]
)
def test_nothing_links_or_loads(formula: str) -> None:
    page = Elements(mathml(formula) or "")
    assert not any("href" in name for _, attrs in page.found for name in attrs)
    assert not any("url(" in value for _, attrs in page.found for value in attrs.values())


def test_html_in_a_formula_is_text() -> None:
    html = prose_of(r"$\text{<img src=x onerror=alert(1)>}$", math=True).html
    assert "<img" not in html


@pytest.mark.parametrize("formula", [r"\frac{1", r"\left(", "}" * 50, "{" * 3000, "x" * 9000])
def test_what_cannot_be_read_stays_as_it_was_written(formula: str) -> None:
    html = prose_of(f"Before ${formula}$ after.", math=True).html
    assert "Before " in html
    assert " after." in html
    assert mathml("x" * 9000) is None
