"""Owns the tails of candidates: other endings for good beginnings, since what follows depends most on the last beats.

Knows nothing about networks or notes.

The candidates of a pool are cut at a tick. The log weight w of one is that of its head, what it met before the cut,
and that of its tail: w = h + t. Heads are drawn anew in proportion to exp(h + a t), with 0 <= a <= 1, and each gets a
new tail, which weighs t'. The new candidate weighs h + t' - log(chance of its head). Weights so stay proper, whatever
`a` is (resampling by another score and weighing it off, Liu 2001, Monte Carlo Strategies in Scientific Computing, 3.4):
with a = 1 the luck of the old tail would decide which heads come again, with a = 0 it would not matter. All pools
together, each by how many were drawn for it, are one pool. The one approximation is that heads whose tail was left out
as hopeless do not come again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.composing.candidates import Array, Candidates, Pool, copies

_TRUST = 0.4
"""The exponent a; about the part of the variance of w that is h, as measured two beats before the end."""

_LONGEST_TAIL = 96  # ticks


def draw_with_tails(candidates: Candidates, many: int, endings: int, report: Callable[[float], None]) -> Pool:
    """Draw some candidates, then as many new tails from each of some cuts, nearer and nearer to the end.

    `report` is told the share that is done, 0..1. Raises StoppedError.
    """
    cuts = _cuts(candidates.frame.start, candidates.frame.stop, endings)
    stages = len(cuts) + 1
    pools = [candidates.draw(many, _part(report, 0, stages))]
    for stage, cut in enumerate(cuts, 1):
        if not pools[-1].candidates:
            break
        pools.append(_with_new_tails(candidates, pools[-1], cut, many, _part(report, stage, stages)))
    return _joined(pools)


def _part(report: Callable[[float], None], stage: int, stages: int) -> Callable[[float], None]:
    """Return what reports the share of one stage as that of all."""
    return lambda done: report((stage + done) / stages)


def _cuts(start: int, stop: int, many: int) -> list[int]:
    """Return the ticks where candidates are cut."""
    longest = min(_LONGEST_TAIL, (stop - start) // 2)
    return [stop - (longest >> halvings) for halvings in range(many) if longest >> halvings]


def _with_new_tails(candidates: Candidates, pool: Pool, cut: int, many: int, report: Callable[[float], None]) -> Pool:
    tails = np.array([candidate.tail_score(cut) for candidate in pool.candidates])
    heads = pool.weights - tails
    leaning = heads + _TRUST * tails
    chosen = copies(leaning, many, candidates.rng)
    drawn, numbers = candidates.redraw([pool.candidates[head].head(cut) for head in chosen], cut, report)
    own = chosen[numbers]
    new = np.array([candidate.tail_score(cut) for candidate in drawn])
    return Pool(drawn, heads[own] - leaning[own] + _log_sum(leaning) - np.log(many) + new, many)


def _joined(pools: list[Pool]) -> Pool:
    many = sum(pool.drawn for pool in pools)
    weights = [pool.weights + np.log(pool.drawn / many) for pool in pools]
    return Pool(tuple(each for pool in pools for each in pool.candidates), np.concatenate(weights), many)


def _log_sum(logs: Array) -> float:
    top = float(logs.max(initial=-np.inf))
    return top + float(np.log(np.exp(logs - top).sum()))
