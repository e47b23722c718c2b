"""The text of a note as HTML: Markdown, our citations and wiki links; all else as the text it is.

Where links lead is only known once all of the vault is read: in their place the HTML has slots,
which `filled` fills.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.reader.inlines import CitationAnchor, Inline, WikiLink, scan
from generator.site.statements import Group, groups_of, shown, text_token
from generator.text import clean, clip, visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST_SENTENCE = 280
"""Of a longer sentence only what stands around a link is told where it leads to."""

LONGEST_BEGINNING = 200
"""How many characters of a text describe it."""

# Control characters that `visible` took from the text: none of a note's own can be taken for them.
_OPEN, _LABEL, _CLOSE = "\x02", "\x03", "\x04"
_SLOT = re.compile(f"{_OPEN}([0-9]+){_LABEL}(.*?){_CLOSE}", re.DOTALL)

_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WEB = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_NOT_IN_IDS = re.compile(r"[\W_]+")
_REL = "noopener noreferrer nofollow"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the list of contents has it."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A link as it was written: to which note, which heading of it, and in which sentence (HTML).

    `target` is empty for a heading of the same note.
    """

    target: str
    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: the second, and the words of the statement that it stands behind."""

    second: int
    statement: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A text as HTML with slots, and what it holds. `beginning` are its first words."""

    html: str
    contents: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    citations: tuple[Cited, ...] = ()
    beginning: str = ""


@dataclass(slots=True)
class _Found:
    """What comes to light while one text is read."""

    video_id: str
    title: str
    references: list[Reference] = field(default_factory=list)
    citations: list[Cited] = field(default_factory=list)
    contents: list[Heading] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    statements: int = 0
    beginning: str = ""
    scanned: str = ""
    parts: dict[int, Inline] = field(default_factory=dict)

    def part(self, source: str, at: int) -> Inline | None:
        """The citation or link that begins at a character of an inline text."""
        if self.scanned != source:
            self.scanned = source
            self.parts = {part.span.start: part for part in scan(source)}
        return self.parts.get(at)


def prose_of(text: str, *, video_id: str = "", title: str = "", math: bool = False) -> Prose:
    """A Markdown text without front matter. Citations open the video `video_id`, if one is given.

    A first heading that only repeats `title` is left out. Raises RecursionError for what is nested
    too deeply.
    """
    found = _Found(video_id, title)
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


def clock(second: int) -> str:
    """A second as people write it: `1:20`, `1:02:03`."""
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def heading_id(title: str) -> str:
    """The id of a heading on its page; such that no other element of the page has one alike."""
    return "h-" + (_NOT_IN_IDS.sub("-", clean(title).lower()).strip("-")[:80] or "section")


@functools.lru_cache(maxsize=2)
def _markdown(math: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 60})
    markdown.enable(["table", "strikethrough"])
    markdown.inline.ruler.before("link", "wikilink", _read_wikilink)
    markdown.inline.ruler.before("autolink", "cite", _read_citation)
    markdown.inline.ruler.before("autolink", "line_break", _read_break)
    markdown.core.ruler.push("site", _arrange)
    markdown.validateLink = _may_link  # type: ignore[method-assign]
    for name, rule in _RULES.items():
        markdown.add_render_rule(name, rule)
    if math:
        from generator.site.formulas import add_formulas

        add_formulas(markdown)
    return markdown


# Reading what is ours within a line


