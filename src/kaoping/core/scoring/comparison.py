"""同组比较: what units bring to a rule, and how they stand against each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from kaoping.core import rules
from kaoping.core.rules import Measure, Order, Ties

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one unit brings to one rule; None where it is not there.

    Attributes:
        value, previous, of: the inputs of the rule itself.
        counts: how often each line occurred; an absent line counts 0.
        target: the unit's own target; None where the rule's counts.
        awarded: points awarded by a person's judgement.
        parts: the inputs of the rule's parts by name.
        measure: the unit of measure of the value, as reasons name it.
    """

    value: Decimal | bool | None = None
    previous: Decimal | None = None
    of: Decimal | None = None
    counts: Mapping[str, Decimal] = field(default_factory=dict)
    target: Decimal | None = None
    awarded: Decimal | None = None
    parts: Mapping[str, Inputs] = field(default_factory=dict)
    measure: str = ""


NO_INPUTS = Inputs()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one value stands in its group: rank (fraction under average ties), how many share it."""

    rank: Fraction
    shared: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The group's measures for one rule: mean, extremes and ranks; complete or not."""

    mean: Fraction
    least: Fraction
    greatest: Fraction
    standings: Mapping[str, Standing]
    size: int
    complete: bool


class Group:
    """组: the units compared with each other on one task; comparisons are computed once a rule.

    Args:
        members: the inputs of every applicable unit, absent ones included.
        absent: units a person declared absent: left out of mean and extremes, ranked last.
        ties: how equal ranks are numbered unless a rule says otherwise.
    """

    def __init__(self, members: Mapping[str, Inputs], absent: frozenset[str], ties: Ties) -> None:
        self.members = members
        self.absent = absent
        self.ties = ties
        self._compared: dict[tuple[int, tuple[str, ...]], Comparison | None] = {}

    def compare(
        self, rule: rules.Step | rules.Rank | rules.Efficacy, path: tuple[str, ...]
    ) -> Comparison | None:
        """The group's comparison for a rule at a path of parts; None where nobody has a value."""
        key = (id(rule), path)
        if key not in self._compared:
            self._compared[key] = self._comparison(rule, path)
        return self._compared[key]

    def _comparison(
        self, rule: rules.Step | rules.Rank | rules.Efficacy, path: tuple[str, ...]
    ) -> Comparison | None:
        present = {
            unit: _measured(rule, _inputs_at(inputs, path))
            for unit, inputs in self.members.items()
            if unit not in self.absent
        }
        values = {unit: value for unit, value in present.items() if value is not None}
        if not values:
            return None
        ordered = isinstance(rule, rules.Rank)
        ties = (rule.ties if isinstance(rule, rules.Rank) else None) or self.ties
        descending = isinstance(rule, rules.Rank) and rule.order is Order.DESCENDING
        return Comparison(
            mean=sum(values.values(), Fraction(0)) / len(values),
            least=min(values.values()),
            greatest=max(values.values()),
            standings=standings(values, ties, descending=descending) if ordered else {},
            size=len(present),
            complete=len(values) == len(present),
        )


def _inputs_at(inputs: Inputs, path: tuple[str, ...]) -> Inputs:
    for name in path:
        inputs = inputs.parts.get(name, NO_INPUTS)
    return inputs


def _measured(rule: rules.Step | rules.Rank | rules.Efficacy, inputs: Inputs) -> Fraction | None:
    if inputs.value is None or isinstance(inputs.value, bool):
        return None
    value = Fraction(inputs.value)
    if isinstance(rule, rules.Step) and rule.measure is Measure.GROWTH:
        if inputs.previous is None or inputs.previous <= 0:
            return None
        previous = Fraction(inputs.previous)
        return (value - previous) / previous * 100
    return value


def standings(
    values: Mapping[str, Fraction], ties: Ties, *, descending: bool
) -> dict[str, Standing]:
    """The rank of every name by its value; 1 is best."""
    places: dict[Fraction, list[str]] = {}
    for name in sorted(values, key=lambda name: values[name], reverse=descending):
        places.setdefault(values[name], []).append(name)
    result: dict[str, Standing] = {}
    before = 0
    for position, names in enumerate(places.values(), 1):
        match ties:
            case Ties.COMPETITION:
                rank = Fraction(before + 1)
            case Ties.DENSE:
                rank = Fraction(position)
            case Ties.AVERAGE:
                rank = Fraction(2 * before + len(names) + 1, 2)
            case _:
                assert_never(ties)
        before += len(names)
        result |= {name: Standing(rank, len(names)) for name in names}
    return result
