"""任务计分: every unit's score on one task, from what was chosen to what is published.

The order is fixed: parts → the rule's floor and cap → rounding → a person's adjustment → a veto.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.bounds import Bounds, bounds_of
from kaoping.core.canonical import about, plain, round_half_up
from kaoping.core.problems import Problem
from kaoping.core.results import Decision, DecisionKind
from kaoping.core.scheme import Effect, Treatment
from kaoping.core.scoring.choice import joined, place_of, value_text, veto_step
from kaoping.core.scoring.comparison import Group, Inputs
from kaoping.core.scoring.evaluation import Cell, Evaluated, Outcome, Unscorable, evaluate_rule
from kaoping.core.scoring.scores import LostPoint, ScoreState, TaskScore
from kaoping.core.working import Term, exact, number, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kaoping.core.results import Result
    from kaoping.core.scheme import Scheme, Task, Veto
    from kaoping.core.scoring.choice import Book, Chosen, Key

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Case:
    """One unit on one task: the points at stake, what was chosen, and the inputs made of it."""

    book: Book
    unit: str
    task: Task
    points: Decimal
    chosen: Mapping[str, Chosen]
    inputs: Inputs

    @property
    def place(self) -> str:
        return place_of(self.unit, self.task.id)

    @property
    def bounds(self) -> Bounds:
        """The floor and cap of the task's rule; none where there is no rule."""
        rule = self.task.rule
        return (None, None) if rule is None else bounds_of(rule, self.points)

    def given(self, name: str) -> Decimal | bool | None:
        pick = self.chosen.get(name)
        return None if pick is None else pick.value

    def amount(self, name: str) -> Decimal | None:
        value = self.given(name)
        return None if isinstance(value, bool) else value


def score_task(book: Book, task: Task) -> dict[Key, TaskScore]:
    """The scores of all units of a task, vetoes not yet applied."""
    scheme = book.scheme
    units = scheme.units_of_task[task.id]
    left_out = {unit: reason for unit in units if (reason := _not_applicable(book, unit, task))}
    cases = {unit: _gathered(book, unit, task) for unit in units if unit not in left_out}
    groups = _groups(book, task, {unit: case.inputs for unit, case in cases.items()})
    scored = {(unit, task.id): _score_case(case, groups[unit]) for unit, case in cases.items()}
    spared = {
        (unit, task.id): _score_not_applicable(scheme, task, unit, reason, scored)
        for unit, reason in left_out.items()
    }
    return scored | spared


def _not_applicable(book: Book, unit: str, task: Task) -> str:
    """Why a task does not apply to a unit; empty where it does."""
    decision = book.decided(unit, task.id, DecisionKind.NOT_APPLICABLE)
    if decision is not None:
        return f"经{decision.author}认定不涉及：{decision.reason}"
    return "方案列明不涉及" if book.scheme.assignment(unit, task.id).not_applicable else ""


def _groups(book: Book, task: Task, inputs: Mapping[str, Inputs]) -> dict[str, Group]:
    members: dict[str, dict[str, Inputs]] = defaultdict(dict)
    for unit, given in inputs.items():
        members[book.scheme.unit_by_id[unit].group][unit] = given
    needs_group = task.rule is not None and rules.uses_group(task.rule)
    groups = {}
    for name, group in members.items():
        absent = (
            frozenset(u for u in group if book.decided(u, task.id, DecisionKind.ABSENT))
            if needs_group
            else frozenset()
        )
        groups[name] = Group(group, absent, book.scheme.ties)
    return {unit: groups[book.scheme.unit_by_id[unit].group] for unit in inputs}


def _gathered(book: Book, unit: str, task: Task) -> _Case:
    """What a unit brings to a task."""
    points = book.scheme.points_of(unit, task)
    chosen = book.choose(unit, task)
    counts: dict[str, Decimal] = defaultdict(Decimal)
    for deduction in book.deductions.get((unit, task.id), ()):
        counts[deduction.line] += deduction.count
    case = _Case(book, unit, task, points, chosen, Inputs())
    if task.rule is None:
        return case
    return replace(case, inputs=_inputs(case, task.rule, "", counts))


