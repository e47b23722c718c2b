"""The search index of a site: what is in it, in which slices, and which of them are made again.

Pagefind holds all that it indexes in memory, some 300 KB for each page. The pages of a language are
therefore dealt out to slices by their paths, each with a bundle of its own; a browser searches them
as one. So memory stays bounded, and a changed note costs its slice alone.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from generator.site.digests import digest_of
from generator.site.pagefind import (
    UNSTEMMED,
    Document,
    fragments,
    make_bundle,
    needed_files,
    stemmed_as,
)
from generator.site.searched import has_words, searched_html
from generator.site.slices import FOLDER, Slices
from generator.vault.atomic import replace_file

SLICE = 1000
"""So many pages a slice may have on average."""

_COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
"""How many slices there can be: few counts, for with another one all pages are dealt anew."""

_AT_ONCE = 2
"""So many programs index at once, each with the memory that a slice takes."""

_WORK = Path(".generate", "search")


class Searchable(NamedTuple):
    """A page that search finds, written before.

    `path` is the page's file relative to the site, with `/`. It is found by its `title` and
    `aliases` before its text. `channel` is the channel's folder, empty for a page of none.
    `language` is a BCP 47 tag, empty if unknown. `digest` is another whenever the page's bytes are.
    """

    path: str
    title: str
    aliases: tuple[str, ...]
    channel: str
    language: str
    digest: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """How many pages the index has, in how many slices, and how many of these were made now."""

    pages: int
    slices: int
    made: int


@dataclass(frozen=True, slots=True)
class _Due:
    """A slice to be made: what it is made of, and the documents in it."""

    name: str
    pages: str
    texts: str
    read: Mapping[str, tuple[str, str]]
    members: Sequence[Searchable]
    documents: Sequence[Document]


def build_index(
    out: Path, pages: Iterable[Searchable], titles: Mapping[str, str] | None = None
) -> Indexed:
    """Bring the index of the site in `out` up to date with its pages.

    `titles` has what channels are called, by their folders. Slices whose pages have not changed
    stay as they are; those that no page belongs to any more are removed. A build that is
    interrupted is completed by the next. Raises SearchProgramMissing, SearchIndexFailed, or OSError
    if files cannot be read or written.
    """
    dealt = _deal(pages)
    slices = Slices(out)
    work = out / _WORK
    _remove(work)
    made = 0
    try:
        for due, bundle in _bundles(work, _due(out, dealt, slices)):
            (bundle / "places.json").write_bytes(_places(bundle, due.members))
            slices.put(due.name, bundle, [*needed_files(bundle), "places.json"])
            slices.note(due.name, due.pages, due.texts, due.read)
            _remove(bundle.parent)
            made += 1
    finally:
        _remove(work)
    for name in slices:
        if name not in dealt:
            slices.drop(name)
    found = {name: members for name, members in dealt.items() if slices.get(name).files}
    _write_overview(out, found, titles or {})
    return Indexed(sum(map(len, found.values())), len(found), made)


def index_stands(out: Path, pages: int) -> bool:
    """Whether the index of so many pages is there as it was made, by the same program."""
    slices = Slices(out)
    names = list(slices)
    if bool(names) != bool(pages) or not all(map(slices.is_whole, names)):
        return False
    return not names or (out / FOLDER / "index.json").is_file()


def remove_index(out: Path) -> None:
    """Take the index out of a site that is to have none."""
    (out / FOLDER / "index.json").unlink(missing_ok=True)
    slices = Slices(out)
    for name in slices:
        slices.drop(name)
    slices.forget()


def _deal(pages: Iterable[Searchable]) -> dict[str, list[Searchable]]:
    """The pages of each slice, in the order of their paths; slices by language and number."""
    by_language = defaultdict[str, list[Searchable]](list)
    for page in sorted(pages, key=lambda page: page.path):
        by_language[stemmed_as(page.language)].append(page)
    dealt: dict[str, list[Searchable]] = {}
    for language, members in sorted(by_language.items()):
        needed = math.ceil(len(members) / SLICE)
        count = next((count for count in _COUNTS if count >= needed), needed)
        parts: list[list[Searchable]] = [[] for _ in range(count)]
        for page in members:
            number = int.from_bytes(hashlib.sha256(page.path.encode()).digest()[:8], "big")
            parts[number % count].append(page)
        dealt |= {f"{language}-{number}": part for number, part in enumerate(parts) if part}
    return dealt


def _due(out: Path, dealt: Mapping[str, Sequence[Searchable]], slices: Slices) -> Iterator[_Due]:
    """The slices that have to be made; of those with other pages but the same words, this is kept.

    A slice of which nothing can be found has no files.
    """
    for name, members in dealt.items():
        known = slices.get(name)
        is_whole = slices.is_whole(name)
        pages = digest_of(members)
        if is_whole and known.pages == pages:
            continue
        read = slices.read_pages(name) if is_whole else {}
        texts, html = _texts(out, members, read)
        if is_whole and known.texts == texts:
            slices.note(name, pages, texts, read)
            continue
        documents = [
            Document(page.path, html.get(page.path) or _searched(out, page)) for page in members
        ]
        if any(has_words(document.html) for document in documents):
            yield _Due(name, pages, texts, read, members, documents)
        else:
            slices.put(name, out, ())
            slices.note(name, pages, texts, read)


def _texts(
    out: Path, members: Sequence[Searchable], read: dict[str, tuple[str, str]]
) -> tuple[str, dict[str, str]]:
    """What changes with anything that is searched in a slice; the HTML of the pages read for it.

    `read` has by path how pages looked when they were read, and a digest of what is searched in
    them; it is brought up to date, and no page is read that looks the same.
    """
    before = dict(read)
    read.clear()
    html: dict[str, str] = {}
    for page in members:
        looks = _looks(page)
        known = before.get(page.path, ("", ""))
        if known[0] != looks:
            html[page.path] = _searched(out, page)
            known = looks, _digest([html[page.path]])[:32]
        read[page.path] = known
    texts = _digest(f"{page.channel}\0{page.path}\0{read[page.path][1]}" for page in members)
    return texts, html


def _searched(out: Path, page: Searchable) -> str:
    return searched_html(page.title, page.aliases, out / page.path)


def _looks(page: Searchable) -> str:
    """What changes whenever what is searched in a page may."""
    return _digest([page.digest, page.title, *page.aliases])[:32]


def _bundles(work: Path, dues: Iterable[_Due]) -> Iterator[tuple[_Due, Path]]:
    """Each due slice with its bundle, in their order; some are made at once."""
    at_once = min(_AT_ONCE, os.cpu_count() or 1)
    waiting: deque[tuple[_Due, Future[Path]]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        for due in dues:
            waiting.append((due, pool.submit(_make, due, work / due.name)))
            # One more than are made, so that none waits for what it is made of.
            if len(waiting) > at_once:
                first, bundle = waiting.popleft()
                yield first, bundle.result()
        for due, bundle in waiting:
            yield due, bundle.result()


def _make(due: _Due, folder: Path) -> Path:
    folder.mkdir(parents=True)
    return make_bundle(due.documents, due.name.rpartition("-")[0], folder)


def _places(bundle: Path, members: Sequence[Searchable]) -> bytes:
    """Which channel each result of a slice is from, for searching in one of them."""
    channels = {page.path: page.channel for page in members}
    names = sorted(set(channels.values()))
    numbers = {name: number for number, name in enumerate(names)}
    of_results = {id_: numbers[channels[path]] for id_, path in fragments(bundle)}
    text = json.dumps({"channels": names, "results": of_results}, ensure_ascii=False)
    return text.encode("utf-8", "replace")


def _write_overview(
    out: Path, dealt: Mapping[str, Sequence[Searchable]], titles: Mapping[str, str]
) -> None:
    """`index.json`: which slices of which languages there are, most pages first; the channels."""
    languages = defaultdict[str, list[str]](list)
    counts = defaultdict[str, int](int)
    for name, members in dealt.items():
        language = name.rpartition("-")[0]
        languages[language].append(name)
        counts[language] += len(members)
    order = sorted(languages, key=lambda language: (-counts[language], language))
    overview = {
        "languages": [
            {
                "language": language,
                "stemmed": language != UNSTEMMED,
                "pages": counts[language],
                "slices": languages[language],
            }
            for language in order
        ],
        "channels": [
            {"name": name, "title": titles.get(name) or name}
            for name in sorted({page.channel for pages in dealt.values() for page in pages} - {""})
        ],
    }
    data = json.dumps(overview, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    file = out / FOLDER / "index.json"
    if not file.exists() or file.read_bytes() != data:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, data, synced=False)


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _digest(texts: Iterable[str]) -> str:
    total = hashlib.sha256()
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()
