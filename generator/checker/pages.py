"""Rules of a channel's page: it lists every note of the channel, and no other."""

from __future__ import annotations

import re

from generator.checker.findings import Findings
from generator.checker.index import Index
from generator.checker.links import check_brackets, check_link
from generator.checker.notefile import NoteFile
from generator.text import clip, printable

_LISTED = re.compile(r"[-*+] +\Z")


def check_page(page: NoteFile, index: Index, found: Findings) -> set[str]:
    """The rules of a page; gives the paths of the notes that it links to."""
    if page.front_error is not None:
        said = f"YAML cannot read it: {printable(clip(page.front_error, 160))}"
        found.add("N302", 0, said)
    linked: set[str] = set()
    for piece in page.pieces:
        for link in piece.links:
            before = page.text[max(0, link.span.start - 8) : link.span.start]
            listed = piece.kind == "item" and _LISTED.search(before.rpartition("\n")[2])
            dangling = "L207" if listed else "L201"
            targets = check_link(link, page, index, found, dangling=dangling)
            linked.update(target.path for target in targets)
    for piece in page.odd:
        check_brackets(piece, found)
    return linked
