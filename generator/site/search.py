"""The search index of a site: what is in it, in which slices, and which of them are made again.

Pagefind holds all that it indexes in memory, some 300 KB for each page. The pages of a language are
therefore dealt out to slices by their paths, each with a bundle of its own; a browser searches them
as one. So memory stays bounded, and a changed note costs its slice alone.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import math
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.site.pagefind import (
    UNSTEMMED,
    Document,
    fragments,
    make_bundle,
    needed_files,
    stemmed_as,
)
from generator.site.searched import has_words, searched_html
from generator.vault.atomic import replace_file

FOLDER = "pagefind"
"""Where the index is in a site."""

SLICE = 1000
"""So many pages a slice may have on average."""

_FORMAT = "1"
_STATE = Path(".generate", "search.json")
_WORK = Path(".generate", "search")
_SLICES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)


@dataclass(frozen=True, slots=True)
class Searchable:
    """A page that search finds, written before.

    `path` is the page's file relative to the site, with `/`. It is found by its `title` and
    `aliases` before its text. `channel` is the channel's folder, empty for a page of none.
    `language` is a BCP 47 tag, empty if unknown. `digest` is another
    whenever the page's bytes are.
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
class _Slice:
    """What a slice was made of (`pages`: the digests of the pages; `texts`: of what is searched).

    `files` are relative to the index's folder.
    """

    pages: str
    texts: str
    files: tuple[str, ...]


def build_index(
    out: Path, pages: Iterable[Searchable], titles: Mapping[str, str] | None = None
) -> Indexed:
    """Bring the index of the site in `out` up to date with its pages.

    `titles` has what channels are called, by their folders.

    Slices whose pages have not changed stay as they are; those that no page belongs to any more are
    removed. A build that is interrupted is completed by the next. Raises SearchProgramMissing,
    SearchIndexFailed, or OSError if files cannot be read or written.
    """
    dealt = _deal(pages)
    state = _read_state(out)
    work = out / _WORK
    _remove(work)
    made = 0
    try:
        for name, members in dealt.items():
            known = state.get(name)
            digest = _digest(f"{page.path}\0{page.channel}\0{page.digest}" for page in members)
            if known and known.pages == digest and _all_there(out, known):
                continue
            documents = [
                Document(page.path, searched_html(page.title, page.aliases, out / page.path))
                for page in members
            ]
            texts = _digest(
                f"{page.channel}\0{document.path}\0{document.html}"
                for page, document in zip(members, documents, strict=True)
            )
            files: tuple[str, ...] = ()
            if known and known.texts == texts and _all_there(out, known):
                files = known.files
            elif any(has_words(document.html) for document in documents):
                work.mkdir(parents=True)
                files = _make(out, name, members, documents, state)
                _remove(work)
                made += 1
            elif known:
                _unlink(out, known.files)
            state[name] = _Slice(digest, texts, files)
            _write_state(out, state)
        _drop(out, state, [name for name in state if name not in dealt])
    finally:
        _remove(work)
    found = {name: members for name, members in dealt.items() if state[name].files}
    _write_overview(out, found, titles or {})
    return Indexed(sum(map(len, found.values())), len(found), made)


def remove_index(out: Path) -> None:
    """Take the index out of a site that is to have none."""
    state = _read_state(out)
    _drop(out, state, list(state))
    (out / FOLDER / "index.json").unlink(missing_ok=True)
    (out / _STATE).unlink(missing_ok=True)


def _deal(pages: Iterable[Searchable]) -> dict[str, list[Searchable]]:
    """The pages of each slice, in the order of their paths; slices by language and number."""
    by_language = defaultdict[str, list[Searchable]](list)
    for page in sorted(pages, key=lambda page: page.path):
        by_language[stemmed_as(page.language)].append(page)
    dealt: dict[str, list[Searchable]] = {}
    for language, members in sorted(by_language.items()):
        needed = math.ceil(len(members) / SLICE)
        count = next((count for count in _SLICES if count >= needed), needed)
        slices: list[list[Searchable]] = [[] for _ in range(count)]
        for page in members:
            number = int.from_bytes(hashlib.sha256(page.path.encode()).digest()[:8], "big")
            slices[number % count].append(page)
        dealt |= {f"{language}-{number}": slice_ for number, slice_ in enumerate(slices) if slice_}
    return dealt


