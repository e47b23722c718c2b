"""What of a page is searched: its main part without the labels of its citations.

Languages that are written without spaces are taken apart at each letter, as `search.js` does with
what the reader types: Pagefind knows words by the spaces between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path

import regex

_CITATION = re.compile(r'<a class="cite"[^>]*+>[^<]*+</a>')
_SCRIPTS = re.compile(r"<script\b[^>]*+>.*?</script>", re.DOTALL)
_TITLES = re.compile(r"<h1\b[^>]*+>.*?</h1>", re.DOTALL)
_SIBLINGS = re.compile(
    r'<(nav|section) class="siblings"[^>]*? data-pagefind-ignore>.*?</\1>', re.DOTALL
)
"""The list of other notes. It is not searched, and another title in it is nothing to index anew."""
_MARKS = re.compile(r' data-pagefind-(?:body|meta)="[^"]*+"| data-pagefind-body(?=[ >])')
_NO_SPACES = ("\u0085", "\u200b", "\ufeff")
"""What is a space, or none, according to whom one asks: words would be counted in two ways."""
_TAG = re.compile(r"<[^>]*+>")
_WORD = re.compile(r"[^\W_]")
_TAG_OR_LETTER = regex.compile(
    r"(<[^>]*+>)|([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*+)"
)
_PERHAPS_UNSPACED = re.compile("[\u0e00-\u10ff\u1780-\u19ff\u2e80-\U0003ffff]")
"""Looked for ahead, for it is found much sooner."""


def searched_html(title: str, aliases: Sequence[str], page: Path) -> str:
    """The HTML that is searched: the title and aliases, and what the page's file has in `<main>`.

    Raises OSError if the file cannot be read.
    """
    main = _without_citations(_main_part(page.read_bytes()))
    for left_out in (_SIBLINGS, _SCRIPTS, _TITLES, _MARKS):
        main = left_out.sub("", main)
    html = f"<h1>{escape(title)}</h1><p>{escape(', '.join(aliases))}</p>{main}"
    for mark in _NO_SPACES:
        html = html.replace(mark, "")
    return spaced(html)


def _main_part(data: bytes) -> str:
    """The main part of a page; the rest, which is most of it, is not even decoded."""
    start, end = data.find(b"<main"), data.rfind(b"</main>")
    text = (
        data[start : end + len(b"</main>")].decode("utf-8", "replace") if 0 <= start < end else ""
    )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_citations(html: str) -> str:
    """The HTML without citations and what joins them to the text before them."""
    *pieces, last = _CITATION.split(html)
    return "".join(piece.rstrip().removesuffix(",") for piece in pieces) + last


def has_words(html: str) -> bool:
    """Whether there is anything to be found in it."""
    return _WORD.search(unescape(_TAG.sub(" ", html))) is not None


def spaced(html: str) -> str:
    """The HTML with spaces around each letter of scripts that put none between words."""
    if not _PERHAPS_UNSPACED.search(html):
        return html
    return str(_TAG_OR_LETTER.sub(lambda found: found[1] or f" {found[2]} ", html))
