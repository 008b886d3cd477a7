"""方案的发布: who scores what of whom, said with the ids of the register.

A scheme file calls units and sections by codes of its own. Publishing ties each to one that is
registered: by its code, else by its name or an alias, where exactly one has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Cell, DataOwner, IndicatorDuty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Protocol

    from kaoping.core.scheme import Indicator, Scheme

    class House(Protocol):
        """A registered unit or section."""

        @property
        def id(self) -> str: ...  # noqa: D102
        @property
        def code(self) -> str: ...  # noqa: D102
        @property
        def name(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Tie:
    """One unit or section of a scheme, and the registered one it is.

    Attributes:
        code, name: as the scheme has them.
        house: the id of the registered one; empty where there is none, or more than one.
        registered_as: its registered name.
        is_needed: whether it scores or is assessed; the others need not be registered.
    """

    code: str
    name: str
    house: str
    registered_as: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Ties:
    """Every unit and section of a scheme with the registered one it is.

    Attributes:
        units, sections: those the scheme lists, and sections that it names without listing them.
        idle: the names of indicators on which no unit is assessed.
    """

    units: tuple[Tie, ...]
    sections: tuple[Tie, ...]
    idle: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Tie, ...]:
        """What must be registered before the scheme can be published."""
        return tuple(t for t in (*self.sections, *self.units) if t.is_needed and not t.house)


def tie(scheme: Scheme, units: Iterable[House], sections: Iterable[House]) -> Ties:
    """Find the registered unit and section for each of a scheme's."""
    assessed = {unit for listed in scheme.units_of_task.values() for unit in listed}
    scoring = dict.fromkeys(name for one in scheme.indicators for name in _sections_of(one))
    of_units, of_sections = _Registered(units), _Registered(sections)
    listed = {name for s in scheme.sections for name in (s.id, s.name)}
    return Ties(
        tuple(
            of_units.tie(u.id, u.name, (u.name, *u.aliases), is_needed=u.id in assessed)
            for u in scheme.units
        ),
        (
            *(
                of_sections.tie(
                    s.id, s.name, (s.name,), is_needed=bool({s.id, s.name} & set(scoring))
                )
                for s in scheme.sections
            ),
            *(
                of_sections.tie(name, name, (name,), is_needed=True)
                for name in scoring
                if name not in listed
            ),
        ),
        tuple(
            one.name
            for one in scheme.indicators
            if not any(scheme.units_of_task[task.id] for task in one.tasks)
        ),
    )


class _Registered:
    """Registered units or sections by code and by name."""

    def __init__(self, houses: Iterable[House]) -> None:
        self._by_code: dict[str, House] = {}
        self._by_name: dict[str, list[House]] = {}
        for house in houses:
            self._by_code[house.code] = house
            self._by_name.setdefault(house.name, []).append(house)

    def tie(self, code: str, name: str, names: Iterable[str], *, is_needed: bool) -> Tie:
        found = self._by_code.get(code)
        if found is None:
            named = {house.id: house for one in names for house in self._by_name.get(one, ())}
            found = next(iter(named.values())) if len(named) == 1 else None
        if found is None:
            return Tie(code, name, "", "", is_needed)
        return Tie(code, name, found.id, found.name, is_needed)


def _sections_of(one: Indicator) -> Iterator[str]:
    yield one.responsible_section
    yield from one.cooperating_sections


def indicator_duties(scheme: Scheme, ties: Ties) -> tuple[IndicatorDuty, ...]:
    """What a publication says of each indicator; call it where nothing is missing.

    A unit that is assessed on an indicator is not assessed (不涉及) on those of its tasks that do
    not list it or that an assignment excuses.

    Raises:
        KeyError: where a unit or section is tied to nothing.
    """
    units = {t.code: t.house for t in ties.units if t.house}
    sections = {name: t.house for t in ties.sections if t.house for name in (t.name, t.code)}
    return tuple(_duty(scheme, one, units, sections) for one in scheme.indicators)


def data_owners(scheme: Scheme, ties: Ties) -> tuple[DataOwner, ...]:
    """Who owns the data of which task, as far as the owner is registered (P12).

    Not where the scheme names nobody, or somebody outside: there the responsible section enters.
    """
    sections = {name: one.house for one in ties.sections for name in (one.name, one.code)}
    units = {one.code: one.house for one in ties.units}

    def house(name: str) -> str:
        return sections.get(name) or units.get(scheme.unit_ids_by_name.get(name, name), "")

    tasks = (task for one in scheme.indicators for task in one.tasks if task.data_owner)
    return tuple(DataOwner(task.id, owner) for task in tasks if (owner := house(task.data_owner)))


def _duty(
    scheme: Scheme, one: Indicator, units: Mapping[str, str], sections: Mapping[str, str]
) -> IndicatorDuty:
    listed = {task.id: scheme.units_of_task[task.id] for task in one.tasks}
    on_any = {unit for of_task in listed.values() for unit in of_task}
    assessed = [unit.id for unit in scheme.units if unit.id in on_any]
    left_out = tuple(
        Cell(units[unit], task)
        for task, of_task in listed.items()
        for unit in assessed
        if unit not in of_task or scheme.assignment(unit, task).not_applicable
    )
    responsible = sections[one.responsible_section]
    cooperating = dict.fromkeys(sections[name] for name in one.cooperating_sections)
    return IndicatorDuty(
        one.id,
        responsible,
        tuple(section for section in cooperating if section != responsible),
        tuple(units[unit] for unit in assessed),
        tuple(listed),
        left_out,
    )
