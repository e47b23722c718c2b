"""How often a mention is linked to the right note, and what a large vault costs the linker.

    python benchmarks/links.py [DIR]     # ../shared/data/vault

- Mentions labelled by hand (`tests/renderer/mentions.py`), for each threshold of likeness: the
  share of links that lead to the right note (precision) and of right notes that are found (recall),
  each with its 95 % interval (Wilson 1927). Beside it what likeness of characters alone would do,
  which is rapidfuzz's `token_sort_ratio` of the folded names. The threshold taken is the highest
  that costs no recall on the mentions that were looked at; those held out are shown apart.
- Statements labelled by hand in which no engine marked a word.
- The links of the notes in DIR, which an earlier system published: their labels as mentions, the
  titles of the channels' pages as titles. It linked to whatever came near, so what leads elsewhere
  is printed, to be read; with one letter changed in each title nothing may lead anywhere.
- A vault of 20,000 notes: making the linker beside folding the names, linking a note beside doing
  it in a vault of 200, both in processor time.
"""

from __future__ import annotations

import random
import re
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rapidfuzz import fuzz  # noqa: E402

from generator.models import (  # noqa: E402
    Mention,
    Note,
    Paragraph,
    Section,
    Statement,
    VaultNote,
    Video,
)
from generator.renderer import matching  # noqa: E402
from generator.renderer.links import Linker  # noqa: E402
from generator.renderer.words import tokens_of  # noqa: E402
from tests.renderer.mentions import CARRIERS, LABELLED, SAID, Labelled  # noqa: E402

DEFAULT = ROOT.parent / "shared" / "data" / "vault"
THRESHOLDS = (0, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95)
VIDEO = Video("aaaaaaaaaaa", "T", "talks")
LARGE, SMALL = 20_000, 200
_LISTED = re.compile(r"^- \[\[([^\]|]*)\|([^\]]*)\]\]", re.MULTILINE)
_LINKED = re.compile(r"\[\[([^\]|]*)\|([^\]]*)\]\]")

Finder = Callable[[Labelled], str | None]


def interval(hits: int, of: int) -> str:
    """A share of 100 with its 95 % interval after Wilson."""
    if not of:
        return "    - (no case)   "
    z, share = 1.96, hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5 / (1 + z * z / of)
    return f"{100 * share:5.1f} ({100 * (centre - reach):4.1f}-{100 * (centre + reach):5.1f})"


def note_of(*statements: Statement, channel: str = "talks") -> Note:
    video = Video(VIDEO.id, VIDEO.title, channel)
    return Note("Zzz", (), "zzz", video, (Paragraph(statements),), ())


def first_link(linker: Linker, note: Note) -> str | None:
    (block,) = linker.link(note).lead
    assert isinstance(block, Paragraph)
    links = block.statements[0].links
    return links[0].target if links else None


def mentioning(concept: str, language: str) -> Statement:
    text = CARRIERS[language].format("zzzzz")
    at = text.index("zzzzz")
    return Statement(text, mentions=(Mention(at, at + 5, concept),))


def by_linker(each: Labelled) -> str | None:
    notes = [
        VaultNote("talks", f"n{at}", title, "bbbbbbbbbbb", f"talks/n{at}.md")
        for at, title in enumerate(each.titles)
    ]
    target = first_link(Linker(notes), note_of(mentioning(each.concept, each.language)))
    return each.titles[int(target[1:])] if target else None


def by_characters(each: Labelled) -> str | None:
    """The title that is most like a concept, however its words stand."""
    folded = " ".join(tokens_of(each.concept))
    scores = [fuzz.token_sort_ratio(folded, " ".join(tokens_of(name))) for name in each.titles]
    best = max(scores)
    if best < matching.THRESHOLD or scores.count(best) > 1 or not folded:
        return None
    return each.titles[scores.index(best)]


def row(name: str, cases: Sequence[Labelled], find: Finder) -> str:
    found = [find(each) for each in cases]
    right = sum(
        got == each.right for got, each in zip(found, cases, strict=True) if got is not None
    )
    links = sum(got is not None for got in found)
    there = sum(each.right is not None for each in cases)
    return f"{name:>24} {links:>6} {interval(right, links):>20} {interval(right, there):>20}"


def labelled() -> None:
    seen = [each for each in LABELLED if not each.held_out]
    held_out = [each for each in LABELLED if each.held_out]
    taken = matching.THRESHOLD
    print(f"{len(LABELLED)} mentions labelled by hand, {len(held_out)} of them held out\n")
    print(f"{'threshold':>24} {'links':>6} {'precision %':>20} {'recall %':>20}")
    for threshold in THRESHOLDS:
        matching.THRESHOLD = float(threshold)
        print(row(f"{threshold}, seen", seen, by_linker))
    for threshold in THRESHOLDS[4:]:
        matching.THRESHOLD = float(threshold)
        print(row(f"{threshold}, characters alone", seen, by_characters))
    matching.THRESHOLD = taken
    print(row(f"{taken:.0f} taken, seen", seen, by_linker))
    print(row(f"{taken:.0f} taken, held out", held_out, by_linker))
    print(row(f"{taken:.0f} taken, all", LABELLED, by_linker))
    for language in dict.fromkeys(each.language for each in LABELLED):
        cases = [each for each in LABELLED if each.language == language]
        print(row(f"all of {language or 'hostile'}", cases, by_linker))


