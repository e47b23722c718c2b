"""Pagefind is run: some hundred pages of one language become a bundle that a browser searches."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.errors import SearchIndexFailed, SearchProgramMissing

STEMMED = (
    *("ar", "ca", "da", "de", "el", "en", "eo", "es", "et", "eu", "fi", "fr", "ga", "hi", "hu"),
    *("hy", "id", "it", "lt", "nb", "ne", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sr", "sv"),
    *("ta", "tr", "yi"),
)
"""The languages whose words Pagefind 1.5 finds in all their forms."""

UNSTEMMED = "und"
"""Where pages of all other languages go: their words are found as they are written."""

LONGEST_SECONDS = 900
_SIGNATURE = b"pagefind_dcd"
_GZIP = 31
_BEGINNINGS = (1024, 65_536)
"""In so many bytes of a result its page is looked for, first in the fewest."""
_NEEDED = (
    "pagefind-entry.json",
    "pagefind.js",
    "pagefind-worker.js",
    "wasm.*",
    "*.pf_meta",
    "index/*",
    "fragment/*",
)


@dataclass(frozen=True, slots=True)
class Document:
    """A page to be searched: its file in the site, and the HTML of what is searched in it.

    `path` is relative to the site, with `/`; results carry it back as it is.
    """

    path: str
    html: str


def program() -> Path:
    """Pagefind's program. Raises SearchProgramMissing where none is for this computer."""
    try:
        from pagefind.service import get_executable

        found = get_executable()
    except (ImportError, FileNotFoundError):
        found = None
    if found is None:
        raise SearchProgramMissing
    return found


def make_bundle(documents: Iterable[Document], language: str, folder: Path) -> Path:
    """Lets Pagefind make a bundle of pages in one language; returns the folder it is in.

    `folder` is empty and stays the caller's; at least one document has a word. Of the same
    documents the same files are made. Raises SearchProgramMissing, SearchIndexFailed, or OSError if
    the folder cannot be written.
    """
    executable = program()
    pages = folder / "pages"
    pages.mkdir()
    for document in documents:
        file = pages / PurePosixPath(document.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        page = f'<!doctype html><html lang="{language}"><body>{document.html}</body></html>'
        file.write_text(page, "utf-8")
    command = [str(executable.absolute()), "--site", "pages", "--output-path", "bundle"]
    _run([*command, "--quiet", "--keep-index-url"], folder)
    return folder / "bundle"


def needed_files(bundle: Path) -> list[str]:
    """The files of a bundle that a browser asks for: Pagefind's own dialogs are left out."""
    found = {path for pattern in _NEEDED for path in bundle.glob(pattern)}
    engines = sorted(path for path in found if path.name.startswith("wasm."))
    # Beside the language's own there is one for any language.
    found -= {path for path in engines[1:] if path.name == "wasm.unknown.pagefind"}
    return sorted(path.relative_to(bundle).as_posix() for path in found)


def fragments(bundle: Path) -> Iterator[tuple[str, str]]:
    """What results are called in a bundle, and the paths of their pages, in the order of names."""
    folder = bundle / "fragment"
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 - there may be many thousands
        with open(f"{folder}/{name}", "rb") as file:  # noqa: PTH123
            yield name.rpartition(".")[0], _page_of(file.read()).removeprefix("/")


def _page_of(fragment: bytes) -> str:
    """The path of the page that a result is of."""
    for length in _BEGINNINGS:
        beginning = zlib.decompressobj(_GZIP).decompress(fragment, length)
        text = beginning.removeprefix(_SIGNATURE).decode("utf-8", "ignore")
        with suppress(ValueError):  # it is longer
            path, _ = json.JSONDecoder().raw_decode(text.removeprefix('{"url":'))
            return str(path)
    raise SearchIndexFailed("what it made has no paths of pages")


def stemmed_as(language: str) -> str:
    """The language that Pagefind takes for a BCP 47 tag."""
    code = re.split("[-_]", language.lower(), maxsplit=1)[0]
    return code if code in STEMMED else UNSTEMMED


def _run(command: list[str], folder: Path) -> None:
    # Settings of another site's Pagefind, in the environment or the current folder, are not ours.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    try:
        ended = subprocess.run(  # noqa: S603 - the program that was installed with us
            command,
            cwd=folder,
            env=clean,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SearchIndexFailed(f"it did not end in {LONGEST_SECONDS // 60} minutes") from error
    except OSError as error:
        raise SearchIndexFailed(error.strerror or type(error).__name__) from error
    if ended.returncode:
        told = (ended.stderr or ended.stdout).decode("utf-8", "replace").strip()
        raise SearchIndexFailed(told or f"it ended with code {ended.returncode}")
