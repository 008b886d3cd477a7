"""现场核验记录: the paper a team takes along to a unit, blank or filled in (P15).

What was reported stands on it already, beside an empty place for what is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly
from kaoping.core.report.document import (
    DRAFT_MARK,
    Align,
    Block,
    Column,
    Document,
    Paragraph,
    TableBlock,
    TableRow,
    body_rows,
    chinese_moment,
    printed,
    ticked,
)
from kaoping.core.report.verification import (
    MODE_NAMES,
    WRITTEN_DAY,
    difference_text,
    mode_boxes,
    paper_of_unit,
    reported_text,
    signing_table,
    team_rows,
    value_name,
    verified_place,
    visit_places,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.report.verification import Measured, Photo, Visit
    from kaoping.core.scheme import Scheme

RECORD_NAME = "现场核验记录"
OPEN_MARK = "记录表，填写并签字后生效"
_SIGN, _WRITE, _SEE = 14, 16, 45
"""Millimetres of height: for a signature, for a sentence or two, for what was seen."""
_BLANK_ROWS = 2
"""Rows for what nobody foresaw."""
_UNWRITTEN_VISIT = f"{WRITTEN_DAY}\n　　时　　分至　　时　　分"
_DIGEST_SHOWN = 16


@exactly
def build_finding_record(assessed: Assessed, visits: Sequence[Visit]) -> Document:
    """The record of one unit, each indicator on pages of its own, to be signed by its team.

    Args:
        assessed: the whole assessment.
        visits: at least one, all of the same unit.
    """
    mark = OPEN_MARK if all(one.is_open for one in visits) else DRAFT_MARK
    return paper_of_unit(assessed, visits, RECORD_NAME, mark, _blocks)


def _blocks(assessed: Assessed, visit: Visit) -> Iterator[Block]:
    scheme = assessed.scheme
    if visit.is_open:
        yield Paragraph(
            "已经印好的数值不得涂改。核验值、差额和情况由核验人员当场填写，在□内打√；写错的划线更正，"
            "由核验人员在旁签名。没有的写“无”，不留空格。"
        )
    yield _occasion(visit)
    yield TableBlock("核验人员", _TEAM_COLUMNS, team_rows(visit.members), form=True)
    yield _values(scheme, visit)
    yield _standards(scheme, visit)
    yield _documents(visit)
    yield _seen(visit)
    yield _photos(visit)
    yield from _signatures(assessed, visit)


_TEAM_COLUMNS = (
    Column("序号", 2, Align.CENTRE),
    Column("姓名", 4),
    Column("单位、科室和职务", 8),
    Column("与被核验单位的利害关系", 7),
)


def _occasion(visit: Visit) -> TableBlock:
    columns = (Column("核验方式", 3), Column("核验时间", 5), Column("核验地点", 6))
    mode = mode_boxes(visit.mode) if visit.mode is None else MODE_NAMES[visit.mode]
    cells = (mode, visit.visited or _UNWRITTEN_VISIT, visit.place)
    return TableBlock("基本情况", columns, (TableRow(cells, room=_WRITE),), form=True)


def _values(scheme: Scheme, visit: Visit) -> TableBlock:
    """Reported beside verified; an open form has rows for what else is looked into."""
    columns = (
        Column("任务和数值", 6, titles=True),
        Column("上报值\n（登记值）", 3, Align.RIGHT),
        Column("核验值", 3, Align.RIGHT),
        Column("差额\n（核验−上报）", 3, Align.RIGHT),
        Column("差异原因和凭据", 5),
    )
    rows = [_value_row(scheme, one) for one in visit.measured]
    if visit.is_open:
        rows += [("",) * len(columns)] * _BLANK_ROWS
    note = "上报值、核验值分别保留，互不覆盖；“登记值”是责任科室登记的次数、件数。"
    return TableBlock("一、数值核对", columns, body_rows(rows), note, form=True)


def _value_row(scheme: Scheme, one: Measured) -> tuple[str, ...]:
    return (
        value_name(scheme, one),
        reported_text(scheme, one),
        verified_place(scheme, one),
        difference_text(scheme, one),
        printed(one.reason),
    )


def _standards(scheme: Scheme, visit: Visit) -> TableBlock:
    columns = (
        Column("任务", 4),
        Column("核验标准", 7),
        Column("结果", 3),
        Column("核验情况", 6),
    )
    rows = (
        (
            scheme.task_by_id[one.task].label,
            one.standard,
            f"{ticked('符合', is_so=one.met is True)}\n{ticked('不符合', is_so=one.met is False)}",
            printed(one.seen),
        )
        for one in visit.checked
    )
    note = "" if visit.checked else "方案没有为本指标规定核验标准，按完成标准核对上报的数值。"
    return TableBlock("二、按核验标准逐项核对", columns, body_rows(rows, _WRITE), note, form=True)


def _documents(visit: Visit) -> TableBlock:
    """Materials that were looked at; on an open form those to look at."""
    columns = (
        Column("序号", 2, Align.CENTRE),
        Column("材料名称", 7),
        Column("查看情况", 7),
        Column("备注", 3),
    )
    looked_at = "　".join(ticked(what, is_so=False) for what in ("原件", "复印件", "未提供"))
    names = list(visit.documents)
    if visit.is_open:
        names += [""] * _BLANK_ROWS
    state = looked_at if visit.is_open else ticked("已查看", is_so=True)
    rows = ((str(number), name, state, "") for number, name in enumerate(names, 1))
    return TableBlock("三、查看的材料", columns, body_rows(rows), form=True)


def _seen(visit: Visit) -> TableBlock:
    columns = (Column("现场看到的情况，被核验单位的说明", 1),)
    rows = (TableRow((printed(visit.seen),), room=_SEE if visit.is_open else 0),)
    return TableBlock("四、现场情况", columns, rows, form=True)


def _photos(visit: Visit) -> TableBlock:
    columns = (
        Column("序号", 2, Align.CENTRE),
        Column("拍摄时间", 5),
        Column("地点", 6),
        Column("内容", 6),
        Column("文件摘要\n（前16位）", 5),
    )
    rows = [_photo_row(number, photo) for number, photo in enumerate(visit.photos, 1)]
    if visit.is_open:
        rows += [(str(number), "", "", "", "") for number in range(1, _BLANK_ROWS + 1)]
    return TableBlock("五、照片", columns, body_rows(rows), form=True)


def _photo_row(number: int, photo: Photo) -> tuple[str, ...]:
    taken, digest = chinese_moment(photo.taken_at), photo.digest[:_DIGEST_SHOWN]
    return str(number), taken, photo.place, photo.about, digest


def _signatures(assessed: Assessed, visit: Visit) -> Iterator[Block]:
    """Two members of the team at least, the unit, and why it did not sign where it did not."""
    unit = assessed.unit_name(visit.unit)
    places = (*visit_places(visit.members), f"被核验单位代表\n{unit}")
    yield signing_table("六、签字确认", places, _SIGN)
    yield TableBlock(
        "七、异议和拒签说明",
        (Column("情况", 4), Column("说明", 13)),
        (
            TableRow(("被核验单位有异议的，写明理由", ""), room=_WRITE),
            TableRow(("拒绝签字的，由两名核验人员写明原因和时间", visit.refusal), room=_WRITE),
        ),
        form=True,
    )
