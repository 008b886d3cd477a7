"""职责空缺: which duties a scheme needs and nobody has, named by role and house (P20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Role
from kaoping.core.workflow.questions import is_valid
from kaoping.core.workflow.things import Duty, Section, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from kaoping.core.acts.setting_up import SchemePublished
    from kaoping.core.workflow.state import State

ROLE_NAMES: Mapping[Role, str] = {
    Role.LIAISON: "联络员",
    Role.UNIT_HEAD: "单位负责人",
    Role.HANDLER: "经办人",
    Role.SECTION_HEAD: "部门负责人",
    Role.INSPECTOR: "核验人员",
    Role.SUPERVISOR: "监督员",
    Role.RESPONSIBLE_LEADER: "责任领导",
    Role.PRINCIPAL_LEADER: "主要领导",
}
"""What a role is called."""
_NAMED = 8
"""A sentence names this many vacancies; a page lists them all."""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A role that nobody has in a unit or section.

    Attributes:
        house: id of the unit or section.
        name: what that is called.
        is_section: whether it is a section.
        indicators: for which indicators; none: for any.
    """

    role: Role
    house: str
    name: str
    is_section: bool
    indicators: tuple[str, ...]

    @property
    def zh(self) -> str:
        """投资科缺部门负责人（指标 1、3）."""
        where = f"（指标 {'、'.join(self.indicators)}）" if self.indicators else ""
        return f"{self.name}缺{ROLE_NAMES[self.role]}{where}"

    @property
    def en(self) -> str:
        """The same in English."""
        where = f" for indicator {', '.join(self.indicators)}" if self.indicators else ""
        return f"{self.name} has no {self.role.value.replace('_', ' ')}{where}"


def vacancies(state: State, scheme: SchemePublished, day: date) -> tuple[Vacancy, ...]:
    """Every duty that a scheme needs and nobody has on a day; sections first, in its order."""
    held = {
        (duty.role, duty.unit or duty.section, duty.indicator)
        for duty in state.every(Duty)
        if is_valid(state, duty, day)
    }
    needed: dict[tuple[Role, str], list[str]] = {}
    for role, house, indicator in _seats_needed(scheme):
        needed.setdefault((role, house), []).append(indicator)
    found = []
    for (role, house), indicators in needed.items():
        if (role, house, None) in held:
            continue
        open_ones = [one for one in indicators if (role, house, one) not in held]
        if open_ones:
            named = () if len(open_ones) == len(indicators) else tuple(open_ones)
            found.append(_vacancy(state, role, house, named))
    return tuple(sorted(found, key=lambda one: not one.is_section))


def _vacancy(state: State, role: Role, house: str, indicators: tuple[str, ...]) -> Vacancy:
    section = state.find(Section, house)
    found = section or state.find(Unit, house)
    return Vacancy(role, house, found.name if found else house, section is not None, indicators)


def said(found: Sequence[Vacancy]) -> tuple[str, str]:
    """The first vacancies in a sentence, and how many there are; in Chinese and in English."""
    zh, en = ([getattr(one, language) for one in found[:_NAMED]] for language in ("zh", "en"))
    if len(found) > _NAMED:
        zh.append(f"等共 {len(found)} 处")
        en.append(f"{len(found)} in all")
    return "；".join(zh), "; ".join(en)


def _seats_needed(scheme: SchemePublished) -> Iterator[tuple[Role, str, str]]:
    """Every seat, with the indicator it is needed for; empty for coordinating."""
    yield Role.HANDLER, scheme.coordinating_section, ""
    yield Role.SECTION_HEAD, scheme.coordinating_section, ""
    for one in scheme.indicators:
        for section in (one.responsible_section, *one.cooperating_sections):
            yield Role.HANDLER, section, one.indicator
            yield Role.SECTION_HEAD, section, one.indicator
        for unit in one.assessed_units:
            yield Role.LIAISON, unit, one.indicator
            yield Role.UNIT_HEAD, unit, one.indicator
