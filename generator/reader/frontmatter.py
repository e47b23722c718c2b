"""Front matter that others wrote: read with tolerance, carried over to the character."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.reader.plainlines import plain_values

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node

Value = str | list["Value"] | dict[str, "Value"]
"""A value of front matter. Scalars are the text that stands there, whatever type YAML sees."""

BOM = "\ufeff"

MOST_CHARACTERS = 64 * 1024
"""Longer front matter is not read."""

_DEEPEST = 50
_OPENING = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"(?<=[\r\n])---[ \t]*(?:\r\n|[\r\n]|\Z)")
_BRACKET = re.compile(r"[\[\]{}]")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class Key:
    """A top-level key of front matter. `start:end` is where it stands in the text, value included.

    The lines of `chunk` are the key's own, up to the next key. `comments` are the comment lines
    among them that follow the value: they are the owner's, whoever wrote the key.
    """

    name: str
    value: Value
    start: int
    end: int
    chunk: str
    comments: str


@dataclass(frozen=True)
class FrontMatter:
    """The block at the top of a note: `block` as it stands, and what YAML makes of it.

    `head` is what stands before the first key. `error` says why the block cannot be read, if so;
    then there are no keys.
    """

    block: str = ""
    head: str = ""
    keys: tuple[Key, ...] = ()
    error: str | None = None

    def get(self, name: str) -> Value | None:
        """The value of a key, the last one where it stands twice; None if it is not there."""
        return next((key.value for key in reversed(self.keys) if key.name == name), None)

    def text(self, name: str) -> str:
        """The value of a key if it is a scalar, else an empty string."""
        value = self.get(name)
        return value if isinstance(value, str) else ""


def split_front_matter(text: str) -> tuple[str, str]:
    """The front matter with its `---` lines, and the rest; both together are `text`.

    A byte order mark belongs to the front matter. Without front matter the first part is empty.
    """
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    end = closing.end() if closing else 0
    return text[:end], text[end:]


def read_front_matter(text: str) -> FrontMatter:
    """The front matter of a note. Nothing in it raises: what is not YAML is kept with its error."""
    block, _ = split_front_matter(text)
    opening = _OPENING.match(block)
    if opening is None:
        return FrontMatter()
    closing = _CLOSING.search(block, opening.end())
    inner = block[opening.end() : closing.start() if closing else len(block)]
    try:
        _check_size(inner)
        return _keys_of(block, inner, opening.end())
    except Exception as error:  # whatever a parser raises for what was made to break it
        reason = " ".join(str(error).split()) or type(error).__name__
        return FrontMatter(block=block, error=reason)


def merge_front_matter(new_text: str, existing_text: str, ours: Collection[str]) -> str:
    """`new_text` with the keys that the owner of `existing_text` added to its front matter.

    These are all keys of the existing front matter that are neither in `ours` nor in the new one.
    They follow the new keys as they stand, nested blocks and comments included, with `\\n` as line
    end. Raises ValueError where the existing front matter, or both together, are not YAML that can
    be read.
    """
    block = split_front_matter(existing_text)[0]
    if block == split_front_matter(new_text)[0] and _plain(block) is not None:
        return new_text
    existing = read_front_matter(existing_text)
    if existing.error is not None:
        raise ValueError(f"the front matter cannot be read: {existing.error}")
    new = read_front_matter(new_text)
    taken = {*ours, *(key.name for key in new.keys)}
    parts = [existing.head]
    parts += [key.comments if key.name in taken else key.chunk for key in existing.keys]
    kept = "".join(f"{part.rstrip()}\n" for part in map(_with_newlines, parts) if part.strip())
    if not kept:
        return new_text
    block, body = split_front_matter(new_text)
    closing = _CLOSING.search(block, len("---"))
    merged = block[: closing.start()] + kept + block[closing.start() :] if closing else ""
    merged = merged or f"---\n{kept}---\n\n"
    read = read_front_matter(merged + body)
    owners = [key.name for key in existing.keys if key.name not in taken]
    if [key.name for key in read.keys] != [*(key.name for key in new.keys), *owners]:
        raise ValueError(f"the owner's keys cannot be kept: {read.error or 'they do not fit'}")
    return merged + body


def in_the_form_of(existing_text: str, new_text: str) -> str:
    """`new_text` with the byte order mark, line ends and final newline that `existing_text` has."""
    body = _with_newlines(new_text.removeprefix(BOM)).rstrip("\n")
    newline = "\n"
    if "\r" in existing_text:
        newline = max(("\n", "\r\n", "\r"), key=_LINE_END.findall(existing_text).count)
    if existing_text.endswith(("\n", "\r")) or not _LINE_END.search(existing_text):
        body += "\n"
    start = BOM if existing_text.startswith(BOM) else ""
    return start + body.replace("\n", newline)


def content_digest(text: str, ours: Collection[str]) -> str:
    """What a note says as a SHA-256 in hex: its body, and the values of the keys in `ours`.

    Line ends, a byte order mark, white space at the very end, other keys, comments, and how and in
    which order ours are written make no difference. Front matter that cannot be read counts whole.
    """
    return _content_digest(text, frozenset(ours))


@lru_cache(maxsize=2)  # what stands there and what is to stand there, each looked at several times
def _content_digest(text: str, ours: frozenset[str]) -> str:
    block, body = split_front_matter(text.removeprefix(BOM))
    whole = f"{_said(block, ours)}\n---\n{_with_newlines(body).rstrip()}"
    return hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()


@lru_cache(maxsize=16)  # a note is digested a handful of times while it is written
def _said(block: str, ours: frozenset[str]) -> str:
    """The keys in `ours` with digests of their values; all of a block that cannot be read."""
    plain = _plain(block)
    if plain is not None:
        said = {name: _digest(_value_of(value)) for name, value in plain.items() if name in ours}
    else:
        front = read_front_matter(block)
        if front.error is not None:
            return _with_newlines(block)
        said = {key.name: _digest(key.value) for key in front.keys if key.name in ours}
    return "\n".join(f"{len(name)} {name} {said[name]}" for name in sorted(said))


def _plain(block: str) -> dict[str, str | list[str]] | None:
    """The keys of front matter as this program writes it; None for what needs a YAML parser."""
    framed = block.startswith("---\n") and block.endswith("\n---\n")
    if not framed or not block.replace("\n", "").isprintable():
        return None
    return plain_values(block[4:-4])


def _value_of(plain: str | list[str]) -> Value:
    return plain if isinstance(plain, str) else list(plain)


def _with_newlines(text: str) -> str:
    return _LINE_END.sub("\n", text) if "\r" in text else text


@lru_cache(maxsize=16)
def _keys_of(block: str, inner: str, offset: int) -> FrontMatter:
    """The keys of a block whose YAML begins at `offset`. Raises ValueError if it has none."""
    root = _composed(inner)
    if root is None:
        return FrontMatter(block=block, head=inner)
    values: dict[int, Value] = {}
    named = [(_name(key), key, value) for key, value in root.value]
    starts = [
        key.start_mark.index if root.flow_style else _line_start(inner, key.start_mark.index)
        for _, key, _ in named
    ]
    keys = []
    for (name, key, value), start, following in zip(
        named, starts, [*starts[1:], len(inner)], strict=True
    ):
        end = max(value.end_mark.index, key.end_mark.index)
        # In `{a: 1, b: 2}` a key has no lines of its own, and no comments.
        chunk = inner[start : end if root.flow_style else following]
        comments = "" if root.flow_style else _trailing_comments(chunk)
        place = (offset + key.start_mark.index, offset + min(end, following))
        keys.append(Key(name, _value(value, values), *place, chunk, comments))
    head = "" if root.flow_style else inner[: starts[0]] if starts else ""
    return FrontMatter(block=block, head=head, keys=tuple(keys))


def _check_size(inner: str) -> None:
    """Raises ValueError for what PyYAML would take seconds or more for, or all of the stack."""
    if len(inner) > MOST_CHARACTERS:
        raise ValueError(f"it is longer than {MOST_CHARACTERS} characters")
    depth = 0
    for bracket in _BRACKET.findall(inner):
        depth += 1 if bracket in "[{" else -1 if depth else 0
        if depth > _DEEPEST:
            raise ValueError("it is nested too deeply")


def _composed(inner: str) -> MappingNode | None:
    import yaml

    try:
        root = yaml.compose(inner, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise ValueError("it is not a list of keys and values")
    return root


def _name(key: Node) -> str:
    return key.value if isinstance(key.value, str) else ""


def _line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _trailing_comments(chunk: str) -> str:
    lines = chunk.splitlines(keepends=True)
    last = len(lines)
    while last > 1 and (lines[last - 1].startswith("#") or not lines[last - 1].strip()):
        last -= 1
    return "".join(line for line in lines[last:] if line.strip())


def _value(node: Node, known: dict[int, Value]) -> Value:
    """A node's value. What is named by an alias is one object, so no alias multiplies memory."""
    from yaml.nodes import SequenceNode

    if id(node) in known:
        return known[id(node)]
    if isinstance(node.value, str):
        return node.value
    if isinstance(node, SequenceNode):
        items: list[Value] = []
        known[id(node)] = items
        items.extend(_value(item, known) for item in node.value)
        return items
    pairs: dict[str, Value] = {}
    known[id(node)] = pairs
    pairs.update((_name(key), _value(value, known)) for key, value in node.value)
    return pairs


def _digest(value: Value, known: dict[int, str] | None = None) -> str:
    """A hash of a value in which every shared part is looked at once."""
    known = {} if known is None else known
    if isinstance(value, str):
        return hashlib.sha256(b"s" + value.strip().encode(errors="surrogatepass")).hexdigest()
    if id(value) not in known:
        known[id(value)] = "itself"  # an alias can lead back to what it stands in
        if isinstance(value, list):
            parts = ["l", *(_digest(item, known) for item in value)]
        else:
            parts = ["m"]
            for name in sorted(value):
                parts += [_digest(name), _digest(value[name], known)]
        known[id(value)] = hashlib.sha256(" ".join(parts).encode()).hexdigest()
    return known[id(value)]
