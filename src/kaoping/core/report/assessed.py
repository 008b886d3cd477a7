"""一次考评的全部: everything a report is made from, and the questions documents ask of it.

Every document asks here, so that the same question has the same answer in the report, on a unit's
sheet and in the workbook.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from kaoping.core.canonical import round_half_up, shown, terminating
from kaoping.core.report.document import DRAFT_MARK, enclosed, figure, printed
from kaoping.core.results import Decision, DecisionKind, Status
from kaoping.core.scheme import Effect, Totals, Treatment
from kaoping.core.scoring.scores import ScoreState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from kaoping.core.journal import Checkpoint
    from kaoping.core.ledger import Ledger
    from kaoping.core.problems import Problem
    from kaoping.core.results import Entries, Result
    from kaoping.core.scheme import Indicator, Scheme, Task, Unit
    from kaoping.core.scoring.scores import IndicatorScore, LostPoint, Scores, TaskScore, UnitTotal

_RATE_PLACES = 1
_NOT_ADDED = {"%", "‰", "分", "个百分点", "名", "天", "是/否"}
"""Units of measure whose amounts have no sum."""
_FINAL = {Status.VERIFIED, Status.FINAL}
NOTHING_REPORTED = "—"

DECISION_NAMES: Mapping[DecisionKind, str] = {
    DecisionKind.JUDGEMENT: "评议",
    DecisionKind.ADJUST: "调整",
    DecisionKind.VETO: "一票否决",
    DecisionKind.LIFT: "撤销否决",
    DecisionKind.MISSING: "缺值认定",
    DecisionKind.ABSENT: "缺报认定",
    DecisionKind.NOT_APPLICABLE: "不涉及认定",
}

EFFECT_NAMES: Mapping[Effect, str] = {
    Effect.ZERO_TASK: "本项任务计0分",
    Effect.ZERO_TASKS: "所列任务计0分",
    Effect.ZERO_INDICATOR: "本项指标计0分",
    Effect.ZERO_TOTAL: "总分计0分",
    Effect.LOWEST_GRADE: "定为最低等次",
    Effect.NO_AWARD: "取消评先评优资格",
}

DISTRIBUTION: tuple[tuple[str, Decimal | None], ...] = (
    ("满分", Decimal(100)),
    ("90%以上", Decimal(90)),
    ("80%—90%", Decimal(80)),
    ("60%—80%", Decimal(60)),
    ("60%以下", None),
)
"""Classes of the score rate with their inclusive lower ends; full marks are not in 90%以上."""


@dataclass(frozen=True, slots=True)
class Summary:
    """指标完成情况: an indicator's results over its units; the figures are rounded once, here.

    Attributes:
        units: units that are assessed on the indicator, those it does not concern left out.
        scored: units that have points.
        mean: mean of the published points.
        rate: points published in percent of the points that could be reached.
        classes: units in each class of `DISTRIBUTION`.
    """

    units: int
    scored: int
    mean: Decimal | None
    rate: Decimal | None
    best: Decimal | None
    worst: Decimal | None
    classes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """任务完成情况: how far the units came on one task.

    Attributes:
        scored: units with points, those it does not concern left out.
        full: units with full marks.
        goal, value: sums over the units, where amounts of one unit of measure can be added.
        rate: value in percent of goal.
    """

    scored: int
    full: int
    goal: Decimal | None = None
    value: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True)
class Assessed:
    """Everything a report is made from.

    `made_at` has a time zone; `sealed` is the checkpoint of the journal that binds all of it, None
    where there is none, and `sealed_note` that checkpoint as the journal's key signed it. `mark` is the
    standing of the results.
    """

    scheme: Scheme
    entries: Entries
    scores: Scores
    ledger: Ledger
    problems: tuple[Problem, ...]
    made_at: datetime
    sealed: Checkpoint | None = None
    sealed_note: str = ""
    mark: str = DRAFT_MARK

    @property
    def is_issued(self) -> bool:
        """Whether the results go out with the final form of the report: nobody signs or corrects them any more."""
        return self.mark != DRAFT_MARK

    @property
    def seal_text(self) -> str:
        """What ties a document to the journal: its size and the beginning of its root."""
        if self.sealed is None:
            return ""
        return f"日志{self.sealed.size}条，根{self.sealed.root_prefix}"

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The assessed units, in the scheme's order within their groups."""
        present = {unit for unit, _ in self.scores.indicators}
        found = [unit for unit in self.scheme.units if unit.id in present]
        groups = list(dict.fromkeys(unit.group for unit in found))
        return tuple(sorted(found, key=lambda unit: groups.index(unit.group)))

    @cached_property
    def has_groups(self) -> bool:
        """Whether units are ranked in more than one group."""
        return len({unit.group for unit in self.units}) > 1

    @property
    def has_totals(self) -> bool:
        """Whether indicators are added up for each unit."""
        return self.scheme.totals is not Totals.NONE

    @cached_property
    def task_scores(self) -> tuple[TaskScore, ...]:
        """All scores by indicator, task and unit."""
        rows = self.scores.tasks
        return tuple(
            rows[key]
            for task in self.scheme.task_by_id.values()
            for unit in self.units
            if (key := (unit.id, task.id)) in rows
        )

    def indicator_scores(self, indicator: Indicator) -> list[IndicatorScore]:
        """The scores of all units on an indicator."""
        rows = self.scores.indicators
        return [rows[key] for unit in self.units if (key := (unit.id, indicator.id)) in rows]

    def total(self, unit: Unit) -> UnitTotal | None:
        """The unit's total, where the scheme has totals."""
        return self.scores.totals.get(unit.id) if self.has_totals else None

    def decisions(self, *kinds: DecisionKind) -> list[Decision]:
        """Decisions of some kinds, in their order."""
        return [row for row in self.entries.decisions if row.kind in kinds]

    # --- names ---

    def unit_name(self, identity: str) -> str:
        """A unit's name; a name that is no unit of the scheme stays as it is."""
        unit = self.scheme.unit_by_id.get(identity)
        return unit.name if unit else identity

    def office_name(self, identity: str) -> str:
        """The name of a section or unit."""
        section = self.scheme.section_by_id.get(identity)
        return section.name if section else self.unit_name(identity)

    # --- figures ---

    def summary(self, indicator: Indicator) -> Summary:
        """The indicator's results over all its units."""
        rows = self.indicator_scores(indicator)
        counted = [row for row in rows if row.state is not ScoreState.NOT_APPLICABLE]
        values = [
            (row.published, row.reachable_points) for row in counted if row.published is not None
        ]
        if not values:
            return Summary(len(counted), 0, None, None, None, None, (0,) * len(DISTRIBUTION))
        points = [published for published, _ in values]
        total = sum(map(Fraction, points), Fraction(0))
        reachable = sum((Fraction(reach) for _, reach in values), Fraction(0))
        classes = Counter(_class_of(published, reach) for published, reach in values)
        return Summary(
            units=len(counted),
            scored=len(values),
            mean=round_half_up(total / len(values), self.scheme.places),
            rate=round_half_up(total / reachable * 100, _RATE_PLACES) if reachable else None,
            best=max(points),
            worst=min(points),
            classes=tuple(classes[index] for index in range(len(DISTRIBUTION))),
        )

    def completion(self, task: Task) -> Completion:
        """How far the units came on a task."""
        rows = [
            row
            for row in self.task_scores
            if row.task == task.id
            and row.published is not None
            and row.state is not ScoreState.NOT_APPLICABLE
        ]
        full = sum(row.published is not None and row.published >= self.own(row) for row in rows)
        pairs = [
            (row.goal, row.value)
            for row in rows
            if row.goal is not None and isinstance(row.value, Decimal)
        ]
        adds_up = task.form("").unit_of_measure not in _NOT_ADDED and len(pairs) == len(rows)
        if not rows or not adds_up:
            return Completion(len(rows), full)
        goal = sum((Fraction(goal) for goal, _ in pairs), Fraction(0))
        value = sum((Fraction(value) for _, value in pairs), Fraction(0))
        rate = round_half_up(value / goal * 100, _RATE_PLACES) if goal > 0 else None
        return Completion(len(rows), full, terminating(goal), terminating(value), rate)

    def own(self, row: TaskScore) -> Decimal:
        """The unit's own points of a task, applicable or not."""
        return self.scheme.points_of(row.unit, self.scheme.task_by_id[row.task])

    def place(self, unit: str, rank: str | None, peers: Sequence[str | None]) -> str:
        """同组9个单位中第4名, among the ranks of the unit's group; empty without a rank."""
        if not rank:
            return ""
        known = [peer for peer in peers if peer]
        group = "同组" if self.has_groups and self.scheme.unit_by_id[unit].group else ""
        shared = "并列" if known.count(rank) > 1 else ""
        return f"{group}{len(known)}个单位中{shared}第{rank}名"

    def indicator_place(self, row: IndicatorScore) -> str:
        """Where a unit stands on an indicator."""
        group = self.scheme.unit_by_id[row.unit].group
        return self.place(row.unit, row.rank, self._indicator_ranks[row.indicator, group])

    @cached_property
    def _indicator_ranks(self) -> Mapping[tuple[str, str], Sequence[str | None]]:
        """The ranks on each indicator in each group."""
        found: dict[tuple[str, str], list[str | None]] = {}
        for row in self.scores.indicators.values():
            group = self.scheme.unit_by_id[row.unit].group
            found.setdefault((row.indicator, group), []).append(row.rank)
        return found

    def total_place(self, row: UnitTotal) -> str:
        """Where a unit stands in total."""
        group = self.scheme.unit_by_id[row.unit].group
        peers = [r.rank for r in self.scores.totals.values() if self._is_in(r.unit, group)]
        return self.place(row.unit, row.rank, peers)

    def _is_in(self, unit: str, group: str) -> bool:
        return self.scheme.unit_by_id[unit].group == group

    def best_first(
        self, units: Iterable[Unit], points: Callable[[Unit], Decimal | None]
    ) -> list[Unit]:
        """Units of each group by their points, those without any last; groups in their order."""
        ordered: list[Unit] = []
        for _, members in groupby(units, lambda unit: unit.group):
            found = [(unit, points(unit)) for unit in members]
            known = [(unit, value) for unit, value in found if value is not None]
            known.sort(key=lambda pair: pair[1], reverse=True)
            ordered += [unit for unit, _ in known]
            ordered += [unit for unit, value in found if value is None]
        return ordered

    def names_at(self, indicator: Indicator, value: Decimal | None) -> str:
        """The units whose published points are `value`: 市水利局、市教育局等5个单位."""
        return some_names(
            [
                self.unit_name(row.unit)
                for row in self.indicator_scores(indicator)
                if row.published == value and row.state is not ScoreState.NOT_APPLICABLE
            ]
        )

    def lost_rows(self, indicator: Indicator) -> list[TaskScore]:
        """Scores below full marks on an indicator, in the order of tasks and units."""
        return [
            row for row in self.task_scores if row.indicator == indicator.id and self.lost(row) > 0
        ]

    def lost(self, row: TaskScore) -> Decimal:
        """Points short of full marks; 0 for a bonus, and where nothing applies or counts yet."""
        silent = row.state is ScoreState.NOT_APPLICABLE or self.scheme.task_by_id[row.task].bonus
        if silent or row.published is None:
            return Decimal(0)
        return max(row.applicable_points - row.published, Decimal(0))

    # --- reasons ---

    def reason(self, row: TaskScore) -> str:
        """Why points were lost or won, line by line: facts, decisions, else result and target."""
        decided = [
            f"{DECISION_NAMES[decision.kind]}：{decision.reason}"
            for decision in self.entries.decisions
            if decision.unit == row.unit and decision.reason and decision.reason in row.reason
        ]
        lines = [*map(fact_text, row.deductions), *decided, printed(row.why)]
        said = "\n".join(dict.fromkeys(line for line in lines if line))
        return said or printed(row.reason or _open_points(row))


