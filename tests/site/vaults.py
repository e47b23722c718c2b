"""Small vaults for the tests of the site, and what is asked of the pages made of them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import generator
from generator.library import Library
from generator.models import (
    Citation,
    Cue,
    Fetched,
    Found,
    Note,
    Paragraph,
    Statement,
    Transcript,
    Video,
    WordTime,
)
from generator.site.building import Built, SiteOptions, build
from generator.summarizer.lines import make_lines
from generator.vault.sidecars import dump_sidecar, make_sidecar

DEMO = Path(generator.__file__).parents[1] / "output"
VIDEO = "LampsOfSea1"


def cited(stamp: str) -> str:
    return f'<a class="yt-timestamp" data-t="{stamp}">[{stamp}]</a>'


def note(title: str, body: str, video: str = VIDEO, channel: str = "lamps") -> str:
    return f"---\ntitle: {title}\nvideoId: {video}\n---\n\nFrom: [[{channel}]] <br/> \n\n{body}\n"


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """These files below a folder, with times that no two writes have in common."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


LAMPS: dict[str, str | bytes] = {
    "lamps/lens.md": note(
        "The lens",
        f"A lens bends light {cited('00:00:10')}. Seen from the [[tower | stone tower]] it is a"
        f" star {cited('00:00:20')}.\n\n## The keepers\n\nThey carried oil {cited('00:01:00')}.",
    ),
    "lamps/tower.md": note(
        "The tower", f"Towers stand on reefs {cited('00:00:40')}. See [[lens]] and [[nothing]]."
    ),
    "lamps/lamps.md": "---\ntitle: Lamps of the sea\n---\n"
    f"### [Lamps at sea](https://www.youtube.com/watch?v={VIDEO})\n"
    "- [[tower | The tower]]\n- [[lens | The lens]]\n",
    "index.md": "---\ntitle: Channels\n---\n- [[lamps]]\n",
}


def word_timed_vault(folder: Path) -> tuple[Path, Path]:
    """A vault with one note, and its library: “All of them” is said in second 15 at the end of a
    line, and the next line begins in that second, too.
    """
    said = "Keepers carried oil up each night. All of them."
    words = tuple(
        WordTime(place.start(), 10.0 + at * 0.8) if place.start() < 35 else WordTime(35, 15.2)
        for at, place in enumerate(re.finditer(r"\S+", said))
        if place.start() <= 35
    )
    cues = (
        Cue(10.0, 5.7, said, words),
        Cue(15.8, 6.0, "The lamp burned until dawn.", (WordTime(0, 15.8),)),
    )
    transcript = Transcript(VIDEO, "en", True, cues)
    lines = make_lines(transcript)
    citation = Citation(15, 0, 35, "All of them", Found.EXACT)
    statement = Statement("They all did.", citations=(citation,))
    video = Video(VIDEO, "Lamps", "lamps", duration=60.0)
    kept = Note("The lens", (), "lens", video, (Paragraph((statement,)),), (), "en", True)
    sidecar = dump_sidecar(make_sidecar(kept, transcript, lines, "extractive"))
    vault = write(
        folder / "vault",
        {
            "lamps/lens.md": note("The lens", f"They all did {cited('00:00:15')}."),
            ".generator/notes/lamps/lens.json": sidecar,
        },
    )
    library = folder / "library.db"
    with Library.open(library) as opened:
        opened.save_fetched(Fetched(video, transcript))
    return vault, library


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Changes a file so that its time changes, too, however coarse the file system's clock is."""
    before = path.stat().st_mtime_ns
    path.write_text(change(path.read_text()))
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def built(vault: Path, out: Path, **options: object) -> Built:
    """The site of a vault in a folder beside it."""
    given = {"title": "Lamps", **options}
    return build(SiteOptions(vault, out, **given))  # type: ignore[arg-type]


def contents(out: Path, *, hidden: bool = False) -> dict[str, bytes]:
    """All files of a site by their paths; without those that the program keeps for itself."""
    found = {}
    for folder, _, names in os.walk(out):
        for name in names:
            path = Path(folder, name)
            place = path.relative_to(out).as_posix()
            if hidden or not place.startswith(".generate/"):
                found[place] = path.read_bytes()
    return found


class Elements(HTMLParser):
    """The elements of a page with their attributes, as a browser reads them; and its text."""

    def __init__(self, page: Path | str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page.read_text() if isinstance(page, Path) else page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of the elements of a name that have these attributes."""
        of_class = wanted.pop("class_", None)
        return [
            attrs
            for name, attrs in self.found
            if name == tag
            and wanted.items() <= attrs.items()
            and (of_class is None or of_class in attrs.get("class", "").split())
        ]
