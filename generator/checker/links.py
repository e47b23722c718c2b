"""Rules of links: that each leads to one note, stands where it may, and is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checker.findings import Findings
from generator.checker.index import Guess, Index, Target
from generator.checker.notefile import NoteFile
from generator.checker.pieces import Piece
from generator.reader.inlines import WikiLink
from generator.reader.notes import Edit
from generator.renderer.slugs import slug_key
from generator.text import clip, printable

_BRACKETS = re.compile(r"\[\[|\]\]|\[|\]")
_BREAKS_LABEL = re.compile(r"[\[\]|\r\n]")


def check_links(note: NoteFile, index: Index, found: Findings) -> set[str]:
    """The rules of links in a note; gives the paths of the notes that it links to."""
    linked: set[str] = set()
    known = [index.resolve(name, note.path) if "#" not in name else None for name in note.targets]
    if all(_is_one_other(each, note) for each in known) and not note.has_linked_heading:
        linked.update(each[0].path for each in known if each)
    else:
        for piece in note.pieces:
            where = piece.raw if piece.kind == "raw" else piece.kind
            for link in piece.links:
                targets = check_link(link, note, index, found, where=where)
                linked.update(target.path for target in targets)
    for piece in note.odd:
        check_brackets(piece, found)
    if note.from_line is not None:
        targets = index.resolve(note.from_line.link.note, note.path) or ()
        linked.update(target.path for target in targets)
    linked.discard(note.path)
    return linked


def _is_one_other(targets: tuple[Target, ...] | None, note: NoteFile) -> bool:
    """Whether a link is as it should be: to one note, and another one."""
    return targets is not None and len(targets) == 1 and targets[0].path != note.path


def check_link(
    link: WikiLink,
    note: NoteFile,
    index: Index,
    found: Findings,
    *,
    where: str = "",
    dangling: str = "L201",
) -> tuple[Target, ...]:
    """The rules of one link; gives the notes that it leads to.

    `where` is the kind of block it stands in, `dangling` a dead link's code.
    """
    place = link.span.start
    if where == "heading" and not link.embed:
        said = f"“{_shown(link.shown)}” in a heading is a link; headings hold none"
        found.add("L204", place, said, edits=[Edit(link.span, link.shown)])
    if not link.note:  # a heading of the note itself
        return ()
    targets = index.resolve(link.note, note.path)
    if targets is None:
        return ()
    if not targets:
        _report_dangling(link, note, index, found, dangling, in_table=where == "table")
    elif len(targets) > 1:
        own = [target for target in targets if slug_key(target.channel) == slug_key(note.channel)]
        ordered = [*own, *(target for target in targets if target not in own)]
        said = f"“{_shown(link.target)}” fits {len(targets)} notes"
        found.add("L203", place, said, candidates=map(index.written, ordered))
    elif targets[0].path == note.path and "#" not in link.target:
        said = f"“{_shown(link.target)}” is this note itself"
        found.add("L202", place, said, edits=[] if link.embed else [Edit(link.span, link.shown)])
    return targets


def _report_dangling(
    link: WikiLink, note: NoteFile, index: Index, found: Findings, code: str, *, in_table: bool
) -> None:
    guess = index.guess(link.note, note.channel)
    candidates = [index.written(target) for target in guess.targets]
    edits = _mended(link, note, guess, candidates, bar="\\|" if in_table else "|")
    said = f"there is no note “{_shown(link.note)}”"
    if edits:
        itself = guess.targets[0].path == note.path
        said += "; this note itself must be meant" if itself else f"; {candidates[0]} must be meant"
    elif candidates:
        said += f"; {' or '.join(candidates)} may be meant"
    found.add(code, link.span.start, printable(said), candidates=candidates, edits=edits)


def _mended(
    link: WikiLink, note: NoteFile, guess: Guess, candidates: list[str], *, bar: str
) -> list[Edit]:
    """The link with the target that it must mean, showing what it showed; none if unsure.

    One that must mean the note itself becomes what it shows, as any link to itself.
    """
    if not guess.certain or _BREAKS_LABEL.search(candidates[0]):
        return []
    heading = link.target[len(link.target.partition("#")[0]) :]
    if heading == "#":  # of the name, as in C#
        return []
    if guess.targets[0].path == note.path and not heading:
        return [] if link.embed else [Edit(link.span, link.shown)]
    shown = f" {bar} {link.target}" if link.label is None and not link.embed else ""
    return [Edit(link.target_span, candidates[0] + heading + shown)]


def check_brackets(piece: Piece, found: Findings) -> None:
    """Double brackets that are no link as they stand."""
    if piece.kind == "raw" and piece.raw not in {"blockquote", "table"}:
        return
    words = piece.words
    if "[[" not in words and "]]" not in words:
        return
    for start, end, why in _broken(words):
        around = words[max(0, start - 12) : end + 24]
        said = f"{why} in “{printable(' '.join(clip(around, 60).split()))}”"
        found.add("L205", piece.start + start, said)


def _broken(words: str) -> Iterator[tuple[int, int, str]]:
    """Where double brackets are that do not make a link, each stretch of them once."""
    opened: list[int] = []
    singles = 0
    for found in _BRACKETS.finditer(words):
        if found[0] == "[[":
            opened.append(found.start())
        elif found[0] == "]]" and opened:
            start = opened.pop()
            if not opened:
                yield start, found.end(), "brackets in brackets"
        elif found[0] == "]]" and singles >= 2:  # as in a[b[0]]
            singles -= 2
        elif found[0] == "]]":
            yield found.start(), found.end(), "“]]” without “[[”"
        else:
            singles = max(0, singles + (1 if found[0] == "[" else -1))
    if opened:
        yield opened[0], opened[0] + 2, "“[[” without “]]”"


def _shown(text: str) -> str:
    return printable(clip(text, 60))
