"""一票否决 in words: which are in force, on what, with which effect, and what would stand without them (P14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.report.assessed import EFFECT_NAMES
from kaoping.core.report.document import enclosed, points_text, printed
from kaoping.core.results import DecisionKind
from kaoping.core.scheme import Effect
from kaoping.core.scoring.scores import ScoreState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.results import Decision


def vetoes_in_words(assessed: Assessed) -> list[str]:
    """A clause for each veto in force: unit, name, effect with the points before it, document."""
    return [_clause(assessed, row) for row in _in_force(assessed)]


def _in_force(assessed: Assessed) -> Iterator[Decision]:
    """Vetoes declared and not lifted, in their order."""
    held: dict[tuple[str, str, str], Decision] = {}
    for row in assessed.decisions(DecisionKind.VETO, DecisionKind.LIFT):
        key = (row.unit, row.task, row.name)
        if row.kind is DecisionKind.VETO:
            held[key] = row
        else:
            held.pop(key, None)
    yield from held.values()


def _clause(assessed: Assessed, row: Decision) -> str:
    task = assessed.scheme.task_by_id[row.task]
    effects = [
        f"{_about(assessed, row, veto.effect)}{EFFECT_NAMES[veto.effect]}"
        f"{_before(assessed, row, veto.effect)}"
        for veto in task.veto
        if veto.name == row.name
    ]
    grounds = f"，依据{printed(row.document)}" if row.document else ""
    return f"{assessed.unit_name(row.unit)}“{row.name}”，{'，'.join(effects)}{grounds}"


def _about(assessed: Assessed, row: Decision, effect: Effect) -> str:
    """What the effect is on, where its own words do not say it."""
    task = assessed.scheme.task_by_id[row.task]
    if effect is Effect.ZERO_TASK:
        return f"“{task.label}”"
    if effect is Effect.ZERO_INDICATOR:
        return f"“{assessed.scheme.indicator_of[task.id].name}”"
    return ""


def _before(assessed: Assessed, row: Decision, effect: Effect) -> str:
    """（否决前3.60分）, where there is one score that the effect took away; else which tasks."""
    value: Decimal | None = None
    if effect is Effect.ZERO_TASK:
        value = assessed.scores.tasks[row.unit, row.task].without_veto
    elif effect is Effect.ZERO_INDICATOR:
        indicator = assessed.scheme.indicator_of[row.task]
        value = assessed.scores.indicators[row.unit, indicator.id].without_veto
    elif effect is Effect.ZERO_TOTAL and row.unit in assessed.scores.totals:
        value = assessed.scores.totals[row.unit].without_veto
    elif effect is Effect.ZERO_TASKS:
        task = assessed.scheme.task_by_id[row.task]
        listed = (one for veto in task.veto if veto.name == row.name for one in veto.tasks)
        return enclosed("、".join(listed))
    return "" if value is None else f"（否决前{points_text(value, ScoreState.SCORED)}分）"
