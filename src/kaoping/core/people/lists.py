"""人员名单 as it is kept: rows of units, sections and persons with their duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - read at run time where a list is stored
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaoping.core.scheme import Scheme

OF_A_UNIT = (Role.LIAISON, Role.UNIT_HEAD)
OF_A_SECTION = (Role.HANDLER, Role.SECTION_HEAD)

HEADS: Mapping[str, str] = {
    "name": "姓名",
    "staff_number": "工号",
    "login": "账号",
    "unit": "单位",
    "section": "科室",
    "role": "角色",
    "indicator": "指标",
    "from_date": "自",
    "until_date": "至",
    "on_behalf_of": "代理",
    "code": "编号",
}
"""The columns of a list and their headings."""
PEOPLE_COLUMNS = tuple(HEADS)[:-1]
UNIT_COLUMNS = ("code", "name")
SECTION_COLUMNS = ("code", "name", "unit")
LOGIN_MARK = "login:"
"""How a reference to a person by account begins; any other is the digest of a staff number."""


@dataclass(frozen=True, slots=True)
class House:
    """One row of units or sections; `unit` is empty for a unit, `aliases` are further names."""

    place: str
    code: str
    name: str
    unit: str
    aliases: tuple[str, ...]
    is_section: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of people: who, where, and which duty if any.

    Attributes:
        place: as a person finds it.
        name: the person's.
        person: the digest of the staff number, or `login:` and the account where no number stands.
        login: the account to open.
        unit: as written: code, name or alias.
        section: as written.
        role: None for a row that only registers.
        indicator: empty for all of them.
        from_date: first day.
        until_date: last day.
        on_behalf_of: like `person`; empty for a duty of one's own.
    """

    place: str
    name: str
    person: str
    login: str
    unit: str
    section: str
    role: Role | None
    indicator: str
    from_date: date | None
    until_date: date | None
    on_behalf_of: str


@dataclass(frozen=True, slots=True)
class PeopleList:
    """人员名单 as it is kept between its two halves: persons first, then their duties.

    `is_complete` lists name every duty there is: what they leave out ends.
    """

    name: str
    is_complete: bool
    houses: tuple[House, ...]
    lines: tuple[Line, ...]


def houses_of(scheme: Scheme) -> tuple[House, ...]:
    """The units and sections that a scheme file names."""
    units = (
        House(f"方案单位 {one.id}", one.id, one.name, "", one.aliases, is_section=False)
        for one in scheme.units
    )
    sections = (
        House(f"方案科室 {one.id}", one.id, one.name, one.unit, (), is_section=True)
        for one in scheme.sections
    )
    return (*units, *sections)
