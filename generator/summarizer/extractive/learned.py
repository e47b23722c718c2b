"""Weights that `training/choices.py` learned, as `weights.json` keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Logistic:
    """A logistic model: a mean, a spread and a weight for each feature by name, and a bias."""

    mean: Mapping[str, float]
    spread: Mapping[str, float]
    weight: Mapping[str, float]
    bias: float

    def logits(self, columns: Mapping[str, Array]) -> Array:
        """The log odds of each row; a feature that is not among `columns` counts as average."""
        import numpy as np

        total = np.full(len(next(iter(columns.values()))), self.bias)
        for name, weight in self.weight.items():
            if name in columns:
                total += weight * (columns[name] - self.mean[name]) / self.spread[name]
        return total

    def chances(self, columns: Mapping[str, Array]) -> Array:
        """The chance of each row, from 0 to 1."""
        import numpy as np

        chances: Array = 1.0 / (1.0 + np.exp(-self.logits(columns)))
        return chances


@dataclass(frozen=True)
class Models:
    """All that the engine has learned.

    `pauses` are the arrays by which `boundaries` joins pauses and words; the others say how likely
    a sentence begins a section, carries the talk, and how likely a word is in a section's heading.
    """

    pauses: Mapping[str, NDArray[np.float32]]
    sections: Logistic
    statements: Logistic
    headings: Logistic


@cache
def learned() -> Models:
    """Load the models that the package keeps."""
    from generator.summarizer.extractive.boundaries import weights

    stored = json.loads(WEIGHTS.read_text("utf-8"))
    names = ("sections", "statements", "headings")
    return Models(weights(), *(Logistic(**stored[name]) for name in names))


def standard(values: Array) -> Array:
    """Values less their mean, over their standard deviation; zeros where all are alike."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 1e-9 else values * 0.0


def shifted(values: Array, by: int) -> Array:
    """The value `by` places later in each place; zero beyond the ends."""
    import numpy as np

    moved = np.zeros(len(values))
    if abs(by) >= len(values):
        return moved
    if by > 0:
        moved[:-by] = values[by:]
    elif by < 0:
        moved[-by:] = values[:by]
    else:
        moved[:] = values
    return moved
