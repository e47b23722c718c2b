"""Cuts work that is more than a model takes into parts, and does them side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from generator.errors import CompletionTooLong

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")

MAX_HALVINGS = 5
"""How often work that does not fit is halved before it is given up."""


def chunks(
    pieces: tuple[_Piece, ...], limit: int, cost: Callable[[_Piece], int]
) -> tuple[tuple[_Piece, ...], ...]:
    """The pieces in runs of at most `limit` tokens each, of about the same size.

    `cost` says how many tokens a piece is; one that is over the limit by itself is a run alone.
    """
    costs = [cost(piece) for piece in pieces]
    total = sum(costs)
    count = max(1, -(-total // max(1, limit)))
    target = total / count
    runs: list[list[_Piece]] = [[]]
    size = spent = 0
    for piece, tokens in zip(pieces, costs, strict=True):
        is_full = size + tokens > limit or spent >= target * len(runs)
        if runs[-1] and is_full:
            runs.append([])
            size = 0
        runs[-1].append(piece)
        size += tokens
        spent += tokens
    return tuple(tuple(run) for run in runs if run)


def halves(pieces: tuple[_Piece, ...]) -> tuple[tuple[_Piece, ...], tuple[_Piece, ...]]:
    """The first and the second half of at least two pieces."""
    middle = len(pieces) // 2
    return pieces[:middle], pieces[middle:]


async def in_pieces(
    work: Callable[[tuple[_Piece, ...]], Awaitable[_Result]],
    parts: Iterable[tuple[_Piece, ...]],
    *,
    halvings: int = MAX_HALVINGS,
) -> list[_Result]:
    """What `work` makes of each part, in order; of each half of one that does not fit, and so on.

    Raises CompletionTooLong where what is a single piece, or was halved so often, does not fit.
    """

    async def done(part: tuple[_Piece, ...]) -> list[_Result]:
        try:
            return [await work(part)]
        except CompletionTooLong:
            if len(part) < 2 or halvings < 1:
                raise
        return await in_pieces(work, halves(part), halvings=halvings - 1)

    found = await together(done(part) for part in parts)
    return [result for results in found for result in results]


async def together(work: Iterable[Coroutine[Any, Any, _Result]]) -> list[_Result]:
    """The results of all, in order; raises what the first of them raised, when all have ended.

    None is left running behind an error: what it was paid for would be lost.
    """
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
