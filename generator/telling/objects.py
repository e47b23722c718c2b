"""What a run did as the object that `--json` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from generator.telling.report import totals

if TYPE_CHECKING:
    from generator.summarizer.completions.usage import Usage
    from generator.telling.report import Failure, NoteReport, Report, VideoReport


def as_json(report: Report) -> dict[str, object]:
    """The object that `--json` prints of a run."""
    return {
        "engine": report.engine,
        "videos": [_video(video) for video in report.videos],
        "lists": [{"name": of.name, **_failure(of.error)} for of in report.lists],
        "errors": [_failure(error) for error in report.errors],
        "relinked": list(report.relinked),
        "removed": list(report.removed),
        "kept": [asdict(file) for file in report.kept],
        "notices": list(report.notices),
        "ended": _failure(report.ended) if report.ended else None,
        "totals": totals(report),
        **_usage(report.usage),
        **({} if report.cost is None else {"cost": round(report.cost, 6)}),
        **({"batches": asdict(report.batches)} if report.batches else {}),
    }


def _video(video: VideoReport) -> dict[str, object]:
    return {
        "id": video.id,
        "title": video.title,
        "channel": video.channel,
        "state": video.state,
        **_failure(video.error),
        "reason": video.reason or None,
        "notices": list(video.notices),
        "notes": [_note(note) for note in video.notes],
        **_usage(video.usage),
    }


def _failure(error: Failure | None) -> dict[str, object]:
    return {
        "error": error.message if error else None,
        "cause": error.cause if error else None,
        "remedy": error.remedy if error else None,
        "passing": error.passing if error else None,
    }


def _usage(usage: Usage | None) -> dict[str, object]:
    return {"usage": asdict(usage)} if usage else {}


def _note(note: NoteReport) -> dict[str, object]:
    return {
        "path": note.path,
        "title": note.title,
        "slug": note.slug,
        "state": note.state,
        "statements": note.statements,
        "citations": note.citations,
        "dropped": note.dropped,
        "found": dict(note.found),
        "repaired": note.repaired,
        "doubtful": [
            {"statement": doubt.statement, "kind": doubt.kind, "text": doubt.text}
            for doubt in note.doubts
        ],
        "sections": [
            {"heading": section.heading, "start": section.start, "end": section.end}
            for section in note.sections
        ],
    }
