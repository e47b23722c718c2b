"""What pages are made with, in this process or in another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from generator.library.viewing import HeldVideo
from generator.site.files import Part, Task
from generator.site.graphs import Graphs
from generator.site.pages import Pages
from generator.site.pieces import Pieces
from generator.site.relating import Wiki
from generator.site.rendering import Masthead, Templates
from generator.site.state import State
from generator.site.transcripts import Transcripts


@dataclass(frozen=True)
class SiteParts:
    """All that the pages of a site are made of; `state` is the file with what the vault says."""

    about: Masthead
    state: Path
    templates: Path | None
    library: Path | None
    held: Mapping[str, HeldVideo] = field(default_factory=dict)

    @contextmanager
    def pieces(self, wiki: Wiki, state: State, templates: Templates) -> Iterator[Pieces]:
        """What the pages of a wiki are made with."""
        transcripts = Transcripts(
            tuple(wiki.pages.values()), wiki.places, state, self.library, self.held
        )
        try:
            yield Pieces(self.about, wiki, state, templates, Graphs(wiki), transcripts)
        finally:
            transcripts.close()


@contextmanager
def making(site: SiteParts) -> Iterator[Callable[[Task], bytes]]:
    """What makes files of the site from what is kept of the vault's."""
    with closing(State(site.state)) as state:
        wiki = Wiki(state, site.held)
        with site.pieces(wiki, state, Templates(site.templates)) as pieces:
            makers = {
                Part.PAGE: Pages(pieces).make,
                Part.TRANSCRIPT: pieces.transcripts.make,
                Part.GRAPH: pieces.graphs.make,
            }
            yield lambda task: makers[task.part](task.of)
