"""Turns YouTube videos into cited wiki notes.

The command is `generate`; the same as a library: `generate_notes` writes notes, `fetch_transcript`
and `read_transcript` give a transcript from YouTube or from a file, `parse_note` and `render_note`
read and write a note's Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.api import fetch_transcript, generate_notes
    from generator.fetcher.subtitles import read_transcript
    from generator.reader.notes import parse_note
    from generator.renderer.markdown import render_note

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "fetch_transcript",
    "generate_notes",
    "parse_note",
    "read_transcript",
    "render_note",
]

_MODULES = {
    "fetch_transcript": "generator.api",
    "generate_notes": "generator.api",
    "parse_note": "generator.reader.notes",
    "read_transcript": "generator.fetcher.subtitles",
    "render_note": "generator.renderer.markdown",
}


def __getattr__(name: str) -> object:
    """The functions above, imported when first asked for: `generate --help` needs none of them."""
    import importlib

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)