def _inputs(case: _Case, rule: rules.Rule, path: str, counts: Mapping[str, Decimal]) -> Inputs:
    """The inputs of a rule, and inside them those of its parts."""
    assignment = case.book.scheme.assignment(case.unit, case.task.id)
    prefix = f"{path}." if path else ""
    own_of = assignment.of if not path else None
    awarded = (
        case.book.decided(case.unit, case.task.id, DecisionKind.JUDGEMENT, path)
        if isinstance(rule, rules.Judgement)
        else None
    )
    return Inputs(
        value=case.given(path),
        previous=case.amount(prefix + "previous"),
        of=own_of if own_of is not None else case.amount(prefix + "of"),
        counts={line: counts.get(prefix + line, ZERO) for line in rules.lines_of(rule)},
        target=assignment.targets.get(path) if path else assignment.target,
        awarded=_points_decided(awarded),
        parts={
            part.name: _inputs(case, part.rule, prefix + part.name, counts)
            for part in rules.parts_of(rule)
        },
        measure=case.task.form(path).unit_of_measure,
    )


def _points_decided(decision: Decision | None) -> Decimal | None:
    if decision is None or isinstance(decision.value, bool):
        return None
    return decision.value


def _score_case(case: _Case, group: Group) -> TaskScore:
    blank = _blank_score(case)
    if case.task.rule is None:
        return blank
    outcome = evaluate_rule(case.task.rule, Cell(case.unit, case.points, case.inputs, group))
    if isinstance(outcome, Unscorable):
        outcome = _decided_outcome(case) or outcome
    if isinstance(outcome, Unscorable):
        message = f"任务 {case.task.id}：{outcome.message}"
        problem = Problem(outcome.code, case.place, message, outcome.suggestion)
        return replace(blank, problems=(problem,), steps=(f"待定：{outcome.message}",))
    return _adjusted(case, _rounded(case, blank, outcome))


def _decided_outcome(case: _Case) -> Outcome | None:
    """A person's points for a rule that cannot be computed, inside the rule's own range."""
    decision = case.book.decided(case.unit, case.task.id, DecisionKind.JUDGEMENT)
    awarded = _points_decided(decision)
    if decision is None or awarded is None:
        return None
    low, high = case.bounds
    if (low is not None and awarded < low) or (high is not None and awarded > high):
        return Unscorable(
            "DECISION-OUT-OF-RANGE",
            f"决定给 {plain(awarded)} 分，超出办法规定的{_range_text(low, high)}",
            "请改正决定的分数",
        )
    term = number(awarded).because(f"{decision.author}决定")
    return Evaluated(term.value, term)


def _range_text(low: Decimal | None, high: Decimal | None) -> str:
    bottom = "不限" if low is None else plain(low)
    top = "不限" if high is None else plain(high)
    return f" {bottom} 至 {top} 分"


def _blank_score(case: _Case) -> TaskScore:
    """Everything about a case except its score."""
    book, unit, task, chosen = case.book, case.unit, case.task, case.chosen
    deductions = _lost_points(book, unit, task)
    decided = [
        row
        for kind in (DecisionKind.MISSING, DecisionKind.JUDGEMENT, DecisionKind.ABSENT)
        for row in book.decisions.get((unit, task.id, kind), ())
    ]
    reasons = [*(row.reason for row in deductions), *(row.reason for row in decided)]
    bases = [*(row.basis for row in deductions), *(row.basis for row in decided)]
    used = [row for pick in chosen.values() if (row := pick.row) is not None]
    return TaskScore(
        unit=unit,
        indicator=book.scheme.indicator_of[task.id].id,
        task=task.id,
        applicable_points=case.points,
        reported=_inputs_text(task, {name: pick.reported for name, pick in chosen.items()}),
        verified=_inputs_text(task, {name: pick.verified for name, pick in chosen.items()}),
        decided=_inputs_text(task, {name: pick.decided for name, pick in chosen.items()}),
        target=_target_text(case),
        raw=None,
        capped=None,
        rounded=None,
        adjustment=ZERO,
        published=None,
        without_veto=None,
        state=ScoreState.INCOMPLETE,
        working="",
        steps=(),
        reason=joined(reasons),
        basis=joined(bases),
        data_source=joined(row.data_source for row in used),
        value=case.inputs.value,
        goal=_amount_to_reach(task.rule, case.inputs),
        used=tuple(used),
        deductions=deductions,
    )


