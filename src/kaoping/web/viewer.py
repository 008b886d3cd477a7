"""Who looks: a person with today's duties and offices, and which parts of the house are open to him.

Two questions, each with one answer: may she see it? (`visible_to` of a model, asked with a viewer)
may she do it now? (the core's workflow). This module only says who she is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Office, Role
from kaoping.core.workflow.case import day_of
from kaoping.core.workflow.questions import duties_on, offices
from kaoping.core.workflow.things import Assessment, Duty, Person, Scheme, Section, Unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from kaoping.core.workflow.state import State

_OF_A_SECTION = (Role.HANDLER, Role.SECTION_HEAD)
_OF_A_UNIT = (Role.LIAISON, Role.UNIT_HEAD)
_LEADERS = (Role.RESPONSIBLE_LEADER, Role.PRINCIPAL_LEADER)
_SIGNING = (*_OF_A_SECTION, Role.UNIT_HEAD, Role.INSPECTOR, Role.SUPERVISOR, *_LEADERS)


@dataclass(frozen=True)
class Viewer:
    """A person at a time.

    Attributes:
        person: id in the register.
        state: where everything stands.
        at: now, as acts carry it.
    """

    person: str
    state: State
    at: str

    @property
    def itself(self) -> Viewer:
        """This very viewer, out of the wrapping that waits for the first question: it is asked hundreds."""
        return self

    @property
    def day(self) -> date:
        """Today in Asia/Shanghai."""
        return day_of(self.at)

    @cached_property
    def record(self) -> Person | None:
        """The person as registered."""
        return self.state.find(Person, self.person)

    @property
    def name(self) -> str:
        """The person's name."""
        return self.record.name if self.record else ""

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """The duties of today, delegated ones included."""
        return tuple(duties_on(self.state, self.person, self.day))

    @cached_property
    def offices(self) -> frozenset[Office]:
        """The offices of an administrator."""
        return frozenset(one.office for one in offices(self.state, self.person))

    @cached_property
    def unit(self) -> Unit | None:
        """The unit the person belongs to, also through a section."""
        if self.record is None:
            return None
        section = self.state.find(Section, self.record.section)
        return self.state.find(Unit, self.record.unit or (section.unit if section else None))

    @cached_property
    def section(self) -> Section | None:
        """The section the person belongs to."""
        return self.state.find(Section, self.record.section) if self.record else None

    @property
    def house(self) -> str:
        """市发展改革委 · 投资科, as the head of every page says it."""
        return " · ".join(house.name for house in (self.unit, self.section) if house)

    def has_role(self, *roles: Role) -> bool:
        """Whether one of the roles is held today, wherever."""
        return any(duty.role in roles for duty in self.duties)

    @cached_property
    def units(self) -> frozenset[str]:
        """The assessed units for which the person reports today."""
        return frozenset(d.unit for d in self.duties if d.role in _OF_A_UNIT and d.unit)

    @cached_property
    def sections(self) -> frozenset[str]:
        """The sections in which the person has a duty today."""
        return frozenset(d.section for d in self.duties if d.role in _OF_A_SECTION and d.section)

    @cached_property
    def supplies(self) -> bool:
        """Whether the person's unit or section was named as the owner of data (P12)."""
        years = self.state.every(Assessment)
        owners = {owner for year in years for owner in year.data_owners.values()}
        return bool(owners & (self.units | self.sections))

    @cached_property
    def is_coordinating(self) -> bool:
        """Whether the person works in the coordinating section.

        Before the first scheme nobody knows which section coordinates: every section may draft one.
        """
        schemes = list(self.state.every(Scheme))
        coordinating = {scheme.content.coordinating_section for scheme in schemes}
        return bool(self.sections & coordinating) if schemes else bool(self.sections)

    @property
    def is_leader(self) -> bool:
        """Whether the person leads: sees the whole, does little."""
        return self.has_role(*_LEADERS)

    @property
    def is_supervisor(self) -> bool:
        """Whether the person watches: draws, and the journal."""
        return self.has_role(Role.SUPERVISOR)

    @property
    def needs_second_factor(self) -> bool:
        """Whether the person scores, signs, administers, or watches the draws and the journal.

        For them a password alone is not enough.
        """
        return self.is_administrator or self.has_role(*_SIGNING)

    @property
    def is_administrator(self) -> bool:
        """Whether the person is one of the three kinds of administrators."""
        return bool(self.offices)

    @property
    def sees_all_units(self) -> bool:
        """Whether targets and results of every unit are open: coordinating section, leaders, supervisors."""
        return self.is_coordinating or self.is_leader or self.is_supervisor


@dataclass(frozen=True)
class Audience:
    """For whom a page is: its name in the table of pages, and whom it admits."""

    name: str
    admits: Callable[[Viewer], bool]


def _is_of_business(viewer: Viewer) -> bool:
    return not viewer.is_administrator and bool(viewer.duties)


_GUARDS = {Office.SECURITY_ADMIN, Office.AUDIT_ADMIN}

EVERYBODY = Audience("所有登录人员", lambda _: True)
SYSTEM_ADMIN = Audience("系统管理员", lambda v: Office.SYSTEM_ADMIN in v.offices)
SECURITY_ADMIN = Audience("安全管理员", lambda v: Office.SECURITY_ADMIN in v.offices)
GUARDING = Audience("安全管理员和审计管理员", lambda v: bool(v.offices & _GUARDS))
ADMINISTRATORS = Audience("三员", lambda v: v.is_administrator)
PEOPLE_KEEPERS = Audience(
    "系统管理员和安全管理员",
    lambda v: bool(v.offices & {Office.SYSTEM_ADMIN, Office.SECURITY_ADMIN}),
)
DUTY_READERS = Audience(
    "安全管理员和审计管理员",
    lambda v: bool(v.offices & {Office.SECURITY_ADMIN, Office.AUDIT_ADMIN}),
)
BUSINESS = Audience("有业务职责的人员", _is_of_business)
COORDINATING = Audience("汇总科室", lambda v: _is_of_business(v) and v.is_coordinating)
LEADING = Audience(
    "汇总科室和领导", lambda v: _is_of_business(v) and (v.is_coordinating or v.is_leader)
)
OVERSIGHT = Audience(
    "审计管理员和监督员", lambda v: Office.AUDIT_ADMIN in v.offices or v.is_supervisor
)
WATCHING = Audience(
    "安全管理员、审计管理员和监督员", lambda v: bool(v.offices & _GUARDS) or v.is_supervisor
)
FOLLOWING = Audience("科室和领导", lambda v: _is_of_business(v) and bool(v.sections or v.is_leader))
OF_SECTIONS = Audience("责任科室", lambda v: _is_of_business(v) and bool(v.sections))
SUPPLYING = Audience(
    "科室和数据提供单位", lambda v: _is_of_business(v) and bool(v.sections or v.supplies)
)
ASSESSED = Audience("被考评单位", lambda v: _is_of_business(v) and bool(v.units))
