"""The statements of a paragraph as markdown-it reads it: which of its tokens they are.

A statement is the text up to and with its citations and the punctuation behind them, as
`generator.reader.statements` has it; here it is found among tokens, so that what is put around it
is always well nested.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from generator.reader.statements import ENDING, JOINER

_BEFORE_ENDING = re.compile(r" (\W+)\Z")
_BREAKS = frozenset({"softbreak", "hardbreak"})


@dataclass(slots=True)
class Group:
    """Tokens that follow one another: a statement, if `cited`, else text that cites nothing."""

    tokens: list[Token] = field(default_factory=list)
    cited: bool = False

    @property
    def text(self) -> str:
        """What a reader sees of it but for the citations and what joins them, as one line."""
        pieces: list[str] = []
        for at, token in enumerate(self.tokens):
            behind = at > 0 and self.tokens[at - 1].type == "cite"
            if not (behind and token.type == "text" and _goes_on(self.tokens, at)):
                pieces.append(shown(token))
        words = " ".join("".join(pieces).split())
        return _BEFORE_ENDING.sub(r"\1", words) if self.cited else words


def groups_of(children: Sequence[Token]) -> list[Group]:
    """The tokens of a paragraph, a list item or a heading, in order, by statement."""
    groups: list[Group] = []
    group, depth = Group(), 0
    for at, child in enumerate(children):
        token: Token | None = child
        if group.cited and depth == 0 and not _goes_on(children, at):
            ending, token = _cut(child)
            group.tokens += ending
            groups.append(group)
            group = Group()
            if token is None:
                continue
        if token is not None:
            depth += token.nesting
            group.cited = group.cited or token.type == "cite"
            group.tokens.append(token)
    return [*groups, group] if group.tokens else groups


def shown(token: Token) -> str:
    """The words of a token."""
    if token.type in {"text", "code_inline", "math_inline", "math_inline_double"}:
        return token.content
    if token.type in _BREAKS:
        return " "
    if token.type in {"wikilink", "image"}:
        return token.content
    return ""


def _goes_on(children: Sequence[Token], at: int) -> bool:
    """Whether nothing but commas and spaces stands before the next citation."""
    for token in children[at:]:
        if token.type == "cite":
            return True
        joins = token.type == "text" and JOINER.match(token.content)
        if not joins and token.type not in _BREAKS:
            return False
    return False


def _cut(token: Token) -> tuple[list[Token], Token | None]:
    """The punctuation with which a token begins, and what follows it: the token itself, cut."""
    match = ENDING.match(token.content) if token.type == "text" else None
    if match is None or not match[1]:
        return [], token
    ending, token.content = text_token(match[1]), token.content[match.end() :]
    return [ending], token if token.content else None


def text_token(content: str) -> Token:
    """A piece of text."""
    return Token("text", "", 0, content=content)
