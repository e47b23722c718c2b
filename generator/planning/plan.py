"""What a run would do, as data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from generator.planning.amounts import NOTHING, Asked, ByPrompt, Range, added, total
from generator.planning.rounds import Round, rounds_of
from generator.telling.prices import Prices
from generator.telling.report import Failure, FileReport, ListReport
from generator.vault.diffs import Diff

Doing = Literal["fetch", "ask", "write", "nothing", "fail", "passed-over", "skipped"]
DOINGS: tuple[Doing, ...] = ("fetch", "ask", "write", "nothing", "fail", "passed-over", "skipped")
"""What would become of a video: fetched first; asked about; written from what is kept; left as it
is; and as in a run's report."""

FileChange = Literal["new", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class PlannedVideo:
    """What would be done with one video, and why: `because` are clauses.

    `notes` is how many it would then have. `asked` is without what cannot be told: `sized` says
    whether anything could. An `error` is what it would meet, or met in an earlier run.
    """

    id: str
    title: str
    channel: str
    doing: Doing
    because: tuple[str, ...] = ()
    asked: ByPrompt = field(default_factory=dict)
    notes: Range = NOTHING
    sized: bool = True
    error: Failure | None = None


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A Markdown file that would come, change or go, and why. `path` is from the working folder."""

    path: str
    change: FileChange
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do. `files` are those that are known; `kept` those left to their owners.

    `lists` are those that could not be told from the library. `diffs` are there if wanted. With
    `by_batch`, requests go into batches; `in_batches` counts those that are in one now.
    """

    engine: str
    videos: tuple[PlannedVideo, ...]
    files: tuple[PlannedFile, ...] = ()
    kept: tuple[FileReport, ...] = ()
    lists: tuple[ListReport, ...] = ()
    diffs: tuple[Diff, ...] = ()
    notices: tuple[str, ...] = ()
    prices: Prices | None = None
    by_batch: bool = False
    in_batches: int = 0

    @property
    def rounds(self) -> tuple[Round, ...]:
        """In which rounds batches would have the requests; none where they go live."""
        return rounds_of(video.asked for video in self.videos) if self.by_batch else ()

    @property
    def asked(self) -> ByPrompt:
        """What would be asked of a model in all, by prompt."""
        return added(video.asked for video in self.videos)

    @property
    def cost(self) -> tuple[float, float] | None:
        """What it would cost at least and at most, where prices are set; replies are at most."""
        if self.prices is None:
            return None
        sums = total(self.asked)
        least = self.prices.of(sums.input_tokens.least, 0)
        return least, self.prices.of(sums.input_tokens.most, sums.output_tokens)

    @property
    def batch_cost(self) -> tuple[float, float] | None:
        """The same by batch; None where no prices are set or requests go live."""
        if self.prices is None or self.cost is None or not self.by_batch:
            return None
        least, most = self.cost
        return self.prices.batch * least, self.prices.batch * most

    def count(self, doing: Doing) -> int:
        """With how many videos that would be done."""
        return sum(video.doing == doing for video in self.videos)

    @property
    def unsized(self) -> int:
        """Of how many videos it cannot be told what would be asked."""
        return sum(not video.sized for video in self.videos)

    @property
    def changes(self) -> Counter[FileChange]:
        """How many files would come, change and go, of those that are known."""
        return Counter(file.change for file in self.files)

    @property
    def sum(self) -> Asked:
        """All that would be asked."""
        return total(self.asked)
