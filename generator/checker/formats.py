"""What a check found, for programs: one JSON object, GitHub's annotations, and diffs."""

from __future__ import annotations

import json
from typing import Any

from generator.checker.checked import Checked
from generator.checker.codes import BY_CODE, Severity
from generator.checker.reporting import count, shown_path, summary_of
from generator.text import printable
from generator.vault.diffs import Diff, diff_of_change

_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_json(checked: Checked) -> str:
    """All that was found, as one JSON object; docs/checks.md describes it."""
    return json.dumps(_as_object(checked), ensure_ascii=False, indent=2)


def as_annotations(checked: Checked) -> list[str]:
    """A workflow command for each finding, and one that sums up what could not be checked."""
    lines = []
    for finding in checked.findings:
        kind = _ANNOTATIONS[finding.severity]
        where = _property(shown_path(checked.root, finding.path))
        title = _property(f"{finding.code}: {BY_CODE[finding.code].reason}")
        lines.append(
            f"::{kind} file={where},line={finding.line},col={finding.column},title={title}"
            f"::{_data(finding.message)}"
        )
    if checked.unchecked:
        said = (
            f"{count(checked.unchecked, 'citation')} could not be held against a transcript:"
            " there is none of their videos."
        )
        lines.append(f"::notice title=Not checked::{_data(said)}")
    return lines


def as_diffs(checked: Checked) -> list[Diff]:
    """The changes as unified diffs, by path."""
    return [
        diff_of_change(change, shown_path(checked.root, change.path.as_posix()))
        for change in sorted(checked.changes, key=lambda change: change.path)
    ]


def _as_object(checked: Checked) -> dict[str, Any]:
    return {
        "vault": printable(str(checked.root)),
        "notes": checked.notes,
        "pages": checked.pages,
        "other_files": checked.others,
        "channels": checked.channels,
        "videos": checked.videos,
        "citations": checked.citations,
        "links": checked.links,
        "not_checked": {"citations": checked.unchecked, "notes": checked.notes_unchecked},
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "path": shown_path(checked.root, finding.path),
                "line": finding.line,
                "column": finding.column,
                "message": finding.message,
                "mendable": bool(finding.edits),
                "candidates": [printable(candidate) for candidate in finding.candidates],
            }
            for finding in checked.findings
        ],
        "found": summary_of(checked.findings),
        "errors": checked.count(Severity.ERROR),
        "warnings": checked.count(Severity.WARNING),
        "information": checked.count(Severity.INFO),
        "mended": {
            "written": checked.fixed and not checked.dry,
            "files": checked.files_mended,
            "findings": dict(sorted(checked.mended.items())),
        },
    }


def _data(text: str) -> str:
    """Text as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as a property of a workflow command, where `:` and `,` part properties."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
