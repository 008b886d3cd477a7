"""Comparing two versions of a scheme: what was added, dropped and changed, place by place (P01).

Tables are matched by their ids, never by position: moving a task changes nothing, renaming its id
drops one task and adds another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.canonical import plain
from kaoping.core.formula import Expression

if TYPE_CHECKING:
    from kaoping.core.scheme import Scheme


class ChangeKind(StrEnum):
    """What happened to a place."""

    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"


CHANGE_NAMES: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "新增",
    ChangeKind.DROPPED: "删去",
    ChangeKind.CHANGED: "修改",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One place that differs; `before` or `after` is empty where it did not exist."""

    kind: ChangeKind
    where: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        """The change as printed by `--json`."""
        return {
            "kind": self.kind.value,
            "where": self.where,
            "before": self.before,
            "after": self.after,
        }


def diff_schemes(before: Scheme, after: Scheme) -> tuple[Change, ...]:
    """Every difference in meaning, in the order of the older scheme, additions last."""
    old, new = dict(_flat(before)), dict(_flat(after))
    return tuple(_changes(old, new))


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for where, value in old.items():
        if where not in new:
            yield Change(ChangeKind.DROPPED, where, value, "")
        elif new[where] != value:
            yield Change(ChangeKind.CHANGED, where, value, new[where])
    for where, value in new.items():
        if where not in old:
            yield Change(ChangeKind.ADDED, where, "", value)


_NOT_CONTENT = frozenset({"place", "cases"})


def _flat(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """A record as pairs of place and text; empty values are left out."""
    if isinstance(value, Expression):
        yield where, value.text
    elif is_dataclass(value) and not isinstance(value, type):
        if where and not hasattr(value, "id"):
            yield where, type(value).__name__
        for attribute in fields(value):
            if attribute.name not in _NOT_CONTENT:
                place = f"{where}.{attribute.name}" if where else attribute.name
                yield from _flat(getattr(value, attribute.name), place)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{where}.{key}")
    elif isinstance(value, tuple):
        yield from _flat_list(value, where)
    elif value not in (None, ""):
        yield where, _text(value)


def _flat_list(items: tuple[object, ...], where: str) -> Iterator[tuple[str, str]]:
    if items and all(not is_dataclass(item) for item in items):
        yield where, "、".join(_listed(item) for item in items)
        return
    for position, item in enumerate(items, 1):
        yield from _flat(item, f"{where}[{_identity(item) or position}]")


def _listed(item: object) -> str:
    """One text of a list, quoted where it could be taken for two."""
    text = _text(item)
    return f"“{text}”" if "、" in text else text


def _identity(item: object) -> str:
    """What names a record among its siblings."""
    cell = (getattr(item, "unit", None), getattr(item, "task", None))
    if all(isinstance(name, str) for name in cell):
        return " ".join(str(name) for name in cell)
    if isinstance(code := getattr(item, "code", None), str):
        return f"{code} {getattr(item, 'where', '')}"
    for name in ("id", "name"):
        if isinstance(value := getattr(item, name, None), str) and value:
            return value
    return ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return "(" + ", ".join(_text(item) for item in value) + ")"
    return str(value)
