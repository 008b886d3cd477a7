"""What the checks of a scheme share: how they walk it and name what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaoping.core.rules import Rule
    from kaoping.core.scheme import Indicator, Scheme, Task, Unit

SHOWN_NAMES = 5


def some(names: Iterable[str]) -> str:
    """The first few names, and how many there are in all."""
    listed = list(names)
    more = f" 等 {len(listed)} 个" if len(listed) > SHOWN_NAMES else ""
    return "、".join(listed[:SHOWN_NAMES]) + more


def all_rules(scheme: Scheme) -> Iterator[tuple[Task, str, Rule]]:
    """Every rule of every task, parts included, with the task and the path of parts to it."""
    for task in scheme.task_by_id.values():
        for path, rule in rules.walk(task.rule) if task.rule else ():
            yield task, path, rule


def place(task: Task, path: str) -> str:
    """The place of a rule or, inside it, of a part's rule."""
    return f"{task.place}.rule{'.' + path if path else ''}"


def units_of(scheme: Scheme, indicator: Indicator) -> list[Unit]:
    """The units assessed on an indicator, in the order of the scheme."""
    assessed = {unit for task in indicator.tasks for unit in scheme.units_of_task[task.id]}
    return [unit for unit in scheme.units if unit.id in assessed]
