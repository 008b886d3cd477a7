"""现场核验方案: what is verified on site, why, how, where, by whom, and by which standards (P15).

What is not decided yet is a place to write or a box to tick, so that the same paper serves for deciding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly
from kaoping.core.draw.records import Certificate
from kaoping.core.report.assessed import basis_of, indicator_label
from kaoping.core.report.document import (
    DRAFT_MARK,
    Align,
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Part,
    RowKind,
    TableBlock,
    TableRow,
    body_rows,
    chinese_day,
)
from kaoping.core.report.scoring_report import report_facts
from kaoping.core.report.verification import (
    MODE_NAMES,
    WRITTEN_DAY,
    mode_boxes,
    standards_of,
    tasks_to_verify,
)
from kaoping.core.rules import all_inputs, all_lines
from kaoping.core.scheme import StepKind
from kaoping.core.scoring.tasks import input_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.draw.records import DrawPlan, Stratum, StratumResult
    from kaoping.core.report.assessed import Assessed
    from kaoping.core.report.verification import Team, Verification
    from kaoping.core.scheme import Task

PLAN_NAME = "现场核验方案"
_SIGN, _WRITE, _TEAM = 14, 16, 18
_TICKET_SHOWN = 16
"""Hex digits of a ticket in a table; the certificate has them all."""
_FEW_UNITS = 3


@exactly
def build_verification_plan(assessed: Assessed, verifications: Sequence[Verification]) -> Document:
    """The plan for the whole assessment.

    Args:
        assessed: the whole assessment.
        verifications: what is decided, or to be decided, about each indicator; none where nothing is verified.
    """
    scheme = assessed.scheme
    chapters = (
        ("一、核验目的和依据", _purpose(assessed)),
        ("二、核验范围和方式", _scope(assessed, verifications)),
        ("三、核验工作组", _teams(assessed, verifications)),
        ("四、核验标准", _standards(assessed, verifications)),
        ("五、工作要求和纪律", _discipline()),
        ("六、审批", _approval()),
    )
    blocks: list[Block] = []
    for heading, written in chapters:
        blocks += [Heading(1, heading), *written]
    return Document(
        issuer=scheme.issuer,
        title=f"{scheme.year}年度绩效考评指标{PLAN_NAME}",
        mark=DRAFT_MARK,
        facts=report_facts(assessed),
        parts=(Part(tuple(blocks)),),
        made_at=assessed.made_at,
    )


# --- why, what and how -----------------------------------------------------------------------------


def _purpose(assessed: Assessed) -> Iterator[Block]:
    scheme = assessed.scheme
    cutoff = chinese_day(scheme.data_cutoff)
    until = f"（截至{cutoff}）" if cutoff else ""
    yield Paragraph(
        f"根据{basis_of(scheme)}，对被考评单位{scheme.year}年度上报的数据和佐证材料{until}进行现场核验，"
        "核对数据是否真实、有效、准确，形成指标评分意见，作为评分的依据。"
    )
    step = scheme.step_of(StepKind.VERIFY)
    start = chinese_day(step.start) if step else ""
    due = chinese_day(step.due) if step else ""
    if start and due:
        yield Paragraph(f"核验时间：{start}至{due}。各单位的具体时间由核验工作组另行通知。")
    elif due:
        yield Paragraph(f"核验在{due}前完成。各单位的具体时间由核验工作组另行通知。")
    else:
        yield Paragraph("方案没有规定核验时限。核验时间：＿＿＿＿＿＿＿＿至＿＿＿＿＿＿＿＿。")


def _scope(assessed: Assessed, found: Sequence[Verification]) -> Iterator[Block]:
    needed = [one for one in found if one.needed is not False]
    yield Paragraph(_scope_sentence(assessed, needed))
    if needed:
        yield _scope_table(assessed, needed)
    for one in found:
        if one.needed is False:
            name = assessed.scheme.indicator_by_id[one.indicator].name
            reason = f"理由：{one.reason.rstrip('。')}" if one.reason else "理由：＿＿＿＿＿＿＿＿"
            yield Paragraph(f"“{name}”经责任科室决定不进行现场核验，{reason}。")
    for one in needed:
        if one.draw is not None:
            yield from _draw(assessed, one)


def _scope_sentence(assessed: Assessed, needed: Sequence[Verification]) -> str:
    if not needed:
        return (
            "本次没有列入现场核验的指标。责任科室认为需要核验的，写明指标、单位、方式和理由，"
            "按程序报批后补入本方案。"
        )
    units = {unit for one in needed for unit in one.units}
    where = f"涉及被考评单位{len(units)}个" if units else "被核验单位待定"
    open_ones = any(one.mode is None for one in needed)
    decide = (
        "核验方式由责任科室逐项选定，写明理由；采用随机抽查的，先公布名单，再公开抽签。"
        if open_ones
        else ""
    )
    every = len(needed) == len(assessed.scheme.indicators)
    rest = "" if every else "其他指标没有列入现场核验，责任科室认为需要的，报批后补入。"
    return f"列入现场核验的指标{len(needed)}项，{where}。{decide}{rest}"


def _scope_table(assessed: Assessed, needed: Sequence[Verification]) -> TableBlock:
    columns = (
        Column("指标和责任科室", 5, titles=True),
        Column("核验的任务", 5),
        Column("方式", 4),
        Column("被核验单位", 7),
        Column("理由", 5),
    )
    rows = body_rows((_scope_row(assessed, one) for one in needed), _WRITE)
    return TableBlock("核验范围和方式", columns, rows, form=True)


def _scope_row(assessed: Assessed, one: Verification) -> tuple[str, ...]:
    indicator = assessed.scheme.indicator_by_id[one.indicator]
    section = assessed.office_name(indicator.responsible_section)
    tasks = "\n".join(task.label for task in tasks_to_verify(indicator))
    mode = mode_boxes(None) if one.mode is None else MODE_NAMES[one.mode]
    names = "、".join(map(assessed.unit_name, one.units))
    units = f"{names}（共{len(one.units)}个）" if len(one.units) > _FEW_UNITS else names
    return f"{indicator.name}\n{section}", tasks, mode, units, one.reason


# --- the draw --------------------------------------------------------------------------------------


def _draw(assessed: Assessed, one: Verification) -> Iterator[Block]:
    """Where the list, the digits and the tickets of a draw are found again."""
    draw = one.draw
    if draw is None:
        return
    plan = draw.plan if isinstance(draw, Certificate) else draw
    name = assessed.scheme.indicator_by_id[one.indicator].name
    digest = draw.plan_sha256 if isinstance(draw, Certificate) else plan.digest
    yield Heading(2, f"“{name}”的随机抽查")
    yield Paragraph(
        f"抽查方案在抽签前公布，摘要为{digest[:_TICKET_SHOWN]}（前{_TICKET_SHOWN}位）。"
        f"{_source(plan)}{_sizes(plan)}{_rolled(draw)}"
    )
    if isinstance(draw, Certificate):
        yield _drawn(assessed, draw)
    if plan.must_check:
        columns = (Column("必查单位", 4), Column("理由", 8))
        rows = body_rows((assessed.unit_name(must.id), must.reason) for must in plan.must_check)
        yield TableBlock("必查单位（不参加抽签）", columns, rows)


def _drawn(assessed: Assessed, draw: Certificate) -> TableBlock:
    pairs = zip(draw.plan.strata, draw.results, strict=True)
    rows = tuple(row for pair in pairs for row in _drawn_rows(assessed, *pair))
    columns = (
        Column("结果", 2, Align.CENTRE),
        Column("单位", 7),
        Column(f"抽签号（前{_TICKET_SHOWN}位）", 5),
    )
    note = "抽签号由小到大排列，号最小的抽中；完整的抽签号和复算办法见公开抽签结果确认书。"
    return TableBlock("抽签结果", columns, rows, note)


def _source(plan: DrawPlan) -> str:
    return f"抽签数字的产生：{plan.source.rstrip('。')}。" if plan.source else ""


def _sizes(plan: DrawPlan) -> str:
    return "".join(
        f"{stratum.name}名单{len(stratum.population)}个，抽取{stratum.sample_size}个"
        f"{f'，备选{stratum.reserve_size}个' if stratum.reserve_size else '，不设备选'}。"
        for stratum in plan.strata
    )


def _rolled(draw: DrawPlan | Certificate) -> str:
    if not isinstance(draw, Certificate):
        return "尚未抽签。"
    return f"抽签数字为{draw.digits}，确认书摘要为{draw.digest[:_TICKET_SHOWN]}（前{_TICKET_SHOWN}位）。"


def _drawn_rows(assessed: Assessed, stratum: Stratum, result: StratumResult) -> Iterator[TableRow]:
    yield TableRow((stratum.name,), RowKind.GROUP)
    for said, tickets in (("抽中", result.sample), ("备选", result.reserve)):
        for number, one in enumerate(tickets, 1):
            label = said if said == "抽中" else f"{said}{number}"
            yield TableRow((label, assessed.unit_name(one.id), one.ticket[:_TICKET_SHOWN]))


# --- who -------------------------------------------------------------------------------------------


def _teams(assessed: Assessed, found: Sequence[Verification]) -> Iterator[Block]:
    yield Paragraph(
        "每个工作组不少于2人，成员不得是被核验单位的人员；与被核验单位有利害关系的，应当申报并回避。"
        "采用随机抽查的，核验人员也可以从名册中抽签产生。"
    )
    needed = [one for one in found if one.needed is not False]
    if not needed:
        return
    columns = (
        Column("指标", 5),
        Column("被核验单位", 5),
        Column("核验人员（单位、科室）", 8),
        Column("回避情况", 4),
        Column("时间", 4),
    )
    rows = [row for one in needed for row in _team_rows(assessed, one)]
    yield TableBlock("工作组人员", columns, body_rows(rows, _TEAM), form=True)


def _team_rows(assessed: Assessed, one: Verification) -> Iterator[tuple[str, ...]]:
    name = assessed.scheme.indicator_by_id[one.indicator].name
    for team in one.teams:
        yield name, assessed.unit_name(team.unit), *_team_cells(team)
    formed = {team.unit for team in one.teams}
    if not one.teams or set(one.units) - formed:
        waiting = "" if not one.teams else f"其余{len(set(one.units) - formed)}个单位"
        yield name, waiting, "1．\n2．", "", ""


def _team_cells(team: Team) -> tuple[str, str, str]:
    people = "\n".join(
        f"{number}．{one.name}{f'（{one.office}）' if one.office else ''}"
        for number, one in enumerate(team.members, 1)
    )
    recusal = "\n".join(f"{one.name}：{one.recusal}" for one in team.members if one.recusal)
    return people, recusal, team.visit


# --- by which standards ----------------------------------------------------------------------------


def _standards(assessed: Assessed, found: Sequence[Verification]) -> Iterator[Block]:
    columns = (
        Column("任务", 5),
        Column("核验标准", 9),
        Column("核对的数值", 5),
        Column("查看的材料", 6),
    )
    rows: list[TableRow] = []
    lacking = []
    for one in found:
        if one.needed is False:
            continue
        indicator = assessed.scheme.indicator_by_id[one.indicator]
        tasks = tasks_to_verify(indicator)
        if not tasks:
            lacking.append(f"“{indicator.name}”")
            continue
        rows.append(TableRow((indicator_label(indicator),), RowKind.GROUP))
        rows += body_rows(map(_standard_row, tasks))
    if rows:
        yield TableBlock("各项任务的核验标准", columns, tuple(rows))
    else:
        yield Paragraph(
            "方案没有规定核验标准。需要核验的，由责任科室先拟定核验标准，随本方案报批。"
        )
    if rows and lacking:
        yield Paragraph(f"{'、'.join(lacking)}没有核验标准，由责任科室拟定后随本方案报批。")


def _standard_row(task: Task) -> tuple[str, ...]:
    items = standards_of(task)
    standard = "\n".join(
        f"{number}．{text}" if len(items) > 1 else text for number, text in enumerate(items, 1)
    )
    return task.label, standard, _values_of(task), "\n".join(item.name for item in task.catalogue)


def _values_of(task: Task) -> str:
    """What is measured, with its unit of measure: 到位资金（亿元）."""
    if task.rule is None:
        return ""
    lines = []
    for name in (*all_inputs(task.rule), *all_lines(task.rule)):
        measure = task.form(name).unit_of_measure
        lines.append(f"{input_label(name) or '完成数'}{f'（{measure}）' if measure else ''}")
    return "\n".join(lines)


# --- how to behave, and who approves ---------------------------------------------------------------

DISCIPLINE = (
    "核验工作组按核验标准逐项核对，查看原始材料和现场，如实填写核验记录；上报值、核验值和差额分别记录，互不覆盖。",
    "严禁擅自修改、隐瞒或销毁考评资料，严禁人为改变考评结果；不得以个人名义对核验结果作出承诺。",
    "任何人不得核验本单位；有利害关系或者其他可能影响公正情形的，应当主动回避。",
    "严格执行廉洁纪律和中央八项规定精神，不得接受被核验单位的宴请、礼品和与核验无关的安排。",
    "只看已经上报的材料和与核验有关的现场、原始凭证，不要求被核验单位另写汇报、重复报送材料。",
    "核验中知悉的国家秘密、工作秘密、商业秘密和个人信息应当保密；核验结果审定前不得对外透露。",
)
"""What a team keeps to."""


def _discipline() -> Iterator[Block]:
    for number, text in enumerate(DISCIPLINE, 1):
        yield Paragraph(f"{number}．{text}")


def _approval() -> Iterator[Block]:
    columns = (
        Column("环节", 4),
        Column("意见", 7),
        Column("签字", 5),
        Column("日期", 5, Align.CENTRE),
    )
    stages = ("拟制（责任科室）", "审核（汇总科室）", "批准（责任领导）")
    rows = ((stage, "", "", WRITTEN_DAY) for stage in stages)
    yield TableBlock("审批意见和签字", columns, body_rows(rows, _SIGN), form=True)