def _inputs_text(task: Task, given: Mapping[str, Result | Decision | None]) -> str:
    """Values by input, each with its unit of measure: 签约 5个；到位资金 8.40亿元."""
    values = {
        name: row.value for name, row in given.items() if row is not None and row.value is not None
    }
    texts = []
    for name, value in values.items():
        head, kind = _path_and_kind(name)
        if kind == "previous" and head in values:
            continue  # stands with the value it is compared with
        label = input_label(name)
        text = value_text(value, task.form(name).unit_of_measure)
        compared = _growth_text(task, head, values) if not kind else ""
        texts.append(f"{label} {text}{compared}".strip())
    return "；".join(texts)


_NAMED_INPUTS = ("previous", "of")
_INPUT_LABELS = {"previous": "上期", "of": "应完成"}


def _path_and_kind(name: str) -> tuple[str, str]:
    """The part an input belongs to, and which of its inputs it is; empty for the main value."""
    path, _, kind = name.rpartition(".") if name.endswith(_NAMED_INPUTS) else (name, "", "")
    return path, kind


def input_label(name: str) -> str:
    """How an input is called in print: 到位资金, 应完成; empty for the main value."""
    path, kind = _path_and_kind(name)
    return f"{path} {_INPUT_LABELS.get(kind, '')}".strip()


def _growth_text(task: Task, path: str, values: Mapping[str, Decimal | bool]) -> str:
    """（上期40.00亿元，增速2.55%）, where the rule measures growth."""
    name = f"{path}.previous" if path else "previous"
    value, previous = values.get(path), values.get(name)
    if isinstance(value, bool) or isinstance(previous, bool) or value is None or previous is None:
        return ""
    before = f"上期{value_text(previous, task.form(name).unit_of_measure)}"
    if previous <= 0:
        return f"（{before}）"
    growth = (Fraction(value) - Fraction(previous)) / Fraction(previous) * 100
    return f"（{before}，增速{about(growth)}%）"


def _amount_to_reach(rule: rules.Rule | None, own: Inputs) -> Decimal | None:
    """The amount that the main value is measured against; None where more is not better."""
    match rule:
        case rules.Ratio(lower_is_better=False) | rules.Step(measure=rules.Measure.VALUE):
            target = own.target if own.target is not None else rule.target
            return target if isinstance(target, Decimal) else None
        case rules.Checklist():
            return own.of
        case rules.Formula():
            return own.target
        case _:
            return None


def _target_text(case: _Case) -> str:
    """What the rule asks of the unit, part by part: 27.00亿元；开工率 不低于90%."""
    texts = []
    for path, rule in rules.walk(case.task.rule) if case.task.rule else ():
        own = case.inputs
        for name in path.split(".") if path else ():
            own = own.parts.get(name, Inputs())
        goal = _goal(rule, own)
        if goal:
            texts.append(f"{path} {goal}".strip())
    return "；".join(texts)


def _goal(rule: rules.Rule, own: Inputs) -> str:
    """What earns full marks under a rule, where the rule itself says so; empty elsewhere."""
    measure = own.measure
    match rule:
        case rules.Ratio() | rules.Step():
            target = own.target if own.target is not None else rule.target
            growth = isinstance(rule, rules.Step) and rule.measure is rules.Measure.GROWTH
            if target == "mean":
                return "增速达到同组平均" if growth else "同组平均"
            if not isinstance(target, Decimal):
                return ""
            return f"增速{plain(target)}%" if growth else plain(target) + measure
        case rules.Bands():
            best = max(rule.bands, key=lambda band: band.points)
            if best.lower is not None and best.upper is None:
                return f"不低于{plain(best.lower)}{measure}"
            return "" if best.upper is None else f"低于{plain(best.upper)}{measure}"
        case rules.Interpolate():
            (first, least), (last, greatest) = rule.points[0], rule.points[-1]
            if greatest > least:
                return f"不低于{plain(last)}{measure}"
            return f"不高于{plain(first)}{measure}"
        case rules.Checklist():
            return "" if own.of is None else f"{plain(own.of)}{measure or '项'}"
        case rules.Count():
            return "不发生扣分事项" if rule.start is rules.Start.FULL else ""
        case rules.YesNo():
            return "是"
        case rules.Rank():
            return "位次居前"
        case rules.Efficacy():
            high = rule.high
            return "同组最高" if isinstance(high, str) else f"{plain(high)}{measure}"
        case rules.Formula():
            return "" if own.target is None else plain(own.target) + measure
        case _:
            return ""


