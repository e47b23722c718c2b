"""The pictures of the site in the README: `python -m tests.site.browser.pictures`, from the top.

The demo's site as a reader sees it in Chromium, in light colours; YouTube is not asked.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browsers import chromium_path, launched, served
from tests.site.browser.reading import CHANNEL, DEMO, NOTE, Reader, built, reading
from tests.standins.iframe_api import IFrameStandIn

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "images"
SIZE = (1200, 760)


def note(reader: Reader) -> None:
    """A note, with what was said at a citation."""
    reader.open(NOTE)
    reader.settle()
    reader.citation(4).hover()
    reader.page.locator(".evidence").wait_for()


def graph(reader: Reader) -> None:
    """The graph of a channel."""
    reader.open(f"{CHANNEL}/graph.html")
    reader.settle()


PICTURES = {"note.png": note, "graph.png": graph}


def take(folder: Path) -> None:
    """Takes all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, IFrameStandIn() as youtube:
        site = built(DEMO, Path(scratch, "site"), title="Kettle and Chalk")
        with (
            launched(youtube) as browser,
            served(site) as address,
            reading(browser, address, SIZE, color_scheme="light") as reader,
        ):
            for name, look in PICTURES.items():
                look(reader)
                reader.page.screenshot(path=folder / name)
                print(f"{folder / name}: {(folder / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    if chromium_path() is None:
        sys.exit("No Chromium is installed (the variable CHROMIUM can name one).")
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