def _read_citation(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    found: _Found = state.env["found"]
    part = found.part(state.src, state.pos)
    if not isinstance(part, CitationAnchor):
        return False
    if not silent:
        second = part.second
        if second is None or state.linkLevel:
            state.push("text", "", 0).content = unescape(part.label)
        else:
            state.push("cite", "a", 0).meta = {"second": second}
    state.pos = part.span.end
    return True


def _read_wikilink(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "[!":
        return False
    found: _Found = state.env["found"]
    part = found.part(state.src, state.pos)
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
    return bool(_WEB.match(url)) or not (_SCHEME.match(url) or url.startswith(("/", "\\")))


# What is read, arranged for the page


def _arrange(state: StateCore) -> None:
    found: _Found = state.env["found"]
    if state.tokens and state.tokens[0].tag == "h1" and state.tokens[1].content == found.title:
        del state.tokens[:3]
    for at, token in enumerate(state.tokens):
        if token.type == "inline":
            token.children = _links_apart(token.children or [])
            opening = state.tokens[at - 1]
            groups = groups_of(token.children)
            if opening.type == "heading_open":
                _name(opening, " ".join(group.text for group in groups), found)
            elif not found.beginning:
                words = " ".join(group.text for group in groups)
                found.beginning = clip(words, LONGEST_BEGINNING)
            token.children = [part for group in groups for part in _stated(group, found)]
        elif token.type in {"th_open", "td_open"} and "style" in token.attrs:
            side = str(token.attrs.pop("style")).rpartition(":")[2]
            token.attrs["class"] = f"align-{side}"


def _name(opening: Token, title: str, found: _Found) -> None:
    """Gives a heading its id and its place in the contents. The page's title is the only h1."""
    level = max(2, int(opening.tag[1:]))
    usual = heading_id(title)
    number, name = 1, usual
    while name in found.ids:
        number += 1
        name = f"{usual}-{number}"
    found.ids.add(name)
    opening.attrs["id"] = name
    found.contents.append(Heading(name, title, level))


def _links_apart(children: Sequence[Token]) -> list[Token]:
    """The tokens with links of Markdown that lead to notes made such, and images made links."""
    arranged: list[Token] = []
    ends: list[Token | None] = []
    for token in children:
        if token.type == "link_open":
            opened, closed = _link(token, str(token.attrs.get("href", "")))
            ends.append(closed)
            arranged += [opened] if opened else []
        elif token.type == "link_close":
            closed = ends.pop()
            arranged += [closed] if closed else []
        elif token.type == "image":
            arranged += _instead_of_image(token)
        else:
            arranged.append(token)
    return arranged


def _link(token: Token, href: str) -> tuple[Token | None, Token | None]:
    """What opens and closes a link; nothing for one that leads neither to the web nor to a note."""
    if _WEB.match(href):
        return token.copy(attrs={"href": href, "rel": _REL}), _token("link_close", "a", -1)
    path, _, heading = unquote(href).partition("#")
    if path.lower().endswith(".md"):
        relative = path if path.startswith(".") else f"./{path}"
        opened = _token("slot_open", "", 1)
        opened.meta = {"target": visible(relative), "heading": heading}
        return opened, _token("slot_close", "", -1)
    return None, None


def _instead_of_image(token: Token) -> list[Token]:
    """A link to an image of the web, or its description: pages ask nobody for anything."""
    src = str(token.attrs.get("src", ""))
    text = text_token(token.content or src)
    if not _WEB.match(src):
        return [text]
    opened = _token("link_open", "a", 1)
    opened.attrs = {"href": src, "rel": _REL}
    return [opened, text, _token("link_close", "a", -1)]


def _stated(group: Group, found: _Found) -> Iterator[Token]:
    """The tokens of a group, numbered; those of a statement with what marks it."""
    words = group.text
    for at, token in enumerate(group.tokens):
        if token.type == "cite":
            token.meta |= {"index": len(found.citations), "video_id": found.video_id}
            found.citations.append(Cited(token.meta["second"], words))
        elif token.type in {"wikilink", "slot_open"}:
            token.meta["index"] = len(found.references)
            sentence = _sentence(group.tokens, at)
            heading = token.meta["heading"]
            found.references.append(
                Reference(token.meta["target"], heading_id(heading) if heading else "", sentence)
            )
    if not group.cited:
        yield from group.tokens
        return
    first = next((at for at, token in enumerate(group.tokens) if shown(token).strip()), 0)
    before, tokens = group.tokens[:first], group.tokens[first:]
    if any(token.nesting for token in before):
        before, tokens = [], group.tokens
    yield from before
    if tokens[0].type == "text" and tokens[0].content[:1].isspace():
        tokens[0].content = tokens[0].content.lstrip()
        yield text_token(" ")
    opening = _token("statement_open", "span", 1)
    opening.meta["number"] = found.statements
    found.statements += 1
    yield opening
    yield from tokens
    yield _token("statement_close", "span", -1)


def _sentence(tokens: Sequence[Token], at: int) -> str:
    """The words around a link as HTML, the link's own marked."""
    end = at + 1
    if tokens[at].type == "slot_open":
        while end < len(tokens) and tokens[end].type != "slot_close":
            end += 1
    before, label, after = (
        re.sub(r"\s+", " ", "".join(map(shown, part)))
        for part in (tokens[:at], tokens[at:end], tokens[end:])
    )
    around = max(40, (LONGEST_SENTENCE - len(label)) // 2)
    before, after = before.lstrip(), re.sub(r" +([.,;:!?]*)\Z", r"\1", after)
    if len(before) > around:
        before = "…" + before[-around:].partition(" ")[2]
    if len(after) > around:
        after = after[:around].rpartition(" ")[0] + "…"
    return f"{escape(before)}<mark>{escape(clip(label, LONGEST_SENTENCE))}</mark>{escape(after)}"


def _token(kind: str, tag: str, nesting: int) -> Token:
    from markdown_it.token import Token

    return Token(kind, tag, nesting)  # type: ignore[arg-type]


# Writing


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
    return f"{_OPEN}{token.meta['index']}{_LABEL}{escape(label)}{_CLOSE}"


def _open_slot(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f"{_OPEN}{tokens[at].meta['index']}{_LABEL}"


def _close_slot(*_: object) -> str:
    return _CLOSE


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