def _lost_points(book: Book, unit: str, task: Task) -> tuple[LostPoint, ...]:
    lost = []
    for row in book.deductions.get((unit, task.id), ()):
        path, _, name = row.line.rpartition(".")
        rule = rules.rule_at(task.rule, path) if task.rule else None
        lines = rule.lines if isinstance(rule, rules.Count) else ()
        each = next((line.each for line in lines if line.name == name), None)
        points = None if each is None else Fraction(each) * Fraction(row.count)
        measure = task.form(row.line).unit_of_measure or "次"
        lost.append(
            LostPoint(row.line, row.count, measure, points, row.reason, row.basis, row.evidence)
        )
    return tuple(lost)


def _rounded(case: _Case, blank: TaskScore, outcome: Evaluated) -> TaskScore:
    text, rounded = written(outcome.term, case.book.scheme.places)
    waiting = Problem(
        "GROUP-INCOMPLETE",
        case.place,
        f"任务 {case.task.id}：同组有单位还没有数据，得分暂定",
        "请补报同组单位的数据，或由负责人认定缺报",
    )
    scored = replace(
        blank,
        raw=outcome.raw,
        capped=outcome.term.value,
        rounded=rounded,
        published=rounded,
        without_veto=rounded,
        state=ScoreState.PROVISIONAL if outcome.provisional else ScoreState.SCORED,
        working=text,
        steps=outcome.steps,
        problems=(waiting,) if outcome.provisional else (),
    )
    is_short = rounded < case.points and not case.task.bonus
    return _with_grounds(case.task, scored, outcome.why) if is_short else scored


def _with_grounds(task: Task, scored: TaskScore, why: str) -> TaskScore:
    """A score below full marks with what the rule says of it, and on what basis (P13)."""
    return replace(
        scored,
        why=why,
        reason=joined([scored.reason, why]),
        basis=scored.basis or task.standard_label,
    )


def _adjusted(case: _Case, scored: TaskScore) -> TaskScore:
    """The score after adjustments by persons, which must stay inside the rule's floor and cap."""
    rows = case.book.all_decided(case.unit, case.task.id, DecisionKind.ADJUST)
    if not rows or scored.rounded is None:
        return scored
    change = sum((_points_decided(row) or ZERO for row in rows), ZERO)
    places = case.book.scheme.places
    published = round_half_up(Fraction(scored.rounded) + Fraction(change), places)
    low, high = case.bounds
    if (low is not None and published < low) or (high is not None and published > high):
        problem = Problem(
            "DECISION-OUT-OF-RANGE",
            rows[-1].place or case.place,
            f"任务 {case.task.id} 调整 {plain(change)} 后为 {plain(published)} 分，超出办法规定的"
            f"{_range_text(low, high)}",
            "请改正调整的分数",
        )
        return replace(
            scored,
            published=None,
            without_veto=None,
            state=ScoreState.INCOMPLETE,
            problems=(*scored.problems, problem),
        )
    sign = "+" if change >= 0 else "−"
    step = f"调整 {sign}{plain(abs(change))}（{joined(row.author for row in rows)}）→ {plain(published)}"
    return replace(
        scored,
        adjustment=change,
        published=published,
        without_veto=published,
        steps=(*scored.steps, step),
        reason=joined([scored.reason, *(f"调整：{row.reason}" for row in rows)]),
        basis=joined([scored.basis, *(row.basis or row.document for row in rows)]),
    )


# --- not applicable --------------------------------------------------------------------------------


