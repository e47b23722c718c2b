"""The files of a site brought up to date with what is kept of its vault, then the search index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from pathlib import Path

from generator.errors import SearchError, SiteUnwritable
from generator.site.assets import planned_assets
from generator.site.changes import Changes
from generator.site.feeds import Feeds
from generator.site.files import Planned, made_here
from generator.site.listpages import ListPages
from generator.site.making import SiteParts, making
from generator.site.pages import Pages
from generator.site.pieces import Pieces
from generator.site.places import SEARCH
from generator.site.processes import WORTH_A_PROCESS, spread
from generator.site.relating import Wiki
from generator.site.rendering import Templates
from generator.site.settling import settle
from generator.site.standing import Counts
from generator.site.state import State
from generator.site.touching import EVERYTHING, Touched, touched_by
from generator.site.wiki import Kind, Notice
from generator.site.writing import Writer


@dataclass
class Renewing:
    """Writes what changed of the site of which `site` has the parts and `state` the record."""

    site: SiteParts
    state: State
    templates: Templates
    writer: Writer
    progress: Callable[[str], None]

    def write(self, others: Sequence[str], changes: Changes) -> str:
        """Writes the files of the site, all but the search index; gives what all pages share.

        `others` are the paths of the vault's files that are no notes.
        """
        self.progress("looking which pages changed, and writing them")
        settle(self.state, others, changes)
        with self.site.pieces(self._wiki, self.state, self.templates) as pieces:
            touched = self._touched(changes, pieces)
            write = self.writer.write
            write(planned_assets(self.templates))
            of_files = Pages(pieces).of_files(touched, self.writer.leave)
            of_videos = pieces.transcripts.planned(touched)
            of_channels = pieces.graphs.planned(touched)
            write(chain(of_videos, of_channels, of_files), partial(_made, self.site))
            write(ListPages(pieces).planned())
            write(Feeds(pieces).planned(touched))
            self.writer.remove_others()
            return pieces.common

    def index(self, out: Path) -> Counts:
        """Brings the search index in `out` up to date; tells what the site has now."""
        wiki = self._wiki
        return Counts(
            notes=sum(1 for page in wiki.pages.values() if page.kind is Kind.NOTE),
            videos=len(wiki.videos),
            channels=len(wiki.channels),
            searched=self._index(out) if self.site.about.search else 0,
        )

    @cached_property
    def _wiki(self) -> Wiki:
        return Wiki(self.state, self.site.held)

    def _touched(self, changes: Changes, pieces: Pieces) -> Touched:
        """What has to be looked at; all of it where what all pages are made of has changed."""
        known, now = self.state.videos(), pieces.seen_videos
        told = {key: now.get(key, "") for key in known.keys() | now.keys()}
        told = {key: digest for key, digest in told.items() if known.get(key) != digest}
        with self.state.transaction():
            self.state.unmark()
            self.state.keep_videos(told)
        if changes.common != pieces.common:
            return EVERYTHING
        return touched_by(changes, told.keys(), pieces, self.state)

    def _index(self, out: Path) -> int:
        """Brings the search index up to date; gives how many pages it has.

        Where that cannot be done, the pages are as good as they are, and it is told.
        """
        from generator.site.search import Searchable, build_index

        self.progress("indexing what can be searched")
        wiki, searchable = self._wiki, []
        for page in wiki.pages.values():
            if page.kind is not Kind.NOTE and page.kind is not Kind.TEXT:
                continue
            place = wiki.places.of(page.path)
            if digest := self.writer.digest(place):
                searchable.append(
                    Searchable(place, page.title, page.aliases, page.channel, page.language, digest)
                )
        titles = {channel.name: channel.title for channel in wiki.channels}
        try:
            return build_index(out, searchable, titles).pages
        except SearchError as error:
            self.writer.done.notices.append(Notice(SEARCH, error.message))
            return 0
        except OSError as error:
            raise SiteUnwritable(out / SEARCH, error.strerror or str(error)) from None


def _made(site: SiteParts, planned: Sequence[Planned]) -> Iterator[bytes]:
    """Files that any process can make: a few are made here, many in several processes."""
    tasks = [each.task for each in planned if each.task]
    if sum(task.weight for task in tasks) < WORTH_A_PROCESS:
        return made_here(planned)
    return spread(partial(making, site), tasks, weights=[task.weight for task in tasks])
