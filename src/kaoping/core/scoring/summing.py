"""汇总: from task scores to indicators, totals, ranks and grades.

An indicator is points × Σ published ÷ scale, or ÷ the unit's own applicable points where not all of
its tasks apply; bonus tasks are added after that, then cap and floor, then one rounding. Totals add
published points.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from kaoping.core.canonical import plain, round_half_up, shown
from kaoping.core.scheme import Effect, Totals, Treatment
from kaoping.core.scoring.choice import joined, veto_step
from kaoping.core.scoring.comparison import standings
from kaoping.core.scoring.scores import IndicatorScore, ScoreState, TaskScore, UnitTotal
from kaoping.core.working import Term, added, number, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaoping.core.results import Decision
    from kaoping.core.scheme import Indicator, Scheme, Veto
    from kaoping.core.scoring.choice import Book, Key

ZERO = Decimal(0)


# --- indicators ------------------------------------------------------------------------------------


def score_indicators(book: Book, tasks: Mapping[Key, TaskScore]) -> dict[Key, IndicatorScore]:
    """The scores of all units on all indicators, with ranks."""
    scheme = book.scheme
    scored: dict[Key, IndicatorScore] = {}
    for indicator in scheme.indicators:
        for unit in scheme.units:
            rows = [tasks[k] for t in indicator.tasks if (k := (unit.id, t.id)) in tasks]
            if rows:
                scored[unit.id, indicator.id] = _score_indicator(book, indicator, unit.id, rows)
    return _with_ranks(scheme, scored)


def _score_indicator(
    book: Book, indicator: Indicator, unit: str, rows: list[TaskScore]
) -> IndicatorScore:
    scheme = book.scheme
    divisor, lost = _divisor(scheme, indicator, unit, rows)
    share = Fraction(divisor - lost) / Fraction(divisor) if divisor else Fraction(0)
    blank = IndicatorScore(
        unit=unit,
        indicator=indicator.id,
        applicable_points=divisor - lost,
        reachable_points=round_half_up(Fraction(indicator.points) * share, scheme.places),
        raw=None,
        capped=None,
        rounded=None,
        published=None,
        without_veto=None,
        state=ScoreState.INCOMPLETE,
        working="",
        steps=(),
    )
    if divisor == 0:
        return replace(blank, state=ScoreState.NOT_APPLICABLE, steps=("各项任务均不涉及",))
    scored = _sum_up(scheme, indicator, blank, divisor, rows, veto=True)
    plain_score = _sum_up(scheme, indicator, blank, divisor, rows, veto=False)
    scored = replace(scored, without_veto=plain_score.published)
    if plain_score.published is not None and plain_score.published != scored.published:
        before = f"一票否决前，指标得分 {plain(plain_score.published)}"
        scored = replace(scored, steps=(*scored.steps, before))
    return _with_indicator_veto(book, indicator, scored)


def _divisor(
    scheme: Scheme, indicator: Indicator, unit: str, rows: list[TaskScore]
) -> tuple[Decimal, Decimal]:
    """What Σ published is divided by, and how much of it vanished with dropped tasks."""
    own = {row.task: row for row in rows}
    tasks = [task for task in indicator.tasks if not task.bonus]
    points = {task.id: scheme.points_of(unit, task) for task in tasks if task.id in own}
    treatments = {
        task.id: scheme.treatment(task).treatment
        for task in tasks
        if task.id in own and _is_left_out(own[task.id])
    }
    rescaled = [task for task, how in treatments.items() if how is Treatment.RESCALE]
    dropped = [task for task, how in treatments.items() if how is Treatment.DROP]
    complete = len(points) == len(tasks) and not rescaled
    divisor = (
        indicator.scale
        if complete
        else sum((value for task, value in points.items() if task not in rescaled), ZERO)
    )
    lost = sum((points[task] for task in dropped), ZERO)
    if len(rescaled) + len(dropped) == len(points) or divisor <= 0:
        return ZERO, ZERO
    return divisor, lost


def _is_left_out(row: TaskScore) -> bool:
    return row.state is ScoreState.NOT_APPLICABLE and row.published is None


def _is_provisional(row: TaskScore) -> bool:
    """Whether a score waits for others: its own state, or the group's mean it stands on.

    A row that is 不涉及 keeps that state; what its mean still waits for is its problem.
    """
    stands_on_mean = row.state is ScoreState.NOT_APPLICABLE
    waits = any(problem.code == "GROUP-INCOMPLETE" for problem in row.problems)
    return row.state is ScoreState.PROVISIONAL or (stands_on_mean and waits)


def _sum_up(
    scheme: Scheme,
    indicator: Indicator,
    blank: IndicatorScore,
    divisor: Decimal,
    rows: list[TaskScore],
    *,
    veto: bool,
) -> IndicatorScore:
    counted = [row for row in rows if not _is_left_out(row)]
    values = [row.published if veto else row.without_veto for row in counted]
    if any(value is None for value in values):
        waiting = "、".join(
            row.task for row, value in zip(counted, values, strict=True) if value is None
        )
        return replace(blank, steps=(f"待定：任务 {waiting} 尚无得分",))
    pairs = [
        (row.task, value) for row, value in zip(counted, values, strict=True) if value is not None
    ]
    term, raw, steps = _indicator_term(indicator, scheme, divisor, pairs)
    working, rounded = written(term, scheme.places)
    provisional = any(_is_provisional(row) for row in counted)
    return replace(
        blank,
        raw=raw,
        capped=term.value,
        rounded=rounded,
        published=rounded,
        state=ScoreState.PROVISIONAL if provisional else ScoreState.SCORED,
        working=working,
        steps=steps,
    )


def _indicator_term(
    indicator: Indicator, scheme: Scheme, divisor: Decimal, pairs: list[tuple[str, Decimal]]
) -> tuple[Term, Fraction, tuple[str, ...]]:
    ordinary = [number(v) for task, v in pairs if not scheme.task_by_id[task].bonus]
    bonuses = [number(v).because("加分") for task, v in pairs if scheme.task_by_id[task].bonus]
    total = added(ordinary) if ordinary else number(ZERO)
    if indicator.points != divisor:
        total = number(indicator.points) * total / number(divisor)
    term = added([total, *bonuses])
    raw, steps = term.value, []
    floor, cap = indicator.floor, indicator.cap
    if floor is not None and cap is not None and floor > cap:
        floor = cap  # the cap wins; the scheme check says so
    if indicator.cap is not None and term.value > indicator.cap:
        term = Term(Fraction(indicator.cap), f"min({term.text}, {plain(indicator.cap)})")
        steps.append(f"超过指标最高分，按 {plain(indicator.cap)} 计")
    elif floor is not None and term.value < floor:
        term = Term(Fraction(floor), f"max({term.text}, {number(floor).text})")
        steps.append(f"低于指标最低分，按 {plain(floor)} 计")
    return term, raw, tuple(steps)


def _with_indicator_veto(
    book: Book, indicator: Indicator, scored: IndicatorScore
) -> IndicatorScore:
    rows = [
        (veto, decision)
        for veto, task, decision in book.vetoes.get(scored.unit, ())
        if book.scheme.indicator_of[task.id].id == indicator.id
    ]
    reasons = [decision.reason for _, decision in rows]
    bases = [text for _, decision in rows for text in (decision.basis, decision.document)]
    scored = replace(scored, reason=joined(reasons), basis=joined(bases))
    acting = [row for row in rows if row[0].effect is Effect.ZERO_INDICATOR]
    if not acting:
        return scored
    for _, decision in acting:
        book.use(decision)
    steps = dict.fromkeys(veto_step(veto, by, scored.without_veto) for veto, by in acting)
    return replace(
        scored,
        published=round_half_up(Fraction(0), book.scheme.places),
        state=ScoreState.SCORED,
        steps=(*scored.steps, *steps),
    )


def _with_ranks(scheme: Scheme, scored: dict[Key, IndicatorScore]) -> dict[Key, IndicatorScore]:
    """The rank of each published indicator score within the unit's group."""
    groups: dict[Key, dict[str, Fraction]] = defaultdict(dict)
    for (unit, indicator), row in scored.items():
        if row.published is not None and row.state is not ScoreState.NOT_APPLICABLE:
            group = scheme.unit_by_id[unit].group
            groups[group, indicator][unit] = Fraction(row.published)
    ranked = dict(scored)
    for (_, indicator), values in groups.items():
        for unit, standing in standings(values, scheme.ties, descending=True).items():
            key = (unit, indicator)
            ranked[key] = replace(scored[key], rank=shown(standing.rank))
    return ranked


