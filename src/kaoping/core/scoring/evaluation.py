"""计分: one rule, one unit's inputs → an unrounded score with its working, exactly.

`evaluate_rule` gives either `Evaluated` or `Unscorable`: a missing input is never zero, and a value
the rule cannot score is a problem for a person, never a guess. The order inside a rule is: parts,
the rule itself (`raw`), its floor and cap (`term`); rounding comes later and once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, assert_never

from kaoping.core import formula, rules
from kaoping.core.canonical import plain, shown
from kaoping.core.rules import Limit, Measure, Rule, Start
from kaoping.core.scoring.bounds import resolved
from kaoping.core.scoring.comparison import NO_INPUTS
from kaoping.core.working import Term, exact, greater, number, smaller

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.core.scoring.comparison import Comparison, Group, Inputs

HUNDRED = number(Decimal(100))
NOTHING = number(Decimal(0))


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A score before rounding.

    Attributes:
        raw: before the rule's floor and cap.
        term: after them, with the text that computes it.
        steps: sentences on floor and cap, where they acted.
        provisional: whether values of the group are still missing.
    """

    raw: Fraction
    term: Term
    steps: tuple[str, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Unscorable:
    """Why there is no score, as a problem code, a sentence and what to do."""

    code: str
    message: str
    suggestion: str = "请补报数据，或由负责人决定并写明理由"


Outcome = Evaluated | Unscorable


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit on one task (or part): the points at stake, its inputs and its group."""

    unit: str
    points: Decimal
    inputs: Inputs
    group: Group
    path: tuple[str, ...] = ()

    def part(self, name: str, points: Decimal) -> Cell:
        """The cell of a part, with the part's own points."""
        inputs = self.inputs.parts.get(name, NO_INPUTS)
        return Cell(self.unit, points, inputs, self.group, (*self.path, name))

    @property
    def is_absent(self) -> bool:
        """Whether a person declared the unit absent from the comparison."""
        return self.unit in self.group.absent


def evaluate_rule(rule: Rule, cell: Cell) -> Outcome:
    """The score of a cell under a rule, before rounding."""
    match rule:
        case rules.Ratio():
            return _ratio(rule, cell)
        case rules.Bands():
            return _bands(rule, cell)
        case rules.Interpolate():
            return _interpolate(rule, cell)
        case rules.Count():
            return _count(rule, cell)
        case rules.Step():
            return _step(rule, cell)
        case rules.YesNo():
            return _yes_no(rule, cell)
        case rules.Checklist():
            return _checklist(cell)
        case rules.Rank():
            return _rank(rule, cell)
        case rules.Efficacy():
            return _efficacy(rule, cell)
        case rules.Sum():
            return _sum(rule, cell)
        case rules.Least():
            return _least(rule, cell)
        case rules.Weighted():
            return _weighted(rule, cell)
        case rules.Judgement():
            return _judgement(rule, cell)
        case rules.Formula():
            return _formula(rule, cell)
        case _:
            assert_never(rule)


# --- small pieces ----------------------------------------------------------------------------------


def _plain_score(term: Term) -> Evaluated:
    return Evaluated(term.value, term)


def missing(name: str, cell: Cell) -> Unscorable:
    """The problem of an input that is not there."""
    names = {"value": "数值", "previous": "上期数", "of": "应完成项数"}
    label = names.get(name, name)
    part = "".join(f"分项“{step}”的" for step in cell.path)
    return Unscorable("INPUT-MISSING", f"缺少{part}{label}")


def _inapplicable(message: str) -> Unscorable:
    return Unscorable(
        "RULE-INAPPLICABLE", message, "请核对数据；确实如此的，由负责人决定并写明理由"
    )


def _value_of(cell: Cell) -> Decimal | Unscorable:
    value = cell.inputs.value
    if value is None:
        return missing("value", cell)
    if isinstance(value, bool):
        return _inapplicable("这里应填数字，不是“是/否”")
    return value


def _target_of(own: Decimal | None, of_rule: Decimal | None) -> Decimal | Unscorable:
    target = of_rule if own is None else own
    return _inapplicable("没有目标值") if target is None else target


def limited(term: Term, floor: Limit, cap: Limit, points: Decimal) -> Evaluated:
    """A term after floor and cap; where the floor lies above the cap, the cap wins."""
    raw = term.value
    steps = []
    low, high = resolved(floor, points), resolved(cap, points)
    if low is not None and term.value < low:
        term = greater(term, number(low))
        steps.append(f"低于下限，按 {plain(low)} 计")
    if high is not None and term.value > high:
        term = smaller(term, number(high))
        steps.append(f"超过上限，按 {plain(high)} 计")
    return Evaluated(raw, term, tuple(steps))


# --- rules over one value --------------------------------------------------------------------------


def _ratio(rule: rules.Ratio, cell: Cell) -> Outcome:
    value, target = _value_of(cell), _target_of(cell.inputs.target, rule.target)
    if isinstance(value, Unscorable):
        return value
    if isinstance(target, Unscorable):
        return target
    if target <= 0:
        return _inapplicable(f"目标值 {plain(target)} 不大于零")
    points, cap = number(cell.points), number(rule.cap)
    if rule.lower_is_better:
        if value < 0:
            return _inapplicable(f"数值 {plain(value)} 小于零")
        if value == 0:
            return _plain_score((points * cap).because("越低越好，数值为零，按最高完成率计"))
    above, below = (target, value) if rule.lower_is_better else (value, target)
    ratio = number(above) / number(below)
    return _ratio_score(rule, points, ratio, cap)


def _ratio_score(rule: rules.Ratio, points: Term, ratio: Term, cap: Term) -> Evaluated:
    if rule.zero_below is not None and ratio.value < Fraction(rule.zero_below):
        fact = f"{ratio.text} < {plain(rule.zero_below)}，不得分"
        return Evaluated(Fraction(0), NOTHING.because(fact))
    raw = points.value * ratio.value
    if ratio.value > cap.value:
        step = f"完成率 {shown(ratio.value)} 超过上限，按 {cap.text} 计"
        return Evaluated(raw, points * smaller(ratio, cap), (step,))
    if ratio.value < 0:
        return Evaluated(raw, points * greater(ratio, NOTHING), ("低于零，按 0 计",))
    # The long form P × x ÷ target is how a clerk writes it; it is the same number.
    top, _, bottom = ratio.text.partition(" ÷ ")
    return Evaluated(raw, Term(raw, f"{(points * Term(raw, top, 2)).text} ÷ {bottom}", 1))


def _bands(rule: rules.Bands, cell: Cell) -> Outcome:
    value = _value_of(cell)
    if isinstance(value, Unscorable):
        return value
    for band in rule.bands:
        over = band.lower is None or value >= band.lower
        under = band.upper is None or value < band.upper
        if over and under:
            lower = "" if band.lower is None else f"{plain(band.lower)} ≤ "
            upper = "" if band.upper is None else f" < {plain(band.upper)}"
            return _plain_score(number(band.points).because(f"{lower}{plain(value)}{upper}"))
    return _inapplicable(f"数值 {plain(value)} 不在任何一档")


def _interpolate(rule: rules.Interpolate, cell: Cell) -> Outcome:
    value = _value_of(cell)
    if isinstance(value, Unscorable):
        return value
    points = rule.points
    if value <= points[0][0]:
        return _plain_score(number(points[0][1]).because(f"{plain(value)} ≤ {plain(points[0][0])}"))
    if value >= points[-1][0]:
        fact = f"{plain(value)} ≥ {plain(points[-1][0])}"
        return _plain_score(number(points[-1][1]).because(fact))
    index = next(i for i, (at, _) in enumerate(points) if value < at)
    (left, low), (right, high) = points[index - 1], points[index]
    fact = f"{plain(left)} ≤ {plain(value)} < {plain(right)}"
    way = number(value) - number(left)
    span = number(right) - number(left)
    rise = number(high) - number(low)
    return _plain_score(number(low).because(fact) + rise * way / span)


def _count(rule: rules.Count, cell: Cell) -> Outcome:
    term = number(cell.points) if rule.start is Start.FULL else NOTHING
    started = rule.start is Start.FULL
    for line in rule.lines:
        count = cell.inputs.counts.get(line.name, Decimal(0))
        if count == 0:
            continue
        part = number(count).because(line.name) * number(abs(line.each))
        if not started and line.each >= 0:
            term, started = part, True
        else:
            term = term - part if line.each < 0 else term + part
            started = True
    return limited(term, rule.floor, rule.cap, cell.points)


def _yes_no(rule: rules.YesNo, cell: Cell) -> Outcome:
    value = cell.inputs.value
    if value is None:
        return missing("value", cell)
    if not isinstance(value, bool):
        return _inapplicable("这里应填“是”或“否”")
    term = number(cell.points).because("是") if value else number(rule.otherwise).because("否")
    return _plain_score(term)


def _checklist(cell: Cell) -> Outcome:
    done = _value_of(cell)
    if isinstance(done, Unscorable):
        return done
    of = cell.inputs.of
    if of is None:
        return missing("of", cell)
    if of == 0:
        return Unscorable("INPUT-MISSING", "应完成项数为 0，不能计算", "请由负责人决定并写明理由")
    if done > of or done < 0 or of < 0:
        return _inapplicable(f"完成 {plain(done)} 项，应完成 {plain(of)} 项，数字不合理")
    return _plain_score(number(cell.points) * number(done) / number(of))


def _judgement(rule: rules.Judgement, cell: Cell) -> Outcome:
    awarded = cell.inputs.awarded
    high = resolved(rule.high, cell.points)
    if awarded is None:
        part = "".join(f"分项“{step}”" for step in cell.path)
        return Unscorable("INPUT-MISSING", f"{part}尚未评议", "请在决定表中写 judgement 和理由")
    if awarded < rule.low or (high is not None and awarded > high):
        top = "" if high is None else plain(high)
        return Unscorable(
            "DECISION-OUT-OF-RANGE",
            f"评议给 {plain(awarded)} 分，应在 {plain(rule.low)} 至 {top} 之间",
            "请改正评议分",
        )
    return _plain_score(number(awarded).because("评议"))


def _formula(rule: rules.Formula, cell: Cell) -> Outcome:
    values = {name: cell.inputs.counts.get(name, Decimal(0)) for name in rule.lines}
    values["points"] = cell.points
    for name in ("value", "previous", "of"):
        if name in rule.score.names:
            given = getattr(cell.inputs, name)
            if given is None:
                return missing(name, cell)
            values[name] = Decimal(int(given)) if isinstance(given, bool) else given
    if "target" in rule.score.names:
        if cell.inputs.target is None:
            return _inapplicable("没有目标值")
        values["target"] = cell.inputs.target
    try:
        term = formula.evaluate(rule.score, values)
    except formula.FormulaError as error:
        return _inapplicable(str(error))
    return limited(term, rule.floor, rule.cap, cell.points)


# --- rules over a group ----------------------------------------------------------------------------


def _compared(
    rule: rules.Step | rules.Rank | rules.Efficacy, cell: Cell
) -> Comparison | Unscorable:
    comparison = cell.group.compare(rule, cell.path)
    if comparison is None:
        return Unscorable("GROUP-INCOMPLETE", "同组没有可比的数据")
    if comparison.size == 1:
        return Unscorable(
            "GROUP-OF-ONE", "同组只有本单位，无从比较", "请由负责人决定得分并写明理由"
        )
    return comparison


def _absent_score() -> Evaluated:
    return _plain_score(NOTHING.because("缺席"))


def _step(rule: rules.Step, cell: Cell) -> Outcome:
    if cell.is_absent and rule.target == "mean":
        return _absent_score()
    value = _value_of(cell)
    if isinstance(value, Unscorable):
        return value
    measured = _measure(rule, value, cell)
    if isinstance(measured, Unscorable):
        return measured
    provisional = False
    if rule.target == "mean":
        comparison = _compared(rule, cell)
        if isinstance(comparison, Unscorable):
            return comparison
        target = exact(comparison.mean)
        provisional = not comparison.complete
    else:
        own = _target_of(cell.inputs.target, rule.target)
        if isinstance(own, Unscorable):
            return own
        target = number(own)
    label = "同组平均" if rule.target == "mean" else "目标"
    term = _stepped(rule, number(cell.points), measured, target, label)
    scored = limited(term, rule.floor, rules.UNLIMITED, cell.points)
    return Evaluated(scored.raw, scored.term, scored.steps, provisional)


def _measure(rule: rules.Step, value: Decimal, cell: Cell) -> Term | Unscorable:
    if rule.measure is Measure.VALUE:
        return number(value)
    previous = cell.inputs.previous
    if previous is None:
        return missing("previous", cell)
    if previous <= 0:
        return _inapplicable(f"上期数 {plain(previous)} 不大于零，增幅无意义")
    return (number(value) - number(previous)) / number(previous) * HUNDRED


def _stepped(rule: rules.Step, points: Term, measured: Term, target: Term, label: str) -> Term:
    side = rule.up if measured.value >= target.value else rule.down
    rising = measured.value >= target.value
    gap = measured - target if rising else target - measured
    fact = f"与{label} {shown(target.value)} 相差 {shown(measured.value - target.value)}"
    if side is None or gap.value == 0:
        return points.because(fact.replace("-", "−"))
    steps = gap / number(side.per)
    if rule.whole:
        whole = math.floor(steps.value)
        steps = exact(Fraction(whole)).because(f"{fact.replace('-', '−')}，计 {whole} 步")
    change = steps * number(side.points)
    if side.cap is not None and change.value > side.cap:
        change = smaller(change, number(side.cap))
    return points + change if rising else points - change


def _rank(rule: rules.Rank, cell: Cell) -> Outcome:
    if cell.is_absent:
        return _absent_score()
    value = _value_of(cell)
    if isinstance(value, Unscorable):
        return value
    comparison = _compared(rule, cell)
    if isinstance(comparison, Unscorable):
        return comparison
    standing = comparison.standings[cell.unit]
    shared = f"，并列 {standing.shared}" if standing.shared > 1 else ""
    fact = f"第 {shown(standing.rank)} 名{shared}"
    scored = _ranked(rule, cell.points, standing.rank, fact)
    return Evaluated(scored.raw, scored.term, scored.steps, not comparison.complete)


def _ranked(rule: rules.Rank, points: Decimal, rank: Fraction, fact: str) -> Evaluated:
    if rule.bands:
        for band in rule.bands:
            if rank <= band.to:
                return _plain_score(number(band.points).because(fact))
        return _plain_score(NOTHING.because(fact))
    first = number(resolved(rule.first, points) or Decimal(0)).because(fact)
    below = exact(rank - 1)
    term = first if below.value == 0 else first - number(rule.step or Decimal(0)) * below
    return limited(term, rule.floor, rules.UNLIMITED, points)


def _efficacy(rule: rules.Efficacy, cell: Cell) -> Outcome:
    compares = isinstance(rule.low, str) or isinstance(rule.high, str)
    if compares and cell.is_absent:
        return _absent_score()
    value = _value_of(cell)
    if isinstance(value, Unscorable):
        return value
    comparison: Comparison | None = None
    if compares:
        found = _compared(rule, cell)
        if isinstance(found, Unscorable):
            return found
        comparison = found
    low, high = _end(rule.low, comparison), _end(rule.high, comparison)
    provisional = comparison is not None and not comparison.complete
    points = number(cell.points)
    if low.value == high.value:
        return Evaluated(points.value, points.because("各单位数值相同"), (), provisional)
    scored = _efficacy_score(rule, points, number(value), low, high)
    return Evaluated(scored.raw, scored.term, scored.steps, provisional)


def _end(end: Decimal | Literal["min", "max"], comparison: Comparison | None) -> Term:
    if isinstance(end, Decimal):
        return number(end)
    if comparison is None:
        return NOTHING
    return exact(comparison.least if end == "min" else comparison.greatest)


def _efficacy_score(
    rule: rules.Efficacy, points: Term, value: Term, low: Term, high: Term
) -> Evaluated:
    base, span = number(rule.base), number(rule.span)
    full = base + span
    coefficient = base + span * (value - low) / (high - low)
    raw = points.value * coefficient.value / full.value
    steps: tuple[str, ...] = ()
    if coefficient.value < 0:
        coefficient, steps = greater(coefficient, NOTHING), ("功效系数低于零，按 0 计",)
    elif coefficient.value > full.value:
        coefficient = smaller(coefficient, full)
        steps = ("功效系数超过最高值，按最高值计",)
    return Evaluated(raw, points * coefficient / full, steps)


# --- rules with parts ------------------------------------------------------------------------------


def _parts(
    rule: rules.Sum | rules.Least | rules.Weighted,
    cell: Cell,
    points_of: Callable[[rules.Part], Decimal],
) -> list[Evaluated] | Unscorable:
    scored = []
    for part in rule.parts:
        outcome = evaluate_rule(part.rule, cell.part(part.name, points_of(part)))
        if isinstance(outcome, Unscorable):
            return outcome
        scored.append(outcome)
    return scored


def _joined_steps(
    rule: rules.Sum | rules.Least | rules.Weighted, scored: list[Evaluated]
) -> tuple[str, ...]:
    return tuple(
        f"{part.name}：{step}"
        for part, outcome in zip(rule.parts, scored, strict=True)
        for step in outcome.steps
    )


def _named(part: rules.Part, outcome: Evaluated) -> Term:
    return outcome.term.because(part.name)


def _sum(rule: rules.Sum, cell: Cell) -> Outcome:
    scored = _parts(rule, cell, lambda part: part.points or Decimal(0))
    if isinstance(scored, Unscorable):
        return scored
    terms = [_named(part, outcome) for part, outcome in zip(rule.parts, scored, strict=True)]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    result = limited(total, rule.floor, rule.cap, cell.points)
    steps = _joined_steps(rule, scored) + result.steps
    return Evaluated(result.raw, result.term, steps, any(part.provisional for part in scored))


def _least(rule: rules.Least, cell: Cell) -> Outcome:
    scored = _parts(rule, cell, lambda _: cell.points)
    if isinstance(scored, Unscorable):
        return scored
    terms = [_named(part, outcome) for part, outcome in zip(rule.parts, scored, strict=True)]
    least = terms[0]
    for term in terms[1:]:
        least = smaller(least, term)
    provisional = any(part.provisional for part in scored)
    return Evaluated(least.value, least, _joined_steps(rule, scored), provisional)


def _weighted(rule: rules.Weighted, cell: Cell) -> Outcome:
    scored = _parts(rule, cell, lambda _: cell.points)
    if isinstance(scored, Unscorable):
        return scored
    terms = [
        number(part.weight or Decimal(0)).because(part.name) * outcome.term
        for part, outcome in zip(rule.parts, scored, strict=True)
    ]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    provisional = any(part.provisional for part in scored)
    return Evaluated(total.value, total, _joined_steps(rule, scored), provisional)
