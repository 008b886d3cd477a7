"""Duties told in a table: a column for the indicator, others for who answers for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import DITTO, OFFICES, PEOPLE, Role, cells_of, role_of
from kaoping.core.notice.duties import holds_reach, read_reach, read_value
from kaoping.core.notice.gathered import Gathered

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kaoping.core.notice.passage import Passage


def duty_head(line: Passage) -> list[Role | None]:
    """The roles of a table's columns, [] where the line is no head of a duty table."""
    heads = [line.text[slice(*span)].strip() for span in cells_of(line)]
    roles = [Role.POINTS if _POINTS_HEAD.fullmatch(head) else role_of(head) for head in heads]
    answering = {role for role in roles if role} & (PEOPLE | OFFICES)
    if any(map(_OF_STEPS.search, heads)):
        return []
    _part_helpers(heads, roles)
    _keep_one_name_column(heads, roles)
    named = Role.INDICATOR in roles or _name_column(heads, roles)
    if named and not {Role.SECTION, Role.LEAD} & set(roles):
        answering |= _mark_section(heads, roles)
    if named and (answering or Role.POINTS in roles):
        return roles
    return roles if _is_contact_head(heads, roles) else []


def _part_helpers(heads: Sequence[str], roles: list[Role | None]) -> None:
    """Of two columns of helpers the one headed 部门 is the body's own: 协助部门, 外部协助单位."""
    helping = [n for n, role in enumerate(roles) if role is Role.COOPERATING_UNIT]
    own = [n for n in helping if heads[n].endswith("部门")]
    if len(helping) > 1 and len(own) == 1:
        roles[own[0]] = Role.COOPERATING_SECTION


def _keep_one_name_column(heads: Sequence[str], roles: list[Role | None]) -> None:
    """Of several columns of names keep the last that is headed 指标: the others are groups."""
    named = [number for number, role in enumerate(roles) if role is Role.INDICATOR]
    kept = [number for number in named if "指标" in heads[number]] or named
    for number in named:
        if number != kept[-1]:
            roles[number] = None


def names_indicators(line: Passage) -> bool:
    """Whether a table's head has a column that names the indicators."""
    return Role.INDICATOR in duty_head(line)


def _is_contact_head(heads: Sequence[str], roles: list[Role | None]) -> bool:
    """Whether a head is that of a table of contacts by section; marks the column of the section."""
    reached = {role for role in roles if role} & {*PEOPLE, Role.TELEPHONE, Role.MAILBOX}
    reached |= {Role.LIAISON for head in heads if _NAME_HEAD.fullmatch(head)}
    if len(reached) < _FEWEST_OF_CONTACTS or any(map(_OF_TIME.search, heads)):
        return False
    for number, head in enumerate(heads):
        if roles[number] is None and Role.LIAISON not in roles and _NAME_HEAD.fullmatch(head):
            roles[number] = Role.LIAISON
    return any(role in OFFICES for role in roles) or bool(_mark_section(heads, roles))


def _mark_section(heads: Sequence[str], roles: list[Role | None]) -> set[Role]:
    """Mark the column headed 科室 alone as that of the section that answers."""
    for number, head in enumerate(heads):
        if roles[number] is None and _SECTION_HEAD.fullmatch(head):
            roles[number] = Role.SECTION
            return {Role.SECTION}
    return set()


def _roles_of_row(line: Passage, roles: Sequence[Role | None]) -> Sequence[Role | None]:
    """The columns' roles, the names' being what a cell of the row says: 身份 beside 姓名.

    Who handles a matter is its liaison where no column names one.
    """
    if Role.LIAISON not in roles:
        roles = [Role.LIAISON if role is Role.HANDLER else role for role in roles]
    told = [role_of(line.text[slice(*span)].strip()) for span in cells_of(line)]
    kinds = [role for role in told if role in PEOPLE]
    if len(kinds) != 1 or Role.LIAISON not in roles:
        return roles
    return [kinds[0] if role is Role.LIAISON else role for role in roles]


_POINTS_HEAD = re.compile(r"权重 ?\( ?分 ?\)|分 ?数|满分值?|标准分值?|计分")
_FEWEST_OF_CONTACTS = 2
_OF_STEPS = re.compile("环节|步骤|阶段|流程|程序|工作内容")
"""Heads of a table of steps, which names sections as well."""
_OF_TIME = re.compile("时间|时限|环节|步骤|阶段|流程|程序|期限")
_NAME_HEAD = re.compile(r"姓 *名|人员(?:姓名)?|工作人员|经办人员?")
_SECTION_HEAD = re.compile(
    r"(?:内设)?(?:科室|处室|股室|机构|部门|单位)(?:名称)?|(?:业务)?[科处股]室?别?"
)