# --- totals ----------------------------------------------------------------------------------------


def score_totals(book: Book, indicators: Mapping[Key, IndicatorScore]) -> dict[str, UnitTotal]:
    """The totals of all units, with ranks and grades."""
    scheme = book.scheme
    totals = {}
    for unit in scheme.units:
        rows = [indicators[k] for i in scheme.indicators if (k := (unit.id, i.id)) in indicators]
        if rows:
            totals[unit.id] = _score_total(book, unit.id, rows)
    return _with_total_ranks(scheme, totals)


def _score_total(book: Book, unit: str, rows: list[IndicatorScore]) -> UnitTotal:
    scheme = book.scheme
    counted = [row for row in rows if row.state is not ScoreState.NOT_APPLICABLE]
    reachable = sum((row.reachable_points for row in counted), ZERO)
    blank = UnitTotal(
        unit=unit,
        applicable_points=reachable,
        published=None,
        without_veto=None,
        state=ScoreState.INCOMPLETE if counted else ScoreState.NOT_APPLICABLE,
        working="",
        steps=(),
        rank=None,
        grade="",
        awards_barred=False,
    )
    if not counted:
        return _with_total_veto(book, blank)
    values = [row.published for row in counted if row.published is not None]
    plain_values = [row.without_veto for row in counted if row.without_veto is not None]
    if len(values) < len(counted):
        return _with_total_veto(book, replace(blank, steps=("待定：有指标尚无得分",)))
    own_points = sum((scheme.indicator_by_id[row.indicator].points for row in counted), ZERO)
    working, published = written(_total_term(scheme, values, own_points), scheme.places)
    before = (
        written(_total_term(scheme, plain_values, own_points), scheme.places)[1]
        if len(plain_values) == len(counted)
        else None
    )
    provisional = any(row.state is ScoreState.PROVISIONAL for row in counted)
    scored = replace(
        blank,
        published=published,
        without_veto=before,
        state=ScoreState.PROVISIONAL if provisional else ScoreState.SCORED,
        working=working,
    )
    return _with_total_veto(book, scored)


