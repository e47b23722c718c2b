"""What it costs to make a site of 20,000 notes, and to make it again.

Makes such a vault with its library once (some minutes): notes of some 8 KB in eight channels, one
of them in Cyrillic letters, one without sidecars. Each build is a fresh process; memory is that of
the process and all that it starts. Beside it: plain markdown-it rendering of the same files.
`--notes N` makes another number of notes; with `--keep DIR` the vault is made once and kept.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.vault import CHANNELS, NOTES_A_VIDEO, made, title
from generator.library import Library
from generator.models import Block, Fetched, Link, Note, Paragraph, Statement
from generator.renderer.markdown import render_note
from generator.summarizer.lines import make_lines
from generator.vault.sidecars import dump_sidecar, make_sidecar

CYRILLIC = str.maketrans("abcdefghiklmnoprstuv", "абцдефгхиклмнопрстув")
IN_CYRILLIC, WITHOUT_SIDECARS = "channel_7", "channel_6"
LIMITS = {
    "whole": "target: under 300 s and 1,000 MB on 2 processors",
    "one note changed": "target: under 3 s, search index and graph aside",
}


def build_vault(root: Path, notes: int) -> None:
    """The vault and its library, much as so many videos leave them.

    Written without the publisher, which looks for near-copies and better links as it goes.
    """
    videos = notes // NOTES_A_VIDEO
    slugs = {
        title(number, place): f"note_{number}_{place}"
        for number in range(videos)
        for place in range(NOTES_A_VIDEO)
    }
    pages = defaultdict[str, list[str]](list)
    with Library.open(root / ".generator" / "library.db") as library:
        for number in range(videos):
            fetched, of_video = made(number)
            video = fetched.video
            if video.channel == IN_CYRILLIC:
                fetched, of_video = in_cyrillic(fetched, of_video)
            library.save_fetched(fetched)
            lines = make_lines(fetched.transcript)
            listed = [f"### [{video.title}]({video.url})"]
            for place, note in enumerate(of_video):
                slug = f"note_{number}_{place}"
                linked = with_links(replace(note, slug=slug), slugs)
                path = root / video.channel / f"{slug}.md"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(render_note(linked), "utf-8")
                listed.append(f"- [[{slug} | {note.title}]]")
                if video.channel != WITHOUT_SIDECARS:
                    sidecar = make_sidecar(linked, fetched.transcript, lines, "openai")
                    beside = root / ".generator" / "notes" / video.channel / f"{slug}.json"
                    beside.parent.mkdir(parents=True, exist_ok=True)
                    beside.write_bytes(dump_sidecar(sidecar))
            pages[video.channel].append("\n".join(listed))
    for channel, listed in pages.items():
        text = f"---\ntitle: {channel}\n---\n" + "\n".join(reversed(listed)) + "\n"
        (root / channel / f"{channel}.md").write_text(text, "utf-8")


def with_links(note: Note, slugs: dict[str, str]) -> Note:
    """The note with its mentions as links to the notes of these titles."""

    def linked(statement: Statement) -> Statement:
        links = tuple(
            Link(each.start, each.end, slugs[each.concept])
            for each in statement.mentions
            if slugs.get(each.concept, note.slug) != note.slug
        )
        return replace(statement, links=links)

    return changed(note, linked)


def in_cyrillic(fetched: Fetched, notes: list[Note]) -> tuple[Fetched, list[Note]]:
    """The same talk and notes in other letters, which is another language to all that reads it."""
    cues = tuple(
        replace(cue, text=cue.text.lower().translate(CYRILLIC)) for cue in fetched.transcript.cues
    )
    transcript = replace(fetched.transcript, language="ru", cues=cues)

    def translated(statement: Statement) -> Statement:
        cited = tuple(
            replace(each, quote=each.quote.lower().translate(CYRILLIC))
            for each in statement.citations
        )
        return replace(statement, text=statement.text.lower().translate(CYRILLIC), citations=cited)

    return replace(fetched, transcript=transcript), [changed(note, translated) for note in notes]


def changed(note: Note, change: Callable[[Statement], Statement]) -> Note:
    """The note with each of its statements changed; all of them stand in paragraphs."""

    def of(blocks: Sequence[Block]) -> tuple[Block, ...]:
        return tuple(
            replace(block, statements=tuple(map(change, block.statements)))
            for block in blocks
            if isinstance(block, Paragraph)
        )

    sections = tuple(replace(section, blocks=of(section.blocks)) for section in note.sections)
    return replace(note, lead=of(note.lead), sections=sections)


def render_plainly(root: Path, _: Path) -> dict[str, float]:
    """Every note through markdown-it, and nothing else."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt()
    count = 0
    for path in root.glob("*/*.md"):
        count += bool(markdown.render(path.read_text("utf-8")))
    return {"count": count}


