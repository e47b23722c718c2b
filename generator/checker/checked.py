"""What a check of a vault is asked, and what comes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from generator.checker.codes import BY_CODE, Severity
from generator.checker.findings import Finding
from generator.vault.overlay import Change


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How a vault is checked.

    `library` is the file, by default the one in the vault if there is one; `transcripts` a folder
    of subtitle files named by the ids of their videos. `select` and `ignore` are codes or their
    beginnings. With `fix`, what has one right answer is mended, with `dry_run` only as if;
    `keep_changes` keeps what the files said before and after. `processes` is how many to use.
    """

    library: Path | None = None
    transcripts: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fix: bool = False
    dry_run: bool = False
    keep_changes: bool = False
    processes: int | None = None


@dataclass(slots=True)
class Checked:
    """What was found in a vault.

    `findings` are those that are left, by file and place. `mended` counts by code what was mended,
    in `files_mended` files, whose `changes` (with paths in the vault) are kept if that was asked
    for. Of the `citations`, `unchecked`, in `notes_unchecked` notes, had nothing to be held
    against. `links_skipped` are links in the file system, which are not followed.
    """

    root: Path
    notes: int = 0
    pages: int = 0
    others: int = 0
    channels: int = 0
    videos: int = 0
    citations: int = 0
    links: int = 0
    unchecked: int = 0
    notes_unchecked: int = 0
    links_skipped: int = 0
    findings: list[Finding] = field(default_factory=list)
    mended: Counter[str] = field(default_factory=Counter)
    files_mended: int = 0
    changes: list[Change] = field(default_factory=list)
    fixed: bool = False
    dry: bool = False

    def count(self, severity: Severity) -> int:
        """How many findings are as bad as this."""
        return sum(1 for finding in self.findings if finding.severity is severity)

    @property
    def failed(self) -> bool:
        """Whether there is an error in the files as they are now."""
        unmended = self.mended if self.dry else ()
        return self.count(Severity.ERROR) > 0 or any(
            BY_CODE[code].severity is Severity.ERROR for code in unmended
        )
