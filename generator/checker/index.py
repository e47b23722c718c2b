"""What links of a vault can lead to, and which note a link to none most likely means."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator.checker.walking import nfc
from generator.renderer.slugs import slug_key

ALIKE = 80.0
"""How much alike two names are, of 100, before one is offered for the other."""

MOST_SHARING, MOST_COMPARED = 300, 40
"""A word that more notes have in their names tells none; and how many notes are compared."""

_NUMBER = re.compile(r"[0-9]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\W_]+(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Target:
    """A Markdown file that links can lead to. `path` is relative to the vault, with `/`, in NFC.

    `names` are its title, and what else it is or was called.
    """

    path: str
    channel: str
    names: tuple[str, ...] = ()
    video_id: str = ""

    @property
    def slug(self) -> str:
        """The file's name without `.md`."""
        return self.path.rpartition("/")[2][: -len(".md")]

    @property
    def is_page(self) -> bool:
        """Whether it is a channel's page, or the vault's."""
        at_top = self.path.count("/") == 1
        return self.slug == "index" or (at_top and slug_key(self.slug) == slug_key(self.channel))


@dataclass(frozen=True, slots=True)
class Guess:
    """What a link to nothing may mean, the likeliest first; `certain` if only the first can be."""

    targets: tuple[Target, ...] = ()
    certain: bool = False


class Index:
    """All that links of one vault can lead to."""

    def __init__(self, targets: Sequence[Target], others: Iterable[str] = ()) -> None:
        self.targets = tuple(targets)
        self._by_slug: dict[str, list[Target]] = defaultdict(list)
        self._by_path = {target.path[: -len(".md")]: target for target in self.targets}
        for target in self.targets:
            self._by_slug[target.slug].append(target)
        self._guessed: dict[tuple[str, str], tuple[Target, ...]] = {}
        self._others = {name for path in others for name in (path, path.rpartition("/")[2])}

    def resolve(self, link: str, path: str) -> tuple[Target, ...] | None:
        """The notes that a link in the file `path` leads to, several if it is ambiguous.

        None for a link to a file that is no note. `link` is without the heading it points at.
        """
        if nfc(link) in self._others:
            return None
        full, relative = _meant(link, path)
        if "/" not in link:
            return tuple(self._by_slug.get(full, ()))
        if (target := self._by_path.get(full)) is not None:
            return (target,)
        same = () if relative else self._by_slug.get(full.rpartition("/")[2], ())
        return tuple(target for target in same if f"/{target.path}".endswith(f"/{full}.md"))

    def written(self, target: Target) -> str:
        """What a link to a note has in its brackets: the shortest that leads nowhere else."""
        if len(self._by_slug[target.slug]) == 1:
            return target.slug
        return target.path[: -len(".md")]

    def guess(self, link: str, channel: str) -> Guess:
        """Which notes a link to none may mean; it stands in a note of `channel`."""
        folder, slash, name = nfc(link).strip("/").rpartition("/")
        name = name.removesuffix(".md")
        wanted = folder.rpartition("/")[2] if slash else channel
        for key, known in ((slug_key(name), self._by_key), (folded(name), self._by_fold)):
            found = known.get(key, ()) if key else ()
            near = [target for target in found if slug_key(target.channel) == slug_key(wanted)]
            if found:
                ordered = (*near, *(target for target in found if target not in near))
                return Guess(ordered, certain=len(near or found) == 1)
        return Guess(self._alike(name, wanted))

    @cached_property
    def _by_key(self) -> dict[str, list[Target]]:
        known = defaultdict(list)
        for target in self.targets:
            known[slug_key(target.slug)].append(target)
        return known

    @cached_property
    def _by_fold(self) -> dict[str, list[Target]]:
        """By letters and digits alone: spaces, hyphens, case, accents and titles come to one."""
        known = defaultdict(list)
        for target in self.targets:
            for name in dict.fromkeys(map(folded, (target.slug, *target.names))):
                known[name].append(target)
        return known

    @cached_property
    def _by_word(self) -> dict[str, set[int]]:
        """The numbers of the targets that have a word in a name."""
        known = defaultdict(set)
        for number, target in enumerate(self.targets):
            for word in worded(" ".join((target.slug, *target.names))).split():
                known[word].add(number)
        return known

    def _alike(self, name: str, channel: str) -> tuple[Target, ...]:
        """The notes of a channel with a name much like this one, at most three."""
        key = (worded(name), channel)
        if key not in self._guessed:
            self._guessed[key] = self._most_alike(*key)
        return self._guessed[key]

    def _most_alike(self, name: str, channel: str) -> tuple[Target, ...]:
        from rapidfuzz import fuzz

        sharing: Counter[int] = Counter()
        for word in dict.fromkeys(name.split()):
            having = self._by_word.get(word, set())
            sharing.update(having if len(having) <= MOST_SHARING else ())
        rated: list[tuple[float, Target]] = []
        for number, _ in sharing.most_common(MOST_COMPARED):
            target = self.targets[number]
            names = [worded(other) for other in (target.slug, *target.names)]
            # Names that differ in a number differ in what they are about.
            fair = [other for other in names if _NUMBER.findall(other) == _NUMBER.findall(name)]
            score = max((fuzz.token_sort_ratio(name, other) for other in fair), default=0.0)
            if score >= ALIKE and target.channel == channel:
                rated.append((score, target))
        rated.sort(key=lambda each: (-each[0], each[1].path))
        return tuple(target for _, target in rated[:3])


def slug_meant(link: str, path: str) -> str:
    """The slug of the notes that a link in the file `path` can lead to, whatever notes there are.

    Where it leads changes with notes of this slug alone, and with files that are none.
    """
    return _meant(link, path)[0].rpartition("/")[2]


def folded(name: str) -> str:
    """A name's letters and digits alone, without accents, in one case; 1.5 does not become 15."""
    kept = name
    if not name.isascii():
        parts = unicodedata.normalize("NFKD", name)
        # Only Latin letters lose their marks: in other scripts these are letters of their own.
        kept = "".join(
            char
            for at, char in enumerate(parts)
            if not (unicodedata.combining(char) and at and parts[at - 1] < "\u0370")
        )
    apart = _BETWEEN_DIGITS.sub("\0", slug_key(kept))
    return "".join(char for char in apart if char.isalnum() or char == "\0")


def worded(name: str) -> str:
    """A name as words in lower case, one space between two."""
    return " ".join(re.sub(r"[\W_]+", " ", slug_key(name)).split())


def _meant(link: str, path: str) -> tuple[str, bool]:
    """The path or slug in a link, without `.md`, and whether it goes from the file it stands in."""
    name = nfc(link)
    if name.lower().endswith(".md"):
        name = name[: -len(".md")]
    relative = name.startswith("./") or "/../" in f"/{name}"
    if relative:
        return _joined(name, path), True
    return name.strip("/") if "/" in name else name, False


def _joined(name: str, path: str) -> str:
    """A link that is relative to the file it stands in, as a path in the vault; `..` leads out."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    return joined if not joined.startswith("..") else ".."
