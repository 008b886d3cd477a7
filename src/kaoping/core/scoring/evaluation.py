"""计分: one rule, one unit's inputs → an unrounded score with its working, exactly.

`evaluate_rule` gives either `Evaluated` or `Unscorable`: a missing input is never zero, and a value
the rule cannot score is a problem for a person, never a guess. The order inside a rule is: parts,
the rule itself (`raw`), its floor and cap (`term`); rounding comes later and once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, assert_never

from kaoping.core import formula, rules
from kaoping.core.bounds import bounds_of, resolved
from kaoping.core.canonical import about, plain, shown
from kaoping.core.rules import Limit, Measure, Rule, Start
from kaoping.core.scoring.comparison import NO_INPUTS
from kaoping.core.working import Term, exact, greater, number, smaller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
        why: what decided the score, as a person says it; empty where counted facts say it.
    """

    raw: Fraction
    term: Term
    steps: tuple[str, ...] = ()
    provisional: bool = False
    why: str = ""


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


def _plain_score(term: Term, why: str = "") -> Evaluated:
    return Evaluated(term.value, term, why=why)


def _with_measure(value: Decimal, cell: Cell) -> str:
    return plain(value) + cell.inputs.measure


def _measured(cell: Cell) -> str:
    value = cell.inputs.value
    return "" if value is None or isinstance(value, bool) else _with_measure(value, cell)


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


def limited(term: Term, floor: Limit, cap: Limit, points: Decimal, why: str = "") -> Evaluated:
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
    return Evaluated(raw, term, tuple(steps), why=why)


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
    rate = f"完成率{about(ratio.value * 100)}%"
    if rule.zero_below is not None and ratio.value < Fraction(rule.zero_below):
        fact = f"{ratio.text} < {plain(rule.zero_below)}，不得分"
        lowest = shown(Fraction(rule.zero_below) * 100)
        return _plain_score(NOTHING.because(fact), f"{rate}，低于{lowest}%，不得分")
    raw = points.value * ratio.value
    if ratio.value > cap.value:
        step = f"完成率 {shown(ratio.value * 100)}% 超过上限，按 {shown(cap.value * 100)}% 计"
        return Evaluated(raw, points * smaller(ratio, cap), (step,), why=rate)
    if ratio.value < 0:
        return Evaluated(raw, points * greater(ratio, NOTHING), ("低于零，按 0 计",), why=rate)
    # The long form P × x ÷ target is how a clerk writes it; it is the same number.
    top, _, bottom = ratio.text.partition(" ÷ ")
    term = Term(raw, f"{(points * Term(raw, top, 2)).text} ÷ {bottom}", 1)
    return Evaluated(raw, term, why=rate)


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
            term = number(band.points).because(f"{lower}{plain(value)}{upper}")
            return _plain_score(term, f"实际{_measured(cell)}，属“{_band_text(band, cell)}”一档")
    return _inapplicable(f"数值 {plain(value)} 不在任何一档")


def _band_text(band: rules.Band, cell: Cell) -> str:
    lower = "" if band.lower is None else f"{_with_measure(band.lower, cell)}（含）"
    upper = "" if band.upper is None else f"{_with_measure(band.upper, cell)}"
    if lower and upper:
        return f"{lower}至{upper}（不含）"
    return f"{lower}以上" if lower else f"低于{upper}" if upper else "不分高低"


def _interpolate(rule: rules.Interpolate, cell: Cell) -> Outcome:
    value = _value_of(cell)
    if isinstance(value, Unscorable):
        return value
    points = rule.points
    (first, least), (last, greatest) = points[0], points[-1]
    if value <= first:
        why = f"实际{_measured(cell)}，不高于{_with_measure(first, cell)}"
        return _plain_score(number(least).because(f"{plain(value)} ≤ {plain(first)}"), why)
    if value >= last:
        why = f"实际{_measured(cell)}，不低于{_with_measure(last, cell)}"
        return _plain_score(number(greatest).because(f"{plain(value)} ≥ {plain(last)}"), why)
    index = next(i for i, (at, _) in enumerate(points) if value < at)
    (left, low), (right, high) = points[index - 1], points[index]
    fact = f"{plain(left)} ≤ {plain(value)} < {plain(right)}"
    way = number(value) - number(left)
    span = number(right) - number(left)
    rise = number(high) - number(low)
    ends = f"{_with_measure(left, cell)}与{_with_measure(right, cell)}"
    why = f"实际{_measured(cell)}，在{ends}之间，按比例得分"
    return _plain_score(number(low).because(fact) + rise * way / span, why)


