"""What pages are made with, in this process or in another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from generator.library.viewing import HeldVideo
from generator.site.graphs import Graphs
from generator.site.pages import About, Pages
from generator.site.relating import Wiki
from generator.site.rendering import Templates
from generator.site.state import State
from generator.site.transcripts import Transcripts


@dataclass(frozen=True)
class SiteParts:
    """All that the pages of a site are made of; `state` is the file with what the vault says."""

    about: About
    state: Path
    templates: Path | None
    others: tuple[str, ...]
    library: Path | None
    held: Mapping[str, HeldVideo] = field(default_factory=dict)

    @contextmanager
    def pages(
        self, wiki: Wiki, state: State, templates: Templates
    ) -> Iterator[tuple[Pages, Graphs, Transcripts]]:
        """The pages, the graphs and the transcripts of a wiki."""
        graphs = Graphs(wiki)
        transcripts = Transcripts(
            tuple(wiki.pages.values()), wiki.places, state, self.library, self.held
        )
        try:
            yield (
                Pages(self.about, wiki, state, templates, graphs, transcripts),
                graphs,
                transcripts,
            )
        finally:
            transcripts.close()


@contextmanager
def making(site: SiteParts) -> Iterator[Callable[[str], bytes]]:
    """What makes the page of a file of the vault, from what is kept of all of them."""
    with closing(State(site.state)) as state:
        read = state.pages()
        wiki = Wiki((read[path][1] for path in sorted(read)), site.others, site.held)
        with site.pages(wiki, state, Templates(site.templates)) as (pages, _, _):
            yield pages.make
