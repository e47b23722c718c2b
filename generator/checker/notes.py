"""Rules of a note as a whole: front matter, `From:` line, file name, sections."""

from __future__ import annotations

import re
from collections.abc import Callable

from generator.checker.findings import Findings
from generator.checker.index import Index, folded
from generator.checker.notefile import NoteFile
from generator.checker.pieces import headings_with_content
from generator.reader.notes import Edit
from generator.renderer.slugs import slug_key, slugify
from generator.text import clean, clip, printable

_ID = re.compile(r"[0-9A-Za-z_-]{11}", re.ASCII)
_NUMBERED = re.compile(r"_[0-9]+\Z")

IsRecorded = Callable[[NoteFile], bool]
"""Whether the library or a sidecar knows a note under the name and at the place that it has."""


def check_note(note: NoteFile, index: Index, is_recorded: IsRecorded, found: Findings) -> None:
    """All rules of a note that are neither of its citations, its links nor its HTML."""
    _check_front_matter(note, found)
    _check_from_line(note, index, found)
    _check_name(note, is_recorded, found)
    _check_sections(note, found)


def _check_front_matter(note: NoteFile, found: Findings) -> None:
    if not note.has_front:
        found.add("N301", 0, "the file does not begin with a block between two lines of ---")
        return
    if note.front_error is not None:
        found.add("N302", 0, f"YAML cannot read it: {printable(clip(note.front_error, 160))}")
        return
    if not clean(note.title or ""):
        found.add("N303", 0, "it needs a line “title: …”")
    video_id = (note.video_id or "").strip()
    if not video_id:
        found.add("N304", 0, "it needs a line “videoId: …”")
    elif not _ID.fullmatch(video_id):
        place = note.text.find("videoId")
        said = f"“{printable(clip(video_id, 60))}” is not 11 letters, digits, - or _"
        found.add("N305", max(place, 0), said, candidates=_ids_in(video_id))


def _ids_in(text: str) -> list[str]:
    """The id in the address of a video, where one stands in the place of an id."""
    from generator.errors import InvalidVideoId
    from generator.fetcher.ids import parse_video_id

    try:
        return [parse_video_id(text)]
    except InvalidVideoId:
        return []


def _check_from_line(note: NoteFile, index: Index, found: Findings) -> None:
    channel = note.channel
    if note.from_line is None:
        start = note.pieces[0].start if note.pieces else note.start
        said = f"after the front matter “From: [[{channel}]] <br/> ” is missing"
        found.add("N306", min(start, len(note.text)), said)
        return
    link = note.from_line.link
    if link.note.rpartition("/")[2] == channel:
        return
    same = folded(link.note.rpartition("/")[2]) == folded(channel)
    said = f"it names “{printable(clip(link.note, 60))}”, and the note is in “{printable(channel)}”"
    # That the folder is right is certain only where both are one name in two spellings.
    edits = [Edit(link.target_span, channel)] if same else []
    found.add("N307", note.from_line.span.start, said, candidates=[channel], edits=edits)


def _check_name(note: NoteFile, is_recorded: IsRecorded, found: Findings) -> None:
    title = clean(note.title or "")
    if not title or not found.wants("N308"):
        return
    usual = slugify(title, video_id=note.video_id or "", channel=note.channel)
    plain = _NUMBERED.sub("", note.slug)
    if note.slug == usual or plain == _NUMBERED.sub("", usual) or is_recorded(note):
        return
    alike = " but for how its letters are written" if slug_key(note.slug) == slug_key(usual) else ""
    said = f"its title “{printable(clip(title, 60))}” gives {printable(usual)}.md{alike}"
    found.add("N308", 0, said, candidates=[f"{usual}.md"])


def _check_sections(note: NoteFile, found: Findings) -> None:
    for heading, filled in headings_with_content(note.pieces):
        shown = note.text[heading.start : heading.end].strip()
        if not shown:
            found.add("N310", heading.start, "a heading has no words")
        elif not filled:
            said = f"nothing stands under “{printable(clip(shown, 60))}”"
            found.add("N310", heading.start, said)