def _count(rule: rules.Count, cell: Cell) -> Outcome:
    is_full = rule.start is Start.FULL
    term, started = number(cell.points) if is_full else NOTHING, is_full
    if not any(cell.inputs.counts.values()):
        term = term.because("没有扣分" if is_full else "没有计分事实")
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
    scored = limited(term, rule.floor, rule.cap, cell.points)
    return replace(scored, why=_count_reason(rule, cell, scored))


def _count_reason(rule: rules.Count, cell: Cell, scored: Evaluated) -> str:
    """What the counted facts do not say themselves: floor, cap, or that there are none."""
    if scored.term.value > scored.raw:
        return f"扣完为止，按{shown(scored.term.value)}分计"
    if scored.term.value < scored.raw:
        return f"最高{shown(scored.term.value)}分"
    if rule.start is Start.FULL:
        return ""
    if not any(cell.inputs.counts.values()):
        return "没有可计分的事实"
    return f"合计{shown(scored.term.value)}分，满分{plain(cell.points)}分"


def _yes_no(rule: rules.YesNo, cell: Cell) -> Outcome:
    value = cell.inputs.value
    if value is None:
        return missing("value", cell)
    if not isinstance(value, bool):
        return _inapplicable("这里应填“是”或“否”")
    term = number(cell.points).because("是") if value else number(rule.otherwise).because("否")
    return _plain_score(term, "" if value else "结果为“否”")


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
    short = shown(Fraction(of) - Fraction(done))
    measure = cell.inputs.measure or "项"
    why = f"应完成{plain(of)}{measure}，完成{plain(done)}{measure}，差{short}{measure}"
    return _plain_score(number(cell.points) * number(done) / number(of), why)


