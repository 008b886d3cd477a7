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

from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly
from kaoping.core.scheme import Totals
from kaoping.core.scoring.choice import Book
from kaoping.core.scoring.scores import Scores
from kaoping.core.scoring.summing import score_indicators, score_totals
from kaoping.core.scoring.tasks import score_task, with_task_veto

if TYPE_CHECKING:
    from kaoping.core.results import Entries
    from kaoping.core.scheme import Scheme
    from kaoping.core.scoring.choice import Key
    from kaoping.core.scoring.scores import TaskScore


@exactly
def score(scheme: Scheme, entries: Entries) -> Scores:
    """Score every unit on every task, indicator and, where the scheme has them, in total.

    Args:
        scheme: a scheme without blocking problems.
        entries: results, deductions and decisions that were read without problems.
    """
    book = Book(scheme, entries)
    tasks: dict[Key, TaskScore] = {}
    for task in scheme.task_by_id.values():
        tasks |= score_task(book, task)
    tasks = {key: with_task_veto(book, row) for key, row in tasks.items()}
    indicators = score_indicators(book, tasks)
    totals = score_totals(book, indicators) if scheme.totals is not Totals.NONE else {}
    problems = [*book.problems, *(p for row in tasks.values() for p in row.problems)]
    return Scores(tasks, indicators, totals, (*problems, *book.unused_decisions()))
