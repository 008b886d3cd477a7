"""考核评分: an assessment's entries under its scheme → all scores, exact and with working.

The order is fixed (design: scoring). Task: parts → the rule's floor and cap → rounding → a person's
adjustment = published points. Indicator: points × Σ published ÷ S (or ÷ Σ applicable points), bonus
tasks added, cap and floor, one rounding. Totals add published points. A veto acts last and leaves
the score without it visible.

Readings where the design leaves room: a task that does not list a unit is not that unit's task, and
the indicator is then divided by the unit's own applicable points, whatever the treatment; a
`judgement` also decides the points of a rule that cannot be computed (a group of one, 应完成 0 项).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.canonical import plain, round_half_up, shown
from kaoping.core.evaluation import (
    Cell,
    Evaluated,
    Group,
    Inputs,
    Outcome,
    Unscorable,
    bounds_of,
    evaluate_rule,
    standings,
)
from kaoping.core.problems import Problem
from kaoping.core.results import Decision, DecisionKind, Status
from kaoping.core.scheme import Effect, Totals, Treatment
from kaoping.core.scores import (
    IndicatorScore,
    LostPoint,
    Scores,
    ScoreState,
    TaskScore,
    UnitTotal,
)
from kaoping.core.working import Term, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kaoping.core.results import Deduction, Entries, Result
    from kaoping.core.scheme import Indicator, Scheme, Task, Veto

ZERO = Decimal(0)
Key = tuple[str, str]
"""A unit id and a task id."""

_PRECEDENCE = {status: place for place, status in enumerate(Status)}


def score(scheme: Scheme, entries: Entries) -> Scores:
    """Score every unit on every task, indicator and, where the scheme has them, in total.

    Args:
        scheme: a scheme without blocking problems.
        entries: results, deductions and decisions that were read without problems.
    """
    book = _Book(scheme, entries)
    tasks: dict[Key, TaskScore] = {}
    for task in scheme.task_by_id.values():
        tasks |= _score_task(book, task)
    tasks = {key: _with_task_veto(book, row) for key, row in tasks.items()}
    indicators = _score_indicators(book, tasks)
    totals = _score_totals(book, indicators) if scheme.totals is not Totals.NONE else {}
    problems = [*book.problems, *(p for row in tasks.values() for p in row.problems)]
    return Scores(tasks, indicators, totals, (*problems, *book.unused_decisions()))


# --- choosing what counts --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The results of one input that count: the best reported and the best verified one."""

    reported: Result | None
    verified: Result | None
    decided: Decision | None = None
    ambiguous: bool = False

    @property
    def value(self) -> Decimal | bool | None:
        if self.decided is not None:
            return self.decided.value
        row = self.verified or self.reported
        return None if row is None or self.ambiguous else row.value


