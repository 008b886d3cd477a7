"""得分范围: the least and the greatest score a rule can give."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from kaoping.core import rules
from kaoping.core.canonical import exactly

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaoping.core.rules import Limit, Rule


def resolved(limit: Limit, points: Decimal) -> Decimal | None:
    """A floor or cap as a number for a task of `points`; None where there is no limit."""
    if isinstance(limit, Decimal):
        return limit
    return points if limit == rules.FULL_POINTS else None


Bounds = tuple[Decimal | None, Decimal | None]
"""The least and the greatest score a rule can give; None where there is no limit."""


def bounds_of(rule: Rule, points: Decimal) -> Bounds:
    """The floor and cap of a rule for a task of `points`.

    Where they cross, the cap wins; a `step` or `rank` has no cap but its natural top, and there
    the floor wins.
    """
    low, high = declared_bounds(rule, points)
    if low is None or high is None or low <= high:
        return low, high
    return (low, low) if isinstance(rule, rules.Step | rules.Rank) else (high, high)


@exactly
def declared_bounds(rule: Rule, points: Decimal) -> Bounds:
    """The floor and cap of a rule as its parameters say, also where they cross."""
    zero = Decimal(0)
    match rule:
        case rules.Ratio():
            return zero, points * rule.cap
        case rules.Bands():
            return _spread(band.points for band in rule.bands)
        case rules.Interpolate():
            return _spread(score for _, score in rule.points)
        case rules.Count() | rules.Sum() | rules.Formula():
            return resolved(rule.floor, points), resolved(rule.cap, points)
        case rules.Step():
            return resolved(rule.floor, points), _step_top(rule, points)
        case rules.YesNo():
            return _spread((points, rule.otherwise))
        case rules.Checklist() | rules.Efficacy():
            return zero, points
        case rules.Rank():
            if rule.bands:
                return _spread((zero, *(band.points for band in rule.bands)))
            return resolved(rule.floor, points), resolved(rule.first, points)
        case rules.Judgement():
            return rule.low, resolved(rule.high, points)
        case rules.Least() | rules.Weighted():
            return _part_bounds(rule, points)
        case _:
            assert_never(rule)


def _step_top(rule: rules.Step, points: Decimal) -> Decimal | None:
    if rule.up is None:
        return points
    return None if rule.up.cap is None else points + rule.up.cap


def _spread(values: Iterable[Decimal]) -> Bounds:
    listed = list(values)
    return (min(listed), max(listed)) if listed else (None, None)


def _part_bounds(rule: rules.Least | rules.Weighted, points: Decimal) -> Bounds:
    inner = [bounds_of(part.rule, points) for part in rule.parts]
    lows, highs = [low for low, _ in inner], [high for _, high in inner]
    if isinstance(rule, rules.Least):
        known = [high for high in highs if high is not None]
        return _least_known(lows), min(known) if known else None
    weights = [part.weight or Decimal(0) for part in rule.parts]
    return _weighed(weights, lows), _weighed(weights, highs)


def _least_known(lows: list[Decimal | None]) -> Decimal | None:
    known = [low for low in lows if low is not None]
    return min(known) if known and len(known) == len(lows) else None


def _weighed(weights: list[Decimal], ends: list[Decimal | None]) -> Decimal | None:
    if any(end is None for end in ends):
        return None
    return sum((w * end for w, end in zip(weights, ends, strict=True) if end), Decimal(0))