def _make(
    out: Path,
    name: str,
    members: Sequence[Searchable],
    documents: Sequence[Document],
    state: dict[str, _Slice],
) -> tuple[str, ...]:
    """The slice's files, put where browsers look for them; what it had before is gone."""
    language = name.rpartition("-")[0]
    bundle = make_bundle(documents, language, out / _WORK)
    found = needed_files(bundle)
    (bundle / "places.json").write_bytes(_places(bundle, members))
    files = tuple(f"{name}/{file}" for file in [*found, "places.json"])
    before = state[name].files if name in state else ()
    # What is to be written is known to be ours before it stands there, should this break off.
    state[name] = _Slice("", "", tuple(sorted({*before, *files})))
    _write_state(out, state)
    for file in files:
        target = out / FOLDER / file
        target.parent.mkdir(parents=True, exist_ok=True)
        (bundle / file.partition("/")[2]).replace(target)
    _unlink(out, set(before) - set(files))
    return files


def _places(bundle: Path, members: Sequence[Searchable]) -> bytes:
    """Which channel each result of a slice is from, for searching in one of them."""
    channels = {page.path: page.channel for page in members}
    names = sorted(set(channels.values()))
    numbers = {name: number for number, name in enumerate(names)}
    of_results = {id_: numbers[channels[path]] for id_, path in fragments(bundle)}
    return json.dumps({"channels": names, "results": of_results}, ensure_ascii=False).encode()


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
    data = json.dumps(overview, ensure_ascii=False, indent=1).encode() + b"\n"
    file = out / FOLDER / "index.json"
    if not file.exists() or file.read_bytes() != data:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, data, synced=False)


def _drop(out: Path, state: dict[str, _Slice], names: Iterable[str]) -> None:
    for name in names:
        _unlink(out, state.pop(name).files)
        _write_state(out, state)


def _unlink(out: Path, files: Iterable[str]) -> None:
    """Removes files of the index, and folders that are empty then."""
    folders = set()
    for file in files:
        target = out / FOLDER / file
        target.unlink(missing_ok=True)
        folders |= {target.parent, target.parent.parent}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _all_there(out: Path, known: _Slice) -> bool:
    return all((out / FOLDER / file).exists() for file in known.files)


def _made_by() -> str:
    """What else but the pages the bundles depend on."""
    versions = []
    for package in ("pagefind", "pagefind_bin"):
        try:
            versions.append(importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            versions.append("none")
    return "/".join((_FORMAT, *versions))


def _read_state(out: Path) -> dict[str, _Slice]:
    """What is known of the index from the last build; nothing if that cannot be read."""
    try:
        read = json.loads((out / _STATE).read_bytes())
        current = read["made_by"] == _made_by()
        return {
            name: _Slice(
                str(of["pages"]) if current else "",
                str(of["texts"]) if current else "",
                tuple(file for file in of["files"] if _is_inside(file)),
            )
            for name, of in read["slices"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is_inside(file: object) -> bool:
    """Whether a name in the state, which anybody can have edited, stays in the index's folder."""
    return isinstance(file, str) and ".." not in file and not Path(file).is_absolute()


def _write_state(out: Path, state: Mapping[str, _Slice]) -> None:
    slices = {
        name: {"pages": of.pages, "texts": of.texts, "files": of.files}
        for name, of in sorted(state.items())
    }
    (out / _STATE).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"made_by": _made_by(), "slices": slices}, ensure_ascii=False)
    replace_file(out / _STATE, text.encode(), synced=False)


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
