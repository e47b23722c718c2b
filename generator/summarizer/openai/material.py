"""Shows a model what strangers wrote, so that it can be told from what the program asks.

Every piece is one line, stands between two fence lines whose mark occurs nowhere in it, and holds
no sequence that a server's own chat template could take for the end of a message.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from generator.models import Line, Video
from generator.text import clean

MAX_LINE_CHARACTERS = 4000
"""More of a line is not shown: a line is about a sentence, and this is minutes of speech."""

MARGIN = 2
"""So many lines before and after a topic's are shown with them, for what they refer to."""

_DESCRIPTION_LINES = 3
_DESCRIPTION_CHARACTERS = 400
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")

# `<|im_end|>`, `</s>`, `<start_of_turn>`, `[/INST]`: servers that run models themselves read these
# as the message's end wherever they stand. A space takes that from them and nothing from the words.
_CONTROL = re.compile(r"<(?=[^\s\d=])|\[(?=\s*/?\s*(?:INST|SYS|TOOL|AVAILABLE))", re.IGNORECASE)


def shown(text: str) -> str:
    """A text of strangers as one line that no server takes for anything but text."""
    return _CONTROL.sub(lambda match: match[0] + " ", clean(text[: 2 * MAX_LINE_CHARACTERS]))[
        :MAX_LINE_CHARACTERS
    ]


def numbered(line: Line) -> str:
    """A line as a request shows it: `12| its words`."""
    return f"{line.number}| {shown(line.text)}"


def show_lines(lines: Iterable[Line]) -> str:
    """Numbered lines below each other; `…` stands where some between them are not shown."""
    rows: list[str] = []
    before: int | None = None
    for line in lines:
        if before is not None and line.number != before + 1:
            rows.append("…")
        rows.append(numbered(line))
        before = line.number
    return "\n".join(rows)


def with_margin(
    lines: tuple[Line, ...], numbers: Iterable[int], margin: int = MARGIN
) -> tuple[Line, ...]:
    """The lines of these numbers and `margin` lines before and after each, in order."""
    wanted = {n + away for n in numbers for away in range(-margin, margin + 1)}
    return tuple(line for line in lines if line.number in wanted)


def show_ranges(numbers: Iterable[int]) -> str:
    """Ascending numbers as `3-9, 14`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def metadata(video: Video) -> str:
    """What is known of a video besides its words, a line each: title, channel, date, description.

    Of the description its first lines, without addresses and without lines that hold times: no
    time of the video is ever shown.
    """
    rows = [f"title: {shown(video.title)}", f"channel: {shown(video.channel)}"]
    if video.published:
        rows.append(f"published: {video.published.isoformat()[:10]}")
    description = _first_lines(video.description)
    if description:
        rows.append(f"description: {description}")
    return "\n".join(rows)


def fence(*material: str) -> str:
    """A mark that occurs nowhere in the material, and is the same for the same material."""
    everything = "\n".join(material)
    folded = everything.casefold()
    seed = everything.encode("utf-8", "surrogatepass")
    while True:
        digest = hashlib.sha256(seed)
        mark = f"material-{digest.hexdigest()[:8]}"
        if mark not in folded:
            return mark
        seed = digest.digest()


def _first_lines(description: str) -> str:
    rows = [shown(_ADDRESS.sub("", row)) for row in description[:5000].splitlines()]
    rows = [row for row in rows if any(c.isalnum() for c in row) and not _TIME.search(row)]
    text = " / ".join(rows[:_DESCRIPTION_LINES])
    if len(text) <= _DESCRIPTION_CHARACTERS:
        return text
    return text[: _DESCRIPTION_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
