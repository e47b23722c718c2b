"""The page of each note, and of each other text of the vault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from functools import partial

from generator.site import places
from generator.site.digests import digest_of
from generator.site.files import Part, Planned, Task
from generator.site.pieces import CSP, CSP_WITH_VIDEO, Pieces
from generator.site.places import address, relative
from generator.site.relating import SiteVideo
from generator.site.rendering import json_block
from generator.site.touching import Touched
from generator.site.wiki import Details, Kind, Page
from generator.text import clean

Leave = Callable[[Set[str]], Set[str]]
"""Leaves the files at places as they are, and gives the places of those where it cannot."""


class Pages:
    """The pages of the files of a vault."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._wiki = pieces.wiki
        self._state = pieces.state
        self._templates = pieces.templates
        self._graphs = pieces.graphs
        self._transcripts = pieces.transcripts

    def of_files(self, touched: Touched, leave: Leave) -> Iterator[Planned]:
        """The pages of notes and of the owner's texts, not one of them made yet; without those that
        `leave` leaves as they are."""
        places = {
            path: self._pieces.place(page)
            for path, page in self._wiki.pages.items()
            if page.kind is Kind.NOTE or page.kind is Kind.TEXT or self._is_second(page)
        }
        same = {place for path, place in places.items() if path not in touched.pages}
        lost = leave(same)
        for path, place in places.items():
            if place not in same or place in lost:
                made_of = None if place in same else self._made_of(self._wiki.pages[path])
                yield Planned(place, made_of, partial(self.make, path), Task(Part.PAGE, path))

    def make(self, path: str) -> bytes:
        """The page of a file of the vault."""
        page = self._wiki.pages[path]
        return self._note(page) if page.kind is Kind.NOTE else self._text(page)

    def _made_of(self, page: Page) -> str:
        """A page is made of itself, and of what it shows of others."""
        video = self._wiki.video_of.get(page.path)
        return digest_of(
            self._pieces.common,
            self._pieces.place(page),
            page.digest,
            self._pieces.seen_links(page),
            [
                (self._pieces.seen(each.page), each.page.digest, each.number)
                for each in self._wiki.backlinks(page)
            ],
            self._pieces.seen_video(video) if video else "",
            self._graphs.made_of(page),
        )

    def _note(self, page: Page) -> bytes:
        place = self._pieces.place(page)
        details = self._state.details(page.path)
        video = self._wiki.video_of[page.path]
        graph = self._graphs.around(page)
        note = {
            "title": page.title,
            "aliases": page.aliases,
            "channel": self._pieces.channel_of(page, place),
            "url": address(place),
            "body": self._pieces.body(page, details, place),
            "contents": _contents(details),
            "backlinks": self._backlinks(page, place),
            "siblings": [
                self._pieces.linked(note, place) for note in video.notes if note.path != page.path
            ],
            "video": self._video(video, place),
            "evidence": json_block(details.evidence) if details.evidence else "",
            "graph": json_block(graph) if graph else "",
        }
        csp = CSP_WITH_VIDEO if video.playable else CSP
        feed = self._pieces.feed_of(page.channel, place)
        values = self._pieces.values(
            place,
            page.title,
            page.description,
            csp=csp,
            og_type="article",
            feed=feed,
            language=page.language,
        )
        return self._templates.fill("note.html.j2", {**values, "note": note})

    def _text(self, page: Page) -> bytes:
        place = self._pieces.place(page)
        details = self._state.details(page.path)
        text = {
            "title": page.title,
            "body": self._pieces.body(page, details, place),
            "backlinks": self._backlinks(page, place),
            "contents": _contents(details),
        }
        values = self._pieces.values(place, page.title, page.description, language=page.language)
        return self._templates.fill("page.html.j2", {**values, "text": text})

    def _is_second(self, page: Page) -> bool:
        """Whether a file is a channel's page where another one already is."""
        if page.kind is not Kind.CHANNEL:
            return False
        return not self._pieces.place(page).endswith(f"/{places.START}")

    def _backlinks(self, page: Page, place: str) -> list[dict[str, object]]:
        from markupsafe import Markup

        return [
            {
                **self._pieces.linked(each.page, place),
                "channel": each.page.channel if each.page.channel != page.channel else "",
                "sentence": Markup(  # noqa: S704 - made by `prose_of`
                    self._state.sentence(each.page.path, each.number)
                ),
            }
            for each in self._wiki.backlinks(page)
        ]

    def _video(self, video: SiteVideo, place: str) -> dict[str, object] | None:
        if not video.id:
            return None
        transcript = self._transcripts.place(video.id)
        return {
            "id": video.id,
            "title": video.title,
            "url": video.url,
            "published": video.published,
            "duration": video.duration,
            "playable": video.playable,
            "transcript": relative(transcript, place) if transcript else "",
        }


def _contents(details: Details) -> list[dict[str, object]]:
    return [
        {"id": name, "title": clean(title), "level": level}
        for name, title, level in details.contents
    ]
