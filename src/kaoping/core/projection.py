"""登记表: which rows the register has of each thing, so that pages and auditors can look things up.

Rows are a projection: they follow from what the acts have led to and decide nothing. An act's body
lists the digest of each row as the act left it, so that an edited, lost or smuggled row is named
(layer S). `TABLES` says which columns there are; the platform's models and the reader of layer S
both keep to it. A row's values are texts, whole numbers, yes or no, or nothing; days and decimals
stand as texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from kaoping.core.workflow.things import (
    Appointment,
    Assessment,
    Duty,
    Person,
    Scheme,
    Section,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Thing

    Key = tuple[str, str]
    """Table and id."""
    Values = Mapping[str, str | int | bool | None]
    Rows = Iterator[tuple[str, str, Values]]


class Column(Enum):
    """What a column of the register holds."""

    TEXT = "text"
    WHOLE = "whole"
    YES_NO = "yes or no"


TEXT, WHOLE, YES_NO = Column.TEXT, Column.WHOLE, Column.YES_NO

TABLES: Mapping[str, Mapping[str, Column]] = {
    "unit": {"code": TEXT, "name": TEXT},
    "section": {"code": TEXT, "name": TEXT, "unit": TEXT},
    "person": {
        "name": TEXT,
        "unit": TEXT,
        "section": TEXT,
        "human": TEXT,
        "has_undertaken": YES_NO,
    },
    "interest": {"person": TEXT, "unit": TEXT},
    "duty": {
        "person": TEXT,
        "role": TEXT,
        "unit": TEXT,
        "section": TEXT,
        "indicator": TEXT,
        "from_date": TEXT,
        "until_date": TEXT,
        "on_behalf_of": TEXT,
        "standing": TEXT,
    },
    "appointment": {"person": TEXT, "office": TEXT, "asked_by": TEXT, "standing": TEXT},
    "scheme": {
        "plan": WHOLE,
        "document_number": TEXT,
        "sha256": TEXT,
        "coordinating_section": TEXT,
        "late": TEXT,
    },
    "indicator": {
        "scheme": TEXT,
        "code": TEXT,
        "place": WHOLE,
        "responsible_section": TEXT,
    },
    "cooperation": {"indicator": TEXT, "section": TEXT},
    "task": {"indicator": TEXT, "code": TEXT, "place": WHOLE},
    "cell": {"task": TEXT, "unit": TEXT, "applies": YES_NO},
    "assessment": {"scheme": TEXT, "year": WHOLE, "name": TEXT, "standing": TEXT},
    "deadline": {"assessment": TEXT, "step": TEXT, "until": TEXT, "versions": WHOLE},
}
"""The columns of each table, besides `id` and `version`."""

TABLE_NAMES: Mapping[str, str] = {
    "unit": "单位",
    "section": "科室",
    "person": "人员",
    "interest": "利害关系",
    "duty": "职责",
    "appointment": "管理员任职",
    "scheme": "方案",
    "indicator": "指标",
    "cooperation": "配合科室",
    "task": "任务",
    "cell": "任务分解",
    "assessment": "考评",
    "deadline": "时限",
}
"""What the tables are called."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row as an act left it; no values where the act removed it."""

    table: str
    id: str
    values: Values | None


def changes(before: State, things: Iterable[Thing]) -> list[Change]:
    """Which rows change as an act puts these things in the place of what was there before.

    Args:
        before: the state the act was taken in.
        things: as the act leaves them.

    Returns:
        Only rows that differ, in a fixed order.
    """
    found: dict[Key, Values | None] = {}
    for thing in things:
        old, new = _rows(before.things.get(thing.id)), _rows(thing)
        found.update({key: values for key, values in new.items() if old.get(key) != values})
        found.update(dict.fromkeys(old.keys() - new.keys()))
    return [Change(*key, values) for key, values in sorted(found.items())]


def rows_of(things: Iterable[Thing]) -> Iterator[Change]:
    """All rows of some things."""
    for thing in things:
        yield from (Change(*key, values) for key, values in _rows(thing).items())


def _rows(thing: Thing | None) -> dict[Key, Values]:
    project = _PROJECTIONS.get(type(thing))
    return (
        {(table, identity): values for table, identity, values in project(thing)} if project else {}
    )


# --- one small function for each kind of thing ----------------------------------------------------


def _unit(one: Unit) -> Rows:
    yield "unit", one.id, {"code": one.code, "name": one.name}


def _section(one: Section) -> Rows:
    yield "section", one.id, {"code": one.code, "name": one.name, "unit": one.unit}


def _person(one: Person) -> Rows:
    values: Values = {
        "name": one.name,
        "unit": one.unit,
        "section": one.section,
        "human": one.human,
        "has_undertaken": one.has_undertaken,
    }
    yield "person", one.id, values
    for unit in one.interests:
        yield "interest", f"{one.id}/{unit}", {"person": one.id, "unit": unit}


def _duty(one: Duty) -> Rows:
    values: Values = {
        "person": one.person,
        "role": one.role.value,
        "unit": one.unit,
        "section": one.section,
        "indicator": one.indicator,
        "from_date": one.from_date.isoformat(),
        "until_date": one.until_date.isoformat() if one.until_date else None,
        "on_behalf_of": one.on_behalf_of,
        "standing": one.standing.value,
    }
    yield "duty", one.id, values


def _appointment(one: Appointment) -> Rows:
    values: Values = {
        "person": one.person,
        "office": one.office.value,
        "asked_by": one.asked_by,
        "standing": one.standing.value,
    }
    yield "appointment", one.id, values


def _scheme(one: Scheme) -> Rows:
    content = one.content
    values: Values = {
        "plan": content.version,
        "document_number": content.document_number,
        "sha256": content.scheme.sha256,
        "coordinating_section": content.coordinating_section,
        "late": content.late.value,
    }
    yield "scheme", one.id, values
    for place, duty in enumerate(content.indicators):
        indicator = f"{one.id}/{duty.indicator}"
        values = {
            "scheme": one.id,
            "code": duty.indicator,
            "place": place,
            "responsible_section": duty.responsible_section,
        }
        yield "indicator", indicator, values
        for section in duty.cooperating_sections:
            yield (
                "cooperation",
                f"{indicator}/{section}",
                {"indicator": indicator, "section": section},
            )
        left_out = {(cell.unit, cell.task) for cell in duty.not_applicable}
        for number, code in enumerate(duty.tasks):
            task = f"{one.id}/{duty.indicator}/{code}"
            yield "task", task, {"indicator": indicator, "code": code, "place": number}
            for unit in duty.assessed_units:
                applies = (unit, code) not in left_out
                yield "cell", f"{task}/{unit}", {"task": task, "unit": unit, "applies": applies}


def _assessment(one: Assessment) -> Rows:
    values: Values = {
        "scheme": one.scheme,
        "year": one.year,
        "name": one.name,
        "standing": one.standing.value,
    }
    yield "assessment", one.id, values
    for step, versions in one.deadlines.items():
        values = {
            "assessment": one.id,
            "step": step.value,
            "until": versions[-1].until.isoformat(),
            "versions": len(versions),
        }
        yield "deadline", f"{one.id}/{step.value}", values


_PROJECTIONS: Mapping[type, Callable[[Any], Rows]] = {
    Unit: _unit,
    Section: _section,
    Person: _person,
    Duty: _duty,
    Appointment: _appointment,
    Scheme: _scheme,
    Assessment: _assessment,
}
