"""人员、职责、单位 as workbooks: what the pages show, to print, to hand round, to hand in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.people.lists import HEADS, SECTION_COLUMNS, UNIT_COLUMNS
from kaoping.core.workflow.questions import is_over
from kaoping.core.workflow.things import Duty, Person, Section, Unit
from kaoping.core.workflow.vacancies import ROLE_NAMES
from kaoping.files.people import PEOPLE_SHEET, SECTIONS_SHEET, UNITS_SHEET, people_columns
from kaoping.files.xlsx import Column, PlainTable, tables_workbook
from kaoping.web.models import Account
from kaoping.web.queries.duties import DutiesWanted, duty_list, duty_matrix
from kaoping.web.queries.people import account_shown, house_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kaoping.core.workflow.state import State
    from kaoping.files.blobs import Blobs
    from kaoping.web.viewer import Viewer


def people_workbook(viewer: Viewer, now: datetime) -> bytes:
    """All persons and their duties, in the columns in which a list is handed in.

    Staff numbers are kept nowhere, so that column is empty: who has an account is known by it.
    """
    accounts = {one.person: one for one in Account.objects.all()}
    logins = {person: one.login for person, one in accounts.items()}
    note = _("工号不保存，导出为空；有账号的人可凭账号再次导入，没有账号的须补填工号。")
    rows = [row for one in viewer.state.every(Person) for row in _rows(viewer, one, logins)]
    rows.sort(key=lambda row: (*row[3:5], *row[:3]))  # by unit and section
    standing = [
        (logins.get(one.id, ""), one.name, str(account_shown(accounts.get(one.id), now).word))
        for one in viewer.state.every(Person)
    ]
    columns = (Column(_("账号"), 16), Column(_("姓名"), 16), Column(_("账号状态"), 20))
    return tables_workbook(
        _("人员和职责"),
        [
            PlainTable(PEOPLE_SHEET, note, people_columns(), rows),
            *_houses(viewer.state),
            PlainTable(_("账号"), "", columns, sorted(standing)),
        ],
    )


def _rows(viewer: Viewer, person: Person, logins: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """A row for each duty that holds or is to come; one row where there is none."""
    state = viewer.state
    section, unit = state.find(Section, person.section), state.find(Unit, person.unit)
    who = (
        person.name,
        "",
        logins.get(person.id, ""),
        unit.code if unit else "",
        section.code if section else "",
    )
    duties = [state.get(Duty, one) for one in person.duties]
    present = [d for d in duties if d.ended_on is None and not is_over(d, viewer.day)]
    if not present:
        yield (*who, "", "", "", "", "")
    for duty in present:
        yield (
            *who,
            ROLE_NAMES[duty.role],
            duty.indicator or "",
            duty.from_date.isoformat(),
            duty.until_date.isoformat() if duty.until_date else "",
            logins.get(duty.on_behalf_of or "", ""),
        )


def _houses(state: State) -> tuple[PlainTable, PlainTable]:
    codes = {unit.id: unit.code for unit in state.every(Unit)}
    units = sorted((one.code, one.name) for one in state.every(Unit))
    sections = sorted(
        (one.code, one.name, codes.get(one.unit or "", "")) for one in state.every(Section)
    )
    of_units, of_sections = (
        tuple(Column(_name_head(one), 14 if one == "code" else 30) for one in columns)
        for columns in (UNIT_COLUMNS, SECTION_COLUMNS)
    )
    return (
        PlainTable(UNITS_SHEET, "", of_units, units),
        PlainTable(SECTIONS_SHEET, "", of_sections, sections),
    )


def _name_head(column: str) -> str:
    return "名称" if column == "name" else HEADS[column]


def units_workbook(viewer: Viewer) -> bytes:
    """Units and sections with how many persons belong to them."""
    heads = (
        Column(_("单位编号"), 14),
        Column(_("单位"), 30),
        Column(_("科室编号"), 14),
        Column(_("科室"), 24),
        Column(_("人数"), 8),
    )
    rows = []
    for unit in house_rows(viewer):
        rows.append((unit.code, unit.name, "", "", str(unit.persons)))
        rows += [(unit.code, unit.name, s.code, s.name, str(s.persons)) for s in unit.sections]
    return tables_workbook(_("单位与科室"), [PlainTable(_("单位与科室"), "", heads, rows)])


def duties_workbook(viewer: Viewer, blobs: Blobs) -> bytes:
    """All duties, the matrix of indicators, and what is vacant.

    Raises:
        TamperError: where the scheme's document is not as it was published.
    """
    return tables_workbook(
        _("职责"),
        [
            _duty_table(viewer),
            _matrix_table(viewer, blobs),
            PlainTable(
                _("空缺"),
                _("空缺补齐后才能启动考评。"),
                (Column(_("单位或科室"), 30), Column(_("角色"), 14), Column(_("指标"), 40)),
                [
                    (one.name, ROLE_NAMES[one.role], "、".join(one.indicators) or _("全部"))
                    for one in duty_matrix(viewer, blobs).vacancies
                ],
            ),
        ],
    )


def _duty_table(viewer: Viewer) -> PlainTable:
    heads = (
        (_("姓名"), 14),
        (_("角色"), 14),
        (_("单位或科室"), 26),
        (_("指标"), 8),
        (_("自"), 12),
        (_("至"), 12),
        (_("代理"), 14),
        (_("状态"), 12),
    )
    rows = [
        (
            one.name,
            one.role,
            one.house,
            one.indicator or _("全部"),
            one.from_date.isoformat(),
            one.until_date.isoformat() if one.until_date else _("长期"),
            one.principal,
            str(one.standing.word),
        )
        for one in duty_list(viewer, DutiesWanted(with_past=True))
    ]
    return PlainTable(_("职责"), "", tuple(Column(*one) for one in heads), rows)


def _matrix_table(viewer: Viewer, blobs: Blobs) -> PlainTable:
    heads = ((_("指标"), 8), (_("名称"), 36), (_("科室"), 20), (_("角色"), 14), (_("人员"), 40))
    rows = [
        (row.code, row.name, name, seat.role_word, "、".join(one.name for one in seat.holders))
        for row in duty_matrix(viewer, blobs).rows
        for name, _is_responsible, seats in row.sections
        for seat in seats
    ]
    return PlainTable(_("按指标"), "", tuple(Column(*one) for one in heads), rows)