class _Book:
    """The entries of an assessment, looked up by unit and task; problems found on the way."""

    def __init__(self, scheme: Scheme, entries: Entries) -> None:
        self.scheme = scheme
        self.problems: list[Problem] = []
        self.results: dict[Key, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
        self.deductions: dict[Key, list[Deduction]] = defaultdict(list)
        self.decisions: dict[tuple[str, str, DecisionKind], list[Decision]] = defaultdict(list)
        self._used: set[int] = set()
        self._all_decisions = entries.decisions
        for result in entries.results:
            self._add_result(result)
        for deduction in entries.deductions:
            self.deductions[deduction.unit, deduction.task].append(deduction)
        for decision in entries.decisions:
            self.decisions[decision.unit, decision.task, decision.kind].append(decision)
        self.vetoes = self._vetoes_in_force()

    def _add_result(self, result: Result) -> None:
        cutoff = self.scheme.data_cutoff
        if cutoff is not None and result.as_of > cutoff:
            message = f"数据日期 {result.as_of} 晚于截止时间 {cutoff},不计入"
            self.problems.append(Problem("AFTER-CUTOFF", result.place, message, "请报截止时间以前的数据"))
            return
        self.results[result.unit, result.task][result.input].append(result)

    def decided(self, unit: str, task: str, kind: DecisionKind, name: str = "") -> Decision | None:
        """The latest decision of a kind; it counts as used."""
        for decision in reversed(self.decisions.get((unit, task, kind), ())):
            if decision.name == name:
                self._used.add(id(decision))
                return decision
        return None

    def all_decided(self, unit: str, task: str, kind: DecisionKind) -> list[Decision]:
        """Every decision of a kind; they count as used."""
        rows = self.decisions.get((unit, task, kind), [])
        self._used.update(id(row) for row in rows)
        return rows

    def unused_decisions(self) -> list[Problem]:
        """Decisions that changed nothing, because what they decide did not arise."""
        return [
            Problem(
                "DECISION-UNUSED",
                row.place,
                f"对“{row.unit}”任务 {row.task or '(整项)'} 的决定({row.kind.value})没有用上",
                "请核对任务、名称和种类;数据已经补齐的,删去这一行",
            )
            for row in self._all_decisions
            if id(row) not in self._used
        ]

    def _vetoes_in_force(self) -> dict[str, list[tuple[Veto, Task, Decision]]]:
        """Vetoes declared and not lifted, by unit; order in the file decides."""
        force: dict[str, dict[tuple[str, str], tuple[Veto, Task, Decision]]] = defaultdict(dict)
        for row in self._all_decisions:
            if row.kind not in (DecisionKind.VETO, DecisionKind.LIFT):
                continue
            for task in self.scheme.task_by_id.values():
                for veto in task.veto:
                    if veto.name == row.name and row.task in ("", task.id):
                        self._used.add(id(row))
                        self._declare(force[row.unit], veto, task, row)
        return {unit: list(rows.values()) for unit, rows in force.items()}

    @staticmethod
    def _declare(
        force: dict[tuple[str, str], tuple[Veto, Task, Decision]],
        veto: Veto,
        task: Task,
        row: Decision,
    ) -> None:
        if row.kind is DecisionKind.LIFT:
            force.pop((task.id, veto.name), None)
        else:
            force[task.id, veto.name] = (veto, task, row)

    def choose(self, unit: str, task: Task) -> dict[str, _Chosen]:
        """What counts for each input of a unit's task, by input path."""
        if task.rule is None:
            return {}
        given = self.results.get((unit, task.id), {})
        chosen = {}
        for name in rules.all_inputs(task.rule):
            rows = given.get(name, [])
            pick = _pick(rows)
            if pick.ambiguous:
                self.problems.append(_ambiguity(unit, task, name, rows))
            if pick.value is None:
                decision = self.decided(unit, task.id, DecisionKind.MISSING, name)
                pick = replace(pick, decided=decision, ambiguous=pick.ambiguous and not decision)
            chosen[name] = pick
        return chosen


def _pick(rows: Sequence[Result]) -> _Chosen:
    verified, verified_clear = _best([row for row in rows if row.status is Status.VERIFIED])
    reported, reported_clear = _best([row for row in rows if row.status is not Status.VERIFIED])
    clear = verified_clear if verified else reported_clear
    return _Chosen(reported, verified, ambiguous=not clear)


def _best(rows: Sequence[Result]) -> tuple[Result | None, bool]:
    """The row of highest precedence and latest date, and whether it is the only such value."""
    if not rows:
        return None, True
    order = sorted(rows, key=lambda row: (_PRECEDENCE[row.status], -row.as_of.toordinal()))
    best = order[0]
    equals = {
        row.value for row in order if row.status is best.status and row.as_of == best.as_of
    }
    return best, len(equals) == 1


def _ambiguity(unit: str, task: Task, name: str, rows: Sequence[Result]) -> Problem:
    values = "、".join(_value_text(row.value, "") for row in rows)
    label = f"“{name}”" if name else "数值"
    message = f"{label}有同日同状态的不同数据:{values}"
    return Problem("RESULT-AMBIGUOUS", _place(unit, task.id), message, "请保留一行,或由负责人决定")


def _place(unit: str, task: str) -> str:
    return f"{unit} {task}"


# --- tasks -----------------------------------------------------------------------------------------


def _score_task(book: _Book, task: Task) -> dict[Key, TaskScore]:
    scheme = book.scheme
    units = scheme.units_of_task[task.id]
    left_out = {unit: reason for unit in units if (reason := _not_applicable(book, unit, task))}
    chosen = {unit: book.choose(unit, task) for unit in units if unit not in left_out}
    inputs = {unit: _gather(book, unit, task, picks) for unit, picks in chosen.items()}
    groups = _groups(book, task, inputs)
    scored = {
        (unit, task.id): _score_cell(book, task, groups[unit], unit, inputs[unit], chosen[unit])
        for unit in inputs
    }
    for unit, reason in left_out.items():
        scored[unit, task.id] = _score_not_applicable(scheme, task, unit, reason, scored)
    return scored


def _not_applicable(book: _Book, unit: str, task: Task) -> str:
    """Why a task does not apply to a unit; empty where it does."""
    decision = book.decided(unit, task.id, DecisionKind.NOT_APPLICABLE)
    if decision is not None:
        return f"经{decision.author}认定不涉及:{decision.reason}"
    return "方案列明不涉及" if book.scheme.assignment(unit, task.id).not_applicable else ""


def _groups(book: _Book, task: Task, inputs: Mapping[str, Inputs]) -> dict[str, Group]:
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


def _gather(book: _Book, unit: str, task: Task, chosen: Mapping[str, _Chosen]) -> Inputs:
    counts: dict[str, Decimal] = defaultdict(Decimal)
    for deduction in book.deductions.get((unit, task.id), ()):
        counts[deduction.line] += deduction.count
    if task.rule is None:
        return Inputs()
    return _inputs(book, unit, task, task.rule, "", chosen, counts)


def _inputs(
    book: _Book,
    unit: str,
    task: Task,
    rule: rules.Rule,
    path: str,
    chosen: Mapping[str, _Chosen],
    counts: Mapping[str, Decimal],
) -> Inputs:
    assignment = book.scheme.assignment(unit, task.id)
    prefix = f"{path}." if path else ""

    def given(name: str) -> Decimal | bool | None:
        pick = chosen.get(name)
        return None if pick is None else pick.value

    def amount(name: str) -> Decimal | None:
        value = given(prefix + name)
        return None if isinstance(value, bool) else value

    own_of = assignment.of if not path else None
    awarded = (
        book.decided(unit, task.id, DecisionKind.JUDGEMENT, path)
        if isinstance(rule, rules.Judgement)
        else None
    )
    return Inputs(
        value=given(path),
        previous=amount("previous"),
        of=own_of if own_of is not None else amount("of"),
        counts={line: counts.get(prefix + line, ZERO) for line in rules.lines_of(rule)},
        target=assignment.targets.get(path) if path else assignment.target,
        awarded=_points_decided(awarded),
        parts={
            part.name: _inputs(book, unit, task, part.rule, prefix + part.name, chosen, counts)
            for part in rules.parts_of(rule)
        },
    )


def _points_decided(decision: Decision | None) -> Decimal | None:
    if decision is None or isinstance(decision.value, bool):
        return None
    return decision.value


def _score_cell(
    book: _Book,
    task: Task,
    group: Group,
    unit: str,
    inputs: Inputs,
    chosen: Mapping[str, _Chosen],
) -> TaskScore:
    points = book.scheme.points_of(unit, task)
    blank = _blank_score(book, task, unit, inputs, chosen, points)
    if task.rule is None:
        return blank
    outcome = evaluate_rule(task.rule, Cell(unit, points, inputs, group))
    if isinstance(outcome, Unscorable):
        outcome = _decided_outcome(book, task, unit, points) or outcome
    if isinstance(outcome, Unscorable):
        problem = Problem(
            outcome.code, _place(unit, task.id), f"任务 {task.id}:{outcome.message}", outcome.suggestion
        )
        return replace(blank, problems=(problem,), steps=(f"待定:{outcome.message}",))
    return _adjusted(book, task, _rounded(book, blank, outcome), points)


def _decided_outcome(book: _Book, task: Task, unit: str, points: Decimal) -> Outcome | None:
    """A person's points for a rule that cannot be computed, inside the rule's own range."""
    decision = book.decided(unit, task.id, DecisionKind.JUDGEMENT)
    awarded = _points_decided(decision)
    if decision is None or awarded is None or task.rule is None:
        return None
    low, high = bounds_of(task.rule, points)
    if (low is not None and awarded < low) or (high is not None and awarded > high):
        return Unscorable(
            "DECISION-OUT-OF-RANGE",
            f"决定给 {plain(awarded)} 分,超出办法规定的{_range_text(low, high)}",
            "请改正决定的分数",
        )
    term = number(awarded).because(f"{decision.author}决定")
    return Evaluated(term.value, term)


def _range_text(low: Decimal | None, high: Decimal | None) -> str:
    bottom = "不限" if low is None else plain(low)
    top = "不限" if high is None else plain(high)
    return f" {bottom} 至 {top} 分"


def _blank_score(
    book: _Book,
    task: Task,
    unit: str,
    inputs: Inputs,
    chosen: Mapping[str, _Chosen],
    points: Decimal,
) -> TaskScore:
    """Everything about a cell except its score."""
    deductions = _lost_points(book, unit, task)
    missing = book.decisions.get((unit, task.id, DecisionKind.MISSING), ())
    judged = book.decisions.get((unit, task.id, DecisionKind.JUDGEMENT), ())
    reasons = [row.reason for row in deductions] + [row.reason for row in (*missing, *judged)]
    bases = [row.basis for row in deductions] + [row.basis for row in (*missing, *judged)]
    sources = [
        row.data_source
        for pick in chosen.values()
        if (row := pick.verified or pick.reported) is not None
    ]
    return TaskScore(
        unit=unit,
        indicator=book.scheme.indicator_of[task.id].id,
        task=task.id,
        applicable_points=points,
        reported=_inputs_text(task, chosen, verified=False),
        verified=_inputs_text(task, chosen, verified=True),
        target=_target_text(task, inputs, book, unit),
        raw=None,
        capped=None,
        rounded=None,
        adjustment=ZERO,
        published=None,
        without_veto=None,
        state=ScoreState.INCOMPLETE,
        working="",
        steps=(),
        reason=_joined(reasons),
        basis=_joined(bases),
        data_source=_joined(sources),
        deductions=deductions,
    )


def _joined(texts: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(text for text in texts if text))


def _value_text(value: Decimal | bool, measure: str) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return plain(value) + measure


_INPUT_LABELS = {"": "", "previous": "上期", "of": "应完成"}


def _input_label(name: str) -> str:
    head, _, tail = name.rpartition(".")
    if tail in ("previous", "of"):
        return f"{head} {_INPUT_LABELS[tail]}".strip()
    return name


def _inputs_text(task: Task, chosen: Mapping[str, _Chosen], *, verified: bool) -> str:
    texts = []
    for name, pick in chosen.items():
        row = pick.verified if verified else pick.reported
        if row is not None:
            label = _input_label(name)
            value = _value_text(row.value, task.form(name).unit_of_measure)
            texts.append(f"{label} {value}".strip())
    return ";".join(texts)


def _target_text(task: Task, inputs: Inputs, book: _Book, unit: str) -> str:
    texts = []
    for path, rule in rules.walk(task.rule) if task.rule else ():
        own = inputs
        for name in path.split(".") if path else ():
            own = own.parts.get(name, Inputs())
        declared = rule.target if isinstance(rule, rules.Ratio | rules.Step) else None
        target = own.target if own.target is not None else declared
        measure = task.form(path).unit_of_measure
        if isinstance(target, Decimal):
            texts.append(f"{path} {plain(target)}{measure}".strip())
        elif target == "mean":
            texts.append(f"{path} 同组平均".strip())
        elif isinstance(rule, rules.Checklist):
            of = book.scheme.assignment(unit, task.id).of if not path else own.of
            if of is not None:
                texts.append(f"{path} {plain(of)} 项".strip())
    return ";".join(texts)


def _lost_points(book: _Book, unit: str, task: Task) -> tuple[LostPoint, ...]:
    lost = []
    for row in book.deductions.get((unit, task.id), ()):
        path, _, name = row.line.rpartition(".")
        rule = rules.rule_at(task.rule, path) if task.rule else None
        lines = rule.lines if isinstance(rule, rules.Count) else ()
        each = next((line.each for line in lines if line.name == name), None)
        points = None if each is None else Fraction(each) * Fraction(row.count)
        lost.append(LostPoint(row.line, row.count, points, row.reason, row.basis, row.evidence))
    return tuple(lost)


_ONE_FIGURE = re.compile(r"(?:\[[^\]]*\] )*−?[0-9.]+")


def written(term: Term, places: int) -> tuple[str, Decimal]:
    """A term's working as printed, and its value after the one rounding."""
    rounded = round_half_up(term.value, places)
    is_figure = _ONE_FIGURE.fullmatch(term.text) is not None
    if term.value == Fraction(rounded):
        return (term.text if is_figure else f"{term.text} = {plain(rounded)}"), rounded
    middle = "" if is_figure else f" = {shown(term.value)}"
    return f"{term.text}{middle} → {plain(rounded)}", rounded


def _rounded(book: _Book, blank: TaskScore, outcome: Evaluated) -> TaskScore:
    text, rounded = written(outcome.term, book.scheme.places)
    return replace(
        blank,
        raw=outcome.raw,
        capped=outcome.term.value,
        rounded=rounded,
        published=rounded,
        without_veto=rounded,
        state=ScoreState.PROVISIONAL if outcome.provisional else ScoreState.SCORED,
        working=text,
        steps=outcome.steps,
    )


def _adjusted(book: _Book, task: Task, scored: TaskScore, points: Decimal) -> TaskScore:
    """The score after adjustments by persons, which must stay inside the rule's floor and cap."""
    rows = book.all_decided(scored.unit, task.id, DecisionKind.ADJUST)
    if not rows or scored.rounded is None or task.rule is None:
        return scored
    change = sum((_points_decided(row) or ZERO for row in rows), ZERO)
    published = round_half_up(Fraction(scored.rounded) + Fraction(change), book.scheme.places)
    low, high = bounds_of(task.rule, points)
    if (low is not None and published < low) or (high is not None and published > high):
        problem = Problem(
            "DECISION-OUT-OF-RANGE",
            rows[-1].place or _place(scored.unit, task.id),
            f"任务 {task.id} 调整 {plain(change)} 后为 {plain(published)} 分,超出办法规定的"
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
    step = f"调整 {sign}{plain(abs(change))}({_joined(row.author for row in rows)})→ {plain(published)}"
    return replace(
        scored,
        adjustment=change,
        published=published,
        without_veto=published,
        steps=(*scored.steps, step),
        reason=_joined([scored.reason, *(row.reason for row in rows)]),
        basis=_joined([scored.basis, *(row.basis or row.document for row in rows)]),
    )


# --- not applicable --------------------------------------------------------------------------------


def _score_not_applicable(
    scheme: Scheme, task: Task, unit: str, reason: str, scored: Mapping[Key, TaskScore]
) -> TaskScore:
    points = scheme.points_of(unit, task)
    treatment = scheme.treatment(task)
    term: Term | None = None
    state = ScoreState.NOT_APPLICABLE
    match treatment.treatment:
        case Treatment.FULL:
            term = number(points).because("不涉及,按满分计")
        case Treatment.SHARE:
            term = number(points).because("不涉及,按比例计") * number(treatment.share)
        case Treatment.MEAN:
            term, state = _group_mean(scheme, task, unit, points, scored)
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
        target="",
        raw=None if term is None else term.value,
        capped=None if term is None else term.value,
        rounded=rounded,
        adjustment=ZERO,
        published=rounded,
        without_veto=rounded,
        state=state,
        working=working,
        steps=(reason,),
        reason=reason,
        basis="",
        data_source="",
    )


def _group_mean(
    scheme: Scheme, task: Task, unit: str, points: Decimal, scored: Mapping[Key, TaskScore]
) -> tuple[Term | None, ScoreState]:
    """The mean over the group of score ÷ points, × own points."""
    group = scheme.unit_by_id[unit].group
    peers = [
        row
        for (peer, _), row in scored.items()
        if scheme.unit_by_id[peer].group == group and row.state is not ScoreState.NOT_APPLICABLE
    ]
    known = [row for row in peers if row.published is not None and row.applicable_points > 0]
    if not known or len(known) < len(peers):
        return None, ScoreState.INCOMPLETE
    shares = [
        Fraction(row.published) / Fraction(row.applicable_points)
        for row in known
        if row.published is not None
    ]
    total = sum(shares, Fraction(0))
    mean = Term(total, f"{total.numerator} ÷ {total.denominator}", 1) / number(Decimal(len(shares)))
    fact = f"不涉及,按同组 {len(shares)} 个单位平均得分率计"
    return number(points).because(fact) * mean, ScoreState.NOT_APPLICABLE


# --- vetoes ----------------------------------------------------------------------------------------


def _with_task_veto(book: _Book, row: TaskScore) -> TaskScore:
    for veto, task, decision in book.vetoes.get(row.unit, ()):
        hit = {task.id} if veto.effect is Effect.ZERO_TASK else set(veto.tasks)
        acts = veto.effect in (Effect.ZERO_TASK, Effect.ZERO_TASKS)
        if acts and row.task in hit and row.state is not ScoreState.NOT_APPLICABLE:
            return replace(
                row,
                published=round_half_up(Fraction(0), book.scheme.places),
                state=ScoreState.SCORED,
                steps=(*row.steps, _veto_step(veto, decision, row.without_veto)),
                reason=_joined([row.reason, decision.reason]),
                basis=_joined([row.basis, decision.basis, decision.document]),
            )
    return row


def _veto_step(veto: Veto, decision: Decision, before: Decimal | None) -> str:
    shown_before = "待定" if before is None else plain(before)
    return (
        f"一票否决“{veto.name}”({decision.author},{decision.document}):"
        f"否决前 {shown_before},计 0 分"
    )


# --- indicators ------------------------------------------------------------------------------------


def _score_indicators(
    book: _Book, tasks: Mapping[Key, TaskScore]
) -> dict[Key, IndicatorScore]:
    scheme = book.scheme
    scored: dict[Key, IndicatorScore] = {}
    for indicator in scheme.indicators:
        for unit in scheme.units:
            rows = [tasks[k] for t in indicator.tasks if (k := (unit.id, t.id)) in tasks]
            if rows:
                scored[unit.id, indicator.id] = _score_indicator(book, indicator, unit.id, rows)
    return _with_ranks(scheme, scored)


def _score_indicator(
    book: _Book, indicator: Indicator, unit: str, rows: list[TaskScore]
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
        return replace(
            blank, state=ScoreState.NOT_APPLICABLE, steps=("各项任务均不涉及",)
        )
    scored = _sum_up(scheme, indicator, blank, divisor, rows, veto=True)
    plain_score = _sum_up(scheme, indicator, blank, divisor, rows, veto=False)
    scored = replace(scored, without_veto=plain_score.published)
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
        return replace(blank, steps=(f"待定:任务 {waiting} 尚无得分",))
    pairs = [(row.task, value) for row, value in zip(counted, values, strict=True) if value is not None]
    term, raw, steps = _indicator_term(indicator, scheme, divisor, pairs)
    working, rounded = written(term, scheme.places)
    provisional = any(row.state is ScoreState.PROVISIONAL for row in counted)
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
    total = _added(ordinary) if ordinary else number(ZERO)
    if indicator.points != divisor:
        total = number(indicator.points) * total / number(divisor)
    term = _added([total, *bonuses])
    raw, steps = term.value, []
    if indicator.cap is not None and term.value > indicator.cap:
        term = Term(Fraction(indicator.cap), f"min({term.text}, {plain(indicator.cap)})")
        steps.append(f"超过指标最高分,按 {plain(indicator.cap)} 计")
    elif indicator.floor is not None and term.value < indicator.floor:
        floor = number(indicator.floor)
        term = Term(floor.value, f"max({term.text}, {floor.text})")
        steps.append(f"低于指标最低分,按 {plain(indicator.floor)} 计")
    return term, raw, tuple(steps)


def _added(terms: list[Term]) -> Term:
    total = terms[0]
    for term in terms[1:]:
        total = total + term if term.value >= 0 else total - _opposite(term)
    return total


def _opposite(term: Term) -> Term:
    """A negative figure without its sign, so that it can be subtracted."""
    return Term(-term.value, term.text.replace("−", "", 1), 2)


def _with_indicator_veto(
    book: _Book, indicator: Indicator, scored: IndicatorScore
) -> IndicatorScore:
    rows = [
        (veto, decision)
        for veto, task, decision in book.vetoes.get(scored.unit, ())
        if book.scheme.indicator_of[task.id].id == indicator.id
    ]
    reasons = [decision.reason for _, decision in rows]
    bases = [text for _, decision in rows for text in (decision.basis, decision.document)]
    scored = replace(scored, reason=_joined(reasons), basis=_joined(bases))
    for veto, decision in rows:
        if veto.effect is Effect.ZERO_INDICATOR:
            return replace(
                scored,
                published=round_half_up(Fraction(0), book.scheme.places),
                state=ScoreState.SCORED,
                steps=(*scored.steps, _veto_step(veto, decision, scored.without_veto)),
            )
    return scored


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


def _score_totals(
    book: _Book, indicators: Mapping[Key, IndicatorScore]
) -> dict[str, UnitTotal]:
    scheme = book.scheme
    totals = {}
    for unit in scheme.units:
        rows = [indicators[k] for i in scheme.indicators if (k := (unit.id, i.id)) in indicators]
        if rows:
            totals[unit.id] = _score_total(book, unit.id, rows)
    return _with_total_ranks(scheme, totals)


def _score_total(book: _Book, unit: str, rows: list[IndicatorScore]) -> UnitTotal:
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
        return blank
    values = [row.published for row in counted if row.published is not None]
    plain_values = [row.without_veto for row in counted if row.without_veto is not None]
    if len(values) < len(counted):
        return replace(blank, steps=("待定:有指标尚无得分",))
    own_points = sum(
        (scheme.indicator_by_id[row.indicator].points for row in counted), ZERO
    )
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
    total = _added([number(value) for value in values])
    everything = sum((indicator.points for indicator in scheme.indicators), ZERO)
    if scheme.totals is Totals.RESCALE and own_points != everything:
        return number(everything) * total / number(own_points)
    return total


def _with_total_veto(book: _Book, scored: UnitTotal) -> UnitTotal:
    grade = _grade(book.scheme, scored.published)
    for veto, _, decision in book.vetoes.get(scored.unit, ()):
        match veto.effect:
            case Effect.ZERO_TOTAL:
                step = _veto_step(veto, decision, scored.without_veto)
                zero = round_half_up(Fraction(0), book.scheme.places)
                grade = _grade(book.scheme, zero)
                scored = replace(scored, published=zero, steps=(*scored.steps, step))
            case Effect.LOWEST_GRADE:
                step = f"一票否决“{veto.name}”({decision.document}):定为最低等次"
                scored = replace(scored, steps=(*scored.steps, step))
            case Effect.NO_AWARD:
                step = f"一票否决“{veto.name}”({decision.document}):取消评先评优资格"
                scored = replace(scored, awards_barred=True, steps=(*scored.steps, step))
            case Effect.ZERO_TASK | Effect.ZERO_TASKS | Effect.ZERO_INDICATOR:
                pass
    lowest = any(
        veto.effect is Effect.LOWEST_GRADE for veto, _, _ in book.vetoes.get(scored.unit, ())
    )
    if lowest and book.scheme.grades:
        grade = min(book.scheme.grades, key=lambda row: row.lowest).name
    return replace(scored, grade=grade)


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
