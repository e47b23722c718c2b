"""What tokens cost, where their prices are set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.settings import Settings

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost that are shown to a model, and that it writes; in any currency.

    By batch they cost that times `batch`.
    """

    read: float
    written: float
    batch: float = 0.5

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """What so many tokens cost at most: a discount on cached ones is not known."""
        return (input_tokens * self.read + output_tokens * self.written) / MILLION

    def saved(self, input_tokens: int, output_tokens: int) -> float:
        """How much less so many tokens cost by batch."""
        return (1 - self.batch) * self.of(input_tokens, output_tokens)


def prices_in(settings: Settings) -> Prices | None:
    """The prices that are set, or None where neither is; one alone makes the other free."""
    if settings.price_in is None and settings.price_out is None:
        return None
    return Prices(settings.price_in or 0.0, settings.price_out or 0.0, settings.batch_price)


def money(amount: float) -> str:
    """An amount in so many digits as say something: `12.34`, `0.0042`, `0`."""
    if amount >= 0.01 or amount == 0:
        return f"{amount:,.2f}"
    return f"{amount:.2g}" if amount >= 0.0001 else "under 0.0001"
