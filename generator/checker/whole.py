"""What only all files of a vault together tell: pages that miss notes, orphans, copies, totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from generator.checker.checked import Checked
from generator.checker.examining import Examined, without_times
from generator.checker.findings import Finding
from generator.checker.walking import Tree
from generator.text import printable


class Whole:
    """Gathers the files of a vault as they come, and at last says what is wrong between them."""

    def __init__(self, checked: Checked, wanted: Collection[str]) -> None:
        self._checked = checked
        self._wanted = wanted
        self._notes: list[str] = []
        self._videos: set[str] = set()
        self._linked: set[str] = set()
        self._listed: dict[str, frozenset[str]] = {}
        self._alike: dict[tuple[str, str], list[Examined]] = defaultdict(list)

    def take(self, examined: Examined) -> None:
        """Counts one file in."""
        checked = self._checked
        checked.findings.extend(examined.findings)
        checked.citations += examined.citations
        checked.links += examined.links
        checked.unchecked += examined.unchecked
        checked.notes_unchecked += bool(examined.unchecked)
        self._linked.update(examined.linked)
        if examined.kind == "page":
            checked.pages += 1
            self._listed[_folder(examined.path)] = examined.linked
        elif examined.kind == "note":
            checked.notes += 1
            self._notes.append(examined.path)
            self._videos.update([examined.video_id] if examined.video_id else [])
            if examined.video_id and examined.beginning:
                self._alike[examined.video_id, examined.beginning].append(examined)
        else:
            checked.others += 1

    def finish(self, tree: Tree, problems: Mapping[str, str]) -> None:
        """Adds what the files' places and links tell, and puts all findings in order."""
        checked = self._checked
        checked.videos = len(self._videos)
        checked.channels = len({_folder(path) for path in self._notes} | self._listed.keys())
        found = [*tree.findings, *self._unlisted(), *self._orphans(), *self._repeated()]
        for path, reason in sorted(problems.items()):
            place = _within(checked.root, path)
            found.append(Finding("F507", place, f"it is passed over: {printable(reason)}"))
        checked.findings.extend(each for each in found if each.code in self._wanted)
        checked.findings.sort(key=lambda each: each.order)

    def _unlisted(self) -> list[Finding]:
        """Notes that their channel's page does not list, and channels without a page."""
        found = []
        missing: dict[str, int] = defaultdict(int)
        for path in self._notes:
            folder = _folder(path)
            if folder not in self._listed:
                missing[folder] += 1
            elif path not in self._listed[folder]:
                said = f"{printable(folder)}/{printable(folder)}.md does not list it"
                found.append(Finding("L206", path, said))
        for folder, count in missing.items():
            notes = "the note" if count == 1 else f"the {count} notes"
            said = f"there is no such page, which would list {notes} of the channel"
            found.append(Finding("L206", f"{folder}/{folder}.md", said))
        return found

    def _orphans(self) -> list[Finding]:
        said = "no note and no page links to it"
        return [Finding("L208", path, said) for path in self._notes if path not in self._linked]

    def _repeated(self) -> list[Finding]:
        found = []
        for alike in self._alike.values():
            first_with: dict[str, str] = {}
            for examined in sorted(alike, key=lambda each: each.path) if len(alike) > 1 else ():
                said = without_times(self._text(examined))
                first = first_with.setdefault(said, examined.path)
                if first != examined.path:
                    message = f"it says the same as {printable(first)}, of the same video"
                    found.append(Finding("N309", examined.path, message, candidates=(first,)))
        return found

    def _text(self, examined: Examined) -> str:
        try:
            return (self._checked.root / examined.on_disk).read_text("utf-8", "replace")
        except OSError:  # gone since: like no other
            return examined.path


def _folder(path: str) -> str:
    return PurePosixPath(path).parts[0]


def _within(root: Path, path: str) -> str:
    """A path from the working directory as one of the vault; one outside becomes absolute."""
    full = Path(path).absolute()
    with suppress(ValueError):
        return full.relative_to(root.absolute()).as_posix()
    return full.as_posix()
