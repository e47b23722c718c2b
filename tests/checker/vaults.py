"""A small vault that is clean by every rule, and how to spoil one thing of it."""

from __future__ import annotations

import json
from pathlib import Path

from generator.checker.checked import Checked, CheckOptions
from generator.checker.checking import check
from generator.checker.findings import Finding

LENS = "lamps/lens.md"
TOWER = "lamps/tower.md"
PAGE = "lamps/lamps.md"
VIDEO = "LampsOfSea1"

CUES = (
    (0, "Good evening and welcome to the lamp room."),
    (10, "A glass lens bends the light of one flame into a beam."),
    (20, "Fishermen saw that beam from twenty miles out."),
    (40, "Stone towers were built on reefs where waves break."),
    (60, "Keepers carried oil up two hundred steps each night."),
    (90, "Thank you and good night."),
)


def cited(stamp: str) -> str:
    return f'<a class="yt-timestamp" data-t="{stamp}">[{stamp}]</a>'


def note(title: str, body: str, video: str = VIDEO) -> str:
    return f"---\ntitle: {title}\nvideoId: {video}\n---\n\nFrom: [[lamps]] <br/> \n\n{body}"


LENS_BODY = (
    f"A lens of glass bends the light of a flame into one beam {cited('00:00:10')}. Fishermen saw"
    f" the beam from twenty miles out, as a [[tower]] has it {cited('00:00:20')}.\n"
    "\n"
    "## The keepers\n"
    "\n"
    "What they carried:\n"
    f"*   Keepers carried oil up two hundred steps each night {cited('00:01:00')}.\n"
)
TOWER_BODY = (
    f"Stone towers were built on reefs where waves break {cited('00:00:40')}, for a"
    f" [[lens | lens of glass]] {cited('00:00:10')}.\n"
)
PAGE_TEXT = (
    "---\ntitle: lamps\n---\n"
    f"### [Lamps of the sea](https://www.youtube.com/watch?v={VIDEO})\n"
    "- [[lens | Lens]]\n"
    "- [[tower | Tower]]\n"
)


def make_vault(folder: Path) -> Path:
    """A vault of one channel with two notes of one video and its page."""
    vault = folder / "vault"
    write(vault, LENS, note("Lens", LENS_BODY))
    write(vault, TOWER, note("Tower", TOWER_BODY))
    write(vault, PAGE, PAGE_TEXT)
    return vault


def make_transcripts(
    folder: Path, *, duration: float | None = 100.0, pace: float | None = None
) -> Path:
    """A folder with the transcript of its video; with a `pace`, a word is said so many seconds."""
    transcripts = folder / "transcripts"
    transcripts.mkdir()
    cues: list[dict[str, object]] = [
        {"start": start, "duration": after - start, "text": text}
        for (start, text), after in zip(CUES, [*(at for at, _ in CUES[1:]), 100], strict=True)
    ]
    if pace is not None:
        for cue in cues:
            said = str(cue["text"]).split()
            times = [float(str(cue["start"])) + pace * at for at in range(len(said))]
            cue["words"] = [
                {"word": word, "start": at} for word, at in zip(said, times, strict=True)
            ]
    document = {"videoId": VIDEO, "duration": duration, "language": "en", "cues": cues}
    (transcripts / f"{VIDEO}.en.json").write_text(json.dumps(document), "utf-8")
    return transcripts


def write(vault: Path, path: str, text: str) -> None:
    file = vault / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def read(vault: Path, path: str) -> str:
    return (vault / path).read_bytes().decode()


def replace(vault: Path, path: str, old: str, new: str) -> None:
    """Changes one place of a file; it has to be there, once."""
    text = read(vault, path)
    assert text.count(old) == 1, (path, old)
    write(vault, path, text.replace(old, new))


def found_in(vault: Path, **options: object) -> list[Finding]:
    return checked(vault, **options).findings


def checked(vault: Path, **options: object) -> Checked:
    return check(vault, CheckOptions(**options))  # type: ignore[arg-type]


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]
