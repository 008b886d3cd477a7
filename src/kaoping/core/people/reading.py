"""The rows of a list of people: what each says, and everything wrong with how it says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from kaoping.core.acts.setting_up import Role
from kaoping.core.canonical import parse_date
from kaoping.core.people.lists import (
    HEADS,
    LOGIN_MARK,
    PEOPLE_COLUMNS,
    SECTION_COLUMNS,
    UNIT_COLUMNS,
    House,
    Line,
)
from kaoping.core.problems import Problem
from kaoping.core.results import BEYOND_COLUMNS
from kaoping.core.workflow.vacancies import ROLE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from kaoping.core.results import Row

MOST_ROWS = 20_000
_LOGIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._-]{1,49}")
_ROLES: Mapping[str, Role] = {
    **{role.value: role for role in Role},
    **{name: role for role, name in ROLE_NAMES.items()},
    "联系人": Role.LIAISON,
    "责任人": Role.HANDLER,
    "科室负责人": Role.SECTION_HEAD,
    "分管领导": Role.RESPONSIBLE_LEADER,
}
"""Whatever a list may call a role."""


class TableOfRows(Protocol):
    """A table as `files.tables` reads it."""

    @property
    def name(self) -> str:
        """Of the file and sheet, as places begin."""

    @property
    def columns(self) -> tuple[str, ...]:
        """By their names in `HEADS`."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Below the heading."""


def read_houses(
    table: TableOfRows | None, *, is_section: bool
) -> tuple[tuple[House, ...], list[Problem]]:
    """The rows of a table of units or of sections.

    Returns:
        The rows that can be read, and every problem of the others.
    """
    if table is None:
        return (), []
    wanted = SECTION_COLUMNS if is_section else UNIT_COLUMNS
    problems = _column_problems(table, wanted, wanted)
    houses = []
    for row in table.rows:
        cells = _Cells(row, problems)
        code, name = cells.needed("code"), cells.needed("name")
        unit = cells.needed("unit") if is_section else ""
        if cells.is_sound:
            houses.append(House(row.place, code, name, unit, (), is_section))
    return tuple(houses), problems


def read_lines(
    table: TableOfRows | None, digest: Callable[[str], str], logins: Iterable[str]
) -> tuple[tuple[Line, ...], list[Problem]]:
    """The rows of people.

    Args:
        table: none: a list of houses only.
        digest: what is kept of a staff number.
        logins: of the accounts that there are; 代理 may name one instead of a staff number.

    Returns:
        The rows that can be read, and every problem of the others.
    """
    if table is None:
        return (), []
    problems = _column_problems(table, PEOPLE_COLUMNS, ("name", "role"))
    if len(table.rows) > MOST_ROWS:
        said = f"超过 {MOST_ROWS} 行"
        return (), [Problem("TABLE-UNREADABLE", table.name, said, "请按单位分成几个文件")]
    known = {*logins, *(row.cells.get("login", "").strip() for row in table.rows)} - {""}
    lines = [
        line for row in table.rows if (line := _read_line(_Cells(row, problems), digest, known))
    ]
    return tuple(lines), problems


def _read_line(cells: _Cells, digest: Callable[[str], str], logins: set[str]) -> Line | None:
    name, login, number = cells.needed("name"), cells.text("login"), cells.text("staff_number")
    role, days = cells.role(), (cells.day("from_date"), cells.day("until_date"))
    _check_login(cells, login, number)
    if not number and not login:
        cells.problem(
            "CELL-EMPTY", "staff_number", "工号不能为空", "请补填；已登记的人可以只填账号"
        )
    if role is not None and days[0] is None and not cells.text("from_date"):
        cells.problem("CELL-EMPTY", "from_date", "有角色就应写明自哪天起", "请补填，如 2024-10-08")
    if days[0] and days[1] and days[1] < days[0]:
        cells.problem("DATE-INVALID", "until_date", "止日早于起日", "请核对自、至两列")
    other = cells.text("on_behalf_of")
    if not cells.is_sound:
        return None
    return Line(
        cells.row.place,
        name,
        digest(number) if number else LOGIN_MARK + login,
        login,
        cells.text("unit"),
        cells.text("section"),
        role,
        cells.text("indicator"),
        *days,
        (LOGIN_MARK + other if other in logins else digest(other)) if other else "",
    )


def _check_login(cells: _Cells, login: str, number: str) -> None:
    if login and login == number:
        hint = "工号不以明文保存，请另取一个账号，如姓名拼音"
        cells.problem("LOGIN-INVALID", "login", "账号与工号相同", hint)
    elif login and not is_login(login, number):
        hint = "账号用 2 到 50 个字母、数字、汉字或 . _ -，不留空格"
        cells.problem("LOGIN-INVALID", "login", f"“{login[:40]}”不能作账号", hint)


def is_login(login: str, number: str) -> bool:
    """Whether a text may be an account: of its form, and not the staff number itself."""
    return bool(_LOGIN.fullmatch(login)) and login != number


class _Cells:
    """One row being read: cells by column, problems placed by row and heading."""

    def __init__(self, row: Row, problems: list[Problem]) -> None:
        self.row = row
        self._problems = problems
        self._before = len(problems)
        beyond = row.cells.get(BEYOND_COLUMNS)
        if beyond:
            hint = "请删去，或加表头"
            self.problem("COLUMN-UNKNOWN", "", f"表头之外还有内容“{beyond[:40]}”", hint)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was wrong with this row so far."""
        return len(self._problems) == self._before

    def problem(self, code: str, column: str, message: str, suggestion: str) -> None:
        """Note a problem of one cell."""
        where = f"{self.row.place} {HEADS.get(column, '')}".strip()
        self._problems.append(Problem(code, where, message, suggestion))

    def text(self, column: str) -> str:
        """A cell as text."""
        return self.row.cells.get(column, "").strip()

    def needed(self, column: str) -> str:
        """A cell that must not be empty."""
        value = self.text(column)
        if not value:
            self.problem("CELL-EMPTY", column, f"{HEADS[column]}不能为空", "请补填")
        return value

    def role(self) -> Role | None:
        """The role; none where the cell is empty."""
        word = self.text("role")
        role = _ROLES.get(word)
        if word and role is None:
            hint = f"请用其中之一：{'、'.join(ROLE_NAMES.values())}"
            self.problem("ROLE-UNKNOWN", "role", f"没有角色“{word[:40]}”", hint)
        return role

    def day(self, column: str) -> date | None:
        """A cell as a day; none where it is empty."""
        text = self.text(column)
        day = parse_date(text.replace("/", "-"))
        if text and day is None:
            self.problem("DATE-INVALID", column, f"“{text[:40]}”不是日期", "请写成 2024-10-08")
        return day


def _column_problems(
    table: TableOfRows, wanted: Sequence[str], needed: Sequence[str]
) -> list[Problem]:
    listed = "、".join(HEADS[name] for name in wanted)
    problems = [
        Problem("COLUMN-MISSING", table.name, f"缺少列“{HEADS[one]}”", f"应有的列：{listed}")
        for one in needed
        if one not in table.columns
    ]
    problems += [
        Problem("COLUMN-UNKNOWN", table.name, f"不认识的列“{one[:40]}”", f"可用的列：{listed}")
        for one in table.columns
        if one not in wanted
    ]
    return problems + [
        Problem("ROW-DUPLICATE", table.name, f"列“{HEADS[one]}”出现多次", "请只留一列")
        for one in wanted
        if table.columns.count(one) > 1
    ]
