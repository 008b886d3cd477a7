"""任务分解: what may be said of one unit's task, and reading it from what a person typed.

Which fields a cell has follows from the task's rule: a target where the rule has one, the items due
where it counts items, own points where the rule does not state scores itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.canonical import MAX_NUMBER_LENGTH, encode, parse_decimal, sha256
from kaoping.core.rules import (
    Ratio,
    goal_of,
    goal_paths,
    has_fixed_points,
    inputs_of,
    rule_at,
)
from kaoping.core.scheme import Assignment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from kaoping.core.scheme import Scheme, Task

TARGET, OF, POINTS = "target", "of", "points"
_OF_PART = "targets."
NOT_APPLICABLE = "不涉及"
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Field:
    """One number of a cell.

    Attributes:
        key: `target`, `targets.PART`, `of` or `points`.
        label: what it is called.
        unit_of_measure: may be empty.
        default: what holds where a unit has none of its own; None: nothing does.
        is_needed: whether a unit without its own number has none at all (缺目标).
        lowest: no number below it; None: any.
        may_be_lowest: whether the lowest itself is allowed.
    """

    key: str
    label: str
    unit_of_measure: str = ""
    default: Decimal | None = None
    is_needed: bool = False
    lowest: int | None = None
    may_be_lowest: bool = False

    @property
    def head(self) -> str:
        """目标值（亿元）."""
        return f"{self.label}（{self.unit_of_measure}）" if self.unit_of_measure else self.label


def cell_fields(task: Task) -> tuple[Field, ...]:
    """The numbers that may be said of a unit on a task."""
    rule = task.rule
    if rule is None:
        return (_points(task),)
    fields = [_goal(task, path) for path in goal_paths(rule)]
    if OF in inputs_of(rule):
        fields.append(Field(OF, "应完成项数", task.form(OF).unit_of_measure or "项", lowest=0))
    if not has_fixed_points(rule):
        fields.append(_points(task))
    return tuple(fields)


def _points(task: Task) -> Field:
    return Field(POINTS, "分值", "分", task.points, lowest=0, may_be_lowest=True)


def _goal(task: Task, path: str) -> Field:
    assert task.rule is not None
    default = goal_of(task.rule, path)
    is_ratio = isinstance(rule_at(task.rule, path), Ratio)
    return Field(
        f"{_OF_PART}{path}" if path else TARGET,
        f"{path}目标值" if path else "目标值",
        task.form(path).unit_of_measure,
        default,
        is_needed=default is None,
        lowest=0 if is_ratio else None,
    )


def number_at(one: Assignment, key: str) -> Decimal | None:
    """What an assignment says under a field's key."""
    if key == TARGET:
        return one.target
    if key == OF:
        return one.of
    return one.points if key == POINTS else one.targets.get(key.removeprefix(_OF_PART))


def assigned(
    unit: str, task: str, numbers: Mapping[str, Decimal | None], *, not_applicable: bool
) -> Assignment:
    """An assignment from the numbers of its fields; one that does not apply has none of them."""
    if not_applicable:
        return Assignment(unit, task, not_applicable=True)
    goals = {
        key.removeprefix(_OF_PART): number
        for key, number in numbers.items()
        if key.startswith(_OF_PART) and number is not None
    }
    return Assignment(unit, task, numbers.get(TARGET), goals, numbers.get(OF), numbers.get(POINTS))


def changed_from(before: Assignment, after: Assignment) -> Assignment:
    """`after`, with every number that is equal to the one before written as it was before.

    A workbook has 6 where the scheme says 6.00: that is no change.
    """

    def kept(old: Decimal | None, new: Decimal | None) -> Decimal | None:
        return old if old == new else new

    targets = {
        name: number if before.targets.get(name) != number else before.targets[name]
        for name, number in after.targets.items()
    }
    return Assignment(
        after.unit,
        after.task,
        kept(before.target, after.target),
        targets,
        kept(before.of, after.of),
        kept(before.points, after.points),
        after.not_applicable,
        before.place,
    )


def missing(task: Task, one: Assignment) -> tuple[Field, ...]:
    """Targets that a unit needs and has not got."""
    if one.not_applicable:
        return ()
    return tuple(
        field
        for field in cell_fields(task)
        if field.is_needed and number_at(one, field.key) is None
    )


def is_assessed(scheme: Scheme, unit: str, task: str) -> bool:
    """Whether a task lists a unit, 不涉及 included."""
    return unit in scheme.units_of_task.get(task, ())


def read_number(text: str, field: Field) -> Decimal | str | None:
    """The number that a person typed; a sentence where it is none; None where nothing stands there."""
    text = text.strip()
    if not text:
        return None
    number = parse_decimal(text.replace("\u2212", "-"))
    if number is None:
        return _slip(text)
    if field.lowest is not None:
        is_low = number < field.lowest or (number == field.lowest and not field.may_be_lowest)
        if is_low:
            bound = "不能小于" if field.may_be_lowest else "应大于"
            return f"{field.label}{bound} {field.lowest}"
    return number


def _slip(text: str) -> str:
    """What is wrong with a text that is no number, in words that say how to write it."""
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    if len(text) > MAX_NUMBER_LENGTH:
        return f"“{shown}”过长，数字最多 {MAX_NUMBER_LENGTH} 位"
    if any("\uff00" <= sign <= "\uff5e" for sign in text) and _is_number(text.translate(_NARROW)):
        return f"“{shown}”是全角数字，请改用半角，如 12.5"
    if _is_number(text.replace(",", "").replace("，", "")):
        return f"“{shown}”有千分位逗号，请去掉"
    if text.endswith(("%", "％")):
        return f"“{shown}”请去掉百分号，按计量单位填写数字"
    if "e" in text.lower() and _is_number(text.lower().replace("e", "").replace("+", "")):
        return f"“{shown}”是指数写法，请写成普通数字，如 12000"
    return f"“{shown}”不是数字，请写成 12.5 的样子"


_NARROW = {0xFF00 + at: 0x20 + at for at in range(1, 0x5F)}
"""Full-width signs to those of ASCII."""


def _is_number(text: str) -> bool:
    return parse_decimal(text) is not None


def fingerprint(one: Assignment) -> str:
    """What a cell says, in short: the same text exactly where it says the same.

    A form carries it, so that nobody changes a cell that has become another one under her hands.
    """
    said = {
        "target": one.target,
        "targets": dict(one.targets),
        "of": one.of,
        "points": one.points,
        "not_applicable": one.not_applicable,
    }
    return sha256(encode(said))[:16]


def words_of(one: Assignment, task: Task) -> str:
    """A cell in words: 目标值 27.00 亿元，分值 3 分; 不涉及; 缺目标; 按任务规定 where it says nothing."""
    if one.not_applicable:
        return NOT_APPLICABLE
    said = [
        f"{field.label} {number:f}{_blank(field.unit_of_measure)}"
        for field in cell_fields(task)
        if (number := number_at(one, field.key)) is not None
    ]
    said += [f"缺{field.label}" for field in missing(task, one)]
    return "，".join(said) or "按任务规定"


def _blank(unit_of_measure: str) -> str:
    return f" {unit_of_measure}" if unit_of_measure else ""
