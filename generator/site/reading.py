"""One Markdown file of a vault read for the site, with the evidence beside it."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.checker.examining import kind_of
from generator.checker.surveying import MOST_SIDECAR_BYTES
from generator.checker.walking import MOST_BYTES, VaultFile, nfc
from generator.errors import LibraryError
from generator.reader.frontmatter import FrontMatter, read_front_matter, split_front_matter
from generator.reader.inlines import WikiLink, scan
from generator.reader.pages import parse_channel_page
from generator.site.digests import digest_of, digest_of_text
from generator.site.evidence import evidence_in_lines, evidence_in_sidecar
from generator.site.languages import language_of_text
from generator.site.prose import Prose, prose_of
from generator.site.source import Source
from generator.site.wiki import About, Details, Entry, Kind, Page, is_playable
from generator.text import clean, clip, printable

if TYPE_CHECKING:
    from generator.library.viewing import HeldVideo, View
    from generator.models import Line
    from generator.vault.sidecars import Sidecar

LONGEST_TITLE = 300
"""A longer title is cut: it is shown in lists and in tabs of browsers."""

_FROM = re.compile(r"(\s*)From:[ \t]*+(?=\[\[)([^\r\n]*+)")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", re.ASCII)
_LISTED = re.compile(r"\s*(?:[-*+][ \t]+)?\[\[[^\[\]]*+\]\]\s*")
_TAG = re.compile(r"<[^>]*+>")
_H1 = re.compile(r"^#[ \t]+(\S.*?)[ \t#]*$", re.MULTILINE)


class Unreadable(Exception):
    """A file that cannot be read; its words say why."""


class PageReader:
    """Reads the files of one vault. To be closed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open = ExitStack()
        self._view: View | None = None
        self._lines: tuple[str, tuple[Line, ...]] = ("", ())

    def read(self, file: VaultFile, sidecar: Path | None) -> tuple[Page, Details]:
        """What a file says, and what its own page shows. Raises Unreadable."""
        text = self._text(file)
        _, body = split_front_matter(text)
        front = read_front_matter(text)
        usual = kind_of(file)
        try:
            if usual == "page":
                return self._channel_page(file, text, front, body)
            return self._page(file, front, body, sidecar)
        except RecursionError:
            raise Unreadable("its parts are nested too deeply to be read") from None

    def close(self) -> None:
        """Closes the library, if it was opened."""
        self._open.close()
        self._view = None

    def _text(self, file: VaultFile) -> str:
        if file.size > MOST_BYTES:
            raise Unreadable(f"it has {file.size / 1_000_000:,.1f} MB and is not read")
        try:
            with (self._source.root / file.path).open("rb") as opened:
                data = opened.read(MOST_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = printable(getattr(error, "strerror", None) or str(error))
            raise Unreadable(f"it cannot be read: {reason}") from None
        if b"\0" in data:
            raise Unreadable("it is binary: there are NUL bytes in it")
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise Unreadable(f"byte {error.start} is no UTF-8: save it as UTF-8") from None

    def _page(
        self, file: VaultFile, front: FrontMatter, body: str, sidecar_path: Path | None
    ) -> tuple[Page, Details]:
        """A note, or any other text."""
        video_id = front.text("videoId").strip()
        video_id = video_id if _ID.fullmatch(video_id) else ""
        is_start = not file.channel and file.name == "index"
        kind = Kind.NOTE if video_id else Kind.START if is_start else Kind.TEXT
        title = self._title(front, body, file)
        prose = prose_of(
            _without_from_line(body),
            video_id=video_id if is_playable(video_id) else "",
            title=title,
            math=self._source.math,
        )
        sidecar = self._sidecar(sidecar_path, video_id) if kind is Kind.NOTE else None
        evidence = self._evidence(video_id, sidecar, prose)
        page = Page(
            path=nfc(file.path),
            kind=kind,
            title=title,
            video_id=video_id,
            description=prose.beginning,
            aliases=_aliases(front),
            about=_about(front, sidecar),
            has_evidence=bool(evidence),
            language=self._language(sidecar) or language_of_text(_words_of(body)),
            has_text=kind is not Kind.START or not _only_lists(body),
        )
        return _digested(page, _details(prose, evidence))

    def _channel_page(
        self, file: VaultFile, text: str, front: FrontMatter, body: str
    ) -> tuple[Page, Details]:
        parsed = parse_channel_page(text)
        title = self._title(front, "", file)
        own_text = parsed.foreign and not parsed.videos
        prose = prose_of(body, title=title, math=self._source.math) if own_text else Prose("")
        page = Page(
            path=nfc(file.path),
            kind=Kind.CHANNEL,
            title=title,
            description=prose.beginning,
            entries=tuple(
                Entry(
                    video_id=entry.id if _ID.fullmatch(entry.id) else "",
                    title=clip(clean(entry.title), LONGEST_TITLE),
                    url=entry.url,
                    notes=tuple(link.note for link in entry.notes),
                )
                for entry in parsed.videos
            ),
            has_text=own_text,
        )
        return _digested(page, _details(prose, ""))

    def _title(self, front: FrontMatter, body: str, file: VaultFile) -> str:
        heading = _H1.search(body) if not front.text("title") else None
        said = front.text("title") or (heading[1] if heading else "")
        return clip(clean(said), LONGEST_TITLE) or clean(file.name) or "untitled"

    def _language(self, sidecar: Sidecar | None) -> str:
        """The language that a note was written in, as far as it is known."""
        if sidecar is None:
            return ""
        of_talk = sidecar.engine == "extractive" or self._source.note_language in {"", "same"}
        return sidecar.transcript.language if of_talk else self._source.note_language

    # What its statements rest on

    def _sidecar(self, path: Path | None, video_id: str) -> Sidecar | None:
        from generator.vault.sidecars import parse_sidecar

        if path is None:
            return None
        try:
            with path.open("rb") as opened:
                data = opened.read(MOST_SIDECAR_BYTES + 1)
        except (OSError, ValueError):
            return None
        sidecar = parse_sidecar(data) if len(data) <= MOST_SIDECAR_BYTES else None
        return sidecar if sidecar and sidecar.video.id == video_id else None

    def _evidence(self, video_id: str, sidecar: Sidecar | None, prose: Prose) -> str:
        if sidecar is not None:
            return evidence_in_sidecar(sidecar, prose.citations)
        held = self._source.held.get(video_id)
        if held is None or not held.digest or not prose.citations:
            return ""
        return evidence_in_lines(self._lines_of(held), prose.citations)

    def _lines_of(self, held: HeldVideo) -> tuple[Line, ...]:
        """The lines of a transcript; those of the last one are kept, as its notes come together."""
        from generator.summarizer.lines import make_lines

        if self._lines[0] != held.video.id:
            try:
                transcript = self._library_view().transcript(held)
            except LibraryError:  # told where its videos are asked for
                transcript = None
            self._lines = (held.video.id, make_lines(transcript) if transcript else ())
        return self._lines[1]

    def _library_view(self) -> View:
        from generator.library.viewing import viewing

        if self._view is None:
            assert self._source.library is not None  # noqa: S101 - `held` came from it
            self._view = self._open.enter_context(viewing(self._source.library))
        return self._view


def _words_of(body: str) -> str:
    """The beginning of a text without its HTML tags, enough to tell its language by."""
    return _TAG.sub(" ", body[:4000])


def _without_from_line(body: str) -> str:
    """A note's text without the line that says whose video it is from: its page shows that."""
    match = _FROM.match(body)
    parts = scan(match[2]) if match else ()
    if match is None or not parts or not isinstance(parts[0], WikiLink):
        return body
    return body[match.end() :]


def _only_lists(body: str) -> bool:
    """Whether a start page has nothing but links, as the program writes it."""
    return all(_LISTED.fullmatch(line) for line in body.splitlines() if line.strip())


def _aliases(front: FrontMatter) -> tuple[str, ...]:
    value = front.get("aliases")
    given = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    names = (clip(clean(each), LONGEST_TITLE) for each in given[:20] if isinstance(each, str))
    return tuple(dict.fromkeys(name for name in names if name))


def _about(front: FrontMatter, sidecar: Sidecar | None) -> About:
    if sidecar is not None:
        video = sidecar.video
        published = video.published.isoformat()[:10] if video.published else ""
        return About(clip(clean(video.title), LONGEST_TITLE), video.url, published, video.duration)
    published = front.text("published").strip()[:10]
    return About(
        url=front.text("url").strip(),
        published=published if _DATE.fullmatch(published) else "",
    )


def _details(prose: Prose, evidence: str) -> Details:
    return Details(
        html=prose.html,
        contents=tuple((each.id, each.title, each.level) for each in prose.contents),
        references=prose.references,
        seconds=tuple(each.second for each in prose.citations),
        evidence=evidence,
    )


def _digested(page: Page, details: Details) -> tuple[Page, Details]:
    short = replace(details, html="", evidence="")
    long = digest_of_text(details.html), digest_of_text(details.evidence)
    return page._replace(digest=digest_of(page, short, long)), details
