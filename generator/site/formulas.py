"""Formulas between dollar signs, made MathML beforehand; what cannot be read stays as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 4000
"""A longer formula is shown as it was written, in characters."""

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
# What MathML Core has, and nothing that links, loads or runs.
_ELEMENTS = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot"),
        *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts"),
        *("mprescripts", "none", "mtable", "mtr", "mtd", "mlabeledtr", "mstyle", "mpadded"),
        *("mphantom", "menclose", "merror", "semantics"),
    )
)
_ATTRIBUTES = frozenset(
    (
        *("display", "stretchy", "fence", "form", "separator", "symmetric", "largeop", "notation"),
        *("movablelimits", "accent", "accentunder", "lspace", "rspace", "minsize", "maxsize"),
        *("linethickness", "width", "height", "depth", "mathvariant", "displaystyle"),
        *("scriptlevel", "columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines"),
        *("rowspan", "columnspan"),
    )
)
_VALUE = re.compile(r"[\w .,%+-]{0,80}", re.ASCII)


def add_formulas(markdown: MarkdownIt) -> None:
    """Makes a Markdown reader take `$…$` and `$$…$$` for formulas."""
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    dollarmath_plugin(markdown, allow_space=False, allow_digits=False, double_inline=True)
    markdown.add_render_rule("math_inline", _write_inline)
    markdown.add_render_rule("math_inline_double", _write_inline)
    markdown.add_render_rule("math_block", _write_block)
    markdown.add_render_rule("math_block_label", _write_block)


def mathml(formula: str, *, block: bool = False) -> str | None:
    """A formula as a `<math>` element; None for one that cannot be read."""
    from latex2mathml.converter import convert

    if len(formula) > LONGEST:
        return None
    try:
        made = convert(formula, display="block" if block else "inline")
        root = ElementTree.fromstring(made)  # noqa: S314 - the library's own output, with no DTD
        _check(root)
    except Exception:  # whatever the library raises for what it cannot read
        return None
    return _serialized(root)


def _check(element: ElementTree.Element) -> None:
    """Raises ValueError for an element that is no plain formula."""
    for each in element.iter():
        name = each.tag.removeprefix(_NAMESPACE)
        if name not in _ELEMENTS:
            raise ValueError(f"{name} is no element of formulas")
        each.tag = name
        for attribute in [*each.attrib]:
            if attribute not in _ATTRIBUTES or not _VALUE.fullmatch(each.attrib[attribute]):
                del each.attrib[attribute]


def _serialized(root: ElementTree.Element) -> str:
    return ElementTree.tostring(root, encoding="unicode")


def _write_inline(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    token = tokens[at]
    block = token.type == "math_inline_double"
    return mathml(token.content, block=block) or _as_text(token.content, token.markup)


def _write_block(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    token = tokens[at]
    made = mathml(token.content, block=True)
    return f'<div class="formula">{made or _as_text(token.content, "$$")}</div>\n'


def _as_text(formula: str, marks: str) -> str:
    return f"<code>{escape(marks + formula + marks, quote=False)}</code>"