_NAME_HEADS = [
    re.compile(pattern)
    for pattern in (
        r"三级指标(?:名称)?",
        r"二级指标(?:名称)?",
        r"一级指标(?:名称)?",
        r"(?:考核|考评|评价|评估|评议|测评|评定|绩效)(?:内容|事项|任务|要素|要点|工作)(?:名称)?",
        r"(?:重点|目标|工作|主要)?(?:任务|事项|项目)(?:名称)?",
    )
]
"""Heads of the column that names what is assessed, the lowest level first."""


def _name_column(heads: Sequence[str], roles: list[Role | None]) -> bool:
    """Mark the column that names the indicators where none is headed 指标 alone."""
    for pattern in _NAME_HEADS:
        for number, head in enumerate(heads):
            if pattern.fullmatch(re.sub(r"\([^()]*\)|\s", "", head)):
                roles[number] = Role.INDICATOR
                return True
    return False


_TOTAL = re.compile(r"\s*(?:合计|总计|小计|总分|共计)\s*")


def is_total_row(line: Passage) -> bool:
    """Whether a row only sums up what stands above it."""
    words = [line.text[slice(*span)].strip() for span in cells_of(line)]
    first = next((word for word in words if word), "")
    return bool(_TOTAL.fullmatch(first))


def read_row(line: Passage, roles: Sequence[Role | None], above: Gathered | None) -> Gathered:
    """One row of a duty table; 同上 repeats what the row above says in that column.

    So does an empty cell below who leads or answers, where cells of several rows were one.
    """
    gathered = Gathered(
        line, parted={Role.COOPERATING_SECTION, Role.COOPERATING_UNIT} <= set(roles)
    )
    read_reach(gathered)
    for role, (start, end) in zip(_roles_of_row(line, roles), cells_of(line), strict=False):
        words = line.text[start:end]
        if DITTO.fullmatch(words):
            if role and not (above and _repeat(gathered, above, role, roles)):
                gathered.missed.append((start, end))
        elif role and not words.strip() and above and _was_merged(role, gathered, above, roles):
            _repeat(gathered, above, role, roles)
        elif role and words.strip(" -—/无") and not read_cell(gathered, role, start, end):
            gathered.missed.append((start, end))
        gathered.use(start, end)
    return gathered


_MERGED = frozenset({Role.LEAD, Role.SECTION, Role.LEADER})


def _was_merged(
    role: Role, gathered: Gathered, above: Gathered, columns: Collection[Role | None]
) -> bool:
    """Whether an empty cell may have been one with the cell above it.

    A section always answers, so its empty cell was merged, and with it the cells of its people.
    In a table without sections an empty cell of people is empty.
    """
    section = gathered.of(Role.SECTION)
    unsaid = not section and Role.SECTION in columns
    same = unsaid or bool(section and section == above.of(Role.SECTION))
    return role in _MERGED or (same and role in {*PEOPLE, Role.TELEPHONE, Role.MAILBOX})


def read_cell(gathered: Gathered, role: Role, start: int, end: int) -> bool:
    """Whether a cell's value was understood; what reaches somebody is read beforehand."""
    if role in (Role.TELEPHONE, Role.MAILBOX):
        return holds_reach(gathered.passage.text[start:end])
    return bool(read_value(gathered, role, start, end, colon=True))


_FAMILIES = (
    frozenset({Role.LEAD, Role.SECTION}),
    frozenset({Role.COOPERATING_SECTION, Role.COOPERATING_UNIT}),
)
"""Roles that one column may hold, as an office's form decides which of them it has."""


def _repeat(
    gathered: Gathered, above: Gathered, role: Role, columns: Collection[Role | None]
) -> bool:
    """Take over a column's values from the row above; whether there were any."""
    roles = {role}
    for family in _FAMILIES:
        roles |= {other for other in family if role in family and other not in columns}
    if role in PEOPLE and Role.TELEPHONE not in columns and not gathered.of(Role.TELEPHONE):
        roles.add(Role.TELEPHONE)
    for each in roles:
        gathered.values[each] = list(above.of(each))
    return any(above.of(each) for each in roles)
