"""Counts how far a run of several videos is, and tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.telling.progress import Tally

if TYPE_CHECKING:
    from generator.summarizer.completions.usage import UsageBook
    from generator.telling.progress import Progress
    from generator.telling.report import VideoReport

_SHOWN_FAILURES = 3


class Counting:
    """The tally of one run of so many videos; of a single one nothing is told."""

    def __init__(
        self, progress: Progress, videos: int, usage: UsageBook | None, *, spare: int = 0
    ) -> None:
        """Of the `videos` so many are `spare`: they count when others were skipped for them."""
        self._progress = progress
        self._videos = videos - spare
        self._spare = spare
        self._usage = usage
        self._fetched = self._written = self._failed = self._passed_over = 0
        self._failures: list[tuple[str, str]] = []
        self._tell()

    def fetched(self) -> None:
        """One more has its transcript."""
        self._fetched += 1
        self._tell()

    def left_out(self) -> None:
        """One was not needed."""
        if self._spare:
            self._spare -= 1
        else:
            self._videos -= 1
        self._tell()

    def over(self, name: str, report: VideoReport) -> None:
        """One more has come to its end."""
        if report.state in ("written", "unchanged"):
            self._written += 1
        elif report.state == "failed":
            self._failed += 1
            cause = report.error.cause if report.error else ""
            self._failures = [*self._failures, (name, cause)][-_SHOWN_FAILURES:]
        else:
            self._passed_over += 1
            if report.state == "skipped" and self._spare:
                self._spare -= 1
                self._videos += 1
        self._tell()
        if self._videos > 1 and report.state not in ("passed-over", "pending"):
            title = f" {report.title}" if report.title not in ("", name) else ""
            self._progress.done(f"{name}{title}: {_became(report)}")

    def _tell(self) -> None:
        if self._videos < 2:
            return
        used = self._usage.total if self._usage else None
        self._progress.tally(
            Tally(
                videos=self._videos,
                fetched=self._fetched,
                written=self._written,
                failed=self._failed,
                passed_over=self._passed_over,
                input_tokens=used.input_tokens if used else 0,
                output_tokens=used.output_tokens if used else 0,
                failures=tuple(self._failures),
            )
        )


def _became(report: VideoReport) -> str:
    if report.state in ("written", "unchanged"):
        count = len(report.notes)
        return f"{count} {'note' if count == 1 else 'notes'} {report.state}"
    reason = report.error.happened if report.error else report.reason
    return f"{report.state}, {reason}" if reason else report.state
