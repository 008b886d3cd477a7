"""试算: a task's rule tried with numbers that somebody types, with its working."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.canonical import parse_decimal, plain
from kaoping.core.problems import Problem
from kaoping.core.scoring.comparison import Group, Inputs
from kaoping.core.scoring.evaluation import Cell, Evaluated, Unscorable, evaluate_rule
from kaoping.core.working import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from kaoping.core.rules import Rule
    from kaoping.core.scheme import Scheme, Task

YES, NO = "yes", "no"
"""How a yes or no is sent."""
_OWN = "试算单位"
_MOST_OTHERS = 200
_APART = re.compile(r"[\s、，,;；]+")


class FieldKind(StrEnum):
    """How a value is typed."""

    NUMBER = "number"
    YES_NO = "yes-no"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Field:
    """One value to type.

    Attributes:
        name: under which it is sent.
        label: what it is, in Chinese.
        measure: its unit of measure, empty where there is none.
        is_due: whether there is no score without it.
    """

    name: str
    label: str
    kind: FieldKind
    measure: str = ""
    is_due: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: a score with its working, or why there is none.

    Attributes:
        working: as a clerk writes it, empty where there is no score.
        score: the rounded points.
        notes: sentences on floor, cap and what decided the score.
        refusal: why there is no score; empty where there is one.
    """

    working: str = ""
    score: str = ""
    notes: tuple[str, ...] = ()
    refusal: str = ""


def trial_fields(task: Task) -> tuple[Field, ...]:
    """What must be known to score a task: points, inputs, targets, counts, and the others' values."""
    if task.rule is None:
        return ()
    points = Field("points", "分值", FieldKind.NUMBER, "分", is_due=False)
    return (points, *_fields(task, task.rule, ""))


def _fields(task: Task, rule: Rule, path: str) -> Iterator[Field]:
    before = f"{path}：" if path else ""
    for name in rules.inputs_of(rule):
        form = task.form(_input_name(path, name))
        if isinstance(rule, rules.YesNo):
            yield Field(_key(path, name), f"{before}是否完成", FieldKind.YES_NO)
        else:
            label = {"value": "完成值", "previous": "上期数", "of": "应完成项数"}[name]
            yield Field(
                _key(path, name), f"{before}{label}", FieldKind.NUMBER, form.unit_of_measure
            )
    if rules.takes_target(rule):
        stated = getattr(rule, "target", None)
        yield Field(
            _key(path, "target"), f"{before}目标值", FieldKind.NUMBER, is_due=stated is None
        )
    for line in rules.lines_of(rule):
        yield Field(
            _key(path, f"count.{line}"), f"{before}{line}（次）", FieldKind.NUMBER, is_due=False
        )
    if isinstance(rule, rules.Judgement):
        yield Field(_key(path, "awarded"), f"{before}评定分", FieldKind.NUMBER, "分")
    if not rules.parts_of(rule) and rules.uses_group(rule):
        yield Field(_key(path, "others"), f"{before}同组其他单位的数值", FieldKind.MANY)
    for part in rules.parts_of(rule):
        yield from _fields(task, part.rule, f"{path}.{part.name}" if path else part.name)


def _key(path: str, name: str) -> str:
    return f"{path}/{name}"


def _input_name(path: str, name: str) -> str:
    """As a task's `inputs` call it: `` for the main value, `part`, `part.previous`."""
    if name == "value":
        return path
    return f"{path}.{name}" if path else name


def try_rule(scheme: Scheme, task: Task, given: Mapping[str, str]) -> Trial | tuple[Problem, ...]:
    """The score of a task for values as they were typed; or what cannot be read of them.

    Args:
        scheme: of which places and ties are taken.
        task: whose rule is tried.
        given: texts by the names of `trial_fields`; one that is absent or empty is not known.
    """
    fields = trial_fields(task)
    problems = tuple(_unreadable(fields, given))
    if problems or task.rule is None:
        return problems or Trial(refusal="这项任务还没有写评分办法")
    points = _number(given, "points")
    others = {
        field.name.removesuffix("/others"): _many(given.get(field.name, ""))
        for field in fields
        if field.kind is FieldKind.MANY
    }
    members = {_OWN: _inputs(task.rule, "", given)}
    for number in range(max(map(len, others.values()), default=0)):
        values = {path: row[number] for path, row in others.items() if number < len(row)}
        members[f"其他{number + 1}"] = _other(task.rule, "", values)
    group = Group(members, frozenset(), scheme.ties)
    stake = task.points if points is None else points
    return _told(evaluate_rule(task.rule, Cell(_OWN, stake, members[_OWN], group)), scheme.places)


def _told(outcome: Evaluated | Unscorable, places: int) -> Trial:
    if isinstance(outcome, Unscorable):
        return Trial(refusal=f"{outcome.message}。{outcome.suggestion}。")
    working, rounded = written(outcome.term, places)
    notes = [*outcome.steps, *([outcome.why] if outcome.why else [])]
    if outcome.provisional:
        notes.append("同组单位的数值还不全，得分是暂定的")
    return Trial(working, plain(rounded), tuple(notes))


def _unreadable(fields: tuple[Field, ...], given: Mapping[str, str]) -> Iterator[Problem]:
    for field in fields:
        text = given.get(field.name, "").strip()
        if field.kind is FieldKind.NUMBER and text:
            number = parse_decimal(text)
            if number is None:
                yield Problem(
                    "NUMBER-INVALID", field.label, f"“{text[:40]}”不是数字", "请写如 12.5"
                )
            elif number < 0 and "/count." in field.name:
                yield Problem("NUMBER-INVALID", field.label, "次数不能小于零", "请改正")
        if field.kind is FieldKind.MANY and text:
            words = [word for word in _APART.split(text) if word]
            odd = next((word for word in words if parse_decimal(word) is None), None)
            if odd is not None:
                yield Problem(
                    "NUMBER-INVALID", field.label, f"“{odd[:40]}”不是数字", "请用空格隔开"
                )
            elif len(words) > _MOST_OTHERS:
                message = f"超过 {_MOST_OTHERS} 个单位"
                yield Problem("NUMBER-INVALID", field.label, message, "请少写几个")


def _number(given: Mapping[str, str], name: str) -> Decimal | None:
    return parse_decimal(given.get(name, "").strip())


def _many(text: str) -> list[Decimal]:
    numbers = (parse_decimal(word) for word in _APART.split(text) if word)
    return [number for number in numbers if number is not None]


def _inputs(rule: Rule, path: str, given: Mapping[str, str]) -> Inputs:
    def number(name: str) -> Decimal | None:
        return _number(given, _key(path, name))

    value: Decimal | bool | None = number("value")
    if isinstance(rule, rules.YesNo):
        value = {YES: True, NO: False}.get(given.get(_key(path, "value"), ""))
    counts = {line: number(f"count.{line}") for line in rules.lines_of(rule)}
    return Inputs(
        value=value,
        previous=number("previous"),
        of=number("of"),
        counts={line: count for line, count in counts.items() if count is not None},
        target=number("target"),
        awarded=number("awarded"),
        parts={
            part.name: _inputs(part.rule, f"{path}.{part.name}" if path else part.name, given)
            for part in rules.parts_of(rule)
        },
    )


def _other(rule: Rule, path: str, values: Mapping[str, Decimal]) -> Inputs:
    """What another unit of the group brings: its value at each path that compares."""
    return Inputs(
        value=values.get(path),
        parts={
            part.name: _other(part.rule, f"{path}.{part.name}" if path else part.name, values)
            for part in rules.parts_of(rule)
        },
    )