def _total_term(scheme: Scheme, values: list[Decimal], own_points: Decimal) -> Term:
    total = added([number(value) for value in values])
    everything = sum((indicator.points for indicator in scheme.indicators), ZERO)
    if scheme.totals is Totals.RESCALE and own_points != everything:
        return number(everything) * total / number(own_points)
    return total


def _with_total_veto(book: Book, scored: UnitTotal) -> UnitTotal:
    """The total after the vetoes that act on totals, also on one that is still open.

    One that is not applicable stays so and has no grade; only awards are barred.
    """
    not_applicable = scored.state is ScoreState.NOT_APPLICABLE
    lowest = False
    for veto, _, decision in book.vetoes.get(scored.unit, ()):
        if not_applicable and veto.effect is not Effect.NO_AWARD:
            continue
        after = _vetoed_total(book.scheme, scored, veto, decision)
        if after is not None:
            book.use(decision)
            scored, lowest = after, lowest or veto.effect is Effect.LOWEST_GRADE
    if lowest:
        grade = min(book.scheme.grades, key=lambda row: row.lowest).name
    else:
        grade = _grade(book.scheme, scored.published)
    return replace(scored, grade=grade)


def _vetoed_total(
    scheme: Scheme, scored: UnitTotal, veto: Veto, decision: Decision
) -> UnitTotal | None:
    """The total after one veto, its grade aside; None where the veto is not about totals."""
    declared = f"一票否决“{veto.name}”（{decision.document}）"
    match veto.effect:
        case Effect.ZERO_TOTAL:
            step = veto_step(veto, decision, scored.without_veto)
            zero = round_half_up(Fraction(0), scheme.places)
            scored = replace(scored, published=zero, state=ScoreState.SCORED)
        case Effect.LOWEST_GRADE:
            step = f"{declared}：定为最低等次"
        case Effect.NO_AWARD:
            step = f"{declared}：取消评先评优资格"
            scored = replace(scored, awards_barred=True)
        case Effect.ZERO_TASK | Effect.ZERO_TASKS | Effect.ZERO_INDICATOR:
            return None
        case _:
            assert_never(veto.effect)
    return replace(scored, steps=tuple(dict.fromkeys((*scored.steps, step))))


def _grade(scheme: Scheme, published: Decimal | None) -> str:
    """The grade with the highest start that the total reaches; empty where none does."""
    if published is None:
        return ""
    reached = [grade for grade in scheme.grades if published >= grade.lowest]
    return max(reached, key=lambda grade: grade.lowest).name if reached else ""


def _with_total_ranks(scheme: Scheme, totals: dict[str, UnitTotal]) -> dict[str, UnitTotal]:
    groups: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for unit, row in totals.items():
        if row.published is not None:
            groups[scheme.unit_by_id[unit].group][unit] = Fraction(row.published)
    ranked = dict(totals)
    for values in groups.values():
        for unit, standing in standings(values, scheme.ties, descending=True).items():
            ranked[unit] = replace(totals[unit], rank=shown(standing.rank))
    return ranked
