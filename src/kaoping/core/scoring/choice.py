"""选用: which results and decisions count, looked up by unit and task.

A verified value counts before any other, then 正式, 初步, 快报, then the later date; two different
values of equal standing are a problem for a person.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.canonical import plain
from kaoping.core.problems import Problem
from kaoping.core.results import Decision, DecisionKind, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from kaoping.core.results import Deduction, Entries, Result
    from kaoping.core.scheme import Scheme, Task, Veto

Key = tuple[str, str]
"""A unit id and a task id."""

_PRECEDENCE = {status: place for place, status in enumerate(Status)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The results of one input that count: the best reported and the best verified one."""

    reported: Result | None
    verified: Result | None
    decided: Decision | None = None
    ambiguous: bool = False

    @property
    def row(self) -> Result | None:
        """The result that counts; None where a person decided or nothing was reported."""
        return None if self.decided is not None else self.verified or self.reported

    @property
    def value(self) -> Decimal | bool | None:
        """The value that counts; None where there is none or none is clear."""
        if self.decided is not None:
            return self.decided.value
        row = self.verified or self.reported
        return None if row is None or self.ambiguous else row.value


class Book:
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
            message = f"数据日期 {result.as_of} 晚于截止时间 {cutoff}，不计入"
            self.problems.append(
                Problem("AFTER-CUTOFF", result.place, message, "请报截止时间以前的数据")
            )
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

    def use(self, decision: Decision) -> None:
        """Note that a decision changed something."""
        self._used.add(id(decision))

    def unused_decisions(self) -> list[Problem]:
        """Decisions that changed nothing, because what they decide did not arise."""
        return [
            Problem(
                "DECISION-UNUSED",
                row.place,
                f"对“{row.unit}”任务 {row.task or '(整项)'} 的决定（{row.kind.value}）没有用上",
                "请核对任务、名称和种类；数据已经补齐的，删去这一行",
            )
            for row in self._all_decisions
            if id(row) not in self._used
        ]

    def _vetoes_in_force(self) -> dict[str, list[tuple[Veto, Task, Decision]]]:
        """Vetoes declared and not lifted, by unit; order in the file decides.

        Every effect that a task lists under one name is in force by itself. What has nothing to act
        on (a total where there are none) never is.
        """
        force: dict[str, dict[tuple[str, Veto], tuple[Veto, Task, Decision]]] = defaultdict(dict)
        for row in self._all_decisions:
            if row.kind not in (DecisionKind.VETO, DecisionKind.LIFT):
                continue
            for task in self.scheme.task_by_id.values():
                for veto in task.veto if self._is_about(row, task) else ():
                    if veto.name == row.name and self.scheme.has_force(veto.effect):
                        self._declare(force[row.unit], veto, task, row)
        return {unit: list(rows.values()) for unit, rows in force.items()}

    def _is_about(self, row: Decision, task: Task) -> bool:
        """Whether a declaration names the unit's task, or no task but its indicator, or neither."""
        if row.unit not in self.scheme.units_of_task[task.id]:
            return False
        if row.task:
            return row.task == task.id
        return row.indicator in ("", self.scheme.indicator_of[task.id].id)

    def _declare(
        self,
        force: dict[tuple[str, Veto], tuple[Veto, Task, Decision]],
        veto: Veto,
        task: Task,
        row: Decision,
    ) -> None:
        if row.kind is DecisionKind.VETO:
            force[task.id, veto] = (veto, task, row)
        elif lifted := force.pop((task.id, veto), None):
            # A veto that was taken back was in force until then; a lift of nothing is unused.
            self.use(lifted[2])
            self.use(row)

    def choose(self, unit: str, task: Task) -> dict[str, Chosen]:
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


def _pick(rows: Sequence[Result]) -> Chosen:
    verified, verified_clear = _best([row for row in rows if row.status is Status.VERIFIED])
    reported, reported_clear = _best([row for row in rows if row.status is not Status.VERIFIED])
    clear = verified_clear if verified else reported_clear
    return Chosen(reported, verified, ambiguous=not clear)


def _best(rows: Sequence[Result]) -> tuple[Result | None, bool]:
    """The row of highest precedence and latest date, and whether it is the only such value."""
    if not rows:
        return None, True
    order = sorted(rows, key=lambda row: (_PRECEDENCE[row.status], -row.as_of.toordinal()))
    best = order[0]
    equals = {row.value for row in order if row.status is best.status and row.as_of == best.as_of}
    return best, len(equals) == 1


def _ambiguity(unit: str, task: Task, name: str, rows: Sequence[Result]) -> Problem:
    values = "、".join(value_text(row.value, "") for row in rows)
    label = f"“{name}”" if name else "数值"
    message = f"{label}有同日同状态的不同数据：{values}"
    return Problem(
        "RESULT-AMBIGUOUS", place_of(unit, task.id), message, "请保留一行，或由负责人决定"
    )


def place_of(unit: str, task: str) -> str:
    """Where a score stands, as problems name it."""
    return f"{unit} {task}"


def value_text(value: Decimal | bool, measure: str) -> str:
    """A value as tables show it: 是, 否, or the figure with its unit of measure."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return plain(value) + measure


def joined(texts: Iterable[str]) -> str:
    """Different texts as one; empty ones and repetitions are left out."""
    return "；".join(dict.fromkeys(text for text in texts if text))


def veto_step(veto: Veto, decision: Decision, before: Decimal | None) -> str:
    """What a veto did to a score, in one sentence."""
    shown_before = "待定" if before is None else plain(before)
    return (
        f"一票否决“{veto.name}”（{decision.author}，{decision.document}）："
        f"否决前 {shown_before}，计 0 分"
    )
