"""How far a vault is: its library's figures, told to people and to programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.library.figures import Figures, Spending, figures_of
from generator.models import Stage
from generator.telling.failures import Failed, Group, grouped
from generator.telling.prices import Prices, money, prices_in
from generator.telling.report import Failure
from generator.telling.tables import Table, Told, batches_of, count
from generator.vault.vault import Vault

if TYPE_CHECKING:
    from generator.settings import Settings

_CALLED = {
    Stage.WRITTEN: "written",
    Stage.FETCHED: "fetched, not written",
    Stage.PENDING: "pending",
    Stage.FAILED: "failed",
    Stage.EXCLUDED: "not wanted",
}


@dataclass(frozen=True, slots=True)
class Status:
    """A vault and what its library says of it. `prices` are those that are set now."""

    vault: Path
    library: Path
    figures: Figures
    prices: Prices | None = None

    @property
    def failures(self) -> list[Group]:
        """The videos that failed, by cause."""
        return grouped(
            Failed(of.id, of.title, Failure(of.cause, of.happened, of.remedy, of.passing))
            for of in self.figures.failed
        )

    @property
    def spent(self) -> Spending:
        """What all replies took that are kept."""
        each = self.figures.spending
        return Spending(
            model="",
            prompt="",
            replies=sum(of.replies for of in each),
            input_tokens=sum(of.input_tokens for of in each),
            cached_tokens=sum(of.cached_tokens for of in each),
            output_tokens=sum(of.output_tokens for of in each),
            batch_input_tokens=sum(of.batch_input_tokens for of in each),
            batch_output_tokens=sum(of.batch_output_tokens for of in each),
        )

    def cost(self, of: Spending) -> float | None:
        """What so many tokens cost at most, where prices are set."""
        if self.prices is None:
            return None
        whole = self.prices.of(of.input_tokens, of.output_tokens)
        return whole - self.prices.saved(of.batch_input_tokens, of.batch_output_tokens)


def status_of(settings: Settings) -> Status:
    """How far the vault of these settings is. Nothing is made or changed.

    Raises NoLibraryYet where nothing was written there yet, and LibraryError or OutsideVault for a
    library that cannot be read.
    """
    vault = Vault(settings.output)
    library = (settings.library or vault.library_path).absolute()
    return Status(vault.root, library, figures_of(library), prices_in(settings))


def as_json(status: Status) -> dict[str, object]:
    """The object that `generate status --json` prints."""
    figures = status.figures
    spent = status.spent
    return {
        "vault": str(status.vault),
        "library": str(status.library),
        "videos": {stage.value: figures.stages[stage] for stage in Stage},
        "batches": asdict(figures.batches),
        "notes": sum(of.notes for of in figures.channels),
        "channels": [asdict(of) for of in figures.channels],
        "lists": [{**asdict(of), "listed": of.listed.isoformat()} for of in figures.lists],
        "failures": [
            {
                "cause": group.cause,
                "remedy": group.remedy,
                "passing": group.passing,
                "videos": [
                    {"id": of.name, "title": of.title, "error": of.failure.happened}
                    for of in group.failed
                ],
            }
            for group in status.failures
        ],
        "spending": [
            {
                "model": of.model,
                "prompt": of.prompt,
                "replies": of.replies,
                "input_tokens": of.input_tokens,
                "cached_tokens": of.cached_tokens,
                "output_tokens": of.output_tokens,
                **_by_batch(of),
                **_cost(status, of),
            }
            for of in figures.spending
        ],
        "spent": {
            "replies": spent.replies,
            "input_tokens": spent.input_tokens,
            "cached_tokens": spent.cached_tokens,
            "output_tokens": spent.output_tokens,
            **_by_batch(spent),
            **_cost(status, spent),
        },
    }


def _by_batch(of: Spending) -> dict[str, int]:
    """What of it came by batch, if anything did."""
    tokens = (of.batch_input_tokens, of.batch_output_tokens)
    return (
        dict(zip(("batch_input_tokens", "batch_output_tokens"), tokens, strict=True))
        if any(tokens)
        else {}
    )


def _cost(status: Status, of: Spending) -> dict[str, float]:
    cost = status.cost(of)
    return {} if cost is None else {"cost": round(cost, 6)}


def as_told(status: Status) -> list[Told]:
    """What `generate status` prints."""
    figures = status.figures
    told: list[Told] = [_overview(status)]
    if figures.channels:
        channels = [(of.channel, f"{of.videos:,}", f"{of.notes:,}") for of in figures.channels]
        told += ["", _table(("channel", "videos", "notes"), channels, 1)]
    if figures.lists:
        lists = [
            (
                of.title or of.address,
                f"{of.listed:%Y-%m-%d %H:%M}",
                "all" if of.complete else "a part",
                f"{of.videos:,}",
                f"{of.barred:,}",
                f"{of.written:,}",
                of.address,
            )
            for of in figures.lists
        ]
        names = ("list", "listed (UTC)", "of it", "videos", "barred", "written", "address")
        told += ["", Table(names, tuple(lists), frozenset({3, 4, 5}))]
    if figures.spending:
        told += ["", _spending(status)]
    if figures.failed:
        told += ["", *_failures(status)]
    return told


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], words: int) -> Table:
    """A table whose first columns are words, and all others numbers."""
    return Table(columns, tuple(rows), frozenset(range(words, len(columns))))


def _overview(status: Status) -> Table:
    stages = status.figures.stages
    by_stage = ", ".join(f"{stages[s]:,} {name}" for s, name in _CALLED.items() if stages[s])
    notes = sum(of.notes for of in status.figures.channels)
    rows = [
        ("vault", "", str(status.vault)),
        ("library", "", str(status.library)),
        ("videos", f"{sum(stages.values()):,}", by_stage),
        ("notes", f"{notes:,}", f"in {count(len(status.figures.channels), 'channel')}"),
    ]
    if (batches := status.figures.batches).open:
        told = f"of these waiting for {batches_of(batches.open, batches.waiting)}"
        rows.insert(3, ("", f"{batches.videos:,}", told))
    spent = status.spent
    if spent.replies:
        rows.append(
            (
                "tokens",
                f"{spent.input_tokens + spent.output_tokens:,}",
                f"{spent.input_tokens:,} in ({spent.cached_tokens:,} cached),"
                f" {spent.output_tokens:,} out; of the {spent.replies:,} replies that are kept",
            )
        )
    if by_batch := spent.batch_input_tokens + spent.batch_output_tokens:
        rows.append(("", f"{by_batch:,}", "of these by batch"))
    cost = status.cost(spent)
    if cost is not None:
        rows.append(("cost", money(cost), "at most, at the prices that are set now"))
    return Table(("", "", ""), tuple(rows), frozenset({1}))


def _spending(status: Status) -> Table:
    rows = []
    for of in status.figures.spending:
        cost = status.cost(of)
        counts = (of.replies, of.input_tokens, of.cached_tokens, of.output_tokens)
        cells = (of.model, of.prompt, *(f"{count:,}" for count in counts))
        rows.append(cells if cost is None else (*cells, money(cost)))
    columns = ("model", "prompt", "replies", "tokens in", "cached", "tokens out")
    return _table(columns if status.prices is None else (*columns, "cost"), rows, 2)


def _failures(status: Status) -> list[Told]:
    """Each cause with its remedy and its videos."""
    from generator.telling.failures import as_told as failures_told

    groups = status.failures
    passing = sum(len(group.failed) for group in groups if group.passing)
    total = sum(len(group.failed) for group in groups)
    told = failures_told(groups)
    if passing:
        told.append(
            f"Of {count(total, 'failure')}, {passing:,} may pass: the next run of their list tries"
            " again; --retry-failed tries all."
        )
    else:
        told.append(
            "Such videos of lists are tried again with --retry-failed, or with something else that"
            " the remedy names; a single one with --video."
        )
    return told