def scanned() -> None:
    right = links = 0
    for language, text, title, is_said in SAID:
        known = VaultNote("talks", "n0", title, "bbbbbbbbbbb", "talks/n0.md")
        note = note_of(Statement(text), Statement(CARRIERS[language].format("…")))
        if first_link(Linker([known]), note):
            links += 1
            right += is_said
    there = sum(is_said for *_, is_said in SAID)
    print(f"\n{len(SAID)} statements in which nothing is marked")
    print(f"{'':>24} {links:>6} {interval(right, links):>20} {interval(right, there):>20}")


def published(folder: Path) -> None:
    """What becomes of the links of published notes."""
    pages = [channel / f"{channel.name}.md" for channel in sorted(folder.iterdir())]
    listed = {
        f"{page.stem}/{match[1].strip()}.md": (page.stem, match[1].strip(), match[2].strip())
        for page in pages
        for match in _LISTED.finditer(page.read_text(encoding="utf-8"))
    }
    notes = [
        VaultNote(channel, slug, title, "bbbbbbbbbbb", path)
        for path, (channel, slug, title) in listed.items()
    ]
    links = [
        (path.parent.name, match[1].strip(), match[2].strip())
        for path in sorted(folder.rglob("*.md"))
        if path.stem != path.parent.name
        for match in _LINKED.finditer(path.read_text(encoding="utf-8"))
    ]
    misspelt = [
        VaultNote(n.channel, n.slug, _changed(n.title, at), n.video_id, n.path)
        for at, n in enumerate(notes)
    ]
    print(f"\n{len(links)} links of published notes in {folder}, {len(notes)} titles")
    for name, vault in (("titles as they are", notes), ("one letter changed", misspelt)):
        linker = Linker(vault)
        outcome = {"same": 0, "other": 0, "none": 0}
        elsewhere = set()
        for channel, slug, label in links:
            target = first_link(linker, note_of(mentioning(label, "en"), channel=channel))
            same = target is not None and target.rpartition("/")[2] == slug
            outcome["same" if same else "none" if target is None else "other"] += 1
            if target is not None and not same:
                elsewhere.add(f"    {label} -> {target} (was {slug})")
        print(f"{name}: the same note {outcome['same']}, another {outcome['other']},", end=" ")
        print(f"none {outcome['none']}")
        print("\n".join(sorted(elsewhere)))


def _changed(title: str, seed: int) -> str:
    """A title with another letter in the middle of its longest word."""
    longest = max(title.split(), key=len)
    at = title.index(longest) + len(longest) // 2
    letters = [letter for letter in "bkvz" if letter != title[at].lower()]
    return title[:at] + random.Random(seed).choice(letters) + title[at + 1 :]


def made_up(count: int, rng: random.Random) -> list[VaultNote]:
    """Notes of twenty channels whose titles have two to six words."""
    words = [
        "".join(rng.choice("bcdfghklmnprstvw") + rng.choice("aeiou") for _ in range(length))
        for length in (2, 3, 4, 5)
        for _ in range(2000)
    ]

    def title() -> str:
        said = [rng.choice(words) for _ in range(rng.randint(2, 6))]
        if len(said) > 3:
            said[2] = rng.choice(("of", "in", "and", "with"))
        return " ".join(said).capitalize()

    return [
        VaultNote(f"c{at % 20}", f"n{at}", title(), f"v{at // 5}", f"c{at % 20}/n{at}.md")
        for at in range(count)
    ]


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def large_vault() -> None:
    rng = random.Random(1)
    notes = made_up(LARGE, rng)
    linked = [_written(notes, rng) for _ in range(100)]
    small = Linker(notes[:SMALL])
    small.link(linked[0])  # loads what is loaded once
    folding = timed(lambda: [tokens_of(note.title) for note in notes])
    tokens_of.__globals__["fold_word"].cache_clear()
    making = timed(lambda: Linker(notes))
    tracemalloc.start()
    large = Linker(notes)
    memory = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    fresh = made_up(100, rng)
    adding = timed(lambda: [large.add(note) for note in fresh])
    times = [_time_to_link(linker, linked) for linker in (small, large)]
    print(f"\n{LARGE:,} notes: {making:.2f} s to make the linker, {making / folding:.1f} times the")
    print(f"folding of the titles; {memory:.0f} MB; one more note {10 * adding:.2f} ms")
    print(
        f"linking a note of {len(linked[0].sections) * 8} statements: {10 * times[1]:.2f} ms, ",
        end="",
    )
    print(f"{times[1] / times[0]:.2f} times what it takes with {SMALL} notes")


def _time_to_link(linker: Linker, notes: Sequence[Note]) -> float:
    return min(timed(lambda: [linker.link(note) for note in notes]) for _ in range(3))


def _written(notes: Sequence[VaultNote], rng: random.Random) -> Note:
    """A note with a mention in every fourth statement, and in every eighth a title unmarked."""
    statements = []
    for number in range(40):
        said = " ".join(rng.choice(notes).title for _ in range(3)).split()
        rng.shuffle(said)
        text = "It is said that " + " ".join(said)
        mentions: tuple[Mention, ...] = ()
        if number % 4 == 0:
            mentions = (Mention(0, 2, rng.choice(notes).title + "s"),)
        if number % 8 == 1:
            text += f" and {rng.choice(notes).title}"
        statements.append(Statement(text + ".", mentions=mentions))
    sections = tuple(
        Section("S", 2, (Paragraph(tuple(statements[at : at + 8])),), 0, 1)
        for at in range(0, 40, 8)
    )
    return Note("Zzz", (), "zzz", Video(VIDEO.id, "T", "c1"), (), sections)


def main() -> int:
    """Prints all figures."""
    labelled()
    scanned()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if folder.is_dir():
        published(folder)
    else:
        print(f"\nskipped: no published notes in {folder}")
    large_vault()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
