"""What a check found, as a table for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from generator.checker.checked import Checked
from generator.checker.codes import BY_CODE, Severity
from generator.checker.findings import Finding
from generator.text import printable

SHOWN_OF_A_RULE, SHOWN_AT_ONCE, WORST = 3, 40, 5
"""How many findings a rule shows where there are more than are shown at once; and worst notes."""


def as_table(checked: Checked, *, verbose: bool = False) -> list[str]:
    """The lines of a report: what was checked, a table by rule, the worst notes, what to do next.

    With `verbose`, every finding has a line; without, the first of each rule.
    """
    parts = [_head(checked)]
    if checked.findings:
        parts += [_by_rule(checked), _where(checked, verbose=verbose)]
        if len(checked.findings) > SHOWN_AT_ONCE:
            parts.append(_worst(checked))
    parts += [_mended(checked), _unchecked(checked), _verdict(checked)]
    lines: list[str] = []
    for part in filter(None, parts):
        lines += ["", *part] if lines else part
    return lines


def place(root: Path, finding: Finding) -> str:
    """Where a finding is, as `file:line:column`, from where the user is."""
    return f"{shown_path(root, finding.path)}:{finding.line}:{finding.column}"


def shown_path(root: Path, path: str) -> str:
    """A path of the vault from where the user is, fit to be printed."""
    full = path if Path(path).is_absolute() else (root / path).as_posix()
    if Path(path).is_absolute() and not root.is_absolute():
        with suppress(ValueError):
            full = Path(path).relative_to(Path.cwd()).as_posix()
    return printable(full)


def count(number: int, thing: str) -> str:
    """A number and what it counts."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _head(checked: Checked) -> list[str]:
    what = f"{count(checked.notes, 'note')} of {count(checked.videos, 'video')}"
    what += f" and {count(checked.pages, 'page')} in {count(checked.channels, 'channel')}"
    if checked.others:
        what += f", {count(checked.others, 'other file')}"
    holds = f"{count(checked.citations, 'citation')}, {count(checked.links, 'link')}"
    lines = [f"{printable(str(checked.root))}: {what}; {holds}."]
    if checked.links_skipped:
        skipped = count(checked.links_skipped, "link")
        lines.append(f"Not followed: {skipped} in the file system.")
    return lines


def _by_rule(checked: Checked) -> list[str]:
    found = Counter(finding.code for finding in checked.findings)
    mendable = Counter(finding.code for finding in checked.findings if finding.edits)
    lines = ["rule  severity  found  --fix  what is wrong"]
    for code in sorted(found):
        rule = BY_CODE[code]
        mends = f"{mendable[code]:,}" if mendable[code] else "-"
        lines.append(f"{code}  {rule.severity:8}  {found[code]:>5,}  {mends:>5}  {rule.reason}")
    return lines


def _where(checked: Checked, *, verbose: bool) -> list[str]:
    few = len(checked.findings) <= SHOWN_AT_ONCE
    if few or verbose:
        return _listed(checked.root, checked.findings)
    lines = [f"{SHOWN_OF_A_RULE} of each rule, of several files (--verbose lists all):"]
    by_code: dict[str, list[Finding]] = defaultdict(list)
    for finding in checked.findings:
        by_code[finding.code].append(finding)
    for code in sorted(by_code):
        lines += _listed(checked.root, _spread(by_code[code]))
    return lines


def _spread(findings: Sequence[Finding]) -> list[Finding]:
    """A few findings of one rule: the first of several files before others of the first."""
    firsts = list({finding.path: finding for finding in reversed(findings)}.values())[::-1]
    shown = firsts[:SHOWN_OF_A_RULE]
    for finding in findings:
        if len(shown) < SHOWN_OF_A_RULE and finding not in shown:
            shown.append(finding)
    return sorted(shown, key=lambda finding: finding.order)


def _listed(root: Path, findings: Iterable[Finding]) -> list[str]:
    return [
        f"{place(root, finding)}: {finding.code}{'*' if finding.edits else ''} {finding.message}"
        for finding in findings
    ]


def _worst(checked: Checked) -> list[str]:
    by_path: dict[str, Counter[str]] = defaultdict(Counter)
    for finding in checked.findings:
        if finding.severity is not Severity.INFO:
            by_path[finding.path][finding.code] += 1
    worst = sorted(by_path.items(), key=lambda each: (-each[1].total(), each[0]))[:WORST]
    if not worst:
        return []
    width = len(f"{worst[0][1].total():,}")
    return [
        "The files with most:",
        *(
            f"  {codes.total():>{width},}  {printable(path)}  ({_codes(codes)})"
            for path, codes in worst
        ),
    ]


def _codes(codes: Counter[str]) -> str:
    return ", ".join(f"{code} ×{number:,}" for code, number in codes.most_common(4))


def _mended(checked: Checked) -> list[str]:
    """What was mended, or would be."""
    left = [finding for finding in checked.findings if finding.edits]
    if checked.fixed:
        if not checked.mended:
            return ["There was nothing to mend."]
        did = "Would mend" if checked.dry else "Mended"
        what = count(checked.mended.total(), "finding")
        head = f"{did} {what} in {count(checked.files_mended, 'file')}:"
        lines = [
            f"  {code}  {number:>5,}  {BY_CODE[code].reason}"
            for code, number in sorted(checked.mended.items())
        ]
        if checked.dry:
            lines.append("Nothing was written: --fix without --dry-run writes.")
        return [head, *lines]
    if not left:
        return []
    files = len({finding.path for finding in left})
    return [
        f"* --fix mends it: {count(len(left), 'finding')} in {count(files, 'file')} with one right"
        " answer. Nothing else in a file changes.",
        "  See what would change with --diff. Mending may bring to light what was hidden before.",
    ]


def _unchecked(checked: Checked) -> list[str]:
    if not checked.unchecked:
        return []
    what = count(checked.unchecked, "citation")
    return [
        f"Not checked: whether {what} of {count(checked.notes_unchecked, 'note')} stand where it"
        " was said, as there is no transcript.",
        "  Give a folder of subtitle files named by the ids of their videos: --transcripts DIR.",
    ]


def _verdict(checked: Checked) -> list[str]:
    if not checked.findings:
        return ["Nothing is wrong."] if not checked.unchecked else ["Nothing else is wrong."]
    counts = [
        count(checked.count(Severity.ERROR), "error"),
        count(checked.count(Severity.WARNING), "warning"),
        f"{checked.count(Severity.INFO):,} for information",
    ]
    left = "in all"
    if checked.fixed:
        left = "would be left" if checked.dry else "are left"
    return [f"{', '.join(counts)} {left}. docs/checks.md explains each rule."]


def summary_of(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings each rule has, by code."""
    return dict(sorted(Counter(finding.code for finding in findings).items()))