def build_site(root: Path, out: Path) -> dict[str, float]:
    """The command as it is, and what of its time went into the search index."""
    from generator import cli
    from generator.site import search

    spent = [0.0]
    build_index = search.build_index

    def timed(*given, **named):  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        try:
            return build_index(*given, **named)
        finally:
            spent[0] += time.perf_counter() - began

    search.build_index = timed
    sys.argv = [
        "generate",
        "site",
        str(root),
        "--out",
        str(out),
        "--base-url",
        "https://a.test/",
        "--quiet",
    ]
    code: object = 0
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
    assert not code, f"the build ended with code {code}"
    return {"search": spent[0]}


QUESTIONS: dict[str, Callable[[Path, Path], dict[str, float]]] = {
    "plain rendering": render_plainly,
    "build": build_site,
}


def asked(question: str, root: Path, out: Path) -> dict[str, float]:
    """What a fresh process took: seconds, processor's seconds, most megabytes with its children."""
    command = [sys.executable, __file__, "--ask", question, str(root), str(out)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        most = MostMemory(child.pid)
        told, _ = child.communicate()
        most.stop()
    seconds = time.perf_counter() - began
    assert not child.returncode, f"{question} failed"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    own = json.loads(told.splitlines()[-1])
    return {**own, "seconds": seconds, "processor": spent, "megabytes": most.bytes / 1e6}


class MostMemory:
    """The most memory that a process and all below it have at once, looked at 10 times a second.

    Of pages that they share, each process is counted its part. Needs Linux's /proc; else 0.
    """

    def __init__(self, process: int) -> None:
        self.bytes = 0
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> None:
        """No more is looked at."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            self.bytes = max(self.bytes, sum(map(_memory, _family(self._process))))


def _family(process: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int(
                (entry / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except (OSError, ValueError, IndexError):
            continue
    family = {process}
    while more := {each for each, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _memory(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # it has ended
    return 0


def change_one(root: Path, word: str) -> None:
    """Another word in one note's text; its links stay."""
    note = sorted((root / "channel_0").glob("*.md"))[7]
    text = note.read_text("utf-8")
    head, anchor, rest = text.partition(' <a class="yt-timestamp"')
    note.write_text(f"{head} {word}{anchor}{rest}", "utf-8")


def main() -> None:
    """Prints what each build takes, beside plain rendering."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="make the vault here, or take the one here")
    parser.add_argument("--ask", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        question, root, out = given.ask
        print(json.dumps(QUESTIONS[question](Path(root), Path(out))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        root = (given.keep or Path(scratch)) / "vault"
        if not root.exists():
            began = time.perf_counter()
            build_vault(root, given.notes)
            print(f"the vault was made in {time.perf_counter() - began:.0f} s")
        report(root, Path(scratch, "site"))


def report(root: Path, out: Path) -> None:
    """Builds in turn, and prints each."""
    notes = [path for path in root.glob("*/*.md") if path.stem != path.parent.name]
    size = sum(path.stat().st_size for path in notes) / len(notes)
    print(f"{len(notes):,} notes of {size / 1000:.1f} KB in {CHANNELS} channels")
    print(f"{'':20} {'s':>7} {'of it search':>13} {'cpu s':>7} {'MB':>6} {'notes/s':>8}")
    plain = asked("plain rendering", root, out)
    line("plain rendering", plain, len(notes))
    whole = asked("build", root, out)
    line("whole", whole, len(notes))
    line("nothing changed", asked("build", root, out), len(notes))
    change_one(root, f"w{time.time_ns()}")
    changed = asked("build", root, out)
    line("one note changed", changed, len(notes))
    print(f"whole / plain rendering: {whole['seconds'] / plain['seconds']:.1f}")
    aside = changed["seconds"] - changed["search"]
    print(f"one note changed, search aside: {aside:.2f} s")
    files = sum(1 for path in out.rglob("*") if path.is_file())
    total = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"the site: {files:,} files, {total / 1e6:,.0f} MB")


def line(name: str, took: dict[str, float], notes: int) -> None:
    """One line of the table, with the target beside it."""
    print(
        f"{name:20} {took['seconds']:7.2f} {took.get('search', 0):13.2f} {took['processor']:7.2f}"
        f" {took['megabytes']:6.0f} {notes / took['seconds']:8.0f}  {LIMITS.get(name, '')}",
        flush=True,
    )


if __name__ == "__main__":
    main()