def some_names(names: Sequence[str], at_most: int = 3) -> str:
    """Names of units in a sentence: 市水利局、市教育局、市卫生健康委等5个单位."""
    more = f"等{len(names)}个单位" if len(names) > at_most else ""
    return "、".join(names[:at_most]) + more


def counts(row: TaskScore | IndicatorScore | UnitTotal | None) -> bool:
    """Whether there are points that a mean of several units takes in."""
    return (
        row is not None and row.published is not None and row.state is not ScoreState.NOT_APPLICABLE
    )


def mean_of(
    rows: Iterable[TaskScore | IndicatorScore | UnitTotal | None], places: int
) -> Decimal | None:
    """The mean of published points, rounded once; None where there are none that count."""
    points = [
        Fraction(row.published)
        for row in rows
        if row is not None and row.published is not None and counts(row)
    ]
    return round_half_up(sum(points, Fraction(0)) / len(points), places) if points else None


def _class_of(published: Decimal, reachable: Decimal) -> int:
    """Which class of `DISTRIBUTION` points fall into; exact, nothing is rounded here."""
    for index, (_, lowest) in enumerate(DISTRIBUTION):
        if lowest is None or published * 100 >= lowest * reachable:
            return index
    return len(DISTRIBUTION) - 1


# --- words -----------------------------------------------------------------------------------------


