"""What was read of a text, arranged for its page: statements numbered, headings named, links made.

It works on markdown-it's tokens, before any HTML is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.site.inlinerules import WEB, new_token
from generator.site.statements import Group, groups_of, shown, text_token
from generator.site.wiki import Reference
from generator.text import clean, clip, visible

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

LONGEST_SENTENCE = 280
"""Of a longer sentence only what stands around a link is told where it leads to."""

LONGEST_BEGINNING = 200
"""How many characters of a text describe it."""

_NOT_IN_IDS = re.compile(r"[\W_]+")
_REL = "noopener noreferrer nofollow"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the list of contents has it."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: the second, and the words of the statement that it stands behind."""

    second: int
    statement: str


@dataclass(slots=True)
class Found:
    """What comes to light while one text is read."""

    video_id: str
    title: str
    references: list[Reference] = field(default_factory=list)
    citations: list[Cited] = field(default_factory=list)
    contents: list[Heading] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    statements: int = 0
    beginning: str = ""


def heading_id(title: str) -> str:
    """The id of a heading on its page; such that no other element of the page has one alike."""
    return "h-" + (_NOT_IN_IDS.sub("-", clean(title).lower()).strip("-")[:80] or "section")


def arrange(state: StateCore) -> None:
    """Arranges all of a text's tokens, and notes in `Found` what comes to light."""
    found: Found = state.env["found"]
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


def _name(opening: Token, title: str, found: Found) -> None:
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
    if WEB.match(href):
        return token.copy(attrs={"href": href, "rel": _REL}), new_token("link_close", "a", -1)
    path, _, heading = unquote(href).partition("#")
    if path.lower().endswith(".md"):
        relative = path if path.startswith(".") else f"./{path}"
        opened = new_token("slot_open", "", 1)
        opened.meta = {"target": visible(relative), "heading": heading}
        return opened, new_token("slot_close", "", -1)
    return None, None


def _instead_of_image(token: Token) -> list[Token]:
    """A link to an image of the web, or its description: pages ask nobody for anything."""
    src = str(token.attrs.get("src", ""))
    text = text_token(token.content or src)
    if not WEB.match(src):
        return [text]
    opened = new_token("link_open", "a", 1)
    opened.attrs = {"href": src, "rel": _REL}
    return [opened, text, new_token("link_close", "a", -1)]


def _stated(group: Group, found: Found) -> Iterator[Token]:
    """The tokens of a group, numbered; those of a statement with what marks it."""
    words = group.text if group.cited else ""
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
    opening = new_token("statement_open", "span", 1)
    opening.meta["number"] = found.statements
    found.statements += 1
    yield opening
    yield from tokens
    yield new_token("statement_close", "span", -1)


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
