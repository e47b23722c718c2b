"""What is kept of a vault's files, as rows of the site's record and back."""

from __future__ import annotations

import json
import zlib
from datetime import date
from functools import lru_cache

from generator.library.viewing import HeldVideo
from generator.models import Video
from generator.site.wiki import About, Details, Entry, Kind, Page

PAGE = (
    "path, kind, title, video_id, description, aliases, about, entries, has_text, has_evidence,"
    " language, digest"
)
"""The columns of a page, in the order of a row."""

_NOTHING = About()
_value = json.JSONDecoder().raw_decode
"""A value and where it ends: what `json.loads` does besides takes longer than short texts do."""
_KINDS = {str(kind): kind for kind in Kind}

PageRow = tuple[str, str, str, str, str, str, str, str, int, int, str, str]


def row_of_page(page: Page) -> PageRow:
    """A page as it is kept; what is empty is empty there, for most pages have little else."""
    about = page.about
    told = [about.title, about.url, about.published, about.duration]
    entries = [[each.video_id, each.title, each.url, each.notes] for each in page.entries]
    return (
        page.path,
        str(page.kind),
        page.title,
        page.video_id,
        page.description,
        _json(page.aliases) if page.aliases else "",
        _json(told) if about != _NOTHING else "",
        _json(entries) if entries else "",
        int(page.has_text),
        int(page.has_evidence),
        page.language,
        page.digest,
    )


def page_of(row: PageRow) -> Page:
    """A page as it was."""
    path, kind, title, video, said, aliases, about, entries, text, evidence, language, digest = row
    return Page(
        path,
        _KINDS[kind],
        title,
        video,
        said,
        tuple(_value(aliases)[0]) if aliases else (),
        _about(about) if about else _NOTHING,
        _entries(entries) if entries else (),
        bool(text),
        bool(evidence),
        language,
        digest,
    )


def packed(details: Details) -> bytes:
    """What only a page itself shows, without its references and seconds, which are kept apart."""
    value = [details.html, details.contents, details.evidence]
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), 1)


def unpacked(data: bytes) -> Details:
    """What was packed."""
    html, contents, evidence = json.loads(zlib.decompress(data))
    return Details(
        html=html,
        contents=tuple((name, title, level) for name, title, level in contents),
        evidence=evidence,
    )


def held_json(held: HeldVideo) -> str:
    """As much of a video as the site shows, and where its transcript is."""
    video = held.video
    published = video.published.isoformat()[:10] if video.published else ""
    of_video = [video.id, video.title, video.channel, video.url, video.duration, published]
    return json.dumps([of_video, held.language, held.generated, held.digest, held.under])


def held_of(text: str) -> HeldVideo:
    """A video as far as it was kept."""
    (video_id, title, channel, url, duration, published), *rest = json.loads(text)
    day = date.fromisoformat(published) if published else None
    return HeldVideo(
        Video(video_id, title, channel, url=url, duration=duration, published=day), *rest
    )


@lru_cache(maxsize=8192)
def _about(text: str) -> About:
    """What is said of a video: its notes are many, and all have the same."""
    return About(*json.loads(text))


def _entries(text: str) -> tuple[Entry, ...]:
    found = json.loads(text)
    return tuple(Entry(video, title, url, tuple(notes)) for video, title, url, notes in found)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
