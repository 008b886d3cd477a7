"""人员名单 as a workbook or csv file: its tables read, its empty form written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.people.lists import HEADS, PEOPLE_COLUMNS
from kaoping.core.workflow.vacancies import ROLE_NAMES
from kaoping.files.tables import read_sheets
from kaoping.files.xlsx import Column, PlainTable, tables_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kaoping.files.tables import Sheets

PEOPLE, SECTIONS, UNITS = "people", "sections", "units"
"""The kinds of tables in a list."""
PEOPLE_SHEET, SECTIONS_SHEET, UNITS_SHEET = "人员", "科室", "单位"
_KINDS: Mapping[str, Sequence[str]] = {
    PEOPLE: ("name", "role"),
    SECTIONS: ("code", "name", "unit"),
    UNITS: ("code", "name"),
}
_WORDS: Mapping[str, str] = {
    **{head: column for column, head in HEADS.items()},
    "单位编号": "code",
    "科室编号": "code",
    "单位名称": "name",
    "科室名称": "name",
    "所属单位": "unit",
    "职工号": "staff_number",
    "登录账号": "login",
    "起": "from_date",
    "起始日期": "from_date",
    "止": "until_date",
    "截止日期": "until_date",
    "代理谁": "on_behalf_of",
    "被代理人": "on_behalf_of",
}
_WIDTHS: Mapping[str, int] = {"unit": 22, "section": 18, "indicator": 8, "role": 14}
_BLANK_ROWS = 300
_NOTE = "每行一人一职责；同一人有几项职责就写几行，姓名、工号、账号相同。日期写成 2024-10-08。"
_EXPLAINED = (
    ("工号", "必填。只用于识别同一个人，不以明文保存；已登记的人可以只填账号"),
    ("账号", "登录用，如姓名拼音；空着就只登记人员，不开账号。不能与工号相同"),
    ("单位、科室", "写编号或名称。联络员、单位负责人填单位；经办人、部门负责人填科室；领导、监督员、核验人员可空"),
    ("角色", "、".join(ROLE_NAMES.values()) + "；空着就只登记人员"),
    ("指标", "空着表示全部指标；只负责某一项的写指标编号，如 1"),
    ("自、至", "职责的第一天和最后一天；至空着表示长期"),
    ("代理", "代理职责（AB岗）写被代理人的工号或账号，并写明“至”"),
)  # fmt: skip


def read_people(content: bytes, name: str) -> Sheets:
    """The tables of a list by their kind.

    Raises:
        InputError: where the file is empty, broken, unsafe, or holds no such table.
    """
    return read_sheets(content, name, _KINDS, _WORDS)


def people_columns() -> tuple[Column, ...]:
    """The columns of persons and duties, as forms and exports have them."""
    choices = tuple(ROLE_NAMES.values())
    return tuple(
        Column(HEADS[one], _WIDTHS.get(one, 12), choices if one == "role" else ())
        for one in PEOPLE_COLUMNS
    )


def blank_form() -> bytes:
    """The empty form to fill in: persons, units, sections, and what each column means."""
    code, name = Column("编号", 14), Column("名称", 30)
    return tables_workbook(
        "人员名单",
        [
            PlainTable(PEOPLE_SHEET, _NOTE, people_columns(), (), _BLANK_ROWS),
            PlainTable(UNITS_SHEET, "已登记的不必再写。", (code, name), (), _BLANK_ROWS),
            PlainTable(
                SECTIONS_SHEET,
                "已登记的不必再写；单位写编号或名称。",
                (code, name, Column("单位", 30)),
                (),
                _BLANK_ROWS,
            ),
            PlainTable("说明", "", (Column("列", 14), Column("怎么填", 80)), _EXPLAINED),
        ],
    )
