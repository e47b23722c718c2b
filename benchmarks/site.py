"""What it costs to make a site of 20,000 notes, and to make it again.

Makes such a vault with its library once (some minutes): notes of some 8 KB in eight channels, one
of them in Cyrillic letters, one without sidecars. Each build is a fresh process; memory is that of
the process and all that it starts. Beside it: plain markdown-it rendering of the same files.
`aside` is what is left without the search index, of the seconds and of those of the processors.
Processes find bytecode of the program, as they do where it is installed. `--notes N` makes another
number of notes; with `--keep DIR` the vault is made once and kept.
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
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bytecode import finding_bytecode

LIMITS = {
    "whole": "target: under 300 s and 1,000 MB on 2 processors",
    "one note changed": "target: under 3 s, search index and graph aside",
}


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

    spent = {"search": 0.0, "search processor": 0.0}
    build_index = search.build_index

    def timed(*given, **named):  # type: ignore[no-untyped-def]
        began, processor = time.perf_counter(), processor_seconds()
        try:
            return build_index(*given, **named)
        finally:
            spent["search"] += time.perf_counter() - began
            spent["search processor"] += processor_seconds() - processor

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
    return spent


def processor_seconds() -> float:
    """What this process and those it started that have ended took of all processors."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


QUESTIONS: dict[str, Callable[[Path, Path], dict[str, float]]] = {
    "plain rendering": render_plainly,
    "build": build_site,
}


def asked(question: str, root: Path, out: Path) -> dict[str, float]:
    """What a fresh process took: seconds, processor's seconds, most megabytes with its children."""
    command = [sys.executable, __file__, "--ask", question, str(root), str(out)]
    environment = finding_bytecode(out.with_name("bytecode"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
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


def reworded(root: Path) -> None:
    """Another word in one note's text; its links stay."""
    note = sorted((root / "channel_0").glob("*.md"))[7]
    head, anchor, rest = note.read_text("utf-8").partition(' <a class="yt-timestamp"')
    note.write_text(f"{head} w{time.time_ns()}{anchor}{rest}", "utf-8")


def retitled(root: Path) -> None:
    """Another title of one note, which all that link to it show."""
    note = sorted((root / "channel_1").glob("*.md"))[7]
    head, key, rest = note.read_text("utf-8").partition("title: ")
    note.write_text(f"{head}{key}T{time.time_ns()} {rest}", "utf-8")


def added(root: Path) -> None:
    """One note more, as long and as much linked as another."""
    note = sorted((root / "channel_2").glob("*.md"))[7]
    note.with_name(f"new_{time.time_ns()}.md").write_bytes(note.read_bytes())


CHANGES = {
    "one note changed": reworded,
    "one with a new title": retitled,
    "one note more": added,
}


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
            from benchmarks.site_vault import build_vault

            began = time.perf_counter()
            build_vault(root, given.notes)
            print(f"the vault was made in {time.perf_counter() - began:.0f} s")
        report(root, Path(scratch, "site"))


def report(root: Path, out: Path) -> None:
    """Builds in turn, and prints each."""
    notes = [path for path in root.glob("*/*.md") if path.stem != path.parent.name]
    size = sum(path.stat().st_size for path in notes) / len(notes)
    channels = len({path.parent for path in notes})
    print(f"{len(notes):,} notes of {size / 1000:.1f} KB in {channels} channels")
    print(
        f"{'':20} {'s':>7} {'search':>7} {'aside':>7} {'cpu s':>7} {'aside':>7} {'MB':>6}"
        f" {'notes/s':>8}"
    )
    plain = asked("plain rendering", root, out)
    line("plain rendering", plain, len(notes))
    whole = asked("build", root, out)
    line("whole", whole, len(notes))
    line("nothing changed", asked("build", root, out), len(notes))
    for name, change in CHANGES.items():
        change(root)
        line(name, asked("build", root, out), len(notes))
    print(f"whole / plain rendering: {whole['seconds'] / plain['seconds']:.1f}")
    files = sum(1 for path in out.rglob("*") if path.is_file())
    total = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"the site: {files:,} files, {total / 1e6:,.0f} MB")


def line(name: str, took: dict[str, float], notes: int) -> None:
    """One line of the table, with the target beside it."""
    seconds, search = took["seconds"], took.get("search", 0.0)
    processor = took["processor"]
    print(
        f"{name:20} {seconds:7.2f} {search:7.2f} {seconds - search:7.2f} {processor:7.2f}"
        f" {processor - took.get('search processor', 0.0):7.2f} {took['megabytes']:6.0f}"
        f" {notes / seconds:8.0f}  {LIMITS.get(name, '')}",
        flush=True,
    )


if __name__ == "__main__":
    main()