def basis_of(scheme: Scheme) -> str:
    """The notice an assessment rests on, by title and document number."""
    return f"《{scheme.title}》{enclosed(scheme.document_number)}"


def indicator_label(indicator: Indicator) -> str:
    """重大项目提升行动（10分）."""
    return f"{indicator.name}（{figure(indicator.points)}分）"


def task_points(task: Task) -> str:
    """4分 or 加分0.3分."""
    return f"加分{figure(task.points)}分" if task.bonus else f"{figure(task.points)}分"


def target_text(row: TaskScore) -> str:
    """The yearly target, or what else the rule asks."""
    return printed(row.target).replace("；", "\n") or NOTHING_REPORTED


def actual_text(row: TaskScore) -> str:
    """What was achieved: the reported, verified and decided values, and the facts counted."""
    labelled = (
        ("上报" if row.verified else "", row.reported),
        ("核验", row.verified),
        ("认定", row.decided),
    )
    lines = [label + text.replace("；", "\n") for label, text in labelled if text]
    lines += [f"{line_name(fact)}{figure(fact.count)}{fact.measure}" for fact in row.deductions]
    return printed("\n".join(lines)) or NOTHING_REPORTED


def line_name(fact: LostPoint) -> str:
    """A counted line without the part it belongs to."""
    return fact.line.rpartition(".")[2]


