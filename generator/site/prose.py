"""The text of a note as HTML: Markdown, our citations and wiki links; all else as the text it is.

Where links lead is only known once all of the vault is read: in their place the HTML has slots,
which `filled` fills.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.site.arranging import Cited, Found, Heading, arrange
from generator.site.inlinerules import CLOSE, LABEL, OPEN, add_rules
from generator.site.wiki import Reference
from generator.text import visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SLOT = re.compile(f"{OPEN}([0-9]+){LABEL}(.*?){CLOSE}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prose:
    """A text as HTML with slots, and what it holds. `beginning` are its first words."""

    html: str
    contents: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    citations: tuple[Cited, ...] = ()
    beginning: str = ""


def prose_of(text: str, *, video_id: str = "", title: str = "", math: bool = False) -> Prose:
    """A Markdown text without front matter. Citations open the video `video_id`, if one is given.

    A first heading that only repeats `title` is left out. Raises RecursionError for what is nested
    too deeply.
    """
    found = Found(video_id, title)
    markdown = _markdown(math)
    env = {"found": found}
    html = markdown.render(visible(text), env)
    return Prose(
        html=html,
        contents=tuple(each for each in found.contents if each.level in {2, 3}),
        references=tuple(found.references),
        citations=tuple(found.citations),
        beginning=found.beginning,
    )


def filled(html: str, link: Callable[[int, str], str]) -> str:
    """The HTML with what `link` makes of each slot: the number of a reference, and its label."""
    return _SLOT.sub(lambda match: link(int(match[1]), match[2]), html)


@functools.lru_cache(maxsize=2)
def _markdown(math: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 60})
    markdown.enable(["table", "strikethrough"])
    markdown.core.ruler.push("site", arrange)
    add_rules(markdown)
    if math:
        from generator.site.formulas import add_formulas

        add_formulas(markdown)
    return markdown
