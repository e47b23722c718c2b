"""One file of a vault: read, checked by all rules that need no other, and mended as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.checker.citations import check_citations
from generator.checker.findings import Finding, Findings
from generator.checker.index import Index
from generator.checker.links import check_links
from generator.checker.mending import apply_edits, compatible_edits
from generator.checker.notefile import NoteFile, read_note_file
from generator.checker.notes import check_note
from generator.checker.pages import check_page
from generator.checker.rawhtml import check_html
from generator.checker.records import Records
from generator.checker.times import check_times
from generator.checker.walking import MOST_BYTES, VaultFile, nfc
from generator.reader.frontmatter import split_front_matter
from generator.renderer.slugs import slug_key
from generator.text import printable

MOST_ROUNDS = 6
"""How often a file is mended and checked again; what is mended once seldom shows something new."""

BEGINNING = 120
"""How many characters of notes are compared before the whole of them is."""

_ANCHORS = re.compile(r"<a[^<>]*>[^<>]*</a>")


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of one file once it is checked.

    `path` is as links are written, `on_disk` as the file system has it. `findings` are those that
    are left after mending. `mended` counts by code what was mended, and `before`, `after` are the
    file's bytes then; None where nothing was. `linked` are the paths of the notes that it links
    to, `beginning` its first words. Of its `citations`, `unchecked` had nothing to be held against.
    """

    path: str
    on_disk: str
    kind: str
    findings: tuple[Finding, ...] = ()
    citations: int = 0
    unchecked: int = 0
    links: int = 0
    linked: frozenset[str] = frozenset()
    video_id: str = ""
    beginning: str = ""
    mended: Counter[str] = field(default_factory=Counter)
    before: bytes | None = None
    after: bytes | None = None


class Examiner:
    """Checks the files of one vault, each for itself; `wanted` are the codes to report."""

    def __init__(
        self, root: Path, index: Index, records: Records, wanted: Collection[str], *, mend: bool
    ) -> None:
        self._root = root
        self._index = index
        self._records = records
        self._wanted = wanted
        self._mend = mend

    @property
    def problems(self) -> dict[str, str]:
        """By path, why the library or a transcript could not be used so far."""
        return self._records.problems

    def close(self) -> None:
        """Closes what was opened."""
        self._records.close()

    def examine(self, file: VaultFile) -> Examined:
        """The file checked. Nothing in it raises; what cannot be checked is a finding."""
        path = nfc(file.path)
        text, problem = self._read(file)
        if text is None:
            wanted = problem is not None and problem.code in self._wanted
            return Examined(path, file.path, "file", (problem,) if problem and wanted else ())
        try:
            return self._examine(file, path, text)
        except RecursionError:
            said = "its parts are nested too deeply to be read"
            return Examined(path, file.path, "file", (Finding("F501", path, said),))

    def _read(self, file: VaultFile) -> tuple[str | None, Finding | None]:
        """The file's text, or why there is none."""
        path = nfc(file.path)
        try:
            if file.size > MOST_BYTES:
                said = f"it has {file.size / 1_000_000:,.1f} MB and is not read"
                return None, Finding("F503", path, said)
            with open(f"{self._root}/{file.path}", "rb", buffering=0) as opened:  # noqa: PTH123
                data = opened.read(MOST_BYTES + 1)
        except OSError as error:
            reason = printable(error.strerror or str(error))
            return None, Finding("F501", path, f"it cannot be read: {reason}")
        except ValueError as error:
            return None, Finding("F501", path, f"it cannot be read: {printable(str(error))}")
        return _decoded(data, path)

    def _examine(self, file: VaultFile, path: str, text: str) -> Examined:
        original = text
        mended: Counter[str] = Counter()
        examined = self._check(file, path, text)
        for _ in range(MOST_ROUNDS if self._mend else 0):
            edits, codes = compatible_edits(examined.findings)
            if not edits:
                break
            text = apply_edits(text, edits)
            mended += codes
            examined = self._check(file, path, text)
        if text == original:
            return examined
        return replace(examined, mended=mended, before=original.encode(), after=text.encode())

    def _check(self, file: VaultFile, path: str, text: str) -> Examined:
        note = read_note_file(path, file.channel, file.name, text)
        found = Findings(path, lambda: note.lines, self._wanted)
        kind = kind_of(file)
        linked: Collection[str]
        citations = unchecked = 0
        if kind == "page":
            linked = check_page(note, self._index, found)
        else:
            linked = check_links(note, self._index, found)
        if kind == "note":
            check_note(note, self._index, self._records.is_recorded, found)
            citations = check_citations(note, found)
            unchecked = check_times(note, self._records.heard(note), found) if citations else 0
        if kind != "other":
            check_html(note, found)
        return Examined(
            path=path,
            on_disk=file.path,
            kind=kind,
            findings=found.sorted(),
            citations=citations,
            unchecked=unchecked,
            links=len(note.targets),
            linked=frozenset(linked),
            video_id=note.video_id or "",
            beginning=_beginning(note) if kind == "note" else "",
        )


def kind_of(file: VaultFile) -> str:
    """`page` for a channel's page, `note` for what else is in a folder, `other` for the rest."""
    if not file.channel or file.name == "index":
        return "other"
    at_top = file.path.count("/") == 1
    return "page" if at_top and slug_key(file.name) == slug_key(file.channel) else "note"


def _decoded(data: bytes, path: str) -> tuple[str | None, Finding | None]:
    """Bytes as text, or what they are instead."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, Finding("F502", path, "it is UTF-16; save it as UTF-8")
    if b"\0" in data:
        return None, Finding("F502", path, "it is binary: there are NUL bytes in it")
    try:
        return data.decode(), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = f"byte {error.start} is no UTF-8; another encoding must be meant: save it as UTF-8"
        return None, Finding("F502", path, said, line=line)


def _beginning(note: NoteFile) -> str:
    """The first words of a note, up to the first citation."""
    start = note.pieces[0].start if note.pieces else len(note.text)
    return note.text[start : start + BEGINNING].partition("<")[0].strip()


def without_times(text: str) -> str:
    """What a note says, whatever its front matter and its times are."""
    _, body = split_front_matter(text)
    return " ".join(_ANCHORS.sub("", body).split())