def working_text(row: TaskScore | IndicatorScore | UnitTotal) -> str:
    """The arithmetic, and below it what happened after it: cap, floor, adjustment, veto."""
    lines = (row.working, *row.steps)
    return "\n".join(printed(line) for line in lines if line)


def fact_text(fact: LostPoint) -> str:
    """月报迟报2次，扣0.2分：3月、8月各晚报1个工作日."""
    effect = ""
    if fact.points:
        effect = f"，{'扣' if fact.points < 0 else '加'}{shown(abs(fact.points))}分"
    return f"{line_name(fact)}{figure(fact.count)}{fact.measure}{effect}：{fact.reason}"


def _open_points(row: TaskScore) -> str:
    return "；".join(problem.message for problem in row.problems)


def basis_text(task: Task, row: TaskScore) -> str:
    """What the score rests on: the basis recorded, else the task's completion standard."""
    return printed(row.basis) or task.standard_label


def evidence_text(task: Task, row: TaskScore) -> str:
    """Names of the catalogue items that the counted facts point to."""
    names = {item.id: item.name for item in task.catalogue}
    found = [names.get(fact.evidence, fact.evidence) for fact in row.deductions if fact.evidence]
    return "、".join(dict.fromkeys(found))


def grounds_text(scheme: Scheme, row: TaskScore) -> str:
    """Basis, data source and evidence, each on its line."""
    task = scheme.task_by_id[row.task]
    labelled = (
        ("依据", basis_text(task, row)),
        ("来源", printed(row.data_source + enclosed(standing_text(scheme, row)))),
        ("佐证", evidence_text(task, row)),
    )
    return "\n".join(f"{label}：{text}" for label, text in labelled if text)


def standing_text(scheme: Scheme, row: TaskScore) -> str:
    """Status and date of the values used, where they are not final ones of the cut-off day."""
    cutoff = scheme.data_cutoff
    return used_text(
        used for used in row.used if used.status not in _FINAL or (cutoff and used.as_of != cutoff)
    )


def used_text(results: Iterable[Result]) -> str:
    """Status and date of values used: 快报，截至2024-12-31."""
    pairs = dict.fromkeys((result.status, result.as_of) for result in results)
    return "；".join(f"{status.value}，截至{day}" for status, day in pairs)


def treatment_text(scheme: Scheme, task: Task) -> str:
    """How the scheme counts a task that does not apply."""
    chosen = scheme.treatment(task)
    match chosen.treatment:
        case Treatment.RESCALE:
            return "不计该任务，指标得分按其余任务折算"
        case Treatment.FULL:
            return "按满分计"
        case Treatment.SHARE:
            return f"按分值的{shown(Fraction(chosen.share) * 100)}%计"
        case Treatment.MEAN:
            return "按同组其他单位平均得分率计"
        case Treatment.DROP:
            return "不计该任务，可得分相应减少"


def verified_pairs(assessed: Assessed) -> list[TaskScore]:
    """Scores whose verified value differs from the reported one."""
    return [
        row
        for row in assessed.task_scores
        if row.verified and row.reported and row.verified != row.reported
    ]


def status_counts(assessed: Assessed) -> list[tuple[str, int]]:
    """How many results of each standing were handed in, the weightiest first."""
    counts = Counter(result.status for result in assessed.entries.results)
    return [(status.value, counts[status]) for status in Status if counts[status]]
