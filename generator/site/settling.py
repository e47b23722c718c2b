"""Where links lead and where pages are, found anew for what a change of the vault concerns.

What a link leads to hangs on the files of one name alone: a file that came or went is looked for by
its name in all links, and no other link has to be looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from generator.checker.index import Index, Target
from generator.site.changes import Changes
from generator.site.filerows import name_of
from generator.site.linkrows import Lead
from generator.site.places import places_of
from generator.site.state import State

_OTHERS = "others"


def settle(state: State, others: Sequence[str], changes: Changes) -> None:
    """Brings links and places up to date; tells in `changes` which of them are others now."""
    kinds = state.kinds(changes.before)
    before = {path: page and page.kind for path, page in changes.before.items()}
    names = {name_of(path) for path in before if (path in kinds) != bool(before[path])}
    names |= _names_of_others(state, others)
    with state.transaction():
        _settle_links(state, others, changes, names)
        if not changes.common or any(kinds.get(path) != kind for path, kind in before.items()):
            files = state.files()
            places = places_of((path, kind) for path, kind, _ in files)
            moved = {path: places[path] for path, _, place in files if places[path] != place}
            state.keep_places(moved)
            changes.moved |= moved.keys()


def _settle_links(state: State, others: Sequence[str], changes: Changes, names: set[str]) -> None:
    if not changes.common:
        due = state.written_links()
        paths: Iterable[str] = (path for path, *_ in state.files())
    else:
        found = state.links_in(changes.before)
        due = [each for each, _ in found] + [
            each for each in state.written_links(names) if each.path not in changes.before
        ]
        paths = state.named(names | {name for _, name in found})
    index = Index([Target(path, path.partition("/")[0]) for path in paths], others)
    known: dict[str, tuple[str, bool]] = {}
    other: list[Lead] = []
    for each in due:
        # A name alone means the same on every page.
        if "/" in each.target or not each.target:
            leads, several = _resolved(index, each.target, each.path)
        else:
            if each.target not in known:
                known[each.target] = _resolved(index, each.target, each.path)
            leads, several = known[each.target]
        if (leads, several) != (each.leads, bool(each.several)):
            other.append(each._replace(leads=leads, several=several))
            if each.path not in changes.before:
                changes.relinked.add(each.path)
                changes.reached |= {leads, each.leads} - {""}
    if other:
        state.keep_leads(other)


def _resolved(index: Index, target: str, path: str) -> tuple[str, bool]:
    """The path that a link leads to, empty for none, and whether there are several."""
    if not target:  # a heading of the page itself
        return path, False
    found = index.resolve(target, path) or ()
    return (found[0].path, False) if len(found) == 1 else ("", bool(found))


def _names_of_others(state: State, others: Sequence[str]) -> set[str]:
    """The names that links may have for files, which are no notes, that came or went."""
    now = json.dumps(sorted(others))
    before = state.mark(_OTHERS) or "[]"
    if now == before:
        return set()
    with state.transaction():
        state.unmark()
        state.set_mark(_OTHERS, now)
    names = {path.rpartition("/")[2] for path in set(others) ^ set(json.loads(before))}
    return names | {name[: -len(".md")] for name in names if name.lower().endswith(".md")}