def _judgement(rule: rules.Judgement, cell: Cell) -> Outcome:
    awarded = cell.inputs.awarded
    low, high = bounds_of(rule, cell.points)
    if awarded is None:
        part = "".join(f"分项“{step}”" for step in cell.path)
        return Unscorable("INPUT-MISSING", f"{part}尚未评议", "请在决定表中写 judgement 和理由")
    if low is None or high is None or not low <= awarded <= high:
        bottom, top = ("" if end is None else plain(end) for end in (low, high))
        return Unscorable(
            "DECISION-OUT-OF-RANGE",
            f"评议给 {plain(awarded)} 分，应在 {bottom} 至 {top} 之间",
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
    scored = limited(term, rule.floor, rule.cap, cell.points)
    return replace(scored, why=f"按公式计得{about(scored.term.value)}分")


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
    return _plain_score(NOTHING.because("缺报"), "缺报，计0分")


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
    scored = _stepped(rule, cell, measured, target)
    return replace(scored, provisional=provisional)


def _measure(rule: rules.Step, value: Decimal, cell: Cell) -> Term | Unscorable:
    if rule.measure is Measure.VALUE:
        return number(value)
    previous = cell.inputs.previous
    if previous is None:
        return missing("previous", cell)
    if previous <= 0:
        return _inapplicable(f"上期数 {plain(previous)} 不大于零，增幅无意义")
    return (number(value) - number(previous)) / number(previous) * HUNDRED


def _stepped(rule: rules.Step, cell: Cell, measured: Term, target: Term) -> Evaluated:
    points = number(cell.points)
    rising = measured.value >= target.value
    side = rule.up if rising else rule.down
    gap = measured - target if rising else target - measured
    fact = _step_fact(rule, measured, target)
    if side is None or gap.value == 0:
        scored = limited(points.because(fact), rule.floor, rules.UNLIMITED, cell.points)
        return replace(scored, why=_step_reason(rule, cell, measured, target))
    steps = gap / number(side.per)
    if rule.whole:
        whole = math.floor(steps.value)
        steps = exact(Fraction(whole)).because(f"{fact}，计 {whole} 步")
    change = steps * number(side.points)
    if side.cap is not None and change.value > side.cap:
        change = smaller(change, number(side.cap))
    term = points + change if rising else points - change
    scored = limited(term, rule.floor, rules.UNLIMITED, cell.points)
    return replace(scored, why=_step_reason(rule, cell, measured, target))


def _step_fact(rule: rules.Step, measured: Term, target: Term) -> str:
    """实际 13，目标 12，高 1; a growth rate with the arithmetic it comes from."""
    is_growth = rule.measure is Measure.GROWTH
    value = f"增速 {measured.text} 得 {shown(measured.value)}" if is_growth else measured.text
    label = "同组平均" if rule.target == "mean" else "目标"
    gap = measured.value - target.value
    distance = f"{'高' if gap > 0 else '低'} {shown(abs(gap))}" if gap else "持平"
    facts = (value if is_growth else f"实际 {value}", f"{label} {shown(target.value)}", distance)
    return "，".join(facts).replace("-", "−")


def _step_reason(rule: rules.Step, cell: Cell, measured: Term, target: Term) -> str:
    is_growth = rule.measure is Measure.GROWTH
    measure = "%" if is_growth else cell.inputs.measure
    apart = "个百分点" if measure == "%" else measure
    rate = f"增速{about(measured.value)}%，".replace("-", "−") if is_growth else ""
    label = "同组平均" if rule.target == "mean" else "目标"
    gap = measured.value - target.value
    if not gap:
        return f"{rate}与{label}持平"
    distance = f"{'高' if gap > 0 else '低'}{about(abs(gap))}{apart}"
    return f"{rate}比{label}{about(target.value)}{measure}{distance}"


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
    why = f"{comparison.size}个单位中第{shown(standing.rank)}名"
    if standing.shared > 1:
        why += f"（{standing.shared}个单位并列）"
    scored = _ranked(rule, cell.points, standing.rank, fact)
    return replace(scored, provisional=not comparison.complete, why=why)


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
        return replace(_plain_score(points.because("各单位数值相同")), provisional=provisional)
    scored = _efficacy_score(rule, points, number(value), low, high)
    ends = f"低限{shown(low.value)}、高限{shown(high.value)}"
    if compares:
        ends = f"同组最低{shown(low.value)}、最高{shown(high.value)}"
    why = f"实际{_measured(cell)}，{ends}，{scored.why}"
    return replace(scored, provisional=provisional, why=why)


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
    why = f"功效系数{about(coefficient.value)}"
    return Evaluated(raw, points * coefficient / full, steps, why=why)


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


def _joined_reasons(pairs: Iterable[tuple[rules.Part, Evaluated]]) -> str:
    return "；".join(f"{part.name}：{outcome.why}" for part, outcome in pairs if outcome.why)


def _sum(rule: rules.Sum, cell: Cell) -> Outcome:
    scored = _parts(rule, cell, lambda part: part.points or Decimal(0))
    if isinstance(scored, Unscorable):
        return scored
    terms = [_named(part, outcome) for part, outcome in zip(rule.parts, scored, strict=True)]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    result = limited(total, rule.floor, rule.cap, cell.points)
    pairs = zip(rule.parts, scored, strict=True)
    short = [pair for pair in pairs if pair[1].term.value < (pair[0].points or 0)]
    return replace(
        result,
        steps=_joined_steps(rule, scored) + result.steps,
        provisional=any(part.provisional for part in scored),
        why=_joined_reasons(short),
    )


def _least(rule: rules.Least, cell: Cell) -> Outcome:
    scored = _parts(rule, cell, lambda _: cell.points)
    if isinstance(scored, Unscorable):
        return scored
    terms = [_named(part, outcome) for part, outcome in zip(rule.parts, scored, strict=True)]
    least = terms[0]
    for term in terms[1:]:
        least = smaller(least, term)
    provisional = any(part.provisional for part in scored)
    pairs = zip(rule.parts, scored, strict=True)
    why = _joined_reasons(pair for pair in pairs if pair[1].term.value == least.value)
    return Evaluated(least.value, least, _joined_steps(rule, scored), provisional, why)


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
    pairs = zip(rule.parts, scored, strict=True)
    why = _joined_reasons(pair for pair in pairs if pair[1].term.value < cell.points)
    return Evaluated(total.value, total, _joined_steps(rule, scored), provisional, why)
