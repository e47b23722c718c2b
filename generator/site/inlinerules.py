"""What is ours within a line of Markdown, for markdown-it: how it is read, and written as HTML.

That is citations, wiki links and line breaks; of the HTML of notes nothing else is taken for HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import TYPE_CHECKING

from markdown_it.token import Token

from generator.reader.inlines import CitationAnchor, Inline, WikiLink, scan
from generator.reader.readings import read_time

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

# Control characters that `visible` took from the text: none of a note's own can be taken for them.
OPEN, LABEL, CLOSE = "\x02", "\x03", "\x04"
"""What stands around the number of a link and its label, until it is known where it leads."""

WEB = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
"""How an address begins that a note may link to besides notes."""

_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def add_rules(markdown: MarkdownIt) -> None:
    """Teaches a reader of Markdown what is ours."""
    markdown.inline.ruler.before("link", "wikilink", _read_wikilink)
    markdown.inline.ruler.before("autolink", "cite", _read_citation)
    markdown.inline.ruler.before("autolink", "line_break", _read_break)
    markdown.validateLink = _may_link  # type: ignore[method-assign]
    for name, rule in _RULES.items():
        markdown.add_render_rule(name, rule)


def clock(second: int) -> str:
    """A second as people write it: `1:20`, `1:02:03`."""
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def new_token(kind: str, tag: str, nesting: int) -> Token:
    """A token of no text yet."""
    return Token(kind, tag, nesting)  # type: ignore[arg-type]


def _part(state: StateInline) -> Inline | None:
    """The citation or link that begins where the reader is, as notes are read everywhere."""
    scanned, parts = state.env.get("scanned", (None, None))
    if scanned != state.src:
        parts = {part.span.start: part for part in scan(state.src)}
        state.env["scanned"] = (state.src, parts)
    found: Inline | None = parts.get(state.pos)
    return found


def _read_citation(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    part = _part(state)
    if not isinstance(part, CitationAnchor):
        return False
    if not silent:
        reading = read_time(part.data_t or "")
        if reading.certain and reading.second is not None and not state.linkLevel:
            state.push("cite", "a", 0).meta = {"second": reading.second}
        else:
            state.push("text", "", 0).content = unescape(part.label)
    state.pos = part.span.end
    return True


def _read_wikilink(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "[!":
        return False
    part = _part(state)
    if not isinstance(part, WikiLink):
        return False
    if not silent:
        name = part.note.rpartition("/")[2]
        label = part.label or name or part.target.lstrip("#")
        if state.linkLevel:
            state.push("text", "", 0).content = label
        else:
            token = state.push("wikilink", "a", 0)
            token.content = label
            heading = part.target.partition("#")[2].rpartition("#")[2].strip()
            token.meta = {"target": part.note, "heading": heading, "labelled": bool(part.label)}
    state.pos = part.span.end
    return True


def _read_break(state: StateInline, silent: bool) -> bool:
    match = _BREAK.match(state.src, state.pos) if state.src[state.pos] == "<" else None
    if match is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = match.end()
    return True


def _may_link(url: str) -> bool:
    """The addresses that a link may have: of the web, of a mailbox, or of the vault."""
    return bool(WEB.match(url)) or not (_SCHEME.match(url) or url.startswith(("/", "\\")))


def _open_statement(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f'<span class="statement" id="s-{tokens[at].meta["number"]}">'


def _close_statement(*_: object) -> str:
    return "</span>"


def _write_citation(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    meta = tokens[at].meta
    second, index = meta["second"], meta["index"]
    address = f"#t={second}"
    if meta["video_id"]:
        address = f"https://www.youtube.com/watch?v={meta['video_id']}&amp;t={second}s"
    return (
        f'<a class="cite" id="c-{index}" href="{address}" data-t="{second}" data-c="{index}"'
        f' rel="noopener noreferrer">{clock(second)}</a>'
    )


def _write_wikilink(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    token = tokens[at]
    label = token.content if token.meta["labelled"] or not token.meta["target"] else ""
    return f"{OPEN}{token.meta['index']}{LABEL}{escape(label)}{CLOSE}"


def _open_slot(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f"{OPEN}{tokens[at].meta['index']}{LABEL}"


def _close_slot(*_: object) -> str:
    return CLOSE


def _write_code(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f"<pre><code>{escape(tokens[at].content, quote=False)}</code></pre>\n"


def _write_heading(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    token = tokens[at]
    level = max(2, int(token.tag[1:]))
    if token.nesting < 0:
        return f"</h{level}>\n"
    return f'<h{level} id="{escape(str(token.attrs.get("id", "")))}">'


_RULES: dict[str, Callable[..., str]] = {
    "statement_open": _open_statement,
    "statement_close": _close_statement,
    "cite": _write_citation,
    "wikilink": _write_wikilink,
    "slot_open": _open_slot,
    "slot_close": _close_slot,
    "fence": _write_code,
    "code_block": _write_code,
    "heading_open": _write_heading,
    "heading_close": _write_heading,
}
