"""How long `generate check` takes for a large vault, beside plainly reading the same files.

A vault of notes of some 8 KB is made, of which one in ten has something wrong; the rules that need
no transcript are run on it in a process of its own. `--notes N` makes another number of notes.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOTES, CHANNELS, BYTES = 20_000, 10, 8_000
COMMAND = "import sys\nfrom generator.cli import main\nsys.argv[0] = 'generate'\nmain()"
FLAWS = (
    lambda text: text.replace(" <a class", " <a  class", 1).replace("[00:", "[01:", 1),
    lambda text: text.replace("## ", "## [[note_7_3]] ", 1),
    lambda text: text.replace('data-t="00:', 'data-t="0:', 1),
    lambda text: text + "\nA statement without its place.\n",
    lambda text: text.replace("note_", "Note_", 1),
    lambda text: text.replace("From:", "Of:", 1),
    lambda text: text.replace("\n## ", "\n1. First\n2. Second\n   * below\n\n> A quote\n\n## ", 1),
)
SENTENCE = (
    "the light of a lamp is bent by glass into one beam that ships can see from far away while each"
    " ring of the lens stands a little steeper than the one inside it and loses less on the way"
)
WORDS = SENTENCE.split()


def make_vault(folder: Path, notes: int) -> int:
    """Writes the vault; returns its bytes. The same number of notes gives the same vault."""
    chance = random.Random(20)
    size = 0
    per_channel = notes // CHANNELS
    for channel in range(CHANNELS):
        home = folder / f"channel_{channel}"
        home.mkdir(parents=True)
        listed = [f"---\ntitle: channel_{channel}\n---\n"]
        for number in range(per_channel):
            video = f"v{channel}x{number // 4:08}-"[:11]
            if number % 4 == 0:
                listed.append(f"### [Video](https://www.youtube.com/watch?v={video})\n")
            listed.append(f"- [[note_{channel}_{number} | Note {channel} {number}]]\n")
            text = note(chance, channel, number, per_channel, video)
            if number % 10 == 3:
                text = FLAWS[number // 10 % len(FLAWS)](text)
            size += len(text.encode())
            (home / f"note_{channel}_{number}.md").write_text(text, "utf-8")
        (home / f"channel_{channel}.md").write_text("".join(listed), "utf-8")
    return size


def note(chance: random.Random, channel: int, number: int, others: int, video: str) -> str:
    """One note of some 8 KB in the published form."""
    parts = [
        f"---\ntitle: Note {channel} {number}\nvideoId: {video}\n---\n\n"
        f"From: [[channel_{channel}]] <br/> \n\n"
    ]
    second = 5
    while sum(map(len, parts)) < BYTES:
        sentences = []
        for _ in range(4):
            second += chance.randrange(4, 25)
            stamp = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
            words = chance.choices(WORDS, k=16)
            if chance.random() < 0.2:
                other = chance.randrange(others)
                words[5] = f"[[note_{channel}_{other} | {words[5]}]]"
            cited = f'<a class="yt-timestamp" data-t="{stamp}">[{stamp}]</a>'
            sentences.append(f"{' '.join(words).capitalize()} {cited}.")
        if len(parts) % 3 == 1 and len(parts) > 1:
            parts.append("## " + " ".join(chance.choices(WORDS, k=4)).capitalize() + "\n\n")
        if len(parts) % 3 == 2:
            lead_in = " ".join(chance.choices(WORDS, k=6)).capitalize() + ":\n"
            parts.append(lead_in + "".join(f"*   {each}\n" for each in sentences) + "\n")
        else:
            parts.append(" ".join(sentences) + "\n\n")
    return "".join(parts)


def read_all(folder: Path) -> float:
    """Seconds to read every file's bytes, one after the other."""
    began = time.perf_counter()
    for path in folder.rglob("*.md"):
        path.read_bytes()
    return time.perf_counter() - began


def main() -> None:
    """Makes the vault, reads it plainly, checks it, and prints both rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=NOTES)
    notes = parser.parse_args().notes
    with tempfile.TemporaryDirectory() as made:
        vault = Path(made, "vault")
        size = make_vault(vault, notes)
        print(f"{notes:,} notes, {size / notes / 1000:.1f} KB each")
        read_all(vault)
        reading = read_all(vault)
        began = time.perf_counter()
        command = [sys.executable, "-c", COMMAND, "check", str(vault), "--format", "table"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        checking = time.perf_counter() - began
        print("\n".join(ended.stdout.splitlines()[:16]), ended.stderr)
    # Of the largest of its processes: there is one for each processor, and one that waits.
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"plain reading: {reading:.2f} s, {notes / reading:,.0f} notes a second")
    print(f"generate check: {checking:.2f} s, {notes / checking:,.0f} notes a second")
    print(f"check / reading: {checking / reading:.1f}; the largest process has {most:.0f} MB")
    print("target: 20,000 notes in under 15 s on 2 cores, and 500 MB")


if __name__ == "__main__":
    main()
