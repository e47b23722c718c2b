"""Rules of a citation's form, and of statements that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.checker.findings import Findings
from generator.checker.notefile import NoteFile
from generator.checker.pieces import Piece
from generator.reader.inlines import CitationAnchor, Span
from generator.reader.notes import Edit, second_edits
from generator.reader.readings import read_time
from generator.reader.statements import statements_of
from generator.renderer.timestamps import citation_anchor, format_timestamp
from generator.text import clip, printable

# What is meant as a citation and is no whole anchor: a tag that is not closed, or has no `>`.
_BROKEN = re.compile(
    r"<a\s[^<>\r\n]{0,300}?(?:yt-timestamp|data-t)[^<>\r\n]{0,300}"
    r"(?:>[ ]?(?:\[?[0-9:.]{4,12}\]?)?)?(?:</a\s*>?|<a/>)?"
)
# An anchor around a time that says neither what it is nor what it opens.
_BARE_ANCHOR = re.compile(
    r"<a(?:\s[^<>\r\n]{0,500})?>\s?(?P<label>\[?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\]?)\s?</a\s*>"
)
_BARE = re.compile(
    r"\[(?P<label>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)\]"
    r"(?P<address>\([^()\s]*\)|:[ \t]*[a-z]{1,9}://)?"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TIME = re.compile(r"-?[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?")
_WORD = re.compile(r"\w")
_WITH_STATEMENTS = frozenset({"paragraph", "item"})


def check_citations(note: NoteFile, found: Findings) -> int:
    """The rules of form but those of times; gives the number of citations, malformed ones too."""
    count = len(note.stamps)
    for piece in note.odd:
        count += _check_broken(piece, note, found)
    if not count:
        start = note.pieces[0].start if note.pieces else note.start
        found.add("C110", min(start, len(note.text)), "nothing in it says where it was said")
        return 0
    for piece in note.pieces:
        _check_uncited(piece, found)
    return count


def is_whole(citation: CitationAnchor) -> bool:
    """Whether an anchor has the class, the time and the brackets that readers go by."""
    label = citation.label
    has_label = label.startswith("[") and label.endswith("]") and len(label) > 2
    has_class = '"yt-timestamp"' in citation.source or "'yt-timestamp'" in citation.source
    return has_label and has_class and citation.data_t is not None


def rewritten(citation: CitationAnchor, second: int) -> list[Edit]:
    """The edits that make an anchor say this second, in the usual form if it was in another."""
    if is_whole(citation):
        return [edit for edit in second_edits(citation, second) if not _is_done(citation, edit)]
    anchor = citation_anchor(second)
    if citation.href_span is not None and citation.href:
        moved = re.sub(r"(?<=[?&#]t=)[0-9]+", str(second), citation.href, count=1)
        address = moved.replace("&", "&amp;").replace('"', "&quot;")
        anchor = anchor.replace(">", f' href="{address}">', 1)
    return [Edit(citation.span, anchor)]


def _is_done(citation: CitationAnchor, edit: Edit) -> bool:
    """Whether an edit would change nothing."""
    start = citation.span.start
    return citation.source[edit.span.start - start : edit.span.end - start] == edit.text


def _check_broken(piece: Piece, note: NoteFile, found: Findings) -> int:
    """Reports what is meant as a citation and is no anchor that the reader knows; how many."""
    words = _without_comments(piece.words)
    count = 0
    for start, end, times, said, plain in _broken(words):
        span = Span(piece.start + start, piece.start + end)
        seconds = {reading.second for reading in map(read_time, times) if reading.certain}
        second = seconds.pop() if len(seconds) == 1 and None not in seconds else None
        if second is not None and words[start:end] == citation_anchor(second):
            continue  # whole, inside HTML
        note.claimed.append(span)
        edits = [] if second is None or not plain else [Edit(span, citation_anchor(second))]
        candidates = [] if second is None else [format_timestamp(second)]
        meant = f"; {candidates[0]} may be meant" if candidates and not plain else ""
        found.add("C101", span.start, said + meant, candidates=candidates, edits=edits)
        count += 1
    return count


def _broken(words: str) -> Iterator[tuple[int, int, list[str], str, bool]]:
    """The stretches meant as citations in a text without whole ones, and the times in each.

    With each, what is wrong with it, and whether nothing but a citation can be meant.
    """
    taken = 0
    places = [
        *((at, "it is an anchor that is not whole") for at in _BROKEN.finditer(words)),
        *((at, "it has neither class nor data-t") for at in _BARE_ANCHOR.finditer(words)),
        *((at, "it is a time in brackets, and no anchor") for at in _BARE.finditer(words)),
    ]
    for match, reason in sorted(places, key=lambda place: (place[0].start(), -place[0].end())):
        if match.start() < taken:
            continue
        taken = match.end()
        why = reason
        shown = printable(clip(" ".join(match[0].split()), 80))
        if match.groupdict().get("address"):
            why = "it is a time with an address, and no anchor"
        label = match.groupdict().get("label")
        times = [label.strip("[]")] if label else _TIME.findall(match[0])
        plain = True
        if match.re is _BARE:
            # Else it may be the time of a day, a verse or a length of time: [02:03] hours.
            goes_on = words[taken : taken + 8].lstrip()[:1].islower()
            plain = match["label"].count(":") == 2 and not match["address"] and not goes_on
        yield match.start(), taken, times, f"“{shown}”: {why}", plain


def _without_comments(words: str) -> str:
    """A text with spaces in place of comments of HTML, which nobody is shown."""
    # Up to the last end, so that each beginning has one: else each is searched to the end.
    end = words.rfind("-->") + len("-->")
    if end < len("-->"):
        return words
    return _COMMENT.sub(lambda comment: " " * len(comment[0]), words[:end]) + words[end:]


def _check_uncited(piece: Piece, found: Findings) -> None:
    """Statements without citations; they end a paragraph or an item, or are all of it."""
    if piece.leads_in or not (piece.kind in _WITH_STATEMENTS or piece.raw == "blockquote"):
        return
    if piece.plain and _ends_with_citation(piece):
        return
    for statement in statements_of(piece.inlines, ""):
        if not statement.citations and _WORD.search(statement.text):
            said = f"nothing says where this was said: “{printable(clip(statement.text, 70))}”"
            found.add("C109", statement.span.start, said)


def _ends_with_citation(piece: Piece) -> bool:
    if piece.text.endswith(("</a>.", "</a>"), piece.start, piece.end):
        return True
    after = piece.text.rfind("</a>", piece.start, piece.end)
    start = after + len("</a>") if after >= 0 else piece.start
    return _WORD.search(piece.text, start, piece.end) is None


def statements_and_citations(
    pieces: Sequence[Piece],
) -> Iterator[tuple[str, Sequence[CitationAnchor]]]:
    """Every statement that has citations, in the order of the note, and these."""
    for piece in pieces:
        if piece.stamps:
            for statement in statements_of(piece.inlines, "", leads_in=piece.leads_in):
                if statement.citations:
                    yield statement.text, statement.citations
