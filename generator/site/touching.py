"""Which files of the site a change of the vault can concern: only these are looked at.

Of any other file, all that it is made of is what it was.
"""

from __future__ import annotations

from collections.abc import Container, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.site.changes import Changes
    from generator.site.pieces import Pieces
    from generator.site.state import State


class _All:
    def __contains__(self, _: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Touched:
    """What can have changed: pages, by the paths of their files; transcripts of videos, by their
    ids; whether any graph, and whether any address of a page did."""

    pages: Container[str]
    videos: Container[str]
    graphs: bool
    addresses: bool


EVERYTHING = Touched(_All(), _All(), graphs=True, addresses=True)


def touched_by(
    changes: Changes, told: Set[tuple[str, str]], pieces: Pieces, state: State
) -> Touched:
    """What these changes can concern; `told` are the videos, by channel and id, of which pages tell
    other things than before."""
    wiki = pieces.wiki
    pages = {*changes.before, *changes.relinked, *changes.reached, *changes.moved}
    in_graph = {*changes.relinked, *changes.reached, *changes.moved}
    came_or_went = False
    renamed, videos = set(changes.moved), set(changes.heard)
    for path, before in changes.before.items():
        now = wiki.pages.get(path)
        videos |= {page.video_id for page in (before, now) if page}
        led, leads = changes.led[path], state.leads(path)
        pages |= led | leads
        in_graph |= led ^ leads
        came_or_went |= (before and before.kind) != (now and now.kind)
        if before is None or now is None or (before.title, before.kind) != (now.title, now.kind):
            renamed.add(path)
            in_graph |= led | leads
        if led != leads:
            in_graph.add(path)
    for path in renamed:
        linkers = {linker for linker, _ in state.linkers(path)}
        pages |= linkers | state.leads(path)
        in_graph |= linkers | {path}
    by_key = {(video.channel, video.id): video for video in wiki.videos}
    for key in told:
        videos.add(key[1])
        pages |= {note.path for note in by_key[key].notes} if key in by_key else set()
    return Touched(
        pages=pages | pieces.graphs.near(in_graph),
        videos=videos,
        graphs=bool(in_graph),
        addresses=came_or_went,
    )