def _score_not_applicable(
    scheme: Scheme, task: Task, unit: str, reason: str, scored: Mapping[Key, TaskScore]
) -> TaskScore:
    points = scheme.points_of(unit, task)
    treatment = scheme.treatment(task)
    term: Term | None = None
    state = ScoreState.NOT_APPLICABLE
    problems: tuple[Problem, ...] = ()
    match treatment.treatment:
        case Treatment.FULL:
            term = number(points).because("不涉及，按满分计")
        case Treatment.SHARE:
            term = number(points).because("不涉及，按比例计") * number(treatment.share)
        case Treatment.MEAN:
            peers = _peers(scheme, unit, scored)
            term = _group_mean(points, peers)
            state = ScoreState.INCOMPLETE if term is None else state
            problems = _mean_problems(task, unit, term, peers)
        case Treatment.RESCALE | Treatment.DROP:
            pass
    working, rounded = ("", None) if term is None else written(term, scheme.places)
    counts = treatment.treatment not in (Treatment.RESCALE, Treatment.DROP)
    return TaskScore(
        unit=unit,
        indicator=scheme.indicator_of[task.id].id,
        task=task.id,
        applicable_points=points if counts else ZERO,
        reported="",
        verified="",
        decided="",
        target="",
        raw=None if term is None else term.value,
        capped=None if term is None else term.value,
        rounded=rounded,
        adjustment=ZERO,
        published=rounded,
        without_veto=rounded,
        state=state,
        working=working,
        steps=(),
        reason=reason,
        basis="",
        data_source="",
        problems=problems,
    )


def _peers(scheme: Scheme, unit: str, scored: Mapping[Key, TaskScore]) -> list[TaskScore]:
    """The scores of the group's units to which the task applies."""
    group = scheme.unit_by_id[unit].group
    return [row for row in scored.values() if scheme.unit_by_id[row.unit].group == group]


def _group_mean(points: Decimal, peers: Sequence[TaskScore]) -> Term | None:
    """The mean over the group of score ÷ points, × own points; None where it cannot be said."""
    known = [row for row in peers if row.published is not None and row.applicable_points > 0]
    if not known or len(known) < len(peers):
        return None
    shares = [
        Fraction(row.published) / Fraction(row.applicable_points)
        for row in known
        if row.published is not None
    ]
    total = sum(shares, Fraction(0))
    mean = exact(total) / number(Decimal(len(shares)))
    fact = f"不涉及，按同组 {len(shares)} 个单位平均得分率计"
    return number(points).because(fact) * mean


def _mean_problems(
    task: Task, unit: str, term: Term | None, peers: Sequence[TaskScore]
) -> tuple[Problem, ...]:
    """What the group's mean still waits for; the row stays 不涉及, its indicator is provisional."""
    if term is None:
        lacking = "同组没有可以平均的得分，或有单位尚无得分，待定"
    elif any(row.state is ScoreState.PROVISIONAL for row in peers):
        lacking = "同组有单位的得分暂定，按平均得分率计的分数也暂定"
    else:
        return ()
    message = f"任务 {task.id}：{lacking}"
    hint = "请补报同组单位的数据，或由负责人决定"
    return (Problem("GROUP-INCOMPLETE", place_of(unit, task.id), message, hint),)


# --- vetoes ----------------------------------------------------------------------------------------


def with_task_veto(book: Book, row: TaskScore) -> TaskScore:
    """The score after the vetoes that act on its task; the score without them stays visible.

    A task that does not apply to the unit stays so, also while its mean is still open.
    """
    acting = [
        (veto, decision)
        for veto, task, decision in book.vetoes.get(row.unit, ())
        if row.task in _tasks_zeroed(veto, task)
    ]
    if not acting or _not_applicable(book, row.unit, book.scheme.task_by_id[row.task]):
        return row
    for _, decision in acting:
        book.use(decision)
    steps = dict.fromkeys(veto_step(veto, by, row.without_veto) for veto, by in acting)
    grounds = (text for _, by in acting for text in (by.basis, by.document))
    return replace(
        row,
        published=round_half_up(Fraction(0), book.scheme.places),
        state=ScoreState.SCORED,
        steps=(*row.steps, *steps),
        reason=joined(
            [row.reason, *(f"一票否决“{veto.name}”：{by.reason}" for veto, by in acting)]
        ),
        basis=joined([row.basis, *grounds]),
    )


def _tasks_zeroed(veto: Veto, task: Task) -> tuple[str, ...]:
    """The tasks that a veto of a task sets to zero."""
    match veto.effect:
        case Effect.ZERO_TASK:
            return (task.id,)
        case Effect.ZERO_TASKS:
            return veto.tasks
        case _:
            return ()
